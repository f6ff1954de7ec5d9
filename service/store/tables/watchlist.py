"""What is watched and where alerts go, and facts about the database itself."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column
from sqlmodel import Field, SQLModel

from service.store.tables.columns import JsonType, id_column, json_column, maybe_time_column, text_column, time_column

__all__ = [
    "ChannelRow",
    "EntityRow",
    "InhibitionRow",
    "MetaRow",
    "RuleRow",
    "SearchRow",
    "UnsubscribedRow",
    "UnsubscribedRuleRow",
]


class MetaRow(SQLModel, table=True):
    """Facts about the database itself: ``watchlist_version``, ``bundled_watchlist``, ``installation``."""

    __tablename__ = "meta"
    key: str = Field(primary_key=True)
    value: str = text_column()


class EntityRow(SQLModel, table=True):
    """What is tracked; ``definition`` is the watch list's own form of it."""

    __tablename__ = "entities"
    id: int = id_column()
    name: str = Field(unique=True)
    enabled: bool = True
    definition: dict[str, Any] = json_column(dict)
    created_at: datetime = time_column()


class RuleRow(SQLModel, table=True):
    """Which mentions raise an alert, and where it goes."""

    __tablename__ = "rules"
    id: int = id_column()
    name: str = Field(unique=True)
    query: str = text_column()
    channels: list[str] = json_column(list)
    options: dict[str, Any] = json_column(dict)
    watch: dict[str, Any] | None = Field(default=None, sa_column=Column(JsonType, nullable=True))
    """What of newsvane itself it watches, in the place of a query; null: nothing."""
    enabled: bool = True
    created_at: datetime = time_column()


class InhibitionRow(SQLModel, table=True):
    """Which alerts hold back which others; ``definition`` is the watch list's own form of it."""

    __tablename__ = "inhibitions"
    id: int = id_column()
    name: str = Field(unique=True)
    definition: dict[str, Any] = json_column(dict)
    enabled: bool = True
    created_at: datetime = time_column()


class SearchRow(SQLModel, table=True):
    """A query with a name. ``lists``: mentions, articles or stories. ``feed_key``: SHA-256 of what opens its feeds
    where requests must say who they are; null: nothing but a token or a sign-in does."""

    __tablename__ = "searches"
    id: int = id_column()
    name: str = Field(unique=True)
    query: str = text_column()
    lists: str = "mentions"
    feed_key: str | None = None
    shared_at: datetime | None = maybe_time_column()
    created_at: datetime = time_column()


class ChannelRow(SQLModel, table=True):
    """Where alerts go. ``config`` may hold a secret: it is shown nowhere.

    ``failing_since`` and ``failures``: the first failed attempt since the last one that went well, and how many there
    were (null: none). ``rests_until``: the receiver asked for a pause until then.
    """

    __tablename__ = "channels"
    id: int = id_column()
    name: str = Field(unique=True)
    type: str
    config: dict[str, Any] = json_column(dict)
    enabled: bool = True
    disabled_reason: str | None = None
    failing_since: datetime | None = maybe_time_column()
    failures: int | None = None
    rests_until: datetime | None = maybe_time_column()
    created_at: datetime = time_column()


class UnsubscribedRow(SQLModel, table=True):
    """A mail address that wants nothing more from a channel; deleting the row undoes it."""

    __tablename__ = "unsubscribed"
    channel: str = Field(primary_key=True)
    address: str = Field(primary_key=True)
    at: datetime = time_column()


class UnsubscribedRuleRow(SQLModel, table=True):
    """A mail address that wants nothing more of one rule over a channel; deleting the row undoes it."""

    __tablename__ = "unsubscribed_rules"
    channel: str = Field(primary_key=True)
    address: str = Field(primary_key=True)
    rule: str = Field(primary_key=True)
    at: datetime = time_column()
