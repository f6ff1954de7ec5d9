"""Writes a recording: each fetch of another client, once its answer is there.

fetch(url) -> the client's fetch -> body, packed, into its file -> a line of the index -> the answer
"""

import asyncio
import gzip
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from scrapers.errors import FetchError
from scrapers.hosts import HostLimits
from scrapers.http import Answer
from scrapers.recorded_lines import line_of, time_text, written
from scrapers.recording import BODIES, FORMAT, INDEX, MAX_BODY, MAX_LINE, VERSION, Exchange, Kept, RecordingError
from scrapers.redaction import Redactor
from scrapers.refusals import Refusals
from scrapers.types import Fetched, Unchanged, Validators
from scrapers.web import Web

__all__ = ["RecordingClient", "RecordingWriter"]


class RecordingWriter:
    """Owns the folder's index and bodies. ``settings``: plain numbers for the first line. ``most_bytes``: what the
    folder may hold; beyond it nothing more is written and ``full`` is set.

    Every line is whole or absent, but for the last one of a process that was killed. Raises RecordingError where a
    recording is there already, OSError where the folder cannot be written.
    """

    def __init__(
        self,
        folder: Path,
        redactor: Redactor,
        *,
        started_at: datetime,
        settings: Mapping[str, int | bool],
        most_bytes: int,
    ) -> None:
        self.full = asyncio.Event()
        self.fetches = 0
        self._folder = folder
        self._redactor = redactor
        self._left = most_bytes
        (folder / BODIES).mkdir(parents=True, exist_ok=True)
        try:
            self._index = (folder / INDEX).open("x", encoding="utf-8", newline="\n")
        except FileExistsError as error:
            raise RecordingError(f"{folder}: holds a recording already; name another folder") from error
        head = {"format": FORMAT, "version": VERSION, "started_at": time_text(started_at), "settings": dict(settings)}
        self._write(head)

    async def keep(
        self, asked_at: datetime, url: str, validators: Validators, accept: str,
        answer: Fetched | Unchanged | FetchError, now: Callable[[], datetime],
    ) -> None:  # fmt: skip
        """Write one fetch. ``now`` is asked when its line is written, so that lines are in the order of their times."""
        kept = await self._body(answer) if isinstance(answer, Fetched) else answer
        if kept is None or self.full.is_set():
            return
        line = line_of(Exchange(now(), asked_at, url, validators, accept, kept))
        text = self._redactor.text(json.dumps(line, ensure_ascii=False))
        if len(text) < MAX_LINE and self._fits(len(text.encode())):
            self._index.write(text + "\n")
            self._index.flush()
            self.fetches += 1

    def end(self, at: datetime, unread: Iterable[str] = ()) -> None:
        """Write that this is the whole recording. ``unread``: pages that were still to be fetched."""
        texts = sorted(self._redactor.text(written(url)) for url in unread)
        while len(json.dumps(texts)) > MAX_LINE - 1000:
            del texts[len(texts) // 2 :]
        self._write({"end": {"at": time_text(at), "unread": texts, "full": self.full.is_set()}})

    def close(self) -> None:
        self._index.close()

    async def _body(self, answer: Fetched) -> Kept | None:
        """None when it does not fit any more."""
        body = self._redactor.data(answer.body)
        if len(body) > MAX_BODY:
            return None
        digest = hashlib.sha256(body).hexdigest()
        file = self._folder / BODIES / f"{digest}.gz"
        if not await asyncio.to_thread(file.is_file):
            packed = await asyncio.to_thread(gzip.compress, body, 6, mtime=0)
            if not self._fits(len(packed)):
                return None
            await asyncio.to_thread(file.write_bytes, packed)
        return Kept(replace(answer, body=b""), digest, len(body))

    def _fits(self, size: int) -> bool:
        if self.full.is_set() or size > self._left:
            self.full.set()
            return False
        self._left -= size
        return True

    def _write(self, line: dict[str, Any]) -> None:
        self._index.write(json.dumps(line, ensure_ascii=False) + "\n")
        self._index.flush()


class RecordingClient:
    """A ``Web`` that keeps what ``web`` fetched. A fetch that is cancelled leaves nothing, and posts are not kept."""

    def __init__(self, web: Web, writer: RecordingWriter, now: Callable[[], datetime]) -> None:
        self._web = web
        self._writer = writer
        self._now = now

    @property
    def user_agent(self) -> str:
        return self._web.user_agent

    @property
    def refusals(self) -> Refusals:
        return self._web.refusals

    @property
    def hosts(self) -> HostLimits:
        return self._web.hosts

    async def fetch(
        self,
        url: str,
        *,
        now: datetime,
        validators: Validators = Validators(),  # noqa: B008 (frozen)
        accept: str = "*/*",
        max_bytes: int | None = None,
    ) -> Fetched | Unchanged:
        """As the client underneath."""
        answer: Fetched | Unchanged | FetchError
        try:
            answer = await self._web.fetch(url, now=now, validators=validators, accept=accept, max_bytes=max_bytes)
        except FetchError as error:
            answer = error
        await self._writer.keep(now, url, validators, accept, answer, self._now)
        if isinstance(answer, FetchError):
            raise answer
        return answer

    async def post(
        self, url: str, *, body: bytes, headers: Mapping[str, str], deadline: float, max_answer: int
    ) -> Answer:
        """As the client underneath."""
        return await self._web.post(url, body=body, headers=headers, deadline=deadline, max_answer=max_answer)
