"""What a page showed becomes rows: its reports with unit and year, versions, sightings, figures, checks, events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlite_utils import Database

from extract.reader import scope as scope_of

from . import events, findings, identity, review, statements, whose
from .clock import now
from .contents import is_named, stated_date, title_of, write_contents, write_sighting, write_version
from .grouping import groups
from .pages import Member, Page, Showing
from .reading import Reading
from .together import Candidate, disagreements, rank


def fail(db: Database, member: Member, kind: str, reason: str, reader: str, readers: str = "") -> None:
    """A failure row for a document, in place of an older one.

    `readers`: set where the same readers need not try again (`shelf.py`).
    """
    db.execute("delete from failure where subject = ?", [member.payload])
    row = {
        "subject": member.payload,
        "kind": kind,
        "reason": reason,
        "url": member.url,
        "portal": member.capture["portal"],
        "reader": reader,
        "readers": readers,
        "round": member.capture["round"],
        "at": member.capture["fetched_at"],
    }
    statements.add(db, "failure", row)


def write_page(db: Database, page: Page, readings: Mapping[str, Reading]) -> tuple[int, int]:
    """All reports that a page showed, showing by showing: (written, left for review because the unit is not clear).

    What an earlier build made of the page is replaced: versions and reports that no page shows any more go. What a
    person decided of its documents comes before anything that is printed.
    """
    touched = events.forget_page(db, page.key)
    review.forget_page(db, page.key)
    decisions = review.decisions(db, page.key)
    written, unclear = 0, 0
    shown: dict[str, str] = {}  # report → the version that the page showed last
    for showing in page.showings:
        for year, candidates in groups(showing, readings, page.county):
            head = readings.get(showing.members[0].payload)
            names = [(each.member.payload, each.report.title) for each in candidates]
            decided = review.decided(decisions, [*names, ("", title_of(candidates[0], showing, head))])
            if decided and not decided.is_report:
                continue
            year = (decided and decided.year) or year
            if len(candidates) > 1:
                candidates.sort(key=lambda candidate: rank(candidate, year))
            if year is None:
                _ask_year(db, page, showing, candidates[0])
                unclear += 1
            elif candidates[0].report.joined and not (decided and decided.unit):
                _ask_apart(db, page, showing, candidates[0])
                unclear += 1
            elif sighted := _write_report(db, page, showing, year, candidates, head, decided):
                report, version = sighted
                events.record_change(db, page, showing, report, shown.get(report), version)
                shown[report] = version
                touched.add(report)
                written += 1
            else:
                unclear += 1
    for report in sorted(touched):
        events.settle(db, report)
    return written, unclear


def _ask_year(db: Database, page: Page, showing: Showing, best: Candidate) -> None:
    """The question of which year a report is that says none."""
    why = f"of which year is {best.report.title!r}? nothing says it"
    fail(db, best.member, "needs_review", why, "")
    stated = stated_date(best, showing, None)
    key = (page.key, best.member.payload, best.report.title)
    said = {"date": stated} if stated else {}
    review.ask(db, "year", key, why, showing.at, said, [int(stated[:4]) - 1] if stated else [], page.county[0])


def _ask_apart(db: Database, page: Page, showing: Showing, best: Candidate) -> None:
    """The question whose the reports in a document are, where no title stands between them."""
    why = f"whose reports does {best.report.title!r} hold? there are several, and no title stands between them"
    fail(db, best.member, "needs_review", why, "")
    review.ask(db, "unit", (page.key, best.member.payload, best.report.title), why, showing.at, {}, [], page.county[0])


def _write_report(
    db: Database,
    page: Page,
    showing: Showing,
    year: int,
    candidates: Sequence[Candidate],
    head: Reading | None,
    decided: review.Decision | None,
) -> tuple[str, str] | None:
    """One report with its version, sightings and figures: (report, version), or None where it is not clear whose it is."""
    best, *others = candidates
    key = (page.key, best.member.payload, best.report.title)
    whose_ = whose.of_report(db, page, showing, candidates, head, decided)
    if whose_.unit is None:
        why = f"whose report is {best.report.title!r}? {whose_.note}"
        fail(db, best.member, "needs_review", why, "")
        review.ask(db, "unit", key, why, showing.at, whose_.said, [], page.county[0])
        return None
    unit = whose_.unit
    kind = scope_of(unit.name) if unit.type in ("government", "office") else best.report.scope
    report_id = f"{unit.id}/{kind}/{year}"
    link = str(showing.members[0].capture["link_text"])
    doubts = list(whose.year_questions(year, best, (best.report.title, title_of(best, showing, head)), link))
    if doubts and not (decided and decided.year):
        years = sorted({year, *(other for _, other in doubts)})
        said = {**whose_.said, "year": str(year)}
        why = "; ".join(note.removeprefix("year_mismatch: ") for note, _ in doubts)
        review.ask(db, "year", key, why, showing.at, said, years, page.county[0], report_id)
    notes = [
        *best.report.notes,
        *([whose_.note] if whose_.note else []),
        *disagreements(year, best, others),
        *(note for note, _ in doubts),
    ]
    _write_unit(db, unit, page)
    version, first, fresh = write_version(db, report_id, unit, kind, year, best, showing, notes, head)
    found = list(findings.findings(year, best, others, [] if decided and decided.year else [o for _, o in doubts]))
    findings.write(db, page, showing, version, found, _was_there(page, showing))
    for candidate in (best, *others):
        write_sighting(db, version, candidate, "best" if candidate is best else "other", page, showing)
    whose.write_credit(db, page, report_id, head)
    if first == best.member.payload:  # places are those of the version's own document
        write_contents(db, version, best.report, fresh)
    return report_id, version


def _was_there(page: Page, showing: Showing) -> bool:
    """Whether what a page shows was there when its column was first crawled."""
    first = showing is page.showings[0] and is_named(showing)
    return page.is_backfill(page.discovered if first else showing.at)


def _write_unit(db: Database, unit: identity.Unit, page: Page) -> None:
    row = {"id": unit.id, "region": unit.region, "name": unit.name, "full_name": unit.full_name, "type": unit.type}
    db.execute(
        "insert into unit (id, region, name, full_name, type, portal, found_at) values (:id, :region, :name, :full_name, :type, "
        ":portal, :at) on conflict (id) do update set full_name = excluded.full_name "
        "where length(excluded.full_name) > length(unit.full_name)",
        {**row, "portal": page.portal, "at": now()},
    )
