"""A change under an Idempotency-Key happens once, however often, and however many at once, ask for it."""

import asyncio
from datetime import timedelta

import httpx
import pytest
from pytest_httpserver import HTTPServer
from sqlalchemy import update

from service.api.access import COOKIE
from service.domain.access import Scope, fingerprint
from service.store import access
from service.store.tables import OnceRow
from tests.api.test_access import bearing, make_token
from tests.web.serving import Site

SILENCE = {"query": "entity:*", "for": "4h"}


async def sign_up(site: Site, name: str, secret: str) -> None:
    """A user who has signed in; the cookie holds that secret."""
    async with site.db.write() as session:
        await access.put_user(session, name=name, password="", scope=Scope.WRITE, now=site.desk.time)
        user, _ = await access.password_of(session, name) or (0, "")
        assert await access.open_session(session, hashed=fingerprint(secret), now=site.desk.time, user=user)
    site.desk.time += timedelta(seconds=10)


def cookie(secret: str) -> dict[str, str]:
    return {"Cookie": f'{COOKIE}="{secret}"'}


async def silence(site: Site, key: str | None = "k-1", body: object = SILENCE, **headers: str) -> httpx.Response:
    given = headers | ({"Idempotency-Key": key} if key else {})
    return await site.client.post("/api/v1/silences", json=body, headers=given)


async def silences(site: Site, **headers: str) -> int:
    return len((await site.get("/api/v1/silences", headers=headers)).json()["items"])


async def test_the_same_request_is_answered_as_before(site: Site) -> None:
    first, again = await silence(site), await silence(site, '"k-1"')
    assert (first.status_code, again.status_code, again.json()) == (201, 201, first.json())
    assert ("idempotent-replayed" in first.headers, again.headers["idempotent-replayed"]) == (False, "true")
    assert await silences(site) == 1


async def test_without_a_key_or_under_another_it_happens_again(site: Site) -> None:
    for key in ("k-1", "k-2", None, None):
        assert (await silence(site, key)).status_code == 201
    assert await silences(site) == 4


async def test_another_request_under_the_key_is_refused(site: Site) -> None:
    await silence(site)
    other = await silence(site, body={**SILENCE, "for": "5h"})
    assert (other.status_code, "take a new key" in other.json()["detail"]) == (422, True)
    assert await silences(site) == 1


async def test_many_at_once_are_one(site: Site) -> None:
    answers = await asyncio.gather(*(silence(site) for _ in range(8)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert await silences(site) == 1


async def test_what_was_refused_had_no_effect_and_may_come_again(site: Site) -> None:
    body = {"rule": "big news", "for": "4h"}
    assert (await silence(site, body=body)).status_code == 404
    await site.desk.add_rule("big news", "entity:*")
    assert (await silence(site, body=body)).status_code == 201


async def test_a_key_is_forgotten_after_a_day(site: Site) -> None:
    await silence(site)
    site.desk.time += timedelta(hours=24)
    assert "idempotent-replayed" not in (await silence(site, body={**SILENCE, "for": "5h"})).headers
    assert await silences(site) == 2


async def test_keys_of_one_caller_are_none_of_anothers(site: Site) -> None:
    mine, yours = bearing("nv_" + "m" * 43), bearing("nv_" + "y" * 43)
    await make_token(site, "nv_" + "m" * 43, Scope.WRITE)
    await make_token(site, "nv_" + "y" * 43, Scope.WRITE)
    ids = {(await silence(site, **headers)).json()["id"] for headers in (mine, yours, mine)}
    assert (len(ids), await silences(site, **mine)) == (2, 2)


async def test_a_token_and_a_user_of_one_name_are_two_callers(site: Site) -> None:
    token = bearing("nv_" + "m" * 43)
    await make_token(site, "nv_" + "m" * 43, Scope.WRITE)
    await sign_up(site, "mmmmm", "user's secret")
    ids = [(await silence(site, **who)).json()["id"] for who in (token, cookie("user's secret"), token)]
    assert (ids[0] == ids[2], ids[0] == ids[1], await silences(site, **token)) == (True, False, 2)


async def test_what_a_removed_user_asked_is_none_of_the_next_ones(site: Site) -> None:
    """SQLite gives the number of the last user again."""
    await sign_up(site, "ana", "ana's secret")
    first = await silence(site, **cookie("ana's secret"))
    async with site.db.write() as session:
        assert await access.remove_user(session, "ana")
    await sign_up(site, "ben", "ben's secret")
    assert (await silence(site, **cookie("ben's secret"))).json()["id"] != first.json()["id"]


async def test_a_message_to_a_receiver_is_sent_once(site: Site, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/in").respond_with_data("taken")
    await site.desk.add_channel("desk", url=httpserver.url_for("/in"))

    async def test() -> httpx.Response:
        return await site.client.post("/api/v1/channels/desk/test", headers={"Idempotency-Key": "t-1"})

    answers = await asyncio.gather(test(), test(), test())
    assert {answer.status_code for answer in answers} <= {200, 409}  # 409: it is being worked on
    again = await test()
    assert (again.json()["sent"], again.headers["idempotent-replayed"]) == (True, "true")
    assert len(httpserver.log) == 1


async def test_what_a_daemon_died_over_may_be_asked_again(site: Site, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/in").respond_with_data("taken")
    await site.desk.add_channel("desk", url=httpserver.url_for("/in"))

    async def test() -> httpx.Response:
        return await site.client.post("/api/v1/channels/desk/test", headers={"Idempotency-Key": "t-1"})

    await test()
    async with site.db.write() as session:  # as it was when the request was noted, and nothing more
        await session.execute(update(OnceRow).values(status=0, answer=""))
    site.desk.time += timedelta(minutes=9)
    assert (await test()).status_code == 409
    site.desk.time += timedelta(minutes=1)
    assert (await test()).json()["sent"]
    assert (await test()).headers["idempotent-replayed"] == "true"
    assert len(httpserver.log) == 2


@pytest.mark.parametrize("key", ["", '""', "x" * 201])
async def test_what_is_no_key(site: Site, key: str) -> None:
    answer = await site.client.post("/api/v1/silences", json=SILENCE, headers={"Idempotency-Key": key})
    assert (answer.status_code, await silences(site)) == (400, 0)


async def test_a_token_is_never_kept_so_it_takes_no_key(site: Site) -> None:
    answer = await site.client.post("/api/v1/tokens", json={"name": "n"}, headers={"Idempotency-Key": "k"})
    assert answer.status_code == 400
    made = await site.client.post("/api/v1/tokens", json={"name": "n", "scope": "admin"})
    headers = {"Authorization": f"Bearer {made.json()['token']}"}
    assert (await site.client.post("/api/v1/tokens", json={"name": "n"}, headers=headers)).status_code == 409
    assert (await site.client.post("/api/v1/tokens", json={"name": "m"})).status_code == 401  # locked at once
