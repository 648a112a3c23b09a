"""robots.txt: what a host says of where it may be asked, and how often.

404 means allowed; 401, 403, 5xx, a redirect that leads nowhere and no answer at all mean "not now" for the host: its rows wait
for the next run. A page of HTML in its place is no rule.
"""

from __future__ import annotations

import asyncio
import re
from typing import Any
from urllib.parse import urlsplit

from protego import Protego
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.utils.httpobj import urlparse_cached

from .manners import LONGEST_DELAY
from .politeness import NotAllowed
from .rests import ROBOTS, NotNow
from .session import session_of
from .transfers import Fault

AGENT = "nianbao"  # the product's name, by which a group is addressed
MAX_BYTES = 5 * 2**20  # of an answer; a host that sends more is asked another time
READ_BYTES = 500 * 2**10  # as RFC 9309 has it: what follows is not read
_OURS = re.compile(rf"(?im)^([ \t]*user-agent[ \t]*:[ \t]*{AGENT})/[^\r\n#]*")
_HTML = re.compile(r"\s*<(?:!doctype|html|head|body|script|meta|\?xml|!--)", re.IGNORECASE)
NO_ANSWER = (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    Fault,
    IgnoreRequest,
    OSError,
    ResponseDataLossError,
)


def rules_of(body: bytes) -> str:
    """The text of a robots.txt; nothing where it is none: a page of HTML, or bytes that are no text.

    Comments in GBK and a byte order mark are no trouble. A group for `nianbao/1.0` is one for nianbao.
    """
    cut = body[:READ_BYTES]
    if len(body) > READ_BYTES:
        cut = cut[: cut.rfind(b"\n") + 1]  # half a rule would be another one
    text = _decoded(cut)
    if "\0" in text or _HTML.match(text):
        return ""
    return _OURS.sub(r"\1", text)


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030", errors="replace")


class Robots:
    """Downloader middleware: asks for the robots.txt of a host once a run, before its first page, and obeys it."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.known: dict[str, asyncio.Task[Protego]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Robots:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Raises NotAllowed where a rule forbids the address, NotNow where there is no word from the host."""
        if request.meta.get("kind") == "robots":
            return
        netloc = urlparse_cached(request).netloc
        task = self.known.get(netloc)
        if task is None:  # rows of two portals may come at once
            task = self.known[netloc] = asyncio.ensure_future(self.ask(request, netloc))
        try:
            rules = await asyncio.shield(task)
        except BaseException:
            self.known.pop(netloc, None)  # who waits is kept in `Rests`; what was asked in vain is asked again after it
            raise
        if not rules.can_fetch(request.url, AGENT):
            raise NotAllowed("Forbidden by robots.txt")

    async def ask(self, request: Request, netloc: str) -> Protego:
        """The rules of a host. Raises NotNow."""
        host, portal = urlsplit(request.url).hostname or "", request.meta["portal"]
        engine: Any = self.crawler.engine
        url = f"{urlparse_cached(request).scheme}://{netloc}/robots.txt"
        meta = {"portal": portal, "kind": "robots", "download_maxsize": MAX_BYTES}
        try:
            response = await engine.download_async(Request(url, callback=NO_CALLBACK, meta=meta))
        except NotNow:
            raise
        except NO_ANSWER as error:
            raise self.not_now(
                host, portal, f"robots.txt cannot be fetched: {error or type(error).__name__}"
            ) from error
        status = response.status
        if status in (401, 403) or status >= 500 or not (200 <= status < 300 or status >= 400):
            raise self.not_now(host, portal, f"robots.txt answers {status}: not now")
        rules = Protego.parse(rules_of(response.body) if status == 200 else "")
        self.slow_down(rules, response, host)
        return rules

    def not_now(self, host: str, portal: str, reason: str) -> NotNow:
        rests = session_of(self.crawler).manners.rests
        rests.rest(host, portal, ROBOTS, reason[:300], None)
        return rests.refuse(host)

    def slow_down(self, rules: Protego, response: Response, host: str) -> None:
        """Obey a Crawl-delay or Request-rate; one that is longer than LONGEST_DELAY is noted, and obeyed as that."""
        session = session_of(self.crawler)
        rate = rules.request_rate(AGENT)
        wanted = max(rules.crawl_delay(AGENT) or 0.0, rate.seconds / rate.requests if rate and rate.requests else 0.0)
        if wanted > LONGEST_DELAY:
            session.recorder.note(response.url, "crawl-delay", {"asked": wanted, "obeyed": LONGEST_DELAY})
        if wanted > 0:
            session.manners.slower(session.manners.names.address(host), host, min(wanted, LONGEST_DELAY))
