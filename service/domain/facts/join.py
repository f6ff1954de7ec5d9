"""What an article says of one deal in several sentences becomes one fact. The first sentence stays its proof."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from service.domain.facts.fact import Bound, Fact, Kind, Party, Role, Status

__all__ = ["join"]

_FURTHER = (
    Status.RUMOURED,
    Status.TALKS,
    Status.ANNOUNCED,
    Status.WON,
    Status.AGREED,
    Status.COMPLETED,
)
"""How far a deal that goes on is; of two sentences about one deal the later stage counts, where both may be true."""
_OVER = frozenset({Status.ENDED, Status.LOST, Status.DENIED})
_OPEN = frozenset({Kind.DEAL})


def join(found: Sequence[Fact]) -> tuple[Fact, ...]:
    """Facts of one deal joined, in the order of their first sentences."""
    joined: list[Fact] = []
    for fact in _by_full_names(found):
        place = next((i for i, other in enumerate(joined) if _same_deal(other, fact)), None)
        if place is None:
            joined.append(fact)
        else:
            joined[place] = _both(joined[place], fact)
    return _with_losers(joined)


def _by_full_names(found: Sequence[Fact]) -> list[Fact]:
    """ "Juniper" is "Juniper Networks" where the article has the longer name, and only one such."""
    names = {party.name for fact in found for party in fact.parties}
    longer: dict[str, str] = {}
    for name in names:
        fuller = [other for other in names if other.startswith(name + " ")]
        if len(fuller) == 1:
            longer[name] = fuller[0]
    if not longer:
        return list(found)
    return [
        replace(fact, parties=_united((replace(p, name=longer.get(p.name, p.name)) for p in fact.parties), ()))
        for fact in found
    ]


def _same_deal(one: Fact, other: Fact) -> bool:
    if one.kind is not other.kind and not ({one.kind, other.kind} & _OPEN):
        return False
    if (one.status in _OVER) != (other.status in _OVER):
        return False
    known = one.amount is not None and other.amount is not None
    if known and (one.amount, one.currency) != (other.amount, other.currency):
        return False
    ours, theirs = _names(one), _names(other)
    if known:
        return not ours or not theirs or bool(ours & theirs)
    return bool(ours and theirs) and (ours <= theirs or theirs <= ours)


def _both(one: Fact, other: Fact) -> Fact:
    amount = one if one.amount is not None else other
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
    if one in _OVER or other in _OVER or one is other:
        return one
    return max(one, other, key=_FURTHER.index)


def _united(ours: Iterable[Party], theirs: Iterable[Party]) -> tuple[Party, ...]:
    by_name: dict[str, Party] = {}
    for party in (*ours, *theirs):
        known = by_name.get(party.name)
        if known is None or (known.role is None and party.role is not None):
            by_name[party.name] = party
    return tuple(by_name.values())


def _with_losers(facts: list[Fact]) -> tuple[Fact, ...]:
    """ "Dell and Supermicro were outbid" names the losers of the contract that the article tells of."""
    main = next((i for i, fact in enumerate(facts) if fact.kind is Kind.CONTRACT and fact.status not in _OVER), None)
    if main is None:
        return tuple(facts)
    kept = []
    losers: list[Party] = []
    for fact in facts:
        if (
            fact.status is Status.LOST
            and fact.kind in (Kind.CONTRACT, Kind.DEAL)
            and fact.amount in (None, facts[main].amount)
            and fact.parties
            and all(party.role is Role.LOSING_BIDDER for party in fact.parties)
        ):
            losers.extend(fact.parties)
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
