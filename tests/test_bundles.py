"""Bundles, and reports put together from several documents: every document is found, every figure leads to its bytes.

Documents are made from the truth of the simulated portals; the bundles and the parts are made here.
"""

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from docx.shared import Cm
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.build import build
from archive.captures import Circumstances, Exchange, Recorder, insert
from archive.database import connect
from archive.imports import grouped
from archive.parts import natural
from extract import bundles, ocr
from extract.bundles import Room
from extract.model import Unreadable
from tests.corpus import plate, scans
from tests.helpers import Archive, differing
from tests.oddities import Answer, Odd, list_page, report_page
from tests.packing import locked_zip, rar4_of, rar5_of, zip_of
from tests.portals import make_truth
from tests.portals.documents import Document, document
from tests.portals.grids import Grid
from tests.portals.render_docx import docx_file
from tests.portals.render_html import html_body
from tests.test_structures import harvest, rows, site
from tests.test_together import (
    COUNTY,
    ID,
    PAGE,
    PORTAL,
    REGION,
    REPORT,
    TITLE,
    WHOLE,
    cited,
    filed,
    kept,
    printed,
    shown,
    truth_of,
)

needs_ocr = pytest.mark.skipif(
    bool(ocr.missing() or plate.missing_fonts()), reason=f"{ocr.missing() or plate.PACKAGES} not installed"
)
BUNDLE = f"http://{PORTAL}/nb/files.zip"
NAME = f"{REPORT.year}年报/年度报告.docx"
ONLY_FILES = report_page(TITLE, "<p>详见附件。</p>").encode()
WRITERS = {
    "zip": zip_of,
    "zip, names in GBK": lambda members: zip_of(members, "gbk"),
    "zip, UTF-8 unsaid": lambda members: zip_of(members, "raw-utf-8"),
    "rar 5": rar5_of,
    "rar 4, names in GBK": rar4_of,
}
OTHERS = [
    report
    for report in make_truth().reports
    if report.forms == WHOLE and not report.missing and not report.layout and report.unit_type == "department"
    and (report.county, report.year) == (REPORT.county, REPORT.year)
]  # fmt: skip


def cut(made: Document, *groups: Sequence[int], titles: bool = True) -> list[Document]:
    """The report in several documents, each with some of its blocks; only the first has the title."""
    parts = [replace(made, blocks=tuple(made.blocks[at] for at in group)) for group in groups]
    return [part if number == 0 and titles else replace(part, title_lines=("",)) for number, part in enumerate(parts)]


def split_at_tables(made: Document) -> list[Document]:
    """Sentences, then a document for each table."""
    grids = [at for at, block in enumerate(made.blocks) if isinstance(block, Grid)]
    rest = [at for at in range(len(made.blocks)) if at not in grids]
    return cut(made, rest, *([at] for at in grids))


def fragment(made: Document) -> bytes:
    """A document that is read as it stands, in place of a picture."""
    return f"<html><body>{html_body(made)}</body></html>".encode()


def parts_of(archive: Archive, document: str) -> list[str]:
    return [row["path"] for row in archive.rows("select path from part where document = ? order by n", document)]


def failures(archive: Archive) -> dict[str, str]:
    return {row["url"]: row["reason"] for row in archive.rows("select url, reason from failure")}


# --- bundles


@pytest.mark.parametrize("writer", WRITERS)
def test_a_document_in_a_bundle_carries_the_report(writer: str, tmp_path: Path) -> None:
    data = docx_file(printed())
    archive = filed(tmp_path, ONLY_FILES, {BUNDLE: WRITERS[writer]({NAME: data, "说明/读我.txt": b"read me"})})
    found = archive.rows("select v.document, s.url, s.role from version v join sighting s on s.version = v.id")
    digest = hashlib.sha256(data).hexdigest()
    assert {(row["url"], row["role"]) for row in found} == {(PAGE, "other"), (f"{BUNDLE}!/{NAME}", "best")}
    assert {row["document"] for row in found} == {digest}
    rows = archive.rows("select path, value, state from figure")
    assert {row["path"]: (row["value"], row["state"]) for row in rows} == truth_of(REPORT.figures)
    fact = cited(archive, "--figure", "t3.granted.total")
    assert (fact["url"], fact["inside"], fact["document"]) == (BUNDLE, NAME, digest)
    assert fact["format"] == "docx" and fact["sha256"] != digest and fact["file_name"] == "年度报告.docx"
    assert shown(archive, "--save", tmp_path / "saved.docx").exit_code == 0
    assert (tmp_path / "saved.docx").read_bytes() == data
    assert failures(archive) == {}


