"""Finds the rows of the three statutory tables in a document's grids, whatever grid they stand in.

Tables are published whole, cut in pieces, or several in one grid, so the rows of all grids are read as one stream:
a row belongs to the table whose words it prints. Which form a row of table 二 belongs to is said by the header of its
sub-table; which form table 三 has is said by its rows under （六）.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from .cells import is_figure
from .forms import Column, Form, Row, SubTable, all_forms
from .labels import column_of, matches, plain, without_group
from .model import Cell, Grid

MIN_FIGURES = 4  # in a row of table 三 that no form knows: fewer are a heading with a year, or a note
MAX_LABEL = 90  # characters: the longest statutory label has 42; explanations in brackets follow some


@dataclass(frozen=True, slots=True)
class Hit:
    """A printed row of a form: its cells, the column of its label, the grid columns and texts of its header.

    `headed`: the header stands in the same grid. `doubled`: it prints a column twice, as of two years side by side.
    """

    form: str
    row: Row
    columns: tuple[Column, ...]
    cells: tuple[Cell, ...]
    label: int
    grid: int
    header: tuple[int, ...] = ()
    header_texts: tuple[str, ...] = ()
    headed: bool = False
    doubled: bool = False


@dataclass(slots=True)
class Found:
    """What the grids hold: hits per table, and rows of figures that no form knows."""

    t2: list[Hit] = field(default_factory=list)
    t3: list[Hit] = field(default_factory=list)
    t4: Hit | None = None
    unknown: list[_Printed] = field(default_factory=list)


def find(grids: Sequence[Grid]) -> Found:
    """All rows of the statutory tables in the grids of one report, in printed order."""
    found = Found()
    second, third, fourth = _Table2(), _Table3(), _Table4()
    for number, grid in enumerate(grids):
        second.new_grid()
        fourth.new_grid()
        for cells in grid.rows:
            row = _Printed(cells, number)
            if fourth.read(row):
                continue
            if hit := third.read(row):
                found.t3.append(hit)
            elif hit := second.read(row):
                found.t2.append(hit)
            elif third.in_grid == number and row.figures() >= MIN_FIGURES:
                found.unknown.append(row)
    found.t4 = fourth.hit()
    return found


class _Printed:
    """A row of the stream with its plain labels by column, computed once."""

    def __init__(self, cells: tuple[Cell, ...], grid: int) -> None:
        self.cells, self.grid = cells, grid
        self.labels = [(x, plain(cell.text)) for x, cell in enumerate(cells) if 0 < len(cell.text) <= MAX_LABEL]

    def texts(self) -> set[str]:
        return {label for _, label in self.labels}

    def figures(self) -> int:
        """How many cells could be figures."""
        return sum(1 for cell in self.cells if cell.text and is_figure(cell.text))

    def only_figures_after(self, column: int) -> bool:
        """Whether what stands after a label are figures and blanks, not words."""
        return all(is_figure(cell.text) for x, cell in enumerate(self.cells) if x > column and cell.text)

    def filled_after(self, column: int) -> int:
        return sum(1 for x, cell in enumerate(self.cells) if x > column and cell.text)


class _Table2:
    """Table 二: an anchor row, a header row, rows of figures, for each part; the header decides the form.

    行政许可 and 规章 stand in many tables: a row counts only below an anchor or a header of the form, in its own grid.
    """

    def __init__(self) -> None:
        self.header: list[tuple[int, str, str]] = []
        self.anchored = False
        self.forms: list[str] = []

    def new_grid(self) -> None:
        self.header, self.anchored = [], False

    def read(self, row: _Printed) -> Hit | None:
        if any(label.startswith("第二十条") for _, label in row.labels):
            self.header, self.anchored = [], True
            return None
        for x, label in row.labels:
            if candidates := list(self._candidates(label)):
                return self._hit(row, x, candidates) if self.header or self.anchored else None
        if row.labels:
            self._read_header(row)
        return None

    def _hit(self, row: _Printed, x: int, candidates: list[tuple[Form, SubTable, Row]]) -> Hit:
        form, part, known = max(candidates, key=lambda candidate: self._fit(candidate, row.filled_after(x)))
        self.forms.append(form.id)
        xs = self._columns(part)
        whole = len(xs) == len(part.columns)
        return Hit(
            form.id,
            known,
            part.columns,
            row.cells,
            x,
            row.grid,
            tuple(x for x, _ in xs) if whole else (),
            tuple(text for _, text in xs) if whole else (),
        )

    def _candidates(self, label: str) -> Iterator[tuple[Form, SubTable, Row]]:
        for form in all_forms().values():
            for part in form.t2:
                for row in part.rows:
                    if matches(row, label, whole=False):
                        yield form, part, row

    def _read_header(self, row: _Printed) -> None:
        known = [column for form in all_forms().values() for part in form.t2 for column in part.columns]
        texts = {x: row.cells[x].text for x, _ in row.labels}
        header = [(x, label, texts[x]) for x, label in row.labels if column_of(tuple(known), label)]
        if header:
            self.header = header

    def _columns(self, part: SubTable) -> list[tuple[int, str]]:
        """Grid column and header text of each column of the part that the current header prints, in order."""
        xs = []
        for column in part.columns:
            hit = next(((x, text) for x, label, text in self.header if column_of(part.columns, label) == column), None)
            if hit:
                xs.append(hit)
        return xs

    def _fit(self, candidate: tuple[Form, SubTable, Row], filled: int) -> tuple[bool, bool, int, int]:
        """How well a form's part explains the row: by the header, then the number of figures, then its neighbours."""
        form, part, _ = candidate
        by_header = bool(self.header) and len(self._columns(part)) == len(part.columns) == len(self.header)
        return by_header, filled == len(part.columns), self.forms.count(form.id), form.first_year


