"""Exports: the long table, one row per figure of every current version; blank is not 0 when it is read back."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from extract.forms import label_of

from .search import Filter

COLUMNS = (
    "report", "region", "unit", "unit_type", "scope", "year", "path", "label", "value", "state", "written", "value_unit",
    "form", "matched", "checks_failed", "first_seen", "stated_date", "url", "sha256",
)  # fmt: skip
# DESIGN.md calls two columns `unit`; a reader by name would lose one of them, so the figure's is `value_unit`.


def rows(db: Database, narrow: Filter) -> Iterator[dict[str, Any]]:
    """The long table in a stable order. `value` is None unless the state is `number`."""
    where, parameters = narrow.where()
    found = db.query(
        "select r.id as report, r.region, coalesce(nullif(u.full_name, ''), u.name) as unit, u.type as unit_type, r.scope, r.year, f.path, "
        "f.value, f.state, f.written, f.unit as value_unit, f.form, f.matched, v.first_seen, v.stated_date, "
        "(select group_concat(id || ' ' || scope, '; ') from version_check k where k.version_n = v.n and k.result = 'fail') as checks_failed, "
        "coalesce(json_extract(f.place, '$.part'), (select url from sighting s join version w on w.id = s.version where w.id = v.id "
        "and s.role = 'best' order by s.document = w.document desc, s.first_seen limit 1)) as url, "
        "coalesce((select p.sha256 from part p where p.document = v.document and p.path = json_extract(f.place, '$.part')), v.document) as sha256 "
        "from report r join unit u on u.id = r.unit join version v on v.id = r.current join version_figure f on f.version_n = v.n "
        f"where {where} order by r.id, f.path",
        parameters,
    )
    for row in found:
        yield {**row, "label": label_of(row["path"], row["form"])}


def write_csv(path: Path, db: Database, narrow: Filter) -> int:
    """Write the long table as CSV (UTF-8 with a mark, so that Excel reads it); the number of rows. Whole or not at all."""
    temporary = path.with_name(path.name + ".part")
    count = 0
    with temporary.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for row in rows(db, narrow):
            writer.writerow([_cell(row[name]) for name in COLUMNS])
            count += 1
    temporary.rename(path)
    return count


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files into a folder, which is made where it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)


def _cell(value: Any) -> Any:
    """A value as CSV prints it: whole numbers without a decimal point, nothing for None."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
