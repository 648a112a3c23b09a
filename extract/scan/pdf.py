"""Which pages of a PDF are pictures, and what they look like.

A picture covers most of such a page, and the text that it has is little or invisible: what another program recognised
before, of unknown quality and without confidence. The page is recognised anew; only without the packages for it is such
text taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import sqrt
from typing import Any

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium

from ..layout.sheets import MAX_PAGES
from ..layout.strokes import pictures
from ..model import Unreadable
from .engine import Pixels

COVERED = 0.5  # share of a page that its pictures cover at least, where it is a scan
MIN_TEXT = 20  # characters that can be seen: fewer are a page's number or a stamp of the system, no text
DPI = 200  # at which pages are drawn: half the errors of 150, and 300 is no better and twice as slow
MAX_PIXELS = 20_000_000  # of a drawn page: A2 at 200 dpi; larger ones are drawn smaller


def numbers(data: bytes) -> list[int]:
    """The pages of a PDF that are scans, from 1. Raises Unreadable where it cannot be opened, or has too many pages."""
    document = _opened(data)
    try:
        return [number + 1 for number in range(len(document)) if _is_scan(document[number])]
    except pypdfium2.PdfiumError as error:
        raise Unreadable(f"a page of the PDF cannot be read: {error}") from error
    finally:
        document.close()


def drawn(data: bytes, wanted: Sequence[int]) -> Iterator[tuple[int, Pixels, float]]:
    """Some pages as they are shown: number, picture (height × width × 3, red first), pixels to a point."""
    document = _opened(data)
    try:
        for number in wanted:
            page = document[number - 1]
            width, height = page.get_size()
            scale = min(DPI / 72, sqrt(MAX_PIXELS / max(width * height, 1.0)))
            picture = page.render(scale=scale, rev_byteorder=True, prefer_bgrx=False).to_numpy()
            page.close()
            yield number, _colours(picture), scale
    except pypdfium2.PdfiumError as error:
        raise Unreadable(f"a page of the PDF cannot be drawn: {error}") from error
    finally:
        document.close()


def _opened(data: bytes) -> Any:
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise Unreadable(f"the PDF cannot be opened: {error}") from error
    if (count := len(document)) > MAX_PAGES:
        document.close()
        raise Unreadable(f"the PDF has {count} pages, more than {MAX_PAGES}")
    return document


def _colours(picture: Any) -> Pixels:
    """The picture in three colours, whatever pdfium drew it in."""
    if picture.ndim == 2 or picture.shape[2] == 1:
        return np.repeat(picture.reshape(*picture.shape[:2], 1), 3, axis=2)
    return np.ascontiguousarray(picture[:, :, :3])


def _is_scan(page: Any) -> bool:
    """Whether a page is a picture, perhaps with text that was put behind it to be found."""
    width, height = page.get_size()
    covered = sum((x1 - x0) * (y1 - y0) for x0, y0, x1, y1 in pictures(page))
    return covered >= COVERED * width * height and _seen(page) < MIN_TEXT


def _seen(page: Any) -> int:
    """How many characters of a page can be seen; no more are counted than matter."""
    text = page.get_textpage()
    seen = 0
    for index in range(text.count_chars()):
        drawn = pdfium.FPDFText_GetTextObject(text.raw, index)
        seen += bool(drawn) and pdfium.FPDFTextObj_GetTextRenderMode(drawn) != pdfium.FPDF_TEXTRENDERMODE_INVISIBLE
        if seen >= MIN_TEXT:
            break
    text.close()
    return seen
