"""Pages that were fed sideways or upside down: told by what is read on them, which makes sense in one direction only."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np

from ..layout.runs import runs
from ..layout.sheets import Sheet
from . import page
from .engine import Pixels

SENSE = 0.4  # of a page that lies upright: at least 0.58 on the corpus, of one that does not at most 0.3
LEAST_WORD = 3  # characters of a word that makes sense
CHINESE_WORD = re.compile(r"[\u4e00-\u9fff]")


def read(picture: Pixels, number: int, scale: float = 0.0) -> Sheet:
    """The sheet of a picture, as `page.read` gives it; one that makes no sense is turned until it does."""
    upright = page.read(picture, number, scale)
    if not upright.glyphs or sense(upright) >= SENSE:
        return upright
    others = [
        _held(page.read(np.ascontiguousarray(np.rot90(picture, -quarter)), number, scale), quarter)
        for quarter in (2, 1, 3)
    ]
    return max((upright, *others), key=sense)


def sense(sheet: Sheet) -> float:
    """How much of a sheet are words of Chinese characters of which the recogniser is sure, 0 to 1.

    On its side a page gives single characters, upside down unsure ones.
    """
    words = sum(len(run.text) for run in runs(sheet.glyphs, 1) if len(CHINESE_WORD.findall(run.text)) >= LEAST_WORD)
    shares = [point.share for glyph, point in zip(sheet.glyphs, sheet.sure[1:], strict=False) if glyph.text >= "\u2e80"]
    return words / max(len(sheet.glyphs), 1) * sum(shares) / max(len(shares), 1)


def _held(sheet: Sheet, quarter: int) -> Sheet:
    """The sheet of a page that was turned clockwise by so many quarters before it was read."""
    width, height = sheet.size
    return replace(sheet, turned=quarter, size=(height, width) if quarter % 2 else (width, height))
