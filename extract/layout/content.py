"""Pages as they are laid out to the blocks of a document: for every format that gives characters with their boxes.

Tables come from their ruling lines, or from geometry where they lack them. Those that a page break cut are stitched,
their repeated header dropped, rows cut in two mended; paragraphs are joined over lines and pages; page numbers and
running heads are dropped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from ..cells import ILLEGIBLE, is_figure
from ..model import Block, Cell, Grid, Place
from ..scan.words import mended
from .frames import frames
from .geometry import build
from .lines import Line, lines_of, paragraphs, without_running_heads
from .ruling import Ruled, heads_only, ruled, stitch
from .runs import rounded, runs
from .sheets import Sheet
from .strips import Bare, strips, tables
from .strokes import Rules

EMPTY = 0.5  # how sure it is that a place between recognised words is a cell and nothing stands in it


def blocks_of(pages: Sequence[Sheet]) -> tuple[Block, ...]:
    """The blocks of some sheets, numbered from 1 in their order, in reading order; places on the pages as shown."""
    items = [item for page in pages for item in _items(page)]
    kept = set(without_running_heads([item for item in items if isinstance(item, Line)]))
    items = [item for item in items if isinstance(item, Ruled) or item in kept]
    scans = frozenset(page.number for page in pages if page.sure)
    blocks: Iterable[Block] = _blocks(items, {page.number: page.rules for page in pages}, scans)
    if any(page.number != page.page or page.turned or page.sure or page.scale != 1 for page in pages):
        blocks = (_shown(block, pages) for block in blocks)
    return tuple(blocks)


def _shown(block: Block, pages: Sequence[Sheet]) -> Block:
    """The block with its places on the pages as they are shown, where sheets are not pages."""
    if isinstance(block, Grid):
        return Grid(tuple(tuple(_cell(cell, pages) for cell in row) for row in block.rows))
    return replace(block, place=_at(block.place, pages))


def _at(place: Place | None, pages: Sequence[Sheet]) -> Place | None:
    if place is None or place.page is None or place.box is None:
        return place
    sheet = pages[place.page - 1]
    return replace(place, page=sheet.page, box=rounded(sheet.shown(place.box)))


def _cell(cell: Cell, pages: Sequence[Sheet]) -> Cell:
    """The cell at its place; of a scan, with its words as the forms have them, and how sure it is."""
    sure = _sure(cell.place, pages)
    text = cell.text if sure is None else _legible(mended(cell.text))
    if cell.confidence is not None:
        sure = min(cell.confidence, 1.0 if sure is None else sure)
    return replace(cell, text=text, place=_at(cell.place, pages), confidence=sure)


def _legible(text: str) -> str:
    """The text of a cell of a scan; what is neither words nor a figure is the trace of one that cannot be read."""
    words = any(character >= "\u2e80" for character in text)
    return text if not text or words or is_figure(text) else ILLEGIBLE


def _sure(place: Place | None, pages: Sequence[Sheet]) -> float | None:
    """How sure what stands in a cell of a scan is: as its worst character; 1 where there is no ink at all."""
    if place is None or place.page is None or place.box is None or not pages[place.page - 1].sure:
        return None
    x0, top, x1, bottom = place.box
    here = (point.share for point in pages[place.page - 1].sure if x0 <= point.x <= x1 and top <= point.y <= bottom)
    return round(min(here, default=1.0), 3)


def _doubted(grid: Grid) -> Grid:
    """A table of a scan in which no lines were found: no line says that a cell is empty, so that is in doubt."""
    rows = (tuple(cell if cell.text else replace(cell, confidence=EMPTY) for cell in row) for row in grid.rows)
    return Grid(tuple(rows))


def _items(page: Sheet) -> list[Line | Ruled]:
    """The lines of a page outside of its ruled tables, and those tables, from top to bottom."""
    tables = [table for frame in frames(page) if (table := ruled(frame, page.glyphs)) is not None and table.texts]
    lines = _outside(page, tables)
    if any(heads_only(table, lines) for table in tables):
        tables = [table for table in tables if not heads_only(table, lines)]
        lines = _outside(page, tables)
    return sorted([*lines, *tables], key=lambda item: item.box[1])


def _outside(page: Sheet, tables: Sequence[Ruled]) -> list[Line]:
    """The lines of what stands in none of the tables."""
    boxes = [table.box for table in tables]
    loose = [
        glyph
        for glyph in page.glyphs
        if not any(_inside((glyph.x0 + glyph.x1) / 2, (glyph.top + glyph.bottom) / 2, box) for box in boxes)
    ]
    return lines_of(runs(loose, page.number))


def _inside(x: float, y: float, box: tuple[float, float, float, float]) -> bool:
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def _blocks(items: Sequence[Line | Ruled], rules: Mapping[int, Rules], scans: frozenset[int]) -> Iterator[Block]:
    """Paragraphs of the lines between tables; ruled tables with nothing between them are one."""
    lines: list[Line] = []
    parts: list[Ruled] = []
    for item in [*tables(items), None]:
        if parts and not isinstance(item, Ruled):
            yield stitch(parts)
            parts = []
        if lines and not isinstance(item, Line):
            yield from paragraphs(lines)
            lines = []
        if isinstance(item, Ruled):
            parts.append(item)
        elif isinstance(item, Line):
            lines.append(item)
        elif isinstance(item, Bare):
            yield from _bare(item, rules, scans)


def _bare(table: Bare, rules: Mapping[int, Rules], scans: frozenset[int]) -> Iterator[Block]:
    """The grids of tables without ruling lines; lines in which no columns can be found stay lines."""
    for strip in strips(table, rules):
        grid = build(strip)
        if grid is not None:
            yield _doubted(grid) if any(word.run.page in scans for word in strip.words) else grid
        else:
            yield from paragraphs(lines_of(word.run for word in strip.words))
