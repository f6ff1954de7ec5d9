"""What a rule on volume would have counted, had an entity been defined otherwise. No I/O but for who is tracked.

articles matched anew -> count() ... -> tallies(), lines(): what store.volume says of stored mentions
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from service.domain.alerting import CompiledRule, rfc3339
from service.domain.past import PastArticle
from service.domain.query import ArticleView, evaluate, matching_mentions
from service.domain.volume import Window
from service.store import volume
from service.store.lines import Line
from service.store.volume import Asked, Tally

__all__ = ["Recount"]


@dataclass(slots=True)
class Recount:
    """Of one rule. ``since``: articles found from then on were matched anew; what was before counts as it is stored.

    ``entity``: whose definition is tried; ``tracked``: whether there is one at all. One that is new counts as tracked
    since ``since``. ``silences``: whether there are any, which then are asked of the articles.
    """

    compiled: CompiledRule
    since: datetime
    entity: str
    tracked: bool
    silences: bool
    _counts: Counter[tuple[int, str, int | None]] = field(default_factory=Counter)
    _lines: list[tuple[datetime, Line]] = field(default_factory=list)
    _views: dict[int, ArticleView] = field(default_factory=dict)

    def count(self, article: PastArticle, view: ArticleView) -> None:
        """``view``: with the mentions that it has under this definition."""
        if article.baseline:
            return
        query, each = self.compiled.query, self.compiled.policy.group_by == "entity"
        named = [mention.entity for mention in matching_mentions(query, view)] if view.mentions else []
        if each:
            counted = [(article.first_read_at, name) for name in named]
        elif volume.is_plain(query):
            counted = [(article.first_read_at, "")] if named else []
        else:
            counted = [(article.discovered_at, "")] if evaluate(query, view) else []
        for at, subject in counted:
            self._counts[volume.number_of(at), subject, article.source_id] += 1
        self._lines += [(article.first_read_at, _line(article, name)) for name in named]
        if named and self.silences:
            self._views[article.id] = view

    async def asked(self, session: AsyncSession) -> Asked:
        """What is counted, under this definition."""
        query, each = self.compiled.query, self.compiled.policy.group_by == "entity"
        tracked = await volume.tracked(session)
        if not self.tracked:
            tracked.pop(self.entity, None)
        else:
            tracked.setdefault(self.entity, self.since)
        return volume.asked_for(query, tracked, each=each)

    def tallies(self) -> list[Tally]:
        return [Tally(volume.moment_of(number), name, source, n) for (number, name, source), n in self._counts.items()]

    def lines(self, subject: str, window: Window, *, most: int) -> list[Line]:
        """As ``volume.mentions_in``: the newest that were counted in a window."""
        wanted = [
            (at, line)
            for at, line in self._lines
            if window[0] <= at < window[1] and (not subject or line["entity"] == subject)
        ]
        wanted.sort(key=lambda one: (one[0], one[1]["article"]), reverse=True)
        return [line for _, line in wanted[:most]]

    def views(self, lines: Iterable[Line]) -> list[tuple[str, ArticleView]]:
        """The mentions as silences see them."""
        return [(line["entity"], self._views[line["article"]]) for line in lines if line["article"] in self._views]


def _line(article: PastArticle, entity: str) -> Line:
    url = article.document.url or ""
    return {
        "entity": entity,
        "article": article.id,
        "story": article.story,
        "source": article.source,
        "title": article.document.title,
        "url": url,
        "canonical_url": url,
        "discovered_at": rfc3339(article.first_read_at),
        "facts": [],
    }
