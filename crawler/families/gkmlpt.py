"""gkmlpt, the catalogue platform of Guangdong: a tree of categories in a script, lists by a JSON API (portals.md 3.7).

`/gkmlpt/index` (with a prefix on sub-sites) holds `window._CONFIG = {SID: '755031', TREE: [...]}`; the node named 年度报告 is
listed by `/gkmlpt/api/all/{id}?page={n}&sid={SID}`, pages from 1. Details hold their body in `_CONFIG.DETAIL`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from urllib.parse import urljoin, urlsplit

from ..pages import MAX_PAGES, Entry, Family, Fetch, Listing, Page, with_parameter

_CONFIG = re.compile(r"_CONFIG\s*=\s*\{")
_SID = re.compile(r"\bSID\s*:\s*[\"']?(\w+)")
_TREE = re.compile(r"\bTREE\s*:\s*(?=\[)")
_INDEX = re.compile(r"^(.*/gkmlpt)/(?:index|policy)\b")
_NAMED = re.compile(r"年度报告|年报")
_CHINA = timezone(timedelta(hours=8))
_DATES = ("date", "display_publish_time", "first_publish_time", "create_time")


def claims(page: Page) -> bool:
    """By its path, or the settings in its script."""
    return "/gkmlpt/" in page.path or bool(
        _CONFIG.search(page.source) and ("SID" in page.source or "DETAIL" in page.source)
    )


def listing(page: Page) -> Listing:
    """Of the index: the API's first page for every category of that name. Of an answer of the API: its articles."""
    if isinstance(page.json, dict):
        return _articles(page, page.json)
    sid, tree = _SID.search(page.source), _TREE.search(page.source)
    if not sid or not tree:
        return Listing()
    try:
        nodes, _ = json.JSONDecoder().raw_decode(page.source, tree.end())
    except (ValueError, RecursionError):
        return Listing()
    prefix = _INDEX.match(urlsplit(page.url).path)
    base = urljoin(page.url, prefix[1] if prefix else "/gkmlpt")
    named = [node for node in _nodes(nodes) if _NAMED.search(str(node.get("name"))) and not node.get("jump_url")]
    ids = dict.fromkeys(str(node["id"]) for node in named if isinstance(node.get("id"), int | str))
    further = tuple(Fetch(f"{base}/api/all/{id}?page=1&sid={sid[1]}", script=True) for id in ids)[:MAX_PAGES]
    says = ", ".join(f"{node.get('name')} ({node.get('post_count', '?')})" for node in named)
    return Listing((), further, f"the catalogue has the category {says}" if further else "")


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    """The nodes of the catalogue, children too, without walking a tree that is built to go on for ever."""
    waiting, seen = [tree], 0
    while waiting and seen < 10_000:
        children = waiting.pop()
        for node in children if isinstance(children, list) else []:
            if isinstance(node, dict):
                seen += 1
                yield node
                waiting.append(node.get("children"))


def _articles(page: Page, answer: dict[str, Any]) -> Listing:
    """The articles of an answer; on the first page the others, by the total and the number that one page holds."""
    rows = answer.get("articles")
    articles = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    entries = tuple(entry for row in articles if (entry := _entry(page, row)))
    total, at = answer.get("total"), page.parameters.get("page", "1")
    if at != "1" or not isinstance(total, int) or not articles:
        return Listing(entries)
    last = min(-(-total // len(articles)), MAX_PAGES)
    return Listing(entries, tuple(Fetch(with_parameter(page.url, "page", n), script=True) for n in range(2, last + 1)))


def _entry(page: Page, row: dict[str, Any]) -> Entry | None:
    """An article. Its address says https where only http answers, so it is asked for as the list was."""
    url = page.absolute(str(row.get("url") or row.get("post_url") or ""))
    title = " ".join(str(row.get("title") or "").split())
    if not url or not title:
        return None
    if page.on_host(url):
        url = urlsplit(url)._replace(scheme=urlsplit(page.url).scheme).geturl()
    stamp = next((row[name] for name in _DATES if isinstance(row.get(name), int) and row[name] > 0), None)
    stated = str(row.get("created_at") or "")[:10] or None
    with suppress(ValueError, OverflowError, OSError):
        stated = datetime.fromtimestamp(stamp, UTC).astimezone(_CHINA).date().isoformat() if stamp else stated
    return Entry(url, title, stated)


FAMILY = Family("gkmlpt", 10, claims, listing)
