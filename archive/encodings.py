"""Bodies without their Content-Encoding, one rule for the crawler and for `build`: the bytes decide, then the header.

Servers compress without being asked, without saying so, or say br and send plain HTML (portals.md, 1.6). What only the
header says is passed over; what is compressed and stops in the middle is broken, and no part of it is content.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator

MAX_CONTENT = 200 * 2**20  # bytes of a body once unpacked: more is a bomb
PIECE = 1 << 18  # bytes unpacked at a time, so that a bomb is stopped at the limit
GZIP, ZSTD = b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd"
_PLAIN = bytes({7, 8, 9, 10, 12, 13, 27} | set(range(0x20, 0x100)))


class Broken(Exception):
    """A compressed body that ends too early or is damaged. Raised by `unpacked`."""


class TooMuch(Exception):
    """A body that unpacks to more than the limit. Raised by `unpacked`."""


def unpacked(body: bytes, encodings: Iterable[str], most: int = MAX_CONTENT) -> bytes:
    """The body without its encodings (the values of Content-Encoding, as sent). Raises Broken, TooMuch.

    gzip and zstd are known by their first bytes, whatever was announced. br and deflate have none: where they were
    announced and the body reads as text, it was sent plain.
    """
    tokens = [token.strip().lower() for value in encodings for token in value.split(",")]
    for token in reversed([token for token in tokens if token not in ("", "identity")] or [""]):
        if body.startswith(GZIP):
            body = _joined(_gzip(body), most)
        elif body.startswith(ZSTD):
            body = _joined(_zstd(body), most)
        elif token in _WITHOUT_MARK and body and not is_plain(body):
            body = _joined(_WITHOUT_MARK[token](body), most)
    return body


def is_plain(body: bytes) -> bool:
    """Whether bytes read as text: no control characters at their beginning, and a tag, a JSON bracket or UTF-8 there."""
    head = body[:512]
    if head.translate(None, _PLAIN):
        return False
    return head.lstrip()[:1] in (b"<", b"{", b"[") or _is_utf8(head)


def _is_utf8(head: bytes) -> bool:
    """Whether bytes are UTF-8, but for a character that is cut at their end."""
    return len(head.decode("utf-8", errors="ignore").encode()) > len(head) - 4


def _joined(pieces: Iterator[bytes], most: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    for piece in pieces:
        parts.append(piece)
        size += len(piece)
        if size > most:
            raise TooMuch(f"the body unpacks to more than {most >> 20} MB")
    return b"".join(parts)


def _gzip(body: bytes) -> Iterator[bytes]:
    """One member or several; what follows the last and is none is padding."""
    rest = body
    while rest.startswith(GZIP):
        inflate = zlib.decompressobj(zlib.MAX_WBITS | 16)
        yield from _inflated(inflate, rest, "gzip")
        rest = inflate.unused_data


def _deflate(body: bytes) -> Iterator[bytes]:
    """With the header of zlib, as the standard says, or without, as some servers send it."""
    try:
        zlib.decompressobj().decompress(body[:64], 1)
        inflate = zlib.decompressobj()
    except zlib.error:
        inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    yield from _inflated(inflate, body, "deflate")


def _inflated(inflate: zlib._Decompress, body: bytes, name: str) -> Iterator[bytes]:
    try:
        while not inflate.eof:
            piece = inflate.decompress(body, PIECE)
            body = inflate.unconsumed_tail
            if not piece and not body and not inflate.eof:
                raise Broken(f"the {name} body ends in the middle")
            yield piece
    except zlib.error as error:
        raise Broken(f"the {name} body is damaged: {error}") from error


def _brotli(body: bytes) -> Iterator[bytes]:
    import brotli  # comes with Scrapy

    made = brotli.Decompressor()
    try:
        yield made.process(body, output_buffer_limit=PIECE)
        while not made.can_accept_more_data():
            yield made.process(b"", output_buffer_limit=PIECE)
    except brotli.error as error:
        raise Broken(f"the br body is damaged: {error}") from error
    if not made.is_finished():
        raise Broken("the br body ends in the middle")


def _zstd(body: bytes) -> Iterator[bytes]:
    from backports import zstd  # comes with Scrapy

    made = zstd.ZstdDecompressor()
    try:
        yield made.decompress(body, PIECE)
        while not made.eof and not made.needs_input:
            yield made.decompress(b"", PIECE)
    except zstd.ZstdError as error:
        raise Broken(f"the zstd body is damaged: {error}") from error
    if not made.eof:
        raise Broken("the zstd body ends in the middle")


_WITHOUT_MARK: dict[str, Callable[[bytes], Iterator[bytes]]] = {"br": _brotli, "deflate": _deflate}
