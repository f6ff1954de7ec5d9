"""What two articles have in common, and where they contradict each other: figures only, no decision."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from service.domain.stories.signature import Signature
from service.domain.stories.words import FIGURE, NUMBER, marked

__all__ = ["Evidence", "compare", "weigh"]

_WIDEST_SLOT = 16


@dataclass(frozen=True, slots=True)
class Evidence:
    """Shares are from 0 to 1."""

    held: float
    """The share of the more contained text's words that stand in shared stretches."""
    spread: float
    """The same of the less contained one."""
    shared: int
    """Words in shared stretches."""
    shortest: int
    """Words of the shorter text."""
    begins: float
    """Where in the longer text the shared wording begins."""
    agreeing: int
    """Different facts in shared wording."""
    figures: int
    """Of these the numbers that are neither years nor single digits."""
    conflicts: int
    """Slots in shared wording that hold a fact in either text which the other text does not know."""
    numbers: float
    """Of the numbers of the text that has fewer, the share that the other has too; 0 without numbers."""
    names: float
    few_numbers: int
    """How many numbers the text with fewer has."""
    news: float
    """Of either text's facts the share that the other does not know: the smaller of both shares."""
    title: float
    """Shared words of both titles in relation to all their words."""
    titles_differ: bool
    """Whether each title has a number that the other article does not know."""
    title_words: int
    """In the shorter title."""
    echo: float
    """Of the shorter text's facts the share that the longer text names outside shared stretches, too."""
    few_names: int
    spread_of_facts: float
    """How many facts the poorer text has, in relation to the richer."""
    titled: float
    """How much of the titles the shared wording says: 1 when a fact in it stands in a title, else the share of the
    longer words of a title that the other does not have, of the title that does better."""
    titles_apart: bool
    """Whether each title has a longer word that stands in its own text and nowhere in the other article."""
    distinct: float = 1.0
    """How rare the shared wording is among stories, in relation to the whole text's."""


def compare(one: Signature, other: Signature) -> Evidence:
    """Symmetrical but for repeated wording."""
    blocks = _blocks(one, other) if one.dense == other.dense else []
    in_one, in_other = _covered([b[:2] for b in blocks]), _covered([b[2:] for b in blocks])
    long_one, long_other = max(len(one.words), 1), max(len(other.words), 1)
    shares = sorted((len(in_one) / long_one, len(in_other) / long_other))
    longer_blocks = [b[0] for b in blocks] if long_one >= long_other else [b[2] for b in blocks]
    few_numbers = min(len(one.numbers), len(other.numbers))
    few_names = min(len(one.names), len(other.names))
    wording = {one.keys[at] for at in in_one}
    agreeing = one.facts & wording
    return Evidence(
        held=shares[1],
        spread=shares[0],
        shared=len(in_one),
        shortest=min(len(one.words), len(other.words)),
        begins=min(longer_blocks, default=0) / max(long_one, long_other),
        agreeing=len(agreeing),
        figures=len(agreeing & one.figures),
        conflicts=_conflicts(one, other, blocks),
        numbers=len(one.numbers & other.numbers) / few_numbers if few_numbers else 0.0,
        names=len(one.names & other.names) / few_names if few_names else 0.0,
        few_numbers=few_numbers,
        news=min(_unknown(one, other), _unknown(other, one)),
        title=_likeness(one.title_keys, other.title_keys),
        titles_differ=bool(_title_numbers(one, other) and _title_numbers(other, one)),
        title_words=min(len(one.title), len(other.title)),
        echo=_echo(one, other, in_other) if long_one <= long_other else _echo(other, one, in_one),
        few_names=few_names,
        titled=_titled(one, other, wording, agreeing),
        titles_apart=_stand_alone(one, other) and _stand_alone(other, one),
        spread_of_facts=min(len(one.facts), len(other.facts)) / max(len(one.facts), len(other.facts), 1),
    )


def weigh(posted: Mapping[int, int], one: Signature, other: Signature) -> float:
    """How rare the wording that ``one`` shares with ``other`` is, in relation to all that was posted: at most 1.

    ``posted``: in how many stories each hash of ``one`` is known. A copy of a wire counts once however many
    outlets carry it; a template's wording, known from many stories, weighs little.
    """
    weights = {h: 1 / math.sqrt(max(stories, 1)) for h, stories in posted.items()}
    shared = [weight for h, weight in weights.items() if one.posted_rows.get(h) in other.places]
    if not shared:
        return 0.0
    return min(1.0, (sum(shared) / len(shared)) / (sum(weights.values()) / len(weights)))


Block = tuple[int, int, int, int]


def _blocks(one: Signature, other: Signature) -> list[Block]:
    """Shared stretches: from, to in one; from, to in the other. Words, ends excluded."""
    width, places = one.width, other.places
    blocks: list[Block] = []
    begin = expected = -1
    for at, row in enumerate(one.rows):
        there = places.get(row, -1)
        if begin >= 0 and there != expected:
            blocks.append((begin, at - 1 + width, expected - (at - begin), expected - 1 + width))
            begin = -1
        if there >= 0:
            if begin < 0:
                begin = at
            expected = there + 1
    if begin >= 0:
        at = len(one.rows)
        blocks.append((begin, at - 1 + width, expected - (at - begin), expected - 1 + width))
    return blocks


def _covered(stretches: list[tuple[int, int]]) -> set[int]:
    return {at for begin, end in stretches for at in range(begin, end)}


def _conflicts(one: Signature, other: Signature, blocks: list[Block]) -> int:
    found = 0
    for (_, end, _, there_end), (begin, _, there_begin, _) in pairwise(blocks):
        if not (end < begin <= end + _WIDEST_SLOT and there_end < there_begin <= there_end + _WIDEST_SLOT):
            continue
        here = {key for key in one.keys[end:begin] if key in one.facts and key not in other.vocabulary}
        there = {key for key in other.keys[there_end:there_begin] if key in other.facts and key not in one.vocabulary}
        found += min(len(here), len(there))
    return found


def _unknown(one: Signature, other: Signature) -> float:
    return len(one.facts - other.vocabulary) / len(one.facts) if one.facts else 0.0


def _title_numbers(one: Signature, other: Signature) -> frozenset[int]:
    return marked(one.title, NUMBER, FIGURE) - other.vocabulary


def _echo(short: Signature, long: Signature, covered: set[int]) -> float:
    """A text that goes on with the same matter names the same things again; a digest turns to others."""
    rest = {key for at, key in enumerate(long.keys) if at not in covered}
    return len(short.facts & rest) / len(short.facts) if short.facts else 0.0


def _titled(one: Signature, other: Signature, wording: set[int], agreeing: frozenset[int]) -> float:
    if not agreeing.isdisjoint(one.title_keys | other.title_keys):
        return 1.0
    own = [mine.telling - theirs.title_keys for mine, theirs in ((one, other), (other, one))]
    return max((len(words & wording) / len(words) for words in own if words), default=0.0)


def _stand_alone(one: Signature, other: Signature) -> bool:
    return not (one.telling - other.vocabulary).isdisjoint(one.keys)


def _likeness(one: frozenset[int], other: frozenset[int]) -> float:
    return len(one & other) / len(one | other) if one or other else 0.0
