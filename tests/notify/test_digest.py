"""A digest as a message: groups in the place of mentions, the usual beside the counts, all of it under the bounds."""

import json
import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest

from service.notify.body import MAX_BODY, webhook_body
from service.notify.formats import READY_FORMATS, ready_body
from service.notify.mail import Sender, compose
from service.notify.message import page, subject
from service.notify.parts import html_part, text_part
from tests.notify.samples import HOSTILE_LINKS, HOSTILE_TEXTS, alert, mention, outgoing
from tests.notify.test_message import Reader, assert_harmless


def story(**changes: Any) -> dict[str, Any]:
    return {
        "id": 7,
        "title": "HPE wins a deal",
        "url": "https://news.example/7",
        "mentions": 2,
        "sources": ["Wire", "Times"],
        "source_count": 5,
    } | changes


def digest(groups: int = 1, stories: int = 1, **changes: Any) -> dict[str, Any]:
    """Each entity with so many stories."""
    told = [
        {
            "name": f"HPE {number}",
            "mentions": 3,
            "named": 9,
            "usual": 4.0,
            "story_count": stories + 2,
            "stories": [story(**changes)] * stories,
        }
        for number in range(groups)
    ]
    whole = {"from": "2026-11-21T07:00:00Z", "to": "2026-11-22T07:00:00Z", "group_by": "entity"}
    return alert(kind="digest", title="Digest “r”: 3 mentions", digest={**whole, "group_count": groups, "groups": told})


def test_a_mail_tells_stories_by_entity_with_the_usual() -> None:
    shown = page(digest())
    text, reader = text_part(shown), Reader(html_part(shown))
    for told in (text, reader.words):
        assert "HPE 0" in told
        assert "3 mentions, named 9 times in all, usually 4" in told
        assert "HPE wins a deal" in told
        assert "Wire, Times and 3 more" in told
        assert "and 2 more stories" in told
    assert "https://news.example/7" in reader.links
    assert "Mentions:" not in text
    assert "Mentions:" not in reader.words
    assert subject(digest()) == "HPE wins a deal – Digest “r”: 3 mentions"
    assert_harmless(reader)


def test_without_a_usual_none_is_told() -> None:
    content = digest()
    content["digest"]["groups"][0]["usual"] = None
    assert "usually" not in text_part(page(content))


@pytest.mark.parametrize("hostile", HOSTILE_TEXTS)
def test_hostile_titles_stay_text(hostile: str) -> None:
    content = digest(title=hostile, sources=[hostile])
    content["digest"]["groups"][0]["name"] = hostile
    assert_harmless(Reader(html_part(page(content))))
    assert "\r" not in text_part(page(content))


@pytest.mark.parametrize("address", HOSTILE_LINKS)
def test_hostile_addresses_are_no_links(address: str) -> None:
    assert_harmless(Reader(html_part(page(digest(url=address)))))
    carried = json.loads(webhook_body(outgoing(digest(url=address))))["data"]["digest"]["groups"][0]
    assert carried["stories"][0]["url"].startswith(("http://", "https://")) or carried["stories"][0]["url"] == ""


def test_a_large_digest_gives_up_mentions_before_groups() -> None:
    content = digest(groups=20, stories=5, title="t" * 90)
    content["mentions"], content["mention_count"] = [mention(snippet="s" * 200)] * 20, 300
    body = webhook_body(outgoing(content))
    assert len(body) < MAX_BODY
    carried = json.loads(body)["data"]
    assert len(carried["digest"]["groups"]) >= 10
    assert carried["mention_count"] == 300


@pytest.mark.parametrize("wide", ["𒈙" * 3000, "w" * 90_000])
def test_the_widest_digest_fits(wide: str) -> None:
    content = digest(groups=20, stories=5, title=wide, sources=[wide] * 5)
    assert len(webhook_body(outgoing(content))) < MAX_BODY


def with_volume(*counts: int, **changes: Any) -> dict[str, Any]:
    """A digest after so many periods, the last of them its own."""
    content = digest(groups=2)
    periods = [{"from": f"2026-11-{day:02}T07:00:00Z", "count": count} for day, count in enumerate(counts, start=1)]
    content["digest"]["volume"] = {"periods": periods, "usual": 4, "low": 3, "high": 6} | changes
    return content


def parts(content: dict[str, Any]) -> list[EmailMessage]:
    mail = compose(outgoing(content), Sender("", "vane@example.org"), "ann@example.org")
    read: Any = message_from_bytes(mail.as_bytes(), policy=default)
    return [part for part in read.walk() if not part.is_multipart()]


def test_a_digest_mail_has_a_chart_as_an_attached_image() -> None:
    plain, html, image = parts(with_volume(4, 3, 5, 9))
    assert [part.get_content_type() for part in (plain, html, image)] == ["text/plain", "text/html", "image/png"]
    assert image.get_content_disposition() == "inline"
    identity = str(image["Content-ID"]).strip("<>")
    reader = Reader(html.get_content())
    assert ("src", f"cid:{identity}") in reader.attributes
    words = "9 mentions, usually 3 to 6; before: 4, 3, 5"
    assert ("alt", f"Chart: {words}") in reader.attributes
    assert words in reader.words
    assert f"In this period: {words}" in plain.get_content()
    assert image.get_content().startswith(b"\x89PNG")
    assert_harmless(reader)


