"""The figures of the statutory tables, their forms, and what is not printed: from the rows that were found to the records.

Which rows there are is said by `tables/`, which cell belongs to which column by `placing.py` and `neighbours.py`, what a cell says by `cells.py`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from msgspec import Struct
from msgspec.structs import replace

from . import cells
from .blocks import place_fourth
from .forms import STATISTICS, Column, Form, Row, all_forms, of_year, row_of, tables
from .labels import local_key, plain
from .model import Cell, Figure, Grid, State
from .neighbours import place_table
from .ordered import contradicted
from .placing import Placed, place_hit
from .statistics import take
from .tables import Found, Hit, find


class Tables(Struct, frozen=True, gc=False):
    """What the tables 二, 三 and 四 of a report say: the form of each (None where no row is printed), figures by path,
    the paths that are missing, and what was out of order."""

    forms: Mapping[str, str | None]
    figures: Mapping[str, Figure]
    missing: tuple[str, ...]
    notes: tuple[str, ...]


def read_tables(grids: Sequence[Grid], year: int | None) -> Tables:
    """Read the statutory tables in the grids of one report; `year` is that of its title."""
    statistics, others = take(grids, year)
    found = find(others, year)
    notes = list(statistics.notes)
    forms = _forms(found, year, notes)
    figures = _figures(found, forms, notes)
    if statistics.rows:
        forms[STATISTICS] = statistics.form
    for hit, placed in statistics.rows:
        _add(figures, STATISTICS, hit, placed, statistics.form, notes)
    return Tables(forms, figures, tuple(_missing(found, figures, forms, year)), (*notes, *found.notes))


def _forms(found: Found, year: int | None, notes: list[str]) -> dict[str, str | None]:
    """The form of each table, from the words in it; by the year only where no word decides, and that is noted."""
    second = Counter(hit.form for hit in found.t2)
    t2 = None if not second else next(iter(second)) if len(second) == 1 else "mixed"
    keys = {hit.row.key for hit in found.t3 if hit.row.group in ("other", "results")}
    t3: str | None = None
    if found.t3:
        if keys & {"other_no_correction", "other_fee_unpaid", "other_misc"}:
            t3 = "y2021"
        elif "other_total" in keys:
            t3 = "y2019"
        else:
            t3 = t2 if t2 in all_forms() else of_year(year, "t3").id
            notes.append(f"table 三 prints no row under （六）; read as {t3}")
    t4 = (t3 or (t2 if t2 in all_forms() else of_year(year, "t3").id)) if found.t4 else None
    return {"t2": t2, "t3": t3, "t4": t4}


def _figures(found: Found, forms: Mapping[str, str | None], notes: list[str]) -> dict[str, Figure]:
    figures: dict[str, Figure] = {}
    for hit in found.t2:
        _add(figures, "t2", hit, place_hit(hit), hit.form, notes)
    for hit, placed in place_table(found.t3):
        if hit.row.key == "other_total" and forms["t3"] != "y2019":
            if not any(cell.text for cell in hit.cells[hit.label + 1 :]):
                continue  # the group cell （六）其他处理 of a form whose rows are printed below it
            hit = _local_group(hit)
        _add(figures, "t3", hit, placed, forms["t3"] or "", notes)
    for row in contradicted(figures) if any(hit.matched for hit in found.t3) else ():
        notes.append(f"t3.{row}: told by its place, but the sums of the table hold only without it")
        paths = [path for path in figures if path.startswith(f"t3.{row}.")]
        figures |= {path: replace(figures[path], value=None, state=State.AMBIGUOUS) for path in paths}
    for hit in found.t4:
        _add(figures, "t4", hit, place_fourth(hit), forms["t4"] or "", notes)
    return figures


def _local_group(hit: Hit) -> Hit:
    """A group of table 三 that prints figures of its own above its rows: its form has no such row."""
    label = plain(hit.cells[hit.label].text)
    row = Row(local_key(label), label, hit.row.patterns, hit.row.group, hit.row.collides)
    return replace(hit, row=row, note="figures beside the name of a group, which the form does not have")


def _add(figures: dict[str, Figure], table: str, hit: Hit, placed: Placed, form: str, notes: list[str]) -> None:
    name = f"{table}.{hit.row.key}" if table != "t4" else "t4"
    said = [f"{table}: {hit.head_note}"] if hit.head_note else []
    said += [f"{name}: {note}" for note in (hit.note, placed.note) if note]
    notes += [note for note in said if note not in notes]
    texts = hit.header_texts or ("",) * len(hit.columns)
    label = hit.cells[hit.label].text if hit.label >= 0 else ""
    label_many = cells.many_at_once(label)
    for path, column, header, cell in zip(
        _paths(table, hit), hit.columns, texts, placed.cells or (None,) * len(hit.columns), strict=True
    ):
        if not column.key:
            continue  # of another year, or a remark
        said_unit = _unit_text(column, header, label) if column.amount else header
        figure = _figure(path, column, said_unit or "", cell, form, notes)
        if said_unit is None and figure.state is State.NUMBER and cells.read(figure.written).unit not in cells.MONEY:
            notes.append(f"{path}: {figure.written} is printed under one unit and beside another")
            figure = replace(figure, value=None, state=State.AMBIGUOUS, unit=None)
        many = "" if column.amount else cells.many_at_once(header) or label_many
        if many and figure.value:  # zero is zero in any unit
            notes.append(f"{path}: {figure.written} is printed in {many}, which may be rounded")
            figure = replace(figure, value=None, state=State.AMBIGUOUS)
        figure = replace(figure, matched=hit.matched) if hit.matched else figure
        figures[path] = _either(figures[path], figure, notes) if path in figures else figure


def _either(first: Figure, second: Figure, notes: list[str]) -> Figure:
    """A cell that is printed twice: what both say. Where they differ nobody knows, also where one is blank: the other
    table may be last year's, or the county's."""
    if (first.state, first.value) == (second.state, second.value):
        return first
    notes.append(f"{first.path}: printed twice, as {first.written or first.state} and {second.written or second.state}")
    return replace(first, value=None, state=State.AMBIGUOUS)


def _unit_text(column: Column, header: str, label: str) -> str | None:
    """The text that says the unit of an amount: the header, else the row's own label; None where these disagree."""
    units = (cells.header_unit(header), cells.header_unit(label))
    if not units[1]:
        return header
    return None if units[0] not in (None, units[1]) else label


