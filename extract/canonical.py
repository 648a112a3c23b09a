"""The one text shape that nianbao writes, for every format: shape A made clean (reference/text-shapes.md, W1 to W7).

`settle` brings blocks into that shape, `write` prints it. Reading what was written (`formats/text.py`) and writing it
again gives the same bytes, whatever the document was (W7), because every format's blocks run through `settle`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import groupby

from msgspec.structs import replace

from . import grid as grids
from . import invisible, sections, titles
from .model import Block, Cell, Grid, Image, Paragraph, Text

MAX_JOINED = 4000  # characters: no sentence runs on after so many
MIN_BROKEN = (
    30  # characters: a shorter paragraph without a full stop is a heading or a list item, not a broken sentence
)

_RESIDUE = re.compile(
    r"\[(?:bookmark|image):[^\]]*\]|^(?:#{1,6}(?=\s|$)\s*)|\*\*|<(?=https?://)|(?<=\S)>(?=[）)，。]|$)"
)
_RESIDUAL = "[#*<>"  # every residue has one of these
_LINES = re.compile(r"[\r\n\v\f]+")
_SHORT = 120  # characters: cells that may come again in the next report
_SENTENCE_END = re.compile(r"[。！？；：…!?;:.”’》）)\]】]$")
_ENUMERATOR = re.compile(
    r"^(?:第?[一二三四五六七八九十]+[、.．，是章节条]|[（(]?[一二三四五六七八九十\d]{1,3}[)）]|\d{1,3}\s*[.、．](?!\d)|[●■◆•·※★])"
)


def clean(text: str) -> str:
    """A paragraph as W1 wants it: white space made one, invisible characters and residue of Markdown and Tika gone."""
    before = None
    while text != before:
        before = text
        text = invisible.without(text)
        text = " ".join((_RESIDUE.sub("", text) if _may_have_residue(text) else text).split())
    return text


def _may_have_residue(text: str) -> bool:
    """Cheaper than the search for it: hardly any paragraph has such a character."""
    return any(sign in text for sign in _RESIDUAL)


def clean_cell(text: str) -> str:
    """The text of a cell on one line; its paragraphs joined as W4 says."""
    if (
        not text or text.isalnum()
    ):  # most cells are blank, or one figure or word: there is no white space, nothing invisible
        return text
    return _clean_short(text) if len(text) <= _SHORT else _cleaned(text)


def _cleaned(text: str) -> str:
    return titles.join(_LINES.split(invisible.without(text)))


_clean_short = lru_cache(maxsize=20_000)(_cleaned)


def settle(title: str, blocks: Sequence[Block]) -> tuple[str, tuple[Block, ...]]:
    """Title and blocks in canonical order and shape: (title, remaining blocks).

    The title comes first (W2); adjoining tables are one table (W3); a sentence that a page broke is joined (W5).
    """
    title, merged, images = _settled_once(title, blocks)
    while any(map(_has_residue, (title, *(one.text for one in merged if isinstance(one, Paragraph))))):
        again = [*([Paragraph(title)] if title else []), *merged]  # residue came together by joining; now there is less
        title, merged, _ = _settled_once("", again)
    numbers = iter(range(len(merged)))
    placed = [grids.placed(block, next(numbers)) if isinstance(block, Grid) else block for block in merged]
    # Pictures are not written; they follow the text with their places, so that they break no table and no sentence.
    return title, (*placed, *images)


def _has_residue(text: str) -> bool:
    return _may_have_residue(text) and _RESIDUE.search(text) is not None


def _settled_once(title: str, blocks: Sequence[Block]) -> tuple[str, list[Block], list[Image]]:
    """Title, cleaned and joined blocks, and pictures."""
    cleaned = [block for block in map(_clean_block, _demote(blocks)) if block is not None]
    title, cleaned = _take_title(clean(title), cleaned)
    merged: list[Block] = []
    written = [block for block in cleaned if not isinstance(block, Image)]
    for is_grid, group in groupby(written, lambda block: isinstance(block, Grid)):
        members = list(group)
        if is_grid:
            merged.append(grids.stitch([block for block in members if isinstance(block, Grid)]))
        else:
            merged.extend(_join_broken(members))
    return title, merged, [block for block in cleaned if isinstance(block, Image)]


def write(text: Text) -> str:
    """The canonical text: blocks separated by one empty line, a table row per line, cells joined by tabs."""
    parts = [text.title] if text.title else []
    for block in text.blocks:
        if isinstance(block, Paragraph):
            parts.append(block.text)
        elif isinstance(block, Grid):
            parts.append("\n".join("\t".join(cell.text for cell in row) for row in block.rows))
    return "\n\n".join(parts) + "\n" if parts else ""


def _demote(blocks: Iterable[Block]) -> Iterable[Block]:
    """Tables of one column, or of two with the first empty, are layout: their cells become paragraphs."""
    for block in blocks:
        if isinstance(block, Grid):
            block = grids.without_empty_rows(block)
            if not any(clean_cell(cell.text) for row in block.rows for cell in row):
                continue
            if _is_layout(block):
                for row in block.rows:
                    yield from (Paragraph(line, cell.place) for cell in row for line in cell.text.splitlines())
                continue
        yield block


def _is_layout(grid: Grid) -> bool:
    width = grid.width
    return width == 1 or (width == 2 and not any(clean_cell(row[0].text) for row in grid.rows))


def _clean_block(block: Block) -> Block | None:
    if isinstance(block, Paragraph):
        text = clean(block.text)
        return Paragraph(text, block.place) if text else None
    if isinstance(block, Image):
        return block
    return Grid(tuple(map(_clean_row, block.rows)))


def _clean_row(row: tuple[Cell, ...]) -> tuple[Cell, ...]:
    texts = [cell.text for cell in row]
    cleaned = [clean_cell(text) if text and not text.isalnum() else text for text in texts]
    if cleaned == texts:
        return row
    pairs = zip(row, cleaned, strict=True)
    return tuple(
        cell if text == cell.text else Cell(text, cell.covered, cell.place, cell.confidence) for cell, text in pairs
    )


def _take_title(title: str, blocks: list[Block]) -> tuple[str, list[Block]]:
    """The title on one line, and the blocks without it: the lines that print it, the metadata's where none do."""
    head: list[int] = []
    for index, block in enumerate(blocks[:8]):
        if isinstance(block, Grid):
            break
        if isinstance(block, Paragraph):
            head.append(index)
    lines = [block.text for index in head if isinstance(block := blocks[index], Paragraph)]
    if title and (printed := _lines_of(title, lines)):
        return _take_title(title, _without(blocks, {head[line] for line in printed}))
    shift = 1 if title else 0
    found = titles.find([title, *lines] if title else lines)
    if found is None:
        return (title, blocks) if title or not lines else (lines[0], _without(blocks, head[:1]))
    start, parsed = found
    taken = {head[line - shift] for line in range(start, start + parsed.lines) if line >= shift}
    rest = _without(blocks, taken)
    if title and start > 0:
        return parsed.text, [Paragraph(title), *rest]
    return parsed.text, rest


