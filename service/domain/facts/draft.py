"""What one sentence says of a deal, before its neighbours are asked: its parties, and whether it is believed at all."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from service.domain.facts.fact import Kind, Money, Party, Role, Status
from service.domain.facts.names import Name
from service.domain.facts.roles import AMOUNT, FIRST_NAME
from service.domain.facts.words import OVERSEERS, WATCHDOGS

__all__ = [
    "Draft",
    "masked",
    "only_watches",
    "oversees",
    "owners",
    "parties_of",
    "stands",
    "tells_backers",
    "without_bystanders",
]

_ENOUGH = 2.0
"""A cue of this weight makes a deal of a sentence that names no amount."""
_OWNER = re.compile(
    "\\W*(?P<owner>[\ue000-\uefff])'s?\\s[\ue000-\uefff]\\s(?:to|will|has|is|was|raises?|raised|buys?|bought|"
    "acquires?|acquired|sells?|sold|closes?|closed|secures?|secured|lands?|signs?|signed|in talks)\\b",
    re.IGNORECASE,
)
_SURE = 2.5
_MOST_LINKED = 4
_SAID_ALOUD = frozenset({Status.ENDED, Status.LOST, Status.DENIED})


@dataclass(frozen=True, slots=True)
class Draft:
    """What one sentence says. ``status``: None where it does not say how far the deal is."""

    at: int
    kind: Kind
    weight: float
    status: Status | None
    money: Money | None
    parties: tuple[Party, ...]
    linked: bool
    """Whether two of them are named as partners: "A and B", "with B"."""


def stands(draft: Draft) -> bool:
    """Whether the sentence states a deal. One without an amount must say who deals with whom, and how far it is."""
    if draft.money is not None:
        if not draft.parties and draft.status is None:
            return False
        return draft.weight >= _ENOUGH or (draft.status is not None and bool(draft.parties))
    roles = {party.role for party in draft.parties if party.role is not None}
    if draft.status is None and (draft.kind is not Kind.ACQUISITION or len(roles) < 2 or draft.weight < _SURE):
        return False
    if draft.status is not None and draft.weight < _ENOUGH and draft.status not in _SAID_ALOUD:
        return False
    several = len(draft.parties) > 1
    losers = roles == {Role.LOSING_BIDDER} and (several or draft.parties[0].tracked)
    sued = draft.kind is Kind.LAWSUIT and any(party.tracked and party.role is not None for party in draft.parties)
    denied = draft.status is Status.DENIED and bool(roles) and several
    said = several and draft.status in _SAID_ALOUD and len(draft.parties) <= _MOST_LINKED
    partners = draft.linked and several and len(draft.parties) <= _MOST_LINKED and not _are_one_side(draft)
    return len(roles) > 1 or sued or losers or denied or said or partners


def tells_backers(draft: Draft) -> bool:
    """ "Led by A, the round will pay for …", "B and C also took part": no deal by itself, but who else is in one."""
    return (
        draft.kind is Kind.FUNDING
        and draft.money is None
        and draft.status not in _SAID_ALOUD
        and {party.role for party in draft.parties} in ({Role.INVESTOR}, {Role.LENDER})
    )


def _are_one_side(draft: Draft) -> bool:
    """ "It buys chips from Dell and Supermicro": two suppliers do not deal with each other."""
    roles = {party.role for party in draft.parties}
    return len(roles) == 1 and None not in roles


def masked(text: str, names: Sequence[Name], amounts: Sequence[Money]) -> str:
    """Each name and each amount as one private character, so that frames see the sentence's construction."""
    pieces = [(name.start, name.end, chr(FIRST_NAME + i)) for i, name in enumerate(names)]
    covered = [(name.start, name.end) for name in names]
    free = [money for money in amounts if not any(money.start < end and start < money.end for start, end in covered)]
    pieces.extend((money.start, money.end, AMOUNT) for money in free)
    parts, at = [], 0
    for start, end, character in sorted(pieces):
        if start < at:
            continue
        parts.append(text[at:start] + character)
        at = end
    return "".join(parts) + text[at:]


def owners(shown: str) -> set[int]:
    """Numbers of the names of whom the sentence's subject is: "A's B raises"."""
    match = _OWNER.match(shown)
    return {ord(match["owner"]) - FIRST_NAME} if match else set()


def oversees(name: Name) -> bool:
    return not name.tracked and name.name.casefold().split()[-1] in OVERSEERS


def only_watches(name: Name, kind: Kind) -> bool:
    """A watchdog that forbids a takeover, whatever its place in the sentence; a ministry may buy."""
    return kind is Kind.ACQUISITION and not name.tracked and name.name.casefold().split()[-1] in WATCHDOGS


def parties_of(names: dict[int, Name], roles: dict[int, Role]) -> tuple[Party, ...]:
    """Each name once, in reading order, with the part that any of its places has."""
    found: dict[str, Party] = {}
    for number, name in names.items():
        role = roles.get(number)
        known = found.get(name.name)
        if known is None or (known.role in (None, Role.LOSING_BIDDER) and role is not None):
            found[name.name] = Party(name.name, role, name.tracked)
    return tuple(found.values())


def without_bystanders(parties: tuple[Party, ...], partners: Collection[str]) -> tuple[Party, ...]:
    """Without who has no part where the sentence gives parts: rivals, former owners, stray capitals. Who is tracked
    stays, and so do ``partners``, the names that stand beside another as "with B" does."""
    if all(party.role is None for party in parties):
        return parties
    return tuple(party for party in parties if party.role is not None or party.tracked or party.name in partners)
