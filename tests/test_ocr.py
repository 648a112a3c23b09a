"""Scans and pictures: scores, doubts, places, kinds of file, what is refused, and what the packages are asked for."""

import io
import os
import re
import struct
import zlib
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pypdfium2
import pytest
from PIL import Image, ImageDraw

from extract import ocr, picture
from extract.doubts import doubts
from extract.formats import read, sniff
from extract.model import Check, Figure, Grid, Result, State, Unreadable
from extract.reader import parse
from extract.records import report_json
from tests import quality
from tests.corpus import SCANS, digest_of, fingerprint, made, undrawn
from tests.corpus.plate import PACKAGES, missing_fonts
from tests.quality import COUNTS, FEW, FEW_FLOORS, SCAN_FLOORS, SHARES, Score

needs_ocr = pytest.mark.skipif(bool(ocr.missing()), reason=ocr.missing())
needs_fonts = pytest.mark.skipif(bool(missing_fonts()), reason=f"fonts of the scans are not installed: {PACKAGES}")
FLAGS = ("doubted", "certain")
MOST_DOUBTED, LEAST_CERTAIN = 0.05, 0.999  # what the issue asks


ALL = bool(os.environ.get("NIANBAO_LONG"))  # make long; else the first of each kind, with floors of their own
PINNED = SCAN_FLOORS if ALL else FEW_FLOORS


@pytest.fixture(scope="module")
def measured() -> dict[str, Score]:
    return quality.scores(SCANS, few=None if ALL else FEW)


def floors(format: str) -> dict[str, float]:
    return dict(zip((*SHARES, *COUNTS, *FLAGS), map(float, PINNED[format][:-1]), strict=True))


@needs_fonts
@pytest.mark.parametrize("format", SCANS)
def test_the_scans_are_those_of_the_floors(format: str) -> None:
    """All of them, whether they are recognised today or not."""
    fingerprints = [fingerprint(document) for document in undrawn(format)]
    assert digest_of(fingerprints) == SCAN_FLOORS[format][-1]
    assert digest_of(fingerprints[:FEW]) == FEW_FLOORS[format][-1] and len(fingerprints) > FEW


@needs_ocr
@needs_fonts
@pytest.mark.parametrize("format", SCANS)
def test_no_floor_sinks(format: str, measured: dict[str, Score], tell: Callable[[str], None]) -> None:
    one = measured[format]
    tell(quality.table({format: one}))
    assert digest_of(one.fingerprints) == PINNED[format][-1]
    errors = "\n".join(quality.frequent(one.errors))
    pinned = floors(format)
    for name in SHARES:
        assert one.rates()[name] >= pinned[name], f"{name} of {format}\n{errors}"
    for name in COUNTS:
        assert one.rates()[name] <= pinned[name], f"{name} of {format}\n{errors}"
    assert one.rates()["right"] >= quality.GOALS[format], errors


@needs_ocr
@needs_fonts
def test_doubts_are_few_and_what_is_not_doubted_is_right(measured: dict[str, Score]) -> None:
    for format, one in measured.items():
        assert one.flags()["doubted"] <= floors(format)["doubted"] <= MOST_DOUBTED, format
        assert one.flags()["certain"] >= floors(format)["certain"], format
    assert sum(measured.values(), Score()).flags()["certain"] >= LEAST_CERTAIN


def figure(path: str, confidence: float | None, state: State = State.NUMBER) -> Figure:
    return Figure(path, None, state, "", "件", "y2021", None, confidence)


def test_a_doubt_is_low_confidence_or_a_failed_identity() -> None:
    figures = {
        one.path: one
        for one in (
            figure("t3.granted.total", 0.9),
            figure("t3.granted.natural_person", 0.99),
            figure("t3.partial.total", 0.9),
            figure("t3.partial.natural_person", 0.5),
            figure("t3.denied.total", 0.99, State.UNREADABLE),
            figure("t3.carried_in.total", None),
        )
    }
    failed = [Check("T3.COL", "granted", Result.FAIL), Check("T3.COL", "partial", Result.PASS)]
    found = doubts(figures, failed)
    assert set(found) == {"t3.granted.total", "t3.partial.natural_person", "t3.denied.total"}
    assert "T3.COL of granted fails" in found["t3.granted.total"]


