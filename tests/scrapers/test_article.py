import json
from datetime import UTC, datetime

import pytest

from scrapers.article import detect_language, extract_article
from scrapers.errors import ParseError
from scrapers.types import ArticleText

URL = "https://news.example/2024/xai?utm=1"
STORY = "".join(
    f"<p>Paragraph {n}: xAI said on Monday that it had raised money from several investors in a large round.</p>"
    for n in range(8)
)
HEAD = """<title>xAI raises $6bn | Example News</title><meta property="og:site_name" content="Example News">
<meta name="author" content="Jane Doe">
<link rel="canonical" href="/2024/xai">
<meta property="article:published_time" content="2024-05-26T10:30:00+02:00">
<meta property="og:image" content="/a.png">"""
AROUND = """<nav><a href="/">Home</a><a href="/w">World</a></nav>{}<aside><h3>Related stories</h3>
<ul><li><a href="/q">Supermicro wins an order</a></li></ul></aside><footer>Copyright, cookies, imprint</footer>"""


def page(body: str, head: str = HEAD) -> bytes:
    return f'<!DOCTYPE html><html lang="en-GB"><head>{head}</head><body>{body}</body></html>'.encode()


def extract(body: bytes, content_type: str | None = "text/html; charset=utf-8", **options: int) -> ArticleText:
    return extract_article(body, url=URL, content_type=content_type, **options)


def refusal(body: bytes, content_type: str | None = "text/html") -> ParseError:
    with pytest.raises(ParseError) as caught:
        extract(body, content_type)
    return caught.value


def test_an_article_with_its_facts() -> None:
    article = extract(page(AROUND.format(f"<article><h1>xAI raises $6bn</h1>{STORY}</article>")))
    assert article.text.splitlines() == [f"Paragraph {n}: xAI said on Monday that it had raised money from several "
                                         "investors in a large round." for n in range(8)]  # fmt: skip
    assert (article.title, article.author, article.language) == ("xAI raises $6bn", "Jane Doe", "en")
    assert article.published_at == datetime(2024, 5, 26, 8, 30, tzinfo=UTC)
    assert article.canonical_url == "https://news.example/2024/xai"
    assert (article.image_url, article.site_name) == ("https://news.example/a.png", "Example News")


def test_teasers_of_other_articles_stay_out() -> None:
    teasers = "".join(
        f'<div class="teaser"><h3><a href="/t{n}">Oracle wins {n}</a></h3><p>Oracle teaser {n}.</p></div>'
        for n in range(8)
    )
    related = f'<div class="related-articles">{teasers}</div>'
    text = extract(page(f"<article>{STORY}{related}{STORY}</article>")).text
    assert "Paragraph 7" in text
    assert "Oracle" not in text


def test_a_page_laid_out_with_tables_gives_its_paragraphs_alone() -> None:
    menu = "<td><b>Most read</b><ul><li><a href='/q'>Oracle wins an order</a></li></ul></td>"
    layout = f"<table><tr><td colspan=2>Old Site</td></tr><tr>{menu}<td>{STORY}</td></tr><tr><td>Legal text</td></tr>"
    text = extract(page(f"{layout}</table>")).text
    assert text.splitlines() == [f"Paragraph {n}: xAI said on Monday that it had raised money from several "
                                 "investors in a large round." for n in range(8)]  # fmt: skip


def test_a_table_of_data_in_an_article_is_kept() -> None:
    table = "<table><tr><th>Supplier</th><th>Racks</th></tr><tr><td>Supermicro</td><td>400</td></tr></table>"
    assert "Supermicro" in extract(page(f"<article>{STORY}{table}{STORY}</article>")).text


def test_metadata_is_not_mixed_into_the_text() -> None:
    text = extract(page(f"<article>{STORY}</article>")).text
    assert not any(line.startswith(("---", "title:", "author:", "url:")) for line in text.splitlines())


@pytest.mark.parametrize(
    ("href", "canonical"),
    [
        ("https://news.example/", None),  # the front page on every page
        ("javascript:1", None),
        ("//cdn.example/a", "https://cdn.example/a"),
    ],
)
def test_canonical_addresses(href: str, canonical: str | None) -> None:
    head = f'<title>t</title><link rel="canonical" href="{href}">'
    assert extract(page(f"<article>{STORY}</article>", head)).canonical_url == canonical


def test_the_charset_of_the_page_wins_over_a_wrong_one() -> None:
    text = extract(page(f"<article><p>Größe und Maß.</p>{STORY}</article>"), "text/html; charset=iso-8859-1").text
    assert "Größe und Maß." in text


def linked(**facts: object) -> str:
    data = {"@type": "NewsArticle", "headline": "xAI raises $6bn", **facts}
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


