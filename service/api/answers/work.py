"""How the work goes: rescans, counts."""

from typing import Any

from service.api.answers.base import Answer, Time

__all__ = ["Figures", "Rescan", "Stats"]


class Rescan(Answer):
    """Today's watch list over stored articles."""

    id: int
    state: str
    """`working`, `stopped` (it goes on when somebody asks), `done` or `cancelled`."""
    entity: str | None
    """The only one that is looked for; null for all."""
    since: Time | None
    until: Time | None
    summary: bool
    """Whether it ends with a summary alert."""
    total: int
    done: int
    """Articles."""
    rate: float | None
    """Articles a second of work."""
    seconds_left: int | None
    """While it works, as far as its rate tells."""
    added: int
    restored: int
    withdrawn: int
    changed: int
    """Mentions."""
    alerts: int
    """Summaries that were raised."""
    created_at: Time
    updated_at: Time | None
    finished_at: Time | None


class Stats(Answer):
    """How much of everything there is, and how much work is due."""

    sources: int
    sources_enabled: int
    sources_in_trouble: int
    polls_due: int
    entities_enabled: int
    articles: int
    articles_due: int
    mentions: int
    alerts: int
    deliveries_waiting: int
    deliveries_dead: int


class Figures(Answer):
    """Counts, and on what they stand."""

    basis: dict[str, Any]
    """`since`, `until`, and `reaches`: how far back was counted, where that is not all."""
