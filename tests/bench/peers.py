"""Other programs that read documents, each as a function from bytes to what it found, and that as a text of ours.

Only `run` is timed. `text` hands the tables and lines on to our reader, so that all are judged by the same figures.
"""

from __future__ import annotations

import importlib.util
import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from extract import canonical
from extract.canonical import cell_row
from extract.formats import read
from extract.model import Block, Cell, Grid, Hint, Paragraph, Text

PDF = ("pdf-ruled", "pdf-bare")
Docx = tuple[list[str], list[list[list[tuple[Any, str]]]]]  # lines, and tables of cells with the element they stand for


@dataclass(frozen=True, slots=True)
class Peer:
    """A program: the formats it reads, the package it needs, and how its result becomes a text."""

    name: str
    package: str
    formats: tuple[str, ...]
    run: Callable[[bytes, str], Any]
    text: Callable[[Any], Text] | None = None

    @property
    def installed(self) -> bool:
        """Whether its package is there."""
        return importlib.util.find_spec(self.package) is not None


def _text(blocks: Iterable[Block]) -> Text:
    title, settled = canonical.settle("", list(blocks))
    return Text(settled, "peer", "", title)


def _lines(text: str) -> list[Block]:
    return [Paragraph(line) for line in text.splitlines() if line.strip()]


def _piped(text: str) -> Text:
    """Markdown: rows between bars, all else lines."""
    blocks: list[Block] = []
    rows: list[tuple[Cell, ...]] = []
    for line in [*text.splitlines(), ""]:
        if line.count("|") > 1:
            cells = [part.strip() for part in line.strip().strip("|").split("|")]
            if not all(set(cell) <= set("-: ") and cell for cell in cells):
                rows.append(cell_row(cells, None))
        else:
            blocks += [_grid(rows)] if rows else []
            rows = []
            blocks += _lines(line)
    return _text(blocks)


def _grid(rows: list[tuple[Cell, ...]]) -> Grid:
    width = max(map(len, rows))
    return Grid(tuple(row + (Cell("", None),) * (width - len(row)) for row in rows))


def _trafilatura(data: bytes, format: str) -> str:
    import trafilatura

    return trafilatura.extract(data, include_tables=True, include_comments=False, favor_recall=True) or ""


def _pdfplumber(data: bytes, format: str) -> list[tuple[str, list[Any]]]:
    import pdfplumber

    with pdfplumber.open(io.BytesIO(data)) as document:
        return [(page.extract_text(), page.extract_tables()) for page in document.pages]


def _pages(pages: list[tuple[str, list[Any]]]) -> Text:
    """The title, then the tables of all pages; those of the same width that follow each other are one."""
    tables: list[Block] = []
    for _, found in pages:
        for table in found:
            rows = tuple(tuple(Cell(text or "", text is None) for text in row) for row in table)
            last = tables[-1] if tables else None
            if isinstance(last, Grid) and rows and last.width == len(rows[0]):
                tables[-1] = Grid((*last.rows, *rows))
            elif rows:
                tables.append(Grid(rows))
    return _text([*_lines(pages[0][0] if pages else "")[:2], *tables])


def _python_docx(data: bytes, format: str) -> Docx:
    import docx

    document = docx.Document(io.BytesIO(data))
    tables = [[[(cell._tc, cell.text) for cell in row.cells] for row in table.rows] for table in document.tables]
    return [paragraph.text for paragraph in document.paragraphs], tables


def _docx_text(found: Docx) -> Text:
    """A merged cell comes once for every position that it covers: the first has its text."""
    blocks: list[Block] = [Paragraph(text) for text in found[0] if text.strip()]
    for table in found[1]:
        seen: set[Any] = set()
        rows = []
        for row in table:
            cells = []
            for key, text in row:
                cells.append(Cell("", True) if key in seen else Cell(text))
                seen.add(key)
            rows.append(tuple(cells))
        blocks += [_grid(rows)] if rows else []
    return _text(blocks)


def _extractous(data: bytes, format: str) -> str:
    import extractous

    found, _ = extractous.Extractor().set_extract_string_max_length(10_000_000).extract_bytes_to_string(bytearray(data))
    return str(found)


@cache
def _converter() -> Any:
    """Made once, as its users do: it loads a model that guesses types."""
    import markitdown

    return markitdown.MarkItDown()


def _markitdown(data: bytes, format: str) -> str:
    import markitdown

    suffix = "pdf" if format in PDF else format
    stream = markitdown.StreamInfo(extension=f".{suffix}")
    return str(_converter().convert_stream(io.BytesIO(data), stream_info=stream).text_content)


def _read_text(text: str) -> Text:
    return read(text.encode(), Hint())


PEERS: Mapping[str, Peer] = {
    peer.name: peer
    for peer in (
        Peer("trafilatura", "trafilatura", ("html",), _trafilatura, _piped),
        Peer("pdfplumber", "pdfplumber", PDF, _pdfplumber, _pages),
        Peer("python-docx", "docx", ("docx",), _python_docx, _docx_text),
        Peer("extractous", "extractous", ("html", "docx", "doc", *PDF), _extractous, _read_text),
        Peer("markitdown", "markitdown", ("html", "docx", *PDF), _markitdown, _piped),
    )
}
