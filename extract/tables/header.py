"""The header of a table: which grid column holds which figures, with columns that an office added, and of which year.

Two years side by side print every column twice. Where the header says which is which (2021年 | 2020年, 本年 | 上年), the
columns of the report's year are taken; else nothing tells, and the rows are ambiguous (`Hit.doubled`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from ..forms import Column
from ..labels import bare, local_key, plain
from ..tablewords import is_upper
from .rows import Printed, filled_columns, without_remarks

_YEAR = re.compile(r"\(?(20[0-3]\d)年度?\)?")
_THIS, _LAST = {"本年", "本年度", "今年", "当年"}, {"上年", "上年度", "上一年", "上一年度", "去年"}
LAST_YEAR = re.compile(r"上一?年度?|去年|往年")
_REMARKS = {"备注", "说明", "注", "备注说明"}
_CORNER = ("(本列数据", "申请人情况", "信息内容", "单位")
Rows = Sequence[tuple[Printed, int]]  # with the columns of their labels
LEFT_OUT = Column("", ("",), "")  # a column whose figures are not this report's


@dataclass(frozen=True, slots=True)
class Head:
    """A cell of a header: its grid column, its plain label, its text."""

    x: int
    label: str
    text: str


@dataclass(slots=True)
class Header:
    """The header rows of a table or of a part of it, as they are read; `grid`: where they stand."""

    grid: int = -1
    heads: list[Head] = field(default_factory=list)
    marks: dict[int, int] = field(default_factory=dict)  # years by grid column
    remarks: bool = False  # whether it has a column of remarks

    def add(self, row: Printed) -> None:
        heads = [Head(x, label, row.cells[x].text) for x, label in row.words]
        self.heads += heads
        self.remarks = self.remarks or any(bare(head.label) in _REMARKS for head in heads)

    def own(self, row: Printed) -> Printed:
        """A row below it, without the words of a column of remarks."""
        return without_remarks(row) if self.remarks else row


@dataclass(frozen=True, slots=True)
class Resolved:
    """The columns of a table in printed order, their grid columns and texts; those empty where the header is not whole."""

    columns: tuple[Column, ...]
    xs: tuple[int, ...] = ()
    texts: tuple[str, ...] = ()
    doubled: bool = False
    note: str = ""


def year_marks(row: Printed, year: int | None) -> dict[int, int]:
    """The years that a row names over columns, by grid column; nothing for a row that is no line of years."""
    years = {x: named for x, label in row.labels if "年" in label and (named := named_year(label, year)) is not None}
    return years if len(years) > 1 and not row.figures() else {}


@lru_cache(maxsize=20_000)
def named_year(label: str, year: int | None) -> int | None:
    """The year that a label is: 2021年, or 本年 and 上年 of the report's year."""
    if match := _YEAR.fullmatch(label):
        return int(match[1])
    if year is None:
        return None
    return year if label in _THIS else year - 1 if label in _LAST else None


@lru_cache(maxsize=20_000)
def without_year(label: str) -> str:
    """The label of a column without the year that it names: 2021年本年制发件数."""
    return _YEAR.sub("", label) or label


def resolve(
    form: tuple[Column, ...],
    header: Header,
    year: int | None,
    most: int,
    rows: Rows,
    which: Callable[[str], Column | None],
) -> Resolved:
    """Which grid columns a header gives to the columns of a form.

    `which` tells the column of a label; `rows`: those below it with the columns of their labels, because an added column
    that no row fills is no column of figures; `most`: figures in the fullest row.
    """
    found: dict[str, list[Head]] = {column.key: [] for column in form}
    for head in sorted(header.heads, key=lambda head: head.x):
        column = which(without_year(head.label))
        if column and column.key in found and head.x not in [other.x for other in found[column.key]]:
            found[column.key].append(head)
    twice = any(len(heads) > 1 for heads in found.values())
    if not twice and (named := _others_year(header, found, year, which)):
        return Resolved(form, doubled=True, note=f"its header names {named} alone, which is not the report's year")
    if not all(found.values()):
        replaced = None if twice else _replaced(form, found, header) or _fewer(form, found, header, most)
        return Resolved(*_columns(replaced)) if replaced else Resolved(form, doubled=twice)
    placed = _of_year(form, found, header, year) if twice else _of_marks(form, found, header, year)
    if placed is None:
        return Resolved(form, doubled=True)
    taken = [x for x, column, _ in placed if column.key]
    if len(set(taken)) < len(taken):
        return Resolved(form)
    if taken == sorted(taken):
        left_out = len(placed) - len(taken)
        placed = sorted([*placed, *_added(header, placed, most, rows)], key=lambda item: item[0])
        note = f"two years stand side by side: the columns of {year} are read" if left_out else ""
        return Resolved(*_columns(placed), note=note)
    return Resolved(*_columns(placed)) if len(placed) == len(form) else Resolved(form, doubled=True)


Placing = list[tuple[int, Column, str]]


def _columns(placed: Placing) -> tuple[tuple[Column, ...], tuple[int, ...], tuple[str, ...]]:
    return (
        tuple(column for _, column, _ in placed),
        tuple(x for x, _, _ in placed),
        tuple(text for _, _, text in placed),
    )


