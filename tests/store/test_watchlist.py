"""The watch list: one wrong word changes nothing, and applying twice is applying once."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import update
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col

from service.domain.model import ChannelSpec, Rule
from service.domain.query import parse
from service.store import watchlist as stored
from service.store.engine import Database
from service.store.migrate import migrate
from service.store.tables import SourceRow
from service.store.watchlist import Changes
from service.watchlist import WatchList, WatchListError, apply, bundled, export, parse_watchlist, seconds_of
from tests.store.steps import NOW, count, entry, fresh, poll, row, rows

WHOLE = """
channels:
  - {name: ops, type: webhook, url: "https://hooks.example/ops", secret: whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw}
  - {name: desk, type: email, to: [desk@example.org, night@example.org], enabled: false}
sources:
  - {url: "https://a.example/feed", title: A, tags: [trade, servers], interval: 10m, language: de}
  - {url: "https://b.example/feed", enabled: false}
entities:
  - name: HPE
    aliases: [HPE, {text: Hewlett Packard Enterprise, case: any}, {text: hewlett, strength: weak}]
    for: [servers, {text: GreenLake, reach: article}]
    against: [human pose]
    masks: [HPE Park]
    tickers: ["NYSE:HPE"]
    domains: [hpe.com]
  - {name: "Off “Co”", enabled: false}
rules:
  - name: all
    query: "entity:*"
    channels: [ops, desk]
    digest: cron "0 8 * * mon-fri"
    timezone: Europe/Berlin
    group_by: source
    group_wait: 90s
    repeat: material
    throttle: 10/hour
    quiet_hours: {from: "22:00", to: "07:00", days: [sat, sun], except_high: true}
    active: {from: 2026-11-22, to: 2026-12-31}
    priority: high
  - {name: two, entities: [HPE, 'Quoted "Name"'], channels: [ops], enabled: false}
"""


async def put(db: Database, text: str, **options: bool) -> Changes:
    return await apply(db, parse_watchlist(text), now=NOW, random=lambda: 0.5, spread=timedelta(seconds=20), **options)


async def contents(db: Database) -> list[list[dict[str, Any]]]:
    """Everything that the watch list's tables and its version hold."""
    tables = ("sources", "entities", "rules", "channels", "meta")
    return [[row.model_dump() for row in await rows(db, table)] for table in tables]


async def test_everything_written_is_kept(db: Database) -> None:
    changes = await put(db, WHOLE)
    assert (len(changes.added), changes.changed, changes.removed) == (8, [], [])
    first, second = await rows(db, "sources")
    assert (first.title, first.tags, first.interval_seconds, first.language, first.enabled) == (
        "A",
        ["trade", "servers"],
        600,
        "de",
        True,
    )
    assert not second.enabled
    assert (first.next_poll_at - NOW).total_seconds() == 10, "half of the time over which first polls are spread"
    _, two = await rows(db, "rules")
    assert two.query == 'entity:"HPE" OR entity:"Quoted \\"Name\\""'
    parse(two.query)
    ops, desk = await rows(db, "channels")
    assert ops.config["secret"].startswith("whsec_")
    assert (desk.config, desk.enabled) == ({"to": ["desk@example.org", "night@example.org"]}, False)


async def test_applying_twice_changes_nothing(db: Database) -> None:
    await put(db, WHOLE)
    before = await contents(db)
    assert not await put(db, WHOLE)
    assert await contents(db) == before


async def test_what_a_feed_says_of_itself_is_no_change(db: Database) -> None:
    """The list names neither title nor language; the first poll learnt both."""
    text = "sources: [{url: 'https://a.example/feed'}]"
    await put(db, text)
    answer = fresh(entry(1))
    answer = replace(answer, feed=replace(answer.feed, title="The feed's title", language="de-DE"))
    await poll(db, answer, now=NOW + timedelta(minutes=1))
    assert not await put(db, text)
    source = await row(db, "sources")
    assert (source.title, source.language) == ("The feed's title", "de-DE")


