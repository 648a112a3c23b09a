"""Statutory tables without ruling lines, or with some: from runs of text with their boxes to rows and columns.

Columns come from the rows that print every figure and from the header; rows from the figures that stand at one height.
Each line of a label goes to the row beside whose figures it stands, at the middle or at the top, so that the lines of
all rows fit best together; words of the forms only weigh in. What cannot be placed is left out of the grid's figures:
the reader then says `ambiguous`, never a guess.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from statistics import median

from .canonical import begins_item
from .cells import is_figure
from .forms import all_forms
from .labels import column_of, plain
from .model import Cell, Grid, Place
from .sheets import Box, Run, levels
from .tablewords import is_anchor, is_second, is_third, is_upper

NUMBER_ONLY = re.compile(r"^(?:[（(]?[一二三四五六七八九十\d]{1,2}[）)]|[一二三四五六七八九十\d]{1,2}[、.．])$")
WIDEST = 6  # lines of one label
PITCH, SPACED = 1.6, 2.6  # of the text height: how far apart the lines of a cell lie, and the paragraphs in it
WITHIN = 0.6  # share of a word that lies under one column: it belongs to that column alone


@dataclass(frozen=True, slots=True)
class Word:
    """A run with its height on the strip: all pages of a table one below the other."""

    run: Run
    top: float
    bottom: float

    @property
    def text(self) -> str:
        return self.run.text

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def x0(self) -> float:
        return self.run.box[0]

    @property
    def x1(self) -> float:
        return self.run.box[2]

    @property
    def centre(self) -> float:
        return self.run.centre


@dataclass(frozen=True, slots=True)
class Strip:
    """The words of one table over all its pages, the ruling lines across it, and where pages end."""

    words: tuple[Word, ...]
    rules: tuple[float, ...]
    breaks: tuple[float, ...]


@dataclass(slots=True)
class Row:
    """A row that was found: the lines of its label, and the words of each column."""

    label: list[Word]
    cells: list[list[Word]] | None  # None: words of a row that no column takes
    loose: list[Word] = field(default_factory=list)

    @property
    def text(self) -> str:
        return joined(self.label)


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns of figures: their centres, and the edges between them (one more than columns)."""

    centres: tuple[float, ...]
    edges: tuple[float, ...]

    def at(self, word: Word) -> int | None:
        """The column of a word: the one whose middle is nearest by far, inside of its edges."""
        for index in range(len(self.centres)):
            if self.edges[index] <= word.centre < self.edges[index + 1]:
                return index
        return None


def joined(words: Iterable[Word]) -> str:
    """The text of a cell: its lines from top to bottom."""
    return "\n".join(" ".join(word.text for word in sorted(line, key=lambda word: word.x0)) for line in _lines(words))


def _lines(words: Iterable[Word]) -> list[list[Word]]:
    return levels(words, lambda word: (word.top, word.bottom))


def _begins(text: str) -> bool:
    """Whether a line begins a numbered item, however its brackets are spaced."""
    return begins_item(_squeezed(text))


def _squeezed(text: str) -> str:
    return "".join(text.split())


# Columns


def columns_of(centres: Sequence[float]) -> Columns:
    """Columns around these centres; the outer ones reach as far outwards as inwards."""
    if len(centres) == 1:
        return Columns(tuple(centres), (centres[0] - 1000, centres[0] + 1000))
    between = [(left + right) / 2 for left, right in zip(centres, centres[1:], strict=False)]
    first, last = centres[0] - (between[0] - centres[0]), centres[-1] + (centres[-1] - between[-1])
    return Columns(tuple(centres), (first, *between, last))


def _by_figures(figures: Sequence[Word]) -> list[float]:
    """Centres of the columns in which figures stand above one another."""
    return [median(word.centre for word in cluster) for cluster in _clusters(figures)]


