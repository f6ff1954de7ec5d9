"""What an edit of an article makes known, in words: of its mentions, and of its story. Decides only.

entities and facts of the old text + those of the new -> News; empty where the edit was cosmetic
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from service.domain.facts import Change, Changed, Fact, material_changes

__all__ = ["News", "news_of_edit"]

_LONGEST = 500


@dataclass(frozen=True, slots=True)
class News:
    """``mentions``: by entity. ``story``: None where there is nothing new."""

    mentions: Mapping[str, str] = field(default_factory=dict)
    story: str | None = None


def news_of_edit(
    was: Collection[str], now: Sequence[str], old_facts: Sequence[Fact], new_facts: Sequence[Fact]
) -> News:
    """``was`` and ``now``: the entities that today's watch list finds in the old and the new text, so that what is new
    is due to the edit alone. A fact is told with the mentions of those who take part in it."""
    by_entity: dict[str, list[str]] = {name: ["named since an edit"] for name in now if name not in was}
    whole = [f"{name} is named since an edit" for name in by_entity]
    for change in material_changes(old_facts, new_facts):
        words = _words(change)
        whole.append(words)
        for party in change.after.parties:
            if party.name in now:
                by_entity.setdefault(party.name, []).append(words)
    return News(
        {name: "; ".join(words)[:_LONGEST] for name, words in by_entity.items()},
        "; ".join(whole)[:_LONGEST] or None,
    )


def _words(change: Change) -> str:
    before, after = change.before, change.after
    who = ", ".join(party.name for party in after.parties) or "parties that it does not name"
    if before is None or Changed.NEW in change.what:
        return f"new since an edit: {after.kind} of {who}{_worth(after)}, {after.status}"
    told = []
    if Changed.AMOUNT in change.what:
        told.append(f"amount now {_amount(after)}, before {_amount(before)}")
    if Changed.PARTY in change.what:
        known = {(party.name, party.role) for party in before.parties}
        fresh = [party for party in after.parties if (party.name, party.role) not in known]
        told.append("parties now " + ", ".join(f"{p.name} ({p.role})" if p.role else p.name for p in fresh))
    if Changed.STATUS in change.what:
        told.append(f"status now {after.status}, before {before.status}")
    return f"{after.kind} of {who}: {'; '.join(told)}"


def _worth(fact: Fact) -> str:
    return f", {_amount(fact)}" if fact.amount is not None else ""


def _amount(fact: Fact) -> str:
    if fact.amount is None:
        return "not stated"
    bound = "" if fact.bound in (None, "exact") else f"{fact.bound} "
    upper = f" to {fact.upper:,.15g}" if fact.upper is not None else ""
    return f"{bound}{fact.amount:,.15g}{upper} {fact.currency or ''}".strip()
