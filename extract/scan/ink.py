"""Where in a place of a page something is printed: its lines of text, a lone dash, a lone slash, or nothing at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ..layout.runs import Box

SPECK = 0.22  # times the height of the print: what is smaller to both sides is dust, unless it stands in a line of text
FAINT = 0.12  # the same for dust that leaves no doubt
JOIN = 1.3  # times the height of the print: bands that are as high together are one line of text
APART = 1.2  # times the height of the print: a gap as wide parts two words of a line
FLAT = 0.28  # of the height of the print: a stroke no higher, and twice as wide, is a dash
DASH, SLASH = "—", "/"


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a line of text with the box of its ink; `text` where its shape alone says what it is."""

    box: Box
    level: tuple[float, float]
    text: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What is printed in a place; `dust`: there is ink that was taken for dust, so that nothing is not sure."""

    pieces: tuple[Piece, ...] = ()
    dust: bool = False


def look(ink: NDArray[np.bool_], box: Box, height: float) -> Found:
    """What is printed inside of a box of a page whose ruling lines were taken away."""
    x0, top, x1, bottom = (max(0, round(edge)) for edge in box)
    part = ink[top:bottom, x0:x1]
    if not part.size or not part.any():
        return Found()
    parts = _parts(part)
    large = [p for p in parts if max(p[2], p[3]) >= SPECK * height]
    if not large:
        return Found(dust=any(max(p[2], p[3]) >= FAINT * height for p in parts))
    if shape := _lone(large, height):
        return Found((_moved([large[0]], x0, top, shape),))
    kept = _with_near(large, parts, height)
    return Found(tuple(_moved(word, x0, top) for line in _lines(kept, height) for word in _words(line, height)))


Part = tuple[int, int, int, int, int]  # left, top, width, height, pixels


def _parts(part: NDArray[np.bool_]) -> list[Part]:
    _, _, stats, _ = cv2.connectedComponentsWithStats(part.astype(np.uint8), connectivity=8)
    return [(x, y, wide, high, area) for x, y, wide, high, area in stats[1:].tolist()]


def _lone(parts: Sequence[Part], height: float) -> str:
    """The dash that is all there is, by its shape; two strokes in one line are one dash."""
    flat = all(high <= FLAT * height and wide >= 2 * high and wide >= 0.3 * height for _, _, wide, high, _ in parts)
    level = max(y for _, y, *_ in parts) - min(y for _, y, *_ in parts) <= FLAT * height
    return DASH if flat and level and len(parts) <= 3 else ""


def _with_near(large: Sequence[Part], parts: Sequence[Part], height: float) -> list[Part]:
    """The parts with the small ones that stand among them: dots, commas, pieces of thin strokes."""
    kept = list(large)
    for part in parts:
        x, y, wide, high, _ = part
        if max(wide, high) < SPECK * height and any(
            a - 0.4 * height < x + wide
            and x < a + w + 0.4 * height
            and b - 0.3 * height < y + high
            and y < b + h + 0.3 * height
            for a, b, w, h, _ in large
        ):
            kept.append(part)
    return kept


def _lines(parts: Sequence[Part], height: float) -> list[list[Part]]:
    """Parts by lines of text: those whose heights overlap, and pieces of one line that lie one above the other."""
    bands: list[list[Part]] = []
    ends: list[tuple[int, int]] = []
    for part in sorted(parts, key=lambda part: part[1]):
        top, bottom = part[1], part[1] + part[3]
        if bands and (top < ends[-1][1] - 0.15 * height or max(bottom, ends[-1][1]) - ends[-1][0] <= JOIN * height):
            bands[-1].append(part)
            ends[-1] = ends[-1][0], max(bottom, ends[-1][1])
        else:
            bands.append([part])
            ends.append((top, bottom))
    return bands


def _words(line: Sequence[Part], height: float) -> list[list[Part]]:
    """The words of a line: wide gaps part them."""
    words: list[list[Part]] = []
    end = 0
    for part in sorted(line):
        if words and part[0] - end <= APART * height:
            words[-1].append(part)
        else:
            words.append([part])
        end = max(end, part[0] + part[2])
    return words


def _moved(parts: Sequence[Part], x: int, y: int, text: str = "") -> Piece:
    left, top = min(p[0] for p in parts), min(p[1] for p in parts)
    right, bottom = max(p[0] + p[2] for p in parts), max(p[1] + p[3] for p in parts)
    return Piece((left + x, top + y, right + x, bottom + y), (top + y, bottom + y), text)


def is_print(piece: Piece, height: float) -> bool:
    """Whether what the detector passed over may be print: as high as a figure, or a dash, and not as large as a seal."""
    x0, top, x1, bottom = piece.box
    return bool(piece.text) or (0.5 * height < bottom - top < 2 * height and x1 - x0 < 12 * height)
