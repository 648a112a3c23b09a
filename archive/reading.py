"""Reads documents in worker processes with limits of time and memory; what cannot be read comes back as a reason."""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import wait as wait_for
from types import FrameType

from extract import canonical
from extract.formats import read as read_text
from extract.model import Hint, NoReport, Report, Text, Unreadable
from extract.reader import parse

SECONDS = 120  # a ruled PDF of 20 pages takes 3 s; what needs forty times that is damage
GRACE = 10  # seconds more, after which the parent ends a worker that the alarm did not reach
MEMORY = 3 * 2**30  # bytes of address space for a worker: pdfium and lxml map about 1 GB before the first page
READER = "1"  # raise it when parse() gives other reports from the same text: documents are then read again


@dataclass(frozen=True, slots=True)
class Job:
    """One document to read; `key` is its sha256."""

    key: str
    data: bytes
    hint: Hint


@dataclass(frozen=True, slots=True)
class Reading:
    """What a document gave: its text and reports, or the kind and reason of its failure."""

    key: str
    text: Text | None = None
    written: str = ""
    reports: tuple[Report, ...] = ()
    failure: str = ""
    reason: str = ""


class _TooLong(Exception):
    """The time limit of a document; raised by the alarm inside the worker."""


def read_one(job: Job) -> Reading:
    """Read and parse one document in this process."""
    try:
        text = read_text(job.data, job.hint)
    except Unreadable as error:
        return Reading(job.key, failure="unreadable", reason=str(error))
    try:
        reports = tuple(parse(text))
    except NoReport as error:
        return Reading(job.key, text, canonical.write(text), failure="no_report", reason=str(error))
    return Reading(job.key, text, canonical.write(text), reports)


def read_all(jobs: Iterable[Job], workers: int) -> Iterator[Reading]:
    """Read the documents in `workers` processes, in the order in which they finish; a few are in memory at a time.

    A worker that dies takes no document with it: those in flight are read again one by one, and the one that kills its
    worker again becomes a failure.
    """
    source = iter(jobs)
    pool = _pool(workers)
    flying: dict[Future[Reading], Job] = {}
    try:
        while True:
            lost = _fill(pool, source, flying, 2 * workers)
            if not flying and not lost:
                return
            done, _ = wait(flying, timeout=SECONDS + GRACE, return_when=FIRST_COMPLETED)
            if lost or not done or any(isinstance(future.exception(), BrokenProcessPool) for future in done):
                lost += [job for future, job in flying.items() if future not in done or future.exception()]
                good = [future.result() for future in done if not future.exception()]
                flying.clear()
                _end(pool)
                yield from good
                yield from (_alone(job) for job in lost)
                pool = _pool(workers)
                continue
            for future in done:
                del flying[future]
                yield future.result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _fill(pool: ProcessPoolExecutor, source: Iterator[Job], flying: dict[Future[Reading], Job], most: int) -> list[Job]:
    """Hand out documents until so many are in flight; what a broken pool does not take is given back."""
    while len(flying) < most and (job := next(source, None)):
        try:
            with _uninterrupted():
                flying[pool.submit(_guarded, job)] = job
        except BrokenProcessPool:
            return [job]
    return []


def _end(pool: ProcessPoolExecutor) -> None:
    """End a pool whose workers are dead or hang in native code, where no alarm reaches them."""
    for process in multiprocessing.active_children():
        process.kill()
    pool.shutdown(wait=False, cancel_futures=True)


def _alone(job: Job) -> Reading:
    """Read a document in a process of its own, which may die or hang."""
    pool = _pool(1)
    try:
        with _uninterrupted():
            future = pool.submit(_guarded, job)
        return future.result(timeout=SECONDS + GRACE)
    except BrokenProcessPool:
        return Reading(job.key, failure="crashed", reason="the reader's process died on this document")
    except TimeoutError:
        return Reading(job.key, failure="timeout", reason=f"reading took more than {SECONDS} seconds")
    finally:
        _end(pool)


def _guarded(job: Job) -> Reading:
    """Read a document under the limits; the one place where any error becomes a failure instead of an end."""
    signal.signal(signal.SIGALRM, _alarm)
    signal.alarm(SECONDS)
    try:
        return read_one(job)
    except _TooLong:
        return Reading(job.key, failure="timeout", reason=f"reading took more than {SECONDS} seconds")
    except MemoryError:
        return Reading(job.key, failure="memory", reason=f"reading took more than {MEMORY >> 20} MB")
    except Exception as error:  # around one document: recorded, and the build goes on (STYLE.md)
        return Reading(job.key, failure="error", reason=f"{type(error).__name__}: {error}")
    finally:
        signal.alarm(0)


def _alarm(number: int, frame: FrameType | None) -> None:
    raise _TooLong


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Workers start with Ctrl-C blocked, from their first import on: it is for the parent, which ends the pool."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def _limit() -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def _end_with_parent() -> None:
    """A worker whose parent was killed waits for work for ever: it ends with it."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait_for([parent.sentinel])
        os._exit(1)


def _pool(workers: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"), initializer=_limit)


def default_workers() -> int:
    """The cores this process may use."""
    return len(os.sched_getaffinity(0))
