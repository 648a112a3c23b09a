"""The lines of a statistics table as they are printed: which cells are its label, its unit, its figures.

A label may be broken over cells (收到申 | 请数), over two rows by the end of a page, stand behind its number (（一） | …)
or behind the label that it is under (四、行政复议数量 | 被依法纠错数). Columns are told by the header where one is printed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from .cells import is_figure
from .forms import Indicator, all_forms
from .labels import matches, plain
from .model import Cell, Grid

FORM = "y2014"
LABELS = frozenset("统计指标 指标 指标名称 统计项目 项目 项目名称 统计内容 内容 名称 统计指标名称 指标内容".split())
UNITS = frozenset("单位 计量单位".split())
REMARKS = frozenset("备注 说明 填报说明 指标说明 指标解释 序号 编号 代码 指标代码 行次 填表说明".split())
_MEASURES = frozenset("条 件 次 篇 个 人 人次 万元 元 亿元 份 场 期 项 家 班次 场次 处 起 宗".split())
_WHOLE = frozenset("总数 数量 合计 总计 小计 共计".split())  # of the indicator that stands to the left
_LEAD = re.compile(
    r"(?:其中[:,、]?|[一二三四五六七八九十]+[、.,:]|[(][一二三四五六七八九十\d]{1,3}[)][、.,:]?|\d{1,2}[).、,:]|\d{1,2}(?=[\u4e00-\u9fff])(?!\d*[年月])"
    r"|[a-zA-Z][).、])+"
)
_NUMBER = re.compile(r"第?[(]?[一二三四五六七八九十\d]{1,3}[)]?[、.]?")
_HALF = str.maketrans("（）：", "():")
_MAY_BE_UNIT = re.compile(r"\w{1,4}")  # one that is not in the list: 平方米
_UNIT_BEHIND = re.compile(r"[(](?:单位[:为]?)?(?P<unit>\w{1,2})[)]$")


class Layout(Struct, frozen=True, gc=False):
    """The columns that a header names: of units (-1 without), of values with their names, and those that are neither.

    `begins`: the first row below the header; `headed`: it says 统计指标; `full`: every column has a name, so that no label
    spans columns, and no row can have lost a span. No values where there is no header.
    """

    unit: int = -1
    values: tuple[tuple[int, str], ...] = ()
    others: frozenset[int] = frozenset()
    begins: int = 0
    headed: bool = False
    full: bool = False


class Line(Struct, frozen=True, gc=False):
    """A printed row: its words, the lines of the form they may be, its unit as printed, where its label ends, and the
    cells that are figures or stand in their columns (all others emptied).

    `above`: what the labels left of its own may be, which are printed as headings. `number`: of its row in the grid. `straight`: its
    figures surely stand under their header.
    """

    cells: tuple[Cell, ...]
    grid: int
    number: int
    words: str = ""
    may_be: tuple[int, ...] = ()
    unit: str = ""
    label: int = -1
    above: tuple[tuple[int, ...], ...] = ()
    straight: bool = True

    @property
    def figures(self) -> bool:
        """Whether anything stands behind the label."""
        return any(cell.text for cell in self.cells[self.label + 1 :])


@lru_cache(maxsize=20_000)
def words(text: str) -> str:
    """The words of a label, without numbering, 其中, explanation and unit in brackets; nothing where it is a number only."""
    said = plain(text)
    if _NUMBER.fullmatch(said):
        return ""
    said = _LEAD.sub("", said, count=1) if _LEAD.match(said) else said
    return re.sub(r"(?<=.)[(].*$", "", said).rstrip(":。")


def form() -> tuple[Indicator, ...]:
    """The lines of the form, in their order."""
    return all_forms()[FORM].statistics


@lru_cache(maxsize=20_000)
def known(label: str) -> tuple[int, ...]:
    """The lines of the form that have these words, by their place in it."""
    return tuple(n for n, line in enumerate(form()) if matches(line.row, label, whole=True)) if label else ()


@lru_cache(maxsize=20_000)
def measure(text: str) -> str:
    """The unit that a cell is; nothing where it is none."""
    said = "".join(text.split()).strip("()（）")
    return said if said in _MEASURES else ""


def panels(grid: Grid) -> list[Grid]:
    """The grid, cut where its header begins again to the right: two halves of one table side by side."""
    for row in grid.rows:
        at = [x for x, cell in enumerate(row) if cell.text and words(cell.text) in LABELS]
        if len(at) > 1 and len({words(row[x].text) for x in at}) == 1:
            edges = [0, *at[1:], len(row)]
            return [Grid(tuple(row[a:b] for row in grid.rows)) for a, b in pairwise(edges)]
        if at:
            break
    return [grid]


def layout(grid: Grid, before: Layout) -> Layout:
    """What the header says; where there is none, what that of the table before says, of which this is the rest."""
    names: dict[int, str] = {}
    begins = 0
    for number, row in enumerate(grid.rows):
        texts = {x: words(cell.text) or plain(cell.text) for x, cell in enumerate(row) if cell.text}
        said = set(texts.values())
        if len(texts) > 1 and said & (LABELS | UNITS) and not any(map(is_own, said)):
            names, begins = texts, number + 1
        elif names and number == begins and texts and min(texts) > _last(names) and not _is_data(row):
            names, begins = names | texts, number + 1
        elif any(map(is_own, said)):
            break
    if not names:
        return replace(before, begins=0, headed=False)
    unit = next((x for x, name in names.items() if name in UNITS), -1)
    others = frozenset(x for x, name in names.items() if name in REMARKS)
    labels = [x for x, name in names.items() if name in LABELS]
    first = min(labels, default=unit)
    values = tuple((x, name) for x, name in sorted(names.items()) if x > first and x != unit and x not in others)
    values = tuple((x, name) for x, name in values if x not in labels)
    full = set(names) >= set(range(max(names)))
    return Layout(unit, values, others, begins, "统计指标" in names.values(), full)


def is_own(label: str) -> bool:
    """Whether words are those of one line of the form and of nothing else: 其他 is a column's too."""
    lines = known(label)
    return len(lines) == 1 and not form()[lines[0]].shared