def test_what_the_page_states_of_its_article() -> None:
    facts = {"articleBody": "xAI said so.", "author": {"name": "John Roe"}, "dateModified": "2024-05-27T08:00:00Z",
             "datePublished": "2024-05-26", "image": "/lead.png", "isAccessibleForFree": "False"}  # fmt: skip
    article = extract(page(f"<article>{STORY}</article>", f"<title>xAI raises $6bn</title>{linked(**facts)}"))
    assert article.text.startswith("Paragraph 0")
    assert (article.stated_text, article.author, article.free) == ("xAI said so.", "John Roe", False)
    assert article.modified_at == datetime(2024, 5, 27, 8, tzinfo=UTC)
    assert (article.published_at, article.image_url) == (
        datetime(2024, 5, 26, tzinfo=UTC),
        "https://news.example/lead.png",
    )


def test_a_page_that_only_states_its_text_is_an_article() -> None:
    article = extract(
        page("<div id='app'></div>", f"<title>xAI raises $6bn</title>{linked(articleBody='xAI said so.')}")
    )
    assert (article.text, article.stated_text) == ("", "xAI said so.")


def test_another_articles_stated_text_is_never_taken() -> None:
    """trafilatura would, having found nothing else."""
    other = {"@type": "NewsArticle", "headline": "Other", "articleBody": "Oracle opens a campus in the desert. " * 20}
    listed = json.dumps({"@type": "ItemList", "itemListElement": [other]})
    script = f'<script type="application/ld+json">{listed}</script>'
    assert "No article text" in str(refusal(page("<div id='app'></div>", f"<title>xAI raises $6bn</title>{script}")))


def test_a_date_is_read_from_broken_json_too() -> None:
    script = '<script type="application/ld+json">{"datePublished": "2024-05-26T10:30:00Z",}</script>'
    article = extract(page(f"<article>{STORY}</article>", f"<title>t</title>{script}"))
    assert article.published_at == datetime(2024, 5, 26, 10, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ('<meta property="og:title" content="xAI &amp;quot;raises&amp;quot;"><title>x</title>', 'xAI "raises"'),
        # cut off where it is short of room, and said whole elsewhere
        (f'<meta property="og:title" content="xAI rai…"><title>xAI raises $6bn</title>{linked()}', "xAI raises $6bn"),
        ("<title>Example News: xAI raises | Example News</title>"
         '<meta property="og:site_name" content="Example News">', "Example News: xAI raises"),
    ],
)  # fmt: skip
def test_titles(head: str, title: str) -> None:
    assert extract(page(f"<article>{STORY}</article>", head)).title == title


@pytest.mark.parametrize(
    ("markup", "free"),
    [('<meta itemprop="isAccessibleForFree" content="False">', False),
     ('<meta property="article:content_tier" content="locked">', False),
     ('<meta property="article:content_tier" content="metered">', None)],
)  # fmt: skip
def test_free_access_is_also_stated_as_microdata(markup: str, free: bool | None) -> None:
    assert extract(page(f"{markup}<article>{STORY}</article>")).free is free


def test_a_time_of_microdata_is_the_date() -> None:
    time = '<time itemprop="datePublished" datetime="2024-05-26T10:30:00Z">Sunday</time>'
    article = extract(page(f"<article>{time}{STORY}</article>", "<title>t</title>"))
    assert article.published_at == datetime(2024, 5, 26, 10, 30, tzinfo=UTC)


def test_a_consent_page_is_seen_for_what_it_is() -> None:
    notice = "<p>We and our partners store information on your device to show you what fits you.</p>" * 5
    body = f"<div role='dialog'><h1>Before you go on</h1>{notice}<button>Yes</button></div>"
    assert extract(page(body, "<title>Before you go on</title>")).only_asks
    assert not extract(page(f"<article>{STORY}</article>")).only_asks


def test_text_is_capped_and_clean() -> None:
    article = extract(page(f"<article><p>a\u202eb&#0;c</p>{STORY}</article>"), max_text=300)
    assert len(article.text) <= 300
    assert article.text_cut
    assert not extract(page(f"<article>{STORY}</article>")).text_cut
    assert not {"\x00", "\u202e"} & set(article.text)


@pytest.mark.parametrize(
    ("body", "content_type", "words"),
    [
        (b"", "text/html", "an empty answer"),
        (b"%PDF-1.7 x", "application/pdf", "a PDF file"),
        (page(""), "text/html", "No article text"),
        (page("<script>var a = 'words words words';</script>"), "text/html", "No article text"),
        (page("<div>" * 2000 + STORY + "</div>" * 2000), "text/html", "levels of nesting"),
        (page(f"{STORY}<p {' '.join(f'a{n}=1' for n in range(20_000))}>x</p>"), "text/html", "attributes"),
        (page("<i>x</i>" * 120_000), "text/html", "elements"),
    ],
)
def test_no_text_is_said_and_why(body: bytes, content_type: str, words: str) -> None:
    error = refusal(body, content_type)
    assert error.code == "no-text"
    assert words in str(error)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Das ist ein deutscher Satz über ein Unternehmen. " * 500, "de"),
        ("Ceci est une phrase française à propos d'une entreprise.", "fr"),
        ("12345", None),
        ("", None),
    ],
)
def test_language(text: str, language: str | None) -> None:
    assert detect_language(text) == language
