"""Passing known items over gives what parsing them gives, also where their bytes stand for something else."""

from dataclasses import replace

import pytest

from scrapers.passing import pass_known_items
from scrapers.slicing import Sliced, slice_feed
from tests.scrapers.feeds import ATOM_1, RSS_1, RSS_2, Format, Sample

PLAIN = tuple(f"<title>Title {number}</title><description>Text {number}</description>" for number in range(5))
XHTML = '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Hi</p></div></content>'
SALT = b"salt"


def read(document: str, known: frozenset[bytes], max_items: int = 100) -> Sliced | None:
    """What passing over gives, after a comparison with parsing everything."""
    given = document.encode()
    passed = pass_known_items(given, known=known, salt=SALT, max_items=max_items)
    parsed = slice_feed(given, known=known, salt=SALT, max_items=max_items)
    if passed is None or parsed is None:
        assert passed is parsed
        return None
    for name in ("kept", "items", "hashes", "root", "tags_around"):
        assert getattr(passed, name) == getattr(parsed, name)
    assert b"".join(passed.document.split()) == b"".join(parsed.document.split())
    return passed


def hashes(sample: Sample) -> tuple[bytes, ...]:
    sliced = slice_feed(sample.document().encode(), known=(), salt=SALT, max_items=100)
    assert sliced is not None
    return sliced.hashes


def items(format_: Format, *wanted: str) -> str:
    return "".join(format_.item.replace("{id}", str(number)).replace("{inner}", inner)
                   for number, inner in enumerate(wanted))  # fmt: skip


@pytest.mark.parametrize("format_", [RSS_2, RSS_1, ATOM_1], ids=["rss 2.0", "rss 1.0", "atom"])
@pytest.mark.parametrize("inner", ["", XHTML, "<x:a>data base = 1</x:a>", "<slash:comments>7</slash:comments>"])
def test_the_known_are_passed_over_in_any_order(format_: Format, inner: str) -> None:
    sample = Sample(format_, tuple(plain + inner for plain in PLAIN))
    all_of = hashes(sample)
    for known in ([0], [4], [1, 2], [0, 4], range(5)):
        passed = read(sample.document(), frozenset(all_of[number] for number in known))
        assert passed is not None
        assert passed.kept == 5 - len(known)
        assert passed.hashes == all_of
    counted = sample.document().replace("7</slash", "8</slash")
    passed = read(counted, frozenset(all_of))
    assert passed is not None
    assert passed.kept == 0


START, END = RSS_2.start, RSS_2.end
NEW = "<item><title>New</title></item>"
OLD = items(RSS_2, *PLAIN)


@pytest.mark.parametrize(
    "body",
    [
        f"<!-- {OLD} -->",  # nothing but old news in a comment
        f"<!-- {OLD} -->{NEW}",
        f"{NEW}<!-- {OLD} -->",
        f"<item><description><![CDATA[{OLD}]]></description></item>{NEW}",  # quoted
        f"<title><![CDATA[ {OLD} ]]></title>{NEW}",
        f"{NEW}<item><title>a</title>{OLD}</item>",  # nested
        f"{OLD}<image>{OLD}</image>{NEW}",
        f"{OLD}</channel><channel>{NEW}",  # another channel
        f"{OLD}<item/>{NEW}",
        f"{OLD} loose text {NEW}",
        f"{OLD}<item ",  # never closed
        f"{OLD}{NEW}<item><title>a & b</title></item>",
        f"{OLD}<item><m:a xmlns:m='urn:m'/></item><item><n:a xmlns:n='urn:m'/></item>",  # a namespace, two prefixes
        f"{OLD}<entry xmlns='http://www.w3.org/2005/Atom'><id>1</id></entry>",
    ],
)
def test_their_bytes_may_stand_for_something_else(body: str) -> None:
    known = frozenset(hashes(Sample(RSS_2, PLAIN)))
    start = START.replace("{names}", "").replace("{attributes}", "").replace("{head}", "")
    plain = frozenset(hashes(Sample(RSS_2, PLAIN, names="", prolog="")))
    for some in (known, plain, frozenset(list(plain)[:2])):
        read(f"{start}{body}{END}", some)


@pytest.mark.parametrize(
    "inner",
    [
        "<dc:creator xmlns:dc='http://www.itunes.com/dtds/podcast-1.0.dtd'>D</dc:creator>",
        "<h:b xmlns:h='http://www.w3.org/1999/xhtml'>b</h:b>",
        "<x:a xml:base='y/'>relative</x:a>",
        f"<x:a {'xmlns:' * 50}='urn:x'/>",
    ],
    ids=["a prefix of the head", "a prefix for what others declare by default", "a base", "no declaration"],
)
def test_a_new_item_that_does_not_agree_with_known_ones(inner: str) -> None:
    sample = Sample(ATOM_1, (PLAIN[0], *(plain + XHTML for plain in PLAIN[1:])))
    edited = tuple(inner if number == 3 else item for number, item in enumerate(sample.items))
    read(replace(sample, items=edited).document(), frozenset(hashes(sample)))


def test_more_items_than_are_wanted() -> None:
    sample = Sample(RSS_2, PLAIN)
    passed = read(sample.document(), frozenset(hashes(sample)), max_items=3)
    assert passed is not None
    assert (passed.items, len(passed.hashes), passed.kept) == (5, 3, 0)
