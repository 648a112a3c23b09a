"""Rules of the extract room that hold for all inputs, and its agreement with the simulated portals.

The canonical text reads back as itself (W7); spans expand without loss; identities fail where a number was changed and
nowhere else; a figure is always a printed cell, whatever a row has lost; and what the reader makes of every document
of the simulated portals is what the portals know about it.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from archive import office
from extract import canonical, cells, identities
from extract.formats import read, sniff, to_convert
from extract.forms import all_forms
from extract.grid import MAX_SPAN, Spanned, expand, span
from extract.model import (
    Block,
    Cell,
    Figure,
    Grid,
    Image,
    NoReport,
    Paragraph,
    Report,
    Result,
    State,
    Text,
    Unreadable,
)  # fmt: skip
from extract.placing import place
from extract.reader import parse
from tests import corpus
from tests.portals import Portals, ReportTruth, document, make_truth
from tests.quality import can_measure, read_canonical, reads_back

# The deadline is there to notice a loop that never ends; the slowest example takes a hundredth of it.
settings.register_profile("extract", deadline=timedelta(seconds=20), suppress_health_check=[HealthCheck.too_slow])
often = settings(settings.get_profile("extract"), max_examples=200)
seldom = settings(settings.get_profile("extract"), max_examples=80)

PORTALS = Portals(truth=make_truth())
FORMATS = ("html", "docx", "pdf")


# --- the documents of the portals


def documents(report: ReportTruth) -> Iterator[tuple[str, bytes]]:
    """Every document of a report, as the portal sends it when the report has just appeared: format and bytes."""
    site = PORTALS.sites[report.portal]
    if "html" in report.carrier:
        page = site.detail(report, site.page_paths(report)[0], site.library.body(report, 0))
        yield "html", page.encode(site.encoding, "xmlcharrefreplace")
    if report.attachment:
        yield report.attachment, site.library.file(report, 0)


@cache
def texts() -> tuple[tuple[ReportTruth, str, Text], ...]:
    """All documents of all reports as read, with their report and format."""
    return tuple((report, kind, read(data)) for report in PORTALS.truth.reports for kind, data in documents(report))


@cache
def canonical_texts() -> dict[str, str]:
    """Canonical texts to be damaged: one of each format and year, and all in which something is irregular."""
    return {
        report.key if report.irregularities else f"{kind} of {report.year}": canonical.write(text)
        for report, kind, text in texts()
    }


@pytest.fixture(scope="module")
def read_beforehand() -> None:
    """All documents are read before the first example, whose time is counted."""
    canonical_texts()


# --- W7: writing, reading back and writing again gives the same bytes

PIECES = (
    "# ", "#", "## ", "**", "\t", "\n", "  ", "\u00a0", "\u3000", "\u200b", "[image: x]", "[bookmark: _GoBack]", "|", "> ",
    "一、", "（一）", "（七）总计", "1.", "2、", "第二十条第（一）项", "一、总体情况", "二、主动公开政府信息情况",
    "按照目录逐月核对栏目并且由两名经办人轮流检查每一条内容的时效和出处", "由苇塘局编制", "。", "；", "：", "”", "）", "》",
    "苇塘县", "苇塘局", "河口镇人民政府", "办公室", "2021年", "二〇二一年", "度", "政府信息公开", "工作年度报告", "年报", "政务",
    "政府信息公开工作年度报告", "通知", "关于", "word", "two words", "12", "0", "-", "/", "<http://a.example>", "http://a.example",
)  # fmt: skip

# What no report should print and some do: control and invisible characters, marks of direction, blanks of every width,
# half a character; residue in pieces, which comes together when what parts it is removed; the beginnings of other formats.
ODD_CHARACTERS = tuple(
    "\x00\x01\x08\v\f\r\x1b\x1c\x1f\x7f\x80\x85\u00ad\u1680\u2003\u200d\u200f\u2028\u2029\u202a\u202e\u202f\u2060\u2066\u2069"
    "\ufeff\ufffd\ufffe\ufe0f\u0301\ud800\udfff\U0010ffff"
)
ODD_PIECES = (
    "**#", "#**", "*", "***", "[image: x]# ", "[im**age: x]", "[image: [image: x]]", "[image: ", "[bookmark: a", "]",
    "<http", "<https://b.example", "**<http://a.example>", ">", "\t5", "\n\t", "\n\n", "   ", "| a | b |", "----",
    "%PDF-1.7", "<html>", "<p>", "<!-- x -->", "{\\rtf1", "PK\x03\x04", "GIF8", "Rar!", '<meta charset="gb2312">', "é", "，",
)  # fmt: skip
any_pieces = st.sampled_from((*PIECES, *ODD_CHARACTERS, *ODD_PIECES))
paragraphs = st.one_of(
    st.lists(st.sampled_from(PIECES), max_size=6).map("".join),
    st.lists(any_pieces, max_size=7).map("".join),
    st.text(max_size=12),
    st.lists(any_pieces, min_size=1, max_size=3).map(lambda some: "".join(some) * 40),
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=2).map(
        lambda some: "".join(some) * (canonical.MAX_JOINED // 5)
    ),
)
cell_texts = st.one_of(
    st.sampled_from(("", "", "0", "12", "\u00a0", "\u200b", "\x00", "规章", "自然人", "两\n行", "a\tb", "#", "**")),
    paragraphs,
)
spanned_rows = st.lists(
    st.lists(st.builds(Spanned, cell_texts, st.integers(1, 3), st.integers(1, 3)), max_size=4), max_size=4
)


@st.composite
def plain_grids(draw: st.DrawFn) -> Grid:
    """A grid as plain text gives it: full width, blanks that may or may not be spans."""
    width = draw(st.integers(1, 4))
    covered = draw(st.sampled_from((None, False, True)))
    rows = draw(st.lists(st.lists(cell_texts, min_size=width, max_size=width), min_size=1, max_size=4))
    return Grid(tuple(canonical.cell_row(row, covered) for row in rows))


grids = st.one_of(plain_grids(), spanned_rows.map(expand))
blocks = st.lists(st.one_of(paragraphs.map(Paragraph), paragraphs.map(Paragraph), grids), max_size=7)
with_images = blocks.map(lambda some: [part for block in some for part in (block, Image("x.png"))])


def looks_foreign(written: str) -> bool:
    """Whether a text holds at its head what tells another format, so that its bytes alone do not say it is text."""
    return written.startswith(("<", "{\\rtf", "PK")) or any(
        mark in written[:4096].lower() for mark in ("%pdf-", "<html")
    )


def written_text(title: str, given_blocks: Sequence[Block]) -> str:
    settled, settled_blocks = canonical.settle(title, given_blocks)
    return canonical.write(Text(settled_blocks, "test", "", settled))


def assert_stable(title: str, given_blocks: Sequence[Block]) -> None:
    first = written_text(title, given_blocks)
    assert first == "" or first.strip()
    if first:
        assert canonical.write(read_canonical(first)) == first
    if first and not looks_foreign(first):
        again = read(first.encode())
        assert again.format == "text"
        assert canonical.write(again) == first


@often
@given(paragraphs, blocks)
def test_any_text_reads_back_as_itself(title: str, given_blocks: list[Block]) -> None:
    assert_stable(title, given_blocks)


@pytest.mark.parametrize(
    ("title", "lines"),
    (
        ("", ("\ud800某局", "一、总体情况\udfff")),
        ("", ('<meta charset="gb2312"', "\x80")),
        ("", ("|", "<http://a.example>[bookmark: a# ", "]")),
        ("某局2021年政府信息公开工作年度报告", ("[image: " + "图" * 40, "续]", "一、总体情况")),
        ("", ("[im[image: x]age: y]# ## 一", "**", "*" + "**" + "*二")),
        ("", ("字" * (canonical.MAX_JOINED + 1), "续", "字" * 29, "续")),
    ),
)
def test_texts_that_once_changed(title: str, lines: tuple[str, ...]) -> None:
    """Half a character; a charset that the text speaks of; residue that comes together where a sentence was joined."""
    assert_stable(title, list(map(Paragraph, lines)))
    grid = Grid((canonical.cell_row(("自然人", "5")),))
    between = [grid, *map(Paragraph, lines), grid]
    assert_stable(title, between)
    assert_stable(title, [part for block in between for part in (block, Image("x.png"))])


def test_what_nobody_sees_is_not_in_a_figure() -> None:
    """Marks of direction come with figures that are pasted from a spreadsheet."""
    _, (grid,) = canonical.settle("", [Grid((canonical.cell_row(("自然人", "\u202d12\u202c"), False),))])
    assert isinstance(grid, Grid) and [cell.text for cell in grid.rows[0]] == ["自然人", "12"]


@pytest.mark.parametrize("head", ("%PDF-1.7", "<html>", "<p>", "<!-- x --><table>", "{\\rtf1"))
def test_a_text_that_begins_like_another_format_is_taken_for_that(head: str) -> None:
    """Bytes decide, so its file is not read as text; read as the text that it is, it stays as it is."""
    first = written_text("", [Paragraph(f"{head} 某局"), Grid((canonical.cell_row(("自然人", "5")),))])
    assert first.startswith(head) and looks_foreign(first)
    assert canonical.write(read_canonical(first)) == first
    try:
        assert sniff(first.encode()).name != "text"
    except Unreadable as error:
        assert "text" not in str(error)


SHAPE_B = "某局2021年政府信息公开工作年度报告\n\n\t自然人\n\t总计\n\n\t{}\n\t5\n\n\n一、总体情况\n"


@often
@given(paragraphs.filter(lambda text: "\ud800" not in text and "\udfff" not in text), st.booleans())
def test_text_in_shape_b_is_written_in_shape_a(cell: str, padded: bool) -> None:
    """One cell a line is read and written as one row a line, which is read back as itself."""
    first = canonical.write(read_canonical(SHAPE_B.format(f"\u00a0{cell}" if padded else cell)))
    assert canonical.write(read_canonical(first)) == first


@pytest.mark.parametrize("encoding", ("utf-8-sig", "utf-16", "gb18030"))
@pytest.mark.parametrize("end", ("\n", "\r\n"))
def test_an_editor_that_saves_a_text_again_changes_nothing(encoding: str, end: str) -> None:
    compared = 0
    for written in canonical_texts().values():
        assert canonical.write(read(written.replace("\n", end).encode(encoding))) == written
        compared += 1
    assert compared > 20


@often
@given(paragraphs, with_images)
def test_any_text_with_images_reads_back_as_itself(title: str, given_blocks: list[Block]) -> None:
    assert_stable(title, given_blocks)


@often
@given(paragraphs, blocks)
def test_canonical_text_has_its_shape(title: str, given_blocks: list[Block]) -> None:
    """W1 to W3: no residue of white space, one line to a row, and every row of a table with the same number of tabs."""
    settled, settled_blocks = canonical.settle(title, given_blocks)
    written = canonical.write(Text(settled_blocks, "test", "", settled))
    assert not re.search("[\u00a0\u3000\u200b\ufeff\r\x00\u202e\u2028\ud800]", written)
    assert not written or written.endswith("\n")
    for part in written.rstrip("\n").split("\n\n") if written.strip() else []:
        lines = part.split("\n")
        assert len({line.count("\t") for line in lines}) == 1
        assert len(lines) == 1 or "\t" in part
        assert "\t" in part or (part == part.strip() and part)


@pytest.mark.parametrize("kind", FORMATS)
def test_every_document_of_the_portals_reads_back_as_itself(kind: str) -> None:
    written = [canonical.write(text) for _, found, text in texts() if found == kind]
    assert len(written) > 20
    assert [text for text in written if canonical.write(read(text.encode())) != text] == []


NOT_SCORED = (*corpus.STRUCTURAL, *(kind for kind in corpus.FORMATS if not can_measure(kind)))


@pytest.mark.parametrize("kind", NOT_SCORED)
def test_every_document_that_is_not_scored_reads_back_as_itself(
    kind: str, record_property: Callable[[str, object], None]
) -> None:
    """Others: tests/test_quality.py. They are converted first; where this machine cannot, that is why they are not read, and nothing else."""
    documents_ = {document.name: document.data for document in corpus.documents(kind)}
    converted = office.convert({name: data for name, data in documents_.items() if to_convert(data)})
    unread = {name: made for name, made in converted.items() if isinstance(made, str)}
    texts_ = {
        name: read(data, converted=converted.get(name)) for name, data in documents_.items() if name not in unread
    }
    record_property(
        "said", f"{kind:10}{len(documents_):5} documents, {len(unread)} not read: {sorted(set(unread.values()))}"
    )
    assert [name for name, text in texts_.items() if not reads_back(text)] == []
    assert len(documents_) >= 3 and sorted(documents_) == sorted(corpus.names(kind))
    assert not unread or (set(unread) == set(converted) and not office.available())


def test_bodies_without_their_page_read_back_as_themselves() -> None:
    """Where no container is known, trafilatura finds the body: every fifth, because it takes its time."""
    reports = [report for report, kind, _ in texts() if kind == "html"]
    for body in (PORTALS.sites[report.portal].library.body(report, 0) for report in reports[::5]):
        written = canonical.write(read(body.encode()))
        assert canonical.write(read(written.encode())) == written


def test_the_written_text_has_the_figures_of_its_document() -> None:
    compared = 0
    for report, kind, text in texts():
        found, again = parse(text)[0].figures, parse(read(canonical.write(text).encode()))[0].figures
        assert {path: _said(figure) for path, figure in again.items()} == {
            path: _said(figure) for path, figure in found.items()
        }, (report.key, kind)
        compared += len(found)
    assert compared > 30_000


def _said(figure: Figure) -> tuple[Any, ...]:
    return figure.value, figure.state, figure.written, figure.unit, figure.form


# --- spans

counts = st.one_of(st.integers(1, 4), st.integers(1, MAX_SPAN), st.just(MAX_SPAN))
page_counts = st.integers(1, 12)  # a page whose tables expand to more cells than a report can have is refused


def numbered_rows(spans: st.SearchStrategy[int]) -> st.SearchStrategy[list[list[Spanned]]]:
    """Rows of spanned cells, of which each has a text of its own."""

    def numbered(shape: list[list[tuple[int, int]]]) -> list[list[Spanned]]:
        number = itertools.count()
        return [[Spanned(f"text {next(number)}", rows, columns) for rows, columns in row] for row in shape]

    return st.lists(st.lists(st.tuples(spans, spans), max_size=4), max_size=6).map(numbered)


@often
@given(numbered_rows(counts))
def test_spans_expand_to_full_rows_and_lose_no_text(rows: list[list[Spanned]]) -> None:
    grid = expand(rows)
    assert len(grid.rows) == len(rows)
    assert {len(row) for row in grid.rows} <= {grid.width}
    printed = [cell.text for row in grid.rows for cell in row if cell.text]
    assert printed == [cell.text for row in rows for cell in row]
    uncovered = [cell for row in grid.rows for cell in row if not cell.covered]
    assert [cell.text for cell in uncovered] == printed
    assert all(x.covered is True for row in grid.rows for x in row if not x.text)


@often
@given(numbered_rows(counts))
def test_a_span_covers_what_it_says(rows: list[list[Spanned]]) -> None:
    """To the right of a cell, as far as it spans, there is no other cell; below it, not beyond the table."""
    grid = expand(rows)
    spans = {cell.text: cell for row in rows for cell in row}
    for y, row in enumerate(grid.rows):
        for x, cell in enumerate(row):
            if cell.text:
                wide, high = spans[cell.text].columns, spans[cell.text].rows
                assert x + wide <= grid.width
                assert all(grid.rows[y][x + dx].covered for dx in range(1, wide))
                assert all(grid.rows[y + dy][x].covered for dy in range(1, min(high, len(rows) - y)))


@often
@given(st.one_of(st.none(), st.text(max_size=12), st.integers(-5, 10**12).map(lambda n: f" {n}px")))
def test_a_span_is_a_small_positive_number(written: str | None) -> None:
    assert 1 <= span(written) <= MAX_SPAN


@seldom
@given(numbered_rows(page_counts))
def test_spans_of_a_page_are_those_of_the_grid(rows: list[list[Spanned]]) -> None:
    """The HTML reader gives the grid of the same cells, apart from rows that print nothing and from layout."""
    html = "".join(
        "<tr>" + "".join(f"<td rowspan='{c.rows}px' colspan=' {c.columns} '>{c.text}</td>" for c in row) + "</tr>"
        for row in rows
    )
    table = f"<html><body><div id='zoom'><p>{'文' * 50}</p><table>{html}</table></div></body></html>"
    found = [[cell.text for cell in row] for grid in read(table.encode()).grids() for row in grid.rows]
    wanted = [[cell.text for cell in row] for row in expand(rows).rows if any(cell.text for cell in row)]
    assert found == (wanted if wanted and len(wanted[0]) > 1 else [])


# --- identities

T3_COLUMNS = tuple(column.key for column in next(iter(all_forms().values())).t3_columns)
BALANCE = ("new_received", "carried_in", "processed_total", "carried_out")
T4_COLUMNS = ("upheld", "corrected", "other", "pending", "total")
T4_BLOCKS = ("review", "litigation_direct", "litigation_after_review")
small = st.integers(0, 9)


def results(form: str) -> list[str]:
    """The rows that （七）总计 adds up."""
    return [row.key for row in all_forms()[form].t3_rows if row.key not in BALANCE]


@st.composite
def tables(draw: st.DrawFn) -> tuple[str, dict[str, int]]:
    """A form, and tables 三 and 四 in which every identity holds."""
    form = draw(st.sampled_from(sorted(id for id, form in all_forms().items() if form.t3_rows)))
    values: dict[str, int] = {}
    for column in T3_COLUMNS[:-1]:
        for row in results(form):
            values[f"t3.{row}.{column}"] = draw(st.sampled_from((0, 0, 0, 1, 5)))
        processed = sum(values[f"t3.{row}.{column}"] for row in results(form))
        carried_out = draw(small)
        carried_in = draw(st.integers(0, processed + carried_out))
        new = processed + carried_out - carried_in
        values |= {
            f"t3.{row}.{column}": value
            for row, value in zip(BALANCE, (new, carried_in, processed, carried_out), strict=True)
        }
    for row in (*results(form), *BALANCE):
        values[f"t3.{row}.total"] = sum(values[f"t3.{row}.{column}"] for column in T3_COLUMNS[:-1])
    for block in T4_BLOCKS:
        counted = [draw(small) for _ in T4_COLUMNS[:-1]]
        values |= {f"t4.{block}.{c}": v for c, v in zip(T4_COLUMNS, (*counted, sum(counted)), strict=True)}
    return form, values


def figures_of(form: str, values: Mapping[str, int]) -> dict[str, Figure]:
    return {path: Figure(path, Decimal(v), State.NUMBER, str(v), "件", form) for path, v in values.items()}


def touched(path: str, form: str) -> set[tuple[str, str]]:
    """The checks of which a figure is an operand."""
    table, row, column = path.split(".")
    if table == "t4":
        return {("T4.SUM", row)}
    checks = {("T3.COL", row)}
    if row in results(form) or row == "processed_total":
        checks.add(("T3.SUM", column))
    if row in BALANCE:
        checks.add(("T3.BAL", column))
    return checks


def results_of(figures: Mapping[str, Figure], form: str) -> dict[tuple[str, str], Result]:
    printed = identities.Printed(figures, form)
    return {(check.id, check.scope): check.result for check in identities.checks(printed)}


def expected_results(form: str, others: Mapping[tuple[str, str], Result]) -> dict[tuple[str, str], Result]:
    rows = [("T3.COL", row) for row in (*results(form), *BALANCE)]
    columns = [(check, column) for check in ("T3.SUM", "T3.BAL") for column in T3_COLUMNS]
    silent = [(check, "total") for check in ("N.NEW", "N.NONE", "N.CARRY", "N.CHANNEL")]
    said = dict.fromkeys(silent, Result.NOT_APPLICABLE)
    if form == "y2021":
        said["N.FEE", "mentioned"] = Result.NOT_ASSESSABLE  # without a section 六
    return {
        **dict.fromkeys([*rows, *columns, *(("T4.SUM", block) for block in T4_BLOCKS)], Result.PASS),
        **said,
        **others,
    }


@seldom
@given(tables())
def test_a_consistent_report_passes_every_check(table: tuple[str, dict[str, int]]) -> None:
    form, values = table
    assert results_of(figures_of(form, values), form) == expected_results(form, {})


@seldom
@given(tables(), st.data())
def test_a_changed_number_fails_its_checks_and_no_other(table: tuple[str, dict[str, int]], data: st.DataObject) -> None:
    form, values = table
    path = data.draw(st.sampled_from(sorted(values)))
    values[path] += data.draw(st.integers(1, 5))
    failing = dict.fromkeys(touched(path, form), Result.FAIL)
    assert results_of(figures_of(form, values), form) == expected_results(form, failing)


@seldom
@given(tables(), st.data())
def test_a_check_without_all_its_numbers_is_not_assessable(
    table: tuple[str, dict[str, int]], data: st.DataObject
) -> None:
    form, values = table
    figures = figures_of(form, values)
    lost = data.draw(st.lists(st.sampled_from(sorted(values)), min_size=1, max_size=3, unique=True))
    state = data.draw(st.sampled_from([state for state in State if state is not State.NUMBER]))
    for path in lost:
        figures[path] = replace(figures[path], value=None, state=state, written="")
    unsure = dict.fromkeys(set().union(*(touched(path, form) for path in lost)), Result.NOT_ASSESSABLE)
    assert results_of(figures, form) == expected_results(form, unsure)


@seldom
@given(tables(), st.sampled_from(BALANCE))
def test_an_unprinted_row_of_the_balance_is_inferred_and_nothing_else(
    table: tuple[str, dict[str, int]], row: str
) -> None:
    form, values = table
    figures = {p: f for p, f in figures_of(form, values).items() if not p.startswith(f"t3.{row}.")}
    assert {guess.path: guess.value for guess in identities.inferred(figures)} == {
        path: value for path, value in values.items() if path.startswith(f"t3.{row}.")
    }
    assert list(identities.inferred(figures_of(form, values))) == []


# --- cells and placing

written_cells = st.one_of(
    st.text(alphabet="0123456789０１²①,.-－−+增减/—无万元件项 \u00a0\u3000\n详OoＯ", max_size=8),
    st.integers(-99, 10**6).map(str),
    st.text(max_size=5),
)
WIDE_DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")


@often
@given(written_cells)
def test_a_number_has_the_printed_digits(text: str) -> None:
    """A number has a value, nothing else has one; its digits are those printed, and a footnote's mark is none."""
    reading = cells.read(text)
    assert (reading.state is State.NUMBER) == (reading.value is not None)
    if reading.value is not None:
        printed = re.sub(r"[^0-9]", "", text.translate(WIDE_DIGITS))
        assert re.sub(r"[^0-9]", "", f"{reading.value:f}").lstrip("0") == printed.lstrip("0") and printed
    if not text.strip():
        assert reading.state is State.BLANK


