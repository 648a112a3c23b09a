"""The way of a body from the wire to the spider: limits, encodings, redirects, cookies. What does not arrive whole is a fault.

A part of a body is no content: it is said as `broken` after one more try. `trouble` names every way in which an answer can
fail to arrive, for the failure's row.
"""

from __future__ import annotations

from typing import Any

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.cookies import CookiesMiddleware
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.exceptions import (
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.http import Response
from scrapy.responsetypes import responsetypes

from archive.encodings import Broken, TooMuch, unpacked

from .refusals import Refusal
from .session import session_of
from .verdicts import mark

PAGE_BYTES = 20 * 2**20  # of a page: the largest seen, with pictures inside, has 6 MB
FILE_SECONDS = 300  # for a file: 60 MB over a slow line; a page has the settings' DOWNLOAD_TIMEOUT
MAX_COOKIES = 40  # of one host: portals set five; a host that sets hundreds makes requests that it refuses itself
MAX_COOKIE = 4_096  # bytes of one cookie, as browsers have it


class Fault(Exception):
    """An answer that is no use, with its kind and reason. Raised here; it becomes the failure's row."""

    def __init__(self, kind: str, reason: str) -> None:
        super().__init__(reason)
        self.kind = kind


def trouble(error: BaseException) -> Refusal | None:
    """Kind and reason of an error without a response; None for one that this module does not know.

    Kinds: broken, too-large, timeout, reset, no-http, refused-connection, redirect-loop.
    """
    if isinstance(error, Fault):
        return Refusal(error.kind, str(error))
    if isinstance(error, DownloadTimeoutError):
        return Refusal("timeout", "the answer did not come, or not all of it, in the time allowed")
    if isinstance(error, ResponseDataLossError):
        return Refusal("broken", "the connection ended before the answer was whole, twice")
    if isinstance(error, DownloadCancelledError):
        return Refusal("too-large", f"the answer is larger than it may be, and was not read on. {error}".strip()[:200])
    if isinstance(error, DownloadConnectionRefusedError):
        return Refusal("refused-connection", "the host takes no connection on this port")
    if isinstance(error, DownloadFailedError):
        return _failed(error)
    return None


def _failed(error: BaseException) -> Refusal | None:
    """What Twisted says of a connection on which no whole answer came."""
    causes = [error.__cause__, *(getattr(each, "value", None) for each in getattr(error.__cause__, "reasons", ()))]
    names = {type(cause).__name__ for cause in causes if cause is not None}
    if names & {"ParseError", "BadHeaders", "BadResponseVersion", "ValueError", "LineTooLong"}:
        return Refusal("no-http", "what answers is not HTTP")
    if names & {"ConnectionLost", "ConnectionDone", "ConnectionAborted"}:
        return Refusal(
            "reset",
            "the connection ended without an answer that can be read: a refusal, a fault of the host, or a header of over 16 KB",
        )
    return None


class Limits:
    """How long and how large an answer may be, by what was asked for: a page or a file."""

    def process_request(self, request: Request) -> None:
        if request.meta.get("kind") == "attachment":
            request.meta.setdefault("download_timeout", FILE_SECONDS)
        else:
            request.meta.setdefault("download_maxsize", PAGE_BYTES)


class Decoding(HttpCompressionMiddleware):
    """Takes the encodings off a body by the rule that `build` has too; a body that is cut is asked for once more."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler=crawler)
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Decoding:
        return cls(crawler)

    def process_request(self, request: Request, spider: Any = None) -> None:
        request.headers.setdefault("Accept-Encoding", b"gzip, deflate")  # what every tool that replays WARCs can read

    def process_response(self, request: Request, response: Response, spider: Any = None) -> Request | Response:
        said = [value.decode("latin-1") for value in response.headers.getlist("Content-Encoding")]
        most = request.meta.get("download_maxsize", self._max_size)
        try:
            body = unpacked(response.body, said, most)
        except TooMuch as error:
            self.refused(request, "too-large")
            raise Fault("too-large", str(error)) from error
        except Broken as error:
            self.refused(request, "broken")
            assert self.crawler.spider is not None
            again = get_retry_request(request, spider=self.crawler.spider, reason="broken body")
            if again is None:
                raise Fault("broken", f"{error}, twice") from error
            return again
        if body is response.body:
            return response
        response.headers.pop("Content-Encoding", None)
        made = responsetypes.from_args(headers=response.headers, url=response.url, body=body)
        return response.replace(cls=made, body=body)

    def refused(self, request: Request, kind: str) -> None:
        """What the archive already holds of it is no content."""
        mark(session_of(self.crawler), request.meta.get("capture"), kind)


class Redirects(RedirectMiddleware):
    """Redirects, but never back: an address that was asked already is asked once more only if a cookie came with it."""

    def _redirect(self, redirected: Request, request: Request, reason: Any) -> Request:
        seen = [*request.meta.get("redirect_urls", ()), request.url]
        if redirected.url in seen:
            sets_cookie = redirected.meta.pop("sets_cookie", False)
            if not sets_cookie or seen.count(redirected.url) > 1:
                again = "itself" if redirected.url == request.url else f"{redirected.url}, which leads here"
                raise Fault("redirect-loop", f"the address leads to {again}")
        try:
            return super()._redirect(redirected, request, reason)
        except IgnoreRequest as error:
            raise Fault(
                "redirect-loop", f"more than {self.max_redirect_times} redirects, one after the other"
            ) from error

    def process_response(self, request: Request, response: Response, spider: Any = None) -> Request | Response:
        request.meta["sets_cookie"] = bool(response.headers.getlist("Set-Cookie"))
        return super().process_response(request, response)


class Cookies(CookiesMiddleware):
    """An ordinary cookie jar with the limits that browsers have; a storm of cookies would make every request too long."""

    def _process_cookies(self, cookies: Any, *, jar: Any, request: Request) -> None:
        fit = [cookie for cookie in cookies if len(cookie.name) + len(cookie.value or "") <= MAX_COOKIE][:MAX_COOKIES]
        super()._process_cookies(fit, jar=jar, request=request)
        for domain in {cookie.domain for cookie in fit}:
            held = [cookie for path in jar.jar._cookies.get(domain, {}).values() for cookie in path.values()]
            for cookie in held[: max(0, len(held) - MAX_COOKIES)]:
                jar.jar.clear(domain, cookie.path, cookie.name)
