"""Bytes to characters: what is declared is tried first, and gb2312 and gbk are read as gb18030, which holds both."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from charset_normalizer import from_bytes

_META = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_\-]+)""", re.IGNORECASE)
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_TRUSTED = {"utf-8", "utf8", "utf-16", "utf-16le", "utf-16be", "big5", "big5-hkscs"}
_CHINESE = {"gb2312", "gbk", "gb18030", "gb_2312-80", "x-gbk", "cp936", "euc-cn", "hz-gb-2312"}


def decode(data: bytes, declared: str | None = None) -> str | None:
    """The characters of the bytes, or None where they are no text in any likely encoding.

    Order: byte order mark, the declared charset, the page's own meta tag, UTF-8, gb18030, then a guess; the first that
    decodes without an error wins, because a wrong header over a right body is common.
    """
    for bom, name in _BOMS:
        if data.startswith(bom):
            return data.decode(name, errors="replace")
    for name in _candidates(data, declared):
        try:
            return data.decode(name)
        except UnicodeDecodeError:
            continue
    return _damaged(data, declared)


def _candidates(data: bytes, declared: str | None) -> Iterator[str]:
    """Encodings to try. A declared single-byte one is a server's default, and would decode anything: never tried."""
    meta = _META.search(data[:4096])
    for name in (declared, meta[1].decode("ascii") if meta else None, "utf-8", "gb18030"):
        plain = (name or "").strip().lower()
        if plain in _CHINESE:
            yield "gb18030"
        elif plain in _TRUSTED:
            yield plain


def _damaged(data: bytes, declared: str | None) -> str | None:
    """A page with a few broken bytes is still that page: replaced, and visible as U+FFFD."""
    for name in _candidates(data, declared):
        text = data.decode(name, errors="replace")
        if text.count("\ufffd") * 200 < len(text):
            return text
    best = from_bytes(data).best()
    return str(best) if best else None
