"""Judge every occurrence of one entity in one article.

    candidates -> local score (prior + signs + contexts) -> with the article's other occurrences -> accepted, rejected

Two senses may stand in one text: each occurrence is judged by itself, and only leans on the others.
"""

import re
from collections.abc import Iterable, Sequence

from service.domain.matching import weights
from service.domain.matching.beside import Beside
from service.domain.matching.brackets import expansions, fitting_words
from service.domain.matching.company import IDENTIFIED, apposition
from service.domain.matching.contexts import ContextView, Near, Side
from service.domain.matching.cues import Sign
from service.domain.matching.evidence import adjoins, expansion_signs, prior_words, weigh
from service.domain.matching.figures import series_signs
from service.domain.matching.heads import head_signs, shared_head
from service.domain.matching.namesakes import OtherFirms, as_adjective, inside_longer
from service.domain.matching.page import EntityProfile, Page
from service.domain.matching.patterns import Role, Shape, shape_of
from service.domain.matching.repeats import alike, beside_article, drop
from service.domain.matching.scan import Candidate, Swallowed
from service.domain.matching.short_forms import short_form
from service.domain.matching.verdict import Judged, is_doubtful, lean_on_others
from service.domain.model import Field, Strength

__all__ = ["judge"]

_CLOSELY = 200
"""So many occurrences of an entity in one article are judged by what stands around them."""
_RECURS = 9.0
_SHORTEST = 3
_STEADY = 4.0
"""Signs of language for a company that add up to this leave little room for the everyday word."""
_COMMON = -1.5
"""Signs of language that add up to this show a common noun."""
_CLOSE = weights.CONTEXT[Side.FOR][Near.SENTENCE]
_SPEAKS = "speaks for it"
_ACCOUNTED = re.compile(rf"{_SPEAKS}|is of the same trade|, its own$|as after a make$")
"""Signs that count as words of the entity's own fields."""
_SAID = 120
_OF_ADDRESS = frozenset("./@:-_")
"""Beside a domain, these make it a part of an address."""
_TELLING_SIGNS = ("$", "#", "@", "/", "\\", ".", "_")


def judge(
    profile: EntityProfile, page: Page, candidates: Sequence[Candidate], masked: Sequence[Swallowed] = ()
) -> list[Judged]:
    """Every candidate of one entity, judged; in the order given (title first, then as they stand), the further ones of
    a writing together.

    ``masked``: places of the entity's names that are only parts of longer ones. After the first 200 occurrences the
    others are read as those were that are written alike, so that the work is bounded. What stands in lines that recur
    on the host's pages is no mention, and tells nothing of the other places.
    """
    if page.recurring:
        own = [candidate for candidate in candidates if not page.recurs(candidate)]
        beside = [_in_recurring(candidate) for candidate in candidates if page.recurs(candidate)]
        if beside:
            return _in_order([*(_judge(profile, page, own, masked) if own else ()), *beside], candidates)
    return _judge(profile, page, candidates, masked)


def _in_recurring(candidate: Candidate) -> Judged:
    shape = shape_of(candidate.pattern.plain)
    signs: list[Sign] = [(0.0, prior_words(candidate)), (-_RECURS, "recurs on this host's pages")]
    return Judged(candidate, shape, -_RECURS, signs)


def _in_order(judged: Iterable[Judged], candidates: Sequence[Candidate]) -> list[Judged]:
    by_place = {id(one.candidate): one for one in judged}
    return [by_place[id(candidate)] for candidate in candidates]


def _judge(
    profile: EntityProfile, page: Page, candidates: Sequence[Candidate], masked: Sequence[Swallowed]
) -> list[Judged]:
    bench = _Bench(profile, page, candidates, masked)
    judged = [bench.at_sight(candidate) or bench.judge(candidate) for candidate in candidates[:_CLOSELY]]
    lean_on_others(judged)
    best = max(one.score for one in judged)
    for index, one in enumerate(judged):
        if one.at_sight and one.score >= best:
            judged[index] = bench.judge(one.candidate)  # the one that is shown deserves its evidence
            break
    layout = page.layouts[Field.TEXT]
    for one, beside in zip(judged, beside_article((one.candidate for one in judged), layout), strict=True):
        if beside:
            drop(one)
    judged.extend(alike(judged, candidates[_CLOSELY:], layout))
    return judged


