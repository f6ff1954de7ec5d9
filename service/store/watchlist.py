"""The watch list as it is stored: sources, entities, rules, channels. Every change moves its version.

The daemon compares ``version`` with the one it works with, so a change made by another process counts from the next
article on.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import bindparam, delete, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from service.domain import reasons
from service.domain.addresses import without_credentials
from service.domain.model import ChannelSpec, Rule
from service.store import episodes
from service.store.engine import lock, lock_articles
from service.store.tables import ChannelRow, EntityRow, InhibitionRow, MetaRow, RuleRow, SearchRow, SourceRow

__all__ = [
    "Changes",
    "SourceSpec",
    "add_sources",
    "as_told",
    "channels",
    "entity_definitions",
    "get_meta",
    "hold",
    "put_channel",
    "put_entity",
    "put_inhibition",
    "put_rule",
    "put_source",
    "remove",
    "rules",
    "set_enabled",
    "set_meta",
    "source_specs",
    "source_url",
    "sources_outside",
    "touch",
    "version",
]

_VERSION = "watchlist_version"
_META = select(col(MetaRow.value)).where(col(MetaRow.key) == bindparam("name"))
RowT = TypeVar("RowT", SourceRow, EntityRow, RuleRow, ChannelRow, InhibitionRow)
DefinedT = TypeVar("DefinedT", EntityRow, InhibitionRow)
KINDS: dict[str, Any] = {
    "source": SourceRow,
    "entity": EntityRow,
    "rule": RuleRow,
    "channel": ChannelRow,
    "inhibition": InhibitionRow,
    "search": SearchRow,
}


@dataclass(frozen=True, slots=True)
class SourceSpec:
    """A source as the watch list writes it. ``interval`` in seconds; None: as the settings and the feed say."""

    url: str
    title: str = ""
    tags: tuple[str, ...] = ()
    language: str | None = None
    enabled: bool = True
    interval: int | None = None


def as_told(kind: str, name: str) -> str:
    """``rule big news``. Of a source's address without the password, which is shown to nobody."""
    return f"{kind} {without_credentials(name) if kind == 'source' else name}"


@dataclass(slots=True)
class Changes:
    """What an ``apply`` did, as ``kind name`` strings. ``doubts``: what was taken and looks like a mistake."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


async def version(session: AsyncSession) -> int:
    return int(await get_meta(session, _VERSION) or 0)


async def touch(session: AsyncSession) -> None:
    """Say that the watch list changed."""
    await lock(session, "watch list")
    await set_meta(session, _VERSION, str(await version(session) + 1))


async def get_meta(session: AsyncSession, key: str) -> str | None:
    return (await session.execute(_META, {"name": key})).scalar_one_or_none()


async def set_meta(session: AsyncSession, key: str, value: str) -> None:
    await session.merge(MetaRow(key=key, value=value))
    await session.flush()


async def source_specs(session: AsyncSession) -> list[SourceSpec]:
    rows = (await session.execute(select(SourceRow).order_by(col(SourceRow.id)))).scalars()
    return [_source_spec(row) for row in rows]


async def sources_outside(session: AsyncSession, listed: AbstractSet[str]) -> set[str]:
    """The addresses of sources that a list with these addresses leaves out; it may name those that moved as before."""
    known = await session.execute(select(col(SourceRow.url), col(SourceRow.listed_url)))
    return {url for url, before in known if url not in listed and before not in listed}


async def source_url(session: AsyncSession, source: int) -> str | None:
    """By its number; None when there is none."""
    return (await session.execute(select(col(SourceRow.url)).where(col(SourceRow.id) == source))).scalar_one_or_none()


async def entity_definitions(session: AsyncSession) -> list[dict[str, Any]]:
    """Each in the watch list's own form, with ``name`` and ``enabled``."""
    rows = (await session.execute(select(EntityRow).order_by(col(EntityRow.id)))).scalars()
    return [{**row.definition, "name": row.name, "enabled": row.enabled} for row in rows]


async def rules(session: AsyncSession) -> list[Rule]:
    rows = (await session.execute(select(RuleRow).order_by(col(RuleRow.id)))).scalars()
    return [Rule(row.name, row.query, tuple(row.channels), row.enabled, row.options, row.watch or {}) for row in rows]


async def channels(session: AsyncSession) -> list[ChannelSpec]:
    rows = (await session.execute(select(ChannelRow).order_by(col(ChannelRow.id)))).scalars()
    return [ChannelSpec(row.name, row.type, row.config, row.enabled) for row in rows]


