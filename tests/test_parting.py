"""Documents that hold several reports: where they are cut, which pages each has, what cannot be cut, which years they say."""

from dataclasses import replace

import pytest

from archive.differences import split
from extract import titles
from extract.formats import read
from extract.model import Hint, Report
from extract.reader import parse
from tests.portals.cases import docx, draft, joined, pdf
from tests.portals.documents import Document, Paragraph, document

COUNTY = "清沙县"
UNITS = ("水务局", "石桥镇人民政府", "东关街道办事处")


def reports(data: bytes) -> list[Report]:
    return parse(read(data, Hint()))


def three(titled: bool = True) -> Document:
    return joined([draft(COUNTY, unit, 2025, {"t3.granted.total": n}) for n, unit in enumerate(UNITS)], titled)


@pytest.mark.parametrize("write", (pdf, docx), ids=("PDF", "DOCX"))
def test_titles_part_reports(write: object) -> None:
    found = reports(write(three()))  # type: ignore[operator]
    assert [(report.publisher, report.year, report.joined) for report in found] == [
        (COUNTY + unit, 2025, False) for unit in UNITS
    ]
    assert [report.figures["t3.granted.total"].value for report in found] == [0, 1, 2]
    assert all(len(report.figures) == 200 and len(report.sections) == 6 for report in found)
    if write is pdf:
        spans = [report.pages or (0, 0) for report in found]
        assert spans[0][0] == 1 and spans == sorted(spans)
    else:
        assert [report.pages for report in found] == [None] * 3  # a Word file has no pages before it is printed


def test_a_title_on_two_lines_parts_too() -> None:
    made = three()
    at = next(
        n
        for n, block in enumerate(made.blocks)
        if isinstance(block, Paragraph) and block.text.startswith(COUNTY + UNITS[1])
    )
    lines = (Paragraph(COUNTY + UNITS[1]), Paragraph("2025年政府信息公开工作年度报告"))
    found = reports(docx(replace(made, blocks=(*made.blocks[:at], *lines, *made.blocks[at + 1 :]))))
    assert [report.publisher for report in found] == [COUNTY + unit for unit in UNITS]


def test_without_titles_nobody_knows_whose_they_are() -> None:
    (report,) = reports(docx(three(titled=False)))
    assert report.joined


def test_a_report_that_is_printed_twice_is_one() -> None:
    made = draft(COUNTY, UNITS[0], 2025)
    (report,) = reports(docx(joined([made, made], titles=False)))
    assert not report.joined and len(report.figures) == 200


@pytest.mark.parametrize(
    ("line", "years"),
    (
        ("清沙县水务局2024年政府信息公开工作年度报告", (2024,)),
        ("本报告统计数据的起止时间为2024年1月1日至2024年12月31日。", (2024,)),
        ("统计期限自二〇二四年1月1日起至12月21日止。", (2024,)),
        ("本报告统计数据的起止时间为2025年1月1日至2025年12月31日。", ()),
        ("2024年，我局公开信息12条。", ()),
        ("自2019年1月1日至2024年12月31日五年间，我局没有变化。", ()),
    ),
)
def test_other_years(line: str, years: tuple[int, ...]) -> None:
    made = document(draft(COUNTY, UNITS[0], 2025))
    (report,) = reports(docx(replace(made, blocks=(Paragraph(line), *made.blocks))))
    assert (report.year, report.other_years) == (2025, years)


@pytest.mark.parametrize("ending", ("汇总", "汇总表", "汇编", "（汇编）", "合集", "一览表"))
def test_collections(ending: str) -> None:
    title = f"清沙县2025年乡镇政府信息公开工作年度报告{ending}"
    assert titles.is_collection(title)


@pytest.mark.parametrize(
    "title",
    (
        "清沙县2025年政府信息公开工作年度报告",
        "关于报送2025年政府信息公开工作年度报告汇总表的通知",
        "2025年部门预算汇编",
        "关于做好政府信息公开工作年度报告汇编的通知",
    ),
)
def test_no_collections(title: str) -> None:
    assert not titles.is_collection(title)


def test_sentences() -> None:
    assert split("一是公开。二是解读；三是回应！") == ["一是公开。", "二是解读；", "三是回应！"]
    assert split("总计\t0\t0") == []
    assert split("他说：“好。”再见") == ["他说：“好。”", "再见"]
