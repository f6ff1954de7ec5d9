# ruff: noqa: E501 - running text
"""Which articles tell the same story, without a database."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain.stories import Signature, StoriesInMemory, posted_hashes, sign
from tests.stories.generator import corpus
from tests.stories.scores import b_cubed, pairwise

LEAD = "HPE has won an order for servers worth more than $1 billion from X, people familiar with the matter said on Monday."
MORE = (
    " The servers are meant for artificial intelligence and are to be delivered by March 2027. Dell and Supermicro had bid, "
    "too, but their prices were 4.5 percent higher. Shares of HPE rose 6 percent in New York. A spokesman for X, Paul Jensen, "
    "declined to comment, and HPE did not answer questions sent on Sunday. The order is the largest since 2019 for the "
    "division in Houston, which employs 2,300 people and had lost $45 million in the last quarter."
)
NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)


def stories(*articles: tuple[str, str], days: tuple[float, ...] = ()) -> list[int]:
    """The story of each article, when they arrive in this order."""
    index = StoriesInMemory()
    for number, (title, text) in enumerate(articles):
        index.add(title, text, NOW + timedelta(days=days[number]) if days else None)
    return index.stories()


@pytest.mark.parametrize(("mix", "precision", "recall"), [("wires", 0.98, 0.95), ("no wires", 0.97, 0.93)])
@pytest.mark.parametrize("shuffled", [False, True])
def test_generated_stories_are_told_apart(mix: str, precision: float, recall: float, *, shuffled: bool) -> None:
    """Smaller bounds than those of `make bench`, on one seed."""
    items = corpus(mix, 7)
    if shuffled:
        random.Random(7).shuffle(items)
    found, told = stories(*((item.title, item.text) for item in items)), [item.story for item in items]
    score, of_items = pairwise(found, told), b_cubed(found, told)
    assert score.precision >= precision
    assert score.recall >= recall
    assert min(of_items.precision, of_items.recall) >= 0.97


def test_versions_in_other_words_are_found_in_any_order() -> None:
    """A follow-up keeps the names and two figures, and is another story."""
    items = corpus("retold", 7)
    for order in range(4):
        random.Random(order).shuffle(items)
        score = b_cubed(stories(*((item.title, item.text) for item in items)), [item.story for item in items])
        assert score.precision >= 0.99
        assert score.recall >= 0.78


def test_a_third_version_joins_two_that_share_most_facts() -> None:
    names = ("Aldorix", "Belmont", "Cardova", "Delmar", "Ekhart")
    figures = ("12.5", "340", "7.75", "1,950", "88.2")
    one = f"In {names[0]} the {names[1]} board sold {figures[0]} percent, {figures[1]} lorries and {figures[2]} barges to {names[2]} and {names[3]}."
    two = f"Buyers at {names[1]} and {names[2]} took {figures[1]} vehicles, {figures[2]} boats and {figures[3]} crates; so did {names[3]} and {names[4]}."
    both = f"As {names[0]}, {names[1]}, {names[2]}, {names[3]}, {names[4]} agreed, {figures[0]} of it, {figures[1]} trucks, {figures[2]} ships, {figures[3]} boxes."
    first, second = ("Sale of a fleet", one), ("Vehicles change hands", two)
    for early in ((first, second), (second, first)):
        assert stories(*early) == [0, 1]
        assert stories(*early, ("Five sign", both)) == [0, 0, 0]


def test_the_same_seed_makes_the_same_corpus() -> None:
    assert corpus("nasty", 3) == corpus("nasty", 3) != corpus("nasty", 4)


@pytest.mark.parametrize(
    ("title", "text"),
    [
        # word for word, under another headline
        ("Billion-dollar server deal goes to Houston", LEAD + MORE),
        # trimmed at the end
        ("HPE wins X order", LEAD + MORE[:330]),
        # another outlet's notices around it
        ("HPE wins X order", "By Ann Lee, The Daily.\n" + LEAD + MORE + "\nSign up for our newsletter. Read more."),
        # its beginning only, as a feed shows it
        ("HPE wins X order", LEAD),
        # no text at all, but the whole title
        ("HPE wins $1 billion server order from X", ""),
    ],
)
def test_versions_of_one_article_are_one_story(title: str, text: str) -> None:
    whole = ("HPE wins $1 billion server order from X", LEAD + MORE)
    assert stories(whole, (title, text)) == [0, 0]
    assert stories((title, text), whole) == [0, 0]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # the same headline over two pieces of news
        (("Oracle shares fall", LEAD), ("Oracle shares fall", "A court in Bonn fined Oracle 30 million euros over patents.")),
        # a consent notice under two headlines
        (("HPE wins", "We value your privacy and use cookies to make this site better for you and our partners."),
         ("X sues", "We value your privacy and use cookies to make this site better for you and our partners.")),
        # too little to tell
        (("Morning briefing", "More soon."), ("Morning briefing", "More soon.")),
        (("Live", ""), ("Live", "")),
        # nothing at all
        (("", ""), ("", "")),
    ],
)  # fmt: skip
def test_what_only_looks_alike_is_two_stories(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert stories(one, other) == [0, 1]


def test_a_template_with_other_figures_is_another_story() -> None:
    note = "Shares of {} closed {} percent higher at ${} on Monday. Volume was {} million shares, against {} million on average. The stock has a beta of {} and a yield of {} percent, and the company is worth ${} billion."
    first = note.format("Oracle", "1.2", "98.10", "4.1", "3.9", "1.1", "1.4", "310")
    second = note.format("Dell", "0.7", "45.32", "2.8", "2.2", "0.9", "2.6", "77")
    assert stories(("Oracle closes higher", first), ("Dell closes higher", second)) == [0, 1]


def test_one_title_days_apart_is_two_stories() -> None:
    title = ("Oracle shares fall after earnings report", "")
    assert stories(title, title, days=(0, 0.5)) == [0, 0]
    assert stories(title, title, days=(0, 9)) == [0, 1]


def test_an_article_that_fits_two_stories_makes_them_one() -> None:
    """Two halves have nothing in common until the whole arrives."""
    words = [f"{word} {number}" for number, word in enumerate(MORE.split() * 2, 100)]
    half = len(words) // 2
    first, second, whole = " ".join(words[: half + 9]), " ".join(words[half - 9 :]), " ".join(words)
    assert stories(("HPE wins order", first), ("HPE wins order", second)) == [0, 1]
    assert stories(("HPE wins order", first), ("HPE wins order", second), ("HPE wins order", whole)) == [0, 0, 0]


def test_every_decision_has_a_reason() -> None:
    index = StoriesInMemory()
    assert index.add("One", LEAD + MORE).reason == "nothing like it was found"
    assert index.add("Two", LEAD + MORE).reason == "a copy: 100% of its words"


@given(st.text(max_size=60), st.text(max_size=400))
@settings(max_examples=200)
def test_any_text_has_a_signature_that_can_be_stored(title: str, text: str) -> None:
    signature = sign(title, text)
    assert Signature.unpack(signature.pack()) == signature
    hashes = posted_hashes(signature)
    assert len(hashes) == len(set(hashes)) <= 24 + 10 + 1 + 9
    assert all(0 <= h < 2**52 for h in hashes)


@pytest.mark.parametrize("data", [b"", b"\x00\x00\x00\x00", b"\x01\x00\x00", b"\x02\x00\x00\x00", b"\x01\x01\x00\x00"])
def test_other_bytes_are_no_signature(data: bytes) -> None:
    with pytest.raises(ValueError, match="no signature"):
        Signature.unpack(data)


@given(st.lists(st.sampled_from([LEAD, MORE, LEAD + MORE, "", "HPE", "1 2 3 4 5 6 7"]), max_size=8))
def test_any_order_puts_equal_articles_together(texts: list[str]) -> None:
    """What is told twice word for word, at some length, is one story wherever it stands in the order."""
    found = stories(*(("HPE wins order from X", text) for text in texts))
    for text in (LEAD + MORE, MORE):
        assert len({story for story, other in zip(found, texts, strict=True) if other == text}) <= 1