async def test_an_export_applied_is_no_change(db: Database, tmp_path: Path) -> None:
    await put(db, WHOLE)
    written = await export(db)
    before = await contents(db)
    assert not await put(db, written, prune=True)
    assert await contents(db) == before
    other = Database(f"sqlite:///{tmp_path / 'other.db'}")
    try:
        migrate(other.url)
        await put(other, written)
        assert parse_watchlist(await export(other)) == parse_watchlist(written)
    finally:
        await other.close()


async def test_each_change_moves_the_version(db: Database) -> None:
    async def version() -> int:
        async with db.read() as session:
            return await stored.version(session)

    await put(db, WHOLE)
    assert await version() == 1
    changes = await put(db, WHOLE.replace("title: A", "title: B").replace("for: [servers,", "for: [racks,"))
    assert changes.changed == ["source https://a.example/feed", "entity HPE"]
    assert await version() == 2
    await put(db, WHOLE.replace("title: A", "title: B").replace("for: [servers,", "for: [racks,"))
    assert await version() == 2


async def test_what_a_file_leaves_out_stays_unless_pruned(db: Database) -> None:
    await put(db, WHOLE)
    smaller = "sources: [{url: 'https://b.example/feed', enabled: false}]"
    assert not await put(db, smaller)
    assert await count(db, "sources", "entities", "rules", "channels") == [2, 2, 2, 2]
    changes = await put(db, smaller, prune=True)
    assert len(changes.removed) == 7
    assert await count(db, "sources", "entities", "rules", "channels") == [1, 0, 0, 0]


async def test_pruning_keeps_what_happened(db: Database) -> None:
    await put(db, "sources: [{url: 'https://a.example/feed', title: A}]")
    await poll(db, fresh(entry(1)), now=NOW + timedelta(minutes=1))
    await put(db, "", prune=True)
    assert await count(db, "sources", "entries", "articles") == [0, 0, 1]
    article = await row(db, "articles")
    assert (article.source, article.source_id) == ("A", None)


async def test_a_dry_run_tells_and_changes_nothing(db: Database) -> None:
    changes = await put(db, WHOLE, dry_run=True)
    assert len(changes.added) == 8
    assert await count(db, "sources", "entities", "rules", "channels", "meta") == [0, 0, 0, 0, 0]
    await put(db, WHOLE)
    before = await contents(db)
    assert len((await put(db, "", prune=True, dry_run=True)).removed) == 8
    assert await contents(db) == before


async def test_a_rule_needs_its_channels(db: Database) -> None:
    text = "rules: [{name: r, query: 'entity:*', channels: [nowhere]}]"
    with pytest.raises(WatchListError, match=r"rule 'r': there is no channel 'nowhere'; there are no channels yet"):
        await put(db, text)
    assert await count(db, "rules", "meta") == [0, 0]
    await put(db, "channels: [{name: ops, type: webhook, url: 'https://hooks.example/'}]")
    with pytest.raises(WatchListError, match=r"no channel 'nowhere'; there are: ops"):
        await put(db, text + "\nsources: [{url: 'https://a.example/feed'}]")
    assert await count(db, "rules", "sources") == [0, 0]
    await put(db, text.replace("nowhere", "ops"))
    with pytest.raises(WatchListError, match=r"rule 'r': there is no channel 'ops'"):
        await put(db, text.replace("nowhere", "ops"), prune=True)
    assert await count(db, "rules", "channels") == [1, 1]


async def test_a_fault_of_the_database_changes_nothing(db: Database) -> None:
    """The last thing to be written is refused: nothing before it may remain."""
    wanted = parse_watchlist(WHOLE)
    nameless: Any = None
    broken = replace(wanted, rules=(*wanted.rules, Rule(nameless, "entity:*", ())))
    with pytest.raises(SQLAlchemyError):
        await apply(db, broken, now=NOW, random=lambda: 0.0, spread=timedelta())
    assert await count(db, "sources", "entities", "rules", "channels", "meta") == [0, 0, 0, 0, 0]