def _clusters(words: Iterable[Word]) -> list[list[Word]]:
    """Words that lie above one another, from left to right."""
    found: list[list[Word]] = []
    for word in sorted(words, key=lambda word: word.x0):
        last = found[-1] if found else None
        right = max(other.x1 for other in last) if last else 0.0
        if last and right - word.x0 > 0.3 * min(word.x1 - word.x0, right - min(other.x0 for other in last)):
            last.append(word)
        else:
            found.append([word])
    return found


# Rows


@dataclass(slots=True)
class _Line:
    """The figures of one row; a number that wrapped stands on several heights."""

    words: list[Word]

    @property
    def first(self) -> float:
        return min(word.bottom for word in self.words)

    @property
    def base(self) -> float:
        """The height of its middle line."""
        return (self.first + max(word.bottom for word in self.words)) / 2


def _figure_rows(words: Iterable[Word], columns: Columns) -> list[_Line]:
    """The rows of figures from top to bottom. Lines that overlap in height are one row: a number wrapped in it."""
    rows: list[_Line] = []
    for line in _lines(words):
        last = rows[-1] if rows else None
        if last and (_overlap(last.words, line) or _wrapped(last.words, line, columns)):
            last.words.extend(line)
        else:
            rows.append(_Line(list(line)))
    return rows


def _overlap(upper: Sequence[Word], lower: Sequence[Word]) -> bool:
    height = min(word.height for word in lower)
    return min(word.bottom for word in lower) - max(word.bottom for word in upper) < 0.75 * height


def _wrapped(upper: Sequence[Word], lower: Sequence[Word], columns: Columns) -> bool:
    """Whether figures are the rest of those above them: each below one that had no room for one digit more."""
    below = {columns.at(word): word for word in lower}
    above: dict[int | None, Word] = {columns.at(word): word for word in upper}
    if None in below or min(w.bottom for w in lower) - max(w.bottom for w in upper) > PITCH * lower[0].height:
        return False
    for index, word in below.items():
        first = above.get(index)
        if first is None or index is None or not (word.text.isdigit() and re.fullmatch(r"-?[\d.,]+", first.text)):
            return False
        digit = (first.x1 - first.x0) / len(first.text)
        if len(word.text) > len(first.text) or first.x1 - first.x0 + digit < 0.6 * (columns.edges[index + 1] - columns.edges[index]):
            return False
    return True


Known = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class _Match:
    """How label lines go to rows of figures: the cost, and (first line, end, row or None) of each group."""

    cost: float
    groups: tuple[tuple[int, int, int | None], ...]


def _matched(lines: Sequence[Sequence[Word]], rows: Sequence[_Line], strip: Strip, known: Known, top: bool) -> _Match:
    """The cheapest way to give the lines of labels to rows, in order; `top`: labels and figures begin at one height."""
    best: list[list[_Match | None]] = [[None] * (len(rows) + 1) for _ in range(len(lines) + 1)]
    best[0][0] = _Match(0.0, ())
    for i in range(len(lines) + 1):
        for r in range(len(rows) + 1):
            here = best[i][r]
            if here is None:
                continue
            if r < len(rows):
                _offer(best, i, r + 1, _Match(here.cost + 6.0, here.groups))
            for end in range(i + 1, min(i + WIDEST, len(lines)) + 1):
                group = [word for line in lines[i:end] for word in line]
                own = _inner_cost(lines[i:end], strip) + (0.0 if known(joined(group)) else 0.5)
                if own >= 10:
                    break
                free = here.cost + own + (1.0 if known(joined(group)) else 3.0 if _begins(group[0].text) else 5.0)
                _offer(best, end, r, _Match(free, (*here.groups, (i, end, None))))
                if r < len(rows):
                    cost = here.cost + own + _distance(lines[i:end], rows[r], strip, top)
                    _offer(best, end, r + 1, _Match(cost, (*here.groups, (i, end, r))))
    found = best[len(lines)][len(rows)]
    assert found is not None  # every line may stand alone, every row without a label
    return found


