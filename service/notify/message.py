"""An alert as an email: subject, plain text and HTML. Pure; the same alert always gives the same message.

    alert object (docs/formats.md) -> subject()       one line
                                   -> text_part()     plain text
                                   -> html_part()     a page with inlined styles and no remote content

Feeds wrote most of what stands in an alert. It only ever reaches the template as a value, is escaped there, and never
becomes a header, markup, a template or a link other than http(s).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import css_inline
from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from service.notify.blocks import (
    GroupBlock,
    TroubleBlock,
    count_of,
    group_block,
    groups_text,
    text_of,
    trouble_block,
    troubles_text,
)
from service.notify.clean import cut, link, one_line
from service.notify.picture import volume_of
from service.notify.times import readable

__all__ = ["MAX_RULE", "Page", "amount_of", "html_part", "page", "parties_of", "subject", "text_part"]

MAX_SUBJECT: Final = 160
MAX_RULE: Final = 120
_MAX_MENTIONS: Final = 50
_MAX_EVIDENCE: Final = 6
_MAX_FACTS: Final = 20
_MAX_SOURCES: Final = 10
_MAX_GROUPS: Final = 20
_MAX_TROUBLES: Final = 20
_MAX_PARTIES: Final = 10
_BOUNDS: Final = {"exact": "", "range": "", "min": "more than", "max": "up to", "about": "about"}
_SCALES: Final = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))


@dataclass(frozen=True, slots=True)
class FactRow:
    kind: str
    parties: str
    amount: str
    status: str
    sentence: str


@dataclass(frozen=True, slots=True)
class MentionBlock:
    """``title`` and ``url`` are empty when they are the alert's own."""

    entity: str
    title: str
    url: str
    """http(s) or empty, as everywhere on a Page."""
    about: str
    """Source, time and salience, on one line."""
    snippet: tuple[tuple[str, bool], ...]
    """The snippet in pieces; True marks an entity's name."""
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """An alert in the order it is read, every text cleaned and bounded, every address checked."""

    alert_id: str
    rule: str
    title: str
    url: str
    reason: str
    made: str
    entities: tuple[str, ...]
    story_title: str
    story_url: str
    facts: tuple[FactRow, ...]
    mentions: tuple[MentionBlock, ...]
    mention_count: int
    sources: tuple[str, ...] = ()
    """Who carries it, each once."""
    dashboard: str = ""
    """A page of newsvane itself, or empty."""
    groups: tuple[GroupBlock, ...] = ()
    """Of a digest, which a mail shows in the place of the mentions."""
    group_count: int = 0
    troubles: tuple[TroubleBlock, ...] = ()
    """What is wrong with newsvane itself."""
    trouble_count: int = 0
    volume: str = ""
    """A digest's mentions against the usual, in words."""
    chart: str = ""
    """Where the picture of the same is: ``cid:`` and the id of an attached part; empty: there is none."""
    leave: str = ""
    """Leads this recipient out of the channel, or empty."""

    @property
    def left_out(self) -> int:
        """Mentions, a digest's groups, or troubles, that are not shown."""
        if self.troubles:
            return self.trouble_count - len(self.troubles)
        return self.group_count - len(self.groups) if self.groups else self.mention_count - len(self.mentions)


def subject(alert: Mapping[str, Any]) -> str:
    """One line of at most MAX_SUBJECT characters: for a mention the entities and the title, else the title."""
    title = one_line(text_of(alert, "title"), MAX_SUBJECT) or "(no title)"
    names = [one_line(str(name), 40) for name in alert.get("entities") or []]
    if alert.get("kind") != "mention" or not names:
        return title
    more = f" +{len(names) - 3}" if len(names) > 3 else ""
    return cut(f"{', '.join(names[:3])}{more}: {title}", MAX_SUBJECT)


