"""What the sample world holds, as frozen values, read from the YAML files of this folder.

An unknown key, a missing one or a dangling reference raises WorldError with the place and the reason: these files are
part of the program, and a slip in them must not turn into a story that silently is not served.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import MISSING, dataclass, fields, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

import yaml

__all__ = [
    "TRACKED",
    "FeedFault",
    "FeedFormat",
    "FeedSpec",
    "Layout",
    "Outlet",
    "PageState",
    "Story",
    "World",
    "WorldError",
    "load_world",
]

TRACKED = ("xAI", "HPE", "Supermicro", "Oracle")
"""The entities that the gold lists speak of: those that the bundled watch list switches on."""

LAST_PHASE = 2
HERE = Path(__file__).parent
Kind = TypeVar("Kind")


class WorldError(ValueError):
    """The files of the sample world contradict themselves; ``str()`` says where."""


class FeedFormat(StrEnum):
    RSS20 = "rss20"
    RSS091 = "rss091"
    ATOM = "atom"
    RDF = "rdf"
    JSON = "json"


class FeedFault(StrEnum):
    """What is wrong with a feed, on purpose."""

    ILL_FORMED = "ill-formed"
    """Not well-formed XML, yet any lenient reader gets every item."""
    NOT_A_FEED = "not-a-feed"
    """Status 200 and an HTML page."""
    SERVER_ERROR = "server-error"
    """Status 500."""


class Layout(StrEnum):
    """Which page template an outlet uses."""

    CLASSIC = "classic"
    BLOG = "blog"
    SCHEMA = "schema"
    TABLE = "table"
    WIRE = "wire"


class PageState(StrEnum):
    """What a reader finds at the address that the feed gives."""

    SERVED = "served"
    MISSING = "missing"
    """404: the feed's text is all there is."""
    MOVED = "moved"
    """The feed gives an old address, which redirects to the page."""


@dataclass(frozen=True, slots=True)
class FeedSpec:
    """One feed of an outlet."""

    path: str
    format: FeedFormat
    title: str
    tags: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    """Only stories of these sections; empty: all of the outlet's."""
    full_text: bool = False
    """Whole articles in the feed; otherwise the first paragraph."""
    tracking: str = ""
    """A query string that this feed adds to its articles' addresses: ``utm_source=rss``."""
    fault: FeedFault | None = None

    def carries(self, story: "Story") -> bool:
        return not self.sections or story.section in self.sections


@dataclass(frozen=True, slots=True)
class Outlet:
    """An invented publisher: one origin, one page layout, one or more feeds."""

    id: str
    title: str
    tagline: str
    layout: Layout
    address: str
    """Pattern of its articles' addresses: ``/{section}/{id}`` or with a query, ``/story.php?id={number}``."""
    feeds: tuple[FeedSpec, ...]
    language: str = "en"
    charset: str = "utf-8"
    validators: tuple[str, ...] = ("etag", "last-modified")
    """Which of the two its feeds send."""
    most_read: tuple[str, ...] = ()
    """Headlines in the side bar of every page: boilerplate, although they name companies."""
    closed_section: str = ""
    """robots.txt asks not to fetch the pages of this section."""


@dataclass(frozen=True, slots=True)
class Story:
    """One article of one outlet."""

    id: str
    outlet: str
    section: str
    phase: int
    """1: in the feeds from the start; 2: only after the world has advanced."""
    minutes_ago: int
    """Published so long before the moment the world was opened at."""
    title: str
    paragraphs: tuple[str, ...]
    entities: tuple[str, ...]
    """The gold list: which of TRACKED the title or the paragraphs name."""
    author: str = ""
    language: str = "en"
    page: PageState = PageState.SERVED
    look_alike: str = ""
    """Of what a name in the text is the look-alike, in words; empty where there is none."""
    news: str = ""
    """Articles with the same word here tell the same news."""
    number: int = 0
    """Its place in the world, from 1; given when the world is loaded."""

    @property
    def text(self) -> str:
        """Title and paragraphs: everything that the gold list speaks of."""
        return "\n".join((self.title, *self.paragraphs))


@dataclass(frozen=True, slots=True)
class World:
    """Everything there is to serve."""

    outlets: tuple[Outlet, ...]
    stories: tuple[Story, ...]

    def outlet(self, outlet_id: str) -> Outlet:
        return next(outlet for outlet in self.outlets if outlet.id == outlet_id)

    def story(self, story_id: str) -> Story:
        return next(story for story in self.stories if story.id == story_id)

    def stories_of(self, outlet: Outlet, *, phase: int = LAST_PHASE) -> tuple[Story, ...]:
        """What the outlet has published by then, newest first."""
        chosen = [story for story in self.stories if story.outlet == outlet.id and story.phase <= phase]
        return tuple(sorted(chosen, key=lambda story: story.minutes_ago))

    def items_of(self, outlet: Outlet, feed: FeedSpec, *, phase: int = LAST_PHASE) -> tuple[Story, ...]:
        """What is in the feed by then, newest first."""
        return tuple(story for story in self.stories_of(outlet, phase=phase) if feed.carries(story))