def test_the_picture_is_the_same_on_every_attempt() -> None:
    assert parts(with_volume(1, 2))[2].get_content() == parts(with_volume(1, 2))[2].get_content()


@pytest.mark.parametrize(
    "volume",
    [
        # nothing is known of earlier periods
        {"periods": [{"from": "2026-11-22T07:00:00Z", "count": 9}], "usual": None},
        # from another program
        {"periods": "many"},
        {"periods": [{"count": -1}, {"count": "9"}, {"count": True}, None]},
        "a lot",
        None,
    ],
)
def test_where_there_is_nothing_to_draw_there_is_no_picture(volume: Any) -> None:
    content = digest()
    content["digest"]["volume"] = volume
    plain, html = parts(content)
    assert "In this period" not in plain.get_content()
    assert "<img" not in html.get_content()


def test_without_a_usual_the_chart_says_none() -> None:
    plain, _, _ = parts(with_volume(4, 9, low=None, high=None))
    assert "In this period: 9 mentions; before: 4" in plain.get_content()


def texts_of(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for inner in value.values() for text in texts_of(inner)]
    if isinstance(value, list):
        return [text for inner in value for text in texts_of(inner)]
    return [value] if isinstance(value, str) else []


@pytest.mark.parametrize("name", READY_FORMATS)
def test_a_chat_lists_stories_by_entity_with_counts(name: str) -> None:
    content = digest(groups=9, stories=4) | {"mentions": [mention(entity="Nobody")]}
    content["digest"]["volume"] = with_volume(4, 9)["digest"]["volume"]
    told = "\n".join(texts_of(json.loads(ready_body(outgoing(content), name)))).replace("\\", "")
    assert told.count("3 mentions, named 9 times in all, usually 4") == 6
    assert told.count("HPE wins a deal (Wire, Times and 3 more)") == 6 * 3
    assert told.count("and 3 more stories") == 6
    assert "https://news.example/7" in told
    assert "3 more groups" in told
    assert "9 mentions, usually 3 to 6" in told
    assert "Nobody" not in told


def troubles(count: int = 1, text: str = "The server answered 404.", url: str = "https://s.example/feed") -> Any:
    item = {"subject": "source:1", "what": f"Source fails {text}", "since": "2026-11-22T07:00:00Z", "until": None}
    item |= {"proof": text, "mend": f"Look {text}", "url": url}
    told = {"kind": "source-failing", "state": "open", "count": count, "items": [item] * min(count, 20)}
    return alert(kind="watch", title=f"{count} sources fail", mentions=[], mention_count=0, watch=told)


def test_a_mail_tells_what_is_wrong_since_when_the_proof_and_the_mend() -> None:
    text, reader = text_part(page(troubles(30))), Reader(html_part(page(troubles(30))))
    for told in (text, reader.words):
        assert "since 2026-11-22 07:00 UTC" in told
        assert "The server answered 404." in told
        assert "What to do: Look" in told
        assert "10 more are not shown here." in told
    assert_harmless(reader)


@pytest.mark.parametrize("name", READY_FORMATS)
def test_chats_tell_what_is_wrong(name: str) -> None:
    told = "\n".join(texts_of(json.loads(ready_body(outgoing(troubles(30)), name)))).replace("\\", "")
    assert told.count("Source fails The server answered 404.") == 5
    assert "25 more" in told


HOSTILE_CONTENTS = [
    *(make(text) for text in (*HOSTILE_TEXTS, "&<>" * 100, "*_[]" * 100) for make in (
        lambda text: digest(groups=9, stories=5, title=text, sources=[text] * 3, url="https://x.example/" + "a" * 240),
        lambda text: troubles(30, text),
    )),
    *(digest(url=address) for address in HOSTILE_LINKS),
    *(troubles(1, "x", address) for address in HOSTILE_LINKS),
]  # fmt: skip


@pytest.mark.parametrize("content", HOSTILE_CONTENTS)
def test_hostile_digests_and_troubles_keep_within_the_services_bounds(content: dict[str, Any]) -> None:
    """Slack: 3,000 characters a section. Discord: 6,000 in all, 256 a name, 1,024 a value. Nothing is called."""
    for group in (content.get("digest") or {}).get("groups", []):
        group["name"] = group["stories"][0]["title"]
    bodies = {name: json.loads(ready_body(outgoing(content), name)) for name in READY_FORMATS}
    sections = [block["text"]["text"] for block in bodies["slack"]["blocks"] if block["type"] == "section"]
    assert all(0 < len(section) <= 3000 for section in sections)
    assert not any("<!" in section for section in sections)
    (embed,) = bodies["discord"]["embeds"]
    assert all(0 < len(field["name"]) <= 256 and 0 < len(field["value"]) <= 1024 for field in embed["fields"])
    assert len("".join(texts_of({key: embed[key] for key in ("title", "description", "fields", "footer")}))) <= 6000
    told = "\n".join(texts_of(bodies["mattermost"]))
    assert not re.search(r"@(channel|everyone)", told)
    for name in ("discord", "mattermost"):
        for address in re.findall(r"(?<!\\)\]\(([^)]*)\)", "\n".join(texts_of(bodies[name]))):
            assert re.match(r"https?://[^/]", address)
    actions = re.findall(r'"url":"([^"]*)"', json.dumps(bodies["teams"], separators=(",", ":")))
    assert all(re.match(r"https?://[^/]", address) for address in actions)
    if content["kind"] == "watch":
        assert_harmless(Reader(html_part(page(content))))