def page(alert: Mapping[str, Any], *, dashboard: str = "", chart: str = "", leave: str = "") -> Page:
    """What both parts of an email show. Keys that are missing read as empty."""
    story = alert.get("story") or {}
    entities = tuple(one_line(str(name), 100) for name in alert.get("entities") or [])
    found = alert.get("mentions") or []
    count = alert.get("mention_count")
    digest = alert.get("digest") or {}
    groups = tuple(group_block(group) for group in (digest.get("groups") or [])[:_MAX_GROUPS])
    watch = alert.get("watch") or {}
    troubles = tuple(trouble_block(item) for item in (watch.get("items") or [])[:_MAX_TROUBLES])
    volume = volume_of(alert)
    return Page(
        alert_id=one_line(text_of(alert, "id"), 80),
        rule=one_line(text_of(alert, "rule"), MAX_RULE),
        title=one_line(text_of(alert, "title"), 300) or "(no title)",
        url=link(alert.get("url")),
        reason=one_line(text_of(alert, "reason"), 500),
        made=readable(alert.get("created_at")),
        entities=entities,
        story_title="" if _same_page(story, alert) else one_line(text_of(story, "title"), 300),
        story_url=link(story.get("url")),
        facts=tuple(_fact_row(fact) for fact in (alert.get("facts") or [])[:_MAX_FACTS]),
        mentions=tuple(_mention_block(mention, entities, alert) for mention in found[:_MAX_MENTIONS]),
        mention_count=max(count, len(found)) if isinstance(count, int) else len(found),
        sources=tuple(dict.fromkeys(filter(None, (one_line(text_of(mention, "source"), 100) for mention in found))))[
            :_MAX_SOURCES
        ],
        dashboard=link(dashboard),
        groups=groups,
        group_count=max(count_of(digest, "group_count"), len(groups)),
        troubles=troubles,
        trouble_count=max(count_of(watch, "count"), len(troubles)),
        volume=volume.words if volume is not None else "",
        chart=chart,
        leave=leave,
    )


def text_part(shown: Page) -> str:
    """The plain text part: short lines, every address on a line of its own."""
    lines = [shown.title, *_filled(shown.url), "", shown.reason]
    if shown.story_title:
        lines += ["", f"Story: {shown.story_title}", *_filled(shown.story_url)]
    if len(shown.sources) > 1:
        lines += ["", f"Carried by: {', '.join(shown.sources)}"]
    if shown.facts:
        lines += ["", "Facts"]
    for row in shown.facts:
        lines += [f"- {_joined('; ', row.kind, row.amount, row.parties, row.status)}", *_filled(_quoted(row.sentence))]
    lines += ["", f"In this period: {shown.volume}"] if shown.volume else []
    lines += groups_text(shown.groups) + troubles_text(shown.troubles)
    told = shown.groups or shown.troubles
    lines += [f"{shown.left_out} more are not shown here."] if told and shown.left_out > 0 else []
    if shown.mentions and not shown.groups:
        lines += ["", f"Mentions: {len(shown.mentions)} of {shown.mention_count}"]
    for mention in () if shown.groups else shown.mentions:
        snippet = "".join(piece for piece, _ in mention.snippet)
        lines += ["", f"* {_joined(': ', mention.entity, mention.title)}"]
        lines += [f"  {line}" for line in _filled(mention.about, mention.url, snippet)]
        lines += [f"  - {reason}" for reason in mention.evidence]
    if shown.dashboard:
        lines += ["", "In newsvane, with the proof:", shown.dashboard]
    lines += ["", "-- ", f"Alert {shown.alert_id}, made {shown.made} by the rule {shown.rule}."]
    return "\n".join(lines) + "\n"


def html_part(shown: Page) -> str:
    """The HTML part: autoescaped, styles inlined, a dark variant, nothing loaded from anywhere."""
    return _inliner().inline(_environment().get_template("alert.html.j2").render(page=shown))


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    return ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _inliner() -> css_inline.CSSInliner:
    # keep_at_rules: the media query for dark mode cannot be inlined and must stay in the head.
    return css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)


def _filled(*lines: str) -> list[str]:
    return [line for line in lines if line]


def _quoted(sentence: str) -> str:
    return f"  “{sentence}”" if sentence else ""


