"""From a document and what the matcher found in it to the deals that it tells of.

title, text ─> sentences ─ a cue? ─> kind, amounts, names ─> status, roles ─> Draft
drafts ─ what the neighbour says: parties, price ─> Fact ─ join ─> the article's facts
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice

from service.domain.facts.amounts import deal_amount, tells_price
from service.domain.facts.attribution import reported_by
from service.domain.facts.fact import Fact, Kind, Money, Party, Role, Status
from service.domain.facts.join import join
from service.domain.facts.kinds import has_cue, kind_of
from service.domain.facts.money import find_money
from service.domain.facts.names import Name, find_names, persons
from service.domain.facts.plain import plain
from service.domain.facts.quantities import find_quantities
from service.domain.facts.roles import AMOUNT, FIRST_NAME, are_linked, roles_in
from service.domain.facts.status import status_of
from service.domain.matching.layout import Layout
from service.domain.model import Document, Field, MatchResult
from service.domain.query.sentences import sentence_spans

__all__ = ["extract_facts"]

_LONGEST_SENTENCE = 600
"""Characters: what is longer is a table or code, and only its head is read."""
_MOST_SENTENCES = 150
"""Sentences with a cue that are looked at; a news article has a tenth of that."""
_MOST_FACTS = 20
_MOST_PARTIES = 12
_MOST_LINKED = 4
_PROOF = 500
_ENOUGH = 2.0
"""A cue of this weight makes a deal of a sentence that names no amount."""
_HEAD = 20_000
_SAID_ALOUD = frozenset({Status.ENDED, Status.LOST, Status.DENIED})


@dataclass(frozen=True, slots=True)
class _Sentence:
    plain: str
    written: str
    tracked: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class _Draft:
    """What one sentence says. ``status``: None where it does not say how far the deal is."""

    at: int
    kind: Kind
    weight: float
    status: Status | None
    money: Money | None
    parties: tuple[Party, ...]
    linked: bool
    """Whether two of them are named as partners: "A and B", "with B"."""


def extract_facts(document: Document, result: MatchResult) -> tuple[Fact, ...]:
    """The deals of an article in reading order, at most 20, each with one sentence as its proof.

    ``result``: what the matcher found in the same document. Pure, deterministic, linear in the text's length.
    """
    reader = _Reader(document, result)
    drafts = {at: draft for at in reader.cued() if (draft := reader.draft(at)) is not None}
    found = [fact for draft in drafts.values() if (fact := reader.fact(draft, drafts)) is not None]
    return join(found)[:_MOST_FACTS]


class _Reader:
    """Reads sentences of one document, with their neighbours. The title's are the first."""

    def __init__(self, document: Document, result: MatchResult) -> None:
        self._document = document
        self._language = document.language.lower()[:2] if document.language else None
        self._written = {Field.TITLE: document.title, Field.TEXT: document.text}
        self._plain = {field: plain(written) for field, written in self._written.items()}
        # Most articles tell of no deal: one look at the whole is cheaper than one a sentence.
        told = any(map(has_cue, self._plain.values()))
        self._places = [
            (field, start, min(end, start + _LONGEST_SENTENCE))
            for field, text in (self._plain.items() if told else ())
            for start, end in sentence_spans(text)
        ]
        self._mentions: dict[Field, list[tuple[int, int, str]]] = {field: [] for field in self._plain}
        for mention in result.mentions:
            for span in mention.spans:
                self._mentions[span.field].append((span.start, span.end, mention.entity))
        for spans in self._mentions.values():
            spans.sort()

    def cued(self) -> list[int]:
        """The sentences that may tell of a deal, without those that stand beside the article."""
        cued = (i for i, (field, start, end) in enumerate(self._places) if has_cue(self._plain[field][start:end]))
        first = list(islice(cued, _MOST_SENTENCES))
        return [i for i in first if not self._is_beside(i)] if first else []

    def _is_beside(self, at: int) -> bool:
        """Whether it stands in a list of links, or in what recurs on the pages of its host."""
        field, start, _ = self._places[at]
        if field is not Field.TEXT:
            return False
        recurring = self._document.recurring
        before = bisect_right(recurring, (start, len(self._document.text))) - 1
        return (before >= 0 and start < recurring[before][1]) or self._layout.is_boilerplate(start)

    @cached_property
    def _layout(self) -> Layout:
        return Layout(self._plain[Field.TEXT])

    @cached_property
    def _people(self) -> frozenset[str]:
        return persons(f"{self._plain[Field.TITLE]}\n{self._plain[Field.TEXT][:_HEAD]}")

    def _sentence(self, at: int) -> _Sentence:
        field, start, end = self._places[at]
        spans = self._mentions[field]
        inside = spans[bisect_left(spans, (start,)) : bisect_left(spans, (end,))]
        tracked = tuple(Name(a - start, b - start, entity, tracked=True) for a, b, entity in inside if b <= end)
        return _Sentence(self._plain[field][start:end], self._written[field][start:end], tracked)

    def draft(self, at: int) -> _Draft | None:
        text = self._sentence(at).plain
        amounts = find_money(text)
        names = self._names(at, amounts)
        masked = _masked(text, names, amounts)
        cue = kind_of(masked)  # a name may hold a cue: "Oakmont Investment Trust"
        if cue is None:
            return None
        kind, weight = cue
        money = deal_amount(amounts, text)
        if money is None and len(names) < 2 and not any(name.tracked for name in names):
            return None
        parties = _parties(names, roles_in(masked, kind))
        return _Draft(at, kind, weight, status_of(masked, kind), money, parties, are_linked(masked))

    def fact(self, draft: _Draft, drafts: dict[int, _Draft]) -> Fact | None:
        """The draft completed by its neighbours; None where it is no deal after all, or is told by another draft."""
        if draft.money is not None and not draft.parties:
            before = drafts.get(draft.at - 1)
            if before is not None and before.money is None and before.parties:
                return None
            draft = replace(draft, parties=self._parties_beside(draft.at))
        elif draft.money is None and draft.parties:
            draft = replace(draft, money=self._price_beside(draft.at, drafts))
        return self._finished(draft) if _stands(draft) else None

    def _finished(self, draft: _Draft) -> Fact:
        sentence, money = self._sentence(draft.at), draft.money
        return Fact(
            kind=draft.kind,
            status=draft.status or Status.ANNOUNCED,
            parties=draft.parties[:_MOST_PARTIES],
            sentence=" ".join(sentence.written.split())[:_PROOF],
            amount=money.amount if money else None,
            currency=money.currency if money else None,
            bound=money.bound if money else None,
            upper=money.upper if money else None,
            quantities=tuple(find_quantities(sentence.plain)),
            reported_by=reported_by(sentence.plain),
        )

    def _names(self, at: int, amounts: Sequence[Money]) -> list[Name]:
        sentence = self._sentence(at)
        return find_names(
            sentence.plain, sentence.tracked, amounts=amounts, language=self._language, people=self._people
        )

    def _parties_beside(self, at: int) -> tuple[Party, ...]:
        for beside in (at - 1, at + 1):
            if 0 <= beside < len(self._places):
                parties = _parties(self._names(beside, find_money(self._sentence(beside).plain)), {})
                if parties:
                    return parties
        return ()

    def _price_beside(self, at: int, drafts: dict[int, _Draft]) -> Money | None:
        for beside in (at + 1, at - 1):
            if not 0 <= beside < len(self._places):
                continue
            other = drafts.get(beside)
            if other is not None and other.parties:
                continue
            text = self._sentence(beside).plain
            if tells_price(text):
                money = deal_amount(find_money(text), text)
                if money is not None:
                    return money
        return None


