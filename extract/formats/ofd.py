"""OFD (GB/T 33190-2016): characters and lines of fixed pages, laid out by `extract.layout` as those of a PDF are.

Pages that are scans are recognised (`extract.ocr`). Annotations, signatures and seals are no text.
"""

from __future__ import annotations

from .. import ocr
from ..layout.content import blocks_of
from ..model import Hint, Text, Unreadable
from ..ofd.pages import ROOT
from ..ofd.scans import with_scans
from ..ofd.sheets import MIN_TEXT, sheets
from ..zips import holds, opened
from . import Format


def recognises(data: bytes) -> bool:
    """A zip file with OFD.xml at its root; a bundle that holds such a file is none."""
    return holds(data, ROOT)


def read(data: bytes, hint: Hint) -> Text:
    """Blocks in reading order; page numbers from 1, over all documents of the file. Raises Unreadable with the reason."""
    package = opened(data, "OFD")
    pages, unread = with_scans(package, *sheets(package))
    if sum(len(page.glyphs) for page in pages) < MIN_TEXT:
        why = f"a scan): {ocr.missing()}" if unread else "nor any that can be recognised)"
        raise Unreadable(f"the OFD document has no text on its {pages[-1].page} pages ({why}")
    notes = (f"pages {', '.join(map(str, unread))} are scans: {ocr.missing()}",) if unread else ()
    return Text(blocks_of(pages), "ofd", "", notes=notes)


FORMAT = Format("ofd", 2, recognises, read)
