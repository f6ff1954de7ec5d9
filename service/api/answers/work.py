"""How the work goes: rescans, counts."""

from typing import Any

from service.api.answers.base import Answer, Time

__all__ = ["Backup", "Figures", "Job", "Rescan", "Stats"]


class Rescan(Answer):
    """Today's watch list over stored articles."""

    id: int
    state: str
    """`working`, `stopped` (one that a daemon was asked for goes on when a daemon starts, any when somebody asks),
    `done` or `cancelled`."""
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


class Job(Answer):
    """Long work that was asked for. It can be left: its state stands here until 30 days after it ended."""

    id: int
    kind: str
    """`backup`, `prune`, `rescan preview`, or `import` (of sources)."""
    state: str
    """`working`, `done`, `failed`, `cancelled`, or `stopped`: its process ended. An import then goes on by itself
    within a minute; anything else is asked for again."""
    asked: dict[str, Any]
    """What was asked for."""
    asked_by: str
    done: int
    total: int
    """Of a backup pages of the database (0 on PostgreSQL, which does not tell), of an import sources, else articles."""
    result: dict[str, Any]
    """What came of it: `name` and `bytes` of a backup; `articles`, `mentions`, `stories` and `kept` of pruning; counts
    and `samples` of a preview; `added` and `changed` of an import, so far. Else empty until it is done."""
    problem: str | None
    """Why it failed, and the mend."""
    created_at: Time
    updated_at: Time
    finished_at: Time | None


class Backup(Answer):
    """A copy of the whole database, in the folder of NEWSVANE_BACKUPS of the daemon that answers."""

    name: str
    bytes: int
    created_at: Time
