"""Which captures belong together: a detail page and its attachments are one page, seen again at every round.

Works on captures alone, so that a rebuild from the WARC gives the same. Times are those of the captures.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlite_utils import Database

Row = Mapping[str, Any]
IS_PAGE = "status in (200, 304) and kind in ('detail', 'file')"  # a detail page of a portal, an imported file
IS_ATTACHMENT = "status in (200, 304) and kind = 'attachment'"


@dataclass(frozen=True, slots=True)
class Member:
    """A document of a page: the URL, the capture that showed it, the capture that holds its bytes."""

    url: str
    capture: Row
    holder: Row

    @property
    def payload(self) -> str:
        return str(self.holder["sha256"])


@dataclass(frozen=True, slots=True)
class Showing:
    """What a page and its attachments showed from `at` to `last`, the page itself first; rounds alike are one showing."""

    page: str
    portal: str
    at: str
    last: str
    members: tuple[Member, ...]


@dataclass(slots=True)
class Page:
    """A page with all its showings, in time order, and the captures they rest on."""

    url: str
    portal: str
    showings: list[Showing] = field(default_factory=list)

    def inputs(self) -> str:
        """What the result depends on; a page whose inputs are unchanged is not built again."""
        return "\n".join(f"{s.at} " + " ".join(member.payload for member in s.members) for s in self.showings)


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
    attachments: dict[str, list[Row]] = {}
    own: dict[str, list[Row]] = {}
    for row in rows:
        if row["kind"] == "attachment":
            attachments.setdefault(row["found_on"], []).append(row)
        else:
            own.setdefault(row["url"], []).append(row)
    for url, captures in own.items():
        page = Page(url, portal)
        page.showings.extend(_showings(page, captures, attachments.get(url, []), holders))
        if page.showings:
            yield page


def _unfinished(db: Database) -> set[tuple[str, str]]:
    """Pages whose attachments a killed crawl has still to fetch: they are built when the crawl has gone on."""
    rows = db.query(
        "select distinct page.portal, page.url from url page join url part on part.found_on = page.id "
        "where part.kind = 'attachment' and part.state = 'waiting'"
    )
    return {(row["portal"], row["url"]) for row in rows}


def _showings(
    page: Page, captures: Sequence[Row], attached: Sequence[Row], holders: Mapping[str, Row]
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
        before, after = seen.get(page.url), fresh.get(page.url)
        changed = before is not None and after is not None and before.payload != after.payload
        seen = fresh if changed else {**seen, **fresh}
        if page.url in seen:
            others = sorted(url for url in seen if url != page.url)
            at = min(str(row["fetched_at"]) for row in now)
            members = tuple(seen[url] for url in (page.url, *others))
            if showing and [(m.url, m.payload) for m in showing.members] == [(m.url, m.payload) for m in members]:
                showing = replace(showing, last=at)
                continue
            if showing:
                yield showing
            showing = Showing(page.url, page.portal, at, at, members)
    if showing:
        yield showing


def _holder(row: Row, holders: Mapping[str, Row]) -> Row:
    """The capture that holds the bytes: the row itself, or what a revisit refers to."""
    while row["revisit_of"] and row["revisit_of"] in holders:
        row = holders[row["revisit_of"]]
    return row
