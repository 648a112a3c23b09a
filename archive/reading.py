"""Reads one document: its text and reports, the documents inside it where it is a bundle, or the reason why it cannot be read.

Old Word documents are converted before, many by one call. What runs in worker processes is in `workers.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from extract import bundles, canonical, composing, forms, ocr, unrar
from extract.bundles import Inside, Room
from extract.composing import Part
from extract.formats import read as read_text
from extract.formats import sniff, to_convert
from extract.model import Hint, Image, NoReport, Report, Text, Unreadable
from extract.reader import parse
from extract.scan import files

from . import office

READER = "5"  # raise it when parse() gives other reports from the same text: documents are then read again
PACKAGE = "docx"  # the format of documents that have their pictures with them
BATCH = 40  # documents converted by one call: it takes 5 s
BATCH_BYTES = 64 * 2**20
PASSED = 200  # documents that may overtake one that waits to be converted: their pages wait for it in memory
_ENDINGS = ".pdf .doc .docx .wps .rtf .ofd .xls .xlsx .et .htm .html .txt .jpg .jpeg .png .bmp .tif .tiff .gif .zip .rar".split()


@dataclass(frozen=True, slots=True)
class Job:
    """One document to read; `key` is its sha256.

    `converter`: set for a document that has to be converted, to what this machine has for it (`office.available`);
    then `converted` is what it made, or `refused` the reason why there is nothing.
    `depth`: in how many bundles it lies; `size`, `members`: what it may unpack to, if it is a bundle itself.
    `parts`: set for a report that is put together, by the sources of the pictures where `data` is the page that shows
    them, else in their order; `address` is that of the page.
    """

    key: str
    data: bytes
    hint: Hint
    converter: str = ""
    converted: bytes | None = None
    refused: str = ""
    depth: int = 0
    size: int = bundles.MAX_ALL
    members: int = bundles.MAX_MEMBERS
    parts: tuple[tuple[str, Part], ...] = ()
    address: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a document gave: its text and reports, or the kind and reason of its failure.

    `inside`: the members of a bundle, those left out too. `tools`: `tools_of`.
    """

    key: str
    text: Text | None = None
    written: str = ""
    reports: tuple[Report, ...] = ()
    failure: str = ""
    reason: str = ""
    inside: tuple[Inside, ...] = ()
    tools: Mapping[str, str] = field(default_factory=dict)


def read_one(job: Job) -> Reading:
    """Read and parse one document in this process; it must have been converted, if it needs that (`converted`)."""
    reading = _read(job)
    return replace(reading, tools=tools_of(job, reading))


def tools_of(job: Job, reading: Reading) -> dict[str, str]:
    """The programs that a document was converted by, or lacked on this machine: where there are better, it is read again."""
    said = " ".join((reading.reason, *(reading.text.notes if reading.text else ())))
    found = {"converter": job.converter} if job.converter else {}
    lacking = {"ocr": ocr.missing(), "rar": unrar.MISSING}
    return found | {tool: "none" for tool, words in lacking.items() if words and words in said}


def text_of(job: Job) -> Text:
    """The text of a job as `converted` gives it, or of a report that is put together. Raises Unreadable."""
    if job.refused:
        raise Unreadable(job.refused)
    if job.parts and job.data:
        return composing.page_with_pictures(job.data, job.hint, job.address, dict(job.parts))
    if job.parts:
        return composing.in_order([part for _, part in job.parts])
    return read_text(job.data, job.hint, job.converted)


def _read(job: Job) -> Reading:
    try:
        if not job.parts and (kind := bundles.kind(job.data)):
            return _unpacked(job, kind)
        text = text_of(job)
    except Unreadable as error:
        return Reading(job.key, failure="unreadable", reason=str(error))
    try:
        reports = tuple(parse(text))
    except NoReport as error:
        inside = _pictures(job, text)
        return Reading(job.key, text, canonical.write(text), (), "no_report", str(error), inside)
    inside = () if is_whole(reports) else _pictures(job, text)
    return Reading(job.key, text, canonical.write(text), reports, inside=inside)


def is_whole(reports: Iterable[Report]) -> bool:
    """Whether a report prints every table of its form."""
    return any(forms.is_whole(report.forms) for report in reports)


def _pictures(job: Job, text: Text) -> tuple[Inside, ...]:
    """The pictures that stand in a Word document, which may be its tables, or pages that were scanned."""
    shown = {block.source for block in text.blocks if isinstance(block, Image)} if text.format == PACKAGE else set()
    if not shown or job.parts:
        return ()
    found = bundles.members(job.data, Room(job.size, job.members), shown)
    return tuple(member for member in found if files.recognises(member.data))


def _unpacked(job: Job, kind: str) -> Reading:
    """The members of a bundle. Raises Unreadable where it holds none that is a document."""
    inside = tuple(_told(member, job) for member in bundles.members(job.data, Room(job.size, job.members)))
    left_out = tuple(f"{member.path}: {member.reason}" for member in inside if member.reason)
    if all(member.reason for member in inside):
        raise Unreadable(f"the bundle holds no document: {'; '.join(left_out[:5]) or 'it is empty'}")
    return Reading(job.key, Text((), kind, bundles.READER, notes=left_out), inside=inside)


def _told(member: Inside, job: Job) -> Inside:
    """A member, its bytes left out where they are no document, or lie too deep."""
    if member.reason:
        return member
    if bundles.kind(member.data):
        if job.depth + 1 < bundles.MAX_DEPTH:
            return member
        return Inside(member.path, reason=f"it is a bundle inside of {bundles.MAX_DEPTH} others", lost=True)
    try:
        sniff(member.data)
    except Unreadable as error:
        return Inside(member.path, reason=str(error), lost=member.path.lower().endswith(tuple(_ENDINGS)))
    return member


def jobs_inside(job_url: str, reading: Reading, depth: int, room: Room) -> Iterator[Job]:
    """The jobs of a bundle's members. Bundles among them share the room that is left by their sizes, whatever is read first."""
    taken = [member for member in reading.inside if not member.reason]
    nested = {member.sha256: member.size for member in taken if bundles.kind(member.data)}
    size = room.size - sum(member.size for member in taken)
    count = room.members - len(reading.inside)
    for member in taken:
        share = nested.get(member.sha256, 0) / max(1, sum(nested.values()))
        url = f"{job_url}{bundles.BETWEEN}{member.path}"
        yield Job(
            member.sha256,
            member.data,
            Hint(url, name=member.path.rpartition("/")[2]),
            depth=depth + 1,
            size=int(max(0, size) * share),
            members=max(1, int(max(0, count) * share)),
        )


def converted(jobs: Iterable[Job]) -> Iterator[Job]:
    """The jobs, those that need it converted: they wait until one call is worth its while, all others pass at once."""
    waiting: list[Job] = []
    size = passed = 0
    for job in jobs:
        if not job.parts and to_convert(job.data):
            waiting.append(job)
            size += len(job.data)
        else:
            yield job
            passed += bool(waiting)
        if len(waiting) >= BATCH or size >= BATCH_BYTES or passed >= PASSED:
            yield from _by_one_call(waiting)
            waiting, size, passed = [], 0, 0
    yield from _by_one_call(waiting)


def _by_one_call(jobs: Sequence[Job]) -> Iterator[Job]:
    if not jobs:
        return
    name, made = office.available(), office.convert({job.key: job.data for job in jobs})
    for job in jobs:
        got = made[job.key]
        if isinstance(got, str):
            yield replace(job, converter=name, refused=got)
        else:
            yield replace(job, converter=name, converted=got)
