"""What a preview foresees of rules on volume is what they really told, quarter of an hour by quarter of an hour."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import count as numbers
from typing import Any

import pytest
from sqlalchemy import delete, select, update
from sqlmodel import col

from service.domain.alerting import CompiledRule
from service.domain.alerting_policy import policy_of
from service.domain.matching import derive_entity
from service.domain.model import Rule
from service.domain.query import parse
from service.pipeline.foresee_volume import forecast_volume
from service.pipeline.preview import Asked, standings_of
from service.pipeline.preview_entity import preview_entity
from service.pipeline.watch import WatchSource
from service.store import silences, watchlist
from service.store.tables import (
    AlertMentionRow,
    ArticleRow,
    EntityRow,
    InhibitionRow,
    MentionRow,
    PollRow,
    RhythmRow,
    SourceRow,
)
from tests.pipeline.tools import Tools
from tests.store.steps import add_channel, add_entities, add_rule, add_source, fresh, poll, rows

NINE = datetime(2026, 11, 20, 9, tzinfo=UTC)
"""A Friday."""
HOUR, QUARTER, WEEK = timedelta(hours=1), timedelta(minutes=15), timedelta(weeks=1)
LIVED = 11
"""Hours."""
FAILS = NINE + 5 * HOUR
"""From then on the second source does not answer."""
NIGHT = {"from": "12:00", "to": "16:10"}
LAST = "what another rule tells of"
RULES: dict[str, tuple[str, dict[str, Any]]] = {
    "spikes by entity, throttled": ("entity:*", {"volume": "spike", "group_by": "entity", "throttle": "1/hour"}),
    "held by quiet hours until it was over": ("entity:HPE", {"volume": "spike", "quiet_hours": NIGHT}),
    "more than names, over two hours": ("entity:HPE AND salience:main", {"volume": {"kind": "spike", "over": "2h"}}),
    "quiet, or its source fails": ("entity:xAI", {"volume": {"kind": "quiet", "over": "6h"}}),
    "quiet, by entity": ("entity:Oracle", {"volume": {"kind": "quiet", "over": "6h"}, "group_by": "entity"}),
    LAST: ("entity:HPE", {"volume": "spike"}),
}
_Told = list[tuple[datetime, str, frozenset[tuple[int, str]], str]]
_number = numbers(1)


def article(at: datetime, source: int, name: str) -> ArticleRow:
    url = f"https://news.example/{next(_number)}"
    state: dict[str, Any] = {"source": f"News {source}", "source_id": source, "state": "read", "next_read_at": at}
    text = f"Shares of {name} Corp. rose after the company spoke."
    return ArticleRow(url=url, title=f"{name} Corp. rises", text=text, discovered_at=at, read_at=at, **state)


async def said(tools: Tools, name: str, moments: Iterable[datetime], *, source: int = 1) -> None:
    """An article names the entity at each of these moments."""
    async with tools.db.write() as session:
        articles = [article(at, source, name) for at in moments]
        session.add_all(articles)
        await session.flush()
        session.add_all(
            MentionRow(
                article_id=one.id,
                entity=name,
                confidence=1.0,
                salience="main",
                count=1,
                discovered_at=one.discovered_at,
            )
            for one in articles
        )


def hourly(times: int, since: datetime, until: datetime) -> list[datetime]:
    hours = int((until - since) / HOUR)
    return [since + HOUR * (hour + (one + 0.5) / times) for hour in range(hours) for one in range(times)]


@pytest.fixture
async def lived(tools: Tools) -> Tools:
    """Nine weeks of the usual, then a day with spikes, a silence, a source that fails; the rules counted all day."""
    db = tools.db
    await add_entities(db, "HPE", "xAI", "Oracle")
    await add_channel(db, "hook")
    for number in (1, 2):
        await add_source(db, f"https://news.example/feed/{number}", title=f"News {number}")
        await poll(db, fresh())
    async with db.write() as session:
        await session.execute(update(EntityRow).values(created_at=NINE - 20 * WEEK))
        await session.execute(update(SourceRow).values(last_success_at=FAILS - HOUR))
        start = NINE - 9 * WEEK
        polled = [start + 3 * HOUR * number for number in range(int((NINE + 40 * HOUR - start) / (3 * HOUR)))]
        session.add_all(PollRow(source_id=1, at=at, outcome="unchanged") for at in polled)
        session.add_all(PollRow(source_id=2, at=at, outcome="unchanged" if at < FAILS else "failed") for at in polled)
    for week in range(1, 9):
        begin, end = NINE - week * WEEK - 8 * HOUR, NINE - week * WEEK + (LIVED + 2) * HOUR
        await said(tools, "HPE", hourly(1, begin, end))
        await said(tools, "xAI", hourly(3, begin, end), source=2)
        await said(tools, "Oracle", hourly(4, begin, end))
    await said(tools, "HPE", hourly(1, NINE - 8 * HOUR, NINE + LIVED * HOUR))
    await said(tools, "HPE", hourly(30, NINE + HOUR, NINE + 2 * HOUR))
    await said(tools, "HPE", hourly(40, NINE + 4 * HOUR, NINE + 5 * HOUR))
    await said(tools, "xAI", [*hourly(3, NINE - 8 * HOUR, FAILS), *hourly(25, NINE + HOUR, NINE + 2 * HOUR)], source=2)
    await said(tools, "Oracle", hourly(4, NINE - 8 * HOUR, NINE + 2 * HOUR))
    for name, (query, options) in RULES.items():
        await add_rule(db, name, query, "hook", **options)
    async with db.write() as session:
        holding = {"source": {"rule": "spikes by*"}, "target": {"rule": LAST}, "equal": ["entity"], "for": "2h"}
        session.add(InhibitionRow(name="one is enough", definition=holding, created_at=NINE))
        await watchlist.touch(session)
    for number in range(LIVED * 4):
        tools.now = NINE + number * QUARTER
        async with db.write() as session:
            await session.execute(update(RhythmRow).values(due_at=tools.now))
            if tools.now == FAILS:
                failing = update(SourceRow).where(col(SourceRow.id) == 2)
                await session.execute(failing.values(failures=1, last_success_at=FAILS - HOUR))
        assert await tools.measure() == len(RULES)
    return tools


async def told(tools: Tools, rule: str) -> _Told:
    async with tools.db.read() as session:
        named: dict[str, set[tuple[int, str]]] = {}
        links = select(col(AlertMentionRow.alert_id), col(MentionRow.article_id), col(MentionRow.entity))
        for alert, number, entity in await session.execute(
            links.join(MentionRow, col(MentionRow.id) == col(AlertMentionRow.mention_id))
        ):
            named.setdefault(alert, set()).add((number, entity))
    return [
        (
            alert.created_at,
            "inhibited" if alert.inhibited_by else alert.kind.replace("quiet", "quiet time"),
            frozenset(named.get(alert.id, ())),
            alert.title,
        )
        for alert in sorted(await rows(tools.db, "alerts"), key=lambda alert: alert.created_at)
        if alert.rule == rule
    ]


async def foreseen(tools: Tools, rule: str) -> _Told:
    async with tools.db.read() as session:
        muting = await silences.standing(session)
    standings = await standings_of(tools.db, [compiled(rule)], tools.now)
    _, outlook = await forecast_volume(tools.db, compiled(rule), muting, standings, now=tools.now, days=3)
    return [(alert.at, alert.how, alert.mentions, alert.title) for alert in outlook.alerts]


def compiled(name: str) -> CompiledRule:
    query, options = RULES[name]
    return CompiledRule(Rule(name, query, ("hook",), options=options), parse(query), policy_of(options))


async def test_what_was_lived_is_foreseen(lived: Tools) -> None:
    ways = set()
    for rule in RULES:
        real = await told(lived, rule)
        assert real, "or the equality would say little"
        ways |= {how for _, how, _, _ in real}
        assert await foreseen(lived, rule) == real, rule
    assert ways == {"spike", "quiet time", "blind", "inhibited"}

    await entity_is_foreseen(lived, "HPE")
    await new_entity_has_a_rhythm_after_three_weeks(lived, "HPE")


async def entity_is_foreseen(lived: Tools, name: str) -> None:
    """Matched anew, article by article; without it there would be none of these alerts."""
    watch = WatchSource(lived.db)
    entity = next(one for one in (await watch.current()).matcher.entities if one.name == name)
    preview = await preview_entity(lived.db, watch, entity, None, Asked(lived.now, lambda _: None))
    real = Counter(
        "inhibited" if alert.inhibited_by else alert.kind.replace("quiet", "quiet time")
        for alert in await rows(lived.db, "alerts")
        if name in alert.entities
    )
    told = preview.periods[0].new
    assert Counter(told.how) + Counter(inhibited=told.inhibited) == real
    assert real, "or the equality would say little"
    gained = {(one["rule"], one["title"]) for one in preview.alerts_gained}
    assert gained
    assert gained <= {(alert.rule, alert.title) for alert in await rows(lived.db, "alerts") if name in alert.entities}


async def new_entity_has_a_rhythm_after_three_weeks(lived: Tools, name: str) -> None:
    """As if it had been defined ninety days ago: what is in the articles is its past."""
    async with lived.db.write() as session:
        await session.execute(delete(EntityRow).where(col(EntityRow.name) == name))
        await session.execute(delete(MentionRow).where(col(MentionRow.entity) == name))
        await watchlist.touch(session)
    watch = WatchSource(lived.db)
    preview = await preview_entity(lived.db, watch, derive_entity(name)[0], None, Asked(lived.now, lambda _: None))
    assert preview.periods[0].new.how["spike"] >= 2
    assert {name} == {name for one in preview.alerts_gained for name in one["entities"]}
