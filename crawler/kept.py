"""What a row of the frontier keeps of a request, and the request that is made of it again."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from zlib import crc32

from scrapy import Request

from . import browser
from .session import Session

_META = (
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
_HEADERS = ("Referer", "X-Requested-With", "Content-Type")
_CONDITIONS = {"etag": "If-None-Match", "last_modified": "If-Modified-Since"}
Row = dict[str, Any]


def as_json(request: Request, spider: Any) -> str:
    """What a row keeps of a request: callback, arguments, method, body, a few headers, our meta."""
    kept: Row = {}
    if request.callback is not None:
        kept["callback"] = name = request.callback.__name__
        assert getattr(spider, name) == request.callback, f"{name} is not a method of the spider"
    if request.cb_kwargs:
        kept["cb_kwargs"] = request.cb_kwargs
    if request.method != "GET":
        kept["method"] = request.method
    if request.body:
        kept["body"] = request.body.decode("latin-1")
    headers = {name: value.decode("latin-1") for name in _HEADERS if (value := request.headers.get(name))}
    if headers:
        kept["headers"] = headers
    kept["meta"] = {key: request.meta[key] for key in _META if key in request.meta}
    return json.dumps(kept, ensure_ascii=False)


def as_request(row: Row, session: Session, spider: Any, errback: Callable[[Any], None], **meta: Any) -> Request:
    """The request of a row: what was kept of it, its conditions, and more meta."""
    kept = json.loads(row["request"])
    meta |= kept.pop("meta")
    meta |= {
        "row": row["id"],
        "row_url": row["url"] + (f"#{crc32(body.encode()):08x}" if (body := kept.get("body")) else ""),
        "hops": len(meta.get("redirect_urls", ())),
    }
    if meta.get("browser"):
        meta |= browser.meta(session.portals[meta["portal"]].delay)
    headers = kept.pop("headers", {}) | conditions(row)
    if callback := kept.pop("callback", None):
        kept["callback"] = getattr(spider, callback)
    if "body" in kept:
        kept["body"] = kept["body"].encode("latin-1")
    return Request(
        row["url"], priority=row["priority"], meta=meta, headers=headers, errback=errback, dont_filter=True, **kept
    )


def conditions(row: Row) -> dict[str, str]:
    """If-None-Match and If-Modified-Since for what may be as it was; lists are always read anew.

    From the row, where they were stored together with what the response led to: a response whose transaction was
    lost must be fetched whole again, or its attachments would never be found.
    """
    if row["kind"] not in ("detail", "attachment"):
        return {}
    return {name: row[key] for key, name in _CONDITIONS.items() if row[key]}


def is_conditional(request: Request) -> bool:
    """Whether a request says what is had already, so that 304 can be an answer."""
    return any(name in request.headers for name in _CONDITIONS.values())
