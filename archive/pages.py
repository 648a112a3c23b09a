"""Which captures belong together: a detail page and its attachments are one page, seen again at every round.

Works on captures alone, so that a rebuild from the WARC gives the same. Times are those of the captures.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlite_utils import Database

from .identity import county_of as import_county

Row = Mapping[str, Any]
ITSELF = (
    "exists (select 1 from link l where l.portal = capture.portal and l.page = capture.url and l.url = capture.url)"
)
IS_PAGE = (  # a detail page of a portal, an imported file, a column page that is itself a report (it links itself)
    f"status in (200, 304) and refused = '' and (kind in ('detail', 'file') or (kind = 'column' and {ITSELF})) "
    "and not exists (select 1 from url u where u.portal = capture.portal and u.url = capture.url and u.state = 'not_report')"
)
IS_ATTACHMENT = "status in (200, 304) and refused = '' and kind = 'attachment'"


@dataclass(frozen=True, slots=True)
class Member:
    """A document of a page: the URL, the capture that showed it, the capture that holds its bytes.

    `path`: inside the bundle that the capture is, or empty. `sha256`, `size`: of the document, where it is not the
    capture's payload: what lies in a bundle, or is put together from several (`parts.py`).
    """

    url: str
    capture: Row
    holder: Row
    path: str = ""
    sha256: str = ""
    size: int = 0

    @property
    def payload(self) -> str:
        return self.sha256 or str(self.holder["sha256"])


@dataclass(frozen=True, slots=True)
class Showing:
    """What a page and its attachments showed from `at` to `last`, the page itself first; rounds alike are one showing."""

    at: str
    last: str
    round: int
    members: tuple[Member, ...]


@dataclass(slots=True)
class Page:
    """A page with all its showings in time order, and what the catalogue knows of where it was found.

    `county`: code and name. `unit`: of the column that lists it. `discovered`: when the link to it was first seen.
    `baseline`: when its column's first crawl ended; None while it has not, and for imported files.
    """

    url: str
    portal: str
    county: tuple[str, str]
    unit: str = ""
    discovered: str = ""
    baseline: str | None = None
    showings: list[Showing] = field(default_factory=list)

    @property
    def key(self) -> str:
        """The page's natural key: a URL may be listed by two portals."""
        return f"{self.portal} {self.url}"

    def is_backfill(self, at: str) -> bool:
        """Whether something seen at a time was there when the column was first crawled."""
        return self.baseline is None or at <= self.baseline

    def inputs(self) -> str:
        """What the result depends on; a page whose inputs are unchanged is not built again."""
        shown = (f"{s.at} " + " ".join(member.payload for member in s.members) for s in self.showings)
        return "\n".join([*self.county, self.unit, *shown])


def pages(db: Database) -> Iterator[Page]:
    """Every page of the archive, portal by portal, in the order in which they were first seen."""
    portals = [
        row["portal"]
        for row in db.query(f"select portal from capture where {IS_PAGE} group by portal order by min(fetched_at)")
    ]
    unfinished = _unfinished(db)
    for portal in portals:
        yield from (page for page in _pages_of(db, portal) if (portal, page.url) not in unfinished)


