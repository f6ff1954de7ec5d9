"""What became of one article beside its own mentions: its story, its copies, and which rules it meets."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.domain.alerting_policy import PolicyError, policy_of
from service.domain.model import Rule
from service.domain.past import view_of
from service.domain.query import ArticleView, QueryError, matching_mentions, missed_parts, parse
from service.store import past, watchlist
from service.store.facts import facts_of
from service.store.lines import Line
from service.store.story_lines import story_contents
from service.store.tables import AlertRow, ArticleRow

__all__ = ["around", "rules_on"]

_MOST = 20


async def around(session: AsyncSession, article: int) -> Line:
    """``same_story``, ``duplicates``, ``duplicate_of``: articles; ``story_alerts``: alerts that its story has, also
    those that other articles raised."""
    row = await session.get_one(ArticleRow, article)
    # The newest of a large story tell enough.
    same = select(ArticleRow).where(col(ArticleRow.story_id) == row.story_id, col(ArticleRow.id) != row.id)
    copies = select(ArticleRow).where(col(ArticleRow.duplicate_of) == row.id)
    twin = await session.get(ArticleRow, row.duplicate_of) if row.duplicate_of is not None else None
    raised = select(AlertRow).where(col(AlertRow.story_id) == row.story_id).order_by(col(AlertRow.created_at))
    return {
        "same_story": await _brief(session, same) if row.story_id is not None else [],
        "duplicates": await _brief(session, copies),
        "duplicate_of": _article(twin) if twin is not None else None,
        "story_alerts": [
            {"id": alert.id, "rule": alert.rule, "url": alert.url, "title": alert.title}
            for alert in (await session.execute(raised.limit(_MOST))).scalars()
        ],
    }


async def rules_on(session: AsyncSession, known: Line) -> list[Line]:
    """Today's rules on a stored article, a line as ``search`` tells it: whether each is met, for which entities, or
    which parts of its query fail; and the alert that tells of it, or why there is none."""
    articles = await past.by_ids(session, [known["id"]])
    if not articles:
        return []
    facts = (await facts_of(session, [known["id"]])).get(known["id"], [])
    view = view_of(articles[0], None, facts)
    raised = or_(col(AlertRow.story_id) == known["story"], col(AlertRow.id).in_([one["id"] for one in known["alerts"]]))
    alerts = (await session.execute(select(AlertRow).where(raised).order_by(col(AlertRow.created_at)))).scalars().all()
    by_rule = {alert.rule: alert for alert in reversed(alerts)}
    rules = await watchlist.rules(session)
    whole = view
    if known["story"] is not None and any(rule.options.get("within") == "story" for rule in rules):
        _, mentions, told = await story_contents(session, known["story"])
        whole = replace(view, mentions=mentions, facts=told)
    own = {alert["rule"]: alert for alert in known["alerts"]}
    return [
        _rule(rule, whole if rule.options.get("within") == "story" else view)
        | _alerted(rule, known, own.get(rule.name), by_rule.get(rule.name))
        for rule in rules
        if not rule.watch
    ]


def _rule(rule: Rule, view: ArticleView) -> Line:
    line: Line = {"name": rule.name, "query": rule.query, "enabled": rule.enabled, "met": False, "entities": []}
    try:
        query = parse(rule.query)
    except QueryError as error:
        return {**line, "missed": [f"the query cannot be used: {error}"]}
    named = [mention.entity for mention in matching_mentions(query, view)]
    missed = list(missed_parts(query, view))
    if not view.mentions:
        missed = ["no tracked entity is named", *missed]
    elif not named and not missed:
        missed = ["it holds for none of the mentions"]
    return {**line, "met": bool(named), "entities": named, "missed": missed}


def _alerted(rule: Rule, known: Line, own: Line | None, other: AlertRow | None) -> Line:
    """``alert``: its id, ``because``: how it came that there is this one, or none."""
    if own is not None and own["inhibited_by"] is not None:
        return {"alert": own["id"], "because": f"it was held back while alert {own['inhibited_by']} stood"}
    if own is not None:
        return {"alert": own["id"], "because": "this article is told of in it"}
    if other is not None:
        return {"alert": other.id, "because": f"story {known['story']} had raised it: {other.url}"}
    if "volume" in rule.options:
        return {"alert": None, "because": "the rule counts articles, and none of its alerts tells of this one"}
    waits = [f"it waits until {one['due_at']}: {one['why']}" for one in known["waiting"] if one["rule"] == rule.name]
    if waits:
        return {"alert": None, "because": waits[0]}
    if not rule.enabled:
        return {"alert": None, "because": "the rule is switched off"}
    if not _was_active(rule, known["read_at"]):
        return {"alert": None, "because": "the rule was not active on the day on which it was read"}
    standing = [mention for mention in known["mentions"] if mention["withdrawn_at"] is None]
    if known["baseline"]:
        return {"alert": None, "because": "it stood in the feed at the first poll, and no summary was made"}
    if standing and all(mention["backfilled"] for mention in standing):
        return {"alert": None, "because": "its mentions were found afterwards, which is quiet"}
    return {"alert": None, "because": "rule or entity have changed since it was read"}


def _was_active(rule: Rule, read_at: str | None) -> bool:
    try:
        active = policy_of(rule.options).active
    except PolicyError:
        return True
    return active is None or read_at is None or active.holds(datetime.fromisoformat(read_at))


async def _brief(session: AsyncSession, statement: Any) -> list[Line]:  # noqa: ANN401 - a selection of articles
    rows = (await session.execute(statement.order_by(col(ArticleRow.id).desc()).limit(_MOST))).scalars()
    return [_article(row) for row in rows]


def _article(row: ArticleRow) -> Line:
    return {"id": row.id, "url": row.url, "title": row.title, "source": row.source}
