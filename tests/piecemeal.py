"""Runs nianbao so that a build writes few pages at a time, and soon: `python tests/piecemeal.py WORD…`."""

import nianbao
from archive import build

FEW = 5
SOON = 0.05  # seconds


def main() -> None:
    """Run the command."""
    build.TOGETHER, build.SECONDS = FEW, SOON
    nianbao.main()


if __name__ == "__main__":
    main()
