"""Worker processes that read documents within limits of time and memory; one that dies or hangs costs one document.

A worker raises an alarm at its own time limit; where native code does not let it through, the parent kills it a little
later. Other workers never notice. What a killed worker had still before it is given to others.
"""

from __future__ import annotations

import ctypes
import gc
import multiprocessing
import os
import resource
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.connection import wait as wait_for
from queue import SimpleQueue
from types import FrameType

from msgspec import MsgspecError

from extract import ocr

from .reading import Job, Reading, converted, read_one
from .sending import packed, unpacked

STARTS = 120  # seconds that a process may take to start: it imports for one, on a busy machine for ten
READY = "ready"
AHEAD = 2  # documents that a worker has before it, so that it never waits for this process
_PDEATHSIG = 1  # prctl(2): the signal that a process gets when its parent dies
_NO_MEMORY = ("bad_alloc", "Insufficient memory", "Failed to allocate memory")  # as native libraries say it
_SPAWN = multiprocessing.get_context("spawn")


@dataclass(frozen=True, slots=True)
class Limits:
    """What a worker may take for one document.

    `seconds`: a ruled PDF of 20 pages takes 3; what needs forty times that is damage. `page_seconds`: more, for each
    page that has to be recognised: it takes 4 on one core, on a busy machine 8; `pages`: for so many at most.
    `grace`: seconds until a worker that the alarm did not reach is killed. `data`: bytes that a worker may have of its
    own, so that it is resident with less than 1 GB; `address`: of address space, of which pdfium and lxml map 1 GB
    before the first page.
    """

    seconds: float = 120
    page_seconds: float = 8
    pages: int = 100
    grace: float = 10
    data: int = 900 * 2**20
    address: int = 4 * 2**30

    def of(self, data: bytes) -> float:
        """The seconds for a document."""
        return self.seconds + self.page_seconds * min(self.pages, ocr.pages_to_read(data))


def read_all(
    jobs: Iterable[Job], workers: int, more: deque[Job] | None = None, limits: Limits | None = None
) -> Iterator[Reading]:
    """Read the documents in `workers` processes, in the order in which they finish; a few are in memory at a time.

    Old Word documents come later than others, because many are converted at once. `more`: jobs that the caller adds
    while it goes through the readings; they come first.
    """
    more = deque() if more is None else more
    crew = _Crew(workers, limits or Limits())
    source = converted(_fed(jobs, more))
    try:
        while True:
            while crew.has_room():
                job = next(source, None)
                if job is None and more:
                    source = converted(_fed((), more))
                    job = next(source, None)
                if job is None:
                    break
                crew.give(job)
            if not crew.is_busy():
                return
            yield from crew.finished()
    finally:
        crew.end()


def _fed(jobs: Iterable[Job], more: deque[Job]) -> Iterator[Job]:
    """The jobs, those of `more` as soon as there are any."""
    for job in jobs:
        while more:
            yield more.popleft()
        yield job
    while more:
        yield more.popleft()


class _TooLong(Exception):
    """The time limit of a document; raised by the alarm inside the worker."""


