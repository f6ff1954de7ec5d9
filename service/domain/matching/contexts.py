"""An entity's contexts, ready to be looked up, and what of them stands in one article.

Entity -> ContextSet (compiled once, when the entity is first met) -> ContextView (one an article)
       -> view.near(field, start, end): the closest place of each context, within its reach
"""

from bisect import bisect_left
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import IntEnum

from ahocorasick_rs import AhoCorasick, MatchKind

from service.domain.matching.boundary import is_unspaced
from service.domain.matching.layout import Layout
from service.domain.matching.lexicon import is_common_word
from service.domain.matching.normal import NormalText, normalise
from service.domain.model import Context, Entity, Field, Reach

__all__ = ["ContextItem", "ContextSet", "ContextView", "Near", "Side", "Template"]

NAME = "{}"
"""Stands for the name itself in a context."""
_WRAPPING = "\"'*[]_"
"""Marks that may wrap a name without parting it from its context."""
_PHRASE_CHARACTERS = 48
_PHRASE_WORDS = 5
_SHORT = 4
"""A context this short, or an everyday word, that is defined with a capital must have it in the article too."""


class Side(IntEnum):
    FOR = 0
    AGAINST = 1
    PEER = 2


class Near(IntEnum):
    """How close a context stands to a name; smaller is closer."""

    PHRASE = 0
    SENTENCE = 1
    PARAGRAPH = 2
    ARTICLE = 3


_REACH = {Reach.PHRASE: Near.PHRASE, Reach.SENTENCE: Near.SENTENCE, Reach.PARAGRAPH: Near.PARAGRAPH,
          Reach.ARTICLE: Near.ARTICLE}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class ContextItem:
    """A context that stands anywhere within its reach. Compared by identity, which is quick."""

    text: str
    side: Side
    reach: Near
    plain: str
    folded: str
    prefix: bool
    """Any ending counts."""
    capitals: bool
    named: bool
    """It holds a name of the entity, as "random acme" does."""


@dataclass(frozen=True, slots=True)
class Template:
    """A context that adjoins the name: what stands before it and after it, folded."""

    text: str
    side: Side
    before: str
    after: str


class ContextSet:
    """All contexts of one entity. Immutable."""

    def __init__(self, entity: Entity) -> None:
        table: dict[str, list[ContextItem]] = {}
        templates: list[Template] = []
        names = {alias.text.casefold() for alias in entity.aliases if not alias.expression} | {entity.name.casefold()}
        sided: list[tuple[str | Context, Side]] = [(context, Side.FOR) for context in entity.contexts_for]
        sided += [(context, Side.AGAINST) for context in entity.contexts_against]
        sided += [(Context(product, Reach.ARTICLE), Side.FOR) for product in entity.products]
        sided += [(Context(peer, Reach.ARTICLE), Side.PEER) for peer in entity.peers]
        if entity.parent is not None:
            sided.append((Context(entity.parent, Reach.ARTICLE), Side.FOR))
        for one, side in sided:
            _add(table, templates, one, side, names)
        self.templates = tuple(templates)
        self.befores = tuple({t.before.rstrip() for t in templates if t.before})
        self.afters = tuple({t.after.rstrip("*") for t in templates if t.after})
        self._items = list(table.values())
        keys = list(table)
        self._automaton = AhoCorasick(keys, matchkind=MatchKind.Standard, store_patterns=False) if keys else None

    def hits(self, text: NormalText, layout: Layout) -> list[tuple[int, int, ContextItem]]:
        """Every context that stands in ``text`` as words of its own: (start, end, item), by start."""
        if self._automaton is None:
            return []
        plain = text.plain
        found = []
        for key, start, end in self._automaton.find_matches_as_indexes(text.folded, overlapping=True):
            if start and _runs_on(plain[start - 1], plain[start]):
                continue
            inside = end < len(plain) and _runs_on(plain[end - 1], plain[end])
            for item in self._items[key]:
                if inside and not item.prefix:
                    continue
                if item.named and layout.in_address(start):
                    continue  # a part of an address is no sense that the text speaks of
                if item.capitals and not _has_capitals(item.plain, plain[start:end]) and not text.without_capitals:
                    continue
                found.append((start, end, item))
        found.sort(key=lambda hit: hit[0])
        return found


def _runs_on(left: str, right: str) -> bool:
    """Whether two neighbouring characters belong to one word."""
    return left.isalnum() and right.isalnum() and not is_unspaced(left) and not is_unspaced(right)


def _add(
    table: dict[str, list[ContextItem]],
    templates: list[Template],
    context: str | Context,
    side: Side,
    names: Collection[str],
) -> None:
    if isinstance(context, str):
        context = Context(context)
    normal = normalise(context.text.strip())
    folded = normal.folded
    if NAME in folded:
        before, _, after = folded.partition(NAME)
        templates.append(Template(context.text, side, before, after))
        return
    prefix = folded.endswith("*")
    folded = folded.rstrip("*")
    plain = normal.plain.rstrip("*").replace("-", " ")
    if folded:
        doubtful = len(plain) <= _SHORT or is_common_word(plain)
        capitals = doubtful and plain != plain.lower()
        named = any(name in folded for name in names)
        item = ContextItem(context.text, side, _REACH[context.reach], plain, folded, prefix, capitals, named)
        table.setdefault(folded, []).append(item)


