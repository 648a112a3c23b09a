"""The survey: from a portal's home page to its family, its 年报 columns, its units and its name.

The way leads by link texts, then slugs (crawler.wording). A page is a column by the standard meta tag ColumnType =
信息公开年报, by listing annual reports, by being one itself, or by what its family knows. What was called a column and is
none is remembered with the reason; what only a script or a folder shows is looked into before it is decided.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

from scrapy import Request
from scrapy.http import Response

from archive.clock import now
from archive.identity import alike, unit
from extract import titles

from .. import naming, wording
from ..doors import onward, waits_for_script
from ..findings import Ended, Stored
from ..pages import Link, Listing, Page
from ..wording import Role
from .base import PortalSpider, report_title

MAX_ABROAD = 60  # of these on hosts that are not the portal's: the city's, departments with sites of their own
MAX_DEPTH = 7  # home → 政务公开 → 部门 → organ → 政府信息公开 → 年报 → folder → list
MAX_PAGES = 600  # pages of one portal in one survey: 100 organs with five each, and the way there
MIN_REPORTS = 3  # entries that are reports: fewer on a page that is called otherwise are news that mention one
MAX_NOTICES = 5  # pages of a list of notices that are looked through for reports filed there

FEW_LINKS = 5  # a page with fewer that leads on by a frame, a refresh or a script is only a door
MAX_PEEKS = 2  # further pages looked into where a column's own page lists nothing: a page may fill two boxes by script

_LOOKED_INTO = (Role.COLUMN, Role.FOLDER, Role.LIST)


@dataclass(frozen=True, slots=True)
class Step:
    """Where a request of the survey stands: how deep, by what kind of link, for which unit.

    `top`: the column that a folder or list belongs to, and `title` what it is called; `notices`: pages of a list of
    notices read so far; `index`: index pages tried in place of a directory that is refused.
    """

    depth: int = 0
    role: str = Role.HOME
    unit: str = ""
    top: str = ""
    title: str = ""
    family: str = ""
    county: str = ""
    notices: int = 0
    index: int = 0


@dataclass(frozen=True, slots=True)
class Finding:
    """What a page was found to be: a column, with the evidence, or none, with the reason (both empty: just a page)."""

    evidence: str = ""
    reason: str = ""
    needs_browser: str = ""


class SurveySpider(PortalSpider):
    """Walks from home pages along the links that lead to annual reports."""

    name = "survey"

    async def start(self) -> AsyncIterator[Any]:
        for portal in self.session.portals.values():
            yield self.request(Link(portal.home, ""), portal.id, Step(), "")
            row = next(self.session.db.query("select report_url from portal where id = ?", [portal.id]))
            if row["report_url"]:
                step = Step(depth=1, role=Role.WAY, county=portal.region_name)
                yield self.request(Link(row["report_url"], ""), portal.id, step, "")

    def request(self, link: Link, portal: str, step: Step, found_on: str) -> Request:
        meta = {"portal": portal, "kind": "survey", "found_on": found_on, "link_text": link.text}
        return Request(link.url, self.walk, priority=-step.depth, meta=meta, cb_kwargs={"step": asdict(step)})

    async def walk(self, response: Response, step: dict[str, Any]) -> AsyncIterator[Any]:
        """One page of the way: what it is, and where it leads."""
        at = Step(**step)
        if index := self.index_of(response, at.index):
            meta = response.meta
            yield self.request(
                Link(index, meta["link_text"]), meta["portal"], replace(at, index=at.index + 1), meta["found_on"]
            )
            return
        page = self.read(response)
        if isinstance(page, Ended):
            yield page
            return
        portal = response.meta["portal"]
        if at.role == Role.HOME:
            at = replace(at, county=naming.name_portal(self.session.db, portal, page.head))
        family, listing = self.family(page, at.family), self.listing(page, at.family)
        found = self.judge(page, listing, at)
        at = replace(
            at, family=family.name, title=at.title or page.head.get("column", "") or response.meta["link_text"]
        )
        if found.evidence:
            yield self.column(portal, page, listing, found, at)
        elif found.reason:
            yield self.rejected(response, at, found.reason)
        room = MAX_PAGES - self.pages_known(portal)
        abroad = MAX_ABROAD - self.pages_known(portal, abroad=True)
        for item in self.onward(response, page, listing, at, found):
            if isinstance(item, Request):
                room -= 1
                abroad -= not self.session.portals[portal].owns(item.url)
            if room >= 0 and abroad >= 0:
                yield item
        if room < 0 or abroad < 0:
            yield Ended(
                "cut", f"the survey goes no further than {MAX_PAGES} pages, {MAX_ABROAD} of them on other hosts"
            )

    # what a page is

    def judge(self, page: Page, listing: Listing, at: Step) -> Finding:
        """Whether the page is a column of annual reports, or shows that the column it belongs to is one."""
        named = sum(1 for entry in listing.entries if entry.is_named)
        declared = page.head.get("column_type") == "信息公开年报"
        called = at.role in _LOOKED_INTO or (declared and not page.head.get("date"))
        if named and (called or at.unit):
            return Finding("ColumnType 信息公开年报" if declared else _counted(named))
        if named and at.role == Role.NOTICES:
            return Finding(f"{_counted(named)}, filed under {at.title or '通知公告'}")
        if named >= MIN_REPORTS and not any(
            wording.role(link.text, link.url) == Role.COLUMN for _, link in page.links()
        ):
            return Finding(_counted(named))
        if (called or at.unit) and (title := report_title(page)):
            return Finding(f"the page is itself a report: {title}")
        if listing.says:
            return Finding(listing.says)
        if called and waits_for_script(page) and not listing.entries and not listing.further:
            return Finding(f"needs a browser: {waits_for_script(page)}", needs_browser=waits_for_script(page))
        if not called or listing.further or wording.folders(page, bool(at.unit)) or self.organs(page, at):
            return Finding()
        if declared and not listing.entries:
            return Finding("ColumnType 信息公开年报, nothing listed yet")
        what = (
            f"{len(listing.entries)} entries, none of them an annual report"
            if listing.entries
            else "no list on the page"
        )
        return Finding(reason=f"called {at.title or page.head.get('column', '') or '年报'}, but: {what}")

    def column(self, portal: str, page: Page, listing: Listing, found: Finding, at: Step) -> Stored:
        """The row of a column, with its evidence. Of a folder or a further page: that of the column it belongs to."""
        values = {
            "portal": portal,
            "url": at.top or page.url,
            "unit": at.unit if _may_be_of(at.unit, listing, at.county) else "",
            "title": at.title,
            "family": at.family,
            "evidence": found.evidence,
            "needs_browser": found.needs_browser,
            "found_at": now(),
            "seen_round": self.session.portals[portal].round,
        }
        return Stored("column_page", values, ("portal", "url"), keep=True, renew=("seen_round", "needs_browser"))

    def rejected(self, response: Response, at: Step, reason: str) -> Stored:
        """What was called a column and is none, with the reason, for a person to read."""
        values = {
            "portal": response.meta["portal"],
            "url": response.url,
            "title": at.title,
            "reason": reason,
            "found_on": response.meta.get("found_on", ""),
            "at": now(),
        }
        return Stored("rejected", values, ("portal", "url"))

    # where it leads

    def onward(self, response: Response, page: Page, listing: Listing, at: Step, found: Finding) -> Iterator[Any]:
        """The requests that a page gives rise to, and the units that it lists."""
        if at.depth >= MAX_DEPTH:
            return
        portal = response.meta["portal"]
        below = replace(at, depth=at.depth + 1, top="", title="")
        called = at.role in _LOOKED_INTO or page.head.get("column_type") == "信息公开年报"
        if called and not found.evidence and not found.reason:
            yield from self.into(response, page, listing, at)
        if at.role == Role.NOTICES and not found.evidence and at.notices < MAX_NOTICES:
            for fetch in listing.further[:1]:
                yield self.fetch(
                    fetch, response, self.walk, self.meta(response), step=asdict(replace(at, notices=at.notices + 1))
                )
        inside = {link.url for link in wording.folders(page, bool(at.unit))} if called else set()
        if at.role in (Role.HOME, Role.WAY, Role.UNITS, Role.ORGAN):
            for link in onward(page) if len(page.own_paths) < FEW_LINKS else ():
                if self.session.portals[portal].owns(link.url):
                    yield self.request(link, portal, replace(at, depth=at.depth + 1), response.url)
        for _, link in page.links():
            role = wording.role(link.text, link.url)
            if found.evidence and wording.is_more(link.text):
                role = Role.COLUMN
            if role and link.url not in inside and self.follows(portal, page, link, role, at, called):
                yield self.request(link, portal, replace(below, role=role), response.url)
        if naming.is_own(self.session, portal, page):
            for name, link in self.organs(page, at):
                yield naming.unit_row(self.session.db, portal, name, link.url)
                yield self.request(link, portal, replace(below, role=Role.ORGAN, unit=name), response.url)

    def organs(self, page: Page, at: Step) -> list[tuple[str, Link]]:
        """The organs that a page on the way, a list of organs, or a column leads to."""
        if at.role not in (Role.WAY, Role.UNITS, Role.COLUMN) or at.unit:
            return []
        return wording.organs(page, at.county, 1 if at.role == Role.UNITS else wording.MIN_ORGANS)

    def into(self, response: Response, page: Page, listing: Listing, at: Step) -> Iterator[Request]:
        """What a page that is called a column holds elsewhere: the first of its further pages, and its folders."""
        inside = replace(at, depth=at.depth + 1, top=at.top or page.url)
        if not any(entry.is_named for entry in listing.entries):
            for fetch in listing.further[:MAX_PEEKS]:
                yield self.fetch(
                    fetch, response, self.walk, self.meta(response), step=asdict(replace(inside, role=Role.LIST))
                )
        for link in wording.folders(page, bool(at.unit)):
            yield self.request(link, response.meta["portal"], replace(inside, role=Role.FOLDER), response.url)

    def meta(self, response: Response) -> dict[str, Any]:
        about = {"portal": response.meta["portal"], "kind": "survey", "found_on": response.url}
        return {**about, "link_text": response.meta["link_text"]}

    def follows(self, portal: str, page: Page, link: Link, role: Role, at: Step, called: bool) -> bool:
        """Whether a link is worth a request: not back up from an organ's page, and elsewhere only for a column."""
        if role == Role.NOTICES and (at.depth > 1 or at.unit):
            return False
        if role == Role.UNITS and (at.unit or called):
            return False
        if not self.session.portals[portal].owns(link.url):
            if not naming.is_own(self.session, portal, page):
                return role == Role.COLUMN and page.on_host(link.url)
            return role == Role.COLUMN or (role == Role.WAY and (at.role == Role.HOME or bool(at.unit)))
        return True

    def pages_known(self, portal: str, abroad: bool = False) -> int:
        """The pages of this survey, read or waiting; or those on hosts that are not the portal's."""
        known = self.session.portals[portal]
        rows = self.session.db.query(
            "select host, count(*) as n from url where portal = ? and spider = 'survey' and round = ? group by host",
            [portal, known.round],
        )
        return sum(row["n"] for row in rows if not (abroad and known.owns(f"http://{row['host']}/")))


def _counted(named: int) -> str:
    return f"{named} entries are annual reports" if named > 1 else "1 entry is an annual report"


def _may_be_of(name: str, listing: Listing, county: str) -> bool:
    """Whether a list can be an organ's own: its titles do not name several other organs."""
    own = unit("", county, name) if name else None
    said = {title.unit for entry in listing.entries if (title := titles.parse(entry.title)) and title.unit}
    others = {
        made.name for each in said if (made := unit("", county, each)) and not (own and alike(made.name, own.name))
    }
    return own is None or len(others) < 2
