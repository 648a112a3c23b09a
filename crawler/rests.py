"""Who is left alone for now: hosts that asked for it or cannot be asked, portals whose night or budget is over.

What a host asked for (Retry-After, 429, 503) is written to the table `not_now` and holds for the next run too; the rest is
of this run, and its rows there say to a person why something waits.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from scrapy.exceptions import IgnoreRequest
from sqlite_utils import Database

from archive.clock import moment

from .hours import written

RETRY_AFTER, BUSY, ROBOTS = "retry-after", "busy", "robots"  # of a host
BUDGET, NIGHT = "budget", "night"  # of a portal
UNHEARD = (ROBOTS, BUSY)  # the host cannot be asked in this run: a round ends without what is on it
OVERLOADED = (429, 503)
BACK_OFF = (
    120.0  # seconds after a 429 or 503 that says no time: a block page of 创宇云 is released after one or two minutes
)
LONGEST = 3_600.0  # seconds: a host that says more is asked after an hour; the next crawl comes anyway
STRIKES = 3  # refusals of a host without a good answer between them, after which it is left alone for the run


class NotNow(IgnoreRequest):
    """A request that is not made now; its row waits. Raised at the gate of `Manners`, by `Robots` and by `RetryAfter`."""

    def __init__(self, kind: str, reason: str, until: datetime | None) -> None:
        super().__init__(reason)
        self.kind = kind
        self.reason = reason
        self.until = until


def retry_after(value: str, date: str, at: datetime) -> float | None:
    """The seconds that a Retry-After asks for (a number, or a date by the server's own clock); None where it says none."""
    value = value.strip()
    if value.replace(".", "", 1).isdigit():
        return float(value) or None
    try:
        until = parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return None
    try:
        begin = parsedate_to_datetime(date)
    except (TypeError, ValueError):
        begin = at
    wait = (until.replace(tzinfo=until.tzinfo or UTC) - begin.replace(tzinfo=begin.tzinfo or UTC)).total_seconds()
    return wait if wait > 0 else None


class Rests:
    """The hosts that rest in a run, until when and why; also in the table `not_now`."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.until: dict[
            str, tuple[datetime | None, str, str]
        ] = {}  # host → moment (None: not in this run), kind, reason
        self.strikes: dict[str, int] = {}
        self.answers: dict[str, int] = {}
        self.stopped: dict[str, str] = {}  # portal → kind

    def begin(self, portals: Iterable[str]) -> None:
        """Forget what was of an earlier run of these portals; take up what hosts asked for and is not over."""
        at = written(moment())
        for portal in portals:
            self.db.execute("delete from not_now where portal = ? and until is null", [portal])
            self.db.execute("delete from not_now where portal = ? and kind in (?, ?)", [portal, BUDGET, NIGHT])
        self.db.execute("delete from not_now where until <= ?", [at])
        for row in list(
            self.db.query("select host, until, kind, reason from not_now where host <> '' and until is not null")
        ):
            self.until[row["host"]] = (datetime.fromisoformat(row["until"]), row["kind"], row["reason"])

    def rest(
        self, host: str, portal: str, kind: str, reason: str, until: datetime | None, in_this_run: bool = True
    ) -> None:
        """Leave a host alone until a moment (None: for this run), never for a shorter time than was said before.

        Not `in_this_run`: for the rest of this run, and in the next one until that moment.
        """
        known = self.until.get(host)
        here = until if in_this_run else None
        if known and (known[0] is None or (here is not None and known[0] >= here)):
            return
        self.until[host] = (here, kind, reason)
        self._write(host, portal, kind, reason, until)

    def stop(self, portal: str, kind: str, reason: str, until: datetime | None) -> None:
        """Ask a portal for nothing more in this run."""
        self.stopped[portal] = kind
        self._write("", portal, kind, reason, until)

    def wait(self, host: str) -> float:
        """The seconds that a host is still left alone: 0 where it may be asked, infinity where not in this run."""
        if host not in self.until:
            return 0.0
        until = self.until[host][0]
        if until is None:
            return math.inf
        left = (until - moment()).total_seconds()
        if left <= 0:
            self._forget(host)
        return max(left, 0.0)

    def refuse(self, host: str) -> NotNow:
        """Why a host that rests is not asked."""
        until, kind, reason = self.until[host]
        return NotNow(kind, reason, until)

    def unheard(self) -> list[str]:
        """The hosts that cannot be asked in this run."""
        return [host for host, (_, kind, _) in self.until.items() if kind in UNHEARD]

    def answered(self, host: str, portal: str, status: int, header: str, date: str) -> NotNow | None:
        """Take note of an answer; the reason why its request must come again later, where it says so."""
        overloaded = status in OVERLOADED
        asked = retry_after(header, date, moment())
        if not overloaded:
            self.strikes.pop(host, None)
            self.answers[host] = self.answers.get(host, 0) + 1
            if asked is None:
                return None
        strikes = self.strikes[host] = self.strikes.get(host, 0) + overloaded
        wait = min(asked or BACK_OFF * 2 ** (strikes - 1), LONGEST)
        until = moment() + timedelta(seconds=wait)
        said = f"status {status}, {'Retry-After' if asked else 'no Retry-After: left alone for'} {wait:.0f} seconds"
        if strikes >= STRIKES:
            self.rest(host, portal, BUSY, f"{said}; {strikes} times without a good answer", until, in_this_run=False)
        else:
            self.rest(host, portal, RETRY_AFTER, said, until)
        return self.refuse(host) if overloaded else None

    def _forget(self, host: str) -> None:
        del self.until[host]
        self.db.execute("delete from not_now where host = ?", [host])

    def _write(self, host: str, portal: str, kind: str, reason: str, until: datetime | None) -> None:
        stored = written(until) if until else None
        if host:
            self.db.execute("delete from not_now where host = ?", [host])
        self.db.execute(
            "insert or replace into not_now (host, portal, kind, reason, until, at) values (?, ?, ?, ?, ?, ?)",
            [host, portal, kind, reason, stored, written(moment())],
        )
