"""A picture of a page to a sheet: characters with boxes, ruling lines, and how sure each is, as a PDF with text has them.

In ruled tables every cell is looked at by itself: a cell without ink is blank and is never given to the recogniser, a
lone dash is told by its shape. Outside of them the detector finds the lines; ink that it passes over, as it does over
lone figures, is recognised too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from ..cells import ILLEGIBLE
from ..layout.frames import Frame, frames
from ..layout.runs import Box, Glyph
from ..layout.sheets import Sheet, Sure
from ..layout.strokes import Rules
from . import engine, ink, lines
from .engine import Mark, Pixels
from .size import sized

LEGIBLE = 0.5  # a digit that is less sure than this is not legible, and nobody guesses it
CLEAR = 0.9  # how sure the second look at a figure must be for it to be believed
SECOND = 0.7  # and how sure the figure is then: a person should look at it too
DOUBT = 0.5  # how sure it is that what was taken for dust is nothing
POINT = 0.4  # how sure a number is beside a dot that the recogniser passed over: 1863.4 is not 18634
WIDER = 1.42  # times: with a dot between them digits stand 1.5 times as far apart as without
STAMPED = 0.5  # of the ink of a piece: so much of it where a stamp was taken away, and it may be what is left of that
DARKEST, PALE = (
    10,
    128,
)  # percentile of the ink of a piece, and its grey: print has 0 to 85, what a stamp leaves 145 to 195
REACH = 0.7  # times the height of the print: JPEG carries colour so far from a stamp and leaves its edge grey
NOISE = 0.6  # outside of tables, what is less sure on the average is no text
SHAPE = 0.99  # how sure a dash is that its shape tells
CHINESE, LATIN = 0.9, 0.72  # of a character's size: the height of its ink, of a digit's
SMALLEST = 24  # pixels of a side: less is a ruling line, a bullet, a counter
INSET = 2  # pixels between a ruling line's middle and the inside of a cell


NUMBER = re.compile(r"[-—]?(\d+)[件项条个份次家宗起元万亿]{0,2}")  # without a dot


@dataclass(frozen=True, slots=True)
class Read:
    """A piece of a line that was recognised."""

    piece: ink.Piece
    marks: tuple[Mark, ...]


def read(picture: Pixels, number: int, scale: float = 0.0) -> Sheet:
    """The sheet of a picture (height × width × 3, red first) as it lies; `number` of the page, from 1.

    `scale`: pixels to a point; 0 where nobody knows, as in a picture file: then its print is taken for 9 points, and the
    sheet's own units are pixels of the picture.
    """
    if min(picture.shape[:2]) < SMALLEST:
        return Sheet(number, (), Rules(), number, 0, (picture.shape[1] * 1.0, picture.shape[0] * 1.0))
    page, times, height = sized(picture, scale > 0)
    unit = scale * times if scale else max(height, 1.0) / 7
    size = page.grey.shape[1] / unit, page.grey.shape[0] / unit
    sheet = Sheet(number, (), Rules(), number, 0, size, page.skew, 1.0 if scale else unit / times)
    if not height:
        return replace(sheet, sure=(Sure(0, 0, 1.0),))
    rules, mask = lines.find(page.ink, height)
    sheet = replace(sheet, rules=_scaled(rules, 1 / unit))
    text = page.ink & (mask == 0)
    bare = page.grey.copy()
    bare[mask > 0] = 255
    found, doubt = _pieces(bare, text, frames(sheet), unit, height)
    if page.stamp is not None:
        doubt += [piece.box for piece in found if piece.text and _any(page.stamp, piece.box)]
    said = _recognised(bare, found, height)
    if page.stamp is not None:
        reach = np.ones((round(REACH * height), round(REACH * height)), np.uint8)
        stamp = cv2.dilate(page.stamp.astype(np.uint8), reach).astype(bool)
        said = [_unstamped(one, bare, text, stamp) for one in said]
    return _with(sheet, said, doubt, unit, height)


def _unstamped(read: Read, bare: Pixels, text: NDArray[np.bool_], stamp: NDArray[np.bool_]) -> Read:
    """What was recognised in a table, not sure where it is pale and lies where a stamp was: it may be left of that."""
    x0, top, x1, bottom = (max(0, round(edge)) for edge in read.piece.box)
    here = slice(top, bottom), slice(x0, x1)
    own = text[here]
    if read.piece.loose or not own.any() or stamp[here][own].mean() < STAMPED:
        return read
    if np.percentile(bare[here][own], DARKEST) < PALE:
        return read
    return replace(read, marks=tuple(mark._replace(sure=min(mark.sure, POINT)) for mark in read.marks))


def _any(mask: NDArray[np.bool_], box: Box) -> bool:
    """Whether a mask holds anything within a character's width of a box: what is left of a 7 below a stamp is a dash."""
    x0, top, x1, bottom = (round(edge) for edge in box)
    near = x1 - x0
    return bool(mask[max(0, top - near) : bottom + near, max(0, x0 - near) : x1 + near].any())


