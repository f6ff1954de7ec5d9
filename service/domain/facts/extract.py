"""From a document and what the matcher found in it to the deals that it tells of.

title, text ─> sentences ─ a cue? ─> kind, amounts, names ─> status, roles ─> Draft
drafts ─ what the neighbour says: parties, price ─> Fact ─ join ─> the article's facts
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice

from service.domain.facts.amounts import deal_amount, tells_price
from service.domain.facts.attribution import reported_by
from service.domain.facts.construction import construction, main_clause
from service.domain.facts.draft import (
    Draft,
    masked,
    only_watches,
    oversees,
    owners,
    parties_of,
    stands,
    tells_backers,
    without_bystanders,
)
from service.domain.facts.fact import Fact, Kind, Money, Party, Status
from service.domain.facts.german import is_german
from service.domain.facts.headline import is_confirmed, is_headline, is_shouted, spelt_in
from service.domain.facts.join import join
from service.domain.facts.kinds import has_cue, kind_of
from service.domain.facts.money import find_money
from service.domain.facts.names import Name, find_names, persons
from service.domain.facts.parts import find_parts
from service.domain.facts.places import Place, places_in
from service.domain.facts.plain import plain
from service.domain.facts.quantities import find_quantities
from service.domain.facts.references import ASKED, INTRODUCED, REFERS_BACK, THE_COMPANY
from service.domain.facts.roles import FIRST_NAME, are_linked, partners_in, roles_in
from service.domain.facts.status import status_of
from service.domain.matching.layout import Layout
from service.domain.matching.proper_names import is_known_company
from service.domain.model import Document, Field, MatchResult, Salience

__all__ = ["extract_facts"]

_MOST_SENTENCES = 150
"""Sentences with a cue that are looked at; a news article has a tenth of that."""
_MOST_FACTS = 20
_MOST_PARTIES = 12
_PROOF = 500
_ENOUGH = 2.0
_HEAD = 20_000
_SAMPLE = 2_000
_LOOK_BACK = 3
_SMALL = re.compile(r"(?<![\w'-])[a-zß-ÿ]{3,30}(?!\w)")


@dataclass(frozen=True, slots=True)
class _Sentence:
    plain: str
    written: str
    tracked: tuple[Name, ...]


def extract_facts(document: Document, result: MatchResult) -> tuple[Fact, ...]:
    """The deals of an article in reading order, at most 20, each with one sentence as its proof.

    ``result``: what the matcher found in the same document. Pure, deterministic, linear in the text's length.
    """
    reader = _Reader(document, result)
    drafts = {at: draft for at in reader.cued() if (draft := reader.draft(at)) is not None}
    found = [fact for draft in drafts.values() if (fact := reader.fact(draft, drafts)) is not None]
    backers = [party for draft in drafts.values() if tells_backers(draft) for party in draft.parties]
    return join(found, backers)[:_MOST_FACTS]


class _Reader:
    """Reads sentences of one document, with their neighbours. The title's are the first."""

    def __init__(self, document: Document, result: MatchResult) -> None:
        self._document = document
        self._written = {Field.TITLE: document.title, Field.TEXT: document.text}
        self._plain = {field: plain(written) for field, written in self._written.items()}
        # Most articles tell of no deal: one look at the whole is cheaper than one a sentence.
        told = any(map(has_cue, self._plain.values()))
        self._places = places_in(self._plain) if told else []
        self._language = document.language.lower()[:2] if document.language else None
        if told and self._language is None and is_german(f"{document.title}\n{document.text[:_SAMPLE]}"):
            self._language = "de"
        self._tracked = result.mentions
        self._read: dict[int, _Sentence] = {}
        self._money: dict[int, list[Money]] = {}
        self._mentions: dict[Field, list[tuple[int, int, str]]] = {field: [] for field in self._plain}
        for mention in result.mentions:
            for span in mention.spans:
                self._mentions[span.field].append((span.start, span.end, mention.entity))
        for spans in self._mentions.values():
            spans.sort()

    def cued(self) -> list[int]:
        """The sentences that may tell of a deal, without those that stand beside the article."""
        cued = (i for i, place in enumerate(self._places) if has_cue(self._plain[place.field][place.start : place.end]))
        first = list(islice(cued, _MOST_SENTENCES))
        return [i for i in first if not self._is_beside(i)] if first else []

    def _is_beside(self, at: int) -> bool:
        """Whether it stands in a list of links, or in what recurs on the pages of its host."""
        field, start = self._places[at].field, self._places[at].start
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

    @cached_property
    def _common(self) -> frozenset[str]:
        return frozenset(_SMALL.findall(self._plain[Field.TEXT], 0, _HEAD))

    def _sentence(self, at: int) -> _Sentence:
        if at not in self._read:
            self._read[at] = self._read_at(self._places[at])
        return self._read[at]

    def _read_at(self, place: Place) -> _Sentence:
        field, start, end = place.field, place.start, place.end
        spans = self._mentions[field]
        inside = spans[bisect_left(spans, (start,)) : bisect_left(spans, (end,))]
        tracked = tuple(Name(a - start, b - start, entity, tracked=True) for a, b, entity in inside if b <= end)
        proof = self._written[field][place.begin : place.stop]
        return _Sentence(self._plain[field][start:end], proof, tracked)

    def _amounts(self, at: int) -> list[Money]:
        if at not in self._money:
            self._money[at] = find_money(self._sentence(at).plain)
        return self._money[at]

    def draft(self, at: int) -> Draft | None:
        text = self._sentence(at).plain
        if ASKED.search(text):
            return None
        amounts = self._amounts(at)
        names = self._names(at, amounts)
        shown = masked(text, names, amounts)
        main = main_clause(shown)
        cue = kind_of(main)  # a name may hold a cue: "Oakmont Investment Trust"
        if main != shown and (cue is None or cue[1] < _ENOUGH):
            cue = kind_of(shown)
        else:
            shown = main
        if cue is None:
            return None
        kind, weight = cue
        told = construction(shown)
        money = deal_amount(amounts, text)
        if money is None and kind is not Kind.FUNDING and len(names) < 2 and not any(name.tracked for name in names):
            return None
        roles = roles_in(told, kind)
        named = {number: name for number, name in enumerate(names) if number in roles or not oversees(name)}
        named = {number: name for number, name in named.items() if not only_watches(name, kind)}
        named = {n: name for n, name in named.items() if name.tracked or chr(FIRST_NAME + n) in shown}
        owned = owners(shown)
        named = {n: name for n, name in named.items() if name.tracked or n not in owned}
        beside = partners_in(told, roles)
        named = self._sure(text, named, {*roles, *beside})
        partners = {named[number].name for number in beside if number in named}
        parties = without_bystanders(parties_of(named, roles), partners)
        return Draft(at, kind, weight, status_of(told, kind), money, parties, are_linked(told))

    def _sure(self, text: str, named: dict[int, Name], told: Collection[int]) -> dict[int, Name]:
        """Of a headline that capitalises each word only the names that its construction or the article confirms."""
        if is_shouted(text):
            return {number: spelt for number, name in named.items() if (spelt := self._in_body(name)) is not None}
        if self._language == "de" or named.keys() <= set(told) or not is_headline(text):
            return named
        return {number: name for number, name in named.items() if number in told or self._is_known(name)}

    def _in_body(self, name: Name) -> Name | None:
        """A name of a title in capitals as the article spells it; None where nothing shows that it is one."""
        if name.tracked or is_known_company(name.name):
            return name
        spelt = spelt_in(name.name, self._plain[Field.TEXT][:_HEAD])
        return replace(name, name=spelt) if spelt else None

    def _is_known(self, name: Name) -> bool:
        """Whether it is a name for sure, although it stands among words that all have capitals."""
        return name.tracked or is_known_company(name.name) or is_confirmed(name.name, self._plain[Field.TEXT][:_HEAD])

    def fact(self, draft: Draft, drafts: dict[int, Draft]) -> Fact | None:
        """The draft completed by its neighbours; None where it is no deal after all, or is told by another draft."""
        if draft.money is not None and not draft.parties:
            before = drafts.get(draft.at - 1)
            if before is not None and before.money is None and before.parties:
                return None
            draft = replace(draft, parties=self._parties_beside(draft.at, drafts) or self._whose_title(draft.at))
        elif draft.money is None and draft.parties:
            draft = self._priced(draft, drafts)
        return self._finished(draft) if stands(draft) else None

    def _finished(self, draft: Draft) -> Fact:
        sentence, money = self._sentence(draft.at), draft.money
        parts = find_parts(money, self._amounts(draft.at), sentence.plain) if money else ()
        return Fact(
            kind=draft.kind,
            status=draft.status or Status.ANNOUNCED,
            parties=draft.parties[:_MOST_PARTIES],
            sentence=" ".join(sentence.written.split())[:_PROOF],
            amount=money.amount if money else None,
            currency=money.currency if money else None,
            bound=money.bound if money else None,
            upper=money.upper if money else None,
            quantities=(*find_quantities(sentence.plain), *parts),
            reported_by=reported_by(sentence.plain),
        )

    def _names(self, at: int, amounts: Sequence[Money], *, alone: bool = False) -> list[Name]:
        """``alone``: without the one for whom "The company" stands, which is believed only beside an amount."""
        sentence = self._sentence(at)
        names = find_names(
            sentence.plain,
            sentence.tracked,
            amounts=amounts,
            language=self._language,
            people=self._people,
            common=self._common,
        )
        stands = None if alone or not amounts else THE_COMPANY.match(sentence.plain)
        if stands is not None:
            subject = self._subject(at)
            if subject is not None and all(name.name != subject.name for name in names):
                names.insert(0, Name(*stands.span("it"), subject.name, subject.tracked))
        return names

    def _subject(self, at: int) -> Name | None:
        """Who is spoken of before sentence ``at``: the first name of the nearest sentence that has one."""
        for before in range(at - 1, max(-1, at - 1 - _LOOK_BACK), -1):
            names = [name for name in self._names(before, (), alone=True) if not oversees(name)]
            begun = INTRODUCED.match(self._sentence(before).plain)
            mains = [name for name in names if begun is not None and name.start >= begun.end()]
            if names:
                return (mains or names)[0]
        return None

    def _others(self, at: int) -> dict[int, Name]:
        names = self._names(at, self._amounts(at))
        named = {number: name for number, name in enumerate(names) if not oversees(name)}
        return self._sure(self._sentence(at).plain, named, ())

    def _parties_beside(self, at: int, drafts: dict[int, Draft]) -> tuple[Party, ...]:
        """Those of the sentence before, where this one refers to it, else of a neighbour that tells of a deal."""
        for beside in (at - 1, at + 1):
            refers = beside < at and REFERS_BACK.match(self._sentence(at).plain)
            if 0 <= beside < len(self._places) and (refers or beside in drafts):
                parties = parties_of(self._others(beside), {})
                if parties:
                    return parties
        return ()

    def _whose_title(self, at: int) -> tuple[Party, ...]:
        """ "$22 million for Marlow Falls" is told of the one tracked entity of the article."""
        if self._places[at].field is not Field.TITLE or len(self._tracked) != 1:
            return ()
        (mention,) = self._tracked
        return (Party(mention.entity, tracked=True),) if mention.salience is not Salience.PASSING else ()

    def _priced(self, draft: Draft, drafts: dict[int, Draft]) -> Draft:
        """With the price that a neighbour tells, and how far that says the deal is where the draft does not."""
        for beside in (draft.at + 1, draft.at - 1):
            money = self._price_at(beside, drafts)
            if money is not None:
                other = drafts.get(beside)
                return replace(draft, money=money, status=draft.status or (other.status if other else None))
        return draft

    def _price_at(self, at: int, drafts: dict[int, Draft]) -> Money | None:
        """What sentence ``at`` says of its neighbour's price."""
        other = drafts.get(at)
        if not 0 <= at < len(self._places) or (other is not None and other.parties):
            return None
        text = self._sentence(at).plain
        return deal_amount(self._amounts(at), text) if tells_price(text) else None
