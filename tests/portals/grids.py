"""The three tables as neutral grids of cells with spans, laid out as the official forms are.

Table two is one table of four columns, in which each sub-table begins with its anchor over the full width; table
three has ten columns with grouped row labels, table four fifteen under three header rows. Renderers turn a grid into
HTML, Word or PDF; a figure's cell knows its path, so that a test can find it again.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from .form import DENIED, OTHER, T2, T3_COLUMNS, T4_BLOCKS, T4_COLUMNS, UNABLE, UNPROCESSED
from .labels import Labels
from .model import Figure

Figures = Mapping[str, Figure]


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell at the origin of its span; `path` only where it holds a figure."""

    text: str
    colspan: int = 1
    rowspan: int = 1
    path: str | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """A cell with the row and the column of its origin."""

    row: int
    column: int
    cell: Cell


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: rows of cells, relative column widths, and how many rows are its header."""

    rows: tuple[tuple[Cell, ...], ...]
    widths: tuple[float, ...]
    head: int = 0

    def placed(self) -> list[Placed]:
        """Every cell at its place, positions covered by spans skipped."""
        taken: set[tuple[int, int]] = set()
        found = []
        for row, cells in enumerate(self.rows):
            column = 0
            for cell in cells:
                while (row, column) in taken:
                    column += 1
                found.append(Placed(row, column, cell))
                taken |= {(row + y, column + x) for y in range(cell.rowspan) for x in range(cell.colspan)}
                column += cell.colspan
        return found


def table_two(figures: Figures, form: str, labels: Labels) -> Grid:
    """Table 二 of either form; rows without figures are not printed."""
    rows: list[tuple[Cell, ...]] = []
    for table in T2[form]:
        last = 4 - len(table.columns)
        spans = [1] * (len(table.columns) - 1) + [last]
        units = [_unit(figures, table.rows, column.key) for column in table.columns]
        heads = [labels.t2_column(form, c.key, unit) for c, unit in zip(table.columns, units, strict=True)]
        rows.append((Cell(labels.anchor(table.anchor), colspan=4),))
        rows.append((Cell("信息内容"), *(Cell(h, span) for h, span in zip(heads, spans, strict=True))))
        for row in table.rows:
            paths = [f"t2.{row}.{column.key}" for column in table.columns]
            if paths[0] in figures:
                cells = [_figure(figures, path, span) for path, span in zip(paths, spans, strict=True)]
                rows.append((Cell(labels.t2_row(form, row)), *cells))
    return Grid(tuple(rows), (1.6, 1, 1, 1))


def table_three(figures: Figures, form: str, labels: Labels) -> Grid:
    """Table 三; `form` decides whether （六） is one row or three."""
    top = [
        (Cell(labels.corner(), colspan=3, rowspan=3), Cell("申请人情况", colspan=7)),
        (
            Cell(labels.t3_column("natural_person"), rowspan=2),
            Cell("法人或其他组织", colspan=5),
            Cell(labels.t3_column("total"), rowspan=2),
        ),
        tuple(Cell(labels.t3_column(column)) for column in T3_COLUMNS[1:-1]),
    ]
    before = [_wide(figures, row, labels) for row in _printed(figures, ("new_received", "carried_in"))]
    results = list(_results(figures, form, labels))
    group = Cell(labels.group("results"), rowspan=len(results))
    results[0] = (group, *results[0])
    after = [_wide(figures, row, labels) for row in _printed(figures, ("carried_out",))]
    return Grid((*top, *before, *results, *after), (1, 1.7, 4.3, 1, 1, 1, 1, 1, 1, 1), head=3)


def _results(figures: Figures, form: str, labels: Labels) -> Iterator[tuple[Cell, ...]]:
    others: dict[str, tuple[str, ...]] = {"other": OTHER[form]}
    if form == "y2019":
        others = {"other_total": ("other_total",)}
    layout = {"granted": ("granted",), "partial": ("partial",), "denied": DENIED, "unable": UNABLE}
    layout |= {"unprocessed": UNPROCESSED} | others | {"processed_total": ("processed_total",)}
    for group, members in layout.items():
        rows = _printed(figures, members)
        for index, row in enumerate(rows):
            cells = _seven(figures, row)
            if group == row:
                yield (Cell(labels.t3_row(row), colspan=2), *cells)
            elif index == 0:
                yield (Cell(labels.group(group), rowspan=len(rows)), Cell(labels.t3_row(row)), *cells)
            else:
                yield (Cell(labels.t3_row(row)), *cells)


def table_four(figures: Figures, labels: Labels) -> Grid:
    """Table 四: one row of fifteen figures."""
    names = [labels.t4_column(column) for column in T4_COLUMNS]
    rows = (
        (Cell("行政复议", colspan=5), Cell("行政诉讼", colspan=10)),
        (
            *(Cell(name, rowspan=2) for name in names),
            Cell("未经复议直接起诉", colspan=5),
            Cell("复议后起诉", colspan=5),
        ),
        tuple(Cell(name) for name in names * 2),
        tuple(_figure(figures, f"t4.{block}.{column}") for block in T4_BLOCKS for column in T4_COLUMNS),
    )
    return Grid(rows, (1,) * 15, head=3)


def _wide(figures: Figures, row: str, labels: Labels) -> tuple[Cell, ...]:
    return (Cell(labels.t3_row(row), colspan=3), *_seven(figures, row))


def _seven(figures: Figures, row: str) -> list[Cell]:
    return [_figure(figures, f"t3.{row}.{column}") for column in T3_COLUMNS]


def _printed(figures: Figures, rows: tuple[str, ...]) -> list[str]:
    return [row for row in rows if f"t3.{row}.total" in figures]


def _figure(figures: Figures, path: str, colspan: int = 1) -> Cell:
    return Cell(figures[path].written, colspan, path=path)


def _unit(figures: Figures, rows: tuple[str, ...], column: str) -> str | None:
    units = [figures[f"t2.{row}.{column}"].unit for row in rows if f"t2.{row}.{column}" in figures]
    return units[0] if units else None
