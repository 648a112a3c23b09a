"""A page and its attachments are read together: the best document wins, the others are kept and compared.

Pages go into an archive as captures, without a server; documents are made from the truth of the simulated portals, so
that a figure in which two of them differ is one that was changed here.
"""

import itertools
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from archive.build import build
from archive.captures import Circumstances, Exchange, Recorder, insert
from archive.database import connect
from archive.pages import Member
from archive.questions import show_command
from archive.reading import Job, read_one
from archive.together import Candidate, disagreements, rank
from extract.model import Hint
from tests.helpers import Archive
from tests.oddities import report_page
from tests.portals import Figure, document, make_truth
from tests.portals.documents import Document
from tests.portals.grids import Grid
from tests.portals.render_docx import docx_file
from tests.portals.render_html import html_body
from tests.portals.render_pdf import pdf_file

PORTAL, REGION, COUNTY = "www.example.test", "990001", "清沙县"
PAGE = f"http://{PORTAL}/nb/report.html"
DOCX, PDF = f"http://{PORTAL}/nb/a.docx", f"http://{PORTAL}/nb/b.pdf"
DIFFERENT = "t3.new_received.total"
WHOLE = {"t2": "y2021", "t3": "y2021", "t4": "y2021"}  # the forms of a report that prints every table
REPORT = next(
    report
    for report in make_truth().reports
    if report.forms == WHOLE and not report.missing and not report.layout and report.unit_type == "department"
)
ID = f"{REGION}/{REPORT.unit.removeprefix(REPORT.county)}/{REPORT.scope}/{REPORT.year}"
TITLE = f"{COUNTY}{REPORT.unit.removeprefix(REPORT.county)}{REPORT.year}年政府信息公开工作年度报告"


def printed(change: Mapping[str, Figure] | None = None, titles: Sequence[str] = (TITLE,), year: int = 0) -> Document:
    """The document of the report with some figures changed, under these lines of title."""
    report = replace(REPORT, figures={**REPORT.figures, **(change or {})}, year=year or REPORT.year)
    return replace(document(report), title_lines=tuple(titles))


def number(value: int) -> Figure:
    return Figure(value, "number", str(value), "件")


CHANGED = {DIFFERENT: number(int(REPORT.figures[DIFFERENT].value or 0) ^ 1)}  # as many digits
BLANK = {path: Figure(None, "blank", "", figure.unit) for path, figure in REPORT.figures.items()}
OTHER_YEAR = REPORT.year - 1
SECTIONS = "".join(f"<p>{text}</p>" for text in document(REPORT).paragraphs())


def page(made: Document, *files: str) -> bytes:
    return report_page(TITLE, html_body(made) + links(files)).encode()


def links(files: Iterable[str]) -> str:
    return "".join(f'<p><a href="{file}">附件：{TITLE}</a></p>' for file in files)


def filed(
    folder: Path, body: bytes, files: Mapping[str, bytes] | None = None, link_text: str = TITLE, names: str = "附件"
) -> Archive:
    """An archive of one page and its files, in the order in which the files are given, built."""
    db = connect(folder, create=True)
    portal = {"id": PORTAL, "home": f"http://{PORTAL}/", "region": REGION, "region_name": COUNTY, "added_at": "2026"}
    db.table("portal").insert(portal)
    recorder = Recorder(folder, db, "test")
    fetched = [
        (PAGE, body, "detail", link_text),
        *((url, data, "attachment", names) for url, data in (files or {}).items()),
    ]
    for url, data, kind, text in fetched:
        about = Circumstances(PORTAL, kind, 1, PAGE if kind == "attachment" else f"http://{PORTAL}/", text)
        media = "text/html; charset=utf-8" if kind == "detail" else "application/octet-stream"
        insert(db, [recorder.exchange(Exchange(url, "GET", [], b"", 200, [("Content-Type", media)], data, about))])
    recorder.close()
    build(folder, db, 1)
    db.close()
    return Archive(folder)


@dataclass(frozen=True, slots=True)
class Kept:
    """What an archive of one report keeps of it."""

    notes: tuple[str, ...]
    versions: int
    sightings: Mapping[str, str]
    document: str
    figures: Mapping[str, tuple[object, str]]


