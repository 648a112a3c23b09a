"""Everything irregular that reference/domain.md (section 1) has seen of the tables 二, 三 and 四 has a fixture; and no
figure is ever invented: each number that is read stands at its place in the document, as it is written there.

A fixture is a folder of `fixtures/extract/reports` with its document and what must be read from it, checked by
`test_extract_fixtures.py`; this module says which irregularity it shows, and holds that it does show it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from extract.formats import read
from extract.model import Figure, NoReport, Report, State, Text, Unreadable
from extract.numerals import SIGNS
from extract.reader import parse
from tests.corpus import documents

REPORTS = Path(__file__).parent / "fixtures" / "extract" / "reports"
# Of each irregularity: the fixtures that show it, and a pattern that their documents must have.
IRREGULAR: dict[str, tuple[tuple[str, ...], str]] = {
    "a form of 2019 printed for 2022, without values": (("a-2019-in-2022-blank",), r"2022年(.|\n)*上一年项目数量\t[^\n]*\n行政许可\t\t\t\n"),
    "the template's own instruction left in the text": (("a-2019-in-2022-blank",), "表格如下"),
    "the document of 2019 cited above the form of 2021": (("a-cites-2019",), "〔2019〕60号(.|\n)*本年制发件数"),
    "columns of 2019 in item （一）, of 2021 elsewhere": (("a-mixed-t2",), "本年新制作数量(.|\n)*本年处理决定数量"),
    "one row （六）其他处理 in a report for 2021": (("a-t3-2019-in-2021",), "（六）其他处理\t\t"),
    "其他处理 followed by the number of its first row": (("a-clean", "a-page-break"), "其他处理\t+1[.．]"),
    "no row under （六）": (("a-no-row-six",), "要求行政机关确认"),
    "the name of a group in a row of its own, with figures": (("a-group-rows",), "（六）其他处理\t\t2"),
    "a local row (其他主动公开文件) and long brackets that hold other labels": (("a-explained-2019", "a-own-rows"), "其他主动公开文件（"),
    "local columns and remarks": (("html-own-columns",), "备注"),
    "rows without labels between known ones": (("a-unlabelled",), r"\n\t\t\t\d"),
    "two years side by side": (("a-two-years",), "2021年\t+2022年"),
    "其他法律法规禁止公开": (("a-wordings",), "其他法律法规禁止公开"),
    "本年收费金额（单位：万元，保留4位小数）": (("a-wordings",), "保留4位小数"),
    "现行有效件数(历史累计)": (("a-wordings",), r"现行有效件数\(历史累计\)"),
    "四、因政府信息公开工作被申请行政复议、提起行政诉讼情况": (("a-wordings",), "四、因政府信息公开工作被申请"),
    "white space inside of labels and headers": (("a-wordings",), "三、 本年 度办 理结 果"),
    "a header word broken inside of its cell": (("b-tika",), "\t商业\n企业"),
    "half-width and full-width brackets, a number with a space behind it": (("a-wordings",), r"\(一\) 予以公开(.|\n)*（二）"),
    "a dash, a stroke, 无 for a figure": (("a-dashes", "a-explained-2019"), "\t[-/—]"),
    "only the totals filled": (("a-totals-only", "b-totals-only"), "."),
    "本年增/ with 减 lost": (("a-explained-2019",), "本年增/\t"),
    "a change below zero, 减3, +19": (("a-form-2019", "a-explained-2019"), r"-\d"),
    "an amount with its unit in the cell": (("a-explained-2019", "a-amount-yuan", "a-numerals"), "[万元]"),
    "a bare amount": (("a-amount-bare", "a-fee-bare"), "采购总金额|本年收费金额"),
    "the body of table 二 and the first row of table 三 lost": (("a-lost-body",), "现行有效件数\n\n二、上年结转"),
    "columns that move behind a page break": (("a-page-break", "a-continued-narrow"), r"\d\n\n\t?[^\n]*\t\d|\t\n\n"),
    "a span lost, so that figures move to the left": (("a-lost-spans",), r"\d\t\n"),
    "a leaf label in the first column": (("a-lost-spans",), r"\n\d\.[^\t]*\t\t\d"),
    "rows that are blank throughout": (("a-blank-rows",), "."),
    "eight figures in seven columns": (("a-eight-equal", "a-eight-different", "a-eight-header"), r"(\t\d+){8}"),
    "five blank cells of table 四": (("a-t4-blank-block",), r"\n\t{5}\d"),
    "sixteen figures in table 四": (("a-t4-sixteen", "a-t4-sixteen-different"), "."),
    "one blank total": (("b-tika",), "\t\u00a0\n"),
    "a form that is empty": (("a-empty-form",), "."),
    "no table at all": (("a-no-table",), "."),
    "totals that are no sums": (("a-broken-sums",), "."),
    "a title whose unit stands on the next line": (("a-unit-below",), "."),
    "residue of Markdown": (("a-markdown",), "#"),
    "Chinese numerals and full-width digits": (("a-numerals",), "一百零三件"),
    "figures that are damaged": (("a-damaged-cells",), "5①"),
}  # fmt: skip
NUMERAL = re.compile(rf"[{SIGNS}]")


@pytest.mark.parametrize("irregularity", IRREGULAR)
def test_every_irregularity_has_a_fixture(irregularity: str) -> None:
    """With its document, which shows it, and an expectation that says figures or why there are none."""
    names, pattern = IRREGULAR[irregularity]
    for name in names:
        (document,) = (REPORTS / name).glob("input.*")
        assert re.search(pattern, document.read_text(encoding="utf-8")), name
        expected = json.loads((REPORTS / name / "expected.json").read_text(encoding="utf-8"))
        assert "figures" in expected or expected["states"] == {}, name
        assert expected.get("no_other_numbers") or not expected.get("states", {}).get("number"), name


def test_every_state_is_shown() -> None:
    shown = {
        state
        for names, _ in IRREGULAR.values()
        for name in names
        for state in json.loads((REPORTS / name / "expected.json").read_text(encoding="utf-8")).get("states", {})
    }
    assert shown == {state.value for state in State}


# --- no figure is invented


@cache
def fixtures() -> tuple[tuple[str, Text], ...]:
    """Every fixture that can be read."""
    found: list[tuple[str, Text]] = []
    for path in sorted(REPORTS.glob("*/input.*")):
        try:
            found.append((path.parent.name, read(path.read_bytes())))
        except Unreadable:
            continue
    return tuple(found)


def reports_of(text: Text) -> list[Report]:
    try:
        return parse(text)
    except NoReport:
        return []


def invented(text: Text, report: Report) -> Iterator[str]:
    """Figures that are not what stands at their place: another writing, or a number where nothing is printed."""
    grids = list(text.grids())
    taken: dict[tuple[int, int, int], str] = {}
    for path, figure in report.figures.items():
        place = figure.place
        if figure.state in (State.BLANK, State.AMBIGUOUS):
            if figure.value is not None or (figure.written and figure.state is State.BLANK):
                yield f"{path}: {figure}"
            continue
        if place is None or place.table is None or place.row is None or place.column is None:
            yield f"{path}: a figure without a place"
            continue
        at = (place.table, place.row, place.column)
        if grids[place.table].rows[place.row][place.column].text != figure.written:
            yield f"{path}: {figure.written!r} does not stand at {at}"
        if at in taken:
            yield f"{path}: read from the cell of {taken[at]}"
        taken[at] = path
        if figure.state is State.NUMBER and not said(figure):
            yield f"{path}: {figure.value} is not what {figure.written!r} says"


def said(figure: Figure) -> bool:
    """Whether a number's own digits are written in its cell, in any width, or Chinese numerals are."""
    assert figure.value is not None
    digits = "".join(str(int(sign)) for sign in figure.written if sign.isdigit() and sign.isdecimal())
    if not digits:
        return bool(NUMERAL.search(figure.written))
    wanted = "".join(str(digit) for digit in abs(figure.value).normalize().as_tuple().digits)
    return digits.strip("0") == wanted.strip("0") and (Decimal(digits) == 0) == (figure.value == 0)


