"""Which documents that a page showed carry the same report: by year, and by unit where a bundle holds those of several."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from extract import titles
from extract.model import Report, Text
from extract.reader import parse

from . import identity
from .pages import Member, Showing
from .parts import Readings, documents
from .reading import Reading
from .together import Candidate

UNREAD = ("unreadable", "timeout", "memory", "crashed", "error")  # failures of the reader, not of the content
_YEAR = re.compile(r"(?<!\d)20[0-3]\d(?!\d)")

Group = tuple[int | None, list[Candidate]]


def groups(showing: Showing, readings: Readings, county: tuple[str, str]) -> Iterator[Group]:
    """The reports of a showing by year (and publisher, where there are several): the documents that carry each.

    A document that says no year has that of the documents beside it, where they say one; else None. In a bundle, files
    of several units are several reports, and so are those of several years.
    """
    found: dict[tuple[int | None, str], list[Candidate]] = {}
    head = readings.get(showing.members[0].payload)
    shown = [(member, reading) for member in documents(showing, readings) if (reading := readings.get(member.payload))]
    bundled = [(member, report) for member, reading in shown if member.path for report in reading.reports]
    many_units = _several(_unit(member, report, county) for member, report in bundled)
    many_years = len({year for member, report in bundled if (year := _year(member, report))}) > 1
    for member, reading in shown:
        for report in _reports(reading, member):
            if member is showing.members[0] and _is_empty(report, member) and not _has_content(shown):
                continue
            several, inside = len(reading.reports) > 1, bool(member.path)
            own = several or (inside and (many_units or many_years))
            year = (_year(member, report) if own else None) or (None if several else _page_year(head, showing))
            unit = _unit(member, report, county) if inside and many_units else None
            publisher = unit if unit is not None else (report.publisher or "") if several else ""
            key = (year or report.year, publisher or (member.payload if unit == "" else ""))
            same = next((known for known in found if known[0] == key[0] and _same(known[1], key[1], unit)), key)
            found.setdefault(same, []).append(Candidate(member, reading, report, unit))
    said = [key for key in found if key[0] is not None]
    if (None, "") in found and len(said) == 1:
        found[said[0]].extend(found.pop((None, "")))
    return ((year, candidates) for (year, _), candidates in found.items())


def _several(names: Iterator[str]) -> bool:
    """Whether names of units mean more than one."""
    first = ""
    for name in filter(None, names):
        if first and not identity.alike(first, name):
            return True
        first = first or name
    return False


def _same(known: str, name: str, unit: str | None) -> bool:
    return known == name or bool(unit and known and identity.alike(known, name))


def _unit(member: Member, report: Report, county: tuple[str, str]) -> str:
    """Whose report it is, by what it prints, else by its file's name or that of the folder it lies in; empty without."""
    *folders, name = member.path.rpartition(".")[0].split("/")
    titled = titles.parse(name)
    for said in (report.publisher, titled.unit if titled else "", name, *reversed(folders)):
        if said and (found := identity.unit(*county, re.sub(r"^[\d.、_\-\s]+", "", said))):
            return found.name
    return ""


def _year(member: Member, report: Report) -> int | None:
    """The year that a document says, else its path inside the bundle."""
    years = _YEAR.findall(member.path.rpartition("!/")[2])
    return report.year or (int(years[-1]) if years else None)


def _reports(reading: Reading, member: Member) -> Sequence[Report]:
    """The reports in a document. A file that a list links as a report and that cannot be read is one by its title alone:
    it is new at once, its figures follow when a reader can read it.
    """
    title = str(member.capture["link_text"])
    alone = not member.path and member.capture["kind"] != "attachment"
    if reading.failure in UNREAD and alone and titles.parse(title):
        return parse(Text((), "", "", title))
    return reading.reports


def _has_content(shown: Sequence[tuple[Member, Reading]]) -> bool:
    """Whether a file of the page gives a report, or cannot be read and may be one."""
    return any(reading.reports or reading.failure in UNREAD for _, reading in shown[1:])


def _is_empty(report: Report, member: Member) -> bool:
    """Whether a page that no list names a report is only titled like one (xxgkAnnualReport.jsp: 暂无数据)."""
    return not (report.figures or report.sections or titles.parse(str(member.capture["link_text"])))


def _page_year(head: Reading | None, showing: Showing) -> int | None:
    """The year that the page's title or the link to it says; a file of another year under it is a note, not a report."""
    for text in (head.text.title if head and head.text else "", str(showing.members[0].capture["link_text"])):
        if parsed := titles.parse(text):
            return parsed.year
    return None
