"""Small pictures for Word: where a project lies and how its need grows; no network or browser needed."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import matplotlib as mpl
from PIL import Image, ImageDraw, ImageFont

from pmiek.files import write_file
from pmiek.publish.report.geometry import draw_map
from pmiek.publish.report.material import Material

SCALE = 2
"""Pictures are drawn this much larger and then reduced, so that lines are smooth."""
CLUSTER_COLOURS = ("#dce8f2", "#e6eedb", "#f3e9d6", "#eadff0")
EDGE, GRID, TEXT, MARK = "#8a94a0", "#9aa7b3", "#22303c", "#c0392b"
LINE_COLOURS = ("#0b5394", "#b45f06", "#38761d", "#741b47")
FIGURE_SIZE = (620, 400)
FRAME = (62, 16, 604, 300)
"""Left, top, right and bottom of the axes in the figure."""
TICKS = 4


@dataclass(frozen=True)
class BaseMap:
    """The map without a project, with what is needed to mark one.

    Attributes
    ----------
    picture : Image
        Municipalities and grid.
    drawing : mapping
        Outcome of :func:`pmiek.publish.report.geometry.draw_map`.
    """

    picture: Image.Image
    drawing: Mapping[str, Any]


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    """Give a typeface that has all letters of the language; it comes with the figure library."""
    path = Path(mpl.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"
    return ImageFont.truetype(path, size * SCALE)


def _scaled(values: Sequence[float]) -> tuple[float, ...]:
    return tuple(SCALE * value for value in values)


def _rings(path: str) -> list[list[tuple[float, float]]]:
    """Read the rings of a drawing path of straight lines."""
    rings = []
    for ring in path.split("Z"):
        points = [part.split() for part in ring.replace("M", "L").split("L") if part.strip()]
        if len(points) > 2:
            rings.append([(SCALE * float(x), SCALE * float(y)) for x, y in points])
    return rings


def base_map(material: Material) -> BaseMap:
    """Draw the municipalities and the grid once, for all projects."""
    drawing = draw_map(material.inputs_dir, material.inputs, material.tables["loading"])
    size = (round(SCALE * drawing["width"]), round(SCALE * drawing["height"]))
    picture = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(picture)
    names = sorted({area["cluster"] for area in drawing["areas"] if area["cluster"]})
    colours = dict(zip(names, CLUSTER_COLOURS * 9, strict=False))
    for area in drawing["areas"]:
        for ring in _rings(area["path"]):
            pen.polygon(ring, fill=colours.get(area["cluster"], "#f2f2f2"))
            pen.line([*ring, ring[0]], fill="white", width=2 * SCALE)
    for line in drawing["lines"]:
        ends = _scaled((line["x1"], line["y1"], line["x2"], line["y2"]))
        pen.line(ends, fill=GRID, width=SCALE if line["info"] else 2 * SCALE)
    for marker in drawing["markers"]:
        _dot(pen, marker, 3, GRID)
    return BaseMap(picture, drawing)


def _dot(pen: ImageDraw.ImageDraw, marker: Mapping[str, Any], radius: float, colour: str) -> None:
    x, y = _scaled((marker["x"], marker["y"]))
    box = (x - SCALE * radius, y - SCALE * radius, x + SCALE * radius, y + SCALE * radius)
    if marker.get("shape") == "square":
        pen.rectangle(box, fill=colour, outline="white", width=SCALE)
    else:
        pen.ellipse(box, fill=colour, outline="white", width=SCALE)


def project_map(base: BaseMap, assets: Sequence[str], gm_codes: Sequence[str], path: Path) -> bool:
    """Draw a map with one project marked; say whether it could be marked.

    Parameters
    ----------
    base : BaseMap
        Outcome of :func:`base_map`.
    assets : sequence of str
        Assets to mark.
    gm_codes : sequence of str
        Municipalities to mark when none of the assets is on the map.
    path : Path
        PNG to write.
    """
    picture = base.picture.copy()
    pen = ImageDraw.Draw(picture)
    lines = [line for line in base.drawing["lines"] if line["asset_id"] in assets]
    markers = [marker for marker in base.drawing["markers"] if marker["asset_id"] in assets]
    areas = [area for area in base.drawing["areas"] if area["gm_code"] in gm_codes]
    for area in areas:
        for ring in _rings(area["path"]):
            pen.line([*ring, ring[0]], fill=MARK if not (lines or markers) else EDGE, width=3 * SCALE)
    for area in base.drawing["areas"]:
        _write(pen, (area["x"], area["y"]), area["name"])
    for line in lines:
        pen.line(_scaled((line["x1"], line["y1"], line["x2"], line["y2"])), fill=MARK, width=5 * SCALE)
    for marker in markers:
        _dot(pen, marker, 9, MARK)
    _save(picture, path)
    return bool(lines or markers or areas)


def _write(
    pen: ImageDraw.ImageDraw, place: tuple[float, float], text: str, *, size: int = 13, anchor: str = "mm"
) -> None:
    pen.text((SCALE * place[0], SCALE * place[1]), text, fill=TEXT, font=_font(size), anchor=anchor)


def need_figure(years: Sequence[int], lines: Mapping[str, Sequence[float]], number: Any, path: Path) -> None:
    """Draw the shortage over the years, one line per storyline.

    Parameters
    ----------
    years : sequence of int
        Years of the horizontal axis.
    lines : mapping of str to sequence of float
        Shortage (MW) per storyline's name; NaN where it was not computed.
    number : callable
        Writes a number in the reader's language.
    path : Path
        PNG to write.
    """
    picture = Image.new("RGB", (FIGURE_SIZE[0] * SCALE, FIGURE_SIZE[1] * SCALE), "white")
    pen = ImageDraw.Draw(picture)
    left, top, right, bottom = FRAME
    step = _step(max([1.0, *(v for line in lines.values() for v in line if not math.isnan(v))]))
    highest = step * TICKS

    def place(i: int, value: float) -> tuple[float, float]:
        along = i / (len(years) - 1) if len(years) > 1 else 0.5
        return left + 20 + along * (right - left - 40), bottom - (bottom - top) * value / highest

    for tick in range(TICKS + 1):
        y = place(0, tick * step)[1]
        pen.line(_scaled((left, y, right, y)), fill="#dfe4e8", width=SCALE)
        _write(pen, (left - 8, y), number(tick * step, 0 if step >= 1 else 1), anchor="rm")
    for i, year in enumerate(years):
        _write(pen, (place(i, 0)[0], bottom + 16), str(year))
    for n, (name, values) in enumerate(lines.items()):
        colour = LINE_COLOURS[n % len(LINE_COLOURS)]
        points = [place(i, v) for i, v in enumerate(values) if not math.isnan(v)]
        if len(points) > 1:
            pen.line([_scaled(p) for p in points], fill=colour, width=3 * SCALE, joint="curve")
        for x, y in points:
            _dot(pen, {"x": x, "y": y, "shape": "square" if n % 2 else "circle"}, 4 + n // 2, colour)
        spot = (left + 10 + 270 * (n % 2), bottom + 48 + 26 * (n // 2))
        _dot(pen, {"x": spot[0], "y": spot[1], "shape": "square" if n % 2 else "circle"}, 4 + n // 2, colour)
        _write(pen, (spot[0] + 12, spot[1]), name, anchor="lm")
    _save(picture, path)


def _step(highest: float) -> float:
    """Give the distance between ticks: 1, 2, 2.5 or 5 times a power of ten."""
    size = 1e-3
    while True:
        for factor in (1, 2, 2.5, 5):
            if factor * size * TICKS >= highest:
                return factor * size
        size *= 10


def _save(picture: Image.Image, path: Path) -> None:
    flat = picture.reduce(SCALE).quantize(96, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    write_file(path, lambda temporary: flat.save(temporary, format="PNG"))
