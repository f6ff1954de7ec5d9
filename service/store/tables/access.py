"""Who may ask over HTTP. Of every secret only a hash is here."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from service.store.tables.columns import id_column, maybe_time_column, reference, time_column

__all__ = ["SessionRow", "TokenRow", "UserRow"]


class TokenRow(SQLModel, table=True):
    """For a program, or to sign in with. ``hash``: SHA-256; ``shown``: its first letters. Revoked ones stay listed."""

    __tablename__ = "tokens"
    id: int = id_column()
    name: str
    hash: str = Field(unique=True)
    shown: str
    scope: str
    created_at: datetime = time_column()
    expires_at: datetime | None = maybe_time_column()
    last_used_at: datetime | None = maybe_time_column()
    revoked_at: datetime | None = maybe_time_column()


class UserRow(SQLModel, table=True):
    """Signs in with a password, of which ``password`` is the Argon2 hash."""

    __tablename__ = "users"
    id: int = id_column()
    name: str = Field(unique=True)
    password: str
    scope: str
    created_at: datetime = time_column()


class SessionRow(SQLModel, table=True):
    """A browser that signed in, with a user's password or a token. ``hash``: SHA-256 of its cookie."""

    __tablename__ = "sessions"
    hash: str = Field(primary_key=True)
    user_id: int | None = reference("users.id", nullable=True)
    token_id: int | None = reference("tokens.id", nullable=True)
    created_at: datetime = time_column()
    last_used_at: datetime = time_column()
