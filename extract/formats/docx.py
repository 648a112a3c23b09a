"""Word documents (.docx): a walk over word/document.xml, with gridSpan, vMerge, gridBefore (ECMA-376 part 1, 17.4)."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from itertools import chain, islice

from lxml import etree

from ..grid import Spanned, expand, span
from ..model import Block, Grid, Hint, Image, Paragraph, Place, Text, Unreadable
from ..zips import holds
from . import Format

MAX_XML = 30 * 2**20  # bytes of document.xml: a report has well under 1 MB; more is a bomb
MAX_INNER = 3  # cells: a table in a cell that holds no more is part of that cell
PART = "word/document.xml"
RELATIONS = "word/_rels/document.xml.rels"

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_BLIP = "{http://schemas.openxmlformats.org/drawingml/2006/main}blip"
_OLD_PICTURE = "{urn:schemas-microsoft-com:vml}imagedata"
_REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_PATH = "path"  # ours, on a picture: its path in the package
_P, _R, _T, _TBL, _TR, _TC = (f"{_W}{name}" for name in ("p", "r", "t", "tbl", "tr", "tc"))
_R_PR, _TC_PR, _GRID_SPAN, _V_MERGE, _VAL = (f"{_W}{name}" for name in ("rPr", "tcPr", "gridSpan", "vMerge", "val"))
_CHARACTERS = {f"{_W}tab": " ", f"{_W}ptab": " ", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
_HOLDERS = frozenset(f"{_W}{name}" for name in ("sdt", "sdtContent", "customXml", "ins", "smartTag"))
_DEL = f"{_W}del"
_SKIPPED = frozenset(
    (_MC_FALLBACK, _DEL, *(f"{_W}{name}" for name in ("moveFrom", "instrText", "delText", "pPr", "rPr")))
)
_RAISED = f"{_W}vertAlign"
_SWITCHES = tuple(f"{_W}{name}" for name in ("vanish", "strike", "dstrike"))


def recognises(data: bytes) -> bool:
    """A zip file that holds word/document.xml; a bundle that holds such a file is none."""
    return holds(data, PART)


def read(data: bytes, hint: Hint) -> Text:
    """Paragraphs and tables in document order. Raises Unreadable where the zip or its XML is broken."""
    document, pictures = _parts(data)
    body = document.find(f"{_W}body")
    if body is None:
        raise Unreadable("the Word document has no body")
    _take_back(body)
    for picture in body.iter(_BLIP, _OLD_PICTURE):
        picture.set(_PATH, pictures.get(picture.get(f"{_REL}embed") or picture.get(f"{_REL}id") or "", ""))
    # docProps are not trusted as title or publisher: offices copy last year's file, its properties too
    return Text(tuple(_blocks(body, "")), "docx", "")


def _parts(data: bytes) -> tuple[etree._Element, dict[str, str]]:
    """The document, and the paths in the package of what it refers to by identifiers; what lies outside has none."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as bundle:
            document = _xml(bundle, PART)
            related = _xml(bundle, RELATIONS) if RELATIONS in bundle.namelist() else ()
            return document, {
                node.get("Id", ""): posixpath.normpath(posixpath.join("/word", node.get("Target", ""))).lstrip("/")
                for node in related
                if node.get("TargetMode") != "External"
            }
    except (zipfile.BadZipFile, KeyError, EOFError, OSError, NotImplementedError, RuntimeError, zlib.error) as error:
        raise Unreadable(f"the Word document is damaged: {error}") from error
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable(f"the XML of the Word document is damaged: {error}") from error


def _xml(bundle: zipfile.ZipFile, part: str) -> etree._Element:
    if bundle.getinfo(part).file_size > MAX_XML:
        raise Unreadable(f"{part} is larger than {MAX_XML} bytes")
    return etree.fromstring(bundle.read(part), _parser())


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)


def _blocks(parent: etree._Element, path: str) -> Iterator[Block]:
    for number, node in enumerate(parent):
        here = f"{path}/{number}"
        if node.tag == _P:
            yield from _paragraph(node, here)
        elif node.tag == _TBL and _is_layout(node):
            for position, cell in enumerate(node.iter(_TC)):
                if next(cell.iterancestors(_TBL)) is node:
                    yield from _blocks(cell, f"{here}/tc{position}")
        elif node.tag == _TBL:
            yield _table(node, here)
        elif node.tag in _HOLDERS:
            yield from _blocks(node, here)


