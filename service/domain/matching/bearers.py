"""People, works and vessels that bear an everyday word as their name: "the yacht NAME", "NAME dos Santos"."""

import re
from collections.abc import Iterator

from service.domain.matching.lexicon import NEWS_VERBS
from service.domain.matching.scan import Candidate

__all__ = ["bearer_signs"]

Sign = tuple[float, str]

_LOOK = 40
_BEARERS = (
    "band|novel|film|movie|song|album|single|opera|ballet|musical|ship|boat|yacht|schooner|ketch|catamaran|trimaran|ferry|"
    "frigate|submarine|trawler|tanker|freighter|horse|racehorse|mare|filly|colt|gelding|stallion|dog|cat|parrot|agent|spy|"
    "villain|heroine|superhero|character|rapper|singer|wrestler|nightclub|pub|hamlet|village|rocket|telescope|asteroid"
)
_BEARER_BEFORE = re.compile(rf"(?<![^\W_])(?:({_BEARERS})|(?:Agent|HMS|HMAS|USS|MV|MS|SS|RMS)) (?P<quote>[\"'])?$")
_PARTICLE_AFTER = re.compile(r" (?:dos|bin|ibn|van der|van den) [A-Z]")
_YEAR_AFTER = re.compile(r" \((?:1[89]|20)\d\d\)")
_HAS = frozenset({"is", "was", "has", "had", "will", "would", "can", "could", "may"})


def bearer_signs(candidate: Candidate, plain: str) -> Iterator[Sign]:
    """The signs of one occurrence that a person, a work or a vessel is meant."""
    start, end = candidate.start, candidate.end
    before = _BEARER_BEFORE.search(plain[max(0, start - _LOOK) : start])
    if before is not None:
        words = plain[end + 1 : end + _LOOK].split(None, 1)
        relative = (
            before.group(1) is not None and not before["quote"] and words and words[0] in NEWS_VERBS | _HAS
        )  # "the film NAME bought"
        if not relative:
            yield -3.0, f"“{before.group().strip()}” before it, as before the name of a thing"
    if _PARTICLE_AFTER.match(plain, end):
        yield -2.5, "a given name before a surname"
    if _YEAR_AFTER.match(plain, end):
        yield -2.0, "a year in brackets after it, as after a title"
