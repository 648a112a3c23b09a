"""The rows of the statutory tables: as they are printed, and as rows of a form."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from ..cells import ILLEGIBLE, is_figure
from ..forms import Column, Row
from ..labels import bare, local_key, plain
from ..model import Cell

MAX_LABEL = 90  # characters: the longest statutory label has 42; explanations in brackets follow some
MAX_CELL = 600  # a longer cell is a paragraph of a page that is laid out by tables
COLUMNS = 20  # cells with words in a row: the header of table 四 has fifteen
FIGURES = 7  # in a row of table 三
NUMBERED = 4  # so many cells that print 1, 2, 3, … in a row without a label are the numbers of the columns
GROUPS = {
    "不予公开": "denied",
    "无法提供": "unable",
    "不予处理": "unprocessed",
    "其他处理": "other",
    "本年度办理结果": "results",
}
ORDER = "order"  # how a row was recognised that prints no label
UNLABELLED = (
    "its label is not printed or not legible; told by its place, because as many rows are printed there as the form has"
)


class Hit(Struct, frozen=True, gc=False):
    """A printed row of a form: its cells, the column of its label, the grid columns and texts of its header.

    `columns`: in printed order; those with an empty key are placed and left out. `headed`: the header stands in the same
    grid. `doubled`: it prints a column twice, as of two years side by side, and nothing tells which is this year's.
    `matched`: how the row was recognised where not by its label; `note`: what is to be said of it; `head_note`: of its header.
    """

    form: str
    row: Row
    columns: tuple[Column, ...]
    cells: tuple[Cell, ...]
    label: int
    grid: int
    header: tuple[int, ...] = ()
    header_texts: tuple[str, ...] = ()
    headed: bool = False
    doubled: bool = False
    matched: str = ""
    note: str = ""
    head_note: str = ""


class Printed:
    """A row of the stream: its cells, and the labels that they print.

    `labels`: plain, with their columns; bare numbers are none. `texts`: the same without explanations. `words`: those labels that are no figures.
    """

    __slots__ = ("cells", "grid", "labels", "texts", "words")

    def __init__(self, cells: tuple[Cell, ...], grid: int) -> None:
        self.cells, self.grid = cells, grid
        filled = [
            (x, cell.text)
            for x, cell in enumerate(cells)
            if 0 < len(cell.text) <= MAX_CELL and not cell.text.isdecimal()
        ]
        told = _labels if len(filled) <= COLUMNS else _labels.__wrapped__
        self.labels, self.texts, self.words = told(tuple(filled))

    @property
    def is_blank(self) -> bool:
        """Whether it prints neither a label nor a number."""
        return not self.labels and not any(cell.text.isdecimal() for cell in self.cells)

    def figures(self) -> int:
        """How many cells could be figures."""
        return sum(1 for cell in self.cells if cell.text and is_figure(cell.text, words=True))

    def only_figures_after(self, column: int) -> bool:
        """Whether what stands after a label are figures and blanks, not words."""
        return all(is_figure(cell.text, words=True) for x, cell in enumerate(self.cells) if x > column and cell.text)

    def filled_after(self, column: int) -> int:
        return sum(1 for x, cell in enumerate(self.cells) if x > column and cell.text)

    def written(self) -> str:
        """All that it prints, for a note."""
        return " ".join(cell.text for cell in self.cells if cell.text)


Labels = tuple[tuple[int, str], ...]  # with their columns


@lru_cache(maxsize=2_000)  # but for their numbers, rows are those of the form
def _labels(filled: Labels) -> tuple[Labels, frozenset[str], Labels]:
    """The labels, texts and words of a `Printed`, from its cells that are no bare numbers."""
    labels = [(x, label, text) for x, text in filled if (label := _label(text))]
    return (
        tuple((x, label) for x, label, _ in labels),
        frozenset(bare(label) for _, label, _ in labels),
        tuple((x, label) for x, label, text in labels if not is_figure(text, words=True)),
    )


@lru_cache(maxsize=20_000)
def _label(text: str) -> str:
    """A cell as a plain label; nothing for what is too long for one even without explanations."""
    label = plain(text)
    if len(label) > MAX_LABEL:
        label = bare(label)
    return label if len(label) <= MAX_LABEL else ""


class Loose(Struct, frozen=True, gc=False):
    """A row of figures without a label that a form knows.

    `label`: the column of its own words, -1 where it has none; `words`: those as printed, empty where it has none or
    they are not legible; `group`: the key of a group of table 三, where they are only its name.
    """

    printed: Printed
    label: int
    words: str
    group: str = ""


def loose(row: Printed, begin: int | None) -> Loose | None:
    """A row of at least one figure as a loose one; None where words stand behind its figures.

    `begin`: the grid column in which figures begin, where the table's header says it: what is not legible before it is
    a label. Else the first of more figures than a table has columns is.
    """
    cells = row.cells
    filled = [x for x, cell in enumerate(cells) if cell.text]
    words = [(x, label) for x, label in row.words if ILLEGIBLE not in cells[x].text]
    behind = words[-1][0] if words else -1
    unread = [x for x in filled if ILLEGIBLE in cells[x].text and x > behind and _before(x, filled, begin)]
    label = max([behind, *unread])
    figures = [x for x in filled if x > label]
    if not figures or not all(is_figure(cells[x].text, words=True) for x in figures):
        return None
    if not words and len(figures) >= NUMBERED and [cells[x].text for x in figures] == _counted(len(figures)):
        return None  # the numbers of the columns
    if unread or not words:
        return Loose(row, label, "")
    group = GROUPS.get(bare(words[-1][1]), "")
    return Loose(row, label, cells[label].text, group)


def _counted(most: int) -> list[str]:
    return [str(number) for number in range(1, most + 1)]


def _before(x: int, filled: list[int], begin: int | None) -> bool:
    """Whether a cell that is not legible stands where labels do: before the figures."""
    return x < begin if begin is not None else len([other for other in filled if other >= x]) > FIGURES


def local(loose: Loose) -> tuple[Row, str]:
    """A row that no form has, and what is to be said of it. Its group is its own: nothing is known of its label's span."""
    label = plain(loose.words)
    row = Row(local_key(label), bare(label), (), group="local")
    return row, f"printed as {loose.words}, a row that the form does not have"


