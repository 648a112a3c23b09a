"""The spider middleware that makes one transaction of everything a callback gave (reference/engineering.md)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.http import Response

from archive.warc import Unwritable

from .findings import Ended, NotReport, Stored
from .frontier import NOTE, Frontier


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
        found: list[Request] = []
        stored: list[Stored] = []
        ended: Ended | None = None
        state, note = None, ""
        async for thing in result:
            if isinstance(thing, Request):
                found.append(thing)
            elif isinstance(thing, Ended):
                ended = thing
            elif isinstance(thing, NotReport):
                state, note = "not_report", thing.reason
            else:
                stored.append(thing)
        self.frontier.finish(response.request, found, stored, response.status, note, ended, None if ended else state)
        return
        yield  # makes this an async generator: requests are rows now and findings are stored, so nothing is passed on

    def process_spider_exception(self, response: Response, exception: Exception) -> None:
        """A callback that raised: nothing that it yielded is stored, and its row has failed."""
        if isinstance(exception, Unwritable):
            self.frontier.halt(str(exception))
        elif not isinstance(exception, CloseSpider):
            text = f"{type(exception).__name__}: {exception}"[:NOTE]
            self.frontier.finish(response.request, status=response.status, ended=Ended("error", text))
