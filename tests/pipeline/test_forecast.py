"""What a preview foresees is what the daemon's own steps really told, alert for alert, on both databases."""

import random
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from service.domain.alerting import CompiledRule
from service.domain.alerting_policy import policy_of
from service.domain.model import Rule
from service.domain.query import parse
from service.pipeline.preview import Asked, forecast_rules, preview_rule, standings_of
from service.pipeline.preview_entity import preview_entity
from service.pipeline.watch import WatchSource
from service.store import silences, watchlist
from service.store.tables import AlertMentionRow, InhibitionRow, MentionRow, SourceRow
from tests.pipeline.test_preview import vertiv
from tests.pipeline.tools import Tools
from tests.store.steps import add_channel, add_entities, add_rule, add_source, entry, fresh, poll, rows

START = datetime(2026, 11, 20, 18, tzinfo=UTC)
FEEDS = [f"https://{name}.example/feed" for name in ("one", "two", "three", "four", "five", "six")]
QUIET = {"from": "22:00", "to": "07:00", "timezone": "Europe/Berlin"}
ARTICLES = 30
Alerts = list[tuple[datetime, str, frozenset[tuple[int, str]]]]
POLICIES: dict[str, dict[str, Any]] = {
    "one a story, at once": {},
    "told again when something is new": {"repeat": "material"},
    "an hourly digest": {"digest": "hourly"},
    "a digest that falls into the night": {"digest": "daily 23:30", "timezone": "Europe/Berlin", "quiet_hours": QUIET},
    "nights are quiet": {"quiet_hours": QUIET},
    "high priority may wake people": {"quiet_hours": {**QUIET, "except_high": True}, "priority": "high"},
    "gathered, then held by quiet hours and a throttle": {
        "group_wait": "90m",
        "quiet_hours": QUIET,
        "throttle": "1/hour",
    },
    "by entity, again when something is new": {"group_by": "entity", "group_wait": "0s", "repeat": "material"},
    "by source, gathered": {"group_by": "source", "group_wait": "2h", "repeat": "material"},
    "all together, throttled": {"group_by": "rule", "group_wait": "10m", "throttle": "2/day"},
    "a throttle": {"throttle": "1/hour", "repeat": "material"},
    "two days only": {"active": {"from": "2026-11-21", "to": "2026-11-22"}},
}


def text_of(subject: str, names: int) -> str:
    """A subject is a story: with one company in it, with two and a sum, or cut so that it names nobody."""
    chance = random.Random(subject)
    first, other = chance.sample(("HPE", "xAI"), 2)
    body = " ".join("".join(chance.choices("aeioubdfgklmnprst", k=7)) for _ in range(120))
    lead, end = f"{first} is there, says the report. ", f" In the end {other} buys Acme for $2 billion."
    return f"{lead if names else ''}{body}.{end if names > 1 else ''}"


def part_of(subject: str, names: int) -> str:
    """The same subject with nobody in it, with HPE, with xAI, or with xAI and a sum."""
    chance = random.Random(subject)
    body = " ".join("".join(chance.choices("aeioubdfgklmnprst", k=7)) for _ in range(120))
    figures = " and ".join(str(chance.randint(100, 999)) for _ in range(3))
    lead = f"{('', 'HPE', 'xAI', 'xAI')[names]} is there, says the report. "
    end = " In the end xAI buys Acme for $2 billion." if names == 3 else ""
    return f"{lead if names else ''}{body}, so Jane Roe of Reuters in Oslo, who counted {figures}.{end}"


async def until(tools: Tools, moment: datetime) -> None:
    """As the daemon's ticks do: each batch is told when it is due."""
    for _ in range(1000):
        due = min((batch.due_at for batch in await rows(tools.db, "batches")), default=moment)
        if due > moment or not await rows(tools.db, "batches"):
            break
        tools.now = max(due, tools.now)
        await tools.compose()
    tools.now = moment


async def news(tools: Tools, number: int, feed: str, title: str, text: str) -> None:
    async with tools.db.write() as session:  # only this source is due, whatever the rhythms say
        await session.execute(update(SourceRow).values(next_poll_at=tools.now + timedelta(days=99)))
        await session.execute(update(SourceRow).where(col(SourceRow.url) == feed).values(next_poll_at=tools.now))
    item = entry(number, url=None, title=title, text=text)
    await poll(tools.db, fresh(item, body=f"news {number}"), now=tools.now)
    await tools.read()