def test_no_fixture_has_an_invented_figure() -> None:
    numbers = 0
    for name, text in fixtures():
        for report in reports_of(text):
            assert not list(invented(text, report)), name
            numbers += sum(figure.state is State.NUMBER for figure in report.figures.values())
    assert numbers > 5000


@pytest.mark.parametrize("format", ["text-a", "text-b", "html", "docx"])
def test_no_document_of_the_corpus_has_an_invented_figure(format: str) -> None:
    for document in documents(format):
        text = read(document.data)
        for report in reports_of(text):
            assert not list(invented(text, report)), document.name


def test_an_invented_figure_is_seen() -> None:
    """The test above can fail: a blank that became zero, a figure of another cell, one that is written otherwise."""
    text = dict(fixtures())["a-totals-only"]
    (report,) = reports_of(text)
    blank = report.figures["t3.granted.natural_person"]
    total = report.figures["t3.granted.total"]
    assert blank.state is State.BLANK and total.value == Decimal(total.written)
    for path, figure in (
        ("t3.granted.natural_person", replace(blank, state=State.NUMBER, value=Decimal(0))),
        ("t3.granted.natural_person", replace(total, path="t3.granted.natural_person")),
        ("t3.granted.total", replace(total, value=total.value + 1)),
        ("t3.granted.total", replace(total, written="77")),
    ):
        wrong = replace(report, figures={**report.figures, path: figure})
        assert list(invented(text, wrong)), figure


