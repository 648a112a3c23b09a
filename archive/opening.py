"""Bundles that a person has on the disk, opened without an archive: the reports in them, or one document by its path."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Iterator, Sequence

from extract import bundles
from extract.bundles import BETWEEN, Room
from extract.model import Hint, Report, Text, Unreadable

from .grouping import UNREAD
from .pages import Member, Showing
from .parts import compositions, documents, unfolded
from .reading import Job, Reading, converted, jobs_inside, read_one

Found = tuple[str, str, Text, Sequence[Report]]  # where it lies, its sha256, what it says, the reports in it


class Ambiguous(Exception):
    """A bundle holds several documents and none was named: words that name them. Raised by `one_of`."""


def one_of(job: Job, path: str = "") -> Job:
    """The job itself; of a bundle, that of the document in it which is named, or the only one.

    Raises Unreadable, Ambiguous.
    """
    if not bundles.kind(job.data):
        if path:
            raise Unreadable(f"it is no bundle (ZIP, RAR), so there is no {path} in it")
        return job
    if not path:
        inside = [name for name, each in _unfolded(job, job.hint.name or "") if not bundles.kind(each.data)]
        if len(inside) != 1:
            raise Ambiguous(
                f"is a bundle of {len(inside)} documents ({', '.join(inside[:8])}{' …' * (len(inside) > 8)})"
            )
        path = inside[0]
    data = bundles.member(job.data, path)
    inner = Job(hashlib.sha256(data).hexdigest(), data, Hint(name=f"{job.hint.name}{BETWEEN}{path}"))
    return next(converted([inner]))


def _unfolded(job: Job, at: str) -> Iterator[tuple[str, Job]]:
    """The documents and bundles in a bundle, with their paths from the outermost. Raises Unreadable."""
    reading = read_one(job)
    if reading.failure:
        raise Unreadable(reading.reason)
    room = Room(job.size, job.members)
    members = (member for member in reading.inside if not member.reason)
    for member, inner in zip(members, jobs_inside(at, reading, job.depth, room), strict=True):
        yield member.path, inner
        if bundles.kind(inner.data):
            yield from (
                (f"{member.path}{BETWEEN}{path}", each) for path, each in _unfolded(inner, inner.hint.url or "")
            )


def reports_in(job: Job) -> tuple[list[Found], list[str]]:
    """The reports in a bundle, those put together from several documents too; and what gave none, with the reason.

    Raises Unreadable where the bundle cannot be opened.
    """
    name = job.hint.name or ""
    top = Member(name, {"kind": "file", "link_text": ""}, {"sha256": job.key, "length": len(job.data)})
    readings = _readings(job, name)
    if readings[job.key].failure:
        raise Unreadable(readings[job.key].reason)
    showing = Showing("", "", 0, (top,))
    for whole in compositions(list(unfolded([top], readings)), readings):
        head = whole.parts[0]
        page = (bundles.member(job.data, head.path) if head.path else job.data) if whole.sources else b""
        readings[whole.key] = read_one(whole.job(readings, page, Hint(head.url, name=head.path.rpartition("/")[2])))
    found: list[Found] = []
    reasons: list[str] = []
    for member in documents(showing, readings):
        reading = readings[member.payload]
        reasons += [f"{member.url}{BETWEEN}{one.path} was left out: {one.reason}" for one in reading.inside if one.lost]
        if reading.reports and reading.text:
            found.append((member.url, member.payload, reading.text, reading.reports))
        elif reading.failure in UNREAD:
            reasons.append(f"{member.url} cannot be read: {reading.reason}")
    if not found and not reasons:
        reasons.append(f"{name} holds no annual report")
    return found, reasons


def _readings(job: Job, name: str) -> dict[str, Reading]:
    """Everything in a bundle, read one after another; old Word documents are converted by few calls."""
    jobs = deque([Job(job.key, job.data, Hint(name, name=name))])
    readings: dict[str, Reading] = {}
    while jobs:
        some, jobs = list(jobs), deque()
        for each in converted(some):
            readings[each.key] = reading = read_one(each)
            for inner in jobs_inside(each.hint.url or "", reading, each.depth, Room(each.size, each.members)):
                if inner.key not in readings:
                    jobs.append(inner)
    return readings
