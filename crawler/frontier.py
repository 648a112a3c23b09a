"""The table `url` is the frontier: what is not done is waiting, so a killed process leaves nothing to repair.

After a response is in the WARC, one transaction (`crawler.ledger`) stores the captures, the URLs that the response led to,
what the callback found, and the end of the row (reference/engineering.md, "The frontier in Scrapy 2.19"). One run owns the
archive, so rows need no lease. A row of an earlier round waits once more when a new round comes upon it. Rows of a host that
rests, and of a portal whose night or budget is over, are not handed out: they wait.
"""

from __future__ import annotations

import math
import sqlite3
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from scrapy import Request, signals
from scrapy.core.scheduler import BaseScheduler
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider, IgnoreRequest
from scrapy.utils.asyncio import call_later

from archive.warc import Unwritable

from .findings import Ended, Spoiled, Stored
from .kept import Row, as_request
from .ledger import NOT_NOW, Ledger, Outcome
from .refusals import Refusal, detour
from .rests import BUDGET, NIGHT, NotNow
from .session import NotRecorded, Session
from .transfers import trouble
from .verdicts import has_failed

BUFFER = 64  # rows of a host kept in memory; 100,000 waiting rows of one host starve nobody
TELL = 1.0  # seconds between two counts for the progress bar: a count of a million waiting rows takes a while
NOTE = 300  # characters kept of an error's message
_MINE = "state = 'waiting' and spider = ? and portal in (select portal from active)"


@dataclass(slots=True)
class Host:
    """A host's rows in memory: handed out, to be handed out again (retries), the next ones, and those put off.

    `put_off`: rows that were answered with "not now", each with the good answers that the host had given by then.
    """

    flying: dict[int, Request] = field(default_factory=dict)
    again: deque[Request] = field(default_factory=deque)
    buffer: deque[Row] = field(default_factory=deque)
    put_off: dict[int, int] = field(default_factory=dict)


