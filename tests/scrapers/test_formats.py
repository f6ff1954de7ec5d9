"""One sample of each format that is read, with the entry that is expected; and the same after cutting known items."""

import pytest

from scrapers.types import FeedEntry
from tests.scrapers.test_slicing import assert_reads_alike, every_other, read

LINK = "https://news.example/1"
DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
ITUNES = 'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
FEEDBURNER = 'xmlns:f="http://rssnamespace.org/feedburner/ext/1.0"'


def rss(version: str, item: str, names: str = "") -> str:
    return f"<rss version='{version}' {names}><channel><title>News</title><item>{item}</item></channel></rss>"


PLAIN = f"<title>One</title><link>{LINK}</link><description>Text</description>"
SAMPLES = {
    "rss 0.90": f'<rdf:RDF {RDF} xmlns="http://my.netscape.com/rdf/simple/0.9/"><channel><title>News</title></channel>'
    f"<item>{PLAIN}</item></rdf:RDF>",
    "rss 0.91": rss("0.91", PLAIN),
    "rss 0.92": rss("0.92", PLAIN),
    "rss 1.0": f'<rdf:RDF {RDF} xmlns="http://purl.org/rss/1.0/" {DC}><channel rdf:about="u"><title>News</title>'
    f'</channel><item rdf:about="{LINK}">{PLAIN}</item></rdf:RDF>',
    "rss 2.0": rss("2.0", PLAIN),
    "rss 2.0, full text": rss(
        "2.0",
        f"<title>One</title><link>{LINK}</link><description>Short</description>"
        "<c:encoded><![CDATA[<p>Text</p>]]></c:encoded>",
        'xmlns:c="http://purl.org/rss/1.0/modules/content/"',
    ),
    "itunes": rss("2.0", f"<itunes:title>x</itunes:title>{PLAIN}<itunes:duration>9</itunes:duration>", ITUNES),
    "media": rss(
        "2.0",
        f'{PLAIN}<media:thumbnail url="https://i.example/1.png"/><media:content url="https://i.example/1.mp4"/>',
        'xmlns:media="http://search.yahoo.com/mrss/"',
    ),
    "feedburner": rss(
        "2.0",
        f"<guid>{LINK}</guid><title>One</title><link>https://proxy.example/~r/1</link>"
        f"<description>Text</description><f:origLink>{LINK}</f:origLink>",
        FEEDBURNER,
    ),
    "atom 0.3": '<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>News</title><entry><title>One</title>'
    f'<id>{LINK}</id><link rel="alternate" href="{LINK}"/><summary>Text</summary></entry></feed>',
    "atom 1.0, xml:base": '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://news.example/x/"><title>News'
    f'</title><entry><id>{LINK}</id><title>One</title><link href="../1"/><content>Text</content></entry></feed>',
}


@pytest.mark.parametrize("document", SAMPLES.values(), ids=SAMPLES)
def test_an_item_of_each_format(document: str) -> None:
    (entry,) = read(document).entries
    assert entry == FeedEntry(LINK, LINK, "One", "Text")


@pytest.mark.parametrize("document", SAMPLES.values(), ids=SAMPLES)
def test_each_reads_alike_when_its_item_is_known(document: str) -> None:
    assert_reads_alike(document, every_other(read(document)))


@pytest.mark.parametrize("version", ["https://jsonfeed.org/version/1", "https://jsonfeed.org/version/1.1"])
def test_an_item_of_a_json_feed(version: str) -> None:
    people = (
        '"author": {"name": "N"}' if version.endswith("1") and "1.1" not in version else '"authors": [{"name": "N"}]'
    )
    document = f"""{{"version": "{version}", "title": "News", "items": [
        {{"id": "{LINK}", "url": "{LINK}", "title": "One", "content_text": "Text", {people}}}]}}"""
    (entry,) = read(document, content_type="application/feed+json").entries
    assert entry == FeedEntry(LINK, LINK, "One", "Text", "N")
