"""A fact in other shapes: as other programs read it (docs/formats.md), and as queries see it."""

from typing import Any

from service.domain.facts.fact import Bound, Fact, Kind, Party, Quantity, Role, Status
from service.domain.query import FactView

__all__ = ["as_object", "as_view", "from_object"]


def as_object(fact: Fact) -> dict[str, Any]:
    """Plain values for JSON. Whole amounts are whole numbers."""
    return {
        "kind": fact.kind.value,
        "status": fact.status.value,
        "parties": [party.name for party in fact.parties],
        "roles": [{"party": p.name, "role": p.role.value} for p in fact.parties if p.role is not None],
        "tracked": [party.name for party in fact.parties if party.tracked],
        "amount": _number(fact.amount),
        "currency": fact.currency,
        "bound": fact.bound.value if fact.bound else None,
        "upper": _number(fact.upper),
        "quantities": [{"number": _number(q.number), "unit": q.unit, "bound": q.bound.value} for q in fact.quantities],
        "reported_by": fact.reported_by,
        "sentence": fact.sentence,
    }


def from_object(line: dict[str, Any]) -> Fact:
    """The way back, exactly."""
    roles = {role["party"]: Role(role["role"]) for role in line["roles"]}
    return Fact(
        kind=Kind(line["kind"]),
        status=Status(line["status"]),
        parties=tuple(Party(name, roles.get(name), name in line["tracked"]) for name in line["parties"]),
        sentence=line["sentence"],
        amount=None if line["amount"] is None else float(line["amount"]),
        currency=line["currency"],
        bound=Bound(line["bound"]) if line["bound"] else None,
        upper=None if line["upper"] is None else float(line["upper"]),
        quantities=tuple(Quantity(float(q["number"]), q["unit"], Bound(q["bound"])) for q in line["quantities"]),
        reported_by=line["reported_by"],
    )


def as_view(fact: Fact) -> FactView:
    return FactView(
        kind=fact.kind.value,
        amount=fact.amount,
        currency=fact.currency,
        status=fact.status.value,
        parties=tuple(party.name for party in fact.parties),
    )


def _number(value: float | None) -> float | int | None:
    return int(value) if value is not None and value.is_integer() else value
