"""A pool of processes beside the server, so that sliders stay quick while long answers come.

A worker is ``python -m dashboard.worker.tasks``: one line of JSON in, lines of JSON out.  It ends
when its input does, and therefore when the server does.  A request that nobody waits for any more,
since the reader moved on, is dropped before it begins; the same request is done once for all.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue
from threading import Event, Lock, Thread
from typing import Any

Request = dict[str, Any]
Process = subprocess.Popen[str]

COUNT = 2
"""Worker processes."""

NICENESS = 5
"""How far workers stand back behind the pages, as `nice` counts it."""

KEPT = 128
"""Answers that are kept."""

PATIENCE = 3.0
"""Seconds after which a request that nobody asked for again is dropped."""

DROPPED = "Nobody waited for it."
"""Error of a request that was dropped."""

IN_PROCESS = False
"""True: do requests in this process, at once; for tests."""


class WorkerEnded(Exception):
    """The worker ended, or could not be started; the text says how."""


@dataclass(eq=False)
class Job:
    """A request, how far it is, and its answer or what went wrong."""

    request: Request
    part: float = 0.0
    answer: Any = None
    error: str = ""
    asked: float = field(default_factory=time.monotonic)
    _done: Event = field(default_factory=Event)

    @property
    def is_done(self) -> bool:
        """Tell whether there is an answer, or an error."""
        return self._done.is_set()

    def wait(self, seconds: float) -> bool:
        """Wait for the end and tell whether it came; who waits is still interested."""
        self.asked = time.monotonic()
        return self._done.wait(seconds)

    def end(self, answer: Any = None, error: str = "") -> None:  # noqa: ANN401  plain data
        """Give the answer, or the error."""
        self.answer, self.error, self.part = answer, error, 1.0
        self._done.set()


class WorkerPool:
    """Workers and the requests that they have; shared by all sessions.

    Parameters
    ----------
    first
        Request that each worker begins with, so that it is warm for the next.
    """

    def __init__(self, count: int = COUNT, first: Request | None = None) -> None:
        self._count, self._first = count, first
        self._lock = Lock()
        self._queue: SimpleQueue[Job | None] = SimpleQueue()
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._threads: list[Thread] = []

    def ask(self, request: Request) -> Job:
        """Return the job of a request: a new one, or that of whoever asked the same before."""
        key = json.dumps(request, sort_keys=True)
        with self._lock:
            job = self._jobs.get(key)
            if job is not None and not (job.is_done and job.error):
                self._jobs.move_to_end(key)
                job.asked = time.monotonic()
                return job
            job = self._jobs[key] = Job(request)
            while len(self._jobs) > KEPT:
                self._jobs.popitem(last=False)
        self._hand_over(job)
        return job

    def _hand_over(self, job: Job) -> None:
        if IN_PROCESS:
            _do_here(job)
            return
        with self._lock:
            if not self._threads:
                self._threads = [
                    Thread(target=self._serve, daemon=True) for _ in range(self._count)
                ]
                for thread in self._threads:
                    thread.start()
        self._queue.put(job)

    @property
    def has_started(self) -> bool:
        """Tell whether there are workers; they start with the first request."""
        return IN_PROCESS or bool(self._threads)

    def close(self) -> None:
        """Let the workers finish what they have, and end them."""
        for _ in self._threads:
            self._queue.put(None)
        for thread in self._threads:
            thread.join()

    def _serve(self) -> None:
        """Let a worker do requests one after the other; a worker that dies is replaced."""
        process = None if self._first is None else _attempted(None, Job(self._first))
        while True:
            job = self._queue.get()
            if job is None:
                return _ended(process)
            if time.monotonic() - job.asked > PATIENCE:
                job.end(error=DROPPED)
            else:
                process = _attempted(process, job)


def _attempted(process: Process | None, job: Job) -> Process | None:
    """Let a worker do a request, a new one if there is none; return it if it lives."""
    try:
        process = process or _started()
        _converse(process, job)
    except Exception as failure:  # whatever it was, those who wait must hear of an end
        _ended(process)
        job.end(error=f"The worker ended ({type(failure).__name__}). Try again.")
        return None
    return process


def _ended(process: Process | None) -> None:
    """End a worker, if there is one, and close its pipes."""
    if process is None:
        return
    process.kill()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(OSError):
                pipe.close()
    process.wait()


def _started() -> Process:
    root = str(Path(__file__).resolve().parents[2])
    path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
    nice = shutil.which("nice")
    prefix = [nice, "-n", str(NICENESS)] if nice else []
    return subprocess.Popen(
        [*prefix, sys.executable, "-m", "dashboard.worker.tasks"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": path, "OPENBLAS_NUM_THREADS": "1"},
    )


def _converse(process: Process, job: Job) -> None:
    """Send one request and read until it is answered."""
    if process.stdin is None or process.stdout is None:
        raise WorkerEnded("no pipes")
    process.stdin.write(json.dumps(job.request) + "\n")
    process.stdin.flush()
    for line in process.stdout:
        if _note(job, json.loads(line)):
            return
    raise WorkerEnded(f"code {process.wait()}")


def _note(job: Job, message: Request) -> bool:
    """Note what a worker says; True at the last line."""
    if "part" in message:
        job.part = float(message["part"])
        return False
    job.end(message.get("answer"), str(message.get("error", "")))
    return True


def _do_here(job: Job) -> None:
    # The server itself needs no simulator's studies; only this way of tests does.
    from dashboard.worker import tasks

    try:
        _note(job, tasks.answered(job.request, lambda part: None))
    except BaseException as failure:
        job.end(error=f"{type(failure).__name__}. Try again.")
        raise
