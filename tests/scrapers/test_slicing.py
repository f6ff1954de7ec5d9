"""A feed without its known items reads as the whole of it does, for the items that are left."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scrapers.documents import tidy_xml
from scrapers.feed import parse_feed
from scrapers.slicing import slice_feed
from scrapers.types import Feed
from service.demo.world import FeedFormat, load_world
from service.demo.world.rendering import CONTENT_TYPES, Edition, render_feed
from tests.scrapers.feeds import (
    ATOM_03,
    ATOM_1,
    FORMATS,
    HARMLESS,
    HAZARDS,
    NAMES,
    PROBES,
    RSS_091,
    RSS_1,
    RSS_2,
    Format,
    Sample,
)

URL = "https://news.example/feeds/all.xml"
NOW = datetime(2024, 6, 1, tzinfo=UTC)
PLAIN = tuple(f"<title>Title {number}</title><description>Text {number}</description>" for number in range(4))


def read(
    document: str | bytes,
    known: frozenset[bytes] = frozenset(),
    *,
    url: str = URL,
    content_type: str = "application/xml",
    **options: int,
) -> Feed:
    body = document if isinstance(document, bytes) else document.encode()
    return parse_feed(body, url=url, content_type=content_type, known=known, now=NOW, **options)


def assert_reads_alike(document: str | bytes, known: frozenset[bytes], content_type: str = "application/xml") -> Feed:
    """The feed without its known items, after a comparison with the whole of it."""
    whole = read(document, content_type=content_type)
    sliced = read(document, known, content_type=content_type)
    assert sliced.item_hashes == whole.item_hashes
    if not whole.item_hashes:
        assert sliced == whole
        return sliced
    assert len(whole.entries) == len(whole.item_hashes), "a sample whose items are all entries"
    assert sliced.entries == tuple(
        entry for entry, item in zip(whole.entries, whole.item_hashes, strict=True) if item not in known
    )
    assert (sliced.known, whole.known) == (len(whole.entries) - len(sliced.entries), 0)
    assert replace(sliced, entries=(), known=0) == replace(whole, entries=())
    return sliced


def every_other(feed: Feed) -> frozenset[bytes]:
    return frozenset(feed.item_hashes[::2])


SAMPLES = {
    **{f"{name}, all that an item may hold": Sample(format_, HARMLESS) for name, format_ in FORMATS.items()},
    **{f"{name}, empty": Sample(format_, ()) for name, format_ in FORMATS.items()},
    "base and language of the feed": Sample(
        ATOM_1,
        ('<link href="a"/>', '<link href="b"/><content xml:base="y/" type="html">x</content>', '<link href="c"/>'),
        attributes='xml:base="https://other.example/x/" xml:lang="fr"',
    ),
    "absolute bases of items, as Movable Type writes them": Sample(
        ATOM_1,
        (
            '<link href="a"/>',
            '<link href="b"/><content xml:base="https://other.example/x/" type="html">x</content><link href="c"/>',
            '<link href="d"/>',
        ),
    ),
    "Media RSS by its other name, as Squarespace writes it": Sample(
        RSS_2,
        (
            "<media:content url='https://news.example/1.mp3'><media:title type='plain'>1</media:title></media:content>",
            *PLAIN,
        ),
        names=NAMES.replace("http://search.yahoo.com/mrss/", "http://www.rssboard.org/media-rss"),
    ),
    "relative base of the feed": Sample(ATOM_1, ('<link href="a"/>', '<link href="b"/>'), attributes='xml:base="x/"'),
    "comments and instructions between items": Sample(
        RSS_2, PLAIN, between="\n<!-- <item>no</item> -->\n<?app </channel> ?>\n", head="<?xml-stylesheet href='x'?>"
    ),
    "instructions before the feed": Sample(RSS_2, PLAIN, prolog='<?xml version="1.0"?><?xml-stylesheet href="a"?>\n\n'),
    "a byte order mark": Sample(ATOM_1, PLAIN, prolog='\ufeff<?xml version="1.0"?>'),
    "no declaration": Sample(ATOM_03, PLAIN, prolog=""),
    "a DOCTYPE with entities nobody uses": Sample(
        RSS_091, PLAIN, prolog='<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY e "expanded">]>'
    ),
    "head elements behind the items": Sample(
        RSS_2, PLAIN, tail="<lastBuildDate>Wed, 01 May 2024 10:00:00 GMT</lastBuildDate><ttl>60</ttl>"
    ),
    "text between items": Sample(RSS_2, PLAIN, between=" stray text "),
    "items without a line between": Sample(RSS_1, PLAIN, between=""),
    "windows line ends": Sample(RSS_2, PLAIN, between="\r\n"),
    "attributes on items": Sample(
        replace(RSS_2, item="<item x:a='1>0' xml:lang='de'\n b = \"2\" ><guid>urn:{id}</guid>{inner}</item >"), PLAIN
    ),
    "a namespace of RSS": Sample(
        replace(RSS_2, start=RSS_2.start.replace("<rss ", '<rss xmlns="http://backend.userland.com/rss2" ')), PLAIN
    ),
    "prefixed elements": Sample(
        replace(
            ATOM_1,
            start="<atom:feed {names} {attributes}><atom:title>News</atom:title>{head}",
            item="<atom:entry><atom:id>urn:{id}</atom:id>{inner}</atom:entry>",
            end="</atom:feed>",
        ),
        tuple(f"<atom:title>T {number}</atom:title>" for number in range(4)),
    ),
    "names of other scripts": Sample(RSS_2, ("<title>日本語 😀</title>", "<title>Ελλάδα</title>", "<title>ה</title>")),
}


@pytest.mark.parametrize("sample", SAMPLES.values(), ids=SAMPLES)
def test_a_sample_reads_alike_without_any_of_its_items(sample: Sample) -> None:
    document = sample.document()
    whole = read(document)
    assert len(whole.item_hashes) == len(sample.items), "it can be cut"
    assert_reads_alike(document, every_other(whole))
    assert assert_reads_alike(document, frozenset(whole.item_hashes)).entries == ()
    for item in whole.item_hashes:
        assert_reads_alike(document, frozenset(whole.item_hashes) - {item})


@pytest.mark.parametrize("attributes", ["", 'xml:base="https://other.example/x/"'])
@pytest.mark.parametrize("hazard", HAZARDS)
@pytest.mark.parametrize("format_", FORMATS.values(), ids=FORMATS)
def test_nothing_is_carried_from_item_to_item(format_: Format, hazard: str, attributes: str) -> None:
    based = hazard.replace("<", '<x:a xml:base="in/"/><', 1) if attributes else hazard
    for probe in PROBES:
        sample = Sample(format_, (based, probe), attributes=attributes)
        assert_reads_alike(sample.document(), frozenset(read(sample.document(frozenset({0}))).item_hashes))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1", "windows-1252"])
@pytest.mark.parametrize("charset", ["", "; charset=utf-8", "; charset=iso-8859-1", "; charset=koi8-r", "; charset=no"])
def test_charsets_that_agree_or_not(encoding: str, charset: str) -> None:
    sample = Sample(RSS_2, ("<title>Gr\u00fc\u00dfe</title>", "<title>caf\u00e9</title>", "<title>plain</title>"))
    body = sample.document().replace("UTF-8", encoding.removesuffix("-sig")).encode(encoding)
    whole = read(body, content_type=f"text/xml{charset}")
    assert len(whole.item_hashes) == 3, "they are settled before"
    assert_reads_alike(body, every_other(whole), f"text/xml{charset}")


def demo_feeds() -> list[tuple[str, bytes, str]]:
    world = load_world()
    return [
        (f"{outlet.id}-{number}", render_feed(Edition(world, outlet, "http://127.0.0.1:1", NOW, 2), feed), kind)
        for outlet in world.outlets
        for number, feed in enumerate(outlet.feeds)
        if feed.fault is None and feed.format is not FeedFormat.JSON and (kind := CONTENT_TYPES[feed.format])
    ]


def test_the_feeds_of_the_sample_world() -> None:
    for name, body, kind in demo_feeds():
        whole = read(body, content_type=kind)
        assert whole.item_hashes, name
        assert_reads_alike(body, every_other(whole), kind)


# When the whole document is taken


@pytest.mark.parametrize(
    "document",
    [
        Sample(RSS_2, PLAIN).document()[:-3],  # never closed
        Sample(RSS_2, (*PLAIN, "<title>a & b</title>")).document(),  # an ampersand alone
        Sample(RSS_2, (*PLAIN, "<unbound:a/>")).document(),  # a prefix nobody declared
        Sample(RSS_091, (*PLAIN, "&e;"), prolog='<!DOCTYPE rss [<!ENTITY e "expanded">]>').document(),
        Sample(RSS_2, PLAIN, tail="</channel><channel><item><guid>z</guid></item>").document(),  # two channels
        Sample(RSS_2, PLAIN, tail="<entry xmlns='http://www.w3.org/2005/Atom'><id>urn:z</id></entry>").document(),
        Sample(RSS_2, PLAIN, tail="<image><item><guid>z</guid></item></image>").document(),
        Sample(replace(RSS_2, item="<Item><guid>{id}</guid>{inner}</Item>"), PLAIN).document(),
        Sample(replace(RSS_2, start="<RSS {names}><channel>", end="</channel></RSS>"), PLAIN).document(),
        # the publisher's own name for Media RSS, as a default: its "content" would be a text
        Sample(RSS_2, (*PLAIN, '<a xmlns="http://www.rssboard.org/media-rss"><content>c</content></a>')).document(),
        # only an item says what the document is
        '<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><item xmlns="http://purl.org/rss/1.0/">'
        "<title>x</title></item></r:RDF>",
    ],
)  # fmt: skip
def test_the_whole_document_is_taken(document: str) -> None:
    whole = read(document)
    assert whole.entries
    assert whole.item_hashes == ()
    plain = read(Sample(RSS_2, PLAIN).document())
    assert read(document, frozenset(plain.item_hashes)) == whole


def test_a_document_type_that_was_kept_is_not_cut() -> None:
    document = f"<!DOCTYPE rss>{Sample(RSS_2, PLAIN, prolog='').document()}"
    assert slice_feed(document.encode(), known=(), salt=b"", max_items=9) is None
    assert slice_feed(tidy_xml(document).encode(), known=(), salt=b"", max_items=9) is not None


def test_what_is_no_feed_is_not_cut() -> None:
    for document in (b"<html><body/></html>", b"", b"plain", b'<opml><item a="b"/></opml>', b"<item/>"):
        assert slice_feed(document, known=(), salt=b"", max_items=9) is None


# What makes an item new


def item_hash(inner: str, url: str = URL, **sample: str) -> bytes:
    (only,) = read(Sample(RSS_2, (inner,), **sample).document(), url=url).item_hashes
    return only


@pytest.mark.parametrize(
    "changed",
    [
        "<title>Titles</title>",
        "<title>title</title>",
        "<title>Title</title><link>/a</link>",
        "<!-- --><title>Title</title>",
    ],
)
def test_an_edit_makes_an_item_new(changed: str) -> None:
    before = item_hash("<title>Title</title>")
    feed = read(Sample(RSS_2, (changed,)).document(), frozenset({before}))
    assert len(feed.entries) == 1
    assert feed.item_hashes != (before,)


@pytest.mark.parametrize(
    "counter",
    [
        "<slash:comments>{}</slash:comments>",
        "<thr:total>{}</thr:total>",
        '<c:total xmlns:c="http://purl.org/syndication/thread/1.0">{}</c:total>',
        '<media:statistics views="{}"/>',
        '<media:community><media:starRating count="{}"></media:starRating></media:community>',
    ],
)
def test_readers_counters_do_not(counter: str) -> None:
    def inner(number: int) -> str:
        return f"<title>T</title>{counter.format(number)}<link>/a</link>"

    known = frozenset({item_hash(inner(1))})
    assert read(Sample(RSS_2, (inner(25000),)).document(), known).entries == ()
    edited = inner(1).replace("/a", "/b")
    assert len(read(Sample(RSS_2, (edited,)).document(), known).entries) == 1


def test_what_stands_around_items_is_part_of_them() -> None:
    plain = item_hash("<title>T</title>")
    assert item_hash("<title>T</title>", url="https://elsewhere.example/feed") != plain
    assert item_hash("<title>T</title>", attributes='xml:base="https://elsewhere.example/"') != plain
    assert item_hash("<title>T</title>", attributes='xml:lang="de"') != plain


def test_a_new_build_date_or_neighbour_is_not() -> None:
    plain = item_hash("<title>T</title>")
    assert item_hash("<title>T</title>", head="<lastBuildDate>Wed, 01 May 2024 10:00:00 GMT</lastBuildDate>") == plain
    feed = read(Sample(RSS_2, ("<title>T</title>", "<title>New</title>")).document(), frozenset({plain}))
    assert [entry.title for entry in feed.entries] == ["New"]


def test_items_beyond_the_wanted_are_not_known_later() -> None:
    document = Sample(RSS_2, PLAIN).document()
    first = read(document, max_entries=2)
    assert (len(first.entries), len(first.item_hashes), first.dropped) == (2, 2, 2)
    again = read(document, frozenset(first.item_hashes), max_entries=3)
    assert [entry.title for entry in again.entries] == ["Title 2"]
    assert (again.known, again.dropped) == (2, 1)
    assert again.notes == ("1 items beyond the first 3 were left out.",)
    none = read(document, frozenset(first.item_hashes), max_entries=2)
    assert (none.entries, none.item_hashes, none.dropped) == ((), first.item_hashes, 2)


def test_a_feed_of_known_items_still_tells_of_itself() -> None:
    document = Sample(RSS_2, PLAIN, head="<ttl>90</ttl><language>de</language>").document()
    whole = read(document)
    feed = read(document, frozenset(whole.item_hashes))
    assert (feed.entries, feed.known) == ((), 4)
    assert (feed.title, feed.language, feed.ttl) == ("News", "de", whole.ttl)


# Any feed

fragments = st.lists(st.sampled_from((*HARMLESS * 2, *PROBES, *HAZARDS)), max_size=4).map("".join)
samples = st.builds(
    Sample,
    st.sampled_from(list(FORMATS.values())),
    st.lists(fragments, max_size=6).map(tuple),
    prolog=st.sampled_from(["", '<?xml version="1.0"?>', "<!DOCTYPE rss [<!ENTITY e 'x'>]>", "<!-- <a> -->\n"]),
    attributes=st.sampled_from(["", 'xml:base="https://b.example/x/"', 'xml:base="y/" xml:lang="fr"']),
    head=st.sampled_from(["", "<ttl>5</ttl>", '<link rel="hub" href="https://h.example/"/>', "<e:x xmlns:e='urn:e'/>"]),
    between=st.sampled_from(["", "\n", "<!-- <item> -->", "<generator>g</generator>", "<?a <item>?>", " \u00e9 "]),
    tail=st.sampled_from(
        ["", "<ttl>7</ttl>", "<item/>", "<q:a xmlns:q='urn:example:q'/>", "<image><url>u</url></image>"]
    ),
)


@settings(max_examples=250, deadline=None)
@given(samples, st.data())
def test_any_feed_reads_alike_after_any_earlier_one(sample: Sample, data: st.DataObject) -> None:
    numbers = st.frozensets(st.sampled_from(range(len(sample.items)))) if sample.items else st.just(frozenset[int]())
    earlier = read(sample.document(data.draw(numbers), head="<lastBuildDate>yesterday</lastBuildDate>"))
    document = sample.document()
    whole = read(document)
    if not whole.item_hashes or len(whole.entries) == len(whole.item_hashes):
        assert_reads_alike(document, frozenset(earlier.item_hashes))
    whole_hashes = st.frozensets(st.sampled_from(whole.item_hashes)) if whole.item_hashes else st.just(frozenset())
    known = data.draw(whole_hashes)
    sliced = read(document, known)
    assert sliced.item_hashes == whole.item_hashes
    if len(whole.entries) == len(whole.item_hashes):
        assert_reads_alike(document, known)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60), st.sampled_from(list(FORMATS.values())), st.booleans())
def test_any_text_reads_alike(text: str, format_: Format, cdata: bool) -> None:
    inner = f"<title><![CDATA[{text}]]></title>" if cdata else f"<title>{text}</title>"
    sample = Sample(format_, (inner, "<title>known</title>", inner + "<x:a/>"))
    known = read(replace(sample, items=("", "<title>known</title>")).document())
    document = sample.document()
    whole = read(document)
    if len(whole.entries) == 3:
        assert_reads_alike(document, frozenset(known.item_hashes))
