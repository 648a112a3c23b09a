"""Table 三: rows are matched by their rightmost label; header words that are row labels too wait for the groups.

A header that comes when the table has ended begins a second printing of it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from ..forms import Column, Row, all_forms
from ..labels import bare, matches, plain, without_group
from ..tablewords import is_anchor, is_header, is_second
from .header import Header, Resolved, resolve, year_marks
from .order import Gap, fill
from .rows import ORDER, UNLABELLED, Hit, Loose, Printed, filled_rows, local, loose

MIN_FIGURES = 4  # in a row that no form knows, outside of the table's rows: fewer are a heading with a year, or a note
FOREIGN = 4  # words side by side that are no form's: a header of another table
_YEARS = re.compile(r"20[0-3]\d")
YEAR = 4  # digits
HEADS = {"申请人情况", "自然人", "商业企业", "科研机构"}
ENDS = ("processed_total", "carried_out")


@dataclass(frozen=True, slots=True)
class _Known:
    """A row with a label of a form, as the key of that row."""

    printed: Printed
    label: int
    key: str


@dataclass(slots=True)
class _Printing:
    """The table as it is printed once: its header, as often as it stands there, and its rows."""

    headers: list[Header] = field(default_factory=list)
    rows: list[tuple[_Known | Loose, Header]] = field(default_factory=list)


@lru_cache(maxsize=1)
def _rows() -> dict[str, tuple[Row, str]]:
    """Every row by its key, with the form whose row it is."""
    return {row.key: (row, form.id) for form in all_forms().values() for row in form.t3_rows}


@lru_cache(maxsize=20_000)
def _keys(label: str) -> tuple[str, ...]:
    """The rows whose label a plain label is."""
    alone = without_group(bare(label))
    return tuple(
        key for key, (row, _) in _rows().items() if matches(row, label, whole=True) or matches(row, alone, whole=True)
    )


class Table3:
    """Reads the rows of table 三 in printed order; `hits` gives them when all were read."""

    def __init__(self, year: int | None) -> None:
        self.year = year
        self.columns = max(all_forms().values(), key=lambda form: form.first_year).t3_columns
        self.seen: set[str] = set()
        self.marks: tuple[int, dict[int, int]] = (-1, {})
        self.header = Header()
        self.printings = [_Printing()]
        self.in_grid = -1
        self.foreign = -1  # the grid whose header is that of another table
        self.in_header = False  # whether the row before was one of the header

    @property
    def unfinished(self) -> bool:
        """Whether rows may follow in the next grid."""
        return bool(self.seen) and "carried_out" not in self.seen

    def read(self, row: Printed) -> bool:
        """Take the row if it is of the header or has a label of the form; True when it does."""
        if row.texts & HEADS:
            self._read_header(row)
            return True
        if marks := year_marks(row, self.year):
            self.marks = (row.grid, marks)
            if self.header.grid == row.grid and not self.printings[-1].rows:
                self.header.marks = marks
            if self.header.grid != row.grid and self.in_grid != row.grid:
                self.foreign = row.grid  # until a header of the form follows
            return self.header.grid == row.grid
        if self._is_foreign(row):
            self.foreign = row.grid
        if self.foreign == row.grid:
            return False
        row = self.header.own(row)
        for x, label in reversed(row.labels):
            for key in _keys(label):
                if self._may(_rows()[key][0], row, x):
                    self.seen.add(key)
                    self.in_grid = row.grid
                    self.in_header = False
                    self.printings[-1].rows.append((_Known(row, x, key), self.header))
                    return True
        return False

    def loose(self, row: Printed) -> None:
        """Keep a row of figures that stands among those of the table."""
        row = self.header.own(row)
        xs = [head.x for head in self.header.heads] if self.header.grid == row.grid else []
        told = all(cell.covered is not None for cell in row.cells)
        begin = min((head.x for head in self.header.heads if head.label in self.columns[0].words), default=None)
        if kept := loose(row, begin if xs and told else None):
            self.in_header = False
            self.printings[-1].rows.append((kept, self.header))

    def hits(self) -> tuple[list[Hit], list[str]]:
        """The rows, and what is to be said of those that nothing tells."""
        hits: list[Hit] = []
        notes: list[str] = []
        for printing in self.printings:
            self._hits(printing, hits, notes)
        return hits, notes

    def _may(self, row: Row, printed: Printed, label: int) -> bool:
        """A row has cells after its label. 总计 and 其他 count only in table 三's own grid, with figures beside them, once,
        and after the groups before them: 其他 after （五） has begun, 总计 after （五） or （六）.
        """
        if label + 1 >= len(printed.cells):
            return False
        if not row.collides:
            return True
        groups = {_rows()[key][0].group for key in self.seen} - {"results"}
        numbered = plain(printed.cells[label].text[:3] + "总计") == "总计" and "七" in printed.cells[label].text[:3]
        begun = groups & {"unprocessed", "other"} or "other_total" in self.seen or (numbered and self.seen)
        again = numbered and printed.filled_after(label) > 0  # 合计 above it was an office's: two that differ are none
        here = (row.key not in self.seen or again) and printed.grid in (self.in_grid, self.in_grid + 1)
        return bool(begun) and here and printed.only_figures_after(label)

    def _is_foreign(self, row: Printed) -> bool:
        """Whether a row above all rows of the table in its grid is a header of another one: 项目 | 甲镇 | 乙镇 | …."""
        if self.header.grid == row.grid or self.in_grid == row.grid:
            return False
        years = sum(1 for cell in row.cells if len(cell.text) == YEAR and _YEARS.fullmatch(cell.text))
        if len(row.words) + years < FOREIGN or row.figures() > years:
            return False
        known = (_keys(label) or is_header(label) or is_anchor(label) or is_second(label) for _, label in row.words)
        return not any(known)

    def _read_header(self, row: Printed) -> None:
        first = row.texts & {"自然人", "申请人情况"}
        if first and not self.in_header:
            self.header = Header()
        self.in_header = True
        self.foreign = -1
        if first and self.seen & set(ENDS):
            self.seen = set()
            self.printings.append(_Printing())
        self.header.grid = row.grid
        self.header.add(row)
        if self.marks[0] == row.grid and not self.header.marks:
            self.header.marks = self.marks[1]

    # --- when all were read

    def _hits(self, printing: _Printing, hits: list[Hit], notes: list[str]) -> None:
        rows = [row for row, _ in printing.rows]
        ordered = _ordered(rows, headed=any(header.heads for _, header in printing.rows))
        resolved: dict[int, Resolved] = {}
        known = [n for n, row in enumerate(rows) if isinstance(row, _Known)]
        below = [(row.printed, row.label) for row in rows]
        most = filled_rows(below)
        for n, (row, header) in enumerate(printing.rows):
            if id(header) not in resolved:
                resolved[id(header)] = resolve(self.columns, header, self.year, most, below, self._which)
            head = resolved[id(header)]
            if isinstance(row, _Known):
                hits.append(_hit(row.key, row.printed, row.label, header, head))
            elif key := ordered.get(n):
                label = row.label if row.words else _label(row, rows, n)
                hits.append(_hit(key, row.printed, label, header, head, ORDER))
            elif _is_local(row) and (_within(n, known) or row.printed.figures() >= MIN_FIGURES):
                hits.append(_local_hit(row, header, head))
            elif row.printed.figures() >= MIN_FIGURES or _within(n, known):
                notes.append(f"a row of table 三 whose label nothing tells: {row.printed.written()}")

    def _which(self, label: str) -> Column | None:
        words = bare(label)
        return next((column for column in self.columns if words in column.words), None)


def _ordered(rows: Sequence[_Known | Loose], headed: bool) -> dict[int, str]:
    """The keys of rows without labels, by their number, where their count fits what the form has there."""
    gaps: list[Gap] = []
    before: str | None = None
    members: list[tuple[int, str]] = []
    for n, row in enumerate(rows):
        if isinstance(row, _Known):
            gaps.append(Gap(before, row.key, tuple(members)))
            before, members = row.key, []
        elif not row.words or row.group:
            members.append((n, row.group))
    gaps.append(Gap(before, None, tuple(members)))
    return fill(gaps, [row.key for row in rows if isinstance(row, _Known)], headed)


def _within(n: int, known: Sequence[int]) -> bool:
    """Whether a row stands between rows of the form."""
    return bool(known) and known[0] < n < known[-1]


def _is_local(row: Loose) -> bool:
    """Whether a row has words of its own, and not those of another row of the form, which stand in the wrong place."""
    return bool(row.words) and not _keys(plain(row.words))


def _label(row: Loose, rows: Sequence[_Known | Loose], n: int) -> int:
    """The column of a label that is not printed: where the row before has its own, if that stands before the figures."""
    first = next(x for x, cell in enumerate(row.printed.cells) if x > row.label and cell.text)
    told = all(cell.covered is not None for cell in row.printed.cells)
    before = next((other.label for other in reversed(rows[:n]) if isinstance(other, _Known)), -1)
    return max(row.label, min(before, first - 1)) if told else row.label


def _hit(key: str, row: Printed, label: int, header: Header, head: Resolved, matched: str = "") -> Hit:
    known, form = _rows()[key]
    return Hit(
        form, known, head.columns, row.cells, label, row.grid, head.xs,
        headed=header.grid == row.grid, doubled=head.doubled, matched=matched, note=UNLABELLED if matched else "",
        head_note=head.note,
    )  # fmt: skip


def _local_hit(row: Loose, header: Header, head: Resolved) -> Hit:
    known, note = local(row)
    headed = header.grid == row.printed.grid
    return Hit(
        "", known, head.columns, row.printed.cells, row.label, row.printed.grid, head.xs,
        headed=headed, doubled=head.doubled, note=note, head_note=head.note,
    )  # fmt: skip
