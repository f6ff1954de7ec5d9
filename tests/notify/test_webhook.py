"""Webhooks to a real receiver, their signatures checked by the Standard Webhooks library itself."""

import base64
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime
from typing import Any

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from scrapers.http import WebClient
from service.domain.model import ChannelSpec
from service.notify import Channel, DeliveryError, build_channel
from service.notify.config import WebhookConfig
from service.notify.webhook import WebhookChannel, signatures
from tests.notify.receiver import Receiver, receiving, speaking, web_client
from tests.notify.samples import MESSAGE_ID, alert, outgoing

OLD, NEW = ("whsec_" + base64.b64encode(key * 32).decode() for key in (b"o", b"n"))
NOW = datetime(2026, 11, 22, 1, 5, tzinfo=UTC)


@pytest.fixture
async def client() -> AsyncIterator[WebClient]:
    async with web_client("127.0.0.0/8") as opened:
        yield opened


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving(Receiver()) as running:
        yield running


def channel(client: WebClient, url: str, **config: Any) -> Channel:
    spec = ChannelSpec("ops", "webhook", {"url": url, **config})
    return build_channel(spec, poster=client, smtp=None, email_from=None, environment={"HOOK_SECRET": NEW})


async def failure(client: WebClient, url: str, now: datetime = NOW) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        await channel(client, url).send(outgoing(), now=now)
    return caught.value


# What arrives


async def test_a_signed_alert_arrives(client: WebClient, receiver: Receiver) -> None:
    # The library's verify() compares with the machine's clock, so this one test uses it too.
    receipt = await channel(client, receiver.url, secret=NEW).send(outgoing(), now=datetime.now(UTC))
    request = receiver.received[0]
    body = Webhook(NEW).verify(request.body, request.headers)
    assert body == {"type": "alert.created", "timestamp": "2026-11-22T01:02:03Z", "data": alert()}
    assert request.headers["webhook-id"] == MESSAGE_ID
    assert request.headers["content-type"] == "application/json"
    assert (receipt.status, receipt.excerpt) == (200, "thanks")


async def test_while_secrets_rotate_both_verify(client: WebClient, receiver: Receiver) -> None:
    await channel(client, receiver.url, secret=[NEW, OLD]).send(outgoing(), now=datetime.now(UTC))
    request = receiver.received[0]
    for secret in (OLD, NEW):
        assert Webhook(secret).verify(request.body, request.headers)["data"]["id"] == "alt_1f"
    with pytest.raises(WebhookVerificationError):
        Webhook("whsec_" + base64.b64encode(b"other").decode()).verify(request.body, request.headers)


async def test_any_text_can_be_a_secret(client: WebClient, receiver: Receiver) -> None:
    await channel(client, receiver.url, secret="correct horse").send(outgoing(), now=datetime.now(UTC))
    request = receiver.received[0]
    assert Webhook(b"correct horse").verify(request.body, request.headers)


async def test_a_secret_can_stand_in_the_environment(client: WebClient, receiver: Receiver) -> None:
    await channel(client, receiver.url, secret_env="HOOK_SECRET").send(outgoing(), now=datetime.now(UTC))
    request = receiver.received[0]
    assert Webhook(NEW).verify(request.body, request.headers)


async def test_attempts_differ_in_time_alone(client: WebClient, receiver: Receiver) -> None:
    hook = channel(client, receiver.url, secret=NEW)
    for hours in (0, 5):
        await hook.send(outgoing(), now=NOW + timedelta(hours=hours))
    first, second = receiver.received
    assert first.body == second.body
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    stamps = [int(request.headers["webhook-timestamp"]) for request in (first, second)]
    assert stamps == [int(NOW.timestamp()), int(NOW.timestamp()) + 5 * 3600]
    assert first.headers["webhook-signature"] != second.headers["webhook-signature"]


def test_a_signature_does_not_depend_on_the_time_zone() -> None:
    there = NOW.astimezone(timezone(timedelta(hours=9)))
    assert signatures([b"k"], "msg_1", NOW, b"{}") == signatures([b"k"], "msg_1", there, b"{}")


async def test_own_headers_and_token_are_sent(client: WebClient, receiver: Receiver) -> None:
    hook = channel(client, receiver.url, token="t0ken", headers={"X-Team": "news desk"})
    await hook.send(outgoing(), now=NOW)
    headers = receiver.received[0].headers
    assert headers["authorization"] == "Bearer t0ken"
    assert headers["x-team"] == "news desk"
    assert "webhook-signature" not in headers


