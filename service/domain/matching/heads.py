"""The noun right after a name: the company's own product, its wares, or one that the other sense has as well.

"NAME servers" are machines of a make, and what "runs on NAME storage" runs on a company's storage. "The NAME model" or
"an NAME server" may as well be what does the thing that the acronym's other sense is.
"""

import re
from collections.abc import Iterator, Mapping

from service.domain.matching import weights
from service.domain.matching.contexts import ContextItem, Near, Side
from service.domain.matching.namesakes import OwnWords
from service.domain.matching.patterns import Shape
from service.domain.matching.scan import Candidate

__all__ = ["head_signs", "shared_head"]

Sign = tuple[float, str]

_LOOK = 60
_HEAD = re.compile(r" ([^\W\d_][\w-]+)")
_WARES = frozenset({
    "servers", "arrays", "racks", "switches", "routers", "nodes", "blades", "chassis", "appliances", "machines",
    "workstations", "mainframes", "boxes", "clusters", "storage", "hardware", "gear", "laptops", "motherboards",
})  # fmt: skip
_SHARED = frozenset({
    "server", "software", "model", "models", "system", "systems", "platform", "service", "services", "network", "app",
    "tool", "tools", "cloud", "pipeline", "api", "module", "lab",
})  # fmt: skip
"""Nouns that a method, a subject or a measure has as well as a maker of computers."""
_RUNS_ON = re.compile(
    r"\b(?:on|onto|to|into|behind) (?:(?:an?|the|our|its|their|one|two|three|four|five|six|old|new|\d+) ){0,2}$"
)
_BOUGHT = re.compile(
    r"\b(?:b(?:uy|uys|ought|uying)|purchas\w+|order(?:s|ed|ing)?|got|gets?|deliver\w*|donat\w+|replac\w+|install\w*|lease\w*|old|used)"
    r" (?:[\w-]+ ){0,2}$"
)


def head_signs(candidate: Candidate, shape: Shape, plain: str, own: OwnWords) -> Iterator[Sign]:
    """What the noun after a short acronym, or an everyday word with a capital, shows of a company."""
    if shape > Shape.WORD or candidate.written.islower():
        return
    head = _HEAD.match(plain, candidate.end)
    if head is None:
        return
    noun = head.group(1)
    if noun.casefold() in own.coined and noun[:1].isupper():
        yield weights.OWN_PRODUCT, f"followed by “{noun}”, its own"
    elif shape is Shape.ACRONYM and noun in _WARES:
        yield weights.WARES, f"“{noun}” after it, as after a make"
        if _RUNS_ON.search(plain[max(0, candidate.start - _LOOK) : candidate.start]):
            yield weights.RUNS_ON, "something runs or lies on it"


def shared_head(
    candidate: Candidate, shape: Shape, plain: str, near: Mapping[ContextItem, Near]
) -> frozenset[ContextItem] | None:
    """The contexts for the entity that are no more than the noun after an acronym, in an article with several contexts
    against it. None where the noun does tell: something else speaks for the entity, nothing near speaks against it, or
    the thing was bought or runs something."""
    head = _HEAD.match(plain, candidate.end) if shape is Shape.ACRONYM else None
    if head is None or head.group(1).casefold() not in _SHARED:
        return None
    before = plain[max(0, candidate.start - _LOOK) : candidate.start]
    if _RUNS_ON.search(before) or _BOUGHT.search(before):
        return None
    own = {item for item in near if item.side is Side.FOR}
    same = frozenset(item for item in own if _is_noun(item, head.group(1).casefold()))
    return same if len(same) == len(own) and any(item.side is Side.AGAINST for item in near) else None


def _is_noun(item: ContextItem, noun: str) -> bool:
    return noun == item.plain.casefold() or (item.prefix and noun.startswith(item.plain.casefold()))
