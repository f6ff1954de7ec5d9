"""A recorded run is the same run again: equal to the original, equal to itself, offline, on both engines."""

import asyncio
import json
import shutil
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import URL

from scrapers.recorded_lines import read_recording
from scrapers.recording import INDEX, RecordingError
from service.bootstrap import now, open_app, open_database
from service.recording import NotEmpty, record, replay
from service.recording.record import WATCHLIST
from tests.cli.command import Command, environment
from tests.pipeline.site import Site
from tests.recording.conftest import CREDENTIALS, LONGEST_SECONDS, Made, set_up, settings_for, sources_in, until
from tests.store.steps import rows

TIMES = ("discovered_at", "read_at", "created_at")
"""A replayed job takes no time; the original's did."""


def kept(url: URL) -> str:
    return url.render_as_string(hide_password=False)


def told_paths(by_path: dict[str, Any]) -> dict[str, Any]:
    """With the address that stands in for the secret one."""
    return {path.replace("a1b2c3d4", "redacted-1"): value for path, value in by_path.items()}


@pytest.fixture
def folder(made: Made, tmp_path: Path) -> Path:
    """The recording, in a folder that a test may change."""
    return Path(shutil.copytree(made.folder, tmp_path / "rec"))


class TestReplay:
    async def test_it_comes_to_what_the_original_run_came_to(self, made: Made, folder: Path, empty_url: URL) -> None:
        done = await replay(made.settings, folder, database=kept(empty_url))
        told, original = done.outcome.told(without=TIMES), made.original.told(without=TIMES)
        for noun, lines in original.items():
            assert told[noun] == [line.replace("annabel:hunter2@", "") for line in lines], noun
        assert (done.fetches, done.unasked, done.missing) == (made.fetches, 0, ())
        again = made.settings.model_copy(
            update={"database_url": type(made.settings.database_url)(kept(empty_url))},
        )
        async with open_database(again) as db:
            assert await sources_in(db) == (told_paths(made.sources), told_paths(made.polls))
            assert {row.status for row in await rows(db, "deliveries")} == {"suppressed"}
            assert await rows(db, "attempts") == []

    def test_the_original_met_what_a_run_meets(self, made: Made) -> None:
        """Or the equality above would say little."""
        articles = {article["title"]: article for article in made.original.articles}
        assert articles["HPE wins a deal"]["url"].endswith("/one/here")
        assert articles["xAI is late"]["origin"] == "page"
        exchanges = read_recording(made.folder).exchanges
        assert [getattr(e.answer, "code", "read") for e in exchanges if e.url.endswith("/two")] == ["http-503", "read"]
        assert articles["HPE is gone"]["origin"] == articles["HPE for members"]["origin"] == "feed"
        assert {alert["kind"] for alert in made.original.alerts} == {"mention", "summary"}
        outcomes = {path: {outcome for outcome, _ in polls} for path, polls in made.polls.items()}
        assert {"read", "unchanged"} <= outcomes["a"]
        assert outcomes["html?token=a1b2c3d4"] == {"not-a-feed"}
        assert outcomes["broken"] == {"http-500"}
        assert "b" in outcomes, "the move was followed"
        assert (made.sources["b"]["title"], made.sources["b"]["status"]) == ("B", "ok")
        assert made.fetches < made.requests, "a fetch with its redirects is one line"

    async def test_two_replays_are_equal_to_the_last_digit(self, made: Made, folder: Path) -> None:
        one, other = [await replay(made.settings, folder) for _ in range(2)]
        assert one.outcome == other.outcome
        assert one.outcome.articles[0]["discovered_at"] < one.outcome.articles[-1]["discovered_at"]

    async def test_alerts_are_written_down_as_they_were_made(self, made: Made, folder: Path) -> None:
        done = await replay(made.settings, folder)
        lines = [json.loads(line) for line in (folder / "out.jsonl").read_text("utf-8").splitlines()]
        assert lines == list(done.outcome.alerts)
        assert len(lines) == len(made.original.alerts) > 0

    async def test_a_page_that_is_not_in_the_recording_is_a_failure_with_a_name(self, made: Made, folder: Path) -> None:
        index = folder / INDEX
        lines = [line for line in index.read_text("utf-8").splitlines(keepends=True) if "/five" not in line]
        index.write_text("".join(lines), "utf-8")
        done = await replay(made.settings, folder)
        (article,) = [line for line in done.outcome.articles if line["url"].endswith("/five")]
        assert article["origin"] == "feed"
        assert article["origin_note"] == "This address of 127.0.0.1 is not in the recording."
        assert [url.rpartition("/")[2] for url in done.missing] == ["five"]

    async def test_a_database_that_holds_something_is_not_touched(self, made: Made, folder: Path) -> None:
        async with open_app(made.settings) as app:
            before = await rows(app.db, "sources")
        with pytest.raises(NotEmpty, match="holds sources or articles already"):
            await replay(made.settings, folder, database=made.settings.database_url.get_secret_value())
        async with open_database(made.settings) as db:
            assert await rows(db, "sources") == before


