"""Picture files: which they are by their first bytes, how large by their header, and their pages as pixels."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator

from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

from ..model import Unreadable

KINDS = {"PNG": "PNG", "JPEG": "JPEG", "TIFF": "TIFF", "BMP": "BMP", "GIF": "GIF", "WEBP": "WebP"}
MAX_PIXELS = 40_000_000  # of one page: A4 at 600 dpi has 35 million; a worker has memory for no more
MAX_PAGES = 300  # as for PDF
_MAGIC = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"II*\x00", b"MM\x00*")
_DAMAGE = (OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError, Image.DecompressionBombError)


def recognises(data: bytes) -> bool:
    """PNG, JPEG, GIF, TIFF, BMP or WebP by the first bytes."""
    if data.startswith(_MAGIC):
        return True
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return True
    return data.startswith(b"BM") and data[6:10] == bytes(4) and data[15:18] == bytes(3)  # its reserved fields


def count(data: bytes) -> int:
    """How many pages a picture has, of its headers alone: one, but for TIFF. Raises Unreadable for damage."""
    with _opened(data) as picture:
        return _pages(picture)


def pages(data: bytes) -> Iterator[Image.Image]:
    """The pages of a picture in its colours, on white where it is transparent, turned as it is to be shown.

    Raises Unreadable for damage, and for more pixels than a page can have, before anything is decoded.
    """
    with _opened(data) as picture:
        many = _pages(picture)
        if many > MAX_PAGES:
            raise Unreadable(f"the picture has {many} pages, more than {MAX_PAGES}")
        for number, page in enumerate(ImageSequence.Iterator(picture), 1):
            if number > many:
                return
            _check(page)
            try:
                ImageOps.exif_transpose(page, in_place=True)
                shown = _on_white(page)
            except _DAMAGE as error:
                raise Unreadable(f"page {number} of the picture cannot be decoded: {error}") from error
            yield shown


def _opened(data: bytes) -> Image.Image:
    """The picture with its header read. Raises Unreadable."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of large pictures, which `_check` refuses
        try:
            picture = Image.open(io.BytesIO(data), formats=tuple(KINDS))
        except Image.DecompressionBombError as error:
            raise Unreadable(f"the picture has more pixels than a page can have: {error}") from error
        except UnidentifiedImageError as error:
            raise Unreadable("the picture is damaged: its header cannot be read") from error
        except _DAMAGE as error:
            raise Unreadable(f"the picture is damaged: {error}") from error
    _check(picture)
    return picture


def _check(picture: Image.Image) -> None:
    width, height = picture.size
    if width * height > MAX_PIXELS:
        raise Unreadable(f"the picture has {width} × {height} pixels, more than {MAX_PIXELS:,}")


def _pages(picture: Image.Image) -> int:
    """Pages; the pictures of an animation are one."""
    try:
        return int(getattr(picture, "n_frames", 1)) if picture.format == "TIFF" else 1
    except _DAMAGE as error:
        raise Unreadable(f"the picture is damaged: {error}") from error


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode in ("I;16", "I;16B", "I;16L", "I", "F"):
        return picture.convert("F").point(lambda value: value / 256).convert("L").convert("RGB")
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        clear = picture.convert("RGBA")
        paper = Image.new("RGBA", clear.size, "white")
        return Image.alpha_composite(paper, clear).convert("RGB")
    picture.load()
    return picture if picture.mode == "RGB" else picture.convert("RGB")