def _offer(best: list[list[_Match | None]], i: int, r: int, match: _Match) -> None:
    held = best[i][r]
    if held is None or match.cost < held.cost:
        best[i][r] = match


def _inner_cost(lines: Sequence[Sequence[Word]], strip: Strip) -> float:
    """What speaks against these lines being one label: an item that begins, a rule between, a wide gap."""
    cost = 0.0
    for upper, lower in zip(lines, lines[1:], strict=False):
        if _begins(lower[0].text):
            cost += 4.0
        crosses = any(upper[0].bottom < at < lower[0].bottom for at in strip.breaks)
        if not crosses and any(upper[0].bottom < at < lower[0].bottom for at in strip.rules):
            cost += 10.0
        if lower[0].bottom - upper[0].bottom > 2.4 * lower[0].height:
            cost += 4.0
    return cost


def _distance(lines: Sequence[Sequence[Word]], row: _Line, strip: Strip, top: bool) -> float:
    """How badly a label stands beside a row, in text heights; a page that cuts it hides where it should stand."""
    height = lines[0][0].height
    if any(lines[0][0].bottom < at < lines[-1][0].bottom for at in strip.breaks):
        return 0.5
    if top:
        return 4.0 * abs(lines[0][0].bottom - row.first) / height
    return 4.0 * abs((lines[0][0].bottom + lines[-1][0].bottom) / 2 - row.base) / height


def rows_of(labels: Sequence[Word], figures: Sequence[Word], columns: Columns, strip: Strip, known: Known) -> list[Row]:
    """The rows of a table from the words of its label column and of its columns of figures, from top to bottom."""
    lines = [sorted(line, key=lambda word: word.x0) for line in _lines(labels)]
    beside = _figure_rows(figures, columns)
    match = min((_matched(lines, beside, strip, known, top) for top in (False, True)), key=lambda match: match.cost)
    found: list[tuple[float, Row]] = []
    taken = set()
    for start, end, number in match.groups:
        label = [word for line in lines[start:end] for word in line]
        figures_here = beside[number].words if number is not None else []
        taken.add(number)
        found.append((label[0].bottom, _row(label, figures_here, columns)))
    found += [(row.first, _row([], row.words, columns)) for number, row in enumerate(beside) if number not in taken]
    return [row for _, row in sorted(found, key=lambda item: item[0])]


def _row(label: list[Word], words: Sequence[Word], columns: Columns) -> Row:
    """The words of a row by column; where one lies under no column, or two side by side under one, none is placed."""
    cells: list[list[Word]] = [[] for _ in columns.centres]
    for word in words:
        index = columns.at(word)
        if index is None or any(abs(word.bottom - other.bottom) < 0.5 * word.height for other in cells[index]):
            return Row(label, None, sorted(words, key=lambda word: word.x0))
        cells[index].append(word)
    return Row(label, cells)


# Tables


def build(strip: Strip) -> Grid | None:
    """The grid of a strip of table 二, 三 or 四; None where no columns can be found."""
    texts = {_squeezed(word.text) for word in strip.words}
    if texts & {"行政复议", "行政诉讼", "结果维持", "未经复议直接起诉"}:
        return _fourth(strip)
    if any(is_anchor(text) or text.startswith("信息内容") for text in texts):
        return _second(strip)
    return _third(strip)


def _cell(words: Sequence[Word], area: tuple[int, Box] | None = None) -> Cell:
    """A cell with the place of its words; a blank one with the area where it would stand."""
    if not words:
        return Cell("", False, Place(page=area[0], box=_rounded(area[1])) if area else None)
    page = words[0].run.page
    boxes = [word.run.box for word in words if word.run.page == page]
    box = min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)
    return Cell(_one(words), False, Place(page=page, box=_rounded(box)))


def _one(words: Sequence[Word]) -> str:
    """The text of a cell; a number that wrapped is one number."""
    text = joined(words)
    return text.replace("\n", "") if re.fullmatch(r"-?[\d.,\n]+", text) else text