@often
@given(written_cells, st.sampled_from(("", "\u00a0", " ", "\u3000", "\n")))
def test_white_space_around_a_cell_says_nothing(text: str, space: str) -> None:
    assert cells.read(f"{space}{text}{space}") == cells.read(text)


figure_cells = st.builds(
    lambda text, covered: Cell(text, False if text else covered),
    st.sampled_from(("", "", "", "0", "0", "1", "2", "7", "/", "12")),
    st.sampled_from((True, False, None)),
)


@often
@given(
    st.lists(figure_cells, min_size=1, max_size=12),
    st.integers(-1, 3),
    st.sampled_from((1, 2, 3, 7)),
    st.booleans(),
    st.one_of(st.none(), st.integers(1, 4)),
    st.data(),
)
def test_placing_never_invents(
    row: list[Cell], label: int, wanted: int, with_header: bool, gap: int | None, data: st.DataObject
) -> None:
    start = None if gap is None else label + gap
    places = st.lists(st.integers(0, 11), min_size=wanted, max_size=wanted, unique=True).map(sorted)
    header = tuple(data.draw(places)) if with_header else ()
    placed = place(row, label, wanted, header, start)
    printed = [cell.text for cell in row[label + 1 :] if cell.text]
    if placed.cells is None:
        assert placed.note and all(text in placed.note for text in printed)
        return
    figures = [cell.text for cell in placed.cells if cell.text]
    assert len(placed.cells) == wanted
    assert is_part(figures, printed)
    assert figures == printed or placed.note


