"""An alert in one line that says the news. Pure."""

import re
from collections.abc import Mapping
from typing import Any, Final

from service.notify.blocks import text_of
from service.notify.clean import cut, one_line

__all__ = ["MAX_SUBJECT", "is_again", "subject"]

MAX_SUBJECT: Final = 160
MAX_NEWS: Final = 90
"""Of a subject that has more to say."""
_QUOTED: Final = re.compile("“([^“”]{1,60})”")
"""The name in what is wrong: of a source, a channel."""


def subject(alert: Mapping[str, Any]) -> str:
    """One line of at most MAX_SUBJECT characters that says the news: of a mention who it is about, and the title; of
    what waited its first story; of what is wrong with what; else the title."""
    title = one_line(text_of(alert, "title"), MAX_SUBJECT) or "(no title)"
    if alert.get("kind") == "mention":
        names = _who(alert)
        more = f" +{len(names) - 3}" if len(names) > 3 else ""
        who = f"{', '.join(names[:3])}{more}: " if names else ""
        return cut(f"{'Update: ' if is_again(alert) else ''}{who}{title}", MAX_SUBJECT)
    items = (alert.get("watch") or {}).get("items") or []
    if len(items) > 1:
        named = [found[1] for item in items[:3] if (found := _QUOTED.search(one_line(text_of(item, "what"), 300)))]
        return cut(f"{title}: {', '.join(named)}{' ...' if len(items) > 3 else ''}" if named else title, MAX_SUBJECT)
    groups = (alert.get("digest") or {}).get("groups") or []
    first = next((story for group in groups for story in group.get("stories") or []), None)
    news = one_line(text_of(first, "title"), MAX_NEWS) if first is not None else ""
    return cut(f"{news} – {title}" if news else title, MAX_SUBJECT)


def _who(alert: Mapping[str, Any]) -> list[str]:
    """The entities, but for those that are only named in passing."""
    passing = {m.get("entity") for m in alert.get("mentions") or [] if m.get("salience") == "passing"}
    names = [str(name) for name in alert.get("entities") or []]
    return [one_line(name, 40) for name in [name for name in names if name not in passing] or names]


def is_again(alert: Mapping[str, Any]) -> bool:
    """Was its story told before?"""
    return bool((alert.get("how") or {}).get("again"))
