"""A page of an OFD file as it is drawn: characters that can be seen, ruling lines, pictures; points from its top left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import sqrt

from lxml import etree

from ..layout.glyphs import PALE, Mark, lies_on, seen
from ..layout.runs import Box
from ..layout.sheets import MAX_GLYPHS, Sheet
from ..layout.strokes import MAX_GROUNDS, MAX_STROKES, THIN, Matrix, moved, rules_of, times
from ..model import Unreadable
from ..zips import Package
from .colours import colour, is_opaque, is_solid, once, styles_of, under
from .pages import Page, Resources, children, local, numbers, pages
from .paths import strokes
from .text import marks

POINTS = 72 / 25.4  # to a millimetre
MAX_LEVELS = 20  # blocks inside blocks
MAX_OBJECTS = 200_000  # things drawn on a page
COVERED = 0.5  # share of a page that its pictures cover at least, where it is a scan
MIN_TEXT = 20  # characters that can be seen: fewer are a page's number, no text
WHITE = 0.97  # of white: a line as light cannot be seen
UNIT = ((0.0, 0.0), (1.0, 1.0))  # a picture's own space
_AREA_TAKEN = 1.0  # points around its boundary: a line lies on it by half its width


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture on a page: its path in the package; where its unit square lies, in points; its box."""

    path: str
    matrix: Matrix
    box: Box


@dataclass(frozen=True, slots=True)
class Scan:
    """A page that is a picture: its number from 1, its size in points, its pictures in their order of drawing."""

    page: int
    size: tuple[float, float]
    pictures: tuple[Picture, ...]


@dataclass
class Drawing:
    """What a page shows, gathered object by object (hence not frozen)."""

    size: tuple[float, float]
    resources: Resources
    package: Package
    marks: list[Mark] = field(default_factory=list)
    lines: list[Box] = field(default_factory=list)
    grounds: list[Box] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    objects: int = 0
    covers: int = 0

    def cover(self, box: Box, picture: bool) -> None:
        """Something that hides what is under it is drawn. A page of countless such is a drawing."""
        self.covers += 1
        if self.covers <= MAX_GROUNDS:
            self.marks = under(self.marks, box, self.size, picture)

    def largest_grounds(self) -> list[Box]:
        """Where the page is dark, the largest places first."""
        return sorted(self.grounds, key=_extent, reverse=True)[:MAX_GROUNDS]


def sheets(package: Package) -> tuple[list[Sheet], list[Scan]]:
    """The sheets of all pages, as a PDF has them, and the pages that are scans, whatever text was put behind them."""
    found: list[Sheet] = []
    scans: list[Scan] = []
    for page in pages(package):
        drawing = draw(package, page)
        held = seen(once(drawing.marks), drawing.largest_grounds, drawing.size)
        ruled = rules_of(drawing.lines, drawing.size)
        for at, quarter in enumerate(sorted(held) or [0], len(found) + 1):
            found.append(
                Sheet(at, held.get(quarter, ()), ruled.held(quarter, drawing.size), page.number, quarter, drawing.size)
            )
        if sum(len(sheet.glyphs) for sheet in found) > MAX_GLYPHS:
            raise Unreadable(f"the OFD document has more than {MAX_GLYPHS} characters")
        if _is_scan(drawing):
            scans.append(Scan(page.number, drawing.size, tuple(drawing.pictures)))
    return found, scans


def _is_scan(drawing: Drawing) -> bool:
    """Whether pictures cover most of a page on which little text can be seen."""
    covered = sum(_extent(picture.box) for picture in drawing.pictures)
    seen_text = sum(hand.drawn and hand.light <= PALE for hand, _ in drawing.marks)
    return covered >= COVERED * drawing.size[0] * drawing.size[1] and seen_text < MIN_TEXT


