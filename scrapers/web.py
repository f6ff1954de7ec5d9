"""What the steps ask of the web. Three ways to have it: the real thing, the real thing written down, a recording.

http.WebClient             asks the network
recorder.RecordingClient   asks another client and keeps each answer in a folder
replay.ReplayClient        answers from that folder and opens no connection
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from scrapers.hosts import HostLimits
from scrapers.http import Answer
from scrapers.refusals import Refusals
from scrapers.types import Fetched, Unchanged, Validators

__all__ = ["Web"]


class Web(Protocol):
    """``http.WebClient`` has the contracts."""

    @property
    def user_agent(self) -> str: ...

    @property
    def refusals(self) -> Refusals: ...

    @property
    def hosts(self) -> HostLimits: ...

    async def fetch(
        self,
        url: str,
        *,
        now: datetime,
        validators: Validators = ...,
        accept: str = ...,
        max_bytes: int | None = None,
    ) -> Fetched | Unchanged: ...

    async def post(
        self, url: str, *, body: bytes, headers: Mapping[str, str], deadline: float, max_answer: int
    ) -> Answer: ...
