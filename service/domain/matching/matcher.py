"""The matcher: all entities at once over one document.

Document -> normalise -> scan -> settle -> judge (an entity at a time) -> MatchResult
"""

from collections.abc import Iterable
from itertools import islice

from service.domain.matching.judge import judge
from service.domain.matching.mention import mention_of, rejection_of
from service.domain.matching.normal import normalise
from service.domain.matching.page import EntityProfile, Page
from service.domain.matching.patterns import PatternTable, shape_of
from service.domain.matching.scan import Candidate, Scanner, Swallowed, settle
from service.domain.matching.verdict import Judged, each_place
from service.domain.model import Document, Entity, Field, MatchResult, Mention, Rejection

__all__ = ["Matcher"]

_MAX_REJECTED = 100
_ORDER = {Field.TITLE: 0, Field.TEXT: 1}


class Matcher:
    """Finds entities in documents. Immutable: to change the entities, build another.

    Only enabled entities count. Two entities must not share a name.
    """

    def __init__(self, entities: Iterable[Entity]) -> None:
        self._table = PatternTable(entities)
        self._scanner = Scanner(self._table)
        self._profiles: dict[int, EntityProfile] = {}

    @property
    def entities(self) -> tuple[Entity, ...]:
        """The entities that are looked for."""
        return self._table.entities

    def match(self, document: Document) -> MatchResult:
        """Every entity that ``document`` names, and up to 100 look-alikes an entity that it does not.

        Pure and deterministic; linear in the document's length and the number of look-alikes in it.
        """
        language = document.language.lower()[:2] if document.language else None
        texts = {Field.TITLE: normalise(document.title), Field.TEXT: normalise(document.text)}
        kept: dict[int, list[Candidate]] = {}
        swallowed: list[Swallowed] = []
        for field, text in texts.items():
            found = self._scanner.candidates(field, text, language)
            if not found:
                continue
            stay, lost = settle(self._table.entities, found)
            swallowed.extend(lost)
            for candidate in stay:
                kept.setdefault(candidate.pattern.entity, []).append(candidate)
        if not kept and not swallowed:
            return MatchResult()
        companies = [
            one
            for index, candidates in kept.items()
            if len(kept) > 1 and self._table.entities[index].kind == "company"
            for one in candidates
        ]
        masked: dict[int, list[Swallowed]] = {}
        for loss in swallowed:
            masked.setdefault(loss.candidate.pattern.entity, []).append(loss)
        page = Page.of(texts, language, companies, document.recurring)
        mentions: list[Mention] = []
        rejected: list[tuple[Judged, Rejection]] = []
        counts: dict[str, int] = {}
        for index, candidates in kept.items():
            profile = self._profile(index)
            judged = judge(profile, page, candidates, masked.get(index, ()))
            accepted = [one for one in judged if one.accepted]
            if accepted:
                mentions.append(mention_of(profile.entity, accepted, page, document))
            for one in islice(each_place([one for one in judged if not one.accepted]), _MAX_REJECTED):
                rejected.append((one, rejection_of(profile.entity, one, page, document)))  # noqa: PERF401
        for loss in swallowed:
            entity = self._table.entities[loss.candidate.pattern.entity]
            counts[entity.name] = counts.get(entity.name, 0) + 1
            if counts[entity.name] <= _MAX_REJECTED:
                one = Judged(
                    loss.candidate, shape_of(loss.candidate.pattern.plain), -9.0, [(-9.0, f"part of “{loss.by}”")]
                )
                rejected.append((one, rejection_of(entity, one, page, document)))
        mentions.sort(key=lambda m: (_ORDER[m.spans[0].field], m.spans[0].start, m.entity))
        rejections = [rejection for _, rejection in rejected]
        rejections.sort(key=lambda r: (_ORDER[r.span.field], r.span.start, r.entity))
        return MatchResult(tuple(mentions), tuple(rejections))

    def _profile(self, index: int) -> EntityProfile:
        profile = self._profiles.get(index)
        if profile is None:
            profile = self._profiles[index] = EntityProfile.of(self._table.entities[index])
        return profile