def _rounded(box: Box) -> Box:
    x0, top, x1, bottom = (round(float(edge), 1) for edge in box)
    return x0, top, x1, bottom


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
    for line in [*_lines(strip.words), None]:
        if line is None or is_anchor(joined(line)):
            rows += _part(part, strip)
            part = []
            rows += [[_cell(line)]] if line else []
        else:
            part += line
    return _padded(rows) if rows else None


def _part(words: Sequence[Word], strip: Strip) -> list[list[Cell]]:
    """The header and the rows below one anchor."""
    head = next((word for word in words if _squeezed(word.text).startswith("信息内容")), None)
    if head is None:
        return [[_cell([word]) for word in sorted(line, key=lambda word: word.x0)] for line in _lines(words)]
    figures = [word for word in words if word.x0 > head.x1 and is_figure(word.text)]
    first = min((word.top for word in figures), default=float("inf"))
    header = _clusters(word for word in words if word.x0 > head.x1 and word.bottom < first and not is_figure(word.text))
    if not header:
        return [[_cell([word]) for word in sorted(line, key=lambda word: word.x0)] for line in _lines(words)]
    centres = _by_figures(figures)
    if len(centres) != len(header):
        centres = [_centre(cluster) for cluster in header]
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
    centres = _by_figures([word for word in figures if word.bottom >= begin])
    if heads and len(centres) != len(heads):
        centres = [_centre(cluster) for cluster in heads]
    if not centres:
        return None
    columns = columns_of(centres)
    left = columns.edges[0]
    if len(heads) != len(centres):
        heads = _heads(header, columns)
    body = [word for word in words if word.bottom >= begin]
    cells = [word for word in body if word.centre >= left]
    leaves, groups = _leaves([word for word in body if word.centre < left], cells)
    rows = rows_of(leaves, cells, columns, strip, is_third)
    return _padded([*_header_rows(header, heads, columns, len(groups)), *_body_rows(rows, groups, columns)])


def _begin(words: Sequence[Word], figures: Sequence[Word]) -> float:
    """The height at which the rows begin: at the first item or figure."""
    items = [word.bottom for word in words if _begins(word.text)]
    return min([*items, *(word.bottom for word in figures)], default=float("inf")) - 0.1


def _centre(words: Sequence[Word]) -> float:
    return (min(word.x0 for word in words) + max(word.x1 for word in words)) / 2


def _heads(header: Sequence[Word], columns: Columns | None) -> list[list[Word]]:
    """The words over each column of figures, from left to right: by what lies above what, or under known columns.

    Without known columns they count only if their words are those of table 三, in order.
    """
    lower = [word for word in header if not is_upper(word.text)]
    if columns is None:
        known = next(iter(all_forms().values())).t3_columns
        clusters = _clusters(lower)
        firsts = [n for n, cluster in enumerate(clusters) if column_of(known[:1], plain(joined(cluster)))]
        found = clusters[firsts[0] :] if firsts else []
        said = [column_of(known, plain(joined(cluster))) for cluster in found]
        return found if tuple(said) == known else []
    heads: list[list[Word]] = [[] for _ in columns.centres]
    for word in lower:
        for index, (start, end) in enumerate(zip(columns.edges, columns.edges[1:], strict=False)):
            if min(end, word.x1) - max(start, word.x0) > WITHIN * (word.x1 - word.x0):
                heads[index].append(word)
    return heads


def _header_rows(header: Sequence[Word], heads: Sequence[Sequence[Word]], columns: Columns, deep: int) -> list[list[Cell]]:
    """The rows of table 三's header: what stands over several columns first, then a word for each column."""
    taken = {id(word) for head in heads for word in head}
    corner = [word for word in header if id(word) not in taken and word.centre < columns.edges[0]]
    upper = [word for word in header if id(word) not in taken and word.centre >= columns.edges[0]]
    gap = Cell("", True)
    rows: list[list[Cell]] = []
    for number, line in enumerate(_lines(upper)):
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