async def three_days(
    tools: Tools, seed: int, text: Callable[[str, int], str] = text_of, which: Sequence[int] = (0, 1, 1, 2)
) -> datetime:
    """Sources that begin with a past, then stories that several sources tell, with new names and sums. Its end.

    ``text``: of a subject, by one of ``which``.
    """
    chance, subjects = random.Random(seed), set()
    await add_entities(tools.db, "HPE", "xAI")
    await add_channel(tools.db, "hook")
    tools.now = START
    for number, feed in enumerate(FEEDS):
        await add_source(tools.db, feed, at=START, title=feed)
        subject = f"Of old {number}"
        old = entry(1000 + number, url=None, title=subject, text=text(subject, 1))
        await poll(tools.db, fresh(*([old] if number < 2 else [])), now=START)
        await tools.read()
    for number in range(ARTICLES):
        await until(tools, tools.now + timedelta(minutes=chance.randint(1, 300)))
        subject = f"Subject {chance.randint(1, 6)}"
        subjects.add(subject)
        await news(tools, number, chance.choice(FEEDS), subject, text(subject, chance.choice(which)))
    await until(tools, tools.now + timedelta(hours=3))
    assert len(await rows(tools.db, "stories")) == 2 + len(subjects), "what a story is, is another test's matter"
    return tools.now


async def told(tools: Tools, rule: str = "r") -> Alerts:
    """What stands in the ledger of a rule: when, how, and what it tells of."""
    async with tools.db.read() as session:
        links = await session.execute(
            select(col(AlertMentionRow.alert_id), col(MentionRow.article_id), col(MentionRow.entity)).join(
                MentionRow, col(MentionRow.id) == col(AlertMentionRow.mention_id)
            )
        )
        named: dict[str, set[tuple[int, str]]] = {}
        for alert, article, entity in links:
            named.setdefault(alert, set()).add((article, entity))
    found = []
    for alert in await rows(tools.db, "alerts"):
        if alert.rule != rule:
            continue
        how = alert.payload["how"]["delivery"]
        how = "first poll" if alert.dedupe_key.startswith("first:") else how
        how = "again" if alert.payload["how"].get("again") else how
        found.append((alert.created_at, how, frozenset(named[alert.id])))
    return sorted(found, key=str)


async def foreseen(tools: Tools, now: datetime, name: str = "r", query: str = "entity:*", **options: Any) -> Alerts:
    compiled = CompiledRule(Rule(name, "", ("hook",)), parse(query), policy_of(options))
    async with tools.db.read() as session:
        standing = await silences.standing(session)
    asked = Asked(now, lambda _: None)
    _, (forecast,) = await forecast_rules(tools.db, [compiled], standing, asked)
    outlook = forecast.outlook(asked, await standings_of(tools.db, [compiled], now))
    batches = {batch.id for batch in await rows(tools.db, "batches") if batch.rule == name}
    assert outlook.waiting == sum(one.batch_id in batches for one in await rows(tools.db, "waiting"))
    return sorted(((alert.at, alert.how, alert.mentions) for alert in outlook.alerts), key=str)


async def test_every_way_of_telling_is_foreseen(tools: Tools) -> None:
    for name, options in POLICIES.items():
        await add_rule(tools.db, name, "entity:*", "hook", **options)
    end = await three_days(tools, seed=1)
    ways = set()
    for name, options in POLICIES.items():
        real = await told(tools, name)
        assert len(real) > 1, "or the equality would say little"
        ways |= {how for _, how, _ in real}
        assert await foreseen(tools, end, name, **options) == real, name
    assert ways == {"at once", "again", "digest", "group", "quiet", "throttled", "first poll"}


async def test_rules_within_a_story_are_foreseen(tools: Tools) -> None:
    """Also one that asks for words, which are those of the article that comes last."""
    policies = {name: {**how, "within": "story"} for name, how in POLICIES.items()}
    asked = dict.fromkeys(policies, "entity:HPE AND entity:xAI")
    policies["words and money"], asked["words and money"] = {"within": "story"}, "entity:HPE AND amount>=1e9 AND buys"
    for name, options in policies.items():
        await add_rule(tools.db, name, asked[name], "hook", **options)
    end = await three_days(tools, seed=2, text=part_of, which=(0, 1, 1, 2, 3))
    ways = set()
    for name, options in policies.items():
        real = await told(tools, name)
        assert real, "or the equality would say little"
        ways |= {how for _, how, _ in real}
        assert await foreseen(tools, end, name, asked[name], **options) == real, name
        several = any(len({article for article, _ in mentions}) > 1 for _, _, mentions in real)
        assert several, "two articles make it together"
    assert ways >= {"at once", "digest", "group", "quiet"}


