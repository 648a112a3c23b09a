"""Statutory tables without ruling lines, or with some: from runs of text with their boxes to rows and columns.

Columns come from the rows that print every figure and from the header; rows from the figures that stand at one height.
Each line of a label goes to the row beside whose figures it stands, at the middle or at the top, so that the lines of
all rows fit best together; words of the forms only weigh in. What cannot be placed is left out of the grid's figures:
the reader then says `ambiguous`, never a guess.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..cells import is_figure
from ..forms import all_forms
from ..labels import column_of, plain
from ..model import Cell, Grid
from ..tablewords import is_anchor, is_second, is_third, is_upper
from .fourth import fourth
from .groups import Group, first_row, leaves_and_groups, level_of
from .matching import rows_of
from .placed import cell_of, cells_of, padded
from .rows import Columns, Row, by_figures, columns_of, without_cells
from .words import Strip, Word, begins, centre_of, clusters, joined, levels_of, squeezed

THIRD = 7  # columns of figures in table 三
MAX_WORDS = 1_500  # runs of text in one table: a report has 500 at most
NONE = "无"  # a dash in a cell, but also the first character of 无法提供 where that is written downwards
WITHIN = 0.6  # share of a word that lies under one column: it belongs to that column alone


def build(strip: Strip) -> Grid | None:
    """The grid of a strip of table 二, 三 or 四; None where no columns can be found, or more words than a table has."""
    if len(strip.words) > MAX_WORDS:
        return None
    texts = {squeezed(word.text) for word in strip.words}
    if texts & {"行政复议", "行政诉讼", "结果维持", "未经复议直接起诉"}:
        return fourth(strip)
    if any(is_anchor(text) or text.startswith("信息内容") for text in texts):
        return _second(strip)
    return _third(strip)


def _second(strip: Strip) -> Grid | None:
    """Table 二: below each anchor a header, and rows under it."""
    rows: list[list[Cell]] = []
    part: list[Word] = []
    for line in [*levels_of(strip.words), None]:
        if line is None or is_anchor(joined(line)):
            rows += _part(part, strip)
            part = []
            rows += [[cell_of(line)]] if line else []
        else:
            part += line
    return padded(rows) if rows else None


def _part(words: Sequence[Word], strip: Strip) -> list[list[Cell]]:
    """The header and the rows below one anchor."""
    head = next((word for word in words if squeezed(word.text).startswith("信息内容")), None)
    if head is None:
        return [[cell_of([word]) for word in sorted(line, key=lambda word: word.x0)] for line in levels_of(words)]
    figures = [word for word in words if word.x0 > head.x1 and is_figure(word.text)]
    first = min((word.top for word in figures), default=float("inf"))
    header = clusters(word for word in words if word.x0 > head.x1 and word.bottom < first and not is_figure(word.text))
    if not header:
        return [[cell_of([word]) for word in sorted(line, key=lambda word: word.x0)] for line in levels_of(words)]
    centres = by_figures(figures)
    if len(centres) != len(header):
        centres = [centre_of(cluster) for cluster in header]
    columns = columns_of(centres)
    first_column = min(word.x0 for word in (*header[0], *figures))
    left = (head.x1 + first_column) / 2 if head.x1 < first_column else first_column
    columns = replace(columns, edges=(left, *columns.edges[1:-1], float("inf")))
    titles = {id(word) for cluster in header for word in cluster}
    labels = [word for word in words if id(word) not in titles and word.centre < left]
    cells = [word for word in words if id(word) not in titles and word.centre >= left]
    upper = [word for cluster in header for word in cluster]
    above, below = _split_header(labels, upper)
    found = rows_of(below, cells, columns, strip, is_second)
    if not found:
        return [[cell_of([word]) for word in sorted(line, key=lambda word: word.x0)] for line in levels_of(words)]
    return [
        [cell_of(above), *(cell_of(cluster) for cluster in header)],
        *([cell_of(row.label), *cells_of(row, columns)] for row in found),
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
    figures = [word for word in words if is_figure(word.text) and word.text != NONE]
    begin = _begin(words, figures)
    header = [word for word in words if word.bottom < begin]
    heads = _heads(header, None)
    centres = by_figures([word for word in figures if word.bottom >= begin], THIRD)
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
    if not rows:
        return None
    if len(centres) != THIRD:  # what is blank in a row is then as doubtful as the columns are
        rows = [row if row.cells is None or all(row.cells) else without_cells(row) for row in rows]
    return padded([*_header_rows(header, heads, columns, len(groups)), *_body_rows(rows, groups, columns)])


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
        row[0] = cell_of(corner) if number == 0 else gap
        for word in line:
            over = [index for index, edge in enumerate(columns.edges[1:]) if edge > word.x0]
            at = deep + 1 + (over[0] if over else 0)
            row[at] = cell_of([word])
        rows.append(row)
    last = cell_of(corner) if not rows else gap
    rows.append([last, *[gap] * deep, *(cell_of(list(head)) for head in heads)])
    return rows


def _body_rows(rows: Sequence[Row], groups: Sequence[Sequence[Group]], columns: Columns) -> list[list[Cell]]:
    """The rows with their groups' labels at the first row of each group."""
    deep = len(groups)
    labels: list[list[Cell]] = []
    for row in rows:
        at = min(level_of(row.text), deep) if row.label else deep
        cells = [Cell("", True)] * (deep + 1)
        cells[at] = cell_of(row.label)
        labels.append(cells)
    for column in groups:
        for group in column:
            first = first_row(group, rows)
            if first is None or (is_third(joined(group.words)) and not is_third(rows[first].text)):
                continue  # 其他处理 is a row of its own in one form: beside an unknown label it would be taken for it
            if not labels[first][group.level].text:
                labels[first][group.level] = cell_of(group.words)
    return [[*label, *cells_of(row, columns)] for label, row in zip(labels, rows, strict=True)]
