"""The ruling lines of a page of a PDF: lines, thin shapes, the sides of rectangles, also inside of content in content."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pypdfium2.raw as pdfium

from .runs import Box

MAX_RULES = 20_000  # of a page: more are a drawing, and no table
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


def rules(page: Any, turn: Turn) -> Rules:
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


def _strokes(parent: Any, matrix: Matrix | None, level: int) -> Iterator[Box]:
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


def _sides(path: Any) -> Iterator[tuple[Point, Point]]:
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


def _matrix(drawn: Any) -> Matrix:
    found = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(drawn, found)
    return found.a, found.b, found.c, found.d, found.e, found.f


def _times(first: Matrix, second: Matrix | None) -> Matrix:
    """The matrix that moves by the first, then by the second (PDF 32000-1, 8.3.4)."""
    if second is None:
        return first
    a, b, c, d, e, f = first
    g, h, i, j, k, m = second
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


def _moved(side: tuple[Point, Point], matrix: Matrix | None) -> Box:
    """The box around two points."""
    (x0, y0), (x1, y1) = side
    if matrix is not None:
        a, b, c, d, e, f = matrix
        x0, y0, x1, y1 = a * x0 + c * y0 + e, b * x0 + d * y0 + f, a * x1 + c * y1 + e, b * x1 + d * y1 + f
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)
