"""What the tests of whole runs share: the command line in subprocesses, archives, WARC records, and the truth as rows.

Nothing of the product is imported: archives are read with sqlite3, records with warcio, and what a report should be
comes from `tests.portals`.
"""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

import pytest
from warcio.archiveiterator import ArchiveIterator

from tests import forks
from tests.portals import Entry, Figure, Portals, ReportTruth, Truth
from tests.portals.site import Request

LONG = pytest.mark.skipif(not os.environ.get("NIANBAO_LONG"), reason="a long run: make long")
NIANBAO = Path(sys.executable).with_name("nianbao")
FIRST, LATER = date(2026, 1, 10), date(2026, 2, 5)
TIMEOUT = 300  # seconds: the longest command of these tests takes 8
CAPTURES = ("response", "revisit", "resource")
CARRIERS = ("html", "docx", "pdf", "html+docx")
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive on the disk and the command line that works on it."""

    folder: Path

    def command(self, *words: object) -> tuple[list[str], dict[str, str]]:
        """The arguments and the environment of a command; the archive is named by the environment."""
        environment = {key: value for key, value in os.environ.items() if not key.startswith("NIANBAO")}
        return [str(NIANBAO), *map(str, words)], environment | {"NIANBAO_ARCHIVE": str(self.folder)}

    def run(self, *words: object, status: int = 0) -> subprocess.CompletedProcess[str]:
        """Run a command to its end, in a process of its own; it must end with this exit status."""
        arguments, environment = self.command(*words)
        done = forks.run(arguments, environment, TIMEOUT)
        said = f"nianbao {' '.join(arguments[1:])} ended with {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-3000:]}"
        assert done.returncode == status, said
        return done

    def start(self, *words: object, program: tuple[str, ...] = ()) -> subprocess.Popen[bytes]:
        """Start a command, in a process group of its own; `program` stands in the place of nianbao.

        What it says goes to the file `said`: a pipe would stay open as long as any process that it left behind.
        """
        arguments, environment = self.command(*words)
        arguments = [*program, *arguments[1:]] if program else arguments
        with self.said.open("wb") as said:
            return subprocess.Popen(arguments, env=environment, stdout=said, stderr=said, start_new_session=True)

    @property
    def said(self) -> Path:
        """What the command that was started last has said."""
        return self.folder.with_suffix(".said")

    def json(self, *words: object) -> list[Row]:
        """What a command prints as --json."""
        rows: list[Row] = json.loads(self.run(*words, "--json").stdout)
        return rows

    def rows(self, sql: str, *values: object) -> list[Row]:
        """Rows of the catalogue."""
        connection = sqlite3.connect(f"file:{self.folder / 'nianbao.db'}?mode=ro", uri=True, timeout=30)
        connection.row_factory = sqlite3.Row
        try:
            return [dict(row) for row in connection.execute(sql, values)]
        finally:
            connection.close()

    def files(self, ending: str) -> list[Path]:
        """The files of the WARC folder with this ending."""
        return sorted((self.folder / "warc").glob(f"*{ending}"))

    def copy(self, folder: Path) -> Self:
        """A copy that a test may change."""
        shutil.copytree(self.folder, folder)
        return type(self)(folder)

    def dump(self) -> dict[str, list[tuple[Any, ...]]]:
        """All that a build makes, by natural keys: the same for the same reports, however they were fetched."""
        return {name: sorted(map(tuple, self._values(sql)), key=repr) for name, sql in BUILT.items()}

    def _values(self, sql: str) -> Iterator[tuple[Any, ...]]:
        return (tuple(row.values()) for row in self.rows(sql))


BUILT = {
    "report": "select id, region, unit, scope, year, title, publisher, current from report",
    "version": "select id, report, document, content, seq, title, forms, missing, inferred, contact, notes, stated_date from version",
    "figure": "select v.report, f.* from figure f join version v on v.id = f.version",
    "check": "select v.report, c.* from check_result c join version v on v.id = c.version",
    "cross check": "select * from cross_check",
    "check rule": "select * from check_rule",
    "section": "select v.report, s.* from section s join version v on v.id = s.version",
    "section part": "select v.report, s.* from section_part s join version v on v.id = s.version",
    "number": "select v.report, n.* from number n join version v on v.id = n.version",
    "sighting": "select url, version, document, role, link_text from sighting",
    "document": "select sha256, format, reader, title, text, metadata, notes from document",
    "event": "select kind, report, version, detail from event",
    "unit": "select id, region, name, full_name, type from unit",
    "failure": "select subject, kind, reason from failure",
}


@dataclass(frozen=True, slots=True)
class Visit:
    """One run of the command line on an archive: the archive after it, what it said, which requests were served."""

    archive: Archive
    said: subprocess.CompletedProcess[str]
    served: tuple[Entry, ...]


def visit(portals: Portals, archive: Archive, *words: object, day: date = FIRST, status: int = 0) -> Visit:
    """Run a command while the portals live on a day."""
    portals.day = day
    begun = len(portals.requests)
    said = archive.run(*words, status=status)
    return Visit(archive, said, tuple(portals.requests[begun:]))


def add_portals(archive: Archive, portals: Portals, *names: str) -> None:
    """Add the simulated portals, as a person would; the host of their files too, or it would be asked every two seconds."""
    for name, url in portals.urls.items():
        if names and name not in names:
            continue
        county = portals.truth.county(name)
        region = ("--region", county.region, "--region-name", county.name)
        files = portals.sites[name].file_host
        hosts = ("--hosts", urlsplit(portals.hosts[files]).hostname) if files else ()
        archive.run("portals", "add", url, "--allow-private", "--delay", 0, *region, *hosts)


def portal_id(portals: Portals, name: str) -> str:
    """What the archive calls a portal."""
    return urlsplit(portals.urls[name]).netloc


def bytes_on(portals: Portals, url: str, day: date) -> bytes:
    """What the portals answer to a URL on a day, asked without the network."""
    parts = urlsplit(url)
    name = next(name for name, home in portals.urls.items() if urlsplit(home).netloc == parts.netloc)
    request = Request(parts.path, dict(parse_qsl(parts.query, keep_blank_values=True)), day)
    return portals.sites[name].respond(request).body


def report_urls(portals: Portals, *names: str) -> set[str]:
    """Every page and file of the reports that portals (all, if none is named) show on their day."""
    reports = [report for report in portals.truth.reports if not names or report.portal in names]
    shown = [portals.url_of(report.key) for report in reports]
    return {url for each in shown for url in (*each.pages, *each.attachments)}


def fetched_urls(archive: Archive) -> set[str]:
    """What an archive holds in full."""
    return {row["url"] for row in archive.rows("select url from capture where type = 'response' and status = 200")}


# --- WARC records, read by warcio alone


@dataclass(frozen=True, slots=True)
class Record:
    """A WARC record where warcio finds it."""

    segment: str
    offset: int
    length: int
    type: str
    headers: Mapping[str, str]
    status: str | None
    payload: bytes

    @property
    def url(self) -> str:
        return self.headers.get("WARC-Target-URI", "")


def records(segment: Path) -> Iterator[Record]:
    """Every record of a segment."""
    with segment.open("rb") as file:
        found = ArchiveIterator(file)
        for record in found:
            http = record.http_headers
            headers, status = dict(record.rec_headers.headers), http.get_statuscode() if http else None
            payload = record.raw_stream.read()
            offset, length = found.get_record_offset(), found.get_record_length()
            yield Record(segment.name, offset, length, record.rec_type, headers, status, payload)


def record_at(archive: Archive, segment: str, offset: int, length: int) -> Record:
    """The record in these bytes of a segment."""
    with (archive.folder / "warc" / segment).open("rb") as file:
        file.seek(offset)
        record = next(ArchiveIterator(BytesIO(file.read(length))))
    status = record.http_headers.get_statuscode() if record.http_headers else None
    headers = dict(record.rec_headers.headers)
    return Record(segment, offset, length, record.rec_type, headers, status, record.raw_stream.read())


def captures(archive: Archive) -> list[Record]:
    """The records of all closed segments that are captures."""
    found = (record for segment in archive.files(".warc.gz") for record in records(segment))
    return [record for record in found if record.type in CAPTURES]


# --- the truth as an archive should hold it


@dataclass(frozen=True, slots=True)
class Expected:
    """A report and the figures that an archive should show for it."""

    report: ReportTruth
    figures: Mapping[str, Figure]


def report_id(report: ReportTruth) -> str:
    """The id of a report: region/unit/scope/year, the unit without its county's name."""
    return f"{report.region}/{report.unit.removeprefix(report.county)}/{report.scope}/{report.year}"


