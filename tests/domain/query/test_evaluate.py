"""docs/query.md, sentence by sentence."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain.model import Salience
from service.domain.query import ArticleView, FactView, MentionView, Query, evaluate, matching_mentions, parse
from service.domain.query.syntax import And, AtLeast, Not, Or
from tests.domain.query import strategies as generated

ARTICLE = ArticleView(
    title="HPE to build supercomputer for Oracle",
    text=(
        "Hewlett Packard Enterprise (HPE) said on Monday it will build a machine. The machine is for Oracle.\n"
        "Der Vertrag in Zürich ist groß. HPE nannte 1.2 billion dollars, Oracle nicht. HPE株式会社は東京で発表した。"
    ),
    url="https://news.example.org/2026/HPE-oracle",
    source_title="The Example Times",
    source_url="https://feeds.example.org/all.xml",
    tags=("Chips", "AI"),
    language="en-GB",
    published_at=datetime(2026, 1, 15, 12, tzinfo=UTC),
    mentions=(
        MentionView("HPE", Salience.MAIN, 0.95),
        MentionView("Oracle", Salience.SECONDARY, 0.7),
        MentionView("xAI", Salience.PASSING, 0.4),
    ),
    facts=(
        FactView("contract", 1.2e9, "USD", "announced", ("HPE", "Oracle")),
        FactView("funding", 5e6, "EUR", "rumoured", ("xAI",)),
    ),
)
BARE = ArticleView("Clouds", "Nothing is named here.")


@pytest.mark.parametrize(
    "text",
    [
        "supercomputer", "SUPERCOMPUTER", "super*", "zurich", "ZÜRICH", "gross", "=HPE", "=Zürich", "=sup*",
        "東京", "京", "株式", '"hewlett packard"', '"packard enterprise hpe"', '="Packard Enterprise"',
        '"build a mach"*',
        "machine NEAR/2 build", "build ONEAR/2 machine", "(contract OR machine) NEAR/3 oracle", "hpe oracle",
        "SENTENCE(machine oracle)", "SENTENCE(hpe 1.2)", "SENTENCE(zürich NOT hpe)", "title:oracle", "lead:monday",
        "body:vertrag", "title:(hpe ONEAR/6 oracle)", "title:SENTENCE(hpe oracle)", "ATLEAST/2(zürich monday tuesday)",
        "TIMES/4(hpe)", "TIMES/7(hpe oracle)", "source:example.org", "source:feeds.example.org",
        'source:"the example times"', "source:the*", "source:https://feeds.example.org/all.xml", "tag:ai", "tag:chip*",
        "lang:en", "lang:en-gb",
        "lang:*", "url:/2026/", "url:news*hpe", "published>=2026-01-15", "published:2026-01-15",
        "published<=2026-01-15",
        "published:2026-01-01..2026-01-15", "published<2026-01-15T12:00:01Z", "kind:contract", "amount>=1bn",
        "currency:usd", "party:oracle", "status:announced",
    ],
)  # fmt: skip
def test_holds(text: str) -> None:
    assert evaluate(parse(text), ARTICLE)
    assert not evaluate(parse(f"NOT ({text})"), ARTICLE) or any(
        f in text for f in ("amount", "currency", "party", "status")
    )


@pytest.mark.parametrize(
    "text",
    [
        "computer", "=hpe", "=Hpe", "=Zurich", "=Sup*", "京東", '"packard hewlett"', "machine ONEAR/1 build",
        "build NEAR/1 machine", "supercomputer NEAR/50 monday", "hewlett NEAR/5 hewlett", "SENTENCE(machine zürich)",
        '"oracle hewlett"', "title:machine", "lead:発表", "TIMES/5(hpe)", "TIMES/8(hpe oracle)",
        "ATLEAST/3(zürich monday nil)",
        "source:example", "source:ample.org", "source:times", "tag:a", "lang:e", "lang:en-us", "url:hpe*news",
        "published>2026-01-15", "published<2026-01-15", "published<2026-01-15T12:00:00Z", "amount>=2bn", "kind:con",
    ],
)  # fmt: skip
def test_does_not_hold(text: str) -> None:
    assert not evaluate(parse(text), ARTICLE)
    assert matching_mentions(parse(text), ARTICLE) == ()


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        ("entity:*", "HPE Oracle xAI"),
        ("entity:hpe", "HPE"),
        ("entity:Apple", None),
        ("entity:o*", "Oracle"),
        ("supercomputer", "HPE Oracle xAI"),  # nothing is asked of mentions: all of them
        ("salience:main", "HPE"),
        ("confidence>=0.7", "HPE Oracle"),
        ("confidence>0.7 confidence<0.95", None),
        # one conjunction, one mention
        ("entity:HPE confidence>=0.9", "HPE"),
        ("entity:Oracle confidence>=0.9", None),
        ("salience:main confidence<0.9", None),
        ("entity:(Oracle OR xAI) confidence>=0.5", "Oracle"),
        ("(entity:Oracle OR salience:main) confidence>=0.5", "HPE Oracle"),
        # two entities are two mentions, and the qualities hold for both
        ("entity:HPE entity:Oracle", "HPE Oracle"),
        ("entity:HPE entity:Oracle confidence>=0.9", None),
        ("(entity:HPE confidence>=0.9) entity:Oracle", "HPE Oracle"),
        ("entity:HPE entity:Apple", None),
        ("ATLEAST/2(entity:HPE entity:xAI entity:Apple)", "HPE xAI"),
        # OR gathers what holds
        ("entity:HPE OR entity:Apple", "HPE"),
        ("entity:HPE OR supercomputer", "HPE Oracle xAI"),
        ("entity:HPE OR nothing", "HPE"),
        # NOT around an entity speaks of the article, around a quality of the mention
        ("entity:HPE NOT entity:Apple", "HPE"),
        ("entity:HPE NOT entity:xAI", None),
        ("entity:HPE NOT (entity:xAI confidence>=0.8)", "HPE"),
        ("entity:* NOT salience:passing", "HPE Oracle"),
        ("entity:xAI NOT salience:passing", None),
        ("supercomputer NOT salience:passing", "HPE Oracle"),
        ("NOT (salience:main OR salience:passing)", "Oracle"),
        ("NOT (salience:main confidence>=0.99)", "HPE Oracle xAI"),
        ("entity:HPE NOT machine", None),
    ],
)
def test_which_mentions(text: str, entities: str | None) -> None:
    query = parse(text)
    assert [m.entity for m in matching_mentions(query, ARTICLE)] == (entities or "").split()
    assert evaluate(query, ARTICLE) == (entities is not None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("kind:contract amount>=1bn currency:USD status:announced party:HPE", True),  # one fact has it all
        ("kind:funding amount>=1bn", False),
        ("amount>=1bn status:rumoured", False),
        ("kind:funding kind:contract", True),  # two kinds are two facts
        ("kind:contract NOT status:rumoured", True),
        ("kind:funding NOT status:rumoured", False),
        ("oracle NOT kind:contract", False),
        ("oracle NOT kind:merger", True),
        ("entity:HPE kind:contract confidence>=0.9 amount>=1bn", True),
        ("entity:HPE (kind:merger OR amount>=1bn)", True),
    ],
)
def test_facts(text: str, expected: bool) -> None:
    assert evaluate(parse(text), ARTICLE) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("clouds", True),
        ("entity:*", False),
        ("NOT entity:HPE", True),
        ("NOT salience:passing", True),  # nothing here has the quality
        ("confidence>=0", False),
        ("NOT confidence>=0.5 confidence>=0", False),
        ("NOT amount>=1", True),
        ("published>=2000-01-01", False),  # no time is known
        ("NOT published>=2000-01-01", True),
        ("lang:*", False),
        ("lead:named", True),
    ],
)
def test_an_article_of_which_little_is_known(text: str, expected: bool) -> None:
    assert evaluate(parse(text), BARE) is expected
    assert matching_mentions(parse(text), BARE) == ()


def test_the_lead_is_the_first_paragraph_of_forty_to_one_hundred_and_twenty_words() -> None:
    def numbers(first: int, last: int) -> str:
        return " ".join(f"w{n}" for n in range(first, last))

    short = ArticleView("t", f"\n{numbers(0, 10)}\n{numbers(10, 100)}")
    assert (len(short.lead_words.tokens), short.lead_words.tokens[-1].term) == (40, "w39")
    middle = ArticleView("t", f"{numbers(0, 70)}\n{numbers(70, 100)}")
    assert len(middle.lead_words.tokens) == 70
    long = ArticleView("t", numbers(0, 500))
    assert len(long.lead_words.tokens) == 120
    assert ArticleView("t", "").lead_words.tokens == ()


@settings(deadline=None)
@given(generated.articles, generated.queries, generated.queries)
def test_laws(article: ArticleView, a: Query, b: Query) -> None:
    def picked(query: Query) -> tuple[bool, tuple[MentionView, ...]]:
        return evaluate(query, article), matching_mentions(query, article)

    assert picked(And((a, b))) == picked(And((b, a)))
    assert picked(Or((a, b))) == picked(Or((b, a))) == picked(AtLeast(1, (a, b)))
    assert evaluate(Or((a, b)), article) == (evaluate(a, article) or evaluate(b, article))
    assert evaluate(AtLeast(2, (a, b)), article) == (evaluate(a, article) and evaluate(b, article))
    assert evaluate(a, article) or evaluate(Not(a), article)
    assert set(matching_mentions(a, article)) <= set(article.mentions)
    if evaluate(And((a, b)), article):
        assert evaluate(a, article)


def repeated(count: int) -> ArticleView:
    return ArticleView("", "oracle cloud oracle " * count)


@pytest.mark.parametrize(
    "text",
    [
        "oracle NEAR/1 missing",
        "(oracle OR cloud) ONEAR/1 (cloudy OR nil)",
        '"' + "oracle " * 59 + 'x"',
        "o* NEAR/2 p*",
        "TIMES/1000(oracle cloud) NOT oracle",
        "url:" + "a*" * 200 + "b",
    ],
)
def test_hostile_repetition_ends(text: str) -> None:
    """400 KB of two words: quadratic work would take hours."""
    assert not evaluate(parse(text), repeated(20_000))


@settings(deadline=None)
@given(st.integers(1, 40))
def test_near_counts_steps(gap: int) -> None:
    article = ArticleView("", "left " + "x " * (gap - 1) + "right")
    assert evaluate(parse(f"left NEAR/{gap} right"), article)
    assert evaluate(parse(f"right NEAR/{gap} left"), article)
    assert not evaluate(parse(f"right ONEAR/{gap} left"), article)
    assert gap == 1 or not evaluate(parse(f"left NEAR/{gap - 1} right"), article)


BOTH = ArticleView(
    "HPE and xAI meet",
    "Oracle watched. HPE sued xAI over chips, said Oracle. Nobody else was there.",
    mentions=(
        MentionView("HPE", Salience.MAIN, 0.9, (("title", 0, 3), ("text", 16, 19))),
        MentionView("xAI", Salience.MAIN, 0.8, (("title", 8, 11), ("text", 25, 28))),
        MentionView("Oracle", Salience.PASSING, 0.5, (("text", 0, 6), ("text", 46, 52))),
    ),
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SENTENCE(entity:HPE entity:xAI)", ["HPE", "xAI"]),
        ("SENTENCE(entity:HPE entity:xAI NOT entity:Oracle)", ["HPE", "xAI"]),  # the title
        ("SENTENCE(sued entity:HPE NOT entity:Oracle)", None),
        ("SENTENCE(watched entity:*)", ["Oracle"]),
        ("SENTENCE(watched entity:HPE)", None),
        ("SENTENCE(nobody entity:*)", None),
        ("SENTENCE(entity:HPE entity:Oracle) confidence>=0.8", None),  # each with the quality
        ("SENTENCE(entity:HPE entity:xAI) confidence>=0.8", ["HPE", "xAI"]),
        ("SENTENCE(sued ATLEAST/2(entity:HPE entity:Oracle entity:Nobody))", ["HPE", "Oracle"]),
        ("SENTENCE(nobody) entity:xAI", ["xAI"]),
        ("entity:* NEAR/2 sued", ["HPE", "xAI"]),
        ("entity:* ONEAR/2 sued", ["HPE"]),
        ("sued ONEAR/1 entity:HPE", None),
        ("entity:HPE NEAR/2 entity:xAI", ["HPE", "xAI"]),
        ("title:(entity:Oracle)", None),
        ("title:(entity:*)", ["HPE", "xAI"]),
        ("lead:(entity:Oracle)", ["Oracle"]),
        ("SENTENCE(sued) entity:Oracle", ["Oracle"]),
        ("NOT SENTENCE(entity:HPE entity:Oracle)", None),
        ("entity:xAI NOT SENTENCE(entity:xAI watched)", ["xAI"]),
    ],
)
def test_who_is_named_in_one_sentence(text: str, expected: list[str] | None) -> None:
    query = parse(text)
    assert evaluate(query, BOTH) == (expected is not None)
    assert [mention.entity for mention in matching_mentions(query, BOTH)] == (expected or [])
