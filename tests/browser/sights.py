"""Every page that can be reached by following links, one of each kind: a page that is added is looked at by itself.

``/articles/7`` and ``/articles/9`` are of one kind; so are the same listing with another word to search for. What is no
page (exports, feeds, pictures) is kept apart, with its content.
"""

import re
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urljoin, urlsplit

import httpx

__all__ = ["Sights", "look_around"]

MOST = 150
"""Answers looked at. Links of one kind are followed once, so more would mean that a page leads on for ever."""


@dataclass
class Sights:
    pages: list[str] = field(default_factory=list)
    """Paths with their questions, in the order in which they are found."""
    files: dict[str, httpx.Response] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)
    """``path: status``, where a link leads to no answer."""


async def look_around(client: httpx.AsyncClient, starts: Iterable[str], *, most: int = MOST) -> Sights:
    """Follow links on this site, and no other, from ``starts`` on."""
    found, seen = Sights(), set[tuple[str, ...]]()
    waiting = deque(starts)
    while waiting and most:
        path = waiting.popleft()
        if (kind := _kind(path)) in seen:
            continue
        seen.add(kind)
        most -= 1
        answer = await client.get(path)
        if answer.is_redirect:
            waiting.append(_path(urljoin(path, answer.headers["location"])))
        elif answer.status_code != httpx.codes.OK:
            found.broken.append(f"{path}: {answer.status_code}")
        elif answer.headers["content-type"].startswith("text/html"):
            found.pages.append(path)
            waiting += [_path(link) for link in _links(str(answer.url), answer.text)]
        else:
            found.files[path] = answer
    assert not waiting or most, f"more kinds of pages than expected: {sorted(seen)}"
    return found


def _kind(path: str) -> tuple[str, ...]:
    """What pages of one template have in common: the path but for its second part; whether something is asked."""
    parts = urlsplit(path)
    steps = [step for step in parts.path.split("/") if step]
    if len(steps) > 1 and steps[0] not in {"api", "static"}:
        steps[1] = "*" + steps[1][steps[1].rfind(".") :] if re.search(r"\.\w+$", steps[1]) else "*"
    asked = dict(parse_qsl(parts.query))
    return (*steps, "?" if asked else "", asked.get("format", ""))


def _path(address: str) -> str:
    parts = urlsplit(address)
    return parts.path + (f"?{parts.query}" if parts.query else "")


class _Anchors(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"a", "link"}:
            self.addresses += [value for name, value in attrs if name == "href" and value]


def _links(page: str, text: str) -> list[str]:
    anchors = _Anchors()
    anchors.feed(text)
    here = urlsplit(page)
    addresses = [urljoin(page, address) for address in anchors.addresses]
    return [address for address in addresses if urlsplit(address)[:2] == here[:2]]
