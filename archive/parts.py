"""What a page shows beyond its captures: the documents in bundles, and reports put together from several documents.

A page whose tables are pictures, a scan that is one picture a page, sentences in one file and tables in another: the
parts are read each by itself, and put together where the whole is more of a report than any of them. All of it follows
from the readings, so that a rebuild gives the same.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import unquote

from extract import titles
from extract.bundles import BETWEEN, MAX_DEPTH
from extract.model import Hint, Image, Report, State

from .pages import Member, Showing
from .reading import Job, Reading, is_whole

MAX_PARTS = 300  # as many as a scan may have pages
PICTURE = "image"  # the format of a picture
_NUMBER = re.compile(r"\d+")
_COUNTED = re.compile(r"(?<!\d)(?!(?:19|20)\d\d(?!\d))\d+")  # a number that is no year

Readings = Mapping[str, Reading]


@dataclass(frozen=True, slots=True)
class Composition:
    """A report that may be put together: its parts in order, each with the source by which the page (the first) shows it.

    `sources` is empty where no page shows them. `key`: the sha256 of the addresses and digests of the parts in order.
    """

    parts: tuple[Member, ...]
    sources: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        lines = [f"{bool(self.sources)}", *(f"{part.url} {part.payload}" for part in self.parts)]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    def job(self, readings: Readings, page: bytes = b"", hint: Hint | None = None) -> Job:
        """The job of putting it together; `page`: the bytes of the page that shows the pictures."""
        texts = [(part.url, text) for part in self.parts if (text := readings[part.payload].text)]
        if not self.sources:
            return Job(self.key, b"", Hint(), parts=tuple((address, (address, text)) for address, text in texts))
        parts = tuple(zip(self.sources, texts[1:], strict=True))
        return Job(self.key, page, hint or Hint(), parts=parts, address=self.parts[0].url)

    def member(self) -> Member:
        """The document that it is: at the place of its first part."""
        return replace(self.parts[0], path="", sha256=self.key, size=sum(size_of(part) for part in self.parts))


def size_of(member: Member) -> int:
    """The bytes of a document; of a capture, as it is stored."""
    return member.size or int(member.holder["length"])


def unfolded(members: Sequence[Member], readings: Readings, depth: int = 0) -> Iterator[Member]:
    """The documents of a page, behind each bundle those inside it. (There are bundles that hold themselves.)"""
    for member in members:
        yield member
        reading = readings.get(member.payload) if depth < MAX_DEPTH else None
        inside = [
            Member(
                f"{member.url}{BETWEEN}{one.path}",
                member.capture,
                member.holder,
                f"{member.path}{BETWEEN if member.path else ''}{one.path}",
                one.sha256,
                one.size,
            )
            for one in (reading.inside if reading else ())
            if not one.reason
        ]
        yield from unfolded(sorted(inside, key=lambda one: natural(one.path)), readings, depth + 1)


def natural(name: str) -> tuple[tuple[str, int], ...]:
    """A key by which names are in the order that a person would give them: 2.jpg before 10.jpg."""
    words, numbers = _NUMBER.split(name.casefold()), [*_NUMBER.findall(name), "0"]
    return tuple((word, int(number)) for word, number in zip(words, numbers, strict=True))


def pattern(name: str) -> str:
    """The name with its numbers left out, years not; empty for one that has none: pages of a scan are named alike."""
    return _COUNTED.sub("#", name) if _COUNTED.search(name) else ""


def documents(showing: Showing, readings: Readings) -> list[Member]:
    """What a page showed: its documents, those that are only parts of a whole replaced by it."""
    members = list(unfolded(showing.members, readings))
    for whole in compositions(members, readings):
        if _is_more(whole, readings):
            first = members.index(whole.parts[0])
            gone = {part.url for part in whole.parts}
            members[first] = whole.member()
            members = [one for at, one in enumerate(members) if at == first or one.url not in gone]
    return members


def compositions(members: Sequence[Member], readings: Readings) -> list[Composition]:
    """What may be put together: pages with their pictures, numbered files, files that complete one another.

    No document is part of two.
    """
    found: list[Composition] = []
    if len(members) < 2:  # as most pages: one document, nothing to put together
        return found
    left = list(members)
    for kind in (_with_pictures, _numbered, _complete):
        for whole in kind(left, readings):
            gone = {part.url for part in whole.parts}
            if gone <= {member.url for member in left}:
                found.append(whole)
                left = [member for member in left if member.url not in gone]
    return found


def _with_pictures(members: Sequence[Member], readings: Readings) -> Iterator[Composition]:
    """Pages that lack a table and show pictures that were read."""
    by_address = {_plain(member.url): member for member in members}
    for page in members:
        reading = readings.get(page.payload)
        if reading is None or reading.text is None or is_whole(reading.reports):
            continue
        pictures: dict[str, Member] = {}
        for source in (block.source for block in reading.text.blocks if isinstance(block, Image)):
            shown = by_address.get(_plain(source)) or by_address.get(_plain(f"{page.url}{BETWEEN}{source}"))
            if shown and shown is not page and shown not in pictures.values() and _says(readings.get(shown.payload)):
                pictures[source] = shown
        if pictures:
            yield Composition((page, *pictures.values()), tuple(pictures))


def _plain(url: str) -> str:
    """An address as it is compared: captures have it percent-encoded and after a redirection."""
    address = unquote(url.partition("#")[0])
    return address.partition("://")[2] or address  # a file that a person names has no scheme


def _numbered(members: Sequence[Member], readings: Readings) -> Iterator[Composition]:
    """Files of one format in one folder whose names differ in numbers alone, most often pictures: pages of one scan.

    One that has the title of another report than those before begins a new one.
    """
    rows: dict[tuple[str, str, str], list[Member]] = {}
    for member in members:
        reading = readings.get(member.payload)
        folder, _, name = unquote(member.url).rpartition("/")
        if reading and reading.text and reading.text.format != "html" and _says(reading) and pattern(name):
            rows.setdefault((reading.text.format, folder, pattern(name)), []).append(member)
    for row in rows.values():
        ordered = sorted(row, key=lambda member: natural(unquote(member.url)))
        yield from (Composition(tuple(run)) for run in _runs(ordered, readings) if 1 < len(run) <= MAX_PARTS)


def _runs(members: Sequence[Member], readings: Readings) -> list[list[Member]]:
    """The parts cut where another report begins."""
    runs: list[list[Member]] = []
    last: tuple[int | None, str] | None = None
    for member in members:
        text = readings[member.payload].text
        title = titles.parse(text.title) if text else None
        said = (title.year, title.unit or "") if title else None
        if not runs or (said and last and said != last):
            runs.append([])
        last = said or last
        runs[-1].append(member)
    return runs


def _complete(members: Sequence[Member], readings: Readings) -> Iterator[Composition]:
    """Documents no two of which print the same figure or section, of no two units and no two years."""
    by_place: dict[str, list[Member]] = {}
    for member in members:
        if _says(readings.get(member.payload)):
            by_place.setdefault(member.url.rpartition("/")[0] if member.path else "", []).append(member)
    for beside in by_place.values():
        chosen = [member for member in beside if _content(readings[member.payload])]
        contents = [_content(readings[member.payload]) for member in chosen]
        reports = [report for member in chosen for report in readings[member.payload].reports]
        years = {report.year for report in reports if report.year}
        publishers = {titles.squeeze(report.publisher) for report in reports if report.publisher}
        disjoint = sum(map(len, contents)) == len(set().union(*contents)) if contents else False
        if len(chosen) > 1 and disjoint and len(years) < 2 and len(publishers) < 2:
            head, *rest = chosen
            yield Composition((head, *sorted(rest, key=lambda member: natural(member.url))))


def _content(reading: Reading) -> set[str]:
    """What a document prints of a report: its figures that say something, and its sections."""
    if len(reading.reports) != 1:
        return set()
    (report,) = reading.reports
    figures = {path for path, figure in report.figures.items() if figure.state is not State.BLANK}
    return figures | {f"section {section.n}" for section in report.sections}


def _says(reading: Reading | None) -> bool:
    """Whether anything was read in a document."""
    return reading is not None and reading.text is not None and bool(reading.text.blocks or reading.text.title)


def _is_more(whole: Composition, readings: Readings) -> bool:
    """Whether the parts together are more of a report than any of them."""
    together = readings.get(whole.key)
    return together is not None and _worth(together.reports) > max(
        _worth(readings[part.payload].reports) for part in whole.parts
    )


def _worth(reports: Sequence[Report]) -> tuple[int, int, int]:
    """How much of a report there is: figures that are numbers, cells, sections."""
    figures = [figure for report in reports for figure in report.figures.values()]
    numbers = sum(1 for figure in figures if figure.state is State.NUMBER)
    return numbers, len(figures), sum(len(report.sections) for report in reports)
