"""Old Word, WPS and RTF documents: many by one call, none lost by another, nothing fetched, a reason where nothing reads them.

Programs stand in for LibreOffice where it must hang or die; where the real one is needed and missing, a test is
skipped and says so.
"""

import http.server
import json
import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import office, reading
from archive.captures import Circumstances, Recorder, insert
from archive.database import connect
from archive.identity import import_origin
from extract import ole
from extract.canonical import write
from extract.formats import read, sniff, to_convert
from extract.model import Hint, State, Unreadable
from extract.reader import parse
from tests.corpus import Made, documents
from tests.helpers import Archive, differing
from tests.quality import judged, score_document

SOFFICE = shutil.which("soffice")
needs_office = pytest.mark.skipif(not SOFFICE, reason="LibreOffice is not installed (libreoffice-writer-nogui)")
DOCS = {made.name: made for made in documents("doc")}
RTFS = {made.name: made for made in documents("rtf")}
SIMPLE = next(made for made in DOCS.values() if "lonsun-jiaoyu-2023" in made.name)
# What extractous cannot see: tables in cells, cells in form fields, and spans where cells are blank.
BEYOND_TEXT = {"content controls", "table in a cell", "repeated heads", "empty cells for spans"}
FAKE = """#!/bin/sh
echo call "$@" >> {log}
while [ $# -gt 0 ]; do
  case "$1" in
    --outdir) out=$2; shift;;
    /*) if grep -q HANG "$1"; then sleep 1000 & echo $! >> {log}.pids; wait; fi
        if grep -q CRASH "$1"; then kill -SEGV $$; fi
        grep -q REFUSE "$1" || {{ name=${{1##*/}}; cp {stub} "$out/${{name%.*}}.docx"; }};;
  esac
  shift
done
"""


def doc(words: bytes = b"", name: str = "WordDocument") -> bytes:
    """The least that is told to be an OLE file with a stream of this name."""
    encoded = name.encode("utf-16-le")
    entry = encoded.ljust(64, b"\0") + (len(encoded) + 2).to_bytes(2, "little") + b"\x02"
    return ole.MAGIC.ljust(512, b"\0") + entry.ljust(128, b"\0") + words


def text_of(converted: bytes | str, data: bytes) -> str:
    assert isinstance(converted, bytes), converted
    return write(read(data, None, converted))


def errors_of(made: Made, converted: bytes | str) -> list[str]:
    """The figures that are not as printed."""
    assert isinstance(converted, bytes), converted
    return [f"{error.document} {error.path}: {error.kind}" for error in score_document(made, converted).errors]


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Puts a program called soffice before all others; gives its log, a line for every call."""
    folder = tmp_path / "bin"

    def put(script: str) -> Path:
        folder.mkdir()
        (folder / "soffice").write_text(script.replace("LOG", str(tmp_path / "calls")), encoding="utf-8")
        (folder / "soffice").chmod(0o755)
        monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
        return tmp_path / "calls"

    return put


@pytest.fixture
def counted(path: Callable[[str], Path]) -> Path:
    """The real LibreOffice, whose calls are written down."""
    return path(f'#!/bin/sh\necho call "$@" >> LOG\nexec {SOFFICE} "$@"\n')


@pytest.fixture
def fake(path: Callable[[str], Path], tmp_path: Path) -> Path:
    """A program that hangs, dies or refuses at documents that say so, and makes the same Word file of all others."""
    import docx

    word = docx.Document()
    word.add_paragraph("made by the stub")
    word.save(str(tmp_path / "stub.docx"))
    return path(FAKE.format(log="LOG", stub=tmp_path / "stub.docx"))


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where temporary files go; nothing is left there in the end."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.setenv("TMPDIR", str(folder))
    yield folder
    assert list(folder.iterdir()) == []


@pytest.fixture
def only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Leaves only some converters on this machine, for this process and those it starts."""
    tools, site = tmp_path / "tools", tmp_path / "site"
    for folder in (tools, site):
        folder.mkdir()
    for name in ("sh", "sleep", "env"):
        (tools / name).symlink_to(str(shutil.which(name)))

    def leave(*names: str) -> None:
        monkeypatch.setenv(
            "PATH", f"{tools}:{Path(SOFFICE).parent}" if "libreoffice" in names and SOFFICE else str(tools)
        )
        hidden = "" if "extractous" in names else "import sys\nsys.modules['extractous'] = None\n"
        (site / "sitecustomize.py").write_text(hidden, encoding="utf-8")
        shutil.rmtree(site / "__pycache__", ignore_errors=True)
        monkeypatch.setenv("PYTHONPATH", str(site))
        monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
        monkeypatch.setattr(office, "find_spec", lambda name: True if "extractous" in names else None)

    return leave