VOCABULARY = (
    *(
        "第二十条第（一）项",
        "第二十条第（五）项",
        "信息内容",
        "本年制发件数",
        "本年废止件数",
        "现行有效件数",
        "上一年项目数量",
    ),
    *(
        "本年增/减",
        "处理决定数量",
        "本年处理决定数量",
        "规章",
        "行政规范性文件",
        "行政许可",
        "其他主动公开文件",
        "备注",
    ),
    *("申请人情况", "自然人", "法人或其他组织", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"),
    *(
        "一、本年新收政府信息公开申请数量",
        "（一）予以公开",
        "（三）不予公开",
        "1.属于国家秘密",
        "2.重复申请",
        "（六）其他处理",
    ),
    *(
        "3.其他",
        "（七）总计",
        "四、结转下年度继续办理",
        "9.属于商业秘密",
        "2023年",
        "2022年",
        "本年",
        "上年",
        "□",
        "□□公开",
    ),
    *(
        "行政复议",
        "行政诉讼",
        "结果维持",
        "结果纠正",
        "其他结果",
        "尚未审结",
        "未经复议直接起诉",
        "复议后起诉",
        "见附件",
    ),
)
cells = st.one_of(
    st.sampled_from(VOCABULARY), st.sampled_from(("", "", "0", "1", "25", "-", "/", "3件", "5①", "十二", "1.5", "-3"))
)
rows = st.lists(st.lists(cells, min_size=2, max_size=17), min_size=1, max_size=14)
HEADS = (
    ["第二十条第（一）项", "", "", ""],
    ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"],
    ["", "", "", "自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"],
    ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"] * 3,
)


@given(st.lists(st.one_of(rows, st.sampled_from([[head] for head in HEADS])), min_size=1, max_size=5), st.booleans())
@settings(max_examples=300, deadline=None)
def test_whatever_a_table_is_no_figure_is_invented(tables: list[list[list[str]]], html: bool) -> None:
    """Rows made of pieces of the forms in any order: parse() ends, and gives what is printed or nothing."""
    title = "清沙县水务局2023年政府信息公开工作年度报告"
    if html:
        body = "".join(
            "<table>"
            + "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in table)
            + "</table>"
            for table in tables
        )
        data = f"<html><body><h1>{title}</h1><div class='TRS_Editor'><p>正文</p>{body}</div></body></html>".encode()
    else:
        parts = ["\n".join("\t".join(row) for row in table) for table in tables]
        data = "\n\n".join([title, *parts]).encode()
    text = read(data)
    for report in reports_of(text):
        assert not list(invented(text, report))
