"""Feeds in every format, and feeds that mean harm."""

import contextlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scrapers.errors import ParseError
from scrapers.feed import parse_feed
from scrapers.types import Feed, FeedEntry

URL = "https://news.example/feeds/all.xml"
NOW = datetime(2024, 6, 1, tzinfo=UTC)


def read(document: str | bytes, content_type: str | None = "application/xml", **options: Any) -> Feed:
    body = document if isinstance(document, bytes) else document.encode()
    return parse_feed(body, url=URL, content_type=content_type, now=NOW, **options)


def rss(items: str, head: str = "") -> str:
    names = (
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" xmlns:atom="http://www.w3.org/2005/Atom" '
        'xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0" '
        'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:media="http://search.yahoo.com/mrss/"'
    )
    return f'<?xml version="1.0"?><rss version="2.0" {names}><channel><title>T</title>{head}{items}</channel></rss>'


def item(inner: str) -> FeedEntry:
    feed = read(rss(f"<item>{inner}</item>"))
    assert len(feed.entries) == 1
    return feed.entries[0]


def refusal(document: str | bytes, content_type: str | None = None) -> ParseError:
    with pytest.raises(ParseError) as caught:
        read(document, content_type)
    return caught.value


# Formats


def test_rss_2() -> None:
    feed = read(
        rss(
            """<item><title>xAI &amp; Oracle</title><link>/a</link><guid isPermaLink="false">g1</guid>
            <description>Short</description><content:encoded><![CDATA[<p>One</p><p>Two<script>x()</script></p>]]>
            </content:encoded><dc:creator>Jane Doe</dc:creator><category>AI</category><category>AI</category>
            <pubDate>Wed, 01 May 2024 10:00:00 +0200</pubDate></item>""",
            """<link>https://news.example/</link><language>en-us</language><ttl>60</ttl>
            <atom:link rel="self" href="self.xml"/><atom:link rel="hub" href="https://hub.example/"/>""",
        )
    )
    assert feed.entries == (
        FeedEntry(
            guid="g1",
            url="https://news.example/a",
            title="xAI & Oracle",
            text="One\nTwo",
            author="Jane Doe",
            published_at=datetime(2024, 5, 1, 8, tzinfo=UTC),
            tags=("AI",),
        ),
    )
    assert (feed.title, feed.site_url, feed.language) == ("T", "https://news.example/", "en-us")
    assert (feed.ttl, feed.hub_url) == (timedelta(hours=1), "https://hub.example/")
    assert feed.self_url == "https://news.example/feeds/self.xml"


def test_atom_1_with_bases() -> None:
    feed = read(
        """<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://other.example/x/"><title>A</title>
        <entry xml:base="y/"><id>tag:1</id><title type="html">a &amp;lt; b &lt;b&gt;c&lt;/b&gt;</title>
        <link rel="enclosure" href="e.mp3"/><link href="z?a=1&amp;b=2"/><author><name>N</name></author>
        <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Hi <b>you</b></p></div></content>
        <published>2024-01-01T00:00:00Z</published><updated>2024-01-02T00:00:00+02:00</updated></entry></feed>"""
    )
    (entry,) = feed.entries
    assert (entry.guid, entry.url) == ("tag:1", "https://other.example/x/y/z?a=1&b=2")
    assert (entry.title, entry.text, entry.author) == ("a < b c", "Hi you", "N")
    assert entry.updated_at == datetime(2024, 1, 1, 22, tzinfo=UTC)


def test_atom_text_titles_are_literal() -> None:
    feed = read(
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title><entry><id>1</id>'
        "<title>Why &lt;b&gt; and &amp;amp; matter</title></entry></feed>"
    )
    assert feed.entries[0].title == "Why <b> and &amp; matter"


def test_atom_03() -> None:
    feed = read(
        '<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>t</title><entry><id>1</id><title>x</title>'
        '<link rel="alternate" href="/p"/><modified>2024-01-01T00:00:00Z</modified></entry></feed>'
    )
    assert (feed.entries[0].guid, feed.entries[0].url) == ("1", "https://news.example/p")