def _joined(separator: str, *parts: str) -> str:
    return separator.join(_filled(*parts))


def _fact_row(fact: Mapping[str, Any]) -> FactRow:
    return FactRow(
        kind=one_line(text_of(fact, "kind"), 60).replace("_", " "),
        parties=", ".join(parties_of(fact)),
        amount=amount_of(fact),
        status=one_line(text_of(fact, "status"), 60).replace("_", " "),
        sentence=one_line(text_of(fact, "sentence"), 400),
    )


def parties_of(fact: Mapping[str, Any]) -> list[str]:
    """``HPE (supplier)``: each party with its part, where the fact says it; at most ten."""
    parties, roles = fact.get("parties"), fact.get("roles")
    parts = {
        str(one.get("party")): one_line(text_of(one, "role"), 40)
        for one in (roles if isinstance(roles, list) else ())
        if isinstance(one, Mapping)
    }
    named = [str(party) for party in parties[:_MAX_PARTIES]] if isinstance(parties, list) else []
    return [one_line(name, 80) + (f" ({parts[name]})" if parts.get(name) else "") for name in named]


def amount_of(fact: Mapping[str, Any]) -> str:
    """``more than 1 billion USD``; the empty string where the fact names no amount."""
    amount = fact.get("amount")
    if isinstance(amount, bool) or not isinstance(amount, int | float | str) or amount == "":
        return ""
    words = one_line(amount, 40) if isinstance(amount, str) else _number(amount)
    upper = fact.get("upper")
    if isinstance(upper, int | float) and not isinstance(upper, bool):
        words = f"{words} to {_number(upper)}"
    bound = one_line(text_of(fact, "bound"), 20).replace("_", " ")
    return _joined(" ", _BOUNDS.get(bound, bound), words, one_line(text_of(fact, "currency"), 8))


def _number(amount: float) -> str:
    for scale, word in _SCALES:
        if abs(amount) >= scale:
            return f"{amount / scale:,.6g} {word}"
    return f"{amount:,.10g}"


def _same_page(one: Mapping[str, Any], alert: Mapping[str, Any]) -> bool:
    """Said at the top already: the story's or the mention's title and address are the alert's own."""
    return all(text_of(one, key) == text_of(alert, key) for key in ("title", "url"))


def _mention_block(mention: Mapping[str, Any], entities: tuple[str, ...], alert: Mapping[str, Any]) -> MentionBlock:
    written = [str(name) for name in mention.get("names") or []]
    names = [one_line(name, 100) for name in (text_of(mention, "entity"), *written, *entities)]
    evidence = mention.get("evidence")
    repeats = _same_page(mention, alert)
    return MentionBlock(
        entity=names[0],
        title="" if repeats else one_line(text_of(mention, "title"), 300) or "(no title)",
        url="" if repeats else link(mention.get("url")),
        about=_joined(
            ", ",
            one_line(text_of(mention, "source"), 100),
            readable(mention.get("published_at") or mention.get("discovered_at")),
            one_line(text_of(mention, "salience"), 20),
        ),
        snippet=highlighted(one_line(text_of(mention, "snippet"), 400), names),
        evidence=tuple(one_line(str(reason), 240) for reason in evidence[:_MAX_EVIDENCE])
        if isinstance(evidence, list)
        else (),
    )


def highlighted(text: str, names: list[str]) -> tuple[tuple[str, bool], ...]:
    """``text`` in pieces, True for those that are one of ``names`` standing as whole words in any case.

    The pieces joined are ``text`` again. Longer names win over the shorter ones inside them.
    """
    wanted = sorted({name for name in names if name}, key=lambda name: (-len(name), name))
    if not wanted:
        return ((text, False),) if text else ()
    pattern = rf"(?<!\w)({'|'.join(re.escape(name) for name in wanted)})(?!\w)"
    # split() with one group alternates: what stands between the names, then a name.
    pieces = re.split(pattern, text, flags=re.IGNORECASE)
    return tuple((piece, index % 2 == 1) for index, piece in enumerate(pieces) if piece)
