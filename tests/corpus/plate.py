"""Draws pages as pixels: what `press.py` draws on a PDF, in fonts of this machine."""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont

from tests.portals.grids import Grid
from tests.portals.render_pdf import FONT

from .model import Plan
from .press import Look, Press, fill

FOLDER = Path("/usr/share/fonts")
NOTO = FOLDER / "opentype/noto"
# Name of a face: file and number of the face in it for Chinese, and for digits and Latin letters (none: the same).
FACES = {
    "serif": ((NOTO / "NotoSerifCJK-Regular.ttc", 2), None),
    "sans": ((NOTO / "NotoSansCJK-Regular.ttc", 2), None),
    "bold": ((NOTO / "NotoSansCJK-Bold.ttc", 2), None),
    "song": (
        (FOLDER / "truetype/arphic/uming.ttc", 0),
        (FOLDER / "truetype/liberation/LiberationSerif-Regular.ttf", 0),
    ),
    "kai": ((FOLDER / "truetype/arphic/ukai.ttc", 0), None),
    "arial": ((NOTO / "NotoSerifCJK-Regular.ttc", 2), (FOLDER / "truetype/liberation/LiberationSans-Regular.ttf", 0)),
}
PACKAGES = "fonts-noto-cjk fonts-arphic-uming fonts-arphic-ukai fonts-liberation"


def missing_fonts() -> list[str]:
    """The font files that this machine lacks."""
    return sorted({str(one[0]) for face in FACES.values() for one in face if one and not one[0].exists()})


@cache
def _font(path: Path, number: int, pixels: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(path), pixels, index=number)


@dataclass
class Plate:
    """Stands for reportlab's canvas: points from the lower left corner, drawn at `dpi`."""

    dpi: float
    face: str
    stroke: float = 1.0
    pages: list[Image.Image] = field(default_factory=list)
    size: tuple[float, float] = A4

    def __post_init__(self) -> None:
        pdfmetrics.registerFont(UnicodeCIDFont(FONT))
        self.page: Image.Image | None = None
        self.setFont(FONT, 12)

    def setPageSize(self, size: tuple[float, float]) -> None:
        if self.page is None:
            self.size = size

    def setFont(self, name: str, size: float) -> None:
        self.name, self.points = name, size

    def drawString(self, x: float, y: float, text: str) -> None:
        """Characters at the advances of the PDF's font, whatever their own are."""
        chinese, latin = FACES[self.face]
        for character in text:
            path, number = latin if latin and character.isascii() else chinese
            font = _font(path, number, round(self.points * self.dpi / 72))
            self._pen().text(self._at(x, y), character, fill=0, font=font, anchor="ls")
            x += pdfmetrics.stringWidth(character, self.name, self.points)

    def drawCentredString(self, x: float, y: float, text: str) -> None:
        self.drawString(x - pdfmetrics.stringWidth(text, self.name, self.points) / 2, y, text)

    def rect(self, x: float, y: float, width: float, height: float) -> None:
        for start, end in (((0, 0), (1, 0)), ((1, 0), (1, 1)), ((1, 1), (0, 1)), ((0, 1), (0, 0))):
            self.line(x + start[0] * width, y + start[1] * height, x + end[0] * width, y + end[1] * height)

    def line(self, x0: float, y0: float, x1: float, y1: float) -> None:
        wide = max(1, round(self.stroke * self.dpi / 96))
        self._pen().line((*self._at(x0, y0), *self._at(x1, y1)), fill=0, width=wide)

    def showPage(self) -> None:
        self._pen()
        assert self.page is not None
        self.pages.append(self.page)
        self.page = None

    def _at(self, x: float, y: float) -> tuple[int, int]:
        return round(x * self.dpi / 72), round((self.size[1] - y) * self.dpi / 72)

    def _pen(self) -> ImageDraw.ImageDraw:
        if self.page is None:
            width, height = (round(side * self.dpi / 72) for side in self.size)
            self.page = Image.new("L", (width, height), 255)
        pen = ImageDraw.Draw(self.page)
        return pen


def pages(plan: Plan, look: Look, dpi: float, face: str, line: float = 1.0) -> list[Image.Image]:
    """The pages of a document in grey."""
    plate = Plate(dpi, face, line)
    fill(Press(plate, look), plan.document)  # type: ignore[arg-type]
    return plate.pages


def table(grid: Grid, look: Look, dpi: float, face: str, line: float = 1.0) -> Image.Image:
    """A table alone, cut out with a little of the paper around it."""
    plate = Plate(dpi, face, line)
    plate.size = (A4[0], 4 * A4[1])
    press = Press(plate, look)  # type: ignore[arg-type]
    press.width, press.height = plate.size
    press.y = press.height - 20
    press.table(grid)
    low, margin = press.y - 4, press.look.margin - 8
    plate.showPage()
    (page,) = plate.pages
    box = margin, 12, plate.size[0] - margin, plate.size[1] - low
    return page.crop(tuple(round(edge * dpi / 72) for edge in box))
