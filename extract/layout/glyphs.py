"""The characters of a PDF page that can be seen, in the direction in which they are read.

A character stands on its baseline and is as high as its type, whatever box its font gives it: a font that is drawn
glyph by glyph has boxes of ink only, in which 一 lies high above the line. All characters of one text object are alike
in everything but their place, so the rest is asked once for each.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import atan2, degrees, hypot
from statistics import median
from typing import Any

import pypdfium2.raw as pdfium

from .runs import Box, Glyph, held
from .strokes import Turn, grounds, lightness

DESCENT = 0.12  # of its size: how far a character reaches below its baseline, in Chinese fonts
ASLANT = 10.0  # degrees from upright and from sideways: text beyond is a watermark
LARGE = 2.0  # times the usual size of a page's characters: a watermark where it lies over other text, else a title
MAX_LARGE = 500  # large characters on a page: more are no titles
SMALL = 0.25  # times the usual size: nobody could read it
PALE = 0.75  # of white: text as light is a watermark or hidden, unless it stands on something dark
NOT_FILLED = (1, 5)  # modes of text that is drawn in outline (PDF 32000-1, 9.3.6): its fill has no colour
INVISIBLE = 3
NO_CHARACTERS = (0xFFFE, 0xFFFF)
EDGE = 0.6  # of its size: a digit as near to the side of the page may go on beyond it, and be no figure
SPACE = 0.22  # of its size: the least that a space takes
WIDE = 0.75  # of its size: what a Chinese character takes at least, though its ink may be less


@dataclass(frozen=True, slots=True)
class Hand:
    """How the characters of one text object are written, on the page as it is shown.

    `turned`: in how many quarter turns against the clock they stand; `size`: of a character, in points, from its
    foot to its head; `width`: of a square one; `light`: 1 is white; `drawn`: False for text that is only there to be
    found.
    """

    turned: int
    size: float
    width: float
    light: float
    drawn: bool


Mark = tuple[Hand, Glyph]
# The same function with a number as its result: one call per character, and a pointer cannot be looked up.
_object_at = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int)(
    ctypes.cast(pdfium.FPDFText_GetTextObject, ctypes.c_void_p).value or 0
)


def glyphs(page: Any, text: Any, turn: Turn, size: tuple[float, float]) -> dict[int, tuple[Glyph, ...]]:
    """The characters that can be seen, in the order of drawing, by the quarter turns in which they stand.

    Their boxes lie on the page as a reader holds it to read them; `size` is the page's as it is shown.
    """
    return seen(_marks(text, turn, page.get_rotation(), size), lambda: grounds(page, turn, PALE), size)


def seen(
    found: Iterable[Mark], grounds: Callable[[], Sequence[Box]], size: tuple[float, float]
) -> dict[int, tuple[Glyph, ...]]:
    """The characters among all that a page holds that can be seen on it, by the quarter turns in which they stand.

    `grounds`: where the page, as it is shown, is darker than PALE; it is asked only where there is pale text.
    """
    marks = list(found)
    if any(not hand.drawn for hand, _ in marks):
        drawn = [mark for mark in marks if mark[0].drawn]
        marks = drawn if 2 * len(drawn) > len(marks) else marks  # a scan whose words somebody has found before
    if any(hand.light > PALE for hand, _ in marks):
        dark = grounds()
        marks = [mark for mark in marks if mark[0].light <= PALE or lies_on(mark, dark, size)]
    turned: dict[int, list[Glyph]] = {}
    for hand, glyph in _legible(marks):
        if (
            glyph.text.isdigit()
            and not EDGE * hand.size < glyph.x0 <= glyph.x1 < size[hand.turned % 2] - EDGE * hand.size
        ):
            glyph = glyph._replace(text=f"{glyph.text}…")
        turned.setdefault(hand.turned, []).append(glyph)
    return {quarter: tuple(held) for quarter, held in turned.items()}


def _marks(text: Any, turn: Turn, rotation: int, size: tuple[float, float]) -> Iterator[Mark]:
    """The characters on the page that stand upright or sideways."""
    raw, box, x, y = text.raw, pdfium.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    to_box, to_x, to_y, page = ctypes.byref(box), ctypes.byref(x), ctypes.byref(y), ctypes.cast(raw, ctypes.c_void_p)
    code, loose, origin = pdfium.FPDFText_GetUnicode, pdfium.FPDFText_GetLooseCharBox, pdfium.FPDFText_GetCharOrigin
    (left, top, right, bottom), hands = _room(size), dict[int, Hand | None]()
    for index in range(text.count_chars()):
        number = code(raw, index)
        if number < 32 or number in NO_CHARACTERS or not (address := _object_at(page, index)):
            continue  # without an object it is a space that the library supposes
        if address not in hands:
            hands[address] = _hand(raw, index, rotation)
        hand = hands[address]
        if hand is None or not loose(raw, index, to_box) or not origin(raw, index, to_x, to_y):
            continue
        shown = turn(box.left, box.bottom, box.right, box.top)
        if left < shown[0] <= shown[2] < right and top < shown[1] <= shown[3] < bottom:
            start = turn(x.value, y.value, x.value, y.value)
            if hand.turned:
                shown, start = held(shown, hand.turned, size), held(start, hand.turned, size)
            yield hand, _glyph(chr(number), hand, shown, start)


def _room(size: tuple[float, float]) -> Box:
    """The page and as much around it: a table may be wider than its page."""
    return -size[0], -size[1], 2 * size[0], 2 * size[1]


def _hand(raw: Any, index: int, rotation: int) -> Hand | None:
    """How the text object of a character is written; None where it is aslant, or has no size."""
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFText_GetMatrix(raw, index, matrix)
    points = abs(pdfium.FPDFText_GetFontSize(raw, index))
    angle = degrees(atan2(matrix.b, matrix.a)) - rotation
    quarter = round(angle / 90)
    size, width = points * hypot(matrix.c, matrix.d), points * hypot(matrix.a, matrix.b)
    if abs(angle - 90 * quarter) > ASLANT or not 0 < size < 1e4 or not 0 < width < 1e4:
        return None
    drawn = pdfium.FPDFText_GetTextObject(raw, index)
    mode = pdfium.FPDFTextObj_GetTextRenderMode(drawn)
    light = 0.0 if mode in NOT_FILLED else lightness(drawn)
    return Hand(quarter % 4, size, width, light, mode != INVISIBLE)


def _glyph(character: str, hand: Hand, box: Box, start: Box) -> Glyph:
    """A character on its baseline. Where it starts at its head, as in a font for writing downwards, its box counts."""
    x0, top, x1, bottom = box
    size, base = hand.size, start[1] + DESCENT * hand.size
    if base < top + 0.3 * size and bottom - top > 0.5 * size:
        return Glyph(x0, bottom - size, x1, bottom, character)
    if start[0] < x0:
        x0 = start[0]
    if character >= "\u2e80":
        x1 = max(x1, x0 + WIDE * hand.width)
    if character.isspace():
        return Glyph(x0, base - size, max(x1, x0 + SPACE * hand.width), base, " ")
    return Glyph(x0, base - size, x1, base, character)


def lies_on(mark: Mark, dark: Sequence[Box], size: tuple[float, float]) -> bool:
    """Whether the middle of a character lies on one of some dark places of the page as it is shown."""
    hand, glyph = mark
    upright = held((glyph.x0, glyph.top, glyph.x1, glyph.bottom), -hand.turned % 4, _turned(size, hand.turned))
    x, y = (upright[0] + upright[2]) / 2, (upright[1] + upright[3]) / 2
    return any(x0 <= x <= x1 and top <= y <= bottom for x0, top, x1, bottom in dark)


def _turned(size: tuple[float, float], quarter: int) -> tuple[float, float]:
    return (size[1], size[0]) if quarter % 2 else size


def _legible(marks: Sequence[Mark]) -> Iterable[Mark]:
    """The characters without those too small to read, and without large ones that lie over others."""
    if not marks:
        return marks
    usual = median([hand.size for hand, _ in marks])
    if all(SMALL * usual <= hand.size <= LARGE * usual for hand, _ in marks):
        return marks
    large = [mark for mark in marks if mark[0].size > LARGE * usual]
    text = [glyph for hand, glyph in marks if SMALL * usual <= hand.size <= LARGE * usual]
    over = {id(hand) for hand, glyph in large if len(large) > MAX_LARGE or _covers(glyph, text)}
    return (mark for mark in marks if mark[0].size >= SMALL * usual and id(mark[0]) not in over)


def _covers(large: Glyph, text: Iterable[Glyph]) -> bool:
    """Whether a character lies over the middle of another."""
    return any(
        large.x0 < (glyph.x0 + glyph.x1) / 2 < large.x1 and large.top < (glyph.top + glyph.bottom) / 2 < large.bottom
        for glyph in text
    )
