"""Runs nianbao until a transaction is told to the WARC, and kills it before the catalogue has it: `kill_told.py N WORD…`."""

import os
import signal
import sys
from typing import Any

import nianbao
from archive.captures import Recorder


def main() -> None:
    """Put a trap behind the N-th telling that tells anything, and run the command."""
    left = int(sys.argv[1])
    sys.argv = ["nianbao", *sys.argv[2:]]
    tell = Recorder._tell

    def trap(self: Recorder, *arguments: Any) -> None:
        nonlocal left
        tell(self, *arguments)
        left -= 1
        if left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)

    Recorder._tell = trap  # type: ignore[method-assign]
    nianbao.main()


if __name__ == "__main__":
    main()
