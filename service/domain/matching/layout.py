"""Where sentences, paragraphs, the lead and lists of links lie in a plain text."""

import re
from bisect import bisect_right

from service.domain.matching.lexicon import BOILERPLATE_HEADINGS

__all__ = ["Layout"]

_BREAK = re.compile(r"[.!?]+[\"')\]]*\s+(?=[^a-z\s])|[。！？]+|\n+")
_NO_END = re.compile(r"(?:^|[\s(\"'])(?:[A-Z]|Mr|Mrs|Ms|Dr|St|vs|No|Nr|z\.B|d\.h|bzw|ca|Mio|Mrd|Sr|Sra|approx|Jr)$")
_ABBREVIATION = 8
_LINK_LINE = 160
_SENTENCE_END = re.compile(r"[.!?。！？][\"')\]]*$")
LEAD = 400
"""Code points of the body that count as its lead."""


class Layout:
    """Sentences, paragraphs and link lists of one field, found once."""

    __slots__ = ("_lists", "_paragraphs", "_sentences", "plain")

    def __init__(self, plain: str) -> None:
        self.plain = plain
        self._sentences = [0]
        self._paragraphs = [0]
        for mark in _BREAK.finditer(plain):
            if mark.group()[0] == "\n":
                self._paragraphs.append(mark.end())
            elif mark.group()[0] == "." and _NO_END.search(plain[max(0, mark.start() - _ABBREVIATION) : mark.start()]):
                continue
            self._sentences.append(mark.end())
            if "\n" in mark.group() and self._paragraphs[-1] != mark.end():
                self._paragraphs.append(mark.end())
        self._lists: list[tuple[int, int]] | None = None

    def sentence(self, at: int) -> int:
        """Number of the sentence that holds the character at ``at``."""
        return bisect_right(self._sentences, at) - 1

    def paragraph(self, at: int) -> int:
        return bisect_right(self._paragraphs, at) - 1

    def sentence_bounds(self, number: int) -> tuple[int, int]:
        """Start and end (with the mark and spaces that follow) of a sentence."""
        start = self._sentences[number]
        end = self._sentences[number + 1] if number + 1 < len(self._sentences) else len(self.plain)
        return start, end

    def starts_sentence(self, start: int) -> bool:
        """Whether only quotes, bullets and spaces stand between the sentence's start and ``start``."""
        begin = self._sentences[self.sentence(start)]
        return start - begin <= _ABBREVIATION and not any(c.isalnum() for c in self.plain[begin:start])

    def in_link_list(self, at: int) -> bool:
        """Whether the line at ``at`` belongs to a list of links or tags that follows a heading such as "Related"."""
        if self._lists is None:
            self._lists = self._find_lists()
        index = bisect_right(self._lists, (at, len(self.plain))) - 1
        return index >= 0 and at < self._lists[index][1]

    def _find_lists(self) -> list[tuple[int, int]]:
        """A heading known from many sites, and the short lines without an end mark that follow it."""
        found: list[tuple[int, int]] = []
        starts = [*self._paragraphs, len(self.plain)]
        index, last = 0, len(starts) - 1
        while index < last:
            line = self.plain[starts[index] : starts[index + 1]].strip()
            index += 1
            if not line or len(line) > _LINK_LINE or not BOILERPLATE_HEADINGS.fullmatch(line):
                continue
            begin = index
            while index < last and _is_link_line(self.plain[starts[index] : starts[index + 1]].strip()):
                index += 1
            if index > begin:
                found.append((starts[begin], starts[index]))
        return found


def _is_link_line(line: str) -> bool:
    return len(line) <= _LINK_LINE and not _SENTENCE_END.search(line)
