"""How a rule tells what it finds: at once or in a digest, grouped, repeated, throttled, kept quiet. Values only.

the watch list's keys -> policy_of() -> Policy -> options_of() -> the keys again, as they are stored and exported
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from service.domain.alerting_times import (
    DAYS,
    ActiveDates,
    QuietHours,
    Schedule,
    TimesError,
    clock,
    parse_schedule,
    weekday,
    zone,
)

__all__ = ["POLICY_KEYS", "Policy", "PolicyError", "Throttle", "Volume", "options_of", "policy_of"]

POLICY_KEYS: Final = (
    "digest",
    "timezone",
    "group_by",
    "group_wait",
    "repeat",
    "throttle",
    "quiet_hours",
    "active",
    "priority",
    "volume",
    "within",
)
_GROUPS: Final = ("story", "entity", "source", "rule")
_PRIORITIES: Final = ("low", "normal", "high")
_WAIT_OF_GROUPS: Final = timedelta(minutes=5)
"""What belongs to an entity, a source or a rule goes on for ever: it is gathered for a while."""
_LONGEST_WAIT: Final = timedelta(days=1)
_UNITS: Final = {"s": 1, "m": 60, "h": 3600}
_SPANS: Final = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1)}
_MOST: Final = 10_000
_OF_VOLUME: Final = ("timezone", "group_by", "throttle", "quiet_hours", "active", "priority", "volume")
"""What a rule on volume may have: it tells of a count, and there is nothing to gather or to tell again."""
_SPANS_COUNTED: Final = (timedelta(hours=1), timedelta(days=7))
_SPIKE: Final = timedelta(hours=1)
_FEWEST: Final = 5


class PolicyError(ValueError):
    """``key`` is wrong; the text says how to mend it."""

    def __init__(self, key: str, problem: str) -> None:
        super().__init__(problem)
        self.key = key


@dataclass(frozen=True, slots=True)
class Throttle:
    """At most ``most`` alerts in any ``span``."""

    most: int
    span: timedelta
    text: str


@dataclass(frozen=True, slots=True)
class Volume:
    """A rule on how often something is named: ``spike`` or ``quiet``. ``over``: the time in which it is counted; None
    for several lengths, the first in which a silence can be told from chance. ``minimum``: fewest articles of a
    spike."""

    kind: str
    over: timedelta | None = None
    minimum: int = _FEWEST


@dataclass(frozen=True, slots=True)
class Policy:
    """How a rule tells. The default is one alert a story, at once."""

    timezone: str = "UTC"
    digest: Schedule | None = None
    group_by: str = "story"
    group_wait: timedelta = timedelta()
    repeat_material: bool = False
    throttle: Throttle | None = None
    quiet: QuietHours | None = None
    active: ActiveDates | None = None
    priority: str = "normal"
    volume: Volume | None = None
    within_story: bool = False
    """The query is asked of all mentions and facts of a story."""

    @property
    def is_plain(self) -> bool:
        """At once, one a story, always: nothing to weigh."""
        return self == _PLAIN or self == Policy(priority=self.priority)

    @property
    def quiet_hours(self) -> QuietHours | None:
        """Those that hold for a rule of this priority."""
        return None if self.quiet and self.quiet.except_high and self.priority == "high" else self.quiet

    def next_digest(self, after: datetime) -> datetime | None:
        return self.digest.next_fire(after, zone(self.timezone)) if self.digest else None


_PLAIN = Policy()


def policy_of(options: Mapping[str, Any]) -> Policy:
    """Read a rule's keys; those left out have their defaults. Raises PolicyError."""
    key = next((key for key in options if key not in POLICY_KEYS), None)
    if key is not None:
        raise PolicyError(key, f"unknown key; use {', '.join(POLICY_KEYS)}")
    timezone = _read("timezone", options, "UTC", lambda text: zone(text).key)
    group_by = _choice(options, "group_by", _GROUPS, "story" if options.get("volume") is None else "rule")
    volume = _volume(options)
    within_story = _choice(options, "within", ("article", "story"), "article") == "story"
    wait = options.get("group_wait")
    usual_wait = timedelta() if group_by == "story" else _WAIT_OF_GROUPS
    return Policy(
        timezone=timezone,
        digest=_read("digest", options, None, parse_schedule),
        group_by=group_by,
        group_wait=usual_wait if wait is None else _wait(wait),
        repeat_material=_choice(options, "repeat", ("never", "material"), "never") == "material",
        throttle=_read("throttle", options, None, _throttle),
        quiet=_quiet(options.get("quiet_hours"), timezone),
        active=_active(options.get("active"), timezone),
        priority=_choice(options, "priority", _PRIORITIES, "normal"),
        volume=volume,
        within_story=within_story,
    )


def options_of(options: Mapping[str, Any]) -> dict[str, Any]:
    """The keys as they are stored and exported: JSON values, checked; dates that YAML read become text again.

    Raises PolicyError.
    """
    policy_of(options)
    kept: dict[str, Any] = {}
    for key in POLICY_KEYS:
        value = options.get(key)
        if isinstance(value, Mapping):
            value = {
                inner: part.isoformat() if isinstance(part, date) else part
                for inner, part in value.items()
                if part is not None
            }
        if value is not None:
            kept[key] = value
    return kept


def _read(key: str, options: Mapping[str, Any], otherwise: Any, read: Any) -> Any:  # noqa: ANN401
    value = options.get(key)
    if value is None:
        return otherwise
    return _told(key, read, _text(key, value))


def _told(key: str, read: Any, value: str) -> Any:  # noqa: ANN401
    try:
        return read(value)
    except TimesError as error:
        raise PolicyError(key, str(error)) from error


