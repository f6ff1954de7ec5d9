"""Labelled stories, made from a seed: ``corpus(mix, seed)`` -> items with the story that each one tells.

vocabulary -> english | languages | templates -> edits -> an Item, in one of the slices
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.stories.generator import english, vocabulary
from tests.stories.generator.edits import outlets, recast
from tests.stories.generator.languages import LANGUAGES, foreign
from tests.stories.generator.retold import cast_of_facts, retold
from tests.stories.generator.templates import FAMILIES, filled

__all__ = ["MIXES", "Item", "corpus"]


@dataclass(frozen=True)
class Item:
    """An article with the story that it tells, and the slice that it belongs to."""

    title: str
    text: str
    story: int
    slice: str


@dataclass
class Maker:
    """Collects items; every kind of story is a method."""

    source: random.Random
    items: list[Item] = field(default_factory=list)
    stories: int = 0
    leads: list[tuple[str, str, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.outlets = outlets(self.source, 40)

    def add(self, title: str, sentences: list[str], story: int, name: str) -> None:
        glue = "\n\n" if self.source.random() < 0.3 else " "
        self.items.append(Item(title, glue.join(sentences), story, name))

    def next_story(self) -> int:
        self.stories += 1
        return self.stories

    def copies(self, name: str, count: int, *, size: tuple[int, int] = (9, 26)) -> tuple[english.Cast, list[str], str]:
        """One story, carried by ``count`` outlets."""
        who = english.cast(self.source)
        text = english.article(self.source, who, self.source.randint(*size))
        titles = english.headlines(self.source, who, 5)
        self.carry(name, count, who, text, titles)
        return who, text, titles[0]

    def carry(self, name: str, count: int, who: english.Cast, text: list[str], titles: list[str]) -> None:
        story = self.next_story()
        self.leads.append((titles[0], " ".join(text[:2]), story))
        for number in range(count):
            title = titles[0] if number == 0 or self.source.random() < 0.4 else self.source.choice(titles)
            other = english.sentences(self.source, who, english.LEADS, 1)[0]
            outlet = self.source.choice(self.outlets)
            version = recast(self.source, text, outlet, vocabulary.SYNONYMS, lead=other) if number else text
            self.add(title, version, story, name)

    def wires(self, count: int) -> None:
        for _ in range(count):
            self.copies("wires", self.source.choice([8, 12, 15, 20, 30, 40, 60]))

    def small(self, count: int) -> None:
        for _ in range(count):
            self.copies("small", self.source.choice([2, 2, 2, 3, 3, 4, 5]))

    def single(self, count: int) -> None:
        for _ in range(count):
            self.copies("single", 1)

    def follow_ups(self, count: int) -> None:
        """The title and two fifths of the text stay; the lead, the figures and the rest are new."""
        for _ in range(count):
            who, text, title = self.copies("follow-ups", self.source.choice([1, 1, 2, 3]), size=(12, 22))
            for _ in range(self.source.randint(1, 3)):
                who = english.cast(self.source, who)
                fresh = english.article(self.source, who, len(text) - 1)
                kept = max(1, int(len(text) * 0.4))
                background = self.source.sample(text[1:], min(kept, len(text) - 1))
                text = fresh[: len(text) - kept] + background
                titles = [title, title, *english.headlines(self.source, who, 2)]
                self.carry("follow-ups", self.source.choice([1, 1, 2, 3]), who, text, titles)

    def family(self, name: str, count: int, *, again: float = 0.1) -> None:
        """Texts from one template, each a story of its own; some are carried twice."""
        for _ in range(count):
            title, sentences = filled(name, self.source)
            story = self.next_story()
            self.add(title, sentences, story, name)
            if self.source.random() < again:
                tail = self.source.sample(self.source.choice(self.outlets).after, 1)
                self.add(title, (sentences if self.source.random() < 0.5 else sentences[:-1]) + tail, story, name)

    def abroad(self, count: int) -> None:
        for language in LANGUAGES:
            for _ in range(count):
                title, sentences, same = foreign(language, self.source, self.source.randint(7, 15))
                story = self.next_story()
                for number in range(self.source.choice([1, 2, 3, 5])):
                    outlet = self.source.choice(self.outlets)
                    self.add(
                        title, recast(self.source, sentences, outlet, same) if number else sentences, story, language
                    )

    def teasers(self, share: float) -> None:
        """One or two sentences of a story told elsewhere."""
        for title, lead, story in self.source.sample(self.leads, int(len(self.leads) * share)):
            self.add(title, [lead], story, "teasers")

    def digests(self, count: int) -> None:
        """Several stories' leads under one roof: a story of its own."""
        for number in range(count):
            parts = self.source.sample(self.leads, self.source.randint(4, 7))
            day = self.source.choice(vocabulary.DAYS)
            self.add(f"{day} briefing {number}", [lead for _, lead, _ in parts], self.next_story(), "digests")

    def notices(self, count: int) -> None:
        """What an outlet shows instead of the text, the same under every title; some titles come twice."""
        for _ in range(count):
            title = english.headlines(self.source, english.cast(self.source), 1)[0]
            story = self.next_story()
            outlet = self.source.choice(self.outlets[:8])
            for _ in range(self.source.choice([1, 1, 1, 2])):
                self.add(title, outlet.notice, story, "notices")

    def versions(self, count: int, kept: float) -> None:
        """News that every outlet tells in words of its own; every other has a follow-up with the same names."""
        for number in range(count):
            facts = cast_of_facts(self.source)
            for cast in [facts, cast_of_facts(self.source, facts)][: 1 + number % 2]:
                story = self.next_story()
                for _ in range(self.source.choice([1, 2, 3, 4, 5])):
                    self.add(*retold(self.source, *cast, kept), story, f"retold {kept:.0%}")


def _with_wires(make: Maker) -> None:
    make.wires(12)
    _without_wires(make)


def _without_wires(make: Maker) -> None:
    make.small(110)
    make.single(150)
    make.follow_ups(20)
    make.abroad(12)
    for name in FAMILIES:
        make.family(name, 14)
    make.teasers(0.08)
    make.digests(4)


def _nasty(make: Maker) -> None:
    make.small(60)
    make.single(40)
    make.follow_ups(50)
    for name in FAMILIES:
        make.family(name, 200 if name in {"stock notes", "quakes", "rates", "releases"} else 30)
    make.teasers(0.25)
    make.digests(15)
    make.notices(80)
    make.family("letters", 60)


def _retold(make: Maker) -> None:
    for kept in (1.0, 0.9, 0.8):
        make.versions(30, kept)


MIXES: dict[str, Callable[[Maker], None]] = {
    "wires": _with_wires,
    "no wires": _without_wires,
    "nasty": _nasty,
    "retold": _retold,
}


def corpus(mix: str, seed: int) -> list[Item]:
    """The items of a mix, in the order in which they were made. The same seed makes the same items."""
    make = Maker(random.Random(f"{mix} {seed}"))
    MIXES[mix](make)
    return make.items
