"""An alert as a person reads it: a subject, and a page of cleaned texts and checked addresses. Pure.

    alert object (docs/formats.md) -> subject()    one line
                                   -> page()       what mails (parts.py) and chats (chat.py) show

Feeds wrote most of what stands in an alert. Here it becomes harmless text; it never becomes a header, markup, a
template or a link other than http(s).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from service.notify.blocks import (
    GroupBlock,
    TroubleBlock,
    count_of,
    group_block,
    text_of,
    trouble_block,
)
from service.notify.clean import cut, link, one_line
from service.notify.picture import volume_of
from service.notify.times import readable

__all__ = ["MAX_RULE", "FactRow", "MentionBlock", "Page", "amount_of", "page", "parties_of", "subject"]

MAX_SUBJECT: Final = 160
MAX_NEWS: Final = 90
"""Of a subject that has more to say."""
MAX_RULE: Final = 120
_MAX_MENTIONS: Final = 50
_MAX_EVIDENCE: Final = 6
_MAX_FACTS: Final = 20
_MAX_FACTS_OF_MANY: Final = 8
_AGAIN: Final = "Told again:"
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
    names: frozenset[str] = frozenset()
    """Who takes part, without their parts."""


@dataclass(frozen=True, slots=True)
class MentionBlock:
    """``title`` and ``url`` are empty when they are the alert's own."""

    entity: str
    title: str
    url: str
    """http(s) or empty, as everywhere on a Page."""
    about: str
    """Source, time and salience, on one line."""
    salience: str
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
    head: str = ""
    """Of one article: who wrote it, and when."""
    lead: str = ""
    """What has to be said before the news itself: why a story is told again, or what was counted."""
    sources: tuple[str, ...] = ()
    """Who carries it, each once; none where it is not one story."""
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
    leave: str | None = None
    """Leads this recipient of a mail out of the channel; empty: there is no such link; None: it is no mail."""

    @property
    def left_out(self) -> int:
        """Mentions, a digest's groups, or troubles, that are not shown."""
        if self.troubles:
            return self.trouble_count - len(self.troubles)
        return self.group_count - len(self.groups) if self.groups else self.mention_count - len(self.mentions)


def subject(alert: Mapping[str, Any]) -> str:
    """One line of at most MAX_SUBJECT characters that says the news: of a mention who it is about, and the title; of
    what waited its first story; else the title."""
    title = one_line(text_of(alert, "title"), MAX_SUBJECT) or "(no title)"
    if alert.get("kind") == "mention":
        names = _who(alert)
        more = f" +{len(names) - 3}" if len(names) > 3 else ""
        who = f"{', '.join(names[:3])}{more}: " if names else ""
        return cut(f"{'Update: ' if _again(alert) else ''}{who}{title}", MAX_SUBJECT)
    groups = (alert.get("digest") or {}).get("groups") or []
    first = next((story for group in groups for story in group.get("stories") or []), None)
    news = one_line(text_of(first, "title"), MAX_NEWS) if first is not None else ""
    return cut(f"{news} – {title}" if news else title, MAX_SUBJECT)


def _who(alert: Mapping[str, Any]) -> list[str]:
    """The entities, but for those that are only named in passing."""
    passing = {m.get("entity") for m in alert.get("mentions") or [] if m.get("salience") == "passing"}
    names = [str(name) for name in alert.get("entities") or []]
    return [one_line(name, 40) for name in [name for name in names if name not in passing] or names]


def _again(alert: Mapping[str, Any]) -> bool:
    return bool((alert.get("how") or {}).get("again"))


