"""The sort-friendly form of a URL that CDXJ indexes are ordered by: host parts reversed, then path and query.

Written here, in a dozen lines, because the library of that name is AGPL (CONTRIBUTING.md).
"""

from __future__ import annotations

from urllib.parse import urlsplit


def surt(url: str) -> str:
    """`http://www.example.gov.cn:80/A?b=2&a=1` → `cn,gov,example)/a?a=1&b=2`, as replay tools look it up."""
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    reverse = host if ":" in host else ",".join(reversed(host.split(".")))
    port = f":{parts.port}" if parts.port and parts.port not in (80, 443) else ""
    query = "&".join(sorted(parts.query.split("&"))) if parts.query else ""
    return f"{reverse}{port}){parts.path or '/'}{'?' + query if query else ''}".lower()
