"""The crawl beside plain Scrapy, on the same pages with the same settings: `python -m tests.bench.crawl`.

Pages per second, processor time per page, memory over the run, ours with archive and catalogue on; and in breadth: 200 hosts
with a second between requests, in one process. The pages come from another process (tests.bench.pages). Results with date and
machine are kept in tests/bench/results/crawl.json; `--reduced` is for a machine that is busy, and says so there.
"""

import argparse
import csv
import json
import os
import platform
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[2]
RESULTS = Path(__file__).with_name("results") / "crawl.json"
NIANBAO = Path(sys.executable).with_name("nianbao")
GOAL_CPU, GOAL_BREADTH = 0.75, 0.75
FLAT = 1.25  # memory at the end against that at a fifth of the way
JITTER = 0.25  # of the delay: the mean of what crawler.politeness adds
EVERY = 0.5  # seconds between two looks at the memory
HEAD = 40  # lines of the profile
REASON = (
    "for each page ours writes three gzip members and syncs them, commits a transaction of about ten statements (row, capture, links, "
    "checks), and looks in the page for its title, its kind, its files and refusals; plain Scrapy only follows its links"
)


def host(number: int) -> str:
    """The address of a simulated host."""
    return f"127.24.{number // 250}.{number % 250 + 1}"