def load_world(folder: Path = HERE) -> World:
    """Read ``outlets.yaml`` and ``stories/*.yaml`` of a folder. Raises WorldError."""
    outlets = tuple(_outlet(raw) for raw in _read(folder / "outlets.yaml", "outlets"))
    raw_stories = [raw for file in sorted((folder / "stories").glob("*.yaml")) for raw in _read(file, "stories")]
    written = {raw["id"]: raw for raw in raw_stories}
    languages = {outlet.id: outlet.language for outlet in outlets}
    stories = []
    for number, raw in enumerate(raw_stories, start=1):
        story = _story(_with_copied_text(raw, written))
        stories.append(replace(story, number=number, language=raw.get("language", languages.get(story.outlet, "en"))))
    world = World(outlets, tuple(stories))
    for complaint in _complaints(world):
        raise WorldError(complaint)
    return world


def _read(file: Path, key: str) -> list[dict[str, Any]]:
    document = yaml.safe_load(file.read_text(encoding="utf-8"))
    if not isinstance(document, dict) or list(document) != [key] or not isinstance(document[key], list):
        raise WorldError(f"{file.name}: expected one list under the key {key!r}")
    for entry in document[key]:
        if not isinstance(entry, dict) or "id" not in entry:
            raise WorldError(f"{file.name}: every entry needs an id, this one has none: {str(entry)[:80]}")
    return list(document[key])


def _with_copied_text(raw: Mapping[str, Any], written: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """``copy_of: ID`` takes title, text, entities, author and news of another story word for word."""
    story = dict(raw)
    source = story.pop("copy_of", None)
    if source is None:
        return story
    if source not in written or "copy_of" in written[source]:
        raise WorldError(f"story {story['id']}: copy_of names {source!r}, which is not an original story")
    copied = {
        key: written[source][key] for key in ("title", "text", "entities", "author", "news") if key in written[source]
    }
    return {**copied, **story}


def _outlet(raw: Mapping[str, Any]) -> Outlet:
    place = f"outlet {raw['id']}"
    values = dict(raw)
    values["feeds"] = tuple(_feed(feed, place) for feed in values.get("feeds", ()))
    values["layout"] = _member(Layout, values.get("layout", ""), place)
    for key in ("validators", "most_read"):
        if key in values:
            values[key] = tuple(values[key])
    return _build(Outlet, values, place)


def _feed(raw: Mapping[str, Any], place: str) -> FeedSpec:
    values = dict(raw)
    values["format"] = _member(FeedFormat, values.get("format", ""), place)
    if "fault" in values:
        values["fault"] = _member(FeedFault, values["fault"], place)
    for key in ("tags", "sections"):
        values[key] = tuple(values.get(key, ()))
    return _build(FeedSpec, values, f"{place}, feed {values.get('path')}")


def _story(raw: Mapping[str, Any]) -> Story:
    place = f"story {raw['id']}"
    values = dict(raw)
    text = str(values.pop("text", ""))
    values["paragraphs"] = tuple(" ".join(part.split()) for part in text.split("\n\n") if part.strip())
    values["entities"] = tuple(values.get("entities", ()))
    if "page" in values:
        values["page"] = _member(PageState, values["page"], place)
    return _build(Story, values, place)


def _build(kind: type[Kind], values: Mapping[str, Any], place: str) -> Kind:
    known = {field.name: field for field in fields(kind)}  # type: ignore[arg-type]  # only called with dataclasses
    if unknown := sorted(set(values) - set(known)):
        raise WorldError(f"{place}: unknown key {unknown[0]!r}")
    needed = {name for name, field in known.items() if field.default is MISSING and field.default_factory is MISSING}
    if missing := sorted(needed - set(values)):
        raise WorldError(f"{place}: the key {missing[0]!r} is missing")
    return kind(**values)


Member = TypeVar("Member", bound=StrEnum)


def _member(kind: type[Member], value: str, place: str) -> Member:
    try:
        return kind(value)
    except ValueError:
        known = ", ".join(member.value for member in kind)
        raise WorldError(f"{place}: {value!r} is not one of {known}") from None


def _complaints(world: World) -> Iterator[str]:
    outlets = {outlet.id for outlet in world.outlets}
    yield from (f"outlet {twice}: written twice" for twice in _twice(outlet.id for outlet in world.outlets))
    yield from (f"story {twice}: written twice" for twice in _twice(story.id for story in world.stories))
    for story in world.stories:
        if story.outlet not in outlets:
            yield f"story {story.id}: there is no outlet {story.outlet!r}"
        elif not any(feed.carries(story) for feed in world.outlet(story.outlet).feeds):
            yield f"story {story.id}: no feed of {story.outlet} carries the section {story.section!r}"
        if not story.paragraphs:
            yield f"story {story.id}: no text"
        if story.phase not in range(1, LAST_PHASE + 1):
            yield f"story {story.id}: phase must be 1 or {LAST_PHASE}"
        if strange := sorted(set(story.entities) - set(TRACKED)):
            yield f"story {story.id}: entities may name {', '.join(TRACKED)}, not {strange[0]!r}"


def _twice(names: Iterable[str]) -> Iterator[str]:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            yield name
        seen.add(name)
