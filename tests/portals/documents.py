"""One report as a neutral document: its title lines, then paragraphs and tables in printed order."""

from dataclasses import dataclass
from typing import Literal

from .grids import Grid, table_four, table_three, table_two
from .labels import Labels
from .model import ReportTruth
from .narrative import Narrator


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, or the heading of one of the six sections."""

    text: str
    role: Literal["heading", "body"] = "body"


@dataclass(frozen=True, slots=True)
class Document:
    """What a renderer turns into a page or a file; `layout` names oddities of this one document."""

    title_lines: tuple[str, ...]
    blocks: tuple[Paragraph | Grid, ...]
    style: str
    layout: tuple[str, ...]

    def paragraphs(self) -> list[str]:
        """The text outside of the tables."""
        return [block.text for block in self.blocks if isinstance(block, Paragraph)]

    def grids(self) -> list[Grid]:
        """The tables, in order."""
        return [block for block in self.blocks if isinstance(block, Grid)]


def document(report: ReportTruth, revision: int = 0) -> Document:
    """The document of a report after that many revisions."""
    figures, labels, narrator = report.figures_at(revision), Labels(report.style), Narrator(report)
    form3 = str(report.forms["t3"])
    second = [table_two(figures, report.forms["t2"], labels)] if report.forms["t2"] else []
    sections: tuple[list[Paragraph | Grid], ...] = (
        _paragraphs(narrator.overview()),
        [*second],
        [table_three(figures, form3, labels)],
        [table_four(figures, labels)],
        _paragraphs(narrator.problems()),
        _paragraphs(narrator.others()),
    )
    blocks = _paragraphs(narrator.introduction())
    for number, section in enumerate(sections, 1):
        blocks += [Paragraph(labels.heading(number), "heading"), *section]
    return Document(report.title_lines, tuple(blocks), report.style, report.layout)


def _paragraphs(texts: list[str]) -> list[Paragraph | Grid]:
    return [Paragraph(text) for text in texts]