WRONG = [
    ("sources: [", "list.yaml: line 1, column"),
    ("- a", "list.yaml: must hold the keys"),
    ("feeds: []", "list.yaml: unknown key 'feeds'; use channels, entities"),
    ("sources: []\nsources: []", "list.yaml: line 2, column 1: 'sources' is written twice"),
    (
        "sources:\n- url: https://a.example/\n  title: A\n  title: B",
        "list.yaml: line 4, column 3: 'title' is written",
    ),
    ("sources: {}", "list.yaml: sources: must be a list"),
    ("sources: 0", "list.yaml: sources: must be a list"),
    ("sources: [https://a.example/]", "list.yaml: sources[0]: must be a mapping"),
    ("sources: [{url: 'https://a.example/'}, {url: ftp://b.example/}]", "list.yaml: sources[1].url: 'ftp://b"),
    ("sources: [{title: A}]", "list.yaml: sources[0].url: '' is no http"),
    ("sources: [{url: 5}]", "list.yaml: sources[0].url: must be text, and is 5"),
    ("sources: [{url: 'http://['}]", "list.yaml: sources[0].url"),
    ("sources: [{url: 'http://a.example:99999/'}]", "list.yaml: sources[0].url"),
    ("sources: [{url: 'http://a example/'}]", "list.yaml: sources[0].url"),
    (f"sources: [{{url: 'http://a.example/{'x' * 3000}'}}]", "list.yaml: sources[0].url"),
    ("sources: [{url: 'http://a.example/', intervall: 5m}]", "list.yaml: sources[0]: unknown key 'intervall'"),
    ("sources: [{url: 'http://a.example/', interval: soon}]", "list.yaml: sources[0].interval: 'soon' is no"),
    ("sources: [{url: 'http://a.example/', interval: 9999d}]", "list.yaml: sources[0].interval: '9999d' is longer"),
    ("sources: [{url: 'http://a.example/', tags: trade}]", "list.yaml: sources[0].tags: must be a list"),
    ("sources: [{url: 'http://a.example/', enabled: 1}]", "list.yaml: sources[0].enabled: must be true or"),
    ("sources: [{url: 'http://a.example/', title: 2026-13-45}]", "list.yaml: a value cannot be read"),
    ("sources: [{url: 'http://a.example/'}, {url: 'http://a.example/'}]", "list.yaml: sources[1]: 'http://a.exam"),
    ('channels: [{name: "a\\0b", type: email, to: a@example.org}]', "list.yaml: line 1, column 19: a text holds"),
    ('channels: [{name: "\\ud800", type: email, to: a@example.org}]', "list.yaml: line 1, column 19: a text holds"),
    ("entities: [{name: A}, {name: A}]", "list.yaml: entities[1]: 'A' is listed twice"),
    ("entities: [{name: A, alias: [B]}]", "list.yaml: entities[0].alias: unknown key"),
    ("entities: [{name: A, aliases: [5]}]", "list.yaml: entities[0].aliases[0]"),
    ("rules: [{query: 'entity:*', channels: []}]", "list.yaml: rules[0]: needs a name"),
    (f"rules: [{{name: {'x' * 300}, query: 'entity:*'}}]", "list.yaml: rules[0].name: is longer"),
    ("rules: [{name: r, channels: []}]", "list.yaml: rules[0]: needs either query or entities"),
    ("rules: [{name: r, query: a, watch: disk-low}]", "list.yaml: rules[0]: needs either query or entities, or watch"),
    ("rules: [{name: r, watch: disk}]", "list.yaml: rules[0].watch: 'disk' is nothing that is watched; use source-f"),
    ("rules: [{name: r, watch: [disk-low]}]", "list.yaml: rules[0].watch: ['disk-low'] is nothing that is watched"),
    ("rules: [{name: r, watch: {kind: disk-low, missed: 3}}]", "list.yaml: rules[0].watch.missed: unknown key for"),
    ("rules: [{name: r, watch: {kind: disk-low, free: 2}}]", "list.yaml: rules[0].watch.free: 2 is no size; write"),
    ("rules: [{name: r, watch: {kind: disk-low, share: 200%}}]", "list.yaml: rules[0].watch.share: '200%' is no share"),
    ("rules: [{name: r, watch: {kind: disk-low, again: 1w}}]", "list.yaml: rules[0].watch.again: '1w' is no time"),
    ("rules: [{name: r, watch: {kind: disk-low, resolved: 1}}]", "list.yaml: rules[0].watch.resolved: must be true"),
    ("rules: [{name: r, watch: {kind: source-silent, missed: 0}}]", "list.yaml: rules[0].watch.missed: 0 is no number"),
    ("rules: [{name: r, watch: {kind: body-collapse, last: 2}}]", "list.yaml: rules[0].watch.last: 2: write a number"),
    (
        "rules: [{name: r, watch: disk-low, group_by: entity}]",
        "list.yaml: rules[0].group_by: is for rules with",
    ),
    ("rules: [{name: r, query: a, entities: [A]}]", "list.yaml: rules[0]: needs either query or entities"),
    ("rules: [{name: r, query: 'title:('}]", "list.yaml: rules[0].query: at character"),
    ("rules: [{name: r, query: a, digest: daily}]", "list.yaml: rules[0].digest: 'daily' is no digest time"),
    ("rules: [{name: r, query: a, quiet_hours: {from: 22:00, to: '07:00'}}]", "list.yaml: rules[0].quiet_hours.from: "),
    ("channels: [{name: c, type: pigeon}]", "list.yaml: channels[0]: channel 'c': unknown type 'pigeon'"),
    ("channels: [{name: c, type: webhook}]", "list.yaml: channels[0]: channel 'c'"),
    ("channels: [{name: c, type: webhook, url: 'http://x.example/', colour: red}]", "list.yaml: channels[0]: ch"),
    ("a: &a [*a]", "list.yaml: "),
    ("[" * 5000, "list.yaml: nests"),
    ("x: !!python/object:os.system {}", "list.yaml: line 1, column 4"),
    ("\x01", "list.yaml: is not YAML"),
]
"""A watch list with one error, and how the line about it begins: with the place."""


