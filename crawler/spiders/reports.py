"""The spider of reports: columns → every list page → detail pages → attachments.

Titles decide what is a report; what is none is remembered and not fetched. Nothing stops early because entries are
known: lists are not always newest first. A column is read anew at every round, details and attachments conditionally.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Iterable, Iterator
from typing import Any

from scrapy import Request
from scrapy.http import Response

from archive.clock import now
from extract import titles

from ..families import all_families
from ..findings import Ended, Stored
from ..pages import MAX_PAGES, Entry, Link, attachments
from .base import PortalSpider, headers_of

DETAIL, ATTACHMENT, COLUMN = 10, 20, 0  # priorities: what was found is fetched before more is looked for


class ReportsSpider(PortalSpider):
    """Walks the columns of its portals."""

    name = "reports"

    async def start(self) -> AsyncIterator[Any]:
        for portal in self.session.portals.values():
            for row in self.columns(portal.id):
                yield self.column_request(row["url"], portal.id, row["url"], row["family"])

    def columns(self, portal: str) -> list[dict[str, Any]]:
        """The columns of a portal that are to be read."""
        return list(
            self.session.db.query(
                "select url, family from column_page where portal = ? and state <> 'removed'", [portal]
            )
        )

    def column_request(self, url: str, portal: str, column: str, family: str, found_on: str = "") -> Request:
        meta = {"portal": portal, "kind": "column", "column_url": column, "found_on": found_on}
        return Request(url, self.column, priority=COLUMN, meta=meta, cb_kwargs={"family": family})

    async def column(self, response: Response, family: str) -> AsyncIterator[Any]:
        """A list page: its entries that are reports, its further pages, and a row that says what it showed."""
        request, meta = response.request, response.meta
        assert request is not None
        page = self.read(response)
        if isinstance(page, Ended):
            yield self.check(request, 0, 0, page.reason)
            yield page
            return
        listing = all_families()[family].listing(page)
        reports = [entry for entry in listing.entries if entry.is_report]
        digest = hashlib.sha256("\n".join(entry.url for entry in listing.entries).encode()).hexdigest()[:16]
        repeats = bool(listing.entries) and self.shown_before(meta, digest)
        yield self.check(request, len(listing.entries), len(reports), digest=digest)
        for entry in listing.entries:
            if not entry.is_report:
                yield self.detail_request(entry, meta, response.url, remember="not_report")
            elif self.wanted(entry):
                yield self.detail_request(entry, meta, response.url)
        if not repeats and self.pages_read(meta) < MAX_PAGES:
            for url in listing.further:
                yield self.column_request(url, meta["portal"], meta["column_url"], family, response.url)

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

    def pages_read(self, meta: dict[str, Any]) -> int:
        round_ = self.session.portals[meta["portal"]].round
        count = self.session.db.query(
            "select count(*) as n from column_check where portal = ? and column_url = ? and round = ?",
            [meta["portal"], meta["column_url"], round_],
        )
        return int(next(count)["n"])

    def detail_request(self, entry: Entry, meta: dict[str, Any], found_on: str, remember: str = "") -> Request:
        about = {
            "portal": meta["portal"],
            "kind": "detail",
            "column_url": meta["column_url"],
            "found_on": found_on,
            "link_text": entry.title,
            "stated_date": entry.date,
            "remember": remember,
        }
        return Request(entry.url, self.detail, priority=DETAIL, meta=about)

    async def detail(self, response: Response) -> AsyncIterator[Any]:
        """A detail page: its attachments. What it says of itself is read by `build`."""
        if response.status == 304:
            for row in self.attached(response):
                yield self.attachment_request(row["url"], row["text"], response)
            return
        if response.body[:1024].lstrip().startswith((b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
            return  # the list links the file itself
        page = self.read(response)
        if isinstance(page, Ended):
            yield page
            return
        for link in attachments(page):
            yield self.link(response, link)
            yield self.attachment_request(link.url, link.text, response)

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
        """A file; a page in its place (captcha, login, error) is a refusal."""
        if response.status == 304:
            return
        if "text/html" in headers_of(response).get("content-type", "") or response.status != 200:
            page = self.read(response)
            yield page if isinstance(page, Ended) else Ended("not-a-file", "an HTML page answers instead of the file")

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
