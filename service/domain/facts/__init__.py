"""Deals that an article tells of: amount, parties, kind, status, with the sentence as proof. docs/facts.md.

    Document + MatchResult ─ extract_facts ─> Fact ...
        sentences      kinds: of which kind        money, amounts: what it is worth     quantities: GPUs, MW, shares
                       names: who                  roles: who plays which part          status: how far it is
                       join: one deal, one fact

Pure, without network and without a language model: rules and word lists in a dozen languages.
"""

from service.domain.facts.extract import extract_facts
from service.domain.facts.fact import Bound, Fact, Kind, Party, Quantity, Role, Status

__all__ = ["Bound", "Fact", "Kind", "Party", "Quantity", "Role", "Status", "extract_facts"]
