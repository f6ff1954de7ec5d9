"""What holds for many places of a name at once: those beside the article, and those after the first two hundred.

candidates that are not looked at -> one Judged a writing, with its further places
"""

from collections.abc import Iterable, Iterator, Sequence

from service.domain.matching import weights
from service.domain.matching.layout import Layout
from service.domain.matching.patterns import shape_of
from service.domain.matching.scan import Candidate
from service.domain.matching.verdict import Judged
from service.domain.model import Field

__all__ = ["alike", "beside_article", "drop"]


def beside_article(candidates: Iterable[Candidate], layout: Layout) -> Iterator[bool]:
    """For each whether it stands in a list of links, tags or buttons; whole paragraphs do, or do not."""
    paragraph, beside = -1, False
    for candidate in candidates:
        if candidate.field is Field.TITLE:
            yield False
            continue
        number = layout.paragraph(candidate.start)
        if number != paragraph:
            paragraph, beside = number, layout.is_boilerplate(candidate.start)
        yield beside


def drop(one: Judged) -> None:
    one.score = min(one.score, -1.0)
    one.signs = [*one.signs, (-9.0, "in a list of links, tags or buttons beside the article")]


def alike(known: Sequence[Judged], further: Sequence[Candidate], layout: Layout) -> list[Judged]:
    """Occurrences that are not looked at, together by writing: each has the mean score of those with the same writing,
    else its prior."""
    groups: dict[tuple[int, str, Field, bool], list[Candidate]] = {}
    for candidate, beside in zip(further, beside_article(further, layout), strict=True):
        key = (id(candidate.pattern), candidate.written, candidate.field, beside)
        groups.setdefault(key, []).append(candidate)
    judged = []
    for (_, written, _, beside), (first, *others) in groups.items():
        shape = shape_of(first.pattern.plain)
        scores = [one.score for one in known if one.candidate.written == written]
        mean = sum(scores) / len(scores) if scores else weights.prior(first.pattern, shape, listed=False)
        one = Judged(first, shape, mean, [(mean, f"read like the first {len(known)} places")], True, others)
        if beside:
            drop(one)
        judged.append(one)
    return judged
