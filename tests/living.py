"""Lives through the year of `tests/year.py`: real HTTP, `crawl --due` and `build` as of each day, killed or not.

`python -m tests.living` prints what every day took and told.
"""

import json
import random
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from extract import ocr
from tests import forks
from tests.corpus import plate, scans
from tests.helpers import Archive
from tests.oddities import Answer, Odd
from tests.portals.cases import draft, etag, picture_pdf
from tests.portals.documents import document
from tests.winter import LIMIT, Said, as_of
from tests.year import FIRST, MAIN, RENAMED, ROSTER, Told, Year, on

BLIND = Path(__file__).parent / "blind"  # a sitecustomize that hides what reads pictures
SEES = on(1, 29)  # from this day on the machine reads pictures
TWICE = frozenset({on(1, 16), on(1, 25), on(2, 3)})  # days on which everything is run again, due or not
TRIES = 4


@cache
def calendar() -> Year:
    """The year; with a scan only where this machine can draw and read one."""
    if ocr.missing() or plate.missing_fonts():
        return Year()
    look = scans.PICTURES["PNG at 96 dpi"]
    grid = document(draft(MAIN, "文化和旅游局", 2025)).grids()[-1]
    return Year(picture_pdf(plate.table(grid, look.look, 200, look.face, look.stroke)))


@dataclass(slots=True)
class Lived:
    """An archive through the year, and what came of it: kills, what commands said, requests by path, seconds."""

    archive: Archive
    kills: int = 0
    said: dict[date, list[Said]] = field(default_factory=dict)
    requests: dict[date, list[str]] = field(default_factory=dict)
    seconds: float = 0.0


def live(folder: Path, seed: int | None = None, tell: Callable[[str], None] = lambda line: None) -> Lived:
    """Live through the year; with a seed crawls and builds are killed at random moments and run again."""
    year, began, lived = calendar(), time.monotonic(), Lived(Archive(folder))
    dice = random.Random(seed) if seed is not None else None
    first, *others = year.stages
    with Odd({}, first.host, {stage.host: {} for stage in others}) as odd:
        for stage in year.stages:
            _open(odd, year, FIRST)
            about = ("--region", stage.region, "--region-name", stage.name)
            _enter(lived, "portals", "add", odd.url_of(stage.host), "--allow-private", "--delay", "0", *about)
        for today in year.days():
            at = time.monotonic()
            _open(odd, year, today)
            asked = len(odd.requests)
            _day(lived, odd, today, dice)
            lived.requests[today] = [path for _, _, path in odd.requests[asked:]]
            tell(f"{today} {time.monotonic() - at:5.1f} s {len(lived.requests[today]):4} requests")
    lived.seconds = time.monotonic() - began
    return lived


def _open(odd: Odd, year: Year, today: date) -> None:
    """What every portal shows on a day."""
    for stage in year.stages:
        pages: dict[str, Any] = {}
        for path, shown in stage.on(today).items():
            headers = {"ETag": etag(shown)} if shown.status == 200 else {}
            headers |= {"Location": shown.location} if shown.location else {}
            pages[path] = Answer(shown.status, shown.body, shown.media_type, headers)
        odd.pages[stage.host] = pages


def _day(lived: Lived, odd: Odd, today: date, dice: random.Random | None) -> None:
    """The commands of a day: what is due is crawled, everything is built; on some days all of it once more."""
    commands: list[tuple[str, ...]] = [("update",) if today == FIRST else ("crawl", "--due"), ("build", "--jobs", "1")]
    if today == FIRST:
        stage = calendar().main
        columns = [odd.url_of(stage.host)[:-1] + path for path in stage.columns]
        _enter(lived, "survey")
        for column in columns:
            _enter(lived, "portals", "confirm", stage.host, "--column", column)
    if today in TWICE:
        commands += [("build", "--jobs", "1"), ("crawl",), ("build", "--jobs", "1")]
    for words in commands:
        if dice is not None and today != FIRST:
            for _ in range(dice.choice((0, 1, 1, 2))):
                killer = (
                    _after_answers(odd, dice.randint(1, 40)) if words[0] == "crawl" else _after(dice.uniform(0, 1.5))
                )
                lived.kills += run(lived.archive, today, words, killer).status == -9
        said = run(lived.archive, today, words)
        assert said.status in ((0, 2) if words[0] != "build" else (0,)), said.text
        lived.said.setdefault(today, []).append(said)
    if today == FIRST:
        roster = lived.archive.folder.with_suffix(".roster.csv")
        roster.write_text(ROSTER)
        old, new, since = RENAMED
        _enter(lived, "units", "import", str(roster))
        _enter(lived, "units", "rename", old, new, "--from", str(since))


