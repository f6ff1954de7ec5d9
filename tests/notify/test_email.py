"""Mail over a real SMTP conversation: what arrives, and what each answer of a server means."""

import asyncio
import ssl
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import trustme
from hypothesis import given, settings

from service.domain.unsubscribing import read_token
from service.notify import DeliveryError, Links, Outgoing, parse_smtp_url
from service.notify.email import HOLD, EmailChannel, Sender, compose
from tests.notify.samples import CREATED, HOSTILE_TEXTS, MESSAGE_ID, alert, alerts, infested, mention, outgoing
from tests.notify.smtp_sink import SmtpSink, running

ANN, BOB, EVE = "ann@example.org", "bob@example.org", "eve@example.org"
SOON = CREATED + timedelta(seconds=1)
HEADERS = [
    "From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "Auto-Submitted",
    "X-Auto-Response-Suppress", "MIME-Version", "Content-Type",
]  # fmt: skip


def channel(sink: SmtpSink, *to: str, url: str = "smtp://127.0.0.1:{port}", deadline: float = 20.0) -> EmailChannel:
    smtp = parse_smtp_url(url.format(port=sink.port))
    return EmailChannel(smtp, sender="Newsvane <vane@example.org>", recipients=to or (ANN,), deadline=deadline)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def ca_file(authority: trustme.CA) -> Iterator[Path]:
    with authority.cert_pem.tempfile() as path:
        yield Path(path)


@pytest.fixture(scope="module")
def server_tls(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


# What arrives


async def test_a_mail_arrives_in_both_forms() -> None:
    async with running(SmtpSink()) as sink:
        receipt = await channel(sink, ANN, BOB).send(outgoing(), now=SOON)
        mail = sink.mails[0]
    assert receipt.status == 250
    assert receipt.excerpt == "2.0.0 taken as 4F2A"
    assert sink.envelopes[0].rcpt_tos == [ANN, BOB]
    assert sink.envelopes[0].mail_from == "vane@example.org"
    assert mail["From"] == "Newsvane <vane@example.org>"
    assert mail["To"] == f"{ANN}, {BOB}"
    assert mail["Subject"] == "HPE, xAI: HPE wins a server deal"
    assert mail["Date"].datetime == CREATED
    assert mail["Auto-Submitted"] == "auto-generated"
    plain, html = mail.iter_parts()
    assert (plain.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert "https://news.example/hpe?utm=1&b=2" in plain.get_content()
    assert "<mark" in html.get_content()


async def test_the_id_stays_over_attempts_and_a_story_is_one_thread() -> None:
    later = Outgoing("msg_" + "f" * 32, alert(title="HPE deal grows"), CREATED + timedelta(hours=5))
    async with running(SmtpSink()) as sink:
        for message in (outgoing(), outgoing(), later):
            await channel(sink).send(message, now=SOON)
        first, again, follow_up = sink.mails
    assert first["Message-ID"] == again["Message-ID"] == f"<{MESSAGE_ID}@example.org>"
    assert follow_up["Message-ID"] == f"<msg_{'f' * 32}@example.org>"
    assert first["References"] == follow_up["References"] == follow_up["In-Reply-To"] == "<story.sto_1@example.org>"


def test_without_a_story_there_is_no_thread() -> None:
    mail = compose(outgoing(alert(story=None)), Sender("", "vane@example.org"), [ANN])
    assert "In-Reply-To" not in mail
    assert mail["From"] == "vane@example.org"


def test_ids_and_addresses_longer_than_a_line_are_not_encoded() -> None:
    sender = Sender("", "vane@" + "long-label." * 12 + "example")
    recipients = ["a" * 60 + f"{number}@" + "long-label." * 5 + "example" for number in range(5)]
    raw = compose(outgoing(), sender, recipients).as_bytes().decode()
    assert f"<{MESSAGE_ID}@{sender.domain}>" in raw
    assert f"<story.sto_1@{sender.domain}>" in raw
    assert all(recipient in raw for recipient in recipients)


# Nothing from the web breaks out


def assert_only_our_headers(mail: bytes) -> None:
    head = mail.split(b"\r\n\r\n", 1)[0]
    lines = head.decode("ascii").split("\r\n")
    assert not any("\r" in line or "\n" in line for line in lines)
    names = [line.split(":")[0] for line in lines if not line.startswith((" ", "\t"))]
    assert names == [name for name in HEADERS if name in names]
    assert all(len(line) < 998 for line in lines)


@pytest.mark.parametrize("text", HOSTILE_TEXTS)
async def test_no_title_can_add_a_header(text: str) -> None:
    async with running(SmtpSink()) as sink:
        await channel(sink).send(outgoing(infested(text, "https://news.example/")), now=SOON)
        mail = sink.mails[0]
        assert_only_our_headers(sink.raw())
    assert sink.envelopes[0].rcpt_tos == [ANN]
    assert mail["Bcc"] is None
    assert mail["X-Evil"] is None
    assert "\n" not in mail["Subject"]
    assert not mail.defects


@settings(max_examples=80, deadline=None)
@given(content=alerts())
def test_no_alert_can_add_a_header(content: dict[str, Any]) -> None:
    mail = compose(outgoing(content), Sender.parse("Newsvane <vane@example.org>"), [ANN, BOB])
    assert_only_our_headers(mail.as_bytes())
    assert mail.as_bytes().isascii()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("vane@example.org", ""),
        ("Newsvane <vane@example.org>", "Newsvane"),
        # everything that would need quoting goes
        ('"Vane, News (prod)" <vane@example.org>', "Vane News prod"),
        ("Wächter <vane@example.org>", "Wächter"),
    ],
)
def test_a_sender_is_read(text: str, name: str) -> None:
    sender = Sender.parse(text)
    assert sender == Sender(name, "vane@example.org")
    assert_only_our_headers(compose(outgoing(), sender, [ANN]).as_bytes())


