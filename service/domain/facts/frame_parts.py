"""What the frames are made of: a masked sentence's characters, and the words between a name and its part."""

from service.domain.facts.fact import Kind

__all__ = [
    "AMOUNT",
    "BOUGHT",
    "FIRST_NAME",
    "JOINT",
    "LEND",
    "NEAR",
    "NP",
    "ORDER",
    "PARTY",
    "SOLD",
    "SUIT",
    "Frame",
    "part",
]

Frame = tuple[tuple[Kind, ...], str] | tuple[tuple[Kind, ...], str, str]
"""The kinds of deal it is for, the expression, and stems without one of which it cannot fit: cheaper to ask for."""
FIRST_NAME = 0xE000
"""The character of the first name; the next one has the next."""
AMOUNT = "\uf000"
PARTY = "\ue000-\uefff"
JOINT = r"(?:,?\s(?:and|or|und|oder|et|ou|y|e|en|och)\s(?:the\s|die\s|la\s|its\s\S+\s)?|,\s|\s?&\s?|と|、|和|与|및)"
NP = rf"[^{PARTY};]{{0,90}}?"
"""Anything but another party."""
NEAR = rf"[^{PARTY};]{{0,30}}?"


def part(role: str) -> str:
    """One name or several joined ones, as the group that gives them their part."""
    return rf"(?P<{role}>[{PARTY}](?:{JOINT}[{PARTY}])*)"


BOUGHT = r"\b(?:buys?|bought|buying|acquires?|acquired|acquiring|acquire|takes?\sover|took\sover|purchas(?:e[sd]?|ing)|paid|pay|paying|spend|spends|spent|spending|snatch(?:es|ed)\sup|snap(?:s|ped)\sup|scoop(?:s|ed)\sup|shell(?:s|ed)\sout|offered|offers|bids|bid)\b"  # noqa: E501
SOLD = r"\b(?:offload(?:s|ed|ing)?|sells?|sold|selling|divests?|divested)\b"
LEND = r"\b(?:lends?|lent|lending|loan(?:s|ed)?|provide[sd]?\s(?:a|the)\s\S*\s?loan)\b"
SUIT = r"(?:suit|lawsuit|claim|complaint|case)"
ORDER = r"\b(?:contract|order|deal|tender|agreement|pact)s?\b"
