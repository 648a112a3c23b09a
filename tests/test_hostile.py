"""Documents that attack: a short form of `make hostile`, and the limits that hold whatever a document is.

Workers that hang, die or take too much are shown with a reader that does what it is told; known attacks and mutated
documents go through the archive. While everything that can name an address is read, a server that listens hears nothing.
"""

import http.server
import os
import shutil
import signal
import threading
import time
import zlib
from collections import deque
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from archive import workers
from archive.build import build
from archive.captures import Circumstances, Recorder, insert
from archive.database import connect
from archive.identity import import_origin
from archive.reading import Job, Reading
from archive.sending import packed
from archive.workers import Limits, failed, read_all
from extract.model import Hint
from tests import attacks
from tests.attacks import EITHER, FAILURE, READABLE, pdf, stream, word
from tests.hostile import SHORT, Resident, again, cases, mutated, taken
from tests.packing import rar5_of, zip_of

MUTATED = 40
QUICK = (  # known attacks that take a second or two each: the others are for `make hostile`
    "bomb.zip bomb-overlapping.zip bomb-lying.zip climbing.zip links.zip locked.zip locked.rar size.rar junk.rar laughs.html external.html deep.html "
    "colspan.html utf16.txt noise.bin empty.txt picture-large.pdf tree-loops.pdf font-loops.pdf form-loops.pdf large.png large.jpg large.bmp "
    "laughs.docx external.docx deep.docx spans.docx bomb-lying.docx laughs.ofd climbs.ofd junk.doc loops.doc junk.xls"
).split()
LITTLE = Limits(seconds=1, grace=1)


