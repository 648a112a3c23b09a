"""Runs nianbao until it would store what a response led to, and kills it there: the WARC has the record, the catalogue not.

    python tests/kill_between.py N TEXT WORD…

The process ends by SIGKILL before the transaction that would store the N-th capture whose URL holds TEXT (of any URL,
where TEXT is empty); WORD… is the command of nianbao.
"""

import os
import signal
import sys
from typing import Any

import nianbao
from crawler.frontier import Frontier


def main() -> None:
    """Put a trap before the frontier's one transaction, and run the command."""
    left, text = int(sys.argv[1]), sys.argv[2]
    sys.argv = ["nianbao", *sys.argv[3:]]
    finish = Frontier.finish

    def trap(self: Frontier, *arguments: Any, **named: Any) -> None:
        nonlocal left
        left -= sum(text in row["url"] for row in self.session.captures)
        if left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)
        finish(self, *arguments, **named)

    Frontier.finish = trap  # type: ignore[method-assign]
    nianbao.main()


if __name__ == "__main__":
    main()
