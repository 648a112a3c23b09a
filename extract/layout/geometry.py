"""Statutory tables without ruling lines, or with some: from runs of text with their boxes to rows and columns.

Columns come from the rows that print every figure and from the header; rows from the figures that stand at one height.
Each line of a label goes to the row beside whose figures it stands, at the middle or at the top, so that the lines of
all rows fit best together; words of the forms only weigh in. What cannot be placed is left out of the grid's figures:
the reader then says `ambiguous`, never a guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from ..cells import is_figure
from ..forms import all_forms
from ..labels import column_of, plain
from ..model import Cell, Grid, Place
from ..tablewords import is_anchor, is_second, is_third, is_upper
from .groups import Group, first_row, leaves_and_groups, level_of
from .rows import Columns, Row, by_figures, columns_of, figure_rows, row_of, rows_of
from .runs import Box, rounded
from .words import Strip, Word, begins, centre_of, clusters, joined, levels_of, squeezed

FOURTH = 15  # figures of table 四's one row
WITHIN = 0.6  # share of a word that lies under one column: it belongs to that column alone


def build(strip: Strip) -> Grid | None:
    """The grid of a strip of table 二, 三 or 四; None where no columns can be found."""
    texts = {squeezed(word.text) for word in strip.words}
    if texts & {"行政复议", "行政诉讼", "结果维持", "未经复议直接起诉"}:
        return _fourth(strip)
    if any(is_anchor(text) or text.startswith("信息内容") for text in texts):
        return _second(strip)
    return _third(strip)


def _cell(words: Sequence[Word], area: tuple[int, Box] | None = None) -> Cell:
    """A cell with the place of its words; a blank one with the area where it would stand."""
    if not words:
        return Cell("", False, Place(page=area[0], box=rounded(area[1])) if area else None)
    page = words[0].run.page
    boxes = [word.run.box for word in words if word.run.page == page]
    box = min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)
    return Cell(_one(words), False, Place(page=page, box=rounded(box)))


def _one(words: Sequence[Word]) -> str:
    """The text of a cell; a number that wrapped is one number."""
    text = joined(words)
    return text.replace("\n", "") if re.fullmatch(r"-?[\d.,\n]+", text) else text


def _cells(row: Row, columns: Columns) -> list[Cell]:
    """The cells of the figures of a row."""
    if row.cells is None:
        return [_cell([word]) for word in row.loose]
    words = [word for cell in row.cells for word in cell] or row.label
    page = words[0].run.page
    same = [word.run.box for word in words if word.run.page == page]
    top, bottom = min(box[1] for box in same), max(box[3] for box in same)
    return [
        _cell(cell, (page, (columns.edges[index], top, columns.edges[index + 1], bottom)))
        for index, cell in enumerate(row.cells)
    ]


def _padded(rows: Iterable[Sequence[Cell]]) -> Grid:
    rows = [tuple(row) for row in rows]
    width = max(map(len, rows), default=0)
    return Grid(tuple((*row, *[Cell("", True)] * (width - len(row))) for row in rows))


def _second(strip: Strip) -> Grid | None:
    """Table 二: below each anchor a header, and rows under it."""
    rows: list[list[Cell]] = []
    part: list[Word] = []
    for line in [*levels_of(strip.words), None]:
        if line is None or is_anchor(joined(line)):
            rows += _part(part, strip)
            part = []
            rows += [[_cell(line)]] if line else []
        else:
            part += line
    return _padded(rows) if rows else None


def _part(words: Sequence[Word], strip: Strip) -> list[list[Cell]]:
    """The header and the rows below one anchor."""
    head = next((word for word in words if squeezed(word.text).startswith("信息内容")), None)
    if head is None:
        return [[_cell([word]) for word in sorted(line, key=lambda word: word.x0)] for line in levels_of(words)]
    figures = [word for word in words if word.x0 > head.x1 and is_figure(word.text)]
    first = min((word.top for word in figures), default=float("inf"))
    header = clusters(word for word in words if word.x0 > head.x1 and word.bottom < first and not is_figure(word.text))
    if not header:
        return [[_cell([word]) for word in sorted(line, key=lambda word: word.x0)] for line in levels_of(words)]
    centres = by_figures(figures)
    if len(centres) != len(header):
        centres = [centre_of(cluster) for cluster in header]
    columns = columns_of(centres)
    left = (head.x1 + min(word.x0 for word in header[0])) / 2
    columns = replace(columns, edges=(left, *columns.edges[1:-1], float("inf")))
    titles = {id(word) for cluster in header for word in cluster}
    labels = [word for word in words if id(word) not in titles and word.centre < left]
    cells = [word for word in words if id(word) not in titles and word.centre >= left]
    upper = [word for cluster in header for word in cluster]
    above, below = _split_header(labels, upper)
    found = rows_of(below, cells, columns, strip, is_second)
    return [
        [_cell(above), *(_cell(cluster) for cluster in header)],
        *([_cell(row.label), *_cells(row, columns)] for row in found),
    ]


def _split_header(labels: Sequence[Word], header: Sequence[Word]) -> tuple[list[Word], list[Word]]:
    """The label words that belong to the header row, and the others: 信息内容 and what stands beside the header."""
    bottom = max(word.bottom for word in header)
    above: list[Word] = []
    for word in sorted(labels, key=lambda word: word.bottom):
        if not above or ((word.bottom < bottom or _open(above)) and not is_second(word.text)):
            above.append(word)
        else:
            break
    return above, [word for word in labels if word not in above]


def _open(words: Sequence[Word]) -> bool:
    """Whether a bracket is still open in what the words say."""
    text = joined(words)
    return text.count("（") + text.count("(") > text.count("）") + text.count(")")


def _third(strip: Strip) -> Grid | None:
    """Table 三: a header over several levels, then rows whose labels stand in up to three columns."""
    words = strip.words
    figures = [word for word in words if is_figure(word.text)]
    begin = _begin(words, figures)
    header = [word for word in words if word.bottom < begin]
    heads = _heads(header, None)
    centres = by_figures([word for word in figures if word.bottom >= begin])
    if heads and len(centres) != len(heads):
        centres = [centre_of(cluster) for cluster in heads]
    if not centres:
        return None
    columns = columns_of(centres)
    left = columns.edges[0]
    if len(heads) != len(centres):
        heads = _heads(header, columns)
    body = [word for word in words if word.bottom >= begin]
    cells = [word for word in body if word.centre >= left]
    leaves, groups = leaves_and_groups([word for word in body if word.centre < left], cells)
    rows = rows_of(leaves, cells, columns, strip, is_third)
    return _padded([*_header_rows(header, heads, columns, len(groups)), *_body_rows(rows, groups, columns)])


def _begin(words: Sequence[Word], figures: Sequence[Word]) -> float:
    """The height at which the rows begin: at the first item or figure."""
    items = [word.bottom for word in words if begins(word.text)]
    return min([*items, *(word.bottom for word in figures)], default=float("inf")) - 0.1


def _heads(header: Sequence[Word], columns: Columns | None) -> list[list[Word]]:
    """The words over each column of figures, from left to right: by what lies above what, or under known columns.

    Without known columns they count only if their words are those of table 三, in order.
    """
    lower = [word for word in header if not is_upper(word.text)]
    if columns is None:
        known = next(iter(all_forms().values())).t3_columns
        stacks = clusters(lower)
        firsts = [n for n, cluster in enumerate(stacks) if column_of(known[:1], plain(joined(cluster)))]
        found = stacks[firsts[0] :] if firsts else []
        said = [column_of(known, plain(joined(cluster))) for cluster in found]
        return found if tuple(said) == known else []
    heads: list[list[Word]] = [[] for _ in columns.centres]
    for word in lower:
        for index, (start, end) in enumerate(zip(columns.edges, columns.edges[1:], strict=False)):
            if min(end, word.x1) - max(start, word.x0) > WITHIN * (word.x1 - word.x0):
                heads[index].append(word)
    return heads


def _header_rows(
    header: Sequence[Word], heads: Sequence[Sequence[Word]], columns: Columns, deep: int
) -> list[list[Cell]]:
    """The rows of table 三's header: what stands over several columns first, then a word for each column."""
    taken = {id(word) for head in heads for word in head}
    corner = [word for word in header if id(word) not in taken and word.centre < columns.edges[0]]
    upper = [word for word in header if id(word) not in taken and word.centre >= columns.edges[0]]
    gap = Cell("", True)
    rows: list[list[Cell]] = []
    for number, line in enumerate(levels_of(upper)):
        row = [gap] * (deep + 1 + len(columns.centres))
        row[0] = _cell(corner) if number == 0 else gap
        for word in line:
            over = [index for index, edge in enumerate(columns.edges[1:]) if edge > word.x0]
            at = deep + 1 + (over[0] if over else 0)
            row[at] = _cell([word])
        rows.append(row)
    last = _cell(corner) if not rows else gap
    rows.append([last, *[gap] * deep, *(_cell(list(head)) for head in heads)])
    return rows


