"""The whole description, asked with what schemathesis makes up: no answer is a 5xx, and each is as described."""

import asyncio
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from service.domain.access import Scope, fingerprint
from service.store import access
from service.store.engine import Database
from tests.web.desk import START
from tests.web.serving import open_site

KEY = "nv_" + "s" * 43
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    unsupported_method,
    ignored_auth,
]


@pytest.fixture(scope="module")
def address(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Of an application with something of everything, in a loop and a thread of its own."""
    file = tmp_path_factory.mktemp("specification") / "newsvane.db"
    shutil.copyfile(sqlite_template, file)
    told: list[str] = []
    ready, loop = threading.Event(), asyncio.new_event_loop()
    stop = asyncio.Event()

    async def serve() -> None:
        db = Database(f"sqlite:///{file}")
        try:
            async with open_site(db) as site:
                await site.desk.track("HPE")
                await site.desk.add_channel("desk", url="http://127.0.0.1:9/in")
                await site.desk.add_rule("everything", "entity:*", "desk")
                saved = await site.desk.publish(names={"HPE": ["HPE"]})
                await site.desk.alert("everything", saved, "desk")
                async with db.write() as session:
                    assert await access.add_token(
                        session,
                        name="schemathesis",
                        hashed=fingerprint(KEY),
                        shown=KEY[:7],
                        scope=Scope.ADMIN,
                        expires=None,
                        now=START,
                    )
                told.append(str(site.client.base_url).rstrip("/"))
                ready.set()
                await stop.wait()
        finally:
            ready.set()
            await db.close()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    try:
        assert ready.wait(30)
        yield told[0]
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(30)
        loop.close()


def test_every_answer_is_as_described(address: str) -> None:
    headers = {"Authorization": f"Bearer {KEY}"}
    schema = schemathesis.openapi.from_url(f"{address}/api/v1/openapi.json", headers=headers)
    wrong: dict[str, str] = {}
    operations = [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]
    for operation in operations:
        try:
            _ask(operation.as_strategy(), headers)
        except (Exception, BaseExceptionGroup) as error:  # noqa: BLE001 - all are told together
            wrong[operation.label] = str(error)
    assert not wrong, "\n\n".join(f"{label}\n{why}" for label, why in wrong.items())
    assert len(operations) >= 90


def _ask(cases: Any, headers: dict[str, str]) -> None:
    @settings(
        max_examples=6,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases)
    def ask(case: Any) -> None:
        if case.path == "/api/v1/events":
            case.query = {**(case.query or {}), "wait": "false"}  # else it does not end
            case.headers.setdefault("Last-Event-ID", "0")  # else there is nothing to tell
        case.call_and_validate(headers=headers, checks=CHECKS, timeout=60)

    ask()
