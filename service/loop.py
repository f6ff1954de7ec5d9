"""The event loop of what runs long: asyncio's own, with a collector of cycles that looks less often.

Not uvloop (docs/adr/0011): the process was seen to abort when thousands of requests were cancelled on it.
"""

import asyncio
import gc
import sys
from collections.abc import Coroutine
from typing import Any, TypeVar

__all__ = ["run"]

T = TypeVar("T")
_COLLECT_AFTER = (10_000, 20, 20)
"""Objects made, collections of the young, collections of the middle-aged."""

_SWITCH_SECONDS = 0.001
"""How long a thread that matches a long text may keep the loop waiting each time; by default 5 ms."""


def run(main: Coroutine[Any, Any, T]) -> T:
    """As ``asyncio.run``. What is loaded by now stays to the end, so the collector need not look at it again and again;
    by default that was a tenth of all processor time."""
    gc.freeze()
    gc.set_threshold(*_COLLECT_AFTER)
    sys.setswitchinterval(_SWITCH_SECONDS)
    return asyncio.run(main)
