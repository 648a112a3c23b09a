"""Table 四: header rows that begin with 行政复议 or 结果维持, then a row of fifteen figures, as a rule without a label."""

from __future__ import annotations

from collections.abc import Mapping

from ..forms import all_forms
from .header import named_year
from .rows import Hit, Printed

WORDS = {"行政复议", "行政诉讼", "未经复议直接起诉", "复议后起诉", "结果维持", "结果纠正", "尚未审结"}
MIN_FIGURES = (
    3  # in a row with a label, as where only the totals are filled: fewer are a telephone number below the table
)

MOST_FIGURES = 10  # in a row in which words are written for a figure


class Table4:
    """Reads the rows of table 四; `hits` gives them when all were read, one for each row of figures."""

    def __init__(self, year: int | None) -> None:
        form = max(all_forms().values(), key=lambda form: form.first_year)
        self.blocks, self.columns = form.t4_blocks, form.t4_columns
        self.words = {word: column.key for column in self.columns for word in column.words}
        self.year = year
        self.header: dict[int, str] = {}
        self.began = False
        self.rows: list[tuple[Printed, dict[int, str]]] = []
        self.blank: tuple[Printed, dict[int, str]] | None = None

    def new_grid(self) -> None:
        """A header counts in its own grid only; what follows a page break was stitched to it."""
        self.began = False

    def read(self, row: Printed) -> bool:
        """Take the row if it belongs to table 四; True when it does."""
        if row.texts() & WORDS:
            if not self.began or any(other.grid == row.grid for other, _ in self.rows):
                self.header = {}
            self.began = True
            self.header = self.header | {x: self.words[label] for x, label in row.labels if label in self.words}
            return True
        if not self.began or not self.header:
            return False
        if not row.labels:
            self.blank = self.blank or (row, self.header)
            return True
        label = self._label(row, self.header)
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
        labels = [x for x, _ in row.words() if x < min(header) or row.filled_after(x) >= wanted]
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
        return next((year for _, label in row.words() if (year := named_year(label, self.year)) is not None), None)

    def _hit(self, row: Printed, header: dict[int, str], year: int | None) -> Hit:
        keys = [column.key for column in self.columns] * len(self.blocks)
        whole = [header[x] for x in sorted(header)] == keys
        xs = tuple(sorted(header)) if whole else ()
        other = year is not None and year != self.year
        note = f"a row of {year}, which is not the report's year" if other else ""
        return Hit(
            "", self.blocks[0], self.columns * len(self.blocks), row.cells, self._label(row, header), row.grid, xs,
            doubled=other, note=note,
        )  # fmt: skip
