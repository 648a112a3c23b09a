"""`make demo`: the simulated portals on the loopback, and nianbao used on them as a person would, from start to search."""

import os
import shlex
import shutil
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from tempfile import gettempdir
from urllib.parse import urlsplit

from tests.portals import Portals, make_truth

ROOT = Path(__file__).resolve().parent.parent
ARCHIVE = ROOT / "demo-archive"
LIST = Path(gettempdir()) / "nianbao-demo-portals.csv"
NIANBAO = Path(sys.executable).with_name("nianbao")
WINTER, LATER = date(2026, 1, 10), date(2026, 2, 5)


def say(text: str) -> None:
    print(f"\n\033[1m{text}\033[0m" if sys.stdout.isatty() else f"\n{text}", flush=True)


def run(*words: str, day: date = WINTER, expected: int = 0) -> None:
    """Print a command, run it as a person would on that day, and stop the demo where it does not end as it should."""
    print(f"$ nianbao {shlex.join(words)}", flush=True)
    environment = os.environ | {"NIANBAO_NOW": f"{day}T01:30:00Z"}
    done = subprocess.run([NIANBAO, *words, "--archive", str(ARCHIVE)], env=environment, check=False)
    if done.returncode != expected:
        sys.exit(f"the demo stopped: exit status {done.returncode} instead of {expected}")


def portal_list(portals: Portals) -> str:
    """The portals as a person's CSV file: two seconds between requests are for real hosts."""
    lines = ["url,region,region_name,allow_private,delay,hosts"]
    for name, url in portals.urls.items():
        county, files = portals.truth.county(name), portals.sites[name].file_host
        hosts = urlsplit(portals.hosts[files]).hostname if files else ""
        lines.append(f"{url},{county.region},{county.name},1,0,{hosts}")
    return "\n".join(lines) + "\n"


def main() -> None:
    began = time.monotonic()
    if (ARCHIVE / "nianbao.db").exists():
        shutil.rmtree(ARCHIVE)  # of an earlier demo
    with Portals(WINTER, truth=make_truth(every=True)) as portals:
        say(
            f"{len(portals.urls)} invented county portals, one of every content system, run on this machine; it is {WINTER} there."
        )
        LIST.write_text(portal_list(portals), encoding="utf-8")
        run("portals", "import", str(LIST))
        say("Where does each keep its annual reports? From the home page alone:")
        run("survey")
        say("Fetch everything, keep every response as evidence, read every figure:")
        run("update")
        run("status")
        portals.day = LATER
        say(f"Four weeks later ({LATER}) the portals have changed. The same command again:")
        run("update", day=LATER)
    tour()
    say(f"Done in {time.monotonic() - began:.0f} seconds. The archive stays in {ARCHIVE.name}/. What to type next:")
    print(f"  .venv/bin/nianbao serve --archive {ARCHIVE.name}")


def tour() -> None:
    """What the three kinds of people look at."""
    say("What is new, and what was changed at the same address?")
    run("news", "--kind", "revised", day=LATER)
    run("news", "--kind", "new", "--limit", "5", day=LATER)
    say("Which reports are there, which are late?")
    run("coverage", "--region", "990101", day=LATER)
    run("overdue", "--year", "2025", day=LATER)
    say("One figure of one unit over the years:")
    run("show", "990101/人民政府办公室", "--figure", "t3.new_received.total", "--years", day=LATER)
    say("The newest of them down to the bytes it came from:")
    run(
        "show", "990101/人民政府办公室/government_office/2025", "--figure", "t3.new_received.total", "--cite", day=LATER
    )
    say("Reports whose own arithmetic does not hold:")
    run("checks", "--severity", "error", day=LATER)
    say("A question of researchers, documented and tested; `nianbao query` lists the others:")
    run("query", "q10", day=LATER)
    say("Search, with a word of two characters:")
    run("search", "复议", "--unit", "统计局", "--limit", "3", day=LATER)
    say("Does the evidence hold? Every record re-read by offset, length and sha256:")
    run("verify", day=LATER)


if __name__ == "__main__":
    main()
