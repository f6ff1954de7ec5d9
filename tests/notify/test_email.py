"""Mail over a real SMTP conversation: what arrives, and what each answer of a server means."""

import asyncio
import re
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

from service.domain.sending import Copy
from service.domain.unsubscribing import read_token
from service.notify import DeliveryError, Links, Outgoing, parse_smtp_url
from service.notify.email import EmailChannel
from service.notify.mail import Sender, compose
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


def with_links(sink: SmtpSink, *to: str) -> EmailChannel:
    return EmailChannel(
        parse_smtp_url(f"smtp://127.0.0.1:{sink.port}"), sender="vane@example.org", recipients=to, links=links()
    )


def noting(message: Outgoing) -> tuple[list[Copy], Outgoing]:
    """A list of how each copy went, and the message that fills it."""
    made: list[Copy] = []

    async def mark(copy: Copy, _more: bool) -> None:
        made.append(copy)

    return made, replace(message, mark=mark)


def token_of(mail: EmailMessage) -> Any:
    return read_token(mail["List-Unsubscribe"].strip("<>").rpartition("/")[2], b"k" * 32)


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
        receipt = await channel(sink, ANN).send(outgoing(), now=SOON)
        mail = sink.mails[0]
    assert receipt.status == 250
    assert receipt.excerpt == "2.0.0 taken as 4F2A"
    assert sink.envelopes[0].rcpt_tos == [ANN]
    assert sink.envelopes[0].mail_from == "vane@example.org"
    assert mail["From"] == "Newsvane <vane@example.org>"
    assert mail["To"] == ANN
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
    assert first["Message-ID"] == again["Message-ID"]
    assert first["Message-ID"].startswith(f"<{MESSAGE_ID}.")
    assert follow_up["Message-ID"].startswith(f"<msg_{'f' * 32}.")
    assert first["References"] == follow_up["References"] == follow_up["In-Reply-To"] == "<story.sto_1@example.org>"


def test_without_a_story_there_is_no_thread() -> None:
    mail = compose(outgoing(alert(story=None)), Sender("", "vane@example.org"), ANN)
    assert "In-Reply-To" not in mail
    assert mail["From"] == "vane@example.org"


def test_ids_and_addresses_longer_than_a_line_are_not_encoded() -> None:
    sender = Sender("", "vane@" + "long-label." * 12 + "example")
    recipient = "a" * 60 + "@" + "long-label." * 5 + "example"
    raw = compose(outgoing(), sender, recipient).as_bytes().decode()
    assert re.search(rf"<{MESSAGE_ID}\.[0-9a-f]{{12}}@{re.escape(sender.domain)}>", raw)
    assert f"<story.sto_1@{sender.domain}>" in raw
    assert recipient in raw


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
    mail = compose(outgoing(content), Sender.parse("Newsvane <vane@example.org>"), ANN)
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
    assert_only_our_headers(compose(outgoing(), sender, ANN).as_bytes())


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


async def test_every_recipient_gets_a_mail_of_their_own() -> None:
    """In one session. Nobody sees the others, and each can leave without taking them along."""
    async with running(SmtpSink()) as sink:
        receipt = await with_links(sink, ANN, BOB).send(outgoing(), now=SOON)
    ann, bob = sink.mails
    assert (sink.got, len(set(sink.sessions))) == ([ANN, BOB], 1)
    assert [mail["To"] for mail in (ann, bob)] == [ANN, BOB]
    assert BOB not in sink.raw(0).decode()
    assert ANN not in sink.raw(1).decode()
    assert [token_of(mail) for mail in (ann, bob)] == [("desk", to, "server deals") for to in (ANN, BOB)]
    assert ann["Message-ID"] != bob["Message-ID"], "a mailbox that gets both must not take them for one"
    assert receipt.excerpt == f"{ANN}: 2.0.0 taken as 4F2A; {BOB}: 2.0.0 taken as 4F2A"


@pytest.mark.parametrize("phase", ["rcpt", "data"])
@pytest.mark.parametrize(("answer", "outcome"), [("550 no such user", "dead"), ("452 mailbox full", "retrying")])
async def test_who_is_refused_does_not_cost_the_others_theirs(phase: str, answer: str, outcome: str) -> None:
    refusals = {BOB: answer}
    sink = SmtpSink(refusals=refusals) if phase == "rcpt" else SmtpSink(data_refusals=refusals)
    async with running(sink):
        made, sending = noting(outgoing())
        with pytest.raises(DeliveryError, match=f"1 of 3 recipients.*{BOB}: {answer}") as caught:
            await channel(sink, ANN, BOB, EVE).send(sending, now=SOON)
    assert sink.got == [ANN, EVE]
    assert (caught.value.transient, caught.value.by_address) == (outcome == "retrying", True)
    assert {copy.address: copy.outcome for copy in made} == {ANN: "sent", BOB: outcome, EVE: "sent"}