def _pages_of(db: Database, portal: str) -> Iterator[Page]:
    rows = list(
        db.query(
            f"select * from capture where portal = ? and ({IS_PAGE} or {IS_ATTACHMENT}) order by fetched_at, id",
            [portal],
        )
    )
    holders = {row["id"]: row for row in rows}
    for row in rows:  # what a revisit refers to may have been fetched as something else: by the survey, as a list page
        if row["revisit_of"] and row["revisit_of"] not in holders:
            holders[row["revisit_of"]] = next(db.query("select * from capture where id = ?", [row["revisit_of"]]))
    files: dict[str, list[Row]] = {}
    pages_of: dict[str, set[str]] = {}  # a file that two pages link is fetched once and belongs to both
    own: dict[str, list[Row]] = {}
    for row in rows:
        if row["kind"] == "attachment":
            files.setdefault(row["url"], []).append(row)
            pages_of.setdefault(row["url"], set()).add(row["found_on"])
        else:
            own.setdefault(row["url"], []).append(row)
    for link in db.query("select page, url from link where portal = ? and page <> url", [portal]):
        pages_of.setdefault(link["url"], set()).add(link["page"])
    attachments: dict[str, list[Row]] = {}
    for file, on in pages_of.items():
        for page_url in on:
            attachments.setdefault(page_url, []).extend(files.get(file, []))
    county, found = county_of(db, portal), _found(db, portal)
    for url, captures in own.items():
        about = found.get(url, {})
        first = min(str(captures[0]["fetched_at"]), about.get("added_at") or "9")
        page = Page(url, portal, county, about.get("unit") or "", first, about.get("baseline_at"))
        page.showings.extend(_showings(page.url, captures, attachments.get(url, []), holders))
        if page.showings:
            yield page


def county_of(db: Database, portal: str) -> tuple[str, str]:
    """Code and name of the county of a portal, or of imported files; a portal without a code is a region of its own."""
    row = next(db.query("select id, region, region_name from portal where id = ?", [portal]), None)
    if row:
        return row["region"] or row["id"], row["region_name"]
    region, name = import_county(portal)
    known = next(db.query("select region_name from portal where region = ? and region_name <> ''", [region]), None)
    return region, name or (known["region_name"] if known else "")


def _found(db: Database, portal: str) -> dict[str, dict[str, Any]]:
    """By URL: the unit and the baseline of the column that lists a page, and when the link was first seen."""
    rows = db.query(
        "select u.url, c.unit, u.added_at, coalesce(c.baseline_at, p.baseline_at) as baseline_at from url u "
        "join portal p on p.id = u.portal left join column_page c on c.portal = u.portal and c.url = u.column_url and c.state <> 'removed' "
        "where u.portal = ? and u.kind in ('detail', 'column', 'missing') and u.spider = 'reports'",
        [portal],
    )
    return {row["url"]: row for row in rows}


def _unfinished(db: Database) -> set[tuple[str, str]]:
    """Pages whose attachments a killed crawl has still to fetch: they are built when the crawl has gone on."""
    rows = db.query(
        "select distinct page.portal, page.url from url page join url part on part.found_on = page.id "
        "where part.kind = 'attachment' and part.state = 'waiting'"
    )
    return {(row["portal"], row["url"]) for row in rows}


def _showings(
    page: str, captures: Sequence[Row], attached: Sequence[Row], holders: Mapping[str, Row]
) -> Iterator[Showing]:
    """The showings of a page, one for each run of rounds in which it showed the same documents.

    While the page's bytes stay the same, an attachment that a round could not fetch is as last seen; when they change,
    only what that round found on it belongs to it.
    """
    seen: dict[str, Member] = {}
    showing: Showing | None = None
    for number in sorted({int(row["round"]) for row in (*captures, *attached)}):
        now = [row for row in (*captures, *attached) if row["round"] == number]
        fresh = {row["url"]: Member(row["url"], row, _holder(row, holders)) for row in now}
        before, after = seen.get(page), fresh.get(page)
        changed = before is not None and after is not None and before.payload != after.payload
        seen = fresh if changed else {**seen, **fresh}
        if page in seen:
            others = sorted(url for url in seen if url != page)
            at = min(str(row["fetched_at"]) for row in now)
            members = tuple(seen[url] for url in (page, *others))
            if showing and [(m.url, m.payload) for m in showing.members] == [(m.url, m.payload) for m in members]:
                showing = replace(showing, last=at)
                continue
            if showing:
                yield showing
            showing = Showing(at, at, number, members)
    if showing:
        yield showing


def _holder(row: Row, holders: Mapping[str, Row]) -> Row:
    """The capture that holds the bytes: the row itself, or what a revisit refers to."""
    while row["revisit_of"] and row["revisit_of"] in holders:
        row = holders[row["revisit_of"]]
    return row