def _is_layout(table: etree._Element) -> bool:
    """Whether a table only arranges others: one inside it has more than a few cells of its own."""
    inner = (node for node in table.iter(_TBL) if node is not table)
    return any(sum(1 for _ in islice(node.iter(_TC), MAX_INNER + 1)) > MAX_INNER for node in inner)


def _paragraph(node: etree._Element, path: str) -> Iterator[Block]:
    """The lines of a paragraph, then its pictures."""
    for line in _text(node).split("\n"):
        if line.strip():
            yield Paragraph(line, Place(node=path))
    for picture in node.iter(_BLIP, _OLD_PICTURE):
        yield Image(str(picture.get(_PATH, "")), Place(node=path))


def _text(node: etree._Element) -> str:
    """The characters of a paragraph: runs, tabs as spaces, line breaks; not deleted text, not field codes."""
    parts: list[str] = []
    _collect(node, parts)
    return "".join(parts)


def _collect(node: etree._Element, parts: list[str]) -> None:
    for child in node:
        tag = child.tag
        if tag == _T:
            parts.append(child.text or "")
        elif tag in _CHARACTERS:
            parts.append(_CHARACTERS[tag])
        elif tag not in _SKIPPED:
            _collect(child, parts)
            if tag == _P:  # of a text box
                parts.append("\n")


def _take_back(body: etree._Element) -> None:
    """Make the runs that are taken back deleted ones, which are not read.

    Few runs have a mark that says so: going from the marks to their runs is quicker than asking each run.
    """
    for run in {next(mark.iterancestors(_R), None) for mark in body.iter(_RAISED, *_SWITCHES)}:
        if run is not None and _is_taken_back(run):
            run.tag = _DEL


def _is_taken_back(run: etree._Element) -> bool:
    """Whether a run is hidden, struck through or raised: not what the office prints as text or figure."""
    marks = run.find(_R_PR)
    if marks is None:
        return False
    for name in _SWITCHES:
        mark = marks.find(name)
        if mark is not None and mark.get(_VAL) not in ("0", "false", "off"):
            return True
    raised = marks.find(_RAISED)
    return raised is not None and raised.get(_VAL) == "superscript"


def _table(table: etree._Element, path: str) -> Grid:
    rows: list[list[Spanned]] = []
    open_merges: dict[int, tuple[int, int]] = {}  # grid column → (row, position) of the cell a vMerge continues
    for y, row in enumerate(table.iter(_TR)):
        if next(row.iterancestors(_TBL)) is not table or row.find(f"{_W}trPr/{_W}del") is not None:
            continue
        cells: list[Spanned] = []
        at = Place(node=f"{path}/tr{y}")
        x = _before(row)
        if x:
            cells.append(Spanned("", columns=x))
        for cell in row.iter(_TC):
            if cell.getparent() is not row and next(cell.iterancestors(_TR)) is not row:
                continue  # of a table inside a cell
            wide, merge = _spans(cell)
            if merge == "continue" and x in open_merges:
                origin_row, position = open_merges[x]
                origin = rows[origin_row][position]
                rows[origin_row][position] = Spanned(origin.text, origin.rows + 1, origin.columns, origin.place)
            else:
                open_merges.pop(x, None)
                if merge == "restart":
                    open_merges[x] = (len(rows), len(cells))
                cells.append(Spanned(_cell_text(cell), 1, wide, at))
            x += wide
        rows.append(cells)
    return expand(rows)


def _before(row: etree._Element) -> int:
    node = row.find(f"{_W}trPr/{_W}gridBefore")
    return span(node.get(_VAL)) if node is not None and node.get(_VAL) != "0" else 0


def _spans(cell: etree._Element) -> tuple[int, str | None]:
    """Columns, and the vertical merge: `restart` where one begins, `continue` where it goes on, None without one."""
    said: dict[str, str | None] = {}
    for node in chain.from_iterable(child for child in cell if child.tag == _TC_PR):
        said.setdefault(node.tag, node.get(_VAL))
    merge = str(said[_V_MERGE] or "continue") if _V_MERGE in said else None
    return span(said.get(_GRID_SPAN)), merge


def _cell_text(cell: etree._Element) -> str:
    """The paragraphs of a cell on lines of their own; a nested table's cells follow one another."""
    return "\n".join(_text(paragraph) for paragraph in cell.iter(_P))


FORMAT = Format("docx", 3, recognises, read)