def test_the_reports_of_several_units_are_several_reports(tmp_path: Path) -> None:
    assert len(OTHERS) >= 2
    files = {f"{report.unit}.docx": docx_file(document(report)) for report in OTHERS}
    body = report_page(f"{COUNTY}{REPORT.year}年部门政府信息公开工作年度报告汇总", "<p>见附件</p>").encode()
    archive = filed(tmp_path, body, {BUNDLE: zip_of(files, "gbk")})
    rows = archive.rows("select r.id, f.path, f.value, f.state from report r join figure f on f.version = r.current")
    found: dict[str, dict[str, tuple[object, str]]] = {}
    for row in rows:
        found.setdefault(row["id"], {})[row["path"]] = (row["value"], row["state"])
    wanted = {
        f"{REGION}/{report.unit.removeprefix(report.county)}/{report.scope}/{report.year}": truth_of(report.figures)
        for report in OTHERS
    }
    assert found == wanted


def test_a_bundle_of_several_years_is_several_reports(tmp_path: Path) -> None:
    years = (REPORT.year, REPORT.year - 1)
    made = {year: printed(titles=(TITLE.replace(str(REPORT.year), str(year)),), year=year) for year in years}
    data = rar5_of({f"{year}.docx": docx_file(made[year]) for year in years})
    archive = filed(tmp_path, report_page("历年报告", "<p>见附件</p>").encode(), {BUNDLE: data}, "历年报告")
    assert {row["year"] for row in archive.rows("select year from report")} == set(years)


def test_a_file_without_a_unit_beside_others_is_left_for_review(tmp_path: Path) -> None:
    nobody = printed(titles=(f"{REPORT.year}年政府信息公开工作年度报告",))
    nobody = replace(nobody, blocks=tuple(b for b in nobody.blocks if isinstance(b, Grid)))
    files = {f"{report.unit}.docx": docx_file(document(report)) for report in OTHERS[:2]} | {
        "a.docx": docx_file(nobody)
    }
    archive = filed(tmp_path, ONLY_FILES, {BUNDLE: zip_of(files)})
    assert len(archive.rows("select * from report")) == 2
    (row,) = archive.rows("select url, kind from failure")
    assert row == {"url": f"{BUNDLE}!/a.docx", "kind": "needs_review"}


def test_bundles_in_bundles_to_a_small_depth(tmp_path: Path) -> None:
    data, path = docx_file(printed()), []
    bundle, deep = data, docx_file(printed(titles=("附件",)))
    for depth in range(5):
        bundle, deep = zip_of({f"{depth}": bundle}), deep
        path.insert(0, f"{depth}")
    archive = filed(tmp_path / "deep", ONLY_FILES, {BUNDLE: bundle})
    assert [reason for reason in failures(archive).values() if "inside of 3 others" in reason]
    inner = rar5_of({"b/乙.docx": data})
    archive = filed(tmp_path / "two", ONLY_FILES, {BUNDLE: zip_of({"a/甲.rar": inner})})
    fact = cited(archive, "--figure", "t3.granted.total")
    assert (fact["url"], fact["inside"]) == (BUNDLE, "a/甲.rar!/b/乙.docx")
    assert shown(archive, "--save", tmp_path / "saved").exit_code == 0
    assert (tmp_path / "saved").read_bytes() == data


def test_members_that_are_left_out_are_named(tmp_path: Path) -> None:
    report = docx_file(printed())
    members = {
        "年报.docx": report, "../../etc/cron.d/x": report + b" ", "/abs.docx": report + b"  ", "C:\\windows\\a.docx": report,
        "link.docx": b"/etc/passwd", "__MACOSX/._a.docx": b"x", "Thumbs.db": b"x", "~$年报.docx": b"x", "空.docx": b"",
        "setup.exe": b"MZ\0\0" * 50, "坏.pdf": b"\0\1\2\3" * 20,
    }  # fmt: skip
    archive = filed(tmp_path, ONLY_FILES, {BUNDLE: zip_of(members, links=["link.docx"])})
    (row,) = archive.rows("select notes from document where format = 'zip'")
    said = dict(note.split(": ", 1) for note in json.loads(row["notes"]))
    assert said.keys() == {name.replace("\\", "/") for name in members} - {"年报.docx"}
    assert all("out of the bundle" in said[name] for name in ("../../etc/cron.d/x", "/abs.docx", "C:/windows/a.docx"))
    assert said["link.docx"] == "it is a link" and said["空.docx"] == "it is empty"
    assert failures(archive).keys() == {f"{BUNDLE}!/坏.pdf"}  # by its name it should be a document
    assert parts_of(archive, archive.rows("select sha256 from document where format = 'zip'")[0]["sha256"]) == [
        "年报.docx"
    ]
    assert kept_figures(archive) == truth_of(REPORT.figures)
    assert not list(tmp_path.rglob("*.docx")) and not (tmp_path / "x").exists()


