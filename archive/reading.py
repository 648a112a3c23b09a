"""Reads documents in worker processes with limits of time and memory; what cannot be read comes back as a reason."""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
import threading
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, replace
from multiprocessing.connection import wait as wait_for
from types import FrameType

from extract import canonical
from extract.formats import read as read_text
from extract.formats import to_convert
from extract.model import Hint, NoReport, Report, Text, Unreadable
from extract.reader import parse

from . import office

SECONDS = 120  # a ruled PDF of 20 pages takes 3 s; what needs forty times that is damage
GRACE = 10  # seconds more, after which the parent ends a worker that the alarm did not reach
MEMORY = 3 * 2**30  # bytes of address space for a worker: pdfium and lxml map about 1 GB before the first page
READER = "2"  # raise it when parse() gives other reports from the same text: documents are then read again
BATCH = 40  # documents converted by one call: it takes 5 s
BATCH_BYTES = 64 * 2**20
PASSED = 200  # documents that may overtake one that waits to be converted: their pages wait for it in memory


@dataclass(frozen=True, slots=True)
class Job:
    """One document to read; `key` is its sha256.

    `converter`: set for a document that has to be converted, to what this machine has for it (`office.available`);
    then `converted` is what it made, or `refused` the reason why there is nothing.
    """

    key: str
    data: bytes
    hint: Hint
    converter: str = ""
    converted: bytes | None = None
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a document gave: its text and reports, or the kind and reason of its failure; `converter` as in its job."""

    key: str
    text: Text | None = None
    written: str = ""
    reports: tuple[Report, ...] = ()
    failure: str = ""
    reason: str = ""
    converter: str = ""


class _TooLong(Exception):
    """The time limit of a document; raised by the alarm inside the worker."""


def read_one(job: Job) -> Reading:
    """Read and parse one document in this process; it must have been converted, if it needs that (`converted`)."""
    return replace(_read(job), converter=job.converter)


def text_of(job: Job) -> Text:
    """The text of a job as `converted` gives it. Raises Unreadable."""
    if job.refused:
        raise Unreadable(job.refused)
    return read_text(job.data, job.hint, job.converted)


def _read(job: Job) -> Reading:
    try:
        text = text_of(job)
    except Unreadable as error:
        return Reading(job.key, failure="unreadable", reason=str(error))
    try:
        reports = tuple(parse(text))
    except NoReport as error:
        return Reading(job.key, text, canonical.write(text), failure="no_report", reason=str(error))
    return Reading(job.key, text, canonical.write(text), reports)


def converted(jobs: Iterable[Job]) -> Iterator[Job]:
    """The jobs, those that need it converted: they wait until one call is worth its while, all others pass at once."""
    waiting: list[Job] = []
    size = passed = 0
    for job in jobs:
        if to_convert(job.data):
            waiting.append(job)
            size += len(job.data)
        else:
            yield job
            passed += bool(waiting)
        if len(waiting) >= BATCH or size >= BATCH_BYTES or passed >= PASSED:
            yield from _by_one_call(waiting)
            waiting, size, passed = [], 0, 0
    yield from _by_one_call(waiting)


def _by_one_call(jobs: Sequence[Job]) -> Iterator[Job]:
    if not jobs:
        return
    name, made = office.available(), office.convert({job.key: job.data for job in jobs})
    for job in jobs:
        got = made[job.key]
        if isinstance(got, str):
            yield replace(job, converter=name, refused=got)
        else:
            yield replace(job, converter=name, converted=got)


def read_all(jobs: Iterable[Job], workers: int) -> Iterator[Reading]:
    """Read the documents in `workers` processes, in the order in which they finish; a few are in memory at a time.

    Old Word documents come later than others, because many are converted at once.

    A worker that dies takes no document with it: those in flight are read again one by one, and the one that kills its
    worker again becomes a failure.
    """
    source = converted(jobs)
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
        return _failed(job, "crashed", "the reader's process died on this document")
    except TimeoutError:
        return _failed(job, "timeout", f"reading took more than {SECONDS} seconds")
    finally:
        _end(pool)


def _guarded(job: Job) -> Reading:
    """Read a document under the limits; the one place where any error becomes a failure instead of an end."""
    signal.signal(signal.SIGALRM, _alarm)
    signal.alarm(SECONDS)
    try:
        return read_one(job)
    except _TooLong:
        return _failed(job, "timeout", f"reading took more than {SECONDS} seconds")
    except MemoryError:
        return _failed(job, "memory", f"reading took more than {MEMORY >> 20} MB")
    except Exception as error:  # around one document: recorded, and the build goes on (STYLE.md)
        return _failed(job, "error", f"{type(error).__name__}: {error}")
    finally:
        signal.alarm(0)


def _failed(job: Job, failure: str, reason: str) -> Reading:
    return Reading(job.key, failure=failure, reason=reason, converter=job.converter)


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
