"""WARC segments: writing them so that a kill damages nothing, reading records back, repairing torn ones.

A segment is one process's file, one gzip member per record (WARC/1.1, ISO 28500:2017). While it is written its name
ends in `.open`. What a kill leaves open is repaired by the next run: the complete members become the segment, with the
same offsets, and the torn tail is kept aside as `.torn`.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.utils import Digester
from warcio.warcwriter import WARCWriter

from . import cdxj
from .clock import now
from .encodings import Broken, TooMuch, unpacked

SEGMENT_SIZE = 2**30  # bytes: about 1 GB, the common size; one file stays easy to copy and to re-read
OPEN, TORN = ".open", ".torn"
CAPTURES = ("response", "revisit", "resource")  # the record types that have a row in the table `capture`
SOFTWARE = "nianbao/0.1 (Scrapy, warcio)"


class Damaged(Exception):
    """A record cannot be read back as it was written. Raised by `Segments.read`; the message says where."""


@dataclass(frozen=True, slots=True)
class Written:
    """Where a record lies: segment file name, first byte, number of bytes, and its WARC-Date."""

    segment: str
    start: int
    length: int
    date: str


@dataclass(frozen=True, slots=True)
class Record:
    """A record as read back: type, headers of the record and of HTTP, payload as transferred."""

    type: str
    headers: Mapping[str, str]
    status: int | None
    http_headers: tuple[tuple[str, str], ...]
    payload: bytes
    member: bytes

    def content(self) -> bytes:
        """The payload as the crawler saw it, without its encodings. Raises Damaged where it is cut, TooLarge."""
        said = [value for name, value in self.http_headers if name.lower() == "content-encoding"]
        try:
            return unpacked(self.payload, said)
        except Broken as error:
            raise Damaged(str(error)) from error
        except TooMuch as error:
            raise TooLarge(str(error)) from error


class Unwritable(Exception):
    """A record could not be written whole. Raised by `Writer`, for this record and all later ones: nothing may follow a
    tear, because readers stop at it. The segment stays open for the next run's repair.
    """


class TooLarge(Damaged):
    """A body that unpacks to more than MAX_CONTENT. Raised by `Record.content`."""


class Headers(StatusAndHeaders):  # type: ignore[misc]
    """HTTP headers written byte for byte: warcio would percent-encode the raw GBK file names that portals send."""

    def compute_headers_buffer(self, header_filter: object = None) -> None:
        self.headers_buff = self.to_str(header_filter).encode("latin-1", errors="replace") + b"\r\n"


class Writer:
    """Appends records to segments of its own; what is written is on the disk when an exchange is complete.

    A segment keeps its `.open` name until `close`, also when the next one has begun: what is closed is catalogued.
    """

    def __init__(self, folder: Path, run: str) -> None:
        self.folder, self.run = folder, run
        self.names: list[str] = []
        self.lines: list[IO[str]] = []  # of each segment's index: files without a name, so that a kill leaves none
        self.broken = ""
        self.file: IO[bytes] | None = None
        folder.mkdir(parents=True, exist_ok=True)

    def write(
        self,
        type: str,
        url: str,
        payload: bytes,
        http: StatusAndHeaders | None = None,
        headers: Mapping[str, str] | None = None,
        media_type: str = "",
        date: str | None = None,
        sync: bool = True,
    ) -> Written:
        """Write one record as one gzip member. `payload` is the body as transferred; for a revisit it is empty.

        Not `sync`: another record of the same exchange follows at once, and its sync holds for both.

        Raises Unwritable where the disk does not take it.
        """
        if self.broken:
            raise Unwritable(self.broken)
        try:
            written = self._write(type, url, payload, http, headers, media_type, date)
            if sync and self.file:
                os.fdatasync(self.file.fileno())
            return written
        except OSError as error:
            self.broken = f"the archive cannot be written: {error}"
            raise Unwritable(self.broken) from error

    def _write(
        self,
        type: str,
        url: str,
        payload: bytes,
        http: StatusAndHeaders | None,
        headers: Mapping[str, str] | None,
        media_type: str,
        date: str | None,
    ) -> Written:
        file = self.file or self.begin()
        date = date or now()
        fields = {"WARC-Date": date, **(headers or {})}
        if type != "revisit" and "WARC-Payload-Digest" not in fields:
            fields["WARC-Payload-Digest"] = digest(payload)
        record = self.writer.create_warc_record(
            url, type, payload=BytesIO(payload), length=len(payload), http_headers=http,
            warc_headers_dict=fields, warc_content_type=media_type,
        )  # fmt: skip
        start = file.tell()
        self.writer.write_record(record)
        file.flush()
        length = file.tell() - start
        if type in CAPTURES:
            status = int(http.get_statuscode()) if http else None
            sent = http.headers if http else ()
            about = dict(record.rec_headers.headers)
            self.lines[-1].write(cdxj.line(self.name, start, length, type, about, status, sent))
        return Written(self.name, start, length, date)

    def rotate(self) -> None:
        """Begin a new segment where this one is full. Called between exchanges, so that none lies in two segments."""
        if self.file and self.file.tell() >= SEGMENT_SIZE:
            self.abandon()

    def begin(self) -> IO[bytes]:
        """Begin a segment with its warcinfo record."""
        stamp = now().translate(str.maketrans("", "", "-:.TZ"))[:17]
        self.name = f"nianbao-{stamp}-{self.run[:8]}-{len(self.names):04}.warc.gz"
        self.names.append(self.name)
        self.file = (self.folder / (self.name + OPEN)).open("xb")
        self.lines.append(TemporaryFile("w+", dir=self.folder, encoding="utf-8", newline="\n"))  # noqa: SIM115
        self.writer = WARCWriter(self.file, gzip=True, warc_version="WARC/1.1")
        info = {
            "software": SOFTWARE,
            "format": "WARC File Format 1.1",
            "run": self.run,
            "description": "bodies as transferred but for chunking; header order as the client library has it",
        }
        self.writer.write_record(self.writer.create_warcinfo_record(self.name, info))
        return self.file

    def close(self) -> None:
        """Close all segments: they get their final names, and their CDXJ index beside them."""
        self.abandon()
        if self.broken:
            raise Unwritable(self.broken)
        for name, lines in zip(self.names, self.lines, strict=True):
            (self.folder / (name + OPEN)).rename(self.folder / name)
            lines.seek(0)
            _write_index(self.folder / name, lines)
            lines.close()
        self.names, self.lines = [], []

    def abandon(self) -> None:
        """Leave the segments open, for the next run to repair: something could not be written."""
        if self.file:
            with suppress(OSError):  # what the disk did not take is the torn tail that the repair keeps aside
                os.fdatasync(self.file.fileno())  # the rows that were told last were not synced
            with suppress(OSError):
                self.file.close()
            self.file = None


def digest(payload: bytes) -> str:
    """A payload's digest in the form of WARC: sha256:BASE32."""
    digester = Digester("sha256")
    digester.update(payload)
    return str(digester)


