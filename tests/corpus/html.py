"""A document as HTML in the ways that editors, converters and hand-written pages leave it: one look per way."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from html import escape
from zlib import crc32

from tests.portals.documents import Document
from tests.portals.grids import Cell, Grid

from .model import Plan
from .pages import framed

Inline = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Look:
    """How a body is written: markup inside of a line, templates, and what happens to end tags and spans.

    `wide` is added to spans of more than one; `suffix` follows their number (`22px`).
    """

    inline: Inline = escape
    paragraph: str = "<p>{}</p>"
    heading: str = "<p><strong>{}</strong></p>"
    line: str = "<p>{}</p>"
    cell: str = "{}"
    blank: str = "<p>&nbsp;</p>"
    table: str = '<table border="1" cellspacing="0"><tbody>\n{}\n</tbody></table>'
    row: str = "<tr>{}</tr>"
    between: str = "<p>&nbsp;</p>"
    closed: bool = True
    suffix: str = ""
    wide: int = 0
    before_figure: str = ""


def _runs(text: str, latin: str, other: str) -> str:
    parts = re.split(r"([!-~]+)", text)
    return "".join((latin if n % 2 else other).format(escape(part)) for n, part in enumerate(parts) if part)


def _words(text: str) -> str:
    """Every word, or two characters, in a span of its own; every third in one more."""
    pieces = re.findall(r"[!-~]+|\s|[^!-~\s]{1,2}", text)
    return "".join(
        f"<span><span>{escape(piece)}</span></span>" if n % 3 == 0 else f"<span>{escape(piece)}</span>"
        for n, piece in enumerate(pieces)
    )


def _with_hidden(text: str) -> str:
    hidden = crc32(text.encode()) % 90 + 7
    return f'<span style="display: none;">{hidden}</span>{escape(text)}<!-- {hidden} --><span hidden>{hidden}</span>'


def _digits_inside(text: str) -> str:
    """Digits in inline tags, as editors leave them: readers that drop such tags lose them."""
    return re.sub(r"\d+", lambda found: f'<font color="#000"><b>{found[0]}</b></font>', escape(text, quote=False))


WORD_RUN = '<span lang="EN-US" style="font-family:&quot;Times New Roman&quot;">{}</span>'
WORD_TEXT = '<span style="font-family:仿宋_GB2312;mso-hansi-font-family:宋体">{}</span>'
HIDDEN_ROW = '<tr style="display:none"><td colspan="3">一、本年新收政府信息公开申请数量</td>{}</tr>'
LAYOUT = (
    '<table width="100%" border="0"><tr><td width="20"></td><td><table cellpadding="0"><tr><td valign="top">\n'
    "{}\n</td></tr></table></td><td></td></tr></table>"
)
LOOKS: Mapping[str, Look] = {
    "plain": Look(),
    "word paste": Look(
        inline=lambda text: _runs(text, WORD_RUN, WORD_TEXT) + "<o:p></o:p>",
        paragraph='<p class="MsoNormal" style="text-indent:32.0pt;mso-char-indent-count:2.0">{}</p>',
        heading='<h2 style="mso-pagination:widow-orphan"><a name="_Toc1"></a>{}</h2>',
        line='<p class="MsoNormal" align="center" style="text-align:center">{}</p>',
        blank='<p class="MsoNormal"><span lang="EN-US"><o:p>&nbsp;</o:p></span></p>',
        table='<!--[if gte mso 9]><xml></xml><![endif]--><table class="MsoTableGrid" border="1"\n  width="616">{}</table>',
        row="<tr style='mso-yfti-irow:1;height:22.7pt'>\n{}\n</tr>",
        between='<p class="MsoNormal"><o:p>&nbsp;</o:p></p>',
    ),
    "layout tables": Look(line="{}", blank="", table=LAYOUT.format('<table border="1">{}</table>')),
    "tables in cells": Look(cell="<table><tr><td>{}</td></tr></table>", line="<div>{}</div>", blank="<br>"),
    "unclosed tags": Look(paragraph="<p>　　{}", line="{}<br>", blank="&nbsp;", closed=False, table="<table border=1>\n{}</table>"),
    "px spans": Look(suffix="px", line="<span>{}</span>", blank="&nbsp;"),
    "spans too large": Look(wide=40, line="<center>{}</center>"),
    "nbsp zeros": Look(before_figure="&nbsp;&nbsp;", line="<p align=center>{}&nbsp;</p>", blank="<p>&nbsp;&nbsp;</p>", paragraph="<p>&nbsp;&nbsp;&nbsp;&nbsp;{}</p>"),
    "hidden elements": Look(
        inline=_with_hidden,
        paragraph='<div style="display:none">已隐藏的旧稿</div><p>{}</p>',
        table='<table border="1">{}' + HIDDEN_ROW.format("<td>8</td>" * 7) + "</table>",
    ),
    "divs": Look(
        table='<div class="tb">{}</div>', row='<div class="tr" style="display:flex">{}</div>', line="{}", blank="&nbsp;"
    ),
    "words in spans": Look(inline=_words, paragraph="<div>{}</div>", line="<div>{}</div>"),
    "digits in tags": Look(inline=_digits_inside, line="{}<br/>"),
    "line breaks": Look(paragraph="　　{}<br/><br/>\n", heading="<b>{}</b><br>\n", line="{}<br>\n", between=""),
}  # fmt: skip


def render(plan: Plan) -> tuple[bytes, tuple[str, ...]]:
    """The bytes of the page, and the words around the report."""
    return framed(plan, body(plan.document, plan.look))


def body(document: Document, name: str) -> str:
    """The report inside of its page."""
    look = LOOKS[name]
    table = _div_table if name == "divs" else _table
    parts = []
    for block in document.blocks:
        if isinstance(block, Grid):
            parts += [table(block, look), look.between]
        else:
            template = look.heading if block.role == "heading" else look.paragraph
            parts.append(template.format(look.inline(block.text)))
    return "\n".join(parts)


def _table(grid: Grid, look: Look) -> str:
    end = "\n" if look.closed else ""
    rows = [look.row.format("".join(_cell(cell, look) for cell in row)) for row in grid.rows]
    if not look.closed:
        rows = [row.removesuffix("</tr>") for row in rows]
    return look.table.format((end or "\n").join(rows))


def _cell(cell: Cell, look: Look) -> str:
    spans = "".join(
        f' {name}="{count + (look.wide if name == "rowspan" and count > 5 else 0)}{look.suffix}"'
        for name, count in (("colspan", cell.colspan), ("rowspan", cell.rowspan))
        if count > 1
    )
    return f"<td{spans}>{look.cell.format(_lines(cell, look))}" + ("</td>" if look.closed else "\n")


def _lines(cell: Cell, look: Look) -> str:
    if not cell.text:
        return look.blank
    before = look.before_figure if cell.path else ""
    return "".join(look.line.format(before + look.inline(line)) for line in cell.text.split("\n"))


def _div_table(grid: Grid, look: Look) -> str:
    """Rows of divs: what spans over rows leaves an empty div in each, what spans over columns is only wider."""
    rows: list[list[tuple[int, str]]] = [[] for _ in grid.rows]
    for placed in grid.placed():
        width = f"width:{placed.cell.colspan * 10}%"
        for offset in range(placed.cell.rowspan):
            cell = placed.cell if offset == 0 else replace(placed.cell, text="")
            rows[placed.row + offset].append(
                (placed.column, f'<div class="td" style="{width}">{_lines(cell, look)}</div>')
            )
    lines = map(partial(sorted, key=lambda item: item[0]), rows)
    return look.table.format("\n".join(look.row.format("".join(cell for _, cell in line)) for line in lines))
