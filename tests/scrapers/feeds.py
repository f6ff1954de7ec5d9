"""Feeds in every format, built from their parts: a head, items, and what stands between them."""

from dataclasses import dataclass, field

NAMES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:atom="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/" '
    'xmlns:slash="http://purl.org/rss/1.0/modules/slash/" xmlns:thr="http://purl.org/syndication/thread/1.0" '
    'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:x="urn:example:x"'
)


@dataclass(frozen=True)
class Format:
    """How a format writes its head, an item and its end. ``{names}``, ``{attributes}``, ``{head}``, ``{id}``."""

    start: str
    item: str
    end: str


RSS_2 = Format(
    '<rss version="2.0" {names} {attributes}><channel><title>News</title><link>https://news.example/</link>{head}',
    '<item><guid isPermaLink="false">{id}</guid>{inner}</item>',
    "</channel></rss>",
)
RSS_091 = Format(
    '<rss version="0.91" {names} {attributes}><channel><title>News</title>{head}',
    "<item><link>https://news.example/{id}</link>{inner}</item>",
    "</channel></rss>",
)
RSS_OLD = Format(  # items beside the channel
    '<rss version="0.92" {names} {attributes}><channel><title>News</title>{head}</channel>',
    "<item><link>https://news.example/{id}</link>{inner}</item>",
    "</rss>",
)
RSS_1 = Format(
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" {names} '
    '{attributes}><channel rdf:about="https://news.example/"><title>News</title>{head}</channel>',
    '<item rdf:about="https://news.example/{id}">{inner}</item>',
    "</rdf:RDF>",
)
RSS_090 = Format(
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
    'xmlns="http://my.netscape.com/rdf/simple/0.9/" {names} {attributes}><channel><title>News</title>{head}</channel>',
    "<item><link>https://news.example/{id}</link>{inner}</item>",
    "</rdf:RDF>",
)
ATOM_1 = Format(
    '<feed xmlns="http://www.w3.org/2005/Atom" {names} {attributes}><title>News</title>{head}',
    "<entry><id>tag:news.example,2024:{id}</id>{inner}</entry>",
    "</feed>",
)
ATOM_03 = Format(
    '<feed version="0.3" xmlns="http://purl.org/atom/ns#" {names} {attributes}><title>News</title>{head}',
    "<entry><id>tag:news.example,2024:{id}</id>{inner}</entry>",
    "</feed>",
)
FORMATS = {
    "rss 2.0": RSS_2,
    "rss 0.91": RSS_091,
    "rss 0.92": RSS_OLD,
    "rss 0.90": RSS_090,
    "rss 1.0": RSS_1,
    "atom 1.0": ATOM_1,
    "atom 0.3": ATOM_03,
}


@dataclass(frozen=True)
class Sample:
    """A feed whose items can be left out. ``items``: what is inside each; its place is its id."""

    format: Format
    items: tuple[str, ...]
    prolog: str = '<?xml version="1.0" encoding="UTF-8"?>\n'
    attributes: str = ""
    head: str = ""
    between: str = "\n"
    tail: str = ""
    names: str = field(default=NAMES)

    def document(self, wanted: frozenset[int] | None = None, *, head: str = "") -> str:
        """The feed with the items ``wanted`` (None: all)."""
        start = self.format.start.replace("{names}", self.names).replace("{attributes}", self.attributes)
        items = (
            self.format.item.replace("{id}", str(number)).replace("{inner}", inner)
            for number, inner in enumerate(self.items)
            if wanted is None or number in wanted
        )
        body = self.between.join(items)
        start = start.replace("{head}", self.head + head)
        return f"{self.prolog}{start}{self.between}{body}{self.between}{self.tail}{self.format.end}"


