"""Subject, plain text and HTML of an alert, read back as a mail client would read them."""

import json
import re
import unicodedata
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.notify.formats import READY_FORMATS, ready_body
from service.notify.message import MAX_SUBJECT, amount_of, highlighted, page, parties_of, subject
from service.notify.parts import html_part, text_part
from tests.notify.samples import HOSTILE_LINKS, HOSTILE_TEXTS, alert, alerts, infested, mention, outgoing, texts

ALLOWED_TAGS = frozenset(
    "html head meta title style body table tbody tr td th h1 h2 h3 p a span mark ul li div img".split()  # noqa: SIM905
)


class Reader(HTMLParser):
    """Collects what a client would act on."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.marked: list[str] = []
        self.words = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.words += data
        if self.tags and self.tags[-1] == "mark" and data.strip():
            self.marked.append(data)
            self.tags.append("/mark")

    @property
    def links(self) -> list[str]:
        return [value for name, value in self.attributes if name == "href"]


def read(content: dict[str, Any]) -> Reader:
    return Reader(html_part(page(content)))


def assert_harmless(reader: Reader) -> None:
    assert set(reader.tags) - {"/mark"} <= ALLOWED_TAGS
    assert {name for name, _ in reader.attributes} <= {
        "lang", "charset", "name", "content", "class", "style", "role", "cellpadding", "cellspacing", "border",
        "align", "href", "rel", "colspan", "src", "width", "height", "alt",
    }  # fmt: skip
    assert all(value.startswith("cid:chart.") for name, value in reader.attributes if name == "src")
    assert all(re.match(r"https?://[^/]", url) for url in reader.links)
    assert not any("url(" in value for name, value in reader.attributes if name == "style")


def test_the_subject_names_who_and_what() -> None:
    assert subject(alert()) == "HPE, xAI: HPE wins a server deal"
    assert subject(alert(entities=["A", "B", "C", "D", "E"], title="t")) == "A, B, C +2: t"
    assert subject(alert(kind="summary", title="12 mentions in Example Wire")) == "12 mentions in Example Wire"


def test_an_alert_without_a_title_still_has_a_subject() -> None:
    assert subject(alert(kind="notice", title="\x00 \n")) == "(no title)"


def test_the_text_part_tells_everything() -> None:
    text = text_part(page(alert(mention_count=7)))
    for expected in (
        "HPE wins a server deal\nHPE, xAI\nhttps://news.example/hpe\n",
        "Why you get this: HPE and xAI are named in one article of Example Wire.",
        "Story: A server deal",
        "- Deal, won: more than 1 billion USD, HPE, X",
        "6 more are not shown here.",
        "Example Wire, 2026-11-22 00:59 UTC\n",
        "https://news.example/hpe?utm=1&b=2",
        "  - HPE: main, the strong alias HPE stands in the title",
        "Alert alt_1f, made 2026-11-22 01:02 UTC by the rule server deals.",
    ):
        assert expected in text


@pytest.mark.parametrize(
    ("fact", "words"),
    [
        ({"amount": 1_000_000_000, "currency": "USD", "bound": "min"}, "more than 1 billion USD"),
        ({"amount": 2e11, "currency": "USD", "bound": "max"}, "up to 200 billion USD"),
        ({"amount": 75_500_000, "currency": "EUR", "bound": "exact", "upper": None}, "75.5 million EUR"),
        ({"amount": 1e9, "upper": 1.5e9, "currency": "USD", "bound": "range"}, "1 billion to 1.5 billion USD"),
        ({"amount": None, "currency": None, "bound": None}, ""),
        # from another program
        ({"amount": "a lot", "bound": "roughly"}, "roughly a lot"),
    ],
)
def test_amounts_in_words(fact: dict[str, object], words: str) -> None:
    assert amount_of(fact) == words


def test_a_party_says_its_part() -> None:
    fact = {"parties": ["HPE", "X"], "roles": [{"party": "HPE", "role": "supplier"}, "odd"]}
    assert parties_of(fact) == ["HPE (supplier)", "X"]


def test_the_html_part_tells_everything() -> None:
    reader = read(alert(mention_count=7))
    assert_harmless(reader)
    for expected in ("more than 1 billion USD", "The deal is worth more than $1 billion.", "Story: A server deal"):
        assert expected in reader.words
    assert "6 more are not shown here." in reader.words
    assert "https://news.example/hpe?utm=1&b=2" in reader.links


def test_names_are_marked_in_the_snippet_as_whole_words() -> None:
    assert read(alert()).marked == ["HPE", "xAI"]


def test_a_name_in_other_words_is_marked_when_the_mention_says_so() -> None:
    found = mention(snippet="Hewlett Packard Enterprise won.", names=["Hewlett Packard Enterprise"])
    assert read(alert(mentions=[found])).marked == ["Hewlett Packard Enterprise"]


def test_styles_are_inlined_and_dark_mode_stays() -> None:
    html = html_part(page(alert()))
    assert re.search(r'<h1 style="[^"]*font-size', html)
    assert "@media (prefers-color-scheme: dark)" in html
    assert '<meta name="color-scheme" content="light dark">' in html


def test_without_facts_and_mentions_nothing_stays_empty() -> None:
    reader = read(alert(kind="notice", facts=[], mentions=[], mention_count=0, story=None, entities=[]))
    assert "Facts" not in reader.words
    assert "Mentions" not in reader.words
    assert "Story" not in reader.words


@pytest.mark.parametrize("text", HOSTILE_TEXTS)
def test_hostile_text_stays_text(text: str) -> None:
    content = infested(text, "https://news.example/")
    reader = read(content)
    assert_harmless(reader)
    assert "49" not in subject(content)
    if "{{" in text:
        assert "{{ 7*7 }}" in reader.words
    if "<script>" in text:
        assert "<script>alert(1)</script>" in reader.words


@pytest.mark.parametrize("url", HOSTILE_LINKS)
def test_only_web_links_become_links(url: str) -> None:
    content = infested("words", url)
    assert read(content).links == []
    assert "script:" not in text_part(page(content))
    assert "evil" not in text_part(page(content))


@settings(max_examples=150, deadline=None)
@given(content=alerts())
def test_any_alert_renders_harmless(content: dict[str, Any]) -> None:
    line = subject(content)
    assert 0 < len(line) <= MAX_SUBJECT
    for char in line:
        assert unicodedata.category(char) not in {"Cc", "Cs", "Zl", "Zp"}
    assert_harmless(read(content))
    for part in text_part(page(content)).split("\n"):
        assert not any(unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"} for char in part)


@given(text=texts, names=st.lists(texts, max_size=4))
def test_highlighting_keeps_the_text(text: str, names: list[str]) -> None:
    pieces = highlighted(text, names)
    assert "".join(piece for piece, _ in pieces) == text
    wanted = {name.casefold() for name in names}
    assert all(piece.casefold() in wanted for piece, marked in pieces if marked and piece.isascii())


@pytest.mark.parametrize("name", sorted(READY_FORMATS))
def test_a_ready_format_carries_title_link_and_proof(name: str) -> None:
    text = ready_body(outgoing(alert(mention_count=9)), name).decode()
    body = json.loads(text)
    assert isinstance(body, dict)
    assert "HPE wins a server deal" in text
    assert "https://news.example/hpe" in text
    assert "Servers from HPE go to xAI" in text
    assert "8 more mentions" in text


@settings(max_examples=60, deadline=None)
@given(content=alerts(), name=st.sampled_from(sorted(READY_FORMATS)))
def test_a_ready_format_is_small_and_the_same_each_time(content: dict[str, Any], name: str) -> None:
    body = ready_body(outgoing(content), name)
    assert len(body) < 20_000
    assert body == ready_body(outgoing(dict(reversed(content.items()))), name)


@pytest.mark.parametrize(
    ("name", "absent"),
    [
        # Slack would call everybody, or make the angle brackets a link
        ("slack", ["<!channel>"]),
        # Markdown links and images
        ("discord", ["[x](", "![y]("]),
        ("mattermost", ["[x](", "![y](", "@channel", "@everyone"]),
    ],
)
def test_a_ready_format_calls_nobody_and_sets_no_links(name: str, absent: list[str]) -> None:
    text = "<!channel> @everyone @channel [x](https://evil.example) ![y](https://evil.example/y.png)"
    content = infested(text, "https://news.example/") | {"rule": "written by the owner"}
    body = ready_body(outgoing(content), name).decode()
    assert "evil" in body
    for found in absent:
        assert found not in body
    if name == "discord":
        assert json.loads(body)["allowed_mentions"] == {"parse": []}


def test_a_title_that_stands_at_the_top_is_not_repeated() -> None:
    top = {"title": "HPE wins a server deal", "url": "https://news.example/hpe"}
    named = [mention(**top, entity=entity, evidence=[], snippet="") for entity in ("HPE", "Dell")]
    shown = page(alert(**top, mentions=named, story={"id": 1, **top}))
    assert text_part(shown).count(top["title"]) == 1
    assert html_part(shown).count(top["title"]) == 2, "in the head and as the heading"
    assert text_part(shown).startswith(f"{top['title']}\nHPE, xAI | Example Wire, 2026-11-22 00:59 UTC\n")
    assert all(f">{entity}</span>: main</li>" in html_part(shown) for entity in ("HPE", "Dell"))


def test_a_passage_that_names_several_stands_once() -> None:
    """With why for each, and dots where it was cut out of a sentence."""
    top = {"title": "HPE wins a server deal", "url": "https://news.example/hpe", "snippet": "of HPE and xAI, who said"}
    shown = page(alert(mentions=[mention(**top, entity=entity) for entity in ("HPE", "xAI")]))
    for part in (
        text_part(shown),
        read(alert(mentions=[mention(**top, entity=entity) for entity in ("HPE", "xAI")])).words,
    ):
        assert part.count("… of HPE and xAI, who said …") == 1
        assert part.count("the strong alias HPE stands in the title") == 2


def test_the_subject_leaves_out_who_is_named_in_passing_and_says_what_is_told_again() -> None:
    named = [mention(), mention(entity="xAI", salience="passing")]
    assert subject(alert(mentions=named)) == "HPE: HPE wins a server deal"
    again = alert(
        mentions=named, how={"again": 1}, reason="Rule “r” met: HPE named. Told again: new fact: contract won."
    )
    assert subject(again) == "Update: HPE: HPE wins a server deal"
    assert page(again).lead == "Told again: new fact: contract won."


def test_of_many_articles_the_same_fact_stands_once() -> None:
    fact = alert()["facts"][0]
    other = {**fact, "sentence": "In other words.", "parties": ["X", "HPE"]}
    group = {"name": "HPE", "mentions": 2, "stories": [{"id": 1, "title": "First news", "url": "https://a.example/"}]}
    content = alert(
        kind="digest", title="Digest “r”", facts=[fact, other], digest={"groups": [group], "group_count": 1}
    )
    assert subject(content) == "First news – Digest “r”"
    assert text_part(page(content)).count("Deal, won") == 1
    assert "The deal is worth" in text_part(page(content))


def test_how_to_stop_stands_in_mails_alone() -> None:
    link = "https://vane.example/unsubscribe/x"
    assert f"To stop these mails:\n{link}\n" in text_part(page(alert(), leave=link))
    assert f'href="{link}"' in html_part(page(alert(), leave=link))
    assert "ask whoever runs this newsvane" in text_part(page(alert(), leave=""))
    assert "To stop" not in text_part(page(alert()))
