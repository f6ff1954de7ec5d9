"""Short forms of longer names that are something else: "the NAME of Omaha ... the NAME's letter"."""

import re
from collections.abc import Iterator, Sequence

from service.domain.matching import weights
from service.domain.matching.proper_names import is_given_name
from service.domain.matching.scan import Candidate, Swallowed
from service.domain.model import Field

__all__ = ["short_form"]

Sign = tuple[float, str]

_SHORT_FORM = re.compile(r"\b(?:the|this|that|our|der|die|das|le|la|l'|el|il|o|a) ?$", re.IGNORECASE)
_ALONE = re.compile(
    r"'|[.,;:!?)\"]|\s*$| (?:is|was|has|had|will|would|in|of|on|and|who|said|says|told|himself|herself)\b"
)
"""What may follow a name that stands by itself, not before a noun."""


def short_form(candidate: Candidate, masked: Sequence[Swallowed], plain: str) -> Iterator[Sign]:
    """A longer name that stood earlier is called by its short form: with an article ("the Oracle of Omaha ... the
    Oracle's letter"), or by its last word, as persons and firms are. ``masked``: such names, in reading order."""
    if not masked or _ALONE.match(plain, candidate.end) is None:
        return
    with_article = _SHORT_FORM.search(plain[max(0, candidate.start - 8) : candidate.start]) is not None
    written, place = candidate.written.casefold(), (candidate.field is Field.TEXT, candidate.start)
    for loss in masked:
        if (loss.candidate.field is Field.TEXT, loss.candidate.start) > place:
            break
        head, _, tail = loss.by.rpartition(" ")
        surname = tail == loss.candidate.written and ("&" in head or is_given_name(head))
        if loss.candidate.written.casefold() == written and (with_article or surname):
            yield weights.SHORT_FORM, f"short for “{loss.by}”, named before"
            return
