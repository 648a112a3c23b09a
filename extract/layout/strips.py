"""Finds the statutory tables that have no ruling lines among the lines of a document, and lays their pages end to end."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..cells import is_figure
from ..sections import heading
from ..tablewords import is_anchor
from .lines import Line
from .strokes import Rules
from .words import Strip, Word

NEAR = 0.2  # of a line's height: how far below the last line of a page the next page's first is laid
LARGER = 2.2  # times the height of a table's first line: print as large stands outside
SMALLER = 0.9  # times the height of the text around: tables are printed smaller
NEXT = 1.5  # times the height of the text: the next line of a cell, or of one beside it
MAX_SENTENCE = 60  # characters on one line without a gap: running text, no cell of a table

_START = re.compile(
    r"^(?:第二十条第?[（(].[）)]项|信息内容(?:[（(].*)?|申请人情况|法人或(?:者)?其[他它]组织|行政复议|行政诉讼|"
    r"[（(]?本列数据的?勾稽关系.*|未经复议直接起诉)$"
)


@dataclass(frozen=True, slots=True)
class Bare:
    """The lines of a table without ruling lines, as they follow one another over the pages."""

    lines: tuple[Line, ...]


def tables(items: Sequence[object]) -> list[object]:
    """The items with the lines of each table without ruling lines put together as one Bare."""
    found: list[object] = []
    table: list[Line] = []
    kind = 0  # the table's whose head was printed last
    for item, following in zip(items, [*items[1:], None], strict=False):
        line = item if isinstance(item, Line) and not _stands_outside(item, following) else None
        if table and (line is None or not _goes_on(table[0], kind, line)):
            found.append(Bare(tuple(table)))
            table, kind = [], 0
        if line is not None and not table and _starts(line):
            table = _upper_part(found, line)
        elif line is None or not table:
            found.append(item)
            continue
        table.append(line)
        kind = _kind(line) or kind
    return [*found, Bare(tuple(table))] if table else found


def _upper_part(found: list[object], line: Line) -> list[Line]:
    """Takes the lines just above the first of a table that are of its print: cells that stand higher than it."""
    upper: list[Line] = []
    while found and isinstance(last := found[-1], Line):
        below = upper[0] if upper else line
        same = abs(last.runs[0].height - line.runs[0].height) < (1 - SMALLER) * line.runs[0].height
        near = below.page == last.page and below.box[3] - last.box[3] < NEXT * line.runs[0].height
        if not (same and near) or heading(last.text) or "。" in last.text or is_anchor(last.text):
            break
        upper.insert(0, last)
        found.pop()
    return upper


def _starts(line: Line) -> bool:
    """Whether a line holds words that only the heads of the statutory tables print, in cells of their own."""
    return any(_START.match("".join(text.split())) for text in (line.text, *(run.text for run in line.runs)))


def _stands_outside(line: Line, following: object) -> bool:
    """Whether the line 第二十条第（…）项 is a paragraph above a part of table 二, in the larger print of the text."""
    smaller = isinstance(following, Line) and following.runs[0].height < SMALLER * line.runs[0].height
    return is_anchor(line.text) and smaller


def _goes_on(first: Line, kind: int, line: Line) -> bool:
    """Whether a line may belong to the table above, of this kind and with this first line: no heading of a section, no
    sentence, no large print, and no table that stands before it in the form.
    """
    text = line.text
    if _is_heading(line) or line.runs[0].height > LARGER * first.runs[0].height:
        return False
    if len(line.runs) == 1 and (len(text) > MAX_SENTENCE or "。" in text):
        return False
    return not (_kind(line) and _kind(line) < kind)


def _is_heading(line: Line) -> bool:
    """Whether a line is a section's heading; one with figures beside it is a label of table 三: 三、本年度办理结果."""
    return heading(line.text) is not None and not any(is_figure(run.text) for run in line.runs[1:])


def _kind(line: Line) -> int:
    """Which table's head a line prints: 2, 3, 4; 0 for none."""
    texts = {"".join(text.split()) for text in (line.text, *(run.text for run in line.runs))}
    if any(re.match(r"第二十条第?[（(].[）)]项|信息内容", text) for text in texts):
        return 2
    if any(text == "申请人情况" or "勾稽关系" in text for text in texts):
        return 3
    return 4 if texts & {"行政复议", "行政诉讼", "未经复议直接起诉", "复议后起诉"} else 0


def strips(bare: Bare, rules: Mapping[int, Rules]) -> Iterator[Strip]:
    """The tables in some lines, each with all its pages one below the other, without heads that pages repeat."""
    part: list[Line] = []
    last = 0
    for line in bare.lines:
        kind = _kind(line)
        if kind and last and kind != last:
            yield _strip(part, rules)
            part = []
        last = kind or last
        part.append(line)
    yield _strip(part, rules)


def _strip(lines: Sequence[Line], rules: Mapping[int, Rules]) -> Strip:
    lines = _without_repeated(lines)
    words: list[Word] = []
    across: list[float] = []
    breaks: list[float] = []
    end = 0.0
    for page in dict.fromkeys(line.page for line in lines):
        runs = [run for line in lines if line.page == page for run in line.runs]
        top, bottom = min(run.box[1] for run in runs), max(run.box[3] for run in runs)
        gap = NEAR * runs[0].height if words else 0.0
        shift = end + gap - top
        if words:
            breaks.append(end + gap / 2)
        words += [Word(run, run.box[1] + shift, run.box[3] + shift) for run in runs]
        left = min(run.box[0] for run in runs)
        across += [
            y + shift for y, x0, x1 in rules[page].across if top < y < bottom and x0 < left + 20 and x1 - x0 > 100
        ]
        end = bottom + shift
    return Strip(tuple(words), tuple(sorted(across)), tuple(breaks))


def _without_repeated(lines: Sequence[Line]) -> list[Line]:
    """The lines without the table's own first lines where a later page begins with them again."""
    kept: list[Line] = []
    head = ["".join(line.text.split()) for line in lines]
    index = 0
    while index < len(lines):
        line = lines[index]
        if kept and line.page != lines[index - 1].page:
            same = 0
            while index + same < len(lines) and head[index + same] == head[same] and re.search(r"[^\d\s]", head[same]):
                same += 1
            index += same
            if same:
                continue
        kept.append(line)
        index += 1
    return kept
