"""Prints a document as a PDF: pages of any size and rotation, tables with all, some or no ruling lines.

Built beside `tests.portals.render_pdf`, whose measuring of lines it shares; what differs from page to page is a `Look`.
"""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from tests.portals.documents import Document
from tests.portals.grids import Grid, Placed
from tests.portals.render_pdf import FONT, cut_row, visible, wrap
from tests.portals.wording import choose

LEADING, CELL_LEADING = 1.75, 1.25
# Rows with long labels, through the middle of which a page may break.
CUT_ROWS = ("partial", "unprocessed_confirm_reissue", "other_no_correction", "other_fee_unpaid", "unable_still_unclear")


@dataclass(frozen=True, slots=True)
class Look:
    """How a document is printed. Measures are points.

    `across`: wide tables
    stand on landscape pages between upright ones. `lines`: all, none, horizontal, frame (the table's outline and a rule under its header), rule (under the header and
    at the end), outline. `latin`: the font of digits and Latin letters. `narrow`: share of its usual width that a
    column of figures gets. `top`: cells begin at the top instead of being centred. `numbers`: how pages are numbered.
    """

    lines: str = "all"
    latin: str = FONT
    size: float = 9.0
    body: float = 12.0
    landscape: bool = False
    across: bool = False
    rotated: bool = False
    narrow: float = 1.0
    top: bool = False
    left: bool = False
    heads: bool = False
    cut: bool = False
    running: str = ""
    numbers: str = "- {} -"
    margin: float = 62.0
    above: float = 5.0


@dataclass(frozen=True, slots=True)
class Sheet:
    """A measured grid: x of the column edges, height of each row, lines of each cell."""

    grid: Grid
    placed: tuple[tuple[Placed, tuple[str, ...]], ...]
    edges: tuple[float, ...]
    heights: tuple[float, ...]


