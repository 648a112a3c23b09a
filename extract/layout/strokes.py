"""The ruling lines of a page of a PDF: lines, thin shapes, the sides of rectangles, also inside of content in content."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import pypdfium2.raw as pdfium

from .runs import Box, held

MAX_RULES = 20_000  # of a page: more are a drawing, and no table
MAX_STROKES = 400_000  # straight parts of a page, most of them short: what is beyond is not looked at
MAX_OBJECTS = 200_000  # things drawn on a page, content inside content counted again wherever it is used
MAX_GROUNDS = 1_000  # filled places of a page, the largest
MAX_FORMS = 8  # levels of content inside content
THIN = 3.0  # points: a shape no thicker is a line

Turn = Callable[[float, float, float, float], Box]
Matrix = tuple[float, ...]  # a, b, c, d, e, f
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Rules:
    """The ruling lines of a page: (y, x0, x1) across, (x, top, bottom) upright."""

    across: tuple[tuple[float, float, float], ...] = ()
    upright: tuple[tuple[float, float, float], ...] = ()

    def held(self, quarter: int, size: tuple[float, float]) -> Rules:
        """The lines as they lie once the page, of this size, is turned clockwise by so many quarters."""
        if not quarter:
            return self
        boxes = [(x0, y, x1, y) for y, x0, x1 in self.across] + [(x, top, x, bottom) for x, top, bottom in self.upright]
        across: list[tuple[float, float, float]] = []
        upright: list[tuple[float, float, float]] = []
        for x0, top, x1, bottom in (held(box, quarter, size) for box in boxes):
            if x1 - x0 > bottom - top:
                across.append((top, x0, x1))
            else:
                upright.append((x0, top, bottom))
        return Rules(tuple(across), tuple(upright))


def rules(page: Any, turn: Turn, size: tuple[float, float]) -> Rules:
    """Lines, thin shapes, and the sides of rectangles, as far as they lie on the page; `size` is its size as shown."""
    return rules_of((turn(*stroke) for stroke in islice(_strokes(page), MAX_STROKES)), size)


def rules_of(strokes: Iterable[Box], size: tuple[float, float]) -> Rules:
    """The lines among the straight parts of what is drawn on a page of this size, each given by the box around it."""
    across: list[tuple[float, float, float]] = []
    upright: list[tuple[float, float, float]] = []
    room = size[0] * 2, size[1] * 2  # a table may be wider than its page; lines without end are none
    for x0, y0, x1, y1 in strokes:
        if x1 - x0 > THIN >= y1 - y0:
            if -room[0] < x0 <= x1 < room[0] and -room[1] < y0 <= y1 < room[1]:
                across.append(((y0 + y1) / 2, x0, x1))
        elif y1 - y0 > THIN >= x1 - x0 and -room[0] < x0 <= x1 < room[0] and -room[1] < y0 <= y1 < room[1]:
            upright.append(((x0 + x1) / 2, y0, y1))
        if len(across) + len(upright) > MAX_RULES:
            return Rules()
    return Rules(tuple(across), tuple(upright))


def grounds(page: Any, turn: Turn, pale: float) -> list[Box]:
    """Where the page is filled with something darker than `pale` of white, or with a picture."""
    found: list[Box] = []
    for drawn, kind, matrix in islice(_objects(page.raw, None, 0), MAX_OBJECTS):
        picture = kind in (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_SHADING)
        if picture or (kind == pdfium.FPDF_PAGEOBJ_PATH and _is_filled(drawn) and lightness(drawn) < pale):
            left, bottom, right, top = _bounds(drawn)
            found.append(turn(*moved(((left, bottom), (right, top)), matrix)))
    return sorted(found, key=lambda box: (box[0] - box[2]) * (box[3] - box[1]))[:MAX_GROUNDS]


def pictures(page: Any) -> list[Box]:
    """The boxes of the pictures on a page, in its own space: left, bottom, right, top."""
    found = [item for item in islice(_objects(page.raw, None, 0), MAX_OBJECTS) if item[1] == pdfium.FPDF_PAGEOBJ_IMAGE]
    boxes = [(_bounds(drawn), matrix) for drawn, _, matrix in found]
    return [moved(((box[0], box[1]), (box[2], box[3])), matrix) for box, matrix in boxes]


def lightness(drawn: Any) -> float:
    """How near to white what fills an object is on white paper, its transparency taken in."""
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not pdfium.FPDFPageObj_GetFillColor(drawn, red, green, blue, alpha):
        return 0.0
    own = (0.299 * red.value + 0.587 * green.value + 0.114 * blue.value) / 255
    return 1 - (1 - own) * alpha.value / 255


def _is_filled(path: Any) -> bool:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    return bool(pdfium.FPDFPath_GetDrawMode(path, fill, stroke) and fill.value)


def _objects(parent: Any, matrix: Matrix | None, level: int) -> Iterator[tuple[Any, int, Matrix | None]]:
    """Everything that is drawn, its kind, and the matrix that moves it into the page's own space."""
    count = pdfium.FPDFFormObj_CountObjects if level else pdfium.FPDFPage_CountObjects
    item = pdfium.FPDFFormObj_GetObject if level else pdfium.FPDFPage_GetObject
    for index in range(count(parent)):
        drawn = item(parent, index)
        kind = pdfium.FPDFPageObj_GetType(drawn)
        if kind == pdfium.FPDF_PAGEOBJ_FORM and level < MAX_FORMS:
            yield from _objects(drawn, times(_matrix(drawn), matrix), level + 1)
        else:
            yield drawn, kind, matrix