def kept_figures(archive: Archive) -> dict[str, tuple[object, str]]:
    rows = archive.rows("select path, value, state from figure")
    return {row["path"]: (row["value"], row["state"]) for row in rows}


def test_locked_members_are_failures_and_the_others_are_read(tmp_path: Path) -> None:
    report = docx_file(printed())
    archive = filed(
        tmp_path / "rar", ONLY_FILES, {BUNDLE: rar5_of({"a.docx": report, "密.docx": b"x" * 99}, locked=["密.docx"])}
    )
    assert failures(archive) == {f"{BUNDLE}!/密.docx": "it is locked with a password"}
    assert kept_figures(archive) == truth_of(REPORT.figures)
    archive = filed(tmp_path / "zip", ONLY_FILES, {BUNDLE: locked_zip({"a.docx": report})})
    (reason,) = failures(archive).values()
    assert "holds no document" in reason and "a.docx: it is locked with a password" in reason


@pytest.mark.parametrize("writer", WRITERS)
def test_a_torn_bundle_is_a_failure(writer: str, tmp_path: Path) -> None:
    data = WRITERS[writer]({NAME: docx_file(printed()), "b.txt": b"abc" * 900})
    archive = filed(tmp_path, ONLY_FILES, {BUNDLE: data[: len(data) // 2]})
    assert failures(archive)
    assert archive.rows("select count(*) as n from capture where url = ?", BUNDLE)[0]["n"] == 1


def test_checksums_are_held_against_the_members() -> None:
    data = rar5_of({"a.txt": b"report" * 99})
    (inside,) = bundles.members(data.replace(b"report", b"rfport", 1), Room())
    assert inside.lost and "cannot be unpacked" in inside.reason


def test_documents_that_are_zip_files_are_no_bundles() -> None:
    assert bundles.kind(docx_file(printed())) == ""
    assert bundles.kind(zip_of({"a.docx": docx_file(printed())})) == "zip"
    assert bundles.kind(zip_of({"OFD.xml": b"<OFD/>", "Doc_0/Document.xml": b"<x/>"})) == ""
    assert bundles.kind(zip_of({"[Content_Types].xml": b"", "xl/workbook.xml": b""})) == ""
    assert bundles.kind(zip_of({"mimetype": b"application/epub+zip"})) == ""
    stored = zip_of({"a.docx": docx_file(printed())}, method=zipfile.ZIP_STORED)
    assert bundles.kind(stored) == "zip"


def test_room_is_for_all_members_together() -> None:
    data = zip_of({f"{n}.txt": b"\0" * 1000 for n in range(10)})
    found = list(bundles.members(data, Room(size=3500)))
    assert [bool(one.reason) for one in found] == [False] * 3 + [True] * 7
    found = list(bundles.members(data, Room(members=4)))
    assert len(found) == 5 and found[-1].lost and "the rest is left out" in found[-1].reason


def test_a_member_whose_list_lies_about_its_size() -> None:
    """The list says 10 bytes; more are never unpacked, and what comes does not have its checksum."""
    data = bytearray(zip_of({"a.txt": b"0" * 1_000_000}))
    for magic, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        found = data.find(magic)
        data[found + at : found + at + 4] = (10).to_bytes(4, "little")
    (inside,) = bundles.members(bytes(data), Room())
    assert inside.lost and len(inside.data) == 0


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(sorted(WRITERS)),
    st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), max_size=12),
    st.integers(0, 10_000),
)
def test_damaged_bundles_are_read_or_refused(writer: str, changes: list[tuple[int, int]], end: int) -> None:
    """What is not refused has the bytes that were packed: every member has a checksum."""
    members = {"甲/a.txt": b"report " * 50, "b.txt": b"figures", "c.txt": bytes(range(256))}
    made = bytearray(WRITERS[writer](members))
    for at, value in changes:
        made[at % len(made)] = value
    try:
        found = list(bundles.members(bytes(made[: len(made) - end % 40]), Room()))
    except Unreadable as error:
        assert str(error)
    else:
        assert all(each.reason or each.data in members.values() for each in found)


@given(
    st.sampled_from([bundles.ZIP, bundles.EMPTY_ZIP, b"Rar!\x1a\x07\x00", b"Rar!\x1a\x07\x01\x00"]),
    st.binary(max_size=400),
)
def test_any_bytes_are_a_bundle_or_refused(magic: bytes, data: bytes) -> None:
    with suppress(Unreadable):
        assert all(each.reason or each.data for each in bundles.members(magic + data, Room()))


