"""What an edit changes in an article's deals, and a fact's other shapes."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from service.domain.facts import (
    Bound,
    Changed,
    Fact,
    Kind,
    Party,
    Quantity,
    Role,
    Status,
    as_object,
    from_object,
    material_changes,
)

HPE, X = Party("HPE", Role.SUPPLIER, tracked=True), Party("X")
DEAL = Fact(Kind.CONTRACT, Status.TALKS, (HPE, X), "HPE talks to X.", 1e9, "USD", Bound.EXACT)


def what(old: list[Fact], new: list[Fact]) -> list[tuple[Changed, ...]]:
    return [change.what for change in material_changes(old, new)]


def test_another_wording_changes_nothing() -> None:
    edited = replace(DEAL, sentence="HPE is talking to X.", quantities=(Quantity(5, "MW"),), kind=Kind.DEAL)
    assert what([DEAL], [edited]) == []


def test_what_is_left_out_is_nothing_new() -> None:
    assert what([DEAL], []) == []
    assert what([DEAL], [replace(DEAL, amount=None, currency=None, bound=None, parties=(HPE,))]) == []


def test_amount_party_and_status_count() -> None:
    assert what([DEAL], [replace(DEAL, amount=2e9)]) == [(Changed.AMOUNT,)]
    assert what([DEAL], [replace(DEAL, bound=Bound.MIN)]) == [(Changed.AMOUNT,)]
    assert what([DEAL], [replace(DEAL, currency="EUR")]) == [(Changed.AMOUNT,)]
    assert what([DEAL], [replace(DEAL, parties=(HPE, X, Party("Dell")))]) == [(Changed.PARTY,)]
    assert what([DEAL], [replace(DEAL, parties=(HPE, Party("X", Role.BUYER)))]) == [(Changed.PARTY,)]
    assert what([DEAL], [replace(DEAL, status=Status.AGREED)]) == [(Changed.STATUS,)]
    assert what([DEAL], [replace(DEAL, status=Status.ENDED, amount=3e9)]) == [(Changed.AMOUNT, Changed.STATUS)]


def test_a_new_deal_is_new_and_the_old_one_is_not() -> None:
    other = Fact(Kind.LEASE, Status.AGREED, (Party("Oracle"),), "Oracle leases.", 5e9, "USD", Bound.EXACT)
    (change,) = material_changes([DEAL], [other, DEAL])
    assert (change.what, change.before, change.after) == ((Changed.NEW,), None, other)


def test_each_old_deal_answers_for_the_most_alike() -> None:
    small = replace(DEAL, amount=1e6, sentence="A small one.")
    assert what([small, DEAL], [DEAL, small]) == []


parties = st.lists(
    st.builds(Party, st.text(min_size=1, max_size=9), st.none() | st.sampled_from(Role), st.booleans()),
    max_size=4,
    unique_by=lambda party: party.name,
).map(tuple)
amounts = st.none() | st.floats(0, 1e15) | st.integers(0, 10**12).map(float)
facts = st.builds(
    Fact,
    st.sampled_from(Kind),
    st.sampled_from(Status),
    parties,
    st.text(max_size=40),
    amounts,
    st.none() | st.just("USD"),
    st.none() | st.sampled_from(Bound),
    amounts,
    st.lists(st.builds(Quantity, st.floats(0, 1e9), st.just("GPU"), st.sampled_from(Bound)), max_size=2).map(tuple),
    st.none() | st.text(max_size=9),
)


@given(facts)
def test_the_object_holds_all_of_a_fact(fact: Fact) -> None:
    assert from_object(as_object(fact)) == fact


@given(st.lists(facts, max_size=5))
def test_nothing_differs_from_itself(found: list[Fact]) -> None:
    named = [replace(fact, parties=(*fact.parties, Party(f"{i}!"))) for i, fact in enumerate(found)]
    assert material_changes(named, named) == ()
