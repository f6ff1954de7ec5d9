"""Alive, and able to work: two questions with two answers."""

import pytest
from sqlalchemy import text

from tests.web.serving import Site


async def test_a_process_over_a_current_database_is_alive_and_ready(site: Site) -> None:
    assert (await site.get("/healthz")).json() == {"status": "alive"}
    ready = await site.get("/readyz")
    assert ready.status_code == 200
    assert ready.json()["status"] == "ready"


async def test_an_older_schema_is_not_ready_and_says_what_to_do(site: Site) -> None:
    async with site.db.write() as session:
        await session.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    answer = await site.get("/readyz")
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"].endswith(": run newsvane migrate")
    assert (await site.get("/healthz")).status_code == 200


async def test_a_newer_schema_asks_for_a_newer_program(site: Site) -> None:
    async with site.db.write() as session:
        await session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    answer = await site.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["detail"].endswith(": update newsvane")


async def test_a_database_that_is_gone_is_not_made_anew(site: Site) -> None:
    file = site.db.file
    if file is None:
        pytest.skip("a server's database is not a file")
    file.unlink()
    answer = await site.get("/readyz")
    assert answer.status_code == 503
    assert "the database file is gone" in answer.json()["detail"]
    assert not file.exists()
