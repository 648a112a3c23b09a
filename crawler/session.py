"""What a crawl works with: the archive, its recorder, the portals it may visit and the rounds they are in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from socket import inet_aton
from typing import Any
from urllib.parse import urlsplit

from scrapy.crawler import Crawler
from sqlite_utils import Database

from archive.captures import Recorder


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
    years: range | None = None
    advance: Callable[[int, int], None] | None = None
    captures: list[dict[str, Any]] = field(default_factory=list)
    halted: str = ""

    def portal_of_host(self, host: str) -> str:
        """The portal a host belongs to, for robots.txt, which no row asked for."""
        return next((portal.id for portal in self.portals.values() if host in portal.hosts), "")


def session_of(crawler: Crawler) -> Session:
    """The session of a crawler's spider."""
    session: Session = crawler.spider.session  # type: ignore[union-attr]
    return session


def is_private(host: str) -> bool:
    """Whether a host is written as an address that is not public (loopback, private, link-local)."""
    name = host.strip("[]").rstrip(".").lower()
    try:
        return not ip_address(name).is_global
    except ValueError:
        pass
    try:
        return not ip_address(inet_aton(name)).is_global  # 127.1, 2130706433, 0x7f000001: what a resolver would take
    except (OSError, ValueError):
        return name == "localhost" or name.endswith((".localhost", ".local", ".internal"))
