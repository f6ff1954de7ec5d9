"""What systemd hears of us, over a socket as it opens one."""

import configparser
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.dispatch import STALE_SECONDS
from service.settings import load_settings
from service.systemd import Manager


class Systemd:
    """The manager's end of the notify socket."""

    def __init__(self, folder: Path) -> None:
        self.path = str(folder / "notify")
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(self.path)
        self.socket.setblocking(False)

    def heard(self) -> list[str]:
        """All messages since the last question."""
        messages = []
        for _ in range(100):
            try:
                messages.append(self.socket.recv(1000).decode())
            except BlockingIOError:
                break
        return messages


@pytest.fixture
def systemd(tmp_path: Path) -> Iterator[Systemd]:
    made = Systemd(tmp_path)
    with made.socket:
        yield made


def test_start_and_stop_are_told(systemd: Systemd) -> None:
    manager = Manager({"NOTIFY_SOCKET": systemd.path}, lambda: 0.0)
    manager.ready()
    manager.stopping()
    assert systemd.heard() == ["READY=1", "STOPPING=1"]


def test_pings_come_at_half_the_time_that_systemd_waits(systemd: Systemd) -> None:
    seconds = 0.0
    manager = Manager({"NOTIFY_SOCKET": systemd.path, "WATCHDOG_USEC": "20000000"}, lambda: seconds)
    assert manager.watches
    for second in range(25):
        seconds = float(second)
        manager.alive()
    assert systemd.heard() == ["WATCHDOG=1"] * 3  # at 0, 10 and 20 s


@pytest.mark.parametrize(
    "environment",
    [
        {},  # started by hand
        {"WATCHDOG_USEC": "20000000"},  # nobody to tell
        {"NOTIFY_SOCKET": "{socket}"},  # a service without WatchdogSec
        {"NOTIFY_SOCKET": "{socket}", "WATCHDOG_USEC": "0"},
        {"NOTIFY_SOCKET": "{socket}", "WATCHDOG_USEC": "soon"},
        {"NOTIFY_SOCKET": "{socket}", "WATCHDOG_USEC": "20000000", "WATCHDOG_PID": "1"},  # meant for another process
    ],
)
def test_who_is_not_asked_for_pings_sends_none(systemd: Systemd, environment: dict[str, str]) -> None:
    manager = Manager({name: value.format(socket=systemd.path) for name, value in environment.items()}, lambda: 0.0)
    assert not manager.watches
    manager.alive()
    assert systemd.heard() == []


def test_pings_meant_for_this_process_are_sent(systemd: Systemd) -> None:
    asked = {"NOTIFY_SOCKET": systemd.path, "WATCHDOG_USEC": "1000000", "WATCHDOG_PID": str(os.getpid())}
    Manager(asked, lambda: 0.0).alive()
    assert systemd.heard() == ["WATCHDOG=1"]


@pytest.mark.parametrize("address", ["/nowhere/notify", "@no-such-name", "vsock:2:1", ""])
def test_a_manager_that_cannot_be_reached_does_no_harm(address: str) -> None:
    manager = Manager({"NOTIFY_SOCKET": address, "WATCHDOG_USEC": "1000000"}, lambda: 0.0)
    manager.ready()
    manager.alive()


def test_an_abstract_name_is_understood() -> None:
    name = f"newsvane-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as server:
        server.bind(f"\0{name}")
        server.settimeout(5)
        Manager({"NOTIFY_SOCKET": f"@{name}"}, lambda: 0.0).ready()
        assert server.recv(100) == b"READY=1"


class TestUnit:
    """docs/systemd/newsvane.service agrees with the program."""

    @pytest.fixture
    def service(self) -> dict[str, str]:
        unit = configparser.ConfigParser(strict=False, interpolation=None, comment_prefixes="#")
        unit.optionxform = str  # type: ignore[assignment,method-assign]
        unit.read(Path(__file__).resolve().parent.parent / "docs/systemd/newsvane.service", encoding="utf-8")
        return dict(unit["Service"])

    def test_it_waits_for_ready_and_for_pings_longer_than_we_wait_for_ticks(self, service: dict[str, str]) -> None:
        assert (service["Type"], service["ExecStart"].split()[1:]) == ("notify", ["run"])
        assert float(service["WatchdogSec"]) > STALE_SECONDS
        assert float(service["TimeoutStopSec"]) > 10

    def test_the_settings_that_it_makes_can_be_used(self, service: dict[str, str]) -> None:
        given = dict(word.split("=", 1) for word in service["Environment"].split())
        settings = load_settings(given, env_file=None)
        assert settings.database_url.get_secret_value() == "sqlite:////var/lib/newsvane/newsvane.db"