def is_part(some: Sequence[str], whole: Sequence[str]) -> bool:
    """Whether `some` stands in `whole` in the same order."""
    rest = iter(whole)
    return all(text in rest for text in some)


# --- whatever happens to a report's text, its figures are printed cells

T3_WIDTH = 10  # columns of table 三: three of labels, seven of figures

Damage = Callable[[list[str], int], None]


def _figures_lost(lines: list[str], at: int) -> None:
    lines[at] = re.sub(r"\t[\d.]+", "\t", lines[at], count=1 + at % 3)


def _cell_lost(lines: list[str], at: int) -> None:
    parts = lines[at].split("\t")
    del parts[at % len(parts)]
    lines[at] = "\t".join(parts)


def _cell_twice(lines: list[str], at: int) -> None:
    parts = lines[at].split("\t")
    parts.insert(at % len(parts), parts[-1])
    lines[at] = "\t".join(parts)


def _padded(lines: list[str], at: int) -> None:
    lines[at] += "\t" * (1 + at % 2)


def _page_break(lines: list[str], at: int) -> None:
    lines.insert(at, "")


def _row_lost(lines: list[str], at: int) -> None:
    del lines[at]


def _row_twice(lines: list[str], at: int) -> None:
    lines.insert(at, lines[at])


def _unreadable(lines: list[str], at: int) -> None:
    lines[at] = lines[at].replace("\t0", "\t见附件", 1)


