"""What the corpus is made of: a made document with its truth, and the plan by which it is made."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.portals import Figure, ReportTruth
from tests.portals.documents import Document, Paragraph


@dataclass(frozen=True, slots=True)
class Made:
    """A document and what a person would read in it.

    `source`: what the bytes are drawn from, where they depend on the fonts and libraries of the machine; `pictures`: of
    a page, by their addresses. `paragraphs` are the sentences and headings outside of the tables; `around` is what stands beside the report and is
    no part of it (navigation, running heads, page numbers); `oddities` names everything that is irregular in it.
    """

    name: str
    format: str
    data: bytes
    figures: Mapping[str, Figure]
    missing: tuple[str, ...]
    paragraphs: tuple[str, ...]
    around: tuple[str, ...]
    oddities: tuple[str, ...]
    source: bytes = b""
    pictures: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """One document before it is rendered: its truth, its blocks, and the look that its format gives it."""

    name: str
    format: str
    report: ReportTruth
    document: Document
    look: str
    oddities: tuple[str, ...]

    def sentences(self) -> tuple[str, ...]:
        """The headings, and the sentences of the paragraphs, white space made one."""
        return tuple(
            sentence
            for block in self.document.blocks
            if isinstance(block, Paragraph)
            for sentence in _sentences(" ".join(block.text.split()))
        )


def _sentences(text: str) -> list[str]:
    """Cut behind every full stop; a mark that stands alone belongs to what precedes it."""
    parts = [f"{part}。" for part in text.split("。")]
    parts[-1] = parts[-1].removesuffix("。")
    return [part.strip() for part in parts if part.strip()]