def find(folder: Path, segment: str) -> Path:
    """The file of a segment, closed or still open."""
    path = folder / segment
    return path if path.exists() else folder / (segment + OPEN)


def read(folder: Path, segment: str, start: int, length: int) -> Record:
    """The record at an offset. Raises Damaged where the bytes there are no such record."""
    try:
        with find(folder, segment).open("rb") as file:
            file.seek(start)
            data = file.read(length)
    except OSError as error:
        raise Damaged(f"{segment}: {error.strerror}") from error
    return parse(data, f"{segment} at {start}")


def parse(member: bytes, where: str) -> Record:
    """The record in one gzip member. Raises Damaged."""
    inflate = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        unpacked = inflate.decompress(member)
        if not inflate.eof or inflate.unused_data:
            raise Damaged(f"{where}: not one complete record")
        record = next(ArchiveIterator(BytesIO(unpacked), no_record_parse=False))
        payload = record.raw_stream.read()
    except (StopIteration, ValueError, EOFError, zlib.error) as error:
        raise Damaged(f"{where}: {error}") from error
    http = record.http_headers
    return Record(
        record.rec_type,
        dict(record.rec_headers.headers),
        int(http.get_statuscode()) if http and http.get_statuscode().isdigit() else None,
        tuple((name, _as_sent(value)) for name, value in http.headers) if http else (),
        payload,
        member,
    )