# --- the command line


def test_parse_and_text_open_bundles(tmp_path: Path) -> None:
    made = {f"{report.unit}.docx": docx_file(document(report)) for report in OTHERS[:2]}
    (tmp_path / "two.zip").write_bytes(zip_of(made, "gbk"))
    (tmp_path / "one.rar").write_bytes(rar5_of({"内/年报.docx": docx_file(printed())}))
    archive = Archive(tmp_path / "none")
    rows = [json.loads(line) for line in archive.run("parse", tmp_path / "two.zip", "--json").stdout.splitlines()]
    assert [row["source"] for row in rows] == sorted(f"two.zip!/{name}" for name in made)
    assert {row["sha256"] for row in rows} == {hashlib.sha256(data).hexdigest() for data in made.values()}
    said = archive.run("text", tmp_path / "two.zip", status=1).stderr
    assert "a bundle of 2 documents" in said and "--inside PATH" in said
    name = next(iter(made))
    assert "一、总体情况" in archive.run("text", tmp_path / "two.zip", "--inside", name).stdout
    assert "一、总体情况" in archive.run("text", tmp_path / "one.rar").stdout
    assert "has no x" in archive.run("text", tmp_path / "one.rar", "--inside", "x", status=1).stderr
    (row,) = [json.loads(archive.run("parse", tmp_path / "one.rar", "--inside", "内/年报.docx", "--json").stdout)]
    assert row["source"] == "one.rar!/内/年报.docx" and row["year"] == REPORT.year
    assert not archive.folder.exists()


def test_import_names_what_a_bundle_lost(tmp_path: Path) -> None:
    file = tmp_path / "all.zip"
    file.write_bytes(zip_of({"a.docx": docx_file(printed()), "b.pdf": b"%PDF-1.4 torn"}))
    archive = Archive(tmp_path / "archive")
    said = archive.run("import", file, "--region", REGION, "--region-name", COUNTY, status=1).stderr
    assert f"no report in {file.resolve().as_uri()}!/b.pdf: the PDF cannot be opened" in said
    assert "1 of 1 files gave no report, or not all" in said
    (row,) = archive.json("show", ID, "--figure", "t3.granted.total", "--cite")
    assert (row["url"], row["inside"]) == (file.resolve().as_uri(), "a.docx")
    assert archive.json("search", REPORT.unit.removeprefix(REPORT.county))[0]["report"] == ID
    assert "every one re-read and as catalogued" in archive.run("verify").stdout


def test_a_build_reads_rar_where_its_library_is_there_at_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = tmp_path / "site"
    site.mkdir()
    (site / "sitecustomize.py").write_text("import sys\nsys.modules['libarchive'] = None\n", encoding="utf-8")
    file, archive = tmp_path / f"{TITLE}.rar", Archive(tmp_path / "archive")
    file.write_bytes(rar5_of({"a.docx": docx_file(printed())}))
    for hidden, pages, reports, status in (
        (True, 1, 0, 1),
        (True, 0, 0, 0),
        (False, 1, 1, 0),
        (False, 0, 1, 0),
        (True, 0, 1, 0),
    ):
        monkeypatch.setenv("PYTHONPATH", str(site)) if hidden else monkeypatch.delenv("PYTHONPATH", raising=False)
        if status:
            said = archive.run("import", file, "--region", REGION, "--region-name", COUNTY, status=1)
            assert "libarchive must unpack: install it" in said.stderr
        else:
            said = archive.run("build")
        assert f"{pages} pages built" in said.stdout, (hidden, said.stdout)
        assert len(archive.rows("select * from figure limit 1")) == reports
        assert len(archive.rows("select * from failure")) == 1 - reports


# --- reports put together


def shows(*files: str) -> bytes:
    """A page with the sentences of the report, and pictures where its tables should be."""
    made = printed()
    body, pictures = "", iter(files)
    for block in made.blocks:
        if isinstance(block, Grid):
            body += f'<p><img src="{next(pictures)}"></p>'
        else:
            body += html_body(replace(made, title_lines=("",), blocks=(block,)))
    return report_page(TITLE, body).encode()


TABLES = [replace(printed(), title_lines=("",), blocks=(grid,)) for grid in printed().grids()]
PICTURES = [f"http://{PORTAL}/nb/img/{name}" for name in ("二.png", "t3.png", "t4.png")]


