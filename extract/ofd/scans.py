"""Pages of an OFD file that are pictures, put together as a reader sees them and recognised as those of a PDF are.

Pillow opens PNG, JPEG, TIFF and BMP; JBIG2 and GBIG2, which the standard allows too, are a reason in words.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import TYPE_CHECKING

from PIL import Image

from .. import ocr
from ..layout.sheets import Sheet
from ..layout.strokes import Matrix
from ..model import Unreadable
from ..scan import files
from ..zips import Package
from .sheets import Scan

if TYPE_CHECKING:
    from ..scan.engine import Pixels

DPI = 200  # as for PDF
MAX_PIXELS = 20_000_000  # of a page: larger ones are put together smaller


def with_scans(package: Package, sheets: Sequence[Sheet], scans: Sequence[Scan]) -> tuple[list[Sheet], list[int]]:
    """The sheets of a file with its scanned pages recognised, and the numbers of those that could not be, for lack of
    the packages. Raises Unreadable where a picture is damaged, or of a kind that cannot be opened.
    """
    if not scans or ocr.missing():
        return list(sheets), [scan.page for scan in scans]
    from ..scan.upright import read

    recognised = {scan.page: read(*_drawn(package, scan)) for scan in scans}
    return ocr.in_place(sheets, recognised), []


def _drawn(package: Package, scan: Scan) -> tuple[Pixels, int, float]:
    """A page as `scan.upright.read` takes it: its pixels, its number, pixels to a point."""
    import numpy as np

    page, scale = draw(package, scan)
    return np.asarray(page, np.uint8), scan.page, scale


def draw(package: Package, scan: Scan, dpi: float = DPI) -> tuple[Image.Image, float]:
    """The pictures of a page where they lie on it, on white, in the order of drawing; and its pixels to a point."""
    width, height = scan.size
    scale = min(dpi / 72, sqrt(MAX_PIXELS / max(width * height, 1.0)))
    page = Image.new("RGB", (max(1, round(width * scale)), max(1, round(height * scale))), "white")
    for picture in scan.pictures:
        try:
            own = next(files.pages(package.bytes_of(picture.path)))
        except Unreadable as error:
            raise Unreadable(f"page {scan.page} of the OFD document is the picture {picture.path}: {error}") from error
        _paste(page, own, picture.matrix, scale)
    return page, scale


def _paste(page: Image.Image, picture: Image.Image, matrix: Matrix, scale: float) -> None:
    """A picture where its matrix puts the unit square, in points."""
    a, b, c, d, e, f = (part * scale for part in matrix)
    if b == c == 0 and a > 0 and d > 0:
        size = max(1, round(a)), max(1, round(d))
        if size[0] * size[1] <= 4 * MAX_PIXELS:
            page.paste(picture.resize(size, Image.Resampling.LANCZOS), (round(e), round(f)))
        return
    area = a * d - b * c
    if not area:
        return
    wide, high = picture.size
    # from a pixel of the page back to one of the picture
    back = (d / area, -c / area, (c * f - d * e) / area, -b / area, a / area, (b * e - a * f) / area)
    data = tuple(part * wide for part in back[:3]) + tuple(part * high for part in back[3:])
    turned = picture.transform(page.size, Image.Transform.AFFINE, data, Image.Resampling.BICUBIC)
    inside = Image.new("L", picture.size, 255).transform(page.size, Image.Transform.AFFINE, data)
    page.paste(turned, (0, 0), inside)
