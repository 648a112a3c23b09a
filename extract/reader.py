"""Text to report: the figures of the statutory tables, with their states, and everything around them."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from . import captions, contact, identities, narrative, problems, sections, titles
from .doubts import doubts
from .figures import read_tables
from .model import NoReport, Paragraph, Report, Text
from .parting import Part, other_years, parts


def parse(text: Text) -> list[Report]:
    """The annual reports in a document, usually one.

    Raises NoReport where the document has neither the title of an annual report nor a row of its tables.
    """
    reports = [_parse_one(part, text) for part in parts(text)]
    reports = [report for report in reports if report.figures or titles.parse(report.title)]
    if not reports:
        raise NoReport("no title of an annual report and none of its tables were found in the document")
    return reports


def _parse_one(part: Part, text: Text) -> Report:
    title, blocks = part.title, part.blocks
    parsed = titles.parse(title)
    year = parsed.year if parsed else None
    paragraphs = [block.text for block in blocks if isinstance(block, Paragraph)]
    publisher = _publisher(title, paragraphs)
    grids, others = captions.own_tables(blocks, year, publisher is not None and scope(publisher) == "own")
    tables = read_tables(grids, year)
    figures = dict(tables.figures)
    notes = [*text.notes, *others, *tables.notes]
    numbers = narrative.numbers(paragraphs, year, scope(publisher) == "whole_government", publisher)
    printed = sections.read(blocks, year)
    checks = tuple(identities.checks(identities.Printed(figures, tables.forms["t3"], numbers, printed, publisher)))
    unsure = doubts(figures, checks)
    figures |= {path: replace(figures[path], doubt=reason) for path, reason in unsure.items()}
    notes += [f"{path}: {reason}" for path, reason in unsure.items()]
    return Report(
        title=title,
        publisher=publisher,
        year=year,
        scope=scope(publisher),
        forms=tables.forms,
        figures=figures,
        missing=tables.missing,
        narrative=numbers,
        contact=contact.contact(paragraphs),
        sections=printed,
        checks=checks,
        inferred=tuple(identities.inferred(figures)),
        notes=tuple(notes),
        pages=part.pages,
        other_years=other_years(blocks, year),
        joined=part.joined,
        parts=problems.parts(printed),
    )


def scope(publisher: str | None) -> str:
    """Whose figures a report holds, by the name of its publisher (domain.md, section 4).

    A county's government compiles the whole of it; its office reports for the government's office; all others for
    themselves. A town's government is `own`.
    """
    name = titles.squeeze(publisher or "")
    if name.endswith(("政府办公室", "政府办", "管委会办公室")) and not _below_county(name):
        return "government_office"
    county = name.endswith(("人民政府", "县政府", "区政府", "市政府", "县", "市", "自治旗"))
    if county and not _below_county(name):
        return "whole_government"
    return "own"


def _below_county(name: str) -> bool:
    stem = name.removesuffix("办公室").removesuffix("办").removesuffix("人民政府").removesuffix("政府")
    return stem.endswith(("镇", "乡", "街道", "苏木"))


def _publisher(title: str, paragraphs: Sequence[str]) -> str | None:
    """The publisher as printed: in the title, else in the sentence 由…编制."""
    parsed = titles.parse(title)
    if parsed and parsed.unit:
        return parsed.unit
    if parsed and (found := titles.find([title, *paragraphs[:3]])) and found[1].unit:
        return found[1].unit
    return contact.compiler(paragraphs[:6])
