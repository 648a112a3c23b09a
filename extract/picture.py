"""A page of a PDF, an OFD file or a picture, with an outline around the place of a figure: what a person looks at to believe a number."""

from __future__ import annotations

import io
import math
from itertools import islice
from typing import Any

import pypdfium2
from PIL import Image, ImageChops, ImageDraw

from .model import Unreadable
from .scan import files
from .zips import holds

Box = tuple[float, float, float, float]

SCALE = 2.0  # pixels to a point: 144 dpi, at which small print is readable
MAX_PIXELS = 40_000_000  # a page of A3 has 4 million; posters as large as a wall are published as reports too
GAP = 1.0  # points between the box and its outline: cells touch, and the next figure must stay readable
LINE = 1.5  # points
COLOUR = (214, 0, 28)
TINT = (255, 246, 170)  # multiplied with the page, so that what is printed stays as dark as it was


class NotDrawn(Exception):
    """The picture cannot be made: the reason, for a person. Raised by `draw`."""


def draw(data: bytes, page: int, box: Box) -> bytes:
    """The page (from 1) of a PDF, an OFD file or a picture file as PNG, an outline around the box.

    The box is x0, top, x1, bottom from the top left of the page as it is shown. Of a PDF: in points, cut to its crop
    box, turned by its /Rotate. (A point is a unit of the page; a /UserUnit makes paper larger and no coordinates.) Of a
    picture: in its pixels. Raises NotDrawn.
    """
    shown, scale = _shown(data, page)
    x0, top, x1, bottom = (edge * scale for edge in box)
    if not (x0 <= x1 and top <= bottom and x1 > 0 and bottom > 0 and x0 < shown.width and top < shown.height):
        unit = "pixels" if files.recognises(data) else "points"
        size = f"{shown.width / scale:.0f} × {shown.height / scale:.0f} {unit}"
        raise NotDrawn(f"the place {[round(edge, 1) for edge in box]} is not on page {page}, which has {size}")
    _mark(shown, (x0, top, x1, bottom), scale)
    file = io.BytesIO()
    shown.save(file, "PNG", dpi=(72 * scale, 72 * scale))
    return file.getvalue()


def _shown(data: bytes, page: int) -> tuple[Image.Image, float]:
    """The page as a picture, and its pixels to a unit of its places."""
    if files.recognises(data):
        return _picture(data, page)
    if not holds(data, "OFD.xml"):
        return _render(data, page)
    from .ofd import plate

    try:
        return plate.page_of(data, page, 72 * SCALE)
    except Unreadable as error:
        raise NotDrawn(str(error)) from error


def _picture(data: bytes, page: int) -> tuple[Image.Image, float]:
    """The page of a picture file, smaller where it is very large, and the pixels that one of its own has become."""
    try:
        shown = next(islice(files.pages(data), page - 1, None), None)
    except Unreadable as error:
        raise NotDrawn(str(error)) from error
    if shown is None:
        raise NotDrawn(f"the picture has {files.count(data)} pages, no page {page}")
    scale = min(1.0, math.sqrt(MAX_PIXELS / (shown.width * shown.height)))
    return (shown if scale == 1 else shown.resize((round(shown.width * scale), round(shown.height * scale)))), scale


def _render(data: bytes, page: int) -> tuple[Image.Image, float]:
    """The page as a picture, and its pixels to a point."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise NotDrawn(f"the PDF cannot be opened: {error}") from error
    try:
        if not 1 <= page <= len(document):
            raise NotDrawn(f"the PDF has {len(document)} pages, no page {page}")
        sheet: Any = document[page - 1]
        width, height = sheet.get_size()
        scale = min(SCALE, math.sqrt(MAX_PIXELS / max(width * height, 1.0)))
        picture: Image.Image = sheet.render(scale=scale).to_pil().convert("RGB")
        return picture, scale
    except pypdfium2.PdfiumError as error:
        raise NotDrawn(f"page {page} of the PDF cannot be drawn: {error}") from error
    finally:
        document.close()


def _mark(picture: Image.Image, box: Box, scale: float) -> None:
    """The box lightly tinted, and an outline a little outside of it, all of which stays on the page."""
    line = max(1, round(LINE * scale))
    out = GAP * scale + line
    x0, top = max(0, math.floor(box[0] - out)), max(0, math.floor(box[1] - out))
    x1, bottom = min(picture.width, math.ceil(box[2] + out)) - 1, min(picture.height, math.ceil(box[3] + out)) - 1
    inside = (x0, top, x1 + 1, bottom + 1)
    part = picture.crop(inside)
    picture.paste(ImageChops.multiply(part, Image.new("RGB", part.size, TINT)), inside)
    ImageDraw.Draw(picture).rectangle((x0, top, x1, bottom), outline=COLOUR, width=line)