def _lines_of(title: str, lines: Sequence[str]) -> range | None:
    """The lines at the head that print just this title, in one line or broken over up to four."""
    wanted = titles.squeeze(title)
    for start in range(min(len(lines), 3)):
        for count in range(1, titles.MAX_LINES + 1):
            if titles.squeeze("".join(lines[start : start + count])) == wanted:
                return range(start, min(start + count, len(lines)))
    return None


def _without(blocks: list[Block], indexes: Iterable[int]) -> list[Block]:
    gone = set(indexes)
    return [block for index, block in enumerate(blocks) if index not in gone]


def _join_broken(blocks: Sequence[Block]) -> list[Block]:
    """Paragraphs that a page break cut in two are one again (text-shapes.md, A4)."""
    joined: list[Block] = []
    for block in blocks:
        last = joined[-1] if joined else None
        if isinstance(block, Paragraph) and isinstance(last, Paragraph) and _goes_on(last.text, block.text):
            joined[-1] = replace(last, text=titles.join([last.text, block.text]))
        else:
            joined.append(block)
    return joined


def _goes_on(first: str, second: str) -> bool:
    return (
        MIN_BROKEN <= len(first) <= MAX_JOINED
        and sections.heading(second) is None
        and not _SENTENCE_END.search(first)
        and not begins_item(second)
        and titles.parse(first) is None
        and titles.parse(second) is None
    )


def begins_item(text: str) -> bool:
    """Whether a line begins a numbered item or heading (一、 （二） 3.), so that it continues nothing."""
    return bool(_ENUMERATOR.match(text))


def cell_row(texts: Iterable[str], covered: bool | None = None) -> tuple[Cell, ...]:
    """A row of a grid whose source cannot tell an empty cell from a spanned one (`covered` only where it can)."""
    return tuple(Cell(text, False if text.strip() else covered) for text in texts)
