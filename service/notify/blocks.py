"""What a message tells in the place of mentions: a digest's groups, or what is wrong with newsvane itself. Pure.

    alert["digest"]["groups"] -> GroupBlock      alert["watch"]["items"] -> TroubleBlock

Every text is cleaned and bounded here, every address http(s) or empty.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from service.notify.clean import link, one_line
from service.notify.times import readable

__all__ = ["GroupBlock", "TroubleBlock", "count_of", "group_block", "groups_text", "text_of", "times", "trouble_block",
           "troubles_text"]  # fmt: skip

_MAX_STORIES: Final = 10


@dataclass(frozen=True, slots=True)
class GroupBlock:
    """What a digest tells of one entity or source. ``stories``: title, address (http(s) or empty), who carries it."""

    name: str
    about: str
    """How many mentions, against the usual."""
    stories: tuple[tuple[str, str, str], ...]
    left_out: int


@dataclass(frozen=True, slots=True)
class TroubleBlock:
    """``when``: since when, and until when where it is over. ``mend`` is empty then."""

    what: str
    url: str
    when: str
    proof: str
    mend: str


def group_block(group: Mapping[str, Any]) -> GroupBlock:
    stories = (group.get("stories") or [])[:_MAX_STORIES]
    about = [times(count_of(group, "mentions"), "mention"), _usual(group)]
    return GroupBlock(
        name=one_line(text_of(group, "name"), 100) or "(no name)",
        about=", ".join(filter(None, about)),
        stories=tuple(
            (one_line(text_of(story, "title"), 300) or "(no title)", link(story.get("url")), _carried(story))
            for story in stories
        ),
        left_out=max(0, count_of(group, "story_count") - len(stories)),
    )


def trouble_block(item: Mapping[str, Any]) -> TroubleBlock:
    since, until = readable(item.get("since")), readable(item.get("until"))
    return TroubleBlock(
        what=one_line(text_of(item, "what"), 300) or "(not said)",
        url=link(item.get("url")),
        when=f"from {since} to {until}" if until else f"since {since}",
        proof=one_line(text_of(item, "proof"), 600),
        mend=one_line(text_of(item, "mend"), 400),
    )


def groups_text(groups: tuple[GroupBlock, ...]) -> list[str]:
    lines = []
    for group in groups:
        lines += ["", f"{group.name}: {group.about}"]
        for title, url, carried in group.stories:
            lines += [f"* {title}", *(f"  {line}" for line in (carried, url) if line)]
        lines += [f"  and {group.left_out} more stories"] if group.left_out else []
    return lines


def troubles_text(troubles: tuple[TroubleBlock, ...]) -> list[str]:
    lines = []
    for trouble in troubles:
        lines += ["", f"* {trouble.what}, {trouble.when}"]
        mend = f"What to do: {trouble.mend}" if trouble.mend else ""
        lines += [f"  {line}" for line in (trouble.url, trouble.proof, mend) if line]
    return lines


def text_of(values: Mapping[str, Any], key: str) -> str:
    value = values.get(key)
    return value if isinstance(value, str) else ""


def count_of(values: Mapping[str, Any], key: str) -> int:
    value = values.get(key)
    return value if isinstance(value, int) else 0


def times(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def _usual(group: Mapping[str, Any]) -> str:
    """``named 9 times in all, usually 4``; the empty string where nothing is known of the usual."""
    usual = group.get("usual")
    if isinstance(usual, bool) or not isinstance(usual, int | float):
        return ""
    return f"named {times(count_of(group, 'named'), 'time')} in all, usually {usual:g}"


def _carried(story: Mapping[str, Any]) -> str:
    names = [one_line(str(name), 60) for name in (story.get("sources") or [])[:3]]
    more = count_of(story, "source_count") - len(names)
    return ", ".join(names) + (f" and {more} more" if more > 0 else "")
