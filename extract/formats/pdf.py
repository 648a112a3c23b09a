"""PDF: pypdfium2 for the text lines of every page and to tell which pages have tables, pdfplumber for ruled tables.

Tables that a page break cut are stitched, their repeated header dropped, rows cut in two mended; paragraphs are joined
over lines and pages; page numbers and running heads are dropped. A document without a text layer is Unreadable here.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Any

import pdfplumber
import pypdfium2
import pypdfium2.raw as pdfium
from pdfminer.pdfexceptions import PDFException
from pdfminer.psexceptions import PSException

from ..canonical import begins_item
from ..grid import repeated_header
from ..lines import Line, paragraphs, without_running_heads
from ..model import Block, Cell, Grid, Hint, Place, Text, Unreadable
from . import Format

MAX_PAGES = 300  # an annual report has 4 to 20 pages; a whole year's bundle of one county about 250
SPACE = 0.25  # of the line height: a gap as wide is a space
DIGIT, PADDING = 0.56, 13.0  # a digit's width in sizes of its font; points that a cell's margins take at least
LARGE = 2.0  # times the usual size of a page's characters: a watermark, not a figure
MIN_PATHS = 8  # drawn paths: fewer are a rule under a heading, not a table
_HEADER = re.compile(
    r"^(?:信息内容|本年.{0,8}数量?|上一年.{0,8}|自然人|法人或其他组织|处理决定数量|采购总金额|结果维持|采购项目数量)$"
)
TABLE_WORDS = re.compile(r"信息内容|自然人|予以公开|不予公开|结果维持|第二十条第|其他处理|结转下年度|属于国家秘密")

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class _Table:
    """A ruled table on a page, with its box in points from the top left."""

    page: int
    box: Box
    grid: Grid


def recognises(data: bytes) -> bool:
    """`%PDF` within the first kilobyte, as readers allow."""
    return b"%PDF-" in data[:1024]


def read(data: bytes, hint: Hint) -> Text:
    """Blocks in reading order; page numbers from 1. Raises Unreadable for damage, a password, or no text layer."""
    pages = _lines(data)
    if sum(len(line.text) for lines, _ in pages for line in lines) < 20:
        raise Unreadable(f"the PDF has no text layer on its {len(pages)} pages (a scan): this version has no OCR")
    tables = _tables(data, [number for number, (_, ruled) in enumerate(pages) if ruled])
    items: list[Line | _Table] = []
    for number, (lines, _) in enumerate(pages):
        here = [table for table in tables if table.page == number + 1]
        outside = [line for line in lines if not any(_inside(line, table.box) for table in here)]
        items.extend(sorted([*outside, *here], key=lambda item: item.box[1]))
    kept = set(without_running_heads([item for item in items if isinstance(item, Line)]))
    return Text(tuple(_blocks([item for item in items if isinstance(item, _Table) or item in kept])), "pdf", "")


def _blocks(items: Sequence[Line | _Table]) -> Iterator[Block]:
    """Paragraphs of the lines between tables; tables with nothing between them are one."""
    lines: list[Line] = []
    grid: Grid | None = None
    for item in items:
        if isinstance(item, Line):
            if grid:
                yield grid
                grid = None
            lines.append(item)
            continue
        yield from paragraphs(lines)
        lines = []
        grid = item.grid if grid is None else _stitched(grid, item.grid)
    if grid:
        yield grid
    yield from paragraphs(lines)


def _lines(data: bytes) -> list[tuple[list[Line], bool]]:
    """For each page: its text lines from top to bottom, and whether it may hold a table."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise Unreadable(f"the PDF cannot be opened: {error}") from error
    try:
        if len(document) > MAX_PAGES:
            raise Unreadable(f"the PDF has {len(document)} pages, more than {MAX_PAGES}")
        return [_page_lines(document[number], number + 1) for number in range(len(document))]
    except pypdfium2.PdfiumError as error:
        raise Unreadable(f"a page of the PDF cannot be read: {error}") from error
    finally:
        document.close()


def _page_lines(page: Any, number: int) -> tuple[list[Line], bool]:
    """Lines from the loose boxes of characters: a font that is not embedded has tight boxes without height."""
    turned = _turned(page)
    text = page.get_textpage()
    pieces: list[tuple[Box, str]] = []
    for index in range(text.count_chars()):
        character = chr(pdfium.FPDFText_GetUnicode(text, index))
        if character == " " and pieces and not pieces[-1][1].endswith(" "):
            pieces[-1] = (pieces[-1][0], pieces[-1][1] + " ")
        if character.isspace() or character in "\x00\x02\ufffe":
            continue
        left, bottom, right, top = text.get_charbox(index, loose=True)
        pieces.append((turned(left, bottom, right, top), character))
    paths = sum(1 for _ in zip(range(MIN_PATHS), page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH]), strict=False))
    ruled = paths >= MIN_PATHS or bool(TABLE_WORDS.search("".join(text.get_text_range().split())))
    lines = _joined(pieces, number)
    text.close()
    page.close()
    return lines, ruled


def _turned(page: Any) -> Callable[[float, float, float, float], Box]:
    """From a box in the page's own space (y upwards) to one from the top left of the page as it is shown (/Rotate)."""
    x0, y0, x1, y1 = page.get_mediabox()
    turns: dict[int, Callable[[float, float, float, float], Box]] = {
        90: lambda left, bottom, right, top: (bottom - y0, left - x0, top - y0, right - x0),
        180: lambda left, bottom, right, top: (x1 - right, bottom - y0, x1 - left, top - y0),
        270: lambda left, bottom, right, top: (y1 - top, x1 - right, y1 - bottom, x1 - left),
    }
    return turns.get(page.get_rotation(), lambda left, bottom, right, top: (left, y1 - top, right, y1 - bottom))


