"""The labels of table 三 that stand beside several rows: which words they are, and at which row they begin."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..labels import plain
from ..tablewords import is_third
from .rows import Row
from .runs import Run
from .words import SPACED, Word, begins, clusters, joined, levels_of

NUMBER_ONLY = re.compile(r"^(?:[（(]?[一二三四五六七八九十\d]{1,2}[）)]|[一二三四五六七八九十\d]{1,2}[、.．])$")
BESIDE = 0.1  # share of a line's height that another line must share to stand beside it: both may be set to the middle
GROUP = 3.2  # times the text height: words of one column that lie farther apart are two labels


@dataclass(frozen=True, slots=True)
class Group:
    """The label of several rows, in the column `level` (0 is the leftmost)."""

    words: tuple[Word, ...]
    level: int

    @property
    def base(self) -> float:
        return (self.words[0].bottom + self.words[-1].bottom) / 2


def leaves_and_groups(labels: Sequence[Word], cells: Sequence[Word]) -> tuple[list[Word], list[list[Group]]]:
    """The words of row labels, and the labels of groups by column: a group's label has rows' labels to its right."""
    labels = _with_numbers(labels)
    beside = {id(word) for word in labels if any(_is_right_of(other, word) for other in labels)}
    found = {id(word): word for word in labels if id(word) in beside}
    for column in clusters(found.values()):
        for word in labels:
            if _begins_group(word, column, cells):
                found[id(word)] = word
    looking = list(found.values())
    while looking:  # further lines of a group's label, where nothing stands to their right
        group = looking.pop()
        for word in labels:
            if id(word) not in found and _same_cell(word, group):
                found[id(word)] = word
                looking.append(word)
    groups: list[list[Group]] = []
    for column in clusters(found.values()):
        stacks = [
            stack
            for stack in _stacked(column)
            if any(id(word) in beside for word in stack) or not is_third(joined(stack))
        ]
        groups.append([Group(tuple(stack), len(groups)) for stack in stacks])
    taken = {id(word) for column in groups for group in column for word in group.words}
    return [word for word in labels if id(word) not in taken], groups


def _is_other(text: str) -> bool:
    """Whether a text begins the label of the group （六）其他处理, of which a line reads like the row 其他."""
    return level_of(text) == 1 and plain(text) in ("其他", "其他处理")


def _begins_group(word: Word, column: Sequence[Word], cells: Sequence[Word]) -> bool:
    """Whether an item is a group's label that stands between two rows: in the column of groups, no row's own label,
    and no figures at its height.
    """
    left, right = min(other.x0 for other in column), max(other.x1 for other in column)
    aligned = abs(word.x0 - left) < 0.5 * word.height or abs(2 * word.centre - left - right) < word.height
    return (
        begins(word.text)
        and aligned
        and word.x1 < right + 0.5 * word.height
        and (not is_third(word.text) or _is_other(word.text))
        and not any(abs(cell.bottom - word.bottom) < 0.3 * word.height for cell in cells)
    )


def _with_numbers(labels: Sequence[Word]) -> list[Word]:
    """The words, with a number that stands alone (1. before a tab) put before the words that follow it."""
    found: list[Word] = []
    for line in levels_of(labels):
        line = sorted(line, key=lambda word: word.x0)
        for word in line:
            if (
                found
                and line[0] is not word
                and NUMBER_ONLY.match(found[-1].text)
                and word.x0 - found[-1].x1 < 3 * word.height
            ):
                run = found.pop().run
                box = run.box[0], min(run.box[1], word.run.box[1]), word.x1, max(run.box[3], word.run.box[3])
                found.append(Word(Run(f"{run.text} {word.text}", run.page, box), word.top, word.bottom))
            else:
                found.append(word)
    return found


def _is_right_of(other: Word, word: Word) -> bool:
    """Whether another label stands beside a word, on its right."""
    shared = min(word.bottom, other.bottom) - max(word.top, other.top)
    return other.x0 >= word.x1 - 1 and shared > BESIDE * min(word.height, other.height)


def _same_cell(word: Word, group: Word) -> bool:
    """Whether a word is the line above or below a line of a group's label."""
    upper, lower = sorted((word, group), key=lambda one: one.bottom)
    shared = min(word.x1, group.x1) - max(word.x0, group.x0)
    near = lower.bottom - upper.bottom < SPACED * lower.height
    narrow = word.x1 - word.x0 <= 1.5 * max(group.x1 - group.x0, 2 * group.height)
    aligned = min(abs(word.x0 - group.x0), abs(word.centre - group.centre)) < 0.5 * group.height
    return near and narrow and aligned and shared > 0 and not begins(lower.text)


def _stacked(words: Iterable[Word]) -> list[list[Word]]:
    """The lines of one column as labels: an item that begins, or a gap, begins a label."""
    found: list[list[Word]] = []
    for word in sorted(words, key=lambda word: word.bottom):
        if found and not begins(word.text) and word.bottom - found[-1][-1].bottom < GROUP * word.height:
            found[-1].append(word)
        else:
            found.append([word])
    return found


def level_of(text: str) -> int:
    """How deep a row lies by its number: 一、 0, （一） 1, 1. 2; without a number the deepest."""
    if re.match(r"\s*[一二三四五六七八九十]+\s*[、.．]", text):
        return 0
    return 1 if re.match(r"\s*[（(]\s*[一二三四五六七八九十]", text) else 2


def first_row(group: Group, rows: Sequence[Row]) -> int | None:
    """The row at which a group begins: up from the row beside its label's middle, to the first that is not in it."""
    places = [(abs(_height_of(row) - group.base), number) for number, row in enumerate(rows) if row.label or row.cells]
    if not places:
        return None
    number = min(places)[1]
    own = level_of(joined(group.words))
    while number and level_of(rows[number].text) > own and level_of(rows[number - 1].text) > own:
        if re.match(r"\s*[（(]?\s*1\D", rows[number].text):
            break
        number -= 1
    return number


def _height_of(row: Row) -> float:
    words = row.label or [word for cell in row.cells or [] for word in cell] or row.loose
    return (words[0].bottom + words[-1].bottom) / 2
