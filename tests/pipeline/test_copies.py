"""A mail for each recipient, through the outbox: who has theirs gets no other, whoever failed beside them."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import pytest

from service.domain.model import ChannelSpec
from service.domain.retry import WAITS
from service.notify import SmtpSettings
from service.pipeline.deliver import Deliver
from service.pipeline.recorder import Recorder
from service.search import one
from service.store import deliveries, outbox, turns, unsubscribed, watchlist
from service.store.claims import Lease
from tests.notify.smtp_sink import SmtpSink, running
from tests.pipeline.test_outbox import add_story, raise_alert
from tests.pipeline.tools import Tools
from tests.store.refusing import takes_nothing
from tests.store.steps import add_channel, count, lease, row, rows

ANN, BOB, EVE = "ann@example.org", "bob@example.org", "eve@example.org"
GENEROUS = 20
"""Seconds. Ends a hang, decides nothing."""


@pytest.fixture
async def sink(tools: Tools) -> AsyncIterator[SmtpSink]:
    """A mail server, and the channel ``desk`` that sends to three people over it."""
    async with running(SmtpSink()) as server:
        tools.smtp = SmtpSettings("127.0.0.1", server.port, "plain")
        await add_channel(tools.db, "desk", kind="email", to=[ANN, BOB, EVE])
        yield server


def got(sink: SmtpSink, *whom: str) -> list[tuple[str, str]]:
    """Who got which alert, in order."""
    found = [(str(mail["To"]), str(mail["Subject"]).rpartition(": ")[2]) for mail in sink.mails]
    return [one for one in found if not whom or one[0] in whom]


async def shown(tools: Tools) -> dict[str, Any]:
    line = await one(tools.db, "delivery", (await row(tools.db, "deliveries")).id)
    assert line is not None
    return line


def outcomes(recipients: list[dict[str, Any]]) -> dict[str, str]:
    return {copy["address"]: copy["outcome"] for copy in recipients}


async def test_who_was_refused_for_now_is_tried_again_alone(tools: Tools, sink: SmtpSink) -> None:
    sink.refusals[BOB] = "450 greylisted"
    await raise_alert(tools, "news", "desk")
    await tools.deliver()
    delivery = await row(tools.db, "deliveries")
    assert (delivery.status, delivery.next_attempt_at) == ("retrying", tools.now + WAITS[0])
    assert f"1 of 3 recipients for now: {BOB}: 450 greylisted" in delivery.last_error
    assert (await row(tools.db, "channels")).failing_since is None, "it is Bob's mailbox, and not the channel"
    tools.now = delivery.next_attempt_at
    await tools.deliver()
    sink.refusals.clear()
    tools.now = (await row(tools.db, "deliveries")).next_attempt_at
    await tools.deliver()
    assert got(sink) == [(ANN, "news"), (EVE, "news"), (BOB, "news")]
    line = await shown(tools)
    assert (line["status"], line["last_error"]) == ("sent", None)
    assert outcomes(line["recipients"]) == dict.fromkeys((ANN, BOB, EVE), "sent")
    assert [outcomes(attempt["recipients"]) for attempt in line["attempts_made"]] == [
        {ANN: "sent", BOB: "retrying", EVE: "sent"},
        {BOB: "retrying"},
        {BOB: "sent"},
    ]
    assert line["attempts_made"][0]["recipients"][1]["excerpt"] == "greylisted"


async def test_who_was_refused_for_good_is_in_the_dead_letter_and_can_be_tried_alone(
    tools: Tools, sink: SmtpSink
) -> None:
    sink.refusals[BOB] = "550 no such user"
    alert = await raise_alert(tools, "news", "desk")
    await tools.deliver()
    line = await shown(tools)
    assert (line["status"], outcomes(line["recipients"])) == ("dead", {ANN: "sent", BOB: "dead", EVE: "sent"})
    assert f"1 of 3 recipients for good: {BOB}: 550 no such user" in line["last_error"]
    assert (await row(tools.db, "channels")).failing_since is None
    sink.refusals.clear()
    async with tools.db.write() as session:
        assert await outbox.retry(session, line["id"], now=tools.now) == "due"
    await tools.deliver()
    assert Counter(got(sink)) == dict.fromkeys([(ANN, "news"), (BOB, "news"), (EVE, "news")], 1)
    first = {mail["To"]: mail["Message-ID"] for mail in sink.mails}
    async with tools.db.write() as session:
        await outbox.resend(session, alert, now=tools.now, new_id=lambda: "f" * 32)
    await tools.deliver()
    assert len(got(sink)) == 6, "sending an alert again is for everybody"
    again = {mail["To"]: mail["Message-ID"] for mail in sink.mails[3:]}
    assert {*first.values()}.isdisjoint(again.values()), "as new messages, which nobody drops as repeats"


async def test_a_channels_dead_letters_are_tried_with_whom_they_missed(tools: Tools, sink: SmtpSink) -> None:
    sink.refusals[BOB] = "550 no such user"
    for title in ("one", "two"):
        await raise_alert(tools, title, "desk")
    await tools.deliver()
    sink.refusals.clear()
    async with tools.db.write() as session:
        assert await outbox.retry_channel(session, "desk", ["dead"], now=tools.now) == 2
    await tools.deliver()
    assert set(Counter(got(sink)).values()) == {1}
    assert len(got(sink)) == 6


async def test_a_crash_between_two_recipients_costs_nobody_a_mail_and_brings_none_twice(
    tools: Tools, sink: SmtpSink
) -> None:
    await raise_alert(tools, "news", "desk")
    sink.silent_for.add(BOB)
    await broken_off(tools, sink)
    line = await shown(tools)
    assert (line["status"], line["attempts_made"]) == ("pending", [])
    assert outcomes(line["recipients"]) == {ANN: "sent"}
    sink.silent_for.clear()
    assert await tools.deliver() == 0, "its claim stands"
    tools.later(minutes=6)
    await tools.deliver()
    assert got(sink) == [(ANN, "news"), (BOB, "news"), (EVE, "news")]
    assert (await shown(tools))["status"] == "sent"


async def broken_off(tools: Tools, sink: SmtpSink) -> None:
    """The daemon is killed while the mail server is silent about a recipient; nothing where none of them is reached."""
    jobs = await deliveries.claim_due(tools.db, limit=1, now=tools.now, lease=lease(tools.now))
    step = Deliver(Recorder(tools.db, tools.new_id), tools.open_channel, tools.clock, lambda: 0.0)
    for job in jobs:
        sink.reached.clear()
        sending = asyncio.create_task(step(job))
        silent = asyncio.create_task(sink.reached.wait())
        async with asyncio.timeout(GENEROUS):
            await asyncio.wait([sending, silent], return_when=asyncio.FIRST_COMPLETED)
        for task in (sending, silent):
            task.cancel()
        await asyncio.gather(sending, silent, return_exceptions=True)


async def test_a_database_that_takes_nothing_meanwhile_brings_nobody_a_second_mail(
    tools: Tools, sink: SmtpSink
) -> None:
    await raise_alert(tools, "news", "desk")
    (job,) = await deliveries.claim_due(tools.db, limit=1, now=tools.now, lease=lease(tools.now))
    step = Deliver(Recorder(tools.db, tools.new_id), tools.open_channel, tools.clock, lambda: 0.0)
    async with takes_nothing(tools.db):
        sending = asyncio.create_task(step(job))
        await asyncio.wait([sending], timeout=0.5)
        assert len(got(sink)) <= 1, "the next is not sent before it is marked"
    await asyncio.wait_for(sending, GENEROUS)
    assert got(sink) == [(ANN, "news"), (BOB, "news"), (EVE, "news")]
    line = await shown(tools)
    assert (line["status"], line["attempts"], outcomes(line["recipients"])) == (
        "sent",
        1,
        dict.fromkeys((ANN, BOB, EVE), "sent"),
    )


async def test_whoever_lost_the_claim_sends_no_more(tools: Tools, sink: SmtpSink) -> None:
    """One that overslept its lease finds after the next copy that another worker has taken over."""
    await raise_alert(tools, "news", "desk")
    (slow,) = await deliveries.claim_due(tools.db, limit=1, now=tools.now, lease=lease(tools.now))
    tools.later(minutes=6)
    assert await deliveries.claim_due(tools.db, limit=1, now=tools.now, lease=Lease("another", tools.now))
    await Deliver(Recorder(tools.db, tools.new_id), tools.open_channel, tools.clock, lambda: 0.0)(slow)
    assert got(sink) == [(ANN, "news")]
    assert await count(tools.db, "attempts", "copies") == [0, 0]


async def test_one_full_mailbox_holds_up_nobody_else_and_gets_its_mails_in_order(tools: Tools, sink: SmtpSink) -> None:
    story, another = await add_story(tools), await add_story(tools)
    sink.refusals[BOB] = "452 mailbox full"
    for title, of in (("first", story), ("second", story), ("elsewhere", another)):
        await raise_alert(tools, title, "desk", story=of)
        tools.later(seconds=1)
        await tools.deliver()
    tools.later(seconds=1)
    await raise_alert(tools, "third", "desk", story=story)
    await tools.deliver()
    assert [title for _, title in got(sink, ANN)] == ["first", "second", "elsewhere", "third"], "at once"
    async with tools.db.write() as session:
        assert await turns.catch_up(session) == 0, "who waits for Bob's sake waits on"
    assert got(sink, BOB) == []
    sink.refusals.clear()
    await until_all_ended(tools)
    assert [title for _, title in got(sink, BOB) if title != "elsewhere"] == ["first", "second", "third"]
    assert len(got(sink)) == 12


async def until_all_ended(tools: Tools) -> None:
    for _ in range(50):
        await tools.deliver()
        left = [row for row in await rows(tools.db, "deliveries") if row.status in turns.WAITING]
        if not left:
            return
        tools.later(minutes=30)
    raise AssertionError("it never ended")


async def test_who_left_while_others_were_tried_again_is_left_out(tools: Tools, sink: SmtpSink) -> None:
    sink.refusals |= {BOB: "450 later", EVE: "450 later"}
    await raise_alert(tools, "news", "desk")
    await tools.deliver()
    async with tools.db.write() as session:
        await unsubscribed.leave(session, "desk", BOB, now=tools.now)
    sink.refusals.clear()
    await until_all_ended(tools)
    assert got(sink) == [(ANN, "news"), (EVE, "news")]


async def test_a_slow_server_gets_everything_through_over_several_attempts(tools: Tools, sink: SmtpSink) -> None:
    """As long as each attempt brings somebody a mail, the waits begin anew and no dead letter comes of it."""
    async with tools.db.write() as session:
        everybody = [f"{number}@example.org" for number in range(len(WAITS) + 4)]
        spec = ChannelSpec("desk", "email", {"to": everybody})
        await watchlist.put_channel(session, spec, watchlist.Changes(), now=tools.now)
    await raise_alert(tools, "news", "desk")
    for number in range(1, len(everybody)):
        sink.in_all = number
        await tools.deliver()
        delivery = await row(tools.db, "deliveries")
        assert (delivery.status, len(sink.got)) == ("retrying", number)
        assert delivery.next_attempt_at == tools.now + WAITS[0]
        tools.now = delivery.next_attempt_at
    await tools.deliver()
    delivery = await row(tools.db, "deliveries")
    assert (delivery.status, delivery.next_attempt_at) == ("retrying", tools.now + WAITS[1]), "now it got no further"
    tools.now, sink.in_all = delivery.next_attempt_at, 99
    await tools.deliver()
    assert sink.got == everybody


@pytest.mark.parametrize("seed", range(2))
async def test_whatever_fails_everybody_gets_everything_once_and_in_order(
    tools: Tools, sink: SmtpSink, seed: int
) -> None:
    """Mailboxes that fill and empty, servers that take one mail a session, kills, and news all the while."""
    chance = random.Random(seed)
    stories = [await add_story(tools), await add_story(tools)]
    raised: list[tuple[int, str]] = []
    for number in range(12):
        sink.refusals = {to: "450 later" for to in (ANN, BOB, EVE) if chance.random() < 0.3}
        sink.data_refusals = {to: "451 later" for to in (ANN, BOB, EVE) if chance.random() < 0.2}
        sink.a_session = chance.choice([1, 2, 99])
        sink.after_these = chance.choice(["421 enough", "452 enough", None])
        if chance.random() < 0.7:
            of = chance.choice(stories)
            raised.append((of, f"news {number}"))
            await raise_alert(tools, f"news {number}", "desk", story=of)
        if chance.random() < 0.4:
            sink.silent_for = {chance.choice([ANN, BOB, EVE])}
            await broken_off(tools, sink)
            sink.silent_for = set()
        else:
            await tools.deliver()
        if chance.random() < 0.3:
            async with tools.db.write() as session:
                await turns.catch_up(session)
        tools.later(minutes=chance.choice([0.1, 1, 6, 40]))
    sink.refusals, sink.data_refusals, sink.a_session = {}, {}, 99
    await until_all_ended(tools)
    for to in (ANN, BOB, EVE):
        titles = [title for _, title in got(sink, to)]
        assert sorted(titles) == sorted(title for _, title in raised), "everything, once"
        for story in stories:
            of_story = [title for of, title in raised if of == story]
            assert [title for title in titles if title in of_story] == of_story, "in order"
    assert {delivery.status for delivery in await rows(tools.db, "deliveries")} == {"sent"}
