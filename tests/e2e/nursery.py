"""Daemons that start in no time: forked from a process that has imported the program already.

    test <-- lines of JSON --> nursery --fork--> newsvane run
                                       --fork--> newsvane run

A fork is a process of its own and dies as any other does; what it saves is a second of imports for each life. The
nursery has no threads, so that nothing is copied in the middle of its work.
"""

import contextlib
import gc
import importlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any, Self

__all__ = ["Child", "Nursery", "serve"]

_LOADED = (
    *("alembic.command", "alembic.runtime.migration", "aiosqlite", "psycopg", "uvicorn", "aiosmtplib"),
    *("sqlalchemy.dialects.sqlite.aiosqlite", "sqlalchemy.dialects.postgresql.psycopg", "uvloop"),
    *("service.cli.running", "service.daemon", "service.api.websub", "service.web.app", "service.web.unsubscribe"),
)


class Nursery:
    """A context manager; ends with every daemon that it began."""

    def __enter__(self) -> Self:
        root = Path(__file__).resolve().parents[2]
        command = [sys.executable, "-c", "from tests.e2e.nursery import serve; serve()"]
        variables = {**os.environ, "PYTHONPATH": str(root)}
        self._process = subprocess.Popen(
            command, cwd=root, env=variables, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
        )
        self._children: list[Child] = []
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for child in self._children:
            if child.poll() is None:
                child.kill()
                child.wait()
        self._process.communicate(timeout=60)

    def start(self, folder: Path, variables: dict[str, str], log: Path) -> "Child":
        """``newsvane run`` in this folder, with these variables alone, all it says in ``log``."""
        child = Child(self, self.ask(start=[str(folder), variables, str(log)]))
        self._children.append(child)
        return child

    def ask(self, **question: Any) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(question).encode() + b"\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())


class Child:
    """As ``subprocess.Popen``, as far as it is used."""

    def __init__(self, nursery: Nursery, pid: int) -> None:
        self._nursery, self.pid = nursery, pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        if self.returncode is None:
            self.returncode = self._nursery.ask(poll=self.pid)
        return self.returncode

    def wait(self, _seconds: float | None = None) -> int:
        """Ends only when the process does; whoever calls it has told it to end."""
        if self.returncode is None:
            self.returncode = self._nursery.ask(wait=self.pid)
        return self.returncode

    def terminate(self) -> None:
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        self._signal(signal.SIGKILL)

    def _signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, number)


def serve() -> None:
    """Runs in the nursery: a line in, a line out, until there are no more."""
    for name in _LOADED:
        importlib.import_module(name)
    gc.freeze()
    for line in sys.stdin.buffer:
        match json.loads(line):
            case {"start": [folder, variables, log]}:
                answer: int | None = _begin(folder, variables, log)
            case {"poll": pid}:
                found, status = os.waitpid(pid, os.WNOHANG)
                answer = os.waitstatus_to_exitcode(status) if found else None
            case {"wait": pid}:
                answer = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def _begin(folder: str, variables: dict[str, str], log: str) -> int:
    from service.cli import run

    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        os.setsid()
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(variables)
        for name, flags, target in (
            (os.devnull, os.O_RDONLY, (0,)),
            (log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, (1, 2)),
        ):
            opened = os.open(name, flags, 0o600)
            for number in target:
                os.dup2(opened, number)
            os.close(opened)
        status = run(["run"])
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
