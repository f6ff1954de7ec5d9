"""What rules within a story would have met: each article with what its story held when it was read. Pure.

Chapter (an article that names somebody, as rules see it) ... -> story_hits() -> Met, by article
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from service.domain.alerting import CompiledRule, find_story_hits
from service.domain.alerting_silence import Silence, mute
from service.domain.forecast import Arrival, Met
from service.domain.past import best_of
from service.domain.query import ArticleView, Query
from service.domain.query.syntax import And, AtLeast, Compare, Is, Not, Or, Published

__all__ = ["Chapter", "asks_words", "story_hits"]


@dataclass(frozen=True, slots=True)
class Chapter:
    """``view``: with the mentions and facts of this article alone; without its text where no rule asks for words."""

    arrival: Arrival
    view: ArticleView


def story_hits(
    chapters: Iterable[Chapter], rules: Sequence[CompiledRule], silences: Sequence[Silence]
) -> dict[int, list[Met]]:
    """By article, the rules within its story that it met, as ``pipeline.tell`` finds them."""
    by_story: dict[int, list[Chapter]] = {}
    for chapter in sorted(chapters, key=lambda one: (one.arrival.at, one.arrival.article)):
        by_story.setdefault(chapter.arrival.story, []).append(chapter)
    found: dict[int, list[Met]] = {}
    for told in by_story.values():
        for number, chapter in enumerate(told):
            if not chapter.arrival.baseline:
                found[chapter.arrival.article] = _met(told[: number + 1], rules, silences)
    return found


def asks_words(query: Query) -> bool:
    """Must the text be known to answer it?"""
    match query:
        case Is() | Compare() | Published():
            return False
        case Not(child):
            return asks_words(child)
        case And(children) | Or(children) | AtLeast(_, children):
            return any(asks_words(child) for child in children)
        case _:
            return True


def _met(told: Sequence[Chapter], rules: Sequence[CompiledRule], silences: Sequence[Silence]) -> list[Met]:
    """``told``: the story up to the article that has just come, which is the last."""
    newest, last = told[::-1], told[-1]
    view = replace(
        last.view,
        mentions=best_of((m for chapter in newest for m in chapter.view.mentions), here=last.view.mentions),
        facts=tuple(dict.fromkeys(fact for chapter in told for fact in chapter.view.facts)),
    )
    named = tuple((chapter.arrival, m.entity) for chapter in newest for m in chapter.view.mentions)
    return [
        Met(hit, mute(hit, silences, view, last.arrival.at), tuple(one for one in named if one[1] in hit.entities))
        for hit in find_story_hits(rules, view)
    ]