@pytest.mark.parametrize("outcome", ["sent", "dead", "retrying"])
async def test_an_attempt_goes_on_where_the_last_one_ended(outcome: Any) -> None:
    before = {ANN: Copy(ANN, "sent", 250, "taken"), BOB: Copy(BOB, outcome, 450, "said")}
    async with running(SmtpSink()) as sink:
        sending = replace(outgoing(), copies=before)
        if outcome == "dead":
            with pytest.raises(DeliveryError, match="1 of 3 recipients for good") as caught:
                await channel(sink, ANN, BOB, EVE).send(sending, now=SOON)
            assert not caught.value.transient
        else:
            await channel(sink, ANN, BOB, EVE).send(sending, now=SOON)
    assert sink.got == ([BOB, EVE] if outcome == "retrying" else [EVE])


async def test_who_has_everything_is_not_even_called() -> None:
    """A crash after the last copy and before the delivery was marked."""
    before = {to: Copy(to, "sent", 250, "taken") for to in (ANN, BOB)}
    async with running(SmtpSink()) as sink:
        pass
    receipt = await channel(sink, ANN, BOB).send(replace(outgoing(), copies=before), now=SOON)
    assert receipt.excerpt == "every recipient has it already"


async def test_who_waits_for_an_earlier_mail_of_the_story_is_left_out() -> None:
    async with running(SmtpSink()) as sink:
        made, sending = noting(replace(outgoing(), held=frozenset({BOB})))
        with pytest.raises(DeliveryError, match="yet to go to 1 of 2 recipients") as caught:
            await channel(sink, ANN, BOB).send(sending, now=SOON)
    assert (sink.got, caught.value.in_turn) == ([ANN], True)
    assert {copy.address: copy.outcome for copy in made} == {ANN: "sent", BOB: "retrying"}


@pytest.mark.parametrize("after", ["452 4.7.0 enough", "421 4.7.0 enough", "550 5.7.0 enough", None])
async def test_a_server_that_takes_few_mails_a_session_is_called_again(after: str | None) -> None:
    everybody = [f"{number}@example.org" for number in range(5)]
    async with running(SmtpSink(a_session=2, after_these=after)) as sink:
        await channel(sink, *everybody).send(outgoing(), now=SOON)
    assert sink.got == everybody
    assert len(set(sink.sessions)) == 3


async def test_a_connection_that_breaks_in_the_middle_costs_nobody_a_mail() -> None:
    """One has it. The one whose mail was under way, and the one that was not tried, are next; the first is not."""
    async with running(SmtpSink(a_session=1, after_these=None)) as sink:
        made, sending = noting(outgoing())

        async def taken(copy: Copy, more: bool) -> None:
            made.append(copy)
            sink.mail_answer = "421 going down"

        with pytest.raises(DeliveryError, match="1 of 3 recipients have theirs") as caught:
            await channel(sink, ANN, BOB, EVE).send(replace(sending, mark=taken), now=SOON)
        assert caught.value.transient
        assert not caught.value.by_address
        assert {copy.address: copy.outcome for copy in made} == {ANN: "sent", BOB: "retrying", EVE: "retrying"}
        sink.mail_answer, sink.a_session = None, 9
        await channel(sink, ANN, BOB, EVE).send(
            replace(outgoing(), copies={copy.address: copy for copy in made}), now=SOON
        )
    assert sink.got == [ANN, BOB, EVE]


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
            await channel(sink, ANN, BOB).send(outgoing(), now=SOON)
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
        await channel(sink).send(outgoing(alert(kind="notice", title="t", reason=".", url="")), now=SOON)
        body = sink.mails[0].get_body(("plain",))
    assert body is not None
    assert "\n.\n" in body.get_content().replace("\r\n", "\n")


# Links back


def links() -> Links:
    return Links("https://news.example/n", b"k" * 32, "desk")


def test_a_mail_to_one_reader_can_be_left_with_one_click() -> None:
    mail = compose(outgoing(), Sender("", "vane@example.org"), ANN, links())
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = mail["List-Unsubscribe"].strip("<>")
    assert link.startswith("https://news.example/n/unsubscribe/")
    assert read_token(link.rpartition("/")[2], b"k" * 32) == ("desk", ANN, "server deals")
    assert f"List-Unsubscribe: \r\n <{link}>" in mail.as_string() or f"List-Unsubscribe: <{link}>" in mail.as_string()


def test_without_a_public_address_there_is_no_link() -> None:
    mail = compose(outgoing(), Sender("", "vane@example.org"), ANN)
    assert "List-Unsubscribe" not in mail
    assert "List-Unsubscribe-Post" not in mail


def test_buttons_lead_to_the_article_and_its_proof() -> None:
    content = alert(mentions=[mention(article=7), mention(id=2, source="Other Wire", title="More")])
    mail = compose(outgoing(content), Sender("", "vane@example.org"), ANN, links())
    plain, html = mail.iter_parts()
    assert isinstance(plain, EmailMessage)
    assert isinstance(html, EmailMessage)
    assert "https://news.example/n/articles/7" in plain.get_content()
    assert 'href="https://news.example/n/articles/7"' in html.get_content()
    assert "Reported by: Example Wire, Other Wire" in plain.get_content()
    assert "Reported by: Example Wire, Other Wire" in html.get_content()


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
    plain, html = compose(outgoing(content), Sender("", "vane@example.org"), ANN, links()).iter_parts()
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
