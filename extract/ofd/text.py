"""TextObject: characters with their boxes (GB/T 33190-2016, 11).

A document gives the points at which glyphs start, seldom the font, so a character is as wide as such characters
usually are, and never reaches over the next one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from math import atan2, cos, degrees, hypot, radians, sin

from lxml import etree

from ..layout.glyphs import ASLANT, DESCENT, SPACE, Hand, Mark
from ..layout.runs import Box, Glyph, held
from ..layout.strokes import Matrix, Point, moved
from ..model import Unreadable
from .pages import children, numbers

MAX_CHARACTERS = 100_000  # of one object
UNREAD = "□"  # a glyph of which the document does not say which character it is
NARROW, BROAD = 0.5, 0.85  # of its size: the usual width of a digit or Latin letter, and of broad ones
MOST = 1.1  # of its size: no letter takes more

_WIDE = frozenset("“”‘’…—·×")  # full width in Chinese fonts
_BROAD = frozenset("@%MWmw")
_BREAK = re.compile(r"^\s*\n\s*|\s*\n\s*$")  # of XML that is written with indents


def marks(node: etree._Element, space: Matrix, size: tuple[float, float], light: float, drawn: bool) -> Iterator[Mark]:
    """The characters of a TextObject in their places on a page of this size, in points from its top left.

    `space` leads from the object's own millimetres to the page. Text that stands aslant gives none.
    """
    em, scale = (numbers(node.get("Size")) or (0.0,))[0], (numbers(node.get("HScale")) or (1.0,))[0]
    turned = radians(_angle(node, "CharDirection"))
    along = cos(turned), sin(turned)  # the way in which a glyph's own baseline runs; y goes down
    a, b, c, d, _, _ = space
    right = a * along[0] + c * along[1], b * along[0] + d * along[1]
    down = -a * along[1] + c * along[0], -b * along[1] + d * along[0]
    height, width = em * hypot(*down), em * scale * hypot(*right)
    angle = degrees(atan2(-right[1], right[0]))
    quarter = round(angle / 90)
    if abs(angle - 90 * quarter) > ASLANT or not 0 < height < 1e4 or not 0 < width < 1e4:
        return
    hand = Hand(quarter % 4, height, width, light, drawn)
    room = -size[0], -size[1], 2 * size[0], 2 * size[1]
    for text, (x, y), wide in _placed(node, em, scale):
        corners = [
            (x + across * along[0] - below * along[1], y + across * along[1] + below * along[0])
            for across in (0.0, wide)
            for below in (DESCENT * em, (DESCENT - 1) * em)
        ]
        box = _around([moved((corner, corner), space) for corner in corners])
        if room[0] < box[0] <= box[2] < room[2] and room[1] < box[1] <= box[3] < room[3]:
            yield hand, Glyph(*(held(box, hand.turned, size) if hand.turned else box), text)


def _placed(node: etree._Element, em: float, scale: float) -> Iterator[tuple[str, Point, float]]:
    """The text of each glyph, where it starts on its baseline, and its width, in the object's own space."""
    read = round(_angle(node, "ReadDirection") / 90) % 4
    x = y = 0.0
    changes: list[etree._Element] = []
    for child in children(node, "CGTransform", "TextCode"):
        if child.tag.endswith("CGTransform"):
            changes.append(child)
            continue
        written = _BREAK.sub("", "".join(map(str, child.itertext())))
        if len(written) > MAX_CHARACTERS:
            raise Unreadable(f"a text object of the OFD document has more than {MAX_CHARACTERS} characters")
        x, y = (numbers(child.get("X")) or (x,))[0], (numbers(child.get("Y")) or (y,))[0]
        pieces = _pieces(written, changes)
        changes = []
        if not pieces:
            continue
        widths = [em * scale * max(map(_width, piece), default=0.0) for piece in pieces]
        steps = _steps(child, [*widths[:-1]], read)
        at = x, y
        for piece, wide, step in zip(pieces, widths, [*steps, (0.0, 0.0)], strict=True):
            room = abs(step[0]) if abs(step[0]) > abs(step[1]) else 0.0
            if piece:
                yield " " if piece.isspace() else piece, at, _shown(piece, wide, room, em * scale)
            at = at[0] + step[0], at[1] + step[1]


def _angle(node: etree._Element, name: str) -> float:
    """Degrees clockwise, 0 where an attribute is not there."""
    return (numbers(node.get(name)) or (0.0,))[0]


def _width(character: str) -> float:
    """The usual width of a character, in parts of its size."""
    if character >= "\u2e80" or character in _WIDE:
        return 1.0
    return BROAD if character in _BROAD else NARROW


def _shown(text: str, usual: float, room: float, em: float) -> float:
    """The width of a glyph of which the next starts so far behind it; 0 where none does. Letters of Latin fonts take
    what they need; a digit or Chinese character has its width, so that what is set apart stays apart.
    """
    if text.isspace():
        return min(usual, room) if room else min(usual, SPACE * em)
    if not room:
        return usual
    return room if text.isascii() and not text.isdigit() and room < MOST * em else min(usual, room)


def _pieces(text: str, changes: Sequence[etree._Element]) -> list[str]:
    """The text that each glyph shows; several characters may share one, further glyphs of a group show none.

    A character that is nobody's but the font's is unread: its glyph may be any.
    """
    pieces: list[str] = []
    at = 0
    for change in sorted(changes, key=lambda one: _count(one, "CodePosition", 0)):
        start, codes, glyphs = (
            _count(change, n, d) for n, d in (("CodePosition", 0), ("CodeCount", 1), ("GlyphCount", 1))
        )
        if codes == glyphs or not at <= start <= start + codes <= len(text):
            continue
        pieces += [*text[at:start], text[start : start + codes], *[""] * (min(glyphs, MAX_CHARACTERS) - 1)]
        at = start + codes
    return [
        UNREAD if any(unicodedata.category(one) in ("Co", "Cn", "Cs") for one in piece) else piece
        for piece in [*pieces, *text[at:]]
    ]


def _count(node: etree._Element, name: str, default: int) -> int:
    return int((numbers(node.get(name)) or (default,))[0])


def _steps(code: etree._Element, widths: Sequence[float], read: int) -> list[Point]:
    """From the start of each glyph to that of the next; where the document does not say, by the widths."""
    across, down = deltas(code.get("DeltaX"), len(widths)), deltas(code.get("DeltaY"), len(widths))
    way = ((1, 0), (0, 1), (-1, 0), (0, -1))[read]
    usual = [(way[0] * wide, way[1] * wide) for wide in widths]
    said = list(zip_longest(across, down, fillvalue=0.0))
    return [*said, *usual[len(said) :]]


def deltas(written: str | None, most: int) -> list[float]:
    """Offsets in millimetres, at most so many: `3.5 g 4 5.2` is 3.5, then 5.2 four times (11.3 of the standard)."""
    found: list[float] = []
    words = iter((written or "").replace(",", " ").split())
    for word in words:
        count = 1
        if word == "g":
            count, word = int((numbers(next(words, "0")) or (0.0,))[0]), next(words, "0")
        found += numbers(word) * max(0, min(count, most - len(found)))
    return found[:most]


def _around(boxes: Sequence[Box]) -> Box:
    return (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )
