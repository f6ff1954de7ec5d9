"""Judge every occurrence of one entity in one article, then the mention as a whole.

    candidates -> local score (prior + signs + contexts) -> with the article's other occurrences -> accepted, rejected

Two senses may stand in one text: each occurrence is judged by itself, and only leans on the others.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from service.domain.matching import weights
from service.domain.matching.brackets import Expansion, Spelling, expansions, spelled_out
from service.domain.matching.contexts import ContextItem, ContextSet, ContextView, Near, Side, Template
from service.domain.matching.cues import Cues, Sign
from service.domain.matching.layout import Layout
from service.domain.matching.normal import NormalText
from service.domain.matching.patterns import Role, Shape, shape_of
from service.domain.matching.scan import Candidate
from service.domain.model import Entity, Field, Strength

__all__ = ["EntityProfile", "Judged", "Page", "judge"]

_CERTAIN = 3.0
_ACRONYM = 6
_TELLING_SIGNS = ("$", "#", "@", "/", "\\", ".", "_")
_SIDE_WORDS = {Side.FOR: "speaks for it", Side.AGAINST: "speaks against it", Side.PEER: "is of the same trade"}
_NEAR_WORDS = {
    Near.PHRASE: "close by",
    Near.SENTENCE: "in the same sentence",
    Near.PARAGRAPH: "in the same paragraph",
    Near.ARTICLE: "in the article",
}


@dataclass(frozen=True, slots=True)
class EntityProfile:
    """What judging needs of an entity, compiled when it is first met."""

    entity: Entity
    contexts: ContextSet
    acronyms: frozenset[str]
    names: frozenset[str]
    company: bool

    @classmethod
    def of(cls, entity: Entity) -> "EntityProfile":
        texts = [alias.text for alias in entity.aliases if not alias.expression] or [entity.name]
        names = {text.replace("-", " ").casefold() for text in (*texts, entity.name)}
        acronyms = {text.casefold() for text in texts if " " not in text and len(text) <= _ACRONYM}
        return cls(entity, ContextSet(entity), frozenset(acronyms), frozenset(names), entity.kind == "company")


@dataclass(frozen=True, slots=True)
class Page:
    """One article, ready to be judged."""

    texts: Mapping[Field, NormalText]
    layouts: Mapping[Field, Layout]
    cues: Mapping[Field, Cues]
    spellings: Sequence[Spelling]

    @classmethod
    def of(cls, texts: Mapping[Field, NormalText], language: str | None) -> "Page":
        layouts = {field: Layout(text.plain) for field, text in texts.items()}
        cues = {field: Cues(text, layouts[field], language) for field, text in texts.items()}
        return cls(texts, layouts, cues, [one for text in texts.values() for one in spelled_out(text)])


@dataclass(slots=True)
class Judged:
    """A candidate with its score and what led to it."""

    candidate: Candidate
    shape: Shape
    score: float
    signs: list[Sign] = field(default_factory=list)
    at_sight: bool = False

    @property
    def accepted(self) -> bool:
        return self.score > weights.ACCEPT


def judge(profile: EntityProfile, page: Page, candidates: Sequence[Candidate]) -> list[Judged]:
    """Every candidate of one entity, judged; in the order given."""
    bench = _Bench(profile, page)
    judged = [bench.at_sight(candidate) or bench.judge(candidate) for candidate in candidates]
    _lean_on_others(judged)
    for index, one in enumerate(judged):
        if one.at_sight and one.score >= max(other.score for other in judged):
            judged[index] = bench.judge(one.candidate)  # the one that is shown deserves its evidence
            break
    for one in judged:
        if page.layouts[one.candidate.field].in_link_list(one.candidate.start):
            one.score = min(one.score, -1.0)
            one.signs.append((-9.0, "in a list of links or tags beside the article"))
    return judged


class _Bench:
    """Judges the occurrences of one entity in one article."""

    def __init__(self, profile: EntityProfile, page: Page) -> None:
        self._profile = profile
        self._page = page
        self._view = ContextView(profile.contexts, page.texts, page.layouts)
        self._meanings = expansions(page.spellings, profile.acronyms, profile.names)
        self._shapes: dict[str, Shape] = {}
        self._sentence_signs: dict[int, list[Sign]] = {}

    def at_sight(self, candidate: Candidate) -> Judged | None:
        """A judgement without a closer look, where nothing in the article could overturn the name's own weight."""
        pattern = candidate.pattern
        shape = self._shape(pattern.plain)
        if pattern.role is not Role.ALIAS or pattern.strength is not Strength.STRONG or shape is Shape.AMBIGUOUS:
            return None
        if candidate.glued or candidate.written.islower() or self._meanings or self._view.speaks_against:
            return None
        before = self._page.texts[candidate.field].plain[max(0, candidate.start - 1) : candidate.start]
        if before in _TELLING_SIGNS or self._view.templates(candidate.field, candidate.start, candidate.end):
            return None
        worth = weights.prior(pattern, shape, listed=False)
        return Judged(candidate, shape, worth, [(worth, _prior_words(candidate))], at_sight=True)

    def judge(self, candidate: Candidate) -> Judged:
        pattern = candidate.pattern
        shape = self._shape(pattern.plain)
        signs: list[Sign] = [(weights.prior(pattern, shape, listed=candidate.listed), _prior_words(candidate))]
        signs.extend(self._page.cues[candidate.field].signs(candidate, shape, company=self._profile.company))
        if pattern.role in (Role.ALIAS, Role.PRODUCT):
            signs.extend(_expansion_signs(candidate, self._meanings))
            signs.extend(self._context_signs(candidate))
        return Judged(candidate, shape, sum(weight for weight, _ in signs), signs)

    def _shape(self, plain: str) -> Shape:
        shape = self._shapes.get(plain)
        if shape is None:
            shape = self._shapes[plain] = shape_of(plain)
        return shape

    def _context_signs(self, candidate: Candidate) -> list[Sign]:
        start, end = candidate.start, candidate.end
        near = self._view.near(candidate.field, start, end)
        templates = self._view.templates(candidate.field, start, end)
        if templates:
            return _weigh(near, templates, candidate.written)
        known = self._sentence_signs.get(id(near))
        if known is None:
            known = _weigh(near, (), candidate.written)
            if self._view.keeps(near):
                self._sentence_signs[id(near)] = known
        return known


