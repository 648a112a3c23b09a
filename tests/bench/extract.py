"""Documents per second on one core, by format, beside the programs that others use: `python -m tests.bench.extract`.

Every contender reads the same documents of the corpus in turn, round after round; what counts is the median of its
rounds. Accuracy is the share of figures that our reader finds in what the contender gives it. Ours stands twice: `text`
is what the peers do too, `report` goes on to figures, checks and sections.
"""

from __future__ import annotations

import argparse
import gc
import io
import os
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import median
from typing import Any

from archive import office
from extract.formats import read, to_convert
from extract.model import Hint, NoReport, Text, Unreadable
from extract.reader import parse
from tests.bench.peers import PEERS
from tests.corpus import FORMATS, Made, made, names
from tests.quality import Score, judged

OURS, REPORT = "nianbao text", "nianbao report"
# What issue 4 asks for: our text against a peer, or documents per second.
GOALS = {"html, known family": ("trafilatura", 2.5), "pdf-ruled": ("pdfplumber", 3.0), "docx": ("", 150.0)}


@dataclass(slots=True)
class Contender:
    """One program on one set of documents, with the seconds of its rounds."""

    name: str
    run: Callable[[bytes, str], Any]
    text: Callable[[Any], Text] | None
    seconds: list[float] = field(default_factory=list)
    score: Score = field(default_factory=Score)


def contenders(format: str, converted: Mapping[bytes, bytes]) -> Iterator[Contender]:
    """Ours, and the installed peers that read the format. `converted`: what LibreOffice made of old Word documents."""
    yield Contender(OURS, lambda data, _: read(data, Hint(), converted.get(data)), lambda text: text)
    yield Contender(REPORT, lambda data, _: parse(read(data, Hint(), converted.get(data))), None)
    for peer in PEERS.values():
        if format in peer.formats and peer.installed:
            yield Contender(peer.name, peer.run, peer.text)


def sets(formats: Sequence[str], most: int) -> Iterator[tuple[str, str, list[Made]]]:
    """Name, format and documents of each set, taken evenly from the corpus; HTML twice, by how its body is found."""
    for format in formats:
        count = len(names(format))
        chosen = [made(format, number * count // min(most, count)) for number in range(min(most, count))]
        if format == "docx":
            chosen = [replace(document, data=_packed(document.data)) for document in chosen]
        if format != "html":
            yield format, format, chosen
            continue
        known = [document for document in chosen if not any("found by" in note for note in read(document.data).notes)]
        yield "html, known family", format, known
        yield "html, unknown page", format, [document for document in chosen if document not in known]


def _packed(data: bytes) -> bytes:
    """A Word file as Word packs it; in the corpus its entries are stored."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, source.read(name))
    return buffer.getvalue()


def compete(format: str, documents: Sequence[Made], rounds: int) -> list[Contender]:
    """All contenders over all documents: the first round is judged and not timed."""
    converted, cost = _converted(documents)
    field_ = list(contenders(format, converted))
    for one in field_:
        one.score = sum((_judge(one, document) for document in documents), Score())
    for _ in range(rounds):
        for one in field_:
            gc.collect()
            started = time.process_time()
            for document in documents:
                _attempt(one, document)
            one.seconds.append(time.process_time() - started + (cost if one.name in (OURS, REPORT) else 0.0))
    return field_


def _converted(documents: Sequence[Made]) -> tuple[dict[bytes, bytes], float]:
    """What one call of LibreOffice makes of the documents that need it, and the seconds of the processor it took."""
    old = {str(number): document.data for number, document in enumerate(documents) if to_convert(document.data)}
    before = os.times()
    made = office.convert(old) if old else {}
    after = os.times()
    cost = after.children_user + after.children_system - before.children_user - before.children_system
    return {old[key]: found for key, found in made.items() if isinstance(found, bytes)}, cost


def _attempt(one: Contender, document: Made) -> Any:
    """What a contender makes of a document; None where it gives up. A peer may give up in any way it likes."""
    try:
        return one.run(document.data, document.format)
    except (Unreadable, NoReport):
        return None
    except Exception:
        if one.name in (OURS, REPORT):
            raise
        return None


def _judge(one: Contender, document: Made) -> Score:
    found = _attempt(one, document)
    return judged(document, one.text(found) if one.text and found is not None else None)


def lines(name: str, documents: Sequence[Made], field_: Sequence[Contender]) -> Iterator[str]:
    """A line per contender, and whether the goal is reached."""
    kilobytes = sum(len(document.data) for document in documents) / 1024 / max(1, len(documents))
    yield f"{name}: {len(documents)} documents of {kilobytes:.0f} KB"
    speeds = {one.name: len(documents) / median(one.seconds) for one in field_}
    for one in field_:
        told = one if one.text else field_[0]
        if told.score.unread == len(documents):
            yield f"  {one.name:16}reads none of them"
            continue
        rates = one.score.rates()
        accuracy = f"{rates['right']:7.4f} {rates['nonzero']:7.4f}" if one.text else f"{'':15}"
        unread = f"  {one.score.unread} give no report" if one.text and one.score.unread else ""
        ratio = speeds[OURS] / speeds[one.name]
        yield f"  {one.name:16}{speeds[one.name]:9.1f}/s  {accuracy}  ours is {ratio:6.2f} × as fast{unread}"
    if name in GOALS and field_[0].score.right:
        peer, goal = GOALS[name]
        reached = speeds[OURS] / speeds[peer] if peer else speeds[OURS]
        what = f"× {peer}" if peer else "documents/s"
        yield f"  goal: {goal:g} {what}: {'reached' if reached >= goal else 'NOT reached'} ({reached:.2f})"


def main() -> None:
    """Runs the competition and prints it."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.extract", description=__doc__)
    parser.add_argument("formats", nargs="*", default=list(FORMATS))
    parser.add_argument("--documents", type=int, default=20, help="at most so many of each format")
    parser.add_argument("--rounds", type=int, default=5, help="timed rounds")
    options = parser.parse_args()
    missing = [peer.name for peer in PEERS.values() if not peer.installed]
    print(f"seconds are those of the processor; load of the machine {os.getloadavg()[0]:.2f}")
    print("accuracy: all figures, then those that are not zero")
    print(
        f"not installed, so not measured: {', '.join(missing) or 'none'}"
        + (" (`make bench` installs them)" if missing else "")
    )
    for name, format, documents in sets(options.formats, options.documents):
        if documents:
            field_ = compete(format, documents, options.rounds)
            print("", *lines(name, documents, field_), sep="\n", flush=True)


if __name__ == "__main__":
    main()
