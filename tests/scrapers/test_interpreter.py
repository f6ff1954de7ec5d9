"""What feedparser reads is what it reads as it comes: what was done for its speed changes nothing."""

import json
import subprocess
import sys
from typing import Any

import pytest

from scrapers.errors import ParseError
from scrapers.interpreter import interpret
from tests.scrapers.feeds import FORMATS, HARMLESS, HAZARDS, NAMES, PROBES, Sample

# feedparser as it comes, in a process that has never heard of us.
AS_IT_COMES = """
import feedparser, io, json, sys
for document in json.load(sys.stdin):
    parsed = feedparser.parse(
        io.BytesIO(document.encode()), sanitize_html=False, resolve_relative_uris=False,
        response_headers={"content-type": "application/xml; charset=utf-8"},
    )
    print(json.dumps([parsed["feed"], parsed["entries"], parsed["version"], bool(parsed["bozo"])], sort_keys=True))
"""
LINES = "<description>one\n&amp; two &#8212;\r\n<![CDATA[<p>three\n</p>]]>  \n</description>"
NAMED = f"<source {NAMES}><title>Elsewhere</title><link href='s'/></source><category>a</category><category>b</category>"


def documents() -> list[str]:
    """Of every format, with everything that an item may hold, and each hazard by itself; bases are another matter."""
    plain, hazards, probes = (
        tuple(part.replace("&eacute;", "e") for part in parts if "xml:base=" not in part)
        for parts in ((*HARMLESS, *PROBES, LINES, NAMED), HAZARDS, PROBES)
    )
    samples = [Sample(format_, items) for format_ in FORMATS.values() for items in (plain, (*plain, "".join(plain)))]
    samples += [Sample(format_, (hazard, *probes)) for format_ in FORMATS.values() for hazard in hazards]
    return [sample.document() for sample in samples]


def told(document: str) -> Any:
    parsed = interpret(document.encode())
    known = [parsed["feed"], parsed["entries"], parsed["version"], bool(parsed["bozo"])]
    return json.loads(json.dumps(known, sort_keys=True))


def test_it_reads_as_feedparser_does() -> None:
    samples = documents()
    done = subprocess.run(
        [sys.executable, "-c", AS_IT_COMES], input=json.dumps(samples), capture_output=True, text=True, check=True
    )
    lines = done.stdout.splitlines()
    assert len(lines) == len(samples) > 50
    for document, line in zip(samples, lines, strict=True):
        assert told(document) == json.loads(line), document


def test_a_base_ends_with_its_element() -> None:
    """As xml:base says (section 4.1), and feedparser does where the document has an address."""
    feed = "<feed xmlns='http://www.w3.org/2005/Atom'><title>T</title>{}</feed>"
    based = "<entry><id>1</id><content xml:base='https://other.example/x/'>c</content></entry>"
    after = "<entry><id>2</id><link href='a'/></entry>"
    links = [entry.get("link") for entry in interpret(feed.format(based + after).encode())["entries"]]
    assert links == ["1", "a"]
    within = "<entry xml:base='https://other.example/x/'><id>1</id><link href='a'/></entry>"
    links = [entry.get("link") for entry in interpret(feed.format(within + after).encode())["entries"]]
    assert links == ["https://other.example/x/a", "a"]


def test_what_feedparser_fails_on_is_no_feed() -> None:
    with pytest.raises(ParseError) as caught:
        interpret(b"<rss><channel><item><title>&#xD800;</title></item></channel></rss>")
    assert caught.value.code == "not-a-feed"
