"""PathObject: what is straight in a drawing, as the ruling lines of tables are (GB/T 33190-2016, 9)."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from ..layout.runs import Box
from ..layout.strokes import MAX_STROKES, THIN, Matrix, Point, moved
from ..model import Unreadable
from .pages import children, numbers

_TAKES = {"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}  # numbers behind each operator


def strokes(path: etree._Element, space: Matrix, stroked: bool, filled: bool) -> tuple[list[Box], Box | None]:
    """The boxes around the straight parts of a path on the page, and around all of it; thin shapes are lines, of others
    the sides count where they are drawn.
    """
    sides = [(moved((first, last), space), straight) for first, last, straight in _sides(path)]
    if not sides:
        return [], None
    boxes = [box for box, _ in sides]
    whole = (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )
    if filled and min(whole[2] - whole[0], whole[3] - whole[1]) <= THIN:
        return [whole], whole
    return [box for box, straight in sides if straight] if stroked else [], whole


def _sides(path: etree._Element) -> Iterator[tuple[Point, Point, bool]]:
    """From point to point in the object's own space, and whether the way between them is straight."""
    start = last = (0.0, 0.0)
    for data in children(path, "AbbreviatedData"):
        for count, (operator, said) in enumerate(_operations((data.text or "").split())):
            if count > MAX_STROKES:
                return
            point = (said[-2], said[-1]) if said else start
            if operator in "SM":
                start = point
            else:
                yield last, point, operator in "LC"
            last = point


def _operations(words: list[str]) -> Iterator[tuple[str, tuple[float, ...]]]:
    at = 0
    while at < len(words):
        operator = words[at]
        if (takes := _TAKES.get(operator)) is None:
            raise Unreadable(f"a path of the OFD document has {operator[:20]!r} where an operator stands")
        said = numbers(" ".join(words[at + 1 : at + 1 + takes]))
        if len(said) != takes:
            raise Unreadable("a path of the OFD document has lost its end")
        yield operator, said
        at += 1 + takes
