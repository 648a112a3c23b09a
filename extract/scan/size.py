"""The size in which a page is looked at: small print is enlarged, very large print and very large pages are made smaller."""

from __future__ import annotations

from math import sqrt

import cv2
import numpy as np

from . import lines
from .clean import Page, clean
from .engine import Pixels

LEAST = 14  # pixels: print that is lower is enlarged
USUAL = 20  # pixels: to this height
LARGEST = 40  # pixels: print that is higher is made smaller, because that is faster and as good
MOST = 3.0  # times: more enlarges no knowledge
MAX_PIXELS = 20_000_000  # of a page that is looked at: A3 at 300 dpi; 500 MB of memory


def sized(picture: Pixels, drawn: bool) -> tuple[Page, float, float]:
    """The clean page in a size in which its print can be looked at, how many times its own that is, and the print's
    height. A page that was drawn for this is never made smaller.
    """
    many = picture.shape[0] * picture.shape[1]
    times = min(1.0, sqrt(MAX_PIXELS / many))
    page = clean(_resized(picture, times))
    height = lines.print_height(page.ink)
    better = USUAL / height if 0 < height < LEAST or (height > LARGEST and not drawn) else 1.0
    better = min(better, MOST, max(1.0, sqrt(MAX_PIXELS / many) / times))
    if better == 1:
        return page, times, height
    page = clean(_resized(picture, times * better))
    return page, times * better, lines.print_height(page.ink)


def _resized(picture: Pixels, times: float) -> Pixels:
    if times == 1:
        return picture
    size = max(1, round(picture.shape[1] * times)), max(1, round(picture.shape[0] * times))
    way = cv2.INTER_CUBIC if times > 1 else cv2.INTER_AREA
    return np.asarray(cv2.resize(picture, size, interpolation=way), np.uint8)
