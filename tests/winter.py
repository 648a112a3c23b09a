"""A winter, day by day: `crawl --due` and `build` as of each day, against portals that live on that day.

Commands run in processes that are forked with everything imported, so that four months take a minute. `python -m
tests.winter` runs it with a portal of every content system and prints the table.
"""

import multiprocessing
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.helpers import Archive, add_portals
from tests.portals import Portals, Truth, make_truth
from tests.portals.quirks import AWAY, BACKDATED, MOVES, REVISED, VANISHES

BEGIN, END = date(2025, 12, 10), date(2026, 4, 10)
HOUR = "T01:30:00Z"  # half past nine in China
LIMIT = 120  # seconds for one command
PRELOAD = (
    "nianbao crawler.commands crawler.portal_commands crawler.crawling crawler.settings crawler.spiders.reports "
    "crawler.spiders.survey crawler.frontier crawler.politeness crawler.recorder crawler.commit archive.commands "
    "archive.happenings archive.build scrapy.crawler scrapy.core.engine scrapy.core.downloader.handlers.http11"
).split()
FORKS = multiprocessing.get_context("forkserver")


def command(archive: str, day: str, words: tuple[str, ...], said: str) -> None:
    """In the forked process: one command, as of a day, its output in a file."""
    file = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(file, 1)
    os.dup2(file, 2)
    os.environ["NIANBAO_ARCHIVE"], os.environ["NIANBAO_NOW"] = archive, day + HOUR
    from archive import clock

    clock.pretend(day + HOUR)
    import nianbao

    sys.argv = ["nianbao", *words]
    nianbao.main()


@dataclass(frozen=True, slots=True)
class Said:
    """How a command ended, and what it said."""

    status: int
    text: str


@dataclass(slots=True)
class Days:
    """Commands on an archive as of a day, while the portals live on that day too."""

    archive: Archive
    portals: Portals | None = None

    def run(self, day: date, *words: object, kill_after: int = 0) -> Said:
        """Run a command as of a day, to its end, or until the portals have given so many answers: then it is killed."""
        FORKS.set_forkserver_preload(PRELOAD)
        said = self.archive.folder.with_suffix(".day")
        arguments = (str(self.archive.folder), str(day), tuple(map(str, words)), str(said))
        process = FORKS.Process(target=command, args=arguments)
        if self.portals:
            self.portals.day = day
            last = len(self.portals.requests) + kill_after
            self.portals.on_response = lambda count, entry: process.kill() if kill_after and count == last else None
        process.start()
        process.join(LIMIT)
        if self.portals:
            self.portals.on_response = None
        if process.exitcode is None:
            process.kill()
            raise AssertionError(f"nianbao {words} of {day} took more than {LIMIT} seconds: {said.read_text()}")
        return Said(process.exitcode, said.read_text())


def some() -> Truth:
    """The three portals with the newest reports, and those that change."""
    special = REVISED.keys() | VANISHES.keys() | AWAY.keys() | MOVES.keys() | BACKDATED.keys()
    truth = make_truth()
    return replace(truth, reports=tuple(r for r in truth.reports if r.year == 2025 or r.key in special))


@dataclass(slots=True)
class Winter:
    """What a winter gave: by day, the requests that each portal served; and what the commands said."""

    requests: dict[date, Counter[str]] = field(default_factory=dict)
    said: dict[date, Said] = field(default_factory=dict)
    seconds: float = 0.0

    def table(self, names: list[str]) -> str:
        """Requests by portal: each day a character, a week a word: `.` none, else how many tens, `+` from 100 on."""
        weeks = [day for day in self.requests if (day - BEGIN).days % 7 == 0]
        lines = [f"{'':14}" + " ".join(f"{week:%m-%d}  " for week in weeks) + "  requests  days"]
        for name in names:
            counts = {day: served[name] for day, served in self.requests.items()}
            words = ("".join(_mark(counts.get(week + timedelta(days=n), -1)) for n in range(7)) for week in weeks)
            lines.append(f"{name:14}{' '.join(words)}  {sum(counts.values()):8}  {sum(map(bool, counts.values())):4}")
        return "\n".join(lines)


def _mark(count: int) -> str:
    return " " if count < 0 else "." if not count else "+" if count >= 100 else str(count // 10)


Change = Callable[[Portals, date], None]


def winter(portals: Portals, archive: Archive, change: Change = lambda portals, day: None) -> Winter:
    """Live through it; `change` may switch portals off and on before each day."""
    began, days, result = time.monotonic(), Days(archive, portals), Winter()
    for day in dates(BEGIN, END):
        change(portals, day)
        before = len(portals.requests)
        result.said[day] = days.run(day, "update" if day == BEGIN else "crawl", "--due")
        assert result.said[day].status in (0, 2), result.said[day].text
        result.requests[day] = Counter(entry.portal for entry in portals.requests[before:])
        if result.requests[day]:
            built = days.run(day, "build", "--jobs", 1)
            assert built.status == 0, built.text
    result.seconds = time.monotonic() - began
    return result


def dates(first: date, last: date) -> Iterator[date]:
    """Every day from the first to the last."""
    return (first + timedelta(days=number) for number in range((last - first).days + 1))


def main() -> None:
    with TemporaryDirectory() as folder, Portals(BEGIN, truth=make_truth(every=True)) as portals:
        archive = Archive(Path(folder) / "archive")
        add_portals(archive, portals)
        result = winter(portals, archive)
        print(result.table(sorted(portals.sites)))
        print(f"{len(result.requests)} days in {result.seconds:.0f} s")


if __name__ == "__main__":
    main()
