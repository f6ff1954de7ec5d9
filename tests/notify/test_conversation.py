"""``channels test`` tells the whole conversation, and none of the secrets in it."""

import ssl
from pathlib import Path

import pytest
import trustme

from service.domain.model import ChannelSpec
from service.notify import DeliveryError, Links, build_channel, parse_smtp_url
from tests.notify.receiver import Receiver, receiving, web_client
from tests.notify.samples import CREATED, MESSAGE_ID, outgoing
from tests.notify.smtp_sink import SmtpSink, running

SECRETS = ("whsec_c2VjcmV0", "hook-token", "in-the-path", "own-value", "session-id", "p@ss", "cEBzcw")


async def test_a_webhooks_conversation() -> None:
    told: list[str] = []
    receiver = Receiver(status=503, text="come\nback", headers={"Set-Cookie": "a=session-id"})
    async with receiving(receiver), web_client("127.0.0.1/32") as poster:
        config = {
            "url": receiver.url + "/in-the-path",
            "secret": SECRETS[0],
            "token": SECRETS[1],
            "headers": {"X-Own": SECRETS[3]},
        }
        channel = build_channel(
            ChannelSpec("hook", "webhook", config), poster=poster, smtp=None, email_from=None, tell=told.append
        )
        with pytest.raises(DeliveryError, match="503"):
            await channel.send(outgoing(), now=CREATED)
    text = "\n".join(told)
    assert told[0].startswith("> POST http://127.0.0.1:")
    assert f"> webhook-id: {MESSAGE_ID}" in told
    assert "> authorization: ***" in told
    assert "< 503" in told
    assert told[-2:] == ["< come", "< back"]
    assert "HPE wins a server deal" in text
    assert not [secret for secret in SECRETS if secret in text]


async def test_a_mail_servers_conversation() -> None:
    told: list[str] = []
    authority = trustme.CA()
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(tls)
    with authority.cert_pem.tempfile() as ca:
        async with (
            running(SmtpSink(data_answer="554 5.7.1 spam"), starttls=tls, login=True) as sink,
            web_client("127.0.0.1/32") as poster,
        ):
            smtp = parse_smtp_url(f"smtp://me:p%40ss%2Fword@127.0.0.1:{sink.port}?ca={Path(ca)}")
            channel = build_channel(
                ChannelSpec("mail", "email", {"to": "ann@example.org"}),
                poster=poster,
                smtp=smtp,
                email_from="vane@example.org",
                tell=told.append,
            )
            with pytest.raises(DeliveryError, match="554"):
                await channel.send(outgoing(), now=CREATED)
    text = "\n".join(told)
    assert "> STARTTLS" in told
    assert "> AUTH ***" in told
    assert any(line.startswith("> MAIL FROM:<vane@example.org>") for line in told)
    assert "> RCPT TO:<ann@example.org>" in told
    assert "> DATA" in told
    assert "> Subject: HPE, xAI: HPE wins a server deal" in told
    assert "< 554 5.7.1 spam" in told
    assert not [secret for secret in (*SECRETS, "bWU=") if secret in text]


async def test_the_mails_to_several_are_told_without_their_links() -> None:
    """Whoever reads the conversation must not be able to take a recipient out. Long links are folded in the body."""
    told: list[str] = []
    async with running(SmtpSink()) as sink, web_client("127.0.0.1/32") as poster:
        channel = build_channel(
            ChannelSpec("mail", "email", {"to": ["ann@example.org", "bob@example.org"]}),
            poster=poster,
            smtp=parse_smtp_url(f"smtp://127.0.0.1:{sink.port}"),
            email_from="vane@example.org",
            links=Links("https://vane.example", b"k" * 32),
            tell=told.append,
        )
        previewed = channel.preview(outgoing())
        await channel.send(outgoing(), now=CREATED)
        tokens = [mail["List-Unsubscribe"].rpartition("/")[2].strip(">") for mail in sink.mails]
    text = "\n".join(told)
    assert [line for line in told if line.startswith("> To:")] == ["> To: ann@example.org", "> To: bob@example.org"]
    assert text.count("HPE and xAI are named in one article") == 1, "the text is the same for all"
    assert "List-Unsubscribe: <https://vane.example/unsubscribe/***>" in text
    for token in tokens:
        for shown in (text, previewed):
            assert not [token[at : at + 12] for at in range(len(token) - 12) if token[at : at + 12] in shown]
    assert "Each of these gets a mail of their own: ann@example.org, bob@example.org" in previewed
