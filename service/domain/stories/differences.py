"""In what two articles of one story differ, for a person to read."""

from collections.abc import Mapping
from dataclasses import dataclass

from service.domain.stories.evidence import compare
from service.domain.stories.signature import Signature
from service.domain.stories.words import written

__all__ = ["Difference", "Told", "differences"]

_MOST_FACTS = 12


@dataclass(frozen=True, slots=True)
class Told:
    """An article's text with its signature."""

    text: str
    signature: Signature


@dataclass(frozen=True, slots=True)
class Difference:
    """``of_head``: the share of the head's words that the copy has in the same wording; ``own``: the share of the
    copy's words that the head has not. ``adds`` and ``leaves_out``: numbers and names that only the copy, or only the
    head, tells, as they are written; at most twelve."""

    of_head: float
    own: float
    other_title: bool
    adds: tuple[str, ...]
    leaves_out: tuple[str, ...]


def differences(head: Told, copy: Told) -> Difference:
    """Of the first 500 words, as everything else about stories."""
    found = compare(head.signature, copy.signature)
    longer, shorter = found.spread, found.held
    # ``held`` is of the text that is contained more: mostly the shorter one.
    of_head, of_copy = (shorter, longer) if _is_shorter(head, copy) else (longer, shorter)
    return Difference(
        of_head=round(of_head, 3),
        own=round(1 - of_copy, 3),
        other_title=head.signature.title_keys != copy.signature.title_keys,
        adds=_only(copy, head),
        leaves_out=_only(head, copy),
    )


def _is_shorter(one: Told, other: Told) -> bool:
    return len(one.signature.words) < len(other.signature.words)


def _only(one: Told, other: Told) -> tuple[str, ...]:
    names: Mapping[int, str] = written(one.text)
    own = one.signature.facts - other.signature.vocabulary
    in_order = dict.fromkeys(key for key in one.signature.keys if key in own)
    return tuple(names[key] for key in in_order if key in names)[:_MOST_FACTS]
