"""What both spiders share: their session, and responses as pages or refusals."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from scrapy import Request, Spider
from scrapy.http import Response

from extract.model import Unreadable

from ..findings import Ended, Stored
from ..pages import Page
from ..refusals import refusal
from ..session import Session


def headers_of(response: Response) -> dict[str, str]:
    """The response's headers, names in lower case, the first value of each."""
    return {
        name.decode("latin-1").lower(): values[0].decode("latin-1")
        for name, values in response.headers.items()
        if values
    }


class PortalSpider(Spider):
    """A spider over the portals of a session. Every request carries in its meta the portal and what the URL is."""

    def __init__(self, session: Session, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.session = session

    def read(self, response: Response) -> Page | Ended:
        """The response as a page, or why it is none."""
        headers = headers_of(response)
        if refused := refusal(response.status, headers, response.body):
            return Ended(refused.kind, refused.reason)
        charset = re.search(r"charset=[\"']?([\w-]+)", headers.get("content-type", ""), re.IGNORECASE)
        try:
            return Page(response.url, response.body, charset[1] if charset else None)
        except Unreadable as error:
            return Ended("no-page", str(error))

    def ended(self, request: Request, ended: Ended) -> Iterable[Stored]:
        """What is stored when a request ends without a response."""
        return ()
