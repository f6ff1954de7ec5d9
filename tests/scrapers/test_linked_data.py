"""What a page states of its article in JSON-LD, and what it may not make us believe."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.linked_data import LinkedArticle, read_linked_data

URL = "https://news.example/2026/hpe-wins"
TITLE = "HPE wins a deal"
BODY = "HPE has won a contract for servers.\nThe machines are to be delivered before the summer."


def article(**facts: Any) -> dict[str, Any]:
    return {"@context": "https://schema.org", "@type": "NewsArticle", "headline": TITLE, **facts}


def read(*data: Any, max_text: int = 10_000) -> LinkedArticle | None:
    scripts = [one if isinstance(one, str) else json.dumps(one) for one in data]
    return read_linked_data(
        scripts, addresses=(URL, None), titles=(TITLE, None), base="https://news.example/", max_text=max_text
    )


def known(*data: Any, max_text: int = 10_000) -> LinkedArticle:
    found = read(*data, max_text=max_text)
    assert found is not None
    return found


def test_every_fact_of_an_article() -> None:
    found = known(
        article(
            articleBody=BODY,
            author=[{"@type": "Person", "name": "Jane Doe"}, {"name": "John Roe", "url": "https://x.example"}],
            datePublished="2026-05-04T08:00:00+02:00",
            dateModified="2026-05-04T09:30:00Z",
            inLanguage="de-DE",
            image={"@type": "ImageObject", "url": "/lead.jpg"},
            isAccessibleForFree=True,
        )
    )
    assert found == LinkedArticle(
        body=BODY,
        headline=TITLE,
        author="Jane Doe, John Roe",
        published_at=datetime(2026, 5, 4, 6, tzinfo=UTC),
        modified_at=datetime(2026, 5, 4, 9, 30, tzinfo=UTC),
        language="de",
        image_url="https://news.example/lead.jpg",
        free=True,
    )


@pytest.mark.parametrize(
    "data",
    [
        {"@graph": [{"@type": "WebSite"}, article(articleBody=BODY)]},
        [[article(articleBody=BODY)]],
        {"@type": "WebPage", "mainEntity": article(articleBody=BODY)},
        article(**{"@type": ["Thing", "https://schema.org/NewsArticle"]}, articleBody=BODY),
        # in a comment, as old pages hide scripts; with a raw line break in a string
        f"<!-- {json.dumps(article(articleBody=BODY))} -->",
        f"//<![CDATA[\n{json.dumps(article(articleBody=BODY))};\n//]]>",
        json.dumps(article(articleBody=BODY)).replace("\\n", "\n"),
        article(articleBody=BODY.split("\n")),
    ],
)
def test_wherever_the_article_stands_it_is_found(data: Any) -> None:
    assert known(data).body == BODY


@pytest.mark.parametrize(
    "stated",
    [
        "<p>HPE has won a contract for servers.</p><p>The machines are to be delivered before the summer.</p>",
        "&lt;p&gt;HPE has won a contract for servers.&lt;/p&gt;&lt;p&gt;The machines are to be delivered before the "
        "summer.&lt;/p&gt;",
        "HPE has won a contract for servers.<br>The machines are to be delivered before the summer.",
        "HPE has won a contract&#32;for servers.\u200b\n\n\n The machines are to be delivered before the summer.\u202e",
    ],
)
def test_a_body_written_as_markup_comes_out_as_text(stated: str) -> None:
    assert known(article(articleBody=stated)).body == BODY


def test_comparisons_in_a_plain_body_are_no_markup() -> None:
    assert known(article(articleBody="Latency < 5 ms and load > 3.")).body == "Latency < 5 ms and load > 3."


def other(title: str) -> dict[str, Any]:
    return {"@type": "NewsArticle", "headline": title, "url": f"/{title}", "articleBody": f"{title} body."}


@pytest.mark.parametrize(
    ("data", "body"),
    [
        # lists, parts and comments hold other articles
        ([article(articleBody=BODY), {"@type": "ItemList", "itemListElement": [other("a")]}], BODY),
        ([{"@type": "ItemList", "itemListElement": [other("a")]}], None),
        # the one that names this page's address or title is meant
        ([other("a"), {**other("b"), "mainEntityOfPage": {"@id": f"{URL}/"}}], "b body."),
        ([other("a"), article(articleBody=BODY)], BODY),
        # several, none of them this page's: none
        ([other("a"), other("b")], None),
        ([other("a")], "a body."),
    ],
)
def test_other_articles_are_not_taken_for_the_pages_own(data: list[Any], body: str | None) -> None:
    found = read(*data)
    assert (found and found.body) == body


@pytest.mark.parametrize(
    ("facts", "free"),
    [
        ({}, None),
        ({"isAccessibleForFree": "False"}, False),
        ({"isAccessibleForFree": "https://schema.org/True"}, True),
        ({"isAccessibleForFree": True, "hasPart": {"isAccessibleForFree": "False", "cssSelector": ".paid"}}, False),
        ({"hasPart": [{"isAccessibleForFree": False, "cssSelector": ".paid"}]}, False),
        # a part without a place on the page says nothing of the page
        ({"isAccessibleForFree": True, "hasPart": {"isAccessibleForFree": False}}, True),
        ({"isAccessibleForFree": "maybe"}, None),
    ],
)
def test_free_access(facts: dict[str, Any], free: bool | None) -> None:
    assert known(article(**facts)).free is free


@pytest.mark.parametrize(
    "script",
    [
        "",
        "{",
        "[" * 100_000,
        '{"a":' * 5000 + "1" + "}" * 5000,
        json.dumps(article(articleBody="x" * 2_000_000)),  # longer than is looked at
        # marks of comments, and white space that a careless pattern would read again and again
        "-->" + " " * 900_000 + "x",
        "/" * 450_000 + " " * 450_000 + "x",
        "9" * 5000,  # more digits than Python converts
        '{"@type": {"a": 1}}',
        json.dumps({"@graph": [{"@type": "Thing"}] * 5000 + [article()]}),
    ],
)
def test_hostile_json_says_nothing(script: str) -> None:
    assert read(script) is None


def test_hostile_values_are_left_out() -> None:
    found = known(
        article(
            author={"name": [[[{"name": 1}]]]},
            datePublished="9999-99-99",
            dateModified=17,
            inLanguage={"x": 1},
            image=["javascript:alert(1)", {"url": "https://u:p@x.example/a"}],
            articleBody={"@value": "no"},
        )
    )
    assert found == LinkedArticle(headline=TITLE)


def test_the_body_is_capped() -> None:
    assert len(known(article(articleBody="word " * 1000), max_text=100).body) <= 100


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.just("NewsArticle") | st.just(TITLE),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(
        st.sampled_from(
            ["@type", "@graph", "headline", "articleBody", "author", "image", "hasPart", "url", "isAccessibleForFree",
             "cssSelector", "datePublished", "inLanguage", "@id", "name", "mainEntityOfPage"]
        ),
        inner,
        max_size=5,
    ),
    max_leaves=25,
)  # fmt: skip


@given(JSON)
def test_no_json_upsets_it(data: Any) -> None:
    found = read(data)
    assert found is None or (found.image_url is None or found.image_url.startswith("http"))
