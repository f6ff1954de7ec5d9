"""The event loop of what runs long: uvloop's where it installs, with a collector of cycles that looks less often.

uvloop 0.22.1 and older leaves a descriptor to be closed twice when ``create_connection(sock=...)`` is cancelled (issue
738 of its project); whoever was given the number meanwhile loses a connection. The loop made here does not.
"""

import asyncio
import gc
import socket
import sys
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

__all__ = ["new_event_loop", "run"]

T = TypeVar("T")
_COLLECT_AFTER = (50_000, 20, 20)
"""Objects made, collections of the young, collections of the middle-aged."""

_SWITCH_SECONDS = 0.001
"""How long a thread that matches a long text may keep the loop waiting each time; by default 5 ms."""

new_event_loop: Callable[[], asyncio.AbstractEventLoop]
try:
    import uvloop
except ImportError:  # on Windows, and under other Pythons than CPython
    new_event_loop = asyncio.new_event_loop
else:

    class _MendedLoop(uvloop.Loop):
        async def create_connection(
            self,
            protocol_factory: Callable[[], asyncio.BaseProtocol],
            *args: Any,  # noqa: ANN401 - as asyncio's
            sock: socket.socket | None = None,
            **options: Any,  # noqa: ANN401
        ) -> Any:  # noqa: ANN401
            """As asyncio's. What uvloop took over and closed, the socket object does not close once more."""
            try:
                return await super().create_connection(protocol_factory, *args, sock=sock, **options)
            except asyncio.CancelledError:
                # A socket is uvloop's by the first moment at which this can be cancelled.
                if sock is not None:
                    sock.detach()
                raise

    new_event_loop = _MendedLoop


def run(main: Coroutine[Any, Any, T]) -> T:
    """As ``asyncio.run``. What is loaded by now stays to the end, so the collector need not look at it again and again;
    by default that was a tenth of all processor time."""
    gc.freeze()
    gc.set_threshold(*_COLLECT_AFTER)
    sys.setswitchinterval(_SWITCH_SECONDS)
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        return runner.run(main)
