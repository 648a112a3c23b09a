"""A document as a Word file (.docx) as offices leave it: merged cells in old and new ways, runs cut up, tables in tables.

Entries of the package are stored, not compressed, so that the bytes do not depend on a compressor's version.
"""

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from xml.sax.saxutils import escape

import docx
from docx.document import Document as WordFile
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt

from tests.portals.documents import Document, Paragraph
from tests.portals.grids import Grid, Placed
from tests.portals.render_docx import EPOCH

from .model import Plan

HEAD = "某县政务公开工作领导小组办公室"
SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")
LINES: Mapping[str, tuple[str, ...]] = {"all": SIDES, "none": (), "horizontal": ("top", "bottom", "insideH")}
NUMBERED = re.compile(r"^\d[.．]\s?")


@dataclass(frozen=True, slots=True)
class Look:
    """How a file is written. `merge`: vMerge, or none (empty cells instead); `wide`: gridSpan or the old hMerge.

    `runs`: characters to a run (0: the whole line); `heads`: header rows repeat on every page; `lines`: which are drawn.
    """

    merge: str = "vMerge"
    wide: str = "gridSpan"
    runs: int = 0
    heads: bool = False
    lines: str = "all"
    size: float = 9
    valign: str = "center"
    landscape: bool = False
    page: bool = False
    around: str = ""
    inside: str = ""
    before: bool = False


LOOKS: Mapping[str, Look] = {
    "plain": Look(),
    "many runs": Look(runs=2, page=True),
    "old merges": Look(wide="hMerge"),
    "empty cells for spans": Look(merge="none"),
    "grid before": Look(before=True),
    "tracked changes": Look(inside="tracked"),
    "content controls": Look(inside="controls", page=True),
    "table in a cell": Look(around="table"),
    "automatic numbers": Look(inside="numbers"),
    "hidden text": Look(inside="hidden", runs=3),
    "line breaks": Look(inside="breaks"),
    "repeated heads": Look(heads=True, landscape=True, page=True),
    "in a content control": Look(around="control"),
}


def render(plan: Plan) -> tuple[bytes, tuple[str, ...]]:
    """The bytes of the file, and what its running head prints."""
    look = LOOKS[plan.look]
    return file(plan.document, look), ((HEAD,) if look.page else ())


def file(document: Document, look: Look) -> bytes:
    """The bytes of the .docx file."""
    word = docx.Document()
    _page(word, look)
    for line in document.title_lines:
        paragraph = word.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        run = paragraph.add_run(line)
        run.font.size, run.bold = Pt(18), True
    width = 12500 if look.landscape else 8300
    parts = [
        _paragraph(b, look) if isinstance(b, Paragraph) else _table(b, look, width) + "<w:p/>" for b in document.blocks
    ]
    body = "".join(parts)
    if look.around == "table":
        body = f"<w:tbl><w:tblPr/><w:tblGrid><w:gridCol w:w='{width}'/></w:tblGrid><w:tr><w:tc><w:tcPr/>{body}</w:tc></w:tr></w:tbl><w:p/>"
    elif look.around == "control":
        body = f"<w:sdt><w:sdtPr/><w:sdtContent>{body}</w:sdtContent></w:sdt>"
    end = len(word.element.body) - 1
    for node in reversed(list(parse_xml(f"<w:body {nsdecls('w')}>{body}</w:body>"))):
        word.element.body.insert(end, node)
    properties = word.core_properties
    properties.author, properties.title = "", document.title_lines[0]
    properties.created = properties.modified = EPOCH
    buffer = io.BytesIO()
    word.save(buffer)
    return stored(buffer.getvalue())