def kept(archive: Archive) -> Kept:
    """The one report of the archive."""
    (report,) = archive.rows("select id, current from report")
    assert report["id"] == ID
    (version,) = archive.rows("select notes, document from version where id = ?", report["current"])
    figures = archive.rows("select path, value, state from figure where version = ?", report["current"])
    return Kept(
        tuple(json.loads(version["notes"])),
        len(archive.rows("select 1 from version")),
        {row["url"]: row["role"] for row in archive.rows("select url, role from sighting")},
        archive.rows("select url from capture where document = ?", version["document"])[0]["url"],
        {row["path"]: (row["value"], row["state"]) for row in figures},
    )


def truth_of(figures: Mapping[str, Figure]) -> dict[str, tuple[object, str]]:
    return {path: (figure.value, figure.state) for path, figure in figures.items()}


def shown(archive: Archive, *words: object) -> Result:
    """What `nianbao show` says of the report."""
    return CliRunner().invoke(show_command, [ID, *map(str, words), "--archive", str(archive.folder)])


def cited(archive: Archive, *words: object) -> dict[str, Any]:
    result = shown(archive, "--cite", "--json", *words)
    assert result.exit_code == 0, result.output
    fact: dict[str, Any] = json.loads(result.stdout)[0]
    return fact


def test_documents_that_agree_are_one_version(tmp_path: Path) -> None:
    archive = filed(tmp_path, page(printed(), DOCX, PDF), {DOCX: docx_file(printed()), PDF: pdf_file(printed())})
    found = kept(archive)
    assert found.sightings == {PAGE: "best", DOCX: "other", PDF: "other"}
    assert (found.versions, found.document, found.notes) == (1, PAGE, ())
    assert found.figures == truth_of(REPORT.figures) and len(found.figures) > 150
    assert archive.rows("select * from failure") == []
    assert "note:" not in shown(archive).stdout


@pytest.mark.parametrize(("url", "render"), ((PDF, pdf_file), (DOCX, docx_file)), ids=("pdf", "docx"))
def test_a_figure_in_which_they_differ_is_a_note(url: str, render: Callable[[Document], bytes], tmp_path: Path) -> None:
    archive = filed(tmp_path, page(printed(), url), {url: render(printed(CHANGED))})
    found = kept(archive)
    mine, theirs = REPORT.figures[DIFFERENT].value, CHANGED[DIFFERENT].value
    note = f"{DIFFERENT}: {mine} here, {theirs} in {url}"
    assert found.notes == (f"{url} disagrees in 1 figure: {DIFFERENT}", note)
    assert (found.versions, found.sightings) == (1, {PAGE: "best", url: "other"})
    assert found.figures == truth_of(REPORT.figures)
    assert note in shown(archive).stdout.splitlines()[2:][1]
    assert note in shown(archive, "--figure", DIFFERENT).stdout
    assert cited(archive, "--figure", DIFFERENT)["notes"] == [note]
    assert cited(archive, "--figure", "t3.granted.total")["notes"] == []
    assert cited(archive)["notes"] == list(found.notes)


def test_a_page_with_only_a_title_and_everything_in_its_file(tmp_path: Path) -> None:
    body = report_page(TITLE, f"<p>详见附件。</p>{links([DOCX])}").encode()
    archive = filed(tmp_path, body, {DOCX: docx_file(printed())})
    found = kept(archive)
    assert (found.document, found.notes, found.versions) == (DOCX, (), 1)
    assert found.sightings == {PAGE: "other", DOCX: "best"}
    assert found.figures == truth_of(REPORT.figures)
    fact = cited(archive, "--figure", DIFFERENT)
    assert (fact["url"], fact["format"], fact["title"]) == (DOCX, "docx", TITLE)


def test_a_page_with_only_a_title_and_sentences_in_its_file(tmp_path: Path) -> None:
    """Reports until 2018 often have no table: no figure says which of the two is the report."""
    body = report_page(TITLE, f"<p>详见附件。</p>{links([DOCX])}").encode()
    sentences = replace(printed(), blocks=tuple(block for block in printed().blocks if not isinstance(block, Grid)))
    archive = filed(tmp_path, body, {DOCX: docx_file(sentences)})
    found = kept(archive)
    assert (found.document, found.figures) == (DOCX, {})
    assert found.sightings == {PAGE: "other", DOCX: "best"}
    said = {row["key"]: row["value"] for row in archive.rows("select key, value from number")}
    assert said["n_proactive_items"] == REPORT.narrative["n_proactive_items"]


