"""Bundles (ZIP, RAR): which bytes are one, and the documents in it, each with its path. In memory, nothing is written.

A DOCX, XLSX or OFD is a zip file too, and a document: what has the marks of a package is no bundle. Names in ZIP files
are UTF-8 where they say so, else tried as UTF-8 and GBK (APPNOTE 4.4.4, 4.6.9). RAR: the list is read by rarfile, which
needs no locale and tells what is locked; the data by libarchive, which needs no other program. Checksums hold them
together, because libarchive gives the locked bytes of RAR 5 as if they were the file.
"""

from __future__ import annotations

import hashlib
import io
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from .model import Unreadable

ZIP, EMPTY_ZIP, RAR = b"PK\x03\x04", b"PK\x05\x06", b"Rar!\x1a\x07"
MAX_MEMBER = 64 * 2**20  # bytes of one member: a scan of 60 pages has about 60 MB
MAX_ALL = 200 * 2**20  # bytes of all members of a bundle, those of bundles inside it too
MAX_MEMBERS = 1_000  # of a bundle, likewise: the reports of a county are about 100
MAX_DEPTH = 3  # bundles inside one another
READER = "bundle/1"  # raise it when other members are given
BETWEEN = "!/"  # between the address of a bundle and the path inside it, as in `jar:` addresses
MISSING = (
    "a RAR bundle, which libarchive must unpack: install it, `apt-get install libarchive13` and "
    "`pip install libarchive-c rarfile`"
)
LOCKED = "locked with a password"

# A member that only a package has: Office Open XML; OpenDocument and EPUB; Java and Android; OFD.
_PACKAGES = frozenset({"[content_types].xml", "mimetype", "meta-inf/manifest.mf", "ofd.xml"})
_JUNK = ("__macosx/", "$recycle.bin/")
_JUNK_NAMES = frozenset({"thumbs.db", "desktop.ini", ".ds_store"})
_DAMAGE = (
    zipfile.BadZipFile,
    EOFError,
    OSError,
    NotImplementedError,
    ValueError,
    RuntimeError,
    MemoryError,
    zlib.error,
)
_LOCKED, _UTF8 = 0x1, 0x800  # flags of a member (APPNOTE 4.4.4)
_RAR4_UNICODE = 0x200  # flag of a member: its name stands there twice
_UNICODE_PATH = 0x7075  # extra field (APPNOTE 4.6.9)


class _Spoilt(Exception):
    """A member that cannot be unpacked: the reason. Raised inside this module."""


@dataclass(frozen=True, slots=True)
class Inside:
    """A member of a bundle: its path, and its bytes or the reason why they are left out.

    `lost`: what is left out may be a document, so that somebody should look at it. `sha256`: empty for what is left out.
    """

    path: str
    data: bytes = b""
    reason: str = ""
    lost: bool = False
    sha256: str = ""
    size: int = 0


@dataclass(slots=True)
class Room:
    """How many bytes and members may still be unpacked. Not frozen: it counts."""

    size: int = MAX_ALL
    members: int = MAX_MEMBERS


def kind(data: bytes) -> str:
    """`zip` or `rar` for a bundle, empty for everything else."""
    if data.startswith(RAR):
        return "rar"
    if not data.startswith((ZIP, EMPTY_ZIP)):
        return ""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            names = {info.filename.casefold().replace("\\", "/").lstrip("/") for info in packed.infolist()}
    except _DAMAGE:  # a torn file has lost its list, and shows its names where the members begin
        return "" if any(name.encode() in data.lower() for name in _PACKAGES) else "zip"
    return "" if names & _PACKAGES else "zip"


@cache
def missing() -> str:
    """What to install to unpack RAR, in words; empty where it is installed."""
    try:
        import libarchive  # noqa: F401  # loads the system's library
        import rarfile  # noqa: F401
    except (ImportError, OSError, AttributeError, TypeError):  # without its library libarchive-c fails in any of these
        return MISSING
    return ""


def members(data: bytes, room: Room) -> Iterator[Inside]:
    """The members of a bundle in its order, those that are left out too, folders not; each path once.

    Raises Unreadable where there is no list of them.
    """
    seen: dict[str, int] = {}
    for inside in _rar(data, room) if kind(data) == "rar" else _zip(data, room):
        seen[inside.path] = count = seen.get(inside.path, 0) + 1
        yield inside if count == 1 else replace(inside, path=f"{inside.path} ({count})")
        room.members -= 1
        if room.members <= 0:
            yield Inside("…", reason=f"more than {MAX_MEMBERS} members: the rest is left out", lost=True)
            return


def member(data: bytes, path: str) -> bytes:
    """The bytes of one member by its path as `members` gives it; `BETWEEN` stands between bundles inside one another.

    Raises Unreadable where it has none.
    """
    for step in path.split(BETWEEN):
        inside = next((each for each in members(data, Room()) if each.path == step), None)
        if inside is None or inside.reason:
            raise Unreadable(f"{step}: {inside.reason}" if inside else f"the bundle has no {step}")
        data = inside.data
    return data


