"""Writes pages as an OFD package (GB/T 33190-2016), in the ways in which the standard lets writers differ.

Entries of the package are stored, not compressed, so that the bytes do not depend on a compressor's version.
"""

import io
import math
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from reportlab.pdfbase import pdfmetrics

from tests.portals.render_docx import EPOCH
from tests.portals.render_pdf import FONT

MM = 25.4 / 72  # to a point
SPACE = "http://www.ofdspec.org/2016"


@dataclass(frozen=True, slots=True)
class Pen:
    """How a writer writes.

    `deltas`: offsets of characters one by one (each), in runs (g), or each character an object of its own (alone).
    `whole`: all lines of a cell are one object. `lines`: strokes, thin filled rectangles, or one path for a whole page.
    `scale`: of the CTM; text and paths are written that much smaller. `turned`: what a reader must turn the upright page
    for. `template`: the running head stands in a template page. `blocks`: objects lie in blocks within blocks.
    `origin`: where the paper's corner lies, in millimetres. `documents`: in the file, one or two. `prefix`: of the
    namespace. `rooted`: places are said from the root. `composed`: the lines of a page are a composed object.
    `numbered`: glyphs are named by number (CGTransform). `params`: colours and widths are said once for all.
    """

    deltas: str = "each"
    whole: bool = False
    lines: str = "strokes"
    scale: float = 1.0
    turned: bool = False
    template: bool = False
    blocks: bool = False
    origin: float = 0.0
    documents: int = 1
    prefix: str = "ofd:"
    rooted: bool = False
    composed: bool = False
    numbered: bool = False
    params: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """A line of text: where it starts on its baseline, in millimetres from the top left; its size in millimetres."""

    text: str
    x: float
    y: float
    size: float
    advances: tuple[float, ...]
    font: int


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page: its size in millimetres, its lines of text by object, its ruling lines."""

    size: tuple[float, float]
    texts: tuple[tuple[Written, ...], ...]
    rules: tuple[tuple[float, float, float, float], ...]


def packed(leaves: Sequence[Leaf], pen: Pen, running: str) -> bytes:
    """The package: OFD.xml, and for each document its root, its resources, its template, its pages."""
    buffer = io.BytesIO()
    middle = len(leaves) // 2
    shares = [leaves] if pen.documents == 1 else [leaves[:middle], leaves[middle:]]
    with zipfile.ZipFile(buffer, "w") as target:

        def write(name: str, text: str) -> None:
            body = text if pen.prefix else text.replace("ofd:", "").replace("xmlns:ofd", "xmlns")
            entry = zipfile.ZipInfo(name, EPOCH.timetuple()[:6])
            target.writestr(entry, f'<?xml version="1.0" encoding="UTF-8"?>\n{body}'.encode())

        bodies = "".join(
            f"<ofd:DocBody><ofd:DocInfo><ofd:DocID>{n:032x}</ofd:DocID><ofd:Creator>示例</ofd:Creator></ofd:DocInfo>"
            f"<ofd:DocRoot>{'/' * pen.rooted}Doc_{n}/Document.xml</ofd:DocRoot></ofd:DocBody>"
            for n in range(len(shares))
        )
        write("OFD.xml", f'<ofd:OFD xmlns:ofd="{SPACE}" Version="1.0" DocType="OFD">{bodies}</ofd:OFD>')
        for n, share in enumerate(shares):
            for name, text in _document(share, pen, running, f"Doc_{n}"):
                write(name, text)
    return buffer.getvalue()


def _document(leaves: Sequence[Leaf], pen: Pen, running: str, folder: str) -> Iterator[tuple[str, str]]:
    """The members of one document: names and texts."""
    at = f"/{folder}/" if pen.rooted else ""
    usual = leaves[0].size
    template = f'<ofd:TemplatePage ID="90" Name="页眉" ZOrder="Background" BaseLoc="{at}Tpls/Tpl_0/Content.xml"/>'
    listed = "".join(f'<ofd:Page ID="{n + 100}" BaseLoc="{at}Pages/Page_{n}/Content.xml"/>' for n in range(len(leaves)))
    yield (
        f"{folder}/Document.xml",
        (
            f'<ofd:Document xmlns:ofd="{SPACE}"><ofd:CommonData><ofd:MaxUnitID>99999</ofd:MaxUnitID>'
            f"<ofd:PageArea>{_box(pen, usual)}</ofd:PageArea><ofd:PublicRes>{at}PublicRes.xml</ofd:PublicRes>"
            f"<ofd:DocumentRes>{at}DocumentRes.xml</ofd:DocumentRes>{template * pen.template}</ofd:CommonData>"
            f"<ofd:Pages>{listed}</ofd:Pages></ofd:Document>"
        ),
    )
    param = '<ofd:DrawParams><ofd:DrawParam ID="31" LineWidth="0.25"><ofd:StrokeColor Value="0 0 0"/></ofd:DrawParam>'
    param += (
        '<ofd:DrawParam ID="30" Relative="31"><ofd:FillColor Value="#1A #1A #1A"/></ofd:DrawParam></ofd:DrawParams>'
    )
    yield (
        f"{folder}/PublicRes.xml",
        (
            f'<ofd:Res xmlns:ofd="{SPACE}" BaseLoc="Res"><ofd:Fonts><ofd:Font ID="1" FontName="宋体"/>'
            f'<ofd:Font ID="2" FontName="Times New Roman"/></ofd:Fonts>{param * pen.params}</ofd:Res>'
        ),
    )
    units: list[str] = []
    for n, leaf in enumerate(leaves):
        area = f"<ofd:Area>{_box(pen, leaf.size)}</ofd:Area>" if leaf.size != usual else ""
        used = '<ofd:Template TemplateID="90" ZOrder="Background"/>' * pen.template
        marks = ' DrawParam="30"' * pen.params
        yield (
            f"{folder}/Pages/Page_{n}/Content.xml",
            (
                f'<ofd:Page xmlns:ofd="{SPACE}">{used}{area}<ofd:Content>'
                f'<ofd:Layer ID="9{n}" Type="Body"{marks}>{_objects(leaf, pen, units)}</ofd:Layer></ofd:Content></ofd:Page>'
            ),
        )
    made = "".join(units)
    yield (
        f"{folder}/DocumentRes.xml",
        (
            f'<ofd:Res xmlns:ofd="{SPACE}" BaseLoc="Res"><ofd:CompositeGraphicUnits>{made}</ofd:CompositeGraphicUnits></ofd:Res>'
        ),
    )
    if pen.template:
        size = 9 * MM
        advances = tuple(pdfmetrics.stringWidth(one, FONT, 9) * MM for one in running)
        head = Written(running, (usual[0] - sum(advances)) / 2, 45 * MM, size, advances, 1)
        yield (
            f"{folder}/Tpls/Tpl_0/Content.xml",
            (
                f'<ofd:Page xmlns:ofd="{SPACE}"><ofd:Content><ofd:Layer ID="91" Type="Background">'
                f"{_text([head], pen, usual)}</ofd:Layer></ofd:Content></ofd:Page>"
            ),
        )


def _box(pen: Pen, size: tuple[float, float]) -> str:
    """The paper: turned pages stand upright, whatever lies on them."""
    width, height = (size[1], size[0]) if pen.turned else size
    return f"<ofd:PhysicalBox>{_n(pen.origin)} {_n(pen.origin)} {_n(width)} {_n(height)}</ofd:PhysicalBox>"


def _objects(leaf: Leaf, pen: Pen, units: list[str]) -> str:
    """The paths, then the text, of a page."""
    paths = "".join(_paths(leaf, pen))
    if pen.composed and paths:
        number = f"7{len(units):03}"
        width, height = map(_n, leaf.size)
        units.append(
            f'<ofd:CompositeGraphicUnit ID="{number}" Width="{width}" Height="{height}"><ofd:Content>{paths}</ofd:Content></ofd:CompositeGraphicUnit>'
        )
        boundary = f"{_n(pen.origin)} {_n(pen.origin)} {width} {height}"
        paths = f'<ofd:CompositeObject ID="8{number}" Boundary="{boundary}" ResourceID="{number}"/>'
    texts = [_text(lines, pen, leaf.size) for lines in leaf.texts]
    if pen.blocks:
        half = len(texts) // 2
        inner = f'<ofd:PageBlock ID="61"><ofd:PageBlock ID="62">{"".join(texts[:half])}</ofd:PageBlock></ofd:PageBlock>'
        return f'<ofd:PageBlock ID="60">{paths}</ofd:PageBlock>{inner}{"".join(texts[half:])}'
    return paths + "".join(texts)


def _paths(leaf: Leaf, pen: Pen) -> Iterator[str]:
    rules = [_turned_line(rule, leaf.size) if pen.turned else rule for rule in leaf.rules]
    shift = 0.0 if pen.composed else pen.origin
    if pen.lines == "one" and rules:
        x0, y0 = min(min(r[0], r[2]) for r in rules), min(min(r[1], r[3]) for r in rules)
        x1, y1 = max(max(r[0], r[2]) for r in rules), max(max(r[1], r[3]) for r in rules)
        data = " ".join(
            f"M {_n((a - x0) / pen.scale)} {_n((b - y0) / pen.scale)} L {_n((c - x0) / pen.scale)} {_n((d - y0) / pen.scale)}"
            for a, b, c, d in rules
        )
        yield _path((x0 + shift, y0 + shift, x1 - x0, y1 - y0), data, pen, 'LineWidth="{}"')
        return
    for a, b, c, d in rules:
        x, y, width, height = min(a, c), min(b, d), abs(c - a), abs(d - b)
        if pen.lines == "thin":
            x, y, width, height = x - 0.1, y - 0.1, width + 0.2, height + 0.2
            w, h = _n(width / pen.scale), _n(height / pen.scale)
            data = f"M 0 0 L {w} 0 L {w} {h} L 0 {h} C"
            yield _path((x + shift, y + shift, width, height), data, pen, 'Stroke="false" Fill="true"')
        else:
            data = f"M 0 0 L {_n(width / pen.scale)} {_n(height / pen.scale)}"
            yield _path((x + shift, y + shift, width, height), data, pen, 'LineWidth="{}"')


def _path(boundary: tuple[float, ...], data: str, pen: Pen, said: str) -> str:
    box = quoteattr(" ".join(map(_n, boundary)))
    ctm = f' CTM="{_n(pen.scale)} 0 0 {_n(pen.scale)} 0 0"' if pen.scale != 1 else ""
    colour = (
        '<ofd:FillColor Value="0 0 0"/>' if "Fill" in said else '<ofd:StrokeColor Value="0 0 0"/>' * (not pen.params)
    )
    width = said.format(_n(0.25 / pen.scale))
    return f'<ofd:PathObject ID="5" Boundary={box} {width}{ctm}>{colour}<ofd:AbbreviatedData>{data}</ofd:AbbreviatedData></ofd:PathObject>'


def _turned_line(
    rule: tuple[float, float, float, float], size: tuple[float, float]
) -> tuple[float, float, float, float]:
    """A line on a page that was turned by a quarter against the clock: (x, y) lies at (y, width - x)."""
    a, b, c, d = rule
    return b, size[0] - a, d, size[0] - c


def _text(lines: Sequence[Written], pen: Pen, size: tuple[float, float]) -> str:
    """The lines as one text object, or as one for each character."""
    if pen.deltas == "alone":
        return "".join(
            _object([Written(one, x, line.y, line.size, (wide,), line.font)], pen, size)
            for line in lines
            for one, x, wide in zip(line.text, _starts(line), line.advances, strict=True)
            if one != " "
        )
    return _object(lines, pen, size)


def _starts(line: Written) -> list[float]:
    return [line.x + math.fsum(line.advances[:n]) for n in range(len(line.text))]


def _object(lines: Sequence[Written], pen: Pen, size: tuple[float, float]) -> str:
    """A text object around some lines."""
    left, top = min(line.x for line in lines), min(line.y - line.size for line in lines)
    right, bottom = (
        max(line.x + sum(line.advances) for line in lines),
        max(line.y + 0.3 * line.size for line in lines),
    )
    width, height, k = right - left, bottom - top, pen.scale
    codes = "".join(_code(line, left, top, pen) for line in lines)
    ctm = [k, 0.0, 0.0, k, 0.0, 0.0]
    corner = left, top, width, height
    if pen.turned:  # the object's own x runs up the page
        corner = top, size[0] - left - width, height, width
        ctm = [0.0, -k, k, 0.0, 0.0, width]
    boundary = " ".join(map(_n, (corner[0] + pen.origin, corner[1] + pen.origin, corner[2], corner[3])))
    matrix = f' CTM="{" ".join(map(_n, ctm))}"' if ctm != [1, 0, 0, 1, 0, 0] else ""
    colour = "" if pen.params else '<ofd:FillColor Value="0 0 0"/>'
    em = _n(max(line.size for line in lines) / k)
    return f'<ofd:TextObject ID="4" Boundary="{boundary}" Font="{lines[0].font}" Size="{em}"{matrix}>{colour}{codes}</ofd:TextObject>'


def _code(line: Written, left: float, top: float, pen: Pen) -> str:
    """A line's text with the offsets of its characters, and the numbers of its glyphs where a writer says them."""
    k = pen.scale
    steps = [_n(advance / k) for advance in line.advances[:-1]]
    said = f' DeltaX="{" ".join(_runs(steps) if pen.deltas == "g" else steps)}"' if steps else ""
    glyphs = " ".join(str(300 + ord(one) % 5000) for one in line.text)
    count = len(line.text)
    numbered = f'<ofd:CGTransform CodePosition="0" CodeCount="{count}" GlyphCount="{count}"><ofd:Glyphs>{glyphs}</ofd:Glyphs></ofd:CGTransform>'
    place = f'X="{_n((line.x - left) / k)}" Y="{_n((line.y - top) / k)}"'
    return numbered * pen.numbered + f"<ofd:TextCode {place}{said}>{escape(line.text)}</ofd:TextCode>"


def _runs(steps: Sequence[str]) -> Iterator[str]:
    """Equal offsets in a row as `g count offset`."""
    at = 0
    while at < len(steps):
        end = at
        while end < len(steps) and steps[end] == steps[at]:
            end += 1
        yield f"g {end - at} {steps[at]}" if end - at > 1 else steps[at]
        at = end


def _n(number: float) -> str:
    """Four digits behind the point, as writers do."""
    return f"{round(number, 4) + 0.0:.4f}".rstrip("0").rstrip(".")
