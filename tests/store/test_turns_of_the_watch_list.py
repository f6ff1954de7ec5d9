"""Who writes sources, channels and hosts at once waits in no circle: apply, polls, refusals, outcomes of sending."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from datetime import timedelta

from scrapers.refusals import Refusal
from service.domain.model import ChannelSpec, Rule
from service.domain.schedule import Same, decide_poll
from service.store import health, hosts, polls, sources
from service.store.engine import Database
from service.store.watchlist import SourceSpec
from service.watchlist import WatchList, apply
from tests.store.steps import CADENCE, MINUTE, NOW, counted_ids, lease, rows

SOURCES, CHANNELS, HOSTS, ACTS = 12, 4, 5, 25
UNCHANGED = Same(None, 0, None, timedelta())
Act = Callable[[Database, random.Random], Awaitable[None]]


def names(chance: random.Random, kind: str, number: int) -> list[str]:
    """All of them, in any order."""
    return [f"{kind}{index}" for index in chance.sample(range(number), number)]


async def apply_a_list(db: Database, chance: random.Random) -> None:
    """A person applies a list that says something else of all; sometimes one that leaves a few out."""
    prune = chance.random() < 0.3
    listed = names(chance, "s", SOURCES)[: SOURCES - 3 if prune else SOURCES]
    wanted = WatchList(
        sources=tuple(SourceSpec(f"https://{name}.example/", title=f"{chance.random()}") for name in listed),
        channels=tuple(
            ChannelSpec(name, "webhook", {"url": f"https://hook.example/{chance.random()}"})
            for name in names(chance, "c", CHANNELS)
        ),
        rules=(Rule("r", "entity:*", ("c0",)),),
    )
    await apply(db, wanted, now=NOW, random=chance.random, spread=timedelta(), prune=prune)


async def poll_many(db: Database, chance: random.Random) -> None:
    """Polls that end together are written together."""
    claimed = await sources.claim_due(db, limit=chance.randrange(1, SOURCES), now=NOW, lease=lease())
    chance.shuffle(claimed)
    done = []
    for source in claimed:
        decision = decide_poll(source, UNCHANGED, CADENCE, now=NOW, jitter=0.0)
        done.append(polls.Outcome(source, UNCHANGED, decision, NOW, 7))
    async with db.write() as session:
        await polls.record_polls(session, done)


async def put_off(db: Database, chance: random.Random) -> None:
    """Hosts are busy: claims are given back, in any order."""
    claimed = await sources.claim_due(db, limit=6, now=NOW, lease=lease())
    chance.shuffle(claimed)
    if claimed:
        await sources.put_off(db, [(source, NOW) for source in claimed])


async def ask_for_polls(db: Database, _chance: random.Random) -> None:
    async with db.write() as session:
        await sources.make_due(session, NOW)


async def be_refused(db: Database, chance: random.Random) -> None:
    """Hosts ask for pauses, others of which have ended meanwhile."""
    now = NOW + chance.randrange(10) * MINUTE
    refused = [
        Refusal(f"https://{name}.example", f"https://{name}.example/feed", now + chance.randrange(1, 4) * MINUTE, False)
        for name in names(chance, "h", HOSTS)[: chance.randrange(1, HOSTS)]
    ]
    async with db.write() as session:
        await hosts.keep_refusals(session, refused, now)


async def send(db: Database, chance: random.Random) -> None:
    """What was sent over some channels got through, and over others it did not."""
    shuffled = names(chance, "c", CHANNELS)
    async with db.write() as session:
        await health.note(
            session,
            sent=set(shuffled[:2]),
            failed=[health.Failure(name, NOW, gone=False, retry_after=None) for name in shuffled[2:]],
            new_id=counted_ids(),
        )


async def test_whoever_writes_the_watch_list_waits_in_no_circle(db: Database) -> None:
    await apply_a_list(db, random.Random(0))

    async def act(what: Act, seed: int) -> None:
        chance = random.Random(seed)
        for _ in range(ACTS):
            await what(db, chance)

    acting = (apply_a_list, poll_many, poll_many, put_off, ask_for_polls, be_refused, be_refused, send, send)
    async with asyncio.TaskGroup() as at_once:
        for seed, what in enumerate(acting):
            at_once.create_task(act(what, seed))
    assert {row.name for row in await rows(db, "channels")} == {f"c{index}" for index in range(CHANNELS)}
    watched = await rows(db, "sources")
    assert SOURCES - 3 <= len(watched) <= SOURCES
    assert all(source.lease_token is None for source in watched), "what was claimed was written or given back"