@pytest.mark.parametrize(
    "text", ["", "vane", "a@b@c", "A <a@example.org>\r\nBcc: b@example.org", "<a@example.org", "a b@c"]
)
def test_a_bad_sender_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no sender address"):
        Sender.parse(text)


# Encryption and log-in


async def test_starttls_with_a_login(server_tls: ssl.SSLContext, ca_file: Path) -> None:
    async with running(SmtpSink(), starttls=server_tls, login=True) as sink:
        url = "smtp://vane%40example.org:p%40ss%2Fword@127.0.0.1:{port}?ca=" + str(ca_file)
        await channel(sink, url=url).send(outgoing(), now=SOON)
    assert sink.encrypted == [True]
    assert sink.logins == [(b"vane@example.org", b"p@ss/word")]


async def test_tls_from_the_first_byte(server_tls: ssl.SSLContext, ca_file: Path) -> None:
    async with running(SmtpSink(), tls=server_tls) as sink:
        await channel(sink, url=f"smtps://127.0.0.1:{{port}}?ca={ca_file}").send(outgoing(), now=SOON)
    assert len(sink.mails) == 1


async def test_auto_encrypts_where_it_is_offered(server_tls: ssl.SSLContext, ca_file: Path) -> None:
    async with running(SmtpSink(), starttls=server_tls) as sink:
        await channel(sink, url=f"smtp://127.0.0.1:{{port}}?starttls=auto&ca={ca_file}").send(outgoing(), now=SOON)
    assert sink.encrypted == [True]


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
async def test_a_certificate_of_an_unknown_authority_is_refused(scheme: str, server_tls: ssl.SSLContext) -> None:
    implicit = scheme == "smtps"
    async with running(
        SmtpSink(), tls=server_tls if implicit else None, starttls=None if implicit else server_tls
    ) as sink:
        with pytest.raises(DeliveryError, match="mail server") as caught:
            await channel(sink, url=scheme + "://127.0.0.1:{port}").send(outgoing(), now=SOON)
    assert caught.value.transient
    assert "CERTIFICATE_VERIFY_FAILED" in caught.value.excerpt
    assert sink.envelopes == []


async def test_a_password_never_travels_in_the_clear() -> None:
    async with running(SmtpSink(), login=True) as sink:
        with pytest.raises(DeliveryError) as caught:
            await channel(sink, url="smtp://vane:p%40ss%2Fword@127.0.0.1:{port}").send(outgoing(), now=SOON)
    assert caught.value.transient
    assert sink.logins == []


async def test_a_password_travels_in_the_clear_when_the_owner_says_so() -> None:
    async with running(SmtpSink(), login=True) as sink:
        url = "smtp://vane:p%40ss%2Fword@127.0.0.1:{port}?starttls=never"
        await channel(sink, url=url).send(outgoing(), now=SOON)
    assert len(sink.mails) == 1


