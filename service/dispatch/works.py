"""What runs in this process beside the pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from scrapers.workers import ParserPool
from service.counters import Counters
from service.dispatch.lane import Lane
from service.dispatch.pulse import Pulse

__all__ = ["Works"]


@dataclass(frozen=True, slots=True)
class Works:
    """For whoever watches over it. ``watchdog``: a service manager restarts the process when its ticks stop."""

    lanes: Sequence[Lane[Any]]
    pulse: Pulse
    parser: ParserPool
    counters: Counters
    watchdog: bool = False