def _body_rows(rows: Sequence[Row], groups: Sequence[Sequence[Group]], columns: Columns) -> list[list[Cell]]:
    """The rows with their groups' labels at the first row of each group."""
    deep = len(groups)
    labels: list[list[Cell]] = []
    for row in rows:
        at = min(level_of(row.text), deep) if row.label else deep
        cells = [Cell("", True)] * (deep + 1)
        cells[at] = _cell(row.label)
        labels.append(cells)
    for column in groups:
        for group in column:
            first = first_row(group, rows)
            if first is not None and not labels[first][group.level].text:
                labels[first][group.level] = _cell(group.words)
    return [[*label, *_cells(row, columns)] for label, row in zip(labels, rows, strict=True)]


def _fourth(strip: Strip) -> Grid | None:
    """Table 四: a header over three levels, then one row of figures."""
    figures = [word for word in strip.words if is_figure(word.text)]
    header = [word for word in strip.words if not is_figure(word.text)]
    lower = [word for word in header if not is_upper(word.text)]
    stacks = clusters(lower)
    centres = by_figures(figures)
    if len(centres) < FOURTH:
        centres = [centre_of(cluster) for cluster in stacks]
    if len(centres) < 3:
        return None
    columns = columns_of(centres)
    gap = Cell("", True)
    heads = [[word for word in lower if columns.at(word) == index] for index in range(len(centres))]
    starts = [
        0,
        *(n + 1 for n, head in enumerate(heads[:-1]) if plain(joined(head)) in ("总计", "合计", "共计", "小计")),
    ]
    rows: list[list[Cell]] = []
    upper = [word for word in header if is_upper(word.text)]
    for line in levels_of(upper):
        row = [gap] * len(centres)
        line = sorted(line, key=lambda word: word.x0)
        begins = starts if line[0].text.startswith("行政") else starts[-len(line) :]
        for word, at in zip(line, begins, strict=False):
            row[at] = _cell([word])
        rows.append(row)
    rows.append([_cell(head) for head in heads])
    for line_ in figure_rows(figures, columns):
        rows.append(_cells(row_of([], line_.words, columns), columns))
    if not figures:
        page = header[0].run.page
        bottom = max(word.run.box[3] for word in header)
        rows.append(
            [
                Cell(
                    "",
                    False,
                    Place(page=page, box=rounded((columns.edges[n], bottom, columns.edges[n + 1], bottom + 10))),
                )
                for n in range(len(centres))
            ]
        )
    return _padded(rows)
