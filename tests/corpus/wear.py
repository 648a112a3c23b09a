"""What happens to a page between the printer and the file: ink, stamps, light, a fold, a sheet fed askew, noise, JPEG."""

import hashlib
import io
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from .plate import FACES

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Wear:
    """How worn a scan is.

    `skew` in degrees, to either side; `noise` in steps of 255; `specks` on a page; `stroke`: pixels by which ink spreads,
    negative where it thins; `stamps` on a page; `light`: how much darker the darkest place is; `fold`: how dark the
    shadow of a fold; `blur` in pixels; `quality` of JPEG; `colour`: whether it is kept; `turn`: quarters that the sheet
    was fed against the clock.
    """

    skew: float = 0.0
    noise: float = 5.0
    specks: int = 40
    stroke: float = 0.0
    stamps: int = 0
    light: float = 0.0
    fold: float = 0.0
    blur: float = 0.5
    quality: int = 75
    colour: bool = False
    turn: int = 0


def worn(page: Image.Image, wear: Wear, name: str, dpi: float) -> Image.Image:
    """A page in grey as it comes from the scanner; the same for the same name."""
    random = np.random.default_rng(int.from_bytes(hashlib.sha256(name.encode()).digest()[:8]))
    paper = _spread(np.asarray(page, np.float32) / 255, wear.stroke)
    sheet = np.repeat(paper[:, :, None], 3, axis=2) * np.array([1.0, 0.995, 0.97], np.float32)
    for _ in range(wear.stamps):
        sheet *= _stamp(page.size, random, dpi)
    sheet *= _light(page.size, wear, random)[:, :, None]
    angle = wear.skew * random.choice((-1, 1)) * random.uniform(0.8, 1.0)
    shown = Image.fromarray((np.clip(sheet, 0, 1) * 255).astype(np.uint8))
    shown = shown.rotate(angle, Image.Resampling.BICUBIC, fillcolor=(236, 235, 230)).filter(
        ImageFilter.GaussianBlur(wear.blur)
    )
    noisy = np.asarray(shown, np.float32) + random.normal(0, wear.noise, (shown.height, shown.width, 1))
    _speckle(noisy, wear.specks, random)
    result = Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8))
    result = result if wear.colour else result.convert("L")
    return result.rotate(90 * wear.turn, expand=True) if wear.turn else result


def jpeg(page: Image.Image, quality: int) -> bytes:
    """The page as JPEG."""
    file = io.BytesIO()
    page.save(file, "JPEG", quality=quality)
    return file.getvalue()


def _spread(paper: Floats, by: float) -> Floats:
    """Ink that spreads or thins by a part of a pixel."""
    if not by:
        return paper
    shape = ImageFilter.MinFilter(3) if by > 0 else ImageFilter.MaxFilter(3)
    other = np.asarray(Image.fromarray((paper * 255).astype(np.uint8)).filter(shape), np.float32) / 255
    return np.asarray(paper + (other - paper) * min(abs(by), 1.0), np.float32)


def _stamp(size: tuple[int, int], random: np.random.Generator, dpi: float) -> Floats:
    """A round red stamp of 4 cm somewhere on the page, as what it leaves of the light."""
    width, height = size
    radius = 2 / 2.54 * dpi
    x, y = random.uniform(0.25, 0.75) * width, random.uniform(0.15, 0.85) * height
    ink = Image.new("L", size, 0)
    pen = ImageDraw.Draw(ink)
    pen.ellipse((x - radius, y - radius, x + radius, y + radius), outline=255, width=max(2, round(dpi / 40)))
    turn = random.uniform(-0.4, 0.4)
    points = [
        (
            x + part * radius * math.sin(turn + corner * math.pi / 5),
            y - part * radius * math.cos(turn + corner * math.pi / 5),
        )
        for corner in range(10)
        for part in (0.35 if corner % 2 == 0 else 0.14,)
    ]
    pen.polygon(points, fill=255)
    (path, number), _ = FACES["serif"]
    font = ImageFont.truetype(str(path), round(dpi * 0.2), index=number)
    for place, character in enumerate("某县人民政府办公室"):
        angle = turn + (place - 4) * 0.5
        pen.text(
            (x + 0.78 * radius * math.sin(angle), y - 0.78 * radius * math.cos(angle)),
            character,
            255,
            font,
            anchor="mm",
        )
    strength = np.asarray(ink.filter(ImageFilter.GaussianBlur(0.8)), np.float32) / 255
    strength *= random.uniform(0.75, 1.0) * (0.75 + 0.25 * random.random(strength.shape, np.float32))
    left = np.array([0.86, 0.22, 0.24], np.float32)
    return np.asarray(1 - strength[:, :, None] * (1 - left), np.float32)


def _light(size: tuple[int, int], wear: Wear, random: np.random.Generator) -> Floats:
    """How light each place of the page is: darker to one side, and in the shadow of a fold."""
    width, height = size
    x, y = np.linspace(0, 1, width, dtype=np.float32)[None, :], np.linspace(0, 1, height, dtype=np.float32)[:, None]
    angle = random.uniform(0, 2 * math.pi)
    slope = (math.cos(angle) * (x - 0.5) + math.sin(angle) * (y - 0.5) + 0.71) / 1.42
    light = 1 - wear.light * slope
    if wear.fold:
        at = random.choice((0.02, 0.98))
        light = light * (1 - wear.fold * np.exp(-(((x - at) / 0.06) ** 2)))
    return np.asarray(light, np.float32)


def _speckle(sheet: NDArray[np.float64], count: int, random: np.random.Generator) -> None:
    """Dust: dark specks of a pixel or three."""
    height, width, _ = sheet.shape
    for _ in range(count):
        y, x, size = random.integers(0, height - 4), random.integers(0, width - 4), random.integers(1, 4)
        sheet[y : y + size, x : x + size] *= random.uniform(0.2, 0.7)
