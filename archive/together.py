"""The documents of a page that carry one report: which of them is the best, and where the others disagree with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extract.model import Figure, Report, State

from .pages import Member
from .reading import Reading

NAMED = 5  # paths in the line that sums up a disagreement


@dataclass(frozen=True, slots=True)
class Candidate:
    """A report as one document of a page gives it.

    `unit`: set where the document lies in a bundle beside reports of other units, to whose it says it is, or empty.
    """

    member: Member
    reading: Reading
    report: Report
    unit: str | None = None


def rank(candidate: Candidate, year: int | None) -> tuple[bool, int, int, bool, bool, int, str]:
    """The best of a page's documents has the smallest, in whatever order they were found.

    First what is of the page's year: last year's file may have been uploaded by mistake; where nothing else holds a
    figure, it is the report, with a note. Then more figures that are numbers, more cells that are printed; what says
    anything of a report before what is only titled like one (until 2018 many have sentences alone); the page before its
    files, more text; at last the address decides.
    """
    report, member = candidate.report, candidate.member
    numbers = sum(1 for figure in report.figures.values() if figure.state is State.NUMBER)
    strange = not numbers or report.year not in (None, year)
    is_bare = not (report.sections or report.narrative)
    is_file = member.capture["kind"] == "attachment"
    return strange, -numbers, -len(report.figures), is_bare, is_file, -len(candidate.reading.written), member.url


def disagreements(year: int, best: Candidate, others: Sequence[Candidate]) -> Iterator[str]:
    """Notes on what another document of the page prints otherwise: one for the document, then one for each figure.

    What the other leaves blank or cannot be read in contradicts nothing; what only the other prints is said. A document
    of another year is not compared.
    """
    for other in sorted(others, key=lambda candidate: candidate.member.url):
        url, mine, theirs = other.member.url, best.report.figures, other.report.figures
        if theirs and other.report.year not in (None, year):
            yield f"year_mismatch: {url} says {other.report.year}; it is not compared with the report of {year}"
            continue
        differ = [path for path in mine if path in theirs and _contradict(mine[path], theirs[path])]
        if differ:
            yield f"{url} disagrees in {_count(differ)}"
        yield from (f"{path}: {_shown(mine[path])} here, {_shown(theirs[path])} in {url}" for path in differ)
        more = [path for path in theirs if _is_said(theirs[path]) and not _is_said(mine.get(path))]
        if more:
            yield f"{url} prints what is blank, unclear or not printed here: {_count(more)}"
        yield from (f"{path}: {_shown(mine.get(path))} here, {_shown(theirs[path])} in {url}" for path in more)


def conflicts(
    year: int, best: Candidate, others: Sequence[Candidate]
) -> Iterator[tuple[Candidate, dict[str, list[str]]]]:
    """The documents that contradict the best one, with the cells: what it prints, what the other does. See `disagreements`."""
    for other in sorted(others, key=lambda candidate: candidate.member.url):
        mine, theirs = best.report.figures, other.report.figures
        if other.report.year not in (None, year):
            continue
        differ = [path for path in mine if path in theirs and _contradict(mine[path], theirs[path])]
        if differ:
            yield other, {path: [mine[path].written, theirs[path].written] for path in differ}


def _is_said(figure: Figure | None) -> bool:
    """Whether something is printed that was read."""
    return figure is not None and figure.state in (State.NUMBER, State.DASH)


def _contradict(one: Figure, other: Figure) -> bool:
    return _is_said(one) and _is_said(other) and (one.state, one.value) != (other.state, other.value)


def _shown(figure: Figure | None) -> str:
    """A figure for a person: its number, amounts with their unit; else its state."""
    if figure is None:
        return "not printed"
    if figure.value is None:
        return str(figure.state)
    return f"{figure.value:f}{figure.unit if figure.unit == '万元' else ''}"


def _count(paths: Sequence[str]) -> str:
    some = ", ".join(paths[:NAMED]) + (" …" if len(paths) > NAMED else "")
    return f"{len(paths)} figure{'s' if len(paths) > 1 else ''}: {some}"
