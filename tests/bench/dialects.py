"""Feeds of thirty items in the dialects that publishers write, by version: two items are new in each version.

Their sizes are those of real feeds: in 51 of news sites, blogs and journals that readers' tests keep in public
repositories, each of 25 items and more, an item has 1.5 KB in the median and 0.8 and 2.5 KB in the quartiles; RSS 2.0
1.3, RSS 1.0 1.2, Atom and JSON Feed 2.2 KB. ``published.py`` measures such feeds themselves.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from json import dumps

__all__ = ["DIALECTS", "ITEMS", "NEW", "local_feed", "page"]

ITEMS, NEW = 30, 2
_START = datetime(2026, 11, 1, tzinfo=UTC)
_SENTENCES = (
    "The company said on Tuesday that its chips &amp; servers had sold better than planned.",
    "Analysts had expected less, and shares rose by three per cent in early trading.",
    "A spokesperson did not say when the second data centre would be ready.",
    "Its rival, which buys from the same factories, reports next week.",
)


def _numbers(version: int) -> range:
    """Newest first."""
    newest = ITEMS + NEW * version
    return range(newest, newest - ITEMS, -1)


def _moment(number: int) -> datetime:
    return _START + timedelta(minutes=17 * number)


def _html(number: int, paragraphs: int) -> str:
    """Differs from item to item as articles do."""
    return "".join(
        f"<p>{_SENTENCES[(number + index) % 4]} <a href='/topic/{(number * 7 + index) % 90}'>More</a></p>"
        for index in range(paragraphs)
    )


def _blog(version: int) -> tuple[bytes, str]:
    """What the most widespread blog software writes: full contents, Dublin Core, counters; about 40 KB."""
    items = "\n".join(
        f"""<item><title>Story number {number} of the day &#8211; and more</title>
        <link>https://news.example/2026/11/story-{number}</link>
        <guid isPermaLink="false">https://news.example/?p={number}</guid>
        <pubDate>{format_datetime(_moment(number))}</pubDate><dc:creator><![CDATA[Jane Doe]]></dc:creator>
        <category><![CDATA[AI]]></category><category><![CDATA[Chips]]></category>
        <comments>https://news.example/2026/11/story-{number}#comments</comments>
        <description><![CDATA[{_html(number, 1)}]]></description>
        <content:encoded><![CDATA[{_html(number, 5)}]]></content:encoded>
        <slash:comments>{version}</slash:comments></item>"""
        for number in _numbers(version)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:atom="http://www.w3.org/2005/Atom" xmlns:slash="http://purl.org/rss/1.0/modules/slash/">'
        "<channel><title>News</title><link>https://news.example/</link><description>All of it</description>"
        '<atom:link href="https://news.example/feed" rel="self" type="application/rss+xml"/>'
        f"<lastBuildDate>{format_datetime(_moment(version))}</lastBuildDate>{items}</channel></rss>"
    ).encode(), "application/rss+xml; charset=UTF-8"


def _wire(version: int) -> tuple[bytes, str]:
    """A wire's plain RSS 2.0: a title, a link, two sentences, a picture; no namespaces."""
    items = "".join(
        f"<item><title>{number}: chips, servers and what is known of them so far</title>"
        f"<link>https://wire.example/economy/2026/11/chips-and-servers-and-what-is-known-so-far-{number}.html</link>"
        f"<guid>https://wire.example/economy/2026/11/chips-and-servers-and-what-is-known-so-far-{number}.html</guid>"
        f"<pubDate>{format_datetime(_moment(number))}</pubDate><category>Economy</category>"
        f"<description>{_SENTENCES[number % 4]} {_SENTENCES[(number + 1) % 4]}</description>"
        f"<enclosure url='https://wire.example/images/2026/11/{number}-640x360.jpg' type='image/jpeg' length='4711'/>"
        "</item>"
        for number in _numbers(version)
    )
    return (
        "<?xml version='1.0'?><rss version='2.0'><channel><title>Wire</title><link>https://wire.example/</link>"
        f"<description>News</description><ttl>5</ttl>{items}</channel></rss>"
    ).encode(), "text/xml"


def _atom(version: int) -> tuple[bytes, str]:
    """Atom with XHTML contents."""
    entries = "".join(
        f"<entry><id>tag:atom.example,2026:{number}</id><title type='html'>Entry {number} &amp;amp; more</title>"
        f"<link rel='alternate' href='https://atom.example/{number}'/><published>{_moment(number).isoformat()}"
        f"</published><updated>{_moment(number).isoformat()}</updated><author><name>Jane Doe</name></author>"
        f"<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>{_html(number, 16)}</div></content></entry>"
        for number in _numbers(version)
    )
    return (
        "<?xml version='1.0' encoding='utf-8'?><feed xmlns='http://www.w3.org/2005/Atom' xml:lang='en'>"
        "<id>tag:atom.example,2026:feed</id><title>Atom</title><link href='https://atom.example/'/>"
        f"<updated>{_moment(version).isoformat()}</updated>{entries}</feed>"
    ).encode(), "application/atom+xml"


