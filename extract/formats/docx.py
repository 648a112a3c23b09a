"""Word documents (.docx): a walk over word/document.xml, with gridSpan, vMerge, gridBefore (ECMA-376 part 1, 17.4)."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from itertools import islice

from lxml import etree

from ..grid import Spanned, expand, span
from ..model import Block, Grid, Hint, Image, Paragraph, Place, Text, Unreadable
from . import Format

MAX_XML = 30 * 2**20  # bytes of document.xml: a report has well under 1 MB; more is a bomb
MAX_INNER = 3  # cells: a table in a cell that holds no more is part of that cell
PART = "word/document.xml"

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_BLIP = "{http://schemas.openxmlformats.org/drawingml/2006/main}blip"
_EMBED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}embed"
_SKIPPED = {_MC_FALLBACK, f"{_W}del", f"{_W}moveFrom", f"{_W}instrText", f"{_W}delText", f"{_W}pPr", f"{_W}rPr"}


def recognises(data: bytes) -> bool:
    """A zip file that holds word/document.xml: the list at its end, or, for a torn file, its first local headers."""
    return data.startswith(b"PK\x03\x04") and PART.encode() in data


def read(data: bytes, hint: Hint) -> Text:
    """Paragraphs and tables in document order. Raises Unreadable where the zip or its XML is broken."""
    body = _document(data).find(f"{_W}body")
    if body is None:
        raise Unreadable("the Word document has no body")
    # docProps are not trusted as title or publisher: offices copy last year's file, its properties too
    return Text(tuple(_blocks(body, "")), "docx", "")


def _document(data: bytes) -> etree._Element:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as bundle:
            if bundle.getinfo(PART).file_size > MAX_XML:
                raise Unreadable(f"{PART} is larger than {MAX_XML} bytes")
            return etree.fromstring(bundle.read(PART), _parser())
    except (zipfile.BadZipFile, KeyError, EOFError, OSError, NotImplementedError, RuntimeError, zlib.error) as error:
        raise Unreadable(f"the Word document is damaged: {error}") from error
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable(f"the XML of the Word document is damaged: {error}") from error


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)


def _blocks(parent: etree._Element, path: str) -> Iterator[Block]:
    for number, node in enumerate(parent):
        here = f"{path}/{number}"
        if node.tag == f"{_W}p":
            yield from _paragraph(node, here)
        elif node.tag == f"{_W}tbl" and _is_layout(node):
            for position, cell in enumerate(node.iter(f"{_W}tc")):
                if next(cell.iterancestors(f"{_W}tbl")) is node:
                    yield from _blocks(cell, f"{here}/tc{position}")
        elif node.tag == f"{_W}tbl":
            yield _table(node, here)
        elif node.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}customXml", f"{_W}ins", f"{_W}smartTag"):
            yield from _blocks(node, here)


def _is_layout(table: etree._Element) -> bool:
    """Whether a table only arranges others: one inside it has more than a few cells of its own."""
    inner = (node for node in table.iter(f"{_W}tbl") if node is not table)
    return any(sum(1 for _ in islice(node.iter(f"{_W}tc"), MAX_INNER + 1)) > MAX_INNER for node in inner)


def _paragraph(node: etree._Element, path: str) -> Iterator[Block]:
    """The lines of a paragraph, then its pictures."""
    for line in _text(node).split("\n"):
        if line.strip():
            yield Paragraph(line, Place(node=path))
    for blip in node.iter(_BLIP):
        yield Image(str(blip.get(_EMBED, "")), Place(node=path))


def _text(node: etree._Element) -> str:
    """The characters of a paragraph: runs, tabs as spaces, line breaks; not deleted text, not field codes."""
    parts: list[str] = []
    for child in node:
        if child.tag == f"{_W}t":
            parts.append(child.text or "")
        elif child.tag in (f"{_W}tab", f"{_W}ptab"):
            parts.append(" ")
        elif child.tag in (f"{_W}br", f"{_W}cr"):
            parts.append("\n")
        elif child.tag == f"{_W}noBreakHyphen":
            parts.append("-")
        elif child.tag == f"{_W}p":  # of a text box
            parts.append(_text(child) + "\n")
        elif child.tag not in _SKIPPED and not _is_taken_back(child):
            parts.append(_text(child))
    return "".join(parts)


def _is_taken_back(run: etree._Element) -> bool:
    """Whether a run is hidden, struck through or raised: not what the office prints as text or figure."""
    marks = run.find(f"{_W}rPr")
    if run.tag != f"{_W}r" or marks is None:
        return False
    for name in ("vanish", "strike", "dstrike"):
        mark = marks.find(f"{_W}{name}")
        if mark is not None and mark.get(f"{_W}val") not in ("0", "false", "off"):
            return True
    raised = marks.find(f"{_W}vertAlign")
    return raised is not None and raised.get(f"{_W}val") == "superscript"


def _table(table: etree._Element, path: str) -> Grid:
    rows: list[list[Spanned]] = []
    open_merges: dict[int, tuple[int, int]] = {}  # grid column → (row, position) of the cell a vMerge continues
    for y, row in enumerate(table.iter(f"{_W}tr")):
        if next(row.iterancestors(f"{_W}tbl")) is not table or row.find(f"{_W}trPr/{_W}del") is not None:
            continue
        cells: list[Spanned] = []
        x = _before(row)
        if x:
            cells.append(Spanned("", columns=x))
        for cell in (node for node in row.iter(f"{_W}tc") if next(node.iterancestors(f"{_W}tr")) is row):
            wide = _columns(cell)
            if _continues(cell) and x in open_merges:
                origin_row, position = open_merges[x]
                origin = rows[origin_row][position]
                rows[origin_row][position] = Spanned(origin.text, origin.rows + 1, origin.columns, origin.place)
            else:
                open_merges.pop(x, None)
                if _merge(cell) == "restart":
                    open_merges[x] = (len(rows), len(cells))
                cells.append(Spanned(_cell_text(cell), 1, wide, Place(node=f"{path}/tr{y}")))
            x += wide
        rows.append(cells)
    return expand(rows)


def _before(row: etree._Element) -> int:
    node = row.find(f"{_W}trPr/{_W}gridBefore")
    return span(node.get(f"{_W}val")) if node is not None and node.get(f"{_W}val") != "0" else 0


def _columns(cell: etree._Element) -> int:
    node = cell.find(f"{_W}tcPr/{_W}gridSpan")
    return span(node.get(f"{_W}val")) if node is not None else 1


def _merge(cell: etree._Element) -> str | None:
    """The vertical merge of a cell: `restart` where it begins, `continue` where it goes on, None without one."""
    node = cell.find(f"{_W}tcPr/{_W}vMerge")
    return None if node is None else str(node.get(f"{_W}val") or "continue")


def _continues(cell: etree._Element) -> bool:
    return _merge(cell) == "continue"


def _cell_text(cell: etree._Element) -> str:
    """The paragraphs of a cell on lines of their own; a nested table's cells follow one another."""
    return "\n".join(_text(paragraph) for paragraph in cell.iter(f"{_W}p"))


FORMAT = Format("docx", 2, recognises, read)
