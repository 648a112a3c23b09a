"""The looks of PDF files: ruled tables, and tables of which a reader has only the places of the words."""

from collections.abc import Mapping

from .model import Plan
from .press import Look, pdf

HEAD = "某县政务公开工作领导小组办公室编印"
RULED: Mapping[str, Look] = {
    "A4": Look(),
    "Times digits": Look(latin="Times-Roman", body=11),
    "repeated heads": Look(heads=True, numbers="{}"),
    "cut row": Look(cut=True, above=4),
    "landscape": Look(landscape=True, running=HEAD),
    "rotated page": Look(rotated=True, latin="Helvetica"),
    "tables across": Look(across=True),
    "narrow columns": Look(narrow=0.45, heads=True),
    "top and left": Look(top=True, left=True, numbers="第 {} 页"),
    "small print": Look(size=7.5, body=10.5, margin=90, above=3, running=HEAD),
    "large print": Look(size=10.5, body=14, margin=50, above=8),
    "cut row, top": Look(cut=True, top=True, latin="Times-Roman"),
}
BARE: Mapping[str, Look] = {
    "no lines": Look(lines="none"),
    "no lines, left": Look(lines="none", left=True, latin="Times-Roman"),
    "no lines, top": Look(lines="none", top=True, left=True, heads=True),
    "horizontal lines": Look(lines="horizontal"),
    "horizontal lines, heads": Look(lines="horizontal", heads=True, latin="Helvetica", running=HEAD),
    "frame and header rule": Look(lines="frame"),
    "frame, cut row": Look(lines="frame", cut=True, numbers="第 {} 页"),
    "outline": Look(lines="outline", left=True),
    "three rules": Look(lines="rule", latin="Times-Roman", numbers="{}"),
    "no lines, narrow": Look(lines="none", narrow=0.4),
    "no lines, landscape": Look(lines="none", landscape=True, running=HEAD),
    "no lines, rotated": Look(lines="none", rotated=True),
    "no lines, tables across": Look(lines="none", across=True, latin="Times-Roman"),
    "no lines, small": Look(lines="none", size=7.5, body=10.5, margin=90, above=3),
    "horizontal lines, cut row": Look(lines="horizontal", cut=True, top=True),
    "horizontal lines, narrow": Look(lines="horizontal", narrow=0.45, heads=True),
    "no lines, wide rows": Look(lines="none", above=9, size=10.5, left=True),
}


def render(plan: Plan) -> tuple[bytes, tuple[str, ...]]:
    """The bytes of the file, and what stands at the head and the foot of its pages."""
    look = {**RULED, **BARE}[plan.look]
    numbers = (look.numbers.format(2),) if look.numbers != "{}" else ()
    return pdf(plan.document, look), numbers + ((look.running,) if look.running else ())
