"""What an edit of an article changed in its deals. Cosmetic edits change nothing.

old facts + new facts -> Change ...     an amount, a party or a status; empty where nothing of that kind changed
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from service.domain.facts.fact import Fact

__all__ = ["Change", "Changed", "material_changes"]


class Changed(StrEnum):
    NEW = "new"
    """A deal that the old text did not tell of."""
    AMOUNT = "amount"
    """Another amount, currency or bound; or one where there was none."""
    PARTY = "party"
    """A party that was not named before, or another part for one."""
    STATUS = "status"


@dataclass(frozen=True, slots=True)
class Change:
    """``before``: None for a deal that is new."""

    what: tuple[Changed, ...]
    before: Fact | None
    after: Fact


def material_changes(old: Sequence[Fact], new: Sequence[Fact]) -> tuple[Change, ...]:
    """The deals of ``new`` that say something else than those of ``old``, in the order of ``new``.

    Wording, order, kind and quantities do not count; neither does a deal, a party or an amount that the new text leaves
    out: what is shorter tells nothing new. Each old fact answers for one new fact, the most alike first.
    """
    left = list(old)
    changes: dict[int, Change] = {}
    for at in sorted(range(len(new)), key=lambda at: (-max((_likeness(o, new[at]) for o in old), default=0), at)):
        after = new[at]
        before = max(left, key=lambda one: _likeness(one, after), default=None)
        if before is None or not _likeness(before, after):
            changes[at] = Change((Changed.NEW,), None, after)
            continue
        left.remove(before)
        what = _differences(before, after)
        if what:
            changes[at] = Change(what, before, after)
    return tuple(changes[at] for at in sorted(changes))


def _likeness(old: Fact, new: Fact) -> int:
    """0: two deals. They are one where a party or the amount is the same."""
    shared = len(_names(old) & _names(new))
    amount = old.amount is not None and (old.amount, old.currency) == (new.amount, new.currency)
    if not shared and not amount:
        return 0
    return 4 * shared + 2 * amount + (old.kind is new.kind) + (old.sentence == new.sentence)


def _differences(old: Fact, new: Fact) -> tuple[Changed, ...]:
    found = []
    stated = (new.amount, new.currency, new.bound, new.upper)
    if new.amount is not None and stated != (old.amount, old.currency, old.bound, old.upper):
        found.append(Changed.AMOUNT)
    parts = {party.name: party.role for party in old.parties}
    if any(p.name not in parts or p.role not in (None, parts[p.name]) for p in new.parties):
        found.append(Changed.PARTY)
    if new.status is not old.status:
        found.append(Changed.STATUS)
    return tuple(found)


def _names(fact: Fact) -> set[str]:
    return {party.name for party in fact.parties}