def _span_lost(lines: list[str], at: int) -> None:
    """A label of table 三 has lost a column that it spans: its figures stand one to the left, a blank at the end."""
    parts = lines[at].split("\t")
    label = max((x for x, part in enumerate(parts[:3]) if part), default=2)
    if len(parts) == T3_WIDTH and label < 2 and not parts[label + 1]:
        del parts[label + 1]
        lines[at] = "\t".join([*parts, ""])


ANY: tuple[Damage, ...] = (
    _figures_lost, _cell_lost, _cell_twice, _padded, _page_break, _row_lost, _row_twice, _unreadable, _span_lost,
)  # fmt: skip
LAYOUT: tuple[Damage, ...] = (_padded, _page_break, _span_lost)


def damaged(draw: st.DrawFn, written: str, damages: Sequence[Damage]) -> str:
    """The text with some of its table rows damaged."""
    lines = written.split("\n")
    for damage in draw(st.lists(st.sampled_from(damages), min_size=1, max_size=8)):
        rows = [number for number, line in enumerate(lines) if "\t" in line]
        if rows:
            damage(lines, draw(st.sampled_from(rows)))
    return "\n".join(lines)


def reports_of(text: Text) -> list[Report]:
    try:
        return parse(text)
    except NoReport:
        return []


@pytest.mark.usefixtures("read_beforehand")
@seldom
@given(st.data())
def test_a_figure_is_a_printed_cell(data: st.DataObject) -> None:
    """Whatever is damaged in a report, what is read from it stands in it."""
    written = canonical_texts()[data.draw(st.sampled_from(list(canonical_texts())))]
    assert_figures_are_printed(read(damaged(data.draw, written, ANY).encode()))


