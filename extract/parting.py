"""A document cut into its reports: by the titles inside it, with the pages that each covers, and what cannot be cut."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from . import sections, titles
from .model import Block, Grid, Paragraph, Text

HEAD = 12  # paragraphs before section 一 that may hold a title or the period
_PERIOD = re.compile(
    r"(?P<from>20[0-3]\d)年1月1日起?(?:至|到|[—–~～－-]{1,2})(?:(?P<to>20[0-3]\d)年)?1[0-2]月\d{1,2}日"
)


@dataclass(frozen=True, slots=True)
class Part:
    """One report's part of a document. `pages`: of one of several, the first and the last, from 1, where there are pages.

    `joined`: it holds several reports between which no title stands.
    """

    title: str
    blocks: Sequence[Block]
    pages: tuple[int, int] | None = None
    joined: bool = False


def parts(text: Text) -> list[Part]:
    """The document cut at every further title that is followed by a section 一: one part per report.

    A document that is cut is a collection, so its first report too has the title that stands before it, if there is one.
    """
    cuts = [0, *_cuts(text.blocks)]
    found: list[Part] = []
    for start, end in zip(cuts, [*cuts[1:], len(text.blocks)], strict=True):
        title, blocks = text.title, list[Block](text.blocks[start:end])
        if start:
            title, blocks = _headed(blocks)
        elif len(cuts) > 1 and (own := _own_title(blocks)) is not None:
            title, blocks = _headed(blocks[own:])
        found.append(Part(title, blocks, _pages(blocks) if len(cuts) > 1 else None, _is_joined(blocks)))
    return found


def other_years(blocks: Sequence[Block], year: int | None) -> tuple[int, ...]:
    """The years that title lines and the period before section 一 say, other than the report's."""
    if year is None:
        return ()
    said: set[int] = set()
    for line in _before_body(blocks):
        if len(line) <= titles.MAX_LINE and (title := titles.parse(line)):
            said.add(title.year)
        for period in _PERIOD.finditer(titles.arabic_year(titles.squeeze(line))):
            if period["to"] in (None, period["from"]):
                said.add(int(period["from"]))
    return tuple(sorted(said - {year}))


def _cuts(blocks: Sequence[Block]) -> Iterator[int]:
    """Where further reports begin: at their title, or at the organ on the line above it."""
    last = 0
    for index, block in enumerate(blocks):
        title = titles.parse(block.text) if isinstance(block, Paragraph) else None
        begun = title is not None and _begins_report(title.year, blocks[index + 1 :])
        if begun and any(_is_body(earlier) for earlier in blocks[last:index]):
            above = blocks[index - 1]
            organ = isinstance(above, Paragraph) and titles.is_organ(above.text)
            last = index - 1 if organ else index
            yield last


def _headed(blocks: list[Block]) -> tuple[str, list[Block]]:
    """The title at the head of a part, on one line or two, and what follows it."""
    lines = [block.text for block in blocks[:2] if isinstance(block, Paragraph)]
    if len(lines) > 1 and titles.parse(lines[0]) is None:
        return titles.join(lines), blocks[2:]
    return lines[0], blocks[1:]


def _own_title(blocks: Sequence[Block]) -> int | None:
    """Where the title stands that a part prints before its body; None where there is none."""
    for index, block in enumerate(blocks):
        if _is_body(block):
            return None
        if isinstance(block, Paragraph) and titles.parse(block.text):
            above = blocks[index - 1] if index else None
            return index - 1 if isinstance(above, Paragraph) and titles.is_organ(above.text) else index
    return None


def _before_body(blocks: Sequence[Block]) -> Iterator[str]:
    for block in blocks[:HEAD]:
        if _is_body(block):
            return
        if isinstance(block, Paragraph):
            yield block.text


def _is_body(block: Block) -> bool:
    """Whether a report has begun before this: a table, or a section's heading."""
    return isinstance(block, Grid) or (isinstance(block, Paragraph) and sections.heading(block.text) is not None)


def _begins_report(year: int, blocks: Sequence[Block]) -> bool:
    """Whether the next heading is that of section 一 of a report for this year."""
    for block in blocks:
        if isinstance(block, Grid):
            return False
        if isinstance(block, Paragraph) and (heading := sections.heading(block.text)):
            return heading[0] == 1
        if isinstance(block, Paragraph) and year < sections.FIRST_STATUTORY and sections.begins(block.text):
            return True
    return False


def _is_joined(blocks: Sequence[Block]) -> bool:
    """Whether section 一 begins twice, each time with other tables behind it.

    A list of contents has no tables; a page that holds its report twice, once for print, has the same.
    """
    runs: list[list[tuple[str, ...]]] = []
    begins = [index for index, block in enumerate(blocks) if _begins_first(block)]
    for index, block in enumerate(blocks if len(begins) > 1 else ()):
        if index in begins:
            runs.append([])
        elif isinstance(block, Grid) and runs:
            runs[-1].extend(tuple(cell.text for cell in row) for row in block.rows)
    return len({tuple(run) for run in runs if run}) > 1


def _begins_first(block: Block) -> bool:
    """Whether a block is the heading of section 一."""
    heading = sections.heading(block.text) if isinstance(block, Paragraph) else None
    return heading is not None and heading[0] == 1


def _pages(blocks: Sequence[Block]) -> tuple[int, int] | None:
    places = [block.place for block in blocks if not isinstance(block, Grid)]
    places += [cell.place for block in blocks if isinstance(block, Grid) for row in block.rows for cell in row]
    numbers = [place.page for place in places if place is not None and place.page is not None]
    return (min(numbers), max(numbers)) if numbers else None
