"""RTF documents: read from the Word file that LibreOffice makes of them. extractous loses the tables of RTF, so it does not help."""

from __future__ import annotations

from . import Format
from .doc import read

CONVERTER = "an RTF document, which LibreOffice must convert: install it, `apt-get install libreoffice-writer-nogui`"


def recognises(data: bytes) -> bool:
    """The first group of the file says so; blank lines in front of it are published."""
    return data[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{\\rtf")


FORMAT = Format("rtf", 1, recognises, read, CONVERTER)
