"""``newsvane stats``: what was found, in figures."""

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import Parameter

from service.cli.context import database
from service.cli.output import Format, Line, json_text, show

if TYPE_CHECKING:
    from service.figures import CoMentions, Deals, ShareOfVoice, TopSources, Volume

__all__ = ["stats"]

_KEYS = ("figure", "name", "other", "start", "articles", "main", "stories", "mentions", "share", "usual")
_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "share of voice": ("name", "articles", "main", "stories", "share"),
    "volume": ("name", "start", "articles", "usual"),
    "named together": ("name", "other", "articles", "stories"),
    "top sources": ("name", "articles", "mentions"),
    "deals": ("name", "other", "start", "articles"),
}


async def stats(
    query: str | None = None,
    /,
    *,
    entity: str | None = None,
    source: str | None = None,
    since: str | None = None,
    until: str | None = None,
    step: Literal["hour", "day", "week"] = "day",
    timezone: str = "UTC",
    limit: int = 10,
    past: Annotated[bool, Parameter(negative="")] = False,
    format: Format = "table",  # noqa: A002 - the option's name
) -> None:
    """Count what was found: who is named how often, when, together with whom and by which sources, and the deals.

    Parameters
    ----------
    query:
        In the query language: only what it holds for. Then only the newest are counted, and it is said how far back.
    entity:
        Only this entity; of those named together, with it.
    source:
        Only from this source (its title or address).
    since:
        Found at or after this: 2h, 7d, or 2026-11-22T08:00:00Z. Seven days if left out.
    until:
        Found before this.
    step:
        By hour, day or week.
    timezone:
        In which days and weeks begin, such as Europe/Berlin.
    limit:
        How many entities, pairs, sources and deals at most.
    past:
        Count also what stood in a feed at its first poll, and what a rescan found.
    format:
        table, json (all of it, one object), jsonl or csv (a line for each figure).
    """
    import sys

    from service.figures import as_object, co_mentions, deals, share_of_voice, top_sources, volume
    from service.opening import now
    from service.search import Ask
    from service.store import housekeeping

    ask, at = Ask(query, entity=entity, source=source, since=since, until=until), now()
    async with database() as db:
        voice = await share_of_voice(db, ask, now=at, most=limit, past=past)
        time = await volume(db, ask, now=at, step=step, timezone=timezone, most=limit, bands=True, past=past)
        named = await co_mentions(db, ask, now=at, most=2 * limit, past=past)
        told = await top_sources(db, ask, now=at, most=limit, past=past)
        made = await deals(db, ask, now=at, order="biggest", most=limit)
        async with db.read() as session:
            totals = await housekeeping.counts(session, now=at)
    if format == "json":
        answers = {
            "totals": totals,
            "share_of_voice": voice,
            "volume": time,
            "co_mentions": named,
            "top_sources": told,
            "deals": made,
        }
        print(json_text(as_object(answers), indent=2))
    else:
        lines = [_whole(line) for line in _lines(voice, time, named, told, made, limit)]
        _show(lines, format, totals)
    basis = voice.basis
    print(f"counted: {basis.since:%Y-%m-%d %H:%M} to {basis.until:%Y-%m-%d %H:%M} UTC", file=sys.stderr)
    if basis.reaches is not None:
        print(f"only the newest were counted, back to {basis.reaches:%Y-%m-%d %H:%M} UTC", file=sys.stderr)


def _lines(
    voice: "ShareOfVoice", time: "Volume", named: "CoMentions", told: "TopSources", made: "Deals", limit: int
) -> Iterator[Line]:
    from service.domain.alerting import rfc3339

    for share in voice.shares:
        yield {
            "figure": "share of voice",
            "name": share.entity,
            "articles": share.articles,
            "main": share.main,
            "stories": share.stories,
            "share": round(share.share, 4),
        }
    for series in time.series:
        for number, (start, count) in enumerate(zip(time.starts, series.counts, strict=True)):
            band = series.usual[number] if series.usual else None
            usual = f"{band.low}-{band.high}" if band else None
            at = rfc3339(start)
            yield {"figure": "volume", "name": series.entity, "start": at, "articles": count, "usual": usual}
    for pair in named.pairs[:limit]:
        figures = {"articles": pair.articles, "stories": pair.stories}
        yield {"figure": "named together", "name": pair.one, "other": pair.other, **figures}
    for source in told.sources:
        counts = {"articles": source.articles, "mentions": source.mentions}
        yield {"figure": "top sources", "name": source.source, **counts}
    for deal in made.deals:
        from service.notify.message import amount_of, parties_of

        words = f"{amount_of(deal.fact)} {deal.fact['kind']}".strip()
        parties, at = ", ".join(parties_of(deal.fact)), rfc3339(deal.first_seen)
        yield {"figure": "deals", "name": words, "other": parties, "start": at, "articles": deal.articles}


def _whole(line: Line) -> dict[str, Any]:
    return {key: line.get(key) for key in _KEYS}


def _show(lines: list[dict[str, Any]], format: Format, totals: Mapping[str, int]) -> None:  # noqa: A002
    if format != "table":
        show(lines, format, {})
        return
    print(", ".join(f"{count} {name.replace('_', ' ')}" for name, count in totals.items()))
    for figure, columns in _COLUMNS.items():
        found = [line for line in lines if line["figure"] == figure]
        if found:
            print(f"\n{figure}")
            show(found, format, {name: _column(name) for name in columns})


def _column(name: str) -> Callable[[Line], object]:
    if name == "share":
        return lambda line: f"{100 * line['share']:.1f} %"
    if name == "start":
        return lambda line: line["start"][:16].replace("T", " ")
    return lambda line: line[name]
