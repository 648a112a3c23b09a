"""The place of a figure, drawn on its page: the outline surrounds what is printed, however the page lies, and covers nothing."""

import io
import re
from collections.abc import Callable, Iterable
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image, ImageChops
from reportlab.lib.colors import Color
from reportlab.pdfgen.canvas import Canvas

from archive.database import connect
from extract import picture
from tests.corpus.press import Look, pdf
from tests.corpus.printed import RULED
from tests.helpers import Archive
from tests.oddities import report_page
from tests.portals.render_docx import docx_file
from tests.portals.render_pdf import pdf_file
from tests.test_together import (
    BLANK,
    DIFFERENT,
    DOCX,
    ID,
    PDF,
    REPORT,
    TITLE,
    cited,
    filed,
    links,
    page,
    printed,
    shown,
)

Box = tuple[float, float, float, float]
Pixel = tuple[int, int, int]

SIZE = (400.0, 300.0)
CELL: Box = (150, 120, 210, 140)  # left, bottom, right, top in the page's own space
BLACK, GREEN = Color(0, 0, 0), Color(0, 0.5, 0)
AROUND = picture.GAP + picture.LINE
BOXES: dict[str, tuple[Box | None, Box | None]] = {  # media box, crop box
    "plain": (None, None),
    "begins below 0": ((-50, -20, 450, 330), None),
    "begins above 0": ((50, 20, 400, 300), None),
    "cropped": (None, (60, 40, 380, 290)),
    "cropped beyond the paper": ((10, 10, 390, 290), (60, 40, 500, 285)),
}


def sheet(rotation: int = 0, media: Box | None = None, crop: Box | None = None) -> bytes:
    """A black figure in a cell, and green ones close around it."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=SIZE, invariant=1)
    canvas.setFont("Helvetica", 16)
    left, bottom, right, top = CELL
    canvas.setFillColor(GREEN)
    for x, y in ((left - 50, bottom), (right + 5, bottom), (left, bottom - 20), (left, top + 8)):
        canvas.drawString(x, y + 3, "8888")
    canvas.setFillColor(BLACK)
    canvas.drawString(left + 4, bottom + 4, "57301")
    canvas.save()
    return turned(file.getvalue(), rotation, media, crop)


def turned(data: bytes, rotation: int, media: Box | None, crop: Box | None) -> bytes:
    """The document with another rotation and other boxes of its page."""
    document = pypdfium2.PdfDocument(data)
    only = document[0]
    only.set_rotation(rotation)
    if media:
        only.set_mediabox(*media)
    if crop:
        only.set_cropbox(*crop)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def as_shown(cell: Box, rotation: int, media: Box | None, crop: Box | None) -> Box:
    """Where a box of the page's own space stands from the top left of what is shown."""
    paper = media or (0, 0, *SIZE)
    inside = crop or paper
    x0, y0, x1, y1 = (*map(max, paper[:2], inside[:2]), *map(min, paper[2:], inside[2:]))
    left, bottom, right, top = cell
    return {
        0: (left - x0, y1 - top, right - x0, y1 - bottom),
        90: (bottom - y0, left - x0, top - y0, right - x0),
        180: (x1 - right, bottom - y0, x1 - left, top - y0),
        270: (y1 - top, x1 - right, y1 - bottom, x1 - left),
    }[rotation]


def opened(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png)).convert("RGB")


def plain(data: bytes, number: int = 1) -> Image.Image:
    """The page as it is without an outline."""
    rendered: Image.Image = pypdfium2.PdfDocument(data)[number - 1].render(scale=picture.SCALE).to_pil()
    return rendered.convert("RGB")


