"""Parsing in processes that can be killed: one hostile document costs one worker, never the service.

    await pool.parse_feed(...) -> queue -> worker: parse within time and memory -> plain value -> Feed
                                                 -> killed, died, out of memory -> ParseError; a new worker starts

Workers are spawned, not forked: a fork of a process with threads may copy a lock that nobody will release. They are
not forked from a fork server either: were that one process hit by a signal, all workers would count as dead.
"""

import asyncio
import gc
import multiprocessing
import resource
import signal
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from pebble import CONSTS, ProcessExpired, ProcessPool

from scrapers.errors import ParseError
from scrapers.types import ArticleText, Feed

__all__ = ["ParserPool"]

_COLLECT_AFTER = 5_000
"""Objects made; by default 700. A document leaves few cycles behind."""
_RECYCLE_AFTER = 2000
"""Tasks of one worker: the parsing libraries keep caches."""
# Workers ignore SIGTERM, so waiting for them to obey it is only a delay before SIGKILL.
CONSTS.term_timeout = 0.05


class ParserPool:
    """``workers``: processes. ``seconds``: wall time of one document, not counting its wait for a worker.
    ``memory_mb``: address space of a worker. Processes start with the first document, or with ``warm()``.

    Cancelling a call kills the worker that is at it. Call ``close()`` at the end.

    ``lost``: workers that ended over a document, by why: ``overran-time`` (killed) or ``crashed``; ``restarts``: how
    often all of them were started anew.
    """

    def __init__(self, workers: int, *, seconds: float = 20, memory_mb: int = 1024) -> None:
        self._workers = workers
        self._seconds = seconds
        self._memory_mb = memory_mb
        self._pool: ProcessPool | None = None
        self._closed = False
        self.lost = {"overran-time": 0, "crashed": 0}
        self.restarts = 0
        self._under_way: set[Future[Any]] = set()

    async def warm(self) -> None:
        """Start the processes and wait until one has loaded the parsers."""
        await self._run(_nothing, {})

    async def parse_feed(self, body: bytes, **options: Any) -> Feed:  # noqa: ANN401
        """``scrapers.feed.parse_feed`` in a worker: its arguments, result and errors, and ParseError
        ``overran-time``, ``overran-memory`` or ``crashed``."""
        feed: Feed = await self._run(_parse_feed, {"body": body, **options})
        return feed

    async def extract_article(self, body: bytes, **options: Any) -> ArticleText:  # noqa: ANN401
        """``scrapers.article.extract_article`` in a worker; errors as for ``parse_feed``."""
        article: ArticleText = await self._run(_extract_article, {"body": body, **options})
        return article

    async def close(self) -> None:
        """Kill the workers, whatever they are at. Calls under way end with ParseError ``crashed``."""
        self._closed = True
        pool, self._pool = self._pool, None
        for future in tuple(self._under_way):  # pebble leaves those of running tasks open for ever
            future.cancel()
        if pool is not None:
            await asyncio.to_thread(_stop, pool)

    async def _run(self, function: Callable[..., Any], options: dict[str, Any]) -> Any:  # noqa: ANN401
        for _ in range(3):
            if self._closed:
                raise RuntimeError("the parser pool is closed")
            pool = self._open_pool()
            try:
                future = pool.schedule(_guarded, args=(function, options), timeout=self._seconds)
                self._under_way.add(future)
                future.add_done_callback(self._under_way.discard)
                outcome, value, code = await asyncio.wrap_future(future)
            except TimeoutError as error:
                self.lost["overran-time"] += 1
                message = f"Reading the document took more than {self._seconds:g} seconds."
                raise ParseError(message, code="overran-time") from error
            except ProcessExpired as error:
                self.lost["crashed"] += 1
                raise ParseError("The process that read the document died.", code="crashed") from error
            except (BrokenProcessPool, RuntimeError):
                # pebble gives a pool up when a worker dies while nothing runs.
                await self._replace(pool)
                continue
            except asyncio.CancelledError:
                if _cancelled_from_outside():
                    raise
                raise ParseError("Reading was stopped: the pool was closed.", code="crashed") from None
            if outcome == "failed":
                raise ParseError(value, code=code)
            return value
        raise ParseError("The processes that read documents keep dying.", code="crashed")

    def _open_pool(self) -> ProcessPool:
        if self._pool is None:
            self._pool = ProcessPool(
                max_workers=self._workers,
                max_tasks=_RECYCLE_AFTER,
                initializer=_prepare_worker,
                initargs=(self._memory_mb,),
                context=multiprocessing.get_context("spawn"),
            )
        return self._pool

    async def _replace(self, broken: ProcessPool) -> None:
        if self._pool is broken:
            self._pool = None
            self.restarts += 1
        await asyncio.to_thread(_stop, broken)


def _cancelled_from_outside() -> bool:
    """Whether this task was cancelled, and not only the future that it waits for."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def _stop(pool: ProcessPool) -> None:
    pool.stop()  # type: ignore[no-untyped-call]
    pool.join()


def _prepare_worker(memory_mb: int) -> None:
    # A signal to the group (Ctrl-C, a service manager's stop) is for the parent, which decides what is finished.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    # Loading counts neither against a document's time nor against its memory.
    import scrapers.article
    import scrapers.feed

    scrapers.article.detect_language("The language model is loaded before the first document.")
    # What is loaded stays to the end: the collector of cycles need not look at it for each document.
    gc.freeze()
    gc.set_threshold(_COLLECT_AFTER)
    limit = memory_mb * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _guarded(function: Callable[..., Any], options: dict[str, Any]) -> tuple[str, Any, str]:
    """Run in the worker. Errors go back as plain values: not every exception survives pickling."""
    try:
        return "done", function(**options), ""
    except ParseError as error:
        return "failed", str(error), error.code
    except MemoryError:
        return "failed", "Reading the document took more memory than is allowed.", "overran-memory"
    except Exception as error:  # noqa: BLE001 (a library's fault on one document must not stop the others)
        return "failed", f"The parser failed on the document ({type(error).__name__}).", "crashed"


def _nothing() -> None:
    return None


def _parse_feed(**options: Any) -> Feed:  # noqa: ANN401
    from scrapers.feed import parse_feed

    return parse_feed(**options)


def _extract_article(**options: Any) -> ArticleText:  # noqa: ANN401
    from scrapers.article import extract_article

    return extract_article(**options)
