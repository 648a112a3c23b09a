"""What a downloaded file is called: many systems give every attachment one address, and the name only in a header.

Order (reference/portals.md, 1.5): Content-Disposition (RFC 5987 `filename*`, else `filename`, whose bytes may be
UTF-8, GBK or percent-encoded), `showname` of the address, the text of the link, the last part of the address.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, unquote_to_bytes, urlsplit

MAX_NAME = 120  # characters
_UNSAFE = re.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|]+")
_ENDING = re.compile(r"\.[A-Za-z0-9]{2,5}$")
_EXTENDED = re.compile(r"filename\*\s*=\s*\"?([\w-]+)'[\w-]*'([^;]+)", re.IGNORECASE)
_RAW = re.compile(r"filename\s*=\s*(?:\"([^\"]*)\"|([^;]+))", re.IGNORECASE)


def file_name(capture: Mapping[str, Any]) -> str:
    """The name of a capture's file, fit for a file system; empty where nothing names it. `capture`: a row of that table."""
    said = str(capture["headers"] or "{}")
    headers = json.loads(said) if "disposition" in said.lower() else {}
    disposition = next((value for name, value in headers.items() if name.lower() == "content-disposition"), "")
    parts = urlsplit(str(capture["url"]))
    query = parse_qs(parts.query, encoding="latin-1") if "showname" in parts.query else {}
    shown = _characters(query.get("showname", [""])[0])
    link = str(capture["link_text"] or "")
    in_path = _characters(parts.path.rpartition("/")[2])
    named = (of_disposition(disposition), shown, link if _ENDING.search(link) else "", in_path)
    return _safe(next(filter(None, named), ""))


def of_disposition(value: str) -> str:
    """The file name in a Content-Disposition header, given as the characters that its bytes are in latin-1."""
    if extended := _EXTENDED.search(value):
        data = unquote_to_bytes(extended[2].strip().strip('"'))
        try:
            return data.decode(extended[1], errors="replace")
        except LookupError:
            return _characters(data.decode("latin-1"))
    raw = _RAW.search(value)
    return _characters((raw[1] or raw[2] or "").strip()) if raw else ""


def _characters(text: str) -> str:
    """The characters meant by raw bytes in latin-1: percent-encoded, UTF-8, or GBK; other characters stay."""
    if (text.isascii() and "%" not in text) or any(character > "\xff" for character in text):
        return text
    data = unquote_to_bytes(text.encode("latin-1"))
    for charset in ("utf-8", "gb18030"):
        try:
            return data.decode(charset)
        except UnicodeDecodeError:
            continue
    return text


def _safe(name: str) -> str:
    """The name without what a file system does not take, its ending kept."""
    plain = _UNSAFE.sub("_", " ".join(name.split())).strip(" .")
    ending = found[0] if (found := _ENDING.search(plain)) else ""
    return plain[: MAX_NAME - len(ending)].removesuffix(ending) + ending if len(plain) > MAX_NAME else plain