async def test_an_entity_is_foreseen_with_rules_within_a_story(tools: Tools) -> None:
    await add_entities(tools.db, "HPE")
    await add_channel(tools.db, "hook")
    await add_rule(tools.db, "both", "entity:HPE AND entity:Vertiv", "hook", within="story")
    tools.now = START
    await add_source(tools.db, FEEDS[0], at=START)
    await poll(tools.db, fresh(), now=START)
    body = part_of("b", 0)
    for number, text in enumerate((f"HPE was there. {body}", f"{body} So was Vertiv.", "Vertiv grows.")):
        await until(tools, tools.now + timedelta(minutes=9))
        await news(tools, number, FEEDS[0], "Two" if body in text else "Three", text)
    assert await rows(tools.db, "alerts") == []
    preview = await preview_entity(tools.db, WatchSource(tools.db), vertiv(), None, Asked(tools.now, lambda _: None))
    assert [(one["mentions"], set(one["entities"])) for one in preview.alerts_gained] == [(2, {"HPE", "Vertiv"})]


async def test_silences_are_foreseen_with_their_times(tools: Tools) -> None:
    await add_rule(tools.db, "r", "entity:*", "hook", digest="daily 09:00")
    async with tools.db.write() as session:
        for query, hours in (("entity:HPE", 30), ("entity:xAI AND Acme", 80)):
            await silences.add(
                session,
                query=query,
                rule=None,
                channel=None,
                starts=START + timedelta(hours=1),
                ends=START + timedelta(hours=hours),
                author="",
                comment="",
                now=START,
                new_id=tools.new_id,
            )
        await watchlist.touch(session)
    end = await three_days(tools, seed=5)
    real = await told(tools)
    assert {how for _, how, _ in real} == {"digest", "silenced"}
    assert await foreseen(tools, end, digest="daily 09:00") == real


HELD: dict[str, tuple[str, dict[str, Any]]] = {
    "at once, held back": ("entity:*", {}),
    "again when something is new, held back": ("entity:*", {"repeat": "material", "priority": "high"}),
    "gathered, held back": ("entity:*", {"group_wait": "90m", "repeat": "material"}),
    "by source, held back": ("entity:*", {"group_by": "source", "group_wait": "3h", "repeat": "material"}),
    "by entity, held back": ("entity:*", {"group_by": "entity", "group_wait": "0s", "repeat": "material"}),
    "within a story, held back": ("entity:*", {"within": "story", "repeat": "material"}),
    "a digest, held back when found": ("entity:*", {"digest": "hourly", "repeat": "material"}),
    "held back and holding back": ("entity:xAI", {"repeat": "material"}),
}
HOLDING = [
    # by the same story; by the same entity for a while; whatever it is about; and one that is held back itself
    ("story", {"rule": "big money"}, {"rule": "*, held back"}, ["story"], "2d"),
    ("entity", {"rule": "loud*"}, {"rule": ["by *", "gathered*"]}, ["entity"], "4h"),
    ("anything", {"kind": "digest"}, {"priority": "high"}, [], "30m"),
    ("chain", {"rule": "held back and holding back"}, {"rule": "at once*"}, ["story"], "1d"),
]


async def held_world(tools: Tools, seed: int) -> datetime:
    """Rules that hold back others, which hold back others again."""
    await add_rule(tools.db, "big money", "amount>=1e9 AND entity:*", "hook", repeat="material")
    await add_rule(tools.db, "loud xAI", "entity:xAI", "hook", throttle="1/hour", repeat="material")
    await add_rule(tools.db, "morning", "entity:HPE", "hook", digest="daily 09:00")
    for name, (query, options) in HELD.items():
        await add_rule(tools.db, name, query, "hook", **options)
    async with tools.db.write() as session:
        for name, source, target, equal, lasts in HOLDING:
            definition = {"source": source, "target": target, "equal": equal, "for": lasts}
            session.add(InhibitionRow(name=name, definition=definition, created_at=START))
        await watchlist.touch(session)
    return await three_days(tools, seed)