@dataclass(frozen=True, slots=True)
class Group:
    """The label of several rows, in the column `level` (0 is the leftmost)."""

    words: tuple[Word, ...]
    level: int

    @property
    def base(self) -> float:
        return (self.words[0].bottom + self.words[-1].bottom) / 2


def _leaves(labels: Sequence[Word], cells: Sequence[Word]) -> tuple[list[Word], list[list[Group]]]:
    """The words of row labels, and the labels of groups by column: a group's label has rows' labels to its right."""
    labels = _with_numbers(labels)
    beside = {id(word) for word in labels if any(_is_right_of(other, word) for other in labels)}
    level = {id(word): word for word in labels if id(word) in beside}
    for column in _clusters(level.values()):
        for word in labels:
            if _begins_group(word, column, cells):
                level[id(word)] = word
    changed = True
    while changed:  # further lines of a group's label, where nothing stands to their right
        changed = False
        for word in labels:
            if id(word) not in level and any(_same_cell(word, other) for other in list(level.values())):
                level[id(word)] = word
                changed = True
    groups: list[list[Group]] = []
    for column in _clusters(level.values()):
        stacks = [stack for stack in _stacked(column) if any(id(word) in beside for word in stack) or not _is_row(stack)]
        groups.append([Group(tuple(stack), len(groups)) for stack in stacks])
    taken = {id(word) for column in groups for group in column for word in group.words}
    return [word for word in labels if id(word) not in taken], groups


def _is_row(words: Sequence[Word]) -> bool:
    return is_third(joined(words))


def _begins_group(word: Word, column: Sequence[Word], cells: Sequence[Word]) -> bool:
    """Whether an item is a group's label that stands between two rows: in the column of groups, no row's own label,
    and no figures at its height.
    """
    left, right = min(other.x0 for other in column), max(other.x1 for other in column)
    aligned = abs(word.x0 - left) < 0.5 * word.height or abs(2 * word.centre - left - right) < word.height
    return (
        _begins(word.text)
        and aligned
        and word.x1 < right + 0.5 * word.height
        and not is_third(word.text)
        and not any(abs(cell.bottom - word.bottom) < 0.3 * word.height for cell in cells)
    )


def _with_numbers(labels: Sequence[Word]) -> list[Word]:
    """The words, with a number that stands alone (1. before a tab) put before the words that follow it."""
    found: list[Word] = []
    for line in _lines(labels):
        line = sorted(line, key=lambda word: word.x0)
        for word in line:
            if found and line[0] is not word and NUMBER_ONLY.match(found[-1].text) and word.x0 - found[-1].x1 < 3 * word.height:
                run = found.pop().run
                box = run.box[0], min(run.box[1], word.run.box[1]), word.x1, max(run.box[3], word.run.box[3])
                found.append(Word(Run(f"{run.text} {word.text}", run.page, box), word.top, word.bottom))
            else:
                found.append(word)
    return found


def _is_right_of(other: Word, word: Word) -> bool:
    """Whether another label stands beside a word, on its right."""
    shared = min(word.bottom, other.bottom) - max(word.top, other.top)
    return other.x0 >= word.x1 - 1 and shared > 0.3 * min(word.height, other.height)


def _same_cell(word: Word, group: Word) -> bool:
    """Whether a word is the line above or below a line of a group's label."""
    upper, lower = sorted((word, group), key=lambda one: one.bottom)
    shared = min(word.x1, group.x1) - max(word.x0, group.x0)
    near = lower.bottom - upper.bottom < SPACED * lower.height
    narrow = word.x1 - word.x0 <= 1.5 * max(group.x1 - group.x0, 2 * group.height)
    aligned = min(abs(word.x0 - group.x0), abs(word.centre - group.centre)) < 0.5 * group.height
    return near and narrow and aligned and shared > 0 and not _begins(lower.text)