def _scaled(rules: Rules, by: float) -> Rules:
    return Rules(
        tuple((y * by, x0 * by, x1 * by) for y, x0, x1 in rules.across),
        tuple((x * by, y0 * by, y1 * by) for x, y0, y1 in rules.upright),
    )


def _pieces(
    bare: Pixels, text: NDArray[np.bool_], tables: Sequence[Frame], unit: float, height: float
) -> tuple[list[ink.Piece], list[Box]]:
    """The pieces of text of a page, and the cells of which it is in doubt whether they are blank; boxes in pixels.

    What is dust in a cell is made white, so that nobody takes it for a decimal point.
    """
    found: list[ink.Piece] = []
    doubt: list[Box] = []
    outside = text.copy()
    for table in tables:
        x0, top, x1, bottom = (round(edge * unit) for edge in table.box)
        here = slice(max(0, top), bottom), slice(max(0, x0), x1)
        own = lines.print_height(text[here]) or height
        for box in table.boxes().values():
            inside = _inside(box, unit)
            seen = ink.look(text, inside, own)
            found += seen.pieces
            for left, upper, right, lower in seen.dust:
                bare[round(upper) - 1 : round(lower) + 1, round(left) - 1 : round(right) + 1] = 255
            if seen.doubt:
                doubt.append(inside)
        outside[here] = False
    return found + _outside(bare, outside, height), doubt


def _inside(cell: Box, unit: float) -> Box:
    """A cell in pixels, without its ruling lines."""
    x0, top, x1, bottom = (edge * unit for edge in cell)
    return x0 + INSET, top + INSET, x1 - INSET, bottom - INSET


def _outside(bare: Pixels, text: NDArray[np.bool_], height: float) -> list[ink.Piece]:
    """The pieces outside of ruled tables: in the lines that the detector finds, and what else there is of ink."""
    if not ink.look(text, (0, 0, text.shape[1], text.shape[0]), height).pieces:
        return []
    page = bare.copy()
    page[~cv2.dilate(text.astype(np.uint8), np.ones((5, 5), np.uint8)).astype(bool)] = 255
    found: list[ink.Piece] = []
    rest = text.copy()
    for box in engine.detect(page):
        x0, top, x1, bottom = (max(0, round(edge)) for edge in box)
        part = rest[top:bottom, x0:x1]
        if part.any():
            ys, xs = np.nonzero(part)
            tight = (x0 + int(xs.min()), top + int(ys.min()), x0 + int(xs.max()) + 1, top + int(ys.max()) + 1)
            found.append(ink.Piece(tight))
            rest[top:bottom, x0:x1] = False
    left = list(ink.look(rest, (0, 0, rest.shape[1], rest.shape[0]), height).pieces)
    found = [_shaped(text, piece, height) for piece in found]
    left = [_shaped(text, piece, height) for piece in left]
    return found + [piece for piece in left if ink.is_print(piece, height)]


def _shaped(text: NDArray[np.bool_], piece: ink.Piece, height: float) -> ink.Piece:
    """A piece outside of tables, with the lone dash or slash that it is: a slash would be read as 1, a dash as nothing."""
    x0, top, x1, bottom = (max(0, round(edge)) for edge in piece.box)
    return replace(piece, text=ink.shape(text[top:bottom, x0:x1], height), loose=True)


def _recognised(bare: Pixels, pieces: Sequence[ink.Piece], height: float) -> list[Read]:
    """What the pieces say: those whose shape says it, and those that the recogniser is given, all at once."""
    told = [piece for piece in pieces if piece.text]
    asked = [piece for piece in pieces if not piece.text]
    said = engine.recognise([_cut(bare, piece, height) for piece in asked])
    weak = [index for index, marks in enumerate(said) if not asked[index].loose and _is_weak(marks)]
    again = engine.recognise([_cut(bare, asked[index], 2 * height) for index in weak])
    for index, marks in zip(weak, again, strict=True):
        if marks and min(mark.sure for mark in marks) >= CLEAR:
            said[index] = tuple(mark._replace(sure=SECOND) for mark in marks)
    return [
        *(Read(piece, (Mark(piece.text, 0.0, 1.0, SHAPE),)) for piece in told),
        *(
            Read(piece, _doubted(marks, piece))
            for piece, marks in zip(asked, said, strict=True)
            if _is_text(marks, piece)
        ),
    ]


