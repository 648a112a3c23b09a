"""PDF: characters and lines by pypdfium2, laid out by `extract.layout`. One without a text layer is Unreadable here."""

from __future__ import annotations

from .. import ocr
from ..layout.content import blocks_of
from ..layout.sheets import sheets
from ..model import Hint, Text, Unreadable
from . import Format

MIN_TEXT = 20  # characters: fewer are no text layer


def recognises(data: bytes) -> bool:
    """`%PDF` within the first kilobyte, as readers allow."""
    return b"%PDF-" in data[:1024]


def read(data: bytes, hint: Hint) -> Text:
    """Blocks in reading order; page numbers from 1. Raises Unreadable for damage, a password, or no text layer."""
    pages = sheets(data)
    if sum(len(page.glyphs) for page in pages) < MIN_TEXT:
        raise Unreadable(f"the PDF has no text layer on its {len(pages)} pages (a scan): {ocr.missing()}")
    return Text(blocks_of(pages), "pdf", "")


FORMAT = Format("pdf", 3, recognises, read)
