"""OLE compound files ([MS-CFB]): what an old office file is, by the stream in it that holds the document.

Found by a search for directory entries, not by following the file's tables: those may be damaged, or built to exhaust
a reader, and this runs in the process that hands out the work. Where an object is embedded in another kind of file,
the entry that comes first counts; a wrong guess there costs a clear reason, never a figure.
"""

from __future__ import annotations

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
WORD = "WordDocument"
WORKBOOKS = ("Workbook", "Book")
ENTRY = 128  # bytes: the name in UTF-16, at 64 its length with the final zero, at 66 the type, at 116 the first sector
STREAM = 2

_KINDS = {
    "Workbook": "an Excel workbook (.xls, .et)",
    "Book": "an old Excel workbook (.xls)",
    "PowerPoint Document": "PowerPoint slides (.ppt, .dps)",
    "EncryptedPackage": "an Office document locked with a password",
    "VisioDocument": "a Visio drawing (.vsd)",
    "__properties_version1.0": "an Outlook message (.msg)",
}
_VANISH = b"\x3c\x08\x01"  # sprmCFVanish, on ([MS-DOC] 2.6.1)
_UNKNOWN = "an OLE file (.doc, .wps, .xls …) that holds no Word document, or has lost its end"
_LOCKED = "a Word document locked with a password"


def is_word(data: bytes) -> bool:
    """Whether these are a Word document's bytes, Kingsoft's .wps too, and not locked with a password."""
    return data.startswith(MAGIC) and kind(data) == WORD


def is_workbook(data: bytes) -> bool:
    """Whether these are an Excel workbook's bytes, Kingsoft's .et too; whether it is locked is for its reader."""
    return data.startswith(MAGIC) and _first(data) in WORKBOOKS


def hides_text(data: bytes) -> bool:
    """Whether a Word document may hold hidden text: a converter that prints it would put other figures among ours."""
    return _VANISH in data


def kind(data: bytes) -> str:
    """`WordDocument`, or what the file is instead, in words."""
    first = _first(data)
    if first == WORD:
        return _LOCKED if _is_locked(data, _entry(data, WORD)) else WORD
    return _KINDS.get(first, _UNKNOWN)


def _first(data: bytes) -> str:
    """The stream whose entry comes first among those that hold documents; empty without one."""
    found = {name: at for name in (WORD, *_KINDS) if (at := _entry(data, name)) >= 0}
    return min(found, key=lambda name: found[name]) if found else ""


def _entry(data: bytes, name: str) -> int:
    """Where the directory entry of a stream begins; -1 without one."""
    encoded = name.encode("utf-16-le") + b"\0\0"
    at = data.find(encoded)
    while at >= 0:
        if at % ENTRY == 0 and data[at + 64 : at + 67] == len(encoded).to_bytes(2, "little") + bytes([STREAM]):
            return at
        at = data.find(encoded, at + 2)
    return -1


def _is_locked(data: bytes, entry: int) -> bool:
    """Whether Word's own header, at the beginning of its stream, says that the text is encrypted ([MS-DOC] 2.5.2)."""
    sector = 1 << min(int.from_bytes(data[30:32], "little"), 12)
    begin = (int.from_bytes(data[entry + 116 : entry + 120], "little") + 1) * sector
    header = data[begin : begin + 12]
    return header.startswith(b"\xec\xa5") and bool(int.from_bytes(header[10:12], "little") & 0x0100)
