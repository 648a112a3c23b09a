"""Plain text in the two shapes of the sample reports (reference/text-shapes.md), Markdown residue included.

Shape A: one table row per line, cells joined by tabs. Shape B: one cell per line after one tab, an empty line ends a
row, a second one the table. Also what nianbao itself writes, which is shape A.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from ..canonical import cell_row
from ..charsets import decode
from ..model import Block, Cell, Grid, Hint, Paragraph, Text, Unreadable
from ..titles import join
from . import Format

_SHORT = 300  # characters: rows that may come again in the next report
_ONE_CELL = re.compile(r"^\t[^\t]*$")


def recognises(data: bytes) -> bool:
    """Bytes without NUL that decode, or that carry a byte order mark."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        return True
    return b"\x00" not in data[:8192] and decode(data) is not None


def read(data: bytes, hint: Hint) -> Text:
    """The blocks of a text file. An empty cell of shape A may be a blank or a span: `covered` is None there."""
    text = decode(data, hint.charset or "utf-8")  # before a charset that the text itself speaks of
    if text is None:
        raise Unreadable("the text is in no known encoding")
    lines = [line.rstrip("\r") for line in _without_marks(text).split("\n")]
    with_tab = [line for line in lines if "\t" in line]
    tika = bool(with_tab) and all(_ONE_CELL.match(line) for line in with_tab)
    return Text(tuple(_shape_b(lines) if tika else _shape_a(lines)), "text", "")


def _without_marks(text: str) -> str:
    """The text without byte order marks, but for those inside of a line's words: settling tells what these are."""
    return re.sub(r"^\ufeff+|\ufeff+$", "", text, flags=re.MULTILINE) if "\ufeff" in text else text


def _shape_a(lines: Sequence[str]) -> list[Block]:
    """Rows where a line has a tab, else paragraphs. A blank line ends a block; settling joins what a page cut.

    What a short line lacks may be blank cells as well as spans, because editors drop tabs at the end of lines.
    """
    blocks: list[Block] = []
    rows: list[tuple[Cell, ...]] = []
    broken = False
    for line in [*lines, ""]:
        if "\t" in line:
            rows.append(_row(line) if len(line) <= _SHORT else cell_row(line.split("\t")))
            continue
        if rows:
            width = _width([[cell.text for cell in row] for row in rows])
            _add(blocks, tuple(_as_wide(row, width) for row in rows))
            rows = []
        if line.strip():
            last = blocks[-1] if blocks else None
            if broken and isinstance(last, Paragraph):
                blocks[-1] = Paragraph(join([last.text, line]))
            else:
                blocks.append(Paragraph(line))
        broken = line.endswith("  ") and bool(line.strip())  # a Markdown line break: the paragraph goes on
    return blocks


@lru_cache(maxsize=5_000)
def _row(line: str) -> tuple[Cell, ...]:
    """A row of a table; most tables have the same headings and rows of zeros."""
    return cell_row(line.split("\t"))


def _as_wide(row: tuple[Cell, ...], width: int) -> tuple[Cell, ...]:
    return row if len(row) == width else row[:width] + (Cell("", None),) * (width - len(row))


def _add(blocks: list[Block], rows: tuple[tuple[Cell, ...], ...]) -> None:
    """The rows as a table; rows of blanks only, which a page break has cut off, with the table before them."""
    last = blocks[-1] if blocks else None
    if isinstance(last, Grid) and not any(cell.text.strip() for row in rows for cell in row):
        width = max(last.width, *(len(row) for row in rows))
        rows = tuple(row + (Cell("", None),) * (width - len(row)) for row in (*last.rows, *rows))
        blocks.pop()
    blocks.append(Grid(rows))


def _width(rows: Sequence[Sequence[str]]) -> int:
    """The columns of a page: as many as its widest row has, without blank ones at the end that most rows do not have.

    Rows of one page are equally wide, or lack blanks and spanned cells; a blank more in a few of them is residue,
    unless it is written as one (U+00A0).
    """
    width = max(map(len, rows))
    if any(row[-1] for row in rows if len(row) == width):
        return width  # as of nearly all
    reach = max((x + 1 for row in rows for x, text in enumerate(row) if text), default=1)
    while width > reach and 2 * sum(len(row) >= width for row in rows) < len(rows):
        width -= 1
    return width


def _shape_b(lines: Sequence[str]) -> list[Block]:
    """Cells one per line. All cells are printed, except lone tabs before a label, which stand for row spans."""
    blocks: list[Block] = []
    rows: list[list[str]] = []
    row: list[str] = []
    for line in [*lines, "", ""]:
        if line.startswith("\t"):
            row.append(line[1:])
        elif line.strip():
            if row:
                row[-1] += "\n" + line
            else:
                _add_table(blocks, rows)
                rows = []
                blocks.append(Paragraph(line))
        elif row:
            rows.append(row)
            row = []
        else:
            _add_table(blocks, rows)
            rows = []
    return blocks


def _add_table(blocks: list[Block], rows: Sequence[Sequence[str]]) -> None:
    """The rows of one table. A column span leaves nothing in shape B, so short rows are filled up after their label."""
    if rows:
        width = _width(rows)
        _add(blocks, tuple(_widened(row[:width], width) for row in rows))


def _widened(row: Sequence[str], width: int) -> tuple[Cell, ...]:
    label = next((x for x in range(len(row) - 1, -1, -1) if re.search(r"[\u4e00-\u9fff]", row[x])), -1)
    leading = next(x for x, text in enumerate(row) if text) if label >= 0 else 0
    cells = [Cell(text, covered=x < leading) for x, text in enumerate(row)]
    gap = [Cell("", True)] * (width - len(row))
    return tuple(cells[: label + 1] + gap + cells[label + 1 :])


FORMAT = Format("text", 2, recognises, read)
