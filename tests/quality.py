"""How well documents are read, by format: scores on the generated corpus, and the floors below which they never sink.

By hand: `python -m tests.quality [FORMAT …]` prints the table, `--errors` the kinds of error with an example of each.
Where the product got better, or the corpus changed, look at the errors, then pin the new floors and digests here.
"""

import argparse
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from multiprocessing import get_context

from msgspec import structs

from archive import office
from extract import canonical, ocr
from extract.composing import page_with_pictures
from extract.formats import read
from extract.formats import text as plain_text
from extract.model import Figure, Hint, NoReport, Report, State, Text, Unreadable
from extract.reader import parse
from tests.corpus import FORMATS, SCANS, Made, digest_of, documents, fingerprint, held_out, made, names
from tests.corpus.plate import missing_fonts

PROCESSES = 2
EXAMPLES = 10
Said = tuple[str, float | None, str | None]


@dataclass(frozen=True, slots=True)
class Error:
    """A figure that was read wrongly."""

    kind: str
    path: str
    got: str
    want: str
    document: str
    oddities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """The counts of one document, or of all documents of a format.

    `right`: state, value and unit are those of the truth; `states`: the state is. `nonzero` counts what is printed and
    is not zero, because most figures of a report are. `invented`: numbers where the document prints none. `doubted`:
    figures that a person is told to look at; `certain`: all others, and how many of them are right. `changed`: documents
    whose canonical text does not read back as itself.
    """

    documents: int = 0
    unread: int = 0
    figures: int = 0
    right: int = 0
    nonzero: int = 0
    nonzero_right: int = 0
    states: int = 0
    invented: int = 0
    sentences: int = 0
    verbatim: int = 0
    around: int = 0
    intruding: int = 0
    doubted: int = 0
    certain: int = 0
    certain_right: int = 0
    changed: tuple[str, ...] = field(default=(), repr=False)
    errors: tuple[Error, ...] = field(default=(), repr=False)
    fingerprints: tuple[str, ...] = field(default=(), repr=False)

    def __add__(self, other: "Score") -> "Score":
        return Score(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))

    def rates(self) -> dict[str, float]:
        """The shares that have floors, cut to four digits, and the counts that have ceilings, zero in the end."""
        return {
            "right": _share(self.right, self.figures),
            "nonzero": _share(self.nonzero_right, self.nonzero),
            "states": _share(self.states, self.figures),
            "narrative": _share(self.verbatim, self.sentences),
            "invented": self.invented,
            "around": self.intruding,
        }

    def flags(self) -> dict[str, float]:
        """The share of figures in doubt, and the share of the others that is right; cut to four digits."""
        return {
            "doubted": _share(self.doubted, self.doubted + self.certain),
            "certain": _share(self.certain_right, self.certain),
        }


CONVERTED = ("doc",)  # formats that LibreOffice must convert; their floors are for it
GOALS = {
    "html": 1.0,
    "docx": 1.0,
    "text-a": 1.0,
    "text-b": 1.0,
    "doc": 0.999,
    "pdf-ruled": 0.998,
    "pdf-bare": 0.99,
    "ofd": 0.99,
    "scan": 0.99,
    "images": 0.99,
    "scan-150": 0.97,
    "scan-stamped": 0.97,
    "scan-askew": 0.97,
}
SHARES, COUNTS = ("right", "nonzero", "states", "narrative"), ("invented", "around")
# right, nonzero, states, narrative; invented numbers, words from around the report; the corpus they were measured on.
FLOORS: Mapping[str, tuple[float | str, ...]] = {
    "html": (1.0000, 1.0000, 1.0000, 1.0000, 0, 0, "10d1843b4f57458a"),
    "docx": (1.0000, 1.0000, 1.0000, 1.0000, 0, 0, "7ebd84c8a8ef7b40"),
    # One cell is printed thrice in the file itself: LibreOffice 7.4 wrote a content control at the end of a table so.
    "doc": (0.9998, 0.9995, 0.9998, 1.0000, 0, 0, "cd089c0f1295aba6"),
    "pdf-ruled": (1.0000, 1.0000, 1.0000, 1.0000, 0, 0, "81f07c19aeaa9bd9"),
    "pdf-bare": (1.0000, 1.0000, 1.0000, 1.0000, 0, 0, "9ea3fce1550fc07a"),
    "ofd": (1.0000, 1.0000, 1.0000, 1.0000, 0, 0, "701116f4a589d1f5"),
    "text-a": (1.0000, 1.0000, 1.0000, 1.0000, 0, 0, "16c413532de9145d"),
    "text-b": (1.0000, 1.0000, 1.0000, 1.0000, 0, 0, "4ecff0e94653f17c"),
}


