"""Only known hosts, robots.txt, and a delay that jitter only lengthens."""

from __future__ import annotations

import random
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.extensions.throttle import AutoThrottle
from scrapy.http import Response

from .pages import bare_host
from .session import is_private, session_of

JITTER = 0.5  # of the delay, at most, added to it at random


class NotAllowed(IgnoreRequest):
    """A request that is not made: an unknown host, a private address, robots.txt. Becomes a dropped row with its reason."""


class KnownHosts:
    """Lists come from the portal's hosts only. A page that a list or the survey names may lie with another authority
    (*.gov.cn), an attachment anywhere. Private addresses need the portal's leave.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> KnownHosts:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        session = session_of(self.crawler)
        portal = session.portals.get(request.meta.get("portal", ""))
        parts = urlsplit(request.url)
        host = parts.hostname or ""
        if portal is None:  # robots.txt
            asked = {bare_host(url) for url in request.meta.get("redirect_urls", ())}
            if asked and bare_host(request.url) not in asked:
                raise NotAllowed(f"robots.txt leads to another host, {host}")
            if is_private(host) and not any(each.allow_private for each in session.portals.values()):
                raise NotAllowed(f"{host} is a private address")
            return
        if parts.scheme not in ("http", "https"):
            raise NotAllowed(f"scheme {parts.scheme!r}")
        kind = request.meta.get("kind")
        elsewhere = kind == "attachment" or (kind in ("detail", "survey") and portal.trusts(request.url))
        if not (portal.reads(request.url) or elsewhere):
            raise NotAllowed(
                f"host {host} is not one of the portal's ({', '.join(sorted(portal.hosts))}); if it is, add it: "
                f"`nianbao portals edit {portal.id} --hosts {host}`"
            )
        if is_private(host) and not portal.allow_private:
            raise NotAllowed(f"{host} is a private address, and the portal does not allow those")


class Robots(RobotsTxtMiddleware):
    """robots.txt: 404 means allowed; 401, 403, 5xx and no answer mean "not now" for the whole host."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.refused: dict[str, str] = {}

    def process_request_2(self, rp: Any, request: Request) -> None:
        if reason := self.refused.get(urlsplit(request.url).netloc):
            raise NotAllowed(reason)
        super().process_request_2(rp, request)

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status in (401, 403) or response.status >= 500:
            self.refused[netloc] = f"robots.txt answers {response.status}: not now"
        if response.status != 200:
            response = response.replace(body=b"")  # an error page is no rule
        await super()._parse_robots(response, netloc, request)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        self.refused[netloc] = f"robots.txt cannot be fetched: {exc or type(exc).__name__}"
        super()._robots_error(exc, netloc)


class Throttle(AutoThrottle):
    """AutoThrottle with each portal's own delay as the least, and jitter that only adds.

    The delay that latency decides is kept apart from the jitter, or the one would grow by the other.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.base: dict[int, float] = {}

    def _adjust_delay(self, slot: Any, latency: float, response: Response) -> None:
        session = session_of(self.crawler)
        portal = session.portals.get(session.portal_of_host(urlsplit(response.url).hostname or ""))
        self.mindelay = portal.delay if portal else self.crawler.settings.getfloat("DOWNLOAD_DELAY")
        slot.delay = max(self.base.get(id(slot), 0.0), self.mindelay)
        super()._adjust_delay(slot, latency, response)
        self.base[id(slot)] = slot.delay
        slot.delay += random.uniform(0, JITTER) * self.mindelay
