"""What an edit changed, word by word, for a person to read.

paragraphs compared first, then the words of those that differ: an edited text of any length costs little, and a text
that was written anew is told as that.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

__all__ = ["Change", "difference", "marked", "shortened"]

_MOST_EDITS = 400
"""Of one comparison, or of all that follow from it; beyond, everything in between counts as replaced."""
_FEWEST_EDITS = 20
# A word, a character of a script that parts no words, a space, or a mark.
_TOKEN = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]|[^\\W\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]+|\\s+|.")
_CONTEXT = 60


@dataclass(frozen=True, slots=True)
class Change:
    """A piece of both texts, of the old one only, or of the new one only."""

    kind: Literal["same", "removed", "added"]
    text: str


def difference(old: str, new: str) -> list[Change]:
    """The pieces of which ``same`` and ``removed`` ones make ``old``, ``same`` and ``added`` ones ``new``.

    Time is linear in the lengths, and some 100,000 steps, whatever the texts are.
    """
    changes: list[Change] = []
    paragraphs = list(_runs(old.splitlines(keepends=True), new.splitlines(keepends=True), _MOST_EDITS))
    most = max(_MOST_EDITS // len(paragraphs), _FEWEST_EDITS)
    for removed, added, same in paragraphs:
        for before, after, kept in _runs(_TOKEN.findall("".join(removed)), _TOKEN.findall("".join(added)), most):
            changes += [Change("removed", "".join(before)), Change("added", "".join(after))]
            changes.append(Change("same", "".join(kept)))
        changes.append(Change("same", "".join(same)))
    return list(_merged(changes))


def shortened(changes: Sequence[Change], *, context: int = _CONTEXT) -> list[Change]:
    """The same with what lies between two edits cut to its ends."""
    last = len(changes) - 1
    return [
        Change("same", _cut(change.text, context if number else 0, context if number < last else 0))
        if change.kind == "same"
        else change
        for number, change in enumerate(changes)
    ]


def marked(changes: Sequence[Change]) -> str:
    """As one text: ``[-removed-]``, ``{+added+}``."""
    signs = {"same": ("", ""), "removed": ("[-", "-]"), "added": ("{+", "+}")}
    return "".join(f"{signs[change.kind][0]}{change.text}{signs[change.kind][1]}" for change in changes)


def _cut(text: str, head: int, tail: int) -> str:
    if len(text) <= head + tail + len(" … "):
        return text
    return f"{text[:head]} … {text[len(text) - tail :]}"


def _runs(
    old: Sequence[str], new: Sequence[str], most: int
) -> Iterator[tuple[Sequence[str], Sequence[str], Sequence[str]]]:
    """(removed, added, what follows and is the same in both), in order."""
    at_old = at_new = 0
    for start_old, start_new, length in _common(old, new, most):
        yield old[at_old:start_old], new[at_new:start_new], old[start_old : start_old + length]
        at_old, at_new = start_old + length, start_new + length
    yield old[at_old:], new[at_new:], ()


def _common(old: Sequence[str], new: Sequence[str], most: int) -> list[tuple[int, int, int]]:
    """Where the two agree: (start in old, start in new, length), in order."""
    head = 0
    shorter = min(len(old), len(new))
    while head < shorter and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < shorter - head and old[len(old) - 1 - tail] == new[len(new) - 1 - tail]:
        tail += 1
    middle = _snakes(old[head : len(old) - tail], new[head : len(new) - tail], most)
    found = [(0, 0, head), *((x + head, y + head, length) for x, y, length in middle)]
    return [run for run in [*found, (len(old) - tail, len(new) - tail, tail)] if run[2]]


def _snakes(old: Sequence[str], new: Sequence[str], most: int) -> list[tuple[int, int, int]]:
    """The greedy algorithm of E. W. Myers, "An O(ND) difference algorithm and its variations" (1986), given up after
    ``most`` edits: then nothing is common."""
    if not old or not new:
        return []
    reach = {1: 0}
    trace: list[dict[int, int]] = []
    for edits in range(min(len(old) + len(new), most) + 1):
        trace.append(dict(reach))
        for diagonal in range(-edits, edits + 1, 2):
            down = diagonal == -edits or (diagonal != edits and reach[diagonal - 1] < reach[diagonal + 1])
            x = reach[diagonal + 1] if down else reach[diagonal - 1] + 1
            while x < len(old) and x - diagonal < len(new) and old[x] == new[x - diagonal]:
                x += 1
            reach[diagonal] = x
            if x >= len(old) and x - diagonal >= len(new):
                return _walked_back(trace, len(old), len(new))
    return []


def _walked_back(trace: Sequence[dict[int, int]], x: int, y: int) -> list[tuple[int, int, int]]:
    found = []
    for edits in range(len(trace) - 1, -1, -1):
        reach, diagonal = trace[edits], x - y
        down = diagonal == -edits or (diagonal != edits and reach[diagonal - 1] < reach[diagonal + 1])
        from_diagonal = diagonal + 1 if down else diagonal - 1
        from_x = reach[from_diagonal] if edits else 0
        start = from_x + (not down) if edits else 0
        if x > start:
            found.append((start, start - diagonal, x - start))
        x, y = from_x, from_x - from_diagonal
    return found[::-1]


def _merged(changes: Sequence[Change]) -> Iterator[Change]:
    """Neighbours of one kind as one. Words that changed one after the other read better together than with the space
    between them kept."""
    filled = [change for change in changes if change.text]
    grouped = [
        Change(kind, "".join(change.text for change in group))
        for kind, group in groupby(filled, key=lambda change: change.kind)
    ]
    removed = added = space = ""
    for change in grouped:
        if change.kind == "same" and (change.text.isspace() and (removed or added)):
            space = change.text
        elif change.kind == "same":
            gap = _common_gap(removed, added)
            yield from _edit(removed[: len(removed) - gap], added[: len(added) - gap])
            yield Change("same", removed[len(removed) - gap :] + change.text)
            removed = added = ""
        else:
            removed, added, space = removed + space, added + space, ""
            removed += change.text if change.kind == "removed" else ""
            added += change.text if change.kind == "added" else ""
    yield from _edit(removed, added)
    if space:
        yield Change("same", space)


def _common_gap(one: str, other: str) -> int:
    """How much space both end with."""
    gap = 0
    while gap < min(len(one), len(other)) and one[-1 - gap] == other[-1 - gap] and one[-1 - gap].isspace():
        gap += 1
    return gap


def _edit(removed: str, added: str) -> Iterator[Change]:
    if removed:
        yield Change("removed", removed)
    if added:
        yield Change("added", added)
