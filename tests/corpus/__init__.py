"""A corpus of reports in every format, made from a truth: what is in each document is known, figure by figure.

The package imports nothing of the product, so that agreement between the two means something. Documents are the same
bytes on every run; those that LibreOffice makes are committed (`office.py`). `tests/quality.py` scores the product on it.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache

from . import html, ofd, office, printed, scans, shapes, word
from .model import Made, Plan
from .plans import plans

FORMATS = ("html", "docx", "doc", "pdf-ruled", "pdf-bare", "ofd", "text-a", "text-b")
SCANS = (
    "scan",
    "scan-150",
    "scan-stamped",
    "scan-askew",
    "images",
)  # pictures: a few documents of each, because they take long
STRUCTURAL = ("rtf", "wps")  # a few documents of each, to be read, not to be scored

HELD_OUT = 100  # the report from which on none is in the corpus of scans

Render = Callable[[Plan], tuple[bytes, tuple[str, ...]]]
RENDERED: Mapping[str, tuple[Render, Iterable[str], int]] = {
    "html": (html.render, html.LOOKS, 60),
    "docx": (word.render, word.LOOKS, 60),
    "pdf-ruled": (printed.render, printed.RULED, 44),
    "pdf-bare": (printed.render, printed.BARE, 56),
    "ofd": (ofd.render, ofd.LOOKS, 57),
    "text-a": (shapes.render_a, shapes.A_LOOKS, 48),
    "text-b": (shapes.render_b, shapes.B_LOOKS, 48),
    **{name: (scans.render, looks, len(looks)) for name, looks in scans.SCANS.items()},
    "images": (scans.render_page, scans.PICTURES, len(scans.PICTURES)),
}
COMMITTED = {"doc": 30, "pdf-ruled": 8, "pdf-bare": 8, "rtf": 3, "wps": 3}

__all__ = [
    "FORMATS",
    "SCANS",
    "STRUCTURAL",
    "Made",
    "committed",
    "digest",
    "digest_of",
    "documents",
    "fingerprint",
    "held_out",
    "made",
    "names",
    "undrawn",
]


@cache
def _rendered(format: str) -> tuple[Plan, ...]:
    if format not in RENDERED:
        return ()
    _, looks, count = RENDERED[format]
    return plans(format, tuple(looks), count)


@cache
def committed(format: str) -> tuple[Plan, ...]:
    """The plans of the committed files of a format."""
    if format not in COMMITTED:
        return ()
    return plans(format, tuple(office.looks(format)), COMMITTED[format], skip=len(_rendered(format)))


def names(format: str) -> tuple[str, ...]:
    """The documents of a format, in order."""
    return tuple(plan.name for plan in (*_rendered(format), *committed(format)))


def made(format: str, number: int) -> Made:
    """The n-th document of a format."""
    rendered = _rendered(format)
    if number < len(rendered):
        plan = rendered[number]
        data, around = RENDERED[format][0](plan)
    else:
        plan = committed(format)[number - len(rendered)]
        data, around = office.load(plan), office.around(plan)
    return _made(plan, data, around)


def held_out(format: str, number: int) -> Made:
    """A scan that the corpus does not have, of another report: to measure by hand what nobody has looked at."""
    (plan,) = plans(format, tuple(RENDERED[format][1]), 1, skip=HELD_OUT + number)
    return _made(plan, *RENDERED[format][0](plan))


def undrawn(format: str) -> Iterator[Made]:
    """The documents of a kind of scan without their pictures, which take a second each: what those are drawn from."""
    return (_made(plan, b"", (), drawn=False) for plan in _rendered(format))


def _made(plan: Plan, data: bytes, around: tuple[str, ...], drawn: bool = True) -> Made:
    report, source, pictures = plan.report, b"", dict[str, bytes]()
    if plan.format in SCANS:
        source = scans.source(plan)
        pictures = scans.pictures(plan) if drawn and plan.format == "images" else {}
    return Made(
        plan.name,
        plan.format,
        data,
        report.figures,
        report.missing,
        plan.sentences(),
        around,
        plan.oddities,
        source,
        pictures,
    )


def documents(format: str) -> Iterator[Made]:
    """Every document of a format."""
    return (made(format, number) for number in range(len(names(format))))


def fingerprint(document: Made) -> str:
    """Of the bytes of one document, or of what they are drawn from, and of its truth."""
    truth = repr((document.name, sorted(document.figures.items()), document.missing, document.paragraphs))
    return hashlib.sha256(hashlib.sha256(document.source or document.data).digest() + truth.encode()).hexdigest()


def digest_of(fingerprints: Iterable[str]) -> str:
    """Of the fingerprints of all documents of a format, in order."""
    return hashlib.sha256("\n".join(fingerprints).encode()).hexdigest()[:16]


def digest(format: str) -> str:
    """Of all bytes of a format, and of what they say."""
    return digest_of(map(fingerprint, documents(format)))
