"""``doctor``, ``migrate``, ``--help``, and what only a process of its own shows."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version

import pytest

from service.cli.app import app
from tests.cli.command import LONGEST_SECONDS, Command, environment, run_process

COMMANDS = [name for name in app if not name.startswith("-")]


class TestDoctor:
    @pytest.fixture
    def refusing(self) -> Iterator[int]:
        """A port at which nobody listens, and nobody will."""
        with socket.socket() as bound:
            bound.bind(("127.0.0.1", 0))
            yield bound.getsockname()[1]

    def test_all_is_well_but_for_the_daemon_that_is_gone(self, filled: Command, refusing: int) -> None:
        with socket.create_server(("127.0.0.1", 0)) as server:
            mail = {
                "NEWSVANE_SMTP_URL": f"smtp://127.0.0.1:{server.getsockname()[1]}?starttls=never",
                "NEWSVANE_EMAIL_FROM": "newsvane@example.org",
            }
            done = Command(filled.folder, {"NEWSVANE_LISTEN": f"127.0.0.1:{refusing}", **mail})("doctor")
        assert done.status == 0, done.out
        assert done.err == ""
        assert all(line.startswith("ok    ") for line in done.out.splitlines())
        assert f"ok    daemon: none answers at http://127.0.0.1:{refusing}/readyz\n" in done.out
        assert {"database", "daemon", "work", "dead letter", "disk", "watch list", "email"} <= {
            line[6:].partition(":")[0] for line in done.out.splitlines()
        }

    def test_what_is_wrong_is_marked_and_makes_the_status(self, filled: Command) -> None:
        done = Command(filled.folder, {"NEWSVANE_SMTP_URL": "smtp://127.0.0.1:9?starttls=never"})("doctor")
        assert done.status == 1
        assert "FAIL  email: 127.0.0.1:9 does not answer" in done.out
        assert done.err == "newsvane: something is wrong, see above\n"

    @pytest.mark.parametrize(
        ("given", "problem"),
        [
            # Each of these loses alerts, and nothing else would say so before the first one.
            ("channels: [{name: a, type: email, to: [a@example.org]}]", "channel 'a': no mail server is set"),
            (
                "channels: [{name: a, type: webhook, url: 'https://a.example/', secret_env: NOT_SET}]",
                "channel 'a': the environment variable NOT_SET ('secret_env') is not set",
            ),
            (
                "entities: [{name: Vertiv}]\nrules: [{name: r, entities: [Vertive]}]",
                "rule 'r' asks for the entity 'Vertive', which is not tracked: did you mean 'Vertiv'?",
            ),
        ],
        ids=["no mail server", "no secret", "no such entity"],
    )
    def test_what_would_never_arrive_is_told(self, empty: Command, given: str, problem: str) -> None:
        assert empty("apply", "-", given=given).status == 0
        done = empty("doctor")
        assert done.status == 1
        assert f"FAIL  watch list: {problem}" in done.out

    def test_a_channel_that_is_off_needs_nothing(self, empty: Command) -> None:
        given = "channels: [{name: a, type: email, to: [a@example.org], enabled: false}]"
        assert empty("apply", "-", given=given).status == 0
        assert "no mail server" not in empty("doctor").out

    def test_quick_looks_at_the_database_the_daemon_and_the_work_only(self, filled: Command) -> None:
        done = Command(filled.folder, {"NEWSVANE_LISTEN": "127.0.0.1:0"})("doctor", "--quick")
        assert done.status == 0
        assert "ok    daemon: its port is chosen anew at each start" in done.out
        assert "watch list" not in done.out

    @pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
    def test_quick_fails_without_a_daemon(self, filled: Command, refusing: int, host: str) -> None:
        done = Command(filled.folder, {"NEWSVANE_LISTEN": f"{host}:{refusing}"})("doctor", "--quick")
        assert done.status == 1
        assert "FAIL  daemon: " in done.out
        assert done.out.count("is `newsvane run` running?") == 1


class TestANewDatabase:
    def test_it_is_said_once_and_nobody_else_may_read_it(self, empty: Command) -> None:
        """Whoever stands in the wrong folder sees why nothing is found; secrets of channels come into the file."""
        first, second = empty("mentions"), empty("mentions")
        assert first.err == f"newsvane: this began a new database, {empty.database}\nnothing found\n"
        assert second.err == "nothing found\n"
        assert empty.database.stat().st_mode & 0o777 == 0o600


class TestMigrate:
    def test_an_empty_database_gets_the_schema_and_a_second_time_does_nothing(self, empty: Command) -> None:
        deeper = Command(empty.folder / "a" / "b", {})
        first, second = deeper("migrate"), deeper("migrate")
        assert (first.status, second.status) == (0, 0)
        assert first.out.endswith(", was empty\n")
        assert second.out == first.out.replace(", was empty", "")


class TestHelp:
    def test_it_names_every_command(self, empty: Command) -> None:
        out = run_process(empty, "--help").out
        missing = [name for name in COMMANDS if f"│ {name} " not in out]
        assert len(COMMANDS) >= 16
        assert missing == []

    @pytest.mark.parametrize("name", COMMANDS)
    def test_every_command_has_help(self, empty: Command, name: str) -> None:
        done = empty(name, "--help")
        assert (done.status, done.err) == (0, "")
        assert f"newsvane {name}" in done.out

    def test_the_version(self, empty: Command) -> None:
        assert run_process(empty, "--version").out == f"{version('newsvane')}\n"


class TestProcess:
    def test_results_and_messages_go_their_own_ways(self, filled: Command) -> None:
        done = run_process(filled, "mentions", "--limit", "1", "--format", "jsonl")
        assert done.status == 0
        assert len(done.lines) == 1
        assert done.err.startswith("more: --cursor ")

    def test_an_error_is_one_line(self, filled: Command) -> None:
        done = run_process(filled, "mentions", "HPE AND")
        assert (done.status, done.out, done.err.count("\n")) == (2, "", 1)

    @pytest.mark.parametrize("arguments", [("articles", "--format", "jsonl", "--limit", "10000"), ("--help",)])
    def test_a_reader_that_goes_away_is_no_error(self, filled: Command, arguments: tuple[str, ...]) -> None:
        with subprocess.Popen(
            [sys.executable, "-m", "service", *arguments],
            env=environment(filled.folder, {}),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            process.stdout.close()
            err = process.stderr.read()
            assert process.wait(LONGEST_SECONDS) == 0
        assert err == b""

    def test_a_terminal_that_lacks_letters_still_gets_the_list(self, filled: Command) -> None:
        latin = Command(filled.folder, {"PYTHONIOENCODING": "latin-1", "PYTHONUTF8": "0"})
        done = subprocess.run(
            [sys.executable, "-m", "service", "articles", "--source", "機械だより", "--limit", "1"],
            env=environment(latin.folder, latin.extra),
            capture_output=True,
            timeout=LONGEST_SECONDS,
            check=False,
        )
        assert done.returncode == 0
        assert b"\\u6a5f\\u68b0" in done.stdout


class TestRunOnce:
    def test_one_pass_over_nothing(self, empty: Command) -> None:
        empty.folder.joinpath("list.yaml").write_text("entities: [{name: HPE}]", encoding="utf-8")
        listed = Command(empty.folder, {"NEWSVANE_WATCHLIST": str(empty.folder / "list.yaml")})
        done = listed("run", "--once")
        assert (done.status, done.out) == (0, "0 sources polled, 0 articles read, 0 deliveries tried\n")
