"""More layouts: pages that state their article in JSON-LD, blogs, and those that upset extractors."""

import json
from html import escape

from tests.bench.layouts import (
    Build,
    add,
    aside,
    cards,
    document,
    frame,
    heading,
    layout,
    linked,
    paragraphs,
    shares,
)
from tests.bench.stories import read_stories


def _whole(build: Build) -> str:
    return "\n".join((build.story.lead, *build.story.paragraphs))


@layout
def stated_body_behind_a_shell(build: Build) -> str:
    """Scripts would draw the article; only its beginning is in the markup."""
    build.body = [build.story.lead, *build.story.paragraphs]
    shown = f"<p>{escape(build.story.lead)}</p><p>{escape(build.story.paragraphs[0][:90])}</p>"
    main = f'<article>{heading(build)}{shown}</article><div id="app-data"></div>{aside(build, build.chrome.related)}'
    return document(build, frame(build, main), head=linked(build, articleBody=_whole(build)))


@layout
def stated_body_beside_teasers(build: Build) -> str:
    """Teasers with whole sentences stand within the article's element."""
    text = paragraphs(build)
    more = "".join(f"<p>{escape(title)}: {escape(line)}</p>" for title, line in build.chrome.teasers)
    main = f"<article>{heading(build)}{text}<div class='more'>{more}</div></article>"
    return document(build, frame(build, main), head=linked(build, articleBody=" ".join(build.body)))


@layout
def stated_body_cut_off(build: Build) -> str:
    main = f"<article>{heading(build)}{paragraphs(build)}</article>{aside(build, build.chrome.related)}"
    stated = f"{_whole(build)[:300]}..."
    return document(build, frame(build, main), head=linked(build, articleBody=stated))


@layout
def stated_body_as_html_in_a_graph(build: Build) -> str:
    main = f"<article>{heading(build)}{paragraphs(build)}{shares(build)}</article>"
    body = "".join(f"<p>{escape(text)}</p>" for text in build.body)
    graph = [
        {"@type": "WebSite", "name": "Example Courier"},
        {"@type": ["NewsArticle"], "headline": build.story.title, "articleBody": escape(body)},
        {"@type": "ItemList", "itemListElement": [{"@type": "NewsArticle", "headline": t, "articleBody": b * 20}
                                                  for t, b in build.chrome.teasers]},
    ]  # fmt: skip
    data = json.dumps({"@context": "https://schema.org", "@graph": graph}).replace("</", "<\\/")
    return document(build, frame(build, main), head=f'<script type="application/ld+json">{data}</script>')


@layout
def accelerated(build: Build) -> str:
    """AMP."""
    return document(
        build,
        f'<amp-sidebar id="s" layout="nodisplay"><ul><li>{"</li><li>".join(map(escape, build.chrome.menu))}</li></ul>'
        f'</amp-sidebar><article class="amp-wp-article"><header>{heading(build)}<div class="amp-wp-meta">'
        f'{escape(build.story.author)}</div></header><div class="amp-wp-article-content">{paragraphs(build)}'
        f'<amp-ad width="300" height="250"></amp-ad></div></article><amp-list src="/r">'
        f"<p>{escape(build.chrome.related)}</p></amp-list><footer>{escape(build.chrome.legal)}</footer>",
        head="<style amp-custom>p{margin:0}</style>",
    )


@layout
def blog_post(build: Build) -> str:
    sharing = f'<div class="sharedaddy sd-sharing-enabled"><h3>Share this:</h3>{shares(build)}</div>'
    main = (
        f'<div id="primary"><article id="post-7" class="post type-post hentry"><header class="entry-header">'
        f'<h1 class="entry-title">{escape(build.story.title)}</h1><div class="entry-meta">Posted on May 4, 2026 by '
        f'{escape(build.story.author)}</div></header><div class="entry-content">{paragraphs(build)}{sharing}'
        f'<div id="jp-relatedposts" class="jp-relatedposts"><h3>Related</h3>{cards(build, "jp-post")}</div></div>'
        f'<footer class="entry-footer">Tagged <a href="/tag/nvidia">Nvidia</a>, <a href="/tag/dell">Dell</a></footer>'
        f'</article><nav class="post-navigation"><a href="/p">Previous</a></nav></div><div id="secondary" '
        f'class="widget-area">{aside(build, build.chrome.most_read, kind="widget")}</div>'
    )
    return document(build, frame(build, main))