def with_pictures(folder: Path, change: Mapping[int, bytes] | None = None) -> Archive:
    """An archive of a page whose three tables are files that it shows as pictures."""
    files = {url: fragment(table) for url, table in zip(PICTURES, TABLES, strict=True)}
    files |= {PICTURES[at]: data for at, data in (change or {}).items()}
    return filed(folder, shows("img/%E4%BA%8C.png", "/nb/img/t3.png", "img/t4.png#x"), files)


def test_pictures_stand_at_their_place_in_the_page(tmp_path: Path) -> None:
    archive = with_pictures(tmp_path)
    assert kept_figures(archive) == truth_of(REPORT.figures)
    (row,) = archive.rows("select d.* from version v join document d on d.sha256 = v.document")
    assert row["format"] == "composed" and parts_of(archive, row["sha256"]) == [PAGE, *PICTURES]
    lines = [line for line in row["text"].splitlines() if line and "\t" not in line]
    whole = filed(tmp_path / "whole", report_page(TITLE, html_body(printed())).encode())
    (other,) = whole.rows("select text from document")
    assert lines == [line for line in other["text"].splitlines() if line and "\t" not in line]
    assert row["text"] == other["text"]
    assert {r["url"]: r["role"] for r in archive.rows("select url, role from sighting")} == {PAGE: "best"}
    assert failures(archive) == {}


def test_every_figure_leads_to_the_bytes_that_print_it(tmp_path: Path) -> None:
    archive = with_pictures(tmp_path)
    for path, url, table in (
        ("t2.normative_documents.issued", PICTURES[0], TABLES[0]),
        ("t3.granted.total", PICTURES[1], TABLES[1]),
        ("t4.review.total", PICTURES[2], TABLES[2]),
    ):
        fact = cited(archive, "--figure", path)
        assert (fact["part"], fact["url"], fact["place"]["part"]) == (url, url, url)
        assert fact["sha256"] == fact["document"] == hashlib.sha256(fragment(table)).hexdigest()
        assert fact["format"] == "html" and fact["place"]["node"].startswith("/html/body")
        assert shown(archive, "--figure", path, "--save", tmp_path / "part").exit_code == 0
        assert (tmp_path / "part").read_bytes() == fragment(table)
    fact = cited(archive)
    assert [part["path"] for part in fact["parts"]] == [PAGE, *PICTURES] and fact["url"] == PAGE
    archive.run("export", "--output", tmp_path / "all.csv")
    with (tmp_path / "all.csv").open(encoding="utf-8-sig", newline="") as file:
        exported = {row["path"]: (row["url"], row["sha256"]) for row in csv.DictReader(file)}
    assert exported["t3.granted.total"] == (PICTURES[1], hashlib.sha256(fragment(TABLES[1])).hexdigest())
    said = shown(archive, "--save", tmp_path / "x.html")
    assert said.exit_code == 1 and "put together from 4 documents" in said.output
    assert shown(archive, "--save", tmp_path / "x.zip").exit_code == 0
    with zipfile.ZipFile(tmp_path / "x.zip") as packed:
        assert [name[:2] for name in packed.namelist()] == ["01", "02", "03", "04"]
        assert packed.read(packed.namelist()[2]) == fragment(TABLES[1])


def scanned(table: Document) -> bytes:
    """A table as a picture."""
    look = scans.PICTURES["PNG at 96 dpi"]
    file = io.BytesIO()
    plate.table(table.grids()[0], look.look, 130, look.face, look.stroke).save(file, "PNG")
    return file.getvalue()


@needs_ocr
def test_tables_that_are_pictures_are_recognised_at_their_place(tmp_path: Path) -> None:
    files = {url: scanned(table) for url, table in zip(PICTURES[::2], TABLES[::2], strict=True)}
    files[PICTURES[1]] = fragment(TABLES[1])
    archive = filed(tmp_path, shows("img/%E4%BA%8C.png", "/nb/img/t3.png", "img/t4.png"), files)
    assert kept_figures(archive) == truth_of(REPORT.figures)
    fact = cited(archive, "--figure", "t4.review.total")
    assert (fact["url"], fact["format"]) == (PICTURES[2], "image") and fact["confidence"] > 0.5
    assert fact["place"]["page"] == 1 and len(fact["place"]["box"]) == 4
    assert shown(archive, "--figure", "t4.review.total", "--image", tmp_path / "out.png").exit_code == 0
    assert (tmp_path / "out.png").read_bytes().startswith(b"\x89PNG")


