"""Where in a place of a page something is printed: its lines of text, a lone dash, a lone slash, or nothing at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from ..layout.runs import Box

SPECK = 0.3  # times the height of the print: what is smaller to both sides is dust, unless it stands in a line of text
FAINT = 0.12  # the same for dust that leaves no doubt
TINY = 0.45  # the same for a piece that stands alone in a cell with other pieces
JOIN = 1.3  # times the height of the print: bands that are as high together are one line of text
APART = 1.2  # times the height of the print: a gap as wide parts two words of a line
FLAT = 0.28  # of the height of the print: a stroke no higher, and twice as wide, is a dash
SLANT = 0.3  # of its height: a slash is at least as wide, a 1 in italics a fifth
STRAIGHT = -0.93  # correlation of the places of its ink: of a 7 about -0.7
DASH, SLASH = "—", "/"


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a line of text with the box of its ink.

    `text`: where its shape alone says what it is; `points`: how many dots stand at its foot between other characters;
    `spans`: from where to where its characters reach, as far as no ink joins them; `loose`: it stands in no table, and may be no text at all.
    """

    box: Box
    text: str = ""
    points: int = 0
    spans: tuple[tuple[int, int], ...] = ()
    loose: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """What is printed in a place; `dust`: the ink that was taken for dust; `doubt`: some of it may be more."""

    pieces: tuple[Piece, ...] = ()
    dust: tuple[Box, ...] = ()
    doubt: bool = False


def look(ink: NDArray[np.bool_], box: Box, height: float) -> Found:
    """What is printed inside of a box of a page whose ruling lines were taken away."""
    x0, top, x1, bottom = (max(0, round(edge)) for edge in box)
    part = ink[top:bottom, x0:x1]
    if not part.size or not part.any():
        return Found()
    parts = _parts(part)
    large = [one for one in parts if max(one[2], one[3]) >= SPECK * height]
    kept = _with_near(large, parts, height) if large else []
    dust = tuple(_box([one], x0, top) for one in parts if one not in kept)
    if not large:
        return Found((), dust, any(max(one[2], one[3]) >= FAINT * height for one in parts))
    if shape := _lone(large, part, height):
        return Found((Piece(_box(large, x0, top), shape),), dust)
    words = [word for line in _lines(kept, height) for word in _words(line, height)]
    tiny = [word for word in words if _extent(word) < TINY * height]
    if len(tiny) < len(words):
        words = [word for word in words if word not in tiny]
        dust += tuple(_box(word, x0, top) for word in tiny)
    return Found(
        tuple(Piece(_box(word, x0, top), "", _points(word, height), _spans(word, height)) for word in words), dust
    )


Part = tuple[int, int, int, int, int]  # left, top, width, height, pixels


def _parts(part: NDArray[np.bool_]) -> list[Part]:
    _, _, stats, _ = cv2.connectedComponentsWithStats(part.astype(np.uint8), connectivity=8)
    return [(x, y, wide, high, area) for x, y, wide, high, area in stats[1:].tolist()]


def shape(part: NDArray[np.bool_], height: float) -> str:
    """The dash or slash that is all the ink there is, by its shape; empty for everything else."""
    large = [one for one in _parts(part) if max(one[2], one[3]) >= SPECK * height]
    return _lone(large, part, height) if large else ""


def _lone(parts: Sequence[Part], ink: NDArray[np.bool_], height: float) -> str:
    """The dash or slash that is all there is, by its shape; two strokes in one line are one dash."""
    flat = all(high <= FLAT * height and wide >= 2 * high and wide >= 0.3 * height for _, _, wide, high, _ in parts)
    level = max(y for _, y, *_ in parts) - min(y for _, y, *_ in parts) <= FLAT * height
    if flat and level and len(parts) <= 3:
        return DASH
    return SLASH if len(parts) == 1 and _leans(parts[0], ink) else ""


def _leans(part: Part, ink: NDArray[np.bool_]) -> bool:
    """Whether a part is one straight stroke from the lower left to the upper right; a 1 leans less, a 7 is not straight."""
    x, y, wide, high, _ = part
    rows, columns = np.nonzero(ink[y : y + high, x : x + wide])
    if not SLANT * high <= wide <= high or len(rows) < 3:
        return False
    return bool(np.corrcoef(rows, columns)[0, 1] < STRAIGHT)


def _with_near(large: Sequence[Part], parts: Sequence[Part], height: float) -> list[Part]:
    """The parts with the small ones that belong to them: dots, commas, pieces of thin strokes, a minus before."""
    kept = list(large)
    left, right = min(a for a, *_ in large), max(a + w for a, _, w, *_ in large)
    for part in parts:
        x, _, wide, high, _ = part
        if max(wide, high) < SPECK * height and any(_is_near(part, one, height) for one in large):
            inside = left < x and x + wide < right
            if inside or (x < left and wide >= 1.5 * high and _is_middle(part, large)):
                kept.append(part)
    return kept


def _is_near(part: Part, other: Part, height: float) -> bool:
    (x, y, wide, high, _), (a, b, w, h, _) = part, other
    across = a - 0.4 * height < x + wide and x < a + w + 0.4 * height
    return across and b - 0.3 * height < y + high and y < b + h + 0.3 * height


def _is_middle(part: Part, others: Sequence[Part]) -> bool:
    """Whether a part stands at half the height of the next one to its right."""
    _, top, _, high, _ = min(others)
    return top + 0.25 * high < part[1] + part[3] / 2 < top + 0.8 * high


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


def _extent(word: Sequence[Part]) -> float:
    """The longer side of a word."""
    x0, top, x1, bottom = _box(word, 0, 0)
    return max(x1 - x0, bottom - top)


def _points(word: Sequence[Part], height: float) -> int:
    """How many dots stand at the foot of a word between two characters: decimal points, mostly."""
    large = [part for part in word if max(part[2], part[3]) >= SPECK * height]
    foot = max((y + high for _, y, _, high, _ in large), default=0)
    return sum(
        any(a + w <= x + 1 for a, _, w, *_ in large)
        and any(a >= x + wide - 1 for a, *_ in large)
        and all(a + w <= x + 1 or a >= x + wide - 1 for a, _, w, *_ in large)
        for x, y, wide, high, _ in word
        if max(wide, high) < SPECK * height and y + high > foot - SPECK * height
    )


def _spans(word: Sequence[Part], height: float) -> tuple[tuple[int, int], ...]:
    """From where to where the characters of a word reach: parts above one another are one."""
    ends: list[tuple[int, int]] = []
    for x, _, wide, high, _ in sorted(word):
        if max(wide, high) < SPECK * height:
            continue
        if ends and x < ends[-1][1]:
            ends[-1] = ends[-1][0], max(ends[-1][1], x + wide)
        else:
            ends.append((x, x + wide))
    return tuple(ends)


def _box(parts: Sequence[Part], x: int, y: int) -> Box:
    left, top = min(p[0] for p in parts), min(p[1] for p in parts)
    right, bottom = max(p[0] + p[2] for p in parts), max(p[1] + p[3] for p in parts)
    return left + x, top + y, right + x, bottom + y


def is_print(piece: Piece, height: float) -> bool:
    """Whether what the detector passed over may be print: as high as a figure, or a dash, and not as large as a seal."""
    x0, top, x1, bottom = piece.box
    return bool(piece.text) or (0.5 * height < bottom - top < 2 * height and x1 - x0 < 12 * height)
