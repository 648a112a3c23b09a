"""What is drawn on the pages of a PDF: characters with their boxes, and ruling lines, in points from the top left.

Both come from pypdfium2 in one pass. The boxes of characters are the loose ones: a font that is not embedded has tight
boxes without height. Coordinates are those of the page as it is shown: cut to its crop box, turned by its /Rotate.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from ..model import Unreadable
from .runs import Glyph
from .strokes import Rules, Turn, rules

MAX_PAGES = 300  # an annual report has 4 to 20 pages; a whole year's bundle of one county about 250
MAX_GLYPHS = 2_000_000  # of a document; a bundle of 250 pages has 200,000
LARGE = 2.0  # times the usual height of a page's characters: a watermark, no text


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page, numbered from 1."""

    number: int
    glyphs: tuple[Glyph, ...]
    rules: Rules = field(default_factory=Rules)


def sheets(data: bytes) -> list[Sheet]:
    """The pages of a PDF. Raises Unreadable for damage, a password, or more than an annual report can be."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise Unreadable(f"the PDF cannot be opened: {error}") from error
    try:
        if len(document) > MAX_PAGES:
            raise Unreadable(f"the PDF has {len(document)} pages, more than {MAX_PAGES}")
        found: list[Sheet] = []
        for number in range(len(document)):
            found.append(_sheet(document[number], number + 1))
            if sum(len(sheet.glyphs) for sheet in found) > MAX_GLYPHS:
                raise Unreadable(f"the PDF has more than {MAX_GLYPHS} characters")
        return found
    except pypdfium2.PdfiumError as error:
        raise Unreadable(f"a page of the PDF cannot be read: {error}") from error
    finally:
        document.close()


def _sheet(page: Any, number: int) -> Sheet:
    turn = _turn(page)
    text = page.get_textpage()
    glyphs = tuple(_glyphs(text, turn, page.get_rotation()))
    ruled = rules(page, turn)
    text.close()
    page.close()
    return Sheet(number, glyphs, ruled)


def _turn(page: Any) -> Turn:
    """From a box in the page's own space (y upwards) to one from the top left of the page as it is shown."""
    x0, y0, x1, y1 = page.get_cropbox()
    turns: dict[int, Turn] = {
        90: lambda left, bottom, right, top: (bottom - y0, left - x0, top - y0, right - x0),
        180: lambda left, bottom, right, top: (x1 - right, bottom - y0, x1 - left, top - y0),
        270: lambda left, bottom, right, top: (y1 - top, x1 - right, y1 - bottom, x1 - left),
    }
    return turns.get(
        page.get_rotation(), lambda left, bottom, right, top: (left - x0, y1 - top, right - x0, y1 - bottom)
    )


def _glyphs(text: Any, turn: Turn, rotation: int) -> Iterator[Glyph]:
    """The characters in the order in which they are drawn, without watermarks: what is aslant, or very large."""
    raw, box = text.raw, pdfium.FS_RECTF()
    reference, code, place = ctypes.byref(box), pdfium.FPDFText_GetUnicode, pdfium.FPDFText_GetLooseCharBox
    upright: dict[int, bool] = {}
    found: list[Glyph] = []
    for index in range(text.count_chars()):
        number = code(raw, index)
        if number < 32 or number in (0xFFFE, 0xFFFF) or (number == 32 and pdfium.FPDFText_IsGenerated(raw, index)):
            continue
        if not place(raw, index, reference):
            continue
        x0, top, x1, bottom = turn(box.left, box.bottom, box.right, box.top)
        character = chr(number)
        found.append(Glyph(x0, top, x1, bottom, " " if character.isspace() else character))
        size = round((bottom - top) * 10)  # characters of one size are aslant together
        if size not in upright:
            upright[size] = _upright(pdfium.FPDFText_GetCharAngle(raw, index), rotation)
    usual = usual_height(found)
    return (
        glyph
        for glyph in found
        if glyph.bottom - glyph.top <= LARGE * usual and upright[round((glyph.bottom - glyph.top) * 10)]
    )


def _upright(angle: float, rotation: int) -> bool:
    """Whether a character at this angle (radians) stands upright on a page turned by so many degrees."""
    return (
        angle < 0
        or abs((angle * 57.29578 - rotation + 180) % 360 - 180) < 10
        or abs((angle * 57.29578 + rotation + 180) % 360 - 180) < 10
    )


def usual_height(glyphs: Sequence[Glyph]) -> float:
    """The median height of characters; 0 where there are none."""
    return median([glyph.bottom - glyph.top for glyph in glyphs]) if glyphs else 0.0