async def test_a_chat_format_is_sent(client: WebClient, receiver: Receiver) -> None:
    await channel(client, receiver.url, format="slack").send(outgoing(), now=NOW)
    assert json.loads(receiver.received[0].body)["text"] == "HPE, xAI: HPE wins a server deal"


# What an answer means


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
async def test_every_2xx_is_taken(status: int, client: WebClient, receiver: Receiver) -> None:
    receiver.status = status
    assert (await channel(client, receiver.url).send(outgoing(), now=NOW)).status == status


@pytest.mark.parametrize("status", [400, 401, 404, 409, 418, 429, 500, 502, 503, 599])
async def test_other_failures_are_tried_again(status: int, client: WebClient, receiver: Receiver) -> None:
    receiver.status, receiver.text = status, "not\r\nnow\x1b[31m"
    error = await failure(client, receiver.url)
    assert error.transient
    assert not error.gone
    assert error.status == status
    assert error.excerpt == "not now[31m"
    assert str(status) in str(error)


async def test_gone_is_gone(client: WebClient, receiver: Receiver) -> None:
    receiver.status = 410
    error = await failure(client, receiver.url)
    assert error.gone
    assert not error.transient


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_not_followed(status: int, client: WebClient, receiver: Receiver) -> None:
    receiver.status, receiver.headers = status, {"location": "http://169.254.169.254/latest/meta-data"}
    error = await failure(client, receiver.url)
    assert not error.transient
    assert "redirect to http://169.254.169.254/latest/meta-data" in str(error)
    assert len(receiver.received) == 1


@pytest.mark.parametrize(
    ("status", "value", "expected"),
    [
        (429, "120", NOW + timedelta(minutes=2)),
        (503, format_datetime(NOW + timedelta(hours=1), usegmt=True), NOW + timedelta(hours=1)),
        (429, "soon", None),
        (429, "-5", None),
        # only 429 and 503 give the header its meaning for us
        (500, "120", None),
    ],
)
async def test_the_wish_for_a_pause_is_passed_on(
    status: int, value: str, expected: datetime | None, client: WebClient, receiver: Receiver
) -> None:
    receiver.status, receiver.headers = status, {"retry-after": value}
    error = await failure(client, receiver.url)
    assert error.retry_after == expected


async def test_a_long_answer_is_excerpted(client: WebClient, receiver: Receiver) -> None:
    receiver.text = "ä" * 100_000
    receipt = await channel(client, receiver.url).send(outgoing(), now=NOW)
    assert receipt.excerpt == "ä" * 499 + "…"


async def test_an_endless_answer_is_left_early(client: WebClient) -> None:
    async with speaking(b"HTTP/1.1 200 OK\r\n\r\n", endless=b"la " * 1000) as url:
        receipt = await channel(client, url).send(outgoing(), now=NOW)
    assert receipt.status == 200
    assert receipt.excerpt.startswith("la la")


@pytest.mark.parametrize(
    "raw",
    [
        # hangs up at once
        b"",
        # hangs up in the headers
        b"HTTP/1.1 200 OK\r\nContent-",
        # is no web server
        b"220 mail.example ESMTP\r\n",
    ],
)
async def test_no_answer_is_transient(raw: bytes, client: WebClient) -> None:
    async with speaking(raw) as url:
        error = await failure(client, url)
    assert error.transient
    assert error.status is None


async def test_a_reset_after_the_status_still_counts_as_an_answer(client: WebClient) -> None:
    async with speaking(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nthan") as url:
        assert (await channel(client, url).send(outgoing(), now=NOW)).status == 200


async def test_silence_is_transient(client: WebClient) -> None:
    async with speaking(b"", then_hang=True) as url:
        config = {"url": url, "keys": (), "headers": {}, "format": "standard"}
        with pytest.raises(DeliveryError, match="took longer") as caught:
            await short_of_patience(client, config).send(outgoing(), now=NOW)
    assert caught.value.transient


def short_of_patience(client: WebClient, config: dict[str, Any]) -> WebhookChannel:
    return WebhookChannel(WebhookConfig(**config), poster=client, deadline=0.2)


async def test_an_inner_address_is_not_called(receiver: Receiver) -> None:
    async with web_client() as guarded:
        error = await failure(guarded, receiver.url)
    assert not error.transient
    assert receiver.received == []
