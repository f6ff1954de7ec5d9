"""The ledger of alerts in the browser, silences, and who may act."""

from datetime import timedelta

import pytest

from service.domain.access import Scope, fingerprint
from service.search import Ask, one, page, watch_list
from service.store import access, not_told
from tests.web.html import check
from tests.web.serving import Site
from tests.web.test_pages import HOSTILE


async def alerted(site: Site) -> str:
    """An alert whose delivery was given up; its id."""
    await site.desk.add_channel("team", url="https://example.org/hook")
    await site.desk.add_rule("mine", "entity:*", "team")
    await site.desk.alert("mine", await site.desk.publish(names={"HPE": ["HPE"]}), "team")
    await site.desk.attempt("dead", "403 <b>go away</b>")
    (line,) = (await page(site.db, "alerts", Ask(), now=site.desk.time)).lines
    return str(line["id"])


async def test_an_alert_tells_why_and_every_attempt(site: Site) -> None:
    alert = await alerted(site)
    listed = check(await site.page("/alerts"))
    assert f"/alerts/{alert}" in [link["href"] for link in listed.all("a")]
    shown = check(await site.page(f"/alerts/{alert}")).text
    for words in ("Rule “mine” met.", "“HPE” is a name that proves itself", "403 <b>go away</b>", "gave up", "12 ms"):
        assert words in shown
    sent = check(await site.page(f"/channels/show?name=team&alert={alert}"))
    assert '"type":"alert.created"' in sent.text.replace(" ", "")
    check(await site.page("/alerts/alt_none", status=404))


async def test_what_was_not_told_stands_with_alert_story_and_article(site: Site) -> None:
    alert = await alerted(site)
    line = await one(site.db, "alert", alert)
    assert line is not None
    (mention,) = line["mentions"]
    async with site.db.write() as session:
        why = f"<i>told</i> by alert {alert}"
        await not_told.note(session, "another", [mention["id"]], why, now=site.desk.time, alert=alert)
    assert why in check(await site.page(f"/alerts/{alert}")).text
    for path in (f"/stories/{line['story']}", f"/articles/{mention['article']}"):
        page = check(await site.page(path))
        assert "<i>told</i> by an earlier alert" in page.text, path
        assert f"/alerts/{alert}" in [link["href"] for link in page.all("a")], path


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("rule=mine", True),
        ("rule=other", False),
        ("status=dead", True),
        ("status=sent", False),
        ("q=entity:HPE&status=dead", True),
        ("q=entity:Oracle", False),
    ],
)
async def test_the_ledger_is_narrowed_down(site: Site, asked: str, found: bool) -> None:
    await alerted(site)
    assert ("HPE wins a deal" in check(await site.page(f"/alerts?{asked}")).text) is found


async def test_an_error_in_the_query_is_shown_at_its_place(site: Site) -> None:
    text = await site.page("/alerts?q=HPE+or+Dell", status=400)
    assert check(text).inside("mark", text) == ["o"]


async def test_people_see_to_it_snooze_and_resolve(site: Site) -> None:
    alert = await alerted(site)
    assert "Acknowledged." in check(await site.act(f"/alerts/{alert}/acknowledge")).text
    assert "Snoozed" in check(await site.act(f"/alerts/{alert}/snooze", **{"for": "4h"})).text
    line = await one(site.db, "alert", alert)
    assert line is not None
    assert line["snoozed_until"].startswith(f"{site.desk.time + timedelta(hours=4):%Y-%m-%dT%H:%M}")
    answer = await site.send(f"/alerts/{alert}/snooze", **{"for": "long"})
    assert answer.status_code == 409
    check(answer.text)
    resolved = check(await site.act(f"/alerts/{alert}/resolve"))
    assert "Resolved" in resolved.text
    assert not [form for form in resolved.all("form") if form.get("action", "").endswith("/resolve")]


