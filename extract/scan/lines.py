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
BRIDGE = 0.25  # times the height of the print: a gap in a line that the scanner made
EDGE = 0.004  # of a page's side: what lies as near to its edge is the shadow of the paper
MAX_LINES = 3_000
NEAR = 3  # pixels: lines as near meet
LONG = 12.0  # times the height of the print: what a table reaches at least

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

    Stretches that meet are a table where they reach far together; else they are the strokes of large print.
    """
    dark = ink.astype(np.uint8)
    flat, steep = _Stretches(dark, height, False), _Stretches(dark, height, True)
    tables = _large(flat.mask | steep.mask, LONG * height)
    across, upright = flat.lines(tables), steep.lines(tables)
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
        self.height, self.upright = height, upright
        length, bridge = round((UPRIGHT if upright else ACROSS) * height), max(1, round(BRIDGE * height))
        closed = cv2.morphologyEx(dark, cv2.MORPH_CLOSE, self._bar(bridge))
        self.mask = np.asarray(cv2.morphologyEx(closed, cv2.MORPH_OPEN, self._bar(length)), np.uint8)
        self.many, self.labels, self.stats, self.centres = cv2.connectedComponentsWithStats(self.mask, connectivity=8)

    def _bar(self, length: int) -> Mask:
        size = (1, max(length, 1)) if self.upright else (max(length, 1), 1)
        return np.asarray(cv2.getStructuringElement(cv2.MORPH_RECT, size), np.uint8)

    def lines(self, tables: NDArray[np.bool_]) -> list[_Line]:
        """The stretches of tables that are thin, and away from the edge of the paper."""
        inside = set(np.unique(self.labels[tables & (self.mask > 0)]).tolist())
        side = self.mask.shape[int(self.upright)]
        found: list[_Line] = []
        for label in range(1, self.many):
            x, y, wide, high, area = self.stats[label].tolist()
            start, length = (y, high) if self.upright else (x, wide)
            at = float(self.centres[label][0 if self.upright else 1])
            if label in inside and area / length <= THICK * self.height and EDGE * side < at < side * (1 - EDGE):
                found.append(_Line(label, at, float(start), float(start + length)))
        return found if len(found) <= MAX_LINES else []

    def of(self, lines: Sequence[_Line]) -> Mask:
        """The pixels of some of the stretches."""
        kept = np.zeros(self.many, np.uint8)
        kept[[line.label for line in lines]] = 1
        return np.asarray(kept[self.labels], np.uint8)


def _large(mask: Mask, least: float) -> NDArray[np.bool_]:
    """The pixels of what hangs together and reaches so far."""
    reach = np.ones((2 * NEAR + 1, 2 * NEAR + 1), np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(
        np.asarray(cv2.dilate(mask, reach), np.uint8), connectivity=8
    )
    kept = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1) >= least
    kept[0] = False
    return np.asarray(kept[labels], np.bool_)
