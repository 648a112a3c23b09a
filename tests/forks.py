"""Commands in processes that are forked from one that has imported everything: half a second to a second less for each.

What a command prints, reads and leaves is that of a process of its own, its exit status and signals too. What only a
start from nothing shows (the installed script, imports in their order) is tested with real starts: `Archive.start`,
`tests/test_house.py`, the demo.
"""

import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from tempfile import TemporaryDirectory

_FORKS = multiprocessing.get_context("forkserver")
_PRELOAD = ["tests.preloaded"]
_PATH = os.environ.get("PYTHONPATH")
_ROOT = Path(__file__).resolve().parent.parent
_LEFT_OUT = ("extract.scan", "archive.web", "crawler.browser")


def modules() -> list[str]:
    """The modules of the three rooms by name, but for those that read pictures or serve a browser."""
    paths = (path for room in ("extract", "archive", "crawler") for path in (_ROOT / room).rglob("*.py"))
    names = (".".join(path.relative_to(_ROOT).with_suffix("").parts).removesuffix(".__init__") for path in paths)
    return sorted(name for name in names if not name.startswith(_LEFT_OUT))


def process(
    words: Sequence[str],
    environment: Mapping[str, str],
    said: Path,
    errors: Path | None = None,
    hidden: Sequence[str] = (),
) -> ForkServerProcess:
    """A command, not started yet: its output goes to a file, its errors to another one or the same; `hidden` modules cannot be imported."""
    _FORKS.set_forkserver_preload(_PRELOAD)
    arguments = (list(words), dict(environment), str(said), str(errors or ""), tuple(hidden))
    return _FORKS.Process(target=_command, args=arguments)


def run(arguments: Sequence[str], environment: Mapping[str, str], seconds: float) -> subprocess.CompletedProcess[str]:
    """What `subprocess.run` gives of the command; with another PYTHONPATH it is started from nothing: other modules may be there."""
    if environment.get("PYTHONPATH") != _PATH:
        return subprocess.run(arguments, env=environment, capture_output=True, text=True, timeout=seconds)
    with TemporaryDirectory(prefix="nianbao-said-") as folder:
        said, errors = Path(folder) / "said", Path(folder) / "errors"
        running = process(arguments[1:], environment, said, errors)
        running.start()
        running.join(seconds)
        if running.exitcode is None:
            running.kill()
            raise subprocess.TimeoutExpired(arguments, seconds, said.read_bytes(), errors.read_bytes())
        return subprocess.CompletedProcess(arguments, running.exitcode, said.read_text(), errors.read_text())


def _command(words: list[str], environment: dict[str, str], said: str, errors: str, hidden: tuple[str, ...]) -> None:
    """In the forked process: be as one that was started with these words in this environment."""
    _write_to(said, 1)
    if errors:
        _write_to(errors, 2)
    else:
        os.dup2(1, 2)
    os.environ.clear()
    os.environ.update(environment)
    tempfile.tempdir = None
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]
    import nianbao
    from archive import clock

    clock.pretend(environment.get("NIANBAO_NOW"))
    sys.argv = ["nianbao", *words]
    nianbao.main()


def _write_to(path: str, number: int) -> None:
    """Let what is written to a descriptor go to a file."""
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(file, number)
    os.close(file)
