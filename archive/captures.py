"""Captures: every response and imported file as a WARC record and a row of the catalogue.

The WARC is the truth. Beside each response stand its request and a metadata record with what HTTP does not say (portal,
found on, link text, kind, round), written before it, so that a response that is whole is whole with all of that.
"""

from __future__ import annotations

import base64
import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlite_utils import Database

from . import journal, notes, warc
from .clock import now
from .warc import Damaged, Record, Written

FOLDER = "warc"
_REASONS = {status.value: status.phrase for status in HTTPStatus}
UNKNOWN = "application/octet-stream"  # in the WARC, where the catalogue has no media type
_DROPPED = ("transfer-encoding",)  # the body is stored without chunks, so this header would lie


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What HTTP does not say of a fetch: whose portal, what it is, where the link stood and what it said."""

    portal: str = ""
    kind: str = ""
    round: int = 0
    found_on: str = ""
    link_text: str = ""
    stated_date: str | None = None
    rendered: str = ""
    tls: str = ""  # old TLS, and what is wrong with the certificate

    def fields(self) -> dict[str, Any]:
        """All of it by name; white space as a line of a record can have it."""
        said = {name: getattr(self, name) for name in self.__slots__}
        return {name: " ".join(value.split()) if isinstance(value, str) else value for name, value in said.items()}


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its response, headers as lists of (name, value), body as transferred."""

    url: str
    method: str
    request_headers: Sequence[tuple[str, str]]
    request_body: bytes
    status: int
    headers: Sequence[tuple[str, str]]
    body: bytes
    about: Circumstances = field(default_factory=Circumstances)


Row = dict[str, Any]


class Recorder:
    """Writes exchanges, files and notes to the WARC and gives back their catalogue rows, for the caller's transaction."""

    def __init__(self, folder: Path, db: Database, run: str) -> None:
        self.db = db
        self.writer = warc.Writer(folder / FOLDER, run)
        self._latest: dict[str, Row] = {}  # captures of this run that may not be committed yet

    def exchange(self, exchange: Exchange) -> Row:
        """Record a response; as a revisit where it is a 304 or its payload is that of the last capture of the URL."""
        self.writer.rotate()
        sha256 = hashlib.sha256(exchange.body).hexdigest()
        earlier = self._earlier(exchange.url)
        same = earlier is not None and (
            exchange.status == 304 or (earlier["sha256"] == sha256 and exchange.status == 200)
        )
        record_id = f"<urn:uuid:{uuid.uuid4()}>"
        date = now()
        self._request(exchange, record_id, date)
        self._metadata(exchange.url, exchange.about.fields(), record_id, date)
        http = _http(exchange)
        if same and earlier is not None:
            written = self._revisit(exchange, earlier, http, record_id, date)
        else:
            headers = {"WARC-Record-ID": record_id, "WARC-Payload-Digest": _base32(sha256)}
            written = self.writer.write("response", exchange.url, exchange.body, http, headers, date=date)
        row = row_of(exchange.url, written, "revisit" if same else "response", exchange.about)
        row |= http_fields(exchange.status, exchange.headers)
        row["sha256"] = earlier["sha256"] if same and earlier else sha256
        row["revisit_of"] = earlier["id"] if same and earlier else None
        if not same and exchange.status == 200:
            self._latest[exchange.url] = row
        return row

    def file(self, url: str, data: bytes, media_type: str, about: Circumstances) -> Row:
        """Record an imported file as a `resource` record; its URL says where it came from."""
        self.writer.rotate()
        record_id = f"<urn:uuid:{uuid.uuid4()}>"
        date = now()
        self._metadata(url, about.fields(), record_id, date)
        headers = {"WARC-Record-ID": record_id}
        written = self.writer.write("resource", url, data, None, headers, media_type or UNKNOWN, date)
        row = row_of(url, written, "resource", about)
        return row | {
            "status": 200,
            "media_type": media_type.replace(UNKNOWN, ""),
            "sha256": hashlib.sha256(data).hexdigest(),
        }

    def rendered(self, exchange: Exchange) -> Row:
        """Record a page as a browser rendered it: a `resource` record, because no server sent these bytes."""
        about = replace(exchange.about, rendered="chromium")
        return self.file(exchange.url, exchange.body, "text/html; charset=utf-8", about) | {"status": exchange.status}

    def note(self, url: str, kind: str, fields: Mapping[str, object]) -> None:
        """Record what happened without a response: a failed fetch, a column check, the end of a round."""
        self._metadata(url, {"event": kind, **fields}, None, now())

    def tell(self) -> None:
        """Tell what has changed in the catalogue since the last time; at the end of the transaction that changes it."""
        with self.db.atomic():
            journal.tell(self.db, self._tell)

    def _tell(self, rows: notes.Rows) -> None:
        written = self.writer.write(
            "metadata", notes.ADDRESS, notes.written(rows), None, {}, notes.MEDIA_TYPE, now(), sync=False
        )
        self.db.execute("insert or replace into told values (?, ?)", [written.segment, written.start])

    def snapshot(self, name: str, covers: Sequence[str]) -> None:
        """Tell everything that is told of the catalogue, in place of what these segments tell."""
        journal.snapshot(self.db, self._tell, name, covers)

    def stored(self) -> None:
        """All that was recorded so far is in the catalogue: it tells from now on what a URL showed last."""
        self._latest.clear()

    def close(self) -> None:
        """Close the segments; every capture in them must be catalogued by then. What is untold is told before."""
        if self.writer.names or journal.is_worth(self.db):
            self.tell()
        self.writer.close()
        self.db.execute("delete from told")

    def abandon(self) -> None:
        """Leave the segments to the next run's repair: something could not be written or catalogued."""
        self.writer.abandon()

    def _earlier(self, url: str) -> Row | None:
        """The last capture of a URL that holds a payload."""
        if url in self._latest:
            return self._latest[url]
        rows = self.db.query(
            "select id, url, fetched_at, sha256 from capture where url = ? and type = 'response' and status = 200 "
            "order by fetched_at desc limit 1",
            [url],
        )
        return next(iter(rows), None)

    def _revisit(self, exchange: Exchange, earlier: Row, http: warc.Headers, record_id: str, date: str) -> Written:
        profile = "server-not-modified" if exchange.status == 304 else "identical-payload-digest"
        headers = {
            "WARC-Record-ID": record_id,
            "WARC-Profile": f"http://netpreserve.org/warc/1.1/revisit/{profile}",
            "WARC-Refers-To-Target-URI": earlier["url"],
            "WARC-Refers-To-Date": earlier["fetched_at"],
            "WARC-Payload-Digest": _base32(earlier["sha256"]),
        }
        return self.writer.write("revisit", exchange.url, b"", http, headers, date=date)

    def _request(self, exchange: Exchange, response_id: str, date: str) -> None:
        parts = urlsplit(exchange.url)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        lines = [("Host", parts.netloc), *((name, value) for name, value in exchange.request_headers if name != "Host")]
        http = warc.Headers(f"{exchange.method} {target} HTTP/1.1", lines, is_http_request=True)
        headers = {"WARC-Concurrent-To": response_id}
        self.writer.write("request", exchange.url, exchange.request_body, http, headers, date=date, sync=False)

    def _metadata(self, url: str, fields: Mapping[str, object], about: str | None, date: str) -> None:
        lines = "".join(
            f"{name}: {' '.join(str(value).split())}\r\n" for name, value in fields.items() if value not in ("", None)
        )
        headers = {"WARC-Concurrent-To": about} if about else {}
        self.writer.write(
            "metadata", url, lines.encode(), None, headers, "application/warc-fields", date, sync=about is None
        )


