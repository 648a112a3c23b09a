"""Zip files that are documents (DOCX, XLSX, OFD): which members they hold, told apart from bundles of documents, and
their members and XML read within limits. Nothing is written anywhere, so a path that climbs only finds nothing.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from dataclasses import dataclass, field
from posixpath import normpath
from typing import Any

from lxml import etree

from .model import Unreadable

MAGIC = b"PK\x03\x04"
MAX_MEMBER = 30 * 2**20  # bytes of one member, unpacked: a report has well under 1 MB; more is a bomb
MAX_ALL = 200 * 2**20  # bytes of all members that are asked for; a scan of 60 pages has about 60 MB of pictures
MAX_XML = 16 * 2**20  # bytes of XML in one member: parsed, it takes up to thirty times as much
MAX_KEPT = 2**18  # bytes of XML that is kept parsed: what many pages share is small
MAX_MEMBERS = 20_000  # of one file: a document of 300 pages has about 1,000

_OTHERS = (
    ("xl/workbook.bin", "an Excel binary workbook (.xlsb): save it as .xlsx"),
    ("ppt/presentation.xml", "PowerPoint slides (.pptx)"),
    ("content.xml", "an OpenDocument file (.odt, .ods, .odp)"),
    ("[Content_Types].xml", "an Office document without text or sheets"),
    ("META-INF/container.xml", "an electronic book (.epub)"),
    ("META-INF/MANIFEST.MF", "a program (.jar, .apk)"),
)
_BUNDLE = "a zip file that is no document itself, nor a bundle that can be opened"
_DAMAGE = (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, ValueError, zlib.error)
_LOCKED = 1  # flag of a member that is encrypted (APPNOTE 4.4.4)


def holds(data: bytes, name: str) -> bool:
    """Whether a zip file has a member of this name, whatever its case; a zip inside it does not count.

    Told by the list at its end; by the first local headers where a torn file has lost that.
    """
    if not data.startswith(MAGIC):
        return False
    wanted = name.casefold()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            return any(clean(one.filename) == wanted for one in packed.infolist()[:MAX_MEMBERS])
    except _DAMAGE:
        return any(clean(one) == wanted for one in _torn(data))


def kind(data: bytes) -> str:
    """What a zip file is that none of the formats reads, in words."""
    return next((words for name, words in _OTHERS if holds(data, name)), _BUNDLE)


def _torn(data: bytes) -> list[str]:
    """The names in the local headers of a torn file, as far as each says where the next begins."""
    found: list[str] = []
    at = 0
    while data[at : at + 4] == MAGIC and len(found) < MAX_MEMBERS:
        flags, packed = (
            int.from_bytes(data[at + 6 : at + 8], "little"),
            int.from_bytes(data[at + 18 : at + 22], "little"),
        )
        name, extra = (int.from_bytes(data[at + n : at + n + 2], "little") for n in (26, 28))
        found.append(data[at + 30 : at + 30 + name].decode("utf-8", "replace"))
        at += 30 + name + extra + packed
        if flags & 8 and not packed:  # the size follows the data: the next header is the next that can be seen
            at = data.find(MAGIC, at)
    return found


def clean(path: str) -> str:
    """A path in a package as it is compared: from the root, `.` and `..` resolved, without regard to case."""
    return normpath("/" + path.replace("\\", "/")).lstrip("/").casefold()


@dataclass
class Package:
    """A zip file and its members by their cleaned path. Not frozen: it counts what was unpacked.

    `what`: the kind of document, for the reasons. Every method raises Unreadable with the reason.
    """

    what: str
    packed: zipfile.ZipFile
    members: dict[str, zipfile.ZipInfo]
    taken: int = 0
    trees: dict[str, etree._Element] = field(default_factory=dict)

    def bytes_of(self, path: str) -> bytes:
        """A member, unpacked."""
        member = self.members.get(clean(path))
        if member is None:
            raise Unreadable(f"the {self.what} document has no {path}")
        if member.flag_bits & _LOCKED:
            raise Unreadable(f"the {self.what} document is locked with a password")
        self.taken += member.file_size
        if member.file_size > MAX_MEMBER or self.taken > MAX_ALL:
            raise Unreadable(
                f"{path} of the {self.what} document is larger than {MAX_MEMBER} bytes, or all are too large"
            )
        try:
            return self.packed.read(member)
        except (*_DAMAGE, RuntimeError) as error:
            raise Unreadable(f"{path} of the {self.what} document is damaged: {error}") from error

    def xml(self, path: str) -> etree._Element:
        """A member parsed as XML; no entity is taken from it or from elsewhere."""
        key = clean(path)
        if (kept := self.trees.get(key)) is not None:
            return kept
        data = self.bytes_of(path)
        if len(data) > MAX_XML:
            raise Unreadable(f"{path} of the {self.what} document is larger than {MAX_XML} bytes")
        tree = parsed(data, f"{path} of the {self.what} document")
        if len(data) <= MAX_KEPT:
            self.trees[key] = tree
        return tree

    def has(self, path: str) -> bool:
        return clean(path) in self.members


def opened(data: bytes, what: str) -> Package:
    """The package in some bytes. Raises Unreadable where its list of members is damaged or endless."""
    try:
        packed = zipfile.ZipFile(io.BytesIO(data))
    except _DAMAGE as error:
        raise Unreadable(f"the {what} document is damaged: {error}") from error
    if len(packed.infolist()) > MAX_MEMBERS:
        raise Unreadable(f"the {what} document has more than {MAX_MEMBERS} members")
    return Package(what, packed, {clean(one.filename): one for one in packed.infolist() if not one.is_dir()})


def parsed(data: bytes, what: str) -> etree._Element:
    """XML without entities: what could declare them is refused, because attributes would expand them."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable(f"{what} is damaged: {error}") from error
    tree: Any = root.getroottree()
    if tree.docinfo.doctype:
        raise Unreadable(f"{what} declares a document type, which no office program writes")
    return root