def _zip(data: bytes, room: Room) -> Iterator[Inside]:
    try:
        packed = zipfile.ZipFile(io.BytesIO(data))
    except _DAMAGE as error:
        raise Unreadable(f"the ZIP bundle is damaged: {error}") from error
    with packed:
        for info in packed.infolist():
            if info.is_dir():
                continue
            path, link = zip_name(info), stat.S_ISLNK(info.external_attr >> 16)

            def unpacked(info: zipfile.ZipInfo = info) -> bytes:
                with packed.open(info) as file:
                    return file.read(info.file_size + 1)

            yield _member(path, info.file_size, link, bool(info.flag_bits & _LOCKED), unpacked, room)


def zip_name(info: zipfile.ZipInfo) -> str:
    """The path of a member of a ZIP file, with `/` between its parts."""
    name = info.filename
    if not info.flag_bits & _UTF8:
        raw = name.encode("cp437", "replace")  # as zipfile has decoded it
        name = _unicode_path(info.extra, raw) or _decoded(raw) or name
    return name.replace("\\", "/")


def _unicode_path(extra: bytes, raw: bytes) -> str:
    """The name that an extra field gives in UTF-8, where it belongs to this name."""
    while len(extra) >= 4:
        tag, size = int.from_bytes(extra[:2], "little"), int.from_bytes(extra[2:4], "little")
        body, extra = extra[4 : 4 + size], extra[4 + size :]
        if tag == _UNICODE_PATH and len(body) > 5 and int.from_bytes(body[1:5], "little") == zlib.crc32(raw):
            return body[5:].decode("utf-8", "replace")
    return ""


def _decoded(raw: bytes) -> str:
    for charset in ("utf-8", "gb18030"):
        try:
            return raw.decode(charset)
        except UnicodeDecodeError:
            continue
    return ""


def _rar(data: bytes, room: Room) -> Iterator[Inside]:
    if missing():
        raise Unreadable(missing())
    import libarchive
    import rarfile

    try:
        packed = rarfile.RarFile(io.BytesIO(data), part_only=True)
        infos = list(packed.infolist())
    except (rarfile.Error, *_DAMAGE, LookupError) as error:
        raise Unreadable(f"the RAR bundle is damaged: {error or type(error).__name__}") from error
    if not infos:
        raise Unreadable(
            f"the RAR bundle is {LOCKED}" if packed.needs_password() else "the RAR bundle is empty or damaged"
        )
    kind = "rar5" if data[len(RAR) :][:1] == b"\x01" else "rar"
    with libarchive.memory_reader(data, format_name=kind, filter_name="none") as unpacking:
        entries = _Entries(unpacking)
        for info in infos:
            link = info.is_symlink() or bool(getattr(info, "file_redir", None))
            entries.follow(None if link else info.file_size, info.is_dir())
            if not info.is_dir():

                def unpacked(info: Any = info) -> bytes:
                    return entries.bytes_of(info.file_size, info.CRC)

                yield _member(_rar_name(info), info.file_size, link, info.needs_password(), unpacked, room)


def _rar_name(info: Any) -> str:
    """The path of a member; one that is written without Unicode is in the writer's own encoding."""
    raw = getattr(info, "orig_filename", None)
    if isinstance(raw, bytes) and not info.flags & _RAR4_UNICODE and (name := _decoded(raw)):
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
        """The data of the entry. Raises _Spoilt."""
        from libarchive import ArchiveError

        if self.entry is None:
            raise _Spoilt(self.ended)
        data = bytearray()
        try:
            for block in self.entry.get_blocks():
                data += block
                if len(data) > size:
                    break
        except ArchiveError as error:
            raise _Spoilt(str(error.msg)) from error
        if len(data) != size or (checksum is not None and zlib.crc32(data) != checksum):
            raise _Spoilt("its checksum differs")
        return bytes(data)


def _member(path: str, size: int, link: bool, locked: bool, unpacked: Callable[[], bytes], room: Room) -> Inside:
    """A member, unpacked where it is wanted and there is room for it."""
    if why := _unwanted(path, link):
        return Inside(path, reason=why)
    if locked:
        return Inside(path, reason=f"it is {LOCKED}", lost=True)
    if size > MAX_MEMBER:
        return Inside(path, reason=f"it unpacks to more than {MAX_MEMBER >> 20} MB", lost=True)
    if size > room.size:
        return Inside(path, reason=f"all together unpack to more than {MAX_ALL >> 20} MB", lost=True)
    room.size -= size
    try:
        data = unpacked()
    except (_Spoilt, *_DAMAGE) as error:
        return Inside(path, reason=f"it cannot be unpacked: {error or type(error).__name__}", lost=True)
    if not data:
        return Inside(path, reason="it is empty")
    return Inside(path, data, sha256=hashlib.sha256(data).hexdigest(), size=len(data))


def _unwanted(path: str, link: bool) -> str:
    """Why a member is no document, by what the list says of it; empty where it may be one."""
    parts: Sequence[str] = path.split("/")
    if link:
        return "it is a link"
    if path.startswith("/") or ".." in parts or path[1:2] == ":" or "\0" in path:
        return "its path leads out of the bundle"
    name = parts[-1].casefold()
    if path.casefold().startswith(_JUNK) or name in _JUNK_NAMES or name.startswith(("~$", "._")):
        return "it is no document but what a system leaves behind"
    return ""