@pytest.mark.parametrize(("text", "problem"), WRONG, ids=[problem[11:40] for _, problem in WRONG])
def test_an_error_names_its_place_in_one_line(text: str, problem: str) -> None:
    with pytest.raises(WatchListError) as caught:
        parse_watchlist(text, "list.yaml")
    assert str(caught.value).startswith(problem)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 500


@pytest.mark.parametrize("text", ["", "# nothing\n", "sources:\nentities: []\n", "---\n"])
def test_an_empty_list_is_a_list(text: str) -> None:
    assert parse_watchlist(text) == WatchList()


@pytest.mark.parametrize(
    ("written", "seconds"), [(300, 300), ("300", 300), ("90s", 90), ("5m", 300), ("1h", 3600), ("2d", 172800)]
)
def test_intervals(written: object, seconds: int) -> None:
    assert seconds_of(written, "here") == seconds


@pytest.mark.parametrize("written", [0, -5, True, 1.5, "", "m", "5 m", "-5m", "1y", None, [5], "²m"])
def test_what_is_no_interval(written: object) -> None:
    with pytest.raises(WatchListError, match=r"^here: "):
        seconds_of(written, "here")


async def test_rules_that_watch_newsvane_itself_are_kept_as_they_were_written(db: Database) -> None:
    text = """rules:
- {name: plain, watch: disk-low, channels: []}
- {name: full, watch: {kind: disk-low, free: 2GB, again: 1d, resolved: true}, channels: [], repeat: material}
"""
    first = await put(db, text)
    assert sorted(first.added) == ["rule full", "rule plain"]
    assert not await put(db, text)
    exported = await export(db)
    assert not await put(db, exported)
    rules = {rule["name"]: rule for rule in yaml.safe_load(exported)["rules"]}
    assert rules["plain"] == {"name": "plain", "watch": "disk-low", "channels": []}
    assert rules["full"]["watch"] == {"kind": "disk-low", "free": "2GB", "again": "1d", "resolved": True}


