"""Names that stand beside a doubtful one: other tracked companies, others of its trade in rows, its stock symbol."""

from collections.abc import Iterable, Iterator
from itertools import islice

from service.domain.matching import weights
from service.domain.matching.page import EntityProfile, Page
from service.domain.matching.patterns import Role, Shape
from service.domain.matching.scan import Candidate

__all__ = ["Beside"]

Sign = tuple[float, str]


class Beside:
    """What stands beside the occurrences of one entity in one article."""

    __slots__ = ("_page", "_profile", "_symbols")

    def __init__(self, profile: EntityProfile, page: Page, candidates: Iterable[Candidate]) -> None:
        self._profile = profile
        self._page = page
        self._symbols = {
            (one.field, page.layouts[one.field].paragraph(one.start))
            for one in candidates
            if one.pattern.role is Role.TICKER
        }

    def signs(self, candidate: Candidate, shape: Shape) -> Iterator[Sign]:
        """Every such sign at this occurrence."""
        if self._profile.company and self._page.glossaries[candidate.field].explains(candidate.start):
            if shape <= Shape.WORD:
                yield weights.GLOSSARY, "a key in a list of terms and their meanings"
        elif self._profile.company:
            yield from self._company_kept(candidate, shape)
            yield from self._row_key(candidate, shape)
        yield from self._symbol_beside(candidate, shape)

    def _company_kept(self, candidate: Candidate, shape: Shape) -> Iterator[Sign]:
        """Other tracked companies beside a doubtful name: texts name companies together."""
        if shape > Shape.WORD:
            return
        paragraph = self._page.layouts[candidate.field].paragraph(candidate.start)
        beside = self._page.named.get((candidate.field, paragraph), ())
        others = len(beside) - (candidate.pattern.entity in beside)
        if others:
            yield min(others, 2) * weights.COMPANY_KEPT, "other tracked companies are named beside it"
            layout = self._page.layouts[candidate.field]
            if others > 1 and layout.starts_sentence(candidate.start) and layout.plain.startswith(":", candidate.end):
                yield weights.LABEL, "a heading of a row, as those of other companies"

    def _row_key(self, candidate: Candidate, shape: Shape) -> Iterator[Sign]:
        """A row that begins with the name, as other rows begin with others of its trade."""
        if shape is Shape.WORD and candidate.written.islower():
            return
        rows = self._page.rows[candidate.field]
        others = list(islice(rows.beside(candidate.start, candidate.written, self._profile.peers), 2))
        if others:
            yield len(others) * weights.ROW_KEY, f"begins a row, as “{'”, “'.join(others)}” do"

    def _symbol_beside(self, candidate: Candidate, shape: Shape) -> Iterator[Sign]:
        """The entity's own stock symbol, marked as one, in the paragraph of an everyday word in small letters."""
        if self._symbols and shape is Shape.WORD and candidate.written.islower():
            paragraph = self._page.layouts[candidate.field].paragraph(candidate.start)
            if (candidate.field, paragraph) in self._symbols:
                yield weights.SYMBOL_BESIDE, "its stock symbol stands beside it"
