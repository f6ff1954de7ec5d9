"""What a watch-keeping rule looks at, and from when on it is wrong: the watch list's key ``watch``. Values only.

watch: disk-low    or    watch: {kind: disk-low, free: 2GB, again: 1d}
-> keeping_of() -> Keeping;  keeping_to_mapping() -> as it is stored and exported
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final

from service.domain.alerting_policy import Policy, PolicyError, policy_of

__all__ = ["CALM", "KINDS", "Keeping", "keeping_of", "keeping_to_mapping", "policy_for"]

CALM: Final = timedelta(minutes=10)
"""A trouble that is not seen for this long is over; one that comes back sooner never went."""
_GATHERED: Final = timedelta(minutes=5)
"""What goes wrong together is seen over a few minutes."""
_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_LONGEST: Final = timedelta(days=365)
_UNITS: Final = {"s": timedelta(seconds=1), "m": _MINUTE, "h": _HOUR, "d": _DAY}
_SIZES: Final = {"MB": 1000**2, "GB": 1000**3, "TB": 1000**4}


@dataclass(frozen=True, slots=True)
class Keeping:
    """What is looked at. Only the fields that belong to ``kind`` mean something (docs/rules.md has the table).

    ``after``: how long it must last. ``failures``: how many of them, weighted. ``missed``: how many expected items.
    ``last``: how many articles. ``share``: of the length before, or of the disk. ``free``: bytes. ``again``: told again
    after this time while it lasts; None: never. ``resolved``: its end is told, too.
    """

    kind: str
    after: timedelta = timedelta()
    failures: int = 0
    missed: int = 3
    last: int = 10
    share: float = 0.0
    free: int = 0
    again: timedelta | None = None
    resolved: bool = False


_DEFAULTS: Final = {
    "source-failing": Keeping("source-failing", after=12 * _HOUR, failures=8),
    "source-silent": Keeping("source-silent", missed=3),
    "body-collapse": Keeping("body-collapse", last=10, share=0.35),
    "channel-failing": Keeping("channel-failing", after=_HOUR, failures=3),
    "backlog-growing": Keeping("backlog-growing", after=10 * _MINUTE),
    "disk-low": Keeping("disk-low", free=1000**3, share=0.01),
}
KINDS: Final = tuple(_DEFAULTS)
_OWN: Final = {
    "source-failing": ("after", "failures"),
    "source-silent": ("missed",),
    "body-collapse": ("last", "share"),
    "channel-failing": ("after", "failures"),
    "backlog-growing": ("after",),
    "disk-low": ("free", "share"),
}


def keeping_of(value: object) -> Keeping:
    """Read the key ``watch``. Raises PolicyError, whose key says where."""
    given: Mapping[str, Any] = {}
    if isinstance(value, str | Mapping):
        given = {"kind": value} if isinstance(value, str) else value
    kind = given.get("kind")
    if kind not in _DEFAULTS:
        raise PolicyError("watch", f"{kind if given else value!r} is nothing that is watched; use {', '.join(KINDS)}")
    known = ("kind", *_OWN[kind], "again", "resolved")
    found: dict[str, Any] = {}
    for key, part in given.items():
        if key not in known:
            raise PolicyError(f"watch.{key}", f"unknown key for {kind}; use {', '.join(known)}")
        if key != "kind" and part is not None:
            found[key] = _READ[key](f"watch.{key}", part)
    default = _DEFAULTS[kind]
    return Keeping(**{**{name: getattr(default, name) for name in Keeping.__slots__}, **found})


def keeping_to_mapping(value: object) -> dict[str, Any]:
    """The key as it is stored: checked, with ``kind`` first. Raises PolicyError."""
    kind = keeping_of(value).kind
    rest = {key: part for key, part in value.items() if part is not None} if isinstance(value, Mapping) else {}
    return {"kind": kind, **{key: part for key, part in rest.items() if key != "kind"}}


def policy_for(options: Mapping[str, Any]) -> Policy:
    """How such a rule tells: as others, but gathered for five minutes unless it says otherwise. Raises PolicyError."""
    if "group_by" in options:
        raise PolicyError("group_by", "is for rules with a query; what is wrong is always told together")
    policy = policy_of(options)
    return policy if options.get("group_wait") is not None else replace(policy, group_wait=_GATHERED)


def _span(key: str, value: object) -> timedelta:
    found = re.fullmatch(r"(\d{1,6})([smhd])", str(value), re.ASCII)
    span = int(found[1]) * _UNITS[found[2]] if found else timedelta()
    if not timedelta() < span <= _LONGEST:
        raise PolicyError(key, f"{value!r} is no time; write 30m, 12h or 2d")
    return span


def _number(key: str, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 1000:
        raise PolicyError(key, f"{value!r} is no number from 1 to 1000")
    return value


def _last(key: str, value: object) -> int:
    number = _number(key, value)
    if not 3 <= number <= 30:
        raise PolicyError(key, f"{value!r}: write a number of articles from 3 to 30")
    return number


def _share(key: str, value: object) -> float:
    found = re.fullmatch(r"(\d{1,2}(?:\.\d{1,3})?) ?%", str(value), re.ASCII)
    if found is None or float(found[1]) == 0:
        raise PolicyError(key, f"{value!r} is no share; write 5%")
    return float(found[1]) / 100


def _size(key: str, value: object) -> int:
    found = re.fullmatch(r"(\d{1,5}) ?(MB|GB|TB)", str(value), re.ASCII)
    if found is None or int(found[1]) == 0:
        raise PolicyError(key, f"{value!r} is no size; write 500MB or 2GB")
    return int(found[1]) * _SIZES[found[2]]


def _flag(key: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise PolicyError(key, f"must be true or false, and is {value!r}")
    return value


_READ: Final = {
    "after": _span,
    "failures": _number,
    "missed": _number,
    "last": _last,
    "share": _share,
    "free": _size,
    "again": _span,
    "resolved": _flag,
}
