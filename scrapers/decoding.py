"""Undo gzip and deflate without ever holding more than the cap: a bomb costs its cap, not its size.

One content coding only (RFC 9110 section 8.4): stacked and unknown codings are refused.
"""

import zlib
from collections.abc import Iterable

from scrapers.errors import FetchError

__all__ = ["ACCEPT_ENCODING", "BodyDecoder"]

ACCEPT_ENCODING = "gzip, deflate"

_GZIP = 16 + zlib.MAX_WBITS
_ZLIB = zlib.MAX_WBITS
_RAW_DEFLATE = -zlib.MAX_WBITS
_GZIP_MAGIC = b"\x1f\x8b"


class BodyDecoder:
    """Collects one body.

    ``codings``: the values of all Content-Encoding fields. ``max_bytes`` bounds both what comes in and what comes out:
    a stream may also grow without end while it decodes to nothing. Raises FetchError ``bad-encoding`` or ``too-large``.
    """

    def __init__(self, codings: Iterable[str], max_bytes: int) -> None:
        self._coding = _single_coding(codings)
        self._max_bytes = max_bytes
        self._received = 0
        self._head = b""
        self._zlib: zlib._Decompress | None = None
        self._body = bytearray()

    def feed(self, chunk: bytes) -> None:
        self._received += len(chunk)
        if self._received > self._max_bytes:
            raise _too_large(self._max_bytes)
        if self._coding == "identity":
            self._body += chunk
            return
        if self._zlib is None:
            # Two bytes tell a zlib-wrapped deflate stream (RFC 1950) from the bare one that some servers send.
            self._head += chunk
            if len(self._head) < 2:
                return
            chunk, self._head = self._head, b""
            self._zlib = zlib.decompressobj(_window_bits(self._coding, chunk))
        self._inflate(self._zlib, chunk)

    def finish(self) -> bytes:
        """The whole body. Raises when the coded stream is not complete."""
        if self._coding != "identity" and self._received and (self._zlib is None or not self._zlib.eof):
            raise _bad_encoding(f"The {self._coding} body ends too early.", transient=True)
        return bytes(self._body)

    def _inflate(self, stream: "zlib._Decompress", data: bytes) -> None:
        while True:
            if stream.eof:
                # A gzip body may be several members (RFC 1952 section 2.2); whatever else follows is padding.
                if self._coding != "gzip" or not data.startswith(_GZIP_MAGIC):
                    return
                stream = self._zlib = zlib.decompressobj(_GZIP)
            room = self._max_bytes - len(self._body)
            try:
                self._body += stream.decompress(data, room + 1)
            except zlib.error as error:
                raise _bad_encoding(f"The body is not valid {self._coding} data.", transient=True) from error
            if len(self._body) > self._max_bytes:
                raise _too_large(self._max_bytes)
            data = stream.unused_data if stream.eof else stream.unconsumed_tail
            if not data:
                return


def _single_coding(values: Iterable[str]) -> str:
    codings = [coding.strip().lower() for value in values for coding in value.split(",")]
    named = [coding.removeprefix("x-") for coding in codings if coding not in ("", "identity")]
    if len(named) > 1:
        raise _bad_encoding("The body is encoded more than once.")
    if named and named[0] not in ("gzip", "deflate"):
        raise _bad_encoding(f"The body has an encoding that was not asked for: {named[0][:40]!r}.")
    return named[0] if named else "identity"


def _window_bits(coding: str, head: bytes) -> int:
    if coding == "gzip":
        return _GZIP
    return _ZLIB if head[0] & 0x0F == 8 and (head[0] << 8 | head[1]) % 31 == 0 else _RAW_DEFLATE


def _bad_encoding(message: str, *, transient: bool = False) -> FetchError:
    return FetchError(message, code="bad-encoding", transient=transient)


def _too_large(max_bytes: int) -> FetchError:
    return FetchError(f"The answer is larger than {max_bytes:,} bytes.", code="too-large", transient=False)
