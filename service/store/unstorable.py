"""What no database takes in a text, whatever asks for it."""

import re
from typing import Final

__all__ = ["UNSTORABLE"]

UNSTORABLE: Final = re.compile("[\0\ud800-\udfff]")
"""NUL, which PostgreSQL refuses and SQLite cuts at, and half a pair of UTF-16, which is no character."""
