"""The matcher finds exactly what a naive reading of the rules finds: nothing lost, invented or misplaced."""

import re
from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain.matching import Matcher
from service.domain.model import Alias, CaseRule, Document, Entity, Field

WORDS = ["zorblat", "Zorblat", "zorblat max", "Qux", "QUX", "quxor", "max", "Zed-Or", "zed or", "甲骨", "naïve", "x"]
GLUE = [" ", " ", "-", "\n", ", ", ".", "'s ", "(", ")", "", "7", "_", "文", "\u00ad", "’s ", "…", "  "]


@dataclass(frozen=True)
class Found:
    start: int
    end: int
    alias: str


def _plain(text: str) -> list[tuple[str, int, int]]:
    """Characters in plain form with the stored stretch of each; a deliberately simple reading of the rules."""
    cells: list[tuple[str, int, int]] = []
    table = {"’": "'", "…": "...", "\u00ad": ""}
    for index, character in enumerate(text):
        cells.extend((c, index, index + 1) for c in table.get(character, character))
    merged: list[tuple[str, int, int]] = []
    for cell in cells:
        if merged and cell[0] in " \n" and merged[-1][0] in " \n" and (cell[0] + merged[-1][0]) != "\n\n":
            kind = "\n" if "\n" in (cell[0], merged[-1][0]) else " "
            merged[-1] = (kind, merged[-1][1], cell[2])
        else:
            merged.append(cell)
    return merged


def _is_word(character: str) -> bool:
    return character.isalnum() and character < "\u2e80"


def naive(text: str, aliases: list[Alias]) -> set[Found]:
    """Every longest stretch that equals an alias and has no letter or digit on either side, glue left out."""
    cells = _plain(text)
    plain = "".join(cell[0] for cell in cells)
    reading = plain.replace("-", " ").replace("\n", " ")
    found: list[tuple[int, int, str]] = []
    for alias in aliases:
        wanted = alias.text.replace("-", " ")
        for start in range(len(reading) - len(wanted) + 1):
            end = start + len(wanted)
            piece = reading[start:end]
            if (piece != wanted) if alias.case is CaseRule.EXACT else (piece.lower() != wanted.lower()):
                continue
            if start and _is_word(plain[start - 1]) and _is_word(plain[start]):
                continue
            if end < len(plain) and _is_word(plain[end]) and _is_word(plain[end - 1]):
                continue
            found.append((start, end, alias.text))
    kept: set[Found] = set()
    last = 0
    for start, end, name in sorted(found, key=lambda f: (f[0], -f[1])):
        if start >= last:
            kept.add(Found(cells[start][1], cells[end - 1][2], name))
            last = end
    return kept


def _has_glue(text: str) -> bool:
    """Glued names are judged by rules of their own; the naive reader does not know them."""
    return re.search(r"[a-z][A-Z]|[A-Za-z][0-9]|[A-Z]{2}[a-z]|[a-z]{2}(?:or|max|x)(?![a-z])", text) is not None


names = st.lists(st.sampled_from(["zorblat", "Zorblat Max", "QUX", "Qux", "Zed Or", "甲骨", "naïve"]), unique=True)
pieces = st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(GLUE)), max_size=12)


@settings(max_examples=300, deadline=None)
@given(names, st.lists(st.booleans(), min_size=7, max_size=7), pieces)
def test_equal_to_the_naive_reader(texts: list[str], cases: list[bool], parts: list[tuple[str, str]]) -> None:
    text = "".join(word + glue for word, glue in parts)
    aliases = [
        Alias(name, case=CaseRule.ANY if any_case else CaseRule.EXACT)
        for name, any_case in zip(texts, cases, strict=False)
    ]
    entity = Entity("thing", tuple(aliases) or (Alias("nothing-at-all"),), kind="thing")
    result = Matcher([entity]).match(Document("", text))
    spans = [span for mention in result.mentions for span in mention.spans] + [r.span for r in result.rejected]
    for span in spans:
        assert span.field is Field.TEXT
        assert text[span.start : span.end] == span.text
    if not _has_glue(text.replace("\u00ad", "")):
        found = {(span.start, span.end) for span in spans}
        assert found == {(f.start, f.end) for f in naive(text, aliases)}


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80), st.text(max_size=80))
def test_any_text_gives_true_spans(title: str, body: str) -> None:
    document = Document(title, f"{body} Zorblat {body}")
    entity = Entity("thing", (Alias("Zorblat"), Alias("a", case=CaseRule.ANY)), contexts_for=("e",), masks=("a e",))
    result = Matcher([entity]).match(document)
    for span in [s for m in result.mentions for s in m.spans] + [r.span for r in result.rejected]:
        stored = document.title if span.field is Field.TITLE else document.text
        assert stored[span.start : span.end] == span.text
        assert span.text
