"""Spreadsheets: every figure of reports that were laid out in sheets, what cells show, and broken or hostile files."""

import io
import re
import struct
import tracemalloc
import zipfile
from decimal import Decimal

import pytest
import xlsxwriter
import xlwt

from extract import display, ole
from extract.canonical import write
from extract.formats import read, sniff
from extract.model import Grid, Text, Unreadable
from extract.workbook import Sheet, column_of, letters, range_of
from extract.workbook import read as blocks_of
from extract.zips import MAX_MEMBER
from tests.corpus import documents, workbooks
from tests.corpus.model import Made
from tests.corpus.plans import plans
from tests.quality import judged

WRITERS = {"xlsx": workbooks.xlsx, "xls": workbooks.xls}
REPORTS = 21


@pytest.mark.parametrize("format", WRITERS)
def test_every_figure_of_a_report_in_sheets(format: str) -> None:
    """Values, units and states (blank, dash, zero) are those of the truth, nothing is invented, every sentence is there."""
    wrong = []
    for plan in plans(format, tuple(workbooks.LOOKS), REPORTS):
        data = WRITERS[format](plan.document, workbooks.LOOKS[plan.look])
        text = read(data)
        sentences = tuple(one for one in plan.sentences() if not one.startswith("第二十条"))  # rows of the sheet
        report = plan.report
        made = Made(plan.name, format, data, report.figures, report.missing, sentences, (), plan.oddities)
        score = judged(made, text)
        if (score.right, score.invented, score.verbatim) != (score.figures, 0, score.sentences):
            wrong.append((plan.name, plan.oddities, score))
        assert "已隐藏" not in write(text)
        assert text.format == format and bool(text.notes) == workbooks.LOOKS[plan.look].hidden
    assert wrong == []


def cells(data: bytes) -> list[list[str]]:
    """The rows of the only table."""
    (grid,) = (block for block in read(data).blocks if isinstance(block, Grid))
    return [[cell.text for cell in row] for row in grid.rows]


SHOWN = [
    (12.0, "General", "12"),
    (0.1 + 0.2, "General", "0.3"),
    (3987.754, "0.00", "3987.75"),
    (1234567, "#,##0", "1,234,567"),
    (0, "0", "0"),
    (0, workbooks.ACCOUNT, "-"),
    (0, "0;-0;;@", ""),
    (0, "#", ""),
    (0.125, "0.0%", "12.5%"),
    (-3, "0_ ", "-3"),
    (12, '0"件"', "12件"),
    (123456, '0!.0,"万"', "12.3万"),
    (45291, "yyyy/m/d", "2023/12/31"),
    (45291.5, 'yyyy"年"m"月"d"日"', "2023年12月31日"),
    (120, '[>100]"多";0', "多"),
    (2.5, "0", "3"),
]


@pytest.mark.parametrize("format", WRITERS)
def test_numbers_are_read_as_they_are_shown(format: str) -> None:
    assert cells(table(format, [("信息内容", "数量"), *((f"第{n}行", *one) for n, one in enumerate(SHOWN))])) == [
        ["信息内容", "数量"],
        *([f"第{n}行", shown] for n, (_, _, shown) in enumerate(SHOWN)),
    ]


def table(format: str, rows: list[tuple]) -> bytes:
    """A table of labels and one column, with borders; a row may give a number and its format."""
    buffer = io.BytesIO()
    if format == "xlsx":
        book = xlsxwriter.Workbook(buffer)
        sheet = book.add_worksheet()
        for row, (label, value, *code) in enumerate(rows):
            sheet.write(row, 0, label, book.add_format({"border": 1}))
            sheet.write(row, 1, value, book.add_format({"border": 1, "num_format": code[0] if code else "General"}))
        book.close()
    else:
        old = xlwt.Workbook()
        page = old.add_sheet("Sheet1")
        lines = "borders: left thin, right thin, top thin, bottom thin"
        for row, (label, value, *code) in enumerate(rows):
            page.write(row, 0, label, xlwt.easyxf(lines))
            page.write(row, 1, value, xlwt.easyxf(lines, num_format_str=code[0] if code else "General"))
        old.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize("format", WRITERS)
