"""The spider middleware that makes one transaction of everything a callback gave (reference/engineering.md)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.http import Response

from archive.warc import Unwritable

from .findings import Ended, Noted, NotReport, Spoiled, Stored
from .frontier import NOTE, Frontier
from .kept import is_conditional

UNASKED = Ended("http:304", "304 Not Modified answers a request that had no conditions", refused=True)


class Commit:
    """Spider middleware nearest to the engine: collects what a callback gave and commits it when the callback ends."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Commit:
        return cls(crawler)

    @property
    def frontier(self) -> Frontier:
        scheduler = self.crawler.engine._slot.scheduler  # type: ignore[union-attr]
        assert isinstance(scheduler, Frontier)
        return scheduler

    async def process_spider_output(self, response: Response, result: AsyncIterator[Any]) -> AsyncIterator[Any]:
        request = response.request
        if response.status == 304 and request is not None and not is_conditional(request):  # the callback is not begun
            self.frontier.finish(
                request, stored=self.frontier.spider.ended(request, UNASKED), status=304, ended=UNASKED
            )
            return
        found: list[Request] = []
        stored: list[Stored] = []
        spoiled: list[Spoiled] = []
        ended: Ended | None = None
        state, note = None, ""
        async for thing in result:
            if isinstance(thing, Request):
                found.append(thing)
            elif isinstance(thing, Ended):
                ended = thing
            elif isinstance(thing, NotReport):
                state, note = "not_report", thing.reason
            elif isinstance(thing, Noted):
                note = thing.note
            elif isinstance(thing, Spoiled):
                spoiled.append(thing)
            else:
                stored.append(thing)
        state = None if ended else state
        self.frontier.finish(response.request, found, stored, response.status, note, ended, state, spoiled)
        return
        yield  # makes this an async generator: requests are rows now and findings are stored, so nothing is passed on

    def process_spider_exception(self, response: Response, exception: Exception) -> None:
        """A callback that raised: nothing that it yielded is stored, and its row has failed."""
        if isinstance(exception, Unwritable):
            self.frontier.halt(str(exception))
        elif not isinstance(exception, CloseSpider):
            text = f"{type(exception).__name__}: {exception}"[:NOTE]
            self.frontier.finish(response.request, status=response.status, ended=Ended("error", text))
