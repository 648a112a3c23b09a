"""Documents that attack, and what should become of them: `python -m tests.hostile` reads them all and prints the table.

Every file is made here, from a seed or by hand. `cases()` are the known attacks, each with what is expected of it;
`mutated(count)` are documents of the corpus that were cut, flipped, spliced or stretched. They go the way of all files:
imported into an archive, built by its workers. Whatever they hold, each ends as a text or as a failure with its reason.
"""

import argparse
import io
import random
import re
import resource
import sys
import tempfile
import threading
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive.build import build
from archive.captures import Recorder
from archive.database import connect
from archive.identity import import_origin
from archive.imports import import_files
from archive.workers import Limits, default_workers
from tests.attacks import EITHER, FAILURE, READABLE, Case, attacks
from tests.packing import rar4_of, rar5_of, zip_of

BUNDLES = ("zip", "rar")
DOCS = Path(__file__).resolve().parent.parent / "docs" / "hostile.md"
TEXT = """# Documents that attack

Written by `python -m tests.hostile --write` (`make hostile` prints the same), with a limit of 40 seconds a document instead of 120, so that what hangs does not take
longer than what is slow. Each file is imported into an archive and built by its workers. Expected is a text, a failure with its reason, or either; a file that
is neither would be lost, and none is. A second build reads none of them again.

| sent | what it is | expected | seen |
|---|---|---|---|
{}
{}
"""

SHORT = Limits(seconds=40, grace=10)  # a shared machine is slow; what hangs must not take the minutes that scans may
COUNT = 500


@dataclass(frozen=True, slots=True)
class Seen:
    """What became of a file: `text` with the format, or `failure` with kind and reason; `lost` should never be."""

    name: str
    end: str
    detail: str

    def as_expected(self, expected: str) -> bool:
        return self.end in (READABLE, FAILURE) and expected in (self.end, EITHER)


def cases() -> Iterator[Case]:
    """The known attacks, and a document of each format torn."""
    yield from attacks()
    yield from _torn()


