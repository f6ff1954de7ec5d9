"""A pause that one address asked for is its own; one that several asked for is the whole origin's."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from scrapers.errors import HOST_CLOSED, FetchError
from scrapers.guard import AddressGuard
from scrapers.hosts import HostLimits
from scrapers.http import WebClient
from scrapers.refusals import Refusals
from tests.scrapers import hazards as hz
from tests.scrapers.hazards import Hazards

NOW = datetime(2024, 5, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


async def refused(client: WebClient, url: str, now: datetime = NOW) -> FetchError:
    with pytest.raises(FetchError) as caught:
        await client.fetch(url, now=now)
    return caught.value


def busy(hazards: Hazards, path: str, seconds: int | None = 600, status: int = 429) -> str:
    fields = [] if seconds is None else [f"Retry-After: {seconds}"]
    return hazards.on(path, hz.answer(status, b"", *fields))


async def test_one_refused_address_does_not_close_its_origin(client: WebClient, hazards: Hazards) -> None:
    url = busy(hazards, "/a")
    for _ in range(3):
        await refused(client, url)
    await client.fetch(hazards.on("/good", hz.answer(200, b"fine")), now=NOW)
    assert [request.target for request in hazards.seen] == ["/a", "/a", "/a", "/good"]


@pytest.mark.parametrize("status", [429, 503])
async def test_a_second_refused_address_closes_the_origin(client: WebClient, hazards: Hazards, status: int) -> None:
    await refused(client, busy(hazards, "/a", 600, status), NOW)
    await refused(client, busy(hazards, "/b", 60, status), NOW + MINUTE)
    good = hazards.on("/good", hz.answer(200, b"fine"))
    error = await refused(client, good, NOW + 9 * MINUTE)
    assert (error.code, error.transient, error.status) == (HOST_CLOSED, True, None)
    assert error.retry_after == NOW + 10 * MINUTE, "the longer of the two"
    assert str(error) == "127.0.0.1 refused several addresses and asked for a pause until 2024-05-01 12:10 UTC."
    assert [request.target for request in hazards.seen] == ["/a", "/b"], "nothing was sent"
    await client.fetch(good, now=NOW + 10 * MINUTE)
    await refused(client, hazards.url("/b"), NOW + 10 * MINUTE)
    await client.fetch(good, now=NOW + 10 * MINUTE)
    assert [request.target for request in hazards.seen][2:] == ["/good", "/b", "/good"], "all was forgotten"


@pytest.mark.parametrize(
    ("first", "second", "after"),
    [
        (600, 600, 11 * MINUTE),  # the first pause was over
        (None, None, MINUTE),  # no pause was asked for
        (0, 0, timedelta()),
    ],
)
async def test_two_refusals_that_have_nothing_to_do_with_each_other(
    client: WebClient, hazards: Hazards, first: int | None, second: int | None, after: timedelta
) -> None:
    await refused(client, busy(hazards, "/a", first), NOW)
    await refused(client, busy(hazards, "/b", second), NOW + after)
    await client.fetch(hazards.on("/good", hz.answer(200, b"fine")), now=NOW + after)
    assert len(hazards.seen) == 3


async def test_a_second_refusal_without_a_time_closes_until_the_first_ends(client: WebClient, hazards: Hazards) -> None:
    await refused(client, busy(hazards, "/a"), NOW)
    await refused(client, busy(hazards, "/b", None, 503), NOW)
    assert (await refused(client, hazards.url("/c"))).retry_after == NOW + 10 * MINUTE


async def test_other_trouble_closes_nothing(client: WebClient, hazards: Hazards) -> None:
    for path, status in (("/a", 500), ("/b", 502), ("/c", 403), ("/d", 404)):
        await refused(client, busy(hazards, path, 600, status))
    await client.fetch(hazards.on("/good", hz.answer(200, b"fine")), now=NOW)
    assert len(hazards.seen) == 5


async def test_a_redirect_into_a_closed_origin_is_not_followed(client: WebClient, hazards: Hazards) -> None:
    async with hz.hazard_server() as other:
        for path in ("/a", "/b"):
            await refused(client, busy(other, path))
        hazards.on("/moved", hz.redirect(301, other.url("/good")))
        error = await refused(client, hazards.url("/moved"))
        assert error.code == HOST_CLOSED
        assert [request.target for request in other.seen] == ["/a", "/b"]


async def test_who_waits_for_a_place_when_the_origin_closes_is_not_sent(hazards: Hazards) -> None:
    async with WebClient(
        user_agent="newsvane-test/1", guard=AddressGuard(["127.0.0.1/32"]), hosts=HostLimits(spacing=0, concurrency=1)
    ) as client:
        urls = [busy(hazards, f"/{number}") for number in range(30)]
        errors = await asyncio.gather(*(refused(client, url) for url in urls))
    assert [request.target for request in hazards.seen] == ["/0", "/1"]
    assert [error.code for error in errors] == ["http-429"] * 2 + [HOST_CLOSED] * 28


def test_changes_are_told_once_and_can_be_restored() -> None:
    before, after = Refusals(), Refusals()
    before.note("https://news.example/a", NOW + 10 * MINUTE, NOW)
    (first,) = before.take_changes()
    assert (first.origin, first.closed) == ("https://news.example:443", False)
    assert before.take_changes() == ()
    after.restore([first])
    after.note("https://news.example/b", NOW + MINUTE, NOW)
    assert after.closed_until("https://NEWS.example/c", NOW) == NOW + 10 * MINUTE
    assert after.closed_until("http://news.example/c", NOW) is None, "another origin"
    assert [refusal.closed for refusal in after.take_changes()] == [True]


def test_pauses_that_have_ended_are_forgotten() -> None:
    refusals = Refusals()
    for number in range(100):
        refusals.note(f"https://host-{number}.example/", NOW + number * MINUTE, NOW + (number - 1) * MINUTE)
    assert len(refusals._running) <= 2