async def test_a_wrong_password_can_be_mended_in_time() -> None:
    async with running(SmtpSink(), login=True) as sink:
        with pytest.raises(DeliveryError, match="535") as caught:
            await channel(sink, url="smtp://vane:wrong@127.0.0.1:{port}?starttls=never").send(outgoing(), now=SOON)
    assert caught.value.transient
    assert "wrong" not in f"{caught.value} {caught.value.excerpt}"


# What an answer means


@pytest.mark.parametrize(("answer", "transient"), [("451 try later", True), ("550 5.7.1 no spam here", False)])
@pytest.mark.parametrize("step", ["mail", "rcpt", "data"])
async def test_4xx_may_pass_and_5xx_will_not(step: str, answer: str, transient: bool) -> None:
    sink = SmtpSink()
    if step == "mail":
        sink.mail_answer = answer
    elif step == "rcpt":
        sink.refusals = {ANN: answer}
    else:
        sink.data_answer = answer
    async with running(sink):
        with pytest.raises(DeliveryError, match=answer) as caught:
            await channel(sink).send(outgoing(), now=SOON)
    assert caught.value.transient is transient
    assert caught.value.status == int(answer[:3])
    assert answer in caught.value.excerpt


async def test_one_recipient_refused_for_good_does_not_cost_the_others() -> None:
    async with running(SmtpSink(refusals={BOB: "550 no such user"})) as sink:
        receipt = await channel(sink, ANN, BOB, EVE).send(outgoing(), now=SOON)
    assert sink.envelopes[0].rcpt_tos == [ANN, EVE]
    assert "bob@example.org refused: 550 no such user" in receipt.excerpt


async def test_one_recipient_refused_for_now_holds_the_mail_at_first() -> None:
    async with running(SmtpSink(refusals={BOB: "450 greylisted"})) as sink:
        with pytest.raises(DeliveryError, match="1 of 2 recipients for now") as caught:
            await channel(sink, ANN, BOB).send(outgoing(), now=SOON)
        assert caught.value.transient
        assert sink.envelopes == []
        sink.refusals.clear()
        await channel(sink, ANN, BOB).send(outgoing(), now=SOON)
    assert [envelope.rcpt_tos for envelope in sink.envelopes] == [[ANN, BOB]]


async def test_one_recipient_refused_for_now_does_not_hold_the_mail_for_long() -> None:
    async with running(SmtpSink(refusals={BOB: "452 mailbox full"})) as sink:
        receipt = await channel(sink, ANN, BOB).send(outgoing(), now=CREATED + HOLD)
    assert sink.envelopes[0].rcpt_tos == [ANN]
    assert "bob@example.org refused: 452 mailbox full" in receipt.excerpt


@pytest.mark.parametrize(
    ("answers", "transient"),
    [
        (("550 no", "550 no"), False),
        # one of them may take it later
        (("550 no", "450 later"), True),
    ],
)
async def test_all_recipients_refused(answers: tuple[str, str], transient: bool) -> None:
    async with running(SmtpSink(refusals=dict(zip((ANN, BOB), answers, strict=True)))) as sink:
        with pytest.raises(DeliveryError, match="every recipient") as caught:
            await channel(sink, ANN, BOB).send(outgoing(), now=CREATED + 2 * HOLD)
    assert caught.value.transient is transient
    assert sink.envelopes == []


async def test_a_connection_lost_after_the_message_is_tried_again() -> None:
    async with running(SmtpSink(hang_up_after_data=True)) as sink:
        with pytest.raises(DeliveryError, match="broke") as caught:
            await channel(sink).send(outgoing(), now=SOON)
        sink.hang_up_after_data = False
        await channel(sink).send(outgoing(), now=SOON)
    assert caught.value.transient
    first, second = sink.mails
    assert first["Message-ID"] == second["Message-ID"]


async def test_a_connection_lost_after_the_answer_changes_nothing() -> None:
    async with running(SmtpSink(hang_up_on_quit=True)) as sink:
        receipt = await channel(sink).send(outgoing(), now=SOON)
    assert receipt.status == 250


async def test_nobody_listening_is_transient() -> None:
    async with running(SmtpSink()) as sink:
        pass
    with pytest.raises(DeliveryError, match="No connection") as caught:
        await channel(sink).send(outgoing(), now=SOON)
    assert caught.value.transient


@pytest.mark.parametrize("greeting", [b"", b"554 no service here\r\n", b"HTTP/1.1 400 Bad Request\r\n\r\n"])
async def test_a_server_that_does_not_serve_is_transient(greeting: bytes) -> None:
    done = asyncio.Event()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(greeting)
        await done.wait()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    sink = SmtpSink(port=server.sockets[0].getsockname()[1])
    with pytest.raises(DeliveryError, match="mail server") as caught:
        await channel(sink, deadline=0.3).send(outgoing(), now=SOON)
    assert caught.value.transient
    done.set()
    server.close()
    await server.wait_closed()


