"""What judging needs to have at hand: an entity, compiled, and one article, laid out. Both are shared by all of its
occurrences."""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from service.domain.matching.brackets import Spelling, explained, spelled_out
from service.domain.matching.contexts import ContextSet
from service.domain.matching.cues import Cues
from service.domain.matching.fields import Fields, home_fields
from service.domain.matching.glossary import Glossary
from service.domain.matching.layout import Layout
from service.domain.matching.namesakes import OwnWords
from service.domain.matching.normal import NormalText
from service.domain.matching.rows import Rows
from service.domain.matching.scan import Candidate
from service.domain.model import Entity, Field

__all__ = ["EntityProfile", "Page"]

_ACRONYM = 6


@dataclass(frozen=True, slots=True)
class EntityProfile:
    """What judging needs of an entity, compiled when it is first met."""

    entity: Entity
    contexts: ContextSet
    acronyms: frozenset[str]
    names: frozenset[str]
    company: bool
    own: OwnWords
    peers: frozenset[str]
    home: frozenset[str]
    """The fields of life that its own words belong to."""

    @classmethod
    def of(cls, entity: Entity) -> "EntityProfile":
        texts = [alias.text for alias in entity.aliases if not alias.expression] or [entity.name]
        names = {text.replace("-", " ").casefold() for text in (*texts, entity.name)}
        own = OwnWords(entity)
        acronyms = {text.casefold() for text in texts if " " not in text and len(text) <= _ACRONYM}
        acronyms |= {symbol.casefold() for symbol in own.symbols}
        peers = frozenset(peer.casefold() for peer in entity.peers)
        company = entity.kind == "company"
        said = [context if isinstance(context, str) else context.text for context in entity.contexts_for]
        home = home_fields([*names, *entity.products, *said])
        return cls(entity, ContextSet(entity), frozenset(acronyms), frozenset(names), company, own, peers, home)


@dataclass(frozen=True, slots=True)
class Page:
    """One article, ready to be judged."""

    texts: Mapping[Field, NormalText]
    layouts: Mapping[Field, Layout]
    cues: Mapping[Field, Cues]
    rows: Mapping[Field, Rows]
    fields: Mapping[Field, Fields]
    glossaries: Mapping[Field, Glossary]
    spellings: Sequence[Spelling]
    named: Mapping[tuple[Field, int], Collection[int]]
    """By field and paragraph: the tracked companies (as numbers) that may be named there."""
    recurring: Sequence[tuple[int, int]] = ()
    """Stretches of the stored text that recur on the host's pages."""

    def recurs(self, candidate: Candidate) -> bool:
        """Whether the name stands in a line that recurs on the host's pages."""
        if not self.recurring or candidate.field is not Field.TEXT:
            return False
        start, end = self.texts[Field.TEXT].origin(candidate.start, candidate.end)
        at = bisect_right(self.recurring, (start, len(self.texts[Field.TEXT].source))) - 1
        return at >= 0 and end <= self.recurring[at][1]

    @classmethod
    def of(
        cls,
        texts: Mapping[Field, NormalText],
        language: str | None,
        companies: Iterable[Candidate] = (),
        recurring: Sequence[tuple[int, int]] = (),
    ) -> "Page":
        layouts = {field: Layout(text.plain) for field, text in texts.items()}
        title, body = texts[Field.TITLE].plain, texts[Field.TEXT].plain
        cues = {field: Cues(text, layouts[field], language, title, body) for field, text in texts.items()}
        spellings = [one for text in texts.values() for one in spelled_out(text)]
        named: dict[tuple[Field, int], set[int]] = {}
        for one in companies:
            if one.listed or not one.written.islower():
                paragraph = layouts[one.field].paragraph(one.start)
                named.setdefault((one.field, paragraph), set()).add(one.pattern.entity)
        rows = {field: Rows(text.plain) for field, text in texts.items()}
        fields = {
            Field.TITLE: Fields(texts[Field.TITLE], texts[Field.TEXT]),
            Field.TEXT: Fields(texts[Field.TEXT], texts[Field.TITLE]),
        }
        glossaries = {field: Glossary(text.plain, explained(spellings)) for field, text in texts.items()}
        return cls(texts, layouts, cues, rows, fields, glossaries, spellings, named, recurring)
