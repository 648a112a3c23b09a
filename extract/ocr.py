"""Whether pictures of pages can be read here, how many a document has, and how they are read: the door to `scan/`.

Everything heavy is imported by those who read a page; a page costs seconds where one with text costs a few thousandths.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib.util import find_spec

from .layout.sheets import Sheet
from .model import Unreadable
from .scan import files
from .zips import holds, opened

OFD = "OFD.xml"
NEEDED = ("rapidocr", "onnxruntime", "cv2", "regex")
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
            from .scan import pdf

            return len(pdf.numbers(data))
        if holds(data, OFD):
            from .ofd.sheets import sheets

            return len(sheets(opened(data, "OFD"))[1])
    except Unreadable:
        return 0
    return 0


def picture_sheets(data: bytes) -> list[Sheet]:
    """The pages of a picture file, recognised; places are pixels of the picture. Raises Unreadable."""
    import numpy as np

    from .scan.upright import read

    return [read(np.asarray(page, np.uint8), number) for number, page in enumerate(files.pages(data), 1)]


def with_scans(data: bytes, sheets: Sequence[Sheet]) -> tuple[list[Sheet], list[int]]:
    """The sheets of a PDF with its scanned pages recognised, and the numbers of those that could not be, for lack of
    the packages. Raises Unreadable.
    """
    from .scan import pdf

    scans = pdf.numbers(data)
    if not scans or missing():
        return list(sheets), scans
    from .scan.upright import read

    recognised = {number: read(picture, number, scale) for number, picture, scale in pdf.drawn(data, scans)}
    return in_place(sheets, recognised), []


def in_place(sheets: Sequence[Sheet], recognised: Mapping[int, Sheet]) -> list[Sheet]:
    """The sheets, those of a page that was recognised (by its number) replaced by what was found on it."""
    found: list[Sheet] = []
    for sheet in sheets:
        if sheet.page not in recognised:
            found.append(sheet)
        elif not found or found[-1].page != sheet.page:
            found.append(recognised[sheet.page])
    return [replace(sheet, number=number) for number, sheet in enumerate(found, 1)]
