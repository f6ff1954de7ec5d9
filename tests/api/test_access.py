"""Who may ask: nobody needs a token before there is one, everybody afterwards."""

from datetime import timedelta

import pytest

from service.domain.access import Scope, fingerprint
from service.store import access
from tests.web.desk import START
from tests.web.serving import Site, open_site

KEY = "nv_" + "k" * 43
OPEN = {"/healthz", "/readyz"}


async def make_token(site: Site, key: str = KEY, scope: Scope = Scope.READ, days: int | None = None) -> None:
    ends = START + timedelta(days=days) if days is not None else None
    async with site.db.write() as session:
        made = await access.add_token(
            session, name=key[-5:], hashed=fingerprint(key), shown=key[:7], scope=scope, expires=ends, now=START
        )
    assert made
    site.desk.time += timedelta(seconds=10)  # a running daemon looks every two seconds


def bearing(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


async def test_without_any_token_this_machine_may_ask(site: Site) -> None:
    assert (await site.get("/api/v1/mentions")).status_code == 200


async def test_the_first_token_locks_every_route_that_is_not_open_on_purpose(site: Site) -> None:
    paths = (await site.get("/api/v1/openapi.json")).json()["paths"]
    await make_token(site)
    for path, methods in paths.items():
        for method in methods:
            answer = await site.client.request(method, path.replace("{identity}", "1"), json={})
            assert (answer.status_code == 401) is (path not in OPEN), (method, path)
    answer = await site.get("/api/v1/mentions")
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.json()["detail"].startswith("say who you are: send a token")


async def test_a_token_opens_and_notes_its_use(site: Site) -> None:
    await make_token(site)
    assert (await site.get("/api/v1/mentions", headers=bearing(KEY))).status_code == 200
    async with site.db.read() as session:
        (line,) = await access.tokens(session)
    assert (line["begins"], line["scope"]) == ("nv_kkkk", "read")
    assert line["last_used_at"] is not None
    assert KEY not in str(line)


@pytest.mark.parametrize(
    "value",
    [
        "Bearer nv_wrong",
        "Bearer",
        "Basic bmFtZTpwYXNz",
        KEY,  # without the scheme
        f"Bearer {fingerprint(KEY)}",  # what the database holds is no key
    ],
)
async def test_what_is_no_token_opens_nothing(site: Site, value: str) -> None:
    await make_token(site)
    assert (await site.get("/api/v1/mentions", headers={"Authorization": value})).status_code == 401


async def test_a_wrong_token_is_refused_even_where_none_is_needed(site: Site) -> None:
    assert (await site.get("/api/v1/mentions", headers=bearing("nv_wrong"))).status_code == 401


async def test_a_token_ends_with_its_time_and_the_lock_stays(site: Site) -> None:
    await make_token(site, days=1)
    assert (await site.get("/api/v1/mentions", headers=bearing(KEY))).status_code == 200
    site.desk.time = START + timedelta(days=1)
    assert (await site.get("/api/v1/mentions", headers=bearing(KEY))).status_code == 401
    assert (await site.get("/api/v1/mentions")).status_code == 401


async def test_a_revoked_token_opens_nothing(site: Site) -> None:
    await make_token(site)
    await make_token(site, "nv_" + "o" * 43)
    async with site.db.write() as session:
        assert await access.revoke_token(session, "kkkkk", now=site.desk.now())
        assert not await access.revoke_token(session, "kkkkk", now=site.desk.now())
    assert (await site.get("/api/v1/mentions", headers=bearing(KEY))).status_code == 401
    assert (await site.get("/api/v1/mentions", headers=bearing("nv_" + "o" * 43))).status_code == 200


async def test_where_others_can_ask_nothing_is_ever_open(site: Site) -> None:
    async with open_site(site.db, listen="0.0.0.0:8780") as reachable:
        assert (await reachable.get("/api/v1/mentions")).status_code == 401
        assert (await reachable.get("/healthz")).status_code == 200
