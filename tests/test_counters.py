"""Counters: what the web or a long list says never makes a label without bound."""

from hypothesis import given
from hypothesis import strategies as st

from service.counters import OTHERS, Counters


def labels(counters: Counters, sample: str, label: str) -> dict[str, float]:
    return {
        found.labels[label]: found.value
        for family in counters.registry.collect()
        for found in family.samples
        if found.name == sample
    }


def test_names_beyond_the_first_few_hundred_share_one_label() -> None:
    counters = Counters()
    for number in range(1000):
        counters.was_read("read from page", entities=[f"Entity {number}"])
        counters.attempted(f"channel {number}", "sent", seconds=0, delay=0)
    for sample, label in (("newsvane_mentions_total", "entity"), ("newsvane_delivery_attempts_total", "channel")):
        seen = labels(counters, sample, label)
        assert len(seen) == 301
        assert seen[OTHERS] == 700
        assert sum(seen.values()) == 1000


def test_a_name_that_has_its_label_keeps_it() -> None:
    counters = Counters()
    for number in range(400):
        counters.was_read("read from page", entities=[f"Entity {number}"])
    counters.was_read("read from page", entities=["Entity 0"])
    assert labels(counters, "newsvane_mentions_total", "entity")["Entity 0"] == 2


@given(st.lists(st.text() | st.from_regex(r"http-[0-9]{1,5}") | st.just("timeout"), max_size=50))
def test_faults_are_words_of_ours_or_a_status(faults: list[str]) -> None:
    counters = Counters()
    for fault in faults:
        counters.poll_failed("passing", fault)
    seen = labels(counters, "newsvane_poll_errors_total", "fault")
    assert sum(seen.values()) == len(faults)
    for fault in set(seen) - {OTHERS, "timeout"}:
        assert fault in faults
        assert len(fault) == len("http-503")
        assert fault.startswith("http-")


def test_two_of_them_share_nothing() -> None:
    one, other = Counters(), Counters()
    one.polled("read", seconds=0.1, size=10, new=2)
    assert labels(one, "newsvane_polls_total", "outcome") == {"read": 1}
    assert labels(other, "newsvane_polls_total", "outcome") == {}
