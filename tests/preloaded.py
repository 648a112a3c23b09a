"""What the process of `tests/forks.py` imports before it forks: every module of a command, and Scrapy's parts that it loads late.

Not what reads pictures or serves a browser: they start threads, and few commands need them. Never import it: two things are otherwise than in
a process that a person starts: the workers of a build are forked too (spawned ones are in every build that a test calls itself
or starts, tests/test_hostile.py, tests/test_kill.py), and hosts of others are asked sooner (tests/test_politeness.py measures).
"""

import contextlib
import gc
import importlib
import multiprocessing
import pkgutil

from archive import workers
from crawler import downloader, manners
from tests.forks import modules

LATE = (
    "trafilatura rarfile libarchive rich.progress rich.table scrapy.crawler scrapy.core.engine scrapy.logformatter "
    "scrapy.statscollectors scrapy.core.downloader.handlers.http11"
).split()
PARTS = ("scrapy.downloadermiddlewares", "scrapy.spidermiddlewares")
SOON = 0.1  # seconds


def parts(package: str) -> list[str]:
    """The modules of a package of Scrapy by name."""
    found = pkgutil.iter_modules(importlib.import_module(package).__path__)
    return [f"{package}.{module.name}" for module in found]


for name in ["nianbao", *modules(), *LATE, *(part for package in PARTS for part in parts(package))]:
    with contextlib.suppress(ImportError):  # the command that needs it will say so
        importlib.import_module(name)
workers._SPAWN = multiprocessing.get_context("fork")  # type: ignore[assignment]
for module in (manners, downloader):
    module.ELSEWHERE = SOON
gc.collect()
gc.freeze()  # a fork that collects would copy every page
