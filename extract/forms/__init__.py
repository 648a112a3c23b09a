"""The statutory forms as data: one module per form, found by being in this folder.

A module holds one `FORM`. Rows and columns carry the words that are printed; keys and patterns come from the
regulations named in `document` and from reference/forms.json. The form of a report is decided per sub-table from the
words in it, never from the year (reference/domain.md, section 1).
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class Column:
    """A column: `words` are what its header may print (compared after `labels.plain`, as prefixes)."""

    key: str
    words: tuple[str, ...]
    unit: str = "件"
    amount: bool = False

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
class Form:
    """A statutory form: table 二 in sub-tables, table 三 with its rows, table 四 with its blocks."""

    id: str
    document: str
    first_year: int
    last_year: int | None
    t2: tuple[SubTable, ...]
    t3_columns: tuple[Column, ...]
    t3_rows: tuple[Row, ...]
    t4_columns: tuple[Column, ...]
    t4_blocks: tuple[Row, ...]

    def rows(self, table: str) -> Iterator[tuple[Row, tuple[Column, ...]]]:
        """Each row of a table (`t2`, `t3`, `t4`) with its columns, in printed order."""
        if table == "t2":
            yield from ((row, part.columns) for part in self.t2 for row in part.rows)
        elif table == "t3":
            yield from ((row, self.t3_columns) for row in self.t3_rows)
        else:
            yield from ((block, self.t4_columns) for block in self.t4_blocks)

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


def label_of(path: str, form: str) -> str:
    """The Chinese label of a figure's path in a form, such as 予以公开/总计; the path itself where it is local."""
    table, row_key, column_key = path.split(".")
    for row, columns in all_forms()[form].rows(table) if form in all_forms() else ():
        for column in columns:
            if (row.key, column.key) == (row_key, column_key):
                return f"{row.label}/{column.label}"
    return path