# A table of one's own: what stands in its cells is known.
CELLS = (
    ("一、本年新收政府信息公开申请数量", "12", "0", "", "—", "3", "0", "15"),
    ("二、上年结转政府信息公开申请数量", "1", "", "/", "0", "7", "4", "12"),
)
HEAD = ("申请人情况", "自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计")


def table(scale: float = 1.0, lines: bool = True) -> Image.Image:
    """The head and first rows of table three."""
    from tests.corpus.plate import FACES, _font

    (path, number), _ = FACES["serif"]
    page = Image.new("RGB", (1500, 420), "white")
    pen = ImageDraw.Draw(page)
    edges = [40, 500, *(500 + 135 * n for n in range(1, 8))]
    for row, texts in enumerate((HEAD, *CELLS)):
        top = 40 + 100 * row
        for column, text in enumerate(texts):
            if lines:
                pen.rectangle((edges[column], top, edges[column + 1], top + 100), outline=0, width=2)
            middle = (edges[column] + edges[column + 1]) / 2, top + 50
            pen.text(middle, text, 0, _font(path, number, 22 if column else 25), anchor="mm")
    return page.resize((round(1500 * scale), round(420 * scale)), Image.Resampling.LANCZOS)


def saved(page: Image.Image, kind: str) -> bytes:
    file = io.BytesIO()
    page.save(file, kind)
    return file.getvalue()


STATES = {
    "natural_person": ("12", "1"), "commercial_enterprise": ("0", None), "research_institution": (None, State.DASH),
    "social_welfare_org": (State.DASH, "0"), "legal_service_org": ("3", "7"), "other_org": ("0", "4"), "total": ("15", "12"),
}  # fmt: skip


@needs_ocr
@needs_fonts
@pytest.mark.parametrize("kind", ("PNG", "JPEG", "TIFF", "BMP", "GIF", "WEBP"))
def test_every_kind_of_picture_and_every_state(kind: str) -> None:
    data = saved(table(), kind)
    assert ocr.pages_to_read(data) == 1 and sniff(data).name == "image"
    (report,) = parse(read(data))
    for column, wants in STATES.items():
        for row, want in zip(("new_received", "carried_in"), wants, strict=True):
            got = report.figures[f"t3.{row}.{column}"]
            state = State.BLANK if want is None else want if isinstance(want, State) else State.NUMBER
            assert (got.state, got.written if state is State.NUMBER else "") == (
                state,
                want if state is State.NUMBER else "",
            ), (column, got)
            assert got.confidence is not None and got.confidence > 0.75
    assert "confidence" in report_json(report)["figures"]["t3.new_received.total"]


@needs_ocr
@needs_fonts
def test_without_lines_no_cell_is_surely_blank() -> None:
    """Nothing shows where a cell is: figures are read where they stand, what is blank is in doubt, and nothing is invented."""
    (report,) = parse(read(saved(table(lines=False), "PNG")))
    for column, wants in STATES.items():
        for row, want in zip(("new_received", "carried_in"), wants, strict=True):
            got = report.figures[f"t3.{row}.{column}"]
            if want is None:
                assert got.state is State.BLANK and got.doubt, got
            else:
                state = want if isinstance(want, State) else State.NUMBER
                assert got.state is state and (state is State.DASH or got.written == want), got


@needs_ocr
@needs_fonts
@pytest.mark.parametrize("scale", (0.5, 1.0, 2.5))
def test_places_are_pixels_of_the_picture(scale: float) -> None:
    data = saved(table(scale), "PNG")
    (report,) = parse(read(data))
    place = report.figures["t3.new_received.total"].place
    assert place is not None and place.page == 1 and place.box is not None
    want = tuple(scale * edge for edge in (1310, 140, 1445, 240))
    assert all(abs(got - edge) < 5 * max(scale, 1) for got, edge in zip(place.box, want, strict=True)), place.box
    drawn = Image.open(io.BytesIO(picture.draw(data, 1, place.box)))
    assert drawn.size == table(scale).size and (np.asarray(drawn.convert("RGB")) == picture.COLOUR).all(axis=2).any()
    with pytest.raises(picture.NotDrawn, match="no page 2"):
        picture.draw(data, 2, place.box)