async def test_a_long_answer_is_excerpted() -> None:
    async with running(SmtpSink(data_answer="550 " + "no " * 150)) as sink:
        with pytest.raises(DeliveryError) as caught:
            await channel(sink).send(outgoing(), now=SOON)
    assert len(caught.value.excerpt) <= 500


async def test_lines_of_dots_arrive_as_they_were() -> None:
    async with running(SmtpSink()) as sink:
        await channel(sink).send(outgoing(alert(title="t", reason=".", url="")), now=SOON)
        body = sink.mails[0].get_body(("plain",))
    assert body is not None
    assert "\n.\n" in body.get_content().replace("\r\n", "\n")


# Links back


def links() -> Links:
    return Links("https://news.example/n", b"k" * 32, "desk")


def test_a_mail_to_one_reader_can_be_left_with_one_click() -> None:
    mail = compose(outgoing(), Sender("", "vane@example.org"), [ANN], links())
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = mail["List-Unsubscribe"].strip("<>")
    assert link.startswith("https://news.example/n/unsubscribe/")
    assert read_token(link.rpartition("/")[2], b"k" * 32) == ("desk", ANN, "server deals")
    assert f"List-Unsubscribe: \r\n <{link}>" in mail.as_string() or f"List-Unsubscribe: <{link}>" in mail.as_string()


@pytest.mark.parametrize(
    "mail",
    [
        # one of several could take the others out
        compose(outgoing(), Sender("", "vane@example.org"), [ANN, BOB], links()),
        # no public address
        compose(outgoing(), Sender("", "vane@example.org"), [ANN]),
    ],
)
def test_where_no_link_can_be_made_there_is_none(mail: Any) -> None:
    assert "List-Unsubscribe" not in mail
    assert "List-Unsubscribe-Post" not in mail


def test_buttons_lead_to_the_article_and_its_proof() -> None:
    content = alert(mentions=[mention(article=7), mention(id=2, source="Other Wire", title="More")])
    mail = compose(outgoing(content), Sender("", "vane@example.org"), [ANN], links())
    plain, html = mail.iter_parts()
    assert isinstance(plain, EmailMessage)
    assert isinstance(html, EmailMessage)
    assert "https://news.example/n/articles/7" in plain.get_content()
    assert 'href="https://news.example/n/articles/7"' in html.get_content()
    assert "Carried by: Example Wire, Other Wire" in plain.get_content()
    assert "Carried by: Example Wire, Other Wire" in html.get_content()


@pytest.mark.parametrize(
    ("changes", "page"),
    [
        ({"kind": "digest"}, "alerts/alt_0123456789abcdef0123456789abcdef"),
        ({"kind": "spike"}, "alerts/alt_0123456789abcdef0123456789abcdef"),
        ({"kind": "mention", "mentions": []}, "alerts/alt_0123456789abcdef0123456789abcdef"),
        # what is no id of ours never becomes part of an address
        ({"kind": "digest", "id": "../../evil"}, ""),
    ],
)
def test_what_tells_of_many_articles_leads_to_its_own_page(changes: dict[str, Any], page: str) -> None:
    content = alert(**{"id": "alt_0123456789abcdef0123456789abcdef", "mentions": [mention(article=7)], **changes})
    plain, html = compose(outgoing(content), Sender("", "vane@example.org"), [ANN], links()).iter_parts()
    assert isinstance(plain, EmailMessage)
    assert isinstance(html, EmailMessage)
    assert f"https://news.example/n/{page}\n" in plain.get_content().replace("\r", "")
    assert f'href="https://news.example/n/{page}"' in html.get_content()


async def test_who_unsubscribed_gets_nothing_more() -> None:
    async with running(SmtpSink()) as sink:
        await channel(sink, ANN, BOB).send(replace(outgoing(), unsubscribed=frozenset({ANN})), now=SOON)
        assert sink.envelopes[0].rcpt_tos == [BOB]
        assert ANN not in sink.raw().decode()
        with pytest.raises(DeliveryError) as caught:
            await channel(sink, ANN).send(replace(outgoing(), unsubscribed=frozenset({ANN})), now=SOON)
        assert caught.value.unwanted
        assert len(sink.envelopes) == 1
