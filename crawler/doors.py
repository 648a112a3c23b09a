"""Pages without content of their own: doors that lead on by a frame, a refresh or a script, and lists that wait for one."""

from __future__ import annotations

import re

from .pages import Link, Page

SHORT = 4_000  # characters: a longer page has content of its own beside a script that sets the location
_REDIRECT = re.compile(r"""location(?:\.href)?\s*=\s*["']([^"'<>]+)["']|location\.replace\(\s*["']([^"'<>]+)""")
_PLACEHOLDER = re.compile(r"<\?=\s*\w|\{\{\s*[\w.]+\s*\}\}|\bv-for=|\bng-repeat=|/jact/front/datacall/", re.IGNORECASE)
_SPA = re.compile(r"""<div[^<>]{0,300}?\bid=["']?(?:app|root)["']?[^<>]{0,300}>\s{0,200}</div>""", re.IGNORECASE)


def onward(page: Page) -> tuple[Link, ...]:
    """Where a page leads that has no content of its own: frames, a refresh, a script that sets the location."""
    said = [node.get("src") or "" for node in page.tree.iter("frame", "iframe")]
    for node in page.tree.iter("meta"):
        if (node.get("http-equiv") or "").lower() == "refresh":
            said += re.findall(r"url\s*=\s*[\"']?([^\"'\s;]+)", node.get("content") or "", re.IGNORECASE)
    if len(page.source) < SHORT:
        said += [one or other for one, other in _REDIRECT.findall(page.source)]
    urls = dict.fromkeys(url for each in said if (url := page.absolute(each)) and url != page.url)
    return tuple(Link(url, "") for url in urls)


def waits_for_script(page: Page) -> str:
    """Why the page has no list before its scripts have run (portals.md, 1.7), or nothing."""
    if found := _PLACEHOLDER.search(page.source):
        return f"a script of the page fills its list ({found.group().strip()})"
    return "the page is empty until its scripts have run" if _SPA.search(page.source) else ""