def expected(truth: Truth, *days: date) -> dict[str, Expected]:
    """Every report that was shown on any of the days, with the figures of the last of them that showed it."""
    return {
        report_id(report): Expected(report, report.figures_on(day))
        for day in days
        for report in truth.reports
        if report.visible_on(day)
    }


@dataclass(slots=True)
class Comparison:
    """Figures compared and what differs, by carrier."""

    reports: Counter[str] = field(default_factory=Counter)
    figures: Counter[str] = field(default_factory=Counter)
    nonzero: Counter[str] = field(default_factory=Counter)
    differences: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def table(self) -> str:
        """What was compared, for people."""
        lines = [f"{'carrier':10}{'reports':>9}{'figures':>9}{'not 0':>7}{'differences':>13}"]
        for name in CARRIERS:
            counts = self.reports[name], self.figures[name], self.nonzero[name], len(self.differences[name])
            lines.append("{:10}{:>9}{:>9}{:>7}{:>13}".format(name, *counts))
        return "\n".join(lines)

    def all(self) -> list[str]:
        """Every difference."""
        return [line for name in CARRIERS for line in self.differences[name]]


def compare(archive: Archive, wanted: Mapping[str, Expected]) -> Comparison:
    """Every figure (value, state, unit, written) of the current versions against the truth, both ways."""
    result = Comparison()
    found = current_figures(archive)
    for id, expectation in wanted.items():
        carrier = expectation.report.carrier
        result.reports[carrier] += 1
        result.figures[carrier] += len(expectation.figures)
        result.nonzero[carrier] += sum(1 for figure in expectation.figures.values() if figure.value != 0)
        have = found.get(id, {})
        for path in sorted(have.keys() | expectation.figures.keys()):
            if have.get(path) != (want := expectation.figures.get(path)):
                result.differences[carrier].append(f"{id} {path}: {have.get(path)} is not {want}")
    return result