def _stacked(words: Iterable[Word]) -> list[list[Word]]:
    """The lines of one column as labels: an item that begins, or a gap, begins a label."""
    found: list[list[Word]] = []
    for word in sorted(words, key=lambda word: word.bottom):
        if found and not _begins(word.text) and word.bottom - found[-1][-1].bottom < 2 * PITCH * word.height:
            found[-1].append(word)
        else:
            found.append([word])
    return found


def _body_rows(rows: Sequence[Row], groups: Sequence[Sequence[Group]], columns: Columns) -> list[list[Cell]]:
    """The rows with their groups' labels at the first row of each group."""
    deep = len(groups)
    labels: list[list[Cell]] = []
    for row in rows:
        at = min(_level(row.text), deep) if row.label else deep
        cells = [Cell("", True)] * (deep + 1)
        cells[at] = _cell(row.label)
        labels.append(cells)
    for column in groups:
        for group in column:
            first = _first_row(group, rows)
            if first is not None and not labels[first][group.level].text:
                labels[first][group.level] = _cell(group.words)
    return [[*label, *_cells(row, columns)] for label, row in zip(labels, rows, strict=True)]


def _level(text: str) -> int:
    """How deep a row lies by its number: 一、 0, （一） 1, 1. 2; without a number the deepest."""
    if re.match(r"\s*[一二三四五六七八九十]+\s*[、.．]", text):
        return 0
    return 1 if re.match(r"\s*[（(]\s*[一二三四五六七八九十]", text) else 2


def _first_row(group: Group, rows: Sequence[Row]) -> int | None:
    """The row at which a group begins: up from the row beside its label's middle, to the first that is not in it."""
    places = [(abs(_height_of(row) - group.base), number) for number, row in enumerate(rows) if row.label or row.cells]
    if not places:
        return None
    number = min(places)[1]
    own = _level(joined(group.words))
    while number and _level(rows[number].text) > own and _level(rows[number - 1].text) > own:
        if re.match(r"\s*[（(]?\s*1\D", rows[number].text):
            break
        number -= 1
    return number


def _height_of(row: Row) -> float:
    words = row.label or [word for cell in row.cells or [] for word in cell] or row.loose
    return (words[0].bottom + words[-1].bottom) / 2


def _fourth(strip: Strip) -> Grid | None:
    """Table 四: a header over three levels, then one row of figures."""
    figures = [word for word in strip.words if is_figure(word.text)]
    header = [word for word in strip.words if not is_figure(word.text)]
    lower = [word for word in header if not is_upper(word.text)]
    clusters = _clusters(lower)
    centres = _by_figures(figures)
    if len(centres) < FOURTH:
        centres = [_centre(cluster) for cluster in clusters]
    if len(centres) < 3:
        return None
    columns = columns_of(centres)
    gap = Cell("", True)
    heads = [[word for word in lower if columns.at(word) == index] for index in range(len(centres))]
    starts = [0, *(n + 1 for n, head in enumerate(heads[:-1]) if plain(joined(head)) in ("总计", "合计", "共计", "小计"))]
    rows: list[list[Cell]] = []
    upper = [word for word in header if is_upper(word.text)]
    for line in _lines(upper):
        row = [gap] * len(centres)
        line = sorted(line, key=lambda word: word.x0)
        begins = starts if line[0].text.startswith("行政") else starts[-len(line) :]
        for word, at in zip(line, begins, strict=False):
            row[at] = _cell([word])
        rows.append(row)
    rows.append([_cell(head) for head in heads])
    for line_ in _figure_rows(figures, columns):
        rows.append(_cells(_row([], line_.words, columns), columns))
    if not figures:
        page = header[0].run.page
        bottom = max(word.run.box[3] for word in header)
        rows.append([Cell("", False, Place(page=page, box=_rounded((columns.edges[n], bottom, columns.edges[n + 1], bottom + 10)))) for n in range(len(centres))])
    return _padded(rows)


FOURTH = 15  # figures of table 四's one row