def _strokes(page: Any) -> Iterator[Box]:
    """Boxes (left, bottom, right, top) of everything straight that is drawn, in the page's own space."""
    edges = [ctypes.c_float() for _ in range(4)]
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    to_edges, to_fill, to_stroke = [ctypes.byref(edge) for edge in edges], ctypes.byref(fill), ctypes.byref(stroke)
    path, bounds, mode = pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDFPageObj_GetBounds, pdfium.FPDFPath_GetDrawMode
    for drawn, kind, matrix in islice(_objects(page.raw, None, 0), MAX_OBJECTS):
        if kind != path or not bounds(drawn, *to_edges):
            continue
        left, bottom, right, top = edges[0].value, edges[1].value, edges[2].value, edges[3].value
        if right - left <= THIN or top - bottom <= THIN:
            yield moved(((left, bottom), (right, top)), matrix) if matrix else (left, bottom, right, top)
        elif mode(drawn, to_fill, to_stroke) and stroke.value:  # else it is the shading of a cell
            own = times(_matrix(drawn), matrix)
            for side in _sides(drawn):
                yield moved(side, own)


def _bounds(drawn: Any) -> Box:
    """The box around an object: left, bottom, right, top; without extent where it has none."""
    edges = [ctypes.c_float() for _ in range(4)]
    pdfium.FPDFPageObj_GetBounds(drawn, *edges)
    left, bottom, right, top = (edge.value for edge in edges)
    return left, bottom, right, top


def _sides(path: Any) -> Iterator[tuple[Point, Point]]:
    """The straight parts of a path, from point to point, in its own space; what is no line has no length."""
    x, y = ctypes.c_float(), ctypes.c_float()
    to_x, to_y = ctypes.byref(x), ctypes.byref(y)
    start = last = (0.0, 0.0)
    for index in range(min(pdfium.FPDFPath_CountSegments(path), MAX_STROKES)):
        segment = pdfium.FPDFPath_GetPathSegment(path, index)
        pdfium.FPDFPathSegment_GetPoint(segment, to_x, to_y)
        point, kind = (x.value, y.value), pdfium.FPDFPathSegment_GetType(segment)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            start = point
        yield (last if kind == pdfium.FPDF_SEGMENT_LINETO else point), point
        if pdfium.FPDFPathSegment_GetClose(segment):
            yield point, start
        last = point


def _matrix(drawn: Any) -> Matrix:
    found = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(drawn, found)
    return found.a, found.b, found.c, found.d, found.e, found.f


def times(first: Matrix, second: Matrix | None) -> Matrix:
    """The matrix that moves by the first, then by the second (PDF 32000-1, 8.3.4)."""
    if second is None:
        return first
    a, b, c, d, e, f = first
    g, h, i, j, k, m = second
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


def moved(side: tuple[Point, Point], matrix: Matrix | None) -> Box:
    """The box around two points."""
    (x0, y0), (x1, y1) = side
    if matrix is not None:
        a, b, c, d, e, f = matrix
        x0, y0, x1, y1 = a * x0 + c * y0 + e, b * x0 + d * y0 + f, a * x1 + c * y1 + e, b * x1 + d * y1 + f
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)
