"""Answers that are no content: refusals of the portal, errors, pages that only pretend to be there (portals.md 1.7).

A refusal is recorded with its kind and never solved. 521 means that the portal declines programs, not that it is down.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

STUB = 2_000  # bytes: cookie shells and script stubs have 300 to 1,400, the smallest page with a list more than this
_SETS_COOKIE = re.compile(rb"document\.cookie\s*=|location\.(?:reload|replace|href)")
_REDIRECTS = re.compile(
    rb"location(?:\.href)?\s*=\s*[\"'][^\"'<>]+[\"']|location\.replace\(\s*[\"'][^\"'<>]+[\"']\s*\)"
)
_SOFT_404 = re.compile(
    "页面不存在|您访问的页面|找不到(?:该|此)?页面|文件不存在|该信息已(?:被)?删除|404 Not Found", re.IGNORECASE
)
_WAF_STATUS = {403, 405, 406, 412, 422, 468, 521}


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a response is not what was asked for: `kind` for programs, `reason` for people."""

    kind: str
    reason: str


def refusal(status: int, headers: Mapping[str, str], body: bytes) -> Refusal | None:
    """The refusal in a response, or None where it is content (or a 304).

    `headers`: names in lower case. Kinds: blocked:jsl, blocked:STATUS, blocked:cookie-shell, gone, soft-404, http:STATUS.
    """
    if status == 304:
        return None
    shell = len(body) < STUB and bool(_SETS_COOKIE.search(body)) and b"<body" not in body.lower()
    shell = shell and (b"cookie" in body or not _REDIRECTS.search(body))  # a script that leads on is a page of its kind
    if status == 521 or ("x-via-jsl" in headers and shell):
        return Refusal("blocked:jsl", "a JavaScript challenge (加速乐) answers instead of the page")
    if status in _WAF_STATUS:
        return Refusal(f"blocked:{status}", f"the portal refuses programs with status {status}")
    if status in (404, 410):
        return Refusal("gone", f"status {status}")
    if status >= 400 or status < 200:
        return Refusal(f"http:{status}", f"status {status}")
    if shell:
        return Refusal("blocked:cookie-shell", "a script that sets a cookie answers instead of the page")
    if len(body) < STUB * 4 and _SOFT_404.search(body.decode("utf-8", errors="ignore")):
        return Refusal("soft-404", "the page says that it does not exist, with status 200")
    return None