@needs_ocr
@needs_fonts
def test_pages_of_a_tiff_are_pages() -> None:
    file = io.BytesIO()
    blank = Image.new("RGB", (800, 600), "white")
    blank.save(file, "TIFF", save_all=True, append_images=[table()])
    assert ocr.pages_to_read(file.getvalue()) == 2
    (report,) = parse(read(file.getvalue()))
    place = report.figures["t3.new_received.total"].place
    assert place is not None and place.page == 2


@needs_ocr
@needs_fonts
@pytest.mark.parametrize("quarter", (1, 2, 3))
def test_a_picture_on_its_side_is_turned(quarter: int) -> None:
    turned = table().rotate(90 * quarter, expand=True)
    (report,) = parse(read(saved(turned, "PNG")))
    figure = report.figures["t3.new_received.total"]
    assert figure.written == "15" and figure.place is not None and figure.place.box is not None
    x, y = (figure.place.box[0] + figure.place.box[2]) / 2, (figure.place.box[1] + figure.place.box[3]) / 2
    upright = {1: (1500 - y, x), 2: (1500 - x, 420 - y), 3: (y, 420 - x)}[quarter]
    assert abs(upright[0] - 1377) < 8 and abs(upright[1] - 190) < 8


@needs_ocr
@needs_fonts
@pytest.mark.parametrize("quarter", (0, 1))
def test_what_a_second_compression_leaves_of_a_stamp_is_no_figure(quarter: int) -> None:
    """A stamped scan saved again as JPEG: blank cells under the stamp had been read as 7 and 1, and surely."""
    document = made("scan-stamped", 0)
    pages = [
        page.render(scale=200 / 72).to_pil().rotate(-90 * quarter, expand=True)
        for page in pypdfium2.PdfDocument(document.data)
    ]
    file = io.BytesIO()
    pages[0].save(file, "PDF", resolution=200, save_all=True, append_images=pages[1:])
    (report,) = parse(read(file.getvalue()))
    said = {path: one for path, one in report.figures.items() if one.value is not None and not one.doubt}
    assert len(said) > 0.95 * sum(one.value is not None for one in document.figures.values())
    for path, one in said.items():
        assert (float(one.value or 0), one.state) == (document.figures[path].value, State.NUMBER), (path, one)


@needs_ocr
@needs_fonts
def test_places_of_a_scan_askew_are_those_of_the_page_as_it_is_shown() -> None:
    """The box of the figure holds its ink, and little besides: the same box of a page without that figure has none."""
    document = made("scan-askew", 0)
    (report,) = parse(read(document.data))
    figures = [one for one in report.figures.values() if one.value and one.place and one.place.box]
    pages = [page.render(scale=1).to_pil().convert("L") for page in pypdfium2.PdfDocument(document.data)]
    for one in figures[:40]:
        assert one.place is not None and one.place.page is not None and one.place.box is not None
        cell = np.asarray(pages[one.place.page - 1].crop(tuple(map(round, one.place.box))))
        inside = cell[cell.shape[0] // 4 : -cell.shape[0] // 4, cell.shape[1] // 4 : -cell.shape[1] // 4]
        assert inside.min() < cell.mean() - 40, (one.path, one.place)


@needs_ocr
@needs_fonts
def test_scans_among_pages_with_text_and_text_that_another_program_found() -> None:
    """The scanned page of a mixed PDF is recognised at its place; an invisible layer of bad text is not believed."""
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(600, 300))
    canvas.drawString(50, 200, "A page with a text of its own, long enough to be one.")
    canvas.showPage()
    canvas.drawImage(ImageReader(table()), 0, 50, 600, 168)
    layer = canvas.beginText(470, 100)
    layer.setTextRenderMode(3)
    layer.textOut("99 99 99 99 99 99 99 99 99 99 99 99")
    canvas.drawText(layer)
    canvas.showPage()
    canvas.save()
    assert ocr.pages_to_read(file.getvalue()) == 1
    text = read(file.getvalue())
    (report,) = parse(text)
    figure = report.figures["t3.new_received.total"]
    assert figure.written == "15" and figure.place is not None and figure.place.page == 2
    assert "long enough" in text.title + "".join(one.text for one in text.paragraphs())