def told(given: Connection, results: Connection, limits: Limits) -> None:
    """In place of what a worker does: a document says what is to happen."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})  # as native code that gives no alarm a chance
    results.send_bytes(packed(workers.READY))
    while True:
        job: Job = given.recv()
        word = job.data.partition(b" ")[0]
        if word == b"hang":
            time.sleep(1000)
        elif word == b"die" or (word == b"once" and not Path(os.fsdecode(job.data.partition(b" ")[2])).exists()):
            if word == b"once":
                Path(os.fsdecode(job.data.partition(b" ")[2])).touch()
            os.kill(os.getpid(), signal.SIGSEGV)
        elif word == b"long":
            results.send_bytes(packed(30.0))
            time.sleep(3)
        elif word == b"garble":
            results.send_bytes(b"\xc1")
            time.sleep(1000)
        results.send_bytes(packed(Reading(job.key, written=f"{os.getpid()}")))


def read_as_told(monkeypatch: pytest.MonkeyPatch, documents: dict[str, bytes], size: int = 2) -> dict[str, Reading]:
    monkeypatch.setattr(workers, "_work", told)
    jobs = (Job(key, data, Hint()) for key, data in documents.items())
    return {reading.key: reading for reading in read_all(jobs, size, limits=LITTLE)}


# --- workers


def test_a_document_that_hangs_or_kills_costs_itself_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    documents = {f"{n}": b"good" for n in range(12)}
    documents |= {
        "hang": b"hang",
        "die": b"die",
        "garble": b"garble",
        "once": b"once " + os.fsencode(tmp_path / "once"),
        "long": b"long",
        "last": b"good",
    }
    found = read_as_told(monkeypatch, documents)
    assert found.keys() == documents.keys()
    assert {key: reading.failure for key, reading in found.items() if reading.failure} == {
        "hang": "timeout",
        "die": "crashed",
        "garble": "crashed",
    }
    assert "could not be stopped" in found["hang"].reason and "SIGSEGV" in found["die"].reason
    assert len({reading.written for reading in found.values() if reading.written}) >= 3  # new workers stood in


def test_jobs_that_follow_from_readings_are_read_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_work", told)
    more: deque[Job] = deque()
    found = []
    for reading in read_all([Job("0", b"good", Hint())], 1, more, LITTLE):
        found.append(reading.key)
        if len(found) < 5:
            more.append(Job(f"{len(found)}", b"good", Hint()))
    assert found == ["0", "1", "2", "3", "4"]


def test_no_worker_is_started_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_Worker", None)
    assert list(read_all([], 2)) == []


def test_a_document_that_takes_too_much_memory(tmp_path: Path) -> None:
    """200 MB of text in two bytes each; the worker lives on and reads the next."""
    jobs = [
        Job("large", b"<html><body>" + "<p>一</p>".encode() * 6_000_000, Hint()),
        Job("small", attacks.page("<p>文</p>"), Hint()),
    ]
    found = {each.key: each for each in read_all(jobs, 1, limits=Limits(seconds=60, data=300 * 2**20))}
    assert found["large"].failure in ("memory", "unreadable", "crashed") and found["large"].reason
    assert found["small"].text and not found["small"].failure


def test_the_time_of_a_scan_is_that_of_its_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    limits = Limits()
    monkeypatch.setattr(workers.ocr, "pages_to_read", lambda data: len(data))
    assert limits.of(b"") == limits.seconds
    assert limits.of(b"x" * 60) >= 60 * 4 + limits.seconds
    assert limits.of(b"x" * 5000) == limits.of(b"x" * limits.pages)


# --- attacks


def test_known_attacks_end_as_expected(tmp_path: Path) -> None:
    known = {case.name: case for case in cases() if case.name in QUICK}
    assert set(known) == set(QUICK)
    files = ((name, case.made()) for name, case in known.items())
    with Resident() as resident:
        seen = taken(tmp_path / "archive", files, tmp_path / "files", SHORT)
    wrong = {name: each for name, each in seen.items() if not each.as_expected(known[name].expected)}
    assert not wrong
    assert again(tmp_path / "archive") == 0
    assert all(each.detail.partition(": ")[2] for each in seen.values() if each.end == FAILURE)
    assert "root:" not in "".join(p.read_text("latin-1") for p in (tmp_path / "archive").glob("*.db"))
    assert not Path("/tmp/climbed.txt").exists()
    assert 0 < resident.peak < 2**20, f"a worker was resident with {resident.peak >> 10} MB"


def test_mutated_documents_are_never_lost(tmp_path: Path) -> None:
    seen = taken(tmp_path / "archive", mutated(MUTATED, seed=11), tmp_path / "files", SHORT)
    assert len(seen) == MUTATED
    assert again(tmp_path / "archive") == 0
    assert [each for each in seen.values() if not each.as_expected(EITHER)] == []


def test_mutations_are_the_same_on_every_run() -> None:
    digests = [[zlib.crc32(data) for _, data in mutated(30)] for _ in range(2)]
    assert digests[0] == digests[1] and len(set(digests[0])) > 25


# --- what failed is not tried again


def test_a_document_that_failed_is_not_read_again_by_the_same_reader(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not by the next build, and not when the page beside it has changed; a newer reader tries it once more."""
    read: list[str] = []

    def counted(jobs, workers, more=None, limits=None):  # type: ignore[no-untyped-def]
        for job in jobs:
            read.append(job.hint.url or "")
            hangs = b"hang" in job.data
            yield failed(job, "timeout", "reading took more than 1 seconds") if hangs else Reading(job.key)

    monkeypatch.setattr("archive.build.read_all", counted)
    archive, url = tmp_path / "archive", "http://127.0.0.1/nb/a.pdf"
    db = connect(archive, create=True)

    def fetched(round: int, body: bytes) -> list[str]:
        recorder = Recorder(archive, db, f"{round}")
        origin, page = import_origin("990001", "清沙县"), "http://127.0.0.1/nb/page.html"
        about = Circumstances(origin, "detail", round, link_text=attacks.TITLE)
        insert(db, [recorder.file(page, body, "text/html", about)])
        beside = Circumstances(origin, "attachment", round, found_on=page)
        insert(db, [recorder.file(url, b"%PDF-1.5 hang", "application/pdf", beside)])
        recorder.close()
        return built()

    def built() -> list[str]:
        read.clear()
        build(archive, db, 1)
        assert [
            (row["url"], row["kind"]) for row in db.query("select url, kind from failure where kind = 'timeout'")
        ] == [(url, "timeout")]
        return sorted(address.rpartition("/")[2] for address in read)

    assert fetched(1, b"<html>one") == ["a.pdf", "page.html"]
    assert built() == []
    assert fetched(2, b"<html>two") == ["page.html", "page.html"]  # both showings of the page; the file is known
    monkeypatch.setattr("archive.shelf.READER", "newer")
    from archive.shelf import versions

    versions.cache_clear()
    assert built() == ["a.pdf", "page.html", "page.html"]
    versions.cache_clear()
    db.close()


def test_a_second_build_reads_no_attack_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {
        case.name: case.made()
        for case in cases()
        if case.name in ("deep.html", "bomb.zip", "tree-loops.pdf", "large.png")
    }
    seen = taken(tmp_path / "archive", files, tmp_path / "files", SHORT)
    assert {each.end for each in seen.values()} == {FAILURE}
    monkeypatch.setattr(workers, "_Worker", None)  # nothing to read: no worker is started
    db = connect(tmp_path / "archive")
    summary = build(tmp_path / "archive", db, 1)
    db.close()
    assert (summary.pages, summary.documents, summary.failures) == (0, 0, 0)


# --- no document opens a connection


class Heard(http.server.BaseHTTPRequestHandler):
    """Answers anything, and remembers what it was asked."""

    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_response(200)
        self.end_headers()

    do_HEAD = do_OPTIONS = do_POST = do_PROPFIND = do_GET

    def log_message(self, *words: object) -> None:
        pass


@pytest.fixture
def listening() -> Iterator[tuple[str, list[str]]]:
    """A server on the loopback: its address, and what it was asked."""
    asked: list[str] = []
    handler = type("Asked", (Heard,), {"asked": asked})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()