async def hold(session: AsyncSession, *, channels: Sequence[str], sources: Sequence[str]) -> None:
    """Lock the channels and sources that the session has changed and not yet written, and these, which are to go.

    Channels by name, then sources by number: the order of all who write several, so that none waits in a circle.
    """
    names = {row.name for row in session.dirty if isinstance(row, ChannelRow)}.union(channels)
    if names:
        rows = select(col(ChannelRow.id)).where(col(ChannelRow.name).in_(names)).order_by(col(ChannelRow.name))
        await session.execute(rows.with_for_update())
    ids = [row.id for row in session.dirty if isinstance(row, SourceRow)]
    if ids or sources:
        ours = or_(col(SourceRow.id).in_(ids), col(SourceRow.url).in_(sources))
        held = select(col(SourceRow.id)).where(ours).order_by(col(SourceRow.id))
        await session.execute(held.with_for_update(key_share=True))


async def put_source(
    session: AsyncSession, spec: SourceSpec, changes: Changes, *, now: datetime, first_poll_at: datetime
) -> None:
    row = await _find(session, SourceRow, col(SourceRow.url) == spec.url)
    row = row or await _moved(session, spec.url)
    if row is None:
        session.add(SourceRow(**_values(spec, now, first_poll_at)))
        changes.added.append(as_told("source", spec.url))
        return
    # What the list leaves out, the feed may have said.
    wanted = replace(spec, url=row.url, title=spec.title or row.title, language=spec.language or row.language)
    if _source_spec(row) != wanted:
        if wanted.interval != row.interval_seconds:
            _bring_forward(row, wanted.interval, now)
        row.title, row.tags, row.language = wanted.title, list(wanted.tags), wanted.language
        row.enabled, row.interval_seconds = wanted.enabled, wanted.interval
        changes.changed.append(as_told("source", spec.url))


def _bring_forward(row: SourceRow, interval: int | None, now: datetime) -> None:
    """A shorter interval holds from now on, not after a pause that was decided under the old one. What waits because of
    a failure goes on waiting."""
    if interval is None or row.failures or row.last_polled_at is None:
        return
    due = max(now, row.last_polled_at + timedelta(seconds=interval))
    if due < row.next_poll_at:
        row.next_poll_at, row.due_because = due, reasons.BY_HAND


async def add_sources(
    session: AsyncSession, wanted: Sequence[tuple[SourceSpec, datetime]], changes: Changes, *, now: datetime
) -> None:
    """Add sources, each with the time of its first poll, with one look-up for all: some hundred at a time.

    One that is there gains the tags, and the title if it has none; all else stays as its user decided.
    """
    urls = [spec.url for spec, _ in wanted]
    moved = (await session.execute(select(SourceRow).where(col(SourceRow.listed_url).in_(urls)))).scalars()
    there = {row.listed_url: row for row in moved}
    found = (await session.execute(select(SourceRow).where(col(SourceRow.url).in_(urls)))).scalars()
    there |= {row.url: row for row in found}
    new: list[dict[str, Any]] = []
    for spec, first_poll_at in wanted:
        row = there.get(spec.url)
        if row is None:
            new.append(_values(spec, now, first_poll_at))
            changes.added.append(as_told("source", spec.url))
            continue
        title, tags = row.title or spec.title, list(dict.fromkeys([*row.tags, *spec.tags]))
        if (row.title, row.tags) != (title, tags):
            row.title, row.tags = title, tags
            changes.changed.append(as_told("source", spec.url))
    if new:  # as values: making ten thousand row objects costs more than writing them
        blank = SourceRow(**new[0]).model_dump(exclude={"id"})
        await session.execute(insert(SourceRow), [{**blank, **values} for values in new])
    await session.flush()
    session.expunge_all()


def _values(spec: SourceSpec, now: datetime, first_poll_at: datetime) -> dict[str, Any]:
    return {
        "url": spec.url,
        "title": spec.title,
        "tags": list(spec.tags),
        "language": spec.language,
        "enabled": spec.enabled,
        "interval_seconds": spec.interval,
        "created_at": now,
        "next_poll_at": first_poll_at,
    }


async def put_entity(session: AsyncSession, definition: dict[str, Any], changes: Changes, *, now: datetime) -> None:
    await _put_defined(session, EntityRow, "entity", definition, changes, now)


