"""What an article says of one deal in several sentences becomes one fact. The first sentence stays its proof."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from service.domain.facts.fact import Bound, Fact, Kind, Party, Role, Status
from service.domain.matching.proper_names import is_known_company

__all__ = ["join"]

_FURTHER = (
    Status.ANNOUNCED,  # a title says "to buy" where the text says "in talks"
    Status.RUMOURED,
    Status.TALKS,
    Status.WON,
    Status.AGREED,
    Status.COMPLETED,
)
"""How far a deal that goes on is; of two sentences about one deal the later stage counts, where both may be true."""
_OVER = frozenset({Status.ENDED, Status.LOST, Status.DENIED})
_ROUNDED = 0.02
_FAR = 0.06
"""More than two digits can hide."""
_OPEN = frozenset({Kind.DEAL})
_OF_A_FULL_NAME = frozenset(
    {"technologies", "technology", "group", "international", "company", "corporation", "holdings"}
)
"""What ends a firm's own full name, and tells no part of it."""


def join(found: Sequence[Fact], backers: Sequence[Party] = ()) -> tuple[Fact, ...]:
    """Facts of one deal joined, in the order of their first sentences. ``backers``: investors named on their own."""
    joined: list[Fact] = []
    for fact in _by_full_names(found):
        place = next((i for i, other in enumerate(joined) if _same_deal(other, fact)), None)
        if place is None:
            joined.append(fact)
        else:
            joined[place] = _both(joined[place], fact)
    return _with_losers(_with_backers(joined, backers))


def _by_full_names(found: Sequence[Fact]) -> list[Fact]:
    """ "Juniper" is "Juniper Networks" where the article has the longer name, and only one such."""
    names = {party.name for fact in found for party in fact.parties}
    fuller: dict[str, set[str]] = {}
    for name in names:
        for short in _short_forms(name) & names:
            fuller.setdefault(short, set()).add(name)
    longer = {short: found.pop() for short, found in fuller.items() if len(found) == 1 and not _is_part(short, *found)}
    if not longer:
        return list(found)
    return [
        replace(fact, parties=_united((replace(p, name=longer.get(p.name, p.name)) for p in fact.parties), ()))
        for fact in found
    ]


def _is_part(short: str, longer: str) -> bool:
    """ "Google Cloud" is a part of Google, not its full name; "Dell Technologies" is Dell's."""
    rest = longer.removeprefix(short).strip().casefold()
    return rest not in _OF_A_FULL_NAME and is_known_company(short) and not is_known_company(longer)


def _short_forms(name: str) -> set[str]:
    """What an article may call "London Stock Exchange" after the first time: "London", "Stock Exchange", "LSE"."""
    words = name.split()
    forms = {" ".join(words[:end]) for end in range(1, len(words))} | {
        " ".join(words[start:]) for start in range(1, len(words))
    }
    initials = "".join(word[0] for word in re.split(r"[\s-]", name) if word[:1].isupper())
    if len(initials) > 1:
        forms.add(initials)
    forms.update(name.partition(mark)[0] for mark in (".", "'") if mark in name)
    return forms - {name}


def _same_deal(one: Fact, other: Fact) -> bool:
    if (one.status in _OVER) != (other.status in _OVER) and Status.ANNOUNCED not in (one.status, other.status):
        return False
    known = one.amount is not None and other.amount is not None
    if known and (one.amount, one.currency) == (other.amount, other.currency):
        return True
    if known and one.currency == other.currency and not _is_near(one, other):
        return False  # before names are compared: most pairs end here
    ours, theirs = _names(one), _names(other)
    if known and one.currency != other.currency:
        return len(ours & theirs) > 1 and one.kind is other.kind and not _differ(one, other)
    if known and not ours & theirs:
        return False
    if one.kind is not other.kind and not ({one.kind, other.kind} & _OPEN):
        return False
    return bool(ours & theirs) and not _differ(one, other)


def _is_near(one: Fact, other: Fact) -> bool:
    """A title rounds: "$521m" for $520.6 million, "$27.7bn" for more than $27 billion."""
    if one.amount is None or other.amount is None:
        return False
    if abs(one.amount - other.amount) > _FAR * max(one.amount, other.amount):
        return False
    if float(f"{other.amount:.2g}") == one.amount:
        return True
    rounded = _ROUNDED if one.bound is other.bound else 2 * _ROUNDED
    return abs(one.amount - other.amount) <= rounded * max(one.amount, other.amount)


