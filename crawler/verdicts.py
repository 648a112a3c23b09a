"""Verdicts on other rows than that of a response: pages that were taken for content, redirects whose end has failed.

All but `mark` is called inside the frontier's one transaction, so that a kill leaves either all of it or nothing.
"""

from __future__ import annotations

from scrapy import Request

from archive.clock import now

from .findings import Spoiled
from .session import Session


def spoil(session: Session, spider: str, portal: str, page: Spoiled) -> None:
    """Let a page of this round fail after all; its captures of the round are not read by `build`, nor by a rebuild."""
    round_ = session.portals[portal].round
    about = [portal, page.url, round_]
    found = session.db.query(
        "select id from capture where portal = ? and url = ? and round = ? and refused = ''", about
    )
    for row in list(found):
        said = {"portal": portal, "capture": row["id"], "kind": page.kind}
        session.recorder.note(page.url, "refused", said)
        session.db.execute("update capture set refused = ? where id = ?", [page.kind, row["id"]])
    session.db.execute(
        "update url set state = 'failed', note = ?, etag = null, last_modified = null where portal = ? and url = ? and round = ? and spider = ?",
        [page.reason, *about, spider],
    )
    values = {"subject": page.url, "kind": page.kind, "reason": page.reason, "url": page.url, "portal": portal}
    session.db.table("failure").insert({**values, "round": round_, "at": now()}, replace=True)


def fail_origins(session: Session, spider: str, request: Request) -> None:
    """What led to a page that failed has failed with it: its row was done when it named the other address."""
    for origin in request.meta.get("redirect_urls", ()):
        portal = request.meta["portal"]
        session.db.execute(
            "update url set state = 'failed' where url = ? and portal = ? and spider = ? and round = ? and state = 'done' and note like 'to %'",
            [origin, portal, spider, session.portals[portal].round],
        )


def has_failed(session: Session, spider: str, request: Request) -> bool:
    """Whether the address that a redirect names was asked for in this round, and failed."""
    portal = request.meta["portal"]
    rows = session.db.query(
        "select 1 from url where url = ? and portal = ? and spider = ? and round = ? and state = 'failed' limit 1",
        [request.url, portal, spider, session.portals[portal].round],
    )
    return next(rows, None) is not None


def mark(session: Session, capture: str | None, kind: str) -> None:
    """Say of a recorded answer that it is no content, so that `build` does not read it; in the WARC too, for a rebuild."""
    row = next((row for row in session.captures if row["id"] == capture), None)
    if row is None:  # the transaction of another row has stored it already
        row = next(session.db.query("select id, url, portal from capture where id = ?", [capture]), None)
        session.db.execute("update capture set refused = ? where id = ?", [kind, capture])
    else:
        row["refused"] = kind
    if row is not None:
        said = {"portal": row["portal"], "capture": row["id"], "kind": kind}
        session.recorder.note(row["url"], "refused", said)
