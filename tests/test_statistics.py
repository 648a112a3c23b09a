"""The statistics table of 2014 however it is laid out: every figure at its row, nothing invented, nothing guessed.

Whole documents stand in tests/fixtures/extract/reports (`*-2014*`, `*-2008*`, `*-2012*`); here are the rules that hold for all.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import LongTable, Paragraph, SimpleDocTemplate, TableStyle

from extract import forms
from extract.formats import read
from extract.model import Report, State
from extract.ordering import settle
from extract.reader import parse

REFERENCE = Path(__file__).parents[2] / "shared" / "reference" / "forms.json"
LINES = forms.all_forms()["y2014"].statistics
KEYS = [line.row.key for line in LINES if line.row.key]
ALIKE = {"rev_corrected", "rev_other", "lit_corrected", "lit_other"}  # 被依法纠错数 and 其他情形数 stand twice
TITLE = "青溪县林业局2016年政府信息公开工作年度报告"
# What a cell prints, and what it is: state and value.
CELLS = {
    "0": (State.NUMBER, 0),
    "7": (State.NUMBER, 7),
    "1,024": (State.NUMBER, 1024),
    "３５": (State.NUMBER, 35),
    "": (State.BLANK, None),
    "/": (State.DASH, None),
    "—": (State.DASH, None),
    "详见正文": (State.UNREADABLE, None),
}
NUMBERED = ("{}", "（一）{}", "1.{}", "其中：{}", "①{}", "（二） {}", "3、{}")


@dataclass(frozen=True)
class Printed:
    """A laid out table: rows of texts, the first the header, and the key of each row ("" for a heading and the header)."""

    rows: Sequence[Sequence[str]]
    keys: Sequence[str]
    truth: Mapping[str, str]  # key → what its count prints
    whole: bool  # no row of the form is left out


@st.composite
def tables(draw: st.DrawFn) -> Printed:
    """Any rows of the form in their order, with any numbering, with 序号, 单位, further columns and 备注 or without."""
    gone = draw(st.sets(st.sampled_from(range(len(LINES))), max_size=draw(st.sampled_from((0, 0, 3, 12)))))
    serial, unit, remark = (draw(st.booleans()) for _ in range(3))
    others = draw(st.sampled_from(((), ("县政府", "县直部门"), ("县直部门", "乡镇（街道）", "其他"))))
    count = draw(st.sampled_from(("统计数", "数量", "统计数据"))) if not others else "合计"
    names = [*others, count] if draw(st.booleans()) else [count, *others]
    rows = [[*["序号"][:serial], "统计指标", *["单位"][:unit], *names, *["备注"][:remark]]]
    keys, truth = [""], {}
    for n, line in enumerate(LINES):
        if n in gone:
            continue
        label = draw(st.sampled_from(NUMBERED)).format(line.row.label.rpartition("/")[2])
        cells = dict.fromkeys(names, "")
        if line.row.key:
            texts = draw(st.lists(st.sampled_from(sorted(CELLS)), min_size=len(names), max_size=len(names)))
            cells = dict(zip(names, texts, strict=True))
            truth[line.row.key] = cells[count]
        said = draw(st.sampled_from(("", "另有说明"))) if line.row.key else ""
        rows.append(
            [*[str(n)][:serial], label, *[line.unit][:unit], *(cells[name] for name in names), *[said][:remark]]
        )
        keys.append(line.row.key)
    return Printed(rows, keys, truth, not gone)


def html(table: Printed, breaks: Sequence[int] = ()) -> bytes:
    """The table as HTML, headings over its whole width, cut into several tables before some rows."""
    width = len(table.rows[0])
    lines: list[str] = []
    for n, (row, key) in enumerate(zip(table.rows, table.keys, strict=True)):
        if n in breaks:
            lines.append("</table>\n<table>")
        if n and not key:
            lines.append(f'<tr><td colspan="{width}">{"".join(row)}</td></tr>')
        else:
            lines.append("<tr>" + "".join(f"<td>{text}</td>" for text in row) + "</tr>")
    return f"<html><body><h1>{TITLE}</h1><p>一、概述</p><p>工作平稳。</p><table>{''.join(lines)}</table></body></html>".encode()


def shape_a(table: Printed, breaks: Sequence[int] = (), trailing: int = 0) -> bytes:
    """The table as text, a line a row, with page breaks and with tabs too many."""
    lines = [TITLE, "", "一、概述", "", "工作平稳。", ""]
    for n, row in enumerate(table.rows):
        lines += [""] if n in breaks else []
        lines.append("\t".join(row) + "\t" * trailing)
    return "\n".join(lines).encode()


def shape_b(table: Printed) -> bytes:
    """The table as text, a line a cell."""
    rows = "".join("".join(f"\t{text}\n" for text in row) + "\n" for row in table.rows)
    return f"{TITLE}\n\n一、概述\n\n工作平稳。\n\n{rows}\n".encode()


def report(data: bytes) -> Report:
    (found,) = parse(read(data))
    return found


def hold(table: Printed, found: Report) -> None:
    """Each row that is printed has its state and value; rows with the same words may be ambiguous where rows are lost."""
    assert found.forms["t2014"] == "y2014"
    for key in KEYS:
        figure = found.figures.get(f"t2014.{key}.count")
        open_end = key in ALIKE and not table.whole and figure is not None and figure.state is State.AMBIGUOUS
        if key not in table.truth:
            assert figure is None or open_end, f"{key} is not printed, and was read as {figure}"
            assert open_end or f"t2014.{key}" in found.missing
        elif not open_end:
            assert figure is not None, f"{key} prints {table.truth[key]!r}"
            state, value = CELLS[table.truth[key]]
            assert (figure.state, figure.value) == (state, value), f"{key} prints {table.truth[key]!r}: {figure}"
    assert not [path for path in found.figures if ".x_" in path and path.endswith(".count")]
    assert not {"t2", "t3", "t4"} & set(found.missing)


QUICKLY = (
    Phase.explicit,
    Phase.reuse,
    Phase.generate,
)  # a failing table is small enough, and takes minutes to make smaller
some = settings(max_examples=50, deadline=None, phases=QUICKLY, suppress_health_check=list(HealthCheck))
cuts = st.lists(st.integers(2, 60), max_size=3)


@some
@given(tables(), cuts)
def test_any_table_in_a_page(table: Printed, breaks: list[int]) -> None:
    hold(table, report(html(table, breaks)))


@some
@given(tables(), cuts, st.integers(0, 3))
def test_any_table_in_text_of_shape_a(table: Printed, breaks: list[int], trailing: int) -> None:
    hold(table, report(shape_a(table, breaks, trailing)))


@some
@given(tables())
def test_any_table_in_text_of_shape_b(table: Printed) -> None:
    hold(table, report(shape_b(table)))


def paper(table: Printed) -> bytes:
    """The table as a ruled PDF over several pages, its header on each."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    style = ParagraphStyle("cell", fontName="STSong-Light", fontSize=9, leading=11, wordWrap="CJK")
    cells = [[Paragraph(text, style) for text in row] for row in table.rows]
    spans = [("SPAN", (0, n), (-1, n)) for n, key in enumerate(table.keys) if n and not key]
    wide = max(range(len(table.rows[0])), key=lambda x: max(len(row[x]) for row in table.rows))
    widths = [250 if x == wide else 52 for x in range(len(table.rows[0]))]
    grid = LongTable(cells, colWidths=widths, repeatRows=1)
    grid.setStyle(TableStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.black), *spans]))
    file = io.BytesIO()
    head = [Paragraph(text, style) for text in (TITLE, "一、概述", "工作平稳。")]
    SimpleDocTemplate(file, pagesize=A4).build([*head, grid])
    return file.getvalue()


