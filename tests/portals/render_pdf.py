"""A document as a PDF of several A4 pages with ruled tables, the same bytes on every run.

Text flows line by line, so paragraphs run over page breaks; tables break between rows (`cut-row`: through the middle
of one), span cells are closed at the foot of a page and go on empty at the head of the next. `repeat-header` prints
a table's header rows again on every page. Every page has its number at the foot.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from .documents import Document
from .grids import Cell, Grid, Placed

FONT = "STSong-Light"
LEFT, TOP, BOTTOM = 62.0, 770.0, 80.0
WIDTH = A4[0] - 2 * LEFT
BODY, HEADING, TITLE = 12.0, 14.0, 18.0
LEADING = 1.75
CELL_SIZES = {4: 10.5, 10: 9.0, 15: 8.0}
OTHER_SIZE = 10.0  # of tables of other widths
SIDE, ABOVE = 3.0, 6.0  # room around the text of a cell
CUT_AT = "t3.unable_still_unclear.total"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A grid that has been measured: x of each column edge, height of each row, lines of each cell."""

    placed: tuple[tuple[Placed, tuple[str, ...]], ...]
    edges: tuple[float, ...]
    heights: tuple[float, ...]
    head: int
    size: float


def pdf_file(document: Document) -> bytes:
    """The bytes of the .pdf file."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    buffer = io.BytesIO()
    press = Press(Canvas(buffer, pagesize=A4, invariant=1), "repeat-header" in document.layout)
    for line in document.title_lines:
        press.text(line, TITLE, centred=True)
    for block in document.blocks:
        if not isinstance(block, Grid):
            press.text(block.text, HEADING if block.role == "heading" else BODY, indent=2 * BODY)
        elif "cut-row" in document.layout:
            press.table(*cut_row(block, CUT_AT))
        else:
            press.table(block)
    press.close()
    return buffer.getvalue()


class Press:
    """Fills page after page from the top."""

    def __init__(self, canvas: Canvas, repeat_header: bool) -> None:
        self.canvas = canvas
        self.repeat_header = repeat_header
        self.page = 1
        self.y = TOP

    def text(self, text: str, size: float, indent: float = 0.0, centred: bool = False) -> None:
        """A paragraph; where the page is full, the rest goes on the next."""
        for index, line in enumerate(wrap(text, size, WIDTH, indent)):
            if self.y - size * LEADING < BOTTOM:
                self.turn()
            self.y -= size * LEADING
            self.canvas.setFont(FONT, size)
            if centred:
                self.canvas.drawCentredString(LEFT + WIDTH / 2, self.y, line)
            else:
                self.canvas.drawString(LEFT + (0 if index else indent), self.y, line)

    def table(self, grid: Grid, break_before: int | None = None) -> None:
        """A ruled table over as many pages as it needs; a page is also turned before row `break_before`."""
        sheet = measure(grid)
        self.y -= 8
        rows: list[int] = []
        for row in range(len(sheet.heights)):
            height = sum(sheet.heights[r] for r in [*rows, row])
            if row == break_before or self.y - height < BOTTOM:
                if len(rows) > sheet.head or row == break_before:
                    self._part(sheet, rows)
                    rows = list(range(sheet.head)) if self.repeat_header else []
                self.turn()
            rows.append(row)
        self._part(sheet, rows)
        self.y -= 8

    def _part(self, sheet: Sheet, rows: Sequence[int]) -> None:
        """The given rows, one below the other."""
        tops = {}
        for row in rows:
            tops[row] = self.y
            self.y -= sheet.heights[row]
        for placed, lines in sheet.placed:
            covered = [row for row in range(placed.row, placed.row + placed.cell.rowspan) if row in tops]
            if covered:
                bottom = tops[covered[-1]] - sheet.heights[covered[-1]]
                shown = lines if covered[0] == placed.row else ()
                self._cell(sheet, placed, shown, tops[covered[0]], bottom)

    def _cell(self, sheet: Sheet, placed: Placed, lines: Sequence[str], top: float, bottom: float) -> None:
        left, right = sheet.edges[placed.column], sheet.edges[placed.column + placed.cell.colspan]
        self.canvas.rect(left, bottom, right - left, top - bottom)
        self.canvas.setFont(FONT, sheet.size)
        leading = sheet.size * 1.25
        y = (top + bottom) / 2 + leading * len(lines) / 2 - sheet.size
        for line in lines:
            self.canvas.drawCentredString((left + right) / 2, y, line)
            y -= leading

    def turn(self) -> None:
        """Ends the page and begins the next."""
        self.canvas.setFont(FONT, 9)
        self.canvas.drawCentredString(A4[0] / 2, 45, f"- {self.page} -")
        self.canvas.showPage()
        self.page += 1
        self.y = TOP

    def close(self) -> None:
        """Ends the last page and the file."""
        self.turn()
        self.canvas.save()


def measure(grid: Grid) -> Sheet:
    """Column edges, the lines of each cell, and rows high enough for the cells that stand in one row."""
    size = CELL_SIZES.get(len(grid.widths), OTHER_SIZE)
    unit = WIDTH / sum(grid.widths)
    edges = [LEFT]
    for width in grid.widths:
        edges.append(edges[-1] + width * unit)
    heights = [size * 1.25 + 2 * ABOVE] * len(grid.rows)
    placed = []
    for cell in grid.placed():
        room = edges[cell.column + cell.cell.colspan] - edges[cell.column] - 2 * SIDE
        lines = tuple(line for part in cell.cell.text.split("\n") for line in wrap(part, size, room))
        placed.append((cell, lines))
        if cell.cell.rowspan == 1:
            heights[cell.row] = max(heights[cell.row], len(lines) * size * 1.25 + 2 * ABOVE)
    return Sheet(tuple(placed), tuple(edges), tuple(heights), grid.head, size)


def wrap(text: str, size: float, width: float, indent: float = 0.0) -> list[str]:
    """Lines no wider than `width`; the first leaves room for `indent`."""
    lines, line, used = [], "", indent
    for character in text.strip():
        advance = _advance(character) * size
        if used + advance > width and line:
            lines.append(line)
            line, used = "", 0.0
        line, used = line + character, used + advance
    return [visible(line) for line in ([*lines, line] if line else lines)]


def visible(line: str) -> str:
    """PDFium loses a single Chinese character of a font that is not embedded; a space behind it keeps it."""
    return f"{line} " if len(line) == 1 and not line.isascii() else line


@lru_cache(maxsize=4096)
def _advance(character: str) -> float:
    return float(pdfmetrics.stringWidth(character, FONT, 1000)) / 1000


def cut_row(grid: Grid, path: str) -> tuple[Grid, int | None]:
    """The grid with the row of that figure cut into two halves, and the row before which the page must turn.

    The label's text is divided between the halves, its figures stand in the first.
    """
    at = next((row for row, cells in enumerate(grid.rows) if any(cell.path == path for cell in cells)), None)
    if at is None:
        return grid, None
    rows: list[list[Cell]] = [list(row) for row in grid.rows]
    for placed in grid.placed():
        if placed.cell.rowspan > 1 and placed.row <= at < placed.row + placed.cell.rowspan:
            index = rows[placed.row].index(placed.cell)
            rows[placed.row][index] = replace(placed.cell, rowspan=placed.cell.rowspan + 1)
    own = [cell for cell in rows[at] if cell.rowspan == 1]
    label = next(cell for cell in own if cell.path is None)
    half = len(label.text) // 2
    rows[at] = [replace(cell, text=cell.text[:half]) if cell is label else cell for cell in rows[at]]
    second = [replace(cell, text=cell.text[half:] if cell is label else "") for cell in own]
    return replace(grid, rows=tuple(map(tuple, [*rows[: at + 1], second, *rows[at + 1 :]]))), at + 1
