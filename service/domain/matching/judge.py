"""Judge every occurrence of one entity in one article, then the mention as a whole.

    candidates -> local score (prior + signs + contexts) -> with the article's other occurrences -> accepted, rejected

Two senses may stand in one text: each occurrence is judged by itself, and only leans on the others.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from service.domain.matching import weights
from service.domain.matching.brackets import Expansion, Spelling, expansions, fitting_words, spelled_out
from service.domain.matching.contexts import ContextItem, ContextSet, ContextView, Near, Side, Template
from service.domain.matching.cues import Cues, Sign
from service.domain.matching.layout import Layout
from service.domain.matching.normal import NormalText
from service.domain.matching.patterns import Role, Shape, shape_of
from service.domain.matching.scan import Candidate
from service.domain.model import Entity, Field, Strength

__all__ = ["EntityProfile", "Judged", "Page", "judge"]

_CERTAIN = 3.0
_LEAN = 3.0
_WORTH_LEANING = 0.25
_ACRONYM = 6
_BESIDE = 90
_SHORTEST = 3
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
    named: Mapping[tuple[Field, int], Collection[int]]
    """By field and paragraph: the tracked companies (as numbers) that may be named there."""

    @classmethod
    def of(cls, texts: Mapping[Field, NormalText], language: str | None, companies: Iterable[Candidate] = ()) -> "Page":
        layouts = {field: Layout(text.plain) for field, text in texts.items()}
        cues = {field: Cues(text, layouts[field], language) for field, text in texts.items()}
        spellings = [one for text in texts.values() for one in spelled_out(text)]
        named: dict[tuple[Field, int], set[int]] = {}
        for one in companies:
            if not one.written.islower():
                paragraph = layouts[one.field].paragraph(one.start)
                named.setdefault((one.field, paragraph), set()).add(one.pattern.entity)
        return cls(texts, layouts, cues, spellings, named)


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
    bench = _Bench(profile, page, candidates)
    judged = [bench.at_sight(candidate) or bench.judge(candidate) for candidate in candidates]
    _lean_on_others(judged)
    best = max(one.score for one in judged)
    for index, one in enumerate(judged):
        if one.at_sight and one.score >= best:
            judged[index] = bench.judge(one.candidate)  # the one that is shown deserves its evidence
            break
    for one in judged:
        if page.layouts[one.candidate.field].in_link_list(one.candidate.start):
            one.score = min(one.score, -1.0)
            one.signs.append((-9.0, "in a list of links or tags beside the article"))
    return judged


class _Bench:
    """Judges the occurrences of one entity in one article."""

    def __init__(self, profile: EntityProfile, page: Page, candidates: Iterable[Candidate]) -> None:
        names: dict[Field, set[int]] = {field: set() for field in page.texts}
        for candidate in candidates:
            names[candidate.field].add(candidate.start)
        self._profile = profile
        self._page = page
        self._view = ContextView(profile.contexts, page.texts, page.layouts, names)
        self._meanings = expansions(page.spellings, profile.acronyms, profile.names)
        self._fitting: dict[str, str] = {}
        self._shapes: dict[str, Shape] = {}
        self._sentence_signs: dict[int, list[Sign]] = {}

    def at_sight(self, candidate: Candidate) -> Judged | None:
        """A judgement without a closer look, where nothing in the article could overturn the name's own weight."""
        pattern = candidate.pattern
        shape = self._shape(pattern.plain)
        if pattern.role is not Role.ALIAS or pattern.strength is not Strength.STRONG or shape <= Shape.WORD:
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
            signs.extend(_expansion_signs(candidate, self._page.texts[candidate.field].plain, self._meanings))
            signs.extend(self._eased(candidate, shape, self._context_signs(candidate)))
            signs.extend(self._letters_fit(candidate, shape))
            signs.extend(self._company_kept(candidate, shape))
        return Judged(candidate, shape, sum(weight for weight, _ in signs), signs)

    def _company_kept(self, candidate: Candidate, shape: Shape) -> Iterable[Sign]:
        """Other tracked companies beside a doubtful name: texts name companies together."""
        if not self._profile.company or shape > Shape.WORD:
            return
        paragraph = self._page.layouts[candidate.field].paragraph(candidate.start)
        beside = self._page.named.get((candidate.field, paragraph), ())
        others = len(beside) - (candidate.pattern.entity in beside)
        if others:
            yield min(others, 2) * weights.COMPANY_KEPT, "other tracked companies are named beside it"

    def _eased(self, candidate: Candidate, shape: Shape, signs: list[Sign]) -> list[Sign]:
        """Where the everyday word stands elsewhere in small letters, the words against it may belong to that one."""
        cues = self._page.cues[candidate.field]
        if shape is not Shape.WORD or not candidate.written.istitle() or not cues.has_small(candidate.written):
            return signs
        return [(weight * weights.EASED if weight < 0 and "written as" not in words else weight, words)
                for weight, words in signs]  # fmt: skip

    def _letters_fit(self, candidate: Candidate, shape: Shape) -> Iterable[Sign]:
        """Words of the article that the acronym's letters also fit, without brackets: "world health day"."""
        if shape is not Shape.ACRONYM or len(candidate.written) < _SHORTEST or not candidate.written.isupper():
            return
        known = self._fitting.get(candidate.written)
        if known is None:
            texts = self._page.texts.values()
            known = self._fitting[candidate.written] = fitting_words(candidate.written, texts, self._profile.names)
        if known and not any(meaning.ours for meaning in self._meanings):
            yield weights.LETTERS_FIT, f"its letters also fit “{known}”"

    def _shape(self, plain: str) -> Shape:
        shape = self._shapes.get(plain)
        if shape is None:
            shape = self._shapes[plain] = shape_of(plain)
        return shape

    def _context_signs(self, candidate: Candidate) -> list[Sign]:
        start, end = candidate.start, candidate.end
        near, shared = self._view.near(candidate.field, start, end)
        templates = self._view.templates(candidate.field, start, end)
        if candidate.written.islower() and self._shape(candidate.pattern.plain) is Shape.WORD:
            near = {  # an everyday word in small letters needs its proof close by
                item: place for item, place in near.items() if item.side is Side.AGAINST or place <= Near.SENTENCE
            }
            return _weigh(near, templates, candidate.written)
        if templates:
            return _weigh(near, templates, candidate.written)
        if not shared:
            return _weigh(near, (), candidate.written)
        known = self._sentence_signs.get(id(near))
        if known is None:
            known = self._sentence_signs[id(near)] = _weigh(near, (), candidate.written)
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


