"""What can be wrong with a query."""

__all__ = ["QueryError"]


class QueryError(ValueError):
    """The text is no query.

    ``message``: what is wrong. ``position``: where, as a 0-based offset in code points into the text given to
    ``parse``.
    ``mend``: what to write instead. ``str()`` is all three in one line, the place counted from 1.
    """

    def __init__(self, message: str, position: int, mend: str) -> None:
        super().__init__(message, position, mend)
        self.message = message
        self.position = position
        self.mend = mend

    def __str__(self) -> str:
        return f"at character {self.position + 1}: {self.message}; {self.mend}"
