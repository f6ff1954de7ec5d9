"""Work that is measured runs in a process of its own, and what it talks to in another: figures do not mix."""

import multiprocessing
import os
import resource
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

__all__ = ["apart", "beside", "children", "cpu", "peak_mb", "rss_mb"]

T = TypeVar("T")
_SPAWN = multiprocessing.get_context("spawn")


def apart(function: Callable[..., T], *arguments: Any) -> T:
    """What ``function`` (of a module, with arguments that can be pickled) returns in a fresh process."""
    ours, theirs = _SPAWN.Pipe()
    process = _SPAWN.Process(target=_answer, args=(theirs, function, arguments))
    process.start()
    theirs.close()
    try:
        value: T = ours.recv()
    except EOFError as error:
        raise RuntimeError(f"{function.__name__} failed, see above") from error
    finally:
        process.join()
    return value


@contextmanager
def beside(function: Callable[..., None], *arguments: Any) -> Iterator[Any]:
    """Run ``function(pipe, *arguments)`` in a process that is killed at the end; the first thing that it sends."""
    ours, theirs = _SPAWN.Pipe()
    process = _SPAWN.Process(target=function, args=(theirs, *arguments))
    process.start()
    try:
        yield ours.recv()
    finally:
        process.kill()
        process.join()


def cpu(*children: int) -> float:
    """Seconds of processor time of this process and of these children, while they run."""
    # Linux: a process's clock is the complement of its id, shifted, with 2 for "scheduler" (clock_getcpuclockid).
    return time.process_time() + sum(time.clock_gettime((~pid << 3) | 2) for pid in children)


def children() -> list[int]:
    """The processes that this one has started and that still run."""
    tasks = Path("/proc/self/task").iterdir()
    return [int(pid) for task in tasks for pid in (task / "children").read_text("ascii").split()]


def rss_mb() -> float:
    """Memory of this process that is in use now."""
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def peak_mb() -> float:
    """The most that it ever was."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


def _answer(pipe: Any, function: Callable[..., object], arguments: tuple[object, ...]) -> None:
    pipe.send(function(*arguments))
