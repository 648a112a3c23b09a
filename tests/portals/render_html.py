"""A document as the HTML that an editor leaves after a paste from Word: nested tags, padding, inline styles."""

from html import escape

from .documents import Document, Paragraph
from .grids import Cell, Grid
from .wording import choose

TABLE_TAGS = (
    '<table border="1" cellspacing="0" cellpadding="0" style="border-collapse:collapse;width:100%">',
    '<table class="MsoNormalTable" border="0" cellspacing="0" style="margin-left:5px;border:none" width="616">',
    '<table style="width: 640px; border-collapse: collapse;" border="1">',
)
CELL_STYLES = (
    "",
    ' style="border:solid windowtext 1px;padding:0 7px;word-break:break-all" valign="center"',
    ' width="60" valign="top"',
)
TEXT_TAGS = (
    ("<p>{}</p>", "<br>"),
    (
        '<p style="text-align:center"><span style="font-family:仿宋;font-size:14px">{}</span></p>',
        "</span></p><p><span>",
    ),
    ('<p class="MsoNormal" align="center"><span><span lang="EN-US">{}</span></span><o:p></o:p></p>', "<br/>"),
    ("{}", "<br />"),
)
PARAGRAPH_TAGS = (
    "<p>{}</p>",
    '<p style="text-indent:2em"><span style="font-size:16px;font-family:仿宋_GB2312">{}</span></p>',
    '<p class="MsoNormal">　　<span>{}</span></p>',
)
HEADING_TAGS = ("<p><strong>{}</strong></p>", "<h2>{}</h2>", '<p><span style="font-family:黑体">{}</span></p>')
BLANKS = ("&nbsp;", "", "&nbsp;&nbsp;")


def html_body(document: Document) -> str:
    """The report as it stands inside the body container of a detail page."""
    style = document.style
    parts = []
    if choose(style, "title.body", (True, False, False)):
        parts += [f'<p style="text-align:center"><b>{escape(line)}</b></p>' for line in document.title_lines]
    for block in document.blocks:
        if isinstance(block, Grid):
            parts.append(_table(block, document))
            parts.append("<p>&nbsp;</p>")
        else:
            parts.append(_paragraph(block, style))
    return "\n".join(parts)


def _paragraph(block: Paragraph, style: str) -> str:
    place, tags = ("html.heading", HEADING_TAGS) if block.role == "heading" else ("html.paragraph", PARAGRAPH_TAGS)
    return choose(style, place, tags).format(escape(block.text))


def _table(grid: Grid, document: Document) -> str:
    style = document.style
    rows = [f"<tr>{''.join(_cell(cell, document) for cell in row)}</tr>" for row in grid.rows]
    body = "\n".join(rows)
    if choose(style, "html.tbody", (True, True, False)):
        body = f"<tbody>\n{body}\n</tbody>"
    return f"{choose(style, 'html.table', TABLE_TAGS)}\n{body}\n</table>"


def _cell(cell: Cell, document: Document) -> str:
    style = document.style
    wrap, newline = choose(style, "html.text", TEXT_TAGS)
    spans = _span("colspan", cell.colspan, "") + _span(
        "rowspan", cell.rowspan, "px" if "odd-rowspan" in document.layout else ""
    )
    text = escape(cell.text).replace("\n", newline)
    if not text:
        text = choose(style, "html.blank", BLANKS)
    elif cell.path and choose(style, "html.pad", (True, False)):
        text = f"&nbsp;{text}"
    return f"<td{choose(style, 'html.cell', CELL_STYLES)}{spans}>{wrap.format(text)}</td>"


def _span(name: str, count: int, suffix: str) -> str:
    return f' {name}="{count}{suffix}"' if count > 1 else ""