def _has_capitals(wanted: str, written: str) -> bool:
    return written.isupper() or all(w == c for w, c in zip(wanted, written, strict=False) if w.isupper())


class ContextView:
    """What of an entity's contexts stands in one article, arranged so that each question costs little."""

    def __init__(
        self,
        contexts: ContextSet,
        texts: Mapping[Field, NormalText],
        layouts: Mapping[Field, Layout],
        names: Mapping[Field, Collection[int]],
    ) -> None:
        """``names``: where the entity's own names start; a word that starts there is no context of itself."""
        self.contexts = contexts
        self._texts = texts
        self._layouts = layouts
        self._hits = {
            field: [
                hit for hit in contexts.hits(text, layouts[field]) if hit[0] not in names[field] or " " in hit[2].plain
            ]
            for field, text in texts.items()
        }
        self._starts = {field: [hit[0] for hit in hits] for field, hits in self._hits.items()}
        self._sentences: dict[tuple[Field, int], set[ContextItem]] = {}
        self._paragraphs: dict[tuple[Field, int], set[ContextItem]] = {}
        self._article: dict[ContextItem, None] = {}  # in the order of the text: what is told first is no chance
        for field, hits in self._hits.items():
            layout = layouts[field]
            for start, _, item in hits:
                self._sentences.setdefault((field, layout.sentence(start)), set()).add(item)
                self._paragraphs.setdefault((field, layout.paragraph(start)), set()).add(item)
                self._article[item] = None
        self.against = sum(1 for item in self._article if item.side is Side.AGAINST)
        """How many contexts against the entity stand in the article."""
        self._known: dict[tuple[Field, int], dict[ContextItem, Near]] = {}

    def near(self, field: Field, start: int, end: int) -> tuple[dict[ContextItem, Near], bool]:
        """Each context whose reach covers the name at ``start..end``, with its closest place; and whether that is
        the same (kept) object for other names of the sentence."""
        layout = self._layouts[field]
        sentence = layout.sentence(start)
        base = self._known.get((field, sentence))
        if base is None:
            base = self._known[field, sentence] = self._of_sentence(field, sentence, layout.paragraph(start))
        close = self._within_phrase(field, start, end, sentence)
        return ({**base, **close}, False) if close else (base, True)

    def templates(self, field: Field, start: int, end: int) -> list[Template]:
        """The contexts that adjoin the name at ``start..end``."""
        folded = self._texts[field].folded
        bare, after = (start, end), end
        while start and folded[start - 1] in _WRAPPING:
            start -= 1
        while after < len(folded) and folded[after] in _WRAPPING:
            after += 1
        places = (bare,) if (start, after) == bare else (bare, (start, after))  # "'s" is no wrapping
        near = [place for place in places if self._may_adjoin(folded, *place)]
        if not near or self._layouts[field].in_address(end - 1):
            return []
        return [t for t in self.contexts.templates if any(_adjoins(t, folded, *place) for place in near)]

    def _may_adjoin(self, folded: str, start: int, end: int) -> bool:
        """A quick look that most places fail."""
        near = start - 1 if start and folded[start - 1] == " " else start
        return folded.endswith(self.contexts.befores, 0, near) or folded.startswith(self.contexts.afters, end)

    def _of_sentence(self, field: Field, sentence: int, paragraph: int) -> dict[ContextItem, Near]:
        in_sentence = self._sentences.get((field, sentence), set())
        in_paragraph = self._paragraphs.get((field, paragraph), set())
        title_of_all = (Field.TEXT, 0) if field is Field.TITLE else (Field.TITLE, 0)
        lead = self._paragraphs.get(title_of_all, set())
        found: dict[ContextItem, Near] = {}
        for item in self._article:
            if item in in_sentence:
                near = Near.SENTENCE
            elif item in in_paragraph or item in lead:
                near = Near.PARAGRAPH
            else:
                near = Near.ARTICLE
            if near <= item.reach:
                found[item] = near
        return found

    def _within_phrase(self, field: Field, start: int, end: int, sentence: int) -> dict[ContextItem, Near]:
        starts, hits, layout = self._starts[field], self._hits[field], self._layouts[field]
        plain = self._texts[field].plain
        found: dict[ContextItem, Near] = {}
        first = bisect_left(starts, start - 2 * _PHRASE_CHARACTERS)
        last = bisect_left(starts, end + _PHRASE_CHARACTERS)
        for begin, finish, item in hits[first:last]:
            if begin < end and finish > start:  # the name itself, or a part of it
                continue
            gap = plain[end:begin] if begin >= end else plain[finish:start]
            if len(gap) > _PHRASE_CHARACTERS or gap.count(" ") > _PHRASE_WORDS or layout.sentence(begin) != sentence:
                continue
            found[item] = Near.PHRASE
        return found


def _adjoins(template: Template, folded: str, start: int, end: int) -> bool:
    before, after = template.before, template.after
    if before:
        if start and folded[start - 1].isalnum():  # the name is stuck to its neighbour
            before = before.rstrip()
        if not folded.endswith(before, 0, start):
            return False
        edge = start - len(before)
        if edge and _runs_on(folded[edge - 1], before[0]):
            return False
    if after:
        prefix = after.endswith("*")
        after = after.rstrip("*")
        if not folded.startswith(after, end):
            return False
        edge = end + len(after)
        if not prefix and edge < len(folded) and after and _runs_on(after[-1], folded[edge]):
            return False
    return True
