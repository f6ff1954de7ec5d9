"""``newsvane explain``: why an article did, or did not, become a mention and an alert."""

from collections.abc import Iterator
from typing import Literal

from service.cli.context import database
from service.cli.errors import CommandFailed
from service.cli.output import Line, json_text, visible

__all__ = ["explain"]

_BOUNDS = {"min": "at least ", "max": "up to ", "about": "about ", "range": "from "}


async def explain(url: str, entity: str | None = None, /, *, format: Literal["text", "json"] = "text") -> None:  # noqa: A002
    """Tell what was seen in an article, what was rejected and why, which rules it meets or misses, and what came of it.

    Parameters
    ----------
    url:
        The article's address, in any form under which it is known; or its number.
    entity:
        Only about this entity.
    """
    from service.desk.errors import Unknown
    from service.search import explained, watch_list

    async with database() as db:
        article = await explained(db, url, entity)
        tracked = {line["name"]: line["enabled"] for line in await watch_list(db, "entities")}
    if article is None:
        raise CommandFailed(f"no article is known at {url}; `newsvane articles` lists them")
    if entity is not None and not tracked.get(entity) and not article["mentions"] and not article["rejected"]:
        if entity in tracked:
            raise CommandFailed(f"the entity {entity!r} is switched off: nothing is looked for under its name")
        raise Unknown("entity", entity, known=tracked)
    if format == "json":
        print(json_text(article, indent=2))
        return
    for line in _told(article, entity):
        print(visible(line))


def _told(article: Line, entity: str | None) -> Iterator[str]:
    yield f"{article['title'] or '(no title)'}"
    yield f"  {article['url']}"
    yield f"  {article['source']}, found {article['discovered_at']}, {_state(article)}"
    if article["duplicate_of"]:
        yield f"  it is article {article['duplicate_of']['id']}: {article['duplicate_of']['url']}"
    if article["state"] != "read":
        return
    yield from _copies_told(article)
    for mention in article["mentions"]:
        about = f"{mention['salience']}, confidence {mention['confidence']:.2f}"
        verb = "was" if mention["withdrawn_at"] else "is"
        yield f"\n{mention['entity']} {verb} named: {about}, as {', '.join(mention['names'])}"
        yield from (f"  - {reason}" for reason in mention["evidence"])
        if mention["withdrawn_at"]:
            yield f"  - withdrawn {mention['withdrawn_at']}: {mention['withdrawn_reason']}"
        if mention["backfilled"]:
            yield "  - found afterwards in the stored article, so it raised no alert by itself"
        if mention["updated_at"]:
            yield f"  - {mention['updated_at']}: {mention['update_note']}"
    for rejected in article["rejected"]:
        yield f"\nnot {rejected['entity']}: “{rejected['span']['text']}” in the {rejected['span']['field']}"
        yield f"  - {rejected['reason']}"
    if not article["mentions"] and not article["rejected"]:
        yield f"\nNothing that looks like {entity or 'a tracked entity'} stands in it."
    yield from _facts_told(article)
    yield from _rules_told(article)
    yield from _alerts_told(article)


def _state(article: Line) -> str:
    if article["state"] == "due":
        return "still to be read" + (f" ({article['origin_note']})" if article["origin_note"] else "")
    if article["state"] == "duplicate":
        return "the same page as another article"
    whence = {"feed": "read from its feed", "linked-data": "read from its page's own data"}
    told = whence.get(article["origin"], "read from its page")
    return f"{told}: {article['origin_note']}" if article["origin_note"] else told


def _copies_told(article: Line) -> Iterator[str]:
    if article["story"] is not None:
        others = article["same_story"]
        yield f"  story {article['story']}" + (f", with {len(others)} other articles:" if others else ", of its own")
        yield from (f"    {other['source']}: {other['url']}" for other in others)
    yield from (f"  the same page was found at {copy['url']} ({copy['source']})" for copy in article["duplicates"])


def _facts_told(article: Line) -> Iterator[str]:
    """The deals that were read, for rules may ask for them."""
    for fact in article["facts"]:
        amount = "no amount"
        if fact["amount"] is not None:
            amount = f"{_BOUNDS.get(fact['bound'], '')}{fact['amount']:,.15g} {fact['currency'] or ''}".rstrip()
        who = ", ".join(fact["parties"]) or "nobody named"
        yield f"\na {fact['kind']} is told: {amount}, {fact['status']}, {who}"
        yield f"  - {fact['sentence']}"


def _rules_told(article: Line) -> Iterator[str]:
    """Today's rules: which it meets and what came of that, and at which part it misses the others."""
    for rule in article["rules"]:
        off = "" if rule["enabled"] else " (switched off)"
        if rule["met"]:
            yield f"\nrule {rule['name']}{off} is met, for {', '.join(rule['entities'])}"
            outcome = f"alert {rule['alert']}: {rule['because']}" if rule["alert"] else f"no alert: {rule['because']}"
            yield f"  - {outcome}"
            # One line where all wait for the same: a digest, the end of quiet hours.
            held: dict[tuple[str, str], list[str]] = {}
            for wait in rule["waits"]:
                held.setdefault((wait["due_at"], wait["why"]), []).append(wait["entity"])
            yield from (f"  - {', '.join(names)} at {due}: {why}" for (due, why), names in held.items())
            yield from (f"  - {one['entity']} not told {one['at']}: {one['why']}" for one in rule["not_told"])
        else:
            yield f"\nrule {rule['name']}{off} is missed"
            yield from (f"  - {part}" for part in rule["missed"])


def _alerts_told(article: Line) -> Iterator[str]:
    """The article's own alerts, and what became of each message: sent, retried, suppressed with the reason."""
    for alert in article["alerts"]:
        yield f"\nalert {alert['id']} ({alert['kind']}): {alert['reason']}"
        for sent in alert["deliveries"]:
            error = f", {sent['last_error']}" if sent["last_error"] else ""
            times = "once" if sent["attempts"] == 1 else f"{sent['attempts']} times"
            tried = f", tried {times}" if sent["attempts"] else ""
            yield f"  - {sent['channel']}: {sent['status']}{tried}{error}"
    if not article["alerts"] and not any(rule["waits"] for rule in article["rules"]):
        yield "\nno alert tells of this article"
