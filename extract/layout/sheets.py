"""What is drawn on the pages of a PDF: characters with their boxes, and ruling lines, in points from the top left.

Both come from pypdfium2 in one pass. The boxes of characters are the loose ones: a font that is not embedded has tight
boxes without height. Coordinates are those of the page as it is shown: cut to its crop box, turned by its /Rotate.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any, NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

from .model import Unreadable

MAX_PAGES = 300  # an annual report has 4 to 20 pages; a whole year's bundle of one county about 250
MAX_GLYPHS = 2_000_000  # of a document; a bundle of 250 pages has 200,000
MAX_RULES = 20_000  # of a page: more are a drawing, and no table
MAX_FORMS = 8  # levels of content inside content
THIN = 3.0  # points: a shape no thicker is a line
LARGE = 2.0  # times the usual height of a page's characters: a watermark, no text
GAP = 0.38  # of the character height: a gap as wide parts two runs; a space may be a gap of a third
BETWEEN = 0.25  # the same between two digits
LEVEL = 0.25  # of the character height: what stands on bases that differ by less is on one line

Box = tuple[float, float, float, float]
Turn = Callable[[float, float, float, float], Box]


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


@dataclass(frozen=True, slots=True)
class Rules:
    """The ruling lines of a page: (y, x0, x1) across, (x, top, bottom) upright."""

    across: tuple[tuple[float, float, float], ...] = ()
    upright: tuple[tuple[float, float, float], ...] = ()


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
    rules = _rules(page, turn)
    text.close()
    page.close()
    return Sheet(number, glyphs, rules)


def _turn(page: Any) -> Turn:
    """From a box in the page's own space (y upwards) to one from the top left of the page as it is shown."""
    x0, y0, x1, y1 = page.get_cropbox()
    turns: dict[int, Turn] = {
        90: lambda left, bottom, right, top: (bottom - y0, left - x0, top - y0, right - x0),
        180: lambda left, bottom, right, top: (x1 - right, bottom - y0, x1 - left, top - y0),
        270: lambda left, bottom, right, top: (y1 - top, x1 - right, y1 - bottom, x1 - left),
    }
    return turns.get(page.get_rotation(), lambda left, bottom, right, top: (left - x0, y1 - top, right - x0, y1 - bottom))


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
    return angle < 0 or abs((angle * 57.29578 - rotation + 180) % 360 - 180) < 10 or abs((angle * 57.29578 + rotation + 180) % 360 - 180) < 10


def usual_height(glyphs: Sequence[Glyph]) -> float:
    """The median height of characters; 0 where there are none."""
    return median([glyph.bottom - glyph.top for glyph in glyphs]) if glyphs else 0.0


def _rules(page: Any, turn: Turn) -> Rules:
    """Lines, thin shapes, and the sides of rectangles."""
    across: list[tuple[float, float, float]] = []
    upright: list[tuple[float, float, float]] = []
    for left, bottom, right, top in _strokes(page.raw, None, 0):
        x0, y0, x1, y1 = turn(left, bottom, right, top)
        if len(across) + len(upright) > MAX_RULES:
            return Rules()
        if x1 - x0 > THIN >= y1 - y0:
            across.append(((y0 + y1) / 2, x0, x1))
        elif y1 - y0 > THIN >= x1 - x0:
            upright.append(((x0 + x1) / 2, y0, y1))
    return Rules(tuple(across), tuple(upright))


def _strokes(parent: Any, matrix: tuple[float, ...] | None, level: int) -> Iterator[Box]:
    """Boxes (left, bottom, right, top) of everything straight that is drawn, in the page's own space."""
    count = pdfium.FPDFFormObj_CountObjects if level else pdfium.FPDFPage_CountObjects
    item = pdfium.FPDFFormObj_GetObject if level else pdfium.FPDFPage_GetObject
    edges = [ctypes.c_float() for _ in range(4)]
    references = [ctypes.byref(edge) for edge in edges]
    for index in range(count(parent)):
        drawn = item(parent, index)
        kind = pdfium.FPDFPageObj_GetType(drawn)
        if kind == pdfium.FPDF_PAGEOBJ_FORM and level < MAX_FORMS:
            yield from _strokes(drawn, _times(_matrix(drawn), matrix), level + 1)
        elif kind == pdfium.FPDF_PAGEOBJ_PATH and pdfium.FPDFPageObj_GetBounds(drawn, *references):
            left, bottom, right, top = (edge.value for edge in edges)
            if right - left <= THIN or top - bottom <= THIN:
                yield _moved(((left, bottom), (right, top)), matrix)
            else:
                own = _times(_matrix(drawn), matrix)
                yield from (_moved(side, own) for side in _sides(drawn))


def _sides(path: Any) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
    """The straight parts of a path, from point to point, in its own space."""
    x, y = ctypes.c_float(), ctypes.c_float()
    start = last = (0.0, 0.0)
    for index in range(min(pdfium.FPDFPath_CountSegments(path), MAX_RULES)):
        segment = pdfium.FPDFPath_GetPathSegment(path, index)
        pdfium.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
        point, kind = (x.value, y.value), pdfium.FPDFPathSegment_GetType(segment)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            start = point
        elif kind == pdfium.FPDF_SEGMENT_LINETO:
            yield last, point
        if pdfium.FPDFPathSegment_GetClose(segment):
            yield point, start
        last = point


def _matrix(drawn: Any) -> tuple[float, ...]:
    found = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(drawn, found)
    return found.a, found.b, found.c, found.d, found.e, found.f


def _times(first: tuple[float, ...], second: tuple[float, ...] | None) -> tuple[float, ...]:
    """The matrix that moves by the first, then by the second (PDF 32000-1, 8.3.4)."""
    if second is None:
        return first
    a, b, c, d, e, f = first
    g, h, i, j, k, m = second
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


def _moved(side: tuple[tuple[float, float], tuple[float, float]], matrix: tuple[float, ...] | None) -> Box:
    """The box around two points."""
    (x0, y0), (x1, y1) = side
    if matrix is not None:
        a, b, c, d, e, f = matrix
        x0, y0, x1, y1 = a * x0 + c * y0 + e, b * x0 + d * y0 + f, a * x1 + c * y1 + e, b * x1 + d * y1 + f
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


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


def levels(items: Iterable[Any], extent: Callable[[Any], tuple[float, float]]) -> list[list[Any]]:
    """Things that stand at one height, from top to bottom: their bases differ by less than LEVEL of their height."""
    rows: list[list[Any]] = []
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
    while piece and piece[-1].text == " ":
        piece = piece[:-1]
    bottom = max(glyph.bottom for glyph in piece)
    box = (
        min(glyph.x0 for glyph in piece),
        bottom - max(map(height_of, piece)),
        max(glyph.x1 for glyph in piece),
        bottom,
    )
    return Run("".join(glyph.text for glyph in piece), page, box)