async def test_the_bundled_list_is_whole(db: Database) -> None:
    text = bundled()
    wanted = parse_watchlist(text, "the bundled watch list")
    on = {entity["name"] for entity in wanted.entities if entity["enabled"]}
    assert on == {"xAI", "HPE", "Supermicro", "Oracle"}
    assert {"Dell", "Nvidia", "X"} <= {entity["name"] for entity in wanted.entities} - on
    await put(db, text)
    assert not await put(db, text)
    assert not await put(db, await export(db))
    if not wanted.sources:
        pytest.skip("the bundled watch list has no sources yet")
    assert len(wanted.sources) >= 40
    assert all(source.tags and source.title for source in wanted.sources)


async def test_things_can_be_switched_and_removed_one_by_one(db: Database) -> None:
    await put(db, WHOLE)
    async with db.write() as session:
        assert await stored.set_enabled(session, "source", "https://a.example/feed", enabled=False)
        assert not await stored.set_enabled(session, "source", "https://nowhere.example/", enabled=False)
        assert await stored.remove(session, "entity", ["HPE", "nobody"]) == ["HPE"]
        assert await stored.remove(session, "rule", []) == []
    assert not (await rows(db, "sources"))[0].enabled
    assert [entity.name for entity in await rows(db, "entities")] == ["Off “Co”"]


async def test_a_channel_whose_receiver_is_gone_stays_off_until_a_person_or_a_new_definition_says_otherwise(
    db: Database,
) -> None:
    async def put_channel(url: str) -> list[str]:
        async with db.write() as session:
            changes = Changes()
            spec = ChannelSpec("hook", "webhook", {"url": url})
            await stored.put_channel(session, spec, changes, now=NOW)
        return changes.changed

    async def switch_off() -> None:
        kept = await row(db, "channels")
        async with db.write() as session:
            channel = await session.get(type(kept), kept.id)
            assert channel is not None
            channel.enabled, channel.disabled_reason = False, "the receiver answered 410 Gone"

    async def state() -> tuple[bool, str | None]:
        kept = await row(db, "channels")
        return kept.enabled, kept.disabled_reason

    await put_channel("https://hooks.example/")
    await switch_off()
    assert await put_channel("https://hooks.example/") == []
    assert await state() == (False, "the receiver answered 410 Gone")
    assert await put_channel("https://hooks.example/new") == ["channel hook"]
    assert await state() == (True, None)
    await switch_off()
    async with db.write() as session:
        assert await stored.set_enabled(session, "channel", "hook", enabled=True)
    assert await state() == (True, None)


async def test_a_shorter_interval_holds_at_once(db: Database) -> None:
    """Not after the six hours that were decided before; but a source in trouble goes on waiting."""
    await put(db, 'sources: [{url: "https://a.example/feed"}, {url: "https://b.example/feed", interval: 6h}]')
    later = NOW + timedelta(hours=6)
    values = {"next_poll_at": later, "last_polled_at": NOW - timedelta(minutes=2), "due_because": "rhythm"}
    async with db.write() as session:
        await session.execute(update(SourceRow).values(**values))
        await session.execute(update(SourceRow).where(col(SourceRow.url).contains("b.example")).values(failures=3))
    await put(
        db, 'sources: [{url: "https://a.example/feed", interval: 5m}, {url: "https://b.example/feed", interval: 5m}]'
    )
    first, second = await rows(db, "sources")
    assert first.next_poll_at == NOW + timedelta(minutes=3)
    assert "brought forward by hand" in first.due_because
    assert (second.next_poll_at, second.due_because) == (later, "rhythm")
    await put(db, 'sources: [{url: "https://a.example/feed", interval: 1d}]')
    assert (await rows(db, "sources"))[0].next_poll_at == NOW + timedelta(minutes=3), "a longer one never hurries"
