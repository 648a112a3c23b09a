"""PDF: characters and lines by pypdfium2; tables by their ruling lines, or by geometry where they lack them.

Tables that a page break cut are stitched, their repeated header dropped, rows cut in two mended; paragraphs are joined
over lines and pages; page numbers and running heads are dropped. A document without a text layer is Unreadable here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from ..layout.frames import frames
from ..layout.geometry import build
from ..layout.lines import Line, lines_of, paragraphs, without_running_heads
from ..layout.ruling import Ruled, heads_only, ruled, stitch
from ..layout.runs import rounded, runs
from ..layout.sheets import Sheet, sheets
from ..layout.strips import Bare, strips, tables
from ..layout.strokes import Rules
from ..model import Block, Grid, Hint, Place, Text, Unreadable
from . import Format

MIN_TEXT = 20  # characters: fewer are no text layer


def recognises(data: bytes) -> bool:
    """`%PDF` within the first kilobyte, as readers allow."""
    return b"%PDF-" in data[:1024]


def read(data: bytes, hint: Hint) -> Text:
    """Blocks in reading order; page numbers from 1. Raises Unreadable for damage, a password, or no text layer."""
    pages = sheets(data)
    if sum(len(page.glyphs) for page in pages) < MIN_TEXT:
        raise Unreadable(f"the PDF has no text layer on its {len(pages)} pages (a scan): this version has no OCR")
    items = [item for page in pages for item in _items(page)]
    kept = set(without_running_heads([item for item in items if isinstance(item, Line)]))
    items = [item for item in items if isinstance(item, Ruled) or item in kept]
    blocks: Iterable[Block] = _blocks(items, {page.number: page.rules for page in pages})
    if any(page.number != page.page or page.turned for page in pages):
        blocks = (_shown(block, pages) for block in blocks)
    return Text(tuple(blocks), "pdf", "")


def _shown(block: Block, pages: Sequence[Sheet]) -> Block:
    """The block with its places on the pages as they are shown, where sheets are not pages."""
    if isinstance(block, Grid):
        rows = (tuple(replace(cell, place=_at(cell.place, pages)) for cell in row) for row in block.rows)
        return Grid(tuple(rows))
    return replace(block, place=_at(block.place, pages))


def _at(place: Place | None, pages: Sequence[Sheet]) -> Place | None:
    if place is None or place.page is None or place.box is None:
        return place
    sheet = pages[place.page - 1]
    return replace(place, page=sheet.page, box=rounded(sheet.shown(place.box)))


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


def _blocks(items: Sequence[Line | Ruled], rules: Mapping[int, Rules]) -> Iterator[Block]:
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
            yield from _bare(item, rules)


def _bare(table: Bare, rules: Mapping[int, Rules]) -> Iterator[Block]:
    """The grids of tables without ruling lines; lines in which no columns can be found stay lines."""
    for strip in strips(table, rules):
        grid = build(strip)
        if grid is not None:
            yield grid
        else:
            yield from paragraphs(lines_of(word.run for word in strip.words))


FORMAT = Format("pdf", 3, recognises, read)
