"""Which pages of a PDF are pictures: a picture covers most of them, and what text they have is little, or cannot be seen."""

from __future__ import annotations

from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from ..model import Unreadable
from .strokes import pictures

COVERED = 0.5  # share of a page that its pictures cover at least, where it is a scan
MIN_TEXT = 20  # characters that can be seen: fewer are a page's number or a stamp of the system, no text


def count(data: bytes) -> int:
    """How many pages of a PDF are scans. Raises Unreadable where it cannot be opened."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise Unreadable(f"the PDF cannot be opened: {error}") from error
    try:
        return sum(is_scan(document[number]) for number in range(len(document)))
    except pypdfium2.PdfiumError as error:
        raise Unreadable(f"a page of the PDF cannot be read: {error}") from error
    finally:
        document.close()


def is_scan(page: Any) -> bool:
    """Whether a page is a picture, perhaps with text that was put behind it to be found."""
    width, height = page.get_size()
    covered = sum(abs(x1 - x0) * abs(y1 - y0) for x0, y0, x1, y1 in pictures(page))
    if covered < COVERED * width * height:
        return False
    text = page.get_textpage()
    try:
        seen = 0
        for index in range(text.count_chars()):
            drawn = pdfium.FPDFText_GetTextObject(text.raw, index)
            if drawn and pdfium.FPDFTextObj_GetTextRenderMode(drawn) != pdfium.FPDF_TEXTRENDERMODE_INVISIBLE:
                seen += 1
                if seen >= MIN_TEXT:
                    return False
        return True
    finally:
        text.close()
