"""Stories over a real server: the list, and what a story's page proves."""

import pytest

from service.domain.facts import Fact, Kind, Party, Role, Status
from service.store import stories
from tests.web.desk import START
from tests.web.html import check
from tests.web.serving import Site

OTHER = "https://other.example.org/feed"
TITLE = "HPE wins the river works"
DEAL = "HPE has won a deal for 400 servers of the river works at Example Town, worth $12 million over three years."


async def told_twice(site: Site) -> int:
    """A story of two outlets with a deal; its id."""
    deal = Fact(Kind.CONTRACT, Status.WON, (Party("HPE", Role.SUPPLIER, tracked=True),), DEAL, 12e6, "USD")
    await site.desk.subscribe()
    await site.desk.subscribe("The Other", OTHER)
    one = await site.desk.publish(TITLE, DEAL, names={"HPE": ["HPE"]}, facts=[deal])
    two = await site.desk.publish(TITLE, f"{DEAL} Dell lost.", names={"HPE": ["HPE"]}, source=OTHER)
    assert one.story["id"] == two.story["id"]
    return int(one.story["id"])


class TestList:
    async def test_it_lists_stories_that_name_somebody_with_their_outlets(self, site: Site) -> None:
        story = await told_twice(site)
        await site.desk.publish("It rains", "It rains and rains.")
        page = check(await site.page("/stories"))
        assert "2 outlets" in page.text
        assert "The Wire, The Other" in page.text
        assert "It rains" not in page.text
        assert f"/stories/{story}" in [link["href"] for link in page.all("a")]

    async def test_a_question_narrows_it_and_may_ask_for_those_of_nobody(self, site: Site) -> None:
        await told_twice(site)
        await site.desk.publish("It rains", "It rains and rains.")
        page = check(await site.page("/stories?q=rains"))
        assert "It rains" in page.text
        assert TITLE not in page.text
        assert page.all("form")[0]["action"] == "/stories"
        assert "No story answers this" in check(await site.page("/stories?q=unheard")).text

    async def test_a_mistake_is_shown(self, site: Site) -> None:
        assert "is not an operator" in check(await site.page("/stories?q=HPE+or+Dell", status=400)).text

    async def test_older_ones_are_a_link_away(self, site: Site) -> None:
        for number in range(32):
            await site.desk.publish(f"Tale {number:02}", f"HPE {'x' * number} {number}.", names={"HPE": ["HPE"]})
        first = check(await site.page("/stories?entity=HPE"))
        (older,) = [link["href"] for link in first.all("a") if link.get("rel") == "next"]
        assert older.startswith("/stories?entity=HPE&cursor=")
        assert "Tale 01" in check(await site.page(older)).text
        assert "Tale 01" not in first.text

    async def test_nothing_yet(self, site: Site) -> None:
        assert "No story yet" in check(await site.page("/stories")).text


class TestStory:
    async def test_it_tells_who_told_it_when_and_which_is_the_original(self, site: Site) -> None:
        page = check(await site.page(f"/stories/{await told_twice(site)}"))
        assert "2 outlets, 2 articles" in page.text
        assert "HPE in 2" in page.text
        assert page.text.index("The Wire the original") < page.text.index("100 % of the original’s words")
        assert "9 % of its own" in page.text

    async def test_its_deals_stand_with_their_sentence_and_teller(self, site: Site) -> None:
        page = check(await site.page(f"/stories/{await told_twice(site)}"))
        assert f"HPE (supplier) won {DEAL} told so by 1 article: The Wire" in page.text

    async def test_two_versions_are_compared_word_by_word(self, site: Site) -> None:
        story = await told_twice(site)
        assert f"/stories/{story}?compare=2#compared" in await site.page(f"/stories/{story}")
        text = await site.page(f"/stories/{story}?compare=2")
        page = check(text)
        assert "How The Other tells it otherwise" in page.text
        assert "Dell lost" in " ".join(page.inside("ins", text))

    @pytest.mark.parametrize("compare", [1, 7, -1])  # the original, an article that is not there
    async def test_what_cannot_be_compared_is_not(self, site: Site, compare: int) -> None:
        story = await told_twice(site)
        assert "tells it otherwise" not in check(await site.page(f"/stories/{story}?compare={compare}")).text

    async def test_edits_and_alerts_are_told(self, site: Site) -> None:
        saved = await site.desk.publish(TITLE, DEAL, names={"HPE": ["HPE"]})
        await site.desk.alert("all HPE", saved, title="HPE wins")
        await site.desk.edit(saved, TITLE, f"{DEAL} Corrected.")
        page = check(await site.page(f"/stories/{saved.story['id']}"))
        assert "edited 1×, last 22 Nov 08:02" in page.text
        assert "HPE wins 22 Nov 08:01 rule all HPE" in page.text

    async def test_a_merged_story_leads_to_the_one_of_today(self, site: Site) -> None:
        one = await site.desk.publish("One tale", "HPE is here.", names={"HPE": ["HPE"]})
        two = await site.desk.publish("Quite another", "Oracle is there.", names={"Oracle": ["Oracle"]})
        async with site.db.write() as session:
            await stories.merge(session, one.story["id"], [two.story["id"]])
            await stories.arrange(session, [one.story["id"]], now=START)
        answer = await site.get(f"/stories/{two.story['id']}")
        assert (answer.status_code, answer.headers["location"]) == (303, f"/stories/{one.story['id']}")

    @pytest.mark.parametrize(("path", "status"), [("7", 404), ("seven", 400), ("0", 400)])
    async def test_what_is_not_there(self, site: Site, path: str, status: int) -> None:
        check(await site.page(f"/stories/{path}", status=status))


class TestArranging:
    async def test_an_article_gets_a_story_of_its_own_and_comes_back(self, site: Site) -> None:
        story = await told_twice(site)
        page = check(await site.page(f"/stories/{story}"))
        buttons = [
            button["aria-label"] for button in page.all("button") if "Not this story" in button.get("aria-label", "")
        ]
        assert len(buttons) == 2
        answer = await site.send(f"/stories/{story}/split", article="2")
        assert answer.status_code == 303
        alone = check(await site.page(answer.headers["location"]))
        assert "has a story of its own" in alone.text
        assert "1 outlet, 1 article" in alone.text
        new = answer.headers["location"].partition("?")[0]
        assert new != f"/stories/{story}"
        whole = check(await site.act(f"/stories/{story}/merge", other=f"http://127.0.0.1{new}?done=split"))
        assert "They are one story now" in whole.text
        assert "2 outlets, 2 articles" in whole.text
        assert (await site.get(new)).headers["location"] == f"/stories/{story}"

    @pytest.mark.parametrize(
        ("other", "said"),
        [
            ("", "write the story's number"),
            ("HPE wins", "write the story's number"),
            ("77", "there is no story 77"),
            ("{story}", "one story already"),
        ],
    )
    async def test_what_cannot_be_merged_is_said_beside_the_field(self, site: Site, other: str, said: str) -> None:
        story = await told_twice(site)
        answer = await site.send(f"/stories/{story}/merge", other=other.format(story=story))
        assert answer.status_code == 422
        assert said in check(answer.text).text
        assert (await site.send(f"/stories/{story}/split", article="77")).status_code == 404
