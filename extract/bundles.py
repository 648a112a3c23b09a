"""Bundles (ZIP, RAR): which bytes are one, and the documents in it, each with its path. In memory, nothing is written.

A DOCX, XLSX or OFD is a zip file too, and a document: what has the marks of a package is no bundle. Names in ZIP files
are UTF-8 where they say so, else tried as UTF-8 and GBK (APPNOTE 4.4.4, 4.6.9). RAR is in `unrar.py`.
"""

from __future__ import annotations

import hashlib
import io
import stat
import zipfile
import zlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from . import unrar
from .model import Unreadable
from .unrar import LOCKED, Listed, Spoilt, decoded

ZIP, EMPTY_ZIP, RAR = b"PK\x03\x04", b"PK\x05\x06", unrar.MAGIC
MAX_MEMBER = 64 * 2**20  # bytes of one member: a scan of 60 pages has about 60 MB
MAX_ALL = 200 * 2**20  # bytes of all members of a bundle, those of bundles inside it too
MAX_MEMBERS = 1_000  # of a bundle, likewise: the reports of a county are about 100
MAX_DEPTH = 3  # bundles inside one another
READER = "bundle/1"  # raise it when other members are given
BETWEEN = "!/"  # between the address of a bundle and the path inside it, as in `jar:` addresses

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
_UNICODE_PATH = 0x7075  # extra field (APPNOTE 4.6.9)


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


def members(data: bytes, room: Room, only: Collection[str] | None = None) -> Iterator[Inside]:
    """The members of a bundle in its order, those that are left out too, folders not; each path once.

    `only`: of a package (a Word document) those that are named. Raises Unreadable where there is no list of them.
    """
    seen: dict[str, int] = {}
    for listed in unrar.listed(data) if kind(data) == "rar" else _listed_zip(data):
        if only is not None and listed.path not in only:
            continue
        inside = _member(listed, room)
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


def _listed_zip(data: bytes) -> Iterator[Listed]:
    try:
        packed = zipfile.ZipFile(io.BytesIO(data))
    except _DAMAGE as error:
        raise Unreadable(f"the ZIP bundle is damaged: {error}") from error
    with packed:
        for info in packed.infolist():
            if info.is_dir():
                continue

            def unpacked(info: zipfile.ZipInfo = info) -> bytes:
                with packed.open(info) as file:
                    return file.read(info.file_size + 1)

            link = stat.S_ISLNK(info.external_attr >> 16)
            yield Listed(zip_name(info), info.file_size, link, bool(info.flag_bits & _LOCKED), unpacked)


def zip_name(info: zipfile.ZipInfo) -> str:
    """The path of a member of a ZIP file, with `/` between its parts."""
    name = info.filename
    if not info.flag_bits & _UTF8:
        raw = name.encode("cp437", "replace")  # as zipfile has decoded it
        name = _unicode_path(info.extra, raw) or decoded(raw) or name
    return name.replace("\\", "/")


def _unicode_path(extra: bytes, raw: bytes) -> str:
    """The name that an extra field gives in UTF-8, where it belongs to this name."""
    while len(extra) >= 4:
        tag, size = int.from_bytes(extra[:2], "little"), int.from_bytes(extra[2:4], "little")
        body, extra = extra[4 : 4 + size], extra[4 + size :]
        if tag == _UNICODE_PATH and len(body) > 5 and int.from_bytes(body[1:5], "little") == zlib.crc32(raw):
            return body[5:].decode("utf-8", "replace")
    return ""


def _member(listed: Listed, room: Room) -> Inside:
    """A member, unpacked where it is wanted and there is room for it."""
    path, size = listed.path, listed.size
    if why := _unwanted(path, listed.link):
        return Inside(path, reason=why)
    if listed.locked:
        return Inside(path, reason=f"it is {LOCKED}", lost=True)
    if size > MAX_MEMBER:
        return Inside(path, reason=f"it unpacks to more than {MAX_MEMBER >> 20} MB", lost=True)
    if size > room.size:
        return Inside(path, reason=f"all together unpack to more than {MAX_ALL >> 20} MB", lost=True)
    room.size -= size
    try:
        data = listed.unpacked()
    except (Spoilt, *_DAMAGE) as error:
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
