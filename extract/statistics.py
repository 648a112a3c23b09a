"""Reads the statistics table of the reports for 2014 to 2018: 统计指标 | 单位 | 统计数, one figure to a row.

What is published differs: labels in one column or in several, numbered in many ways, with 序号 before and 备注 behind them,
rows that a province or a county put in (kept as `x_…`), rows without a unit, units in the cell of the count.

Several columns of figures: that of the total (合计), of the report's own year, or the form's own 统计数 is the count, in this
order; where the header prints none of these, the only one with any figure in it is. Otherwise no count is known, every
one is ambiguous, and what the columns say is kept under their own names (`t2014.req_received.x_乡镇街道`).

Rows with the same words (被依法纠错数) are told apart by `ordering.py`; where it cannot, each that the row may be is
ambiguous. Monthly tables of the years before, which no national form has, are told in notes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from .forms import STATISTICS, Column, Indicator, Row, all_forms
from .labels import local_key, matches
from .model import Grid
from .ordering import between, settle
from .placing import Placed, place_hit
from .statlines import FORM, Layout, Line, form, is_own, layout, lines, measure, panels, words
from .tables import Hit
from .tables.rows import ORDER, UNLABELLED

EARLIER = "y2008"
FEW = "few"  # a table of its own that tells some of these counts
Values = tuple[tuple[int, str], ...]  # columns of figures: where, and their names
MIN_KNOWN = 3  # lines of the form that make a table its own, where no header says 统计指标
MIN_LATER = 15  # the same in a report for other years: some tell a few of these counts in a small table of their own
_MONEY = frozenset({"万元", "元", "亿元"})
_TOTALS = frozenset("合计 总计 共计 总数 汇总 汇总数 总计数 合计数".split())
_OWN = frozenset("统计数 统计数据 统计结果 统计数量 数量 数值 数据".split())
_THIS_YEAR = frozenset("本年 本年度 本年数 本年度数 本年统计数 本年度统计数 今年".split())
_YEAR = re.compile(r"(?P<year>20\d\d)(?:年度?)?(?:统计数据?|数量|数)?")


class Statistics(Struct, frozen=True, gc=False):
    """The rows of the table, each placed, and what was out of order; no rows where none is printed."""

    rows: tuple[tuple[Hit, Placed], ...] = ()
    notes: tuple[str, ...] = ()
    form: str = FORM


class _Item(Struct, frozen=True, gc=False):
    """A printed row under its header; `may_be`: the lines of the form, by their place in it, that it may be."""

    line: Line
    heads: Layout
    may_be: tuple[int, ...]


def take(grids: Sequence[Grid], year: int | None) -> tuple[Statistics, list[Grid]]:
    """The statistics table of a report, and the grids without it; `year`: of the report, where it is known."""
    items: list[_Item] = []
    notes: list[str] = []
    rest: list[Grid] = []
    heads = Layout()
    for number, grid in enumerate(grids):
        if not any(
            map(
                _is_of_these,
                {cell.text for row in grid.rows for cell in row if len(cell.text) > 1 and not cell.text.isdecimal()},
            )
        ):
            rest.append(grid)  # as of nearly all reports
            continue
        parts = [(part, layout(part, heads)) for part in panels(grid)]
        printed = [(line, each) for part, each in parts for line in lines(part, each, number)]
        headed = any(each.headed for _, each in parts)
        kind = _kind(
            [line for line, _ in printed], headed, bool(items), MIN_KNOWN if _of_its_years(year) else MIN_LATER
        )
        if kind == FORM:
            heads = parts[-1][1]
            items += [_Item(line, each, line.may_be) for line, each in printed]
            rest.append(Grid(grid.rows[: min(each.begins for _, each in parts)]))
        elif kind == EARLIER:
            notes += [
                f"a row of a local statistics table, which no form has: {_row(line)}"
                for line, _ in printed
                if line.figures
            ]
        else:
            rest.append(grid)
            notes += [f"{STATISTICS}: a table prints few of its rows, and is not read as one"] if kind == FEW else []
    rows, more = _rows(items, year)
    return Statistics(tuple(rows), (*notes, *more)), rest


@lru_cache(maxsize=20_000)
@lru_cache(maxsize=20_000)
def _is_of_these(text: str) -> bool:
    """Whether a cell may be a label of these tables, and of none of today's, so that its table is worth reading."""
    label = words(text)
    return is_own(label) or _earlier(label)


@lru_cache(maxsize=20_000)
def _earlier(label: str) -> bool:
    """Whether a row of the monthly tables of the years before has these words."""
    return any(matches(row, label, whole=True) for row in all_forms()[EARLIER].local)


def _of_its_years(year: int | None) -> bool:
    return year is None or year <= (all_forms()[FORM].last_year or year)


def _kind(printed: Sequence[Line], headed: bool, began: bool, least: int) -> str:
    """Whose table it is, by words that only one of the forms has; nothing where they are fewer than `least`."""
    own = {line.may_be for line in printed if len(line.may_be) == 1 and not _is_shared(line)}
    earlier = {line.words for line in printed if not line.may_be and _earlier(line.words)}
    if len(earlier) >= MIN_KNOWN and len(earlier) > len(own):
        return EARLIER
    worded = sum(1 for line in printed if line.words)
    enough = len(own) >= least or (own and headed and least == MIN_KNOWN) or (began and 2 * len(own) >= worded > 0)
    if enough and len(own) > len(earlier):
        return FORM
    return FEW if len(own) >= MIN_KNOWN else ""


def _is_shared(line: Line) -> bool:
    return form()[line.may_be[0]].shared or _earlier(line.words)


def _row(line: Line) -> str:
    return " ".join([line.words, line.unit, *(cell.text for cell in line.cells[line.label + 1 :] if cell.text)])