def _text(key: str, value: object) -> str:
    if not isinstance(value, str):
        # YAML 1.1 reads 22:00 as the number 1320.
        raise PolicyError(key, f"must be text, and is {value!r}; put it in quotes")
    return value.strip()


def _choice(options: Mapping[str, Any], key: str, known: tuple[str, ...], otherwise: str) -> str:
    value = options.get(key)
    if value is None:
        return otherwise
    if value not in known:
        raise PolicyError(key, f"{value!r} is not known; write {', '.join(known[:-1])} or {known[-1]}")
    return str(value)


def _wait(value: object) -> timedelta:
    text = str(value)
    number, unit = (text[:-1], text[-1]) if text[-1:] in _UNITS else (text, "s")
    if isinstance(value, bool) or not (number.isascii() and number.isdecimal()) or len(number) > 6:
        raise PolicyError("group_wait", f"{value!r} is no waiting time; write 30s, 5m or 1h")
    wait = timedelta(seconds=int(number) * _UNITS[unit])
    if wait > _LONGEST_WAIT:
        raise PolicyError("group_wait", f"{value!r} is longer than a day; use a digest instead")
    return wait


def _volume(options: Mapping[str, Any]) -> Volume | None:
    """``spike``, ``quiet``, or a mapping with ``kind``, ``over``, ``minimum``."""
    value = options.get("volume")
    if value is None:
        return None
    given = _mapping("volume", {"kind": value} if isinstance(value, str) else value, {"kind", "over", "minimum"})
    kind = given.get("kind")
    if kind not in ("spike", "quiet"):
        raise PolicyError("volume.kind", f"{kind!r} is not known; write spike or quiet")
    other = next((key for key in POLICY_KEYS if options.get(key) is not None and key not in _OF_VOLUME), None)
    if other is not None:
        raise PolicyError(other, f"does not go with volume; use {', '.join(_OF_VOLUME)}")
    if options.get("group_by", "rule") not in ("rule", "entity"):
        raise PolicyError("group_by", "counts either each entity (entity) or all that answers the query (rule)")
    over = None if given.get("over") is None else _counted(given["over"])
    minimum = given.get("minimum", _FEWEST)
    if isinstance(minimum, bool) or not isinstance(minimum, int) or not 1 <= minimum <= _MOST:
        raise PolicyError("volume.minimum", f"{minimum!r} is no number from 1 to {_MOST}")
    return Volume(kind, over or (_SPIKE if kind == "spike" else None), minimum)


def _counted(value: object) -> timedelta:
    found = re.fullmatch(r"(\d{1,3})([hd])", str(value), re.ASCII)
    over = timedelta(hours=int(found[1]) * (24 if found[2] == "d" else 1)) if found else timedelta()
    if not _SPANS_COUNTED[0] <= over <= _SPANS_COUNTED[1]:
        raise PolicyError("volume.over", f"{value!r} is no time to count over; write 1h, 6h or 2d, at most 7d")
    return over


def _throttle(text: str) -> Throttle:
    found = re.fullmatch(r"(\d{1,5}) ?/ ?(minute|hour|day)", text, re.ASCII)
    if found is None or not 1 <= int(found[1]) <= _MOST:
        raise TimesError(f"{text!r} is no throttle; write 10/hour (or /minute, /day), from 1 to {_MOST}")
    return Throttle(int(found[1]), _SPANS[found[2]], text)


def _quiet(value: object, timezone: str) -> QuietHours | None:
    if value is None:
        return None
    given = _mapping("quiet_hours", value, {"from", "to", "timezone", "days", "except_high"})
    if "from" not in given or "to" not in given:
        raise PolicyError("quiet_hours", 'needs from and to, such as {from: "22:00", to: "07:00"}')
    start = _told("quiet_hours.from", clock, _text("quiet_hours.from", given["from"]))
    until = _text("quiet_hours.to", given["to"])
    end = None if until == "24:00" else _told("quiet_hours.to", clock, until)
    if start == end:
        raise PolicyError("quiet_hours", 'from and to are the same; a whole day is {from: "00:00", to: "24:00"}')
    days = given.get("days", list(DAYS))
    if not isinstance(days, list) or not days:
        raise PolicyError("quiet_hours.days", "must be a list of days, such as [sat, sun]")
    high = given.get("except_high", False)
    if not isinstance(high, bool):
        raise PolicyError("quiet_hours.except_high", f"must be true or false, and is {high!r}")
    begins = frozenset(_told("quiet_hours.days", weekday, _text("quiet_hours.days", day)) for day in days)
    if len(begins) == len(DAYS) and end is None and start == clock("00:00"):
        raise PolicyError("quiet_hours", "are never over; leave out a day, or switch the rule off")
    where = _told("quiet_hours.timezone", zone, _text("quiet_hours.timezone", given.get("timezone", timezone)))
    return QuietHours(start, end, where, begins, high)


def _active(value: object, timezone: str) -> ActiveDates | None:
    if value is None:
        return None
    given = _mapping("active", value, {"from", "to"})
    first, last = _date("active.from", given.get("from")), _date("active.to", given.get("to"))
    if first and last and last < first:
        raise PolicyError("active", "ends before it begins; swap from and to")
    return ActiveDates(first, last, zone(timezone))


def _date(key: str, value: object) -> date | None:
    if value is None:
        return None
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError as error:
        raise PolicyError(key, f"{value!r} is no day; write 2026-11-22") from error


def _mapping(key: str, value: object, known: set[str]) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise PolicyError(key, f"must be a mapping with {', '.join(sorted(known))}")
    for inner in value:
        if inner not in known:
            raise PolicyError(key, f"unknown key {inner!r}; use {', '.join(sorted(known))}")
    return {inner: part for inner, part in value.items() if part is not None}
