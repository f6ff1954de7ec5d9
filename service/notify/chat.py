"""The few parts of an alert that fit into a chat message, whatever the service. Pure.

    Page -> parts_of() -> Part: a digest's groups with their stories, what is wrong with newsvane, or mentions

Nothing is escaped here: each service has its own way (formats.py).
"""

from dataclasses import dataclass
from typing import Final

from service.notify.clean import cut
from service.notify.message import MentionBlock, Page

__all__ = ["Line", "Part", "more_of", "parts_of"]

_MENTIONS: Final = 5
_GROUPS: Final = 6
_STORIES: Final = 3
_TROUBLES: Final = 5
_LONGEST_LINK: Final = 250
"""A story's longer address is left out: the service's own bound would cut it."""
Line = tuple[str, str]
"""Text and address, which may be empty."""


@dataclass(frozen=True, slots=True)
class Part:
    """``label``: who or what it is about; ``head``: the line beside it, with its address; ``lines``: what follows."""

    label: str
    head: Line
    lines: tuple[Line, ...]


def parts_of(shown: Page) -> tuple[Part, ...]:
    if shown.troubles:
        return tuple(
            Part(
                "",
                (cut(trouble.what, 150), trouble.url if len(trouble.url) <= _LONGEST_LINK else ""),
                tuple((cut(text, 170), "") for text in (trouble.when, trouble.proof, trouble.mend) if text),
            )
            for trouble in shown.troubles[:_TROUBLES]
        )
    if shown.groups:
        volume: tuple[Part, ...] = (Part("In this period", (shown.volume, ""), ()),) if shown.volume else ()
        return volume + tuple(
            Part(cut(group.name, 60), (group.about, ""), _stories(group.stories, group.left_out))
            for group in shown.groups[:_GROUPS]
        )
    return tuple(
        Part(mention.entity, (mention.title, mention.url), ((_quoted(mention), ""),))
        for mention in shown.mentions[:_MENTIONS]
    )


def more_of(shown: Page) -> str:
    """What is not shown, in words; empty where all is."""
    if shown.troubles:
        left, word = shown.trouble_count - _TROUBLES, "more"
    elif shown.groups:
        left, word = shown.group_count - _GROUPS, "more groups"
    else:
        left, word = shown.mention_count - len(shown.mentions[:_MENTIONS]), "more mentions"
    return f"{left} {word}" if left > 0 else ""


def _stories(stories: tuple[tuple[str, str, str], ...], left_out: int) -> tuple[Line, ...]:
    lines = [
        (cut(title, 80) + (f" ({cut(carried, 40)})" if carried else ""), url if len(url) <= _LONGEST_LINK else "")
        for title, url, carried in stories[:_STORIES]
    ]
    left = left_out + max(0, len(stories) - _STORIES)
    if left:
        lines.append((f"and {left} more {'story' if left == 1 else 'stories'}", ""))
    return tuple(lines)


def _quoted(mention: MentionBlock) -> str:
    snippet = cut("".join(piece for piece, _ in mention.snippet), 240)
    return f"{snippet} ({mention.about})" if snippet and mention.about else snippet or mention.about
