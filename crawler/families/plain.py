"""The named fallback for every other system: rows with a date or a report's title, and any of the known pagers."""

from __future__ import annotations

from .. import pagers
from ..pages import Family, Listing, Page


def claims(page: Page) -> bool:
    """Always: what no other family claims is read by what lists have in common."""
    return True


def listing(page: Page) -> Listing:
    """Anchors with a date in their row or with a report's title; the further pages (crawler.pagers)."""
    return Listing(page.rows(), pagers.further(page))


FAMILY = Family("plain", 1000, claims, listing)