def naming(address: str) -> dict[str, bytes]:
    """Documents of every format that name an address where a viewer would fetch it."""
    a = address.encode()
    entity = f'<!DOCTYPE w [<!ENTITY % p SYSTEM "{address}/dtd"> %p; <!ENTITY x SYSTEM "{address}/entity">]>'
    relations = (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">%s</Relationships>'
    )
    remote = b'<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/%s" Target="%s/%s" TargetMode="External"/>'
    html = attacks.page(
        f'<link rel="stylesheet" href="{address}/css"><script src="{address}/js"></script><img src="{address}/img.png"><iframe src="{address}/frame"></iframe>'
        f'<object data="{address}/object"></object><base href="{address}/"><img src="rel.png"><p style="background:url({address}/bg)">文</p>'
    )
    xml = f'<?xml version="1.0"?>{entity}<w:document {attacks._W}><w:body><w:p><w:r><w:t>{attacks.TITLE}&x;</w:t></w:r></w:p></w:body></w:document>'
    docx = {
        "[Content_Types].xml": attacks.CONTENT, "word/document.xml": xml.encode(),
        "word/_rels/document.xml.rels": relations % (remote % (b"image", a, b"img") + remote % (b"attachedTemplate", a, b"template.dotm")),
        "word/_rels/settings.xml.rels": relations % (remote % (b"attachedTemplate", a, b"t.dotm")),
    }  # fmt: skip
    action = (
        b"/OpenAction << /S /URI /URI (%s/uri) >> /AA << /WC << /S /JavaScript /JS (app.launchURL\\('%s/js'\\)) >> >>"
        % (a, a)
    )
    page = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> /XObject << /X 6 0 R >> >> /AA << /O << /S /GoToR /F << /FS /URL /F (%s/pdf) >> /D [0] >> >> >>"
        % a
    )
    away = (
        b"<< /Type /XObject /Subtype /Image /Width 9 /Height 9 /BitsPerComponent 8 /ColorSpace /DeviceGray /F << /FS /URL /F (%s/stream) >> /Length 0 >>\nstream\n\nendstream"
        % a
    )
    made = pdf([
        b"<< /Type /Catalog /Pages 2 0 R %s >>" % action, b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page,
        stream(attacks.WORDS + b"q 99 0 0 99 0 0 cm /X Do Q"), attacks.HELVETICA, away,
    ])  # fmt: skip
    rtf = rf'{{\rtf1{{\*\template {address}/t.dot}}{{\field{{\*\fldinst INCLUDEPICTURE "{address}/p.png" \\d}}{{\fldrslt x}}}}{{\field{{\*\fldinst INCLUDETEXT "{address}/t.txt"}}{{\fldrslt z}}}}\par}}'
    sheet = f'<?xml version="1.0"?>{entity}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row><c t="inlineStr"><is><t>&x;</t></is></c></row></sheetData></worksheet>'
    xlsx = {
        "[Content_Types].xml": attacks.CONTENT, "xl/worksheets/sheet1.xml": sheet.encode(),
        "xl/workbook.xml": b'<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="a" sheetId="1" r:id="r2"/></sheets><externalReferences><externalReference r:id="r1"/></externalReferences></workbook>',
        "xl/_rels/workbook.xml.rels": relations % (remote % (b"externalLinkPath", a, b"book.xlsx") + b'<Relationship Id="r2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/>'),
    }  # fmt: skip
    ofd = entity.encode() + attacks._OFD.replace(b"Doc_0/Document.xml", b"%s/Document.xml" % a)
    svg = f'<?xml version="1.0"?>{entity}<svg xmlns="http://www.w3.org/2000/svg"><image href="{address}/svg.png"/>&x;</svg>'
    files = {
        "a.html": html, "b.docx": zip_of(docx), "c.pdf": made, "d.rtf": rtf.encode(), "e.xlsx": zip_of(xlsx),
        "f.ofd": zip_of({"OFD.xml": ofd}), "g.svg": svg.encode(), "h.docx": word("<w:p/>", entity),
    }  # fmt: skip
    return {**files, "i.zip": zip_of(files), "j.rar": rar5_of(files)}


def test_nothing_in_a_document_opens_a_connection(listening: tuple[str, list[str]], tmp_path: Path) -> None:
    """Every reader, the conversion by LibreOffice too (`test_office.py` shows that it would fetch as it is installed)."""
    address, asked = listening
    files = naming(address)
    seen = taken(tmp_path / "archive", files, tmp_path / "files", SHORT)
    assert {each.end for each in seen.values()} <= {READABLE, FAILURE}
    read = {name for name, each in seen.items() if each.end == READABLE}
    assert read >= {"a.html", "b.docx", "c.pdf"} | ({"d.rtf"} if shutil.which("soffice") else set())
    assert asked == []
