"""Characters in their boxes become runs: what follows one another on one line without a gap."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import cos, radians, sin
from typing import NamedTuple, TypeVar

GAP = 0.38  # of the character height: a gap as wide parts two runs; a space may be a gap of a third
BETWEEN = 0.25  # the same between two digits
LEVEL = 0.25  # of the character height: what stands on bases that differ by less is on one line

Box = tuple[float, float, float, float]  # x0, top, x1, bottom, in points from the top left of the page
T = TypeVar("T")


class Glyph(NamedTuple):
    """A character and its box; a space that the document itself prints is one too."""

    x0: float
    top: float
    x1: float
    bottom: float
    text: str


@dataclass(frozen=True, slots=True)
class Run:
    """Characters that follow one another on one line without a gap."""

    text: str
    page: int
    box: Box

    @property
    def height(self) -> float:
        return self.box[3] - self.box[1]

    @property
    def base(self) -> float:
        """The height on the page at which it stands, in points from the top: below its letters, where fonts agree."""
        return self.box[3]

    @property
    def centre(self) -> float:
        """Its middle from left to right."""
        return (self.box[0] + self.box[2]) / 2


def runs(glyphs: Iterable[Glyph], page: int) -> list[Run]:
    """The runs of some characters, from top to bottom, then from left to right. A space of the document bridges a gap."""
    pieces: list[list[Glyph]] = []
    for glyph in glyphs:
        if pieces and _follows(pieces[-1], glyph):
            pieces[-1].append(glyph)
        elif glyph.text != " ":
            pieces.append([glyph])
    joined: list[list[Glyph]] = []
    for line in levels(pieces, lambda piece: (piece[0].top, piece[0].bottom)):
        last: list[Glyph] | None = None
        for piece in sorted(line, key=lambda piece: piece[0].x0):
            if last is not None and _follows(last, piece[0]):
                last.extend(piece)
            else:
                last = piece
                joined.append(piece)
    return [run for piece in joined if (run := _run(piece, page)).text]


def _follows(piece: Sequence[Glyph], glyph: Glyph) -> bool:
    """Whether a character goes on the run: on its line and with no gap. Between two digits a space parts two figures."""
    last = piece[-1]
    if glyph.text == last.text and glyph[:2] == last[:2] and not glyph.text.isdigit():
        return True  # —— is one mark in some fonts, and stands at one place
    heights = height_of(last), height_of(glyph)
    if abs(last.bottom - glyph.bottom) > LEVEL * max(heights):
        return False
    digits = glyph.text.isdigit() and next(one.text for one in reversed(piece) if one.text != " ").isdigit()
    if last.text == " " and digits:
        return False
    return -0.5 * max(heights) < glyph.x0 - last.x1 <= (BETWEEN if digits else GAP) * min(heights)


def height_of(glyph: Glyph) -> float:
    """The height of a character, for a Chinese one at least its width: some fonts give 一 and ， almost none."""
    height = glyph.bottom - glyph.top
    return max(height, glyph.x1 - glyph.x0) if glyph.text >= "\u2e80" else height


def levels(items: Iterable[T], extent: Callable[[T], tuple[float, float]]) -> list[list[T]]:
    """Things that stand at one height, from top to bottom: their bases differ by less than LEVEL of their height."""
    rows: list[list[T]] = []
    base = height = 0.0
    for item in sorted(items, key=lambda item: extent(item)[1]):
        top, bottom = extent(item)
        if not rows or bottom - base > LEVEL * max(bottom - top, height):
            rows.append([])
            base, height = bottom, 0.0
        height = max(height, bottom - top)
        rows[-1].append(item)
    return rows


def _run(piece: Sequence[Glyph], page: int) -> Run:
    """A run as high as its highest character."""
    end = len(piece)
    while end > 1 and piece[end - 1].text == " ":
        end -= 1
    piece = piece[:end]
    bottom = max(glyph.bottom for glyph in piece)
    box = (
        min(glyph.x0 for glyph in piece),
        bottom - max(map(height_of, piece)),
        max(glyph.x1 for glyph in piece),
        bottom,
    )
    return Run("".join(glyph.text for glyph in piece), page, box)


def rounded(box: Box) -> Box:
    """A box to a tenth of a point, as places keep it."""
    x0, top, x1, bottom = (round(float(edge), 1) for edge in box)
    return x0, top, x1, bottom


def held(box: Box, quarter: int, size: tuple[float, float]) -> Box:
    """A box on a page of this size where it lies once the page is turned clockwise by so many quarters."""
    (x0, top, x1, bottom), (width, height) = box, size
    if quarter == 1:
        return height - bottom, x0, height - top, x1
    if quarter == 2:
        return width - x1, height - bottom, width - x0, height - top
    return (top, width - x1, bottom, width - x0) if quarter == 3 else box


def tilted(box: Box, degrees: float, size: tuple[float, float]) -> Box:
    """The box around a box on a page of this size once the page is turned clockwise about its middle."""
    across, along, (x, y) = cos(radians(degrees)), sin(radians(degrees)), (size[0] / 2, size[1] / 2)
    corners = [(left - x, top - y) for left in (box[0], box[2]) for top in (box[1], box[3])]
    xs = [left * across - top * along + x for left, top in corners]
    ys = [left * along + top * across + y for left, top in corners]
    return min(xs), min(ys), max(xs), max(ys)