def _torn() -> Iterator[Case]:
    """One document of each format, cut in its middle."""
    for format, data in sorted(samples().items()):
        yield Case(f"torn.{format}", lambda data=data: data[: len(data) // 2], EITHER, "half of a document")


# --- mutations


def samples(most: int = 1) -> dict[str, bytes]:
    """A document of each format of the corpus, as `name` → bytes; bundles of them too."""
    return {name: found[0] for name, found in _samples(most).items()}


def _samples(most: int) -> dict[str, list[bytes]]:
    """So many documents of each format, by their ending."""
    from tests import corpus

    endings = {"pdf-ruled": "ruled.pdf", "pdf-bare": "bare.pdf", "text-a": "a.txt", "text-b": "b.txt"}
    found: dict[str, list[bytes]] = {}
    for format in (*corpus.FORMATS, *corpus.STRUCTURAL):
        if format.startswith(("scan", "image")):
            continue  # whole scans take a minute each: below are small ones
        count = min(most, len(corpus.names(format)))
        found[endings.get(format, format)] = [corpus.made(format, number).data for number in range(count)]
    found |= {ending: [data] * 1 for ending, data in _sheets().items()}
    three = {f"{number}/年报.{ending}": found[ending][0] for number, ending in enumerate(("docx", "html", "a.txt"))}
    found["zip"], found["rar5.rar"], found["rar4.rar"] = [zip_of(three, "gbk")], [rar5_of(three)], [rar4_of(three)]
    found["png"], found["tif"] = [drawn("PNG")], [drawn("TIFF")]
    found["jpg"], found["scan.pdf"] = [drawn("JPEG")], [drawn("PDF")]
    return found


def _sheets() -> dict[str, bytes]:
    """A report as a workbook of today and of old."""
    from tests.corpus import workbooks
    from tests.portals import make_truth
    from tests.portals.documents import document

    made = document(make_truth().reports[0])
    return {"xlsx": _timeless(workbooks.xlsx(made, workbooks.Look())), "xls": workbooks.xls(made, workbooks.Look())}


def _timeless(data: bytes) -> bytes:
    """A workbook without the time at which it was made."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return zip_of({name: packed.read(name) for name in packed.namelist() if name != "docProps/core.xml"})


def drawn(format: str) -> bytes:
    """A picture with a grid in it."""
    from PIL import Image, ImageDraw

    picture = Image.new("L", (600, 300), 255)
    pen = ImageDraw.Draw(picture)
    for at in range(20, 281, 65):
        pen.line((20, at, 580, at), fill=0, width=2)
    for at in range(20, 581, 140):
        pen.line((at, 20, at, 280), fill=0, width=2)
        pen.text((at + 30, 40), "12", fill=0)
    file = io.BytesIO()
    picture.save(file, format)
    return file.getvalue()


def mutated(count: int, seed: int = 6) -> Iterator[tuple[str, bytes]]:
    """So many damaged documents, all formats in turn: (name, bytes), the same on every run."""
    rng = random.Random(seed)
    found = _samples(4)
    endings = sorted(found)
    for number in range(count):
        ending = endings[number % len(endings)]
        data = rng.choice(found[ending])
        change = rng.choice(CHANGES)
        yield (
            f"{number:03}-{change.__name__.strip('_')}.{ending}",
            change(data, rng, rng.choice(found[rng.choice(endings)])),
        )


def _cut(data: bytes, rng: random.Random, other: bytes) -> bytes:
    return data[: rng.randrange(len(data))]


def _headless(data: bytes, rng: random.Random, other: bytes) -> bytes:
    return data[: min(64, len(data) // 2)] + data[rng.randrange(len(data)) :]


def _flipped(data: bytes, rng: random.Random, other: bytes) -> bytes:
    made = bytearray(data)
    for _ in range(rng.choice((1, 4, 30, 300))):
        made[rng.randrange(len(made))] ^= 1 << rng.randrange(8)
    return bytes(made)


def _blanked(data: bytes, rng: random.Random, other: bytes) -> bytes:
    start = rng.randrange(len(data))
    size = rng.randrange(1, 1 + len(data) // 3)
    return data[:start] + rng.choice((b"\0", b"\xff", b"9", b"<")) * size + data[start + size :]


def _spliced(data: bytes, rng: random.Random, other: bytes) -> bytes:
    return data[: rng.randrange(len(data))] + other[rng.randrange(len(other)) :]


def _repeated(data: bytes, rng: random.Random, other: bytes) -> bytes:
    start = rng.randrange(len(data))
    piece = data[start : start + rng.randrange(1, 400)]
    return data[:start] + piece * rng.choice((3, 50, 3000)) + data[start:]


def _enlarged(data: bytes, rng: random.Random, other: bytes) -> bytes:
    """Numbers that say how much or where become very large."""
    made = bytearray(data)
    for _ in range(rng.choice((1, 3, 10))):
        at = rng.randrange(max(1, len(made) - 4))
        made[at : at + 4] = rng.choice((b"\xff\xff\xff\x7f", b"\xff\xff\xff\xff", b"9999", b"\0\0\0\x80"))
    return bytes(made)


def _inside(data: bytes, rng: random.Random, other: bytes) -> bytes:
    """A member of a package is damaged and packed again, so that the damage reaches its reader; else a few bits."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            members = {info.filename: packed.read(info) for info in packed.infolist()}
    except zipfile.BadZipFile:
        return _flipped(data, rng, other)
    name = rng.choice(sorted(name for name in members if members[name]))
    change = rng.choice((_cut, _flipped, _blanked, _spliced, _repeated, _enlarged))
    return zip_of({**members, name: change(members[name], rng, other)})


CHANGES: tuple[Callable[[bytes, random.Random, bytes], bytes], ...] = (
    _cut, _headless, _flipped, _flipped, _blanked, _spliced, _repeated, _enlarged, _inside,
)  # fmt: skip


# --- through the archive


def taken(
    archive: Path,
    files: Mapping[str, bytes] | Iterable[tuple[str, bytes]],
    folder: Path,
    limits: Limits,
    workers: int = 0,
) -> dict[str, Seen]:
    """Import files and build them: what became of each, by its name. They are written into `folder` first."""
    names = []
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items() if isinstance(files, Mapping) else files:
        (folder / name).write_bytes(data)
        names.append(name)
    db = connect(archive, create=True)
    recorder = Recorder(archive, db, "hostile")
    import_files(recorder, db, [folder / name for name in names], import_origin("990001", "清沙县"))
    recorder.close()
    build(archive, db, workers or default_workers(), limits=limits)
    try:
        return {name: _seen(db, name, (folder / name).resolve().as_uri()) for name in names}
    finally:
        db.close()


def again(archive: Path) -> int:
    """How many pages a second build of an archive takes up, which should be none."""
    db = connect(archive)
    try:
        return build(archive, db, default_workers(), limits=SHORT).pages
    finally:
        db.close()


def _seen(db: Any, name: str, url: str) -> Seen:
    row = next(
        db.query(
            "select c.id, d.format, d.sha256 from capture c left join document d on d.sha256 = c.document where c.url = ?",
            [url],
        ),
        None,
    )
    if row is None or row["sha256"] is None:
        return Seen(name, "lost", "no document" if row else "no capture")
    of_it = "subject = ?1 or (url > ?2 || '!/' and url < ?2 || '!0')"  # the same bytes may lie elsewhere too
    failures = list(db.query(f"select kind, reason from failure where {of_it} order by url", [row["sha256"], url]))
    serious = [each for each in failures if each["kind"] != "no_report"]
    if row["format"] and not (serious and row["format"] in BUNDLES):
        return Seen(name, READABLE, row["format"])
    if not failures:
        return Seen(name, "lost", "neither text nor failure")
    first = (serious or failures)[0]
    return Seen(name, FAILURE, f"{first['kind']}: {first['reason']}")


class Resident:
    """The largest memory of the child processes that run while it is entered, in KB, as the kernel keeps it for each."""

    def __init__(self) -> None:
        self.peak = 0
        self._end = threading.Event()

    def __enter__(self) -> "Resident":
        threading.Thread(target=self._watch, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()

    def _watch(self) -> None:
        while not self._end.wait(0.02):
            for children in Path("/proc/self/task").glob("*/children"):
                with suppress(OSError):
                    for pid in children.read_text().split():
                        said = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
                        self.peak = max(self.peak, int(said[1]) if said else 0)


def main() -> None:
    """Read everything and print the table; exit status 1 where anything is not as expected."""
    parser = argparse.ArgumentParser(prog="python -m tests.hostile", description=__doc__)
    parser.add_argument("--count", type=int, default=COUNT, help=f"mutated files [{COUNT}]")
    parser.add_argument("--seed", type=int, default=6)
    parser.add_argument("--write", action="store_true", help="write docs/hostile.md")
    parser.add_argument("--keep", type=Path, help="keep the files in this folder")
    options = parser.parse_args()
    wrong, said = [], []
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.keep or Path(scratch) / "files"
        known = list(cases())
        begun = time.monotonic()
        seen = taken(Path(scratch) / "known", ((case.name, case.made()) for case in known), folder / "known", SHORT)
        print(f"{'sent':30}{'expected':18}seen")
        for case in known:
            found = seen[case.name]
            ok = found.as_expected(case.expected)
            wrong += [] if ok else [case.name]
            print(
                f"{case.name:30}{case.expected:18}{'' if ok else 'WRONG '}{found.end}: {found.detail[:110]}  ({case.about})"
            )
            detail = found.detail[:110].replace("|", "¦").replace("\n", " ")
            said.append(f"| {case.name} | {case.about} | {case.expected} | {found.end}: {detail} |\n")
        print(f"{len(known)} known attacks in {time.monotonic() - begun:.0f} s")
        begun = time.monotonic()
        seen = taken(Path(scratch) / "mutated", mutated(options.count, options.seed), folder / "mutated", SHORT)
        wrong += [name for name, found in seen.items() if not found.as_expected(EITHER)]
        ends = Counter(
            found.end if found.end != FAILURE else f"failure, {found.detail.partition(':')[0]}"
            for found in seen.values()
        )
        counted = ", ".join(f"{n} {end}" for end, n in sorted(ends.items()))
        print(f"{len(seen)} mutated files in {time.monotonic() - begun:.0f} s: {counted}")
        summary = f"{len(seen)} documents of the corpus, of all formats, cut, flipped, blanked, spliced, stretched: {counted}."
        for name, found in seen.items():
            if found.detail.startswith(("timeout", "memory", "crashed", "error")) or found.end == "lost":
                print(f"{name:40}{found.end}: {found.detail[:140]}")
        for archive in ("known", "mutated"):
            if pages := again(Path(scratch) / archive):
                wrong.append(f"{pages} pages of a second build")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10  # of this process, which has no other children
    print(f"the largest of all processes was resident with {peak} MB")
    if options.write:
        DOCS.write_text(TEXT.format("".join(said), summary), encoding="utf-8")
    if wrong:
        sys.exit(f"not as expected: {', '.join(wrong)}")


if __name__ == "__main__":
    main()
