"""PDF: characters and lines by pypdfium2, laid out by `extract.layout`; pages that are scans are recognised (`extract.ocr`)."""

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
    """Blocks in reading order; page numbers from 1. Raises Unreadable for damage, a password, or no text at all."""
    pages, unread = ocr.with_scans(data, sheets(data))
    if sum(len(page.glyphs) for page in pages) < MIN_TEXT:
        why = f"a scan): {ocr.missing()}" if unread else "nor any that can be recognised)"
        raise Unreadable(f"the PDF has no text on its {len(pages)} pages ({why}")
    notes = (f"pages {', '.join(map(str, unread))} are scans: {ocr.missing()}",) if unread else ()
    return Text(blocks_of(pages), "pdf", "", notes=notes)


FORMAT = Format("pdf", 5, recognises, read)
