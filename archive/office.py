"""Old Word, WPS and RTF documents are converted by a program: LibreOffice where it is installed, else extractous.

One call converts many files, because nine tenths of a call's time is the program's start. The files come from
strangers: the program runs in a process group of its own with limits of time, memory and file size, without network
and macros, in a folder that is removed in the end; one that hangs or dies takes no other document with it.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from extract.formats import to_convert
from extract.ole import hides_text

SECONDS = 60  # without a new file, after which a call is ended; the slowest document of the corpus takes 0.3
MEMORY = 3 * 2**30  # bytes of address space: LibreOffice starts within 1 GB
OUTPUT = 256 * 2**20  # bytes of one converted file
POLL = 0.05  # seconds between two looks at a running call
RANK = ("none", "extractous", "libreoffice")  # of converters, the better the later

# Ctrl-C is for the parent, which ends the group; the loop ends it when the parent was killed.
_GUARD = (
    f"ulimit -v {MEMORY // 1024}; ulimit -f {OUTPUT // 512}; parent=$PPID; "
    '(while kill -0 "$parent"; do sleep 1 || exit; done; kill -KILL -$$) >/dev/null 2>&1 & exec "$@"'
)

# What is linked is not fetched: not by Writer, and the rest (it still asks with OPTIONS and HEAD) finds no proxy there.
_SETTINGS = (
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Office.Writer/Content/Update", "Link", "2"),  # never
    ("Inet/Settings", "ooInetProxyType", "2"),  # by hand
    ("Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPProxyPort", "9"),  # where nothing listens
    ("Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPSProxyPort", "9"),
)


@dataclass(frozen=True, slots=True)
class _Program:
    """A converter: its name for people, the ending of what it makes, and its command for files and a folder."""

    name: str
    ending: str
    command: Callable[[Path, Sequence[Path]], list[str]]


def available() -> str:
    """The converter that this machine has: `libreoffice`, `extractous` or `none`."""
    if _soffice():
        return "libreoffice"
    return "extractous" if find_spec("extractous") else "none"


def as_good(converter: str) -> tuple[str, ...]:
    """This converter and those that read more."""
    return RANK[RANK.index(converter) :]


def convert(documents: Mapping[str, bytes]) -> dict[str, bytes | str]:
    """What a converter makes of documents, by their keys: a Word file or text, or the reason why there is none.

    Give only documents that `formats.to_convert` knows.
    """
    made: dict[str, bytes | str] = {}
    program = {"libreoffice": _LIBREOFFICE, "extractous": _EXTRACTOUS}.get(available())
    usable: dict[str, tuple[str, bytes]] = {}
    for key, data in documents.items():
        kind = to_convert(data)
        if kind is None:
            made[key] = "no format that is converted"
        elif program is None or (program is _EXTRACTOUS and kind.name == "rtf"):
            made[key] = kind.converter
        elif program is _EXTRACTOUS and hides_text(data):
            made[key] = "the document hides text, which extractous would print: install LibreOffice"
        else:
            usable[key] = (kind.name, data)
    if program and usable:
        made.update(_all_by(program, usable))
    return made


def _all_by(program: _Program, documents: Mapping[str, tuple[str, bytes]]) -> Iterator[tuple[str, bytes | str]]:
    """Convert in one call; then, while files are missing, those again.

    A program that ended by itself refused them: each is tried alone. One that died or hung did so, most likely, at the
    first that is missing, because files are taken in order: that one is tried alone, the others together.
    """
    waiting = [list(documents)]
    while waiting:
        batch = waiting.pop()
        made, broken = _call(program, {key: documents[key] for key in batch})
        yield from made.items()
        missing = [key for key in batch if key not in made]
        if missing and len(batch) == 1:
            yield batch[0], f"{program.name} {broken or 'cannot read the document'}"
        elif broken:
            waiting += [rest for rest in (missing[1:], missing[:1]) if rest]
        else:
            waiting += [[key] for key in reversed(missing)]


def _call(program: _Program, documents: Mapping[str, tuple[str, bytes]]) -> tuple[dict[str, bytes], str]:
    """One call: what it made, and what went wrong with the call itself, empty where it ended as it should."""
    with tempfile.TemporaryDirectory(prefix="nianbao-office-", ignore_cleanup_errors=True) as scratch:
        folder, out = Path(scratch), Path(scratch) / "out"
        out.mkdir()
        files = {key: folder / f"{number}.{kind}" for number, (key, (kind, _)) in enumerate(documents.items())}
        for key, (_, data) in documents.items():
            files[key].write_bytes(data)
        broken = _run(program.command(folder, list(files.values())), folder, out)
        made = {key: out / f"{file.stem}.{program.ending}" for key, file in files.items()}
        return {key: path.read_bytes() for key, path in made.items() if _is_whole(path)}, broken


def _run(command: Sequence[str], folder: Path, out: Path) -> str:
    """Run a program until it ends, or makes no file for too long; gives what went wrong. Nothing of it is left running."""
    environment = {key: value for key, value in os.environ.items() if not key.lower().endswith("_proxy")}
    process = subprocess.Popen(
        ["/bin/sh", "-c", _GUARD, "sh", *command],
        env=environment | {"TMPDIR": str(folder)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        seen, until = 0, time.monotonic() + SECONDS
        while process.poll() is None:
            if (now := len(list(out.iterdir()))) > seen:
                seen, until = now, time.monotonic() + SECONDS
            if time.monotonic() > until:
                return f"took more than {SECONDS} seconds"
            time.sleep(POLL)
        return f"ended with status {process.returncode}" if process.returncode else ""
    finally:
        with suppress(ProcessLookupError):  # the guard's loop is in the group: until here its number is no other's
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _is_whole(path: Path) -> bool:
    """Whether a converted file was written to its end: a Word file has its list there."""
    return path.is_file() and (zipfile.is_zipfile(path) if path.suffix == ".docx" else path.stat().st_size > 0)


def _soffice() -> str | None:
    return shutil.which("soffice") or shutil.which("libreoffice")


def _by_libreoffice(folder: Path, files: Sequence[Path]) -> list[str]:
    """The command, after writing the settings into a profile of its own, so that a person's own stays as it is."""
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True)
    items = "".join(
        f'<item oor:path="/org.openoffice.{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, name, value in _SETTINGS
    )
    (profile / "user" / "registrymodifications.xcu").write_text(
        f'<?xml version="1.0" encoding="UTF-8"?>\n<oor:items xmlns:oor="http://openoffice.org/2001/registry">{items}</oor:items>\n',
        encoding="utf-8",
    )
    options = ["--headless", "--norestore", f"-env:UserInstallation={profile.as_uri()}"]
    wanted = ["--convert-to", "docx:Office Open XML Text", "--outdir", str(folder / "out")]
    return [_soffice() or "soffice", *options, *wanted, *map(str, files)]


def _by_extractous(folder: Path, files: Sequence[Path]) -> list[str]:
    script = Path(__file__).with_name("tika.py")
    return [sys.executable, "-P", str(script), str(folder / "out"), *map(str, files)]


_LIBREOFFICE = _Program("LibreOffice", "docx", _by_libreoffice)
_EXTRACTOUS = _Program("extractous", "txt", _by_extractous)
