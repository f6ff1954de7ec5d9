"""Drawings: well-formed, described, harmless, in colours that pages decide; and pictures of them."""

import re
import struct
import zlib
from collections.abc import Callable
from itertools import product
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.charts import PAGE, PICTURE, Palette, PictureError, sparkline, stacked, status_bars, to_png, volume

SPACE = "{http://www.w3.org/2000/svg}"
HOSTILE = '</title><script>alert(1)</script>" onload="x" &\x00\ud800{{ 7*7 }}'
TEXTS: dict[str, Any] = {"title": "Mentions", "desc": "9 today", "name": "mentions"}
KINDS: dict[str, Callable[..., str]] = {
    "bars": lambda numbers, labels, **rest: volume(numbers, labels, usual=(2, 5), **rest),
    "line": lambda numbers, labels, **rest: volume(
        numbers, labels, usual=[(1, 2)] * len(numbers), shape="line", **rest
    ),
    "stacked": lambda numbers, labels, **rest: stacked({"a": numbers, HOSTILE: numbers[:2]}, labels, **rest),
    "sparkline": lambda numbers, _, **rest: sparkline(numbers, **rest),
    "status": lambda numbers, labels, **rest: status_bars(["good", "bad", "unknown"] * len(numbers), labels, **rest),
}
numbers = st.lists(st.none() | st.floats(), max_size=40)


def parsed(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314 - our own


@pytest.mark.parametrize("kind", KINDS)
@given(values=numbers, label=st.text(max_size=20))
def test_any_numbers_and_texts_make_a_sound_drawing(kind: str, values: list[float | None], label: str) -> None:
    svg = KINDS[kind](values, [label] * len(values), title=label, desc=HOSTILE, name=label)
    whole = parsed(svg)
    assert whole.get("role") == "img"
    ids = {element.get("id") for element in whole.iter()}
    assert set((whole.get("aria-labelledby") or "").split()) <= ids
    allowed = {"svg", "title", "desc", "rect", "line", "polyline", "circle", "text"}
    assert {element.tag.removeprefix(SPACE) for element in whole.iter()} <= allowed
    for element in whole.iter():
        assert not {key for key in element.attrib if key.startswith("on") or key in {"style", "href"}}
        for value in re.findall(
            r"-?\d+\.?\d*", " ".join(element.get(key, "") for key in ("x", "y", "points", "height"))
        ):
            assert -1 <= float(value) <= 600
    assert "nan" not in svg.lower().replace(label.lower(), "")


def heights(svg: str, colour: str) -> list[float]:
    return [float(e.get("height", "")) for e in parsed(svg).iter(f"{SPACE}rect") if e.get("fill") == colour]


def test_heights_are_in_proportion_and_the_last_is_marked() -> None:
    svg = volume([2, 4, None, 8], ["a", "b", "c", "d"], **TEXTS)
    low, middle = heights(svg, PAGE.bar)
    (last,) = heights(svg, PAGE.now)
    assert (middle / low, last / low) == pytest.approx((2, 4), rel=0.01)


def test_the_band_lies_between_its_bounds() -> None:
    svg = volume([10, 10], ["a", "b"], usual=(2, 4), **TEXTS)
    (full, *_) = heights(svg, PAGE.now)
    assert heights(svg, PAGE.band) == pytest.approx([full * 0.2] * 2, rel=0.02)


def test_a_stack_is_as_high_as_its_parts() -> None:
    svg = stacked({"a": [1, 2], "b": [3, 2]}, ["x", "y"], **TEXTS)
    a, b = (heights(svg, PAGE.of_series(place)) for place in (0, 1))
    assert a[0] + b[0] == pytest.approx(a[1] + b[1], rel=0.02)


def test_a_gap_breaks_a_line() -> None:
    whole = parsed(sparkline([1, 2, None, 3, None, 4, 5], **TEXTS))
    assert len(list(whole.iter(f"{SPACE}polyline"))) == 2
    assert len(list(whole.iter(f"{SPACE}circle"))) == 1


def test_a_pages_colours_are_its_own_with_a_fallback() -> None:
    svg = volume([1], ["a"], usual=(0, 1), **TEXTS)
    assert set(re.findall(r"(?:fill|stroke)=\"([^\"]+)\"", svg)) <= {PAGE.now, PAGE.band, PAGE.axis, PAGE.ink}
    assert all(value.startswith("var(--chart-") for value in (PAGE.bar, PAGE.now, PAGE.good, *PAGE.series))


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(
    ("colour", "ground"),
    list(product((PICTURE.bar, PICTURE.now, PICTURE.axis, PICTURE.good, PICTURE.bad), ("#ffffff", "#1f2937"))),
)
def test_a_picture_is_seen_on_light_and_on_dark(colour: str, ground: str) -> None:
    """WCAG 2.2, 1.4.11: 3:1 for graphics. The grounds are those of our mails."""
    light, dark = sorted((luminance(colour), luminance(ground)), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 3


def pixels(png: bytes) -> tuple[int, int, set[int]]:
    """Width, height, and which degrees of cover (alpha) there are; unfiltered rows are not needed for that much."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height, depth, kind = struct.unpack(">IIBB", png[16:26])
    assert (depth, kind) == (8, 6)
    data, place = b"", 8
    while place < len(png):
        (length,) = struct.unpack(">I", png[place : place + 4])
        if png[place + 4 : place + 8] == b"IDAT":
            data += png[place + 8 : place + 8 + length]
        place += 12 + length
    return width, height, set(zlib.decompress(data))


def picture(palette: Palette = PICTURE) -> str:
    return volume([1, 5, 3], ["a", "b", "c"], usual=(1, 2), palette=palette, **TEXTS)


def test_a_picture_is_made_of_a_drawing_without_text() -> None:
    assert "<text" not in picture()
    width, height, values = pixels(to_png(picture()))
    assert (width, height) == (1120, 240)
    assert len(values) > 5  # something is drawn
    assert to_png(picture()) == to_png(picture())
    assert len(to_png(picture())) < 20_000


def test_what_is_no_drawing_is_said() -> None:
    with pytest.raises(PictureError, match="cannot be made a picture"):
        to_png("<svg")