def _paths(table: str, hit: Hit) -> list[str]:
    if table != "t4":
        return [f"{table}.{hit.row.key}.{column.key}" for column in hit.columns]
    return _fourth_paths()


@cache
def _fourth_paths() -> list[str]:
    form: Form = next(iter(all_forms().values()))
    return list(form.paths("t4"))


def _figure(path: str, column: Column, header: str, cell: Cell | None, form: str, notes: list[str]) -> Figure:
    if cell is None:
        unit = cells.amount(None, None, header)[1] if column.amount else column.unit
        return Figure(path, None, State.AMBIGUOUS, "", unit or None, form)
    reading = cells.read(cell.text)
    value, unit = reading.value, column.unit
    if unit and not column.amount and (not cell.text or cell.text.isdecimal()):  # as nearly all: nothing can be unfit
        return Figure(path, value, reading.state, cell.text, unit, form, cell.place, cell.confidence)
    if why := _unfit(column, reading):
        notes.append(f"{path}: {cell.text} is {why}")
        unit = "" if column.amount else unit
        return Figure(path, None, State.UNREADABLE, cell.text, unit or None, form, cell.place, cell.confidence)
    if column.amount or (not column.unit and reading.unit in cells.MONEY):
        value, amount_unit = cells.amount(reading.value, reading.unit, header)
        unit = amount_unit or ""
        if value is not None and not unit:
            notes.append(f"{path}: {cell.text} is printed without a unit")
    elif not column.unit:
        unit = reading.unit or ""
    return Figure(path, value, reading.state, cell.text, unit or None, form, cell.place, cell.confidence)


def _unfit(column: Column, reading: cells.Reading) -> str:
    """Why a number cannot stand in its column: it is damaged, or belongs elsewhere. Nothing where it can.

    A count is whole, and like an amount not below zero, but for the column of changes (forms.json, `min`). An amount is
    not counted in 件, a count not in 万元. Of a column without a unit, which no form has, nothing is known.
    """
    if reading.value is None or not (column.unit or column.amount):
        return ""
    money = reading.unit in cells.MONEY
    if not column.amount and money:
        return f"no count of {column.unit}"
    if column.amount and reading.unit and not money:
        return "no amount of money"
    if not column.amount and reading.value != reading.value.to_integral_value():
        return f"no whole number of {column.unit}"
    if reading.value < 0 and not column.signed:
        return "below zero, where nothing can be"
    return ""


def _missing(
    found: Found, figures: Mapping[str, Figure], forms: Mapping[str, str | None], year: int | None
) -> Iterable[str]:
    """What the document does not print, at the highest absent level: a table, or a row.

    Of the form whose tables it prints; where it prints none, of the form that the law demands for its year.
    """
    dominant = Counter(hit.form for hit in found.t2).most_common(1)
    printed = tuple(table for table in tables() if forms.get(table))
    rows = set(map(row_of, figures))
    for table in _expected(printed, year):
        if not forms.get(table):
            yield table
            continue
        form = all_forms()[dominant[0][0] if table == "t2" else forms[table] or ""]
        for row, _ in form.rows(table):
            if f"{table}.{row.key}" not in rows:
                yield f"{table}.{row.key}"


@cache
def _expected(printed: tuple[str, ...], year: int | None) -> tuple[str, ...]:
    """The tables that a report should have, in the order of `tables`: all of each form of which it prints one."""
    own = {table for form in all_forms().values() if set(printed) & set(form.tables) for table in form.tables}
    return tuple(table for table in tables() if table in own) if own else of_year(year).tables
