"""What a crawl works with: the archive, its recorder, the portals it may visit and the rounds they are in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scrapy.crawler import Crawler
from sqlite_utils import Database

from archive.captures import Recorder

from .addresses import is_private
from .hours import Night
from .manners import Manners

BUDGET = 5_000  # requests of a portal in one run, robots.txt, redirects, retries and files included


@dataclass(frozen=True, slots=True)
class Portal:
    """A row of the table `portal`, as a crawl needs it."""

    id: str
    home: str
    region: str
    region_name: str
    own: frozenset[str]
    hosts: frozenset[str]
    delay: float
    allow_private: bool
    round: int
    night: Night | None = None
    budget: int = BUDGET

    @classmethod
    def of(cls, row: dict[str, Any], columns: list[str], round: int) -> Portal:
        """A portal: its own hosts are that of its home page and those said to be; its columns may lie on others."""
        own = {_host(row["home"]), *row["hosts"].split()}
        return cls(
            id=row["id"],
            home=row["home"],
            region=row["region"],
            region_name=row["region_name"],
            own=frozenset(own),
            hosts=frozenset(own | {_host(url) for url in columns}),
            delay=row["delay"],
            allow_private=bool(row["allow_private"]),
            round=round,
            night=Night.of(row["night"]) if row["night"] else None,
            budget=row["budget"],
        )

    def owns(self, url: str) -> bool:
        """Whether a URL is on a host of this portal: one of its own, with or without www., or below its domain."""
        host = _host(url)
        return _is_one_of(host, self.own) or any(
            host.endswith(f".{domain}") for domain in map(_domain, self.own) if domain
        )

    def reads(self, url: str) -> bool:
        """Whether the portal's lists may lie at a URL: on a host of its own or of one of its columns."""
        return self.owns(url) or _is_one_of(_host(url), self.hosts)

    def trusts(self, url: str) -> bool:
        """Whether a single page elsewhere is another authority's (*.gov.cn): counties publish on their city's host too."""
        host = _host(url)
        return host.endswith(".gov.cn") or (self.allow_private and is_private(host))


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").lower()


def _is_one_of(host: str, hosts: frozenset[str]) -> bool:
    return host in hosts or f"www.{host}" in hosts or host.removeprefix("www.") in hosts


def _domain(host: str) -> str:
    """The domain of a county's home page, below which its departments' sites lie; nothing for addresses and gov.cn."""
    domain = host.removeprefix("www.")
    return domain if domain.count(".") >= 2 and not domain.replace(".", "").isdigit() else ""


class NotRecorded(Exception):
    """A response that could not be written to the archive. Raised by the recorder; the crawl stops, nothing is lost."""


@dataclass(slots=True)
class Session:
    """One spider's run over some portals; `advance` is told (rows done, rows known)."""

    folder: Path
    db: Database
    recorder: Recorder
    portals: dict[str, Portal]
    manners: Manners
    years: range | None = None
    advance: Callable[[int, int], None] | None = None
    captures: list[dict[str, Any]] = field(default_factory=list)
    halted: str = ""

    def stored(self) -> None:
        """The captures so far are in the catalogue."""
        self.captures.clear()
        self.recorder.stored()


def session_of(crawler: Crawler) -> Session:
    """The session of a crawler's spider."""
    session: Session = crawler.spider.session  # type: ignore[union-attr]
    return session