def _enter(lived: Lived, *words: str) -> None:
    """A person's command on the first day."""
    said = run(lived.archive, FIRST, words)
    assert said.status == 0, said.text


Killer = Callable[[], bool]


def _after_answers(odd: Odd, count: int) -> Killer:
    last = len(odd.requests) + count
    return lambda: len(odd.requests) >= last


def _after(seconds: float) -> Killer:
    until = time.monotonic() + seconds
    return lambda: time.monotonic() >= until


def run(archive: Archive, today: date, words: tuple[str, ...], killer: Killer | None = None) -> Said:
    """A command as of a day, to its end, or killed as soon as `killer` says so."""
    said = archive.folder.with_suffix(".day")
    arguments, environment = archive.command(*words)
    blind, hidden = ({"PYTHONPATH": str(BLIND)}, ["rapidocr"]) if today < SEES else ({}, [])
    process = forks.process(arguments[1:], environment | as_of(today) | blind, said, hidden=hidden)
    process.start()
    until = time.monotonic() + LIMIT
    while process.exitcode is None and time.monotonic() < until:
        if killer and killer():
            process.kill()
        process.join(0.01 if killer else LIMIT)
    if process.exitcode is None:
        process.kill()
        raise AssertionError(f"nianbao {words} of {today} took more than {LIMIT} seconds: {said.read_text()}")
    return Said(process.exitcode, said.read_text() if said.exists() else "")


def told(archive: Archive) -> list[tuple[str, str, str, str]]:
    """Every event of an archive: day, kind, report (that which is not there too) or path of the column, detail with paths and days as JSON."""
    owed = "json_extract(detail, '$.unit') || '/own/' || json_extract(detail, '$.year')"
    rows = archive.rows(
        f"select substr(at, 1, 10) as day, kind, coalesce(report, {owed}, url) as subject, detail from event"
    )
    return sorted(
        (row["day"], row["kind"], _plain(row["subject"]), _written(json.loads(row["detail"]))) for row in rows
    )


def wanted(some: list[Told]) -> list[tuple[str, str, str, str]]:
    """Expected events in the same shape."""
    return sorted((str(each.day), each.kind, each.subject, _written(dict(each.detail))) for each in some)


def _written(detail: dict[str, Any]) -> str:
    return json.dumps(_shortened(detail), ensure_ascii=False, sort_keys=True)


def _shortened(value: Any) -> Any:
    if isinstance(value, dict):
        return {_plain(key): (each[:10] if key == "since" else _shortened(each)) for key, each in value.items()}
    if isinstance(value, list):
        return [_shortened(each) for each in value]
    return _plain(value) if isinstance(value, str) else value


def _plain(text: str) -> str:
    """An address without its host, whose port is another every time."""
    return "/" + text.partition("://")[2].partition("/")[2] if text.startswith("http://127.") else text


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        lived = live(Path(folder) / "archive", int(sys.argv[1]) if len(sys.argv) > 1 else None, print)
        have, want = told(lived.archive), wanted([each for some in calendar().told.values() for each in some])
        for line in sorted(set(have) ^ set(want)):
            print("only told  " if line in have else "only wanted", *line)
        print(f"{len(have)} events, {lived.kills} kills, {lived.seconds:.0f} s")


if __name__ == "__main__":
    main()
