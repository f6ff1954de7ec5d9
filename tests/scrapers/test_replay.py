"""The client over a recording: its answers come when they are given, and nothing else ever does."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scrapers.errors import FetchError
from scrapers.recording import End, Exchange, Recording
from scrapers.replay import ReplayClient, Turns
from scrapers.types import Fetched, Unchanged, Validators

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
PAGE = "https://news.example/1"
ROBOTS = "https://news.example/robots.txt"
LATER = "https://news.example/later"


def failed(status: int = 503) -> FetchError:
    return FetchError(f"The server answered {status}.", code=f"http-{status}", transient=True, status=status)


def client(*urls: str, turns: Turns | None = None) -> ReplayClient:
    """Over a recording of failures at these addresses, which ended before LATER was read."""
    exchanges = tuple(Exchange(NOW, NOW, url, Validators(), "*/*", failed()) for url in urls)
    recording = Recording(Path(), NOW, {}, exchanges, End(NOW, frozenset({LATER})))
    return ReplayClient(recording, user_agent="newsvane-test/1", turns=turns or Turns())


async def test_a_fetch_waits_until_it_is_given_its_answer() -> None:
    web, page = client(PAGE), Fetched(PAGE, PAGE, 200, {}, b"text")
    fetches = [asyncio.create_task(web.fetch(PAGE, now=NOW)) for _ in range(2)]
    await asyncio.sleep(0)
    assert (web.waiting, web.waits_for(PAGE), web.waits_for(LATER)) == (2, True, False)
    web.answer(PAGE, page, NOW)
    assert await fetches[0] == page
    assert not fetches[1].done()
    web.answer(PAGE, failed(), NOW)
    with pytest.raises(FetchError, match="answered 503"):
        await fetches[1]
    assert (web.waiting, web.waits_for(PAGE)) == (0, False)


async def test_an_address_that_is_not_in_the_recording_fails_at_once_and_by_name() -> None:
    web = client(PAGE)
    asked = [PAGE + "?other", "https://elsewhere.example/", "nonsense", "http://[half/"]
    for url in asked:
        with pytest.raises(FetchError) as refused:
            await web.fetch(url, now=NOW)
        assert (refused.value.code, refused.value.transient) == ("not-recorded", False)
    with pytest.raises(FetchError, match=r"This address of hook\.example is not in the recording"):
        await web.post("https://hook.example/", body=b"", headers={}, deadline=1, max_answer=1)
    assert list(web.missing) == [*asked, "https://hook.example/"]


async def test_robots_rules_are_answered_at_once_as_often_as_they_are_asked_for() -> None:
    web = client(ROBOTS)
    for _ in range(3):
        with pytest.raises(FetchError, match="answered 503"):
            await web.fetch(ROBOTS, now=NOW)
    assert web.waiting == 0


async def test_what_was_unread_at_the_end_is_waited_for() -> None:
    web = client(PAGE)
    fetch = asyncio.create_task(web.fetch(LATER, now=NOW))
    await asyncio.sleep(0)
    assert web.waiting == 1
    fetch.cancel()
    with pytest.raises(asyncio.CancelledError):
        await fetch
    assert web.missing == {}


async def test_an_unchanged_answer_is_for_those_who_know_what_did_not_change() -> None:
    web = client(PAGE)
    for validators in (Validators('"1"'), Validators()):
        fetch = asyncio.create_task(web.fetch(PAGE, now=NOW, validators=validators))
        await asyncio.sleep(0)
        web.answer(PAGE, Unchanged(PAGE, {}), NOW)
        if validators.etag:
            assert await fetch == Unchanged(PAGE, {})
        else:
            with pytest.raises(FetchError, match="had not read what was there before"):
                await fetch


async def test_a_job_gives_its_turn_away_only_while_it_waits() -> None:
    turns = Turns()
    web, order = client(PAGE, turns=turns), []

    async def job(name: str, url: str) -> None:
        async with turns.taken():
            order.append(f"{name} begins")
            await asyncio.sleep(0)
            try:
                await web.fetch(url, now=NOW)
            except FetchError as error:
                order.append(f"{name} {error.code}")
            await asyncio.sleep(0)
            order.append(f"{name} ends")

    jobs = [asyncio.create_task(job("one", PAGE)), asyncio.create_task(job("two", "https://elsewhere.example/"))]
    async with asyncio.timeout(10):
        await jobs[1]
        assert order == ["one begins", "two begins", "two not-recorded", "two ends"]
        web.answer(PAGE, failed(), NOW)
        await jobs[0]
    assert order[4:] == ["one http-503", "one ends"]
