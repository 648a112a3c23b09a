"""The frontier's one transaction: captures, what a response led to, what it said, and the end of its row.

At its end it is told to the WARC (`Recorder.tell`): killed in between, the next run's repair stores what was told.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from scrapy import Request
from scrapy.utils.httpobj import urlparse_cached

from archive.captures import insert
from archive.clock import now

from .findings import Ended, Spoiled, Stored
from .kept import Row, as_json
from .rests import NotNow
from .session import Session
from .verdicts import fail_origins, mark, spoil

NOT_NOW = "not-now"  # the kind of failure of a row that waits because its host is left alone
_INSERT = (
    "insert into url (fingerprint, url, spider, portal, host, kind, priority, request, found_on, column_url, link_text, "
    "stated_date, round, added_at, state) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a request: what it found, what is stored, and how its row ends."""

    found: tuple[Request, ...] = ()
    stored: tuple[Stored, ...] = ()
    status: int | None = None
    note: str = ""
    ended: Ended | None = None
    state: str | None = None
    spoiled: tuple[Spoiled, ...] = ()


class Ledger:
    """Writes what the frontier learns into the catalogue, for one spider."""

    def __init__(self, session: Session, spider: Any, fingerprinter: Any) -> None:
        self.session = session
        self.db = session.db
        self.spider = spider
        self.fingerprinter = fingerprinter

    def commit(self, request: Request | None, came: Outcome) -> set[str]:
        """The transaction; the hosts that have new rows."""
        row = request.meta["row"] if request else None
        hosts: set[str] = set()
        if came.ended and came.ended.refused and request is not None:
            self.refuse(request, came.ended.kind)
        with self.db.atomic():
            insert(self.db, self.session.captures)
            for other in came.found:
                if state_of := other.meta.get("remember"):
                    self.remember(other, state_of)
                else:
                    hosts |= self.add(other, row)
            for item in came.stored:
                self.store(item)
            if request is not None:
                for each in came.spoiled:
                    spoil(self.session, self.spider.name, request.meta["portal"], each)
                self.end(request, came)
            self.session.recorder.tell()
        self.session.stored()
        return hosts

    def postpone(self, request: Request, why: NotNow, is_failure: bool) -> None:
        """A row that is not asked for now waits on, and says why; what answered it is no content."""
        self.refuse(request, NOT_NOW)
        with self.db.atomic():
            insert(self.db, self.session.captures)
            self.db.execute("update url set note = ? where id = ?", [why.reason, request.meta["row"]])
            if is_failure:
                self.fail(request.meta["row_url"], request.meta["portal"], Ended(NOT_NOW, why.reason))
            self.session.recorder.tell()
        self.session.stored()

    def unheard(self, rows: list[Row], checks: list[Stored]) -> None:
        """The list pages that wait because their host cannot be asked: a reading that failed, for this round."""
        with self.db.atomic():
            for row in rows:
                self.fail(row["url"], row["portal"], Ended(NOT_NOW, row["reason"]))
            for check in checks:
                self.store(check)
            self.session.recorder.tell()

    def fail(self, subject: str, portal: str, ended: Ended) -> None:
        """The row that says of an address what failed."""
        values = {"subject": subject, "kind": ended.kind, "reason": ended.reason, "url": subject, "portal": portal}
        self.db.table("failure").insert(
            {**values, "round": self.session.portals[portal].round, "at": now()}, replace=True
        )

    def refuse(self, request: Request, kind: str) -> None:
        """Mark what only pretends to be the page, so that `build` does not read it; also in the WARC, for a rebuild.

        Its captures may be in the catalogue already, by the transaction of another row. So may the same answer of a run
        that was killed before its commit.
        """
        capture = request.meta.get("capture")
        if capture is None:
            return
        mark(self.session, capture, kind)
        row = next((row for row in self.session.captures if row["id"] == capture), None)
        row = row or next(
            self.db.query("select portal, url, round, status, sha256 from capture where id = ?", [capture])
        )
        self.db.execute(
            "update capture set refused = ? where portal = ? and url = ? and round = ? and status = ? and sha256 = ?",
            [kind, *(row[name] for name in ("portal", "url", "round", "status", "sha256"))],
        )

    def store(self, item: Stored) -> None:
        """Store what a callback found; a list page that was read after all was not unread."""
        if item.table == "column_check" and item.values["ok"]:
            self.db.execute(
                "delete from column_check where portal = ? and page = ? and round = ? and not ok and note like ?",
                [*(item.values[name] for name in ("portal", "page", "round")), f"{NOT_NOW}%"],
            )
        table = self.db.table(item.table)
        table.insert(item.values, pk=item.key, replace=not item.keep, ignore=item.keep)
        if item.renew:
            key = tuple(item.values[name] for name in item.key)
            table.update(key if len(key) > 1 else key[0], {name: item.values[name] for name in item.renew})

    def end(self, request: Request, came: Outcome) -> None:
        """The end of a row, and of the failure that stood for it; validators are those of reports alone.

        A page that is none, and only leads to reports, is asked for whole in every round, as columns are.
        """
        meta, ended = request.meta, came.ended
        is_content = ended is None and came.status == 200 and came.state != "not_report"
        etag, modified = meta.get("validators", (None, None)) if is_content else (None, None)
        keep = int(ended is None and came.status == 304)  # what was confirmed stays valid; what failed is fetched whole
        self.db.execute(
            "update url set state = ?, status = ?, capture = ?, note = ?, ended_at = ?, etag = iif(?, etag, ?), "
            "last_modified = iif(?, last_modified, ?) where id = ?",
            [
                came.state or ("failed" if ended else "done"),
                came.status,
                meta.get("capture"),
                ended.reason if ended else came.note,
                now(),
                keep,
                etag,
                keep,
                modified,
                meta["row"],
            ],
        )
        self.db.execute("delete from failure where subject = ?", [meta["row_url"]])
        if ended:
            fail_origins(self.session, self.spider.name, request)
            self.fail(meta["row_url"], meta["portal"], ended)

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
        fingerprint = self.fingerprinter.fingerprint(request)
        self.db.execute(
            "update url set column_url = ? where fingerprint = ? and spider = ? and portal = ? and not exists "
            "(select 1 from column_page c where c.portal = url.portal and c.url = url.column_url and c.unit <> '')",
            [request.meta.get("column_url", ""), fingerprint, self.spider.name, request.meta["portal"]],
        )

    def values(self, request: Request, found_on: int | None) -> list[Any]:
        """The values of a row, in the order of _INSERT, up to its state."""
        meta = request.meta
        return [
            self.fingerprinter.fingerprint(request),
            request.url,
            self.spider.name,
            meta["portal"],
            urlparse_cached(request).hostname or "",
            meta["kind"],
            request.priority,
            as_json(request, self.spider),
            found_on,
            meta.get("column_url", ""),
            meta.get("link_text", ""),
            meta.get("stated_date"),
            self.session.portals[meta["portal"]].round,
            now(),
        ]

    def remember(self, request: Request, state: str) -> None:
        """A row that is not to be fetched: an entry that is no report, so that it is known. What is known otherwise stays."""
        self.db.execute(
            f"{_INSERT} on conflict (fingerprint, spider, portal) do nothing", [*self.values(request, None), state]
        )