def pixels(image: Image.Image, wanted: Callable[[Pixel], bool]) -> set[tuple[int, int]]:
    width, data = image.width, image.tobytes()
    return {
        (at % width, at // width)
        for at, pixel in enumerate(zip(data[::3], data[1::3], data[2::3], strict=True))
        if wanted(pixel)
    }


def is_dark(pixel: Pixel) -> bool:
    return max(pixel) < 90


def is_green(pixel: Pixel) -> bool:
    return pixel[1] > 100 > max(pixel[0], pixel[2])


def is_outline(pixel: Pixel) -> bool:
    return pixel == picture.COLOUR


def bounds(points: Iterable[tuple[int, int]]) -> Box:
    """The box of pixels, in points."""
    xs, ys = zip(*points, strict=True)
    return tuple(edge / picture.SCALE for edge in (min(xs), min(ys), max(xs) + 1, max(ys) + 1))  # type: ignore[return-value]


@pytest.mark.parametrize("boxes", BOXES)
@pytest.mark.parametrize("rotation", (0, 90, 180, 270))
def test_the_outline_surrounds_the_figure_and_covers_nothing(rotation: int, boxes: str) -> None:
    data = sheet(rotation, *BOXES[boxes])
    box = as_shown(CELL, rotation, *BOXES[boxes])
    before, after = plain(data), opened(picture.draw(data, 1, box))
    assert after.size == before.size
    black = pixels(before, is_dark)
    assert len(black) > 200
    x0, top, x1, bottom = bounds(black)
    assert box[0] < x0 < x1 < box[2] and box[1] < top < bottom < box[3], "the figure is not in the box"
    wanted = (box[0] - AROUND, box[1] - AROUND, box[2] + AROUND, box[3] + AROUND)
    assert bounds(pixels(after, is_outline)) == pytest.approx(wanted, abs=1 / picture.SCALE)
    assert pixels(after, is_dark) == black, "the figure is as dark as it was, and nothing else is"
    green = pixels(before, is_green)
    assert len(green) > 500 and pixels(after, is_green) == green, "the figures around are not covered"
    changed = ImageChops.difference(before, after).getbbox()
    assert changed and tuple(edge / picture.SCALE for edge in changed) == pytest.approx(wanted, abs=1 / picture.SCALE)


def test_a_user_unit_makes_paper_larger_and_no_coordinates() -> None:
    data = sheet()
    larger = data.replace(b"/MediaBox", b"/UserUnit 2 /MediaBox", 1)
    assert larger != data
    assert picture.draw(larger, 1, as_shown(CELL, 0, None, None)) == picture.draw(
        data, 1, as_shown(CELL, 0, None, None)
    )


def test_an_outline_at_the_edge_stays_on_the_page() -> None:
    drawn = opened(picture.draw(sheet(), 1, (0, 0, *SIZE)))
    assert bounds(pixels(drawn, is_outline)) == (0, 0, *SIZE)


def test_a_page_as_large_as_a_wall_is_drawn_smaller() -> None:
    data = turned(sheet(), 0, (0, 0, 14000, 14000), None)
    drawn = opened(picture.draw(data, 1, (100, 13000, 9000, 13900)))
    assert drawn.width == drawn.height and drawn.width * drawn.height <= picture.MAX_PIXELS * 1.01
    scale = drawn.width / 14000
    outline = [edge * picture.SCALE / scale for edge in bounds(pixels(drawn, is_outline))]
    assert outline == pytest.approx([100, 13000, 9000, 13900], abs=8)


@pytest.mark.parametrize(
    ("data", "number", "box", "words"),
    (
        (b"%PDF-1.4\nnothing", 1, (0, 0, 9, 9), "cannot be opened"),
        (sheet(), 2, (0, 0, 9, 9), "has 1 pages, no page 2"),
        (sheet(), 0, (0, 0, 9, 9), "no page 0"),
        (sheet(), 1, (0, 301, 9, 310), "is not on page 1, which has 400 × 300 points"),
        (sheet(), 1, (50, 50, 40, 60), "is not on page 1"),
    ),
)
def test_what_cannot_be_drawn_says_why(data: bytes, number: int, box: Box, words: str) -> None:
    with pytest.raises(picture.NotDrawn, match=re.escape(words)):
        picture.draw(data, number, box)


# --- from an archive


@pytest.fixture(scope="module")
def attached(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """A page whose tables are blank, and a PDF that has them all."""
    body = page(printed(BLANK), PDF)
    return filed(tmp_path_factory.mktemp("attached"), body, {PDF: pdf_file(printed())})


def words_at(data: bytes, number: int, box: Box) -> str:
    """The characters that a page of a PDF prints in a box of the page as it is shown."""
    sheet_ = pypdfium2.PdfDocument(data)[number - 1]
    paper, cut = sheet_.get_mediabox(), sheet_.get_cropbox()
    x0, y0, y1 = max(paper[0], cut[0]), max(paper[1], cut[1]), min(paper[3], cut[3])
    left, top, right, bottom = box
    inside = {
        0: (left + x0, y1 - bottom, right + x0, y1 - top),
        90: (top + x0, left + y0, bottom + x0, right + y0),
    }[sheet_.get_rotation()]
    return "".join(sheet_.get_textpage().get_text_bounded(*inside).split())


def framed(png: Path) -> Box:
    """The box inside of the outline of a picture."""
    x0, top, x1, bottom = bounds(pixels(opened(png.read_bytes()), is_outline))
    return x0 + AROUND, top + AROUND, x1 - AROUND, bottom - AROUND


FIGURES = [DIFFERENT, *sorted(path for path, figure in REPORT.figures.items() if figure.value)[::25]]


@pytest.mark.parametrize("path", FIGURES)
def test_the_figure_of_a_report_is_drawn_where_it_is_printed(path: str, attached: Archive, tmp_path: Path) -> None:
    target, saved = tmp_path / "out.png", tmp_path / "out.pdf"
    fact = cited(attached, "--figure", path, "--image", target, "--save", saved)
    assert (fact["url"], fact["written"]) == (PDF, REPORT.figures[path].written)
    assert saved.read_bytes() == pdf_file(printed())
    number = fact["place"]["page"]
    assert opened(target.read_bytes()).size == plain(saved.read_bytes(), number).size
    assert words_at(saved.read_bytes(), number, framed(target)) == "".join(fact["written"].split())


def boxed(data: bytes, media: Box | None, crop: Box | None) -> bytes:
    """The document with other boxes on every page."""
    made = pypdfium2.PdfDocument(data)
    for sheet_ in made:
        if media:
            sheet_.set_mediabox(*media)
        if crop:
            sheet_.set_cropbox(*crop)
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


LYING = {
    "A4": pdf(printed(), RULED["A4"]),
    "rotated page": pdf(printed(), RULED["rotated page"]),
    "tables across": pdf(printed(), RULED["tables across"]),
    "landscape": pdf(printed(), RULED["landscape"]),
    "begins below 0": boxed(pdf(printed(), Look()), (-50, -20, 645, 862), None),
    "begins above 0": boxed(pdf(printed(), Look()), (20, 30, 595, 842), None),
    "cropped": boxed(pdf(printed(), Look()), None, (30, 20, 580, 830)),
}


@pytest.mark.parametrize("look", LYING)
def test_figures_of_any_page_are_drawn_where_they_are_printed(look: str, tmp_path: Path) -> None:
    data, target = LYING[look], tmp_path / "out.png"
    body = report_page(TITLE, f"<p>详见附件。</p>{links([PDF])}").encode()
    archive = filed(tmp_path / "archive", body, {PDF: data})
    for path in FIGURES[:4]:
        fact = cited(archive, "--figure", path, "--image", target)
        assert words_at(data, fact["place"]["page"], framed(target)) == "".join(fact["written"].split()), path


def test_the_picture_is_of_the_document_that_the_place_is_in(tmp_path: Path) -> None:
    """Two files with the same text and other margins: the places are those of the first, whoever shows it by now."""
    one, two = pdf(printed(), Look()), pdf(printed(), Look(margin=40))
    (tmp_path / "1.pdf").write_bytes(one)
    (tmp_path / "2.pdf").write_bytes(two)
    archive = Archive(tmp_path / "archive")
    archive.run("import", tmp_path / "1.pdf", "--region", "990001", "--region-name", "清沙县")
    archive.run("import", tmp_path / "2.pdf", "--region", "990001", "--region-name", "清沙县")
    assert len(archive.rows("select * from version")) == 1 and len(archive.rows("select * from sighting")) == 2
    for _ in range(2):
        fact = cited(archive, "--figure", DIFFERENT, "--image", tmp_path / "out.png", "--save", tmp_path / "saved.pdf")
        assert (tmp_path / "saved.pdf").read_bytes() == one
        assert fact["url"] == (tmp_path / "1.pdf").as_uri()
        assert words_at(one, fact["place"]["page"], framed(tmp_path / "out.png")) == fact["written"]
        db = connect(archive.folder)
        db.execute("delete from sighting where url = ?", [(tmp_path / "1.pdf").as_uri()])
        db.close()


def refusal(archive: Archive, target: Path, path: str = DIFFERENT, *words: object) -> str:
    """What `show --image` says when it ends with status 1, and that it wrote nothing."""
    result = shown(archive, *(("--figure", path) if path else ()), "--image", target, *words)
    assert result.exit_code == 1, result.output
    assert not target.exists()
    return result.output


def test_what_is_wrong_is_said_with_what_to_do(attached: Archive, tmp_path: Path) -> None:
    target = tmp_path / "out.png"
    assert "add --figure PATH" in refusal(attached, target, "")
    assert "leave out --years" in refusal(attached, target, DIFFERENT, "--years")
    assert str(tmp_path / "out.png") in refusal(attached, tmp_path / "out.jpg")
    assert "has no figure 't3.nothing.total'" in refusal(attached, target, "t3.nothing.total")
    assert "cannot be written: No such file or directory" in refusal(attached, tmp_path / "no" / "out.png")
    key = attached.rows("select key from number")[0]["key"]
    assert "in a sentence" in refusal(attached, target, key)


def test_a_report_that_is_no_pdf_says_where_its_figure_stands(tmp_path: Path) -> None:
    html = filed(tmp_path / "html", page(printed(), PDF), {PDF: pdf_file(printed())})
    said = refusal(html, tmp_path / "out.png")
    assert "comes from html" in said and f"node {cited(html, '--figure', DIFFERENT)['place']['node']}" in said
    assert f"nianbao show {ID} --figure {DIFFERENT} --cite" in said and f"nianbao show {ID} --save FILE" in said
    body = report_page(TITLE, f"<p>详见附件。</p>{links([DOCX])}").encode()
    said = refusal(filed(tmp_path / "docx", body, {DOCX: docx_file(printed())}), tmp_path / "out.png")
    assert "comes from docx" in said and re.search(r"table \d+, row \d+, column \d+", said)


def test_a_figure_without_a_place_says_so(attached: Archive, tmp_path: Path) -> None:
    """Not printed; and printed so that nobody knows in which cell."""
    archive = attached.copy(tmp_path / "archive")
    db = connect(archive.folder)
    db.execute("update version_figure set state = 'ambiguous', value = null, place = '{}' where path = ?", [DIFFERENT])
    db.execute("delete from version_figure where path = 't3.granted.total'")
    db.execute("update version set missing = '[\"t3.granted\"]'")
    db.close()
    assert "is not known (state ambiguous)" in refusal(archive, tmp_path / "out.png")
    assert "is not printed in this report" in refusal(archive, tmp_path / "out.png", "t3.granted.total")


def test_a_place_that_is_not_on_the_page_is_said(attached: Archive, tmp_path: Path) -> None:
    archive = attached.copy(tmp_path / "archive")
    db = connect(archive.folder)
    db.execute("update version_figure set place = json_set(place, '$.page', 99) where path = ?", [DIFFERENT])
    db.close()
    assert "no page 99" in refusal(archive, tmp_path / "out.png")


def test_a_damaged_snapshot_is_told_as_damage(attached: Archive, tmp_path: Path) -> None:
    archive = attached.copy(tmp_path / "archive")
    (segment,) = archive.files(".warc.gz")
    segment.write_bytes(bytes(len(segment.read_bytes())))
    result = shown(archive, "--figure", DIFFERENT, "--image", tmp_path / "out.png")
    assert result.exit_code == 1 and "cannot be read back" in result.output and "nianbao verify" in result.output
