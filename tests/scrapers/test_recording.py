"""The folder of a recording: what is written is read back, and what nobody wrote is refused in one line."""

import gzip
import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.errors import FetchError
from scrapers.http import WebClient
from scrapers.recorded_lines import line_of, read_recording
from scrapers.recorder import RecordingClient, RecordingWriter
from scrapers.recording import BODIES, INDEX, MAX_LINE, Exchange, Kept, Recording, RecordingError
from scrapers.redaction import Redactor
from scrapers.types import Fetched, Unchanged, Validators
from tests.scrapers.hazards import Hazards, answer, coded, conditional, packed, redirect, reset_after

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
URL = "https://news.example/feed"
HEAD = {"format": "newsvane-recording", "version": 1, "started_at": "2026-11-22T08:00:00Z", "settings": {}}
END = {"end": {"at": "2026-11-22T09:00:00Z", "unread": []}}
BODY = b"<rss/>"
DIGEST = hashlib.sha256(BODY).hexdigest()
PLAIN = line_of(Exchange(NOW, NOW, URL, Validators(), "*/*", Kept(Fetched(URL, URL, 200, {}, b""), DIGEST, len(BODY))))


def lay(folder: Path, *lines: Any, body: bytes | None = None) -> Path:
    """A folder with these lines (texts as they are) and one body under its name."""
    texts = [line if isinstance(line, str) else json.dumps(line) + "\n" for line in lines]
    folder.mkdir(exist_ok=True)
    (folder / INDEX).write_text("".join(texts), encoding="utf-8")
    (folder / BODIES).mkdir(exist_ok=True)
    (folder / BODIES / f"{DIGEST}.gz").write_bytes(gzip.compress(BODY) if body is None else body)
    return folder


def changed(**more: Any) -> dict[str, Any]:
    return {**PLAIN, **more}


def said(**more: Any) -> dict[str, Any]:
    return changed(answer={**PLAIN["answer"], **more})


texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30)
moments = st.datetimes(datetime(2001, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
headers = st.dictionaries(st.sampled_from(["etag", "content-type", "retry-after"]), texts)
answers = st.one_of(
    st.builds(
        lambda url, status, fields, moved: Kept(Fetched(URL, url, status, fields, b"", moved), DIGEST, 6),
        texts, st.integers(200, 299).filter(lambda status: status != 304), headers, st.none() | texts,
    ),
    st.builds(lambda fields, moved: Unchanged(URL, fields, moved), headers, st.none() | texts),
    st.builds(
        lambda message, code, transient, status, at: FetchError(
            message, code=code, transient=transient, status=status, retry_after=at
        ),
        texts, texts, st.booleans(), st.none() | st.integers(100, 599), st.none() | moments,
    ),
)  # fmt: skip
validators = st.builds(Validators, st.none() | texts.filter(bool))
exchanges = st.builds(Exchange, moments, moments, st.just(URL), validators, st.just("*/*"), answers)


@given(exchange=exchanges)
def test_what_is_written_is_read_back(exchange: Exchange, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = lay(tmp_path_factory.getbasetemp() / "round-trip", HEAD, line_of(exchange), END)
    (back,) = read_recording(folder).exchanges
    one, other = exchange.answer, back.answer
    if isinstance(one, FetchError):
        assert isinstance(other, FetchError)
        fields = ("code", "transient", "status", "retry_after")
        assert str(one) == str(other)
        assert [getattr(one, name) for name in fields] == [getattr(other, name) for name in fields]
    else:
        assert one == other
    assert replace(back, answer=one) == exchange


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ((), "recording.jsonl: is empty"),
        ((HEAD, PLAIN), "was cut off before its end; --partial replays what is there"),
        ((HEAD, PLAIN, json.dumps(PLAIN)[:90]), "line 3: was cut off; --partial"),
        ((HEAD, "no json\n", END), "line 2: is no JSON"),
        ((HEAD, "[]\n", END), "line 2: is no object"),
        ((HEAD, "[" * 100_000 + "\n", END), "line 2: is no JSON"),
        ((HEAD, '{"url": NaN}\n', END), "line 2: is no JSON"),
        ((HEAD, "x" * (MAX_LINE + 2) + "\n", END), "line 2: is longer than 200,000 characters"),
        ((PLAIN, END), "line 1: this is no recording"),
        (({**HEAD, "version": 2}, END), "line 1: the recording has version '2', and this program reads 1"),
        (({**HEAD, "settings": []}, END), "line 1: 'settings' must be an object"),
        ((HEAD, END, PLAIN), "line 3: stands behind the line that says the end"),
        ((HEAD, {"end": {**END["end"], "unread": "all"}}), "line 2: 'unread' must be a list"),
        ((HEAD, changed(url=7), END), "line 2: 'url' must be a text"),
        ((HEAD, changed(url="https://a/\x00"), END), "line 2: 'url' must be a text without control characters"),
        ((HEAD, changed(url="https://a/\ud800"), END), "line 2: 'url' must be a text without control characters"),
        ((HEAD, changed(at="yesterday"), END), "line 2: 'at' must be a time"),
        ((HEAD, changed(at="2026-11-22T08:00:00"), END), "line 2: 'at' is no time in UTC"),
        ((HEAD, changed(at="9999-12-31T23:59:59Z"), END), "line 2: 'at' is no time in UTC"),
        ((HEAD, changed(answer=None), END), "line 2: 'answer' must be an object"),
        ((HEAD, said(status=True), END), "line 2: 'status' must be a whole number"),
        ((HEAD, said(size=10**12), END), "line 2: 'size' must be a whole number up to 50,000,000"),
        ((HEAD, said(headers={"etag": ["x"]}), END), "line 2: 'etag' must be a text"),
    ],
)
def test_what_nobody_recorded_is_refused_with_its_place(tmp_path: Path, lines: tuple[Any, ...], problem: str) -> None:
    folder = lay(tmp_path / "rec", *lines)
    with pytest.raises(RecordingError) as refused:
        read_recording(folder)
    assert problem in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("line", "body", "problem"),
    [
        (said(body="../../etc/passwd"), None, "a body has a name that is no SHA-256"),
        (said(body="0" * 64), None, "is missing; was the whole folder copied?"),
        (PLAIN, b"no gzip", "cannot be unpacked"),
        (PLAIN, packed(BODY)[:-9], "cannot be unpacked"),  # cut off
        (PLAIN, packed(b"<rsx/>"), "is not the body that was recorded"),
        (PLAIN, packed(bytes(60_000_000)), "is not the body that was recorded"),  # only six bytes are unpacked
        (said(size=5), None, "is not the body that was recorded"),
    ],
)
def test_a_body_is_what_its_name_says(tmp_path: Path, line: Any, body: bytes | None, problem: str) -> None:
    recording = read_recording(lay(tmp_path / "rec", HEAD, line, END, body=body))
    with pytest.raises(RecordingError, match=problem.replace("?", r"\?")):
        recording.answer(recording.exchanges[0])


