"""Table 四: header rows that begin with 行政复议 or 结果维持, then a row of fifteen figures, as a rule without a label."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from ..forms import all_forms
from ..labels import bare
from .header import named_year
from .rows import Hit, Printed

WORDS = {"行政复议", "行政诉讼", "未经复议直接起诉", "复议后起诉", "结果维持", "结果纠正", "尚未审结"}
MIN_FIGURES = (
    3  # in a row with a label, as where only the totals are filled: fewer are a telephone number below the table
)

MOST_FIGURES = 10  # in a row in which words are written for a figure


class _Head(Struct, frozen=True):
    """The words of a header: the keys of its columns by grid column, and which blocks stand before those that the form has first."""

    columns: Mapping[int, str] = {}
    law_first: bool = False  # 行政诉讼 before 行政复议
    after_first: bool = False  # 复议后起诉 before 未经复议直接起诉


class Table4:
    """Reads the rows of table 四; `hits` gives them when all were read, one for each row of figures."""

    def __init__(self, year: int | None) -> None:
        form = max(all_forms().values(), key=lambda form: form.first_year)
        self.blocks, self.columns = form.t4_blocks, form.t4_columns
        self.words = {word: column.key for column in self.columns for word in column.words}
        self.year = year
        self.header = _Head()
        self.began = False
        self.rows: list[tuple[Printed, _Head]] = []
        self.blank: tuple[Printed, _Head] | None = None

    def new_grid(self) -> None:
        """A header counts in its own grid only; what follows a page break was stitched to it."""
        self.began = False

    def read(self, row: Printed) -> bool:
        """Take the row if it belongs to table 四; True when it does."""
        if row.texts & WORDS:
            if not self.began or any(other.grid == row.grid for other, _ in self.rows):
                self.header = _Head()
            self.began = True
            self.header = self._with(row)
            return True
        if not self.began or not self.header.columns:
            return False
        if row.is_blank:
            self.blank = self.blank or (row, self.header)
            return True
        label = self._label(row, self.header.columns)
        if not row.only_figures_after(label) and row.figures() < MOST_FIGURES:
            return False
        again = any(other.grid == row.grid for other, _ in self.rows)
        if (label >= 0 or again) and row.filled_after(label) < MIN_FIGURES:
            return False
        self.rows.append((row, self.header))
        return True

    def _label(self, row: Printed, header: Mapping[int, str]) -> int:
        """The column of a label: words before the header's columns, or before as many figures as it has. Words elsewhere
        are what somebody wrote for a figure."""
        wanted = len(self.columns) * len(self.blocks)
        labels = [x for x, _ in row.words if x < min(header) or row.filled_after(x) >= wanted]
        return max(labels, default=-1)

    def hits(self) -> list[Hit]:
        """The rows of figures. Of rows under years, that of the report's year; others beside it say nothing of it."""
        rows = self.rows or ([self.blank] if self.blank else [])
        years = [self._year(row) for row, _ in rows]
        if self.year in years:
            rows = [row for row, year in zip(rows, years, strict=True) if year in (self.year, None)]
            years = [year for year in years if year in (self.year, None)]
        return [self._hit(row, header, year) for (row, header), year in zip(rows, years, strict=True)]

    def _year(self, row: Printed) -> int | None:
        return next((year for _, label in row.words if (year := named_year(label, self.year)) is not None), None)

    def _with(self, row: Printed) -> _Head:
        """The header with a further row of it."""
        at = {bare(label): x for x, label in reversed(row.labels)}
        review, law = at.get("行政复议"), at.get("行政诉讼", at.get("未经复议直接起诉"))
        direct, after = at.get("未经复议直接起诉"), at.get("复议后起诉")
        head = self.header
        return _Head(
            {**head.columns, **{x: self.words[label] for x, label in row.labels if label in self.words}},
            head.law_first or (review is not None and law is not None and law < review),
            head.after_first or (direct is not None and after is not None and after < direct),
        )

    def _columns(self, head: _Head) -> tuple[int, ...]:
        """The grid columns of the form's columns, in its order; none where the header is not whole."""
        xs, keys = sorted(head.columns), [column.key for column in self.columns]
        wide = len(keys)
        blocks = [xs[begin : begin + wide] for begin in range(0, len(xs), wide)]
        if len(blocks) != len(self.blocks) or any({head.columns[x] for x in block} != set(keys) for block in blocks):
            return ()
        if head.after_first:
            blocks = [blocks[0], *blocks[:0:-1]] if not head.law_first else [blocks[1], blocks[0], blocks[2]]
        if head.law_first:
            blocks = [blocks[-1], *blocks[:-1]]
        return tuple(next(x for x in block if head.columns[x] == key) for block in blocks for key in keys)

    def _hit(self, row: Printed, head: _Head, year: int | None) -> Hit:
        xs = self._columns(head)
        other = year is not None and year != self.year
        # Another order where other columns stand between, or whole blocks that are not printed: no figure is in its place.
        turned = list(xs) != sorted(xs) and max(xs) - min(xs) >= len(xs)
        label, wanted = self._label(row, head.columns), len(self.columns) * len(self.blocks)
        fewer = len(head.columns) in (len(self.columns), 2 * len(self.columns)) and row.filled_after(label) < wanted
        note = f"a row of {year}, which is not the report's year" if other else ""
        if (turned or fewer) and not note:
            note = "its header does not print the columns of the form in their order"
        return Hit(
            "", self.blocks[0], self.columns * len(self.blocks), row.cells, label, row.grid, xs,
            doubled=other or turned or fewer, note=note,
        )  # fmt: skip