# The same for scans, before the digest the share of figures in doubt, and of the others the share that is right.
SCAN_FLOORS: Mapping[str, tuple[float | str, ...]] = {
    "scan": (0.9991, 0.9972, 0.9991, 0.9814, 0, 0, 0.0171, 1.0000, "149f8818c2b58d55"),
    "scan-150": (0.9979, 0.9898, 0.9979, 0.9558, 0, 0, 0.0124, 1.0000, "83d917a68f1b015a"),
    "scan-stamped": (0.9958, 1.0000, 0.9958, 1.0000, 0, 0, 0.0144, 1.0000, "f8d36c3f6e81e7d0"),
    "scan-askew": (1.0000, 1.0000, 1.0000, 1.0000, 0, 0, 0.0392, 1.0000, "273387368ba0eca1"),
    "images": (1.0000, 1.0000, 1.0000, 1.0000, 0, 0, 0.0082, 1.0000, "ef994ed64f31b328"),
}


# The same of the first FEW of each, which the tests recognise every time; `make long` recognises all.
FEW = 2
FEW_FLOORS: Mapping[str, tuple[float | str, ...]] = {
    "scan": (1.0000, 1.0000, 1.0000, 0.9811, 0, 0, 0.0102, 1.0000, "ce6ad8a58ac8a49c"),
    "scan-150": (1.0000, 1.0000, 1.0000, 0.9245, 0, 0, 0.0076, 1.0000, "9bc9f5b3891f7174"),
    "scan-stamped": (0.9974, 1.0000, 0.9974, 1.0000, 0, 0, 0.0205, 1.0000, "a4d68d656e9f101e"),
    "scan-askew": (1.0000, 1.0000, 1.0000, 1.0000, 0, 0, 0.0076, 1.0000, "45a0b0e9eb504668"),
    "images": (1.0000, 1.0000, 1.0000, 1.0000, 0, 0, 0.0025, 1.0000, "0b1689da22c2a3ea"),
}


def _share(part: int, whole: int) -> float:
    return part * 10_000 // whole / 10_000 if whole else 1.0


def score(format: str) -> Score:
    """The score of a format."""
    return scores([format])[format]


def scores(
    formats: Sequence[str] = FORMATS, processes: int = PROCESSES, held: int = 0, few: int | None = None
) -> dict[str, Score]:
    """The scores of several formats, in the order of the formats; `held`: of so many other scans instead; `few`: of the first alone."""
    tasks = [(format, number, data) for format in formats for number, data in enumerate(_converted(format)[:few])]
    if held:
        tasks = [(format, -number, None) for format in formats for number in range(1, held + 1)]
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        found = list(pool.map(_score_of, *zip(*tasks, strict=True), chunksize=1 if set(formats) & set(SCANS) else 4))
    totals = dict.fromkeys(formats, Score())
    for (format, *_), one in zip(tasks, found, strict=True):
        totals[format] += one
    return totals


def can_measure(format: str) -> bool:
    """Whether this machine has what a format's floors are for."""
    if format in SCANS:
        return not ocr.missing() and not missing_fonts()
    return format not in CONVERTED or office.available() == "libreoffice"


def _converted(format: str) -> list[bytes | None]:
    """What one call of the converter makes of the documents of a format, in their order; None for the formats without."""
    if format not in CONVERTED:
        return [None] * len(names(format))
    found = office.convert({document.name: document.data for document in documents(format)})
    return [None if isinstance(got := found[name], str) else got for name in names(format)]