def _weigh(near: Mapping[ContextItem, Near], templates: Sequence[Template], written: str) -> list[Sign]:
    """The contexts as signs: per side the strongest first, each further one worth less."""
    sides: dict[Side, list[Sign]] = {}
    for item, place in near.items():
        sides.setdefault(item.side, []).append((weights.CONTEXT[item.side][place], _context_words(item, place)))
    for template in templates:
        words = f"written as “{template.text.replace('{}', written)}”, which {_SIDE_WORDS[template.side]}"
        sides.setdefault(template.side, []).append((weights.TEMPLATE[template.side], words))
    return [sign for side, signs in sides.items() for sign in _faded(signs, weights.CAP[side])]


def _prior_words(candidate: Candidate) -> str:
    pattern = candidate.pattern
    if pattern.role is Role.TICKER:
        return f"stock symbol “{pattern.text}”" + (" with its exchange or sign" if candidate.listed else "")
    if pattern.role is Role.DOMAIN:
        return f"the domain {pattern.text}"
    if pattern.role is Role.PRODUCT:
        return f"“{pattern.text}”, a product that names its maker"
    return f"“{pattern.text}”, a {pattern.strength} alias"


def _expansion_signs(candidate: Candidate, meanings: Iterable[Expansion]) -> Iterable[Sign]:
    written = candidate.written.casefold()
    for meaning in meanings:
        if meaning.acronym == written:
            if meaning.ours:
                yield weights.EXPANSION_OURS, f"the article spells it out as “{meaning.words}”"
            else:
                yield (
                    weights.EXPANSION_OTHER,
                    f"the article spells it out as “{meaning.words}”, which is something else",
                )
            return


def _context_words(item: ContextItem, near: Near) -> str:
    return f"“{item.text}” {_NEAR_WORDS[near]} {_SIDE_WORDS[item.side]}"


def _faded(signs: list[Sign], cap: float) -> Iterable[Sign]:
    """The strongest first, each further one worth less, the sum within ``cap``."""
    share, total = 1.0, 0.0
    for weight, words in sorted(signs, key=lambda sign: (-abs(sign[0]), sign[1])):
        part = weight * share
        if abs(total + part) > abs(cap):
            part = cap - total
        if abs(part) < 0.05:
            return
        total += part
        share *= weights.FADING
        yield part, words


def _lean_on_others(judged: list[Judged]) -> None:
    """One sense a text is the rule: a weak name leans on a certain one, and places written alike on each other."""
    certain = next((one for one in judged if one.score >= _CERTAIN and _is_proof(one)), None)
    sums: dict[str, tuple[float, int]] = {}
    local = [one.score for one in judged]
    for one in judged:
        total, count = sums.get(one.candidate.written, (0.0, 0))
        sums[one.candidate.written] = total + max(-3.0, min(3.0, one.score)), count + 1
    for one, score in zip(judged, local, strict=True):
        if one.candidate.pattern.role in (Role.TICKER, Role.DOMAIN) or one.shape is Shape.COMPOUND:
            continue
        if certain is not None and one is not certain and not _is_proof(one) and _leans(one):
            one.signs.append((weights.STRONG_ELSEWHERE, f"“{certain.candidate.written}” names it elsewhere"))
            one.score += weights.STRONG_ELSEWHERE
        total, count = sums[one.candidate.written]
        if count > 1:
            mean = (total - max(-3.0, min(3.0, score))) / (count - 1)
            share = weights.SAME_WRITING * mean
            if abs(share) >= 0.25:
                how = "read the same way" if share > 0 else "something else"
                one.signs.append((share, f"other places that write “{one.candidate.written}” are {how}"))
                one.score += share


def _leans(one: Judged) -> bool:
    """Whether a certain name elsewhere may lift this one: not a common noun in small letters."""
    return not (one.shape is Shape.AMBIGUOUS and one.candidate.written.islower())


def _is_proof(one: Judged) -> bool:
    """Whether this writing leaves little room for doubt."""
    pattern = one.candidate.pattern
    if pattern.role in (Role.TICKER, Role.DOMAIN):
        return True
    return pattern.strength is Strength.STRONG and one.shape is not Shape.AMBIGUOUS