def calls(log: Path) -> list[str]:
    """The calls that were made: lines of their arguments."""
    return [line for line in log.read_text(encoding="utf-8").splitlines() if line.startswith("call")]


def alive(pid: int) -> bool:
    """Whether a process runs; one that is dead and was not fetched by its parent does not."""
    status = Path(f"/proc/{pid}/stat")
    try:
        return status.read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def gone(log: Path, seconds: float = 5) -> bool:
    """Whether everything that a hanging program had started has ended."""
    pids = [int(line) for line in log.with_name(f"{log.name}.pids").read_text(encoding="utf-8").split()]
    until = time.monotonic() + seconds
    while any(map(alive, pids)) and time.monotonic() < until:
        time.sleep(0.1)
    return bool(pids) and not any(map(alive, pids))


# --- LibreOffice


@needs_office
def test_many_documents_are_one_call_and_rtf_and_wps_lose_nothing(counted: Path, scratch: Path) -> None:
    made = {f"{each.format} {each.name}": each for kind in ("doc", "rtf", "wps") for each in documents(kind)}
    converted = office.convert({key: each.data for key, each in made.items()})
    assert converted.keys() == made.keys() and len(made) == 36
    (call,) = calls(counted)
    assert call.count(".doc") - call.count(".docx") == 33 and call.count(".rtf") == 3
    for key, each in made.items():
        if each.format != "doc":  # their score has a floor (tests/quality.py)
            assert errors_of(each, converted[key]) == []


@needs_office
def test_damaged_documents_take_no_other_with_them(counted: Path, scratch: Path) -> None:
    damaged, header = bytearray(SIMPLE.data), SIMPLE.data.find(b"\xec\xa5")
    damaged[header + 24 : header + 900] = b"\xff" * 876  # where the text and its tables are
    batch = {
        "1": SIMPLE.data,
        "2": bytes(damaged),
        "3": doc(b"\xff" * 5000),
        "4": RTFS["lonsun-jiaoyu-2021"].data[:30_000],
        "5": b"{\\rtf1 " + b"{" * 100_000,
        "6": RTFS["lonsun-jiaoyu-2021"].data,
    }
    converted = office.convert(batch)
    assert errors_of(SIMPLE, converted["1"]) == [] and errors_of(RTFS["lonsun-jiaoyu-2021"], converted["6"]) == []
    assert {key for key, got in converted.items() if isinstance(got, str)} >= {"3", "4"}
    with pytest.raises(Unreadable, match="finds nothing in it"):  # LibreOffice makes an empty file of it
        text_of(converted["2"], batch["2"])
    assert all("LibreOffice" in got for got in converted.values() if isinstance(got, str))
    assert len(calls(counted)) <= 2 * len(batch)


@needs_office
def test_columns_that_libreoffice_adds_move_no_figure(scratch: Path) -> None:
    """Rows whose edges differ make further columns; blanks stay where they are printed."""
    words = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"] * 3
    figures = ["1", "", "3", "0", "4", "", "", "7", "", "9", "10", "11", "", "", ""]
    rows = [
        ((2000, 6060), ["行政复议", "行政诉讼"]),
        ((2010, 4000, 6000), ["", "未经复议直接起诉", "复议后起诉"]),
        (tuple(range(400, 6001, 400)), words),
        (tuple(range(430, 6300, 403))[:15], figures),
    ]
    data = rtf("某县教育局2023年政府信息公开工作年度报告", "四、政府信息公开行政复议、行政诉讼情况", rows)
    converted = office.convert({"": data})[""]
    assert isinstance(converted, bytes)
    text = read(data, None, converted)
    (grid,) = text.grids()
    assert grid.width > 15
    (report,) = parse(text)
    columns = [f"t4.{block}.{column}" for block in ("review", "litigation_direct", "litigation_after_review")
               for column in ("upheld", "corrected", "other", "pending", "total")]  # fmt: skip
    found = [report.figures[path] for path in columns]
    assert [figure.written for figure in found] == figures
    assert [figure.state for figure in found] == [State.NUMBER if each else State.BLANK for each in figures]


