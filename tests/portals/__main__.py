"""Runs the portals by hand: prints their home pages and waits for Ctrl-C."""

import argparse
import signal
from datetime import date
from pathlib import Path

from .server import CONTROL, FIRST_DAY, Portals
from .truth import make_truth

ENDS = {signal.SIGINT, signal.SIGTERM}
EPILOG = f"The day is changed while it runs by GET {CONTROL}?date=2026-02-05 on any of the hosts."


def main() -> None:
    """Parses the command line and serves."""
    parser = argparse.ArgumentParser(prog="python -m tests.portals", description=__doc__, epilog=EPILOG)
    parser.add_argument("--day", type=date.fromisoformat, default=FIRST_DAY, help="the day that the portals live on")
    parser.add_argument("--port", type=int, default=8021, help="the port on all addresses (0: any free one)")
    parser.add_argument("--truth", type=Path, help="write the truth (figures and calendar) to this JSON file")
    options = parser.parse_args()
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDS)  # before anything is printed: an end may come at once
    with Portals(options.day, options.port, make_truth(every=True)) as portals:
        if options.truth:
            options.truth.write_text(portals.truth.to_json(), encoding="utf-8")
        for name, url in portals.urls.items():
            print(f"{name:14}{url}", flush=True)
        print(f"day     {portals.day}   {EPILOG}", flush=True)
        signal.sigwait(ENDS)
        print()


if __name__ == "__main__":
    main()