def word_with_pictures() -> bytes:
    """A Word document with the sentences of the report, and pictures where its tables should be."""
    made = docx.Document()
    made.add_paragraph(TITLE)
    tables = iter(TABLES)
    for block in printed().blocks:
        if isinstance(block, Grid):
            made.add_picture(io.BytesIO(scanned(next(tables))), width=Cm(16))
        else:
            made.add_paragraph(block.text)
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


@needs_ocr
def test_pictures_in_a_word_document_stand_at_their_place(tmp_path: Path) -> None:
    file, archive = tmp_path / f"{TITLE}.docx", Archive(tmp_path / "archive")
    file.write_bytes(data := word_with_pictures())
    archive.run("import", file, "--region", REGION, "--region-name", COUNTY)
    assert kept_figures(archive) == truth_of(REPORT.figures)
    fact = cited(archive, "--figure", "t3.granted.total")
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        assert fact["document"] == hashlib.sha256(packed.read(fact["inside"])).hexdigest()
    assert (fact["url"], fact["format"]) == (file.as_uri(), "image") and fact["inside"].startswith("word/media/")
    assert shown(archive, "--figure", "t3.granted.total", "--image", tmp_path / "out.png").exit_code == 0
    assert failures(archive) == {} and "0 pages built" in archive.run("build").stdout
    (row,) = [json.loads(line) for line in archive.run("parse", file, "--json").stdout.splitlines()]
    assert row["format"] == "composed" and len(row["figures"]) == len(kept_figures(archive))


@needs_ocr
def test_pictures_of_a_folder_are_imported_as_one_report(tmp_path: Path) -> None:
    folder = tmp_path / TITLE
    folder.mkdir()
    for name, table in (("10.png", TABLES[2]), ("2.png", TABLES[0])):
        (folder / name).write_bytes(scanned(table))
    archive = Archive(tmp_path / "archive")
    words = ("import", folder, "--region", REGION, "--region-name", COUNTY)
    archive.run(*words)
    (report,) = archive.rows(
        "select r.id, r.title, d.format, d.sha256 from report r join version v on v.id = r.current join document d on d.sha256 = v.document"
    )
    assert (report["id"], report["title"], report["format"]) == (ID, TITLE, "composed")
    assert [path.rpartition("/")[2] for path in parts_of(archive, report["sha256"])] == ["2.png", "10.png"]
    wanted = {path: figure for path, figure in truth_of(REPORT.figures).items() if not path.startswith("t3.")}
    assert kept_figures(archive) == wanted
    assert "0 pages built" in archive.run("build").stdout


