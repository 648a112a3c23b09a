"""One text out of several documents: a page with its pictures at their places, or parts that follow one another.

Each part was read by itself; put together they are settled again, so that a table cut by the end of a picture is one
table. Every place says which part it is in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from .canonical import settle
from .formats import sniff
from .model import Block, Grid, Hint, Image, Paragraph, Place, Text

FORMAT = "composed"
READER = "composed/1"  # raise it when parts are put together otherwise: such reports are then made again

Part = tuple[str, Text]  # its address, and what it says


def page_with_pictures(data: bytes, hint: Hint, address: str, pictures: Mapping[str, Part]) -> Text:
    """A page, each of its pictures that is given replaced by what is read in it.

    `pictures`: by the source that the page's `Image` blocks have. A picture that the page shows twice is read once.
    Raises Unreadable as the page's format does.
    """
    page = sniff(data).read(data, hint)
    left = dict(pictures)
    blocks: list[Block] = []
    for block in page.blocks:
        if isinstance(block, Image) and block.source in left:
            blocks.extend(_blocks(*left.pop(block.source)))
        elif not isinstance(block, Image):
            blocks.append(_at(address, block))
    notes = (*page.notes, *(note for _, text in pictures.values() for note in text.notes))
    return _settled(page.title, blocks, page.metadata, notes)


def in_order(parts: Sequence[Part]) -> Text:
    """The parts after one another. The title is that of the first part that has one."""
    blocks = [block for address, text in parts for block in _blocks(address, text)]
    metadata = {key: value for _, text in reversed(parts) for key, value in text.metadata.items()}
    return _settled("", blocks, metadata, tuple(note for _, text in parts for note in text.notes))


def _settled(title: str, blocks: Iterable[Block], metadata: Mapping[str, str], notes: Iterable[str]) -> Text:
    title, settled = settle(title, tuple(blocks))
    return Text(settled, FORMAT, READER, title, metadata, tuple(dict.fromkeys(notes)))


def _blocks(address: str, text: Text) -> Iterator[Block]:
    """What a part says, its title before the rest; pictures in it are no part of the whole."""
    if text.title:
        yield Paragraph(text.title, Place(part=address))
    for block in text.blocks:
        if not isinstance(block, Image):
            yield _at(address, block)


def _at(address: str, block: Block) -> Block:
    """The block, its places in this part; tables are counted anew in the whole."""
    if isinstance(block, Grid):
        rows = tuple(tuple(replace(cell, place=_place(address, cell.place)) for cell in row) for row in block.rows)
        return Grid(rows)
    return replace(block, place=_place(address, block.place))


def _place(address: str, place: Place | None) -> Place:
    return replace(place or Place(), part=address)