@dataclass(slots=True)
class Measured:
    """One crawl: pages as the server counted them, seconds, and MB of memory as the crawl went on."""

    name: str
    pages: int = 0
    wall: float = 0.0
    cpu: float = 0.0
    memory: list[int] = field(default_factory=list)
    steady: float = 0.0

    @property
    def per_cpu_second(self) -> float:
        return self.pages / self.cpu

    @property
    def growth(self) -> float:
        """Memory at the end against that at a fifth of the way."""
        return self.memory[-1] / self.memory[len(self.memory) // 5] if self.memory else 0.0

    def line(self) -> str:
        return (
            f"  {self.name:18}{self.pages:8} pages{self.pages / self.wall:9.1f}/s{1000 * self.cpu / self.pages:8.2f} ms of CPU a page"
            f"{self.per_cpu_second:9.1f} pages/CPU-s   memory {self.memory[len(self.memory) // 5]} → {self.memory[-1]} MB, peak {max(self.memory)}"
        )


@contextmanager
def serving(hosts: int, details: int) -> Iterator[int]:
    """The server of the pages; its port."""
    words = [sys.executable, "-m", "tests.bench.pages", str(hosts), str(details)]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield int(process.stdout.readline())
        finally:
            process.terminate()


def seen(port: int) -> dict[int, int]:
    """The requests since the last question, by tenth of a second."""
    with urllib.request.urlopen(f"http://{host(0)}:{port}/_seen") as answer:
        return {int(at): count for at, count in json.load(answer).items()}


def measure(name: str, words: list[str], environment: Mapping[str, str], port: int) -> Measured:
    """Run a crawl to its end and measure it."""
    seen(port)
    result, began = Measured(name), time.monotonic()
    process = subprocess.Popen(words, cwd=ROOT, env={**os.environ, **environment}, stdout=subprocess.DEVNULL)
    while (used := finished(process.pid)) is None:
        if (now := resident(process.pid)) > 0:
            result.memory.append(now)
        time.sleep(EVERY)
    process.returncode, result.cpu = used
    result.wall = time.monotonic() - began
    if process.returncode not in (0, 2):
        sys.exit(f"{name} ended with {process.returncode}")
    bins = seen(port)
    result.pages = sum(bins.values())
    middle = sorted(bins)[len(bins) // 4 : len(bins) * 3 // 4]
    result.steady = sum(bins[at] for at in middle) / ((middle[-1] - middle[0] + 1) / 10) if middle else 0.0
    return result


def finished(pid: int) -> tuple[int, float] | None:
    """Exit status and processor seconds of a process that has ended; None while it runs."""
    ended, status, used = os.wait4(pid, os.WNOHANG)
    return (os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime) if ended else None


def resident(pid: int) -> int:
    """MB of a process's memory now."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE") >> 20


def archive(folder: Path, port: int, hosts: int, delay: float) -> dict[str, str]:
    """An archive that knows the portals and their columns; the environment that names it."""
    environment = {"NIANBAO_ARCHIVE": str(folder / "archive")}
    portals, columns = folder / "portals.csv", folder / "columns.csv"
    homes = [f"http://{host(number)}:{port}/" for number in range(hosts)]
    with portals.open("w", newline="") as file:
        names = ("url", "region", "region_name", "allow_private", "delay", "budget")
        csv.writer(file).writerows(
            [names, *((home, 990_001 + n, "清沙县", 1, delay, 1_000_000) for n, home in enumerate(homes))]
        )
    with columns.open("w", newline="") as file:
        csv.writer(file).writerows(
            [("portal", "url", "state"), *((home.split("/")[2], f"{home}nb/", "confirmed") for home in homes)]
        )
    for words in (["import", str(portals)], ["import", "--columns", str(columns)]):
        done = subprocess.run(
            [NIANBAO, "portals", *words], env={**os.environ, **environment}, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
    return environment


def ours(port: int, hosts: int, delay: float, name: str = "nianbao") -> Measured:
    """`nianbao crawl` of all hosts, into a new archive."""
    with TemporaryDirectory(prefix="nianbao-bench-") as folder:
        environment = archive(Path(folder), port, hosts, delay)
        return measure(name, [str(NIANBAO), "crawl"], environment, port)


def profile(port: int, hosts: int) -> str:
    """Where the time of a crawl goes: the functions that take most of it themselves."""
    with TemporaryDirectory(prefix="nianbao-bench-") as folder:
        environment = archive(Path(folder), port, hosts, 0)
        file = Path(folder) / "profile"
        words = [sys.executable, "-m", "cProfile", "-o", str(file), str(NIANBAO), "crawl"]
        subprocess.run(words, cwd=ROOT, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, check=False)
        code = f"import pstats; pstats.Stats({str(file)!r}).sort_stats('tottime').print_stats({HEAD})"
        return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout


def plain(port: int, hosts: int) -> None:
    """Plain Scrapy over the same pages: Scrapy's own scheduler and middlewares, every other setting as ours."""
    import scrapy
    from scrapy.crawler import CrawlerProcess

    from crawler import settings as module

    own = ("SCHEDULER", "DOWNLOADER", "DOWNLOAD_HANDLERS", "DOWNLOADER_MIDDLEWARES", "SPIDER_MIDDLEWARES", "EXTENSIONS")
    settings = {
        name: getattr(module, name) for name in dir(module) if name.isupper() and name not in (*own, "SPIDER_MODULES")
    }
    settings |= {"DOWNLOAD_DELAY": 0, "USER_AGENT": "bench", "EXTENSIONS": module.EXTENSIONS.copy()}
    settings["EXTENSIONS"] = {
        name: None for name, order in settings["EXTENSIONS"].items() if order is None and "throttle" not in name
    }

    class Plain(scrapy.Spider):
        name = "plain"
        start_urls = [f"http://{host(number)}:{port}/nb/" for number in range(hosts)]  # noqa: RUF012

        def parse(self, response):  # type: ignore[no-untyped-def]
            for link in response.xpath("//a"):
                yield response.follow(link.attrib["href"], self.parse)

    process = CrawlerProcess(settings)
    process.crawl(Plain)
    process.start()


def beside_plain(hosts: int, details: int) -> tuple[Measured, Measured, str]:
    """Both on the same pages, one after the other; the profile of ours where the goal is missed."""
    with serving(hosts, details) as port:
        words = [sys.executable, "-m", "tests.bench.crawl", "--plain", str(port), "--hosts", str(hosts)]
        peer = measure("plain Scrapy", words, {}, port)
        print(peer.line(), flush=True)
        own = ours(port, hosts, 0)
        print(own.line(), flush=True)
    said = ""
    if own.per_cpu_second < GOAL_CPU * peer.per_cpu_second:
        with serving(hosts, min(details, 100)) as port:
            said = profile(port, hosts)
    return peer, own, said


def breadth(hosts: int, details: int) -> Measured:
    """Many hosts with a second between requests, in one process."""
    with serving(hosts, details) as port:
        return ours(port, hosts, 1.0, f"{hosts} hosts")


def main() -> None:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.crawl", description=__doc__)
    parser.add_argument("--pages", type=int, default=50_000, help="pages of the run beside plain Scrapy")
    parser.add_argument("--hosts", type=int, default=50, help="hosts of that run")
    parser.add_argument("--breadth", type=int, default=200, help="hosts of the polite run")
    parser.add_argument("--reduced", action="store_true", help="a tenth of the pages: 5,000")
    parser.add_argument("--plain", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.plain:
        plain(options.plain, options.hosts)
        return
    load = os.getloadavg()[0]
    count = options.pages // 10 if options.reduced else options.pages
    print(f"load of the machine {load:.2f}" + ("; reduced form" if options.reduced else ""))
    peer, own, said = beside_plain(options.hosts, count // options.hosts)
    share = own.per_cpu_second / peer.per_cpu_second
    print(f"  goal: {GOAL_CPU} of plain Scrapy's pages per CPU second: {_reached(share, GOAL_CPU)} ({share:.2f})")
    print(
        f"  goal: memory flat, at most {FLAT} × that at a fifth of the way: {_reached(-own.growth, -FLAT)} ({own.growth:.2f})"
    )
    wide = breadth(options.breadth, 20 if options.reduced else 40)
    ceiling = options.breadth / (1 + JITTER)
    print(wide.line(), flush=True)
    print(
        f"  goal: {GOAL_BREADTH} of the polite ceiling of {ceiling:.0f} pages/s: {_reached(wide.steady / ceiling, GOAL_BREADTH)} ({wide.steady:.0f}/s)"
    )
    if said:
        print(f"  reason: {REASON}\n{said}")
    keep([peer, own, wide], load, options.reduced)


def _reached(value: float, goal: float) -> str:
    return "reached" if value >= goal else "NOT reached"


def keep(results: list[Measured], load: float, reduced: bool) -> None:
    """The last results, with date and machine; of the memory, ten values along the way."""
    RESULTS.parent.mkdir(exist_ok=True)
    rows = [asdict(one) | {"memory": one.memory[:: max(1, len(one.memory) // 10)]} for one in results]
    about = {
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{platform.machine()}, {len(os.sched_getaffinity(0))} cores, Python {platform.python_version()}",
        "load": load,
        "reduced": reduced,
        "results": rows,
    }
    RESULTS.write_text(json.dumps(about, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
