"""What a hostile or broken server can do to a fetch, and what comes of it."""

import asyncio
import gzip
import ssl
import tracemalloc
import zlib
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
import trustme

from scrapers.errors import FetchError
from scrapers.guard import AddressGuard
from scrapers.hosts import HostLimits
from scrapers.http import WebClient
from scrapers.types import Fetched, Unchanged, Validators
from scrapers.waiting import parse_retry_after
from tests.scrapers import hazards as hz
from tests.scrapers.hazards import Hazards, hazard_server, packed

NOW = datetime(2024, 5, 1, 12, tzinfo=UTC)


async def fetched(client: WebClient, url: str) -> Fetched:
    result = await client.fetch(url, now=NOW)
    assert isinstance(result, Fetched)
    return result


async def failure(client: WebClient, url: str) -> FetchError:
    with pytest.raises(FetchError) as caught:
        await client.fetch(url, now=NOW)
    return caught.value


async def test_a_plain_answer(client: WebClient, hazards: Hazards) -> None:
    url = hazards.on("/", hz.answer(200, b"hello", "Content-Type: text/plain", 'ETag: "v1"'))
    result = await fetched(client, url)
    assert (result.body, result.status, result.url, result.permanent_url) == (b"hello", 200, url, None)
    assert result.content_type == "text/plain"
    assert result.validators == Validators('"v1"', None)


async def test_only_what_is_needed_is_sent(client: WebClient, hazards: Hazards) -> None:
    await fetched(client, hazards.on("/", hz.answer(200)))
    sent = hazards.seen[0].headers
    assert sent["user-agent"] == "newsvane-test/1"
    assert sent["accept-encoding"] == "gzip, deflate"
    assert set(sent) <= {"host", "user-agent", "accept", "accept-encoding", "connection"}


async def test_unchanged_when_the_validator_still_holds(client: WebClient, hazards: Hazards) -> None:
    url = hazards.on("/", hz.conditional('W/"a b"', b"x"))
    first = await fetched(client, url)
    second = await client.fetch(url, now=NOW, validators=first.validators)
    assert isinstance(second, Unchanged)
    assert hazards.seen[1].headers["if-none-match"] == 'W/"a b"'


async def test_unchanged_without_having_asked_is_a_fault(client: WebClient, hazards: Hazards) -> None:
    error = await failure(client, hazards.on("/", hz.raw(hz.head(304))))
    assert (error.code, error.status) == ("protocol", 304)


async def test_validators_cannot_smuggle_headers(client: WebClient, hazards: Hazards) -> None:
    url = hazards.on("/", hz.answer(200))
    await client.fetch(url, now=NOW, validators=Validators("x\r\nEvil: 1", "caf\u00e9"))
    assert not {"evil", "if-none-match", "if-modified-since"} & set(hazards.seen[0].headers)


async def test_cookies_and_referrers_never_leave(client: WebClient, hazards: Hazards) -> None:
    hazards.on("/end", hz.answer(200, b"", "Set-Cookie: b=2; Path=/"))
    url = hazards.on("/start", hz.redirect(302, "/end", "Set-Cookie: a=1; Path=/"))
    result = await fetched(client, url)
    await fetched(client, url)
    assert len(hazards.seen) == 4
    assert all("cookie" not in request.headers and "referer" not in request.headers for request in hazards.seen)
    assert "set-cookie" not in result.headers


@pytest.mark.parametrize("path", ["/a%2Fb", "/%7Euser", "/x?sig=a%2Bb%3D%3D&u=%41", "/a;b=c", "/a%20b"])
async def test_escapes_in_addresses_are_left_alone(client: WebClient, hazards: Hazards, path: str) -> None:
    await failure(client, hazards.url(path))
    assert hazards.seen[0].target == path


# Redirects