def _score_of(format: str, number: int, converted: bytes | None) -> Score:
    """Of the n-th document of a format; below 0, of a scan that the corpus does not have."""
    return score_document(made(format, number) if number >= 0 else held_out(format, -1 - number), converted)


def score_document(document: Made, converted: bytes | None = None) -> Score:
    """What the product makes of one document; what cannot be read is all wrong."""
    try:
        if document.pictures:
            return judged(document, _with_pictures(document))
        text = read(document.data, Hint(), converted)
        return replace(judged(document, text), changed=() if reads_back(text) else (document.name,))
    except Unreadable as error:
        return judged(document, None, f"Unreadable: {error}")


def read_canonical(written: str) -> Text:
    """The canonical text that these bytes hold, known to be text: nothing looks at what they begin with."""
    made = plain_text.read(written.encode(), Hint())
    title, settled = canonical.settle(made.title, made.blocks)
    return structs.replace(made, title=title, blocks=settled)


def reads_back(text: Text) -> bool:
    """Whether the canonical text of a document reads back as itself, whoever is asked."""
    written = canonical.write(text)
    again = read(written.encode())
    return again.format == "text" and canonical.write(again) == canonical.write(read_canonical(written)) == written


def _with_pictures(document: Made) -> Text:
    """A page with what its pictures say, as the archive puts them together."""
    pictures = {address: (address, read(data, Hint())) for address, data in document.pictures.items()}
    return page_with_pictures(document.data, Hint(), "", pictures)


def judged(document: Made, text: Text | None, reason: str = "") -> Score:
    """The score of a document whose text was found by whatever means."""
    report, reason = _report(text) if text else (None, reason)
    errors = list(_errors(document, report, reason))
    figures = report.figures if report else {}
    kind = document.format
    said = [_spaced(part.text, kind) for part in text.paragraphs()] if text else []
    cells = [cell.text for grid in text.grids() for row in grid.rows for cell in row if cell.text] if text else []
    everything = "\n".join([*said, *cells])
    wrong = {error.path for error in errors}
    nonzero = {path for path, figure in document.figures.items() if figure.value}
    return Score(
        documents=1,
        unread=int(report is None),
        figures=len(document.figures),
        right=len(document.figures.keys() - wrong),
        nonzero=len(nonzero),
        nonzero_right=len(nonzero - wrong),
        states=sum(path in figures and figures[path].state == true.state for path, true in document.figures.items()),
        invented=sum(error.kind.endswith("(invented)") for error in errors),
        doubted=sum(bool(figure.doubt) for figure in figures.values()),
        certain=sum(not figure.doubt for figure in figures.values()),
        certain_right=sum(not figure.doubt and path not in wrong for path, figure in figures.items()),
        sentences=len(document.paragraphs),
        verbatim=sum(any(_spaced(one, kind) in part for part in said) for one in document.paragraphs),
        around=len(document.around),
        intruding=sum(_spaced(word, kind) in everything for word in document.around),
        errors=tuple(errors),
        fingerprints=(fingerprint(document),),
    )


def _report(text: Text) -> tuple[Report | None, str]:
    """The one report in a text, or why there is none."""
    try:
        reports = parse(text)
    except NoReport as error:
        return None, f"NoReport: {error}"
    return (reports[0], "") if len(reports) == 1 else (None, f"{len(reports)} reports in one document")


def _spaced(text: str, format: str) -> str:
    """White space as one blank; none at all where the end of a line says nothing of it.

    In a picture a bracket or comma may be of either width: nobody sees which.
    """
    if format in SCANS:
        text = unicodedata.normalize("NFKC", text)
    return ("" if format.startswith(("pdf", "ofd", "scan")) else " ").join(text.split())


