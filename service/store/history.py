"""What became of one article beside its own mentions: its story, its copies, and which rules it meets."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.domain.alerting import rfc3339
from service.domain.alerting_policy import PolicyError, policy_of
from service.domain.model import Rule
from service.domain.past import view_of
from service.domain.query import ArticleView, QueryError, matching_mentions, missed_parts, parse
from service.store import past, watchlist
from service.store.facts import facts_of
from service.store.lines import Line
from service.store.story_lines import story_contents
from service.store.tables import AlertMentionRow, AlertRow, ArticleRow, MentionRow, RuleRow

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
    which parts of its query fail; the alert that tells of it, or why there is none; what of it ``waits``, and what was
    ``not_told``."""
    articles = await past.by_ids(session, [known["id"]])
    if not articles:
        return []
    facts = (await facts_of(session, [known["id"]])).get(known["id"], [])
    view = view_of(articles[0], None, facts)
    rules = [rule for rule in await watchlist.rules(session) if not rule.watch]
    whole = view
    if known["story"] is not None and any(rule.options.get("within") == "story" for rule in rules):
        _, mentions, told = await story_contents(session, known["story"])
        whole = replace(view, mentions=mentions, facts=told)
    alerts = await _alerts(session, known)
    own = {alert["id"] for alert in known["alerts"]}
    since = {name: at for name, at in await session.execute(select(col(RuleRow.name), col(RuleRow.created_at)))}  # noqa: C416
    named = {mention["id"]: mention["entity"] for mention in known["mentions"]}
    lines = []
    for rule in rules:
        waits = [{**one, "entity": named[one["mention"]]} for one in known["waiting"] if one["rule"] == rule.name]
        left = [one for one in known["not_told"] if one["rule"] == rule.name]
        raised = [alert for alert in alerts if alert.rule == rule.name]
        fate = _told(known, [alert for alert in raised if alert.id in own])
        fate = fate or _waits(waits) or _not_active(left) or _told_elsewhere(known, raised)
        fate = fate or {"alert": None, "because": _untold(rule, known, articles[0].first_read_at, since[rule.name])}
        seen = whole if rule.options.get("within") == "story" else view
        lines.append(_rule(rule, seen) | fate | {"waits": waits, "not_told": left})
    return lines


async def _alerts(session: AsyncSession, known: Line) -> list[AlertRow]:
    """Those that tell of the article or of its story, the first first; of digests and the like, too."""
    of_story = (
        select(col(AlertMentionRow.alert_id))
        .join(MentionRow, col(MentionRow.id) == col(AlertMentionRow.mention_id))
        .join(ArticleRow, col(ArticleRow.id) == col(MentionRow.article_id))
        .where(or_(col(ArticleRow.id) == known["id"], col(ArticleRow.story_id) == known["story"]))
    )
    raised = select(AlertRow).where(or_(col(AlertRow.id).in_(of_story), col(AlertRow.story_id) == known["story"]))
    found = await session.execute(raised.order_by(col(AlertRow.created_at), col(AlertRow.id)))
    return list(found.scalars())


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


def _told(known: Line, own: Sequence[AlertRow]) -> Line | None:
    """``alert``: its id, ``because``: how it came that there is this one, or none."""
    told = next((alert for alert in own if alert.silenced_by is None and alert.inhibited_by is None), None)
    if told is not None:
        more = f"; so do {len(own) - 1} more" if len(own) > 1 else ""
        return {"alert": told.id, "because": f"this article is told of in it{more}"}
    if own and own[0].inhibited_by is not None:
        return {"alert": own[0].id, "because": f"it was held back while alert {own[0].inhibited_by} stood"}
    if own:
        return {"alert": own[0].id, "because": f"it tells of this article to nobody: {_muted_by(own[0])}"}
    return None


def _waits(waits: Sequence[Line]) -> Line | None:
    if not waits:
        return None
    return {"alert": None, "because": f"it waits until {waits[0]['due_at']}: {waits[0]['why']}"}


def _not_active(left: Sequence[Line]) -> Line | None:
    """The rule was not active when it was read, whatever it says today."""
    return next(({"alert": None, "because": line["why"]} for line in left if line["alert"] is None), None)


def _told_elsewhere(known: Line, raised: Sequence[AlertRow]) -> Line | None:
    """A first poll's summary of another article leaves the story to be told; so does a silence once it is over."""
    others = [alert for alert in raised if not alert.dedupe_key.startswith("first:")]
    told = next((alert for alert in others if alert.silenced_by is None and alert.inhibited_by is None), None)
    if told is not None:
        where = told.url or f"in “{told.title}”"
        return {"alert": told.id, "because": f"story {known['story']} had raised it: {where}"}
    if others:
        return {"alert": others[0].id, "because": f"story {known['story']} was muted before, by {_muted_by(others[0])}"}
    return None


def _muted_by(alert: AlertRow) -> str:
    if alert.silenced_by is not None:
        return f"silence {alert.silenced_by}"
    return f"alert {alert.inhibited_by}, which stood"


def _untold(rule: Rule, known: Line, read_at: datetime, since: datetime) -> str:
    """Why a rule has nothing of an article, where it would meet it."""
    if not rule.enabled:
        return "the rule is switched off"
    if "volume" in rule.options:
        return "the rule counts articles, and none of its alerts tells of this one"
    try:
        active = policy_of(rule.options).active
    except PolicyError as error:
        return f"the rule cannot be used: {error.key}: {error}"
    if active is not None and not active.holds(read_at):
        return active.why_not(read_at)
    if since > read_at:
        return f"the rule was added at {rfc3339(since)}, after it was read"
    standing = [mention for mention in known["mentions"] if mention["withdrawn_at"] is None]
    if known["baseline"]:
        return "it stood in the feed at the first poll, and no summary was made"
    if standing and all(mention["backfilled"] for mention in standing):
        return "its mentions were found afterwards, which is quiet"
    return "rule or entity have changed since it was read"


async def _brief(session: AsyncSession, statement: Any) -> list[Line]:  # noqa: ANN401 - a selection of articles
    rows = (await session.execute(statement.order_by(col(ArticleRow.id).desc()).limit(_MOST))).scalars()
    return [_article(row) for row in rows]


def _article(row: ArticleRow) -> Line:
    return {"id": row.id, "url": row.url, "title": row.title, "source": row.source}