@pytest.mark.parametrize(
    ("first", "second", "permanent"),
    [
        (301, 308, True),
        (301, 302, False),  # one temporary hop makes the whole way temporary
        (307, 301, False),
    ],
)
async def test_permanent_only_when_every_hop_is(
    client: WebClient, hazards: Hazards, first: int, second: int, permanent: bool
) -> None:
    end = hazards.on("/end", hz.answer(200, b"here"))
    hazards.on("/middle", hz.redirect(second, "end"))
    result = await fetched(client, hazards.on("/start", hz.redirect(first, "/middle")))
    assert (result.body, result.url) == (b"here", end)
    assert result.permanent_url == (end if permanent else None)


async def test_redirect_loops_end(client: WebClient, hazards: Hazards) -> None:
    error = await failure(client, hazards.on("/loop", hz.redirect(302, "/loop")))
    assert error.code == "too-many-redirects"
    assert len(hazards.seen) == 6


@pytest.mark.parametrize(
    ("target", "code"),
    [
        ("http://127.0.0.2/", "blocked-address"),  # not the one address that is allowed
        ("http://[::1]:9/", "blocked-address"),
        ("http://[::ffff:127.0.0.2]/", "blocked-address"),  # IPv4 in IPv6 clothes
        ("http://2130706434/", "bad-url"),  # 127.0.0.2 in decimal: aiohttp takes it for no host at all
        ("http://0x7f.2/", "blocked-address"),  # and in hexadecimal
        ("http://0177.0.0.2/", "bad-url"),  # and in octal: httpx takes it for no host at all
        ("http://169.254.169.254/latest/meta-data/", "blocked-address"),
        ("http://0.0.0.0/", "blocked-address"),
        ("file:///etc/passwd", "bad-url"),
        ("javascript:alert(1)", "bad-url"),
        ("mailto:desk@example.org", "bad-url"),
        ("http://[::1", "bad-url"),
        ("http://xn--/", "bad-url"),  # Punycode of nothing
        ("http://a..b/", "bad-url"),
        (f"http://{'a' * 64}.example/", "bad-url"),
        (f"http://{'a.' * 130}example/", "bad-url"),
        ("http://\u00ad/", "bad-url"),
        ("gopher://127.0.0.1/", "bad-url"),
        ("http://user:password@127.0.0.1/", "bad-url"),
        ("//user@127.0.0.1/", "bad-url"),
        ("http://127.0.0.1:99999/", "bad-url"),
    ],
)
async def test_every_hop_is_checked(client: WebClient, hazards: Hazards, target: str, code: str) -> None:
    error = await failure(client, hazards.on("/", hz.redirect(302, target)))
    assert error.code == code
    assert not error.transient
    assert len(hazards.seen) == 1


async def test_credentials_stay_at_their_origin(client: WebClient, hazards: Hazards) -> None:
    async with hazard_server() as other:
        other.on("/", hz.answer(200))
        hazards.on("/same", hz.redirect(302, other.url("/")))
        url = hazards.on("/", hz.redirect(302, "/same")).replace("http://", "http://name:secret@")
        result = await fetched(client, url)
        assert [request.headers.get("authorization") for request in hazards.seen] == ["Basic bmFtZTpzZWNyZXQ="] * 2
        assert "authorization" not in other.seen[0].headers
        assert "secret" not in result.url


# Bodies


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        ("gzip", packed(b"news")),
        ("x-gzip", packed(b"news")),
        ("GZIP", packed(b"ne") + packed(b"ws")),  # two members
        ("gzip", packed(b"news") + b"\0" * 100),  # padded
        ("deflate", zlib.compress(b"news")),
        ("deflate", hz.raw_deflate(b"news")),  # without the zlib frame
        ("identity", b"news"),
    ],
)
async def test_codings_are_undone(client: WebClient, hazards: Hazards, coding: str, packed: bytes) -> None:
    assert (await fetched(client, hazards.on("/", hz.coded(coding, packed)))).body == b"news"


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        ("gzip, gzip", packed(packed(b"news"))),  # stacked
        ("br", b"news"),  # not asked for
        ("gzip", b"this is not gzip"),
        ("gzip", packed(b"news" * 1000)[:-9]),  # cut
        ("gzip", b"\x1f"),
        ("deflate", zlib.compress(b"news" * 1000)[:-5]),
    ],
)
async def test_bad_codings_are_refused(client: WebClient, hazards: Hazards, coding: str, packed: bytes) -> None:
    assert (await failure(client, hazards.on("/", hz.coded(coding, packed)))).code == "bad-encoding"


