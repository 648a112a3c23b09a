"""Scans, and tables as pictures on a page: the corpus' documents drawn as pixels and worn, in several fonts.

Their bytes depend on fonts and on the versions of a drawing library, so the corpus pins what is drawn and how it is worn,
not the pixels.
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass, replace

from PIL import Image

from tests.portals.grids import Grid

from .html import body
from .model import Plan
from .pages import framed
from .plate import pages, table
from .press import Look
from .wear import Wear, worn

A4, USED = Look(), Wear()


@dataclass(frozen=True, slots=True)
class Scan:
    """How a document becomes a scan: its print, its face, dots per inch, wear, kind of file."""

    look: Look = A4
    face: str = "serif"
    dpi: int = 200
    wear: Wear = USED
    file: str = "PDF"
    stroke: float = 1.0


GREY = Wear(skew=0.5, light=0.15)
COLOUR = Wear(skew=0.7, light=0.2, colour=True, noise=6)
FOLD = Wear(skew=0.4, light=0.25, fold=0.5, noise=7, specks=120)
STAMP = Wear(skew=0.5, light=0.1, colour=True, stamps=3)
ASKEW = Wear(skew=2.0, light=0.1)
ALL = Wear(skew=2.0, light=0.15, colour=True, stamps=2, fold=0.3, noise=6)
SMALL = Look(heads=True, latin="Times-Roman")

SCANS: Mapping[str, Mapping[str, Scan]] = {
    "scan": {
        "grey": Scan(wear=GREY),
        "colour, song": Scan(Look(latin="Times-Roman", above=4), "song", wear=COLOUR),
        "fold, sans": Scan(Look(heads=True), "sans", wear=FOLD),
        "thick, kai": Scan(Look(size=10.5, body=14, margin=50), "kai", wear=replace(GREY, stroke=0.6)),
        "thin, TIFF": Scan(Look(landscape=True), "arial", wear=replace(GREY, stroke=-0.25), file="TIFF"),
        "cut row, bold": Scan(Look(cut=True, above=4), "bold", wear=replace(COLOUR, quality=55)),
    },
    "scan-150": {
        "grey": Scan(dpi=150, wear=GREY),
        "colour, song": Scan(Look(latin="Times-Roman"), "song", 150, COLOUR),
        "fold, arial": Scan(Look(heads=True), "arial", 150, FOLD),
        "kai, JPEG 50": Scan(Look(), "kai", 150, replace(GREY, quality=50)),
        "thick, sans": Scan(Look(cut=True), "sans", 150, replace(COLOUR, stroke=0.4)),
    },
    "scan-stamped": {
        "three stamps": Scan(wear=STAMP),
        "stamps, song": Scan(Look(heads=True), "song", wear=STAMP),
        "stamps, 150 dpi": Scan(Look(), "arial", 150, STAMP),
        "stamps, JPEG 50": Scan(Look(), "sans", 200, replace(STAMP, quality=50)),
        "stamps, askew, 150 dpi": Scan(Look(), "serif", 150, ALL),
    },
    "scan-askew": {
        "grey": Scan(wear=ASKEW),
        "song, 150 dpi": Scan(Look(), "song", 150, ASKEW),
        "sans, colour": Scan(Look(heads=True), "sans", wear=replace(ASKEW, colour=True, light=0.25)),
        "landscape": Scan(Look(landscape=True), "arial", wear=ASKEW),
        "kai": Scan(Look(cut=True), "kai", wear=replace(ASKEW, noise=8)),
    },
}
CLEAN = Wear(noise=0, specks=0, blur=0.01, colour=True)
PICTURES: Mapping[str, Scan] = {
    "PNG at 96 dpi": Scan(Look(), "sans", 96, CLEAN, "PNG"),
    "JPEG at 110 dpi": Scan(Look(size=10.5), "serif", 110, replace(CLEAN, quality=70), "JPEG"),
    "PNG at 130 dpi, song": Scan(Look(latin="Times-Roman", size=9.5), "song", 130, CLEAN, "PNG"),
    "scanned": Scan(Look(), "serif", 200, replace(GREY, specks=20), "JPEG"),
    "scanned at 150 dpi": Scan(Look(), "arial", 150, replace(COLOUR, specks=20), "JPEG"),
}


def render(plan: Plan) -> tuple[bytes, tuple[str, ...]]:
    """The bytes of a scan; what is around its text is a page's number, as in its PDF."""
    scan = SCANS[plan.format][plan.look]
    sheets = [
        worn(page, scan.wear, f"{plan.format} {plan.name} {number}", scan.dpi)
        for number, page in enumerate(pages(plan, scan.look, scan.dpi, scan.face, scan.stroke))
    ]
    return bound(sheets, scan), ()


def bound(sheets: list[Image.Image], scan: Scan) -> bytes:
    """The sheets in one file."""
    file = io.BytesIO()
    first, *rest = sheets
    if scan.file == "TIFF":
        first.save(file, "TIFF", compression="jpeg", save_all=True, append_images=rest, dpi=(scan.dpi, scan.dpi))
    else:
        first.save(file, "PDF", resolution=scan.dpi, save_all=True, append_images=rest, quality=scan.wear.quality)
    return file.getvalue()


def render_page(plan: Plan) -> tuple[bytes, tuple[str, ...]]:
    """A page whose tables are pictures: `table-1.png` and so on (`pictures`)."""
    blocks, count = [], 0
    html = body(plan.document, "plain")
    for block in plan.document.blocks:
        if isinstance(block, Grid):
            count += 1
            blocks.append(_address(plan, count))
    parts = html.split("<table")
    for number, address in enumerate(blocks, 1):
        after = parts[number].split("</table>", 1)[1]
        parts[number] = f'<p style="text-align:center"><img src="{address}" alt=""></p>{after}'
    return framed(plan, "".join(parts))


def pictures(plan: Plan) -> dict[str, bytes]:
    """The pictures of such a page by their addresses."""
    scan = PICTURES[plan.look]
    found: dict[str, bytes] = {}
    for number, grid in enumerate(plan.document.grids(), 1):
        address = _address(plan, number)
        shown = worn(
            table(grid, scan.look, scan.dpi, scan.face, scan.stroke), scan.wear, f"{plan.name} {address}", scan.dpi
        )
        file = io.BytesIO()
        shown.save(file, scan.file, **({"quality": scan.wear.quality} if scan.file == "JPEG" else {}))
        found[address] = file.getvalue()
    return found


def source(plan: Plan) -> bytes:
    """What a scan is drawn from: the document, its print and its wear."""
    return repr((plan.document, {**SCANS.get(plan.format, PICTURES)}[plan.look])).encode()


def _address(plan: Plan, number: int) -> str:
    return f"table-{number}.{'png' if PICTURES[plan.look].file == 'PNG' else 'jpg'}"