def test_huge_pictures_are_refused_from_their_header() -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0))
    png = b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\x00" * 100)) + chunk(b"IEND", b"")
    bmp = (
        b"BM"
        + struct.pack("<IHHI", 1000, 0, 0, 54)
        + struct.pack("<IiiHHIIiiII", 40, 99_999, 99_999, 1, 24, 0, 0, 0, 0, 0, 0)
    )
    for data in (png, bmp):
        with pytest.raises(Unreadable, match="pixels"):
            read(data)
        assert ocr.pages_to_read(data) == 0


@needs_ocr
def test_damaged_pictures_are_unreadable() -> None:
    whole = saved(Image.effect_noise((300, 200), 90).convert("RGB"), "PNG")
    for data in (whole[:40], whole[: len(whole) // 2], whole[:33] + bytes(200)):
        with pytest.raises(Unreadable):
            read(data)


def test_without_the_packages_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "missing", lambda: ocr.INSTALL)
    with pytest.raises(Unreadable, match=re.escape('pip install "nianbao[ocr]"')):
        read(saved(Image.new("RGB", (300, 200), "white"), "PNG"))
    scan = saved(Image.new("RGB", (300, 200), "white"), "PDF")
    assert ocr.pages_to_read(scan) == 0
    with pytest.raises(Unreadable, match=re.escape('pip install "nianbao[ocr]"')):
        read(scan)


@needs_ocr
def test_a_picture_without_print_has_no_blocks() -> None:
    noise = Image.effect_noise((600, 400), 60).convert("RGB")
    for page in (Image.new("RGB", (600, 400), "white"), Image.new("RGB", (3, 2), "black"), noise):
        assert not [block for block in read(saved(page, "PNG")).blocks if isinstance(block, Grid)]


@needs_ocr
def test_words_of_the_forms_are_mended_and_units_never_guessed() -> None:
    from extract.scan.words import mended

    assert mended("3. 补正后申请内容仍不明确 •") == "3.补正后申请内容仍不明确"
    assert mended("结果纠止") == "结果纠正"
    assert mended("3 其他") == "3.其他"
    assert mended("本年收费余额（单位：万元）") == "本年收费金额（单位：万元）"
    assert mended("本年收费金额（单位：方元）") == "本年收费金额"
    for other in ("其他主动公开文件", "9.其他不予公开情形", "没有其他", "12", "—"):
        assert mended(other) == other


@needs_ocr
def test_models_are_loaded_once() -> None:
    from extract.scan import engine

    engine.models.cache_clear()
    for _ in range(2):
        engine.recognise([np.full((30, 60), 255, np.uint8)])
        engine.detect(np.full((200, 200), 255, np.uint8))
    assert engine.models.cache_info().misses == 1


def test_confidence_is_that_of_the_worst_character() -> None:
    from extract.layout.content import blocks_of
    from extract.layout.runs import Glyph
    from extract.layout.sheets import Sheet, Sure
    from extract.layout.strokes import Rules

    lines = Rules(tuple((float(y), 0.0, 90.0) for y in (0, 30, 60)), tuple((float(x), 0.0, 60.0) for x in (0, 45, 90)))
    glyphs = (Glyph(10, 10, 18, 20, "1"), Glyph(18, 10, 26, 20, "2"), Glyph(60, 10, 68, 20, "7"))
    sure = (Sure(14, 15, 0.99), Sure(22, 15, 0.61), Sure(64, 15, 0.9), Sure(20, 45, 0.5))
    sheet = Sheet(1, glyphs, lines, 1, 0, (90.0, 60.0), sure=sure)
    (grid,) = blocks_of([sheet])
    assert isinstance(grid, Grid)
    assert [[(cell.text, cell.confidence) for cell in row] for row in grid.rows] == [
        [("12", 0.61), ("7", 0.9)],
        [("", 0.5), ("", 1.0)],
    ]
    (plain,) = blocks_of([replace(sheet, sure=())])
    assert isinstance(plain, Grid) and all(cell.confidence is None for row in plain.rows for cell in row)