async def test_codings_stacked_over_two_fields_are_refused(client: WebClient, hazards: Hazards) -> None:
    url = hazards.on("/", hz.answer(200, b"x", "Content-Encoding: gzip", "Content-Encoding: deflate"))
    assert (await failure(client, url)).code == "bad-encoding"


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
async def test_a_bomb_costs_its_cap_and_not_its_size(client: WebClient, hazards: Hazards, coding: str) -> None:
    bomb = hz.gzip_bomb(80) if coding == "gzip" else zlib.compress(bytes(80_000_000), 9)
    url = hazards.on("/", hz.coded(coding, bomb))
    tracemalloc.start()
    try:
        error = await failure(client, url)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert error.code == "too-large"
    assert peak < 8_000_000


async def test_an_endless_body_ends_at_the_cap(client: WebClient, hazards: Hazards) -> None:
    url = hazards.on("/", hz.endless(hz.head(200), b"x" * 10_000))
    assert (await failure(client, url)).code == "too-large"


async def test_a_coded_stream_that_decodes_to_nothing_ends_at_the_cap(client: WebClient, hazards: Hazards) -> None:
    empty_blocks = b"\x00\x00\x00\xff\xff" * 2000
    start = zlib.compressobj(wbits=31).flush(zlib.Z_SYNC_FLUSH) or gzip.compress(b"")[:10]
    url = hazards.on("/", hz.endless(hz.head(200, "Content-Encoding: gzip") + start, empty_blocks))
    assert (await failure(client, url)).code == "too-large"


async def test_the_cap_of_one_fetch(client: WebClient, hazards: Hazards) -> None:
    url = hazards.on("/", hz.answer(200, b"12345"))
    assert isinstance(await client.fetch(url, now=NOW, max_bytes=5), Fetched)
    with pytest.raises(FetchError, match="larger than 4 bytes"):
        await client.fetch(url, now=NOW, max_bytes=4)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (hz.head(200, "Content-Length: 100") + b"short", "protocol"),
        (hz.head(200, "Transfer-Encoding: chunked") + b"5\r\nhel", "protocol"),
        (hz.head(200, "Transfer-Encoding: chunked") + b"zz\r\nhello\r\n", "protocol"),
        (hz.head(200, "Content-Length: 5", "Content-Length: 7") + b"hello", "protocol"),
        (b"SSH-2.0-OpenSSH_9.6\r\n\r\n", "protocol"),
        (hz.head(200, "X: " + "y" * 200_000), "headers-too-large"),  # one field
        (hz.head(200, *[f"X-{i}: 1" for i in range(2000)]), "headers-too-large"),  # their number
        (hz.head(200, *[f"X-{i}: {'y' * 60_000}" for i in range(5)], "Content-Length: 0"), "headers-too-large"),  # all
        (b"", "connect"),
        (hz.head(206, "Content-Length: 2") + b"hi", "http-206"),
        (hz.head(302, "Content-Length: 0"), "http-302"),
    ],
)
async def test_broken_answers_have_a_name(client: WebClient, hazards: Hazards, data: bytes, code: str) -> None:
    assert (await failure(client, hazards.on("/", hz.raw(data)))).code == code


async def test_the_cap_on_headers_is_told_and_no_passing_trouble(client: WebClient, hazards: Hazards) -> None:
    error = await failure(client, hazards.on("/", hz.endless(hz.head(200)[:-2], b"X: y\r\n" * 100)))
    assert (error.code, error.transient) == ("headers-too-large", False)
    assert "256 of them, 64 KB each, 256 KB together" in str(error)


