"""Lines on pages become paragraphs: indents and short lines end them, page numbers and running heads are no text (W5)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ..canonical import begins_item
from ..model import Paragraph, Place
from .runs import Run

_PAGE_NUMBER = re.compile(
    r"^(?:[-—–－~·\s]*\d{1,4}[-—–－~·\s]*|第\s*\d+\s*页(?:\s*[，,]?\s*共\s*\d+\s*页)?|\d+\s*/\s*\d+)$"
)
INDENT = 1.2  # times the line height: a first line stands two characters in
SHORT = 2.0  # times the line height: a line that ends so far before the margin ends its paragraph
SPACE = 0.25  # of the line height: a gap as wide is a space
APART = 0.9  # times the line height: how far a page's number stands from the text at least
GAP = 1.3  # times the line height between two lines: more is a new block


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text with its page (from 1) and box in points from the top left: x0, top, x1, bottom."""

    text: str
    page: int
    box: tuple[float, float, float, float]
    runs: tuple[Run, ...] = ()

    @property
    def height(self) -> float:
        return self.box[3] - self.box[1]


def lines_of(runs: Iterable[Run]) -> list[Line]:
    """The lines of runs: those of a page whose heights overlap by half are one line, from left to right."""
    rows: list[list[Run]] = []
    for run in sorted(runs, key=lambda run: (run.page, run.box[1] + run.box[3])):
        last = rows[-1][-1] if rows else None
        if last and last.page == run.page and _overlap(last, run) > 0.5 * min(last.height, run.height):
            rows[-1].append(run)
        else:
            rows.append([run])
    return [_line(sorted(row, key=lambda run: run.box[0])) for row in rows]


def _overlap(first: Run, second: Run) -> float:
    return min(first.box[3], second.box[3]) - max(first.box[1], second.box[1])


def _line(row: Sequence[Run]) -> Line:
    boxes = [run.box for run in row]
    box = min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)
    text = row[0].text
    for last, run in pairwise(row):
        text += (" " if run.box[0] - last.box[2] > SPACE * run.height else "") + run.text
    return Line(text, row[0].page, box, tuple(row))


def without_running_heads(lines: Sequence[Line]) -> list[Line]:
    """The lines without page numbers at head or foot, and without first or last lines that repeat on most pages."""
    pages: dict[int, list[Line]] = {}
    for line in lines:
        pages.setdefault(line.page, []).append(line)
    edges = Counter(text for page in pages.values() for text in {page[0].text, page[-1].text})
    repeated = {text for text, count in edges.items() if count >= 3 and count * 2 > len(pages)}
    kept: list[Line] = []
    for page in pages.values():
        start, end = 0, len(page)
        while end and (page[end - 1].text in repeated or _is_number(page[end - 1], page[max(end - 2, 0) : end - 1])):
            end -= 1
        while start < end and (
            page[start].text in repeated or _is_number(page[start], page[start + 1 : min(start + 2, end)])
        ):
            start += 1
        kept.extend(page[start:end])
    return kept


def _is_number(line: Line, neighbour: Sequence[Line]) -> bool:
    """Whether a line is a page's number, apart from the line next to it: a figure of a table may stand alone too."""
    apart = all(max(line.box[1], one.box[1]) - min(line.box[3], one.box[3]) > APART * line.height for one in neighbour)
    return apart and bool(_PAGE_NUMBER.match(line.text))


def paragraphs(lines: Sequence[Line]) -> Iterator[Paragraph]:
    """The paragraphs that lines between two tables form; a paragraph may run over a page break."""
    if not lines:
        return
    margins = {page: _margins([line for line in lines if line.page == page]) for page in {line.page for line in lines}}
    left = min(margin for margin, _ in margins.values())
    right = max(margin for _, margin in margins.values())
    indents = sum(1 for line in lines if line.box[0] - left > INDENT * line.height) >= 2
    current: list[Line] = []
    for line in lines:
        if current and _ends(current[-1], line, left, right, indents):
            yield _paragraph(current)
            current = []
        current.append(line)
    yield _paragraph(current)


def _margins(lines: Iterable[Line]) -> tuple[float, float]:
    boxes = [line.box for line in lines]
    return min(box[0] for box in boxes), max(box[2] for box in boxes)


def _ends(last: Line, line: Line, left: float, right: float, indents: bool) -> bool:
    """Whether `last` ends its paragraph, so that `line` begins the next. Nothing begins with a closing mark.

    Where paragraphs are indented, a short line inside one is only a long word that wrapped.
    """
    if line.text.startswith(tuple("。，、；：！？）”》")):
        return False
    height = max(min(last.height, line.height), 1.0)
    if line.box[0] - left > INDENT * height:
        return True
    if line.page == last.page and line.box[1] - last.box[3] > GAP * height:
        return True
    short = right - last.box[2] > SHORT * height
    return short and (not indents or begins_item(line.text) or last.text.endswith(("。", "！", "？", "；")))


def _paragraph(lines: Sequence[Line]) -> Paragraph:
    first = lines[0]
    text = ""
    for line in lines:  # a space only between Latin words: 12月31日 wraps anywhere, also inside its numbers
        text += (
            " "
            if text[-1:].isascii() and text[-1:].isalpha() and line.text[:1].isascii() and line.text[:1].isalpha()
            else ""
        ) + line.text
    return Paragraph(text, Place(page=first.page, box=first.box))