def test_rss_1_and_update_period() -> None:
    feed = read(
        """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
        xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"><channel rdf:about="u"><title>R</title>
        <sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency></channel>
        <item rdf:about="https://news.example/1"><title>one</title><link>https://news.example/1</link></item></rdf:RDF>"""
    )
    assert (feed.title, feed.ttl) == ("R", timedelta(hours=12))
    assert feed.entries[0].url == "https://news.example/1"


def test_what_blog_software_writes_unasked_is_no_wish() -> None:
    feed = read(
        """<rss version="2.0" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"><channel><title>R</title>
        <sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>1</sy:updateFrequency>
        <item><title>one</title><link>https://news.example/1</link></item></channel></rss>"""
    )
    assert feed.ttl is None


def test_rss_091_with_its_doctype() -> None:
    feed = read(
        '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/rss-0.91.dtd">'
        '<rss version="0.91"><channel><title>t</title><item><title>caf&eacute;</title></item></channel></rss>'
    )
    assert feed.entries[0].title == "caf\u00e9"


def test_json_feed() -> None:
    feed = read(
        """{"version": "https://jsonfeed.org/version/1.1", "title": "J", "home_page_url": "/", "language": "en",
        "hubs": [{"type": "WebSub", "url": "https://hub.example/"}], "items": [
        {"id": 7, "url": "/7", "title": "x", "content_html": "<p>a</p><p>b</p>", "authors": [{"name": "N"}],
         "date_published": "2024-01-01T01:00:00+01:00", "tags": ["t", 5, null]}, {"id": 7}, "junk"]}""",
        "application/feed+json",
    )
    assert feed.entries[0] == FeedEntry(
        "7", "https://news.example/7", "x", "a\nb", "N", datetime(2024, 1, 1, tzinfo=UTC), None, ("t", "5")
    )
    assert (feed.hub_url, feed.dropped, len(feed.entries)) == ("https://hub.example/", 2, 1)


# Items


def test_what_stands_in_for_a_missing_guid() -> None:
    assert item("<title>x</title><link>/a</link>").guid == "https://news.example/a"
    assert item("<title>x</title>").guid.startswith("sha256:")
    assert item("<title>x</title>").guid != item("<title>y</title>").guid


def test_a_number_as_guid_is_no_address() -> None:
    assert (item("<title>x</title><guid>12</guid>").guid, item("<title>x</title><guid>12</guid>").url) == ("12", None)
    assert item("<title>x</title><guid>https://a.example/1</guid>").url == "https://a.example/1"


def test_the_first_of_equal_ids_is_kept() -> None:
    feed = read(rss("<item><guid>1</guid><title>a</title></item><item><guid>1</guid><title>b</title></item><item/>"))
    assert [entry.title for entry in feed.entries] == ["a"]
    assert feed.dropped == 2
    assert len(feed.notes) == 2


def test_original_links_behind_feedburner() -> None:
    entry = item(
        "<link>https://feedproxy.example/1</link><feedburner:origLink>https://a.example/1</feedburner:origLink>"
    )
    assert entry.url == "https://a.example/1"


@pytest.mark.parametrize("link", ["javascript:alert(1)", "data:text/html,x", "mailto:a@b.c", "http://", "ftp://a.b/c"])
def test_links_are_web_addresses_or_nothing(link: str) -> None:
    assert item(f"<guid isPermaLink='false'>1</guid><link>{link}</link>").url is None


@pytest.mark.parametrize(
    ("markup", "title"),
    [
        ("AT&amp;amp;T", "AT&T"),  # escaped once too often
        ("AT&amp;T", "AT&T"),
        ("&lt;b&gt;Bold&lt;/b&gt; move", "Bold move"),
        ("<![CDATA[a &amp; b]]>", "a & b"),
        ("two\n  lines", "two lines"),
        ("caf&eacute; &#x2019;", "caf\u00e9 \u2019"),
        ("\u202egnp.exe\u202c\u200b", "gnp.exe"),
    ],
)
def test_titles_are_plain(markup: str, title: str) -> None:
    assert item(f"<guid>1</guid><title>{markup}</title>").title == title