def stored(payload: bytes) -> bytes:
    """The same package, its entries stored and without the time of their making."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(payload)) as source, zipfile.ZipFile(buffer, "w") as target:
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name, EPOCH.timetuple()[:6]), source.read(name))
    return buffer.getvalue()


def _page(word: WordFile, look: Look) -> None:
    style = word.styles["Normal"]
    style.font.name = "Times New Roman"
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "宋体")
    section = word.sections[0]
    if look.landscape:
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = section.page_height, section.page_width
    if look.page:
        section.header.paragraphs[0].text = HEAD
        field = "".join(f"<w:r>{part}</w:r>" for part in (
            '<w:t xml:space="preserve">- </w:t>', '<w:fldChar w:fldCharType="begin"/>', "<w:instrText> PAGE </w:instrText>",
            '<w:fldChar w:fldCharType="separate"/>', "<w:t>1</w:t>", '<w:fldChar w:fldCharType="end"/>',
            '<w:t xml:space="preserve"> -</w:t>',
        ))  # fmt: skip
        made = parse_xml(f'<w:p {nsdecls("w")}><w:pPr><w:jc w:val="center"/></w:pPr>{field}</w:p>')
        section.footer._element.append(made)


def _paragraph(block: Paragraph, look: Look) -> str:
    bold = block.role == "heading"
    return f'<w:p><w:pPr><w:ind w:firstLine="480"/></w:pPr>{_runs(block.text, look, 24, bold)}</w:p>'


def _runs(text: str, look: Look, size: float, bold: bool = False) -> str:
    """The runs of a line; `inside` says what stands among them that nobody sees printed."""
    pieces = [text[n : n + look.runs] for n in range(0, len(text), look.runs)] if look.runs else [text]
    marks = f'<w:rPr>{"<w:b/>" if bold else ""}<w:sz w:val="{round(size)}"/></w:rPr>'
    runs = [f'<w:r>{marks}<w:t xml:space="preserve">{escape(piece)}</w:t></w:r>' for piece in pieces if piece]
    if look.inside == "tracked" and runs:
        author = 'w:id="1" w:author="a" w:date="2020-01-01T00:00:00Z"'
        runs[0] = f"<w:del {author}><w:r><w:delText>6</w:delText></w:r></w:del><w:ins {author}>{runs[0]}</w:ins>"
    elif look.inside == "hidden" and runs:
        runs.append("<w:r><w:rPr><w:vanish/></w:rPr><w:t>31</w:t></w:r>")
    return '<w:bookmarkStart w:id="0" w:name="_GoBack"/><w:bookmarkEnd w:id="0"/>' * bold + "".join(runs)


def _table(grid: Grid, look: Look, width: int) -> str:
    unit = width / sum(grid.widths)
    widths = [round(part * unit) for part in grid.widths]
    rows: list[dict[int, str]] = [{} for _ in grid.rows]
    for placed in grid.placed():
        span = placed.cell.colspan
        room = sum(widths[placed.column : placed.column + span])
        for offset in range(placed.cell.rowspan):
            rows[placed.row + offset][placed.column] = _cell(placed, look, room, offset)
    lines = "".join(
        f'<w:{side} w:val="{"single" if side in LINES[look.lines] else "nil"}" w:sz="4" w:space="0" w:color="auto"/>'
        for side in SIDES
    )
    columns = "".join(f'<w:gridCol w:w="{part}"/>' for part in widths)
    body = "".join(_row(row, look, look.heads and number < grid.head) for number, row in enumerate(rows))
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{width}" w:type="dxa"/><w:tblBorders>{lines}</w:tblBorders>'
        f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{columns}</w:tblGrid>{body}</w:tbl>'
    )


def _row(cells: Mapping[int, str], look: Look, head: bool) -> str:
    """A row; with `before`, an empty cell that goes on from above at its start is left out (gridBefore)."""
    kept = dict(sorted(cells.items()))
    properties = "<w:tblHeader/>" if head else ""
    first = min(kept)
    if look.before and "<!--goes on-->" in kept[first] and len(kept) > 2:
        del kept[first]
        properties = f'<w:gridBefore w:val="{min(kept)}"/>' + properties
    inner = "".join(kept.values()).replace("<!--goes on-->", "")
    return f"<w:tr>{f'<w:trPr>{properties}</w:trPr>' if properties else ''}{inner}</w:tr>"


def _cell(placed: Placed, look: Look, width: int, offset: int) -> str:
    cell = placed.cell
    merge = ""
    if cell.rowspan > 1 and look.merge == "vMerge" and not look.before:
        merge = "<w:vMerge/>" if offset else '<w:vMerge w:val="restart"/>'
    mark = "<!--goes on-->" if offset and look.before else ""
    align = f'<w:vAlign w:val="{look.valign}"/>'
    content = _content(cell.text if offset == 0 else "", look, bool(cell.path))
    if cell.colspan > 1 and look.wide == "hMerge":
        part = f'<w:tcW w:w="{width // cell.colspan}" w:type="dxa"/>'
        rest = f"<w:tc><w:tcPr>{part}<w:hMerge/>{merge}</w:tcPr><w:p/></w:tc>" * (cell.colspan - 1)
        return f'<w:tc><w:tcPr>{part}<w:hMerge w:val="restart"/>{merge}{align}</w:tcPr>{content}</w:tc>{rest}'
    span = f'<w:gridSpan w:val="{cell.colspan}"/>' if cell.colspan > 1 else ""
    made = f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{merge}{align}</w:tcPr>{content}</w:tc>{mark}'
    if look.inside == "controls" and cell.path:
        return f"<w:sdt><w:sdtPr/><w:sdtContent>{made}</w:sdtContent></w:sdt>"
    return made


def _content(text: str, look: Look, figure: bool) -> str:
    """The paragraphs of a cell; with `breaks` its lines stand in one paragraph, with `numbers` Word counts its items."""
    numbers, marks = "", '<w:jc w:val="center"/>'
    if look.inside == "numbers" and not figure and NUMBERED.match(text):
        text = NUMBERED.sub("", text)
        numbers = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
    plain = replace(look, inside="") if not text else look
    lines = [_runs(line, plain, 2 * look.size) for line in text.split("\n")]
    if look.inside == "breaks":
        return f"<w:p><w:pPr>{marks}</w:pPr>{'<w:r><w:br/></w:r>'.join(lines)}</w:p>"
    return "".join(f"<w:p><w:pPr>{numbers}{marks}</w:pPr>{line}</w:p>" for line in lines)
