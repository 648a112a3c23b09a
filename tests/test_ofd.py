"""OFD: the standard's ways of saying where a character stands, what is seen, and files that are broken or hostile."""

import io
import zipfile
from collections.abc import Mapping

import pytest
from PIL import Image, ImageColor, ImageDraw, ImageFont

from extract import ocr
from extract.formats import all_formats, read, sniff
from extract.formats.ofd import FORMAT
from extract.model import Grid, Text, Unreadable
from extract.ofd.scans import draw
from extract.ofd.sheets import sheets
from extract.ofd.text import UNREAD, deltas
from extract.picture import SCALE, NotDrawn
from extract.picture import draw as outlined
from extract.reader import parse
from extract.zips import MAX_MEMBER, MAX_XML, holds, opened
from tests.corpus import documents

NAMESPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
MM = 72 / 25.4
LONG = "<ofd:TextObject Boundary='20 250 170 5' Size='4'><ofd:TextCode X='0' Y='4' DeltaX='g 39 4'>{}</ofd:TextCode></ofd:TextObject>"
FILL = LONG.format("本报告由县人民政府办公室按照政府信息公开条例的规定编制并向社会公布欢迎查阅和监督使用")


def said(text: str, more: str = "", code: str = "X='0' Y='4'", boundary: str = "20 20 100 6", inside: str = "") -> str:
    """A text object."""
    return (
        f"<ofd:TextObject ID='1' Boundary='{boundary}' Size='4' Font='1' {more}>{inside}"
        f"<ofd:TextCode {code}>{text}</ofd:TextCode></ofd:TextObject>"
    )


def members(*pages: str, document: str = "", common: str = "") -> dict[str, bytes]:
    """A file of these pages, each given by the objects on it."""
    listed = "".join(f"<ofd:Page ID='{n}' BaseLoc='Pages/P{n}.xml'/>" for n in range(len(pages)))
    texts = {
        "OFD.xml": f"<ofd:OFD {NAMESPACE}><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f"<ofd:Document {NAMESPACE}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 210 297"
        f"</ofd:PhysicalBox></ofd:PageArea>{common}</ofd:CommonData><ofd:Pages>{listed}</ofd:Pages>{document}</ofd:Document>",
    } | {
        f"Doc_0/Pages/P{n}.xml": f"<ofd:Page {NAMESPACE}><ofd:Content><ofd:Layer>{page}</ofd:Layer></ofd:Content></ofd:Page>"
        for n, page in enumerate(pages)
    }
    return {name: text.encode() for name, text in texts.items()}


