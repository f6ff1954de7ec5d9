"""A rule as the watch list writes it <-> the form in which people write it. Pure.

mapping -> form_of() -> Form -> item_of() -> mapping, which the watch list checks
"""

from collections.abc import Mapping
from typing import Any, Final

from service.domain.keeping.spec import KINDS
from service.web.forms import Form

__all__ = ["CHOICES", "FIELDS", "form_of", "how_in_words", "item_of"]

FIELDS: Final = {
    "name": "name",
    "query": "query",
    "entities": "query",
    "channels": "channels",
    "digest": "digest",
    "timezone": "timezone",
    "group_by": "group_by",
    "group_wait": "group_wait",
    "repeat": "repeat",
    "throttle": "throttle",
    "quiet_hours": "quiet_from",
    "active": "active_from",
    "priority": "priority",
    "volume": "over",
    "within": "within",
    "watch": "watch_more",
}
"""The watch list's keys, and the field that a mistake in each is shown beside."""

_PLAIN: Final = ("digest", "timezone", "group_by", "group_wait", "repeat", "throttle", "priority", "within")
_DIGITS: Final = 18
_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CHOICES: Final = {
    "kind": (
        ("mentions", "articles that answer a query"),
        ("spike", "that far more do than usual"),
        ("quiet", "that far fewer do than usual"),
        ("watch", "what is wrong with newsvane"),
    ),
    "watch": tuple((kind, kind.replace("-", " ")) for kind in KINDS),
    "group_by": (
        ("", "story, as usual"),
        ("story", "story"),
        ("entity", "entity"),
        ("source", "source"),
        ("rule", "all in one"),
    ),
    "repeat": (("", "never"), ("material", "when it has changed: who, how much, how far it spread")),
    "within": (("", "one article"), ("story", "all articles of a story together")),
    "priority": (("", "normal"), ("low", "low"), ("high", "high")),
    "days": tuple((day, day.capitalize()) for day in _DAYS),
}


def form_of(item: Mapping[str, Any]) -> Form:
    """Filled in from a definition."""
    volume, keeping = _as_mapping(item.get("volume")), _as_mapping(item.get("watch"))
    quiet, active = item.get("quiet_hours") or {}, item.get("active") or {}
    more = {key: value for key, value in keeping.items() if key not in {"kind", "again", "resolved"}}
    return Form.of(
        {
            **{key: item.get(key) for key in _PLAIN},
            "name": item.get("name"),
            "query": item.get("query"),
            "channels": item.get("channels"),
            "kind": "watch" if keeping else volume.get("kind", "mentions"),
            "over": volume.get("over"),
            "minimum": volume.get("minimum"),
            "watch": keeping.get("kind"),
            "again": keeping.get("again"),
            "resolved": keeping.get("resolved", False),
            "watch_more": ", ".join(f"{key}: {value}" for key, value in more.items()),
            "quiet_from": quiet.get("from"),
            "quiet_to": quiet.get("to"),
            "quiet_zone": quiet.get("timezone"),
            "quiet_days": quiet.get("days"),
            "except_high": quiet.get("except_high", False),
            "active_from": active.get("from"),
            "active_to": active.get("to"),
        }
    )


def item_of(form: Form) -> dict[str, Any]:
    """As the watch list writes it; whatever is blank is left out, and defaults hold."""
    kind = form.text("kind")
    item: dict[str, Any] = {"name": form.text("name"), "channels": form.all("channels")}
    if kind == "watch":
        item["watch"] = _keeping(form)
    else:
        item["query"] = form.text("query")
    if kind in {"spike", "quiet"}:
        minimum = form.text("minimum")
        counted = {"over": form.text("over"), "minimum": _number(minimum)}
        given = {key: value for key, value in counted.items() if value != ""}
        item["volume"] = {"kind": kind, **given} if given else kind
    item |= {key: form.text(key) for key in _PLAIN if form.text(key)}
    quiet: dict[str, Any] = {
        "from": form.text("quiet_from"),
        "to": form.text("quiet_to"),
        "timezone": form.text("quiet_zone"),
        "days": form.all("quiet_days"),
    }
    quiet = {key: value for key, value in quiet.items() if value}
    if quiet:
        item["quiet_hours"] = {**quiet, "except_high": True} if form.on("except_high") else quiet
    active = {"from": form.text("active_from"), "to": form.text("active_to")}
    if any(active.values()):
        item["active"] = {key: value for key, value in active.items() if value}
    return item


def how_in_words(line: Mapping[str, Any]) -> list[str]:
    """``digest daily 08:00``, ``at most 10/hour``: of a rule as the listing has it."""
    how = line["how"]
    quiet = how.get("quiet_hours") or {}
    volume = _as_mapping(how.get("volume"))
    told = [
        f"digest {how['digest']}" if how.get("digest") else "",
        f"{volume['kind']} in {volume.get('over', 'any length of time')}" if volume else "",
        f"by {how['group_by']}" if how.get("group_by") not in {None, "story"} else "",
        f"gathers {how['group_wait']}" if how.get("group_wait") else "",
        "again when it changes" if how.get("repeat") == "material" else "",
        f"at most {how['throttle']}" if how.get("throttle") else "",
        f"quiet {quiet['from']} to {quiet['to']}" if quiet else "",
        "asked of whole stories" if how.get("within") == "story" else "",
        f"priority {how['priority']}" if how.get("priority") not in {None, "normal"} else "",
        _active(how.get("active") or {}),
    ]
    return [words for words in told if words] or ["at once, each story once"]


def _active(dates: Mapping[str, Any]) -> str:
    return " ".join(f"{word} {dates[key]}" for key, word in (("from", "from"), ("to", "until")) if dates.get(key))


def _number(text: str) -> int | str:
    """What is no number that a rule could hold stays text, which its reader refuses in words."""
    return int(text) if text.isdecimal() and len(text) <= _DIGITS else text


def _as_mapping(value: object) -> Mapping[str, Any]:
    """``spike`` is short for ``{kind: spike}``."""
    if isinstance(value, str):
        return {"kind": value}
    return value if isinstance(value, Mapping) else {}


def _keeping(form: Form) -> dict[str, Any] | str:
    given: dict[str, Any] = {}
    for part in form.lines("watch_more"):
        key, _, value = part.partition(":")
        given[key.strip()] = _number(value.strip())
    if form.text("again"):
        given["again"] = form.text("again")
    if form.on("resolved"):
        given["resolved"] = True
    return {"kind": form.text("watch"), **given} if given else form.text("watch")