def rtf(title: str, heading: str, rows: list[tuple[tuple[int, ...], list[str]]]) -> bytes:
    """An RTF document with one table; rows are the right edges of their cells in twips and what is printed in them."""
    parts = [r"{\rtf1\ansi\uc0 ", *(rf"\pard {coded(line)}\par " for line in (title, heading))]
    for edges, texts in rows:
        parts += [r"\trowd\trgaph0", *(rf"\cellx{edge}" for edge in edges), "\n"]
        parts += [*(rf"\pard\intbl {coded(text)}\cell " for text in texts), r"\row "]
    return ("".join(parts) + r"\pard\par}").encode()


def coded(text: str) -> str:
    return "".join(sign if sign.isascii() else f"\\u{ord(sign) - (ord(sign) > 32767) * 65536} " for sign in text)


class Picture(http.server.BaseHTTPRequestHandler):
    """Answers anything, and remembers what it was asked."""

    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(f"{self.command} {self.path}")
        self.send_response(200)
        self.send_header("Content-Type", "image/gif")
        self.end_headers()

    do_HEAD = do_OPTIONS = do_PROPFIND = do_GET

    def log_message(self, *words: object) -> None:
        pass


@pytest.fixture
def listening() -> Iterator[tuple[str, list[str]]]:
    """A server on the loopback: its address, and what it was asked."""
    asked: list[str] = []
    handler = type("Asked", (Picture,), {"asked": asked})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()


