"""Small drawings of numbers. Pure: values in, the text of an SVG out; ``png`` makes a picture of it for mails.

    numbers -> volume | stacked | sparkline | status_bars -> SVG -> a page, as it is
                                                             SVG -> to_png() -> a mail's attached image

A drawing has a title and a description for those who do not see it, no script, no style sheet and no address. Its
colours are attributes: in pages CSS variables with a fallback (``--chart-bar`` and so on), so that the page decides
for light and dark; in pictures tones that are seen on white and on black. Pictures hold no text: a server may have no
fonts, so the numbers stand beside them.
"""

from service.charts.plots import sparkline, stacked, status_bars, volume
from service.charts.png import PictureError, to_png
from service.charts.svg import PAGE, PICTURE, Palette, Size

__all__ = [
    "PAGE",
    "PICTURE",
    "Palette",
    "PictureError",
    "Size",
    "sparkline",
    "stacked",
    "status_bars",
    "to_png",
    "volume",
]