async def test_headers_larger_than_the_usual_limit_are_read(client: WebClient, hazards: Hazards) -> None:
    result = await fetched(client, hazards.on("/", hz.answer(200, b"", "X: " + "y" * 30_000)))
    assert len(result.headers["x"]) == 30_000


async def test_a_reset_in_the_body(client: WebClient, hazards: Hazards) -> None:
    error = await failure(client, hazards.on("/", hz.reset_after(hz.head(200, "Content-Length: 9") + b"x")))
    assert error.transient
    assert error.code in ("protocol", "connect")


# Time


@pytest.mark.parametrize(
    "handler",
    [
        hz.endless(hz.head(200), b"x", pause=0.01),  # drip: no single read is ever late
        hz.endless(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n" * 100, pause=0.01),  # 1xx flood
        hz.endless(hz.head(200)[:-2], b"X: y\r\n", pause=0.05),  # headers without end
        hz.slow(30, hz.answer(200)),
    ],
)
async def test_one_deadline_over_everything(hazards: Hazards, handler: hz.Handler) -> None:
    limits = HostLimits(spacing=0, concurrency=1)
    guard = AddressGuard(["127.0.0.0/8"])
    async with WebClient(user_agent="t", guard=guard, hosts=limits, deadline=0.3) as client:
        assert (await failure(client, hazards.on("/", handler))).code == "timeout"


async def test_the_deadline_covers_all_hops_together(hazards: Hazards) -> None:
    hazards.on("/2", hz.slow(0.3, hz.answer(200)))
    url = hazards.on("/1", hz.slow(0.3, hz.redirect(302, "/2")))
    limits = HostLimits(spacing=0, concurrency=1)
    async with WebClient(user_agent="t", guard=AddressGuard(["127.0.0.1"]), hosts=limits, deadline=0.5) as client:
        assert (await failure(client, url)).code == "timeout"
    assert len(hazards.seen) == 2


# Statuses


@pytest.mark.parametrize(
    ("status", "transient"),
    [
        (400, False),
        (401, False),
        (403, False),
        (404, False),
        (408, True),
        (410, False),
        (429, True),
        (500, True),
        (503, True),
    ],
)
async def test_statuses(client: WebClient, hazards: Hazards, status: int, transient: bool) -> None:
    error = await failure(client, hazards.on("/", hz.answer(status, b"sorry")))
    assert (error.code, error.status, error.transient) == (f"http-{status}", status, transient)
    assert error.retry_after is None


@pytest.mark.parametrize("status", [429, 503, 403])
@pytest.mark.parametrize("value", ["3600", format_datetime(NOW + timedelta(hours=1), usegmt=True)])
async def test_retry_after_is_reported(client: WebClient, hazards: Hazards, status: int, value: str) -> None:
    error = await failure(client, hazards.on("/", hz.answer(status, b"", f"Retry-After: {value}")))
    assert error.retry_after == NOW + timedelta(hours=1)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("0", NOW),
        ("9" * 500, NOW + timedelta(days=30)),  # a server cannot silence a source for good
        ("Fri, 31 Dec 9999 23:59:59 GMT", NOW + timedelta(days=30)),
        ("Mon, 01 Jan 2001 00:00:00 GMT", NOW),  # past
        ("Wed, 01 May 2024 12:10:00 -0000", NOW + timedelta(minutes=10)),
        ("Wed, 99 May 2024 12:10:00 GMT", None),
        ("\u0663\u0664", None),  # digits, but not HTTP's
    ],
)
def test_reading_retry_after(value: str | None, expected: datetime | None) -> None:
    assert parse_retry_after(value, NOW) == expected


# Not even a connection