RULES = """
entities: [{name: HPE, aliases: [HPE]}, {name: xAI, aliases: [xAI]}]
rules:
  - {name: digest, query: "entity:*", channels: [hook], digest: "weekly mon 08:00"}
  - {name: gathered, query: "entity:*", channels: [hook], group_by: rule, group_wait: 1s}
  - {name: held, query: "entity:*", channels: [hook], group_wait: 1s, throttle: 1/day}
"""


async def test_what_rules_hold_back_is_told_at_its_own_moment_also_after_the_end(
    made: Made, folder: Path, empty_url: URL
) -> None:
    done = await replay(made.settings, folder, rules=(RULES, "rules.yaml"), database=kept(empty_url))
    alerts: dict[str, list[dict[str, Any]]] = {}
    for alert in done.outcome.alerts:
        alerts.setdefault(alert["rule"], []).append(alert)
    (digest,) = alerts["digest"]
    told = datetime.fromisoformat(digest["created_at"])
    assert (told.weekday(), told.hour, told.minute, told.second) == (0, 8, 0, 0)
    assert told > read_recording(folder).ended_at
    assert digest["mention_count"] == len(made.original.mentions)
    for alert in alerts["gathered"] + alerts["held"]:
        if alert["how"]["delivery"] == "group":  # one second after its first mention, not with the next answer
            times = [datetime.fromisoformat(time) for time in (alert["how"]["waited_since"], alert["created_at"])]
            assert times[1] - times[0] == timedelta(seconds=1)
    assert "group" in {alert["how"]["delivery"] for alert in alerts["gathered"]}
    kinds = [alert["how"]["delivery"] for alert in alerts["held"]]
    assert "throttled" in kinds
    again = made.settings.model_copy(update={"database_url": type(made.settings.database_url)(kept(empty_url))})
    async with open_database(again) as db:
        assert await rows(db, "waiting") == await rows(db, "batches") == []
    assert (await replay(made.settings, folder, rules=(RULES, "rules.yaml"))).outcome == done.outcome


