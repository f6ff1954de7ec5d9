"""A hostile publisher: what it plants in its feed and pages, and how one sees that something of it came alive.

Every title names HPE, so that each becomes a mention, an alert, a web hook and an email.
"""

from html import escape

from tests.pipeline.site import Site

__all__ = ["ARABIC", "FEED", "TITLES", "publish", "rule", "source"]

FEED = "/planted/feed.xml"
ARABIC = "عاجل"

TITLES = (
    # markup that would run or show
    "HPE <script>planted()</script> wins",
    'HPE <img src="x" onerror="planted()"> wins',
    "HPE <svg onload=planted()><x-planted>bold</x-planted> wins",
    'HPE "><x-planted autofocus onfocus=planted() tabindex=1> wins',
    "HPE ' onmouseover='planted()' x='",
    "HPE &lt;x-planted&gt; escaped once too little",
    "HPE </title></a></bdi></main><x-planted>",
    "HPE <!-- <x-planted> --> ]]> <![CDATA[<x-planted>]]>",
    # what a template or a script could take for its own
    "HPE {{ 7*7 }} {% raw %} ${planted()} `planted()`",
    # direction: an override, an isolate that is never closed, and letters that run the other way
    "HPE \u202egnp.exe\u202c \u2066open",
    f"{ARABIC} HPE: 12% \u200f(3)",
    # formulas, which a spreadsheet would run
    '=HYPERLINK("http://planted.invalid/","HPE")',
    "+HPE|' /C calc'!A0",
    "@SUM(1+1)*HPE",
    "-2+3+cmd|' /C calc'!HPE",
    # a word that never ends
    "HPE " + "W" * 180,
)

_LINKS = (
    "javascript:planted()",
    "data:text/html,<script>planted()</script>",
    "vbscript:planted()",
    "JaVaScRiPt&#58;planted()",
    "file:///etc/passwd",
)


def source(press: Site) -> dict[str, object]:
    """As the watch list has it; the feed is still empty."""
    _serve(press, ())
    return {
        "url": press.url(FEED),
        "title": 'The <x-planted onclick="planted()">Planted</x-planted> \u202ePress',
        "tags": ["<x-planted>"],
    }


def rule() -> dict[str, object]:
    """One that tells of all of it, and whose own name is no better."""
    return {
        "name": '=1+1 <x-planted title="planted">rule</x-planted>',
        "query": "planted",
        "channels": ["desk", "hook"],
    }


def publish(press: Site) -> None:
    """The items appear, each with a page of its own, but for those whose link leads nowhere good."""
    for number, title in enumerate(TITLES):
        press.page(f"/planted/{number}", title, _text(number, title))
    _serve(press, TITLES)


def _serve(press: Site, titles: tuple[str, ...]) -> None:
    items = "".join(_item(press, number, title) for number, title in enumerate(titles))
    head = "<title>&lt;x-planted&gt;Planted&lt;/x-planted&gt;</title><link>javascript:planted()</link>"
    press.says(FEED, f"<rss version='2.0'><channel>{head}{items}</channel></rss>", type="application/rss+xml")


def _item(press: Site, number: int, title: str) -> str:
    link = _LINKS[number] if number < len(_LINKS) else press.url(f"/planted/{number}")
    shown = escape(title, quote=False)
    text = escape(escape(_text(number, title), quote=False), quote=False)
    return (
        f"<item><guid isPermaLink='false'>planted-{number}</guid><link>{escape(link)}</link>"
        f"<title>{escape(shown)}</title><author>{escape(shown)}</author><description>{text}</description></item>"
    )


def _text(number: int, title: str) -> str:
    """Each tells its own story, so that each raises its own alert."""
    place, thing = _PLACES[number], _THINGS[number]
    return (
        f"{title}: Hewlett Packard Enterprise (HPE) has opened a {thing} in {place}, the company said on Sunday.\n"
        f"The {thing} in {place} is <x-planted>worth</x-planted> ${number + 1}.3 million and was built by its people. "
        f"Of this {title} nothing else is known, and HPE in {place} did not answer when asked by the planted press."
    )


# fmt: off
_PLACES = ("Oulu", "Quimper", "Malmö", "Lecce", "Brno", "Galway", "Ghent", "Turku", "Porto", "Vigo", "Bergen", "Split",
           "Graz", "Namur", "Lublin", "Kaunas")
_THINGS = ("bakery", "bridge", "tower", "school", "harbour", "mill", "library", "museum", "garden", "tunnel", "station",
           "market", "farm", "dam", "lab", "park")
# fmt: on
