"""A deal as a sentence states it: frozen values."""

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Bound", "Fact", "Kind", "Money", "Party", "Quantity", "Role", "Status"]


class Kind(StrEnum):
    CONTRACT = "contract"
    """Goods or services for money."""
    FUNDING = "funding"
    """A round, a loan, notes: money raised."""
    ACQUISITION = "acquisition"
    """A firm, a part of one, a site or a stake changes hands."""
    LAWSUIT = "lawsuit"
    """A suit, its verdict or settlement; a fine."""
    LEASE = "lease"
    INVESTMENT = "investment"
    """Money put into a firm, a building, a project."""
    DEAL = "deal"
    """An agreement whose sentence does not say of which kind."""


class Status(StrEnum):
    RUMOURED = "rumoured"
    """Said to be considered or possible."""
    TALKS = "talks"
    ANNOUNCED = "announced"
    """Planned, offered, filed or told without a word on how far it is."""
    AGREED = "agreed"
    """Signed, reached, settled."""
    COMPLETED = "completed"
    """Done: bought, raised, closed."""
    ENDED = "ended"
    """Called off, cancelled, withdrawn."""
    WON = "won"
    """A tender or a case, for the one who asked."""
    LOST = "lost"
    DENIED = "denied"
    """The sentence says that there is no such deal."""


class Bound(StrEnum):
    """How the stated amount bounds the true one."""

    EXACT = "exact"
    MIN = "min"
    """More than, at least."""
    MAX = "max"
    """Up to, less than."""
    ABOUT = "about"
    """About, nearly, some."""
    RANGE = "range"
    """From the amount to the upper one."""


class Role(StrEnum):
    """A party's part, where the sentence says it."""

    BUYER = "buyer"
    SELLER = "seller"
    SUPPLIER = "supplier"
    LOSING_BIDDER = "losing bidder"
    LENDER = "lender"
    BORROWER = "borrower"
    INVESTOR = "investor"
    TARGET = "target"
    """Who is bought, or gets the investors' money."""
    LESSOR = "lessor"
    LESSEE = "lessee"
    PLAINTIFF = "plaintiff"
    DEFENDANT = "defendant"


@dataclass(frozen=True, slots=True)
class Money:
    """An amount at ``text[start:end]``, bound words included. ``upper``: the end of a range."""

    start: int
    end: int
    amount: float
    currency: str | None
    """ISO 4217; None where the text names none."""
    bound: Bound = Bound.EXACT
    upper: float | None = None


@dataclass(frozen=True, slots=True)
class Quantity:
    """``unit``: ``GPU``, ``MW`` (gigawatts are 1,000 of them) or ``share``."""

    number: float
    unit: str
    bound: Bound = Bound.EXACT


@dataclass(frozen=True, slots=True)
class Party:
    """``name``: the entity's own for a tracked one; else as written, without legal form."""

    name: str
    role: Role | None = None
    tracked: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    kind: Kind
    status: Status
    parties: tuple[Party, ...]
    """In reading order; a name once."""
    sentence: str
    """The proof, as the article has it; at most 500 characters."""
    amount: float | None = None
    """In units of ``currency``; the lower end of a range. Nothing is converted."""
    currency: str | None = None
    bound: Bound | None = None
    """None where there is no amount."""
    upper: float | None = None
    quantities: tuple[Quantity, ...] = ()
    reported_by: str | None = None
    """Whose report the sentence cites ("Bloomberg reports")."""
