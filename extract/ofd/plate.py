"""A page of an OFD file as a picture, for people: its pictures, its ruling lines, its text in a font of this machine.

Embedded fonts are not opened, so letters look otherwise than in the document; they stand where it puts them.
"""

from __future__ import annotations

from math import sqrt

import pypdfium2
from PIL import Image, ImageChops, ImageDraw

from ..layout.glyphs import DESCENT, PALE, Mark
from ..layout.runs import held
from ..model import Unreadable
from ..zips import opened
from .pages import pages
from .scans import draw as pasted
from .sheets import Drawing, Scan, draw

MAX_PIXELS = 20_000_000
LINE = 0.7  # points: the width of a ruling line
DARK = "#303030"
_TURNS = ((1, 0, 0, 1), (0, 1, -1, 0), (-1, 0, 0, -1), (0, -1, 1, 0))  # of text, by quarters against the clock
# A font of every reader of PDF in Chinese, never embedded (Adobe Technical Note 5094, 3.1).
_FONT = (
    "<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UTF16-H/DescendantFonts[<</Type/Font"
    "/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>/DW 1000"
    "/W[1 95 500]/FontDescriptor<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/Ascent 880/Descent -120/CapHeight 700"
    "/ItalicAngle 0/StemV 80/FontBBox[-25 -254 1000 880]>>>>]>>"
)


def page_of(data: bytes, number: int, dpi: float) -> tuple[Image.Image, float]:
    """A page (from 1) and its pixels to a point. Raises Unreadable where there is no such page, or it is damaged."""
    package = opened(data, "OFD")
    page = next((one for one in pages(package) if one.number == number), None)
    if page is None:
        raise Unreadable(f"the OFD document has no page {number}")
    drawing = draw(package, page)
    scale = min(dpi / 72, sqrt(MAX_PIXELS / max(drawing.size[0] * drawing.size[1], 1.0)))
    shown, scale = pasted(package, Scan(number, drawing.size, tuple(drawing.pictures)), scale * 72)
    pen = ImageDraw.Draw(shown)
    for box in drawing.lines:
        pen.line([edge * scale for edge in box], DARK, max(1, round(LINE * scale)))
    return ImageChops.multiply(shown, _letters(drawing, scale).resize(shown.size)), scale


def _letters(drawing: Drawing, scale: float) -> Image.Image:
    """The text of a page on white."""
    document = pypdfium2.PdfDocument(_pdf(drawing))
    try:
        picture: Image.Image = document[0].render(scale=scale).to_pil().convert("RGB")
        return picture
    finally:
        document.close()


def _pdf(drawing: Drawing) -> bytes:
    """A PDF of one page with the text alone."""
    width, height = drawing.size
    content = "\n".join(_shown(mark, drawing.size) for mark in drawing.marks if mark[0].drawn and mark[0].light <= PALE)
    objects = (
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {width:.3f} {height:.3f}]/Resources<</Font<</F {_FONT}>>>>/Contents 4 0 R>>",
        f"<</Length {len(content)}>>stream\n{content}\nendstream",
    )
    body, starts = "%PDF-1.4\n", []
    for number, text in enumerate(objects, 1):
        starts.append(len(body))
        body += f"{number} 0 obj\n{text}\nendobj\n"
    table = "".join(f"{start:010} 00000 n \n" for start in starts)
    end = f"xref\n0 5\n0000000000 65535 f \n{table}trailer<</Size 5/Root 1 0 R>>\nstartxref\n{len(body)}\n%%EOF\n"
    return (body + end).encode("latin-1")


def _shown(mark: Mark, size: tuple[float, float]) -> str:
    """The operators that write one character where it starts on its baseline; y goes up in a PDF."""
    hand, glyph = mark
    a, b, c, d = _TURNS[hand.turned]
    x, y = _start(mark, size)
    code = glyph.text.encode("utf-16-be", "replace").hex()
    return f"BT /F {hand.size:.3f} Tf {a} {b} {c} {d} {x:.3f} {size[1] - y:.3f} Tm <{code}> Tj ET"


def _start(mark: Mark, size: tuple[float, float]) -> tuple[float, float]:
    """Where a character starts, on the page as it is shown."""
    hand, glyph = mark
    base = glyph.bottom - DESCENT * hand.size
    turned = (size[1], size[0]) if hand.turned % 2 else size
    x0, top, _, _ = held((glyph.x0, base, glyph.x0, base), -hand.turned % 4, turned)
    return x0, top