def _digits(fact: Fact) -> int:
    """How exactly the amount is told: 2.63 billion has three digits."""
    return len(f"{fact.amount:.6g}".partition("e")[0].replace(".", "").strip("0"))


def _differ(one: Fact, other: Fact) -> bool:
    """Whether another firm plays the same part: who buys two firms makes two deals."""
    for role in {party.role for party in one.parties} & {party.role for party in other.parties} - {None}:
        if {p.name for p in one.parties if p.role is role}.isdisjoint(p.name for p in other.parties if p.role is role):
            return True
    return False


def _both(one: Fact, other: Fact) -> Fact:
    known = one.amount is not None and other.amount is not None
    rounded = known and _digits(other) >= _digits(one) + (one.currency == other.currency)  # as titles are
    amount = other if one.amount is None or rounded else one
    bounded = one if one.bound not in (None, Bound.EXACT) or other.bound in (None, Bound.EXACT) else other
    return replace(
        one,
        kind=other.kind if one.kind in _OPEN else one.kind,
        status=_later(one.status, other.status),
        parties=_united(one.parties, other.parties),
        amount=amount.amount,
        currency=amount.currency,
        bound=bounded.bound if bounded.amount == amount.amount else amount.bound,
        upper=amount.upper,
        quantities=tuple(dict.fromkeys((*one.quantities, *other.quantities))),
        reported_by=one.reported_by or other.reported_by,
    )


def _later(one: Status, other: Status) -> Status:
    if one in _OVER or other in _OVER:
        return one if one in _OVER else other
    return max(one, other, key=_FURTHER.index)


def _united(ours: Iterable[Party], theirs: Iterable[Party]) -> tuple[Party, ...]:
    by_name: dict[str, Party] = {}
    for party in (*ours, *theirs):
        known = by_name.get(party.name)
        if known is None or (known.role is None and party.role is not None):
            by_name[party.name] = party
    return tuple(by_name.values())


def _with_backers(facts: list[Fact], backers: Sequence[Party]) -> list[Fact]:
    """The investors that other sentences name join the one round that the article tells of."""
    rounds = [i for i, fact in enumerate(facts) if fact.kind is Kind.FUNDING and fact.amount is not None]
    if len(rounds) == 1:
        at = rounds[0]
        facts[at] = replace(facts[at], parties=_united(facts[at].parties, backers))
    return facts


def _lost_bid(fact: Fact) -> bool:
    """Whether it only names losers; so do bids that say not for what, where the article tells of a contract."""
    roles = {party.role for party in fact.parties}
    if fact.kind is Kind.ACQUISITION:
        return fact.status in (Status.LOST, Status.ENDED) and roles == {Role.BUYER}
    return fact.status is Status.LOST and fact.kind in (Kind.CONTRACT, Kind.DEAL) and roles == {Role.LOSING_BIDDER}


def _with_losers(facts: list[Fact]) -> tuple[Fact, ...]:
    """ "Dell and Supermicro were outbid" names the losers of the contract that the article tells of."""
    main = next((i for i, fact in enumerate(facts) if fact.kind is Kind.CONTRACT and fact.status not in _OVER), None)
    if main is None:
        return tuple(facts)
    kept = []
    losers: list[Party] = []
    for fact in facts:
        if fact.amount in (None, facts[main].amount) and _lost_bid(fact):
            losers.extend(replace(party, role=Role.LOSING_BIDDER) for party in fact.parties)
        else:
            kept.append(fact)
    winner = kept.index(facts[main])
    ours = {p.name for p in kept[winner].parties if p.role not in (None, Role.LOSING_BIDDER)}
    joined = replace(
        kept[winner],
        parties=_united([p for p in losers if p.name not in ours], kept[winner].parties),
    )
    order = [p.name for p in kept[winner].parties]
    rest = tuple(p for p in joined.parties if p.name not in order)
    by_name = {p.name: p for p in joined.parties}
    kept[winner] = replace(joined, parties=tuple(by_name[name] for name in order) + rest)
    return tuple(kept)


def _names(fact: Fact) -> set[str]:
    return {party.name for party in fact.parties}
