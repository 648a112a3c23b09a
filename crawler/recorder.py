"""Every response of the network into the archive, before anything else sees it: robots.txt, redirects, retries too."""

from __future__ import annotations

import sqlite3
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Headers, Response

from archive.captures import Circumstances, Exchange
from archive.warc import Unwritable

from . import tls
from .session import NotRecorded, Session, session_of


class RecorderMiddleware:
    """The innermost downloader middleware; an error in it (a full disk) reaches the errback of the request."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RecorderMiddleware:
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        """Write the exchange to the WARC; its catalogue row waits for the next transaction of the frontier."""
        session = session_of(self.crawler)
        try:
            exchange = _exchange(request, response, session)
            row = (
                session.recorder.rendered(exchange)
                if "playwright" in response.flags
                else session.recorder.exchange(exchange)
            )
        except (Unwritable, sqlite3.Error) as error:
            raise NotRecorded(str(error)) from error
        request.meta["capture"] = row["id"]
        values = [response.headers.get(name) for name in ("ETag", "Last-Modified")]
        request.meta["validators"] = [value.decode("latin-1") if value else None for value in values]
        session.captures.append({**row, "row": request.meta.get("row")})
        return response


def _exchange(request: Request, response: Response, session: Session) -> Exchange:
    meta = request.meta
    portal = meta["portal"]
    about = Circumstances(
        portal=portal,
        kind=meta.get("kind", "robots"),
        round=session.portals[portal].round if portal in session.portals else 0,
        found_on=meta.get("found_on", ""),
        link_text=meta.get("link_text", ""),
        stated_date=meta.get("stated_date"),
        tls=tls.written(session.manners, urlsplit(request.url).hostname or "")
        if request.url.startswith("https:")
        else "",
    )
    return Exchange(
        response.url,
        request.method,
        _pairs(request.headers),
        request.body,
        response.status,
        _pairs(response.headers),
        response.body,
        about,
    )


def _pairs(headers: Headers) -> list[tuple[str, str]]:
    return [
        (name.decode("latin-1"), value.decode("latin-1")) for name, values in headers.items() for value in values or ()
    ]