async def test_a_closed_port_is_a_transient_fault(client: WebClient) -> None:
    server = await asyncio.start_server(lambda r, w: None, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    error = await failure(client, f"http://127.0.0.1:{port}/")
    assert (error.code, error.transient) == ("connect", True)


@pytest.mark.parametrize(
    "url", ["", "news", "ftp://127.0.0.1/", "http://", "http://a b/", "http://x\x00y/", "http://[::1"]
)
async def test_addresses_that_are_none(client: WebClient, url: str) -> None:
    error = await failure(client, url)
    assert (error.code, error.transient) == ("bad-url", False)


async def test_a_name_is_judged_by_its_addresses(hazards: Hazards) -> None:
    hazards.on("/", hz.answer(200))
    url = hazards.url("/").replace("127.0.0.1", "localhost")
    async with WebClient(user_agent="t", guard=AddressGuard(), hosts=HostLimits(0, 1)) as client:
        assert (await failure(client, url)).code == "blocked-address"
    assert hazards.seen == []


async def test_plain_http_on_a_tls_address(client: WebClient) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(hz.head(400))
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(talk, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        error = await failure(client, f"https://127.0.0.1:{port}/")
    assert (error.code, error.transient) == ("tls", True)


async def test_tls_is_verified_and_an_own_authority_may_be_given() -> None:
    authority = trustme.CA()
    serving, trusting = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH), ssl.create_default_context()
    authority.issue_cert("127.0.0.1").configure_cert(serving)
    authority.configure_trust(trusting)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(hz.head(200, "Content-Length: 2") + b"ok")
        writer.close()

    async with await asyncio.start_server(talk, "127.0.0.1", 0, ssl=serving) as server:
        url = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        guard = AddressGuard(["127.0.0.1"])
        async with WebClient(user_agent="t", guard=guard, hosts=HostLimits(0, 1), verify=trusting) as client:
            assert (await fetched(client, url)).body == b"ok"
        async with WebClient(user_agent="t", guard=guard, hosts=HostLimits(0, 1)) as client:
            assert (await failure(client, url)).code == "tls"


# Cancelling


async def test_cancelled_requests_lose_no_slot_and_no_connection(hazards: Hazards) -> None:
    slow = hazards.on("/slow", hz.slow(30, hz.answer(200)))
    quick = hazards.on("/quick", hz.answer(200, b"ok"))
    guard = AddressGuard(["127.0.0.1"])
    async with WebClient(user_agent="t", guard=guard, hosts=HostLimits(0, 3)) as client:
        for round_ in range(30):
            tasks = [asyncio.create_task(client.fetch(slow, now=NOW)) for _ in range(5)]
            await asyncio.sleep(0.001 * (round_ % 4))
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            assert all(task.cancelled() for task in tasks)
        assert (await asyncio.wait_for(fetched(client, quick), 5)).body == b"ok"


# POST


async def test_post_returns_what_was_said(client: WebClient, hazards: Hazards) -> None:
    url = hazards.on("/hook", hz.answer(500, b"x" * 5000, "Retry-After: 7"))
    said = await client.post(url, body=b'{"a":1}', headers={"Webhook-Id": "msg_1"}, deadline=5, max_answer=100)
    assert (said.status, said.headers["retry-after"], said.excerpt) == (500, "7", b"x" * 100)
    request = hazards.seen[0]
    assert (request.method, request.body, request.headers["webhook-id"]) == ("POST", b'{"a":1}', "msg_1")


async def test_post_follows_no_redirect(client: WebClient, hazards: Hazards) -> None:
    url = hazards.on("/hook", hz.redirect(307, "/other"))
    said = await client.post(url, body=b"x", headers={}, deadline=5, max_answer=10)
    assert said.status == 307
    assert len(hazards.seen) == 1


async def test_post_keeps_a_status_whose_body_never_ends(client: WebClient, hazards: Hazards) -> None:
    url = hazards.on("/hook", hz.endless(hz.head(200), b"x", pause=0.05))
    said = await client.post(url, body=b"x", headers={}, deadline=0.4, max_answer=10_000)
    assert said.status == 200
    assert 0 < len(said.excerpt) < 10_000


async def test_post_without_an_answer_is_an_error(client: WebClient, hazards: Hazards) -> None:
    url = hazards.on("/hook", hz.slow(30, hz.answer(200)))
    with pytest.raises(FetchError) as caught:
        await client.post(url, body=b"x", headers={}, deadline=0.2, max_answer=10)
    assert caught.value.code == "timeout"