class _Table3:
    """Table 三: rows are matched by their rightmost label; header words that are row labels too wait for the groups."""

    def __init__(self) -> None:
        form = max(all_forms().values(), key=lambda form: form.first_year)
        self.columns = form.t3_columns
        self.rows = {row.key: (row, form.id) for form in all_forms().values() for row in form.t3_rows}
        self.seen: set[str] = set()
        self.header: dict[str, int] = {}
        self.header_grid = self.in_grid = -1

    def read(self, row: _Printed) -> Hit | None:
        if row.texts() & {"申请人情况", "自然人", "商业企业", "科研机构"}:
            self._read_header(row)
            return None
        for x, label in reversed(row.labels):
            for key, (known, form) in self.rows.items():
                fits = matches(known, label, whole=True) or matches(known, without_group(label), whole=True)
                if fits and self._may(known, row, x):
                    self.seen.add(key)
                    self.in_grid = row.grid
                    return self._hit(form, known, row, x)
        return None

    def _hit(self, form: str, known: Row, row: _Printed, x: int) -> Hit:
        headed, doubled = self.header_grid == row.grid, -1 in self.header.values()
        return Hit(form, known, self.columns, row.cells, x, row.grid, self._header(), headed=headed, doubled=doubled)

    def _may(self, row: Row, printed: _Printed, label: int) -> bool:
        """A row has cells after its label. 总计 and 其他 count only in table 三's own grid, with figures beside them, once,
        and after the groups before them: 其他 after （五） has begun, 总计 after （五） or （六）.
        """
        if label + 1 >= len(printed.cells):
            return False
        if not row.collides:
            return True
        groups = {self.rows[key][0].group for key in self.seen} - {"results"}
        numbered = plain(printed.cells[label].text[:3] + "总计") == "总计" and "七" in printed.cells[label].text[:3]
        begun = groups & {"unprocessed", "other"} or "other_total" in self.seen or (numbered and self.seen)
        here = row.key not in self.seen and printed.grid in (self.in_grid, self.in_grid + 1)
        return bool(begun) and here and printed.only_figures_after(label)

    def _read_header(self, row: _Printed) -> None:
        if "自然人" in row.texts():
            self.header, self.header_grid = {}, row.grid
        for x, label in row.labels:
            for column in self.columns:
                if label in column.words:
                    twice = column.key in self.header and self.header[column.key] != x
                    self.header[column.key] = -1 if twice else x  # two years side by side: nothing tells which

    def _header(self) -> tuple[int, ...]:
        """Grid columns of the seven header words in the form's order, or nothing where the header is not whole."""
        xs = tuple(self.header.get(column.key, -1) for column in self.columns)
        return xs if -1 not in xs and len(set(xs)) == len(xs) else ()


class _Table4:
    """Table 四: header rows that begin with 行政复议 or 结果维持, then one row of fifteen figures without a label."""

    def __init__(self) -> None:
        form = max(all_forms().values(), key=lambda form: form.first_year)
        self.blocks, self.columns = form.t4_blocks, form.t4_columns
        self.header: dict[int, str] = {}
        self.began = False
        self.row: _Printed | None = None
        self.blank: _Printed | None = None

    def new_grid(self) -> None:
        """A header counts in its own grid only; what follows a page break was stitched to it."""
        self.began = False

    def read(self, row: _Printed) -> bool:
        """Take the row if it belongs to table 四; True when it does."""
        words = {word: column.key for column in self.columns for word in column.words}
        texts = row.texts()
        if texts & {"行政复议", "行政诉讼", "未经复议直接起诉", "复议后起诉", "结果维持", "结果纠正", "尚未审结"}:
            if not self.began and not self.row:
                self.header = {}
            self.began = True
            if not self.row:
                self.header.update({x: words[label] for x, label in row.labels if label in words})
            return True
        if not self.began or self.row or not self.header or not row.only_figures_after(-1):
            return False
        if row.labels:
            self.row = row
        else:
            self.blank = self.blank or row
        return True

    def hit(self) -> Hit | None:
        row = self.row or self.blank
        if row is None:
            return None
        keys = [column.key for column in self.columns] * len(self.blocks)
        whole = [self.header[x] for x in sorted(self.header)] == keys
        header = tuple(sorted(self.header)) if whole else ()
        return Hit("", self.blocks[0], self.columns * len(self.blocks), row.cells, -1, row.grid, header)
