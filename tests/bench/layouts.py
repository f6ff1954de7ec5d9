"""Pages as news sites build them, with the body that a reader would mark: ``pages()`` has each layout for two stories.

What is the body: introduction, paragraphs, subheadings, lists, quotations and tables of the article. The title and
captions are neither asked for nor held against anybody (``optional``).
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape
from itertools import cycle
from typing import Any

from tests.bench.stories import CHROME, Chrome, Story, read_stories

__all__ = ["LAYOUTS", "Build", "Sample", "add", "aside", "cards", "document", "frame", "layout", "linked", "paragraphs"]


@dataclass(frozen=True)
class Sample:
    """A page with its body as labelled: one line a paragraph."""

    name: str
    language: str
    html: str
    body: tuple[str, ...]
    optional: tuple[str, ...] = ()


@dataclass
class Build:
    """A page that is being built: what a layout shows of the story goes into ``body`` too."""

    story: Story
    chrome: Chrome
    body: list[str]
    optional: list[str]


Layout = Callable[[Build], str]
LAYOUTS: dict[str, Layout] = {}


def layout(function: Layout) -> Layout:
    LAYOUTS[function.__name__] = function
    return function


def pages(each: int = 2) -> Iterator[Sample]:
    """``each``: stories a layout; they go round, so that every language meets many layouts."""
    import tests.bench.layouts_more  # noqa: F401 - adds its layouts

    stories = cycle(read_stories())
    for name, make in LAYOUTS.items():
        for _ in range(each):
            story = next(stories)
            build = Build(story, CHROME[story.language], [], [story.title])
            html = make(build)
            yield Sample(f"{name}-{story.language}", story.language, html, tuple(build.body), tuple(build.optional))


def add(build: Build, text: str, tag: str = "p", attributes: str = "") -> str:
    """An element of the body."""
    build.body.append(text)
    return f"<{tag} {attributes}>{escape(text)}</{tag}>" if attributes else f"<{tag}>{escape(text)}</{tag}>"


def paragraphs(build: Build, *, lead: bool = True, between: str = "", at: int = 2) -> str:
    """The story; ``between`` stands in it after so many paragraphs."""
    start = [add(build, build.story.lead, "p", 'class="standfirst"')] if lead else []
    parts = [*start, *(add(build, text) for text in build.story.paragraphs)]
    return "".join([*parts[:at], between, *parts[at:]])


def aside(build: Build, heading: str, *, kind: str = "related") -> str:
    items = "".join(
        f'<li><a href="/t/{n}">{escape(title)}</a></li>' for n, (title, _) in enumerate(build.chrome.teasers)
    )
    return f'<div class="{kind}"><h3>{escape(heading)}</h3><ul>{items}</ul></div>'


def cards(build: Build, kind: str = "card") -> str:
    return "".join(
        f'<div class="{kind}"><a href="/c/{n}"><img src="/c/{n}.jpg" alt=""><h4>{escape(title)}</h4></a>'
        f"<p>{escape(text)}</p></div>"
        for n, (title, text) in enumerate(build.chrome.teasers)
    )


def frame(build: Build, main: str, *, before: str = "", after: str = "") -> str:
    menu = "".join(f'<li><a href="/m/{n}">{escape(name)}</a></li>' for n, name in enumerate(build.chrome.menu))
    return (
        f'{before}<header><a class="logo" href="/">Example Courier</a><nav><ul>{menu}</ul></nav></header>'
        f"<main>{main}</main>{after}<footer><ul>{menu}</ul><p>{escape(build.chrome.legal)}</p></footer>"
    )


def document(build: Build, body: str, *, head: str = "") -> str:
    story = build.story
    return (
        f'<!DOCTYPE html><html lang="{story.language}"><head><meta charset="utf-8">'
        f"<title>{escape(story.title)} | Example Courier</title>"
        f'<meta property="og:title" content="{escape(story.title)}"><meta property="og:site_name" content="Example '
        f'Courier"><meta property="og:type" content="article"><meta name="author" content="{escape(story.author)}">'
        f'<meta property="article:published_time" content="2026-05-04T08:00:00Z">'
        f'<meta name="description" content="{escape(story.lead)}">{head}</head><body>{body}</body></html>'
    )


def linked(build: Build, **facts: Any) -> str:
    data = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": build.story.title, **facts}
    return f'<script type="application/ld+json">{json.dumps(data, ensure_ascii=False)}</script>'


def heading(build: Build) -> str:
    return f"<h1>{escape(build.story.title)}</h1>"


def shares(build: Build, tag: str = "ul") -> str:
    inner = "li" if tag == "ul" else "span"
    items = "".join(f'<{inner}><a href="#s">{escape(one)}</a></{inner}>' for one in build.chrome.share)
    return f'<{tag} class="share-tools">{items}</{tag}>'


@layout
def semantic(build: Build) -> str:
    return document(build, frame(build, f"<article>{heading(build)}{paragraphs(build)}</article>"))


@layout
def share_bar_and_links_between(build: Build) -> str:
    title, _ = build.chrome.teasers[0]
    also = f"<strong>{escape(build.chrome.read_also)}</strong>"
    link = f'<p class="inline-link">{also} <a href="/t/0">{escape(title)}</a></p>'
    main = f"<article>{heading(build)}{shares(build)}{paragraphs(build, between=link)}{shares(build)}</article>"
    return document(build, frame(build, main))


@layout
def related_and_most_read(build: Build) -> str:
    main = (
        f'<div class="content-wrapper"><article class="story">{heading(build)}{paragraphs(build)}</article>'
        f"{aside(build, build.chrome.related)}</div>"
        f"<aside>{aside(build, build.chrome.most_read, kind='popular')}</aside>"
    )
    return document(build, frame(build, main))


@layout
def live_blog(build: Build) -> str:
    lead = add(build, build.story.lead, "p", 'class="summary"')
    entries = "".join(
        f'<div class="live-entry" id="e{n}"><time datetime="2026-05-04T{9 + n:02}:12:00Z">{9 + n}:12</time>'
        f"<div class='entry-body'>{add(build, text)}</div>{shares(build, 'div')}</div>"
        for n, text in enumerate(build.story.paragraphs)
    )
    return document(build, frame(build, f"<article>{heading(build)}{lead}<section>{entries}</section></article>"))


@layout
def table_of_figures(build: Build) -> str:
    names = ("Supermicro", "Dell", "HPE", "Lenovo")
    rows = [(name, f"{40 - 7 * n}.{n}", f"{9 + n}.{n + 2}") for n, name in enumerate(names)]
    build_rows = "".join(
        "<tr>" + "".join(f"<td>{add(build, cell, 'span')}</td>" for cell in row) + "</tr>" for row in rows
    )
    start = paragraphs(build)
    build.body = [*build.body[12:], *build.body[:12]]
    return document(
        build, frame(build, f"<article>{heading(build)}{start}<table><tbody>{build_rows}</tbody></table></article>")
    )


@layout
def captions_and_gallery(build: Build) -> str:
    caption = f"{build.story.title}. Photo: Example Courier / archive"
    build.optional.append(caption)
    figure = f'<figure><img src="/a.jpg" alt=""><figcaption>{escape(caption)}</figcaption></figure>'
    main = f"<article>{heading(build)}{figure}{paragraphs(build, between=figure, at=3)}</article>"
    return document(build, frame(build, main))


@layout
def comments_below(build: Build) -> str:
    said = "".join(
        f'<li class="comment"><div class="comment-author">reader{n}</div><div class="comment-body">'
        f'<p>{escape(text)}</p></div><a href="#r">Reply</a></li>'
        for n, text in enumerate(build.chrome.comments * 2)
    )
    below = f"<section id='comments'><h2>12</h2><ol>{said}</ol></section>"
    main = f"<article>{heading(build)}{paragraphs(build)}</article>{below}"
    return document(build, frame(build, main))


@layout
def newsletter_between(build: Build) -> str:
    box = (
        f'<div class="newsletter-signup"><h4>Newsletter</h4><p>{escape(build.chrome.newsletter)}</p><form action="/n">'
        '<input type="email" name="e"><button>OK</button></form></div>'
    )
    return document(
        build, frame(build, f"<article>{heading(build)}{paragraphs(build, between=box, at=3)}{box}</article>")
    )


@layout
def cookie_overlay(build: Build) -> str:
    notice = "".join(f"<p>{escape(text)}</p>" for text in build.chrome.cookies)
    buttons = "".join(f"<button>{escape(name)}</button>" for name in build.chrome.buttons)
    overlay = f'<div id="cmp" role="dialog" aria-modal="true">{notice}{notice}{buttons}</div>'
    return document(build, frame(build, f"<article>{heading(build)}{paragraphs(build)}</article>", before=overlay))


@layout
def press_release(build: Build) -> str:
    text = paragraphs(build, lead=False)
    points = "".join(add(build, one.split(". ")[0] + ".", "li") for one in build.story.paragraphs[:2])
    build.body = [*build.body[-2:], *build.body[:-2]]
    contact = "Press contact: +49 30 0000 0000, press@example.org"
    build.optional.append(contact)
    main = (
        f'<div class="release-header">{heading(build)}<p class="date">May 4, 2026</p></div><div class="release-body">'
        f"<ul>{points}</ul>{text}<p>{contact}</p></div>{shares(build)}{aside(build, build.chrome.related)}"
    )
    return document(build, frame(build, main))


@layout
def hashed_classes(build: Build) -> str:
    body = "".join(
        f'<div class="sc-{n}fA3x">{add(build, text, "p", "class=css-9z1")}</div>'
        for n, text in enumerate((build.story.lead, *build.story.paragraphs))
    )
    grid = cards(build, "css-1kq")
    return document(
        build,
        f'<div id="__next"><div class="css-0"><div class="css-1">{" ".join(map(escape, build.chrome.menu))}</div>'
        f'<div class="css-2"><h1>{escape(build.story.title)}</h1><div class="css-3">{body}</div></div>'
        f'<div class="css-4"><h2>{escape(build.chrome.related)}</h2>{grid}</div>'
        f'<div class="css-5"><p>{escape(build.chrome.legal)}</p></div></div></div>',
    )


@layout
def tables_as_layout(build: Build) -> str:
    menu = "<br>".join(f'<a href="/m">{escape(name)}</a>' for name in build.chrome.menu)
    return document(
        build,
        f'<table width="100%"><tr><td colspan="3">Example Courier</td></tr><tr><td width="120">{menu}</td>'
        f"<td>{heading(build)}{paragraphs(build)}</td><td>{aside(build, build.chrome.most_read)}</td></tr>"
        f'<tr><td colspan="3">{escape(build.chrome.legal)}</td></tr></table>',
    )
