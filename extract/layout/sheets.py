"""What is drawn on the pages of a PDF: characters with their boxes, and ruling lines, in points from the top left.

Both come from pypdfium2 in one pass. Coordinates are those of the page as it is shown: cut to its crop box, turned by
its /Rotate. A table that is printed sideways on it makes a sheet of its own, held as a reader holds it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pypdfium2

from ..model import Unreadable
from .glyphs import glyphs
from .runs import Box, Glyph, held, tilted
from .strokes import Rules, Turn, rules

MAX_PAGES = 300  # an annual report has 4 to 20 pages; a whole year's bundle of one county about 250
MAX_GLYPHS = 2_000_000  # of a document; a bundle of 250 pages has 200,000


class Sure(NamedTuple):
    """How sure (0 to 1) what was recognised at a point of a sheet is; also that there is only dust."""

    x: float
    y: float
    share: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page, or what stands on it in one direction.

    `number`: of the sheet, from 1; `page`: of the page, from 1; `turned`: by how many quarters the page is turned
    clockwise to be read; `size` of the page as it is shown, in points. Of a scan: `tilt`, by how many degrees its lines
    fall to the right once it is turned so; `scale`, how many of its own units a point is, where these are pixels;
    `sure`, how sure what was recognised on it is.
    """

    number: int
    glyphs: tuple[Glyph, ...]
    rules: Rules = field(default_factory=Rules)
    page: int = 0
    turned: int = 0
    size: tuple[float, float] = (0.0, 0.0)
    tilt: float = 0.0
    scale: float = 1.0
    sure: tuple[Sure, ...] = ()

    def shown(self, box: Box) -> Box:
        """Where a box on the sheet lies on the page as it is shown: the box around it, where the page lies askew."""
        width, height = self.size
        size = (height, width) if self.turned % 2 else (width, height)
        x0, top, x1, bottom = held(tilted(box, self.tilt, size) if self.tilt else box, -self.turned % 4, size)
        return x0 * self.scale, top * self.scale, x1 * self.scale, bottom * self.scale


def sheets(data: bytes) -> list[Sheet]:
    """The sheets of a PDF. Raises Unreadable for damage, a password, or more than an annual report can be."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise Unreadable(f"the PDF cannot be opened: {error}") from error
    try:
        if len(document) > MAX_PAGES:
            raise Unreadable(f"the PDF has {len(document)} pages, more than {MAX_PAGES}")
        found: list[Sheet] = []
        for number in range(len(document)):
            found.extend(_sheets(document[number], number + 1, len(found) + 1))
            if sum(len(sheet.glyphs) for sheet in found) > MAX_GLYPHS:
                raise Unreadable(f"the PDF has more than {MAX_GLYPHS} characters")
        return found
    except pypdfium2.PdfiumError as error:
        raise Unreadable(f"a page of the PDF cannot be read: {error}") from error
    finally:
        document.close()


def _sheets(page: Any, number: int, first: int) -> Iterator[Sheet]:
    """The sheets of a page, upright text first; `first` is the number of the first of them."""
    size = page.get_size()
    turn = _turn(page)
    text = page.get_textpage()
    found = glyphs(page, text, turn, size)
    ruled = rules(page, turn, size)
    text.close()
    page.close()
    for at, quarter in enumerate(sorted(found) or [0], first):
        yield Sheet(at, found.get(quarter, ()), ruled.held(quarter, size), number, quarter, size)


def _turn(page: Any) -> Turn:
    """From a box in the page's own space (y upwards) to one from the top left of the page as it is shown."""
    x0, y0, x1, y1 = page.get_cropbox()
    turns: dict[int, Turn] = {
        90: lambda left, bottom, right, top: (bottom - y0, left - x0, top - y0, right - x0),
        180: lambda left, bottom, right, top: (x1 - right, bottom - y0, x1 - left, top - y0),
        270: lambda left, bottom, right, top: (y1 - top, x1 - right, y1 - bottom, x1 - left),
    }
    return turns.get(
        page.get_rotation(), lambda left, bottom, right, top: (left - x0, y1 - top, right - x0, y1 - bottom)
    )