def _last(names: Mapping[int, str]) -> int:
    return max((x for x, name in names.items() if name in LABELS | UNITS), default=-1)


def _is_data(row: Sequence[Cell]) -> bool:
    texts = [cell.text for cell in row if cell.text]
    return any(measure(text) or known(words(text)) or (is_figure(text) and not text.startswith("20")) for text in texts)


def lines(grid: Grid, heads: Layout, number: int) -> Iterator[Line]:
    """The rows below the header as lines; a label that is cut by the end of a page is one again."""
    found = [_line(row, heads, number, y) for y, row in enumerate(grid.rows) if y >= heads.begins]
    skip = False
    for line, below in zip(found, [*found[1:], None], strict=True):
        if skip:
            skip = False
        elif below and (joined := _joined(line, below)):
            skip = True
            yield joined
        else:
            yield line


def _joined(upper: Line, lower: Line) -> Line | None:
    """Two rows whose labels are one label of the form only together; one of them at most has figures."""
    whole = known(upper.words + lower.words) if upper.words and lower.words else ()
    if not whole or upper.may_be or lower.may_be or (upper.figures and lower.figures):
        return None
    line = upper if upper.figures else lower
    return replace(line, words=upper.words + lower.words, may_be=whole, unit=upper.unit or lower.unit)


def _line(row: Sequence[Cell], heads: Layout, grid: int, number: int) -> Line:
    """The row with its label from the right: the last words that the form knows, else its last words."""
    told = all(cell.covered is not None for cell in row)
    first = min((x for x, _ in heads.values), default=len(row))  # a lost span shifts to the left, never to the right
    texts: list[tuple[int, str]] = []
    unit, end, stopped = "", -1, False
    for x, cell in enumerate(row[:first]):
        if measure(cell.text) or (texts and told and x == heads.unit and _MAY_BE_UNIT.fullmatch(cell.text)):
            unit, end, stopped = measure(cell.text) or cell.text, x, True
            break
        if texts and cell.text and is_figure(cell.text):
            stopped = True
            break
        if words(cell.text) and not is_figure(cell.text) and not (told and x in heads.others):
            texts.append((x, cell.text))
    if told and not unit and 0 <= heads.unit < len(row):
        unit = measure(row[heads.unit].text)
    said, may_be, own = _label(texts)
    if not (may_be or stopped or heads.values):  # what stands behind may be a figure that is none: 见附件
        while len(texts) > 1 and not may_be:
            texts.pop()
            said, may_be, own = _label(texts)
    above = tuple(found for _, text in texts[:own] if (found := known(words(text))))
    behind = _UNIT_BEHIND.search("".join(texts[-1][1].split()).translate(_HALF)) if texts and not unit else None
    unit = unit or (measure(behind["unit"]) if behind else "")
    label = max([end, *(x for x, _ in texts)])
    straight = bool(heads.values) and (told or heads.full or 0 <= end == heads.unit)
    keep = {x for x, _ in heads.values} if straight else None
    return Line(_emptied(row, label, keep), grid, number, said, may_be, unit, label, above, straight)


def _label(texts: Sequence[tuple[int, str]]) -> tuple[str, tuple[int, ...], int]:
    """Words, lines of the form, and which text they begin with: the last text, or as many as make a label together."""
    for start in range(len(texts) - 1, -1, -1):
        said = words("".join(text for _, text in texts[start:]))
        if found := known(said):
            return said, found, start
    own = len(texts) - 1
    if own > 0 and words(texts[own][1]) in _WHOLE and (found := known(words(texts[own - 1][1]))):
        return words(texts[own - 1][1]), found, own - 1
    return (words(texts[own][1]) if texts else ""), (), max(own, 0)


def _emptied(row: Sequence[Cell], label: int, keep: set[int] | None) -> tuple[Cell, ...]:
    """The cells of a row; those behind its label that stand in no column of values, as if a span covered them.

    `keep`: the columns of values, None where it is not sure that the row stands under its header: then only units go.
    """
    return tuple(
        replace(cell, text="", covered=True)
        if x > label and (measure(cell.text) if keep is None else x not in keep)
        else cell
        for x, cell in enumerate(row)
    )