def assert_figures_are_printed(text: Text) -> None:
    for report in reports_of(text):
        seen = [figure.place for figure in report.figures.values() if figure.place and figure.place.table is not None]
        assert len(seen) == len(set(seen)), "two figures stand in one cell"
        for path, figure in report.figures.items():
            assert figure.path == path
            assert (figure.state is State.NUMBER) == (figure.value is not None)
            if figure.written:
                assert figure.written == _cell_at(text, figure), path
            else:
                assert figure.state in (State.BLANK, State.AMBIGUOUS), path


def _cell_at(text: Text, figure: Figure) -> str:
    at = figure.place
    assert at and at.table is not None and at.row is not None and at.column is not None
    return list(text.grids())[at.table].rows[at.row][at.column].text


STATUTORY = (
    "", "", "", "0", "0", "1", "2", "12", "/", "无", "万元", "第二十条第（一）项", "信息内容", "本年制发件数", "本年新制作数量",
    "规章", "规范性文件", "行政许可", "处理决定数量", "上一年项目数量", "本年增/减", "行政事业性收费", "本年收费金额", "政府集中采购",
    "采购总金额", "自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计", "一、本年新收政府信息公开申请数量",
    "（一）予以公开", "1.属于国家秘密", "2.重复申请", "（六）其他处理", "3.其他", "（七）总计", "四、结转下年度继续办理", "行政复议",
    "行政诉讼", "结果维持", "结果纠正", "其他结果", "尚未审结", "未经复议直接起诉", "复议后起诉",
)  # fmt: skip