@settings(some, max_examples=8)
@given(tables())
def test_any_table_in_a_ruled_pdf(table: Printed) -> None:
    hold(table, report(paper(table)))


def test_the_form_is_that_of_the_reference() -> None:
    """Keys, units and their order, as they stand in the reference that lies beside the checkout."""
    if not REFERENCE.exists():
        pytest.skip("the reference does not lie beside this checkout")
    wanted = json.loads(REFERENCE.read_text(encoding="utf-8"))["forms"]["y2014"]["indicators"]
    assert [(line.row.key, line.unit, line.number) for line in LINES] == [
        (row["key"] or "", row["unit"] or "", row["no"]) for row in wanted
    ]
    assert {line.row.key: line.row.group for line in LINES if line.row.group} == {
        row["key"]: row["parent"] for row in wanted if row["parent"]
    }
    assert [line.row.key for line in LINES if line.amount] == [row["key"] for row in wanted if row["type"] == "decimal"]


def test_tables_and_paths_of_all_forms() -> None:
    """One place says which tables there are, what a path is called, and whether a report prints all of its form."""
    assert forms.tables() == ("t2", "t3", "t4", "t2014")
    assert list(forms.all_forms()) == ["y2021", "y2019", "y2014", "y2008"]
    assert [len(forms.paths(form)) for form in forms.all_forms()] == [200, 198, 58, 0]
    assert forms.paths("y2014")[0] == "t2014.pub_total.count"
    assert (
        len(set(forms.paths()))
        == len(forms.paths())
        == 200 + 58 + len(set(forms.paths("y2019")) - set(forms.paths("y2021")))
    )
    assert forms.label_of("t2014.lit_corrected.count", "y2014") == "行政诉讼数量/被依法纠错数/统计数"
    assert forms.label_of("t2014.x_主动公开政府文件数.count", "y2014") == "主动公开政府文件数/统计数"
    assert forms.label_of("t2014.req_fax.x_乡镇街道", "y2014") == "收到申请数/传真申请数/乡镇街道"
    assert forms.is_whole({"t2": None, "t3": None, "t4": None, "t2014": "y2014"})
    assert forms.is_whole({"t2": "mixed", "t3": "y2021", "t4": "y2021"})
    assert not forms.is_whole({"t2": "y2021", "t3": None, "t4": "y2021"})
    assert [forms.of_year(year).id for year in (2025, 2021, 2020, 2018, 2014, 2013, 2008, None)] == [
        "y2021", "y2021", "y2019", "y2014", "y2014", "y2008", "y2008", "y2021",
    ]  # fmt: skip
    assert forms.of_year(2016, "t3").id == "y2021"


