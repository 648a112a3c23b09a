"""Finds the rows of the three statutory tables in a document's grids, whatever grid they stand in.

Tables are published whole, cut in pieces, or several in one grid, so the rows of all grids are read as one stream:
a row belongs to the table whose words it prints. Which form a row of table 二 belongs to is said by the header of its
sub-table; which form table 三 has is said by its rows under （六）.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from .forms import Column, Form, Row, SubTable, all_forms
from .labels import column_of, matches, plain
from .model import Cell, Grid

MAX_LABEL = 90  # characters: the longest statutory label has 42; explanations in brackets follow some


@dataclass(frozen=True, slots=True)
class Hit:
    """A printed row of a form: its cells, the column of its label, the grid columns and texts of its header."""

    form: str
    row: Row
    columns: tuple[Column, ...]
    cells: tuple[Cell, ...]
    label: int
    grid: int
    header: tuple[int, ...] = ()
    header_texts: tuple[str, ...] = ()


@dataclass(slots=True)
class Found:
    """What the grids hold: hits per table, and rows of figures that no form knows."""

    t2: list[Hit] = field(default_factory=list)
    t3: list[Hit] = field(default_factory=list)
    t4: Hit | None = None
    unknown: list[tuple[str, tuple[Cell, ...]]] = field(default_factory=list)


def find(grids: Sequence[Grid]) -> Found:
    """All rows of the statutory tables in the grids of one report, in printed order."""
    found = Found()
    second, third, fourth = _Table2(), _Table3(), _Table4()
    for number, grid in enumerate(grids):
        for cells in grid.rows:
            row = _Printed(cells, number)
            if hit := third.read(row):
                found.t3.append(hit)
            elif third.began and fourth.read(row):
                continue
            elif not third.began and (hit := second.read(row)):
                found.t2.append(hit)
            elif not third.began and fourth.read(row):
                continue
    found.t4 = fourth.hit()
    return found


class _Printed:
    """A row of the stream with its plain labels by column, computed once."""

    def __init__(self, cells: tuple[Cell, ...], grid: int) -> None:
        self.cells, self.grid = cells, grid
        self.labels = [(x, plain(cell.text)) for x, cell in enumerate(cells) if 0 < len(cell.text) <= MAX_LABEL]

    def texts(self) -> set[str]:
        return {label for _, label in self.labels}

    def filled_after(self, column: int) -> int:
        return sum(1 for x, cell in enumerate(self.cells) if x > column and cell.text)


class _Table2:
    """Table 二: an anchor row, a header row, rows of figures, for each part; the header decides the form."""

    def __init__(self) -> None:
        self.header: list[tuple[int, str, str]] = []
        self.forms: list[str] = []

    def read(self, row: _Printed) -> Hit | None:
        if not row.labels:
            return None
        first, label = row.labels[0]
        if label.startswith("第二十条"):
            self.header = []
            return None
        candidates = list(self._candidates(label))
        if not candidates:
            self._read_header(row)
            return None
        form, part, known = max(candidates, key=lambda candidate: self._fit(candidate, row.filled_after(first)))
        self.forms.append(form.id)
        xs = self._columns(part)
        return Hit(
            form.id,
            known,
            part.columns,
            row.cells,
            first,
            row.grid,
            tuple(x for x, _ in xs) if len(xs) == len(part.columns) else (),
            tuple(text for _, text in xs) if len(xs) == len(part.columns) else (),
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

    @property
    def began(self) -> bool:
        return bool(self.seen)

    def read(self, row: _Printed) -> Hit | None:
        texts = row.texts()
        if texts & {"申请人情况", "自然人", "商业企业", "科研机构"}:
            self._read_header(row)
            return None
        for x, label in reversed(row.labels):
            for key, (known, form) in self.rows.items():
                if key not in self.seen and matches(known, label, whole=True) and self._may(known):
                    if x + 1 >= len(row.cells):
                        return None
                    self.seen.add(key)
                    return Hit(form, known, self.columns, row.cells, x, row.grid, self._header())
        return None

    def _may(self, row: Row) -> bool:
        """总计 counts as a row only after the results have begun, 其他 only after （五） or （六） has."""
        if not row.collides:
            return True
        groups = {self.rows[key][0].group for key in self.seen}
        return bool(groups & ({"unprocessed", "other"} if row.group == "other" else {"results", "denied", "unable"}))

    def _read_header(self, row: _Printed) -> None:
        if "自然人" in row.texts():
            self.header = {}
        for x, label in row.labels:
            for column in self.columns:
                if label in column.words:
                    self.header[column.key] = x

    def _header(self) -> tuple[int, ...]:
        """Grid columns of the seven header words, or nothing where the header is not whole or not in order."""
        xs = tuple(self.header.get(column.key, -1) for column in self.columns)
        return xs if -1 not in xs and list(xs) == sorted(set(xs)) else ()


class _Table4:
    """Table 四: three header rows, then one row of fifteen figures without a label."""

    def __init__(self) -> None:
        form = max(all_forms().values(), key=lambda form: form.first_year)
        self.blocks, self.columns = form.t4_blocks, form.t4_columns
        self.header: dict[int, str] = {}
        self.row: _Printed | None = None
        self.blank: _Printed | None = None

    def read(self, row: _Printed) -> bool:
        """Take the row if it belongs to table 四; True when it does."""
        words = {word: column.key for column in self.columns for word in column.words}
        header = {x: words[label] for x, label in row.labels if label in words}
        if header or row.texts() & {"行政复议", "行政诉讼", "未经复议直接起诉", "复议后起诉"}:
            self.header.update(header)
            return True
        if not self.header or self.row:
            return False
        if all(
            not any("\u4e00" <= character <= "\u9fff" for character in label.strip("无")) for _, label in row.labels
        ):
            if row.labels:
                self.row = row
            else:
                self.blank = self.blank or row
            return True
        return False

    def hit(self) -> Hit | None:
        row = self.row or self.blank
        if row is None:
            return None
        keys = [column.key for column in self.columns] * len(self.blocks)
        whole = [self.header[x] for x in sorted(self.header)] == keys
        header = tuple(sorted(self.header)) if whole else ()
        return Hit("", self.blocks[0], self.columns * len(self.blocks), row.cells, -1, row.grid, header)