def _media(version: int) -> tuple[bytes, str]:
    """A broadcaster's RSS with pictures, in CDATA throughout."""
    items = "".join(
        f"<item><title><![CDATA[Report {number}]]></title><description><![CDATA[{_SENTENCES[number % 4]}]]>"
        f"</description><link>https://media.example/news/{number}?at_medium=RSS</link><guid isPermaLink='false'>"
        f"https://media.example/news/{number}#0</guid>"
        f"<pubDate>{format_datetime(_moment(number), usegmt=True)}</pubDate>"
        f"<dc:creator><![CDATA[Jane Doe and John Roe]]></dc:creator><category><![CDATA[Business]]></category>"
        f"<media:content medium='image' width='640' height='360' url='https://media.example/images/{number}.jpg'/>"
        f"<media:description><![CDATA[A picture of the factory that {number} tells of]]></media:description>"
        "<media:credit><![CDATA[An agency, through another]]></media:credit>"
        f"<media:thumbnail width='240' height='134' url='https://media.example/images/240/{number}.jpg'/></item>"
        for number in _numbers(version)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><?xml-stylesheet title="News" type="text/xsl" href="/rss.xsl"?>'
        '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/">'
        "<channel><title><![CDATA[Media]]></title><link>https://media.example/</link>"
        f"<language>en-gb</language>{items}</channel></rss>"
    ).encode(), "text/xml; charset=utf-8"


def _rdf(version: int) -> tuple[bytes, str]:
    """RSS 1.0 with Dublin Core dates."""
    numbers = _numbers(version)
    listed = "".join(f'<rdf:li rdf:resource="https://rdf.example/{number}"/>' for number in numbers)
    items = "".join(
        f'<item rdf:about="https://rdf.example/{number}"><title>Notice {number}</title>'
        f"<link>https://rdf.example/{number}</link><dc:date>{_moment(number).isoformat()}</dc:date>"
        f"<dc:creator>Desk</dc:creator><dc:subject>Physics</dc:subject><dc:identifier>doi:10.1/{number}</dc:identifier>"
        f"<dc:rights>All rights are with the authors.</dc:rights><description>{'; '.join(_SENTENCES * 3)}</description>"
        "</item>"
        for number in numbers
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        '<channel rdf:about="https://rdf.example/"><title>Notices</title><link>https://rdf.example/</link>'
        f"<items><rdf:Seq>{listed}</rdf:Seq></items></channel>{items}</rdf:RDF>"
    ).encode(), "application/rdf+xml"


def _latin(version: int) -> tuple[bytes, str]:
    """RSS in Latin-1 with escaped HTML in its descriptions."""
    items = "".join(
        f"<item><title>Façade n° {number}</title><link>https://latin.example/{number}.html</link>"
        f"<guid>latin-{number}</guid><pubDate>{format_datetime(_moment(number))}</pubDate>"
        f"<description>{_html(number, 9).replace('&', '&amp;').replace('<', '&lt;')}</description></item>"
        for number in _numbers(version)
    )
    return (
        "<?xml version='1.0' encoding='ISO-8859-1'?><rss version='2.0'><channel><title>Édition</title>"
        f"<link>https://latin.example/</link><description/>{items}</channel></rss>"
    ).encode("latin-1"), "application/rss+xml"


def _json(version: int) -> tuple[bytes, str]:
    """JSON Feed 1.1."""
    items = [
        {
            "id": f"json-{number}",
            "url": f"https://json.example/{number}",
            "title": f"Item {number}",
            "content_html": _html(number, 19),
            "date_published": _moment(number).isoformat(),
        }
        for number in _numbers(version)
    ]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "JSON", "items": items}
    return dumps(feed).encode(), "application/feed+json"


DIALECTS: dict[str, Callable[[int], tuple[bytes, str]]] = {
    "blog": _blog,
    "wire": _wire,
    "atom": _atom,
    "media": _media,
    "rdf": _rdf,
    "latin": _latin,
    "json": _json,
}


def local_feed(host: str, number: int, size: int) -> bytes:
    """Thirty items with pages at ``host``; that of the first has ``size`` characters, that of the others 5,000."""
    items = "".join(
        f"<item><title>Report {number}-{item}</title><guid>{number}-{item}</guid>"
        f"<link>http://{host}/page/{5_000 if item else size}/{number * 100 + item}</link></item>"
        for item in range(ITEMS)
    )
    return f"<rss version='2.0'><channel><title>Local {number}</title>{items}</channel></rss>".encode()


def page(size: int, number: int) -> bytes:
    """An article with a name in every fourth paragraph."""
    names = ("Oracle", "Supermicro", "HPE", "Intel")
    paragraphs: list[str] = []
    length = 0
    while length < size:
        index = len(paragraphs)
        text = f"{_SENTENCES[(number + index) % 4]} In paragraph {index} of {number} it said that nothing had changed. "
        text += f"{names[number % 4]} shares rose. " if index % 4 == 0 else ""
        paragraphs.append(f"<p>{text}</p>")
        length += len(text)
    title = f"Report {number} about {names[number % 4]}"
    return (
        f"<!DOCTYPE html><html lang='en'><head><title>{title}</title></head><body><nav><a href='/'>Home</a></nav>"
        f"<article><h1>{title}</h1>{''.join(paragraphs)}</article></body></html>"
    ).encode()