def packed(parts: Mapping[str, bytes], compression: int = zipfile.ZIP_STORED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as target:
        for name, body in parts.items():
            target.writestr(name, body)
    return buffer.getvalue()


def file(*pages: str, **more: str) -> bytes:
    return packed(members(*pages, **more))


def glyphs(*objects: str, **more: str) -> list[tuple[str, float, float, float]]:
    """The characters seen on the first page: text, left, right, foot, in millimetres."""
    found, _ = sheets(opened(file("".join(objects), **more), "OFD"))
    return [
        (one.text, round(one.x0 / MM, 1), round(one.x1 / MM, 1), round(one.bottom / MM, 1))
        for sheet in found
        for one in sheet.glyphs
    ]


def places(*objects: str) -> list[tuple[str, float]]:
    return [(text, x) for text, x, _, _ in glyphs(*objects)]


def lines(*objects: str) -> list[tuple[str, float, float, float]]:
    """The ruling lines of the first page in millimetres: across (y, x0, x1) or upright (x, top, bottom)."""
    (sheet, *_), _ = sheets(opened(file("".join(objects)), "OFD"))
    both = [("across", rule) for rule in sheet.rules.across] + [("upright", rule) for rule in sheet.rules.upright]
    return [(way, *(round(number / MM, 1) for number in rule)) for way, rule in both]


def path(data: str, more: str = "", boundary: str = "10 10 100 100", inside: str = "") -> str:
    return f"<ofd:PathObject Boundary='{boundary}' LineWidth='0.2' {more}>{inside}<ofd:AbbreviatedData>{data}</ofd:AbbreviatedData></ofd:PathObject>"


def picture(page: Image.Image, kind: str = "PNG") -> bytes:
    buffer = io.BytesIO()
    page.save(buffer, kind)
    return buffer.getvalue()


def scanned(*pages: str, pictures: Mapping[str, bytes]) -> bytes:
    """A file of these pages with pictures as its resources, by number."""
    media = "".join(
        f"<ofd:MultiMedia ID='{n}' Type='Image'><ofd:MediaFile>{n}.png</ofd:MediaFile></ofd:MultiMedia>"
        for n in pictures
    )
    parts = members(*pages, common="<ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes>") | {
        f"Doc_0/Res/{n}.png": data for n, data in pictures.items()
    }
    resources = f"<ofd:Res {NAMESPACE} BaseLoc='Res'><ofd:MultiMedias>{media}</ofd:MultiMedias></ofd:Res>"
    return packed(parts | {"Doc_0/DocumentRes.xml": resources.encode()})


WHOLE = "<ofd:ImageObject Boundary='0 0 210 297' CTM='210 0 0 297 0 0' ResourceID='1'/>"
QUARTERS = Image.new("RGB", (40, 40))
for at, tone in (((0, 0), "red"), ((20, 0), "green"), ((0, 20), "blue"), ((20, 20), "black")):
    QUARTERS.paste(tone, (*at, at[0] + 20, at[1] + 20))


def test_offsets_by_runs() -> None:
    assert deltas("g 3 5.2 4", 10) == [5.2, 5.2, 5.2, 4]
    assert deltas("1 g 2 3 1", 10) == [1, 3, 3, 1]
    assert deltas("g 9000000 1", 3) == [1, 1, 1]
    assert deltas(None, 3) == []


@pytest.mark.parametrize(
    ("code", "want"),
    [
        ("X='0' Y='4' DeltaX='4 10'", [("一", 20), ("二", 24), ("三", 34)]),
        ("X='2' Y='4' DeltaX='g 2 5'", [("一", 22), ("二", 27), ("三", 32)]),
        ("X='0' Y='4'", [("一", 20), ("二", 24), ("三", 28)]),  # nothing said: as wide as such characters are
        ("X='0' Y='4' DeltaX='10'", [("一", 20), ("二", 30), ("三", 34)]),
    ],
)
def test_characters_stand_where_the_offsets_say(code: str, want: list[tuple[str, float]]) -> None:
    assert places(said("一二三", code=code)) == want


def test_a_column_of_characters_is_written_by_offsets_downwards() -> None:
    found = glyphs(said("无法", code="X='0' Y='4' DeltaY='5'", boundary="20 20 6 12"))
    assert [(text, x, foot) for text, x, _, foot in found] == [("无", 20, 24.5), ("法", 20, 29.5)]


def test_a_second_code_goes_on_at_the_last_ones_place() -> None:
    both = (
        "<ofd:TextObject Boundary='20 20 100 20' Size='4'><ofd:TextCode X='5' Y='4'>一</ofd:TextCode>"
        "<ofd:TextCode Y='9'>二</ofd:TextCode></ofd:TextObject>"
    )
    assert [(text, x, foot) for text, x, _, foot in glyphs(both)] == [("一", 25, 24.5), ("二", 25, 29.5)]


def test_a_matrix_moves_and_scales_text() -> None:
    found = glyphs(said("一二", "CTM='0.5 0 0 0.5 10 1'", "X='0' Y='8' DeltaX='10'"))
    assert [(text, x) for text, x, _, _ in found] == [("一", 30), ("二", 35)]
    assert round(found[0][2] - found[0][1], 1) == 2  # a character of four millimetres, halved


def test_text_that_stands_sideways_is_a_sheet_of_its_own() -> None:
    found, _ = sheets(opened(file(said("正") + said("横排", "CTM='0 -1 1 0 0 50'", boundary="50 50 6 50")), "OFD"))
    assert [(sheet.page, sheet.turned, "".join(one.text for one in sheet.glyphs)) for sheet in found] == [
        (1, 0, "正"),
        (1, 1, "横排"),
    ]
    assert glyphs(said("斜", "CTM='0.7 0.7 -0.7 0.7 0 0'")) == []


def test_glyphs_that_are_named_by_number() -> None:
    change = "<ofd:CGTransform CodePosition='{}' CodeCount='{}' GlyphCount='{}'><ofd:Glyphs>7 8</ofd:Glyphs></ofd:CGTransform>"
    assert places(said("一二", code="X='0' Y='4' DeltaX='6'", inside=change.format(0, 2, 2))) == [
        ("一", 20),
        ("二", 26),
    ]
    one = places(said("ffi一", code="X='0' Y='4' DeltaX='6'", inside=change.format(0, 3, 1)))
    assert one == [("ffi", 20), ("一", 26)]
    two = places(said("一二", code="X='0' Y='4' DeltaX='1 6'", inside=change.format(0, 1, 2)))
    assert two == [("一", 20), ("二", 27)]
    assert places(said("", code="X='0' Y='4' DeltaX='6'", inside=change.format(0, 2, 2))) == []
    assert places(said("\ue001")) == [(UNREAD, 20)]  # a character that only the font knows is no figure


def test_what_is_not_seen_is_not_read() -> None:
    hidden = [
        said("隐", "Visible='false'"),
        said("隐", inside="<ofd:FillColor Value='255 255 255'/>"),
        said("隐", "Alpha='20'"),
        said("隐", code="X='500' Y='4'"),  # outside of its boundary, which cuts it off
        "<ofd:PageBlock Visible='false'>" + said("隐") + "</ofd:PageBlock>",
        said("水印", "CTM='6 3 -3 6 0 0'"),
    ]
    assert {text for text, *_ in glyphs(said("看得见"), *hidden)} == set("看得见")


def test_a_boundary_that_cuts_off_a_digit_is_measured_wrongly() -> None:
    assert places(said("12", code="X='0' Y='4' DeltaX='2'", boundary="20 20 1 6")) == [("1", 20), ("2", 22)]


def test_white_text_on_a_dark_ground_is_seen() -> None:
    dark = path("M 0 0 L 100 0 L 100 20 L 0 20 C", "Fill='true' Stroke='false'", "15 15 100 20")
    assert places(dark, said("白", inside="<ofd:FillColor Value='255 255 255'/>")) == [("白", 20)]


def test_text_that_is_drawn_twice_is_printed_bold() -> None:
    assert places(said("12", code="X='0' Y='4' DeltaX='2'"), said("12", code="X='.1' Y='4.1' DeltaX='2'")) == [
        ("1", 20),
        ("2", 22),
    ]
    assert places(said("11", code="X='0' Y='4' DeltaX='2'")) == [("1", 20), ("1", 22)]


def test_what_is_drawn_over_text_hides_it() -> None:
    box = path(
        "M 0 0 L 30 0 L 30 9 L 0 9 C", "Fill='true' Stroke='false'{}", "18 18 30 9", "<ofd:FillColor Value='{}'/>"
    )
    white, grey = box.format("", "255 255 255"), box.format("", "200 200 200")
    assert places(said("12"), white, said("3", boundary="60 20 9 6")) == [("3", 60)]
    assert [text for text, _ in places(grey, said("12"))] == ["1", "2"]  # shading of a cell lies under its figure
    assert [text for text, _ in places(said("12"), box.format(" Alpha='90'", "255 255 0"))] == ["1", "2"]


def test_a_page_picture_over_text_hides_it_and_a_seal_does_not() -> None:
    text = FILL + said("盖章单位")
    seal = "<ofd:ImageObject Boundary='15 15 60 60' ResourceID='1'/>"
    clear = Image.new("RGBA", (40, 40), (255, 0, 0, 0))
    for drawn, image, scans in ((WHOLE, QUARTERS, [1]), (seal, QUARTERS, []), (WHOLE, clear, [])):
        found = sheets(opened(scanned(text + drawn, pictures={"1": picture(image)}), "OFD"))[1]
        assert [scan.page for scan in found] == scans


@pytest.mark.parametrize(
    ("drawn", "want"),
    [
        (path("M 0 0 L 50 0"), [("across", 10, 10, 60)]),
        (path("S 0 0 L 0 50"), [("upright", 10, 10, 60)]),
        (path("M 0 0 L 12.5 0", "CTM='4 0 0 4 0 20'"), [("across", 30, 10, 60)]),
        (path("M 0 0 L 50 0 L 50 .2 L 0 .2 C", "Fill='true' Stroke='false'"), [("across", 10.1, 10, 60)]),
        (path("M 0 0 L 50 0", boundary="10 10 20 1"), [("across", 10, 10, 30.4)]),  # cut to its boundary
        (path("M 0 0 Q 25 10 50 0"), []),
        (path("M 0 0 B 5 5 9 9 50 0 L 90 0"), [("across", 10, 60, 100)]),
        (path("M 0 0 A 5 5 0 0 1 50 0"), []),
        (path("M 0 0 L 50 0", "Stroke='false'"), []),
        (path("M 0 0 L 50 0", inside="<ofd:StrokeColor Value='255 255 255'/>"), []),
        (path("M 0 0 L 50 0 L 50 30 L 0 30 C", "Fill='true' Stroke='false'"), []),  # the shading of a cell
    ],
)
def test_lines_of_paths(drawn: str, want: list[tuple[str, float, float, float]]) -> None:
    assert lines(drawn) == want


def test_the_sides_of_a_rectangle() -> None:
    assert sorted(lines(path("M 0 0 L 50 0 L 50 30 L 0 30 C"))) == [
        ("across", 10, 10, 60),
        ("across", 40, 10, 60),
        ("upright", 10, 10, 40),
        ("upright", 60, 10, 40),
    ]


@pytest.mark.parametrize(
    ("ctm", "corners"),
    [
        ("210 0 0 297 0 0", ("red", "green", "blue", "black")),
        ("0 297 -210 0 210 0", ("blue", "red", "black", "green")),  # turned by a quarter
        ("-210 0 0 -297 210 297", ("black", "blue", "green", "red")),
        ("", ("red", "green", "blue", "black")),
    ],
)
def test_pictures_lie_on_the_page_as_their_matrix_says(ctm: str, corners: tuple[str, ...]) -> None:
    shown = f"<ofd:ImageObject Boundary='0 0 210 297' {f'CTM={ctm!r}' if ctm else ''} ResourceID='1'/>"
    package = opened(scanned(shown, pictures={"1": picture(QUARTERS)}), "OFD")
    page, scale = draw(package, sheets(package)[1][0], 36)
    assert (page.size, round(scale, 3)) == ((298, 421), 0.5)
    places = [(20, 20), (page.width - 20, 20), (20, page.height - 20), (page.width - 20, page.height - 20)]
    assert [page.getpixel(place) for place in places] == [ImageColor.getrgb(tone) for tone in corners]


def test_which_pages_are_scans(monkeypatch: pytest.MonkeyPatch) -> None:
    hidden = said("扫描后识别的文字", more="Alpha='0'") * 9
    small = "<ofd:ImageObject Boundary='10 10 30 30' ResourceID='1'/>"
    other, third = FILL.replace("查阅", "来信"), FILL.replace("查阅", "来访")
    data = scanned(FILL, WHOLE, hidden + WHOLE, other + small, WHOLE + third, pictures={"1": picture(QUARTERS)})
    assert [scan.page for scan in sheets(opened(data, "OFD"))[1]] == [2, 3]
    monkeypatch.setattr(ocr, "missing", lambda: "")
    assert ocr.pages_to_read(data) == 2
    monkeypatch.setattr(ocr, "missing", lambda: "install it")
    text = read(data)
    assert text.notes == ("pages 2, 3 are scans: install it",) and "监督" in words(text)
    with pytest.raises(Unreadable, match="install it"):
        read(scanned(WHOLE, pictures={"1": picture(QUARTERS)}))


@pytest.mark.skipif(bool(ocr.missing()), reason="the packages to read pictures are not installed")
def test_a_scan_is_recognised() -> None:
    """A ruled table of figures; its places lie on the page of the file, in points."""
    page = Image.new("RGB", (1654, 2339), "white")
    pen, font = ImageDraw.Draw(page), ImageFont.load_default(40)
    for number, line in enumerate(("ANNUAL REPORT 2023", "Open government, three columns of numbers")):
        pen.text((200, 150 + 80 * number), line, "black", font)
    rows = (("125", "40", "0"), ("7", "", "936"))
    for number in range(4):
        pen.line((200 + 300 * number, 400, 200 + 300 * number, 560), "black", 4)
    for number in range(3):
        pen.line((200, 400 + 80 * number, 1100, 400 + 80 * number), "black", 4)
    for y, row in enumerate(rows):
        for x, written in enumerate(row):
            pen.text((310 + 300 * x, 418 + 80 * y), written, "black", font)
    text = read(scanned(WHOLE, pictures={"1": picture(page)}))
    (grid,) = text.grids()
    assert [tuple(cell.text for cell in row) for row in grid.rows] == list(rows)
    place = grid.rows[1][2].place
    assert place is not None and place.page == 1 and place.box is not None
    assert all(abs(a - b * 0.36) < 4 for a, b in zip(place.box, (800, 480, 1100, 560), strict=True))


def test_a_damaged_picture_is_a_reason() -> None:
    data = scanned(WHOLE, pictures={"1": picture(QUARTERS)[:40]})
    with pytest.raises(Unreadable, match="OFD document"):
        read(data)


def words(text: Text) -> str:
    return "".join([text.title, *(block.text for block in text.paragraphs())])


def test_pages_run_over_all_documents_of_a_file() -> None:
    parts = members(FILL + said("第一页"), said("第二页", boundary="20 20 100 6"))
    second = {name.replace("Doc_0", "Doc_1"): body for name, body in members(said("第三页")).items()}
    first = parts["OFD.xml"].replace(
        b"</ofd:OFD>", b"<ofd:DocBody><ofd:DocRoot>/Doc_1/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"
    )
    found, _ = sheets(opened(packed(second | parts | {"OFD.xml": first}), "OFD"))
    assert [(sheet.page, "".join(one.text for one in sheet.glyphs)[-3:]) for sheet in found] == [
        (1, "第一页"),
        (2, "第二页"),
        (3, "第三页"),
    ]


def test_the_current_version_of_a_document_counts() -> None:
    parts = members(FILL)
    other = {name.replace("Doc_0", "Doc_1"): body for name, body in members(FILL.replace("查阅", "来信")).items()}
    body = (
        f"<ofd:OFD {NAMESPACE}><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot><ofd:Versions>"
        "<ofd:Version ID='1' Index='1' BaseLoc='Doc_0/V1.xml'/><ofd:Version ID='2' Index='2' Current='true' BaseLoc='Doc_0/V2.xml'/>"
        "</ofd:Versions></ofd:DocBody></ofd:OFD>"
    )
    version = f"<ofd:DocVersion {NAMESPACE}><ofd:DocRoot>/Doc_1/Document.xml</ofd:DocRoot></ofd:DocVersion>"
    text = read(packed(parts | other | {"OFD.xml": body.encode(), "Doc_0/V2.xml": version.encode()}))
    assert "来信" in words(text)


def test_places_are_found_as_writers_name_them() -> None:
    """From the root with a slash or without, from the folder of the file; resources with a folder of their own or none."""
    for root, page in (("Doc_0/Document.xml", "Pages/P0.xml"), ("/Doc_0/Document.xml", "/Doc_0/Pages/P0.xml"),
                       ("./Doc_0/Document.xml", "Doc_0/Pages/P0.xml"), ("Doc_0\\Document.xml", "../Doc_0/Pages/P0.xml")):  # fmt: skip
        parts = members(FILL)
        parts["OFD.xml"] = parts["OFD.xml"].replace(b"Doc_0/Document.xml", root.encode())
        parts["Doc_0/Document.xml"] = parts["Doc_0/Document.xml"].replace(b"Pages/P0.xml", page.encode())
        assert "监督" in words(read(packed(parts)))
    for folder, media in (("Res", "1.png"), ("", "Res/1.png"), ("Res", "Res/1.png"), ("Res", "/Doc_0/Res/1.png")):
        data = scanned(WHOLE, pictures={"1": picture(QUARTERS)})
        with zipfile.ZipFile(io.BytesIO(data)) as made:
            parts = {name: made.read(name) for name in made.namelist()}
        resources = parts["Doc_0/DocumentRes.xml"].replace(b"BaseLoc='Res'", f"BaseLoc='{folder}'".encode())
        parts["Doc_0/DocumentRes.xml"] = resources.replace(b">1.png<", f">{media}<".encode())
        package = opened(packed(parts), "OFD")
        assert [one.path for scan in sheets(package)[1] for one in scan.pictures if package.has(one.path)], media


def test_annotations_and_seals_are_no_text() -> None:
    parts = members(FILL, document="<ofd:Annotations>Annots/Annotations.xml</ofd:Annotations>")
    annotation = f"<ofd:PageAnnot {NAMESPACE}>{said('批注')}</ofd:PageAnnot>".encode()
    text = read(packed(parts | {"Doc_0/Annots/Annotations.xml": annotation, "Doc_0/Signs/Signatures.xml": b"\0"}))
    assert "批注" not in words(text) and "监督" in words(text)


@pytest.mark.parametrize("look", ["ruled", "ruled, turned", "no lines, turned", "ruled, across", "no lines, across"])
def test_the_place_of_a_figure_is_outlined_on_its_page(look: str) -> None:
    """Something is printed at the place of a figure, and nothing at that of a blank one."""
    document = next(one for one in documents("ofd") if one.oddities[-1] == look)
    (report,) = parse(read(document.data))
    shown = {path: figure for path, figure in report.figures.items() if figure.place and figure.place.box}
    assert len(shown) > 0.9 * len(report.figures)
    paths = list(shown)[:: len(shown) // 4] + [path for path, figure in shown.items() if not figure.written][:2]
    for path in paths:
        place = shown[path].place
        assert place is not None and place.page is not None and place.box is not None
        page = Image.open(io.BytesIO(outlined(document.data, place.page, place.box))).convert("L")
        x0, top, x1, bottom = (edge * SCALE for edge in place.box)
        edge = 5 if look.startswith("ruled") else 0  # the ruling lines stand around the place
        inside = page.crop((int(x0) + edge, int(top) + edge, int(x1) + 1 - edge, int(bottom) + 1 - edge))
        assert (inside.getextrema()[0] < 200) == bool(shown[path].written), path
    with pytest.raises(NotDrawn, match="no page 99"):
        outlined(document.data, 99, (0, 0, 1, 1))


def test_a_figure_of_private_characters_is_unreadable() -> None:
    """Only the font knows what they show."""
    cells = [("信息内容", 20), ("本年制发件数", 70), ("本年废止件数", 110), ("现行有效件数", 150)]
    row = [("规章", 20), ("\ue003", 80), ("0", 120), ("", 160)]
    texts = "".join(
        said(text, boundary=f"{x} {y} 40 6") for y, line in ((40, cells), (50, row)) for text, x in line if text
    )
    rules = "".join(path("M 0 0 L 170 0", boundary=f"18 {y} 170 1") for y in (38, 48, 58))
    rules += "".join(path("M 0 0 L 0 20", boundary=f"{x} 38 1 20") for x in (18, 68, 108, 148, 188))
    (grid,) = (block for block in read(file(FILL + texts + rules)).blocks if isinstance(block, Grid))
    assert [cell.text for cell in grid.rows[1]] == ["规章", UNREAD, "0", ""]
    place = grid.rows[1][2].place
    assert place is not None and place.page == 1
    assert place.box == tuple(round(edge * MM, 1) for edge in (108, 48, 148, 58))


HOSTILE = {
    "no root": ({"OFD.xml": b"<OFD/>"}, "no pages"),
    "damaged XML": (members(FILL) | {"Doc_0/Document.xml": b"<a><b></a>"}, "damaged"),
    "a page is missing": (members(FILL) | {"Doc_0/Document.xml": members(FILL, FILL)["Doc_0/Document.xml"]}, "has no"),
    "an entity bomb": (
        members(FILL)
        | {"Doc_0/Document.xml": b'<!DOCTYPE a [<!ENTITY b "cccccccc"><!ENTITY d "&b;&b;&b;">]><a>&d;</a>'},
        "document type",
    ),
    "a path that climbs": (
        members(FILL) | {"OFD.xml": b"<OFD><DocBody><DocRoot>../../../../etc/passwd</DocRoot></DocBody></OFD>"},
        "has no",
    ),
    "an entity from outside": (
        members(FILL) | {"OFD.xml": b'<!DOCTYPE a [<!ENTITY b SYSTEM "http://127.0.0.1:9/x">]><OFD>&b;</OFD>'},
        "document type",
    ),
    "encrypted": (members(FILL) | {"Encryptions.xml": b"<a/>"}, "encrypted"),
    "blocks without end": (members("<ofd:PageBlock>" * 60 + "</ofd:PageBlock>" * 60), "blocks inside blocks"),
    "numbers without measure": (members(FILL + said("一", code="X='1e300' Y='4'")), "without measure"),
    "no numbers": (members(FILL + said("一", code="X='a' Y='4'")), "where numbers stand"),
    "half a path": (members(FILL + path("M 0 0 L 5")), "lost its end"),
    "no operator": (members(FILL + path("M 0 0 Z 5 5")), "operator"),
    "a scan": (members(""), "no text"),
    "pages without end": (members(*[""] * 301), "more than 300 pages"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_broken_and_hostile_files_are_unreadable_with_their_reason(name: str) -> None:
    parts, reason = HOSTILE[name]
    with pytest.raises(Unreadable, match=reason):
        read(packed(parts))


def test_a_composed_object_inside_itself_ends() -> None:
    unit = "<ofd:CompositeGraphicUnit ID='9'><ofd:Content><ofd:CompositeObject ResourceID='9'/></ofd:Content></ofd:CompositeGraphicUnit>"
    parts = members("<ofd:CompositeObject ResourceID='9'/>", common="<ofd:PublicRes>Res.xml</ofd:PublicRes>")
    with pytest.raises(Unreadable, match="blocks inside blocks"):
        read(packed(parts | {"Doc_0/Res.xml": f"<ofd:Res {NAMESPACE}>{unit}</ofd:Res>".encode()}))


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    parts = members(FILL) | {"Doc_0/Pages/P0.xml": b" " * (MAX_MEMBER + 1)}
    with pytest.raises(Unreadable, match="larger than"):
        read(packed(parts, zipfile.ZIP_DEFLATED))


def test_a_page_of_countless_elements_is_refused() -> None:
    page = {"Doc_0/Pages/P0.xml": b"<Page>" + b"<a/>" * (MAX_XML // 4) + b"</Page>"}
    with pytest.raises(Unreadable, match="larger than"):
        read(packed(members("") | page, zipfile.ZIP_DEFLATED))


@pytest.mark.parametrize("cut", [200, 900, 1500])
def test_a_torn_file_is_unreadable(cut: int) -> None:
    data = file(FILL)
    with pytest.raises(Unreadable):
        read(data[:-cut])


def test_a_bundle_that_holds_such_a_file_is_none() -> None:
    inside = file(FILL)
    assert FORMAT.recognises(inside) and sniff(inside).name == "ofd"
    bundle = packed({"年报/2023.ofd": inside, "年报/OFD.xml": b"<a/>"})
    assert holds(bundle, "年报/2023.ofd") and not FORMAT.recognises(bundle)
    assert not any(made.recognises(bundle) for made in all_formats() if made.name in ("ofd", "docx", "xlsx"))
    assert FORMAT.recognises(packed({"ofd.XML": b"<a/>"}))  # as Windows names them
