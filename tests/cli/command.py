"""The command line as its user meets it: arguments, environment and standard input in; status and two streams out.

``Command`` calls the program's entry in this process, since starting Python for every example would take a second each.
``run_process`` starts the real thing.
"""

import contextlib
import io
import json
import logging
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog

from service.cli import run

__all__ = ["Command", "Result", "environment", "run_process"]

LONGEST_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Result:
    status: int
    out: str
    err: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The output read as JSON Lines."""
        return [json.loads(line) for line in self.out.split("\n") if line]


@dataclass(frozen=True, slots=True)
class Command:
    """``command("mentions", "--limit", "3")`` over the database in ``folder``."""

    folder: Path
    extra: Mapping[str, str]
    """More environment variables."""

    @property
    def database(self) -> Path:
        return self.folder / "demo.db"

    def __call__(self, *arguments: str, given: str | bytes = b"") -> Result:
        out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
        taken = io.TextIOWrapper(io.BytesIO(given.encode() if isinstance(given, str) else given), encoding="utf-8")
        surroundings = _surroundings(environment(self.folder, self.extra), taken)
        with surroundings, contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            status = run(arguments)
        return Result(status, *(stream.buffer.getvalue().decode() for stream in (out, err)))

    def copy(self, folder: Path, **extra: str) -> "Command":
        """The same over a copy of the database, to be changed freely."""
        for file in self.folder.glob("demo.db*"):
            shutil.copy(file, folder)
        return Command(folder, {**self.extra, **extra})

    def contents(self) -> list[str]:
        """Everything in the database, as SQL: equal before and after means that nothing was changed."""
        with contextlib.closing(sqlite3.connect(self.database)) as database:
            return list(database.iterdump())


def environment(folder: Path, extra: Mapping[str, str]) -> dict[str, str]:
    """What the program sees: this machine's own variables, none of its own settings, and those given."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("NEWSVANE_")}
    return {
        **kept,
        "COLUMNS": "250",
        "NEWSVANE_DATABASE_URL": f"sqlite:///{folder / 'demo.db'}",
        "NEWSVANE_ALLOWED_NETWORKS": "127.0.0.0/8",
        "NEWSVANE_ALLOWED_ALERT_NETWORKS": "127.0.0.0/8",
        "NEWSVANE_WORKERS": "1",
        **extra,
    }


def run_process(command: Command, *arguments: str, given: bytes = b"") -> Result:
    """``python -m service`` as a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "service", *arguments],
        env=environment(command.folder, command.extra),
        input=given,
        capture_output=True,
        timeout=LONGEST_SECONDS,
        check=False,
    )
    return Result(done.returncode, done.stdout.decode(), done.stderr.decode())


@contextlib.contextmanager
def _surroundings(variables: Mapping[str, str], taken: io.TextIOWrapper) -> Iterator[None]:
    """What a process of its own would have to itself: environment, standard input, logging."""
    before, stdin = dict(os.environ), sys.stdin
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    os.environ.clear()
    os.environ.update(variables)
    sys.stdin = taken
    try:
        yield
    finally:
        sys.stdin = stdin
        os.environ.clear()
        os.environ.update(before)
        structlog.reset_defaults()
        root.handlers[:], root.level = handlers, level
