"""A document as an OFD file (GB/T 33190-2016), in the ways in which the standard lets writers differ.

The pages are those of `press.py`; what it draws becomes text objects and paths, in millimetres from the top left.
No file of an office's own writer is known to us: this is the standard as we read it (`ofd_package.py`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont

from tests.portals.grids import Placed
from tests.portals.render_pdf import FONT

from .model import Plan
from .ofd_package import MM, Leaf, Pen, Written, packed
from .press import Look, Press, Sheet, fill

HEAD = "某县政务公开工作领导小组办公室编印"
NONE = Look(lines="none")
LOOKS: Mapping[str, tuple[Look, Pen]] = {
    "ruled": (Look(), Pen()),
    "no lines": (NONE, Pen(deltas="g", blocks=True)),
    "ruled, thin rectangles": (Look(latin="Times-Roman", body=11), Pen(lines="thin", deltas="g")),
    "horizontal lines, thin rectangles": (Look(lines="horizontal", heads=True), Pen(lines="thin", whole=True)),
    "ruled, one path": (Look(cut=True, above=4), Pen(lines="one", scale=0.1, rooted=True)),
    "no lines, one object per character": (Look(lines="none", left=True, latin="Times-Roman"), Pen(deltas="alone")),
    "ruled, template": (Look(heads=True, running=HEAD), Pen(template=True, deltas="g", params=True)),
    "no lines, template": (Look(lines="none", running=HEAD), Pen(template=True, scale=0.3528, whole=True)),
    "frame, cut row": (Look(lines="frame", cut=True, numbers="第 {} 页"), Pen(composed=True, deltas="g")),
    "ruled, across": (Look(across=True), Pen(deltas="g", documents=2)),
    "no lines, across": (Look(lines="none", across=True, latin="Times-Roman"), Pen(prefix="", origin=12.5)),
    "ruled, narrow": (Look(narrow=0.45, heads=True), Pen(whole=True, blocks=True, lines="thin")),
    "no lines, narrow": (Look(lines="none", narrow=0.4), Pen(deltas="g", numbered=True)),
    "ruled, turned": (Look(landscape=True, latin="Helvetica"), Pen(turned=True, scale=2.0)),
    "no lines, turned": (Look(lines="none", landscape=True, running=HEAD), Pen(turned=True, deltas="g")),
    "ruled, small, numbered": (Look(size=7.5, body=10.5, margin=90, above=3), Pen(numbered=True, deltas="alone")),
    "outline, top": (Look(lines="outline", top=True, left=True), Pen(whole=True, origin=-5.0, params=True)),
    "three rules": (Look(lines="rule", latin="Times-Roman", numbers="{}"), Pen(composed=True, lines="one")),
    "horizontal lines, cut row": (Look(lines="horizontal", cut=True, top=True), Pen(documents=2, scale=0.01)),
}


def render(plan: Plan) -> tuple[bytes, tuple[str, ...]]:
    """The bytes of the file, and what stands at the head and the foot of its pages."""
    look, pen = LOOKS[plan.look]
    numbers = (look.numbers.format(2),) if look.numbers != "{}" else ()
    return file(plan, look, pen), numbers + ((look.running,) if look.running else ())


def file(plan: Plan, look: Look, pen: Pen) -> bytes:
    """The bytes of the .ofd file."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    paper = Paper(pen, look.running)
    fill(_Cells(paper, look), plan.document)
    return packed(paper.leaves, pen, look.running)


class _Cells(Press):
    """Tells the paper where a cell begins and ends."""

    def _cell(self, sheet: Sheet, placed: Placed, lines: Sequence[str], top: float, bottom: float) -> None:
        self.canvas.begin()
        super()._cell(sheet, placed, lines, top, bottom)
        self.canvas.end()


@dataclass
class Paper:
    """What `Press` draws on: the methods of a canvas, and the pages that came of it."""

    pen: Pen
    running: str = ""
    leaves: list[Leaf] = field(default_factory=list)
    _size: tuple[float, float] = A4
    _font: tuple[str, float] = (FONT, 10.0)
    _texts: list[list[Written]] = field(default_factory=list)
    _rules: list[tuple[float, float, float, float]] = field(default_factory=list)
    _cell: list[Written] | None = None

    def setPageSize(self, size: tuple[float, float]) -> None:
        self._size = size

    def setFont(self, name: str, size: float) -> None:
        self._font = name, size

    def begin(self) -> None:
        """A cell begins."""
        self._cell = [] if self.pen.whole else None

    def end(self) -> None:
        """Its text is one object, by size and font, or its lines are each."""
        if self._cell:
            self._texts.append(self._cell)
        self._cell = None

    def drawString(self, x: float, y: float, text: str) -> None:
        name, size = self._font
        if self.pen.template and text == self.running:
            return
        advances = tuple(pdfmetrics.stringWidth(one, name, size) * MM for one in text)
        at = Written(text, x * MM, (self._size[1] - y) * MM, size * MM, advances, 1 if name == FONT else 2)
        if self._cell is not None and all(one.font == at.font for one in self._cell):
            self._cell.append(at)
        else:
            self._texts.append([at])

    def line(self, x0: float, y0: float, x1: float, y1: float) -> None:
        height = self._size[1]
        self._rules.append((x0 * MM, (height - y0) * MM, x1 * MM, (height - y1) * MM))

    def rect(self, x: float, y: float, width: float, height: float) -> None:
        for side in ((x, y, x + width, y), (x + width, y, x + width, y + height)):
            self.line(*side)
        for side in ((x, y + height, x + width, y + height), (x, y, x, y + height)):
            self.line(*side)

    def showPage(self) -> None:
        size = self._size[0] * MM, self._size[1] * MM
        self.leaves.append(Leaf(size, tuple(map(tuple, self._texts)), tuple(dict.fromkeys(self._rules))))
        self._texts, self._rules = [], []