def _expansion_signs(candidate: Candidate, plain: str, meanings: Iterable[Expansion]) -> Iterable[Sign]:
    written = candidate.written.casefold()
    for meaning in meanings:
        if meaning.acronym.casefold() != written:
            continue
        if meaning.acronym != candidate.written and not candidate.written.islower():
            continue  # "xY" is not what "XY" was said to be
        if meaning.ours:
            yield weights.EXPANSION_OURS, f"the article spells it out as “{meaning.words}”"
        else:
            here = meaning.words in plain[max(0, candidate.start - _BESIDE) : candidate.end + _BESIDE]
            weight = weights.EXPANSION_HERE if here else weights.EXPANSION_OTHER
            yield weight, f"the article spells it out as “{meaning.words}”, which is something else"
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
    told = [_told(one) for one in judged]
    for one, worth in zip(judged, told, strict=True):
        total, count = sums.get(one.candidate.written, (0.0, 0))
        sums[one.candidate.written] = total + worth, count + 1
    for one, worth in zip(judged, told, strict=True):
        if one.candidate.pattern.role in (Role.TICKER, Role.DOMAIN) or one.shape is Shape.COMPOUND:
            continue
        if certain is not None and one is not certain and not _is_proof(one) and _leans(one):
            one.signs.append((weights.STRONG_ELSEWHERE, f"“{certain.candidate.written}” names it elsewhere"))
            one.score += weights.STRONG_ELSEWHERE
        total, count = sums[one.candidate.written]
        if count > 1:
            share = weights.SAME_WRITING * (total - worth) / (count - 1)
            if abs(share) >= _WORTH_LEANING:
                how = "read the same way" if share > 0 else "something else"
                one.signs.append((share, f"other places that write “{one.candidate.written}” are {how}"))
                one.score += share


def _told(one: Judged) -> float:
    """What a place tells the others: its score, but nothing where it only lacks proof."""
    spoken = one.score - one.signs[0][0] if one.signs[0][0] < 0 else one.score
    return max(-_LEAN, min(_LEAN, one.score if one.score > 0 else min(0.0, spoken)))


def _leans(one: Judged) -> bool:
    """Whether a certain name elsewhere may lift this one: not a common noun in small letters."""
    return not (one.shape is Shape.WORD and one.candidate.written.islower())


def _is_proof(one: Judged) -> bool:
    """Whether this writing leaves little room for doubt."""
    pattern = one.candidate.pattern
    if pattern.role in (Role.TICKER, Role.DOMAIN):
        return True
    return pattern.strength is Strength.STRONG and one.shape > Shape.WORD