def page(alert: Mapping[str, Any], *, dashboard: str = "", chart: str = "", leave: str | None = None) -> Page:
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
    reason = one_line(text_of(alert, "reason"), 500)
    facts = [_fact_row(fact) for fact in (alert.get("facts") or [])[:_MAX_FACTS]]
    names = _names(found[:_MAX_MENTIONS], entities)
    return Page(
        alert_id=one_line(text_of(alert, "id"), 80),
        rule=one_line(text_of(alert, "rule"), MAX_RULE),
        title=one_line(text_of(alert, "title"), 300) or "(no title)",
        url=link(alert.get("url")),
        reason=reason,
        made=readable(alert.get("created_at")),
        entities=entities,
        story_title="" if _same_page(story, alert) else one_line(text_of(story, "title"), 300),
        story_url=link(story.get("url")),
        facts=tuple(_each_once(facts)[:_MAX_FACTS_OF_MANY] if groups else facts),
        mentions=tuple(_mention_block(mention, names, alert) for mention in found[:_MAX_MENTIONS]),
        mention_count=max(count, len(found)) if isinstance(count, int) else len(found),
        head=_head(alert, found),
        lead=_lead(alert, reason, told_as_list=bool(groups)),
        sources=() if groups else _sources(found, alert),
        dashboard=link(dashboard),
        groups=groups,
        group_count=max(count_of(digest, "group_count"), len(groups)),
        troubles=troubles,
        trouble_count=max(count_of(watch, "count"), len(troubles)),
        volume=volume.words if volume is not None else "",
        chart=chart,
        leave=leave,
    )


def _filled(*lines: str) -> list[str]:
    return [line for line in lines if line]


def _joined(separator: str, *parts: str) -> str:
    return separator.join(_filled(*parts))


def _fact_row(fact: Mapping[str, Any]) -> FactRow:
    return FactRow(
        kind=one_line(text_of(fact, "kind"), 60).replace("_", " "),
        parties=", ".join(parties_of(fact)),
        amount=amount_of(fact),
        status=one_line(text_of(fact, "status"), 60).replace("_", " "),
        sentence=one_line(text_of(fact, "sentence"), 400),
        names=frozenset(map(str, fact["parties"][:_MAX_PARTIES]))
        if isinstance(fact.get("parties"), list)
        else frozenset(),
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


def _sources(found: Sequence[Mapping[str, Any]], alert: Mapping[str, Any]) -> tuple[str, ...]:
    """The one of the article that the alert is named after stands first."""
    ordered = sorted(found, key=lambda mention: not _same_page(mention, alert))
    names = (one_line(text_of(mention, "source"), 100) for mention in ordered)
    return tuple(dict.fromkeys(filter(None, names)))[:_MAX_SOURCES]


def _head(alert: Mapping[str, Any], found: Sequence[Mapping[str, Any]]) -> str:
    """Outlet and time, where the alert's title is an article's."""
    first = next((mention for mention in found if _same_page(mention, alert)), None)
    return _source_and_time(first) if first is not None else ""


def _source_and_time(mention: Mapping[str, Any]) -> str:
    at = readable(mention.get("published_at") or mention.get("discovered_at"))
    return _joined(", ", one_line(text_of(mention, "source"), 100), at)


def _lead(alert: Mapping[str, Any], reason: str, *, told_as_list: bool) -> str:
    """News speaks for itself; why it is told stands at the end of the mail then."""
    if alert.get("kind") == "mention":
        return reason[reason.find(_AGAIN) :] if _again(alert) and _AGAIN in reason else ""
    return "" if told_as_list else reason


def _each_once(facts: Sequence[FactRow]) -> list[FactRow]:
    """Of many articles, in many languages: what says the same in other words is left out."""
    return list({(fact.kind, fact.status, fact.amount, fact.names): fact for fact in reversed(facts)}.values())[::-1]


def _names(found: Sequence[Mapping[str, Any]], entities: tuple[str, ...]) -> list[str]:
    """All words that stand for an entity in some snippet."""
    written = [str(name) for mention in found for name in mention.get("names") or []]
    named = (text_of(mention, "entity") for mention in found)
    return list(dict.fromkeys(one_line(name, 100) for name in (*named, *written, *entities)))


def _mention_block(mention: Mapping[str, Any], names: list[str], alert: Mapping[str, Any]) -> MentionBlock:
    evidence = mention.get("evidence")
    repeats = _same_page(mention, alert)
    salience = one_line(text_of(mention, "salience"), 20)
    return MentionBlock(
        entity=one_line(text_of(mention, "entity"), 100),
        title="" if repeats else one_line(text_of(mention, "title"), 300) or "(no title)",
        url="" if repeats else link(mention.get("url")),
        about=_joined(", ", _source_and_time(mention), salience),
        salience=salience,
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