def _joined(pieces: Iterable[tuple[Box, str]], page: int) -> list[Line]:
    """Pieces of text whose heights overlap by half are one line, from left to right."""
    rows: list[list[tuple[Box, str]]] = []
    for box, words in sorted(pieces, key=lambda piece: piece[0][1] + piece[0][3]):
        last = rows[-1][-1][0] if rows else None
        if last and min(last[3], box[3]) - max(last[1], box[1]) > 0.5 * min(last[3] - last[1], box[3] - box[1]):
            rows[-1].append((box, words))
        else:
            rows.append([(box, words)])
    return [_line(sorted(row), page) for row in rows]


def _line(row: Sequence[tuple[Box, str]], page: int) -> Line:
    boxes = [box for box, _ in row]
    union = (min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes))
    text = ""
    for index, (box, words) in enumerate(row):
        gap = box[0] - row[index - 1][0][2] if index else 0.0
        text += (" " if not text.endswith(" ") and gap > SPACE * (box[3] - box[1]) else "") + words
    return Line(text.strip(), page, union)


def _inside(line: Line, box: Box) -> bool:
    x, y = (line.box[0] + line.box[2]) / 2, (line.box[1] + line.box[3]) / 2
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def _tables(data: bytes, pages: Sequence[int]) -> list[_Table]:
    """The ruled tables of these pages (from 0), by pdfplumber, in reading order."""
    if not pages:
        return []
    found: list[_Table] = []
    try:
        with pdfplumber.open(io.BytesIO(data), pages=[number + 1 for number in pages]) as document:
            for page in document.pages:
                plain = page.filter(_printed(page.chars))
                for table in sorted(plain.find_tables(), key=lambda table: table.bbox[1]):
                    size = _usual_size(plain.crop(table.bbox, strict=False).chars)
                    if grid := _grid(table, page.page_number, size):
                        found.append(_Table(page.page_number, table.bbox, grid))
                page.close()
    except (
        PDFException,
        PSException,
        ValueError,
        TypeError,
        KeyError,
        IndexError,
        AssertionError,
        RecursionError,
    ) as error:
        raise Unreadable(f"the tables of the PDF cannot be read: {type(error).__name__}: {error}") from error
    return found


def _printed(characters: Sequence[Mapping[str, Any]]) -> Callable[[Mapping[str, Any]], bool]:
    """What is no watermark: characters that stand upright and are not much larger than the page's usual ones."""
    usual = _usual_size(characters)
    return lambda item: item["object_type"] != "char" or (item["upright"] and item["size"] <= LARGE * usual)


def _usual_size(characters: Sequence[Mapping[str, Any]]) -> float:
    return median([character["size"] for character in characters]) if characters else 0.0


def _grid(table: Any, page: int, size: float) -> Grid | None:
    """A grid of the table; a position without a box of its own is covered by a span. `size`: of its characters."""
    rows = []
    for row, texts in zip(table.rows, table.extract(), strict=True):
        rows.append(
            tuple(
                Cell("", True)
                if box is None
                else Cell(_unwrapped(text or "", box[2] - box[0], size), False, Place(page=page, box=_rounded(box)))
                for box, text in zip(row.cells, texts, strict=True)
            )
        )
    grid = Grid(tuple(rows))
    return grid if grid.width > 1 else None


def _rounded(box: Box) -> Box:
    x0, top, x1, bottom = (round(float(edge), 1) for edge in box)
    return x0, top, x1, bottom


def _unwrapped(text: str, width: float, size: float) -> str:
    """A number that is too wide for its cell wraps inside it, and its lines are one number; two figures stay two.

    It wrapped where one digit more would not have fitted in its first line, and all lines but the last are as long.
    """
    lines = text.split("\n")
    full = len({len(line) for line in lines[:-1]}) == 1 and len(lines[-1]) <= len(lines[0])
    wraps = re.fullmatch(r"-?[\d.,\n]+", text) and full and (len(lines[0]) + 1) * DIGIT * size > width - PADDING
    return text.replace("\n", "") if wraps else text


def _stitched(first: Grid, following: Grid) -> Grid:
    """A table and its continuation on the next page; a row that the break cut in two is one row again."""
    rows = list(following.rows[repeated_header(first, following) :])
    if rows and first.width == following.width and _continues(first.rows[-1], rows[0]):
        mended = tuple(_mended(upper, lower) for upper, lower in zip(first.rows[-1], rows.pop(0), strict=True))
        first = Grid((*first.rows[:-1], mended))
    width = max(first.width, following.width)
    both = [*first.rows, *rows]
    return Grid(tuple((*row, *[Cell("", True)] * (width - len(row))) for row in both))


def _continues(upper: Sequence[Cell], lower: Sequence[Cell]) -> bool:
    """Whether a row at the top of a page is the rest of the row above: words that begin no item, figures in one half."""
    words = [cell.text for cell in lower if cell.text and not _is_figure(cell.text)]
    if any(_HEADER.search("".join(cell.text.split())) for cell in upper) and any(
        _is_figure(cell.text) for cell in lower
    ):
        return False  # a header has no figures of its own to wait for
    figures = [sum(1 for cell in row if _is_figure(cell.text)) for row in (upper, lower)]
    return bool(words) and len(words) <= 2 and not any(map(begins_item, words)) and 0 in figures


def _is_figure(text: str) -> bool:
    return bool(re.fullmatch(r"[\s\d.,\-+/—]+", text))


def _mended(upper: Cell, lower: Cell) -> Cell:
    if not lower.text:
        return upper
    return replace(upper, text=f"{upper.text}\n{lower.text}".strip(), covered=False, place=upper.place or lower.place)


FORMAT = Format("pdf", 2, recognises, read)
