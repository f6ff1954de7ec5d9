"""Whether the process still does what it is for: its ticks run, and its lanes get an answer when they look for work."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from service.dispatch.lane import Lane

__all__ = ["STALE_SECONDS", "Pulse"]

STALE_SECONDS: Final = 60.0
"""Ticks come every second: after a minute without one, or with looks that nobody answers, something hangs."""


@dataclass(slots=True)
class Pulse:
    """``beat()`` at every tick. ``clock``: seconds that only go forward."""

    lanes: Sequence[Lane[Any]]
    clock: Callable[[], float]
    ticks: int = 0
    _started: float = 0.0
    _last: float | None = None
    _looks: dict[str, tuple[int, float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._started = self.clock()

    def beat(self) -> None:
        """A tick ran; every lane is about to look. Notes which of them have looked since the last one."""
        now = self.clock()
        self.ticks += 1
        self._last = now
        for lane in self.lanes:
            looks, _ = self._looks.get(lane.name, (-1, now))
            if lane.looks != looks or lane.full:
                self._looks[lane.name] = (lane.looks, now)

    @property
    def age(self) -> float:
        """Seconds since the last tick, or since the start while there was none."""
        return self.clock() - (self._started if self._last is None else self._last)

    @property
    def stuck(self) -> tuple[str, ...]:
        """Lanes that were told to look for work and found out nothing for a minute: their claims hang or fail."""
        now = self.clock()
        return tuple(name for name, (_, since) in self._looks.items() if now - since > STALE_SECONDS)

    @property
    def hangs(self) -> bool:
        """Whether a claim never came back, which only a new start mends; one that fails is tried again each second."""
        stuck = self.stuck
        return any(lane.looking for lane in self.lanes if lane.name in stuck)

    @property
    def trouble(self) -> str | None:
        """In words; None while all is well."""
        if self.age > STALE_SECONDS:
            return f"no tick for {self.age:.0f} s"
        if self.stuck:
            return f"nothing was answered to {', '.join(self.stuck)} for over {STALE_SECONDS:.0f} s"
        return None