async def put_rule(session: AsyncSession, rule: Rule, changes: Changes, *, now: datetime) -> None:
    row = await _find(session, RuleRow, col(RuleRow.name) == rule.name)
    wanted = (rule.query, list(rule.channels), dict(rule.options), rule.enabled, dict(rule.watch) or None)
    if row is None:
        row = RuleRow(name=rule.name, created_at=now)
        changes.added.append(f"rule {rule.name}")
        session.add(row)
    elif (row.query, row.channels, row.options, row.enabled, row.watch) != wanted:
        changes.changed.append(f"rule {rule.name}")
    row.query, row.channels, row.options, row.enabled, row.watch = wanted
    if row.enabled and "volume" in row.options:
        await episodes.expect(session, rule.name, now=now)


async def put_inhibition(session: AsyncSession, definition: dict[str, Any], changes: Changes, *, now: datetime) -> None:
    await _put_defined(session, InhibitionRow, "inhibition", definition, changes, now)


async def put_channel(session: AsyncSession, channel: ChannelSpec, changes: Changes, *, now: datetime) -> None:
    """A channel that was switched off because its receiver is gone stays off until its definition changes, or a person
    switches it on: applying the same file at the next start must not bring it back."""
    row = await _find(session, ChannelRow, col(ChannelRow.name) == channel.name)
    gone = row is not None and row.disabled_reason is not None
    same = row is not None and (row.type, row.config) == (channel.type, dict(channel.config))
    wanted = (channel.type, dict(channel.config), channel.enabled and not (gone and same))
    if row is None:
        row = ChannelRow(name=channel.name, type=channel.type, created_at=now)
        changes.added.append(f"channel {channel.name}")
        session.add(row)
    elif (row.type, row.config, row.enabled) != wanted:
        changes.changed.append(f"channel {channel.name}")
    row.type, row.config, row.enabled = wanted
    if row.enabled and not same:
        row.failing_since = row.failures = row.rests_until = None
    row.disabled_reason = None if row.enabled else row.disabled_reason


async def set_enabled(session: AsyncSession, kind: str, name: str, *, enabled: bool) -> bool:
    """False when there is none of that name (a source goes by its address)."""
    table = KINDS[kind]
    row: Any = await _find(session, table, _name_column(table) == name)
    if row is None:
        return False
    row.enabled = enabled
    if isinstance(row, ChannelRow):
        row.disabled_reason = None
        row.failing_since = row.failures = row.rests_until = None
    return True


async def remove(session: AsyncSession, kind: str, names: Sequence[str]) -> list[str]:
    """Take things off the watch list; what they brought stays. The names that were there."""
    table = KINDS[kind]
    column = _name_column(table)
    if table is SourceRow:  # the database takes it from the articles that it brought
        mine = select(col(SourceRow.id)).where(column.in_(names)).order_by(col(SourceRow.id))
        await session.execute(mine.with_for_update(key_share=True))
        await lock_articles(session)
    return list((await session.execute(delete(table).where(column.in_(names)).returning(column))).scalars())


async def _moved(session: AsyncSession, url: str) -> SourceRow | None:
    """The source that was at this address, when its publisher moved it."""
    return (
        await session.execute(select(SourceRow).where(col(SourceRow.listed_url) == url).limit(1))
    ).scalar_one_or_none()


def _name_column(table: Any) -> Any:  # noqa: ANN401 - a column of one of these tables
    return col(table.url if table is SourceRow else table.name)


async def _put_defined(
    session: AsyncSession,
    table: type[DefinedT],
    kind: str,
    definition: dict[str, Any],
    changes: Changes,
    now: datetime,
) -> None:
    name, enabled = definition["name"], definition.get("enabled", True)
    rest = {key: value for key, value in definition.items() if key not in {"name", "enabled"}}
    row = await _find(session, table, col(table.name) == name)
    if row is None:
        session.add(table(name=name, enabled=enabled, definition=rest, created_at=now))
        changes.added.append(f"{kind} {name}")
    elif (row.enabled, row.definition) != (enabled, rest):
        row.enabled, row.definition = enabled, rest
        changes.changed.append(f"{kind} {name}")


async def _find(session: AsyncSession, table: type[RowT], condition: Any) -> RowT | None:  # noqa: ANN401
    return (await session.execute(select(table).where(condition))).scalar_one_or_none()


def _source_spec(row: SourceRow) -> SourceSpec:
    return SourceSpec(row.url, row.title, tuple(row.tags), row.language, row.enabled, row.interval_seconds)