def test_a_file_without_a_title_has_that_of_its_page(tmp_path: Path) -> None:
    body = report_page(TITLE, f"<p>详见附件。</p>{links([DOCX])}").encode()
    found = filed(tmp_path, body, {DOCX: docx_file(printed(titles=("附件",)))})
    assert cited(found)["title"] == TITLE
    assert kept(found).figures == truth_of(REPORT.figures)


def test_tables_that_a_page_leaves_blank_contradict_nothing(tmp_path: Path) -> None:
    archive = filed(tmp_path, page(printed(BLANK), PDF), {PDF: pdf_file(printed())})
    found = kept(archive)
    assert (found.document, found.notes) == (PDF, ())
    assert found.sightings == {PAGE: "other", PDF: "best"}
    assert found.figures == truth_of(REPORT.figures)
    fact = cited(archive, "--figure", DIFFERENT)
    assert fact["url"] == PDF and fact["place"]["page"] >= 1 and len(fact["place"]["box"]) == 4


def test_sentences_on_the_page_and_tables_in_the_file(tmp_path: Path) -> None:
    body = report_page(TITLE, SECTIONS + links([PDF])).encode()
    found = kept(filed(tmp_path, body, {PDF: pdf_file(printed())}))
    assert (found.document, found.notes) == (PDF, ())
    assert found.figures == truth_of(REPORT.figures)


def test_what_only_the_other_prints_is_said(tmp_path: Path) -> None:
    """The page has more figures, and yet the file has one that the page leaves blank."""
    lost = {DIFFERENT: BLANK[DIFFERENT]}
    fewer = {path: BLANK[path] for path in REPORT.figures if path.startswith("t2.")}
    found = kept(filed(tmp_path, page(printed(lost), DOCX), {DOCX: docx_file(printed(fewer))}))
    assert found.document == PAGE
    assert f"{DIFFERENT}: blank here, {REPORT.figures[DIFFERENT].value} in {DOCX}" in found.notes
    assert len(found.notes) == 2 and "disagrees" not in " ".join(found.notes)