@pytest.mark.parametrize("date", ["Thu, 01 Jan 1970 00:00:00 GMT", "Wed, 05 Jun 2024 00:00:00 GMT", "yesterday", ""])
def test_absurd_dates_are_none(date: str) -> None:
    assert item(f"<guid>1</guid><pubDate>{date}</pubDate>").published_at is None


def test_caps() -> None:
    many = rss("".join(f"<item><guid>{n}</guid><description>{'x' * 50}</description></item>" for n in range(30)))
    feed = read(many, max_entries=10, max_text=20)
    assert [entry.guid for entry in feed.entries] == [str(n) for n in range(10)]
    assert {len(entry.text) for entry in feed.entries} == {20}
    assert feed.dropped == 20
    assert feed.notes == (
        "10 items have a text of more than 20 characters, which was cut.",
        "20 items beyond the first 10 were left out.",
    )


@pytest.mark.parametrize(
    ("text", "kept", "told"),
    [
        ("x" * 20, "x" * 20, False),  # just fits
        ("x" * 21, "x" * 20, True),
        ("x" * 20 + " y", "x" * 20, True),  # cut at a space
        ("x" * 19 + "\n\n  y", "x" * 19, True),
        ("x" * 20 + " \n ", "x" * 20, False),  # nothing was lost
    ],
)
def test_a_text_that_is_cut_is_told(text: str, kept: str, told: bool) -> None:
    feeds = [
        rss(f"<item><guid>1</guid><description>{text}</description></item>"),
        json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "content_text": text}]}),
    ]
    for document in feeds:
        feed = read(document, max_text=20)
        assert [entry.text for entry in feed.entries] == [kept]
        assert feed.notes == (("1 items have a text of more than 20 characters, which was cut.",) if told else ())


# Encodings


@pytest.mark.parametrize(
    ("encoding", "declared", "content_type"),
    [
        ("utf-8", "utf-8", "text/xml"),
        ("utf-8", "iso-8859-1", "text/xml; charset=iso-8859-1"),  # both wrong
        ("utf-8", "no-such-charset", "text/xml; charset=unicode_escape"),
        ("utf-16", "utf-16", "text/xml"),  # with a mark
        ("utf-16-le", "utf-16", "text/xml"),  # without
        ("utf-16-be", "utf-16", "text/xml; charset=utf-8"),
        ("cp1252", "iso-8859-1", "text/xml"),
        ("cp1252", "utf-16", "text/xml; charset=windows-1252"),
        ("utf-8-sig", "ascii", None),
    ],
)
def test_encodings(encoding: str, declared: str, content_type: str | None) -> None:
    declaration = f'<?xml version="1.0" encoding="{declared}"?>'
    text = f'{declaration}<rss version="2.0"><channel><item><title>Größe</title></item></channel></rss>'
    assert read(text.encode(encoding), content_type).entries[0].title == "Größe"


def test_other_scripts() -> None:
    text = (
        '<?xml version="1.0" encoding="{}"?><rss version="2.0"><channel><item><title>{}</title></item></channel></rss>'
    )
    for encoding, title in (
        ("shift_jis", "日本語"),
        ("koi8-r", "Привет"),
        ("gb2312", "中文新闻"),
        ("iso-2022-jp", "日本語"),
    ):
        assert read(text.format(encoding, title).encode(encoding)).entries[0].title == title


# Not feeds


