"""The members of a RAR file: listed by rarfile, which needs no locale and tells what is locked; unpacked by libarchive.

Both work in memory and need no other program. Sizes and checksums hold the list and the data together, because
libarchive gives the locked bytes of RAR 5 as if they were the file.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from .model import Unreadable

MAGIC = b"Rar!\x1a\x07"
LOCKED = "locked with a password"
MISSING = (
    "a RAR bundle, which libarchive must unpack: install it, `apt-get install libarchive13` and "
    "`pip install libarchive-c rarfile`"
)

_UNICODE = 0x200  # flag of a member of RAR 4: its name stands there twice
_DAMAGE = (EOFError, OSError, NotImplementedError, ValueError, RuntimeError, MemoryError, LookupError, zlib.error)


class Spoilt(Exception):
    """A member that cannot be unpacked: the reason. Raised by `Listed.unpacked`."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A member as the list of a bundle says: path, bytes when unpacked, a link or locked, and how its data are had."""

    path: str
    size: int
    link: bool
    locked: bool
    unpacked: Callable[[], bytes]


@cache
def missing() -> str:
    """What to install to unpack RAR, in words; empty where it is installed."""
    try:
        import libarchive  # noqa: F401  # loads the system's library
        import rarfile  # noqa: F401
    except (ImportError, OSError, AttributeError, TypeError):  # without its library libarchive-c fails in any of these
        return MISSING
    return ""


def listed(data: bytes) -> Iterator[Listed]:
    """The members in their order, to be unpacked in it. Raises Unreadable where there is no list, or no libarchive."""
    if missing():
        raise Unreadable(missing())
    import libarchive
    import rarfile

    try:
        packed = rarfile.RarFile(io.BytesIO(data), part_only=True)
        infos = list(packed.infolist())
    except (rarfile.Error, *_DAMAGE) as error:
        raise Unreadable(f"the RAR bundle is damaged: {error or type(error).__name__}") from error
    if not infos:
        raise Unreadable(
            f"the RAR bundle is {LOCKED}" if packed.needs_password() else "the RAR bundle is empty or damaged"
        )
    kind = "rar5" if data[len(MAGIC) :][:1] == b"\x01" else "rar"
    with libarchive.memory_reader(data, format_name=kind, filter_name="none") as unpacking:
        entries = _Entries(unpacking)
        for info in infos:
            link = info.is_symlink() or bool(getattr(info, "file_redir", None))
            entries.follow(None if link else info.file_size, info.is_dir())
            if not info.is_dir():

                def unpacked(info: Any = info) -> bytes:
                    return entries.bytes_of(info.file_size, info.CRC)

                yield Listed(_name(info), info.file_size, link, info.needs_password(), unpacked)


def _name(info: Any) -> str:
    """The path of a member; one that is written without Unicode is in the writer's own encoding."""
    raw = getattr(info, "orig_filename", None)
    if isinstance(raw, bytes) and not info.flags & _UNICODE and (name := decoded(raw)):
        return name.replace("\\", "/")
    return str(info.filename)


class _Entries:
    """The members of a RAR file as libarchive gives them, one after another, beside rarfile's list of them."""

    def __init__(self, unpacking: Any) -> None:
        self.entries = iter(unpacking)
        self.entry: Any = None
        self.ended = ""

    def follow(self, size: int | None, is_dir: bool) -> None:
        """Go on to the next entry, to one of this size: rarfile's list leaves out older versions of a file."""
        from libarchive import ArchiveError

        self.entry = None
        while not self.ended:
            try:
                entry = next(self.entries)
            except StopIteration:
                self.ended = "it lies in another volume, or beyond the end"
            except ArchiveError as error:
                self.ended = str(error.msg)
            else:
                if entry.isdir == is_dir and (size is None or entry.size in (size, None)):
                    self.entry = entry
                    return

    def bytes_of(self, size: int, checksum: int | None) -> bytes:
        """The data of the entry. Raises Spoilt."""
        from libarchive import ArchiveError

        if self.entry is None:
            raise Spoilt(self.ended)
        data = bytearray()
        try:
            for block in self.entry.get_blocks():
                data += block
                if len(data) > size:
                    break
        except ArchiveError as error:
            raise Spoilt(str(error.msg)) from error
        if len(data) != size or (checksum is not None and zlib.crc32(data) != checksum):
            raise Spoilt("its checksum differs")
        return bytes(data)


def decoded(raw: bytes) -> str:
    """A name in the encoding of the machine that wrote it; empty where it is neither UTF-8 nor GBK."""
    for charset in ("utf-8", "gb18030"):
        try:
            return raw.decode(charset)
        except UnicodeDecodeError:
            continue
    return ""