class _Worker:
    """A process, the jobs that it has, and until when it may take for the first of them."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.jobs: deque[Job] = deque()
        self.ready = False
        self.done = 0
        self.seconds = self.deadline = 0.0
        self.to_send: SimpleQueue[Job | None] = SimpleQueue()
        given, sent = _SPAWN.Pipe(duplex=False)
        self.results, said = _SPAWN.Pipe(duplex=False)
        self.process = _SPAWN.Process(target=_work, args=(given, said, limits), daemon=True)
        with _uninterrupted():
            self.process.start()
        given.close()
        said.close()
        threading.Thread(target=_send, args=(self.to_send, sent), daemon=True).start()

    def give(self, job: Job) -> None:
        self.jobs.append(job)
        self.to_send.put(job)
        if len(self.jobs) == 1:
            self.wait(self.limits.seconds if self.ready else STARTS)

    def wait(self, seconds: float) -> None:
        """Give the first job so much time from now on."""
        self.seconds, self.deadline = seconds, time.monotonic() + seconds + self.limits.grace

    def end(self) -> str:
        """Kill the process; what it died of before, if it did."""
        self.process.join(0.2)
        code = self.process.exitcode
        self.process.kill()
        self.process.join()
        self.to_send.put(None)
        self.results.close()
        if code is None:
            return ""
        return signal.Signals(-code).name if code < 0 else f"status {code}"


def _send(jobs: SimpleQueue[Job | None], pipe: Connection) -> None:
    """What a thread beside each worker does: a pipe takes large documents only as fast as they are read."""
    with pipe:
        while job := jobs.get():
            try:
                pipe.send(job)
            except OSError:
                return  # the worker is dead, and its jobs go to others


class _Crew:
    """The workers and their work."""

    def __init__(self, size: int, limits: Limits) -> None:
        self.size, self.limits = size, limits
        self.workers: list[_Worker] = []
        self.again: deque[Job] = deque()  # of workers that died: the first of them alone in a new process
        self.tried: set[str] = set()

    def has_room(self) -> bool:
        return not self.again and self._takes_more()

    def is_busy(self) -> bool:
        return bool(self.again) or any(worker.jobs for worker in self.workers)

    def give(self, job: Job, anew: bool = False) -> None:
        """Give a job to the worker with the fewest, to a new one before one that has any; `anew`: best to a new one."""
        idle = [worker for worker in self.workers if not worker.jobs and not anew]
        if not idle and len(self.workers) < self.size:
            idle = [_Worker(self.limits)]
            self.workers += idle
        min(idle or self.workers, key=lambda worker: len(worker.jobs)).give(job)

    def finished(self) -> Iterator[Reading]:
        """What is finished next, at least after a wait."""
        while self.again and self._takes_more():
            self.give(self.again.popleft(), anew=True)
        busy = [worker for worker in self.workers if worker.jobs]
        until = min(worker.deadline for worker in busy)
        ready = wait_for(
            [each for worker in busy for each in (worker.results, worker.process.sentinel)],
            timeout=max(0.0, until - time.monotonic()),
        )
        for worker in busy:
            if worker.results in ready or worker.process.sentinel in ready:
                yield from self._heard(worker, worker.results in ready)
            elif time.monotonic() > worker.deadline:
                yield self._ended(worker, "timeout")

    def end(self) -> None:
        for worker in self.workers:
            worker.process.kill()
        for worker in self.workers:
            worker.end()
        self.workers.clear()

    def _takes_more(self) -> bool:
        return len(self.workers) < self.size or any(len(worker.jobs) < AHEAD for worker in self.workers)

    def _heard(self, worker: _Worker, says: bool) -> Iterator[Reading]:
        """What a worker `says`: how long it will take, a reading, or nothing any more because it is dead."""
        try:
            said = unpacked(worker.results.recv_bytes()) if says else None
        except (EOFError, OSError, MsgspecError):  # a process that says what nobody can read is as good as dead
            said = None
        if said == READY:
            worker.ready = True
            worker.wait(self.limits.seconds)
        elif isinstance(said, float):
            worker.wait(said)
        elif isinstance(said, Reading):
            job = worker.jobs.popleft()
            worker.done += 1
            worker.wait(self.limits.seconds)
            if said.failure == "memory" and worker.done > 1 and job.key not in self.tried:
                self._again(worker, job)  # what was read before may have taken the room
            else:
                yield said
        elif (reading := self._dead(worker)) is not None:
            yield reading

    def _dead(self, worker: _Worker) -> Reading | None:
        """A worker died: its document is tried again once in a new one, because something else may have killed it."""
        if worker.jobs[0].key in self.tried:
            return self._ended(worker, "crashed")
        self._again(worker, worker.jobs.popleft())
        return None

    def _again(self, worker: _Worker, job: Job) -> None:
        self.tried.add(job.key)
        self._retire(worker)
        self.again.appendleft(job)

    def _ended(self, worker: _Worker, kind: str) -> Reading:
        job = worker.jobs.popleft()
        how = self._retire(worker)
        if kind == "timeout":
            return failed(job, kind, f"reading took more than {worker.seconds:.0f} seconds and could not be stopped")
        return failed(job, kind, f"the reader's process died on this document{f' ({how})' if how else ''}")

    def _retire(self, worker: _Worker) -> str:
        """Take a worker out; its other jobs go to others. What it died of."""
        how = worker.end()
        self.workers.remove(worker)
        self.again.extend(worker.jobs)
        return how


def failed(job: Job, failure: str, reason: str) -> Reading:
    return Reading(job.key, failure=failure, reason=reason)


def _work(given: Connection, results: Connection, limits: Limits) -> None:
    """What a worker does until its parent ends."""
    if sys.platform == "linux":  # the thread below has no turn while native code keeps it from running
        ctypes.CDLL(None).prctl(_PDEATHSIG, signal.SIGKILL)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    resource.setrlimit(resource.RLIMIT_AS, (limits.address, limits.address))
    resource.setrlimit(resource.RLIMIT_DATA, (limits.data, limits.data))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGALRM, _alarm)
    gc.freeze()  # what is imported stays
    results.send_bytes(packed(READY))
    with seldom(), suppress(EOFError, BrokenPipeError):  # the parent has gone
        while True:
            results.send_bytes(_guarded(given.recv(), results, limits))


def _guarded(job: Job, results: Connection, limits: Limits) -> bytes:
    """The packed reading of a document under the limits; the one place where any error becomes a failure instead of an end."""
    seconds = limits.seconds
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        if not job.parts and (seconds := limits.of(job.data)) > limits.seconds:
            results.send_bytes(packed(float(seconds)))
            signal.setitimer(signal.ITIMER_REAL, seconds)
        return packed(read_one(job))
    except _TooLong:
        return packed(failed(job, "timeout", f"reading took more than {seconds:.0f} seconds"))
    except Exception as error:  # around one document: recorded, and the build goes on (STYLE.md)
        if isinstance(error, MemoryError) or any(words in str(error) for words in _NO_MEMORY):
            return packed(failed(job, "memory", f"reading took more than {limits.data >> 20} MB"))
        return packed(failed(job, "error", f"{type(error).__name__}: {error}"[:500]))
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _alarm(number: int, frame: FrameType | None) -> None:
    raise _TooLong


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Workers start with Ctrl-C blocked, from their first import on: it is for the parent, which ends them."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def _end_with_parent() -> None:
    """A worker whose parent was killed waits for work for ever: it ends with it."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait_for([parent.sentinel])
        os._exit(1)


@contextmanager
def seldom() -> Iterator[None]:
    """Python looks for cycles less often: values of reports have none, and hundreds of thousands come and go."""
    before = gc.get_threshold()
    gc.set_threshold(50_000, 20, 20)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def default_workers() -> int:
    """The cores this process may use."""
    return len(os.sched_getaffinity(0))
