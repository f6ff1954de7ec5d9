"""Stories among texts that are all at hand: the index in memory, behind ``newsvane cluster``."""

from collections.abc import Mapping
from datetime import datetime

from service.domain.stories.assign import Assignment, Member, Posting, assign, rivals
from service.domain.stories.signature import posted_hashes, sign

__all__ = ["StoriesInMemory"]


class StoriesInMemory:
    """Add articles in the order of their arrival, then ask ``stories``."""

    def __init__(self) -> None:
        self._postings: dict[int, list[int] | None] = {}
        self._members: list[Member] = []
        self._into: dict[int, int] = {}

    def add(self, title: str, text: str, published_at: datetime | None = None) -> Assignment:
        """What was decided; later articles may still merge the story with another."""
        number = len(self._members)
        signature = sign(title, text)
        postings = {h: self._rows(h) for h in posted_hashes(signature) if h in self._postings}
        compared = [self._member(member) for member in rivals(postings)]
        decision = assign(signature, published_at, postings, compared)
        story = number if decision.story is None else decision.story
        self._into.update(dict.fromkeys(decision.merge, story))
        self._members.append(Member(number, story, signature, published_at))
        for h in decision.posts:
            rows = self._postings.setdefault(h, [])
            if rows is not None:
                rows.append(number)
        self._postings.update(dict.fromkeys(decision.crowded))
        return decision

    def stories(self) -> list[int]:
        """For each article in the order of arrival, the number of its story's first article."""
        final = [self._root(member.story) for member in self._members]
        first: Mapping[int, int] = {story: at for at, story in reversed(list(enumerate(final)))}
        return [first[story] for story in final]

    def _rows(self, h: int) -> list[Posting] | None:
        rows = self._postings[h]
        return None if rows is None else [Posting(number, self._root(self._members[number].story)) for number in rows]

    def _member(self, number: int) -> Member:
        member = self._members[number]
        return Member(number, self._root(member.story), member.signature, member.published_at)

    def _root(self, story: int) -> int:
        while story in self._into:
            story = self._into[story]
        return story