def _extent(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def draw(package: Package, page: Page) -> Drawing:
    """Everything that a page shows."""
    left, top, width, height = page.area
    drawing = Drawing((width * POINTS, height * POINTS), page.resources, package)
    space = (POINTS, 0.0, 0.0, POINTS, -left * POINTS, -top * POINTS)
    for content in page.contents:
        _block(drawing, content, space, (), 0)
    return drawing


def _block(
    drawing: Drawing, block: etree._Element, space: Matrix, outer: tuple[etree._Element, ...], level: int
) -> None:
    """The objects in a layer, a block of a page, or the content of a composed object."""
    if level > MAX_LEVELS:
        raise Unreadable(f"a page of the OFD document has blocks inside blocks, more than {MAX_LEVELS}")
    for node in block:
        if not isinstance(node.tag, str) or node.get("Visible") == "false":
            continue
        drawing.objects += 1
        if drawing.objects > MAX_OBJECTS:
            raise Unreadable(f"a page of the OFD document has more than {MAX_OBJECTS} objects")
        styles = (*styles_of(node, drawing.resources), *outer)
        kind = local(node)
        if kind in ("Layer", "PageBlock"):
            _block(drawing, node, space, styles, level + 1)
        elif kind == "CompositeObject":
            unit = drawing.resources.units.get(node.get("ResourceID", ""))
            for content in children(unit, "Content") if unit is not None else ():
                _block(drawing, content, _own(node, space), styles, level + 1)
        elif kind == "TextObject":
            drawing.marks += _text(drawing, node, space, styles)
        elif kind == "PathObject":
            _path(drawing, node, space, styles)
        elif kind == "ImageObject":
            _picture(drawing, node, _unit(node, space))


def _picture(drawing: Drawing, node: etree._Element, matrix: Matrix) -> None:
    """A picture; one over most of the page hides the text under it, unless one can see through it.

    Such text was recognised by another program. Smaller pictures over text are seals.
    """
    box = moved(UNIT, matrix)
    drawing.grounds.append(box)
    path = drawing.resources.pictures.get(node.get("ResourceID", ""))
    if not path:
        return
    drawing.pictures.append(Picture(path, matrix, box))
    whole = _extent(box) >= COVERED * drawing.size[0] * drawing.size[1]
    clear = node.get("Alpha", "255") != "255" or node.get("ImageMask") is not None
    if whole and drawing.marks and not clear and is_opaque(drawing.package.bytes_of(path)):
        drawing.cover(box, True)


def _own(node: etree._Element, space: Matrix) -> Matrix:
    """From an object's own space to the page: its CTM, then its boundary's top left (8.5.1)."""
    ctm, boundary = numbers(node.get("CTM")), numbers(node.get("Boundary"))
    placed = times((1.0, 0.0, 0.0, 1.0, boundary[0], boundary[1]), space) if len(boundary) == 4 else space
    return times((ctm[0], ctm[1], ctm[2], ctm[3], ctm[4], ctm[5]), placed) if len(ctm) == 6 else placed


def _unit(node: etree._Element, space: Matrix) -> Matrix:
    """Where a picture's unit square lies on the page: as its CTM says, without one on its boundary."""
    boundary = numbers(node.get("Boundary"))
    if numbers(node.get("CTM")) or len(boundary) != 4:
        return _own(node, space)
    x, y, width, height = boundary
    return times((width, 0.0, 0.0, height, x, y), space)


def _text(drawing: Drawing, node: etree._Element, outer: Matrix, styles: Sequence[etree._Element]) -> list[Mark]:
    """The characters of a text object, unless all stand outside of its boundary, which cuts them off (8.5.1).

    A boundary that cuts off some is one that its writer measured wrongly: a figure must not lose its last digit by it.
    """
    filled = node.get("Fill") != "false"
    light, alpha = colour(styles, "FillColor" if filled else "StrokeColor")
    drawn = alpha > 0 and (filled or node.get("Stroke") == "true")
    found = list(marks(node, _own(node, outer), drawing.size, light, drawn))
    boundary = numbers(node.get("Boundary"))
    if len(boundary) == 4 and boundary[2] > 0 and boundary[3] > 0 and found:
        x, y, width, height = boundary
        near = found[0][0].size
        room = moved(((x, y), (x + width, y + height)), outer)
        wide = room[0] - near, room[1] - near, room[2] + near, room[3] + near
        if not any(lies_on(mark, [wide], drawing.size) for mark in found):
            return []
    return found


def _path(drawing: Drawing, node: etree._Element, space: Matrix, styles: Sequence[etree._Element]) -> None:
    """The lines of a path that can be seen, cut to its boundary, and the place that it fills with something dark."""
    own = _own(node, space)
    (fill, fill_alpha), (stroke, stroke_alpha) = colour(styles, "FillColor"), colour(styles, "StrokeColor")
    filled = node.get("Fill") == "true" and fill_alpha > 0 and fill < WHITE
    stroked = node.get("Stroke") != "false" and stroke_alpha > 0 and stroke < WHITE and _width(styles, own) <= THIN
    lines, whole = strokes(node, own, stroked, filled)
    boundary = numbers(node.get("Boundary"))
    if len(boundary) == 4:
        x, y, width, height = boundary
        room = moved(((x, y), (x + width, y + height)), space)
        lines = [cut for line in lines if (cut := _cut(line, room)) is not None]
    drawing.lines += lines[: MAX_STROKES - len(drawing.lines)]
    if whole is None or node.get("Fill") != "true" or fill_alpha <= 0:
        return
    if fill < PALE:
        drawing.grounds.append(whole)
    if fill_alpha == 1 and drawing.marks and is_solid(styles) and min(whole[2] - whole[0], whole[3] - whole[1]) > THIN:
        drawing.cover(whole, False)


def _width(styles: Sequence[etree._Element], space: Matrix) -> float:
    """How wide a line is drawn, in points."""
    said = next((numbers(style.get("LineWidth")) for style in styles if style.get("LineWidth")), (0.353,))
    return said[0] * sqrt(abs(space[0] * space[3] - space[1] * space[2]))


def _cut(line: Box, room: Box) -> Box | None:
    """The part of a line that lies in its boundary; None where it lies outside."""
    x0, top = max(line[0], room[0] - _AREA_TAKEN), max(line[1], room[1] - _AREA_TAKEN)
    x1, bottom = min(line[2], room[2] + _AREA_TAKEN), min(line[3], room[3] + _AREA_TAKEN)
    return (x0, top, x1, bottom) if x0 <= x1 and top <= bottom else None
