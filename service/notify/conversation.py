"""A conversation with a receiver, told line by line: for ``newsvane channels test``.

``>`` is what we said, ``<`` what was answered. Secrets are masked: a conversation ends up in bug reports.
"""

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from aiosmtplib import SMTP, SMTPResponse, SMTPResponseException

from service.domain.unsubscribing import UNSUBSCRIBE_PATH
from service.notify.clean import cut, plain

if TYPE_CHECKING:
    from service.notify.webhook import Answer, Poster

__all__ = ["Tell", "ToldPoster", "ToldSmtp", "masked"]

Tell = Callable[[str], None]
_OPEN_HEADERS: Final = frozenset({"content-type", "webhook-id", "webhook-timestamp", "content-length"})
"""Headers whose values are no secret. A channel's own may carry anything."""
_SHOWN: Final = 2000
_SOFT_BREAK: Final = re.compile(rb"(?<!=)=\r\n")
"""Of quoted-printable (RFC 2045 section 6.7). Boundaries between parts end in two of these signs."""
_LINK: Final = re.compile(rf"({re.escape(UNSUBSCRIBE_PATH)})[A-Za-z0-9_.=-]+")


class ToldPoster:
    """A Poster that tells what it posts and what comes back."""

    def __init__(self, poster: "Poster", tell: Tell) -> None:
        self._poster, self._tell = poster, tell

    async def post(
        self, url: str, *, body: bytes, headers: Mapping[str, str], deadline: float, max_answer: int
    ) -> "Answer":
        """As Poster has it. The address is told without its path, which is a secret with many services."""
        parts = urlsplit(url)
        self._tell(f"> POST {parts.scheme}://{parts.netloc}/...")
        for name, value in headers.items():
            self._tell(f"> {name}: {value if name in _OPEN_HEADERS else '***'}")
        self._tell(">")
        for line in _lines(body):
            self._tell(f"> {line}")
        answer = await self._poster.post(url, body=body, headers=headers, deadline=deadline, max_answer=max_answer)
        self._tell(f"< {answer.status}")
        for name, value in answer.headers.items():
            self._tell(f"< {cut(plain(name), 100)}: {'***' if 'cookie' in name.lower() else cut(plain(value), 300)}")
        self._tell("<")
        for line in _lines(answer.excerpt):
            self._tell(f"< {line}")
        return answer


class ToldSmtp(SMTP):
    """An SMTP client that tells each command and answer; ``tell`` is set before it connects."""

    tell: Tell
    told_one: bool = False
    """The same mail to the next recipient is told by its headers."""

    async def connect(self, **options: Any) -> SMTPResponse:  # noqa: ANN401 - the library's own
        self.tell(f"* connecting to {self.hostname}:{self.port}")
        answer = await super().connect(**options)
        self.tell("* connected" + (", encrypted" if self.get_transport_info("sslcontext") is not None else ""))
        return answer

    async def execute_command(self, *args: bytes, timeout: Any = None) -> SMTPResponse:  # noqa: ANN401, ASYNC109
        words = b" ".join(args).decode("utf-8", "replace")
        # What is no command is the second half of a log-in.
        secret = not words.split(" ")[0].isalpha() or words.upper().startswith("AUTH")
        self.tell(
            f"> {words.partition(' ')[0] + ' ***' if words.upper().startswith('AUTH') else '***'}"
            if secret
            else f"> {words}"
        )
        answer = await super().execute_command(*args, timeout=timeout)
        self._answered(answer.code, answer.message)
        return answer

    async def starttls(self, *args: Any, **options: Any) -> SMTPResponse:  # noqa: ANN401
        self.tell("> STARTTLS")
        answer = await super().starttls(*args, **options)
        self._answered(answer.code, answer.message)
        return answer

    async def data(self, message: Any, **options: Any) -> SMTPResponse:  # noqa: ANN401
        self.tell("> DATA")
        # Long lines are put together again, or a link could stand in two pieces.
        whole = _SOFT_BREAK.sub(b"", message if isinstance(message, bytes) else str(message).encode())
        for line in _lines(whole.partition(b"\r\n\r\n")[0] if self.told_one else whole):
            self.tell(f"> {masked(line)}")
        if self.told_one:
            self.tell("> (the rest as above)")
        self.told_one = True
        try:
            answer = await super().data(message, **options)
        except SMTPResponseException as error:
            self._answered(error.code, error.message)
            raise
        self._answered(answer.code, answer.message)
        return answer

    def _answered(self, code: int, message: str) -> None:
        for line in plain(message).split("\n"):
            self.tell(f"< {code} {cut(line, 300)}")


def masked(text: str) -> str:
    """Without what opens the door: whoever holds a recipient's link can take them out of the channel."""
    return _LINK.sub(r"\1***", text)


def _lines(content: bytes) -> list[str]:
    text = plain(content[: _SHOWN * 4].decode("utf-8", "replace"))
    return cut(text, _SHOWN).split("\n") if text else []
