"""A document as text in the two shapes of the sample reports (reference/text-shapes.md), with their damages.

Shape A: one row per line, cells joined by tabs. Shape B: one cell per line after one tab, as Tika prints Word files.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from tests.portals.documents import Document, Paragraph
from tests.portals.grids import Grid
from tests.portals.wording import choose

from .model import Plan

NBSP = "\u00a0"


@dataclass(frozen=True, slots=True)
class Look:
    """How shape A is written. `marks`: Markdown residue; `narrow`: a first column that is empty behind a page break
    is dropped; `breaks`: page breaks inside of paragraphs; `ragged`: empty cells at the end of rows are dropped.
    """

    marks: bool = False
    narrow: bool = False
    breaks: bool = False
    ragged: bool = False
    pad: str = ""


A_LOOKS: Mapping[str, Look] = {
    "shape A": Look(),
    "Markdown residue": Look(marks=True),
    "narrow after page breaks": Look(narrow=True, breaks=True),
    "ragged rows": Look(ragged=True),
    "padded cells": Look(pad=NBSP),
}
B_LOOKS: Mapping[str, str] = {
    "shape B": "",
    "padded with U+00A0": NBSP,
    "blanks of U+00A0": "blank",
    "residue": "residue",
}


def render_a(plan: Plan) -> tuple[bytes, tuple[str, ...]]:
    """Shape A, and the residue in it that is no text."""
    look = A_LOOKS[plan.look]
    blocks = ["".join(plan.document.title_lines)]
    before = None
    for block in plan.document.blocks:
        if isinstance(block, Grid):
            blocks.append("\n".join(_rows(block, look, isinstance(before, Grid))))
        else:
            blocks.append(_sentence(block, look))
        before = block
    if look.marks:
        blocks[0] = f"# {blocks[0]}"
    return ("\n\n".join(blocks) + "\n").encode(), (("##", "**") if look.marks else ())


def _sentence(block: Paragraph, look: Look) -> str:
    if look.marks:
        if block.role == "heading":
            return f"## {block.text}"
        return re.sub(r"^([（(].[）)][^。]{2,12}。)", r"**\1**", block.text)
    if look.breaks and block.role == "body" and len(block.text) > 60:
        middle = next((n for n in range(len(block.text) // 2, len(block.text)) if _inside(block.text, n)), None)
        if middle:
            return f"{block.text[:middle]}\n\n{block.text[middle:]}"
    return block.text


def _inside(text: str, at: int) -> bool:
    """Whether a page may break there: between two Chinese characters, with no mark beside them."""
    return bool(re.fullmatch(r"[\u4e00-\u9fff]{4}", text[at - 2 : at + 2]))


def _rows(grid: Grid, look: Look, goes_on: bool) -> list[str]:
    width = len(grid.widths)
    lines = [[""] * width for _ in grid.rows]
    for placed in grid.placed():
        text = " ".join(placed.cell.text.split("\n"))
        lines[placed.row][placed.column] = f"{look.pad}{text}{look.pad}" if text else ""
    if look.narrow and goes_on and not any(line[0] for line in lines):
        lines = [line[1:] for line in lines]
    texts = ["\t".join(line) for line in lines]
    return [_trimmed(text) for text in texts] if look.ragged else texts


def _trimmed(text: str) -> str:
    """Without empty cells at the end, but with one tab at least."""
    left = text.rstrip("\t")
    return left if "\t" in left else f"{left}\t"


def render_b(plan: Plan) -> tuple[bytes, tuple[str, ...]]:
    """Shape B, and the residue in it that is no text."""
    kind = B_LOOKS[plan.look]
    parts = ["\n".join(plan.document.title_lines), "", *_blocks(plan.document, kind)]
    text = "\n".join(parts) + "\n"
    return text.encode(), (("[bookmark: _GoBack]", "[image: ") if kind == "residue" else ())


def _blocks(document: Document, kind: str) -> list[str]:
    parts: list[str] = []
    blank = NBSP if kind == NBSP else ""
    for block, following in pairwise([*document.blocks, None]):
        if isinstance(block, Grid):
            parts += [*_cells(block, kind, document.style), "", *([blank] if blank else [])]
        elif isinstance(block, Paragraph):
            residue = kind == "residue" and block.role == "heading"
            parts.append(("[bookmark: _GoBack]" if residue else "") + block.text)
            if residue and following is not None:
                parts.append(f"[image: {choose(block.text, 'image', ('image1.png', '图片 1'))}]")
    return parts


def _cells(grid: Grid, kind: str, style: str) -> list[str]:
    """A row's cells, an empty line behind each row; a row span leaves a lone tab per column, a column span nothing."""
    rows: list[list[tuple[int, str]]] = [[] for _ in grid.rows]
    for placed in grid.placed():
        text = placed.cell.text
        if placed.cell.path and kind == NBSP and choose(style, placed.cell.path, (True, True, False)):
            text = NBSP + text
        elif placed.cell.path and kind == "blank" and not text:
            text = NBSP
        rows[placed.row].append((placed.column, f"\t{text}"))
        for offset in range(1, placed.cell.rowspan):
            covered = range(placed.column, placed.column + placed.cell.colspan)
            rows[placed.row + offset] += [(column, "\t") for column in covered]
    lines: list[str] = []
    for row in rows:
        lines += [text for _, text in sorted(row, key=lambda item: item[0])] + [""]
    return lines
