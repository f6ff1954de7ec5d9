"""Telling systemd how we are: started, stopping, and alive as long as ticks run (sd_notify(3), systemd.service(5)).

Without systemd, or with a service that does not ask for it, nothing is sent.
"""

import contextlib
import os
import socket
from collections.abc import Callable, Mapping
from typing import Final

__all__ = ["Manager"]

_MICRO: Final = 1_000_000


class Manager:
    """``environment``: where systemd says how it wants to hear of us. ``clock``: seconds that only go forward."""

    def __init__(self, environment: Mapping[str, str], clock: Callable[[], float]) -> None:
        self._address = environment.get("NOTIFY_SOCKET", "")
        self._clock = clock
        period = environment.get("WATCHDOG_USEC", "")
        for_us = environment.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
        wanted = bool(self._address) and for_us and period.isdecimal() and int(period) > 0
        self._every = int(period) / _MICRO / 2 if wanted else None  # sd_watchdog_enabled(3): half the time
        self._pinged_at: float | None = None

    @property
    def watches(self) -> bool:
        """Whether it restarts us when it hears nothing for long."""
        return self._every is not None

    def ready(self) -> None:
        self._send("READY=1")

    def stopping(self) -> None:
        """Nothing watches over us from now on but the time that a stop may take."""
        self._send("STOPPING=1")

    def alive(self) -> None:
        """To be called at each tick that is well; passed on as often as was asked for."""
        now = self._clock()
        if self._every is not None and (self._pinged_at is None or now - self._pinged_at >= self._every):
            self._pinged_at = now
            self._send("WATCHDOG=1")

    def _send(self, message: str) -> None:
        if not self._address.startswith(("/", "@")):
            return
        address = "\0" + self._address[1:] if self._address.startswith("@") else self._address
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            sender.setblocking(False)
            sender.sendto(message.encode(), address)
