"""PDF pages to tables: each rule of `extract/layout` on a small file that fails without it, and what must never happen."""

import io
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pdfplumber
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from extract.formats import read
from extract.layout import matching
from extract.layout.frames import frames
from extract.layout.geometry import MAX_WORDS, build
from extract.layout.rows import columns_of, figure_lines, wraps
from extract.layout.ruling import ruled
from extract.layout.runs import Glyph, Run, runs
from extract.layout.sheets import sheets
from extract.layout.strokes import MAX_RULES
from extract.layout.words import Strip, Word
from extract.model import Figure, Grid, Hint, Paragraph, State, Text
from extract.reader import parse
from tests.corpus import made, names

FONT, WIDTH, HEIGHT = "STSong-Light", *A4
COLUMNS = ("自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计")
KEYS = (
    "natural_person",
    "commercial_enterprise",
    "research_institution",
    "social_welfare_org",
    "legal_service_org",
    "other_org",
    "total",
)
ROWS: Mapping[str, str] = {
    "new_received": "一、本年新收政府信息公开申请数量",
    "carried_in": "二、上年结转政府信息公开申请数量",
    "carried_out": "四、结转下年度继续办理",
}
Draw = Callable[[Canvas], None]


@dataclass(frozen=True)
class Look:
    """How table 三 is printed: `align` of figures 0 left, 1 right; `valign` of labels 1 top, 0 bottom; points else."""

    size: float = 9
    pitch: float = 24
    left: float = 200
    widths: tuple[float, ...] = (48,) * 7
    align: float = 0.5
    lines: str = "none"
    font: str = FONT


