"""What the list mechanisms of Hanweb share: the shape of detail pages, and settings in a page's script."""

from __future__ import annotations

import re

DETAIL = re.compile(r"/art/\d{4}/(?:\d{1,2}/\d{1,2}/art_\d+_\d+|art_[0-9a-f]{32})\.html$")
SETTING = r"""["']?\b{}["']?\s*(?:[:=]|,\s*value\s*[:=])\s*["']?([\w/.-]*)"""


def number(found: re.Match[str] | None) -> int:
    """The number in the first group that matched, 0 where nothing did."""
    return int(next(filter(None, found.groups()), 0)) if found else 0
