"""docs/api.md says of each command what to ask over HTTP instead, or why there is nothing to ask; and of each route."""

import re
from collections.abc import Iterator
from pathlib import Path

from cyclopts import App

from service.cli.app import app
from tests.api.test_description import description
from tests.web.serving import Site

PAGE = Path(__file__).resolve().parents[2] / "docs" / "api.md"
_SPAN = re.compile(r"`([^`]*)`")
_ASK = re.compile(r"(GET|POST|PUT|PATCH|DELETE) (\S+)")
_LEAST_WORDS = 6
"""Of a reason."""


def commands(tree: App, path: tuple[str, ...] = ()) -> Iterator[str]:
    """Those that do something by themselves."""
    for name in tree:
        if name.startswith("-"):
            continue
        if tree[name].default_command is not None:
            yield " ".join((*path, name))
        yield from commands(tree[name], (*path, name))


def rows() -> Iterator[tuple[list[str], list[tuple[str, str]], str]]:
    """(Commands, what to ask, all that is said) of each row of the table."""
    table = PAGE.read_text(encoding="utf-8").partition("## Commands")[2]
    for line in table.splitlines():
        if line.startswith("| ") and not line.startswith("| command |"):
            _, left, right, _ = line.split("|")
            asks = [(found[1], _path(found[2])) for span in _SPAN.findall(right) if (found := _ASK.fullmatch(span))]
            yield _SPAN.findall(left), asks, right


def _path(written: str) -> str:
    return written if written.startswith("/") else f"/api/v1/{written}"


def test_every_command_has_a_route_or_a_reason() -> None:
    told: dict[str, str] = {}
    for names, asks, said in rows():
        for name in names:
            assert name not in told, f"{name} stands twice"
            told[name] = said
            assert asks or len(said.split()) >= _LEAST_WORDS, f"{name}: neither a route nor a reason"
    assert set(told) == set(commands(app))


async def test_every_route_is_named_and_there(site: Site) -> None:
    paths = (await description(site))["paths"]
    there = {(method.upper(), path) for path, methods in paths.items() for method in methods}
    assert {ask for _, asks, _ in rows() for ask in asks} == there
