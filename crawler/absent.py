"""Reports that a list does not name any more: their own pages are looked at before anything is said of them.

When all lists of a round have been read, each page that its column named in an earlier round and not in this one is asked
for. Its answer is a capture of kind `missing`, which `archive.absences` reads: gone, moved on, or still there.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider
from scrapy.http import Response

from archive.absences import unlisted

from .findings import Ended

if TYPE_CHECKING:
    from .spiders.base import PortalSpider
else:
    PortalSpider = object  # what this is mixed into: no spider of its own

ABSENT = -10  # priority: after everything that is listed
GONE = "gone"


class LooksForAbsent(PortalSpider):
    """For a spider of lists: looks after the pages that they have lost."""

    looked = False

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Any:
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.look, signals.spider_idle)
        return spider

    def look(self) -> None:
        """Ask for what is missing, once, when nothing else is to be done."""
        engine: Any = self.crawler.engine
        if self.looked or self.session.halted or engine._slot.scheduler.has_pending_requests():
            return
        self.looked = True
        requests = [request for portal in self.session.portals for request in self.missing(portal)]
        for request in requests:
            engine.crawl(request)
        if requests:
            raise DontCloseSpider

    def missing(self, portal: str) -> list[Request]:
        """The requests for a portal's pages that this round did not list."""
        known = self.session.portals[portal]
        if self.session.years is not None or self.is_unread(portal):
            return []
        rows = unlisted(self.session.db, portal, known.round)
        return [
            Request(
                row["url"],
                self.absent,
                priority=ABSENT,
                meta={
                    "portal": portal,
                    "kind": "missing",
                    "column_url": row["column_url"],
                    "found_on": row["column_url"],
                },
            )
            for row in rows
        ]

    def is_unread(self, portal: str) -> bool:
        """Whether lists of a portal still wait: for a host that rests, for the night, for another run's budget."""
        rows = self.session.db.query(
            "select 1 from url where portal = ? and spider = ? and kind = 'column' and state = 'waiting' limit 1",
            [portal, self.name],
        )
        return next(rows, None) is not None

    async def absent(self, response: Response) -> AsyncIterator[Any]:
        """The page of a report that is not listed: that it is gone is no failure, but what may be."""
        media = (response.headers.get("Content-Type") or b"html").lower()
        if response.status == 304 or (response.status == 200 and b"html" not in media):
            return  # it is there, or a file
        page = self.read(response)
        if isinstance(page, Ended) and page.kind != GONE:
            yield page
