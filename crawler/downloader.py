"""The way to the network: a slot for each address, the last look before a request is sent, and TLS that old servers speak.

Scrapy's downloader keys its slots by host name; here hosts on one address share a slot, so that the portals of a city on
one platform are asked one at a time, at the longest of their delays.
"""

from __future__ import annotations

from time import monotonic
from typing import Any

from scrapy import Request
from scrapy.core.downloader import Downloader, Slot
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadConnectionRefusedError, DownloadTimeoutError
from scrapy.http import Response
from scrapy.utils.httpobj import urlparse_cached

from . import tls
from .manners import ELSEWHERE, PrivateAddress
from .politeness import NotAllowed
from .session import session_of


class PoliteDownloader(Downloader):
    """Every request comes by here last: robots.txt, redirects and retries too."""

    async def _enqueue_request(self, request: Request) -> Response:
        session = session_of(self.crawler)
        portal, host = session.portals[request.meta["portal"]], urlparse_cached(request).hostname or ""
        try:
            address = await session.manners.address(host, portal.allow_private)
        except PrivateAddress as error:
            raise NotAllowed(str(error)) from error
        own = portal.reads(request.url)
        session.manners.slower(address, host, portal.delay if own else max(portal.delay, ELSEWHERE))
        request.meta[self.DOWNLOAD_SLOT] = address
        return await super()._enqueue_request(request)

    def _get_slot(self, request: Request, spider: Any = None) -> tuple[str, Slot]:
        """The slot of an address; its delay may have grown since: another portal, a Crawl-delay."""
        fresh = request.meta[self.DOWNLOAD_SLOT] not in self.slots
        key, slot = super()._get_slot(request)
        slot.concurrency = 1
        least = session_of(self.crawler).manners.delay(key)
        slot.delay = least if fresh else max(slot.delay, least)  # a new slot has the default, which is no one's own
        return key, slot


class Gate:
    """What our download handlers have before Scrapy's: the gate, the clock behind the answer, and weaker TLS where needed."""

    _contextFactory: Any
    _crawler: Crawler

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)  # type: ignore[call-arg]
        self._crawler = crawler
        self._contextFactory = tls.Contexts(lambda: session_of(crawler).manners)

    async def download_request(self, request: Request) -> Response:
        """Send a request. The delay of its slot runs from the end of the answer, not from the start of the request:
        a connection that takes long to open would eat it up otherwise. Raises NotNow.
        """
        session = session_of(self._crawler)
        session.manners.gate(session.portals[request.meta["portal"]], urlparse_cached(request).hostname or "")
        try:
            return await super().download_request(request)  # type: ignore[misc, no-any-return]
        finally:
            engine = self._crawler.engine
            slot = engine.downloader.slots.get(request.meta["download_slot"]) if engine else None
            if slot:
                slot.lastseen = monotonic()


class Handler(Gate, HTTP11DownloadHandler):
    """Downloads http and https."""


class OtherWays:
    """Downloader middleware inside of the retries: the next address of a host that is not reached, weaker TLS for an old one."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> OtherWays:
        return cls(crawler)

    def process_exception(self, request: Request, exception: Exception) -> Request | None:
        """The same request once more where TLS failed and there is a weaker way; it keeps the delay."""
        manners, host = session_of(self.crawler).manners, urlparse_cached(request).hostname or ""
        if isinstance(exception, DownloadConnectionRefusedError | DownloadTimeoutError):
            manners.names.next_address(host)
        elif request.url.startswith("https:") and tls.failed(exception, host in manners.certificates):
            tried, now = request.meta.get("tls", 0), manners.weak.get(host, 0)
            if now == tried and now + 1 < len(tls.LEVELS):
                manners.weak[host] = now = now + 1
            if now > tried:
                return request.replace(meta={**request.meta, "tls": now})
        return None
