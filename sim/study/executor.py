"""Where chunks run: here, in worker processes, or on a cluster; all are `Executor`.

The project has no scheduler of its own.  Clusters come through the same interface: Dask's
``Client.get_executor()`` and ``mpi4py.futures``.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from multiprocessing import connection
from threading import Thread
from typing import ParamSpec, TypeVar

from sim.errors import InputError

P = ParamSpec("P")
T = TypeVar("T")

SMALL = 200
"""With fewer runs than that, starting processes takes longer than it saves."""

THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
"""What BLAS libraries read when numpy is imported."""


class SerialExecutor(Executor):
    """Runs each call at once, in this process."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run `fn` now."""
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


def default_jobs() -> int:
    """Count the cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)))
    return max(1, os.cpu_count() or 1)


def one_thread() -> None:
    """Ask for one BLAS thread in each process; must be called before numpy is imported there."""
    for name in THREADS:
        os.environ.setdefault(name, "1")


def leave_with_parent() -> None:
    """Make a worker process end when the process that started it is killed.

    Otherwise it would wait for work for ever.  An interrupt from the keyboard is left to the
    parent, which ends its workers itself.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        Thread(target=_follow, args=(parent.sentinel,), daemon=True).start()


def _follow(sentinel: int) -> None:
    connection.wait([sentinel])
    os._exit(1)


@contextmanager
def local_executor(jobs: int | None, runs: int) -> Iterator[tuple[Executor, int]]:
    """Give an executor on this machine and its number of workers; serial where that is faster.

    Parameters
    ----------
    jobs
        Worker processes; if None, one for each core, or none if there are few runs.
    """
    if jobs is not None and jobs < 1:
        raise InputError(f"--jobs is {jobs}.", advice="Write a number from 1.")
    wanted = jobs if jobs is not None else (1 if runs < SMALL else default_jobs())
    if wanted == 1:
        yield SerialExecutor(), 1
        return
    one_thread()
    # Workers are started afresh: a fork would copy threads and open files of this process.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(wanted, mp_context=context, initializer=leave_with_parent)
    try:
        yield pool, wanted
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def dask_executor(address: str) -> Iterator[tuple[Executor, int]]:
    """Give the executor of a Dask cluster and its number of workers.

    Parameters
    ----------
    address
        Where its scheduler listens, such as ``tcp://node1:8786``.

    Raises
    ------
    InputError
        If Dask is not installed or the scheduler does not answer.
    """
    try:
        distributed = import_module("distributed")
    except ImportError:
        raise InputError("Dask is not installed.", advice="Install 'truce-sim[cluster]'.") from None
    try:
        client = distributed.Client(address, timeout=10)
    except (OSError, ValueError) as error:
        raise InputError(
            f"no scheduler answers at {address} ({type(error).__name__}).",
            advice="Start one with `dask scheduler`, and workers with `dask worker`.",
        ) from None
    with client:
        workers = sum(client.nthreads().values())
        yield client.get_executor(), max(1, workers)