def current_figures(archive: Archive) -> dict[str, dict[str, Figure]]:
    """The figures of every current version, by report and path."""
    found: dict[str, dict[str, Figure]] = defaultdict(dict)
    for row in archive.rows(
        "select r.id, f.path, f.value, f.state, f.written, f.unit from report r join figure f on f.version = r.current"
    ):
        found[row["id"]][row["path"]] = Figure(row["value"], row["state"], row["written"], row["unit"])
    return found


def unequal(have: Mapping[str, Any], want: Mapping[str, Any]) -> list[str]:
    """Keys whose values differ, with both; short enough to be read in a failure."""
    return [
        f"{key}: {have.get(key)!r} is not {want.get(key)!r}"[:600]
        for key in sorted(have.keys() | want.keys())
        if have.get(key) != want.get(key)
    ]


def differing(have: Mapping[str, list[Any]], want: Mapping[str, list[Any]]) -> list[str]:
    """Tables whose rows differ, with some of the rows that only one of two dumps has."""
    said = []
    for name in want:
        less, more = set(want[name]) - set(have[name]), set(have[name]) - set(want[name])
        if have[name] != want[name]:
            rows = [
                f"  only {side}: {row!r}"[:400] for side, some in (("wanted", less), ("found", more)) for row in some
            ]
            said += [f"{name}: {len(have[name])} rows found, {len(want[name])} wanted", *rows[:10]]
    return said
