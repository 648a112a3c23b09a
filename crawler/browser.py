"""Lists that only JavaScript builds: rendered by an installed Chromium, where the extra `browser` is there.

Only column pages that are known to need it (`column_page.needs_browser`) are opened so; details and files are fetched as
ever. What is recorded is the page as rendered, as a WARC `resource` record that says so, not as a response of the server.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from collections import Counter
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

from scrapy.exceptions import CannotResolveHostError

from .addresses import is_address, is_private
from .manners import PrivateAddress
from .session import Session

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAX_CLICKS = 100  # pages of one list that are turned: 1,500 entries
MAX_REQUESTS = 2_000  # of the pages themselves to one host in one run: scripts, styles, what scripts ask for
SETTLE = 30_000  # milliseconds: a page that still loads after this is taken as it is
_USELESS = frozenset({"image", "media", "font", "websocket"})
_TURN = """() => {
  const says = /^\\s*(下一?页|后一?页|›|»|>)\\s*$/;
  const off = node => node.disabled || /disabled/.test(node.className) || node.getAttribute('aria-disabled') === 'true';
  const leads = node => node.tagName === 'A' && !/^(javascript:|#|$)/.test(node.getAttribute('href') || '');
  const nodes = [...document.querySelectorAll('a, button, li, span, i, .btn-next')];
  const next = nodes.filter(node => says.test(node.textContent) || node.matches('button.btn-next')).filter(
    node => !leads(node) && node.offsetParent !== null).pop();
  if (!next || off(next) || (next.parentElement && off(next.parentElement))) return false;
  next.click();
  return true;
}"""
_APPEND = """pages => pages.forEach(html => {
  const section = document.createElement('section');
  section.hidden = true;
  section.innerHTML = html;
  document.body.append(section);
})"""


def chromium() -> str:
    """The path of an installed Chromium (or the one in NIANBAO_CHROMIUM); empty where there is none."""
    given = os.environ.get("NIANBAO_CHROMIUM")
    return given or next((path for name in CHROMIUM if (path := shutil.which(name))), "")


def missing() -> str:
    """What must be installed before lists that scripts build can be read, or nothing."""
    wanted = []
    if find_spec("scrapy_playwright") is None:
        wanted.append("pip install 'nianbao[browser]'")
    if not chromium():
        wanted.append("a Chromium (Debian: apt install chromium), or its path in NIANBAO_CHROMIUM")
    return " and ".join(wanted)


async def settings(session: Session) -> dict[str, Any]:
    """Scrapy's settings with the browser; requests without `playwright` in their meta go the usual way.

    The browser knows the hosts of the portals alone, at the addresses that were judged.
    """
    from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler

    from .downloader import Gate
    from .settings import DOWNLOAD_HANDLERS

    known = {
        name
        for portal in session.portals.values()
        for host in portal.hosts
        for name in ([host] if is_address(host) else [host, f"www.{host}"])
    }
    judged = [rule for rule in await asyncio.gather(*(_rule(session, name) for name in sorted(known))) if rule]
    only = ", ".join([*judged, "MAP * ~NOTFOUND"])  # also for what is redirected; the first rule that fits holds

    class Handler(Gate, ScrapyPlaywrightDownloadHandler):  # type: ignore[misc]
        """The browser, behind the same gate as everything else."""

    return {
        "DOWNLOAD_HANDLERS": {**DOWNLOAD_HANDLERS, "http": Handler, "https": Handler},
        "PLAYWRIGHT_LAUNCH_OPTIONS": {
            "executable_path": chromium(),
            "args": ["--no-sandbox", "--disable-gpu", f"--host-resolver-rules={only}"],
        },
        "PLAYWRIGHT_DEFAULT_NAVIGATION_TIMEOUT": 60_000,  # as DOWNLOAD_TIMEOUT
        "PLAYWRIGHT_MAX_PAGES_PER_CONTEXT": 2,  # each takes 100 MB
        "PLAYWRIGHT_ABORT_REQUEST": _guard(session),
    }


async def _rule(session: Session, name: str) -> str:
    """The rule for a host of a portal; nothing where it has no address that may be asked."""
    private = any(portal.allow_private for portal in session.portals.values() if name in portal.hosts)
    try:
        address = await session.manners.address(name, private)
    except (CannotResolveHostError, PrivateAddress):
        return ""
    return f"MAP {name} " + (f"[{address}]" if ":" in address else address)


def meta(delay: float) -> dict[str, Any]:
    """What a request carries that the browser is to make: the page is loaded, and its pager turned to the end."""
    from scrapy_playwright.page import PageMethod

    return {"playwright": True, "playwright_page_methods": [PageMethod(_turn_pages, max(delay, 0.05))]}


def _guard(session: Session) -> Callable[[Any], bool]:
    """Which of a page's own requests are not made: pictures, what is not of a portal's hosts, and any after so many."""
    made: Counter[str] = Counter()

    def is_refused(request: Any) -> bool:
        host = urlsplit(request.url).hostname or ""
        known = [portal for portal in session.portals.values() if portal.reads(request.url)]
        private = is_private(host) and not any(portal.allow_private for portal in known)
        made[host] += 1
        return request.resource_type in _USELESS or not known or private or made[host] > MAX_REQUESTS

    return is_refused


async def _turn_pages(page: Any, delay: float) -> None:
    """Turn the list's pager to its end, and append the pages that were shown before to the last, hidden."""
    await _settle(page)
    shown: list[str] = []
    for _ in range(MAX_CLICKS):
        before = str(await page.evaluate("document.body.innerHTML"))
        if before in shown:
            break
        shown.append(before)
        if not await page.evaluate(_TURN):
            break
        await page.wait_for_timeout(delay * 1000)
        await _settle(page)
    last = str(await page.evaluate("document.body.innerHTML"))
    await page.evaluate(_APPEND, [html for html in shown if html != last])


async def _settle(page: Any) -> None:
    from playwright.async_api import Error

    try:
        await page.wait_for_load_state("networkidle", timeout=SETTLE)
    except Error:  # a page that polls for ever: what is there is read
        return
