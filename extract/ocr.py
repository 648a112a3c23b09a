"""Whether pictures of pages can be read here, how many a document has, and how they are read: the door to `scan/`.

Everything heavy is imported by those who read a page; a page costs seconds where one with text costs a few thousandths.
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec

from .model import Unreadable
from .scan import files

NEEDED = ("rapidocr", "onnxruntime", "cv2")
INSTALL = 'reading pictures needs more packages: pip install "nianbao[ocr]"'


@cache
def missing() -> str:
    """What to install to read pictures, in words; empty where it is installed. Imports nothing."""
    return "" if all(find_spec(name) for name in NEEDED) else INSTALL


def pages_to_read(data: bytes) -> int:
    """How many pages of a document would have to be recognised, of headers and lists of objects alone.

    0 for other documents, for a damaged one, and where the packages are missing.
    """
    if missing():
        return 0
    try:
        if files.recognises(data):
            return files.count(data)
        if b"%PDF-" in data[:1024]:
            from .layout.scanned import count

            return count(data)
    except Unreadable:
        return 0
    return 0