@needs_ocr
def test_pictures_are_read_where_the_packages_are_there_at_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The report was known by its title; its figures follow, which is no event, and stay where the packages go again."""
    site, folder, archive = tmp_path / "site", tmp_path / TITLE, Archive(tmp_path / "archive")
    site.mkdir()
    folder.mkdir()
    (site / "sitecustomize.py").write_text("import sys\nsys.modules['rapidocr'] = None\n", encoding="utf-8")
    for name, table in (("1.png", TABLES[2]), ("2.png", TABLES[0])):
        (folder / name).write_bytes(scanned(table))
    monkeypatch.setenv("PYTHONPATH", str(site))
    said = archive.run("import", folder, "--region", REGION, "--region-name", COUNTY, status=1).stderr
    assert 'pip install "nianbao[ocr]"' in said
    assert archive.rows("select id from report") == [{"id": ID}] and kept_figures(archive) == {}
    events = archive.rows("select kind, report from event")
    assert "0 pages built" in archive.run("build").stdout
    monkeypatch.delenv("PYTHONPATH")
    assert "1 pages built" in archive.run("build").stdout
    figures = kept_figures(archive)
    assert figures == {path: figure for path, figure in truth_of(REPORT.figures).items() if path[:3] != "t3."}
    assert archive.rows("select kind, report from event") == events and failures(archive) == {}
    monkeypatch.setenv("PYTHONPATH", str(site))
    assert "0 pages built" in archive.run("build").stdout
    assert kept_figures(archive) == figures


@needs_ocr
def test_a_crawl_fetches_the_pictures_that_stand_for_tables(tmp_path: Path) -> None:
    """Sentences and table 三 are text, 二 and 四 are pictures; of a page that prints all, no picture is asked for."""
    made, address = printed(), "/nb/report.html"
    body = "".join(
        f'<p><img data-src="img/{made.grids().index(block)}.png"></p>'
        if isinstance(block, Grid) and block is not made.grids()[1]
        else html_body(replace(made, title_lines=("",), blocks=(block,)))
        for block in made.blocks
    )
    pages = {
        **site(list_page(rows({address: TITLE, "/nb/whole.html": TITLE.replace("统计", "审计")}))),
        address: report_page(TITLE, body),
        "/nb/whole.html": report_page(TITLE.replace("统计", "审计"), html_body(made) + '<img src="/nb/photo.png">'),
        "/nb/img/0.png": Answer(body=scanned(TABLES[0]), media_type="image/png"),
        "/nb/img/2.png": Answer(body=scanned(TABLES[2]), media_type="image/png"),
        "/nb/photo.png": Answer(body=scanned(TABLES[0]), media_type="image/png"),
    }
    with Odd(pages) as odd:
        archive = harvest(odd, tmp_path)
        asked = {path for _, _, path in odd.requests}
    assert {"/nb/img/0.png", "/nb/img/2.png"} <= asked and "/nb/photo.png" not in asked
    figures = archive.rows(
        "select f.path, f.value, f.state from figure f join version v on v.id = f.version join document d on d.sha256 = v.document where d.format = 'composed'"
    )
    assert {row["path"]: (row["value"], row["state"]) for row in figures} == truth_of(REPORT.figures)


def test_a_changed_picture_under_an_unchanged_page_is_a_new_version(tmp_path: Path) -> None:
    archive = with_pictures(tmp_path)
    before = archive.dump()
    db = connect(tmp_path)
    build(tmp_path, db, 1)
    assert differing(archive.dump(), before) == []
    changed = printed({"t3.granted.total": replace(REPORT.figures["t3.granted.total"], value=4321, written="4321")})
    recorder = Recorder(tmp_path, db, "second")
    about = Circumstances(PORTAL, "attachment", 2, PAGE, "附件")
    data = fragment(replace(changed, title_lines=("",), blocks=(changed.grids()[1],)))
    headers = [("Content-Type", "image/png")]
    insert(db, [recorder.exchange(Exchange(PICTURES[1], "GET", [], b"", 200, headers, data, about))])
    recorder.close()
    build(tmp_path, db, 1)
    db.close()
    rows = archive.rows(
        "select v.seq, f.value from version v join figure f on f.version = v.id and path = 't3.granted.total' order by v.seq"
    )
    assert [row["value"] for row in rows] == [REPORT.figures["t3.granted.total"].value, 4321]
    assert cited(archive, "--figure", "t3.granted.total")["sha256"] == hashlib.sha256(data).hexdigest()


def test_pictures_add_nothing_to_a_page_that_prints_its_tables(tmp_path: Path) -> None:
    body = html_body(printed()) + f'<img src="{PICTURES[0]}">'
    archive = filed(tmp_path, report_page(TITLE, body).encode(), {PICTURES[0]: fragment(TABLES[0])})
    (row,) = archive.rows("select d.format from version v join document d on d.sha256 = v.document")
    assert row["format"] == "html" and kept_figures(archive) == truth_of(REPORT.figures)
    assert archive.rows("select * from part") == []


def test_a_picture_that_cannot_be_read_leaves_its_table_out(tmp_path: Path) -> None:
    archive = with_pictures(tmp_path, {1: b"\0\1\2" * 50})
    assert failures(archive).keys() == {PICTURES[1]}
    (row,) = archive.rows("select missing from version")
    assert "t3" in json.loads(row["missing"])
    assert set(kept_figures(archive)) == {path for path in REPORT.figures if not path.startswith("t3.")}


def test_numbered_files_in_a_bundle_are_one_report(tmp_path: Path) -> None:
    """Page 2 comes before page 10, and a page that says nothing by itself is a part too."""
    made = printed()
    blocks = list(made.blocks)
    second, third, fourth = (blocks.index(grid) for grid in made.grids())
    pieces = [blocks[:1], blocks[1:second], blocks[second : third - 1], blocks[third - 1 : fourth], blocks[fourth:]]
    names = ("第1页.docx", "第2页.docx", "第3页.docx", "第9页.docx", "第10页.docx")
    files = {
        f"扫描/{name}": docx_file(replace(made, blocks=tuple(piece), title_lines=made.title_lines if not n else ("",)))
        for n, (name, piece) in enumerate(zip(names, pieces, strict=True))
    }
    shuffled = {name: files[name] for name in sorted(files, key=lambda name: hashlib.md5(name.encode()).digest())}
    archive = filed(tmp_path, ONLY_FILES, {BUNDLE: zip_of(shuffled, "gbk")})
    (row,) = archive.rows("select d.* from version v join document d on d.sha256 = v.document")
    assert row["format"] == "composed"
    assert parts_of(archive, row["sha256"]) == [f"{BUNDLE}!/扫描/{name}" for name in names]
    assert kept_figures(archive) == truth_of(REPORT.figures)
    fact = cited(archive, "--figure", "t4.review.total")
    assert (fact["url"], fact["inside"]) == (BUNDLE, "扫描/第10页.docx")
    (tmp_path / "scan.zip").write_bytes(zip_of(shuffled))
    (parsed,) = [json.loads(archive.run("parse", tmp_path / "scan.zip", "--json").stdout)]
    assert parsed["format"] == "composed" and len(parsed["figures"]) == len(REPORT.figures)


def test_sentences_in_one_file_and_tables_in_another(tmp_path: Path) -> None:
    sentences, *tables = split_at_tables(printed())
    whole = replace(tables[0], blocks=tuple(table.blocks[0] for table in tables))
    files = {f"http://{PORTAL}/nb/正文.docx": docx_file(sentences), f"http://{PORTAL}/nb/附表.docx": docx_file(whole)}
    archive = filed(tmp_path, ONLY_FILES, files)
    assert kept_figures(archive) == truth_of(REPORT.figures)
    (version,) = archive.rows("select id, document from version")
    assert parts_of(archive, version["document"]) == list(files)
    assert len(archive.rows("select 1 from section where version = ?", version["id"])) == 6


def test_files_of_which_one_is_whole_are_not_put_together(tmp_path: Path) -> None:
    sentences, *tables = split_at_tables(printed())
    files = {f"http://{PORTAL}/nb/1.docx": docx_file(printed()), f"http://{PORTAL}/nb/2.docx": docx_file(tables[0])}
    found = kept(filed(tmp_path, ONLY_FILES, files))
    assert found.document == f"http://{PORTAL}/nb/1.docx" and found.figures == truth_of(REPORT.figures)
    assert sentences.blocks


def test_a_rebuild_gives_the_same(tmp_path: Path) -> None:
    archive = with_pictures(tmp_path)
    before = archive.dump()
    (tmp_path / "nianbao.db").rename(tmp_path / "before.db")
    db, old = connect(tmp_path, create=True), connect_old(tmp_path)
    for table in ("portal", "capture"):
        for row in old.query(f"select * from {table}"):
            db.table(table).insert({**row, "document": None} if table == "capture" else row)
    build(tmp_path, db, 2)
    db.close()
    assert differing(archive.dump(), before) == []
    assert archive.rows("select id from report") == [{"id": ID}]


def connect_old(folder: Path):  # type: ignore[no-untyped-def]
    import sqlite3

    from sqlite_utils import Database

    return Database(sqlite3.connect(folder / "before.db"))


# --- names and folders


def test_names_in_the_order_of_their_numbers() -> None:
    names = ["10.jpg", "2.jpg", "a10b2", "a9b10", "第3页", "第12页", "1.jpg"]
    assert sorted(names, key=natural) == ["1.jpg", "2.jpg", "10.jpg", "a9b10", "a10b2", "第3页", "第12页"]


def test_numbered_pictures_in_a_folder_are_pages_of_the_first(tmp_path: Path) -> None:
    names = ("a/10.jpg", "a/2.jpg", "a/b.docx", "a/2022年报.png", "a/2023年报.png", "b/3.jpg", "a/1.JPG", "a/1.jpg")
    found = {str(file): str(first) for file, first in grouped([Path(name) for name in names])}
    assert found["a/10.jpg"] == found["a/2.jpg"] == found["a/1.jpg"] == "a/1.jpg"
    assert all(found[name] == name for name in ("a/b.docx", "a/2022年报.png", "a/2023年报.png", "b/3.jpg", "a/1.JPG"))


def test_the_pictures_that_a_saved_page_shows_belong_to_it(tmp_path: Path) -> None:
    page, pictures = tmp_path / "z.html", [tmp_path / "z_files" / name for name in ("2.png", "1.png", "3.png")]
    pictures[0].parent.mkdir()
    shown = "".join(f'<p><img src="z_files/{name}"></p>' for name in ("2.png", "1.png"))
    page.write_text(f"<html><body><h1>水务局2023年政府信息公开工作年度报告</h1>{shown}</body></html>", encoding="utf-8")
    for picture in pictures:
        picture.write_bytes(b"")
    found = list(grouped([pictures[0], page, *pictures[1:]]))
    assert found == [(page, page), (pictures[0], page), (pictures[1], page), (pictures[2], pictures[2])]


def test_a_path_that_is_not_there_is_said() -> None:
    with pytest.raises(Unreadable, match=r"has no b\.txt"):
        bundles.member(zip_of({"a.txt": b"a"}), "b.txt")
    assert bundles.member(zip_of({"a.zip": zip_of({"b.txt": b"abc"})}), "a.zip!/b.txt") == b"abc"