def test_what_is_struck_through_or_raised_is_no_figure(format: str) -> None:
    """As in Word files: an office crossed it out, or it is the number of a note."""
    buffer = io.BytesIO()
    if format == "xlsx":
        book = xlsxwriter.Workbook(buffer)
        sheet = book.add_worksheet()
        struck, raised = book.add_format({"font_strikeout": True}), book.add_format({"font_script": 1})
        for row, label in enumerate(("规章", "行政许可", "行政处罚")):
            sheet.write(row, 0, label)
        sheet.write(0, 1, 5, struck)
        sheet.write_rich_string(1, 1, "7", raised, "2")
        sheet.write_rich_string(2, 1, struck, "3", "8")
        book.close()
    else:
        old = xlwt.Workbook()
        page = old.add_sheet("Sheet1")
        struck, raised, plain = (xlwt.easyfont(said) for said in ("struck_out true", "escapement superscript", ""))
        for row, label in enumerate(("规章", "行政许可", "行政处罚")):
            page.write(row, 0, label)
        page.write(0, 1, 5, xlwt.easyxf("font: struck_out true"))
        page.write_rich_text(1, 1, ["7", ("2", raised)])
        page.write_rich_text(2, 1, [("3", struck), ("8", plain)])
        old.save(buffer)
    assert cells(buffer.getvalue()) == [["规章", ""], ["行政许可", "7"], ["行政处罚", "8"]]


def test_what_general_shows() -> None:
    assert [display.general(Decimal(one)) for one in ("12.0", "1E+3", "-0.50", "3987.7500000000005", "0")] == [
        "12", "1000", "-0.5", "3987.75", "0",
    ]  # fmt: skip
    assert display.number(Decimal(12), "[DBNum1]General") == "12"  # beyond us: the number itself, never another
    assert display.text("合计", ";;;") == "" and display.text("合计", "@") == "合计"


def sheet_xml(rows: str, more: str = "", before: str = "") -> bytes:
    """A workbook of one sheet, by hand: for what no writer writes."""
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    parts = {
        "[Content_Types].xml": "<Types/>",
        "xl/workbook.xml": f'<workbook {space} xmlns:r="r"><sheets><sheet name="表" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": '<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/>'
        '<Relationship Id="rId2" Target="/xl/sharedStrings.xml"/>'
        '<Relationship Id="rId9" Target="http://127.0.0.1:9/x.xml" TargetMode="External"/></Relationships>',
        "xl/sharedStrings.xml": f'<sst {space}><si><r><t>信息</t></r><r><t>内容</t></r><rPh sb="0" eb="1"><t>xinxi</t></rPh></si></sst>',
        "xl/worksheets/sheet1.xml": f"{before}<worksheet {space}><sheetData>{rows}</sheetData>{more}</worksheet>",
    }
    return packed({name: text.encode() for name, text in parts.items()})