@pytest.mark.parametrize(
    ("document", "content_type", "words"),
    [
        (
            "<!DOCTYPE html><html><head><title>My &amp; page</title></head><p>x",
            "text/html",
            'an HTML page titled "My & page"',
        ),
        ("<html><body>x</body></html>", None, "an HTML page without a title"),
        ("", None, "an empty answer"),
        ("hello", "text/plain", "text of the type text/plain"),
        ("%PDF-1.7", None, "a PDF file"),
        ("<urlset><url/></urlset>", None, "XML with the root element <urlset>"),
        ('{"a": 1}', None, "not a JSON Feed"),
        ('{"a": ', None, "not valid JSON"),
    ],
)
def test_what_is_no_feed_is_named(document: str, content_type: str | None, words: str) -> None:
    error = refusal(document, content_type)
    assert error.code == "not-a-feed"
    assert words in str(error)


# Harm


def test_impossible_characters_are_harmless() -> None:
    entry = item("<guid>1</guid><title>a&#0;b&#xD800;c&#x1F600;\x01d&#99999999999;</title>")
    assert entry.title == "a\ufffdb\ufffdc\U0001f600d\ufffd"


@pytest.mark.parametrize(
    "subset",
    [
        '<!ENTITY a "AAAA"><!ENTITY b "&a;&a;&a;&a;">',  # laughs
        f'<!ENTITY b "{"x" * 100_000}">',  # quadratic
        '<!ENTITY b SYSTEM "file:///etc/passwd">',
        "<!ENTITY % x SYSTEM 'http://127.0.0.1:9/'> %x;",
    ],
)
def test_entities_are_never_expanded(subset: str) -> None:
    body = "&b;" * 5000
    feed = read(
        f'<!DOCTYPE r [{subset}]><rss version="2.0"><channel><item><title>t{body}</title></item></channel></rss>'
    )
    title = feed.entries[0].title
    assert title.startswith("t")
    assert not {"A", "x"} & set(title)
    assert "root:" not in title


def test_a_long_author_is_cut_before_it_costs_anything() -> None:
    for author in ("a" * 64_000, f"<![CDATA[{'a.' * 32_000}]]>"):
        found = item(f"<guid>1</guid><author>{author}</author>").author
        assert found is not None
        assert len(found) <= 200
        assert found.startswith("a")


@pytest.mark.parametrize(
    "hostile",
    [
        "<item>" + "<x>" * 100_000 + "</x>" * 100_000 + "</item>",
        "<item><x " + " ".join(f"a{n}='1'" for n in range(50_000)) + "/></item>",
    ],
)
def test_pathological_shapes_are_refused(hostile: str) -> None:
    assert refusal(rss(hostile)).code == "not-a-feed"


def test_an_ill_formed_feed_is_read_as_far_as_it_goes() -> None:
    feed = read('<rss version="2.0"><channel><item><title>a & b</title><guid>1</guid></item><item><title>c')
    assert feed.entries[0].title == "a & b"
    assert any("well-formed" in note for note in feed.notes)


FRAGMENTS = st.sampled_from(
    [
        "<item>",
        "</item>",
        "<title>",
        "</title>",
        "<![CDATA[",
        "]]>",
        "&#0;",
        "&#xDFFF;",
        "&b;",
        "<!--",
        "-->",
        "<!DOCTYPE",
        "[",
        "x",
        "\x00",
        "😀",
        "<guid>",
        "</guid>",
        "<content:encoded>",
        "&lt;p&gt;",
        "<pubDate>",
        "0",
        "\u202e",
        "<?xml",
        "?>",
        "<link>",
        "http://[",
        "<author>",
        "a@b",
        "<ttl>",
        "xml:base='//'",
        "<entry><id>",
        "1",
        '"',
        "'",
        ">",
        "<rss",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(FRAGMENTS, max_size=40))
def test_any_mixture_is_a_feed_or_a_parse_error(pieces: list[str]) -> None:
    document = ('<rss version="2.0"><channel>' + "".join(pieces)).encode("utf-8", "replace")
    with contextlib.suppress(ParseError):
        feed = read(document)
        for entry in feed.entries:
            assert entry.guid
            assert not {"\x00", "\u202e", "\n"} & set(entry.title)
            entry.text.encode()
