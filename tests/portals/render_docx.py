"""A document as a Word file with really merged cells (gridSpan, vMerge), the same bytes on every run."""

import io
import zipfile
from datetime import datetime
from xml.sax.saxutils import escape

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Pt

from .documents import Document
from .grids import Cell, Grid

# Word measures in twentieths of a point; this is the width between the margins of an A4 page.
TEXT_WIDTH = 8300
EPOCH = datetime(2020, 1, 1)
BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)


def docx_file(document: Document) -> bytes:
    """The bytes of the .docx file."""
    word = docx.Document()
    for line in document.title_lines:
        paragraph = word.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        run = paragraph.add_run(line)
        run.font.size, run.bold = Pt(18), True
    for block in document.blocks:
        if isinstance(block, Grid):
            word.element.body.insert(len(word.element.body) - 1, parse_xml(_table(block)))
            word.add_paragraph()
        else:
            word.add_paragraph().add_run(block.text).bold = block.role == "heading"
    properties = word.core_properties
    properties.author, properties.title = "", document.title_lines[0]
    properties.created = properties.modified = EPOCH
    buffer = io.BytesIO()
    word.save(buffer)
    return _without_times(buffer.getvalue())


def _table(grid: Grid) -> str:
    unit = TEXT_WIDTH / sum(grid.widths)
    widths = [round(width * unit) for width in grid.widths]
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    cells: dict[int, dict[int, str]] = {row: {} for row in range(len(grid.rows))}
    for placed in grid.placed():
        width = sum(widths[placed.column : placed.column + placed.cell.colspan])
        for offset in range(placed.cell.rowspan):
            cells[placed.row + offset][placed.column] = _cell(placed.cell, width, offset)
    rows = "".join(f"<w:tr>{''.join(cells[row][column] for column in sorted(cells[row]))}</w:tr>" for row in cells)
    return (
        f"<w:tbl {nsdecls('w')}><w:tblPr><w:tblW w:w='{TEXT_WIDTH}' w:type='dxa'/><w:tblBorders>{BORDERS}"
        f"</w:tblBorders></w:tblPr><w:tblGrid>{columns}</w:tblGrid>{rows}</w:tbl>"
    )


def _cell(cell: Cell, width: int, offset: int) -> str:
    """The cell at its origin, or, `offset` rows below it, the empty cell that continues it."""
    properties = f'<w:tcW w:w="{width}" w:type="dxa"/>'
    if cell.colspan > 1:
        properties += f'<w:gridSpan w:val="{cell.colspan}"/>'
    if cell.rowspan > 1:
        properties += '<w:vMerge w:val="restart"/>' if offset == 0 else "<w:vMerge/>"
    lines = cell.text.split("\n") if offset == 0 else [""]
    paragraphs = "".join(f'<w:p><w:r><w:t xml:space="preserve">{escape(line)}</w:t></w:r></w:p>' for line in lines)
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraphs}</w:tc>"


def _without_times(payload: bytes) -> bytes:
    """The same package with the time of its making taken out."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(payload)) as source, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name, EPOCH.timetuple()[:6]), source.read(name), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
