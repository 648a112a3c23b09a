"""A winter, day by day: `crawl --due` and `build` as of each day, against portals that live on that day.

Commands run in processes that are forked (`tests/forks.py`), so that four months take a minute. `python -m tests.winter` runs it with a portal of every content system and prints the table.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from tests import forks
from tests.helpers import Archive, add_portals
from tests.portals import Portals, Truth, make_truth
from tests.portals.quirks import AWAY, BACKDATED, MOVES, REVISED, VANISHES

BEGIN, END = date(2025, 12, 10), date(2026, 4, 10)
HOUR = "T01:30:00Z"  # half past nine in China
LIMIT = 120  # seconds for one command


def as_of(day: date) -> dict[str, str]:
    """What lets a process believe that it is this day."""
    return {"NIANBAO_NOW": f"{day}{HOUR}"}


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
        said = self.archive.folder.with_suffix(".day")
        arguments, environment = self.archive.command(*words)
        process = forks.process(arguments[1:], environment | as_of(day), said)
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
