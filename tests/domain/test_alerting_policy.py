"""A rule's keys: strict, with the mend; and what becomes of a hit under them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.domain.alerting_policy import POLICY_KEYS, Policy, PolicyError, options_of, policy_of
from service.domain.alerting_route import Drop, Past, Tell, Told, Wait, fact_keys, material_change, route

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
TOLD = Told("alt_1", NOW - timedelta(hours=1), 1, frozenset({"HPE"}), sources=2, facts=frozenset({"amount 1 USD"}))
QUIET = {"from": "07:00", "to": "09:00"}


def decide(past: Past = Past(), *, entities: tuple[str, ...] = ("HPE",), **options: Any) -> Tell | Wait | Drop:  # noqa: B008
    policy = policy_of(options)
    return route(policy, past, key="story:1", story=1, entities=entities, sources=1, now=NOW)


@pytest.mark.parametrize(
    ("options", "key", "mend"),
    [
        ({"digest": "often"}, "digest", "write hourly, daily 08:00"),
        ({"digest": 5}, "digest", "put it in quotes"),
        ({"timezone": "Mars/Olympus"}, "timezone", "Europe/Berlin"),
        ({"timezone": "../../etc/passwd"}, "timezone", "Europe/Berlin"),
        ({"group_by": "weather"}, "group_by", "story, entity, source or rule"),
        ({"group_by": ["story"]}, "group_by", "story, entity, source or rule"),
        ({"group_wait": "soon"}, "group_wait", "30s, 5m or 1h"),
        ({"group_wait": "25h"}, "group_wait", "use a digest"),
        ({"group_wait": True}, "group_wait", "30s"),
        ({"repeat": "always"}, "repeat", "never or material"),
        ({"throttle": "0/hour"}, "throttle", "from 1"),
        ({"throttle": "10/week"}, "throttle", "10/hour"),
        ({"quiet_hours": "22:00-07:00"}, "quiet_hours", "mapping"),
        ({"quiet_hours": {"from": "22:00"}}, "quiet_hours", "from and to"),
        ({"quiet_hours": {"from": 1320, "to": "07:00"}}, "quiet_hours.from", "put it in quotes"),
        ({"quiet_hours": {"from": "22:00", "to": "22:00"}}, "quiet_hours", "24:00"),
        ({"quiet_hours": {"from": "00:00", "to": "24:00"}}, "quiet_hours", "never over"),
        ({"quiet_hours": {**QUIET, "days": "sat"}}, "quiet_hours.days", "[sat, sun]"),
        ({"quiet_hours": {**QUIET, "days": ["caturday"]}}, "quiet_hours.days", "write mon"),
        ({"quiet_hours": {**QUIET, "except": "high"}}, "quiet_hours", "unknown key 'except'"),
        ({"quiet_hours": {**QUIET, "except_high": "yes"}}, "quiet_hours.except_high", "true or false"),
        ({"active": {"from": "tomorrow"}}, "active.from", "2026-11-22"),
        ({"active": {"from": "2026-11-23", "to": "2026-11-22"}}, "active", "swap"),
        ({"priority": "urgent"}, "priority", "low, normal or high"),
        ({"volume": "loud"}, "volume.kind", "spike or quiet"),
        ({"volume": {"over": "6h"}}, "volume.kind", "spike or quiet"),
        ({"volume": {"kind": "spike", "over": "30m"}}, "volume.over", "write 1h"),
        ({"volume": {"kind": "spike", "over": "8d"}}, "volume.over", "at most 7d"),
        ({"volume": {"kind": "spike", "minimum": 0}}, "volume.minimum", "from 1"),
        ({"volume": ["spike"]}, "volume", "mapping"),
        ({"volume": "spike", "digest": "hourly"}, "digest", "does not go with volume"),
        ({"volume": "spike", "group_by": "source"}, "group_by", "entity"),
        ({"within": "sentence"}, "within", "article or story"),
        ({"colour": "red"}, "colour", "unknown key"),
    ],
)
def test_a_wrong_key_is_named_with_the_mend(options: dict[str, Any], key: str, mend: str) -> None:
    with pytest.raises(PolicyError) as caught:
        policy_of(options)
    assert caught.value.key == key
    assert mend in str(caught.value)


VALUES = st.none() | st.booleans() | st.integers() | st.text(max_size=12) | st.sampled_from(["hourly", "daily 2:30"])
INNER = st.dictionaries(st.sampled_from(["from", "to", "days", "timezone"]), VALUES | st.lists(VALUES, max_size=2))


@given(st.dictionaries(st.sampled_from(POLICY_KEYS), VALUES | INNER))
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_is_written_is_read_or_refused(options: dict[str, Any]) -> None:
    try:
        kept = options_of(options)
    except PolicyError:
        return
    assert options_of(kept) == kept


def test_what_is_kept_is_json_and_means_the_same() -> None:
    written = {"active": {"from": date(2026, 11, 22), "to": None}, "digest": "daily 08:00", "throttle": "5/hour"}
    kept = options_of(written)
    assert kept == {"active": {"from": "2026-11-22"}, "digest": "daily 08:00", "throttle": "5/hour"}
    assert policy_of(kept) == policy_of(written)
    assert policy_of({}) == Policy()


class TestRoute:
    def test_first_come_told(self) -> None:
        assert decide() == Tell()

    def test_a_story_is_told_once(self) -> None:
        assert decide(Past(told=TOLD), digest="hourly") == Drop("its story was told by alert alt_1", alert="alt_1")

    def test_quiet_hours_go_before_the_throttle(self) -> None:
        decision = decide(Past(made=(NOW,)), throttle="1/hour", quiet_hours=QUIET)
        assert isinstance(decision, Wait)
        assert (decision.kind, decision.due) == ("quiet", NOW + timedelta(hours=1))

    def test_the_throttle_frees_when_the_oldest_is_an_hour_old(self) -> None:
        made = tuple(NOW - timedelta(minutes=minutes) for minutes in (5, 50, 55))
        decision = decide(Past(made=made), throttle="2/hour")
        assert isinstance(decision, Wait)
        assert (decision.kind, decision.due) == ("throttled", NOW + timedelta(minutes=10))
        assert decide(Past(made=made), throttle="4/hour") == Tell()
        assert decide(Past(made=(NOW - timedelta(hours=1),)), throttle="1/hour") == Tell()

    def test_what_waits_over_the_throttle_is_not_overtaken(self) -> None:
        decision = decide(Past(throttled_until=NOW), throttle="5/hour")
        assert isinstance(decision, Wait)
        assert decision.kind == "throttled"

    def test_a_repetition_says_why_and_which_it_is(self) -> None:
        decision = decide(Past(told=TOLD), entities=("HPE", "xAI"), repeat="material")
        assert decision == Tell("Told again: xAI named for the first time.", again=1)


@pytest.mark.parametrize(
    ("entities", "sources", "facts", "change"),
    [
        (["HPE"], 2, [], None),
        (["xAI"], 2, [], "xAI named for the first time"),
        (["HPE"], 5, [], None),  # twice and a half of two
        (["HPE"], 6, [], "6 sources carry it, and 2 did at the last alert"),
        (["HPE"], 2, [{"amount": 1, "currency": "USD"}], None),
        (["HPE"], 2, [{"amount": 2, "currency": "USD"}], "new fact: amount 2 USD"),
        (["HPE"], 2, [{"kind": "order", "status": "signed"}], "new fact: order signed"),
        (["HPE"], 2, [{"parties": ["Oracle"]}], "new fact: party Oracle"),
    ],
)
def test_what_is_a_material_change(
    entities: list[str], sources: int, facts: list[dict[str, Any]], change: str | None
) -> None:
    assert material_change(TOLD, entities, sources, fact_keys(facts)) == change


def test_three_sources_instead_of_one_are_no_news() -> None:
    lonely = Told("alt_1", NOW, 1, frozenset({"HPE"}), sources=1)
    assert material_change(lonely, ["HPE"], 4, frozenset()) is None
    assert material_change(lonely, ["HPE"], 5, frozenset()) is not None
