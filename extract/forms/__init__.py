"""The statutory forms as data: one module per form, found by being in this folder.

A module holds one `FORM`. Rows and columns carry the words that are printed; keys and patterns come from the
regulations named in `document` and from reference/forms.json. The form of a report is decided per sub-table from the
words in it, never from the year (reference/domain.md, section 1).

A form has tables 二, 三, 四 (`t2`, `t3`, `t4`), or the statistics table of 2014 (`t2014`), or none, where the law asked
for sentences only. Whoever goes over tables asks here which there are: `tables`, `rows`, `paths`, `label_of`.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

STATISTICS = "t2014"  # the statistics table of the form of 2014, one figure to a row
COUNT = "count"  # its one column
LOCAL = "x_"  # begins the keys of rows and columns that an office added to its form (`labels.local_key`)


@dataclass(frozen=True, slots=True)
class Column:
    """A column: `words` are what its header may print (compared after `labels.plain`, as prefixes).

    `amount`: of money, in 万元. `signed`: its figures may be below zero.
    """

    key: str
    words: tuple[str, ...]
    unit: str = "件"
    amount: bool = False
    signed: bool = False

    @property
    def label(self) -> str:
        return self.words[0]


@dataclass(frozen=True, slots=True)
class Row:
    """A row: `patterns` match its whole plain label (table 三) or the beginning of it (table 二)."""

    key: str
    label: str
    patterns: tuple[str, ...]
    group: str = ""
    collides: bool = False  # 总计 and 其他 are header words too: rows only after the groups have begun


@dataclass(frozen=True, slots=True)
class SubTable:
    """A part of table 二 under one 第二十条第（…）项."""

    anchor: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Indicator:
    """A line of a statistics table 统计指标 | 单位 | 统计数: an indicator, or a heading, which has no key and no unit.

    `number`: its place in the form, as 三(一)1; `row.group`: the key of the indicator that it is a part of. `shared`:
    its words stand in tables of other forms too, so they do not tell which table it is.
    """

    number: str
    row: Row
    unit: str = ""
    amount: bool = False
    shared: bool = False

    @property
    def columns(self) -> tuple[Column, ...]:
        """Its one column; the unit differs from row to row."""
        return (Column(COUNT, ("统计数",), self.unit, self.amount),)


@dataclass(frozen=True, slots=True)
class Form:
    """A form: table 二 in sub-tables, table 三 with its rows, table 四 with its blocks; or the lines of a statistics table.

    `sections`: the headings that its report has, in order. `local`: lines of statistics tables that were printed beside
    it here and there, for which there is no national form: they have no keys.
    """

    id: str
    document: str
    first_year: int
    last_year: int | None
    t2: tuple[SubTable, ...] = ()
    t3_columns: tuple[Column, ...] = ()
    t3_rows: tuple[Row, ...] = ()
    t4_columns: tuple[Column, ...] = ()
    t4_blocks: tuple[Row, ...] = ()
    statistics: tuple[Indicator, ...] = ()
    sections: tuple[str, ...] = ()
    local: tuple[Row, ...] = ()

    @property
    def tables(self) -> tuple[str, ...]:
        """The names of its tables in printed order."""
        return tuple(table for table in ("t2", "t3", "t4", STATISTICS) if any(True for _ in self.rows(table)))

    def rows(self, table: str) -> Iterator[tuple[Row, tuple[Column, ...]]]:
        """Each row of a table with its columns, in printed order; none of a table that the form does not have."""
        if table == "t2":
            yield from ((row, part.columns) for part in self.t2 for row in part.rows)
        elif table == "t3":
            yield from ((row, self.t3_columns) for row in self.t3_rows)
        elif table == "t4":
            yield from ((block, self.t4_columns) for block in self.t4_blocks)
        elif table == STATISTICS:
            yield from ((line.row, line.columns) for line in self.statistics if line.row.key)

    def paths(self, table: str) -> Iterator[str]:
        """Every `table.row.column` of a table, in printed order."""
        return (f"{table}.{row.key}.{column.key}" for row, columns in self.rows(table) for column in columns)


@cache
def all_forms() -> dict[str, Form]:
    """The forms by id, the newest first. A second module with the same id is refused."""
    forms: dict[str, Form] = {}
    for module in pkgutil.iter_modules(__path__):
        form: Form = importlib.import_module(f"{__name__}.{module.name}").FORM
        if form.id in forms:
            raise ValueError(f"two modules define the form {form.id}")
        forms[form.id] = form
    return dict(sorted(forms.items(), reverse=True))


@cache
def tables() -> tuple[str, ...]:
    """The names of all tables of all forms, those of the newest form first: t2, t3, t4, t2014."""
    return tuple(dict.fromkeys(table for form in all_forms().values() for table in form.tables))


@cache
def paths(form: str | None = None) -> tuple[str, ...]:
    """Every path of a form in printed order, table after table; of all forms, the newest first, where none is named."""
    chosen = all_forms().values() if form is None else [all_forms()[form]] if form in all_forms() else []
    return tuple(dict.fromkeys(path for one in chosen for table in one.tables for path in one.paths(table)))


def is_whole(forms: Mapping[str, str | None]) -> bool:
    """Whether a report prints every table of one form; `forms`: the form of each table, as a report has it."""
    return any(form.tables and all(forms.get(table) for table in form.tables) for form in all_forms().values())


def of_year(year: int | None, table: str | None = None) -> Form:
    """The form that the law demands for a report year, of those that have the table where one is named.

    The newest where no year is known, and for years before all of them.
    """
    having = [form for form in all_forms().values() if table is None or table in form.tables]
    return next((form for form in having if year is not None and form.first_year <= year), having[0])


@lru_cache(maxsize=20_000)
def row_of(path: str) -> str:
    """The row of a figure's path, with its table: t3.denied_state_secret."""
    return path.rpartition(".")[0]


def label_of(path: str, form: str) -> str:
    """The Chinese label of a figure's path in a form, such as 予以公开/总计; of a local row or column its own words.

    The path itself where the form does not have it.
    """
    table, row_key, column_key = path.split(".")
    rows = list(all_forms()[form].rows(table)) if form in all_forms() else []
    own = [columns for row, columns in rows if row.key == row_key]
    row_label = next((row.label for row, _ in rows if row.key == row_key), _words(row_key))
    columns = own[0] if own else tuple(column for _, columns in rows for column in columns)
    column_label = next((column.label for column in columns if column.key == column_key), _words(column_key))
    return f"{row_label}/{column_label}" if row_label and column_label else path


def is_local(key: str) -> bool:
    """Whether a key of a row or column is of one that an office added to its form."""
    return key.startswith(LOCAL)


def _words(key: str) -> str:
    """The words of a local key; nothing for others."""
    return key.removeprefix(LOCAL) if is_local(key) else ""
