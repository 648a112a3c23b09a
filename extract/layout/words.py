"""The words of one table, its pages laid one below the other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..canonical import begins_item
from .runs import Run, levels

PITCH, SPACED = 1.6, 2.6  # of the text height: how far apart the lines of a cell lie, and the paragraphs in it


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


def joined(words: Iterable[Word]) -> str:
    """The text of a cell: its lines from top to bottom."""
    return "\n".join(
        " ".join(word.text for word in sorted(line, key=lambda word: word.x0)) for line in levels_of(words)
    )


def levels_of(words: Iterable[Word]) -> list[list[Word]]:
    """The words by the height at which they stand, from top to bottom."""
    return levels(words, lambda word: (word.top, word.bottom))


def begins(text: str) -> bool:
    """Whether a line begins a numbered item, however its brackets are spaced."""
    return begins_item(squeezed(text))


def squeezed(text: str) -> str:
    """The text without white space."""
    return "".join(text.split())


def clusters(words: Iterable[Word]) -> list[list[Word]]:
    """Words that lie above one another, from left to right."""
    found: list[list[Word]] = []
    left = right = 0.0
    for word in sorted(words, key=lambda word: word.x0):
        if found and right - word.x0 > 0.3 * min(word.x1 - word.x0, right - left):
            found[-1].append(word)
            right = max(right, word.x1)
        else:
            found.append([word])
            left, right = word.x0, word.x1
    return found


def centre_of(words: Sequence[Word]) -> float:
    """The middle of some words from left to right."""
    return (min(word.x0 for word in words) + max(word.x1 for word in words)) / 2
