"""What a channel may be configured with, and the one line that a mistake gets."""

from importlib.util import find_spec
from typing import Any

import pytest

from service.domain.model import ChannelSpec
from service.notify import ChannelError, SmtpSettings, build_channel, check_channel, parse_smtp_url
from service.notify.config import address, email_config, webhook_config
from tests.notify.receiver import web_client

HOOK = "https://example.org/hook"


def spec(kind: str = "webhook", **config: Any) -> ChannelSpec:
    return ChannelSpec("ops", kind, config)


@pytest.mark.parametrize(
    ("channel", "says"),
    [
        (spec(), "'url' is missing"),
        (spec(url="ftp://example.org"), "no http or https address"),
        (spec(url="https://u:hunter2@example.org/"), "without a user name"),
        (spec(url=7), "no http or https address"),
        (spec(url=HOOK, urll=1), "unknown key 'urll'"),
        (spec(url=HOOK, to=["a@example.org"]), "unknown key 'to'"),
        (spec(url=HOOK, secret="whsec_***"), "not base64"),
        (spec(url=HOOK, secret="whsec_"), "not base64"),
        (spec(url=HOOK, secret=""), "none of them empty"),
        (spec(url=HOOK, secret=[1]), "a text or a list of texts"),
        (spec(url=HOOK, secret="a", secret_env="B"), "keep one of them"),
        (spec(url=HOOK, token=["a", "b"]), "give one token"),
        (spec(url=HOOK, token="a\r\nX-Evil: 1"), "printable ASCII"),
        (spec(url=HOOK, headers=["X-A: 1"]), "must map"),
        (spec(url=HOOK, headers={"X A": "1"}), "no header name"),
        (spec(url=HOOK, headers={"Webhook-Id": "1"}), "set by newsvane itself"),
        (spec(url=HOOK, headers={"Host": "x"}), "set by newsvane itself"),
        (spec(url=HOOK, headers={"X-A": "1\n2"}), "printable ASCII"),
        (spec(url=HOOK, headers={"X-A": 1}), "printable ASCII"),
        (spec(url=HOOK, format="pager"), "use one of standard, slack"),
        (spec("email"), "'to' is missing"),
        (spec("email", to=[]), "'to' is missing"),
        (spec("email", to="ann"), "no mail address"),
        (spec("email", to=["ann@example.org\r\nRCPT TO:<eve@example.org>"]), "no mail address"),
        (spec("email", to=["a@example.org"] * 51), "50 at most"),
        (spec("email", to=["a@example.org"], url=HOOK), "unknown key 'url'"),
        (spec("apprise"), "'url' is missing"),
        (spec("apprise", url="ntfy"), "write it as service://..."),
        (spec("apprise", url="json://10.0.0.1/"), "use a channel of type webhook"),
        (spec("apprise", url="ntfy://topic", to="x"), "unknown key 'to'"),
        (spec("pigeon"), "unknown type 'pigeon'"),
    ],
)
def test_a_mistake_gets_one_line_with_the_mend(channel: ChannelSpec, says: str) -> None:
    with pytest.raises(ChannelError) as caught:
        check_channel(channel)
    line = str(caught.value)
    assert line.startswith("channel 'ops': ")
    assert says in line
    assert "\n" not in line
    assert "hunter2" not in line


@pytest.mark.parametrize(
    "channel",
    [
        spec(url=HOOK),
        spec(url="http://127.0.0.1:8080/x?y=1", secret=["whsec_b2xk", "any text"], token="t", headers={"X-A": "1"}),
        spec(url=HOOK, secret_env=["A", "B"], token_env="C", format="teams"),
        spec("email", to="ann@example.org"),
        spec("email", to=["Ann <ann@example.org>", "bob+news@mail.example.org"]),
    ],
)
def test_a_sound_channel_passes(channel: ChannelSpec) -> None:
    check_channel(channel)


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("ann@example.org", "ann@example.org"),
        (" Ann Bell <ann@example.org> ", "ann@example.org"),
        ("ann@bücher.example", "ann@xn--bcher-kva.example"),
        ("ann@localhost", "ann@localhost"),
        ("änn@example.org", None),
        ('"a b"@example.org', None),
        ("ann@example.org>", None),
        ("ann@exa mple.org", None),
        ("ann@-example.org", None),
        ("ann@example..org", None),
        (".ann@example.org", None),
        ("a@b@example.org", None),
        ("ann@example.org, bob@example.org", None),
        ("ann@example.org\x00", None),
        ("a" * 65 + "@example.org", None),
    ],
)
def test_addresses_are_read_strictly(text: str, bare: str | None) -> None:
    assert address(text) == bare


