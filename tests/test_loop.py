"""The loop of the daemon: what asyncio promises and uvloop did not keep."""

import asyncio
import os
import socket
from collections.abc import Callable

import pytest

from service import loop

GENEROUS = 30
"""Seconds. Ends a hang, decides nothing."""
LOOPS = pytest.mark.parametrize(
    "new_loop", [asyncio.new_event_loop, loop.new_event_loop], ids=["asyncio's loop", "the daemon's"]
)


@LOOPS
def test_a_descriptor_is_closed_once_when_taking_a_socket_over_is_cancelled(
    new_loop: Callable[[], asyncio.AbstractEventLoop],
) -> None:
    async def give_up() -> None:
        with socket.create_server(("127.0.0.1", 0)) as server:
            ours = socket.create_connection(server.getsockname())
            theirs, _ = server.accept()
        number = ours.fileno()
        taking = asyncio.create_task(asyncio.get_running_loop().create_connection(asyncio.Protocol, sock=ours))
        await asyncio.sleep(0)  # it has begun
        taking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await taking
        for _ in range(5):
            await asyncio.sleep(0)
        assert ours.fileno() == -1
        theirs.settimeout(GENEROUS)
        assert theirs.recv(1) == b""  # it is closed, and not merely forgotten
        theirs.close()
        reader, writer = os.pipe()  # somebody else gets the number
        assert number in (reader, writer)
        del ours
        for end in (reader, writer):
            os.close(end)  # raises when it was closed already

    with asyncio.Runner(loop_factory=new_loop) as runner:
        runner.run(give_up())


def test_what_is_run_gives_its_value() -> None:
    async def answer() -> int:
        return 42

    assert loop.run(answer()) == 42
