"""A drawing as a picture, for mails. The only user of resvg."""

from typing import Final

import resvg_py

__all__ = ["PictureError", "to_png"]

_SHARP: Final = 2
"""Pixels of the picture a pixel of CSS: screens are finer than that."""


class PictureError(Exception):
    """The drawing cannot be made a picture."""


def to_png(svg: str) -> bytes:
    """PNG with a clear ground, twice as fine as the drawing. No font is read: a drawing for it has no text.

    Raises PictureError.
    """
    try:
        return bytes(resvg_py.svg_to_bytes(svg_string=svg, zoom=_SHARP, skip_system_fonts=True))
    except ValueError as error:
        raise PictureError(f"the drawing cannot be made a picture: {error}") from error