class Frontier(BaseScheduler):
    """Hands out waiting rows, hosts in turn, at most CONCURRENT_REQUESTS_PER_DOMAIN of a host at a time."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.per_host = crawler.settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN")
        self.patience = crawler.settings.getfloat("PATIENCE")
        self.hosts: dict[str, Host] = {}
        self.ready: dict[str, None] = {}
        self.resting: dict[str, Any] = {}  # host → the call that looks after it when its time is over
        self.done = 0
        self.told = 0.0
        crawler.signals.connect(self.idle, signals.spider_idle)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Frontier:
        return cls(crawler)

    # what the engine asks

    def open(self, spider: Any) -> None:
        """Take up every row that waits for this spider and its portals."""
        self.spider = spider
        self.session: Session = spider.session
        self.db = self.session.db
        self.rests = self.session.manners.rests
        self.ledger = Ledger(self.session, spider, self.crawler.request_fingerprinter)
        self.db.execute("create temp table if not exists active (portal text primary key)")
        self.db.execute("delete from active")
        self.db.conn.executemany("insert into active values (?)", [(portal,) for portal in self.session.portals])
        for portal in self.rests.stopped:  # in an earlier stage of this run
            self.leave(portal)
        self.added(row["host"] for row in self.db.query(f"select distinct host from url where {_MINE}", [spider.name]))

    def close(self, reason: str) -> None:
        """Catalogue the captures that no row waits for (robots.txt), and the lists that could not be asked for."""
        for call in self.resting.values():
            call.cancel()
        self.finish(None)
        if not self.session.halted:
            self.say_unheard()

    def has_pending_requests(self) -> bool:
        """Whether there is something to hand out, or a host rests that is worth waiting for."""
        return bool(self.ready) or any(self.is_worth_waiting(name) for name in self.resting)

    def enqueue_request(self, request: Request) -> bool:
        """A request of start(), a redirect or a retry; what callbacks find comes through `Commit`."""
        row = request.meta.get("row")
        if row is None:
            self.finish(None, found=[request])
            return True
        name = request.meta["frontier_host"]
        chain = request.meta.get("redirect_urls", [])
        if len(chain) > request.meta["hops"] and request.url not in chain:  # a redirect: a response that led to one URL
            self.redirected(request, chain[-1])
        else:  # a retry, or a redirect back after a cookie: the same row again
            request.meta["hops"] = len(chain)
            self.hosts[name].again.append(request)
            self.ready[name] = None
        return True

    def redirected(self, request: Request, origin: str) -> None:
        """A row that led to another address: to a row of its own, or to nothing that was asked for."""
        reason = request.meta["redirect_reasons"][-1]
        status = reason if isinstance(reason, int) else 200
        astray = detour(origin, request.url) if request.meta["kind"] != "survey" else None
        if astray:
            ended = Ended(astray.kind, astray.reason, refused=True)
            self.finish(request, stored=self.spider.ended(request, ended), status=status, ended=ended)
        else:
            state = "failed" if has_failed(self.session, self.spider.name, request) else None
            self.finish(request, found=[request], status=status, note=f"to {request.url}", state=state)

    def next_request(self) -> Request | None:
        for name in [name for name in self.resting if self.rests.wait(name) <= 0]:
            self.resting.pop(name).cancel()
            self.ready[name] = None
        while self.ready:
            name = next(iter(self.ready))
            del self.ready[name]
            if request := self.take(name):
                return request
        return None

    def idle(self) -> None:
        """The safety net: a row that left Scrapy without an end has failed, and is said."""
        lost = [
            request
            for host in self.hosts.values()
            for request in host.flying.values()
            if request not in host.again  # of a host that rests
        ]
        for request in lost:
            self.finish(request, ended=Ended("vanished", "left the crawler without an end"))
        if not self.session.halted and (lost or self.has_pending_requests()):
            raise DontCloseSpider

    # hosts and rows

    def take(self, name: str) -> Request | None:
        host = self.hosts[name]
        if wait := self.rests.wait(name):
            self.let_rest(name, wait)
            return None
        if host.again:
            request = host.again.popleft()
        else:
            if len(host.flying) >= self.per_host:
                return None
            if not host.buffer:
                host.buffer.extend(row for row in self.waiting(name) if row["id"] not in host.flying)
            if not host.buffer:
                return None
            row = host.buffer.popleft()
            before = {"put_off": host.put_off[row["id"]]} if row["id"] in host.put_off else {}
            request = as_request(row, self.session, self.spider, self.failed, frontier_host=name, **before)
            host.flying[row["id"]] = request
        if host.again or len(host.flying) < self.per_host:
            self.ready[name] = None  # to the end of the line
        return request

    def waiting(self, host: str) -> list[Row]:
        """The next rows of a host; those that were put off come behind the others."""
        put_off = self.hosts[host].put_off if host in self.hosts else {}
        rows = self.db.query(
            f"select id, url, portal, kind, priority, request, etag, last_modified from url where {_MINE} and host = ? "
            "order by priority desc, id limit ?",
            [self.spider.name, host, BUFFER + self.per_host + len(put_off)],
        )
        return sorted(rows, key=lambda row: row["id"] in put_off)

    def added(self, hosts: Iterable[str]) -> None:
        for name in hosts:
            self.hosts.setdefault(name, Host())
            if len(self.hosts[name].flying) < self.per_host:
                self.ready[name] = None

    # not now

    def let_rest(self, name: str, wait: float) -> None:
        """Look after a host when its time is over; where that is not in this run, its rows just wait."""
        engine: Any = self.crawler.engine
        if not math.isinf(wait) and name not in self.resting:
            self.resting[name] = call_later(wait, engine._slot.nextcall.schedule)

    def is_worth_waiting(self, name: str) -> bool:
        """Whether a host that rests has rows, and may be asked before long."""
        host = self.hosts.get(name)
        return host is not None and self.rests.wait(name) <= self.patience and bool(host.again or self.waiting(name))

    def leave(self, portal: str) -> None:
        """Hand out no more rows of a portal in this run."""
        self.db.execute("delete from active where portal = ?", [portal])
        for host in self.hosts.values():
            host.buffer = deque(row for row in host.buffer if row["portal"] != portal)
            for request in [request for request in host.again if request.meta["portal"] == portal]:
                host.again.remove(request)
                host.flying.pop(request.meta["row"], None)

    def postpone(self, request: Request, why: NotNow) -> None:
        """The row of a request that was not made, or was answered with "not now", waits."""
        portal, name = request.meta["portal"], request.meta["frontier_host"]
        if self.session.halted:
            return
        of_portal = why.kind in (BUDGET, NIGHT)
        try:
            if of_portal:
                self.rests.stop(portal, why.kind, why.reason, why.until)
                self.leave(portal)
            self.ledger.postpone(request, why, is_failure=not of_portal)
        except (sqlite3.Error, Unwritable) as error:
            self.halt(f"the catalogue cannot be written: {error}")
            return
        host = self.hosts[name]
        host.put_off[request.meta["row"]] = self.rests.answers.get(name, 0)
        host.flying.pop(request.meta["row"], None)
        self.ready[name] = None

    def say_unheard(self) -> None:
        """The list pages of hosts that could not be asked: their reading has failed, though they wait."""
        rows, checks = [], []
        for name in self.rests.unheard():
            why = self.rests.refuse(name)
            for row in self.waiting(name):
                row["reason"] = why.reason
                if row["kind"] == "column":
                    made = as_request(row, self.session, self.spider, self.failed)
                    checks += list(self.spider.ended(made, Ended(NOT_NOW, f"{NOT_NOW}: {why.reason}")))
                    rows.append(row)
        try:
            self.ledger.unheard(rows, checks)
        except (sqlite3.Error, Unwritable) as error:
            self.halt(f"the catalogue cannot be written: {error}")

    # the end of a row

    def finish(
        self,
        request: Request | None,
        found: Iterable[Request] = (),
        stored: Iterable[Stored] = (),
        status: int | None = None,
        note: str = "",
        ended: Ended | None = None,
        state: str | None = None,
        spoiled: Iterable[Spoiled] = (),
    ) -> None:
        """Store what came of a request in one transaction, and hand out what it led to."""
        if self.session.halted:
            return
        came = Outcome(tuple(found), tuple(stored), status, note, ended, state, tuple(spoiled))
        try:
            hosts = self.ledger.commit(request, came)
        except (sqlite3.Error, Unwritable) as error:
            self.halt(f"the catalogue cannot be written: {error}")
            return
        if request is not None:
            name = request.meta["frontier_host"]
            self.hosts[name].flying.pop(request.meta["row"], None)
            self.ready[name] = None
            self.tell()
        self.added(hosts)

    def failed(self, failure: Any) -> None:
        """The errback of every row: download errors, requests that were not allowed, a recorder that could not write."""
        request, error = failure.request, failure.value
        if isinstance(error, NotRecorded):
            self.halt(str(error))
            return
        if isinstance(error, NotNow):
            self.postpone(request, error)
            return
        text = f"{type(error).__name__}: {error}"[:NOTE]
        portal = request.meta["portal"]
        allowed = not isinstance(error, IgnoreRequest)
        known = trouble(error) or Refusal("unreachable", text)
        ended = Ended(known.kind, known.reason) if allowed else Ended("not-allowed", str(error)[:NOTE])
        try:
            self.session.recorder.note(request.meta["row_url"], "fetch-failed", {"portal": portal, "reason": text})
            stored = list(self.spider.ended(request, ended))
        except Unwritable as unwritable:
            self.halt(str(unwritable))
            return
        self.finish(request, stored=stored, ended=ended, state="failed" if allowed else "dropped")

    def halt(self, reason: str) -> None:
        """Stop the crawl: what cannot be written now must not be fetched. The rows in flight wait for the next run."""
        if not self.session.halted:
            self.session.halted = reason
            self.hosts, self.ready, self.resting = {}, {}, {}
            self.crawler.engine.close_spider(self.spider, reason)

    def tell(self) -> None:
        """Tell the progress bar: rows ended, rows known in this round."""
        self.done += 1
        if self.session.advance and monotonic() - self.told >= TELL:
            self.told = monotonic()
            waiting = next(self.db.query(f"select count(*) as n from url where {_MINE}", [self.spider.name]))["n"]
            self.session.advance(self.done, self.done + waiting)
