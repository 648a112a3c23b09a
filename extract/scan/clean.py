"""A page as it came from a scanner or a telephone: made grey without its red stamps, evenly lit, upright.

Red ink is light in the red channel of a picture, black ink is not, also where a stamp lies over it. Light that differs
over the page, and the shadow of a fold, are the background, which is found by closing the ink and divided away.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, radians, sin

import cv2
import numpy as np
from numpy.typing import NDArray

from .engine import Pixels

MAX_SKEW = 5.0  # degrees: a sheet fed askew; more is a photograph
LEAST_SKEW = 0.04  # degrees: over the width of a page less than two pixels
POINTS = 40_000  # pixels of ink that are looked at to find the skew
RED = 60  # how much brighter red is than the other colours of a pixel, for it to be a stamp's
PINK = 15  # the same at the edge of a stamp, where JPEG mixes colours
DARK = 0.75  # of a stamp's own light in the red channel: what is darker below it is black print
FEW = 1e-5  # of a page's pixels: fewer red ones are no stamp
INK = 0.78  # of the background's light: what is darker is ink
WHITE, BLACK = 0.92, 0.25  # of the background's light: what is lighter or darker shows nothing more


@dataclass(frozen=True, slots=True)
class Page:
    """A cleaned page: grey, its ink, by how many degrees its lines fell to the right before it was turned about its
    middle, and where stamps were taken away.
    """

    grey: Pixels
    ink: NDArray[np.bool_]
    skew: float
    stamp: NDArray[np.bool_] | None = None


def clean(picture: Pixels) -> Page:
    """The page of a picture: height × width × 3, red first."""
    grey, stamp = without_red(picture)
    grey = even(grey)
    skew = skew_of(ink_of(grey))
    if skew:
        grey = turned(grey, skew)
        stamp = None if stamp is None else turned(255 - stamp.astype(np.uint8) * 255, skew) < 128
    return Page(grey, ink_of(grey), skew, stamp)


def without_red(picture: Pixels) -> tuple[Pixels, NDArray[np.bool_] | None]:
    """The page in grey, its red ink white where no black print lies below it; and where red ink is, if there is any."""
    red = np.ascontiguousarray(picture[:, :, 0])
    most = cv2.max(picture[:, :, 1], picture[:, :, 2])
    redder = cv2.subtract(red, most)
    stamp = redder > RED
    if stamp.mean() < FEW:
        return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8), None
    around = cv2.dilate(stamp.astype(np.uint8), np.ones((7, 7), np.uint8)).astype(bool)
    grey = red.copy()
    grey[around & (red > DARK * np.median(red[stamp])) & (redder > PINK)] = 255
    return grey, around


def even(grey: Pixels) -> Pixels:
    """The page on a white background: its light divided by that of the paper around, stretched from black to white."""
    small = cv2.resize(grey, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    size = max(9, min(small.shape) // 40) | 1
    paper = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((size, size), np.uint8))
    paper = cv2.blur(cv2.medianBlur(np.asarray(paper, np.uint8), 5), (size, size))
    light = cv2.resize(paper, (grey.shape[1], grey.shape[0]), interpolation=cv2.INTER_LINEAR)
    share = grey.astype(np.float32) / np.maximum(light, 40)
    return np.asarray(np.clip((share - BLACK) / (WHITE - BLACK), 0, 1) * 255, np.uint8)


def ink_of(grey: Pixels) -> NDArray[np.bool_]:
    """The dark pixels of an evenly lit page."""
    return np.asarray(grey < 255 * (INK - BLACK) / (WHITE - BLACK), np.bool_)


def skew_of(ink: NDArray[np.bool_]) -> float:
    """By how many degrees the lines of a page fall to the right; 0 where it is too little to matter, or not known."""
    ys, xs = np.nonzero(ink)
    if len(ys) < 200:
        return 0.0
    step = max(1, len(ys) // POINTS)
    x, y = xs[::step].astype(np.float32), ys[::step].astype(np.float32)
    at = 0.0
    for span, width in ((MAX_SKEW, 0.25), (0.25, 0.04), (0.04, 0.01)):
        angles = np.arange(at - span, at + span + width / 2, width)
        at = float(angles[np.argmax([_sharpness(x, y, float(angle)) for angle in angles])])
    return at if LEAST_SKEW < abs(at) <= MAX_SKEW else 0.0


def _sharpness(x: NDArray[np.float32], y: NDArray[np.float32], angle: float) -> float:
    """How sharply lines part from what is between them, seen along an angle."""
    turn = radians(angle)
    levels = (y * cos(turn) - x * sin(turn)).astype(np.int32)
    counts = np.bincount(levels - levels.min()).astype(np.float64)
    return float((np.diff(counts) ** 2).sum())


def turned(grey: Pixels, degrees: float) -> Pixels:
    """The page turned against the clock about its middle, white where nothing was."""
    height, width = grey.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    return np.asarray(cv2.warpAffine(grey, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=255), np.uint8)
