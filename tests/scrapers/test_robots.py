import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from scrapers.http import WebClient
from scrapers.robots import RobotsCache
from tests.scrapers import hazards as hz
from tests.scrapers.hazards import Hazards

NOW = datetime(2024, 5, 1, tzinfo=UTC)
RULES = b"User-agent: *\nDisallow: /private/*.html$\nUser-agent: newsvane-test\nDisallow: /no\n"


async def test_rules_are_read_for_our_name_and_remembered(client: WebClient, hazards: Hazards) -> None:
    hazards.on("/robots.txt", hz.answer(200, RULES))
    robots = RobotsCache(client)
    assert await robots.allowed(hazards.url("/yes"), NOW) is True
    assert await robots.allowed(hazards.url("/no/page"), NOW + timedelta(hours=23)) is False
    assert len(hazards.seen) == 1
    await robots.allowed(hazards.url("/yes"), NOW + timedelta(hours=25))
    assert len(hazards.seen) == 2


async def test_pages_wanted_at_the_same_time_ask_for_the_rules_once(client: WebClient, hazards: Hazards) -> None:
    hazards.on("/robots.txt", hz.slow(0.05, hz.answer(200, RULES)))
    robots = RobotsCache(client)
    asked = [robots.allowed(hazards.url(f"/{place}/{number}"), NOW) for number in range(9) for place in ("no", "yes")]
    assert await asyncio.gather(*asked) == [False, True] * 9
    assert len(hazards.seen) == 1


async def test_who_gives_up_while_the_rules_load_holds_up_nobody(client: WebClient, hazards: Hazards) -> None:
    hazards.on("/robots.txt", hz.slow(0.05, hz.answer(200, RULES)))
    robots = RobotsCache(client)
    first, second = (asyncio.create_task(robots.allowed(hazards.url("/no/page"), NOW)) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    async with asyncio.timeout(10):
        assert await second is False


@pytest.mark.parametrize("status", [404, 401, 403])
async def test_absent_rules_allow(client: WebClient, hazards: Hazards, status: int) -> None:
    hazards.on("/robots.txt", hz.answer(status))
    assert await RobotsCache(client).allowed(hazards.url("/x"), NOW) is True


async def test_a_server_in_trouble_is_left_alone_for_a_while(client: WebClient, hazards: Hazards) -> None:
    hazards.on("/robots.txt", hz.answer(503, b"", "Retry-After: 600"))
    robots = RobotsCache(client)
    assert await robots.allowed(hazards.url("/x"), NOW) == NOW + timedelta(minutes=10)
    hazards.on("/robots.txt", hz.answer(404))
    assert await robots.allowed(hazards.url("/x"), NOW + timedelta(minutes=5)) == NOW + timedelta(minutes=10)
    assert await robots.allowed(hazards.url("/x"), NOW + timedelta(minutes=11)) is True


async def test_of_long_rules_the_start_is_read_and_endless_ones_allow_nothing(
    client: WebClient, hazards: Hazards
) -> None:
    """RFC 9309 section 2.5: at least the first 500 KiB count; a file that is too large does not mean "as you like"."""
    rules = b"User-agent: *\nDisallow: /private\n" + b"# a comment\n" * 90_000 + b"Disallow: /late\n"
    hazards.on("/robots.txt", hz.answer(200, rules, "Content-Type: text/plain"))
    robots = RobotsCache(client)
    assert await robots.allowed(hazards.url("/private/page"), NOW) is False
    assert await robots.allowed(hazards.url("/late"), NOW) is True
    hazards.on("/robots.txt", hz.endless(hz.head(200), b"# more and more\n" * 1000))
    later = NOW + timedelta(days=2)
    assert await robots.allowed(hazards.url("/page"), later) == later + timedelta(hours=1)


async def test_the_origin_asked_for_longest_ago_is_forgotten(client: WebClient, hazards: Hazards) -> None:
    hazards.on("/robots.txt", hz.answer(404))
    robots = RobotsCache(client, max_origins=1)
    unreachable = "http://127.0.0.2/"
    for url in (hazards.url("/"), unreachable, hazards.url("/")):
        await robots.allowed(url, NOW)
    assert len(hazards.seen) == 2
