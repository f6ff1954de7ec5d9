"""The demo's receivers take real requests and real messages."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import aiosmtplib
import httpx
import pytest
from standardwebhooks import Webhook

from service.demo.receivers import MailReceiver, WebhookReceiver

SECRET = "whsec_bmV3c3ZhbmUtZGVtby1zZWNyZXQtMDEyMw=="
BODY = json.dumps({"type": "alert.created", "data": {"title": "Überschrift"}}).encode()


def _signed(secret: str = SECRET, *, body: bytes = BODY, sent_at: datetime | None = None) -> dict[str, str]:
    moment = sent_at or datetime.now(UTC)
    return {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": Webhook(secret).sign("msg_1", moment, body.decode()),
    }


async def _post(url: str, headers: Mapping[str, str], body: bytes = BODY) -> httpx.Response:
    async with httpx.AsyncClient(trust_env=False) as client:
        return await client.post(url, content=body, headers=headers)


def _message(subject: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "newsvane@demo.example"
    message["To"] = "desk@demo.example"
    message["Subject"] = subject
    message["Message-ID"] = "<msg_1@demo.example>"
    message.set_content("Ein Absatz über HPE.\n")
    message.add_alternative("<p>Ein Absatz über HPE.</p>", subtype="html")
    return message


async def test_webhook_is_recorded_and_verified() -> None:
    moment = datetime(2026, 3, 4, tzinfo=UTC)
    async with WebhookReceiver(SECRET, clock=lambda: moment) as receiver:
        answer = await _post(receiver.url, _signed())
        (record,) = receiver.records
    assert answer.status_code == 204
    assert (record.verified, record.problem, record.status) == (True, "", 204)
    assert (record.body, record.webhook_id, record.at) == (BODY, "msg_1", moment)


@pytest.mark.parametrize(
    ("headers", "body", "problem"),  # signed when the test runs: a signature is too old after five minutes
    [
        (dict, BODY, "Missing required headers"),
        (lambda: _signed("whsec_YW5vdGhlciBzZWNyZXQ="), BODY, "No matching signature found"),
        (_signed, BODY + b" ", "No matching signature found"),
        (lambda: _signed(sent_at=datetime.now(UTC) - timedelta(hours=1)), BODY, "Message timestamp too old"),
        (lambda: {**_signed(), "webhook-signature": "nonsense"}, BODY, "unreadable"),
        (lambda: _signed(body=b"not json"), b"not json", "unreadable"),
        (_signed, b"\xff\xfe", "unreadable"),
    ],
)
async def test_webhook_that_cannot_be_verified_is_noted_and_refused(
    headers: Callable[[], dict[str, str]], body: bytes, problem: str
) -> None:
    async with WebhookReceiver(SECRET) as receiver:
        answer = await _post(receiver.url, headers(), body)
        (record,) = receiver.records
    assert answer.status_code == 401
    assert not record.verified
    assert problem in record.problem
    assert receiver.accepted == []


async def test_webhook_receiver_fails_as_often_as_told() -> None:
    async with WebhookReceiver(SECRET) as receiver:
        receiver.fail_next(2, status=503, headers={"Retry-After": "7"})
        answers = [await _post(receiver.url, _signed()) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [503, 503, 204]
        assert [answer.headers.get("retry-after") for answer in answers] == ["7", "7", None]
        assert [record.status for record in receiver.records] == [503, 503, 204]
        assert len(receiver.accepted) == 1
        assert await receiver.wait_for(3)
        assert not await receiver.wait_for(4, seconds=0.01)


async def test_webhook_records_are_bounded() -> None:
    async with WebhookReceiver(SECRET, keep=2) as receiver:
        for _ in range(4):
            await _post(receiver.url, _signed())
        assert len(receiver.records) == 2
        assert await receiver.wait_for(4)


async def test_mail_is_recorded_with_envelope_and_parts() -> None:
    moment = datetime(2026, 3, 4, tzinfo=UTC)
    async with MailReceiver(clock=lambda: moment) as receiver:
        assert receiver.url == f"smtp://127.0.0.1:{receiver.port}"
        await aiosmtplib.send(
            _message("xAI — Grüße"),
            hostname=receiver.host,
            port=receiver.port,
            sender="bounces@demo.example",
            recipients=["desk@demo.example", "night@demo.example"],
        )
        assert await receiver.wait_for(1)
        (record,) = receiver.records
    assert record.sender == "bounces@demo.example"
    assert record.recipients == ("desk@demo.example", "night@demo.example")
    assert record.at == moment
    assert record.message["Subject"] == "xAI — Grüße"
    assert record.message["Message-ID"] == "<msg_1@demo.example>"
    text, html = record.message.get_body(("plain",)), record.message.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().splitlines() == ["Ein Absatz über HPE."]
    assert "<p>" in html.get_content()


async def test_mail_receiver_refuses_as_often_as_told() -> None:
    async with MailReceiver(keep=1) as receiver:
        receiver.fail_next(1, answer="452 4.2.2 mailbox full")
        with pytest.raises(aiosmtplib.SMTPDataError) as refused:
            await aiosmtplib.send(_message("one"), hostname=receiver.host, port=receiver.port)
        assert refused.value.code == 452
        for subject in ("two", "three"):
            await aiosmtplib.send(_message(subject), hostname=receiver.host, port=receiver.port)
        assert [record.message["Subject"] for record in receiver.records] == ["three"]
        assert await receiver.wait_for(3)


async def test_mail_receiver_closes_with_a_session_still_open() -> None:
    async with MailReceiver() as receiver:
        client = aiosmtplib.SMTP(hostname=receiver.host, port=receiver.port)
        await client.connect()
        await client.ehlo()
    with pytest.raises(aiosmtplib.SMTPException):
        await client.noop()
    client.close()