def _of_year(form: Sequence[Column], found: dict[str, list[Head]], header: Header, year: int | None) -> Placing | None:
    """Columns printed twice, by the year in their own words or in the line above; None where that does not tell."""
    placed: Placing = []
    for column in form:
        years = [_year_over(head, header, year) for head in found[column.key]]
        if len(found[column.key]) > 1 and (years.count(year) != 1 or None in years or year is None):
            return None
        for head, named in zip(found[column.key], years, strict=True):
            own = len(found[column.key]) == 1 or named == year
            placed.append((head.x, column if own else LEFT_OUT, head.text))
    return placed


def _year_over(head: Head, header: Header, year: int | None) -> int | None:
    if match := _YEAR.search(head.label):
        return int(match[1])
    before = [x for x in header.marks if x <= head.x]
    return header.marks[max(before)] if before else None


def _of_marks(form: Sequence[Column], found: dict[str, list[Head]], header: Header, year: int | None) -> Placing | None:
    """Columns printed once, each over a line of years where there is one (自然人 over 2021年 | 2020年)."""
    single: Placing = [(found[column.key][0].x, column, found[column.key][0].text) for column in form]
    starts = [x for x, _, _ in single]
    if len(header.marks) < 2 * len(form) or starts != sorted(starts):
        return single
    placed: Placing = []
    for (x, column, text), end in zip(single, [*starts[1:], 10**6], strict=True):
        below = {mark: named for mark, named in header.marks.items() if x <= mark < end}
        if list(below.values()).count(year or 0) != 1:
            return None
        placed += [(mark, column if named == year else LEFT_OUT, text) for mark, named in below.items()]
    return placed


def _others_year(
    header: Header, found: dict[str, list[Head]], year: int | None, which: Callable[[str], Column | None]
) -> str:
    """What a header says of another year where it has no column of the report's: 2021年处理决定数量, 上年处理决定数量."""
    if year is None:
        return ""
    for heads in found.values():
        if heads and (match := _YEAR.search(heads[0].label)) and int(match[1]) != year:
            return match[0]
    for head in header.heads:
        last = LAST_YEAR.match(head.label)
        column = which("本年" + head.label[last.end() :]) if last else None
        if last and column and column.key in found and not found[column.key] and which(head.label) is None:
            return last[0]
    return ""


def _replaced(form: Sequence[Column], found: dict[str, list[Head]], header: Header) -> Placing | None:
    """The columns where an office printed its own words over one of them; None where their number is another one.

    Words that are like the form's (科研院所) are another way to write them; others (个体工商户) are a column of its own.
    """
    first = min((heads[0].x for heads in found.values() if heads), default=0)
    taken = {heads[0].x for heads in found.values() if heads}
    own = {head.x: head for head in header.heads if head.x > first and head.x not in taken and _may_be_column(head)}
    xs = sorted(taken | set(own))
    if not taken or len(xs) != len(form):
        return None
    by_x = {heads[0].x: (column, heads[0].text) for column in form if (heads := found[column.key])}
    placed: Placing = []
    for x, column in zip(xs, form, strict=True):
        if x in own:
            label = own[x].label
            alike = not found[column.key] and _alike(bare(label), column)
            said = column if alike else Column(local_key(label), (bare(label),), "")
            placed.append((x, said, own[x].text))
        else:
            placed.append((x, *by_x[x]))
    return placed


def _fewer(form: Sequence[Column], found: dict[str, list[Head]], header: Header, most: int) -> Placing | None:
    """The columns where an office left out some of the form: those printed stand side by side, and no row fills more."""
    every = [(heads[0].x, column, heads[0].text) for column in form if (heads := found[column.key])]
    printed = sorted(every, key=lambda one: one[0])
    xs = [x for x, _, _ in printed]
    if len(xs) < max(2, most) or xs != list(range(xs[0], xs[0] + len(xs))):
        return None
    own = [head for head in header.heads if head.x > xs[0] and head.x not in xs and _may_be_column(head)]
    return None if own else printed


def _alike(label: str, column: Column) -> bool:
    """Whether words are so like those of a column that they are another way to write them."""
    return any(2 * len(set(label) & set(plain(word))) >= len(set(plain(word))) for word in column.words)


def _may_be_column(head: Head) -> bool:
    label = bare(head.label)
    upper = is_upper(head.label) or head.label.startswith(_CORNER) or _YEAR.fullmatch(label)
    return not upper and label not in _REMARKS


def _added(header: Header, placed: Placing, most: int, rows: Rows) -> Placing:
    """The columns that an office added: words of the header right of its first column, over no other of its columns.

    A column of remarks is one where numbers stand in it, and is left out.
    """
    first = min(x for x, _, _ in placed)
    taken = {x for x, _, _ in placed}
    remarks = {head.x for head in header.heads if bare(head.label) in _REMARKS}
    added: Placing = []
    filled: frozenset[int] | None = None
    for head in header.heads:
        if head.x <= first or head.x in taken or not (head.x in remarks or _may_be_column(head)):
            continue
        filled = filled_columns(rows, header.grid) if filled is None else filled
        if head.x in filled or (most > len(placed) and head.x not in remarks):
            taken.add(head.x)
            own = Column(local_key(head.label), (bare(head.label),), "")
            added.append((head.x, LEFT_OUT if head.x in remarks else own, head.text))
    return added
