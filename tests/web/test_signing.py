"""Signing in, staying signed in, and what other sites' pages cannot do."""

import asyncio
from datetime import timedelta

import httpx
import pytest

from service.domain.access import SESSION_ENDS, SESSION_RESTS, Scope, fingerprint
from service.passwords import hash_password
from service.store import access
from tests.web.desk import START
from tests.web.serving import Site

PASSWORD = "four words make it"
KEY = "nv_" + "k" * 43


@pytest.fixture
async def locked(site: Site) -> Site:
    """A user and a token exist."""
    async with site.db.write() as session:
        await access.put_user(session, name="ana", password=hash_password(PASSWORD), scope=Scope.READ, now=START)
        await access.add_token(
            session, name="desk", hashed=fingerprint(KEY), shown="nv_kkkk", scope=Scope.ADMIN, expires=None, now=START
        )
    return site


async def sign_in(site: Site, name: str = "ana", password: str = PASSWORD, to: str = "/") -> httpx.Response:
    return await site.client.post("/sign-in", data={"name": name, "password": password, "to": to})


async def test_a_page_leads_to_the_form_and_back(locked: Site) -> None:
    asked = await locked.get("/sources?page=1")
    assert (asked.status_code, asked.headers["location"]) == (303, "/sign-in?to=%2Fsources%3Fpage%3D1")
    form = await locked.page(asked.headers["location"])
    assert 'name="to" value="/sources?page=1"' in form
    answer = await sign_in(locked, to="/sources?page=1")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sources?page=1")
    await locked.page("/sources?page=1")
    assert (await locked.get("/sign-in?to=/sources")).headers["location"] == "/sources"


async def test_the_cookie_is_for_the_server_alone(locked: Site) -> None:
    cookie = (await sign_in(locked)).headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/" in cookie
    async with locked.db.read() as session:
        stored = await access.caller_with_session(
            session, fingerprint(locked.client.cookies["newsvane_session"]), START
        )
    assert stored is not None
    assert (stored.caller.name, stored.caller.scope) == ("ana", Scope.READ)


async def test_a_token_signs_in_too_and_its_sessions_end_with_it(locked: Site) -> None:
    assert (await sign_in(locked, name="", password=KEY)).status_code == 303
    await locked.page("/")
    async with locked.db.write() as session:
        await access.revoke_token(session, "desk", now=START)
    assert (await locked.get("/")).status_code == 303


@pytest.mark.parametrize(
    ("name", "password"),
    [("ana", "wrong words here"), ("bob", PASSWORD), ("", PASSWORD), ("ana", ""), ("", "nv_wrong"), ("ana", KEY)],
)
async def test_what_is_wrong_opens_nothing(locked: Site, name: str, password: str) -> None:
    answer = await sign_in(locked, name, password)
    assert answer.status_code == 403
    assert "opens nothing" in answer.text
    assert "set-cookie" not in answer.headers
    assert (await locked.get("/")).status_code == 303


async def test_guessing_is_slowed_and_a_right_password_does_not_help_meanwhile(locked: Site) -> None:
    for _ in range(5):
        assert (await sign_in(locked, password="wrong words here")).status_code == 403
    answer = await sign_in(locked)
    assert answer.status_code == 429
    assert answer.headers["retry-after"] == "31"
    locked.desk.time += timedelta(seconds=31)
    assert (await sign_in(locked)).status_code == 303


async def test_guesses_sent_at_once_are_counted_like_others(locked: Site) -> None:
    answers = await asyncio.gather(*(sign_in(locked, password=f"wrong words {number}") for number in range(12)))
    assert sorted(answer.status_code for answer in answers) == [403] * 5 + [429] * 7


async def test_guessed_tokens_hold_up_nobody_elsewhere(locked: Site) -> None:
    for number in range(6):
        await sign_in(locked, "", f"nv_wrong{number}")
    elsewhere = httpx.AsyncHTTPTransport(local_address="127.0.0.2")
    async with httpx.AsyncClient(transport=elsewhere, base_url=locked.client.base_url) as client:
        assert (await client.post("/sign-in", data={"password": KEY})).status_code == 303


async def test_guessing_many_names_from_one_address_is_slowed(locked: Site) -> None:
    answers = [(await sign_in(locked, f"user{number}", "some password")).status_code for number in range(6)]
    assert answers == [403] * 5 + [429]


@pytest.mark.parametrize(
    "to", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "", "sources", "/\tx"]
)
async def test_nobody_is_led_to_another_site(locked: Site, to: str) -> None:
    assert (await sign_in(locked, to=to)).headers["location"] == "/"


async def test_signing_out_ends_the_session_itself(locked: Site) -> None:
    await sign_in(locked)
    cookie = locked.client.cookies["newsvane_session"]
    assert (await locked.client.post("/sign-out")).headers["location"] == "/sign-in"
    assert (await locked.get("/", headers={"Cookie": f"newsvane_session={cookie}"})).status_code == 303


@pytest.mark.parametrize("span", [SESSION_RESTS, SESSION_ENDS])
async def test_a_session_ends_unused_and_in_the_end_anyhow(locked: Site, span: timedelta) -> None:
    await sign_in(locked)
    steps = 10 if span == SESSION_ENDS else 1  # used every third day, it lasts to its end
    for _ in range(steps - 1):
        locked.desk.time += span / steps
        await locked.page("/")
    locked.desk.time += span / steps
    assert (await locked.get("/")).status_code == 303


async def test_a_new_password_signs_the_user_out_everywhere(locked: Site) -> None:
    await sign_in(locked)
    async with locked.db.write() as session:
        assert not await access.put_user(session, name="ana", password="other", scope=Scope.WRITE, now=START)
    assert (await locked.get("/")).status_code == 303


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 303),
        ({"Sec-Fetch-Site": "none"}, 303),  # typed, or from a bookmark
        ({}, 303),  # no browser
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),  # a neighbour's subdomain
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),  # a sandboxed frame
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://127.0.0.1"}, 403),
    ],
)
async def test_another_sites_page_changes_nothing(locked: Site, headers: dict[str, str], status: int) -> None:
    await sign_in(locked)
    assert (await locked.client.post("/sign-out", headers=headers)).status_code == status


async def test_our_own_page_is_known_by_its_origin(locked: Site) -> None:
    base = str(locked.client.base_url).rstrip("/")
    assert (await locked.client.post("/sign-out", headers={"Origin": base})).status_code == 303


async def test_a_locked_newsvane_answers_to_any_name(locked: Site) -> None:
    answer = await locked.get("/", headers={"Host": "news.example.org"})
    assert answer.status_code == 303
    assert (await locked.get("/api/v1/mentions", headers={"Host": "news.example.org"})).status_code == 401


@pytest.mark.parametrize("length", ["Content-Length: 20000001", "Transfer-Encoding: chunked"])
async def test_too_large_a_body_is_not_read(locked: Site, length: str) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", locked.client.base_url.port)
    try:
        writer.write(f"POST /sign-in HTTP/1.1\r\nHost: localhost\r\n{length}\r\n\r\n".encode())
        async with asyncio.timeout(30):
            assert (await reader.readline()).startswith(b"HTTP/1.1 413 ")
    finally:
        writer.close()
        await writer.wait_closed()
