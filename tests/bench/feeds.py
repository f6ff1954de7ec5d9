"""Feeds as their publishers served them: files in the folder that NEWSVANE_BENCH_FEEDS names, in two editions."""

import json
import os
import re
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from scrapers.errors import ParseError
from scrapers.feed import parse_feed
from tests.bench.dialects import NEW

__all__ = ["PREFIX", "Published", "edition", "read_file"]

PREFIX = "file-"
_ITEM = re.compile(rb"<(item|entry)[\s>].*?</\1\s*>", re.DOTALL)


class Published(NamedTuple):
    """``hosts``: where its items point."""

    body: bytes
    hosts: tuple[bytes, ...]
    entries: int


@lru_cache(maxsize=4)
def read_file(name: str) -> Published | None:
    """A feed of the folder; None for what is no feed with well-formed items."""
    body = (Path(os.environ["NEWSVANE_BENCH_FEEDS"]) / name).read_bytes()
    try:
        entries = parse_feed(body, url="http://127.0.0.1/", content_type=None).entries
    except ParseError:
        return None
    hosts = {parts.netloc.encode() for entry in entries if entry.url and (parts := urlsplit(entry.url)).netloc}
    return Published(body, tuple(sorted(hosts)), len(entries))


def edition(name: str, version: int, own: bytes) -> tuple[bytes, str]:
    """Version 0 of a feed lacks its first two items. ``own``: a path that makes the addresses of its items differ."""
    feed = read_file(name)
    assert feed is not None
    body = feed.body if version else _without_first(feed.body)
    for host in feed.hosts:
        body = body.replace(b"//%b/" % host, b"//%b/%b/" % (host, own))
    return body, "application/feed+json" if body.lstrip()[:1] == b"{" else "application/xml"


def _without_first(body: bytes) -> bytes:
    if body.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"{":
        value = json.loads(body.decode("utf-8-sig"))
        return json.dumps(value | {"items": value["items"][NEW:]}, ensure_ascii=False).encode()
    return _ITEM.sub(b"", body, count=NEW)