def insert(db: Database, rows: Sequence[Row]) -> None:
    """Put capture rows into the catalogue; a row that is there already stays as it is, any other trouble raises."""
    for row in rows:
        names = [name for name, value in row.items() if value is not None]
        sql = f"insert into capture ({', '.join(names)}) values ({', '.join(':' + name for name in names)}) on conflict (id) do nothing"
        db.execute(sql, {name: row[name] for name in names})


def row_of(url: str, written: Written, type: str, about: Circumstances) -> Row:
    """A row of the table `capture`, but for what HTTP says."""
    return {
        "id": f"{written.segment}:{written.start}",
        "url": url,
        "fetched_at": written.date,
        "segment": written.segment,
        "start": written.start,
        "length": written.length,
        "type": type,
        **about.fields(),
    }


def http_fields(status: int, headers: Sequence[tuple[str, str]]) -> Row:
    """What HTTP says of a capture, as columns."""
    kept = [(name, value) for name, value in headers if name.lower() not in _DROPPED]
    lower = {name.lower(): value for name, value in kept}
    return {
        "status": status,
        "media_type": lower.get("content-type", ""),
        "headers": json.dumps(dict(kept), ensure_ascii=False),
    }


def _http(exchange: Exchange) -> warc.Headers:
    kept = [(name, value) for name, value in exchange.headers if name.lower() not in _DROPPED]
    return warc.Headers(f"{exchange.status} {_REASONS.get(exchange.status, '')}".strip(), kept, protocol="HTTP/1.1")


def _base32(sha256: str) -> str:
    return "sha256:" + base64.b32encode(bytes.fromhex(sha256)).decode()


def hexadecimal(digest: str) -> str:
    """The sha256 in a WARC header, as the catalogue has it."""
    return base64.b32decode(digest.partition(":")[2]).hex()


def record_of(folder: Path, row: Mapping[str, Any]) -> Record:
    """The record of a capture row that is no revisit. Raises Damaged where bytes and catalogue differ."""
    record = warc.read(folder / FOLDER, row["segment"], row["start"], row["length"])
    if hashlib.sha256(record.payload).hexdigest() != row["sha256"]:
        raise Damaged(f"{row['segment']} at {row['start']}: the payload is not the one catalogued")
    return record
