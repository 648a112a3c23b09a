"""Bundles made by hand: ZIP files as Chinese programs write them, RAR files of both versions without compression.

No free program writes RAR; the headers are those of its published description, so that a fixture needs none.
"""

import io
import stat
import zipfile
import zlib
from collections.abc import Iterable, Mapping

Members = Mapping[str, bytes]
UTF8, ENCRYPTED, HAS_DATA = 0x800, 0x1, 0x2
DATE = (2024, 1, 15, 9, 0, 0)


def zip_of(
    members: Members, names: str = "utf-8", links: Iterable[str] = (), method: int = zipfile.ZIP_DEFLATED
) -> bytes:
    """A ZIP file. `names`: `utf-8` with its flag, `raw-utf-8` without it, or `gbk`; `links`: members that are symlinks."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        for name, data in members.items():
            info = zipfile.ZipInfo(name if names == "utf-8" else _as_cp437(name, names), DATE)
            info.compress_type = method
            info.external_attr = (stat.S_IFLNK if name in links else stat.S_IFREG | 0o644) << 16
            packed.writestr(info, data)
    data = file.getvalue()
    return data if names == "utf-8" else _without_flag(data)


def _as_cp437(name: str, names: str) -> str:
    return name.encode("utf-8" if names == "raw-utf-8" else names).decode("cp437")


def _without_flag(data: bytes) -> bytes:
    """The file with raw names: Python writes what cp437 decodes as UTF-8, so the names are put back here."""
    made = bytearray(data)
    source = zipfile.ZipFile(io.BytesIO(data))
    out = io.BytesIO()
    offsets = []
    for info in source.infolist():
        raw = info.filename.encode("cp437")
        body = made[info.header_offset + 30 + len(info.filename.encode()) :][: info.compress_size]
        offsets.append(out.tell())
        sizes = (
            info.CRC.to_bytes(4, "little")
            + info.compress_size.to_bytes(4, "little")
            + info.file_size.to_bytes(4, "little")
        )
        head = b"\x14\0" + b"\0\0" + info.compress_type.to_bytes(2, "little") + bytes(4) + sizes
        out.write(b"PK\x03\x04" + head + len(raw).to_bytes(2, "little") + bytes(2) + raw + body)
    start = out.tell()
    for info, offset in zip(source.infolist(), offsets, strict=True):
        raw = info.filename.encode("cp437")
        sizes = (
            info.CRC.to_bytes(4, "little")
            + info.compress_size.to_bytes(4, "little")
            + info.file_size.to_bytes(4, "little")
        )
        head = b"\x14\0\x14\0" + b"\0\0" + info.compress_type.to_bytes(2, "little") + bytes(4) + sizes
        tail = (
            len(raw).to_bytes(2, "little")
            + bytes(8)
            + info.external_attr.to_bytes(4, "little")
            + offset.to_bytes(4, "little")
        )
        out.write(b"PK\x01\x02" + head + tail + raw)
    count, size = len(offsets).to_bytes(2, "little"), out.tell() - start
    out.write(
        b"PK\x05\x06" + bytes(4) + count + count + size.to_bytes(4, "little") + start.to_bytes(4, "little") + bytes(2)
    )
    return out.getvalue()


def locked_zip(members: Members) -> bytes:
    """A ZIP file whose members say that they are encrypted (their bytes are not)."""
    data = bytearray(zip_of(members))
    for magic, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        found = data.find(magic)
        while found >= 0:
            data[found + at] |= ENCRYPTED
            found = data.find(magic, found + 4)
    return bytes(data)


def rar5_of(members: Members, locked: Iterable[str] = (), links: Mapping[str, str] | None = None) -> bytes:
    """A RAR file of version 5, its members stored. `locked`: members that are encrypted; `links`: symlinks and targets."""
    file = b"Rar!\x1a\x07\x01\x00" + _block5(1, 0, _vint(0))
    for name, data in members.items():
        extra = b""
        if name in locked:  # version, flags, strength, salt and vector (no check value)
            extra = _record(1, _vint(0) + _vint(0) + b"\x0f" + bytes(32))
        file += _block5(2, HAS_DATA, _file5(name, data), extra, data)
    for name, target in (links or {}).items():
        raw = target.encode()
        file += _block5(2, 0, _file5(name, b""), _record(5, _vint(1) + _vint(0) + _vint(len(raw)) + raw))
    return file + _block5(5, 0, _vint(0))


def _file5(name: str, data: bytes) -> bytes:
    raw = name.encode()
    return (
        _vint(0x04) + _vint(len(data)) + _vint(0o100644) + zlib.crc32(data).to_bytes(4, "little")
        + _vint(0) + _vint(1) + _vint(len(raw)) + raw
    )  # fmt: skip


def _block5(kind: int, flags: int, fields: bytes, extra: bytes = b"", data: bytes = b"") -> bytes:
    flags |= 0x01 if extra else 0
    body = (
        _vint(kind)
        + _vint(flags)
        + (_vint(len(extra)) if extra else b"")
        + (_vint(len(data)) if flags & HAS_DATA else b"")
    )
    body += fields + extra
    head = _vint(len(body)) + body
    return zlib.crc32(head).to_bytes(4, "little") + head + data


def _record(kind: int, fields: bytes) -> bytes:
    return _vint(len(_vint(kind) + fields)) + _vint(kind) + fields


def _vint(number: int) -> bytes:
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    return bytes(out) + bytes([number])


def rar4_of(members: Members, names: str = "gbk") -> bytes:
    """A RAR file of version 4, its members stored, their names in the encoding of the machine that wrote it."""
    file = b"Rar!\x1a\x07\x00" + _block4(0x73, 0, bytes(6))
    for name, data in members.items():
        raw = name.replace("/", "\\").encode(names)
        size = len(data).to_bytes(4, "little")
        fields = size + size + b"\x02" + zlib.crc32(data).to_bytes(4, "little") + bytes(4) + b"\x14\x30"
        file += (
            _block4(0x74, 0x8000, fields + len(raw).to_bytes(2, "little") + (0x20).to_bytes(4, "little") + raw) + data
        )
    return file + _block4(0x7B, 0x4000, b"")


def _block4(kind: int, flags: int, fields: bytes) -> bytes:
    body = bytes([kind]) + flags.to_bytes(2, "little") + (7 + len(fields)).to_bytes(2, "little") + fields
    return (zlib.crc32(body) & 0xFFFF).to_bytes(2, "little") + body
