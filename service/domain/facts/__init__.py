"""Deals that an article tells of: amount, parties, kind, status, with the sentence as proof. docs/facts.md.

    Document + MatchResult ─ extract_facts ─> Fact ...
        sentences      kinds: of which kind        money, amounts: what it is worth     quantities: GPUs, MW, shares
                       names: who                  roles: who plays which part          status: how far it is
                       join: one deal, one fact

    Fact ─ shape ─> the object that other programs read, the view that queries see
    old facts + new facts ─ change ─> what an edit of the article changed

Pure, without network and without a language model: rules and word lists in a dozen languages.
"""

from service.domain.facts.change import Change, Changed, material_changes
from service.domain.facts.extract import extract_facts
from service.domain.facts.fact import Bound, Fact, Kind, Party, Quantity, Role, Status
from service.domain.facts.join import join
from service.domain.facts.shape import as_object, as_view, from_object

__all__ = [
    "Bound",
    "Change",
    "Changed",
    "Fact",
    "Kind",
    "Party",
    "Quantity",
    "Role",
    "Status",
    "as_object",
    "as_view",
    "extract_facts",
    "from_object",
    "join",
    "material_changes",
]
