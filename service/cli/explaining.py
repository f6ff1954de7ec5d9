"""``newsvane explain``: why an article did, or did not, become a mention and an alert."""

from collections.abc import Iterator
from typing import Any, Literal

from service.cli.context import database
from service.cli.errors import CommandFailed
from service.cli.output import Line, json_text, visible

__all__ = ["explain"]


async def explain(url: str, entity: str | None = None, /, *, format: Literal["text", "json"] = "text") -> None:  # noqa: A002
    """Tell what was seen in an article, what was rejected and why, and which alerts came of it.

    Parameters
    ----------
    url:
        The article's address, in any form under which it is known; or its number.
    entity:
        Only about this entity.
    """
    from service.search import one

    async with database() as db:
        article = await one(db, "article", url)
    if article is None:
        raise CommandFailed(f"no article is known at {url}; `newsvane articles` lists them")
    if entity is not None:
        for key in ("mentions", "rejected"):
            article[key] = [line for line in article[key] if line["entity"] == entity]
        article["alerts"] = [alert for alert in article["alerts"] if entity in alert["entities"]]
    if format == "json":
        print(json_text(article, indent=2))
        return
    for line in _told(article, entity):
        print(visible(line))


def _told(article: Line, entity: str | None) -> Iterator[str]:
    yield f"{article['title'] or '(no title)'}"
    yield f"  {article['url']}"
    yield f"  {article['source']}, found {article['discovered_at']}, {_state(article)}"
    if article["state"] != "read":
        return
    for mention in article["mentions"]:
        about = f"{mention['salience']}, confidence {mention['confidence']:.2f}"
        verb = "was" if mention["withdrawn_at"] else "is"
        yield f"\n{mention['entity']} {verb} named: {about}, as {', '.join(mention['names'])}"
        yield from (f"  - {reason}" for reason in mention["evidence"])
        if mention["withdrawn_at"]:
            yield f"  - withdrawn {mention['withdrawn_at']}: {mention['withdrawn_reason']}"
    for rejected in article["rejected"]:
        yield f"\nnot {rejected['entity']}: “{rejected['span']['text']}” in the {rejected['span']['field']}"
        yield f"  - {rejected['reason']}"
    if not article["mentions"] and not article["rejected"]:
        yield f"\nNothing that looks like {entity or 'a tracked entity'} stands in it."
    yield from _alerts_told(article)


def _state(article: Line) -> str:
    if article["state"] == "due":
        return "still to be read" + (f" ({article['origin_note']})" if article["origin_note"] else "")
    if article["state"] == "duplicate":
        return "the same page as another article"
    whence = {"feed": "read from its feed", "linked-data": "read from its page's own data"}
    told = whence.get(article["origin"], "read from its page")
    return f"{told}: {article['origin_note']}" if article["origin_note"] else told


def _alerts_told(article: Line) -> Iterator[str]:
    alerts: list[dict[str, Any]] = article["alerts"]
    for alert in alerts:
        yield f"\nalert {alert['id']} ({alert['kind']}): {alert['reason']}"
        for sent in alert["deliveries"]:
            error = f", {sent['last_error']}" if sent["last_error"] else ""
            yield f"  - {sent['channel']}: {sent['status']} after {sent['attempts']} attempts{error}"
    waiting: list[dict[str, Any]] = article["waiting"]
    for wait in waiting:
        entity = next((m["entity"] for m in article["mentions"] if m["id"] == wait["mention"]), None)
        if entity is not None:
            yield f"\nrule {wait['rule']} tells {entity} at {wait['due_at']}: {wait['why']}"
    if article["mentions"] and not alerts and not waiting:
        why = "no rule was met"
        if article["baseline"]:
            why = "it stood in the feed at the first poll, and no summary was made"
        elif article["story"] is not None:
            why = f"no rule was met, or story {article['story']} had raised its alert before"
        yield f"\nno alert: {why}"
