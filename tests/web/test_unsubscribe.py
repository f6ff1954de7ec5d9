"""Leaving a channel by the link in a mail: one click, no log-in, undone as easily, and nobody else's business."""

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.alerting import AlertDraft
from service.domain.unsubscribing import read_token, sign_token
from service.store import deliveries, unsubscribed
from service.store.alerts import raise_alert
from service.store.engine import Database
from service.web.app import create_app
from service.web.unsubscribe import Unsubscribing
from tests.store.steps import NOW, add_channel, counted_ids, lease

KEY = b"k" * 32
ANN = "ann@example.org"
PUBLIC = "https://news.example"


def client(db: Database) -> httpx.AsyncClient:
    app = create_app(db, listen="127.0.0.1:8780", now=lambda: NOW, unsubscribing=Unsubscribing(db, KEY, lambda: NOW))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1:8780")


async def left(db: Database) -> list[str]:
    async with db.read() as session:
        return [address for address, _ in await unsubscribed.addresses(session, "desk")]


async def test_one_click_leaves_and_another_undoes_it(db: Database) -> None:
    link = "/unsubscribe/" + sign_token("desk", ANN, KEY)
    async with client(db) as browser:
        looked = await browser.get(link)
        assert (looked.status_code, await left(db)) == (200, []), "a mail scanner opens every link"
        assert ANN in looked.text
        for _ in range(2):
            gone = await browser.post(link, content=b"List-Unsubscribe=One-Click")
            assert (gone.status_code, await left(db)) == (200, [ANN])
        back = await browser.post(link + "/undo")
        assert (back.status_code, await left(db)) == (200, [])


async def test_one_rule_can_be_left_and_the_others_go_on(db: Database) -> None:
    link = "/unsubscribe/" + sign_token("desk", ANN, KEY, "big <news>")
    async with client(db) as browser:
        looked = await browser.get(link)
        assert "big &lt;news&gt;" in looked.text
        gone = await browser.post(link + "/rule")
        assert (gone.status_code, await left(db)) == (200, [])
        async with db.read() as session:
            (one,) = await unsubscribed.rules(session, "desk")
        assert one[:2] == (ANN, "big <news>")
        assert 'action="undo"' in gone.text
        await browser.post(link + "/undo")
        async with db.read() as session:
            assert await unsubscribed.rules(session, "desk") == []


async def test_who_left_a_rule_is_left_out_of_its_alerts_alone(db: Database) -> None:
    ids = counted_ids()
    await add_channel(db, "desk", kind="email", to=[ANN])
    async with db.write() as session:
        await unsubscribed.leave_rule(session, "desk", ANN, "big", now=NOW)
        for rule in ("big", "small"):
            draft = AlertDraft(rule, "notice", ("desk",), "key", "t", "", "r", (), None, ())
            await raise_alert(session, draft, [], now=NOW, new_id=ids)
    jobs = await deliveries.claim_due(db, limit=9, now=NOW, lease=lease())
    assert {job.alert["rule"]: set(job.unsubscribed) for job in jobs} == {"big": {ANN}, "small": set()}


async def test_a_link_of_no_rule_leaves_none(db: Database) -> None:
    async with client(db) as browser:
        link = "/unsubscribe/" + sign_token("desk", ANN, KEY)
        assert "/rule" not in (await browser.get(link)).text
        assert (await browser.post(link + "/rule")).status_code == 404


def test_a_long_rule_is_left_out_so_that_the_header_fits() -> None:
    token = sign_token("desk", ANN, KEY, "ü" * 200)
    assert len(token) < 700
    assert read_token(token, KEY) in {("desk", ANN, None), ("desk", ANN, "ü" * 200)}
    assert read_token(sign_token("desk", ANN, KEY, "长" * 200), KEY) == ("desk", ANN, None)


@pytest.mark.parametrize(
    "token",
    [
        # another key
        sign_token("desk", ANN, b"x" * 32),
        # no signature, a cut one, rubbish
        sign_token("desk", ANN, KEY).partition(".")[0],
        sign_token("desk", ANN, KEY)[:-4],
        "a.b",
        "%00.%ff",
        "x" * 5000,
        # another address under the signature of the first
        sign_token("desk", "bob@example.org", KEY).partition(".")[0] + "." + sign_token("desk", ANN, KEY).split(".")[1],
    ],
)
async def test_a_link_that_is_not_ours_is_no_page(db: Database, token: str) -> None:
    async with client(db) as browser:
        assert (await browser.get(f"/unsubscribe/{token}")).status_code == 404
        assert (await browser.post(f"/unsubscribe/{token}")).status_code == 404
    assert await left(db) == []


@given(st.text(min_size=1), st.text(min_size=1), st.text())
def test_a_token_says_what_was_signed_and_nothing_else_reads_as_one(channel: str, address: str, rubbish: str) -> None:
    try:
        token = sign_token(channel, address, KEY)
    except UnicodeEncodeError:  # half a pair: no name that is stored holds one
        return
    assert read_token(token, KEY) == (channel, address, None)
    assert read_token(rubbish, KEY) is None


async def test_without_a_public_address_there_is_no_such_page(db: Database) -> None:
    app = create_app(db, listen="127.0.0.1:8780", now=lambda: NOW)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1:8780") as browser:
        assert (await browser.post("/unsubscribe/" + sign_token("desk", ANN, KEY))).status_code in {404, 405}