@pytest.mark.parametrize("broken", (DOCX, PDF))
def test_a_damaged_file_is_a_failure_and_the_other_wins(broken: str, tmp_path: Path) -> None:
    whole = {DOCX: docx_file(printed()), PDF: pdf_file(printed())}
    files = {url: data[: len(data) // 3] if url == broken else data for url, data in whole.items()}
    body = report_page(TITLE, f"<p>详见附件。</p>{links(files)}").encode()
    archive = filed(tmp_path, body, files)
    found = kept(archive)
    (other,) = files.keys() - {broken}
    assert (found.document, found.notes) == (other, ())
    assert found.sightings == {PAGE: "other", other: "best"}
    assert found.figures == truth_of(REPORT.figures)
    (failure,) = archive.rows("select url, kind, reason from failure")
    assert (failure["url"], failure["kind"]) == (broken, "unreadable") and failure["reason"]
    assert archive.rows("select count(*) as n from capture")[0]["n"] == 3


def test_a_file_of_another_year_is_a_note(tmp_path: Path) -> None:
    """Last year's file uploaded by mistake: not even where it holds more figures does it become the report."""
    lost = {DIFFERENT: BLANK[DIFFERENT]}
    old = TITLE.replace(str(REPORT.year), str(OTHER_YEAR))
    files = {DOCX: docx_file(printed(CHANGED, (old,), OTHER_YEAR))}
    found = kept(filed(tmp_path, page(printed(lost), DOCX), files))
    assert found.document == PAGE
    assert found.figures == truth_of({**REPORT.figures, **lost})
    (note,) = found.notes
    assert note.startswith(f"year_mismatch: {DOCX} says {OTHER_YEAR}")


def test_a_file_of_another_year_alone_is_the_report_with_a_note(tmp_path: Path) -> None:
    old = TITLE.replace(str(REPORT.year), str(OTHER_YEAR))
    body = report_page(TITLE, f"<p>详见附件。</p>{links([DOCX])}").encode()
    found = kept(filed(tmp_path, body, {DOCX: docx_file(printed(titles=(old,), year=OTHER_YEAR))}))
    assert found.document == DOCX
    (note,) = found.notes
    assert note == f"year_mismatch: the page is titled {REPORT.year}, the document says {OTHER_YEAR}"


def test_a_year_that_only_the_file_says_is_that_of_the_page_too(tmp_path: Path) -> None:
    bare = "政府信息公开工作年度报告"
    body = report_page(bare, html_body(printed(titles=(bare,))) + links([DOCX])).encode()
    found = kept(filed(tmp_path, body, {DOCX: docx_file(printed(CHANGED))}, bare))
    assert found.sightings == {PAGE: "best", DOCX: "other"}
    assert found.notes[0] == f"{DOCX} disagrees in 1 figure: {DIFFERENT}"


def test_a_report_of_no_year_is_left_for_review(tmp_path: Path) -> None:
    bare = "政府信息公开工作年度报告"
    archive = filed(tmp_path, report_page(bare, html_body(printed(titles=(bare,)))).encode(), link_text=bare)
    assert archive.rows("select * from report") == []
    (failure,) = archive.rows("select url, kind, reason from failure")
    assert (failure["url"], failure["kind"]) == (PAGE, "needs_review") and "year" in failure["reason"]


def test_a_file_with_more_figures_wins_over_the_page(tmp_path: Path) -> None:
    """Not all of the page's tables are blank, and it is the page: still the file has more."""
    fewer = {path: BLANK[path] for path in REPORT.figures if path.startswith("t2.")}
    found = kept(filed(tmp_path, page(printed(fewer), DOCX), {DOCX: docx_file(printed())}))
    assert (found.document, found.notes) == (DOCX, ())
    assert found.figures == truth_of(REPORT.figures)


def candidate(name: str, data: bytes) -> Candidate:
    """A file of the page as a build reads it."""
    member = Member(name, {"kind": "attachment"}, {"sha256": name})
    reading = read_one(Job(name, data, Hint()))
    return Candidate(member, reading, reading.reports[0])


def test_the_best_and_its_notes_do_not_depend_on_the_order() -> None:
    """Two files with as many figures, one of which differs, and two with one less."""
    lost = {DIFFERENT: BLANK[DIFFERENT]}
    made = {"c": printed(), "a": printed(CHANGED), "b": printed(lost), "d": printed(lost)}
    files = [candidate(name, docx_file(each)) for name, each in made.items()]
    said = set()
    for order in itertools.permutations(files):
        best = min(order, key=lambda each: rank(each, REPORT.year))
        notes = tuple(disagreements(REPORT.year, best, [each for each in order if each is not best]))
        said.add((best.member.url, notes))
    theirs, mine = REPORT.figures[DIFFERENT].value, CHANGED[DIFFERENT].value
    assert said == {("a", (f"c disagrees in 1 figure: {DIFFERENT}", f"{DIFFERENT}: {mine} here, {theirs} in c"))}


def test_notes_come_in_the_order_of_the_addresses() -> None:
    other = {DIFFERENT: number(5000)}
    files = [candidate(name, docx_file(made)) for name, made in (("b", printed(CHANGED)), ("c", printed(other)))]
    best = candidate("a", docx_file(printed()))
    notes = list(disagreements(REPORT.year, best, files))
    assert len(notes) == 4 and notes == list(disagreements(REPORT.year, best, files[::-1]))


def test_the_best_does_not_depend_on_the_order_of_the_crawl(tmp_path: Path) -> None:
    """Files with the same figures, a third with one less, however they are fetched: the same winner and notes."""
    one, two, three = (
        docx_file(printed()),
        docx_file(printed(CHANGED)),
        docx_file(printed({DIFFERENT: BLANK[DIFFERENT]})),
    )
    files = {f"http://{PORTAL}/nb/{name}.docx": data for name, data in (("c", one), ("a", two), ("b", three))}
    body = report_page(TITLE, "<p>详见附件。</p>").encode()
    said = []
    for number_, order in enumerate(itertools.permutations(files)):
        found = kept(filed(tmp_path / str(number_), body, {url: files[url] for url in order}))
        said.append((found.document, found.notes, sorted(found.sightings.items())))
    assert len(said) == 6 and all(each == said[0] for each in said)
    assert said[0][0] == f"http://{PORTAL}/nb/a.docx"