@st.composite
def statutory_grids(draw: st.DrawFn) -> Grid:
    """The words of the forms in no order at all."""
    width, covered = draw(st.integers(2, 16)), draw(st.sampled_from((None, False, True)))
    row = st.lists(st.sampled_from(STATUTORY), min_size=width, max_size=width)
    return Grid(tuple(canonical.cell_row(texts, covered) for texts in draw(st.lists(row, min_size=1, max_size=6))))


@seldom
@given(st.lists(st.one_of(statutory_grids(), st.just(Paragraph("苇塘局2022年政府信息公开工作年度报告"))), max_size=5))
def test_a_figure_of_any_table_is_a_printed_cell(given_blocks: list[Block]) -> None:
    title, settled = canonical.settle("", given_blocks)
    assert_figures_are_printed(Text(settled, "test", "", title))


@pytest.mark.usefixtures("read_beforehand")
@seldom
@given(st.data())
def test_lost_layout_changes_no_number(data: st.DataObject) -> None:
    """Lost spans, page breaks and padding may leave a figure unknown; they never make another number of it."""
    written = canonical_texts()[data.draw(st.sampled_from(list(canonical_texts())))]
    figures = parse(read(written.encode()))[0].figures
    found = parse(read(damaged(data.draw, written, LAYOUT).encode()))[0]
    for path, figure in found.figures.items():
        assert figure.value in (None, figures[path].value), (path, figure, figures[path])