async def test_sending_again(site: Site) -> None:
    alert = await alerted(site)
    (delivery,) = (await one(site.db, "alert", alert))["deliveries"]  # type: ignore[index]
    assert "is due again" in check(await site.act(f"/deliveries/{delivery['id']}/retry")).text
    assert (await one(site.db, "delivery", delivery["id"]))["message_id"] == delivery["message_id"]  # type: ignore[index]
    await site.desk.attempt("sent", "")
    answer = await site.send(f"/deliveries/{delivery['id']}/retry")
    assert answer.status_code == 409
    check(answer.text)
    await site.act(f"/alerts/{alert}/resend")
    again = await one(site.db, "delivery", delivery["id"])
    assert again is not None
    assert (again["status"], again["message_id"] == delivery["message_id"]) == ("pending", False)
    assert (await site.send("/deliveries/dlv_none/retry")).status_code == 404


async def test_a_silence_is_foreseen_made_and_ended(site: Site) -> None:
    await alerted(site)
    seen = check((await site.send("/silences", query="entity:HPE", preview="yes", **{"for": "4h"})).text)
    assert "1 of the newest 100 alerts would have been muted" in seen.text
    assert await watch_list(site.db, "silences") == []
    made = check(await site.act("/silences", query="entity:HPE", comment="the <b>numbers</b>", **{"for": "4h"}))
    assert "the <b>numbers</b>" in made.text
    (silence,) = await watch_list(site.db, "silences")
    assert "Ended" in check(await site.act(f"/silences/{silence['id']}/end")).text
    answer = await site.send(f"/silences/{silence['id']}/end")
    assert answer.status_code == 409
    check(answer.text)


@pytest.mark.parametrize(
    ("fields", "beside"),
    [
        ({"for": "4h"}, "query"),  # nothing to mute
        ({"for": "4h", "query": "a or b"}, "query"),
        ({"for": "4h", "rule": "gone"}, "rule"),
        ({"for": "", "query": "entity:*", "until": "yesterday"}, "until"),
        ({"for": "", "query": "entity:*", "until": "2020-01-01"}, "until"),
    ],
)
async def test_a_mistake_in_a_silence_stands_at_its_field(site: Site, fields: dict[str, str], beside: str) -> None:
    answer = await site.send("/silences", **fields)
    found = check(answer.text)
    assert answer.status_code == 422
    assert [one["id"] for name in ("input", "select") for one in found.all(name) if "aria-invalid" in one] == [beside]


@pytest.mark.parametrize("hostile", HOSTILE)
async def test_whatever_was_told_is_only_text(site: Site, hostile: str) -> None:
    storable = hostile.replace("\x00", "")
    saved = await site.desk.publish(storable, storable, names={storable: [storable]})
    await site.desk.add_channel("team", url="https://example.org/hook")
    await site.desk.alert("mine", saved, "team", title=storable)
    await site.desk.attempt("dead", storable)
    (line,) = (await page(site.db, "alerts", Ask(), now=site.desk.time)).lines
    check(await site.page("/alerts"))
    check(await site.page(f"/alerts/{line['id']}"))
    check((await site.send("/silences", query=hostile, comment=hostile, author=hostile, until=hostile)).text)


async def test_who_may_only_read_is_shown_no_buttons_and_refused(site: Site) -> None:
    alert = await alerted(site)
    async with site.db.write() as session:
        await access.add_token(
            session,
            name="wallboard",
            hashed=fingerprint("nv_read"),
            shown="nv_read",
            scope=Scope.READ,
            expires=None,
            now=site.desk.time,
        )
    site.desk.time += timedelta(minutes=1)
    site.client.headers["authorization"] = "Bearer nv_read"
    for path in ("/alerts", f"/alerts/{alert}", "/sources", "/rules", "/channels", "/silences", "/welcome", "/jobs"):
        forms = check(await site.page(path)).all("form")
        posts = {form.get("action") for form in forms if form.get("method") == "post"}
        assert posts <= {"/sign-out"}, path
    for path in (
        f"/alerts/{alert}/resolve",
        "/silences",
        "/rules/edit",
        "/channels/test",
        "/jobs/new",
        "/sources/find",
    ):
        assert (await site.send(path)).status_code == 403, path
