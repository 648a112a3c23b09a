"""Pictures (PNG, JPEG, TIFF with all its pages, BMP, GIF, WebP): read as a scan is. Places are pixels of the picture."""

from __future__ import annotations

from .. import ocr
from ..layout.content import blocks_of
from ..model import Hint, Text, Unreadable
from ..scan import files
from . import Format


def read(data: bytes, hint: Hint) -> Text:
    """The blocks of all pages; none where nothing is printed that can be read.

    Raises Unreadable for damage, for too many pixels, and where the packages to read pictures are missing.
    """
    files.count(data)
    if ocr.missing():
        raise Unreadable(f"a picture: {ocr.missing()}")
    return Text(blocks_of(ocr.picture_sheets(data)), "image", "")


FORMAT = Format("image", 2, files.recognises, read)
