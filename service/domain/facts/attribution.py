"""Whose report a sentence cites: "Bloomberg reports", "according to the Financial Times", "laut Handelsblatt"."""

import re

from service.domain.facts.words import SOURCES

__all__ = ["reported_by"]

_NAME = r"(?P<name>[A-ZÀ-Þ][\w.]*(?:[ -](?:de |of )?[A-ZÀ-Þ][\w.]*){0,4})"
_REPORTED = re.compile(
    rf"(?:\b(?i:according to|laut|selon|según|segundo|secondo|volgens|report (?:of|by|from))\s"
    rf"(?:(?i:the|die|der|das|le|la|les|el|o|a|il|het)\s)?{_NAME})"
)
_SAYS = re.compile(
    rf"{_NAME}(?:\s(?:first|also|had|has|later))?\s(?:reports?|reported|says|said|wrote|writes|berichtet|rapporte|informa)\b"
)


def reported_by(text: str) -> str | None:
    """The name as written; None where the sentence cites nobody. Only a medium counts for "X said"."""
    match = _REPORTED.search(text)
    if match is not None:
        return _plain_name(match["name"])
    for match in _SAYS.finditer(text):
        name = _plain_name(match["name"])
        if name.casefold() in SOURCES:
            return name
    return None


def _plain_name(name: str) -> str:
    return name.removeprefix("The ").rstrip(".")
