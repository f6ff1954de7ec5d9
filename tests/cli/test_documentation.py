"""docs/commands.md and the program name the same commands and options."""

import re
from collections.abc import Iterator
from pathlib import Path

from cyclopts import App

from service.cli.app import app

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "commands.md").read_text(encoding="utf-8")
_SPAN = re.compile(r"`newsvane ([^`]*)`")


def commands(tree: App, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], App]]:
    for name in tree:
        if not name.startswith("-"):
            yield (*path, name), tree[name]
            yield from commands(tree[name], (*path, name))


def described() -> list[list[str]]:
    """Each command that the page writes, as words: ``sources add URL [--title]``."""
    return [span.replace("\\|", "|").split() for span in _SPAN.findall(PAGE)]


def test_every_command_is_documented() -> None:
    missing = [
        " ".join(path)
        for path, _ in commands(app)
        if not any(words[: len(path)] == list(path) for words in described())
    ]
    assert missing == []


def test_every_documented_command_is_there() -> None:
    known = {path for path, _ in commands(app)}
    unknown = [
        " ".join(words)
        for words in described()
        if (words[0] != "COMMAND" and tuple(words[:1]) not in known)
        or (len(words) > 1 and words[1].islower() and words[1].isalpha() and tuple(words[:2]) not in known)
    ]
    assert unknown == []


def test_every_documented_option_is_there() -> None:
    by_path = dict(commands(app))
    for words in described():
        path = next((tuple(words[:n]) for n in (2, 1) if tuple(words[:n]) in by_path), None)
        if path is None:
            continue
        arguments = by_path[path].default_command
        names = (
            {name for argument in by_path[path].assemble_argument_collection() for name in argument.names}
            if arguments
            else set()
        )
        options = set(re.findall(r"--[a-z-]+", " ".join(words)))
        assert options <= names, (path, options - names)