def pdf(document: Document, look: Look) -> bytes:
    """The bytes of the file; pages are not compressed, so that they do not depend on a compressor's version."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    buffer = io.BytesIO()
    press = Press(Canvas(buffer, pagesize=A4, invariant=1, pageCompression=0), look)
    fill(press, document)
    press.canvas.save()
    return buffer.getvalue()


def fill(press: "Press", document: Document) -> None:
    """All pages of a document."""
    look = press.look
    press.begin()
    for line in document.title_lines:
        press.text(line, 18.0, centred=True)
    path = f"t3.{choose(document.style, 'cut row', CUT_ROWS)}.total"
    for block in document.blocks:
        if isinstance(block, Grid):
            if look.across and len(block.widths) > 4:
                press.across(block)
            else:
                press.table(*(cut_row(block, path) if look.cut else (block, None)))
        else:
            press.text(block.text, look.body + 2 * (block.role == "heading"), indent=2 * look.body)
    press.turn()


class Press:
    """Fills page after page from the top."""

    def __init__(self, canvas: Canvas, look: Look) -> None:
        self.canvas, self.look = canvas, look
        self.page = 1
        self.lay(look.landscape or look.rotated)

    def lay(self, across: bool) -> None:
        """Lays the paper: the long side across, or upright."""
        self.width, self.height = (A4[1], A4[0]) if across else A4
        self.room = self.width - 2 * self.look.margin
        self.y = 0.0

    def across(self, grid: Grid) -> None:
        """A wide table on pages of its own that lie across."""
        for wide in (True, False):
            self.turn()
            self.lay(wide)
            self.begin()
            if wide:
                self.table(grid)

    def begin(self) -> None:
        """A new page: its rotation, its running head."""
        self.y = self.height - 72
        self.canvas.setPageSize((self.width, self.height))
        if self.look.rotated:  # the size is that of the page as it is seen
            self.canvas.setPageRotation(90)
            self.canvas.translate(self.height, 0)
            self.canvas.rotate(90)
        if self.look.running:
            self._line(self.look.running, 9, self.width / 2, self.height - 45, centred=True)

    def turn(self) -> None:
        """Ends a page with its number."""
        if self.look.numbers:
            self._line(self.look.numbers.format(self.page), 9, self.width / 2, 40, centred=True)
        self.canvas.showPage()
        self.page += 1

    def text(self, text: str, size: float, indent: float = 0.0, centred: bool = False) -> None:
        """A paragraph; where the page is full, the rest goes on the next."""
        for index, line in enumerate(wrap(text, size, self.room, indent)):
            if self.y - size * LEADING < 72:
                self.turn()
                self.begin()
            self.y -= size * LEADING
            x = self.width / 2 if centred else self.look.margin + (0 if index else indent)
            self._line(line, size, x, self.y, centred)

    def table(self, grid: Grid, break_before: int | None = None) -> None:
        """A table over as many pages as it needs; a page is also turned before row `break_before`."""
        sheet = self._measured(grid)
        self.y -= 8
        rows: list[int] = []
        for row in range(len(sheet.heights)):
            height = sum(sheet.heights[r] for r in [*rows, row])
            if row == break_before or self.y - height < 72:
                if len(rows) > grid.head or row == break_before:
                    self._part(sheet, rows)
                    rows = list(range(grid.head)) if self.look.heads else []
                self.turn()
                self.begin()
            rows.append(row)
        self._part(sheet, rows)
        self.y -= 8

    def _measured(self, grid: Grid) -> Sheet:
        look = self.look
        size = look.size - (len(grid.widths) == 15)
        figures = {p.column for p in grid.placed() if p.cell.path and p.cell.colspan == 1}
        widths = [w * (look.narrow if n in figures and len(figures) < 15 else 1) for n, w in enumerate(grid.widths)]
        edges = [look.margin]
        for width in widths:
            edges.append(edges[-1] + width * self.room / sum(widths))
        heights = [size * CELL_LEADING + 2 * look.above] * len(grid.rows)
        placed = []
        for cell in grid.placed():
            room = edges[cell.column + cell.cell.colspan] - edges[cell.column] - 4
            lines = tuple(line for part in cell.cell.text.split("\n") for line in wrap(part, size, room))
            placed.append((cell, lines))
            if cell.cell.rowspan == 1:
                heights[cell.row] = max(heights[cell.row], len(lines) * size * CELL_LEADING + 2 * look.above)
        return Sheet(replace(grid, widths=(size,)), tuple(placed), tuple(edges), tuple(heights))

    def _part(self, sheet: Sheet, rows: Sequence[int]) -> None:
        """The given rows, one below the other."""
        tops, start = {}, self.y
        for row in rows:
            tops[row] = self.y
            self.y -= sheet.heights[row]
        for placed, lines in sheet.placed:
            covered = [row for row in range(placed.row, placed.row + placed.cell.rowspan) if row in tops]
            if covered:
                bottom = tops[covered[-1]] - sheet.heights[covered[-1]]
                shown = lines if covered[0] == placed.row else ()
                self._cell(sheet, placed, shown, tops[covered[0]], bottom)
        head = [row for row in rows if row < (sheet.grid.head or 1)]
        self._rules(sheet, start, self.y, tops[head[-1]] - sheet.heights[head[-1]] if head else start)

    def _rules(self, sheet: Sheet, top: float, bottom: float, below_head: float) -> None:
        """The lines of a table that has not all of them."""
        left, right = sheet.edges[0], sheet.edges[-1]
        if self.look.lines in ("frame", "outline"):
            self.canvas.rect(left, bottom, right - left, top - bottom)
        if self.look.lines in ("frame", "rule"):
            self.canvas.line(left, below_head, right, below_head)
        if self.look.lines == "rule":
            self.canvas.line(left, top, right, top)
            self.canvas.line(left, bottom, right, bottom)

    def _cell(self, sheet: Sheet, placed: Placed, lines: Sequence[str], top: float, bottom: float) -> None:
        look, size = self.look, sheet.grid.widths[0]
        left, right = sheet.edges[placed.column], sheet.edges[placed.column + placed.cell.colspan]
        if look.lines == "all":
            self.canvas.rect(left, bottom, right - left, top - bottom)
        elif look.lines == "horizontal":
            self.canvas.line(left, bottom, right, bottom)
            self.canvas.line(left, top, right, top)
        y = (top + bottom) / 2 + size * CELL_LEADING * len(lines) / 2 - size
        if look.top:
            y = top - look.above - size
        for line in lines:
            aside = look.left and not placed.cell.path
            self._line(line, size, left + 2 if aside else (left + right) / 2, y, centred=not aside)
            y -= size * CELL_LEADING

    def _line(self, text: str, size: float, x: float, y: float, centred: bool = False) -> None:
        """A line in two fonts: digits and Latin letters in one, the rest in the other."""
        parts = [part for part in re.split(r"([!-~]+)", text) if part] if self.look.latin != FONT else [text]
        fonts = [self.look.latin if part[0].isascii() and part[0] != " " else FONT for part in parts]
        shown = [visible(part) for part in parts]
        widths = [pdfmetrics.stringWidth(p.strip() or p, f, size) for p, f in zip(parts, fonts, strict=True)]
        x -= sum(widths) / 2 if centred else 0
        for part, font, width in zip(shown, fonts, widths, strict=True):
            self.canvas.setFont(font, size)
            self.canvas.drawString(x, y, part)
            x += width
