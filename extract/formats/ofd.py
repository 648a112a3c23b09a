"""OFD (GB/T 33190-2016): characters and lines of fixed pages, laid out by `extract.layout` as those of a PDF are.

Annotations, signatures and seals are no text. A file of pictures only is Unreadable here.
"""

from __future__ import annotations

from ..layout.content import blocks_of
from ..model import Hint, Text, Unreadable
from ..ofd.pages import ROOT
from ..ofd.sheets import sheets
from ..zips import holds, opened
from . import Format

MIN_TEXT = 20  # characters: fewer are no text


def recognises(data: bytes) -> bool:
    """A zip file with OFD.xml at its root; a bundle that holds such a file is none."""
    return holds(data, ROOT)


def read(data: bytes, hint: Hint) -> Text:
    """Blocks in reading order; page numbers from 1, over all documents of the file. Raises Unreadable with the reason."""
    pages, pictures = sheets(opened(data, "OFD"))
    if sum(len(page.glyphs) for page in pages) < MIN_TEXT:
        scans = sum(picture is not None for picture in pictures)
        raise Unreadable(
            f"the OFD document has no text on its {len(pictures)} pages, {scans} of them pictures (a scan)"
        )
    return Text(blocks_of(pages), "ofd", "")


FORMAT = Format("ofd", 1, recognises, read)