def _as_sent(value: str) -> str:
    """A header's bytes as Latin-1, as they were given to be written; warcio reads them as UTF-8 where they are."""
    if value.isascii():
        return value
    try:
        value.encode("latin-1").decode()
    except UnicodeEncodeError:
        return value.encode().decode("latin-1")
    except UnicodeDecodeError:
        return value
    return value.encode().decode("latin-1")


def records(path: Path) -> Iterator[tuple[int, int, Record]]:
    """Every complete record of a segment: (start, length, record); stops at a tear."""
    start = 0
    with path.open("rb") as file:
        for member in _members(file):
            yield start, len(member), parse(member, f"{path.name} at {start}")
            start += len(member)


def _members(file: IO[bytes]) -> Iterator[bytes]:
    """The complete gzip members of a stream, one after the other."""
    rest = b""
    while True:
        inflate = zlib.decompressobj(zlib.MAX_WBITS | 16)
        parts: list[bytes] = []
        while not inflate.eof:
            chunk = rest or file.read(1 << 20)
            rest = b""
            if not chunk:
                return
            try:
                inflate.decompress(chunk)
            except zlib.error:
                return
            parts.append(chunk)
        rest = inflate.unused_data
        member = b"".join(parts)
        yield member[: len(member) - len(rest)] if rest else member


def left_open(folder: Path) -> list[Path]:
    """The segments that are being written, or that a killed run left so."""
    return sorted(folder.glob(f"*{OPEN}"))


def close_copy(path: Path) -> tuple[Path, int]:
    """Copy the complete members of an open segment to its final name, keep its torn tail aside: (segment, tail bytes).

    The open file stays until `path.unlink()`, which comes after its captures are catalogued; so this may be repeated.
    """
    with path.open("rb") as file:
        whole = sum(len(member) for member in _members(file))
        file.seek(0)
        final = path.with_name(path.name.removesuffix(OPEN))
        if whole:
            _copy(file, final, whole)
        tail = file.read()
    if tail:
        _write(final.with_name(final.name + TORN), tail)
    if whole:
        write_index(final)
    return final, len(tail)


def _copy(source: IO[bytes], target: Path, length: int) -> None:
    """Copy so many bytes to a file that is there whole or not at all."""
    temporary = target.with_name(target.name + ".part")
    with temporary.open("wb") as file:
        while length > 0 and (chunk := source.read(min(length, 1 << 20))):
            file.write(chunk)
            length -= len(chunk)
        file.flush()
        os.fsync(file.fileno())
    temporary.rename(target)


def _write(path: Path, data: bytes) -> None:
    """Write a file so that it is there whole or not at all."""
    _copy(BytesIO(data), path, len(data))


def write_index(segment: Path) -> None:
    """Write the index of a segment that is read back for it (archive.cdxj)."""
    found = (
        cdxj.line(segment.name, start, length, record.type, record.headers, record.status, record.http_headers)
        for start, length, record in records(segment)
        if record.type in CAPTURES
    )
    _write_index(segment, found)


def _write_index(segment: Path, lines: Iterable[str]) -> None:
    _write(segment.with_name(segment.name.removesuffix(".warc.gz") + ".cdxj"), "".join(sorted(lines)).encode())