# --- agreement with the portals


def differences(report: ReportTruth, found: Report) -> Iterator[str]:
    """What the reader says otherwise than the truth, one line each."""
    names = {report.unit, *(line for line in report.title_lines)}
    told = {
        "title": (_squeezed(found.title), _squeezed(report.title)),
        "year": (found.year, report.year),
        "forms": (dict(found.forms), dict(report.forms)),
        "missing": (sorted(found.missing), sorted(report.missing)),
        "narrative": ({key: number.value for key, number in found.narrative.items()}, dict(report.narrative)),
        "contact": (dict(found.contact), dict(report.contact)),
        "sections": ([section.n for section in found.sections], [1, 2, 3, 4, 5, 6]),
        "failing checks": (_failing(found), sorted((check, _scope(check, scope)) for check, scope in report.fails)),
        "printed figures": (sorted(found.figures), sorted(report.figures)),
    }
    yield from (f"{part}: {said} for {true}" for part, (said, true) in told.items() if said != true)
    if report.title_names_unit and not any(_squeezed(found.publisher or "?") in _squeezed(name) for name in names):
        yield f"publisher: {found.publisher} for {report.unit}"
    for path, true in report.figures.items():
        said = found.figures.get(path)
        if said and _comparable(said) != (true.value, true.state, true.written, true.unit):
            yield f"{path}: {said} for {true}"


