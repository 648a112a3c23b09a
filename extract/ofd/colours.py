"""Colours and widths of what is drawn, and what comes to lie over what (GB/T 33190-2016, 8.2, 8.3)."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from lxml import etree
from PIL import Image

from ..layout.glyphs import Mark, lies_on
from ..layout.runs import Box
from ..scan import files
from .pages import Resources, children, numbers

SAME = 0.3  # of its size: a character that is drawn again as near to itself is printed bold that way


def once(marks: Iterable[Mark]) -> list[Mark]:
    """The characters without those that are drawn again at nearly the same place, as some writers print bold."""
    kept: list[Mark] = []
    near: dict[tuple[int, str, int, int], list[Mark]] = {}
    for mark in marks:
        hand, glyph = mark
        step = SAME * hand.size
        x, y = int(glyph.x0 // step), int(glyph.bottom // step)
        others = (
            one
            for dx in (-1, 0, 1)
            for dy in (-1, 0, 1)
            for one in near.get((hand.turned, glyph.text, x + dx, y + dy), ())
        )
        if any(abs(one.x0 - glyph.x0) < step and abs(one.bottom - glyph.bottom) < step for _, one in others):
            continue
        kept.append(mark)
        near.setdefault((hand.turned, glyph.text, x, y), []).append(mark)
    return kept


def under(marks: Iterable[Mark], box: Box, size: tuple[float, float], picture: bool) -> list[Mark]:
    """The characters after something that hides what is under it was drawn over a place of the page: under paint they
    are gone, under a picture of the page they are there to be found.
    """
    covered = ((mark, lies_on(mark, [box], size)) for mark in marks)
    return [
        (replace(mark[0], drawn=False), mark[1]) if hidden else mark
        for mark, hidden in covered
        if picture or not hidden
    ]


def is_solid(styles: Iterable[etree._Element]) -> bool:
    """Whether a filled path hides what is under it: one colour is said for it, no pattern, and nothing see-through."""
    said = next((fill for style in styles for fill in children(style, "FillColor")), None)
    return said is not None and bool(said.get("Value")) and len(said) == 0


def is_opaque(picture: bytes) -> bool:
    """Whether one cannot see through a picture, of its header alone; False for a damaged one."""
    try:
        with Image.open(io.BytesIO(picture), formats=tuple(files.KINDS)) as opened:
            return opened.mode not in ("RGBA", "LA", "PA", "La", "RGBa") and "transparency" not in opened.info
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return False


def styles_of(node: etree._Element, resources: Resources) -> Iterator[etree._Element]:
    """Where an object's colours and widths are said: itself, then its parameters of drawing and those they go on from."""
    yield node
    named, seen_before = node.get("DrawParam"), set[str]()
    while named and named not in seen_before and (param := resources.params.get(named)) is not None:
        seen_before.add(named)
        yield param
        named = param.get("Relative")


def colour(styles: Sequence[etree._Element], name: str) -> tuple[float, float]:
    """How light a colour is on white paper (1 is white; black where none is said), and how opaque, from 0 to 1."""
    alpha = (numbers(styles[0].get("Alpha")) or (255.0,))[0] / 255 if styles else 1.0
    for style in styles:
        for said in children(style, name):
            alpha *= (numbers(said.get("Alpha")) or (255.0,))[0] / 255
            return 1 - (1 - _lightness(said.get("Value"))) * alpha, alpha
    return 1 - alpha, alpha


def _lightness(value: str | None) -> float:
    """Of a colour in grey, RGB or CMYK of eight bits: `255 0 0`, `#FF #00 #00`; patterns and shadings are dark."""
    try:
        parts = [float(int(word[1:], 16)) if word.startswith("#") else float(word) for word in (value or "").split()]
    except ValueError:
        return 0.0
    if len(parts) == 1:
        return parts[0] / 255
    if len(parts) == 3:
        return (0.299 * parts[0] + 0.587 * parts[1] + 0.114 * parts[2]) / 255
    if len(parts) == 4:
        return max(0.0, 1 - (0.299 * parts[0] + 0.587 * parts[1] + 0.114 * parts[2] + parts[3]) / 255)
    return 0.0
