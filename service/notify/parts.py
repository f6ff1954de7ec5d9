"""A page as the two parts of a mail: plain text, and HTML with inlined styles and no remote content. Pure.

First the news: who, outlet and time, the passage with the names, facts. Then who else has it, why it was sent, and how
to stop it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Final

import css_inline
from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from service.notify.blocks import groups_text, troubles_text
from service.notify.message import FactRow, MentionBlock, Page

__all__ = ["html_part", "text_part"]

_MOST_NAMES: Final = 8
_MAX_REASONS: Final = 3
"""Of an entity; the page in newsvane has them all."""
_ENDS: Final = ".!?…”\"'。"
"""Of a sentence."""
_NO_LINK: Final = "To stop these mails, ask whoever runs this newsvane to take your address out of the channel."


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of an article, and whom it names. ``why``: by entity, what makes it one."""

    title: str
    url: str
    about: str
    snippet: tuple[tuple[str, bool], ...]
    why: tuple[tuple[str, str], ...]


def text_part(shown: Page) -> str:
    """The plain text part: short lines, every address on a line of its own."""
    lines = [shown.title, *_filled(_who_and_where(shown), shown.url)]
    lines += ["", shown.lead] if shown.lead else []
    lines += ["", f"In this period: {shown.volume}"] if shown.volume else []
    lines += groups_text(shown.groups) + troubles_text(shown.troubles)
    for passage in () if shown.groups else _passages(shown.mentions):
        snippet = _marked_as_cut("".join(piece for piece, _ in passage.snippet))
        head = [f"* {passage.title}", *_filled(passage.about, passage.url)] if passage.title else []
        lines += ["", *head, *_filled(snippet), *(f"  - {who}: {why}" for who, why in passage.why)]
    lines += [f"{shown.left_out} more are not shown here."] if shown.left_out > 0 else []
    lines += ["", "Facts"] if shown.facts else []
    for row in shown.facts:
        lines += [f"- {_fact(row)}", *_filled(f"  “{row.sentence}”" if row.sentence else "")]
    lines += ["", f"Story: {shown.story_title}", *_filled(shown.story_url)] if shown.story_title else []
    lines += ["", _others(shown)] if _others(shown) else []
    lines += ["", "In newsvane, with the proof:", shown.dashboard] if shown.dashboard else []
    lines += ["", "-- ", *_filled("" if shown.lead == shown.reason else _why(shown)), _made(shown)]
    if shown.leave is not None:
        lines += ["To stop these mails:", shown.leave] if shown.leave else [_NO_LINK]
    return "\n".join(lines) + "\n"


def html_part(shown: Page) -> str:
    """The HTML part: autoescaped, styles inlined, a dark variant, nothing loaded from anywhere."""
    told = (
        _environment()
        .get_template("alert.html.j2")
        .render(
            page=shown,
            who=_who_and_where(shown),
            passages=[replace(one, snippet=_cut_pieces(one.snippet)) for one in _passages(shown.mentions)],
            facts=[(_fact(row), row.sentence) for row in shown.facts],
            why="" if shown.lead == shown.reason else _why(shown),
            made=_made(shown),
            others=_others(shown),
            no_link=_NO_LINK,
        )
    )
    return _inliner().inline(told)


def _who_and_where(shown: Page) -> str:
    who = ", ".join(shown.entities[:_MOST_NAMES]) if not shown.groups and not shown.troubles else ""
    return " | ".join(_filled(who, shown.head))


def _others(shown: Page) -> str:
    if len(shown.sources) < 2:
        return ""
    if shown.head:  # the one that the mail begins with
        return f"Also reported by: {', '.join(shown.sources[1:])}"
    return f"Reported by: {', '.join(shown.sources)}"


def _why(shown: Page) -> str:
    return f"Why you get this: {shown.reason}" if shown.reason else ""


def _made(shown: Page) -> str:
    return f"Alert {shown.alert_id}, made {shown.made} by the rule {shown.rule}."


def _fact(row: FactRow) -> str:
    """``Lease, ended: 10 billion USD, Oracle (lessor), xAI (lessee)``."""
    what, told = ", ".join(_filled(row.kind, row.status)), ", ".join(_filled(row.amount, row.parties))
    return ": ".join(_filled(what[:1].upper() + what[1:], told))


def _passages(mentions: Sequence[MentionBlock]) -> list[Passage]:
    """What several entities are named in stands once."""
    found: dict[tuple[object, ...], Passage] = {}
    for mention in mentions:
        key = (mention.title, mention.url, mention.snippet)
        about = mention.about.removesuffix(mention.salience).rstrip(", ")
        because = "; ".join(mention.evidence[:_MAX_REASONS])
        why = (mention.entity, ", ".join(_filled(mention.salience, because)))
        known = found.get(key) or Passage(mention.title, mention.url, about, mention.snippet, ())
        found[key] = replace(known, why=(*known.why, why))
    return list(found.values())


def _cut_pieces(pieces: tuple[tuple[str, bool], ...]) -> tuple[tuple[str, bool], ...]:
    text = "".join(piece for piece, _ in pieces)
    before, _, after = _marked_as_cut(text).partition(text) if text else ("", "", "")
    return tuple(one for one in ((before, False), *pieces, (after, False)) if one[0])


def _marked_as_cut(text: str) -> str:
    """With dots where a passage begins or ends in the middle of a sentence."""
    if not text:
        return ""
    begins = "… " if text[0].islower() else ""
    return begins + text + ("" if text[-1] in _ENDS else " …")


def _filled(*lines: str) -> list[str]:
    return [line for line in lines if line]


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
