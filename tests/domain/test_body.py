"""Which text is the article, and why: docs/reading.md says the rule in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.types import ArticleText
from service.domain.body import Body, choose_body, choose_title, speaks_of
from service.domain.recurrence import Memory, learn, sight

TITLE = "HPE wins a contract for servers"
SENTENCES = [
    f"Paragraph {n} says that HPE has won a contract for {n} thousand servers, which the buyer confirmed on day {n}."
    for n in range(1, 13)
]
WHOLE = "\n".join(SENTENCES)
HALF = "\n".join(SENTENCES[:6])
CONSENT = "We and our partners store information on your device.\nYou may change your mind at any time in the settings."


def choose(
    text: str = "",
    feed: str = "",
    stated: str = "",
    *,
    free: bool | None = None,
    asks: bool = False,
    title: str = TITLE,
    memory: Memory | None = None,
) -> Body:
    article = ArticleText(title="", text=text, stated_text=stated, free=free, only_asks=asks)
    return choose_body(article, feed, title=title, memory=memory)


@pytest.mark.parametrize(
    ("text", "feed", "stated", "chosen", "origin"),
    [
        # the page, when nothing says otherwise
        (WHOLE, "", "", WHOLE, "page"),
        (WHOLE, "A summary.", "", WHOLE, "page"),
        (HALF, "", SENTENCES[0][:60], HALF, "page"),
        # a stub: the feed has more than twice as much
        (SENTENCES[0], WHOLE, "", WHOLE, "feed"),
        ("A stub in words of its own, which the feed lacks.", WHOLE, "", WHOLE, "feed"),
        # the feed has all of it and a fifth more
        (HALF, "\n".join(SENTENCES[:8]), "", "\n".join(SENTENCES[:8]), "feed"),
        # as much more, but of something else
        (HALF, "Other words stand in this long text of the feed, none of them known. " * 12, "", HALF, "page"),
        # only scripts would have drawn the text
        ("", "A summary.", WHOLE, WHOLE, "linked-data"),
        (SENTENCES[0], "", WHOLE, WHOLE, "linked-data"),
        # stated, but of another article
        (HALF, "", "Another piece tells of bread, and of flour, and of the mill. " * 25, HALF, "page"),
        # cut off: no measure for what the page shows
        (WHOLE, "", WHOLE[: len(WHOLE) * 2 // 3] + "...", WHOLE, "page"),
        (WHOLE, "", "\n".join(SENTENCES[:2]), WHOLE, "page"),
        # the feed has more than what the page states
        ("", WHOLE, "\n".join(SENTENCES[:5]), WHOLE, "feed"),
    ],
)  # fmt: skip
def test_the_fullest_text_that_is_the_articles(text: str, feed: str, stated: str, chosen: str, origin: str) -> None:
    body = choose(text, feed, stated)
    assert (body.text, body.origin) == (chosen, origin)
    assert (body.note is None) == (origin == "page")


def test_lines_around_a_stated_body_are_left_out() -> None:
    around = (
        f"By Jane Doe\nAn introduction that the page does not state.\n{WHOLE}\nOracle opens a campus\nDell recalls."
    )
    body = choose(around, "", WHOLE)
    assert body.text == f"An introduction that the page does not state.\n{WHOLE}"
    assert body.note == "without the lines around the body that the page's own data (JSON-LD) states"


def test_a_last_line_of_few_words_is_not_left_out() -> None:
    text = f"{WHOLE}\nNo word yet."
    assert choose(f"{text}\nOracle opens a campus", "", text).text == text


def test_an_article_longer_than_what_is_compared_stays_whole() -> None:
    text = "\n".join(" ".join(f"word{n}a{k}" for k in range(20)) + "." for n in range(300))
    assert choose(text, "", text).text == text


def test_a_table_within_a_stated_body_stays() -> None:
    table = "| Supermicro | 40 |\n| HPE | 26 |"
    text = f"{HALF}\n{table}\n{WHOLE.removeprefix(HALF).strip()}"
    assert choose(text, "", WHOLE).text == text


@pytest.mark.parametrize(
    ("text", "feed", "origin", "note"),
    [
        (SENTENCES[0], "\n".join(SENTENCES[:2]), "feed",
         "the page says that it is not free to read, and its feed has more of the article"),
        (HALF, SENTENCES[0], "page", "the page says that it is not free to read: this may be a part of it"),
    ],
)  # fmt: skip
def test_a_page_behind_a_pay_wall(text: str, feed: str, origin: str, note: str) -> None:
    body = choose(text, feed, free=False)
    assert (body.origin, body.note) == (origin, note)


def seen(*pages: tuple[str, str]) -> Memory:
    """The memory of a host after pages of (title, text)."""
    memory = Memory()
    for number, (title, text) in enumerate(pages):
        memory = learn(memory, sight("news.example", title, [text]), number)
    return memory


class TestNoArticle:
    def test_a_dialog(self) -> None:
        body = choose(CONSENT, "HPE said so.", asks=True)
        assert (body.text, body.origin) == ("HPE said so.", "feed")
        assert body.note == "the page is a dialog or form that asks the visitor for something"

    def test_a_dialog_over_an_article(self) -> None:
        assert choose(WHOLE, "HPE said so.", asks=True).origin == "page"

    def test_a_dialog_over_an_article_that_only_the_data_state(self) -> None:
        assert choose(CONSENT, "HPE said so.", WHOLE, asks=True).origin == "linked-data"

    def test_never_becomes_a_body_even_when_the_feed_has_none(self) -> None:
        assert choose(CONSENT, "", asks=True).text == ""

    def test_the_same_text_at_another_address(self) -> None:
        body = choose(CONSENT, "HPE said so.", memory=seen(("Oracle opens a campus", CONSENT)))
        assert body.note == "the page shows the same text as other addresses of its site"
        assert body.text == "HPE said so."

    def test_a_republished_article_is_one(self) -> None:
        """The same text under another headline, but it speaks of what the feed announces."""
        assert choose(HALF, "HPE said so.", memory=seen(("Contract for HPE", HALF))).origin == "page"

    def test_a_page_of_nothing_but_recurring_lines(self) -> None:
        lines = "Subscribe to the Courier\nAll sections\nYour account"
        memory = seen(*((f"Title {n}", f"{lines}\nVisit number {n} of today") for n in range(4)))
        body = choose(f"{lines}\nVisit 9", "HPE said so.", memory=memory)
        assert body.note == "the page shows only lines that recur on this host's pages"


@pytest.mark.parametrize(
    ("title", "text", "spoken"),
    [
        (TITLE, WHOLE, True),
        (TITLE, CONSENT, False),
        ("", CONSENT, True),
        (
            "オラクル、湾岸に計算拠点",
            "米オラクルは、湾岸の倉庫街にある旧冷凍倉庫を計算拠点に改装すると発表した。",
            True,
        ),
        ("オラクル、湾岸に計算拠点", "お客様の端末に情報を保存し、関心に合った広告を表示するために利用します。", False),
    ],
)
def test_a_text_speaks_of_its_title(title: str, text: str, spoken: bool) -> None:
    assert speaks_of(title, text) == spoken


@pytest.mark.parametrize(
    ("feed", "page", "site", "title"),
    [
        ("HPE wins", "HPE wins a deal", None, "HPE wins"),
        ("", "HPE wins a deal", None, "HPE wins a deal"),
        ("HPE wins a d...", "HPE wins a deal", None, "HPE wins a deal"),
        ("HPE wins a d…", "Quite another title", None, "HPE wins a d…"),
        ("HPE wins a deal - Example News", "HPE wins a deal", "Example News", "HPE wins a deal"),
        ("HPE wins a deal - for now", "HPE wins a deal", "Example News", "HPE wins a deal - for now"),
        ("HPE wins", "", None, "HPE wins"),
    ],
)
def test_titles(feed: str, page: str, site: str | None, title: str) -> None:
    assert choose_title(feed, ArticleText(page, "text", site_name=site)) == title


LINES = st.lists(st.sampled_from([*SENTENCES, *CONSENT.split("\n"), "Menu", "a", "…", "日本"]), max_size=8).map(
    "\n".join
)


@given(LINES, LINES, LINES, st.none() | st.booleans(), st.booleans(), st.sampled_from([TITLE, "", "Bread and flour"]))
def test_what_is_chosen_was_given_and_is_never_less_than_nothing(
    text: str, feed: str, stated: str, free: bool | None, asks: bool, title: str
) -> None:
    body = choose(text, feed, stated, free=free, asks=asks, title=title)
    given_lines = {line for whole in (text, feed, stated) for line in whole.split("\n")}
    assert set(body.text.split("\n")) <= given_lines
    assert body.origin in ("page", "linked-data", "feed")
    if text and not asks:
        assert body.text, "an article that was read is not lost"
    if body.origin != "page":
        assert body.note
