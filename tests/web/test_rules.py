"""Rules in the browser: a form that holds what was written, mistakes at their place, a forecast, and the acts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.desk import watch
from service.search import watch_list
from service.web.forms import Form
from service.web.rule_form import form_of, item_of
from tests.web.html import check
from tests.web.serving import Site
from tests.web.test_pages import HOSTILE

_OPTIONS = {
    "digest": st.sampled_from(["hourly", "daily 08:00"]),
    "timezone": st.sampled_from(["Europe/Berlin", "Asia/Tokyo"]),
    "group_by": st.sampled_from(["entity", "rule"]),
    "group_wait": st.just("5m"),
    "repeat": st.just("material"),
    "throttle": st.just("10/hour"),
    "priority": st.sampled_from(["low", "high"]),
    "within": st.just("story"),
    "quiet_hours": st.fixed_dictionaries(
        {"from": st.just("22:00"), "to": st.just("07:00")},
        optional={"timezone": st.just("UTC"), "days": st.just(["mon", "fri"]), "except_high": st.just(True)},
    ),
    "active": st.fixed_dictionaries({"from": st.just("2026-11-22")}, optional={"to": st.just("2026-12-01")}),
}
_TOLD = st.one_of(
    st.fixed_dictionaries({"query": st.just("entity:*")}),
    st.fixed_dictionaries(
        {
            "query": st.just("fire"),
            "volume": st.sampled_from(["spike", "quiet", {"kind": "spike", "over": "6h", "minimum": 10}]),
        }
    ),
    st.fixed_dictionaries(
        {
            "watch": st.sampled_from(
                ["disk-low", {"kind": "source-failing", "failures": 9, "again": "6h", "resolved": True}]
            )
        }
    ),
)


@given(_TOLD, st.fixed_dictionaries({}, optional=_OPTIONS), st.lists(st.sampled_from("ab"), unique=True))
def test_what_a_form_is_filled_in_with_comes_out_again(
    told: dict[str, object], how: dict[str, object], channels: list[str]
) -> None:
    item = {"name": "r", "channels": channels, **told, **how}
    assert item_of(form_of(item)) == item


async def test_a_rule_is_written_shown_changed_and_removed(site: Site) -> None:
    await site.desk.add_channel("team", url="https://example.org/hook")
    page = check(await site.page("/rules/new?query=entity:HPE"))
    assert [area["name"] for area in page.all("textarea")] == ["query"]
    listed = check(
        await site.act("/rules/edit", was="", name="big", kind="mentions", query="entity:HPE", channels=["team"])
    )
    assert "Saved" in listed.text
    assert "at once, each story once" in listed.text
    (line,) = await watch_list(site.db, "rules")
    assert (line["query"], line["channels"], line["how"]) == ("entity:HPE", ["team"], {})
    await site.act(
        "/rules/edit", was="big", kind="mentions", query="entity:*", digest="daily 08:00", timezone="Europe/Berlin"
    )
    async with site.db.read() as session:
        item = await watch.definition(session, "rule", "big")
    assert item == {
        "name": "big",
        "query": "entity:*",
        "channels": [],
        "digest": "daily 08:00",
        "timezone": "Europe/Berlin",
    }
    assert "Switched off" in check(await site.act("/rules/disable", name="big")).text
    await site.act("/rules/edit", was="big", kind="mentions", query="entity:*")  # editing does not switch it on
    assert [line["enabled"] for line in await watch_list(site.db, "rules")] == [False]
    assert "Removed" in check(await site.act("/rules/remove", name="big")).text
    assert (await site.send("/rules/remove", name="big")).status_code == 404


@pytest.mark.parametrize(
    ("field", "value", "beside"),
    [
        ("query", "HPE or Dell", "query"),
        ("digest", "now and then", "digest"),
        ("throttle", "some", "throttle"),
        ("quiet_from", "22:00", "quiet_from"),  # without an end
        ("active_from", "tomorrow", "active_from"),
        ("timezone", "Mars/Base", "timezone"),
        ("channels", "nobody", ""),
        ("name", "", ""),
    ],
)
async def test_a_mistake_keeps_what_was_written_and_stands_at_its_field(
    site: Site, field: str, value: str, beside: str
) -> None:
    written = {"was": "", "name": "mine", "kind": "mentions", "query": "entity:*", field: value}
    answer = await site.send("/rules/edit", **written)
    page = check(answer.text)
    assert answer.status_code == 422
    assert await watch_list(site.db, "rules") == []
    wrong = [one["id"] for name in ("input", "textarea", "select") for one in page.all(name) if "aria-invalid" in one]
    assert wrong == ([beside] if beside else [])
    if beside:
        assert {"href": f"#{beside}"} in page.all("a")
    if field == "query":
        assert page.inside("mark", answer.text) == ["o"]
        assert "HPE or Dell" in answer.text


async def test_a_new_rule_takes_nobodys_place(site: Site) -> None:
    await site.desk.add_rule("mine", "entity:HPE")
    answer = await site.send("/rules/edit", was="", name="mine", kind="mentions", query="entity:*")
    assert "there is a rule 'mine' already" in check(answer.text).text
    assert [line["query"] for line in await watch_list(site.db, "rules")] == ["entity:HPE"]


async def test_the_forecast_tells_what_would_have_been_told_and_saves_nothing(site: Site) -> None:
    await site.desk.track("HPE")
    await site.desk.publish("HPE wins", "HPE has won.", names={"HPE": ["HPE"]})
    site.desk.time = site.desk.time.replace(hour=12)
    await site.desk.publish("HPE again", "HPE has won again.", names={"HPE": ["HPE"]})
    written = {"was": "", "name": "mine", "kind": "mentions", "query": "title:again", "forecast": "yes"}
    page = check((await site.send("/rules/edit", **written)).text)
    assert "Nothing is saved yet" in page.text
    assert "HPE again" in page.text
    assert "HPE wins" not in page.text
    assert await watch_list(site.db, "rules") == []
    written |= {"kind": "watch", "watch": "disk-low"}
    assert "No article meets such a rule" in check((await site.send("/rules/edit", **written)).text).text


@pytest.mark.parametrize("hostile", HOSTILE)
async def test_whatever_is_written_is_only_text(site: Site, hostile: str) -> None:
    fields = {"kind": "mentions", "query": hostile, "digest": hostile, "watch_more": hostile, "was": ""}
    check((await site.send("/rules/edit", name=hostile, **fields)).text)
    await site.desk.add_rule(hostile.replace("\x00", ""), "entity:*", "gone")
    check(await site.page("/rules"))


def test_a_blank_form_says_nothing_but_what_is_needed() -> None:
    assert item_of(Form.of({"kind": "mentions", "name": " a ", "query": "entity:*"})) == {
        "name": "a",
        "channels": [],
        "query": "entity:*",
    }


class TestDoubts:
    """A rule that can never be met holds, and is said to: in the list, in its form, and with a forecast."""

    async def test_a_rule_that_asks_for_who_is_not_tracked(self, site: Site) -> None:
        await site.desk.track("Vertiv")
        said = "asks for the entity 'Vertif', which is not tracked: did you mean 'Vertiv'?"
        asked = {"was": "", "name": "big", "kind": "mentions", "query": "entity:Vertif"}
        tried = check((await site.send("/rules/edit", **asked, forecast="yes")).text)
        assert said in tried.text
        assert said in check(await site.act("/rules/edit", **asked)).text
        assert said in check(await site.page("/rules/edit?name=big")).text
        mended = check(await site.act("/rules/edit", was="big", kind="mentions", query="entity:Vertiv"))
        assert "is not tracked" not in mended.text
        assert "Is that meant?" not in check(await site.page("/rules/edit?name=big")).text

    async def test_an_entity_that_is_switched_off_afterwards(self, site: Site) -> None:
        await site.desk.track("Vertiv")
        await site.act("/rules/edit", was="", name="big", kind="mentions", query="entity:Vertiv OR entity:<b>")
        await site.act("/entities/Vertiv/switch", to="off")
        listed = check(await site.page("/rules"))
        assert "asks for the entity 'Vertiv', which is switched off" in listed.text
        assert "asks for the entity '<b>', which is not tracked" in listed.text
        await site.act("/rules/disable", name="big")
        assert "asks for" not in check(await site.page("/rules")).text, "a rule that rests can wait"
