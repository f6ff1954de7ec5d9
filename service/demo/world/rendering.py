"""The world's values -> the bytes that its servers answer with.

    Story, Outlet, FeedSpec --Edition (origin, moment, phase)--> feed bytes | page bytes

Everything is a function of the edition: the same edition always gives the same bytes, so that an entity tag made of
them is honest.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from service.demo.world.content import FeedFault, FeedFormat, FeedSpec, Outlet, PageState, Story, World

__all__ = ["CONTENT_TYPES", "Edition", "address", "render_feed", "render_front", "render_not_found", "render_page"]

RELATED_LINKS = 4

CONTENT_TYPES = {
    FeedFormat.RSS20: "application/rss+xml",
    FeedFormat.RSS091: "text/xml",
    FeedFormat.ATOM: "application/atom+xml",
    FeedFormat.RDF: "application/rdf+xml",
    FeedFormat.JSON: "application/feed+json",
}


@dataclass(frozen=True, slots=True)
class Edition:
    """One outlet as it stands at one moment."""

    world: World
    outlet: Outlet
    origin: str
    """``http://127.0.0.1:PORT``, without a slash at the end."""
    opened_at: datetime
    """Aware; publication times are counted back from here."""
    phase: int

    def published_at(self, story: Story) -> datetime:
        return (self.opened_at - timedelta(minutes=story.minutes_ago)).astimezone(UTC).replace(microsecond=0)

    def page_url(self, story: Story) -> str:
        """The article's canonical address."""
        return self.origin + address(self.outlet, story)

    def feed_link(self, feed: FeedSpec, story: Story) -> str:
        """The address that the feed gives: an old one for a page that has moved, with the feed's tracking."""
        link = f"{self.origin}/go/{story.id}" if story.page is PageState.MOVED else self.page_url(story)
        if not feed.tracking:
            return link
        return f"{link}{'&' if '?' in link else '?'}{feed.tracking}"

    def feed_changed_at(self, feed: FeedSpec) -> datetime:
        """When the newest item was published; the opening day for an empty feed."""
        items = self.world.items_of(self.outlet, feed, phase=self.phase)
        return self.published_at(items[0]) if items else self.opened_at.astimezone(UTC).replace(microsecond=0)


def address(outlet: Outlet, story: Story) -> str:
    """Path and query of the article's own page."""
    return outlet.address.format(section=quote(story.section), id=quote(story.id), number=story.number)


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["rfc822"] = format_datetime
    environment.filters["rfc3339"] = rfc3339
    environment.filters["html_text"] = html_text
    return environment


def rfc3339(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def html_text(paragraphs: Sequence[str]) -> str:
    """Paragraphs as HTML source. A plain string on purpose: a feed carries it escaped once more."""
    return str(Markup("").join(Markup("<p>{}</p>").format(paragraph) for paragraph in paragraphs))


_TEMPLATES = _environment()


def render_feed(edition: Edition, feed: FeedSpec) -> bytes:
    """The feed as it stands in the edition. Feeds that are no feeds are the server's business, not this function's."""
    items = edition.world.items_of(edition.outlet, feed, phase=edition.phase)
    if feed.format is FeedFormat.JSON:
        return _json_feed(edition, feed, items)
    text = _TEMPLATES.get_template(f"{feed.format}.xml.j2").render(
        edition=edition, outlet=edition.outlet, feed=feed, items=items, changed_at=edition.feed_changed_at(feed)
    )
    if feed.fault is FeedFault.ILL_FORMED:
        # Two slips that hand-written feed scripts really make: a bare ampersand and a tail that is cut off.
        text = text.replace(" &amp; ", " & ").partition("</channel>")[0]
    return text.encode(edition.outlet.charset, errors="xmlcharrefreplace")


def _json_feed(edition: Edition, feed: FeedSpec, items: Sequence[Story]) -> bytes:
    """JSON Feed 1.1 (jsonfeed.org/version/1.1)."""
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": f"{edition.origin}/",
        "feed_url": edition.origin + feed.path,
        "description": edition.outlet.tagline,
        "language": edition.outlet.language,
        "items": [_json_item(edition, feed, story) for story in items],
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def _json_item(edition: Edition, feed: FeedSpec, story: Story) -> dict[str, object]:
    item: dict[str, object] = {
        "id": f"{edition.outlet.id}-{story.id}",
        "url": edition.feed_link(feed, story),
        "title": story.title,
        "summary": story.paragraphs[0],
        "date_published": rfc3339(edition.published_at(story)),
        "tags": [story.section],
    }
    if feed.full_text:
        item["content_html"] = html_text(story.paragraphs)
    else:
        item["content_text"] = story.paragraphs[0]
    if story.author:
        item["authors"] = [{"name": story.author}]
    return item


def render_page(edition: Edition, story: Story) -> bytes:
    """The article's page in the outlet's layout, with all that surrounds an article on a real site."""
    # Only stories of the first phase are linked to: a page must not change when the world advances.
    others = [other for other in edition.world.stories_of(edition.outlet, phase=1) if other.id != story.id]
    return _page(
        edition,
        f"{edition.outlet.layout}.html.j2",
        story=story,
        url=edition.page_url(story),
        published_at=edition.published_at(story),
        related=others[:RELATED_LINKS],
    )


def render_front(edition: Edition) -> bytes:
    """The outlet's front page: its feeds as ``<link rel="alternate">`` and its stories."""
    return _page(
        edition,
        "front.html.j2",
        stories=edition.world.stories_of(edition.outlet, phase=edition.phase),
        types=CONTENT_TYPES,
    )


def render_not_found(edition: Edition) -> bytes:
    """An HTML page that says there is nothing: also what the feed that is no feed answers with."""
    return _page(edition, "not_found.html.j2")


def _page(edition: Edition, template: str, **values: object) -> bytes:
    text = _TEMPLATES.get_template(template).render(
        edition=edition, outlet=edition.outlet, origin=edition.origin, **values
    )
    return text.encode(edition.outlet.charset, errors="xmlcharrefreplace")
