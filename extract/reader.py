"""Text to report: the figures of the statutory tables, with their states, and everything around them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from . import identities, narrative, sections, titles
from .doubts import doubts
from .figures import read_tables
from .model import Block, Grid, NoReport, Paragraph, Report, Text


def parse(text: Text) -> list[Report]:
    """The annual reports in a document, usually one.

    Raises NoReport where the document has neither the title of an annual report nor a row of its tables.
    """
    reports = [_parse_one(title, blocks, text) for title, blocks in _parts(text)]
    reports = [report for report in reports if report.figures or titles.parse(report.title)]
    if not reports:
        raise NoReport("no title of an annual report and none of its tables were found in the document")
    return reports


def _parts(text: Text) -> list[tuple[str, Sequence[Block]]]:
    """The document cut at every further title that is followed by a section 一: one part per report."""
    cuts = [0]
    for index, block in enumerate(text.blocks):
        titled = isinstance(block, Paragraph) and titles.parse(block.text) and _begins_report(text.blocks[index + 1 :])
        if titled and any(_is_body(earlier) for earlier in text.blocks[cuts[-1] : index]):
            cuts.append(index)
    parts: list[tuple[str, Sequence[Block]]] = []
    for start, end in zip(cuts, [*cuts[1:], len(text.blocks)], strict=True):
        head = text.blocks[start] if text.blocks else None
        if start and isinstance(head, Paragraph):
            parts.append((head.text, text.blocks[start + 1 : end]))
        else:
            parts.append((text.title, text.blocks[start:end]))
    return parts


def _is_body(block: Block) -> bool:
    """Whether a report has begun before this: a table, or a section's heading."""
    return isinstance(block, Grid) or (isinstance(block, Paragraph) and sections.heading(block.text) is not None)


def _begins_report(blocks: Sequence[Block]) -> bool:
    """Whether the next heading is that of section 一."""
    for block in blocks:
        if isinstance(block, Grid):
            return False
        if isinstance(block, Paragraph) and (heading := sections.heading(block.text)):
            return heading[0] == 1
    return False


def _parse_one(title: str, blocks: Sequence[Block], text: Text) -> Report:
    parsed = titles.parse(title)
    year = parsed.year if parsed else None
    tables = read_tables([block for block in blocks if isinstance(block, Grid)], year)
    figures = dict(tables.figures)
    notes = [*text.notes, *tables.notes]
    parts = sections.read(blocks)
    paragraphs = [block.text for block in blocks if isinstance(block, Paragraph)]
    numbers = narrative.numbers(paragraphs)
    publisher = _publisher(title, paragraphs)
    checks = tuple(identities.checks(identities.Printed(figures, tables.forms["t3"], numbers, parts, publisher)))
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
        contact=narrative.contact(paragraphs),
        sections=parts,
        checks=checks,
        inferred=tuple(identities.inferred(figures)),
        notes=tuple(notes),
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
    return narrative.compiler(paragraphs[:6])
