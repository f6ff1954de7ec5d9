"""Arguments that are no text, or far too long: one line that can be read, with the mend, and never a traceback."""

import pytest

from tests.cli.command import Command

NO_UTF8, LONG = "a\udcffb", "x" * 10_000
"""A byte that is no UTF-8, as Python hands it on (PEP 383)."""


@pytest.mark.parametrize("odd", [NO_UTF8, LONG], ids=["no UTF-8", "long"])
@pytest.mark.parametrize(
    "written",
    [
        "mentions --entity ODD",
        "mentions --since ODD",
        "mentions mark 1 ODD",
        "alerts ack ODD",
        "deliveries retry ODD",
        "explain ODD",
        "sql ODD",
        "searches share ODD",
        "sources enable ODD",
        "sources add https://e.example/ODD",
        "entities add ODD",
        "rules remove ODD",
        "silences add entity:HPE --for ODD",
        "channels test ODD",
        "rescan --entity ODD",
        "prune --keep ODD",
        "token create ODD",
        "extract ODD",
    ],
)
def test_it_is_one_line_that_can_be_read(scratch: Command, written: str, odd: str) -> None:
    done = scratch(*(part.replace("ODD", odd) for part in written.split()))
    assert done.status in {1, 2}
    assert (done.out, done.err.count("\n")) == ("", 1)
    assert done.err.startswith("newsvane: ")
    assert len(done.err) < 3_000


def test_more_digits_than_a_number_has_are_too_long_ago(scratch: Command) -> None:
    done = scratch("mentions", "--since", "9" * 5_000 + "d")
    assert (done.status, done.err.endswith("is too long ago\n")) == (2, True)
