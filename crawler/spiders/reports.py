"""The spider of reports: columns → every list page → detail pages → attachments.

Titles decide what is a report; what is none is remembered and not fetched. Nothing stops early because entries are
known: lists are not always newest first. A column is read anew at every round, details and attachments conditionally.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from scrapy import Request
from scrapy.http import Response

from archive.clock import now
from archive.identity import names_county
from extract import titles

from .. import browser
from ..absent import LooksForAbsent
from ..attachments import attachments
from ..doors import waits_for_script
from ..doubts import MIN_PROSE, doubtful, unknown_address
from ..findings import Ended, Noted, NotReport, Spoiled, Stored
from ..pages import MAX_PAGES, Entry, Link, Listing, Page
from ..refusals import MIN_SECTIONS, instead_of_file, refusal, sections
from ..wording import folders
from .base import NOTHING, PortalSpider, headers_of, prose, report_title

DETAIL, ATTACHMENT, COLUMN = 10, 20, 0  # priorities: what was found is fetched before more is looked for
MAX_FOLDERS_DEEP = 3  # 年报 → 部门年报 → 2023年 → one more
MAX_COLUMN = 2_000  # list pages of one column in a round, its folders included: 80 organs with 25 pages each


class ReportsSpider(LooksForAbsent, PortalSpider):
    """Walks the columns of its portals."""

    name = "reports"

    async def start(self) -> AsyncIterator[Any]:
        for portal in self.session.portals.values():
            for row in self.columns(portal.id):
                meta = {"portal": portal.id, "kind": "column", "column_url": row["url"], "found_on": ""}
                if row["needs_browser"] and not browser.missing():
                    meta["browser"] = True
                about = {"family": row["family"], "unit": row["unit"], "deep": 0}
                yield Request(row["url"], self.column, priority=COLUMN, meta=meta, cb_kwargs=about)

    def columns(self, portal: str) -> list[dict[str, Any]]:
        """The columns of a portal that are to be read."""
        return list(
            self.session.db.query(
                "select url, unit, family, needs_browser from column_page where portal = ? and state in ('found', 'confirmed')",
                [portal],
            )
        )

    async def column(self, response: Response, family: str, unit: str, deep: int, index: int = 0) -> AsyncIterator[Any]:
        """A list page: its entries that are reports, its further pages and folders, and a row that says what it showed."""
        request, meta = response.request, response.meta
        assert request is not None
        if instead := self.index_of(response, index):
            kept = {"family": family, "unit": unit, "deep": deep, "index": index + 1}
            yield Request(instead, self.column, priority=COLUMN, meta=same(response), cb_kwargs=kept)
            return
        page = self.read(response)
        if isinstance(page, Ended):
            yield self.check(request, 0, 0, page.reason)
            yield page
            return
        listing = self.listing(page, family)
        below = folders(page, bool(unit)) if deep < MAX_FOLDERS_DEEP else []
        itself = report_title(page)
        if waits_for_script(page) and not (listing.entries or listing.further or itself):
            for item in self.unbuilt(request, waits_for_script(page)):
                yield item
            return
        elsewhere = {link.url for link in below} | {fetch.url for fetch in listing.further}
        listing = replace(listing, entries=tuple(entry for entry in listing.entries if entry.url not in elsewhere))
        reports = [entry for entry in listing.entries if entry.is_report]
        shown = "\n".join(entry.url for entry in reports)
        digest = hashlib.sha256(shown.encode()).hexdigest()[:16] if shown else ""
        if digest and self.shown_before(meta, digest):
            listing = replace(listing, further=())
        yield self.check(request, len(listing.entries) + bool(itself), len(reports) + bool(itself), digest=digest)
        if itself:
            yield self.link(response, Link(response.url, itself))
            for link in attachments(page):
                yield self.link(response, link)
                yield self.attachment_request(link.url, link.text, response)
        for item in self.entries(listing, meta, response.url, unit):
            yield item
        onward = self.unknown(self.onward(response, listing, below, family, unit, deep), meta)
        room = max(self.room(meta), 0) if onward else 0
        for request in onward[:room]:
            yield request
        if len(onward) > room:
            yield Ended("cut", f"the list goes on beyond {MAX_PAGES} pages, or the column beyond {MAX_COLUMN}")

    def onward(
        self, response: Response, listing: Listing, below: Sequence[Link], family: str, unit: str, deep: int
    ) -> list[Request]:
        """The further pages of a list, and the folders of its column."""
        meta = response.meta
        about = {"portal": meta["portal"], "kind": "column", "column_url": meta["column_url"], "found_on": response.url}
        kept = {"family": family, "unit": unit}
        pages = [self.fetch(each, response, self.column, about, **kept, deep=deep) for each in listing.further]
        inside = [
            Request(each.url, self.column, priority=COLUMN, meta={**about, "link_text": each.text},
                    cb_kwargs={**kept, "deep": deep + 1})
            for each in below
        ]  # fmt: skip
        return [*inside, *pages]

    def unknown(self, requests: Sequence[Request], meta: dict[str, Any]) -> list[Request]:
        """The requests for list pages that this round does not have yet."""
        round_ = self.session.portals[meta["portal"]].round
        rows = self.session.db.query(
            "select url from url where portal = ? and column_url = ? and round = ? and kind = 'column'",
            [meta["portal"], meta["column_url"], round_],
        )
        known = {row["url"] for row in rows}
        return [request for request in requests if request.body or request.url not in known]

    def unbuilt(self, request: Request, why: str) -> Iterator[Any]:
        """A list that a script would build: what is missing to read it, and that it is to be opened in a browser."""
        meta = request.meta
        lacking = browser.missing()
        what = "opened in a browser, it has no rows with addresses" if meta.get("browser") else "it needs a browser"
        reason = f"{why}; {what}" + (f": {lacking}" if lacking else "")
        yield self.check(request, 0, 0, reason)
        if request.url == meta["column_url"]:
            yield Stored(
                "column_page", {"portal": meta["portal"], "url": request.url, "needs_browser": why, "found_at": now()},
                ("portal", "url"), keep=True, renew=("needs_browser",),
            )  # fmt: skip
        yield Ended("needs_browser", reason)

    def entries(
        self, listing: Listing, meta: dict[str, Any], found_on: str, unit: str, deep: int = 0
    ) -> Iterator[Request]:
        """A request for each entry that is a report, or may be; the others are remembered with what they are."""
        portal = self.session.portals[meta["portal"]]
        elsewhere = not unit and not portal.owns(found_on)  # a city's list holds the reports of all its counties
        for entry in listing.entries:
            if not entry.is_report or (entry.is_cut and self.known_as_none(entry, meta)):
                yield self.detail_request(entry, meta, found_on, remember="not_report")
            elif elsewhere and not names_county(portal.region_name, entry.title):
                yield self.detail_request(entry, meta, found_on, remember="other_county")
            elif self.wanted(entry):
                yield self.detail_request(entry, meta, found_on, unit=unit, deep=deep)

    def known_as_none(self, entry: Entry, meta: dict[str, Any]) -> bool:
        """Whether a page whose title the list cuts was fetched in an earlier round under the same words, and is no report."""
        rows = self.session.db.query(
            "select 1 from url where portal = ? and url = ? and link_text = ? and state = 'not_report' limit 1",
            [meta["portal"], entry.url, entry.title],
        )
        return next(rows, None) is not None

    def wanted(self, entry: Entry) -> bool:
        """Whether an entry's year is asked for; one whose title is cut is fetched, and its page decides."""
        parsed = titles.parse(entry.title)
        return self.session.years is None or parsed is None or parsed.year in self.session.years

    def shown_before(self, meta: dict[str, Any], digest: str) -> bool:
        """Whether a list page shows just what another page of the column showed in this round: a pager without an end."""
        rows = self.session.db.query(
            "select 1 from column_check where portal = ? and column_url = ? and round = ? and digest = ? and page <> ? limit 1",
            [meta["portal"], meta["column_url"], self.session.portals[meta["portal"]].round, digest, meta["row_url"]],
        )
        return next(rows, None) is not None

    def room(self, meta: dict[str, Any]) -> int:
        """How many more list pages of a column may be asked for in this round: so many for each of its folders."""
        round_ = self.session.portals[meta["portal"]].round
        count = self.session.db.query(
            "select count(*) as pages, sum(link_text <> '') as folders from url "
            "where portal = ? and column_url = ? and round = ? and kind = 'column'",
            [meta["portal"], meta["column_url"], round_],
        )
        known = next(count)
        return min(MAX_PAGES * (1 + (known["folders"] or 0)), MAX_COLUMN) - int(known["pages"])

    def detail_request(
        self, entry: Entry, meta: dict[str, Any], found_on: str, remember: str = "", unit: str = "", deep: int = 0
    ) -> Request:
        about = {
            "portal": meta["portal"],
            "kind": "detail",
            "column_url": meta["column_url"],
            "found_on": found_on,
            "link_text": entry.title,
            "stated_date": entry.date,
            "remember": remember,
        }
        return Request(entry.url, self.detail, priority=DETAIL, meta=about, cb_kwargs={"unit": unit, "deep": deep})

    async def detail(self, response: Response, unit: str = "", deep: int = 0, index: int = 0) -> AsyncIterator[Any]:
        """A detail page: its attachments. What it says of itself is read by `build`."""
        if response.status == 304:
            for row in self.attached(response):
                yield self.attachment_request(row["url"], row["text"], response)
            for request in self.entries(self.beneath(response), response.meta, response.url, unit, deep + 1):
                yield request
            return
        if response.body[:1024].lstrip().startswith((b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
            return  # the list links the file itself
        if instead := self.index_of(response, index):
            kept = {"unit": unit, "deep": deep, "index": index + 1}
            yield Request(instead, self.detail, priority=DETAIL, meta=same(response), cb_kwargs=kept)
            return
        page = self.read(response)
        if isinstance(page, Ended):
            yield page
            return
        files = list(attachments(page))
        if not files and sections(page) < MIN_SECTIONS and (script := waits_for_script(page)):
            yield Ended("needs_browser", script, refused=True)
            return
        if not report_title(page):
            several = [link for link in files if (title := titles.parse(link.text)) and title.unit]
            files = [link for link in files if link not in several] if len(several) > 1 else files
            listed = [Entry(link.url, link.text) for link in several] if len(several) > 1 else []
            none, found = self.no_report(response, page, listed, bool(files), unit, deep)
            for request in found:
                yield request
            if none:
                said = {"portal": response.meta["portal"], "reason": none}
                self.session.recorder.note(response.url, "not-a-report", said)
                yield NotReport(none)
                return
            if not files and (note := doubtful(page)):
                for item in self.doubt(response, note):
                    yield item
                return
        for link in files:
            yield self.link(response, link)
            yield self.attachment_request(link.url, link.text, response)

    def no_report(
        self, response: Response, page: Page, listed: Sequence[Entry], files: bool, unit: str, deep: int
    ) -> tuple[str, list[Request]]:
        """Of a page that does not look like a report: why it is none (empty where it may be), and what it leads to.

        A folder by a report's name lists others; a year in a menu may have nothing; a list may have cut the title.
        """
        meta, listing = response.meta, self.listing(page, "")
        named = [entry for entry in listing.entries if entry.is_named and entry.url != response.url]
        others = tuple(dict.fromkeys([*named, *listed]))
        title = titles.parse(page.title)
        found: list[Request] = []
        if others and deep < MAX_FOLDERS_DEEP and self.session.portals[meta["portal"]].reads(response.url):
            found = list(self.entries(Listing(others), meta, response.url, unit, deep + 1))
            if title is None or not title.unit:
                onward = self.unknown(self.onward(response, listing, folders(page), "", unit, deep + 1), meta)
                found += onward[: max(self.room(meta), 0)]
        several = len({(parsed.unit, parsed.year) for entry in others if (parsed := titles.parse(entry.title))}) > 1
        if others and not files and (title is None or not title.unit) and (several or prose(page) < MIN_PROSE):
            return f"a list of {len(others)} reports", found
        if titles.parse(meta.get("link_text", "")) is None and (not files or NOTHING.search(page.source)):
            said = page.title
            return ("titled like a report, but without one" if title else f"its title is {said!r}"), found
        return "", found

    def doubt(self, response: Response, note: str) -> Iterator[Any]:
        """A page under a report's title with nothing of a report: another one like it, or an address that nobody
        published, tells whether the portal answers so to everything.
        """
        meta = response.meta
        twins = self.noted(meta["portal"], note, response.url)
        if twins:
            reason = "the same page answers to other addresses too, with status 200"
            yield from (Spoiled(url, "soft-404", reason) for url in twins)
            yield Ended("soft-404", reason, refused=True)
            return
        yield Noted(note)
        portal = self.session.portals[meta["portal"]]
        asked = self.session.db.query(
            "select 1 from url where portal = ? and kind = 'probe' and round = ? limit 1", [portal.id, portal.round]
        )
        if portal.reads(response.url) and next(asked, None) is None:
            url = unknown_address(response.url, f"{portal.id} {portal.round}")
            about = {"portal": portal.id, "kind": "probe", "column_url": meta["column_url"], "found_on": response.url}
            yield Request(url, self.probe, priority=DETAIL, meta=about)

    async def probe(self, response: Response) -> AsyncIterator[Any]:
        """What answers to an address that nobody published; pages that say just that are none."""
        page = self.read(response)
        if isinstance(page, Page) and (note := doubtful(page)):
            reason = "the portal answers so to any address, with status 200"
            for url in self.noted(response.meta["portal"], note, response.url):
                yield Spoiled(url, "soft-404", reason)

    def noted(self, portal: str, note: str, but: str) -> list[str]:
        """The other details of this round whose pages have this note."""
        rows = self.session.db.query(
            "select url from url where portal = ? and round = ? and kind = 'detail' and note = ? and url <> ?",
            [portal, self.session.portals[portal].round, note, but],
        )
        return [row["url"] for row in rows]

    def link(self, response: Response, link: Link) -> Stored:
        """The row that says that a page links a file: a file that two pages link is fetched once and belongs to both."""
        portal = response.meta["portal"]
        round_ = self.session.portals[portal].round
        values = {"portal": portal, "page": response.url, "url": link.url, "text": link.text, "round": round_}
        self.session.recorder.note(response.url, "links", values)
        return Stored("link", values, ("portal", "page", "url"))

    def attached(self, response: Response) -> Iterator[dict[str, Any]]:
        """The attachments that an unchanged page had: they are looked at again, because files change under a page."""
        yield from list(
            self.session.db.query(
                "select url, text from link where portal = ? and page = ?", [response.meta["portal"], response.url]
            )
        )

    def beneath(self, response: Response) -> Listing:
        """The reports that an unchanged page led to, and no list does: they are still listed by it."""
        rows = self.session.db.query(
            "select url, link_text, stated_date from url where portal = ? and found_on = ? and kind = 'detail' and spider = ? and url <> ?",
            [response.meta["portal"], response.meta["row"], self.name, response.url],
        )
        return Listing(tuple(Entry(row["url"], row["link_text"], row["stated_date"]) for row in list(rows)))

    def attachment_request(self, url: str, text: str, response: Response) -> Request:
        meta = {
            "portal": response.meta["portal"],
            "kind": "attachment",
            "column_url": response.meta.get("column_url", ""),
            "found_on": response.url,
            "link_text": text,
        }
        return Request(url, self.attachment, priority=ATTACHMENT, meta=meta, headers={"Referer": response.url})

    async def attachment(self, response: Response) -> AsyncIterator[Any]:
        """A file, by its bytes; a page or a message in its place (captcha, login, error) is a refusal."""
        if response.status == 304:
            return
        said = refusal(response.status, headers_of(response), response.body) or instead_of_file(response.body)
        if said:
            yield Ended(said.kind, said.reason, refused=True)

    def check(self, request: Request, entries: int, reports: int, failed: str = "", digest: str = "") -> Stored:
        """The row that says that a list page was read, or was not; also in the WARC, for a rebuild."""
        meta = request.meta
        values = {
            "portal": meta["portal"],
            "column_url": meta["column_url"],
            "page": meta.get("row_url", request.url),
            "checked_at": now(),
            "round": self.session.portals[meta["portal"]].round,
            "entries": entries,
            "reports": reports,
            "digest": digest,
            "ok": int(not failed),
            "note": failed,
        }
        self.session.recorder.note(values["page"], "column-check", values)
        return Stored("column_check", values, ("portal", "column_url", "page", "checked_at"))

    def ended(self, request: Request, ended: Ended) -> Iterable[Stored]:
        """A list page that could not be fetched is a check that failed."""
        return [self.check(request, 0, 0, ended.reason)] if request.meta["kind"] == "column" else []


def same(response: Response) -> dict[str, Any]:
    """What is known of an address that is asked for in another way: the index page of a directory."""
    names = ("portal", "kind", "column_url", "found_on", "link_text", "stated_date")
    return {name: response.meta[name] for name in names if name in response.meta}
