"""From OFD.xml to the pages of its documents: which XML is drawn on each, and the resources that it names.

Elements are known by their local names: drafts of the standard and some writers use other namespaces.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from posixpath import dirname, join

from lxml import etree

from ..model import Unreadable
from ..zips import Package

ROOT = "OFD.xml"
MAX_PAGES = 300  # as for PDF
A4 = (0.0, 0.0, 210.0, 297.0)  # millimetres
_LOCKS = ("Encryptions", "EncryptInfo", "encryptions.xml", "encryptinfo.dat")


@dataclass(frozen=True, slots=True)
class Resources:
    """What pages refer to by number: paths of pictures in the package, parameters of drawing, composed objects."""

    pictures: Mapping[str, str] = field(default_factory=dict)
    params: Mapping[str, etree._Element] = field(default_factory=dict)
    units: Mapping[str, etree._Element] = field(default_factory=dict)

    def __add__(self, other: Resources) -> Resources:
        return Resources(
            {**self.pictures, **other.pictures}, {**self.params, **other.params}, {**self.units, **other.units}
        )


@dataclass(frozen=True, slots=True)
class Page:
    """A page before it is drawn. `number`: from 1, over all documents of the file; `area`: left, top, width, height in
    millimetres; `contents`: the elements Content in their order of drawing, those of templates too.
    """

    number: int
    area: tuple[float, float, float, float]
    contents: tuple[etree._Element, ...]
    resources: Resources


def pages(package: Package) -> Iterator[Page]:
    """The pages of all documents of the file, in order. Raises Unreadable for damage, a lock, or too many pages."""
    root = package.xml(ROOT)
    if any(package.has(name) for name in _LOCKS) or next(named(root, *_LOCKS), None) is not None:
        raise Unreadable("the OFD document is encrypted")
    number = 0
    for body in children(root, "DocBody"):
        for page in _document(package, _doc_root(package, body), number):
            number = page.number
            if number > MAX_PAGES:
                raise Unreadable(f"the OFD document has more than {MAX_PAGES} pages")
            yield page
    if not number:
        raise Unreadable("the OFD document has no pages")


def _doc_root(package: Package, body: etree._Element) -> str:
    """The path of a document's root: of its current version, where it has several (9.2 and 15 of the standard)."""
    for version in named(body, "Version"):
        place = located(package, ROOT, version.get("BaseLoc", ""))
        if version.get("Current") == "true" and package.has(place) and (said := text_of(package.xml(place), "DocRoot")):
            return located(package, place, said)
    if not (said := text_of(body, "DocRoot")):
        raise Unreadable("a document of the OFD file has no root")
    return located(package, ROOT, said)


def _document(package: Package, path: str, before: int) -> Iterator[Page]:
    document = package.xml(path)
    common = next(children(document, "CommonData"), document)
    resources = _resources(package, path, common, "PublicRes") + _resources(package, path, common, "DocumentRes")
    templates = {one.get("ID", ""): one for one in children(common, "TemplatePage")}
    usual = _area(next(children(common, "PageArea"), None)) or A4
    for listed in children(document, "Pages"):
        for number, one in enumerate(children(listed, "Page"), before + 1):
            here = located(package, path, one.get("BaseLoc", ""))
            page = package.xml(here)
            contents: list[tuple[int, etree._Element]] = []
            own = _resources(package, here, page, "PageRes")
            for used in children(page, "Template"):
                if (template := templates.get(used.get("TemplateID", ""))) is not None:
                    there = located(package, path, template.get("BaseLoc", ""))
                    order = used.get("ZOrder") or template.get("ZOrder") or "Background"
                    contents += [(int(order == "Foreground") * 2, c) for c in children(package.xml(there), "Content")]
                    own = _resources(package, there, package.xml(there), "PageRes") + own
            contents += [(1, content) for content in children(page, "Content")]
            drawn = tuple(content for _, content in sorted(contents, key=lambda item: item[0]))
            yield Page(number, _area(next(children(page, "Area"), None)) or usual, drawn, resources + own)


def _area(node: etree._Element | None) -> tuple[float, float, float, float] | None:
    """The paper of a page: left, top, width, height in millimetres; None where it is not said or has no size."""
    box = numbers(text_of(node, "PhysicalBox")) if node is not None else ()
    return (box[0], box[1], box[2], box[3]) if len(box) == 4 and box[2] > 0 and box[3] > 0 else None


def _resources(package: Package, path: str, node: etree._Element, name: str) -> Resources:
    """The resources in the files that an element names; a file that is missing has none."""
    found = Resources()
    for said in children(node, name):
        place = located(package, path, said.text or "")
        if not package.has(place):
            continue
        root = package.xml(place)
        base = join(dirname(place), root.get("BaseLoc", "").strip())
        found += Resources(
            {one.get("ID", ""): _media(package, base, text_of(one, "MediaFile")) for one in named(root, "MultiMedia")},
            {one.get("ID", ""): one for one in named(root, "DrawParam")},
            {one.get("ID", ""): one for one in named(root, "CompositeGraphicUnit")},
        )
    return found


def _media(package: Package, folder: str, said: str) -> str:
    """The path of a picture: in the folder that the resources name, or where `located` would look."""
    path = join(folder, said)
    return path if package.has(path) else located(package, join(dirname(folder), "resources"), said)


def located(package: Package, path: str, said: str) -> str:
    """A place that a member names, as a path in the package: from the root where it begins with a slash, else from the
    folder of that member (7.3 of the standard, ST_Loc); some writers leave the slash out.
    """
    said = said.strip().replace("\\", "/")
    if said.startswith("/"):
        return said
    here = join(dirname(path), said)
    return said if package.has(said) and not package.has(here) else here


def children(node: etree._Element, *names: str) -> Iterator[etree._Element]:
    """The children of these local names."""
    return (child for child in node if isinstance(child.tag, str) and local(child) in names)


def named(node: etree._Element, *names: str) -> Iterator[etree._Element]:
    """The descendants of these local names."""
    return (child for child in node.iter() if isinstance(child.tag, str) and local(child) in names)


def local(node: etree._Element) -> str:
    return str(node.tag).rpartition("}")[2]


def text_of(node: etree._Element, name: str) -> str:
    """The text of the first child of this name; empty without one."""
    found = next(children(node, name), None)
    return (found.text or "").strip() if found is not None else ""


def numbers(written: str | None) -> tuple[float, ...]:
    """The numbers of an attribute, parted by white space. Raises Unreadable for anything else: places hang on them."""
    try:
        found = tuple(map(float, (written or "").replace(",", " ").split()))
    except ValueError as error:
        raise Unreadable(f"the OFD document has {written[:40] if written else ''!r} where numbers stand") from error
    if not all(abs(number) < 1e7 for number in found):
        raise Unreadable("the OFD document has numbers without measure")
    return found
