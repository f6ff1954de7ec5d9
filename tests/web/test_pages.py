"""The pages over a real server: what they show, what they say when there is nothing, and that nothing harms."""

import re
from itertools import combinations
from pathlib import Path
from urllib.parse import quote

import pytest

from service.notify.clean import plain
from tests.web.html import check
from tests.web.serving import Site

STATIC = Path(__file__).parents[2] / "service" / "web" / "static"
HOSTILE = [
    "<script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</p></main><style>*{display:none}</style>",
    "{{ 7 * 7 }} {% raw %}",
    "&lt;b&gt; &#x3c;script&#x3e;",
    "safe\u202ereversed\u2066isolated",
    "nul\x00 bell\x07 escape\x1b[31m",
    "]]> --> <!-- open",
]


class TestArticle:
    async def test_it_proves_what_was_found_and_what_was_not(self, site: Site) -> None:
        await site.desk.publish(
            "HPE meets fans",
            "HPE met its friends.\nThe game was at Oracle Park.",
            names={"HPE": ["HPE"]},
            rejected=[("Oracle", "Oracle Park", "“Oracle Park” is a longer name")],
        )
        text = await site.page("/articles/1")
        page = check(text)
        assert "“HPE” is a name that proves itself" in page.text
        assert "Oracle Park Oracle “Oracle Park” is a longer name" in page.text
        assert page.inside("mark", text) == ["HPE", "HPE", "HPE"]  # title, table, text
        assert page.inside("s", text) == ["Oracle Park", "Oracle Park"]  # table, text

    async def test_it_shows_what_an_edit_changed_and_which_mention_it_took(self, site: Site) -> None:
        saved = await site.desk.publish("HPE wins", "HPE won $1 billion.", names={"HPE": ["HPE"]})
        await site.desk.edit(saved, "A maker wins", "A maker won $2 billion.")
        text = await site.page("/articles/1")
        page = check(text)
        assert page.inside("del", text) == ["HPE", "HPE", "1"]
        assert page.inside("ins", text) == ["A maker", "A maker", "2"]
        assert "the article was edited, and names it no more" in page.text

    @pytest.mark.parametrize("hostile", HOSTILE)
    async def test_an_edit_cannot_harm(self, site: Site, hostile: str) -> None:
        saved = await site.desk.publish("HPE", "HPE.", names={"HPE": ["HPE"]})
        storable = hostile.replace("\x00", "")
        await site.desk.edit(saved, storable, f"{storable} again {storable}")
        assert check(await site.page("/articles/1")).all("ins")

    async def test_a_text_from_the_feed_says_so_and_why(self, site: Site) -> None:
        await site.desk.publish(origin="feed", note="the site's robots.txt asks not to read this page")
        page = check(await site.page("/articles/1"))
        assert "This is the feed’s own text: the site's robots.txt asks not to read this page" in page.text
        assert "No tracked entity is mentioned" in page.text

    @pytest.mark.parametrize(("path", "status"), [("7", 404), ("seven", 400), ("0", 400), ("9" * 30, 400)])
    async def test_what_is_not_there(self, site: Site, path: str, status: int) -> None:
        check(await site.page(f"/articles/{path}", status=status))


class TestHostileText:
    """Text is stored here as no reader of feeds would let it through: the pages are a lock of their own."""

    @pytest.mark.parametrize("text", HOSTILE)
    async def test_whatever_is_stored_is_only_text(self, site: Site, text: str) -> None:
        name = text.replace("\x00", "")  # no database takes one in a name
        await site.desk.track(name)
        await site.desk.subscribe(text, "https://hostile.example.org/feed")
        await site.desk.poll_fails("https://hostile.example.org/feed", text)
        await site.desk.add_channel(text, url="https://hooks.example.org/in")
        saved = await site.desk.publish(
            text, f"{text}\n{text}", names={name: [text]}, author=text, note=text, origin="feed"
        )
        await site.desk.alert(text, saved, text, title=text)
        await site.desk.attempt("dead", text)
        entity = f"/entities/{quote(name, safe='')}"
        reading = ["/", "/stream", "/stories", "/stories/1", "/entities", entity, f"{entity}/edit"]
        for path in [*reading, "/sources", "/articles/1"]:
            page = check(await site.page(path))
            assert " ".join(plain(text).split()) in page.text, path

    @pytest.mark.parametrize("text", HOSTILE)
    async def test_a_hostile_question_is_only_text(self, site: Site, text: str) -> None:
        for path in ("/stream", "/stories"):
            answer = await site.get(path, params={"q": text, "entity": text, "cursor": text})
            assert answer.status_code == 400
            check(answer.text)
            assert "alert(1)</script>" not in answer.text
        answer = await site.client.post("/entities/new/preview", data={"definition": f"name: [{text}"})
        assert answer.status_code == 400
        assert "alert(1)</script>" not in answer.text

    @pytest.mark.parametrize(
        "url",
        [
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)//https://x.example",
            "java\nscript:alert(1)",
            "data:text/html,<script>alert(1)</script>",
            "//evil.example/x",
            "https://bank.example@evil.example/",
            "",
        ],
    )
    async def test_an_address_that_may_not_be_followed_is_no_link(self, site: Site, url: str) -> None:
        await site.desk.add_channel("desk", url="https://hooks.example.org/in")
        saved = await site.desk.publish("HPE wins", "HPE has won.", url=url, names={"HPE": ["HPE"]})
        await site.desk.alert("everything", saved, "desk", title="HPE wins")
        for path in ("/", "/stream", "/articles/1"):
            page = check(await site.page(path))
            assert "HPE wins" in page.text
            assert all(link["href"].startswith(("/", "#")) for link in page.all("a"))


class TestColours:
    """WCAG 2.2, 1.4.3: text needs a contrast of 4.5 with what it stands on, in both themes."""

    STYLE = "\n".join(file.read_text() for file in sorted(STATIC.glob("*.css")))

    def themes(self) -> list[dict[str, str]]:
        light, dark = (
            dict(re.findall(r"--(\w[\w-]*): (#\w{6});", part))
            for part in re.findall(r":root \{(.*?)\}", self.STYLE, re.DOTALL)
        )
        assert light.keys() == dark.keys()
        return [light, dark]

    def test_text_can_be_read_in_both_themes(self) -> None:
        pairs = [("accent-ink", "accent"), ("ink", "tint")]
        pairs += [(ink, ground) for ink in ("ink", "quiet", "accent", "trouble") for ground in ("paper", "sheet")]
        poor = [
            (ink, ground, round(contrast(theme[ink], theme[ground]), 2))
            for theme in self.themes()
            for ink, ground in pairs
            if contrast(theme[ink], theme[ground]) < 4.5
        ]
        assert poor == []

    def test_every_colour_is_named_once(self) -> None:
        used = set(re.findall(r"var\(--([\w-]+)\)", self.STYLE))
        assert used == self.themes()[0].keys() | {"mono"}
        assert len(re.findall(r"#[0-9a-f]{3,8}\b", self.STYLE)) == 2 * len(self.themes()[0])

    def test_the_two_colours_can_be_told_apart(self) -> None:
        for theme in self.themes():
            values = [theme[name] for name in ("accent", "trouble", "ink")]
            assert all(one != other for one, other in combinations(values, 2))


def contrast(one: str, other: str) -> float:
    """WCAG's contrast ratio of two colours written ``#rrggbb``."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    def linear(value: float) -> float:
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
