"""Text to report: the figures of the statutory tables, with their states, and everything around them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from . import cells, identities, narrative, sections, titles
from .doubts import doubts
from .forms import Column, Form, all_forms
from .model import Block, Cell, Figure, Grid, NoReport, Paragraph, Report, State, Text
from .neighbours import place_table
from .placing import Placed, place_hit
from .tables import Found, Hit, find

TABLES = ("t2", "t3", "t4")


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
    found = find([block for block in blocks if isinstance(block, Grid)])
    notes: list[str] = list(text.notes)
    parsed = titles.parse(title)
    year = parsed.year if parsed else None
    forms = _forms(found, year, notes)
    figures = _figures(found, forms, notes)
    for row in found.unknown:
        notes.append("a row of table 三 that no form has: " + " ".join(cell.text for cell in row.cells if cell.text))
    parts = sections.read(blocks)
    paragraphs = [block.text for block in blocks if isinstance(block, Paragraph)]
    numbers = narrative.numbers(paragraphs)
    publisher = _publisher(title, paragraphs)
    checks = tuple(identities.checks(figures, forms["t3"], numbers))
    unsure = doubts(figures, checks)
    figures |= {path: replace(figures[path], doubt=reason) for path, reason in unsure.items()}
    notes += [f"{path}: {reason}" for path, reason in unsure.items()]
    return Report(
        title=title,
        publisher=publisher,
        year=year,
        scope=scope(publisher),
        forms=forms,
        figures=figures,
        missing=tuple(_missing(found, figures, forms)),
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


def _forms(found: Found, year: int | None, notes: list[str]) -> dict[str, str | None]:
    """The form of each table, from the words in it; by the year only where no word decides, and that is noted."""
    second = Counter(hit.form for hit in found.t2)
    t2 = None if not second else next(iter(second)) if len(second) == 1 else "mixed"
    keys = {hit.row.key for hit in found.t3 if hit.row.group in ("other", "results")}
    t3: str | None = None
    if found.t3:
        if keys & {"other_no_correction", "other_fee_unpaid", "other_misc"}:
            t3 = "y2021"
        elif "other_total" in keys:
            t3 = "y2019"
        else:
            t3 = t2 if t2 in all_forms() else _form_of_year(year)
            notes.append(f"table 三 prints no row under （六）; read as {t3}")
    t4 = (t3 or (t2 if t2 in all_forms() else _form_of_year(year))) if found.t4 else None
    return {"t2": t2, "t3": t3, "t4": t4}


def _form_of_year(year: int | None) -> str:
    fits = [form for form in all_forms().values() if year is not None and form.first_year <= year]
    return fits[0].id if fits else next(iter(all_forms()))


def _figures(found: Found, forms: Mapping[str, str | None], notes: list[str]) -> dict[str, Figure]:
    figures: dict[str, Figure] = {}
    for hit in found.t2:
        _add(figures, "t2", hit, place_hit(hit), hit.form, notes)
    for hit, placed in place_table(found.t3):
        if hit.row.key == "other_total" and forms["t3"] != "y2019":
            continue  # the group cell （六）其他处理 of a form whose rows are printed below it
        _add(figures, "t3", hit, placed, forms["t3"] or "", notes)
    if found.t4:
        _add(figures, "t4", found.t4, place_hit(found.t4), forms["t4"] or "", notes)
    return figures


def _add(figures: dict[str, Figure], table: str, hit: Hit, placed: Placed, form: str, notes: list[str]) -> None:
    name = f"{table}.{hit.row.key}" if table != "t4" else "t4"
    if placed.note:
        notes.append(f"{name}: {placed.note}")
    texts = hit.header_texts or ("",) * len(hit.columns)
    for path, column, header, cell in zip(
        _paths(table, hit), hit.columns, texts, placed.cells or (None,) * len(hit.columns), strict=True
    ):
        figure = _figure(path, column, header, cell, form, notes)
        figures[path] = _either(figures[path], figure, notes) if path in figures else figure


def _either(first: Figure, second: Figure, notes: list[str]) -> Figure:
    """A cell that is printed twice: what both say, or the one that is not blank; where they differ nobody knows."""
    if (first.state, first.value) == (second.state, second.value) or second.state is State.BLANK:
        return first
    if first.state is State.BLANK:
        return second
    notes.append(f"{first.path}: printed twice, as {first.written or first.state} and {second.written or second.state}")
    return replace(first, value=None, state=State.AMBIGUOUS)


def _paths(table: str, hit: Hit) -> list[str]:
    if table != "t4":
        return [f"{table}.{hit.row.key}.{column.key}" for column in hit.columns]
    form: Form = next(iter(all_forms().values()))
    return [f"t4.{block.key}.{column.key}" for block in form.t4_blocks for column in form.t4_columns]


def _figure(path: str, column: Column, header: str, cell: Cell | None, form: str, notes: list[str]) -> Figure:
    if cell is None:
        return Figure(path, None, State.AMBIGUOUS, "", None if column.amount else column.unit, form)
    reading = cells.read(cell.text)
    value, unit = reading.value, column.unit
    if not column.amount and reading.unit in cells.MONEY:
        notes.append(f"{path}: {cell.text} is no count of {column.unit}")
        return Figure(path, None, State.UNREADABLE, cell.text, unit, form, cell.place, cell.confidence)
    if column.amount:
        value, amount_unit = cells.amount(reading.value, reading.unit, header)
        unit = amount_unit or ""
        if value is not None and not unit:
            notes.append(f"{path}: {cell.text} is printed without a unit")
    return Figure(path, value, reading.state, cell.text, unit or None, form, cell.place, cell.confidence)


def _missing(found: Found, figures: Mapping[str, Figure], forms: Mapping[str, str | None]) -> Iterable[str]:
    """What the document does not print, at the highest absent level: a table, or a row."""
    dominant = Counter(hit.form for hit in found.t2).most_common(1)
    for table in TABLES:
        if forms[table] is None:
            yield table
            continue
        form = all_forms()[dominant[0][0] if table == "t2" else forms[table] or ""]
        printed = {path.split(".")[1] for path in figures if path.startswith(table)}
        for row, _ in form.rows(table):
            if row.key not in printed:
                yield f"{table}.{row.key}"