def _is_weak(marks: tuple[Mark, ...]) -> bool:
    """Whether a piece is looked at again, with more white around it: a figure, or nothing."""
    words = any(mark.text >= "\u2e80" for mark in marks)
    return not marks or (not words and min(mark.sure for mark in marks) < LEGIBLE)


def _is_text(marks: tuple[Mark, ...], piece: ink.Piece) -> bool:
    """Whether a piece is print: always in a table, where ink of which the recogniser says nothing is not legible."""
    return not piece.loose or (bool(marks) and sum(mark.sure for mark in marks) >= NOISE * len(marks))


def _doubted(marks: tuple[Mark, ...], piece: ink.Piece) -> tuple[Mark, ...]:
    """The marks of a piece; not legible where there are none, or where a dot in a number may have been passed over."""
    if not marks:
        return (Mark(ILLEGIBLE, 0.0, 1.0, 0.0),)
    number = NUMBER.fullmatch("".join(mark.text for mark in marks))
    if not number or not (piece.points or _holds_dot(piece, number[1], number[1] == number[0])):
        return marks
    return tuple(mark._replace(sure=min(mark.sure, POINT)) for mark in marks)


def _holds_dot(piece: ink.Piece, digits: str, alone: bool) -> bool:
    """Whether two digits stand farther apart than the others, as only with a dot between them.

    `alone`: nothing stands beside the digits.
    """
    spans = piece.spans[: len(digits)]
    if len(spans) < max(3, len(digits)) or (alone and len(piece.spans) > len(digits)):
        return False
    middles = [(start + end) / 2 for start, end in spans]
    gaps = [second - first for first, second in pairwise(middles)]
    return max(gaps) > WIDER * min(gaps)


def _cut(bare: Pixels, piece: ink.Piece, height: float) -> Pixels:
    """The piece with a little of the page around it, where thin strokes end, and white beyond, as the recogniser knows it."""
    x0, top, x1, bottom = (round(edge) for edge in piece.box)
    near = max(2, round(0.15 * height))
    part = bare[max(0, top - near) : bottom + near, max(0, x0 - near) : x1 + near]
    lack = max(0, round(1.1 * height) - part.shape[0]) // 2  # a lone mark keeps its place in a line
    return np.asarray(cv2.copyMakeBorder(part, lack, lack, near, near, cv2.BORDER_CONSTANT, value=(255,)), np.uint8)


def _with(sheet: Sheet, read: Iterable[Read], doubt: Iterable[Box], unit: float, height: float) -> Sheet:
    """The sheet with what was recognised, from pixels to its points."""
    glyphs: list[Glyph] = []
    sure: list[Sure] = [Sure(-1.0, -1.0, 1.0)]
    for one in read:
        for glyph, share in _glyphs(one, height):
            x0, top, x1, bottom = (edge / unit for edge in glyph[:4])
            glyphs.append(Glyph(x0, top, x1, bottom, glyph.text))
            sure.append(Sure((x0 + x1) / 2, (top + bottom) / 2, share))
    for box in doubt:
        sure.append(Sure((box[0] + box[2]) / 2 / unit, (box[1] + box[3]) / 2 / unit, DOUBT))
    return replace(sheet, glyphs=tuple(glyphs), sure=tuple(sure))


def _glyphs(read: Read, height: float) -> Iterable[tuple[Glyph, float]]:
    """The characters of a piece side by side, as high as its print is: the recogniser knows only about where each is."""
    (x0, top, x1, bottom), marks = read.piece.box, read.marks
    wide = any("\u2e80" <= mark.text != "一" for mark in marks)
    size = (bottom - top) / (CHINESE if wide else LATIN)
    if read.piece.text or not 0.8 * height < size < 8 * height:
        size = height / LATIN
        bottom = (top + bottom) / 2 + size / 2
    middles = [(mark.x0 + mark.x1) / 2 for mark in marks]
    edges = [0.0, *((first + second) / 2 for first, second in pairwise(middles)), 1.0]
    for mark, start, end in zip(marks, edges, edges[1:], strict=False):
        text = ILLEGIBLE if mark.sure < LEGIBLE and mark.text.isdigit() else mark.text
        left, right = x0 + start * (x1 - x0), x0 + end * (x1 - x0)
        yield Glyph(left, bottom - size, right, bottom, text), mark.sure
