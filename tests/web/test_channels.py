"""Channels in the browser: secrets go in and never come out, and a test shows the whole conversation."""

import pytest

from service.desk import watch
from service.search import watch_list
from tests.pipeline.site import Site as Publisher
from tests.web.html import check
from tests.web.serving import Site
from tests.web.test_pages import HOSTILE

SECRET = "whsec_bmV3c3ZhbmU="


async def test_a_webhook_is_made_and_its_secrets_are_never_shown(site: Site) -> None:
    fields = {"was": "", "type": "webhook", "name": "team", "url": "https://example.org/h/deep", "secret": SECRET}
    shown = await site.act("/channels/edit", **fields)
    edit = await site.page("/channels/edit?name=team")
    for text in (shown, edit, await site.page("/channels")):
        check(text)
        assert "deep" not in text
        assert SECRET not in text
    assert "https://example.org/…" in edit
    await site.act("/channels/edit", was="team", type="webhook", url="", secret="", format="slack")
    async with site.db.read() as session:
        stored = await watch.definition(session, "channel", "team")
    assert (stored["url"], stored["secret"], stored["format"]) == (fields["url"], SECRET, "slack")
    await site.act("/channels/edit", was="team", type="webhook", no_secret="yes")
    async with site.db.read() as session:
        assert "secret" not in await watch.definition(session, "channel", "team")


@pytest.mark.parametrize(
    ("fields", "beside"),
    [
        ({"type": "webhook", "url": "ftp://example.org/"}, "url"),
        ({"type": "webhook", "url": "https://example.org/", "token": "a\u00e9"}, "token"),
        ({"type": "email", "to": "someone@example.org\nnobody"}, "to"),
        ({"type": "email", "to": ""}, "to"),
        ({"type": "webhook", "url": "https://example.org/", "format": "template", "template": "{{"}, "template"),
    ],
)
async def test_a_mistake_stands_at_its_field(site: Site, fields: dict[str, str], beside: str) -> None:
    answer = await site.send("/channels/edit", was="", name="team", **fields)
    page = check(answer.text)
    assert answer.status_code == 422
    wrong = [one["id"] for name in ("input", "textarea") for one in page.all(name) if "aria-invalid" in one]
    assert wrong == [beside]
    assert await watch_list(site.db, "channels") == []


async def test_a_test_send_shows_the_conversation_without_secrets(site: Site, publisher: Publisher) -> None:
    url = publisher.says("/hook", "taken, thanks")
    await site.desk.add_channel("team", url=url, secret=SECRET, token="let-me-in")
    text = (await site.send("/channels/test", name="team")).text
    page = check(text)
    assert "the receiver took it and answered 200" in page.text
    assert "taken, thanks" in page.text
    assert "> webhook-id: msg_" in page.text
    assert "let-me-in" not in text
    assert len(publisher.received) == 1
    publisher.says("/hook", "<b>no</b>", 403)
    page = check((await site.send("/channels/test", name="team")).text)
    assert "Not sent" in page.text
    assert "<b>no</b>" in page.text
    assert (await site.send("/channels/test", name="gone")).status_code == 404


async def test_acts_and_what_stands_in_their_way(site: Site) -> None:
    await site.desk.add_channel("team", url="https://example.org/hook")
    await site.desk.add_rule("mine", "entity:*", "team")
    assert "mine" in check(await site.page("/channels")).text
    assert "Switched off" in check(await site.act("/channels/disable", name="team")).text
    assert "Switched on" in check(await site.act("/channels/enable", name="team")).text
    answer = await site.send("/channels/remove", name="team")
    assert answer.status_code == 409
    assert "change the rule first" in check(answer.text).text


async def test_what_was_kept_back_is_counted_and_sent_on_request(site: Site) -> None:
    await site.desk.add_channel("team", url="https://example.org/hook")
    await site.act("/channels/disable", name="team")
    await site.desk.alert("mine", await site.desk.publish(names={"HPE": ["HPE"]}), "team")
    await site.act("/channels/enable", name="team")
    assert "1 were kept back" in check(await site.page("/channels")).text
    assert "is due again" in check(await site.act("/channels/retry", name="team")).text
    assert "kept back" not in check(await site.page("/channels")).text


@pytest.mark.parametrize("kind", ["webhook", "email", "apprise"])
async def test_each_kind_has_a_form(site: Site, kind: str) -> None:
    assert check(await site.page(f"/channels/new?type={kind}")).all("form")


@pytest.mark.parametrize("hostile", HOSTILE)
async def test_whatever_is_written_is_only_text(site: Site, hostile: str) -> None:
    for kind in ("webhook", "email"):
        check((await site.send("/channels/edit", was="", type=kind, name=hostile, url=hostile, to=hostile)).text)
    await site.desk.add_channel(hostile.replace("\x00", ""), url="https://example.org/")
    check(await site.page("/channels"))