def test_the_whole_lines_of_a_cut_recording_can_be_had(tmp_path: Path) -> None:
    folder = lay(tmp_path / "rec", HEAD, PLAIN, json.dumps(PLAIN)[:90])
    recording = read_recording(folder, partial=True)
    assert [exchange.url for exchange in recording.exchanges] == [URL]
    assert recording.end is None
    assert recording.ended_at == NOW


class TestRecorder:
    async def fetched(self, client: WebClient, folder: Path, *urls: str, most: int = 10**6) -> list[Any]:
        """What the caller of each fetch got; the recording is in the folder."""
        got: list[Any] = []
        writer = RecordingWriter(folder, Redactor(urls), started_at=NOW, settings={}, most_bytes=most)
        web = RecordingClient(client, writer, ticking())
        for url in urls:
            validators = next((a.validators for a in got if isinstance(a, Fetched) and a.requested_url == url), None)
            try:
                got.append(await web.fetch(url, now=NOW, validators=validators or Validators()))
            except FetchError as error:
                got.append(error)
        writer.end(NOW + timedelta(hours=1), ["https://later.example/\n1"])
        writer.close()
        return got

    async def test_every_kind_of_answer_is_kept_as_it_was_given(
        self, client: WebClient, hazards: Hazards, tmp_path: Path
    ) -> None:
        feed = hazards.on("/feed", conditional('"1"', BODY))
        urls = [
            feed,
            feed,  # 304
            hazards.on("/old", redirect(301, "/feed", "Set-Cookie: session=1")),
            hazards.on("/busy", answer(503, b"", "Retry-After: 60")),
            hazards.on("/packed", coded("gzip", gzip.compress(BODY))),
            hazards.on("/bad", coded("gzip", b"not gzip")),
            hazards.on("/broken", reset_after(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab")),
            "http://10.0.0.1/",
        ]
        got = await self.fetched(client, tmp_path / "rec", *urls)
        recording = read_recording(tmp_path / "rec")
        back = [recording.answer(exchange) for exchange in recording.exchanges]
        assert [exchange.url for exchange in recording.exchanges] == urls
        assert [told(value) for value in back] == [told(value) for value in got]
        assert [getattr(value, "code", type(value).__name__) for value in back] == [
            "Fetched", "Unchanged", "Fetched", "http-503", "Fetched", "bad-encoding", "protocol", "blocked-address"
        ]  # fmt: skip
        assert recording.exchanges[1].validators == Validators('"1"')
        assert [exchange.at for exchange in recording.exchanges] == sorted({e.at for e in recording.exchanges})
        assert recording.end is not None
        assert recording.end.unread == {"https://later.example/1"}
        assert len(list((tmp_path / "rec" / BODIES).iterdir())) == 1, "one content, one file"

    async def test_a_folder_takes_no_second_recording(self, client: WebClient, tmp_path: Path) -> None:
        await self.fetched(client, tmp_path)
        with pytest.raises(RecordingError, match="holds a recording already"):
            await self.fetched(client, tmp_path)

    async def test_beyond_its_size_nothing_is_written(
        self, client: WebClient, hazards: Hazards, tmp_path: Path
    ) -> None:
        url = hazards.on("/feed", answer(200, BODY))
        got = await self.fetched(client, tmp_path / "rec", *[url] * 20, most=2000)
        assert [value.body for value in got] == [BODY] * 20, "the fetches themselves go on"
        recording: Recording = read_recording(tmp_path / "rec")
        assert 0 < len(recording.exchanges) < 20
        assert recording.end is not None
        assert recording.end.full
        assert (tmp_path / "rec" / INDEX).stat().st_size < 3000


def told(value: Any) -> Any:
    """Comparable. An answer's unkept headers are those that say nothing of it."""
    if isinstance(value, FetchError):
        return str(value), value.code, value.transient, value.status, value.retry_after
    fields = {"etag": value.headers.get("etag"), "retry-after": value.headers.get("retry-after")}
    return replace(value, headers=fields)


def ticking() -> Callable[[], datetime]:
    moments = iter(NOW + timedelta(milliseconds=number) for number in range(1000))
    return lambda: next(moments)
