"""What an edit changed, for a person to read."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain.difference import difference, marked, shortened


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("HPE won a deal.", "HPE won a deal.", "HPE won a deal."),
        ("worth $1 billion", "worth $2 billion", "worth $[-1-]{+2+} billion"),
        ("HPE won", "HPE has won", "HPE {+has +}won"),
        ("HPE wins today", "A maker of servers wins today", "[-HPE-]{+A maker of servers+} wins today"),
        ("", "new", "{+new+}"),
        ("old", "", "[-old-]"),
        ("10億ドルの契約", "20億ドルの契約", "[-10-]{+20+}億ドルの契約"),
    ],
)
def test_words_that_changed_are_marked(old: str, new: str, shown: str) -> None:
    assert marked(difference(old, new)) == shown


texts = st.text("ab \n", max_size=40) | st.text(max_size=40)


@given(texts, texts)
@settings(max_examples=300)
def test_both_texts_can_be_put_together_again(old: str, new: str) -> None:
    changes = difference(old, new)
    assert "".join(change.text for change in changes if change.kind != "added") == old
    assert "".join(change.text for change in changes if change.kind != "removed") == new
    kinds = [change.kind for change in changes]
    assert all(one != other for one, other in pairwise(kinds))
    if old == new:
        assert set(kinds) <= {"same"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a b " * 50_000, "b a " * 50_000),
        ("".join(f"{n}\n" for n in range(40_000)), "".join(f"{n} x\n" for n in range(40_000))),
        ("\n".join(f"{n} " * 40 for n in range(800)), "\n".join(f"{n} " * 39 + "y" * (n % 2) for n in range(800))),
        ("x" * 200_000, "y" * 200_000),
        ("\n" * 200_000, "\r" * 199_999),
    ],
)  # fmt: skip
def test_texts_made_to_be_slow_come_out_right(old: str, new: str) -> None:
    """Without a bound these take minutes to hours."""
    changes = difference(old, new)
    assert "".join(change.text for change in changes if change.kind != "added") == old
    assert "".join(change.text for change in changes if change.kind != "removed") == new


def test_what_did_not_change_is_cut_to_its_ends() -> None:
    same = "word " * 100
    shown = marked(shortened(difference(f"{same}one {same}", f"{same}two {same}")))
    assert "[-one-]{+two+}" in shown
    assert len(shown) < 200