def test_an_address_given_twice_counts_once() -> None:
    assert email_config(spec("email", to=["a@example.org", "A <a@example.org>"])).to == ("a@example.org",)


def test_a_secret_is_base64_with_the_prefix_and_itself_without() -> None:
    assert webhook_config(spec(url=HOOK, secret=["whsec_b2xk", "b2xk"]), None).keys == (b"old", b"b2xk")


def test_a_secret_that_the_environment_lacks_is_named() -> None:
    with pytest.raises(ChannelError, match="environment variable HOOK_SECRET"):
        webhook_config(spec(url=HOOK, secret_env="HOOK_SECRET"), {})


@pytest.mark.parametrize(
    ("smtp", "email_from", "says"),
    [
        (None, "vane@example.org", "NEWSVANE_SMTP_URL"),
        (SmtpSettings("localhost", 25), None, "NEWSVANE_EMAIL_FROM"),
        (SmtpSettings("localhost", 25), "vane", "no sender address"),
        (SmtpSettings("localhost", 25, ca_file="no-such-file.pem"), "vane@example.org", "cannot be read"),
    ],
)
async def test_email_needs_a_server_and_a_sender(smtp: SmtpSettings | None, email_from: str | None, says: str) -> None:
    async with web_client() as client:
        with pytest.raises(ChannelError, match=says):
            build_channel(spec("email", to="ann@example.org"), poster=client, smtp=smtp, email_from=email_from)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://localhost", SmtpSettings("localhost", 25, "auto")),
        ("smtp://localhost:1025?starttls=never", SmtpSettings("localhost", 1025, "plain")),
        ("smtp://u:p@mail.example.org", SmtpSettings("mail.example.org", 587, "starttls", "u", "p")),
        ("smtp://u:p@mail.example.org?starttls=auto", SmtpSettings("mail.example.org", 587, "auto", "u", "p")),
        ("smtps://u%40x:p%2Fw%3A@[::1]/", SmtpSettings("::1", 465, "tls", "u@x", "p/w:")),
        (
            "smtps://mail.example.org?ca=/etc/ca.pem",
            SmtpSettings("mail.example.org", 465, "tls", ca_file="/etc/ca.pem"),
        ),
    ],
)
def test_an_smtp_url_is_read(url: str, expected: SmtpSettings) -> None:
    assert parse_smtp_url(url) == expected


@pytest.mark.parametrize(
    "url",
    [
        "",
        "localhost:25",
        "http://localhost",
        "smtp://",
        "smtp://user@host",
        "smtp://:hunter2@host",
        "smtp://u:hunter2@host:port",
        "smtp://u:hunter2@host:99999",
        "smtp://u:hunt/er2@host",
        "smtp://u:hunter2#@host",
        "smtp://host?tls=1",
        "smtp://host?starttls=maybe",
        "smtps://host?starttls=required",
        "smtp://ho st",
    ],
)
def test_a_bad_smtp_url_gets_one_line_without_the_password(url: str) -> None:
    with pytest.raises(ValueError, match="the SMTP URL") as caught:
        parse_smtp_url(url)
    assert "\n" not in str(caught.value)
    assert "hunt" not in str(caught.value)


def test_settings_do_not_show_the_password() -> None:
    assert "hunter2" not in repr(parse_smtp_url("smtp://u:hunter2@host"))


@pytest.mark.skipif(find_spec("apprise") is not None, reason="the extra is installed")
def test_without_the_extra_an_apprise_channel_says_what_to_install() -> None:
    with pytest.raises(ChannelError, match=r"pip install 'newsvane\[apprise\]'"):
        check_channel(spec("apprise", url="ntfy://topic"))


@pytest.mark.skipif(find_spec("apprise") is None, reason="the extra is not installed")
def test_with_the_extra_an_address_that_apprise_does_not_know_is_refused_without_showing_it() -> None:
    check_channel(spec("apprise", url="ntfy://topic"))
    with pytest.raises(ChannelError, match="number 1 is no address that Apprise knows") as caught:
        build_channel(spec("apprise", url="nobody://hush"), poster=web_client(), smtp=None, email_from=None)
    assert "hush" not in str(caught.value)
