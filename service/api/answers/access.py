"""Who may ask."""

from service.api.answers.base import Answer, Time

__all__ = ["Me", "NewToken", "Token", "User"]


class Me(Answer):
    """Who asks."""

    name: str
    scope: str
    """`read`, `write` or `admin`."""


class NewToken(Answer):
    """A token, told this once."""

    name: str
    scope: str
    token: str


class Token(Answer):
    """A token, without itself."""

    id: int
    name: str
    begins: str
    scope: str
    created_at: Time
    expires_at: Time | None
    last_used_at: Time | None
    revoked_at: Time | None


class User(Answer):
    """Somebody who may sign in with a password."""

    name: str
    scope: str
    created_at: Time
