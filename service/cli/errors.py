"""How a command ends when it cannot do what was asked."""

__all__ = ["CommandFailed", "UsageError"]


class UsageError(Exception):
    """Used wrongly: one line that says what is wrong, and the mend. Exit status 2."""


class CommandFailed(Exception):  # noqa: N818 - reads as what it says
    """Could not be done. Exit status 1."""