@pytest.mark.parametrize("seed", [1, 4])
async def test_what_other_alerts_hold_back_is_foreseen(tools: Tools, seed: int) -> None:
    end = await held_world(tools, seed)
    inhibited = set()
    for name, (query, options) in HELD.items():
        real = await told(tools, name)
        inhibited |= {name for _, how, _ in real if how == "inhibited"}
        assert await foreseen(tools, end, name, query, **options) == real, name
    assert len(inhibited) >= 6, "or the equality would say little"


async def test_an_entity_is_foreseen_with_what_rules_hold_back_of_each_other(tools: Tools) -> None:
    """Of all rules at once: the alerts that hold back others are foreseen, too."""
    end = await held_world(tools, 6)
    known = await WatchSource(tools.db).current()
    entity = next(entity for entity in known.matcher.entities if entity.name == "xAI")
    preview = await preview_entity(tools.db, WatchSource(tools.db), entity, None, Asked(end, lambda _: None))
    real = [
        (name, how, named)
        for name in (rule.rule.name for rule in known.rules)
        for _, how, named in await told(tools, name)
    ]
    of_xai = [how for _, how, named in real if any(entity == "xAI" for _, entity in named)]
    assert preview.periods[0].new.inhibited == of_xai.count("inhibited") > 10
    assert preview.periods[0].new.alerts == len(of_xai) - of_xai.count("inhibited")


async def test_a_rule_that_was_never_there_is_foreseen_as_one_that_was(tools: Tools) -> None:
    """And its preview says how the alerts come to be, a day, and which the other policy would raise."""
    options: dict[str, Any] = {"throttle": "1/hour", "quiet_hours": QUIET}
    await add_rule(tools.db, "r", "entity:*", "hook", **options)
    end = await three_days(tools, seed=3)
    real = await told(tools)
    new, old = (CompiledRule(Rule("r", "", ()), parse("entity:*"), policy_of(how)) for how in (options, {}))
    preview = await preview_rule(tools.db, new, old, (), Asked(end, lambda _: None))
    period = preview.periods[0]
    assert period.old is not None
    assert period.new.alerts == len(real)
    assert sum(period.new.how.values()) == sum(period.new.by_day.values()) == len(real)
    assert period.new.how["quiet"] == sum(how == "quiet" for _, how, _ in real) > 0
    assert (set(period.old.how), period.gained, period.lost) == ({"at once", "first poll"}, 0, 0)
    assert period.more_alerts == period.new.alerts - period.old.alerts < 0
    assert {one["how"] for one in preview.alerts_lost} == {"at once"}
    without = await preview_rule(tools.db, new, old, (), Asked(end, lambda _: None, first_poll_summary=False))
    assert without.periods[0].old is not None
    assert without.periods[0].old.how.keys() == {"at once"}


async def test_an_entity_that_is_new_brings_alerts_only_of_stories_that_were_not_told(tools: Tools) -> None:
    await add_entities(tools.db, "HPE")
    await add_channel(tools.db, "hook")
    await add_rule(tools.db, "r", "entity:*", "hook")
    tools.now = START
    await add_source(tools.db, FEEDS[0], at=START)
    await poll(tools.db, fresh(), now=START)
    body = text_of("b", 0)
    texts = ["HPE met Vertiv.", f"HPE was there. {body}", f"HPE was there. {body} So was Vertiv.", "Vertiv grows."]
    for number, (title, text) in enumerate(zip(("One", "Two", "Two", "Three"), texts, strict=True)):
        await until(tools, tools.now + timedelta(minutes=9))
        await news(tools, number, FEEDS[0], title, text)
    assert len(await rows(tools.db, "alerts")) == 2
    preview = await preview_entity(tools.db, WatchSource(tools.db), vertiv(), None, Asked(tools.now, lambda _: None))
    period = preview.periods[0]
    # Three articles name it; a is told with HPE anyway, b was told before, and only c is one alert more.
    assert (period.new.mentions, period.new.alerts, period.more_alerts) == (3, 2, 1)
    assert [one["entities"] for one in preview.alerts_gained] == [["Vertiv"], ["HPE", "Vertiv"]]
    assert period.new.not_told_again == 1