def _rows(items: Sequence[_Item], year: int | None) -> tuple[list[tuple[Hit, Placed]], list[str]]:
    """The rows, placed: those of the form, and those that somebody put between them; and notes."""
    rows: list[tuple[Hit, Placed]] = []
    notes: list[str] = []
    counts: dict[Values, int | None] = {}
    for values in {item.heads.values: None for item in items}:
        counts[values] = _count(values, [item.line for item in items if item.heads.values == values], year)
        if counts[values] is None:
            names = " ".join(name for _, name in values)
            notes.append(f"{STATISTICS}: nothing tells which of the columns {names} is the count")
    settled = _settled(items)
    at = [n for n, item in enumerate(items) if item.may_be]

    def inside(n: int) -> bool:
        return bool(at) and at[0] < n < at[-1]

    for n, (item, may_be) in enumerate(zip(items, settled, strict=True)):
        line = item.line
        if may_be:
            found = _of_form(item, may_be, counts[item.heads.values], notes)
            rows += (
                found
                if line.words
                else ((replace(hit, matched=ORDER, note=UNLABELLED), placed) for hit, placed in found)
            )
        elif line.words and (measure(line.unit) or ((line.unit or line.figures) and inside(n))):
            unit = line.unit if line.unit not in _MONEY else "万元"
            local = Indicator("", Row(local_key(line.words), line.words, ()), unit, line.unit in _MONEY)
            rows += _placed(item, local, counts[item.heads.values])
        elif line.figures and not line.words and inside(n):
            notes.append(f"{STATISTICS}: a row of figures without a label:{_row(line)}")
    return rows, notes


def _settled(items: Sequence[_Item]) -> list[tuple[int, ...]]:
    """What each row is, told from the order of all; labels that stand to the left of it are headings in that order."""
    stream: list[tuple[int, ...]] = []
    at: list[int] = []
    for item in items:
        stream += [above for above in item.line.above if not stream or above != stream[-1]]
        at.append(len(stream))
        stream.append(item.may_be)
    found = settle(stream)
    return _by_order([item.line for item in items], [found[n] for n in at])


def _by_order(printed: Sequence[Line], settled: Sequence[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """What rows without a label are, where they fit between the rows above and below them, their units too."""
    found = list(settled)
    lost = [not line.words and bool(line.unit or line.figures) for line in printed]
    for start, numbers in between(settled, lost):
        wanted = [form()[n] for n in numbers]
        if all(line.row.key and printed[start + n].unit in ("", line.unit) for n, line in enumerate(wanted)):
            found[start : start + len(numbers)] = [(n,) for n in numbers]
    return found


def _of_form(item: _Item, may_be: Sequence[int], count: int | None, notes: list[str]) -> Iterator[tuple[Hit, Placed]]:
    """A row of the form: none of a heading; where it may be several, each is ambiguous."""
    lines = [form()[n] for n in may_be if form()[n].row.key]
    if len(may_be) > 1:
        texts = " ".join(cell.text for cell in item.line.cells if cell.text)
        keys = " or ".join(line.row.key for line in lines)
        notes.append(f"{STATISTICS}: the row {texts} may be {keys}: where it stands does not tell")
        yield from ((_hit(item, line, line.columns, 0), Placed(None)) for line in lines)
        return
    for line in lines:
        if item.line.unit not in ("", line.unit) and not (line.amount and item.line.unit in _MONEY):
            notes.append(f"{STATISTICS}.{line.row.key}: printed with the unit {item.line.unit}")
        yield from _placed(item, line, count)


def _placed(item: _Item, line: Indicator, count: int | None) -> Iterator[tuple[Hit, Placed]]:
    """A row's figures: the count, and under their own names what other columns say."""
    values = item.heads.values
    if len(values) < 2:
        hit = _hit(item, line, line.columns)
        yield hit, place_hit(hit)
        return
    columns = tuple(
        line.columns[0] if n == count else Column(local_key(name), (name,), line.unit, line.amount)
        for n, (_, name) in enumerate(values)
    )
    hit = _hit(item, line, columns)
    if len({column.key for column in columns}) < len(columns):
        yield (
            _hit(item, line, line.columns),
            Placed(None, "the header prints a column twice, which nothing tells apart"),
        )
        return
    yield hit, place_hit(hit)
    if count is None:
        yield _hit(item, line, line.columns), Placed(None)


def _hit(item: _Item, line: Indicator, columns: tuple[Column, ...], at: int | None = None) -> Hit:
    header = tuple(x for x, _ in item.heads.values)
    header = header if len(header) == len(columns) else ()
    texts = (item.line.unit,) * len(columns)
    return Hit(FORM, line.row, columns, item.line.cells, item.line.label, item.line.grid, header, texts)


def _count(values: Values, printed: Sequence[Line], year: int | None) -> int | None:
    """Which column of values is the count, 0 where there is one only; None where nothing tells (module docstring)."""
    names = [name for _, name in values]
    if len(names) < 2:
        return 0
    dated = [n for n, name in enumerate(names) if (said := _YEAR.fullmatch(name)) and int(said["year"]) == year]
    dated += [n for n, name in enumerate(names) if name in _THIS_YEAR]
    totals, own = ([n for n, name in enumerate(names) if name in which] for which in (_TOTALS, _OWN))
    for fits in (totals, dated, own):
        if fits:
            return fits[0] if len(fits) == 1 else None
    straight = all(line.straight for line in printed if line.figures)
    filled = [
        n for n, (x, _) in enumerate(values) if any(line.cells[x].text for line in printed if x < len(line.cells))
    ]
    return filled[0] if straight and len(filled) == 1 else None