def packed(parts: dict[str, bytes], compression: int = zipfile.ZIP_STORED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as target:
        for name, body in parts.items():
            target.writestr(name, body)
    return buffer.getvalue()


HEAD = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><t>数量</t></is></c></row>'


@pytest.mark.parametrize(
    ("cell", "want"),
    [
        ("<v>5</v>", "5"),
        ("<f>SUM(B3:B4)</f><v>5</v>", "5"),
        ("<f>SUM(B3:B4)</f>", "=SUM(B3:B4)"),  # nobody has calculated it: no figure, and no blank
        ("<f t='shared' si='0'/>", "="),
        ("", ""),
    ],
)
def test_a_formula_counts_by_its_last_result(cell: str, want: str) -> None:
    row = f'<row r="2"><c r="A2" t="inlineStr"><is><t>规章</t></is></c><c r="B2">{cell}</c><c r="C2"><v>1</v></c></row>'
    assert cells(sheet_xml(HEAD + row)) == [["信息内容", "数量", ""], ["规章", want, "1"]]


def test_errors_and_truth_values_are_no_figures() -> None:
    row = '<row r="2"><c r="A2" t="e"><v>#DIV/0!</v></c><c r="B2" t="b"><v>1</v></c></row>'
    assert cells(sheet_xml(HEAD + row))[1] == ["#DIV/0!", "TRUE"]


def test_zeros_that_a_sheet_does_not_show() -> None:
    row = (
        '<row r="2"><c r="A2" t="inlineStr"><is><t>规章</t></is></c><c r="B2"><v>0</v></c><c r="C2"><v>1</v></c></row>'
    )
    view = '<sheetViews><sheetView showZeros="0" workbookViewId="0"/></sheetViews>'
    assert cells(sheet_xml(HEAD + row, view))[1] == ["规章", "", "1"]


def test_places_name_sheet_and_cell() -> None:
    row = '<row r="7"><c r="A7" t="inlineStr"><is><t>规章</t></is></c><c r="B7"><v>3</v></c></row>'
    (grid,) = (block for block in read(sheet_xml(HEAD + row)).blocks if isinstance(block, Grid))
    place = grid.rows[-1][1].place
    assert place is not None and (place.node, place.table, place.column) == ("表!B7", 0, 1)


def test_names_of_columns() -> None:
    assert [letters(number) for number in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
    assert all(column_of(letters(number)) == number for number in range(0, 16_384, 77))
    assert range_of("$C$5:A3") == (2, 0, 4, 2) and range_of("A0x") is None


def test_a_blank_row_with_borders_is_part_of_its_table() -> None:
    texts = {(0, 0): "行政复议", (1, 0): "结果维持", (1, 1): "结果纠正"}
    lined = {(row, column) for row in range(3) for column in range(2)}
    ((grid,), _) = blocks_of([Sheet("Sheet1", texts, lined, [(0, 0, 0, 1)])])
    assert isinstance(grid, Grid) and [len(row) for row in grid.rows] == [2, 2, 2]
    assert [cell.covered for cell in grid.rows[2]] == [False, False]


def test_the_name_of_a_sheet_counts_where_it_says_something() -> None:
    texts = {(0, 0): "规章", (0, 1): "1", (1, 0): "行政规范性文件", (1, 1): "2"}
    for name, count in (("Sheet1", 1), ("某县某镇2023年政府信息公开工作年度报告", 2), ("一、总体情况", 2)):
        assert len(blocks_of([Sheet(name, texts)])[0]) == count


def test_a_workbook_is_no_word_document_and_the_other_way_round() -> None:
    old = table("xls", [("规章", 1)])
    assert sniff(old).name == "xls" and ole.is_workbook(old) and not ole.is_word(old)
    word = next(documents("doc")).data
    assert sniff(word).name == "doc" and not ole.is_workbook(word)
    assert "workbook" in ole.kind(old)


BOMB = '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (sheet_xml(HEAD, before=BOMB), "document type"),
        (sheet_xml(HEAD + '<row r="2"><c r="A2" t="s"><v>9</v></c></row>'), "not there"),
        (sheet_xml(HEAD)[:-40], "damaged"),
        (sheet_xml("<row><c></row>"), "damaged"),
        (packed({"xl/workbook.xml": b" " * (MAX_MEMBER + 1)}, zipfile.ZIP_DEFLATED), "larger than"),
        (sheet_xml("".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c><c r="XFD{n}"><v>1</v></c></row>' for n in range(1, 100)),
                   '<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'), None),
        (table("xls", [("规章", 1)])[:3000], None),
        (re.sub(b"\x09\x08", b"\xff\xff", table("xls", [("规章", 1)])), None),
    ],
)  # fmt: skip
def test_broken_and_hostile_workbooks(data: bytes, reason: str | None) -> None:
    """Unreadable with the reason, or read: a merged range without end is cut to what is there."""
    try:
        text: Text | None = read(data)
    except Unreadable as error:
        assert reason is None or reason in str(error), error
    else:
        assert reason is None and text is not None


def test_many_wide_merges_are_refused() -> None:
    texts = {(row, column): "1" for row in range(300) for column in range(300)}
    with pytest.raises(Unreadable, match="merged ranges"):
        blocks_of(
            [
                Sheet(
                    "表",
                    texts,
                    merges=[(row, 0, row, 299) for row in range(300)]
                    + [(0, 0, 299, 299)] * 4
                    + [(0, 0, 1048575, 16383)],
                )
            ]
        )


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (packed({"[Content_Types].xml": b"", "xl/workbook.bin": b""}), ".xlsb"),
        (packed({"[Content_Types].xml": b"", "ppt/presentation.xml": b""}), ".pptx"),
        (packed({"mimetype": b"", "content.xml": b""}), ".ods"),
        (packed({"a.txt": b""}), "no document itself"),
        (b"Rar!\x1a\x07\x01\x00" + bytes(40), "RAR"),
    ],
)
def test_what_is_not_read_is_named(data: bytes, words: str) -> None:
    with pytest.raises(Unreadable, match=re.escape(words)):
        sniff(data)


def test_a_merged_range_without_end_takes_no_memory() -> None:
    """It reaches over 65,536 rows and 256 columns, as damage has it; what is there is read."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("Sheet1")
    sheet.write_merge(0, 1, 0, 1, "规章")
    sheet.write(2, 0, "行政许可")
    sheet.write(2, 1, 5)
    buffer = io.BytesIO()
    book.save(buffer)
    record = struct.pack("<8H", 0x00E5, 10, 1, 0, 1, 0, 1, 0)[:-2]
    data = buffer.getvalue()
    assert data.count(record) == 1
    tracemalloc.start()
    try:
        text = read(data.replace(record, struct.pack("<7H", 0x00E5, 10, 1, 0, 0xFFFF, 0, 0xFF)))
        assert tracemalloc.get_traced_memory()[1] < 50 * 2**20
    finally:
        tracemalloc.stop()
    assert text.format == "xls"