@needs_office
def test_nothing_that_a_document_links_is_fetched(
    listening: tuple[str, list[str]], scratch: Path, tmp_path: Path
) -> None:
    address, asked = listening
    (tmp_path / "secret.txt").write_text("words from this disk", encoding="utf-8")
    (tmp_path / "page.html").write_text(f'<p>before <img src="{address}/linked.png"> after</p>', encoding="utf-8")
    plain = [str(SOFFICE), f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to"]
    into = ["--outdir", str(tmp_path)]
    subprocess.run([*plain, "doc:MS Word 97", *into, str(tmp_path / "page.html")], check=True, timeout=60)
    linking = (tmp_path / "page.doc").read_bytes()
    assert address.encode("utf-16-le") in linking or address.encode() in linking
    asked.clear()
    subprocess.run([*plain, "docx", *into, str(tmp_path / "page.doc")], check=True, timeout=60)
    assert any(each.endswith("/linked.png") for each in asked), "as it is installed, LibreOffice fetches it"
    asked.clear()
    fields = (
        rf'{{\rtf1{{\*\template {address}/t.dot}}{{\field{{\*\fldinst INCLUDEPICTURE "{address}/p.png" \\d}}{{\fldrslt x}}}}'
        rf'{{\field{{\*\fldinst INCLUDETEXT "file://{tmp_path}/secret.txt"}}{{\fldrslt y}}}}'
        rf'{{\field{{\*\fldinst INCLUDETEXT "{address}/t.txt"}}{{\fldrslt z}}}}\par}}'
    ).encode()
    converted = office.convert({"doc": linking, "rtf": fields})
    assert "before" in text_of(converted["doc"], linking)
    assert "words from this disk" not in text_of(converted["rtf"], fields)
    assert asked == []


# --- programs that hang, die and refuse


def test_a_document_that_hangs_costs_bounded_time_and_no_other(
    fake: Path, scratch: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office, "SECONDS", 1)
    batch = {str(n): doc(b"%d" % n) for n in range(12)} | {"3": doc(b"HANG"), "7": doc(b"HANG")}
    begun = time.monotonic()
    converted = office.convert(batch)
    assert time.monotonic() - begun < 20
    reasons = {key: got for key, got in converted.items() if isinstance(got, str)}
    assert reasons == dict.fromkeys(("3", "7"), "LibreOffice took more than 1 seconds")
    assert {"made by the stub\n"} == {text_of(converted[key], batch[key]) for key in batch.keys() - reasons.keys()}
    assert len(calls(fake)) == 5  # all; 3 alone; the rest from 4 on; 7 alone; the rest from 8 on
    assert gone(fake)


def test_documents_that_kill_or_are_refused_are_named(fake: Path, scratch: Path) -> None:
    batch = {"1": doc(b"CRASH"), "2": doc(b"REFUSE"), "3": doc(b"good"), "4": doc(b"REFUSE"), "5": b"{\\rtf1 good}"}
    converted = office.convert(batch)
    assert {key: got for key, got in converted.items() if isinstance(got, str)} == {
        "1": "LibreOffice ended with status -11",
        "2": "LibreOffice cannot read the document",
        "4": "LibreOffice cannot read the document",
    }


def test_an_interrupted_or_killed_command_leaves_nothing_running(fake: Path, scratch: Path, tmp_path: Path) -> None:
    (tmp_path / "a.doc").write_bytes(doc(b"HANG"))
    for number, status in ((signal.SIGINT, 4), (signal.SIGKILL, -9)):
        process = Archive(tmp_path / "none").start("parse", tmp_path / "a.doc")
        pids = fake.with_name("calls.pids")
        until = time.monotonic() + 20
        while not (pids.exists() and pids.read_text(encoding="utf-8")) and time.monotonic() < until:
            time.sleep(0.1)
        process.send_signal(number)
        assert process.wait(timeout=20) == status
        assert gone(fake)
        if number == signal.SIGINT:
            assert list(scratch.iterdir()) == []
        pids.unlink()
    for left in scratch.iterdir():  # nobody was there to remove it
        shutil.rmtree(left)


# --- extractous, and nothing at all


def test_extractous_reads_what_text_can_tell(only: Callable[..., None], scratch: Path) -> None:
    only("extractous")
    assert office.available() == "extractous"
    converted = office.convert({name: made.data for name, made in DOCS.items()})
    hidden = {name for name, made in DOCS.items() if made.oddities[-1] == "hidden text"}
    assert len(hidden) == 2 and all("hides text" in str(converted[name]) for name in hidden)
    errors = {name: errors_of(made, converted[name]) for name, made in DOCS.items() if name not in hidden}
    wrong = {name for name, found in errors.items() if found}
    assert len(wrong) <= 6 and {DOCS[name].oddities[-1] for name in wrong} <= BEYOND_TEXT
    assert not [
        error for found in errors.values() for error in found if "another number" in error or "invented" in error
    ]
    text = read(SIMPLE.data, None, converted[SIMPLE.name])  # type: ignore[arg-type]
    assert text.format == "doc" and "extractous" in text.notes[0]
    assert sum(judged(made, None).figures for made in DOCS.values()) > 5000


def test_extractous_is_not_asked_for_rtf_and_survives_damage(only: Callable[..., None], scratch: Path) -> None:
    only("extractous")
    converted = office.convert(
        {"rtf": RTFS["lonsun-jiaoyu-2021"].data, "bad": doc(b"\xff" * 5000), "good": SIMPLE.data}
    )
    assert "libreoffice-writer-nogui" in str(converted["rtf"]) and "pip" not in str(converted["rtf"])
    assert converted["bad"] == "extractous cannot read the document"
    assert errors_of(SIMPLE, converted["good"]) == []


@needs_office
def test_a_build_reads_again_where_there_is_a_better_converter(only: Callable[..., None], tmp_path: Path) -> None:
    archive, folder = Archive(tmp_path / "archive"), tmp_path / "files"
    folder.mkdir()
    (folder / "清沙县教育局2023年政府信息公开工作年度报告.doc").write_bytes(SIMPLE.data)
    (folder / "b.rtf").write_bytes(RTFS["lonsun-caizheng-2023"].data)
    (folder / "c.txt").write_text("清沙县统计局2023年政府信息公开工作年度报告\n\n一、总体情况\n", encoding="utf-8")
    only()
    said = archive.run("import", folder, "--region", "990001", "--region-name", "清沙县", status=1).stderr
    assert "apt-get install libreoffice-writer-nogui" in said and "pip install 'nianbao[doc]'" in said
    reasons = {row["url"][-4:]: row["reason"] for row in archive.rows("select url, reason from failure")}
    assert "pip install 'nianbao[doc]'" in reasons[".doc"] and "LibreOffice must convert" in reasons[".rtf"]
    for names, pages, failures, numbers in (
        ((), 0, 2, False),
        (("extractous",), 2, 1, True),
        (("extractous",), 0, 1, True),
        (("libreoffice", "extractous"), 2, 0, True),
        (("libreoffice",), 0, 0, True),
        ((), 0, 0, True),
    ):
        only(*names)
        before = archive.dump()
        said = archive.run("build").stdout
        assert f"{pages} pages built" in said, (names, said)
        assert len(archive.rows("select * from failure")) == failures, names
        if not pages:
            assert differing(archive.dump(), before) == []
        figures = archive.rows(
            "select f.* from figure f join version v on v.id = f.version where v.report like '%教育局%'"
        )
        assert bool(figures) == numbers, names
    assert len(archive.rows("select * from report")) == 3


# --- the stream of jobs


def test_jobs_that_wait_hold_up_no_others_and_not_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    batches: list[list[str]] = []

    def convert(batch: dict[str, bytes]) -> dict[str, bytes | str]:
        batches.append(list(batch))
        return {key: "refused" if key == "doc 1" else b"converted" for key in batch}

    monkeypatch.setattr(office, "convert", convert)
    names = ["doc 0", *(f"text {n}" for n in range(300)), *(f"doc {n}" for n in range(1, 100)), "text 300"]
    taken: list[str] = []

    def jobs() -> Iterator[reading.Job]:
        for name in names:
            taken.append(name)
            yield reading.Job(name, doc() if name.startswith("doc") else b"text", Hint())

    done = []
    for job in reading.converted(jobs()):
        done.append(job)
        assert len(taken) - len(done) < reading.BATCH
    assert sorted(job.key for job in done) == sorted(names)
    assert [len(batch) for batch in batches] == [1, 40, 40, 19]
    assert [job.key for job in done].index("doc 0") == reading.PASSED
    by_key = {job.key: job for job in done}
    assert by_key["doc 2"].converted == b"converted" and by_key["doc 1"].refused == "refused"
    assert by_key["text 1"] == reading.Job("text 1", b"text", Hint())
    monkeypatch.setattr(reading, "BATCH_BYTES", 3 * len(doc()))
    batches.clear()
    list(reading.converted(reading.Job(str(n), doc(), Hint()) for n in range(8)))
    assert [len(batch) for batch in batches] == [3, 3, 2]


# --- what the bytes are


def test_bytes_decide_and_never_the_name() -> None:
    hint = Hint(name="report.doc", media_type="application/msword")
    page = "<html><body><p>某县教育局2023年政府信息公开工作年度报告</p></body></html>".encode()
    assert read(page, hint).format == "html"
    assert read(next(documents("docx")).data, hint).format == "docx"
    assert read("某县教育局2023年政府信息公开工作年度报告".encode("gb18030"), hint).format == "text"
    assert sniff(RTFS["lonsun-jiaoyu-2021"].data).name == "rtf"
    assert sniff(b"\r\n{\\rtf1 <html> is a word here}").name == "rtf"
    assert sniff(SIMPLE.data).name == "doc" and sniff(SIMPLE.data).reader == "doc/1"
    assert to_convert(page) is None
    with pytest.raises(Unreadable, match="libreoffice-writer-nogui"):
        read(SIMPLE.data, hint)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Workbook", "Excel"),
        ("Book", "Excel"),
        ("PowerPoint Document", "PowerPoint"),
        ("EncryptedPackage", "locked with a password"),
        ("__properties_version1.0", "Outlook"),
        ("CONTENTS", "holds no Word document"),
    ],
)
def test_other_office_files_are_named(name: str, words: str) -> None:
    with pytest.raises(Unreadable, match=words):
        read(doc(name=name))
    assert to_convert(doc(name=name)) is None


