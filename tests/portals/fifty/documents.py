"""The documents of the county: those of the portals with oddities in their tables, and the narratives of earlier years."""

from dataclasses import replace

from .. import documents
from ..documents import Document, Paragraph
from ..grids import Cell, Grid
from ..model import ReportTruth
from . import statistics
from .early import Chronicler
from .oddities import DOCUMENTS, SECRETS

# Explanations that some provinces print in their labels; other labels stand in them.
EXPLAINED = {
    "t2.normative_documents": "（指本单位制发并主动公开的规范性文件，不含规章）",
    "t3.granted": "（按申请提供信息或者告知获取方式的，不含部分公开）",
    "t3.unprocessed_duplicate": "（不含无正当理由大量反复申请）",
}
ROW_OF = {
    DOCUMENTS: ("t2.normative_documents", "其他主动公开文件"),
    SECRETS: ("t3.denied_admin_inquiry", "9.属于工作秘密"),
}


def document(report: ReportTruth, revision: int = 0) -> Document:
    """The document of a report."""
    if report.year < 2019:
        return _chronicle(report)
    made = documents.document(report, revision)
    return replace(
        made, blocks=tuple(_odd(block, report) if isinstance(block, Grid) else block for block in made.blocks)
    )


def _chronicle(report: ReportTruth) -> Document:
    told = Chronicler(report)
    blocks: list[Paragraph | Grid] = [Paragraph(told.introduction())]
    for heading, paragraphs in told.sections():
        blocks += [Paragraph(heading, "heading"), *map(Paragraph, paragraphs)]
    if "t2014" in report.forms:
        blocks.append(Paragraph("附件：政府信息公开情况统计表"))
        blocks.append(Paragraph(f"（{report.year}年度）"))
        blocks.append(statistics.table(report.figures, report.style, report.layout))
        blocks.append(Paragraph("单位负责人：　　　　审核人：　　　　填报人：　　　　"))
    return Document(report.title_lines, tuple(blocks), report.style, report.layout)


def _odd(grid: Grid, report: ReportTruth) -> Grid:
    """A table with what the report's layout and its rows of its own say."""
    for key, (after, label) in ROW_OF.items():
        prefix = f"{after[:2]}.{key}"
        paths = [path for path in report.figures if path.startswith(f"{prefix}.")]
        if paths and _row(grid, after) is not None:
            cells = [Cell(report.figures[path].written, path=path) for path in paths]
            grid = _with_row(grid, after, (Cell(label), *cells))
    if "explained" in report.layout:
        for row, words in EXPLAINED.items():
            grid = _relabelled(grid, row, words)
    if "unlabelled" in report.layout:
        grid = _unlabelled(grid, "t3.denied_")
    if "eight" in report.layout:
        grid = _with_cell(grid, "t3.processed_total", "0")
    return grid


def _row(grid: Grid, prefix: str) -> int | None:
    """The row whose figures stand under a path."""
    found = (n for n, row in enumerate(grid.rows) if any((cell.path or "").startswith(f"{prefix}.") for cell in row))
    return next(found, None)


def _replaced(grid: Grid, n: int, row: tuple[Cell, ...]) -> Grid:
    return replace(grid, rows=(*grid.rows[:n], row, *grid.rows[n + 1 :]))


def _with_row(grid: Grid, after: str, row: tuple[Cell, ...]) -> Grid:
    """A row more behind another; the cells that reach down over that one reach over the new one too."""
    place = _row(grid, after)
    assert place is not None
    rows = []
    for n, cells in enumerate(grid.rows):
        spans = [cell.rowspan > 1 and n <= place < n + cell.rowspan for cell in cells]
        rows.append(tuple(replace(cell, rowspan=cell.rowspan + wide) for cell, wide in zip(cells, spans, strict=True)))
    return replace(grid, rows=(*rows[: place + 1], row, *rows[place + 1 :]))


def _relabelled(grid: Grid, prefix: str, words: str) -> Grid:
    """The label of a row with an explanation behind it."""
    if (n := _row(grid, prefix)) is None:
        return grid
    row = grid.rows[n]
    label = max(k for k, cell in enumerate(row) if cell.path is None)
    return _replaced(grid, n, (*row[:label], replace(row[label], text=row[label].text + words), *row[label + 1 :]))


def _unlabelled(grid: Grid, prefix: str) -> Grid:
    """Rows whose own labels are empty, the label of their group is there."""
    rows = []
    for row in grid.rows:
        own = next((k for k, cell in enumerate(row) if (cell.path or "").startswith(prefix)), 0)
        rows.append((*row[: own - 1], replace(row[own - 1], text=""), *row[own:]) if own else row)
    return replace(grid, rows=tuple(rows))


def _with_cell(grid: Grid, prefix: str, text: str) -> Grid:
    """A row with a figure more than the table has columns."""
    if (n := _row(grid, prefix)) is None:
        return grid
    return _replaced(grid, n, (*grid.rows[n], Cell(text)))
