"""The ruling lines of a scanned page: long thin stretches of ink, found by morphology, in pixels of the clean page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ..layout.strokes import Rules

ACROSS = 3.0  # times the height of the print: a stroke of a character is shorter, a dash has two
UPRIGHT = 1.5  # the same from top to bottom
THICK = 0.5  # times the height of the print: what is thicker is a bar or a picture
BRIDGE = 0.12  # times the height of the print: a gap in a line that the scanner made
EDGE = 0.004  # of a page's side: what lies as near to its edge is the shadow of the paper
MAX_LINES = 3_000
NEAR = 3  # pixels: lines as near meet
SURE = 5.0  # times the height of the print: a shorter line ends at others, a stroke of a character does not
BESIDE = 3  # pixels: so far beside a line little is printed, beside a row of strokes much
MUCH = 0.2
LONG = 12.0  # times the height of the print: a table has a line as long, large print has none

Mask = NDArray[np.uint8]


def print_height(ink: NDArray[np.bool_]) -> float:
    """The height of the usual character of a page in pixels; 0 where there is none."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8), connectivity=8)
    sizes = stats[1:]
    width, height, area = sizes[:, cv2.CC_STAT_WIDTH], sizes[:, cv2.CC_STAT_HEIGHT], sizes[:, cv2.CC_STAT_AREA]
    tall = (height >= 6) & (height <= 120) & (width >= 2) & (width <= 3 * height) & (area >= 8)
    return float(np.percentile(height[tall], 70)) if tall.sum() >= 5 else 0.0


def find(ink: NDArray[np.bool_], height: float) -> tuple[Rules, Mask]:
    """The lines of a page, and the pixels that belong to them; `height` is that of its print.

    Stretches that meet are a table where one of them is long; else they are the strokes of large print.
    """
    dark = ink.astype(np.uint8)
    flat, steep = _Stretches(dark, height, False), _Stretches(dark, height, True)
    tables = _holding(flat.mask | steep.mask, flat.long() | steep.long())
    across, upright = flat.lines(tables, steep), steep.lines(tables, flat)
    mask = cv2.bitwise_or(flat.of(across), steep.of(upright))
    rules = Rules(
        tuple((line.at, line.start, line.end) for line in across),
        tuple((line.at, line.start, line.end) for line in upright),
    )
    return rules, np.asarray(cv2.dilate(mask, np.ones((3, 3), np.uint8)), np.uint8)


@dataclass(frozen=True, slots=True)
class _Line:
    label: int
    at: float
    start: float
    end: float


class _Stretches:
    """The ink of a page in which a long thin bar fits, across or upright."""

    def __init__(self, dark: Mask, height: float, upright: bool) -> None:
        self.dark, self.height, self.upright = dark, height, upright
        length, bridge = round((UPRIGHT if upright else ACROSS) * height), max(1, round(BRIDGE * height))
        closed = cv2.morphologyEx(dark, cv2.MORPH_CLOSE, self._bar(bridge))
        self.mask = np.asarray(cv2.morphologyEx(closed, cv2.MORPH_OPEN, self._bar(length)), np.uint8)
        self.many, self.labels, self.stats, self.centres = cv2.connectedComponentsWithStats(self.mask, connectivity=8)

    def _bar(self, length: int) -> Mask:
        size = (1, max(length, 1)) if self.upright else (max(length, 1), 1)
        return np.asarray(cv2.getStructuringElement(cv2.MORPH_RECT, size), np.uint8)

    def lines(self, tables: NDArray[np.bool_], others: _Stretches) -> list[_Line]:
        """The stretches of tables that are thin, away from the edge of the paper, and, where short, end at others."""
        reach = np.ones((4 * NEAR + 1, 4 * NEAR + 1), np.uint8)
        near = cv2.dilate(others.mask, reach).T if self.upright else cv2.dilate(others.mask, reach)
        inside = set(np.unique(self.labels[tables & (self.mask > 0)]).tolist())
        side = self.mask.shape[int(self.upright)]
        found: list[_Line] = []
        for label in range(1, self.many):
            x, y, wide, high, area = self.stats[label].tolist()
            start, length = (y, high) if self.upright else (x, wide)
            at = float(self.centres[label][0 if self.upright else 1])
            place = near[int(at), [start, start + length - 1]]
            if length < SURE * self.height and not place.all():
                continue
            if length < LONG * self.height and self._beside(x, y, wide, high) > MUCH:
                continue
            if label in inside and area / length <= THICK * self.height and EDGE * side < at < side * (1 - EDGE):
                found.append(_Line(label, at, float(start), float(start + length)))
        return found if len(found) <= MAX_LINES else []

    def _beside(self, x: int, y: int, wide: int, high: int) -> float:
        """How much is printed close beside a stretch, as a share."""
        if self.upright:
            sides = (
                self.dark[y : y + high, max(0, x - BESIDE - 1) : max(0, x - 1)],
                self.dark[y : y + high, x + wide + 1 :][:, :BESIDE],
            )
        else:
            sides = (
                self.dark[max(0, y - BESIDE - 1) : max(0, y - 1), x : x + wide],
                self.dark[y + high + 1 :][:BESIDE, x : x + wide],
            )
        return max((float(side.mean()) for side in sides if side.size), default=0.0)

    def long(self) -> NDArray[np.bool_]:
        """The pixels of stretches as long as only a table's are."""
        length = self.stats[:, cv2.CC_STAT_HEIGHT if self.upright else cv2.CC_STAT_WIDTH]
        kept = length >= LONG * self.height
        kept[0] = False
        return np.asarray(kept[self.labels], np.bool_)

    def of(self, lines: Sequence[_Line]) -> Mask:
        """The pixels of some of the stretches."""
        kept = np.zeros(self.many, np.uint8)
        kept[[line.label for line in lines]] = 1
        return np.asarray(kept[self.labels], np.uint8)


def _holding(mask: Mask, wanted: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The pixels of what hangs together and holds some that are wanted."""
    reach = np.ones((2 * NEAR + 1, 2 * NEAR + 1), np.uint8)
    _, labels = cv2.connectedComponents(np.asarray(cv2.dilate(mask, reach), np.uint8), connectivity=8)
    kept = np.zeros(int(labels.max()) + 1, np.bool_)
    kept[labels[wanted]] = True
    kept[0] = False
    return np.asarray(kept[labels], np.bool_)