def test_a_locked_word_document_is_named() -> None:
    data = bytearray(SIMPLE.data)
    header = data.find(b"\xec\xa5")
    assert header % 512 == 0
    data[header + 11] |= 0x01
    with pytest.raises(Unreadable, match="Word document locked with a password"):
        sniff(bytes(data))


def test_an_embedded_workbook_makes_no_excel_file() -> None:
    assert sniff(doc(doc(name="Workbook")[512:])).name == "doc"
    assert ole.kind(doc(doc()[512:], name="Workbook")) != ole.WORD
    assert ole.kind(doc("WordDocument".encode("utf-16-le"), name="Workbook")) != ole.WORD


@given(st.binary(max_size=2000))
def test_any_bytes_are_told_without_an_error(data: bytes) -> None:
    assert ole.kind(ole.MAGIC + data)
    assert ole.kind(doc(data))


# --- commands


@needs_office
def test_parse_and_text_convert_many_by_one_call(counted: Path, scratch: Path, tmp_path: Path) -> None:
    made = [*DOCS.values()][:3]
    files = [tmp_path / f"{number}.doc" for number in range(3)]
    for file, each in zip(files, made, strict=True):
        file.write_bytes(each.data)
    files[1:1] = [tmp_path / "plain.docx", tmp_path / "bad.doc"]
    files[1].write_bytes(next(documents("docx")).data)
    files[2].write_bytes(doc(name="Workbook"))
    archive = Archive(tmp_path / "none")
    done = archive.run("parse", *files, "--json", status=1)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["source"] for row in rows] == ["0.doc", "plain.docx", "1.doc", "2.doc"]
    assert [row["reader"] for row in rows if row["format"] == "doc"] == ["doc/1"] * 3
    assert len(calls(counted)) == 1 and "bad.doc cannot be read: the Excel workbook" in done.stderr
    for each, row in zip(made, [rows[0], *rows[2:]], strict=True):
        values = {path: figure["value"] for path, figure in row["figures"].items()}
        assert values == {path: figure.value for path, figure in each.figures.items()}
    (tmp_path / "a.wps").write_bytes(made[0].data)
    assert "一、总体情况" in archive.run("text", tmp_path / "a.wps").stdout
    assert not archive.folder.exists()


