"""To which story an article belongs: look up, choose whom to compare with, compare, decide.

    sign -> posted_hashes -> (index) postings -> rivals -> (index) members -> assign -> Assignment -> (index)

The steps in brackets are the index's: service/store/stories.py for the database, memory.py for a list of texts. It
keeps for every hash the members that posted it. A member posts only what its story had not posted yet, so that a hash
counts stories, not copies.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from service.domain.stories.decide import Verdict, contradict, judge, retold
from service.domain.stories.evidence import compare, weigh
from service.domain.stories.signature import Signature, posted_hashes

__all__ = ["CROWDED", "Assignment", "Member", "Posting", "Postings", "assign", "rivals"]

CROWDED = 24
"""A hash that more stories than this have posted finds nobody any more; it only weighs little."""
_CROWD = 200
"""As how many stories such a hash counts."""
_STORIES, _MEMBERS, _HITS, _RARITY = 3, 2, 2, 0.4
_SURE = 0.8
"""So good a verdict needs no second member of the same story."""


@dataclass(frozen=True, slots=True)
class Posting:
    member: int
    story: int


Postings = Mapping[int, Sequence[Posting] | None]
"""Who posted each hash; None where it is crowded. A hash that nobody posted may be left out."""


@dataclass(frozen=True, slots=True)
class Member:
    """A stored article that posted hashes."""

    id: int
    story: int
    signature: Signature
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class Assignment:
    """What is to be written."""

    story: int | None
    """None: a new one."""
    merge: tuple[int, ...] = ()
    """Other stories that turned out to be the same."""
    posts: tuple[int, ...] = ()
    crowded: tuple[int, ...] = ()
    """Hashes that are crowded from now on."""
    reason: str = "nothing like it was found"


def rivals(postings: Postings) -> tuple[int, ...]:
    """The members worth a comparison: of the stories that share most rare hashes, those that hold most of them."""
    by_story: dict[int, float] = defaultdict(float)
    hits: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for rows in postings.values():
        stories = {row.story for row in rows or ()}
        for story in stories:
            by_story[story] += 1 / len(stories)
        for row in rows or ():
            hits[row.story][row.member] += 1
    enough = [
        story
        for story, rarity in by_story.items()
        if rarity >= _RARITY and sum(hits[story].values()) >= min(_HITS, len(postings))
    ]
    best = sorted(enough, key=lambda story: (-by_story[story], story))[:_STORIES]
    return tuple(
        member for story in best for member in sorted(hits[story], key=lambda m: (-hits[story][m], m))[:_MEMBERS]
    )


def assign(
    signature: Signature,
    published_at: datetime | None,
    postings: Postings,
    members: Sequence[Member],
    apart: Collection[frozenset[int]] = (),
) -> Assignment:
    """Decide for an article. ``members``: those that ``rivals`` named; ``apart``: stories a person told apart."""
    hashes = posted_hashes(signature)
    known = {h: _stories(postings, h) for h in hashes}
    accepted: dict[int, tuple[Verdict, Member]] = {}
    for member in members:
        if member.story in accepted and accepted[member.story][0].strength >= _SURE:
            continue
        evidence = compare(signature, member.signature)
        evidence = replace(evidence, distinct=weigh(known, signature, member.signature))
        verdict = judge(evidence, _days(published_at, member.published_at))
        if verdict.same and (member.story not in accepted or verdict.strength > accepted[member.story][0].strength):
            accepted[member.story] = verdict, member
    order = sorted(accepted, key=lambda story: (-accepted[story][0].strength, story))
    if not order:
        return _with_posts(Assignment(None), hashes, postings)
    first = order[0]
    merge = tuple(story for story in order[1:] if _joins(accepted[first], accepted[story], apart))
    story = min(first, *merge) if merge else first
    chosen = Assignment(story, tuple(sorted({first, *merge} - {story})), reason=accepted[first][0].reason)
    return _with_posts(chosen, hashes, postings)


def _joins(best: tuple[Verdict, Member], other: tuple[Verdict, Member], apart: Collection[frozenset[int]]) -> bool:
    """Whether an article that belongs to two stories makes them one. What is cut short, or is told in other words, may
    belong to either by chance, unless their own members share most facts; and these must not contradict each other."""
    if frozenset({best[1].story, other[1].story}) in apart:
        return False
    between = compare(best[1].signature, other[1].signature)
    if contradict(between) or between.titles_differ:
        return False
    return (best[0].bridge and other[0].bridge) or retold(between)


def _with_posts(chosen: Assignment, hashes: Sequence[int], postings: Postings) -> Assignment:
    own = {chosen.story, *chosen.merge}
    posts, crowded = [], []
    for h in hashes:
        rows = postings.get(h, ())
        if rows is None or any(row.story in own for row in rows):
            continue
        if len({row.story for row in rows}) >= CROWDED:
            crowded.append(h)
        else:
            posts.append(h)
    return replace(chosen, posts=tuple(posts), crowded=tuple(crowded))


def _stories(postings: Postings, h: int) -> int:
    rows = postings.get(h, ())
    return _CROWD if rows is None else len({row.story for row in rows})


def _days(one: datetime | None, other: datetime | None) -> float:
    """Between two articles; 0 where a time is missing."""
    return abs((one - other).total_seconds()) / 86_400 if one and other else 0.0
