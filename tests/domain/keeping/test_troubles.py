"""What of a finding is told, when, how often, and when it is over. Looks are a minute apart unless said otherwise."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from service.domain.alerting_route import Past
from service.domain.keeping import Finding, Settled, Trouble, alerts_of, keeping_of, settle
from service.domain.keeping.spec import policy_for
from service.domain.model import Rule

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
NIGHT = {"quiet_hours": {"from": "22:00", "to": "07:00"}}


def finding(name: str = "a", level: int = 0) -> Finding:
    return Finding(f"source:{name}", f"Source “{name}” fails", NOW - HOUR, "It failed.", "Mend it.", level=level)


class Desk:
    """A rule, and what is kept of it from look to look. ``told`` and ``over``: names, an inner list an alert."""

    def __init__(self, watch: dict[str, Any] | None = None, at: datetime = NOW, **options: Any) -> None:
        self.keeping = keeping_of({"kind": "source-failing", **(watch or {})})
        self.policy = policy_for(options)
        self.kept: tuple[Trouble, ...] = ()
        self.now, self.made = at, [at - timedelta(days=9)]
        self.told: list[list[str]] = []
        self.over: list[list[str]] = []

    def look(self, *found: Finding, later: timedelta = MINUTE, unknown: bool = False) -> Settled:
        self.now += later
        past = Past(made=tuple(reversed(self.made)))
        settled = settle(self.keeping, self.policy, None if unknown else found, self.kept, past, now=self.now)
        self.kept = settled.keep
        if settled.tell:
            self.told.append([trouble.finding.subject[7:] for trouble in settled.tell])
            self.made.append(self.now)
        if settled.over:
            self.over.append([trouble.finding.subject[7:] for trouble in settled.over])
        return settled

    @property
    def names(self) -> list[str]:
        return [name for names in self.told for name in names]

    def looks(self, number: int, *found: Finding, each: timedelta = MINUTE) -> None:
        for _ in range(number):
            self.look(*found, later=each)


def test_what_goes_wrong_together_is_told_together_once() -> None:
    desk = Desk()
    desk.look(finding("a"))
    desk.looks(60, finding("a"), finding("b"))
    assert len(desk.told) <= 2
    assert sorted(desk.names) == ["a", "b"]


def test_five_hundred_are_one_alert() -> None:
    desk = Desk()
    many = [finding(str(number)) for number in range(500)]
    desk.looks(30, *many)
    assert [len(names) for names in desk.told] == [500]


def test_a_blip_is_told_to_nobody() -> None:
    desk = Desk()
    desk.looks(2, finding())
    desk.looks(30)
    assert (desk.told, desk.kept) == ([], ())


def test_its_end_is_told_once_and_a_new_beginning_is_new() -> None:
    desk = Desk()
    for _ in range(2):
        desk.looks(10, finding())
        desk.looks(15)
    assert (desk.told, desk.over, desk.kept) == ([["a"], ["a"]], [["a"], ["a"]], ())


def test_one_that_flickers_is_told_once() -> None:
    desk = Desk()
    for _ in range(20):
        desk.looks(6, finding())
        desk.looks(6)
    assert (desk.told, desk.over) == ([["a"]], [])


def test_a_look_that_did_not_look_for_it_ends_nothing() -> None:
    desk = Desk()
    desk.looks(10, finding())
    for _ in range(100):
        desk.look(unknown=True)
    assert (desk.told, desk.over) == ([["a"]], [])


def test_it_is_told_again_after_its_time_unless_somebody_sees_to_it() -> None:
    desk = Desk({"again": "6h"})
    desk.looks(6, finding())
    desk.looks(24, finding(), each=HOUR)
    assert desk.told == [["a"]] * 5
    desk.kept = (replace(desk.kept[0], acknowledged=True),)
    desk.looks(24, finding(), each=HOUR)
    assert desk.told == [["a"]] * 5


def test_a_snoozed_one_waits_for_the_end_of_it() -> None:
    desk = Desk({"again": "1h"})
    desk.looks(6, finding())
    desk.kept = (replace(desk.kept[0], snoozed_until=desk.now + 5 * HOUR),)
    desk.looks(4, finding(), each=HOUR)
    assert desk.told == [["a"]]
    desk.looks(1, finding(), each=HOUR)
    assert desk.told == [["a"]] * 2


def test_with_repeat_material_it_is_told_when_it_is_worse() -> None:
    desk = Desk(repeat="material")
    desk.looks(10, finding(level=1))
    desk.looks(10, finding(level=1))
    desk.looks(10, finding(level=3))
    desk.looks(10, finding(level=2))
    assert desk.told == [["a"], ["a"]]


def test_in_quiet_hours_nothing_is_told_and_nothing_is_lost() -> None:
    desk = Desk(at=datetime(2026, 11, 22, 23, tzinfo=UTC), **NIGHT)
    desk.looks(8, finding("passes"), each=15 * MINUTE)
    desk.looks(16, finding("stays"), each=15 * MINUTE)
    assert desk.told == []
    desk.looks(12, finding("stays"), each=15 * MINUTE)
    assert desk.told == [["passes", "stays"]]


def test_a_throttle_gathers_the_rest() -> None:
    desk = Desk(throttle="2/hour", group_wait="0s")
    for number in range(10):
        desk.look(*(finding(str(n)) for n in range(number + 1)), later=5 * MINUTE)
    desk.looks(30, *(finding(str(n)) for n in range(10)), each=5 * MINUTE)
    assert [len(names) for names in desk.told][:2] == [1, 1]
    assert sorted(desk.names) == [str(number) for number in range(10)]
    assert len(desk.told) <= 4


def test_a_digest_tells_at_its_moment() -> None:
    desk = Desk(digest="daily 18:00")
    desk.looks(9, finding(), each=HOUR)
    assert desk.told == []
    desk.looks(2, finding(), each=HOUR)
    assert desk.told == [["a"]]


@given(
    st.lists(st.tuples(st.sets(st.sampled_from("abcd")), st.integers(1, 40)), min_size=1, max_size=40),
    st.sampled_from([{}, {"throttle": "1/hour"}, NIGHT, {"digest": "hourly"}]),
)
def test_whatever_comes_and_goes_each_stay_is_told_at_most_once(
    looks: Sequence[tuple[set[str], int]], options: dict[str, Any]
) -> None:
    """And its end only after it was told; when all is well for two days, nothing is left."""
    desk = Desk({"resolved": True}, **options)
    keys = []
    for names, minutes in [*looks, *[(set[str](), 60)] * 48]:
        settled = desk.look(*(finding(name) for name in names), later=minutes * MINUTE)
        drafts = alerts_of(Rule("r", "", ("hook",)), desk.keeping, desk.policy, settled, now=desk.now)
        keys += [draft.dedupe_key for draft in drafts]
        ended = [name for names in desk.over for name in names]
        assert all(desk.names.count(name) >= ended.count(name) for name in ended)
    assert desk.kept == ()
    assert len(keys) == len(set(keys))


class TestTheAlert:
    def settled(self, *names: str, over: bool = False) -> Settled:
        troubles = tuple(
            Trouble(finding(name), NOW, NOW, told=NOW if over else None, cleared=NOW if over else None)
            for name in names
        )
        return Settled(() if over else troubles, troubles if over else (), (), ())

    def draft(self, settled: Settled, *channels: str, spare: Sequence[str] = (), **watch: Any) -> Any:
        keeping = keeping_of({"kind": "source-failing", **watch})
        rule = Rule("r", "", channels)
        (draft,) = alerts_of(rule, keeping, policy_for({}), settled, now=NOW + MINUTE, spare=spare)
        return draft

    def test_it_says_what_since_when_the_proof_and_the_mend(self) -> None:
        draft = self.draft(self.settled("a"), "hook")
        assert (draft.kind, draft.title, draft.channels) == ("watch", "Source “a” fails", ("hook",))
        assert draft.reason == "Watch rule “r”: Since 2026-11-22 07:00 UTC. It failed."
        assert draft.watch["items"][0]["mend"] == "Mend it."

    def test_many_are_counted(self) -> None:
        draft = self.draft(self.settled(*map(str, range(30))), "hook")
        assert draft.title == "30 sources fail"
        assert (draft.watch["count"], len(draft.watch["items"])) == (30, 20)

    def test_its_end_is_told_where_asked(self) -> None:
        draft = self.draft(self.settled("a", over=True), "hook", resolved=True)
        assert draft.title == "Over: Source “a” fails"
        assert draft.watch["state"] == "resolved"
        rule = Rule("r", "", ("hook",))
        quiet = self.settled("a", over=True)
        assert alerts_of(rule, keeping_of("source-failing"), policy_for({}), quiet, now=NOW) == []

    def test_a_channel_never_tells_of_itself(self) -> None:
        dead = Trouble(replace(finding(), subject="channel:hook"), NOW, NOW)
        settled = Settled((dead,), (), (), ())
        assert self.draft(settled, "hook", "mail").channels == ("mail",)
        assert self.draft(settled, "hook", spare=["hook", "other"]).channels == ("other",)
        assert self.draft(settled, "hook", spare=["hook"]).channels == ()
        assert self.draft(settled, spare=["other"]).channels == ()
