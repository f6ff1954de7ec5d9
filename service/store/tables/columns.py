"""What the tables' columns are made of, and the names of indexes and constraints."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, ForeignKey, Integer, Table, Text
from sqlalchemy import DateTime as SqlDateTime
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

__all__ = [
    "BigId",
    "JsonType",
    "NullJson",
    "UtcTime",
    "defaults",
    "id_column",
    "json_column",
    "maybe_time_column",
    "metadata",
    "reference",
    "table_of",
    "text_column",
    "time_column",
]

metadata = SQLModel.metadata
metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcTime(TypeDecorator[datetime]):
    """An aware time in UTC. SQLite keeps no zone, so it is put back on the way out; a naive value is a bug."""

    impl = SqlDateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a naive time reached the database: {value}")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


JsonType = JSON().with_variant(postgresql.JSONB(), "postgresql")
NullJson = JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
"""Where nothing is NULL, and not JSON's null."""
BigId = BigInteger().with_variant(Integer(), "sqlite")


def id_column() -> Any:  # noqa: ANN401 - a SQLModel field
    return Field(default=None, sa_column=Column(BigId, primary_key=True, autoincrement=True))


def reference(target: str, *, on_delete: str = "CASCADE", nullable: bool = False, index: bool = True) -> Any:  # noqa: ANN401
    column = Column(BigId, ForeignKey(target, ondelete=on_delete), nullable=nullable, index=index)
    return Field(default=None, sa_column=column)


def json_column(default: type[list[Any]] | type[dict[str, Any]]) -> Any:  # noqa: ANN401
    return Field(default_factory=default, sa_column=Column(JsonType, nullable=False))


def text_column() -> Any:  # noqa: ANN401
    return Field(default="", sa_column=Column(Text, nullable=False))


def time_column(*, index: bool = False) -> Any:  # noqa: ANN401
    return Field(sa_column=Column(UtcTime, nullable=False, index=index))


def maybe_time_column(*, index: bool = False) -> Any:  # noqa: ANN401
    return Field(default=None, sa_column=Column(UtcTime, nullable=True, index=index))


def table_of(row: type[SQLModel]) -> Table:
    """For statements that read and write plain values, which cost a fraction of what row objects do."""
    return metadata.tables[str(row.__tablename__)]


def defaults(row: type[SQLModel]) -> dict[str, Any]:
    """What a new row holds in the columns that its maker does not name. Not to be changed."""
    fields = row.model_fields.items()
    return {
        name: field.get_default(call_default_factory=True)
        for name, field in fields
        if name != "id" and not field.is_required()
    }
