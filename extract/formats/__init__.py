"""Bytes to Text, one module per format; the bytes decide which, never a file name or a header.

A module in this folder holds one `FORMAT`; being here registers it. Adding a format is one module and its fixture
(CONTRIBUTING.md).
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from msgspec.structs import replace

from .. import ole, zips
from ..canonical import settle
from ..model import Hint, Text, Unreadable

RAR = b"Rar!\x1a\x07"
FALLBACK = "text"  # asked last: any bytes that decode to printable characters are text


@dataclass(frozen=True, slots=True)
class Format:
    """A format: its name, the version of its reader, a test on bytes, and the reader itself (raises Unreadable).

    Raise `version` when the reader gives other output than before: documents are then read again by `build`.
    `converter`: set where not the bytes themselves are read, but what a program made of them; it says, for people, what
    the document is and what to install. `read` then takes the converted bytes.
    """

    name: str
    version: int
    recognises: Callable[[bytes], bool]
    read: Callable[[bytes, Hint], Text]
    converter: str = ""

    @property
    def reader(self) -> str:
        """Name and version, as stored with every document."""
        return f"{self.name}/{self.version}"


@cache
def all_formats() -> tuple[Format, ...]:
    """The formats in the order in which they are asked: first those that only their first bytes can claim."""
    found: dict[str, Format] = {}
    for module in pkgutil.iter_modules(__path__):
        made: Format = importlib.import_module(f"{__name__}.{module.name}").FORMAT
        if made.name in found:
            raise ValueError(f"two modules define the format {made.name}")
        found[made.name] = made
    return tuple(sorted(found.values(), key=lambda made: (made.name == FALLBACK, not made.converter, made.name)))


def sniff(data: bytes) -> Format:
    """The format of the bytes. Raises Unreadable, saying what the bytes are where that is known."""
    if not data.strip(b"\x00 \t\r\n"):
        raise Unreadable("the file is empty")
    for made in all_formats():
        if made.name != FALLBACK and made.recognises(data):
            return made
    if data.startswith(ole.MAGIC):
        raise Unreadable(f"{ole.kind(data)}, which this version does not read")
    if data.startswith(RAR):
        raise Unreadable("a RAR file: it is no document itself, nor a bundle that can be opened")
    if data.startswith(zips.MAGIC):
        raise Unreadable(f"{zips.kind(data)}, which this version does not read")
    fallback = all_formats()[-1]
    if fallback.recognises(data):
        return fallback
    raise Unreadable(
        "neither HTML, Word (.docx, .doc, .wps, .rtf), Excel (.xlsx, .xls, .et), OFD, PDF, a picture nor text"
    )


def to_convert(data: bytes) -> Format | None:
    """The format of bytes that a program must convert before they are read; None for all others. Looks at little."""
    return next((made for made in all_formats() if made.converter and made.recognises(data)), None)


def read(data: bytes, hint: Hint | None = None, converted: bytes | None = None) -> Text:
    """A document's canonical text, with grids and places. Raises Unreadable with the reason.

    `converted`: what a converter made of the bytes, for the formats that need one.
    """
    made = sniff(data)
    if made.converter and converted is None:
        raise Unreadable(made.converter)
    text = made.read(converted if made.converter and converted is not None else data, hint or Hint())
    title, blocks = settle(text.title, text.blocks)
    return replace(text, title=title, blocks=blocks, format=made.name, reader=made.reader)