def _stands(draft: _Draft) -> bool:
    """Whether the sentence states a deal. One without an amount must say who deals with whom, and how far it is."""
    if draft.money is not None:
        return draft.weight >= _ENOUGH or (draft.status is not None and bool(draft.parties))
    if draft.status is None or (draft.weight < _ENOUGH and draft.status not in _SAID_ALOUD):
        return False
    roles = {party.role for party in draft.parties if party.role is not None}
    several = len(draft.parties) > 1
    losers = roles == {Role.LOSING_BIDDER} and (several or draft.parties[0].tracked)
    denied = draft.status is Status.DENIED and bool(roles) and several
    return len(roles) > 1 or losers or denied or (draft.linked and several and len(draft.parties) <= _MOST_LINKED)


def _masked(text: str, names: Sequence[Name], amounts: Sequence[Money]) -> str:
    """Each name and each amount as one private character, so that frames see the sentence's construction."""
    pieces = [(name.start, name.end, chr(FIRST_NAME + i)) for i, name in enumerate(names)]
    covered = [(name.start, name.end) for name in names]
    free = [money for money in amounts if not any(money.start < end and start < money.end for start, end in covered)]
    pieces.extend((money.start, money.end, AMOUNT) for money in free)
    masked, at = [], 0
    for start, end, character in sorted(pieces):
        if start < at:
            continue
        masked.append(text[at:start] + character)
        at = end
    return "".join(masked) + text[at:]


def _parties(names: Sequence[Name], roles: dict[int, Role]) -> tuple[Party, ...]:
    """Each name once, in reading order, with the part that any of its places has."""
    found: dict[str, Party] = {}
    for number, name in enumerate(names):
        role = roles.get(number)
        known = found.get(name.name)
        if known is None or (known.role in (None, Role.LOSING_BIDDER) and role is not None):
            found[name.name] = Party(name.name, role, name.tracked)
    return tuple(found.values())
