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
    hosts: frozenset[str]
    delay: float
    allow_private: bool
    round: int

    @classmethod
    def of(cls, row: dict[str, Any], columns: list[str], round: int) -> Portal:
        """A portal with the hosts of its home page, its columns, and those a person added."""
        hosts = {urlsplit(url).hostname or "" for url in (row["home"], *columns)} | set(row["hosts"].split())
        return cls(
            row["id"], row["home"], row["region"], frozenset(hosts), row["delay"], bool(row["allow_private"]), round
        )


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
