"""Commands that are forked for the tests are as those that a person starts: what they print and their status; their signals are those of tests/winter.py's kills."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence

import pytest

import nianbao
from archive import workers
from crawler import manners
from tests import forks
from tests.helpers import TIMEOUT, Archive

ALONE = """
import importlib, os, sys
import click, lxml.html, pypdfium2, rich.progress, scrapy.crawler, sqlite_utils, trafilatura, warcio
for name in sys.argv[1:]:
    if not os.fork():
        try:
            importlib.import_module(name)
        except BaseException as error:
            print(name, repr(error), flush=True)
        os._exit(0)
    os.wait()
"""
WORDS: Sequence[Sequence[str]] = (
    ("--help",),
    ("--version",),
    ("status",),
    ("status", "--json"),
    ("portals", "list", "--csv"),
    ("search", "没有"),
    ("show", "nothing"),
    ("build", "--jobs", "none"),
    ("colour",),
    ("portals", "add", "no address"),
    ("crawl", "--due"),
)


def started(words: Sequence[str], environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(words, env=environment, capture_output=True, text=True, timeout=TIMEOUT)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    made = Archive(tmp_path_factory.mktemp("forks") / "archive")
    made.run("portals", "add", "http://127.22.0.9:9/", "--allow-private", "--delay", 0, "--region", "990001")
    return made


@pytest.mark.parametrize("words", WORDS, ids=" ".join)
def test_a_forked_command_is_as_a_started_one(words: Sequence[str], archive: Archive) -> None:
    arguments, environment = archive.command(*words)
    forked, real = forks.run(arguments, environment, TIMEOUT), started(arguments, environment)
    assert (forked.returncode, forked.stdout, forked.stderr) == (real.returncode, real.stdout, real.stderr)


@pytest.mark.parametrize("command", {module: command for command, module in nianbao.COMMANDS.items()}.values())
def test_commands_start_from_nothing(command: str, archive: Archive) -> None:
    """One of every module."""
    done = started(*archive.command(command, "--help"))
    assert done.returncode == 0 and "Usage:" in done.stdout, done.stderr


def test_every_module_can_be_the_first() -> None:
    """Commands import what they need when they need it: none may rely on what another has imported."""
    done = started([sys.executable, "-c", ALONE, *forks.modules()], os.environ)
    assert done.returncode == 0 and len(forks.modules()) > 250, done.stderr
    assert done.stdout == ""


def test_only_forked_commands_are_otherwise() -> None:
    """What `tests/preloaded.py` changes is changed in its process alone."""
    assert "tests.preloaded" not in sys.modules
    assert workers._SPAWN.get_start_method() == "spawn" and manners.ELSEWHERE == 2.0
