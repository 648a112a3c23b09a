"""One run at a time owns an archive: a lock that the kernel lets go when its holder dies, and a row for every run."""

from __future__ import annotations

import fcntl
import json
import os
import socket
import sqlite3
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from .clock import now

NAME = "nianbao.lock"
_HELD: set[Path] = set()  # folders that this process owns: the lock would keep it out too


class Locked(Exception):
    """Another run owns the archive; the message names it. Raised by `run`."""


@dataclass(slots=True)
class Run:
    """The run that owns the archive; its counts are stored with it when it ends."""

    id: str
    counts: dict[str, int] = field(default_factory=dict)


@contextmanager
def hold(folder: Path, command: str) -> Iterator[dict[str, Any]]:
    """Own the archive, without its catalogue; who does. Raises Locked."""
    with (folder / NAME).open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Locked(_holder(folder)) from error
        holder = {"pid": os.getpid(), "host": socket.gethostname(), "command": command, "since": now()}
        file.truncate(0)
        file.write(json.dumps(holder))
        file.flush()
        _HELD.add(folder.resolve())
        try:
            yield holder
        finally:
            _HELD.discard(folder.resolve())
            file.truncate(0)


def is_held(folder: Path) -> bool:
    """Whether this process owns the archive."""
    return folder.resolve() in _HELD


def begin(db: Database, holder: Mapping[str, Any]) -> Run:
    """The row of a run that begins. One that still says `running` was killed: it is marked so."""
    this = Run(uuid.uuid4().hex)
    db.execute("update run set state = 'killed', ended_at = ? where state = 'running'", [now()])
    db.execute(
        "insert into run (id, command, host, pid, started_at) values (?, ?, ?, ?, ?)",
        [this.id, holder["command"], holder["host"], holder["pid"], holder["since"]],
    )
    return this


def end(db: Database, this: Run, state: str) -> None:
    """The end of a run's row."""
    db.execute(
        "update run set state = ?, ended_at = ?, counts = ? where id = ?",
        [state, now(), json.dumps(this.counts), this.id],
    )


@contextmanager
def run(folder: Path, db: Database, command: str) -> Iterator[Run]:
    """Own the archive while a command runs, and leave a `run` row: done, failed, or interrupted. Raises Locked."""
    with hold(folder, command) as holder:
        this = begin(db, holder)
        state = "failed"
        try:
            yield this
            state = "done"
        except KeyboardInterrupt:
            state = "interrupted"
            raise
        finally:
            try:
                end(db, this, state)
            except sqlite3.Error:  # a disk that takes no more: the row stays `running`, and the next run marks it
                if state == "done":
                    raise


def _holder(folder: Path) -> str:
    text = (folder / NAME).read_text(encoding="utf-8")
    who = json.loads(text) if text else {}
    return (
        f"the archive {folder} is in use by `nianbao {who.get('command', '?')}` (process {who.get('pid', '?')} on "
        f"{who.get('host', '?')}, since {who.get('since', '?')}); wait for it to end"
    )
