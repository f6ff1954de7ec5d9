"""The event loop of what runs long: uvloop where it is installed, asyncio's own elsewhere."""

import asyncio
import gc
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

__all__ = ["run"]

T = TypeVar("T")
_COLLECT_AFTER = (10_000, 20, 20)
"""Objects made, collections of the young, collections of the middle-aged."""


def run(main: Coroutine[Any, Any, T]) -> T:
    """As ``asyncio.run``; SIGINT too is handled alike.

    What is loaded by now stays to the end, so the collector of cycles need not look at it again and again; and it looks
    less often than by default, which was a tenth of all processor time.
    """
    gc.freeze()
    gc.set_threshold(*_COLLECT_AFTER)
    with asyncio.Runner(loop_factory=_factory()) as runner:
        return runner.run(main)


def _factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop
    except ImportError:  # it is not made for this system: slower, nothing else
        return None
    return uvloop.new_event_loop
