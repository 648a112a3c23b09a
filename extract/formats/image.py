"""Pictures (PNG, JPEG, TIFF with all its pages, BMP, GIF, WebP): read as a scan is. Places are pixels of the picture."""

from __future__ import annotations

from .. import ocr
from ..model import Hint, Text, Unreadable
from ..scan import files
from . import Format


def read(data: bytes, hint: Hint) -> Text:
    """The blocks of all pages. Raises Unreadable for damage, too many pixels, and where pictures cannot be read."""
    files.count(data)
    if ocr.missing():
        raise Unreadable(f"a picture: {ocr.missing()}")
    raise Unreadable("a picture: not read yet")


FORMAT = Format("image", 1, files.recognises, read)