@needs_office
def test_reports_that_are_attachments(counted: Path, tmp_path: Path) -> None:
    """Pages that only lead to an old Word file, and one call for all of them."""
    archive, made = Archive(tmp_path / "archive"), [*DOCS.values()][:4]
    db = connect(archive.folder, create=True)
    recorder = Recorder(archive.folder, db, "0" * 32)
    for number, each in enumerate(made):
        origin, page = import_origin(f"99000{number}", "某县"), f"http://127.0.0.1/{number}/page.html"
        text = read(each.data, None, office.convert({"": each.data})[""])  # type: ignore[arg-type]
        body = f'<html><head><title>{text.title}</title></head><body><h1>{text.title}</h1><a href="a.doc">附件</a></body></html>'
        about = Circumstances(origin, "detail", 1, link_text=text.title)
        insert(db, [recorder.file(page, body.encode(), "text/html; charset=utf-8", about)])
        beside = Circumstances(origin, "attachment", 1, found_on=page, link_text="附件")
        insert(db, [recorder.file(page.replace("page.html", "a.doc"), each.data, "application/msword", beside)])
    recorder.close()
    db.close()
    counted.unlink()
    archive.run("build")
    assert len(calls(counted)) == 1
    assert archive.rows("select * from failure") == []
    for number, each in enumerate(made):
        rows = archive.rows(
            "select path, value, state from figure f join report r on r.current = f.version where r.region = ?",
            f"99000{number}",
        )
        found = {row["path"]: (row["value"], row["state"]) for row in rows}
        assert found == {path: (figure.value, figure.state) for path, figure in each.figures.items()}
    assert "0 pages built" in archive.run("build").stdout
    assert len(calls(counted)) == 1