class TestOffline:
    def test_no_socket_leaves_the_machine_nor_reaches_it(self, made: Made, folder: Path, tmp_path: Path) -> None:
        """The interpreter itself refuses every connection and look-up, and says how often it was asked."""
        program = tmp_path / "guarded.py"
        program.write_text(
            "import socket, sys\n"
            "from service.cli import run\n"
            "asked = []\n"
            "def refuse(event, arguments):\n"
            "    outside = event == 'socket.connect' and arguments[0].family != socket.AF_UNIX\n"
            "    if outside or event in ('socket.getaddrinfo', 'socket.sendto'):\n"
            "        asked.append(event)\n"
            "        raise PermissionError(event)\n"
            "if __name__ == '__main__':\n"
            "    sys.addaudithook(refuse)\n"
            "    status = run(['replay', *sys.argv[1:]])\n"
            "    print('asked', asked)\n"
            "    sys.exit(status)\n"
        )
        done = subprocess.run(
            [sys.executable, program, str(folder)],
            cwd=tmp_path,
            env=environment(tmp_path, {"PYTHONPATH": str(Path(__file__).resolve().parents[2])}),
            capture_output=True,
            text=True,
            timeout=LONGEST_SECONDS,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.splitlines()[-1] == "asked []"
        assert f"{len(made.original.articles)} articles" in done.stdout


class TestCommands:
    def test_another_rule_set_shows_what_it_changes(self, folder: Path, tmp_path: Path) -> None:
        file = tmp_path / "rules.yaml"
        file.write_text(
            'entities: [{name: HPE, aliases: [HPE]}]\nrules: [{name: deals, query: "entity:HPE AND wins"}]\n'
        )
        done = Command(tmp_path, {})("replay", str(folder), "--watchlist", str(file))
        assert done.status == 0, done.err
        lines = done.out.splitlines()
        assert "mentions: 0 more, 1 fewer" in lines
        assert any(line.startswith("  - xAI: xAI is late <") for line in lines)
        assert any(line.startswith("  + rule deals, HPE: HPE wins again <") for line in lines)
        assert any(line.startswith("  - rule all, HPE: HPE wins again <") for line in lines)

    def test_a_replay_at_a_pace_comes_to_the_same(self, made: Made, folder: Path, tmp_path: Path) -> None:
        done = Command(tmp_path, {})("replay", str(folder), "--speed", "100000")
        assert done.status == 0, done.err
        assert f"{len(made.original.mentions)} mentions" in done.out

    @pytest.mark.parametrize(
        ("arguments", "status", "said"),
        [
            (("replay", "nowhere"), 1, "nowhere: holds no recording (recording.jsonl is missing)"),
            (("replay", "nowhere", "--speed", "0"), 2, "--speed: write a number above 0"),
            (("record", "new", "--minutes", "0"), 2, "--minutes: write a number above 0"),
            (("record", "new", "--sources", "no such"), 2, "no source of the bundled watch list has"),
        ],
    )
    def test_what_cannot_be_done_is_one_line(
        self, tmp_path: Path, arguments: tuple[str, ...], status: int, said: str
    ) -> None:
        done = Command(tmp_path, {})(*arguments)
        assert done.status == status
        assert said in done.err.splitlines()[-1]


class TestRecord:
    def test_no_credential_is_in_the_folder(self, made: Made) -> None:
        import gzip

        texts = [(made.folder / name).read_text("utf-8") for name in (INDEX, WATCHLIST)]
        texts += [gzip.decompress(file.read_bytes()).decode() for file in (made.folder / "bodies").iterdir()]
        assert len(texts) > 5
        assert [(secret, text[:80]) for text in texts for secret in CREDENTIALS if secret in text] == []
        assert "session=1" not in "".join(texts), "no cookie"

    async def test_until_idle_reads_what_the_chosen_sources_bring(self, site: Site, tmp_path: Path) -> None:
        settings = settings_for(tmp_path, set_up(site, tmp_path))
        site.page("/two", "xAI is late", "xAI is late, and nobody knows why.")
        async with asyncio.timeout(LONGEST_SECONDS):
            done = await record(
                settings, tmp_path / "rec", until_idle=True, only=("A", "odd"), most_bytes=10**7, stop=asyncio.Event()
            )
        assert (done.articles, done.unread, done.full) == (4, 0, False)
        assert "/broken" not in site.asked
        assert "/html" in site.asked
        with pytest.raises(RecordingError, match="holds a recording already"):
            await record(settings, tmp_path / "rec", most_bytes=10**7, stop=asyncio.Event())

    async def test_pages_that_were_not_reached_stay_unread_in_the_replay(self, site: Site, tmp_path: Path) -> None:
        settings = settings_for(tmp_path, set_up(site, tmp_path)).model_copy(update={"drain": timedelta()})
        site.silent.add("/one/here")
        stop = asyncio.Event()
        running = asyncio.create_task(
            record(settings, tmp_path / "rec", only=("A",), most_bytes=10**7, stop=stop, until_idle=True)
        )
        async with asyncio.timeout(LONGEST_SECONDS):
            await site.reached.wait()
            await until(lambda: "/gone" in site.asked)
            stop.set()
            done = await running
        assert done.unread >= 1
        replayed = await replay(settings, tmp_path / "rec")
        assert replayed.missing == ()
        assert not any(line["url"].endswith("/one") for line in replayed.outcome.articles)

    async def test_a_full_folder_ends_the_run_and_can_be_replayed(self, site: Site, tmp_path: Path) -> None:
        settings = settings_for(tmp_path, set_up(site, tmp_path))
        async with asyncio.timeout(LONGEST_SECONDS):
            done = await record(settings, tmp_path / "rec", most_bytes=4000, stop=asyncio.Event())
        assert done.full
        recording = read_recording(tmp_path / "rec")
        assert recording.end is not None
        assert recording.end.full
        assert len(recording.exchanges) == done.fetches
        assert (
            sum(
                file.stat().st_size
                for file in (tmp_path / "rec").rglob("*")
                if file.is_file() and file.name != WATCHLIST
            )
            < 5000
        )
        assert (await replay(settings, tmp_path / "rec")).outcome.articles is not None
        assert now() > recording.ended_at