def without_remarks(row: Printed) -> Printed:
    """A row of a table with a column of remarks, without the words behind its last figure."""
    last = max((x for x, cell in enumerate(row.cells) if cell.text and is_figure(cell.text, words=True)), default=-1)
    if last < 0 or not any(cell.text for cell in row.cells[last + 1 :]):
        return row
    cells = tuple(replace(cell, text="") if x > last and cell.text else cell for x, cell in enumerate(row.cells))
    return Printed(cells, row.grid)


def filled_rows(rows: Iterable[tuple[Printed, int]]) -> int:
    """The most figures that one of the rows prints behind its label."""
    most = 0
    for row, label in rows:
        filled = [cell.text for cell in row.cells[label + 1 :] if cell.text]
        if len(filled) > most:
            most = max(most, sum(1 for text in filled if is_figure(text, words=True)))
    return most


def filled_columns(rows: Iterable[tuple[Printed, int]], grid: int) -> frozenset[int]:
    """The columns of a grid in which its rows print figures behind their labels.

    Where the source tells no spans rows may be shifted: then only those in which half of the rows print one.
    """
    own = [(row, label) for row, label in rows if row.grid == grid]
    told = all(cell.covered is not None for row, _ in own for cell in row.cells)
    counts: Counter[int] = Counter()
    for row, label in own:
        counts.update(
            x for x, cell in enumerate(row.cells) if x > label and cell.text and is_figure(cell.text, words=True)
        )
    least = 1 if told else len(own) / 2
    return frozenset(x for x, count in counts.items() if count >= least)