@layout
def author_box(build: Build) -> str:
    box = (
        f'<div class="author-box"><img src="/j.jpg" alt=""><p><a href="/au">{escape(build.story.author)}</a> '
        f"{escape(build.chrome.bio)}</p></div>"
    )
    return document(build, frame(build, f"<article>{heading(build)}{paragraphs(build)}{box}</article>"))


@layout
def line_breaks_for_paragraphs(build: Build) -> str:
    build.body = [build.story.lead, *build.story.paragraphs]
    text = "<br><br>\n".join(map(escape, build.body))
    return document(build, frame(build, f'{heading(build)}<div class="articletext">{text}</div>{shares(build)}'))


@layout
def sections_lists_and_quotation(build: Build) -> str:
    first, *rest = build.story.paragraphs
    points = "".join(add(build, text.split(". ")[0], "li") for text in rest[:2])
    parts = [f"<ul>{points}</ul>", add(build, first), add(build, rest[0].split(",")[0][:60], "h2")]
    parts += [add(build, text) for text in rest[:2]]
    parts += [add(build, rest[2].split(" ")[0] + " " + build.story.title, "h2")]
    parts += [f"<blockquote>{add(build, rest[2])}</blockquote>", *(add(build, text) for text in rest[3:])]
    return document(build, frame(build, f"<article>{heading(build)}{''.join(parts)}</article>"))


@layout
def next_article_below(build: Build) -> str:
    """Endless scrolling: another story follows in an element of its own."""
    other = next(one for one in read_stories() if one.title != build.story.title)
    below = "".join(f"<p>{escape(text)}</p>" for text in other.paragraphs[:3])
    main = (
        f'<article data-main="1">{heading(build)}{paragraphs(build)}</article>'
        f"<article><h2>{escape(other.title)}</h2>{below}</article>"
    )
    return document(build, frame(build, main), head=linked(build, articleBody=_whole(build)))


@layout
def cards_between(build: Build) -> str:
    row = f'<div class="recirculation"><h3>{escape(build.chrome.related)}</h3>{cards(build)}</div>'
    return document(
        build, frame(build, f"<article>{heading(build)}{paragraphs(build, between=row, at=3)}</article>{row}")
    )


@layout
def advertisements_and_ticker(build: Build) -> str:
    ad = '<div class="ad-slot" aria-label="advertisement"><span>Advertisement</span><div id="gpt-1"></div></div>'
    ticker = "".join(f"<li>{name} {n}1.20 +0.{n}%</li>" for n, name in enumerate(("NVDA", "DELL", "INTC", "AMD")))
    main = (
        f'<div class="ticker"><ul>{ticker}</ul></div><div class="story-body">{heading(build)}{ad}'
        f"{paragraphs(build, between=ad, at=3)}{ad}</div>"
    )
    return document(build, frame(build, main))


@layout
def interview(build: Build) -> str:
    lead = add(build, build.story.lead, "p", "class=intro")
    talk = "".join(
        f"<p><strong>{escape(question)}</strong></p>{add(build, answer)}"
        for question, answer in zip(_questions(build), build.story.paragraphs, strict=True)
    )
    woven = [build.story.lead]
    for question, answer in zip(_questions(build), build.story.paragraphs, strict=True):
        woven += [question, answer]
    build.body = woven
    return document(build, frame(build, f"<article>{heading(build)}{lead}{talk}</article>"))


def _questions(build: Build) -> list[str]:
    return [f"{build.story.title}: {n}?" for n, _ in enumerate(build.story.paragraphs, 1)]


@layout
def microdata_and_long_sidebar(build: Build) -> str:
    side = "".join(
        f"<h4>{escape(title)}</h4><p>{escape(text)} {escape(text)}</p>" for title, text in build.chrome.teasers
    )
    text = paragraphs(build)
    return document(
        build,
        f'<div itemscope itemtype="https://schema.org/NewsArticle"><h1 itemprop="headline">{escape(build.story.title)}'
        f'</h1><time itemprop="datePublished" datetime="2026-05-04T08:00:00Z">4.5.</time><div itemprop="articleBody">'
        f'{text}</div></div><div class="col-right">{side}{aside(build, build.chrome.most_read)}</div>'
        f'<div class="foot">{escape(build.chrome.legal)}</div>',
    )