# What items hold, any of which leaves the document one that can be cut, in any format.
HARMLESS = (
    "<title>Oracle &amp; HPE</title>",
    '<title type="html">a &amp;lt; b &lt;b&gt;c&lt;/b&gt;</title>',
    "<title>caf&eacute; &#8212; &#x1F600; &quot;</title>",
    "<title><![CDATA[<item>not one</item> ]]&gt; <entry>]]></title>",
    "<link>/relative?a=1&amp;b=2</link>",
    "<link>https://news.example/a</link>",
    '<link href="z?a=1&amp;b=2"/><link rel="enclosure" href="e.mp3"/>',
    "<description>Short &lt;p&gt;text&lt;/p&gt;</description>",
    "<summary>A summary.</summary>",
    "<content:encoded><![CDATA[<p>One</p><p>Two<script>x()</script></p>]]></content:encoded>",
    '<content type="html">&lt;p&gt;full&lt;/p&gt;</content>',
    '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Hi <b>you</b></p><br/></div></content>',
    '<content type="xhtml" xml:lang="de"><div xmlns="http://www.w3.org/1999/xhtml">Gr\u00fc\u00dfe</div></content>',
    "<dc:creator>Jane Doe</dc:creator>",
    "<author><name>N</name><email>n@news.example</email></author>",
    "<author>n@news.example (Jane)</author>",
    "<category>AI</category><category>Chips</category>",
    '<category term="ai" label="AI"/>',
    "<pubDate>Wed, 01 May 2024 10:00:00 +0200</pubDate>",
    "<published>2024-01-01T00:00:00Z</published><updated>2024-01-02T00:00:00+02:00</updated>",
    "<dc:date>2024-03-01T00:00:00Z</dc:date>",
    "<slash:comments>7</slash:comments>",
    "<thr:total>3</thr:total>",
    '<media:group><media:content url="https://m.example/1"><media:title>pic</media:title></media:content>'
    '<media:community><media:starRating count="5"/><media:statistics views="5"></media:statistics></media:community>'
    "<media:description>of a chip</media:description></media:group>",
    "<source><title>Other</title><link>https://other.example/</link></source>",
    '<source url="https://other.example/">Other</source>',
    "<!-- <item> in a comment -->",
    "<?app <item> ?>",
    '<feedburner:origLink xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0">https://o.example/1'
    "</feedburner:origLink>",
    "<x:thing a='&gt;' b=\"'/>'\"/>",
    "<x:thing><x:thing>deep</x:thing></x:thing>",
    "<itunes:summary>Heard</itunes:summary><itunes:author>I</itunes:author>",
    "<itunes:image href='https://i.example/1.png'/>",
    "<image><url>https://i.example/2.png</url><title>i</title></image>",
    "text of its own",
    "",
)
# What feedparser may carry over into another item, or what cannot be told from one.
HAZARDS = (
    # an item in an item
    "<item><title>nested</title></item>",
    '<entry xmlns="http://www.w3.org/2005/Atom"><title>nested</title></entry>',
    # a frame in an item: the feed is of another kind from there on
    "<channel><title>again</title></channel>",
    "<rss version='0.91'/>",
    # end tags of texts inside markup: each is counted, its start is not
    "<content type='xhtml'><html xmlns='http://www.w3.org/1999/xhtml'><title>t</title><body>b</body></html></content>",
    "<description><p>unescaped <title>x</title></p></description>",
    "<summary type='html'><b>x</b><description/></summary>",
    # a div in what is not XHTML: its base outlives it
    "<description><div>unescaped</div></description>",
    '<content type="html" xml:base="https://base.example/feed.xml"><div>one</div><div>two</div></content>',
    # a base where nothing around has one
    '<content type="text" xml:base="https://base.example/x/">based</content>',
    # a prefix with another meaning; a namespace with another prefix
    "<dc:creator xmlns:dc='http://www.itunes.com/dtds/podcast-1.0.dtd'>D</dc:creator>",
    "<q:creator xmlns:q='urn:example:q'>Q</q:creator>",
    "<title xmlns='urn:example:q'>a title by accident</title>",
    "<content type='xhtml'><h:div xmlns:h='http://www.w3.org/1999/xhtml'><h:p>Hi</h:p></h:div></content>",
)
# What would show that something was carried over.
PROBES = (
    "<title>Why &lt;b&gt; and &amp;amp; matter</title>",
    '<link href="a"/><link>a</link>',
    '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Hi <b>you</b></p></div></content>',
    "<dc:creator>Jane Doe</dc:creator>",
    "<title xmlns='urn:example:q'>another title by accident</title>",
    '<content type="html" xml:base="sub/">x</content><link href="b"/>',
)