class _Bench:
    """Judges the occurrences of one entity in one article."""

    def __init__(
        self, profile: EntityProfile, page: Page, candidates: Sequence[Candidate], masked: Sequence[Swallowed]
    ) -> None:
        names: dict[Field, set[int]] = {field: set() for field in page.texts}
        for candidate in candidates:
            names[candidate.field].add(candidate.start)
        self._profile = profile
        self._page = page
        self._masked = masked[:_CLOSELY]
        self._view = ContextView(profile.contexts, page.texts, page.layouts, names)
        self._meanings = expansions(page.spellings, profile.acronyms, profile.names)
        firms = candidates[:_CLOSELY]
        self._firms = (
            OtherFirms(profile.own, page.texts, page.layouts, firms, self._masked) if profile.company else None
        )
        self._fitting: dict[str, str] = {}
        self._beside = Beside(profile, page, firms)
        self._shapes: dict[str, Shape] = {}
        self._sentence_signs: dict[int, list[Sign]] = {}

    def at_sight(self, candidate: Candidate) -> Judged | None:
        """A judgement without a closer look, where nothing in the article could overturn the name's own weight."""
        pattern = candidate.pattern
        shape = self._shape(pattern.plain)
        if pattern.role is not Role.ALIAS or pattern.strength is not Strength.STRONG or shape <= Shape.WORD:
            return None
        if candidate.glued or is_doubtful(candidate, shape) or self._meanings or self._view.against:
            return None
        if self._firms is not None and self._firms.found:
            return None
        plain = self._page.texts[candidate.field].plain
        before = plain[max(0, candidate.start - 2) : candidate.start]
        if plain.startswith(("-", "_"), candidate.end):
            return None
        if before[-1:] in _TELLING_SIGNS or self._view.templates(candidate.field, candidate.start, candidate.end):
            return None
        if shape is Shape.DISTINCTIVE and (before[:1].isalpha() or before[:1] == "."):
            return None  # a given name may stand before it
        worth = weights.prior(pattern, shape, listed=False)
        return Judged(candidate, shape, worth, [(worth, prior_words(candidate))], at_sight=True)

    def judge(self, candidate: Candidate) -> Judged:
        pattern = candidate.pattern
        shape = self._shape(pattern.plain)
        signs: list[Sign] = [(weights.prior(pattern, shape, listed=candidate.listed), prior_words(candidate))]
        signs.extend(self._page.cues[candidate.field].signs(candidate, shape, company=self._profile.company))
        if pattern.role in (Role.ALIAS, Role.PRODUCT):
            language = sum(weight for weight, _ in signs[1:])
            against = [
                *expansion_signs(candidate, self._page.texts[candidate.field].plain, self._meanings),
                *self._letters_fit(candidate, shape),
                *self._context_signs(candidate),
            ]
            signs.extend(self._eased(candidate, shape, against, language))
            head = list(self._head(candidate, shape))
            signs.extend(self._field(candidate, shape, [*against, *head], language))
            signs.extend(self._beside.signs(candidate, shape))
            signs.extend(head)
            signs.extend(short_form(candidate, self._masked, self._page.texts[candidate.field].plain))
            signs.extend(as_adjective(candidate, self._page.texts[candidate.field].plain, self._profile.own))
            signs.extend(inside_longer(candidate, shape, self._page.texts[candidate.field].plain, self._profile.own))
            if self._firms is not None:
                supported = any(weight >= _CLOSE and _SPEAKS in words for weight, words in against)
                signs.extend(self._firms.signs(candidate, shape, supported=supported))
        elif pattern.role is Role.DOMAIN:
            signs.extend(self._earlier_owner(candidate))
        elif pattern.role is Role.TICKER and not candidate.listed:
            signs.extend(expansion_signs(candidate, self._page.texts[candidate.field].plain, self._meanings))
            signs.extend(self._letters_fit(candidate, shape))
        return Judged(candidate, shape, sum(weight for weight, _ in signs), signs)

    def _field(self, candidate: Candidate, shape: Shape, contexts: Iterable[Sign], language: float) -> Iterable[Sign]:
        """What the text around a doubtful name speaks of; its own fields say nothing for a common noun."""
        weak = candidate.pattern.strength is Strength.WEAK
        if not self._profile.company or not is_doubtful(candidate, shape) or (weak and shape is not Shape.ACRONYM):
            return
        supports = sum(1 for weight, words in contexts if weight > 0 and _ACCOUNTED.search(words))
        fields = self._page.fields[candidate.field]
        sign = fields.sign(
            candidate.start, candidate.written, self._profile.home, supports, short=shape is Shape.ACRONYM
        )
        if sign is not None and not (sign[0] > 0 and (weak or language <= _COMMON)):
            yield sign

    def _eased(self, candidate: Candidate, shape: Shape, signs: list[Sign], language: float) -> list[Sign]:
        """What the text is about tells less where the sentence itself tells what is meant.

        A common noun ("a Target") is none of the company's for the company's words beside it. And the words against it
        count less where the everyday word stands elsewhere in small letters (the words against it may belong to that
        one), where an adjoining context decides, and where many signs of language speak for a company.
        """
        everyday = shape is Shape.WORD and candidate.written.istitle()
        if everyday and language <= _COMMON and candidate.pattern.strength is Strength.WEAK:
            return [(weight * weights.EASED if weight > 0 and "written as" not in words else weight, words)
                    for weight, words in signs]  # fmt: skip
        share = 1.0
        if (
            language >= IDENTIFIED
            or self._is_other_writing(candidate)
            or (candidate.written.islower() and adjoins(signs))
        ) or (shape is Shape.DISTINCTIVE and not is_doubtful(candidate, shape) and self._is_name(candidate)):
            share = weights.EASED
        elif everyday and language >= _STEADY:
            share = weights.EASED_BY_LANGUAGE
        elif everyday and self._page.cues[candidate.field].has_small(candidate.written):
            share = weights.EASED
        return [(weight * share if weight < 0 and "written as" not in words else weight, words)
                for weight, words in signs]  # fmt: skip

    def _is_name(self, candidate: Candidate) -> bool:
        """Whether a capital in mid-sentence marks a coined word as a name."""
        plain = self._page.layouts[candidate.field].plain
        before = plain[max(0, candidate.start - 2) : candidate.start]
        return before[:1].islower() and before[1:] == " " and candidate.written[:1].isupper()

    def _is_other_writing(self, candidate: Candidate) -> bool:
        """Whether the article explains a like acronym that has other capitals: "Xab (XAB) ... the firm xAB"."""
        written = candidate.written
        return candidate.pattern.strength is Strength.STRONG and any(
            not meaning.ours and meaning.acronym != written and meaning.acronym.casefold() == written.casefold()
            for meaning in self._meanings
        )

    def _letters_fit(self, candidate: Candidate, shape: Shape) -> Iterable[Sign]:
        """Words of the article that the acronym's letters also fit, without brackets: "world health day"."""
        ticker = candidate.pattern.role is Role.TICKER
        if not (shape is Shape.ACRONYM or ticker) or len(candidate.written) < _SHORTEST:
            return
        if not (candidate.written.isupper() or ticker):
            return
        known = self._fitting.get(candidate.written)
        if known is None:
            texts = self._page.texts.values()
            known = self._fitting[candidate.written] = fitting_words(candidate.written, texts, self._profile.names)
        if known and not any(meaning.ours for meaning in self._meanings):
            yield weights.LETTERS_FIT_TICKER if ticker else weights.LETTERS_FIT, f"its letters also fit “{known}”"

    def _head(self, candidate: Candidate, shape: Shape) -> Iterable[Sign]:
        if not self._profile.company:
            return
        plain = self._page.texts[candidate.field].plain
        yield from head_signs(candidate, shape, plain, self._profile.own)
        yield from series_signs(candidate, shape, plain)

    def _earlier_owner(self, candidate: Candidate) -> Iterable[Sign]:
        """Contexts at a domain that stands in running text as a name; within an address it is beyond doubt."""
        plain = self._page.texts[candidate.field].plain
        before, after = plain[: candidate.start][-1:], plain[candidate.end : candidate.end + 1]
        if before in _OF_ADDRESS or after in _OF_ADDRESS:
            return
        said = plain[candidate.end : candidate.end + _SAID].lower()
        signs = [*self._context_signs(candidate), *(sign for sign in apposition(said) if sign[0] < 0)]
        if any(weight < 0 for weight, _ in signs):
            yield weights.DOMAIN_IN_TEXT, "a domain in running text, which may have had another owner"
            yield from signs

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
            return weigh(near, templates, candidate.written)
        plain = self._page.texts[candidate.field].plain
        same = (
            shared_head(candidate, self._shape(candidate.pattern.plain), plain, near)
            if self._view.against > 1
            else None
        )
        if same is not None:
            near = {item: place for item, place in near.items() if item not in same}
            templates = [one for one in templates if one.side is not Side.FOR]
            return weigh(near, templates, candidate.written)
        if templates:
            return weigh(near, templates, candidate.written)
        if not shared:
            return weigh(near, (), candidate.written)
        known = self._sentence_signs.get(id(near))
        if known is None:
            known = self._sentence_signs[id(near)] = weigh(near, (), candidate.written)
        return known
