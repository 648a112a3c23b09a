"""Runs nianbao with short limits of time, and tells at the end how much memory it took: `python tests/hurried.py WORD…`."""

import resource
import sys

import nianbao
from crawler import settings, transfers

SECONDS = 4
TOLD = "peak of memory, MB:"


def main() -> None:
    """Run the command."""
    settings.DOWNLOAD_TIMEOUT = SECONDS  # type: ignore[assignment]
    transfers.FILE_SECONDS = SECONDS
    try:
        nianbao.main()
    finally:
        print(TOLD, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, file=sys.stderr)


if __name__ == "__main__":
    main()
