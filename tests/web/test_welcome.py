"""The first run, and long work that is left and come back to."""

import asyncio

from service.search import rescans, watch_list
from tests.notify.smtp_sink import SmtpSink, running
from tests.pipeline.site import Site as Publisher
from tests.web.html import check
from tests.web.serving import Site, open_site


async def test_from_nothing_to_names_sources_and_a_tested_channel(site: Site, publisher: Publisher) -> None:
    hook = publisher.says("/hook", "thanks")
    assert check(await site.page("/welcome")).all("form")
    page = check(await site.act("/welcome/entities", entity=["HPE", "Oracle"], own="Vertiv\nApple"))
    assert "Apple is tracked, and may be taken for something else" in page.text
    tracked = {line["name"] for line in await watch_list(site.db, "entities") if line["enabled"]}
    assert tracked == {"HPE", "Oracle", "Vertiv", "Apple"}
    await site.act("/welcome/entities", entity=["HPE"])
    tracked = {line["name"] for line in await watch_list(site.db, "entities") if line["enabled"]}
    assert tracked == {"HPE", "Vertiv", "Apple"}  # one's own names stay

    await site.desk.subscribe("Mine", "https://mine.example.org/feed")
    await site.act("/welcome/sources", topic=["ai"])
    sources = await watch_list(site.db, "sources")
    assert len(sources) > 1
    assert all("ai" in line["tags"] for line in sources[1:])
    await site.act("/welcome/sources", topic=["regulatory"])
    polled = [line for line in await watch_list(site.db, "sources") if line["enabled"]]
    assert {line["tags"][0] for line in polled[1:]} == {"regulatory"}
    assert polled[0]["title"] == "Mine"

    page = check((await site.send("/welcome/channel", where=hook)).text)
    assert "The test arrived over “my webhook”: the receiver answered 200" in page.text
    (rule,) = await watch_list(site.db, "rules")
    assert (rule["query"], rule["channels"]) == ("entity:*", ["my webhook"])
    assert len(publisher.received) == 1


async def test_a_channel_that_does_not_answer_and_one_that_cannot_be(site: Site, publisher: Publisher) -> None:
    page = check((await site.send("/welcome/channel", where=publisher.url("/nowhere"))).text)
    assert "The test did not arrive" in page.text
    answer = await site.send("/welcome/channel", where="not an address")
    assert answer.status_code == 422
    found = check(answer.text)
    assert [field["id"] for field in found.all("input") if "aria-invalid" in field] == ["where"]


async def test_an_address_that_was_wrong_is_put_right_in_its_place(site: Site, publisher: Publisher) -> None:
    page = check((await site.send("/welcome/channel", where=publisher.url("/nowhere"))).text)
    assert "The receiver answered 404. It said:" in page.text
    assert "copy it again from where it was made" in page.text
    filled = {field["name"]: field["value"] for field in page.all("input") if field.get("value")}
    assert (filled["where"], filled["mends"]) == (publisher.url("/nowhere"), "my webhook")
    page = check((await site.send("/welcome/channel", **{**filled, "where": publisher.says("/hook", "thanks")})).text)
    assert "The test arrived over “my webhook”" in page.text
    assert [line["name"] for line in await watch_list(site.db, "channels")] == ["my webhook"]
    answer = await site.send("/welcome/channel", where=publisher.url("/hook"))
    assert answer.status_code == 422, "another one needs another name"


async def test_a_wrong_password_of_the_mail_server_is_said_with_the_mend(
    site: Site,
) -> None:
    async with running(SmtpSink(), login=True) as sink:
        url = f"smtp://vane:wrong@127.0.0.1:{sink.port}?starttls=never"
        async with open_site(site.db, smtp_url=url, email_from="n@example.org") as mailing:
            page = check((await mailing.send("/welcome/channel", where="me@example.org")).text)
    assert "535" in page.text
    assert "The user or the password is wrong: check NEWSVANE_SMTP_URL" in page.text
    assert "vane:wrong" not in page.text


async def test_results_are_followed_until_all_is_polled(site: Site) -> None:
    await site.desk.subscribe()
    answer = await site.client.get("/welcome/results")
    assert answer.headers["refresh"] == "5"
    assert "0 of 1 source polled" in check(answer.text).text
    assert "refresh" not in (await site.client.get("/welcome/results?still=true")).headers
    await site.desk.publish(names={"HPE": ["HPE"]})
    answer = await site.client.get("/welcome/results")
    assert "refresh" not in answer.headers
    assert "HPE in HPE wins a deal" in check(answer.text).text


async def test_old_articles_are_looked_through_while_one_is_elsewhere(site: Site) -> None:
    await site.desk.publish("HPE wins", "HPE has won a server deal.")
    await site.desk.track("HPE")
    page = check(await site.act("/jobs/new", entity="HPE", since="7d"))
    assert "You can leave this page" in page.text
    for _ in range(200):
        (line,) = await rescans(site.db, now=site.desk.time)
        if line["state"] == "done":
            break
        await asyncio.sleep(0.05)
    assert (line["state"], line["added"]) == ("done", 1)
    assert "1 added" in check(await site.page("/jobs")).text
    assert (await site.send("/jobs/1/cancel")).status_code == 404
    assert (await site.send("/jobs/1/go-on")).status_code == 404
    answer = await site.send("/jobs/new", entity="Nobody", since="7d")
    assert answer.status_code == 422
    assert "none of that name is looked for" in check(answer.text).text