def _comparable(figure: Figure) -> tuple[Any, ...]:
    value = None if figure.value is None else float(figure.value)
    return value, figure.state.value, figure.written, figure.unit


def _failing(report: Report) -> list[tuple[str, str]]:
    return sorted((c.id, _scope(c.id, c.scope)) for c in report.checks if c.result is Result.FAIL)


def _scope(check: str, scope: str) -> str:
    """The scope of a check; that of a sentence is free: the two sides name it by different things."""
    return "" if check.startswith("N.") else scope


def _squeezed(text: str) -> str:
    return "".join(text.split())


def test_every_document_of_the_portals_says_what_the_portals_know(
    record_property: Callable[[str, object], None],
) -> None:
    read_documents, figures, unlike = Counter[str](), Counter[str](), Counter[str]()
    lines: list[str] = []
    for report, kind, text in texts():
        found = parse(text)
        said = list(differences(report, found[0])) if len(found) == 1 else [f"{len(found)} reports"]
        read_documents[kind] += 1
        figures[kind] += len(report.figures)
        unlike[kind] += len(said)
        lines += [f"{report.key} ({kind}): {line}" for line in said]
    table = [f"{'format':8}{'documents':>10}{'figures':>10}{'differences':>13}"]
    table += [f"{kind:8}{read_documents[kind]:10}{figures[kind]:10}{unlike[kind]:13}" for kind in FORMATS]
    record_property("said", "\n".join(table))
    print(*table, sep="\n")
    assert not lines, "\n".join([*table, *lines])
    carriers = Counter(report.carrier for report in PORTALS.truth.reports)
    assert read_documents == {
        "html": carriers["html"] + carriers["html+docx"],
        "docx": carriers["docx"] + carriers["html+docx"],
        "pdf": carriers["pdf"],
    }
    assert len(PORTALS.truth.reports) > 150 and all(read_documents[kind] > 20 for kind in FORMATS)
    assert all(figures[kind] > 150 * read_documents[kind] for kind in FORMATS)


@pytest.mark.parametrize("kind", FORMATS)
def test_every_paragraph_of_the_portals_is_one(kind: str) -> None:
    """W5: no paragraph is broken, and none has white space that is not printed (a wrapped line may have lost some)."""
    unlike, compared = [], 0
    for report, found, text in texts():
        if found == kind:
            printed = [" ".join(paragraph.split()) for paragraph in document(report).paragraphs()]
            said = [part.text for part in text.paragraphs() if not part.text.startswith("附件：")]
            pairs = itertools.zip_longest(said, printed, fillvalue="")
            unlike += [f"{report.key}: {one!r} for {true!r}" for one, true in pairs if not _same_words(one, true)][:1]
            compared += len(printed)
    assert compared > 400
    assert not unlike, f"{len(unlike)} documents; the first paragraph that differs in each:\n" + "\n".join(unlike)


def _same_words(said: str, printed: str) -> bool:
    return _squeezed(said) == _squeezed(printed) and is_part(said, printed)


def test_the_other_entries_of_the_portals_are_no_reports() -> None:
    others = PORTALS.truth.not_reports
    assert len(others) == 9
    for item in others:
        site = PORTALS.sites[item.portal]
        body = "".join(f"<p>{paragraph}</p>" for paragraph in item.paragraphs)
        with pytest.raises(NoReport):
            parse(read(site.notice(item, body).encode(site.encoding, "xmlcharrefreplace")))