def file(*pages: Draw, size: tuple[float, float] = A4) -> bytes:
    """A file with the title of a report on its first page, and these pages."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=size, invariant=1)
    for number, draw in enumerate(pages):
        if not number:
            write(canvas, 100, size[1] - 50, "某县水利局2021年政府信息公开工作年度报告", 14)
            write(canvas, 60, size[1] - 80, "三、收到和处理政府信息公开申请情况", 12)
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def write(canvas: Canvas, x: float, y: float, text: str, size: float = 9, align: float = 0, font: str = FONT) -> None:
    canvas.setFont(font, size)
    canvas.drawString(x - align * pdfmetrics.stringWidth(text, font, size), y, text)


def third(rows: Sequence[tuple[Sequence[str], Sequence[str]]], look: Look = Look(), top: float = HEIGHT - 120) -> Draw:
    """Table 三 with rows of label lines and seven figures, each a line or several."""

    def draw(canvas: Canvas) -> None:
        edges = [look.left]
        for width in look.widths:
            edges.append(edges[-1] + width)
        y = top
        write(canvas, (edges[0] + edges[-1]) / 2, y, "申请人情况", look.size, 0.5)
        y -= look.pitch
        for title, left, right in zip(COLUMNS, edges, edges[1:], strict=False):
            write(canvas, (left + right) / 2, y, title, min(look.size, (right - left - 2) / len(title)), 0.5)
        if look.lines != "none":
            canvas.line(40, top + 15, edges[-1], top + 15)
            canvas.line(40, top - 8, edges[-1], top - 8)
        for label, figures in rows:
            y -= look.pitch
            for number, line in enumerate(label):
                write(canvas, 44, y + (len(label) - 1 - 2 * number) * look.size * 0.6, line, look.size)
            for text, left, right in zip(figures, edges, edges[1:], strict=False):
                x = left + 2 + look.align * (right - left - 4)
                lines = text.split("\n")
                for number, line in enumerate(lines):
                    at = y + (len(lines) - 1 - 2 * number) * look.size * 0.6
                    write(canvas, x, at, line, look.size, look.align, look.font)
        if look.lines == "all":
            bottom = y - look.pitch / 2 + look.size / 3
            floor = top - look.pitch * 1.5 + look.size / 3
            while floor > bottom - 1:
                canvas.line(40, floor, edges[-1], floor)
                floor -= look.pitch
            for x in (40, *edges):
                canvas.line(x, top + 15 if x in (40, edges[0], edges[-1]) else top - 8, x, bottom)

    return draw


def figures(data: bytes) -> Mapping[str, Figure]:
    (report,) = parse(read(data, Hint()))
    return report.figures


def row(found: Mapping[str, Figure], name: str, table: str = "t3") -> list[str]:
    """What a row says: its numbers, or the states of what is none."""
    cells = [found.get(f"{table}.{name}.{key}") for key in KEYS]
    return ["nothing" if cell is None else f"{cell.value}" if cell.value is not None else cell.state for cell in cells]


def plain(*numbers: Sequence[str]) -> list[tuple[Sequence[str], Sequence[str]]]:
    """Rows of the table, one after the other."""
    return [((label,), cells) for label, cells in zip(ROWS.values(), numbers, strict=False)]


SEVEN = [
    ("1", "20", "3", "0", "5", "6", "35"),
    ("2", "0", "0", "1", "0", "0", "3"),
    ("7", "8", "9", "1", "2", "3", "30"),
]


@pytest.mark.parametrize("font", ["Times-Roman", "Helvetica", "Courier", FONT])
def test_a_character_stands_on_its_baseline_whatever_its_font(font: str) -> None:
    def draw(canvas: Canvas) -> None:
        write(canvas, 100, 400, "一二。", 10)
        write(canvas, 150, 400, "-1,", 10, font=font)

    glyphs = [glyph for glyph in sheets(file(draw))[0].glyphs if glyph.top > 400]
    assert len(glyphs) == 6
    assert {round(glyph.bottom, 1) for glyph in glyphs} == {round(HEIGHT - 400 + 1.2, 1)}
    assert {round(glyph.bottom - glyph.top, 1) for glyph in glyphs} == {10.0}


@pytest.mark.parametrize("lines", ["none", "all"])
@pytest.mark.parametrize("align", [0.0, 0.5, 1.0])
def test_figures_are_read_wherever_they_stand_in_their_cells(lines: str, align: float) -> None:
    found = figures(file(third(plain(*SEVEN), Look(lines=lines, align=align))))
    assert [row(found, name) for name in ROWS] == [list(cells) for cells in SEVEN]


def test_figures_of_the_next_row_are_no_rest_of_a_number_that_wrapped() -> None:
    """Rows as close as lines of text: 952 above 7 is not 9527, where others in the table are as wide."""
    rows = plain(("952", "962", "563", "602", "466", "614", "4159"), ("7", "0", "7", "2", "9", "0", "25"), SEVEN[2])
    found = figures(file(third(rows, Look(pitch=13, widths=(24,) * 7))))
    assert row(found, "new_received")[:2] == ["952", "962"]
    assert row(found, "carried_in") == ["7", "0", "7", "2", "9", "0", "25"]


def test_a_line_of_figures_narrower_than_its_column_holds_did_not_wrap() -> None:
    def line(top: float, *texts: str) -> list[Word]:
        boxes = [
            (100 + 24 * n - 2.5 * len(text), top, 100 + 24 * n + 2.5 * len(text), top + 9)
            for n, text in enumerate(texts)
        ]
        return [Word(Run(text, 1, box), box[1], box[3]) for text, box in zip(texts, boxes, strict=True)]

    columns = columns_of([100, 124])
    short, rest = line(0, "952", "962"), line(12, "7", "0")
    assert wraps(figure_lines([*short, *rest]), columns) == [2, 1]
    assert wraps(figure_lines([*short, *rest, *line(40, "1368", "1007")]), columns) == [1, 1, 1]


def test_a_number_that_wrapped_is_one_number() -> None:
    rows = [*plain(("3562\n0", "3562\n0", "1", "2", "3", "4", "7125\n0")), *plain(SEVEN[0], SEVEN[1])[1:]]
    found = figures(file(third(rows, Look(pitch=30, widths=(24,) * 7))))
    assert row(found, "new_received") == ["35620", "35620", "1", "2", "3", "4", "71250"]


def test_a_label_without_figures_that_has_some_beside_it_is_ambiguous_and_not_blank() -> None:
    """Two labels, one line of figures between them: neither is blank, and neither has the figures."""

    def draw(canvas: Canvas) -> None:
        third(plain(SEVEN[0]))(canvas)
        y = HEIGHT - 120 - 24 * 4
        write(canvas, 44, y + 4, ROWS["carried_in"])
        write(canvas, 44, y - 8, ROWS["carried_out"])
        for number, text in enumerate(("4", "3", "2", "1", "9", "8", "27")):
            write(canvas, 224 + 48 * number, y - 2, text, align=0.5)

    found = figures(file(draw))
    assert row(found, "new_received") == list(SEVEN[0])
    for name in ("carried_in", "carried_out"):
        assert set(row(found, name)) <= {State.AMBIGUOUS, "nothing"}


@pytest.mark.parametrize("lines", ["none", "all"])
def test_a_stray_figure_in_a_row_that_has_a_blank_is_not_taken_for_it(lines: str) -> None:
    """Seven words for seven columns do not make a row when two stand in one column."""

    def draw(canvas: Canvas) -> None:
        third(plain(SEVEN[0], ("2", "0", "", "1", "0", "0", "3"), SEVEN[2]), Look(lines=lines))(canvas)
        write(canvas, 44 + 4 * 48 - 34, HEIGHT - 120 - 24 * 3, "9")

    found = figures(file(draw))
    assert row(found, "new_received") == list(SEVEN[0])
    assert row(found, "carried_in")[1:4] in (["0", "blank", "1"], ["ambiguous"] * 3, ["nothing"] * 3)


def _invisible(canvas: Canvas, x: float, y: float) -> None:
    text = canvas.beginText(x, y)
    text.setFont(FONT, 9)
    text.setTextRenderMode(3)
    text.textOut("8")
    text.setTextRenderMode(0)
    canvas.drawText(text)


def _pale(canvas: Canvas, x: float, y: float) -> None:
    canvas.setFillGray(0.9)
    write(canvas, x, y, "8")
    canvas.setFillGray(0)


def _aslant(canvas: Canvas, x: float, y: float) -> None:
    canvas.saveState()
    canvas.translate(x, y)
    canvas.rotate(35)
    write(canvas, 0, 0, "8")
    canvas.restoreState()


def _tiny(canvas: Canvas, x: float, y: float) -> None:
    write(canvas, x, y, "8", 0.8)


@pytest.mark.parametrize("hide", [_invisible, _pale, _aslant, _tiny], ids=lambda hide: hide.__name__)
@pytest.mark.parametrize("lines", ["none", "all"])
def test_what_nobody_sees_is_not_read(hide: Callable[[Canvas, float, float], None], lines: str) -> None:
    blanks = ("1", "", "3", "0", "", "6", "35")

    def draw(canvas: Canvas) -> None:
        third(plain(blanks, SEVEN[1]), Look(lines=lines))(canvas)
        hide(canvas, 200 + 48 + 22, HEIGHT - 120 - 48)
        hide(canvas, 200 + 22 + 8, HEIGHT - 120 - 48)

    found = figures(file(draw))
    assert row(found, "new_received") == ["1", "blank", "3", "0", "blank", "6", "35"]


def test_white_text_on_something_dark_is_read() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFillGray(0.2)
        canvas.rect(40, HEIGHT - 120 - 60, 500, 80, stroke=0, fill=1)
        canvas.setFillGray(1)
        third(plain(SEVEN[0]))(canvas)

    assert row(figures(file(draw)), "new_received") == list(SEVEN[0])


def test_a_large_title_is_text_and_a_large_watermark_is_none() -> None:
    def draw(canvas: Canvas) -> None:
        third(plain(*SEVEN))(canvas)
        write(canvas, 100, 200, "统计专页", 30)
        write(canvas, 250, HEIGHT - 200, "内部", 60)

    text = read(file(draw), Hint())
    said = "".join(block.text for block in text.paragraphs())
    assert "统计专页" in said
    assert "内部" not in said + "".join(cell.text for grid in text.grids() for cells in grid.rows for cell in cells)


def _sideways(degrees: int) -> Draw:
    def draw(canvas: Canvas) -> None:
        canvas.saveState()
        canvas.translate(*((WIDTH, 0) if degrees == 90 else (0, HEIGHT)))
        canvas.rotate(degrees)
        third(plain(*SEVEN), Look(lines="all", left=260, widths=(60,) * 7), WIDTH - 160)(canvas)
        canvas.restoreState()

    return draw


@pytest.mark.parametrize("degrees", [90, -90])
def test_a_table_printed_sideways_is_read_and_its_places_are_on_the_page(degrees: int) -> None:
    data = file(lambda canvas: None, _sideways(degrees))
    found = figures(data)
    assert [row(found, name) for name in ROWS] == [list(cells) for cells in SEVEN]
    place = found["t3.new_received.total"].place
    assert place is not None and place.page == 2 and place.box is not None
    with pdfplumber.open(io.BytesIO(data)) as document:
        inside = document.pages[1].crop(place.box).chars
    assert "".join(char["text"] for char in inside) in ("35", "53")


def test_pages_whose_text_stands_sideways_are_no_scan() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.translate(WIDTH, 0)
        canvas.rotate(90)
        for number in range(5):
            write(canvas, 60, 400 - 20 * number, "本年度未收到政府信息公开申请，没有行政复议和行政诉讼。", 12)

    pages = sheets(file(draw))
    assert {page.turned for page in pages} == {0, 1} and {page.page for page in pages} == {1}
    assert any("未收到" in block.text for block in read(file(draw), Hint()).paragraphs())


def test_the_first_line_of_a_page_is_its_number_only_where_it_stands_apart() -> None:
    def numbered(canvas: Canvas) -> None:
        write(canvas, 300, 30, "7", 9)
        rows = [((ROWS["carried_out"],), ("1", "2", "3", "4", "5", "6", "2192\n0"))]
        third([], top=2000)(canvas)
        look = Look(widths=(48,) * 6 + (24,))
        y = HEIGHT - 60
        for label, cells in rows:
            write(canvas, 44, y, label[0])
            for number, text in enumerate(cells[:-1]):
                write(canvas, look.left + 48 * number + 24, y, text, align=0.5)
            write(canvas, look.left + 48 * 6 + 12, y + 5.4, "2192", align=0.5)
            write(canvas, look.left + 48 * 6 + 12, y - 5.4, "0", align=0.5)

    rows = plain(("1", "2", "3", "4", "5", "6", "3562\n1"), SEVEN[1])
    found = figures(file(third(rows, Look(widths=(48,) * 6 + (24,))), numbered))
    assert row(found, "carried_out")[-1] in ("21920", State.AMBIGUOUS, "nothing")
    assert not any(cell.value == 7 for path, cell in found.items() if path.startswith("t3.carried_out"))


def test_the_label_of_the_third_item_beside_figures_is_no_heading() -> None:
    """A line of 三、本年度办理结果 stands on one line with a row of the table, which goes on below it."""

    def draw(canvas: Canvas) -> None:
        y = HEIGHT - 120 - 24 * 3
        third([*plain(SEVEN[0]), (("",), SEVEN[1]), ((ROWS["carried_out"],), SEVEN[2])])(canvas)
        write(canvas, 40, y, "三、本年度", 9)
        write(canvas, 95, y, "3.补正后申请内容仍不明确", 8)

    found = figures(file(draw))
    assert row(found, "unable_still_unclear") == list(SEVEN[1])
    assert row(found, "carried_out") == list(SEVEN[2])


def test_labels_and_figures_may_both_stand_at_the_foot_of_their_cells() -> None:
    """Labels of five lines, figures beside the last."""

    def draw(canvas: Canvas) -> None:
        third(plain(SEVEN[0]))(canvas)
        for number, (label, cells) in enumerate(((ROWS["carried_in"], SEVEN[1]), (ROWS["carried_out"], SEVEN[2]))):
            y = HEIGHT - 120 - 24 * 3 - 60 * number
            for line in range(5):
                write(canvas, 44, y - 11 * line, label[len(label) * line // 5 : len(label) * (line + 1) // 5])
            for column, text in enumerate(cells):
                write(canvas, 224 + 48 * column, y - 44, text, align=0.5)

    found = figures(file(draw))
    assert [row(found, name) for name in ROWS] == [list(cells) for cells in SEVEN]


def test_a_label_written_downwards_is_no_column_of_dashes() -> None:
    """无 is what some print for none, and the first character of 无法提供."""

    def draw(canvas: Canvas) -> None:
        third(plain(*SEVEN))(canvas)
        y = HEIGHT - 120 - 24 * 6
        for number, character in enumerate("无法提供"):
            write(canvas, 44, y - 11 * number, character)
        for number, label in enumerate(("1.本机关不掌握相关政府信息", "2.没有现成信息需要另行制作")):
            write(canvas, 60, y - 4 - 24 * number, label)
            for column, text in enumerate(("5", "", "1", "", "0", "", "6")):
                write(canvas, 224 + 48 * column, y - 4 - 24 * number, text, align=0.5)

    found = figures(file(draw))
    assert row(found, "unable_not_held") == ["5", "blank", "1", "blank", "0", "blank", "6"]


def test_a_digit_at_the_edge_of_the_page_is_no_figure() -> None:
    """What the page cuts off may go on beyond it."""

    def draw(canvas: Canvas) -> None:
        cut = (*SEVEN[0][:6], "")
        third(plain(cut, *SEVEN[1:]), Look(left=200, widths=(48,) * 6 + (113,)))(canvas)
        write(canvas, WIDTH - 1, HEIGHT - 120 - 24 * 2, "2", align=1)

    assert row(figures(file(draw)), "new_received") == [*SEVEN[0][:6], "unreadable"]


def test_a_dash_of_two_characters_in_one_glyph_is_one_dash() -> None:
    dash, rest = Glyph(100, 0, 108, 9, "—"), Glyph(100, 0, 116, 9, "—")
    assert [run.text for run in runs([dash, rest], 1)] == ["——"]
    assert [run.text for run in runs([dash._replace(text="1"), rest._replace(text="1")], 1)] == ["1", "1"]


def test_shading_of_every_other_row_is_no_line() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.setFillGray(0.8)
        for x, width in [(40, 160), *((200 + 48 * n, 48) for n in range(7))]:
            canvas.rect(x, HEIGHT - 120 - 72 - 8, width, 24, stroke=0, fill=1)
        canvas.setFillGray(0)
        third(plain(*SEVEN))(canvas)

    found = figures(file(draw))
    assert [row(found, name) for name in ROWS] == [list(cells) for cells in SEVEN]


@pytest.mark.parametrize("shade", [False, True])
def test_a_header_with_lines_or_shading_above_rows_without_is_read_with_them(shade: bool) -> None:
    def draw(canvas: Canvas) -> None:
        top = HEIGHT - 120
        for x, width in [(40, 160), *((200 + 48 * n, 48) for n in range(7))]:
            canvas.setFillGray(0.8)
            canvas.rect(x, top - 32, width, 48, stroke=int(not shade), fill=int(shade))
        canvas.setFillGray(0)
        third(plain(*SEVEN))(canvas)

    found = figures(file(draw))
    assert [row(found, name) for name in ROWS] == [list(cells) for cells in SEVEN]


def test_a_cross_drawn_over_a_table_makes_no_table() -> None:
    def draw(canvas: Canvas) -> None:
        third(plain(*SEVEN))(canvas)
        canvas.line(210, HEIGHT - 177, 290, HEIGHT - 177)
        canvas.line(248, HEIGHT - 155, 248, HEIGHT - 199)

    found = figures(file(draw))
    assert [row(found, name) for name in ROWS] == [list(cells) for cells in SEVEN]


def test_a_figure_that_a_page_cuts_is_not_half_of_it() -> None:
    """A ruled row whose numbers wrapped, cut between their lines: neither half is the number."""

    def part(rows: Sequence[tuple[str, Sequence[str]]], head: bool) -> Draw:
        def draw(canvas: Canvas) -> None:
            lines = [("", COLUMNS), *rows] if head else rows
            for number, (label, cells) in enumerate(lines):
                y = (300 if head else 700) - 24 * number
                canvas.rect(40, y - 8, 160, 24)
                write(canvas, 44, y, label)
                for column, text in enumerate(cells):
                    canvas.rect(200 + 48 * column, y - 8, 48, 24)
                    write(canvas, 224 + 48 * column, y, text, 6 if len(text) > 4 else 9, 0.5)

        return draw

    upper = [(ROWS["new_received"], SEVEN[0]), (ROWS["carried_in"], ("1", "2", "3", "4", "5", "6", "219"))]
    lower = [("", ("", "", "", "", "", "", "2")), (ROWS["carried_out"], SEVEN[2])]
    found = figures(file(part(upper, True), part(lower, False)))
    assert row(found, "carried_in") == ["1", "2", "3", "4", "5", "6", "unreadable"]
    assert row(found, "carried_out") == list(SEVEN[2])


@pytest.mark.parametrize("number", range(0, len(names("pdf-ruled")), 7))
def test_ruled_tables_hold_what_an_independent_library_finds_in_them(number: int) -> None:
    """Cell by cell, without white space; pdfplumber gives None for what a span covers."""
    data = made("pdf-ruled", number).data
    compared = 0
    with pdfplumber.open(io.BytesIO(data)) as document:
        for sheet, page in zip(sheets(data), document.pages, strict=True):
            ours = [_texts(table.frame.cells, table.texts) for f in frames(sheet) if (table := ruled(f, sheet.glyphs))]
            theirs = [[_squeezed(text or "") for cells in table for text in cells] for table in page.extract_tables()]
            for mine, other in zip(ours, [table for table in theirs if any(table)], strict=True):
                assert [text for text in mine if text] == [text for text in other if text]
                compared += len(mine)
    assert compared > 100


def _texts(cells: Sequence[Sequence[int]], texts: Mapping[int, str]) -> list[str]:
    """The text of each cell once, at its first position."""
    return [_squeezed(texts.get(number, "")) for number in dict.fromkeys(n for numbers in cells for n in numbers)]


def _squeezed(text: str) -> str:
    return "".join(text.split())


def test_more_lines_than_a_table_has_are_a_drawing() -> None:
    def draw(canvas: Canvas) -> None:
        for number in range(MAX_RULES + 10):
            canvas.line(50, 100 + number % 500, 90 + number % 400, 100 + number % 500)

    (page,) = sheets(file(draw))
    assert not page.rules.across and not frames(page)


def test_characters_and_lines_far_from_the_page_are_none_of_it() -> None:
    def draw(canvas: Canvas) -> None:
        third(plain(*SEVEN))(canvas)
        write(canvas, 1e9, 5, "12")
        write(canvas, -1e9, 1e9, "8")
        canvas.line(-1e20, 5, 1e30, 5)
        canvas.line(10, -1e30, 10, 1e30)

    (page,) = sheets(file(draw))
    assert all(math.isfinite(edge) and abs(edge) < 2000 for glyph in page.glyphs for edge in glyph[:4])
    assert row(figures(file(draw)), "new_received") == list(SEVEN[0])


def test_many_characters_at_one_place_are_read_to_an_end() -> None:
    def draw(canvas: Canvas) -> None:
        text = canvas.beginText()
        text.setFont(FONT, 9)
        for _ in range(20_000):
            text.setTextOrigin(100, 400)
            text.textOut("1")
        canvas.drawText(text)

    assert isinstance(read(file(draw), Hint()), Text)


def test_a_region_of_too_many_words_is_no_table() -> None:
    def word(number: int) -> Word:
        box = (number % 40 * 12.0, number // 40 * 12.0, number % 40 * 12.0 + 9, number // 40 * 12.0 + 9)
        return Word(Run("申请人情况" if not number else "1", 1, box), box[1], box[3])

    words = tuple(word(number) for number in range(MAX_WORDS + 1))
    assert build(Strip(words, (), ())) is None


def test_matching_is_asked_for_no_more_lines_than_a_table_has(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    matched = matching._matched

    def counted(lines: Sequence[Sequence[Word]], rows: matching._Rows, *rest: object) -> object:
        asked.append(len(lines) * len(rows.lines))
        return matched(lines, rows, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(matching, "_matched", counted)
    monkeypatch.setattr(matching, "MAX_PAIRS", 40)
    words = [
        Word(Run(text, 1, (x, y, x + 9, y + 9)), y, y + 9)
        for y in range(0, 240, 24)
        for x, text in ((0, "甲"), (200, "1"))
    ]
    columns = matching.Columns((204.5,), (100.0, 300.0))
    for count in (6, 10):
        held = words[: 2 * count]
        matching.rows_of(held[::2], held[1::2], columns, Strip(tuple(held), (), ()), lambda text: False)
    assert asked and max(asked) <= 40


def test_a_space_of_the_document_bridges_and_digits_stay_apart() -> None:
    def glyphs(text: str, gap: float) -> list[Glyph]:
        return [Glyph(n * (5 + gap), 0, n * (5 + gap) + 5, 9, character) for n, character in enumerate(text)]

    assert [run.text for run in runs(glyphs("总 计", 0), 1)] == ["总 计"]
    assert [run.text for run in runs(glyphs("1 2", 0), 1)] == ["1", "2"]


cells = st.one_of(st.integers(0, 99_999).map(str), st.sampled_from(("", "0", "-", "/")))
rows_of_cells = st.lists(st.tuples(*[cells] * 7), min_size=3, max_size=3)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    numbers=rows_of_cells,
    widths=st.tuples(*[st.integers(36, 60)] * 7),
    align=st.sampled_from((0.0, 0.5, 1.0)),
    size=st.sampled_from((6.0, 7.5, 9.0, 10.5)),
    pitch=st.integers(16, 30),
    lines=st.sampled_from(("none", "all")),
)
def test_whatever_is_printed_no_other_number_is_read(
    numbers: list[tuple[str, ...]],
    widths: tuple[int, ...],
    align: float,
    size: float,
    pitch: int,
    lines: str,
) -> None:
    """The same numbers in the same places, or none there; with all lines every number."""
    look = Look(size, pitch, 220, widths, align, lines, "Helvetica")
    found = figures(file(third(plain(*numbers), look), size=(720, HEIGHT)))
    for name, printed in zip(ROWS, numbers, strict=True):
        for key, text in zip(KEYS, printed, strict=True):
            figure = found.get(f"t3.{name}.{key}")
            value = None if figure is None or figure.value is None else str(figure.value)
            assert value in (None, text), (name, key, text, value)
            if lines == "all":
                assert (value or "") == (text if text.isdigit() else "")


def test_paragraphs_beside_no_table_stay_text() -> None:
    def draw(canvas: Canvas) -> None:
        write(canvas, 60, 600, "一、本年新收申请3件，二、上年结转0件。", 12)

    blocks = read(file(draw), Hint()).blocks
    assert not any(isinstance(block, Grid) for block in blocks)
    assert any(isinstance(block, Paragraph) and "3件" in block.text for block in blocks)