@pytest.mark.parametrize(
    ("rows", "wanted"),
    [
        ([(46,), (47,), (48, 52), (49, 53), (50,), (51,), (48, 52), (49, 53)], [46, 47, 48, 49, 50, 51, 52, 53]),
        ([(46,), (48, 52), (49, 53), (54,)], [46, {48, 52}, {49, 53}, 54]),  # 维持 and more is lost
        ([(46,), (47,), (48, 52), (54,)], [46, 47, 48, 54]),  # directly below the row that the form has above it
        ([(48, 52), (48, 52)], [48, 52]),  # as many as the form has, in its order
        ([(50,), (51,), (48, 52), (46,), (47,), (48, 52)], [50, 51, 52, 46, 47, 48]),  # 诉讼 before 复议
        ([(46,), (), (48, 52), (50,)], [46, None, 48, 50]),  # a row of no form between
        (
            [(47, 51), (48, 52), (49, 53)],
            [{47, 51}, {48, 52}, {49, 53}],
        ),  # headings lost: one of the two, nobody knows which
        ([(46,), (48, 52), (50,), (48, 52), (54,)], [46, 48, 50, 52, 54]),
        ([(48,), (48,)], [48, 48]),
    ],
)
def test_rows_with_the_same_words(rows: list[tuple[int, ...]], wanted: list[int | set[int] | None]) -> None:
    found = settle(rows)
    assert [row[0] if len(row) == 1 else set(row) if row else None for row in found] == wanted


@settings(max_examples=300, deadline=None)
@given(st.sets(st.integers(0, 9)), st.data())
def test_what_rows_are_is_never_guessed(kept: set[int], data: st.DataObject) -> None:
    """Two blocks a b c d e with equal words in c and d, any rows lost: what is settled is right in every table that prints these rows.

    But a row right below the one that the form has above it is what comes next.
    """
    words = ("A", "a", "x", "y", "B", "b", "x", "y", "C", "D")
    may_be = {word: tuple(n for n, other in enumerate(words) if other == word) for word in words}
    printed = [words[n] for n in sorted(kept)]
    assume(printed)
    found = settle([may_be[word] for word in printed])
    readings = [
        lines for lines in combinations(range(len(words)), len(printed)) if [words[n] for n in lines] == printed
    ]
    for at, left in enumerate(found):
        possible = {lines[at] for lines in readings}
        next_one = at and len(found[at - 1]) == 1 and found[at - 1][0] + 1 == left[0]
        assert set(left) <= possible
        assert len(left) > 1 or len(possible) == 1 or next_one
