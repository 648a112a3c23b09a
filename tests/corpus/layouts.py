"""What is irregular in how the tables of a document are laid out; the figures in them stay as they are.

Each is a function of a report and its document that gives back another document, or the same where there is nothing to
change. What is irregular in the figures: `oddities.py`.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from tests.portals import ReportTruth
from tests.portals.documents import Document, Paragraph
from tests.portals.form import T3_COLUMNS
from tests.portals.grids import Cell, Grid, table_two
from tests.portals.labels import Labels

from .cuts import cut, cut_places

OfDocument = Callable[[ReportTruth, Document], Document]
EXPLAINED = {
    "信息内容": "信息内容（按照条例第二十条分类）",
    "规章": "规章（指本机关制定并现行有效的规章）",
    "行政许可": "行政许可（含依申请办理的其他许可事项）",
    "行政处罚": "行政处罚（包括简易程序）",
}


def with_half_of_table_two(report: ReportTruth, document: Document) -> Document:
    """The rows of item （一） as the form of 2019 prints them, where the figures are those."""
    if report.forms["t2"] != "y2021" or "t2.regulations.newly_made" not in report.figures:
        return document
    first = table_two(report.figures, "y2019", Labels(report.style)).rows[:4]
    return _with_grid(document, 0, lambda grid: replace(grid, rows=(*first, *grid.rows[2:])))


def _with_grid(document: Document, number: int, change: Callable[[Grid], Grid]) -> Document:
    wanted = document.grids()[number]
    blocks = tuple(change(block) if block is wanted else block for block in document.blocks)
    return replace(document, blocks=blocks)


def _third(report: ReportTruth) -> int:
    return 1 if report.forms["t2"] else 0


def extra_rows(report: ReportTruth, document: Document) -> Document:
    """Rows that no form has: one in table two (seen in Hubei), one among the refusals."""
    own = (Cell("9.其他不予公开情形"), *(Cell("0") for _ in T3_COLUMNS))

    def third(grid: Grid) -> Grid:
        return _inserted(grid, "t3.denied_admin_inquiry.total", own)

    def second(grid: Grid) -> Grid:
        at = next((cells for cells in grid.rows if any((c.path or "").startswith("t2.normative") for c in cells)), ())
        paths = [cell.path for cell in at if cell.path]
        extra = (Cell("其他主动公开文件"), *(Cell("4") for _ in paths))
        return _inserted(grid, paths[-1], extra) if paths else grid

    changed = _with_grid(document, _third(report), third)
    return _with_grid(changed, 0, second) if report.forms["t2"] else changed


def _inserted(grid: Grid, path: str, extra: tuple[Cell, ...]) -> Grid:
    """The grid with a row below that of a figure; spans that reach to that row or beyond it grow by one."""
    at = next((row for row, cells in enumerate(grid.rows) if any(cell.path == path for cell in cells)), None)
    if at is None:
        return grid
    rows = [list(row) for row in grid.rows]
    for placed in grid.placed():
        if placed.cell.rowspan > 1 and placed.row <= at < placed.row + placed.cell.rowspan:
            index = rows[placed.row].index(placed.cell)
            rows[placed.row][index] = replace(placed.cell, rowspan=placed.cell.rowspan + 1)
    return replace(grid, rows=(*map(tuple, rows[: at + 1]), extra, *map(tuple, rows[at + 1 :])))


def explained_labels(report: ReportTruth, document: Document) -> Document:
    """Long explanations in brackets behind labels and column heads."""

    def change(grid: Grid) -> Grid:
        rows = tuple(
            tuple(cell if cell.path else replace(cell, text=EXPLAINED.get(cell.text, cell.text)) for cell in row)
            for row in grid.rows
        )
        return replace(grid, rows=rows)

    return _with_grid(document, 0, change) if report.forms["t2"] else document


def lost_spans(report: ReportTruth, document: Document) -> Document:
    """A label that lost a column of its span: figures stand one to the left, an empty cell ends the row."""

    def row(cells: tuple[Cell, ...]) -> tuple[Cell, ...]:
        at = next((n for n, cell in enumerate(cells) if cell.path), 0) - 1
        if at < 0 or cells[at].colspan < 2 or not all(cell.text for cell in cells[at + 1 :]):
            return cells
        return (*cells[:at], replace(cells[at], colspan=cells[at].colspan - 1), *cells[at + 1 :], Cell(""))

    return _with_grid(document, _third(report), lambda grid: replace(grid, rows=tuple(map(row, grid.rows))))


def empty_corner(report: ReportTruth, document: Document) -> Document:
    """Table three without the identity that its corner prints."""

    def change(grid: Grid) -> Grid:
        (corner, *rest), *rows = grid.rows
        return replace(grid, rows=((replace(corner, text=""), *rest), *rows))

    return _with_grid(document, _third(report), change)


def table_two_in_parts(report: ReportTruth, document: Document) -> Document:
    """A table of its own for every item of table two."""
    if not report.forms["t2"]:
        return document
    grid = document.grids()[0]
    anchors = [row for row, cells in enumerate(grid.rows) if row and len(cells) == 1]
    return _replaced(document, grid, list(cut(grid, anchors)))


def anchors_outside(report: ReportTruth, document: Document) -> Document:
    """The lines 第二十条第（…）项 as paragraphs above the parts of table two."""
    if not report.forms["t2"]:
        return document
    grid = document.grids()[0]
    anchors = [row for row, cells in enumerate(grid.rows) if row and len(cells) == 1]
    blocks: list[Paragraph | Grid] = []
    for part in cut(grid, anchors):
        blocks += [Paragraph(part.rows[0][0].text), replace(part, rows=part.rows[1:])]
    return _replaced(document, grid, blocks)


def table_three_split(report: ReportTruth, document: Document) -> Document:
    """Table three as two or three tables, cut where its pages were: spans begin again empty."""
    grid = document.grids()[_third(report)]
    return _replaced(document, grid, [*cut(grid, cut_places(grid, report.style))])


def table_three_split_with_heads(report: ReportTruth, document: Document) -> Document:
    """The same with the header rows and the labels of the groups printed again."""
    grid = document.grids()[_third(report)]
    return _replaced(document, grid, [*cut(grid, cut_places(grid, report.style), heads=True, again=True)])


def _replaced(document: Document, grid: Grid, parts: Sequence[Paragraph | Grid]) -> Document:
    blocks: list[Paragraph | Grid] = []
    for block in document.blocks:
        blocks += parts if block is grid else [block]
    return replace(document, blocks=tuple(blocks))
