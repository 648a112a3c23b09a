"""Tables that say above them that they are not the report's: last year's in an appendix, the whole county's beside an organ's own."""

from __future__ import annotations

import re
from collections.abc import Sequence

from . import sections, titles
from .model import Block, Grid, Paragraph

MAX_CAPTION = 60  # characters: a longer line is a sentence about the table
_YEAR = re.compile(r"(20[0-3]\d)年?度?(?:(?=年)|(?<=[年度]))(?!\d{1,2}月|版|格式|修订|印发|起施行)")
_LAST = re.compile(r"上一?年度?(?!结转|转结)|去年|往年")
_COUNTY = re.compile(r"全[县市区省州旗](?!.{0,12}(?:工作)?要求)")
_TABLE = re.compile(r"情况|统计|数据|表|对比|对照")
_UNIT_LINE = re.compile(r"[(（]?(?:计量)?单位[:：].{1,6}")


def own_tables(blocks: Sequence[Block], year: int | None, one_organ: bool) -> tuple[list[Grid], list[str]]:
    """The grids of a report without those whose caption names another year, or the whole county; and notes of these.

    `year`: the report's, None where it is not known; `one_organ`: its figures are those of one organ. A caption is the
    line above a grid, or its only text in its first row; it holds for the pieces that follow it directly.
    """
    own: list[Grid] = []
    notes: list[str] = []
    above, why = "", ""
    for block in blocks:
        if isinstance(block, Grid):
            why = _why(above, year, one_organ) or _why(_first_row(block), year, one_organ) or (why if not above else "")
            if why:
                notes.append(f"a table under {(above or _first_row(block)).strip()!r} is not read: {why}")
            else:
                own.append(block)
            above = ""
        elif isinstance(block, Paragraph) and not _UNIT_LINE.fullmatch("".join(block.text.split())):
            above = block.text
    return own, notes


def _first_row(grid: Grid) -> str:
    """The text of a first row that has only one."""
    texts = [cell.text for cell in grid.rows[0] if cell.text] if grid.rows else []
    return texts[0] if len(set(texts)) == 1 else ""


def _why(line: str, year: int | None, one_organ: bool) -> str:
    """Why a table under a line is another one's; nothing where it is the report's, or the line is no caption."""
    said = "".join(line.split())
    if (
        len(said) > MAX_CAPTION
        or "。" in said
        or not _TABLE.search(said)
        or sections.heading(line)
        or titles.parse(line)
    ):
        return ""
    named = {int(found) for found in _YEAR.findall(said)}
    if year is not None and ((named and year not in named) or (not named and _LAST.search(said))):
        return "it names another year"
    return "it names the whole county" if one_organ and _COUNTY.search(said) else ""
