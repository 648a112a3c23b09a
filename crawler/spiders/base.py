"""What both spiders share: their session, responses as pages or refusals, further pages as requests."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from scrapy import Request, Spider
from scrapy.http import Response

from extract import titles
from extract.model import Unreadable
from extract.page import body_of

from ..attachments import attachments, is_file
from ..doors import onward
from ..doubts import INDEXES, next_index
from ..families import all_families, family_of
from ..findings import Ended, Stored
from ..pages import Family, Fetch, Listing, Page
from ..refusals import MIN_SECTIONS, pretence, refusal, sections
from ..session import Session

NOTHING = re.compile("暂无(?:数据|内容|信息|记录|相关)")
MAX_FRAMES = 3  # frames of a page without a list: menu, list, footer


def headers_of(response: Response) -> dict[str, str]:
    """The response's headers, names in lower case, the first value of each."""
    return {
        name.decode("latin-1").lower(): values[0].decode("latin-1")
        for name, values in response.headers.items()
        if values
    }


def report_title(page: Page) -> str:
    """The title of a page that is itself an annual report, or nothing.

    It prints the headings of one, or leads to files and lists no other reports: a list may be titled like a report too.
    """
    title = page.title
    if titles.parse(title) is None:
        return ""
    if sections(page) >= MIN_SECTIONS:
        return title
    others = [entry for entry in page.rows() if entry.is_named and entry.url != page.url]
    return title if len(others) < 2 and attachments(page) and not NOTHING.search(page.source) else ""


def prose(page: Page) -> int:
    """The characters of a page's content that stand in no link."""
    body, _ = body_of(page.tree)
    linked = sum(len("".join(link.text_content().split())) for link in body.iter("a"))
    return len("".join(body.text_content().split())) - linked


class PortalSpider(Spider):
    """A spider over the portals of a session. Every request carries in its meta the portal and what the URL is."""

    def __init__(self, session: Session, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.session = session

    def read(self, response: Response) -> Page | Ended:
        """The response as a page, or why it is none."""
        headers = headers_of(response)
        if refused := refusal(response.status, headers, response.body):
            return Ended(refused.kind, refused.reason, refused=True)
        charset = re.search(r"charset=[\"']?([\w-]+)", headers.get("content-type", ""), re.IGNORECASE)
        request = response.request
        form = request.body.decode("latin-1") if request is not None and request.method == "POST" else ""
        base = str(response.meta.get("document", ""))
        try:
            page = Page(response.url, response.body, charset[1] if charset else None, form, base)
        except Unreadable as error:
            return Ended("no-page", str(error), refused=True)
        said = pretence(page)
        return Ended(said.kind, said.reason, refused=True) if said else page

    def index_of(self, response: Response, tried: int) -> str:
        """What to ask for in place of a directory that answers 403, because it has no listing: its index page.

        Where no index of a directory was had in this round, the portal means what it says.
        """
        if response.status != 403 and not (tried and response.status == 404):
            return ""
        meta = response.meta
        rows = self.session.db.query(
            "select 1 from url where portal = ? and spider = ? and round = ? and state = 'failed' and url like ? limit 1",
            [meta["portal"], self.name, self.session.portals[meta["portal"]].round, f"%/{INDEXES[-1]}"],
        )
        return "" if next(rows, None) else next_index(response.url, tried)

    def family(self, page: Page, known: str) -> Family:
        """The family that claims a page; where none but the fallback does, the one that its column is known to have."""
        family = family_of(page)
        return all_families().get(known, family) if family.name == "plain" else family

    def listing(self, page: Page, known: str) -> Listing:
        """What a list page shows; where it shows nothing, the frame that holds its list is a further page of it."""
        listing = self.family(page, known).listing(page)
        if listing.entries or listing.further:
            return listing
        frames = [link.url for link in onward(page) if page.on_host(link.url) and not is_file(link.url)]
        return replace(listing, further=tuple(map(Fetch, frames[:MAX_FRAMES])))

    def fetch(
        self, further: Fetch, response: Response, callback: Any, meta: dict[str, Any], **arguments: Any
    ) -> Request:
        """A further page as a request; what a script asks for carries what its page would send."""
        document = str(response.meta.get("document") or response.url)
        headers = {"Referer": document}
        if further.script:
            meta = {**meta, "document": document}
            headers["X-Requested-With"] = "XMLHttpRequest"
        if further.form:
            headers["Content-Type"] = "application/x-www-form-urlencoded; charset=UTF-8"
        method, body = ("POST", further.body) if further.form else ("GET", None)
        return Request(further.url, callback, method=method, body=body, headers=headers, meta=meta, cb_kwargs=arguments)

    def ended(self, request: Request, ended: Ended) -> Iterable[Stored]:
        """What is stored when a request ends without a response."""
        return ()
