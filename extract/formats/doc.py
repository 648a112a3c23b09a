"""Old Word documents (.doc) and Kingsoft Writer's (.wps, the same format): read from what a converter makes of them.

`archive/office.py` converts: LibreOffice to a Word file of today, extractous to text in shape B (formats/text.py).
LibreOffice adds a column wherever the edges of two rows differ by a hair (a 16th in table 四). No cell is lost or made
by that, only spans, and a row that prints all its cells is placed by them: so nothing is repaired here.
"""

from __future__ import annotations

from msgspec.structs import replace

from ..model import Hint, Text, Unreadable
from ..ole import is_word
from . import Format, docx, text

CONVERTER = (
    "an old Word document (.doc, .wps), which LibreOffice or extractous must convert: install one of them, "
    "`apt-get install libreoffice-writer-nogui` or `pip install 'nianbao[doc]'`"
)
BY_TEXT = "converted by extractous, which keeps no spans: LibreOffice reads more of such files"


def read(converted: bytes, hint: Hint) -> Text:
    """The blocks of a converted document. Raises Unreadable where the converter's file is broken, or nothing is in it."""
    if docx.recognises(converted):
        found = docx.read(converted, hint)
    else:
        found = text.read(converted, Hint(charset="utf-8"))
        found = replace(found, notes=(*found.notes, BY_TEXT))
    if not found.blocks:  # LibreOffice makes an empty file of a document whose header is damaged
        raise Unreadable("the document is empty, or so damaged that its converter finds nothing in it")
    return found


FORMAT = Format("doc", 1, is_word, read, CONVERTER)
