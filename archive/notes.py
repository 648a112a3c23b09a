"""Rows of the catalogue as they stand in the WARC: `metadata` records in WARC's own form of fields, JSON in their values.

    event: rows
    portal.columns: ["id", "name", …]
    portal.rows: [["…", "…"], …]
    not_now.gone: [["host", "portal", "kind"], …]

A snapshot (`snapshot: …`) is a row of such records that tells everything: what the segments named in its last one told before
is told anew by it. It counts when its last record is there.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .warc import Record

ADDRESS = "urn:x-nianbao:rows"
MEDIA_TYPE = "application/warc-fields"
EVENT = "rows"


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows by table: their columns, and their values; keys of rows that are gone.

    `snapshot`: what it belongs to; `covers`: of the last part of a snapshot, the segments that it stands for.
    """

    rows: Mapping[str, tuple[Sequence[str], Sequence[Sequence[Any]]]] = field(default_factory=dict)
    gone: Mapping[str, Sequence[Sequence[Any]]] = field(default_factory=dict)
    snapshot: str = ""
    covers: Sequence[str] = ()


def written(told: Rows) -> bytes:
    """The payload of a record."""
    lines = [f"event: {EVENT}"]
    for table, (columns, rows) in told.rows.items():
        lines += [f"{table}.columns: {_json(columns)}", f"{table}.rows: {_json(rows)}"]
    lines += [f"{table}.gone: {_json(keys)}" for table, keys in told.gone.items()]
    if told.snapshot:
        lines.append(f"snapshot: {told.snapshot}")
    if told.covers:
        lines.append(f"covers: {_json(told.covers)}")
    return "".join(f"{line}\r\n" for line in lines).encode()


def _json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


def fields(record: Record) -> dict[str, str]:
    """The lines of a metadata record; of a name that stands twice the last."""
    lines = record.payload.decode("utf-8", "replace").replace("\r\n", "\n").split("\n")
    return dict(line.split(": ", 1) for line in lines if ": " in line)


def is_rows(record: Record) -> bool:
    """Whether a record tells rows."""
    return record.type == "metadata" and record.headers.get("WARC-Target-URI") == ADDRESS


def read(record: Record) -> Rows:
    """The rows that a record tells."""
    said = fields(record)
    tables = {name.removesuffix(".rows") for name in said if name.endswith(".rows")}
    return Rows(
        {table: (json.loads(said[f"{table}.columns"]), json.loads(said[f"{table}.rows"])) for table in tables},
        {name.removesuffix(".gone"): json.loads(said[name]) for name in said if name.endswith(".gone")},
        said.get("snapshot", ""),
        json.loads(said.get("covers", "[]")),
    )
