"""Which addresses are asked at all, answers that ask for time, and a delay that latency and jitter only lengthen."""

from __future__ import annotations

import random
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.extensions.throttle import AutoThrottle
from scrapy.http import Response
from scrapy.utils.httpobj import urlparse_cached

from .addresses import is_private
from .pages import bare_host
from .session import Portal, session_of

JITTER = 0.5  # of the delay, at most, added to it at random


class NotAllowed(IgnoreRequest):
    """A request that is not made: an unknown host, a private address, robots.txt. Becomes a dropped row with its reason."""


class KnownHosts:
    """Lists come from the portal's hosts only. A page that a list or the survey names may lie with another authority
    (*.gov.cn), an attachment anywhere. Private addresses need the portal's leave; here as written, after the look-up of the
    name in `crawler.downloader`.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> KnownHosts:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Raises NotAllowed."""
        portal = session_of(self.crawler).portals[request.meta["portal"]]
        parts = urlparse_cached(request)
        host = parts.hostname or ""
        if parts.scheme not in ("http", "https"):
            raise NotAllowed(f"scheme {parts.scheme!r}")
        if is_private(host) and not portal.allow_private:
            raise NotAllowed(f"{host} is a private address, and the portal does not allow those")
        if request.meta.get("kind") == "robots":
            self.robots(request, portal)
        elif not portal.reads(request.url) and not self.elsewhere(request, portal):
            raise NotAllowed(
                f"host {host} is not one of the portal's ({', '.join(sorted(portal.hosts))}); if it is, add it: "
                f"`nianbao portals edit {portal.id} --hosts {host}`"
            )

    def elsewhere(self, request: Request, portal: Portal) -> bool:
        """Whether what is asked for may lie on a host that is not the portal's."""
        kind = request.meta.get("kind")
        return kind == "attachment" or (kind in ("detail", "survey", "missing") and portal.trusts(request.url))

    def robots(self, request: Request, portal: Portal) -> None:
        """A robots.txt may be redirected: with or without www., to a host of the portal, to another authority."""
        asked = {bare_host(url) for url in request.meta.get("redirect_urls", ())}
        if (
            asked
            and bare_host(request.url) not in asked
            and not (portal.reads(request.url) or portal.trusts(request.url))
        ):
            raise NotAllowed(f"robots.txt leads to another host, {urlparse_cached(request).hostname}")


class RetryAfter:
    """An answer that asks for time gets it, whatever was asked for. Next to the recorder, so that it is on record."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RetryAfter:
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        """Raises NotNow for a 429 or 503: the request comes again when the time is over.

        Not where the host has answered others since the request was put off: then it is the page that is broken. Nor for a
        robots.txt with 503 and no time, which means what 500 would.
        """
        header, date = ((response.headers.get(name) or b"").decode("latin-1") for name in ("Retry-After", "Date"))
        if request.meta.get("kind") == "robots" and response.status == 503 and not header:
            return response
        host = urlparse_cached(request).hostname or ""
        rests = session_of(self.crawler).manners.rests
        answers = rests.answers.get(host, 0)
        refusal = rests.answered(host, request.meta["portal"], response.status, header, date)
        if refusal and request.meta.get("put_off", answers) == answers:
            raise refusal
        return response


class Throttle(AutoThrottle):
    """AutoThrottle with the least delay of each address, and jitter that only adds.

    The delay that latency decides is kept apart from the jitter, or the one would grow by the other.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.base: dict[str, float] = {}

    def _response_downloaded(self, response: Response, request: Request, spider: Spider) -> None:
        key, slot = self._get_slot(request, spider)
        latency = request.meta.get("download_latency")
        if key is not None and slot is not None and latency is not None:
            self.adjust(key, slot, latency, response)

    def adjust(self, key: str, slot: Any, latency: float, response: Response) -> None:
        """The delay of an address after an answer."""
        least = session_of(self.crawler).manners.delay(key)
        self.mindelay, self.maxdelay = least, max(self._max_delay(), least)
        slot.delay = max(self.base.get(key, 0.0), least)
        self._adjust_delay(slot, latency, response)
        self.base[key] = slot.delay
        slot.delay += random.uniform(0, JITTER) * least