def _errors(document: Made, report: Report | None, reason: str) -> Iterator[Error]:
    """Every figure that is not as printed, and every number that is not printed."""

    found, whose = report.figures if report else {}, (document.name, document.oddities)
    for path, true in document.figures.items():
        want = (true.state, None if true.value is None else float(true.value), true.unit)
        if path not in found:
            kind = f"{path[:2]}: no figure" if report else reason
            yield Error(kind, path, "nothing", _shown(want), *whose)
        elif (got := _said(found[path])) != want:
            yield Error(f"{path[:2]}: {_kind(got, want)}", path, _shown(got), _shown(want), *whose)
    for path, figure in found.items():
        if path not in document.figures and figure.state is State.NUMBER and ".x_" not in path:  # a row that is printed
            yield Error(f"{path[:2]}: number for no cell (invented)", path, _shown(_said(figure)), "nothing", *whose)


def _kind(got: Said, want: Said) -> str:
    if got[0] == want[0] == "number":
        return "other unit" if got[1] == want[1] else "another number"
    return f"{got[0]} for {want[0]}{' (invented)' if got[0] == 'number' else ''}"


def _said(figure: Figure) -> Said:
    return figure.state.value, None if figure.value is None else float(figure.value), figure.unit


def _shown(said: Said) -> str:
    state, value, unit = said
    return state if value is None else f"{value:g} {unit or 'without unit'}"


def table(found: Mapping[str, Score]) -> str:
    """One line per format."""
    lines = [
        f"{'format':14}{'docs':>5}{'unread':>7}{'figures':>8}{'right':>8}{'goal':>6}{'nonzero':>8}{'right':>8}{'states':>8}"
        f"{'invented':>9}{'sentences':>10}{'verbatim':>9}{'around':>7}{'in text':>8}"
    ]
    for format, one in found.items():
        rates = one.rates()
        lines.append(
            f"{format:14}{one.documents:5}{one.unread:7}{one.figures:8}{rates['right']:8.4f}{GOALS.get(format, 0):6.3f}"
            f"{one.nonzero:8}{rates['nonzero']:8.4f}{rates['states']:8.4f}{one.invented:9}{one.sentences:10}"
            f"{rates['narrative']:9.4f}{one.around:7}{one.intruding:8}"
        )
    return "\n".join(lines)


def frequent(errors: Sequence[Error], most: int = EXAMPLES) -> Iterator[str]:
    """The most frequent kinds of error by the look of their documents, with how many have it and one example."""
    by_kind: dict[tuple[str, str], list[Error]] = {}
    for error in errors:
        by_kind.setdefault((error.oddities[-1], error.kind), []).append(error)
    for (look, kind), same in sorted(by_kind.items(), key=lambda item: -len(item[1]))[:most]:
        places, one = len({error.document for error in same}), same[0]
        yield f"{len(same):6} in {places} documents  {look}: {kind}"
        yield f"         {one.document} [{'; '.join(one.oddities)}]: {one.path}: got {one.got}, want {one.want}"


def pinned(found: Mapping[str, Score]) -> Iterator[str]:
    """The floors as they would be pinned."""
    for format, one in found.items():
        rates = [*one.rates().values(), *(one.flags().values() if format in SCANS else ())]
        shares = ", ".join(f"{value:g}" if isinstance(value, int) else f"{value:.4f}" for value in rates)
        yield f'    "{format}": ({shares}, "{digest_of(one.fingerprints)}"),'


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.quality", description=__doc__)
    parser.add_argument("formats", nargs="*", default=list(FORMATS), help=f"of {', '.join((*FORMATS, *SCANS))}")
    parser.add_argument("--errors", action="store_true", help="the most frequent kinds of error of each format")
    parser.add_argument("--pin", action="store_true", help="the floors and digests as they are today")
    parser.add_argument("--held-out", type=int, default=0, metavar="N", help="N scans of each that the corpus lacks")
    parser.add_argument("--few", type=int, metavar="N", help="the first N of each alone")
    options = parser.parse_args()
    found = scores(options.formats, held=options.held_out, few=options.few)
    print(table(found))
    for format, one in found.items():
        if format in SCANS:
            print(f"{format:14}" + "  ".join(f"{name} {value:.4f}" for name, value in one.flags().items()))
    for format, one in found.items() if options.errors else ():
        print(f"\n{format}", *frequent(one.errors), sep="\n")
    if options.pin:
        print(*pinned(found), sep="\n")


if __name__ == "__main__":
    main()
