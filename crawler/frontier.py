"""The table `url` is the frontier: what is not done is waiting, so a killed process leaves nothing to repair.

After a response is in the WARC, one transaction stores the captures, the URLs that the response led to, what the
callback found, and the end of the row (reference/engineering.md, "The frontier in Scrapy 2.19"). One run owns the
archive, so rows need no lease. A row of an earlier round waits once more when a new round comes upon it.
"""

from __future__ import annotations

import json
import sqlite3
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from zlib import crc32

from scrapy import Request, signals
from scrapy.core.scheduler import BaseScheduler
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider, IgnoreRequest
from scrapy.utils.httpobj import urlparse_cached

from archive.captures import insert
from archive.clock import now
from archive.warc import Unwritable

from . import browser
from .findings import Ended, Stored
from .session import NotRecorded, Session

BUFFER = 64  # rows of a host kept in memory; 100,000 waiting rows of one host starve nobody
TOLD = 10  # rows between two counts for the progress bar
NOTE = 300  # characters kept of an error's message
_KEPT_META = (
    "portal",
    "kind",
    "found_on",
    "link_text",
    "stated_date",
    "column_url",
    "document",
    "browser",
    "redirect_urls",
    "redirect_times",
    "redirect_reasons",
)
_KEPT_HEADERS = ("Referer", "X-Requested-With", "Content-Type")
_INSERT = (
    "insert into url (fingerprint, url, spider, portal, host, kind, priority, request, found_on, column_url, link_text, "
    "stated_date, round, added_at, state) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
Row = dict[str, Any]


@dataclass(slots=True)
class Host:
    """A host's rows in memory: handed out, to be handed out again (retries), and the next ones."""

    flying: dict[int, Request] = field(default_factory=dict)
    again: deque[Request] = field(default_factory=deque)
    buffer: deque[Row] = field(default_factory=deque)


class Frontier(BaseScheduler):
    """Hands out waiting rows, hosts in turn, at most CONCURRENT_REQUESTS_PER_DOMAIN of a host at a time."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.per_host = crawler.settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN")
        self.hosts: dict[str, Host] = {}
        self.ready: dict[str, None] = {}
        self.done = 0
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
        self.db.execute("create temp table if not exists active (portal text primary key)")
        self.db.execute("delete from active")
        self.db.conn.executemany("insert into active values (?)", [(portal,) for portal in self.session.portals])
        rows = self.db.query(
            "select distinct host from url where state = 'waiting' and spider = ? and portal in (select portal from active)",
            [spider.name],
        )
        self.added(row["host"] for row in rows)

    def close(self, reason: str) -> None:
        """Catalogue the captures that no row waits for (robots.txt)."""
        self.finish(None)

    def has_pending_requests(self) -> bool:
        return bool(self.ready)

    def enqueue_request(self, request: Request) -> bool:
        """A request of start(), a redirect or a retry; what callbacks find comes through `Commit`."""
        row = request.meta.get("row")
        if row is None:
            self.finish(None, found=[request])
            return True
        name = request.meta["frontier_host"]
        chain = request.meta.get("redirect_urls", [])
        if len(chain) > request.meta["hops"] and request.url not in chain:  # a redirect: a response that led to one URL
            reason = request.meta["redirect_reasons"][-1]
            self.finish(
                request, found=[request], status=reason if isinstance(reason, int) else 200, note=f"to {request.url}"
            )
        else:  # a retry, or a redirect back after a cookie: the same row again
            request.meta["hops"] = len(chain)
            self.hosts[name].again.append(request)
            self.ready[name] = None
        return True

    def next_request(self) -> Request | None:
        while self.ready:
            name = next(iter(self.ready))
            del self.ready[name]
            if request := self.take(name):
                return request
        return None

    def idle(self) -> None:
        """The safety net: a row that left Scrapy without an end has failed, and is said."""
        lost = [request for host in self.hosts.values() for request in host.flying.values()]
        for request in lost:
            self.finish(request, ended=Ended("vanished", "left the crawler without an end"))
        if not self.session.halted and (lost or self.has_pending_requests()):
            raise DontCloseSpider

    # hosts and rows

    def take(self, name: str) -> Request | None:
        host = self.hosts[name]
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
            request = self.as_request(row, name)
            host.flying[row["id"]] = request
        if host.again or len(host.flying) < self.per_host:
            self.ready[name] = None  # to the end of the line
        return request

    def remember(self, request: Request, state: str) -> None:
        """A row that is not to be fetched: an entry that is no report, so that it is known. What is known otherwise stays."""
        self.db.execute(
            f"{_INSERT} on conflict (fingerprint, spider, portal) do nothing", [*self.values(request, None), state]
        )

    def waiting(self, host: str) -> list[Row]:
        return list(
            self.db.query(
                "select id, url, kind, priority, request, etag, last_modified from url where state = 'waiting' and spider = ? and host = ? "
                "and portal in (select portal from active) order by priority desc, id limit ?",
                [self.spider.name, host, BUFFER + self.per_host],
            )
        )

    def added(self, hosts: Iterable[str]) -> None:
        for name in hosts:
            self.hosts.setdefault(name, Host())
            if len(self.hosts[name].flying) < self.per_host:
                self.ready[name] = None

    def finish(
        self,
        request: Request | None,
        found: Iterable[Request] = (),
        stored: Iterable[Stored] = (),
        status: int | None = None,
        note: str = "",
        ended: Ended | None = None,
        state: str | None = None,
    ) -> None:
        """The one transaction: captures, what the response led to, what it said, and the end of the row."""
        if self.session.halted:
            return
        try:
            hosts = self.commit(request, list(found), list(stored), status, note, ended, state)
        except sqlite3.Error as error:
            self.halt(f"the catalogue cannot be written: {error}")
            return
        if request is not None:
            name = request.meta["frontier_host"]
            self.hosts[name].flying.pop(request.meta["row"], None)
            self.ready[name] = None
            self.tell()
        self.added(hosts)

    def commit(
        self,
        request: Request | None,
        found: list[Request],
        stored: list[Stored],
        status: int | None,
        note: str,
        ended: Ended | None,
        state: str | None,
    ) -> set[str]:
        """The transaction itself; the hosts that have new rows."""
        row = request.meta["row"] if request else None
        hosts: set[str] = set()
        if ended and ended.refused and row is not None:
            self.refuse(row, ended)
        with self.db.atomic():
            insert(self.db, self.session.captures)
            for other in found:
                if state_of := other.meta.get("remember"):
                    self.remember(other, state_of)
                else:
                    hosts |= self.add(other, row)
            for item in stored:
                self.store(item)
            if request is not None:
                self.end(request, state or ("failed" if ended else "done"), status, note, ended)
        self.session.captures.clear()
        return hosts

    def refuse(self, row: int, ended: Ended) -> None:
        """Mark what only pretends to be the page, so that `build` does not read it; also in the WARC, for a rebuild."""
        for capture in self.session.captures:
            if capture.get("row") == row:
                capture["refused"] = ended.kind
                same = (
                    "portal = ? and url = ? and round = ? and sha256 = ?"  # of a run that was killed before its commit
                )
                values = [ended.kind, *(capture[name] for name in ("portal", "url", "round", "sha256"))]
                self.db.execute(f"update capture set refused = ? where {same}", values)
                said = {"portal": capture["portal"], "capture": capture["id"], "kind": ended.kind}
                self.session.recorder.note(capture["url"], "refused", said)

    def store(self, item: Stored) -> None:
        table = self.db.table(item.table)
        table.insert(item.values, pk=item.key, replace=not item.keep, ignore=item.keep)
        if item.renew:
            key = tuple(item.values[name] for name in item.key)
            table.update(key if len(key) > 1 else key[0], {name: item.values[name] for name in item.renew})

    def end(self, request: Request, state: str, status: int | None, note: str, ended: Ended | None) -> None:
        meta = request.meta
        url = meta["row_url"]
        etag, modified = meta.get("validators", (None, None)) if ended is None and status == 200 else (None, None)
        keep = int(ended is None and status == 304)  # what was confirmed stays valid; what failed must be fetched whole
        self.db.execute(
            "update url set state = ?, status = ?, capture = ?, note = ?, ended_at = ?, etag = iif(?, etag, ?), "
            "last_modified = iif(?, last_modified, ?) where id = ?",
            [
                state,
                status,
                meta.get("capture"),
                ended.reason if ended else note,
                now(),
                keep,
                etag,
                keep,
                modified,
                meta["row"],
            ],
        )
        self.db.execute("delete from failure where subject = ?", [url])
        if ended:
            portal = self.session.portals[meta["portal"]]
            values = {
                "subject": url,
                "kind": ended.kind,
                "reason": ended.reason,
                "url": url,
                "portal": portal.id,
                "round": portal.round,
            }
            self.db.table("failure").insert({**values, "at": now()})

    def add(self, request: Request, found_on: int | None) -> set[str]:
        """Insert a row, or let one of an earlier round wait once more; the host, where that changed anything."""
        cursor = self.db.execute(
            f"{_INSERT} on conflict (fingerprint, spider, portal) do update set state = 'waiting', round = excluded.round, "
            "request = excluded.request, kind = excluded.kind, found_on = excluded.found_on, column_url = excluded.column_url, "
            "priority = excluded.priority, link_text = excluded.link_text, stated_date = excluded.stated_date "
            "where url.round < excluded.round or url.state in ('not_report', 'other_county') and url.ended_at is null",
            [*self.values(request, found_on), "waiting"],
        )
        if request.cb_kwargs.get("unit"):
            self.prefer_unit(request)
        return {urlparse_cached(request).hostname or ""} if cursor.rowcount else set()

    def prefer_unit(self, request: Request) -> None:
        """A page that the county's column and an organ's both list belongs to the organ's, whichever was read first."""
        fingerprint = self.crawler.request_fingerprinter.fingerprint(request)
        self.db.execute(
            "update url set column_url = ? where fingerprint = ? and spider = ? and portal = ? and not exists "
            "(select 1 from column_page c where c.portal = url.portal and c.url = url.column_url and c.unit <> '')",
            [request.meta.get("column_url", ""), fingerprint, self.spider.name, request.meta["portal"]],
        )

    def values(self, request: Request, found_on: int | None) -> list[Any]:
        """The values of a row, in the order of _INSERT, up to its state."""
        meta = request.meta
        return [
            self.crawler.request_fingerprinter.fingerprint(request),
            request.url,
            self.spider.name,
            meta["portal"],
            urlparse_cached(request).hostname or "",
            meta["kind"],
            request.priority,
            self.as_json(request),
            found_on,
            meta.get("column_url", ""),
            meta.get("link_text", ""),
            meta.get("stated_date"),
            self.session.portals[meta["portal"]].round,
            now(),
        ]

    def failed(self, failure: Any) -> None:
        """The errback of every row: download errors, requests that were not allowed, a recorder that could not write."""
        request, error = failure.request, failure.value
        if isinstance(error, NotRecorded):
            self.halt(str(error))
            return
        text = f"{type(error).__name__}: {error}"[:NOTE]
        portal = request.meta["portal"]
        allowed = not isinstance(error, IgnoreRequest)
        ended = Ended("unreachable", text) if allowed else Ended("not-allowed", str(error)[:NOTE])
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
            self.hosts, self.ready = {}, {}
            self.crawler.engine.close_spider(self.spider, reason)

    def tell(self) -> None:
        """Tell the progress bar: rows ended, rows known in this round."""
        self.done += 1
        if self.session.advance and (self.done % TOLD == 0 or self.done < TOLD):
            waiting = next(
                self.db.query(
                    "select count(*) as n from url where state = 'waiting' and spider = ? and portal in (select portal from active)",
                    [self.spider.name],
                )
            )["n"]
            self.session.advance(self.done, self.done + waiting)

    # rows and requests

    def as_json(self, request: Request) -> str:
        """What a row keeps of a request: callback, arguments, method, body, a few headers, our meta."""
        made = request.replace(errback=None).to_dict(spider=self.spider)
        kept: Row = {key: made[key] for key in ("callback", "cb_kwargs") if made.get(key)}
        if made["method"] != "GET":
            kept["method"] = made["method"]
        if made["body"]:
            kept["body"] = made["body"].decode("latin-1")
        headers = {name: value.decode("latin-1") for name in _KEPT_HEADERS if (value := request.headers.get(name))}
        if headers:
            kept["headers"] = headers
        kept["meta"] = {key: request.meta[key] for key in _KEPT_META if key in request.meta}
        return json.dumps(kept, ensure_ascii=False)

    def as_request(self, row: Row, name: str) -> Request:
        kept = json.loads(row["request"])
        meta = kept.pop("meta")
        meta |= {
            "row": row["id"],
            "row_url": row["url"] + (f"#{crc32(body.encode()):08x}" if (body := kept.get("body")) else ""),
            "hops": len(meta.get("redirect_urls", ())),
            "frontier_host": name,
        }
        if meta.get("browser"):
            meta |= browser.meta(self.session.portals[meta["portal"]].delay)
        headers = kept.pop("headers", {}) | self.conditions(row)
        if callback := kept.pop("callback", None):
            kept["callback"] = getattr(self.spider, callback)
        if "body" in kept:
            kept["body"] = kept["body"].encode("latin-1")
        return Request(
            row["url"],
            priority=row["priority"],
            meta=meta,
            headers=headers,
            errback=self.failed,
            dont_filter=True,
            **kept,
        )

    def conditions(self, row: Row) -> dict[str, str]:
        """If-None-Match and If-Modified-Since for what may be as it was; lists are always read anew.

        From the row, where they were stored together with what the response led to: a response whose transaction was
        lost must be fetched whole again, or its attachments would never be found.
        """
        if row["kind"] not in ("detail", "attachment"):
            return {}
        names = {"etag": "If-None-Match", "last_modified": "If-Modified-Since"}
        return {name: row[key] for key, name in names.items() if row[key]}
