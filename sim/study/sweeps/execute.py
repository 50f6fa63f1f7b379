"""Run a plan on an executor, into a folder that can be resumed, or into memory."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from itertools import islice
from typing import Any

from sim.baseline.load import load_bundle
from sim.errors import TruceError
from sim.study.failures import Failure
from sim.study.progress import Progress, Watch
from sim.study.sweeps.plan import Plan
from sim.study.sweeps.store import DESIGN, MANIFEST, STUDY, Store
from sim.study.sweeps.worker import Chunk, Done, run_chunk
from sim.version import __version__

IN_FLIGHT = 3
"""Chunks submitted for each worker: a sweep holds no more of them in memory."""


Sink = Callable[[str, bytes], None]


def run_into(  # noqa: PLR0913  what a sweep needs; all named
    plan: Plan,
    store: Store,
    executor: Executor,
    *,
    workers: int = 1,
    keep_going: bool = False,
    force: bool = False,
    watch: Watch | None = None,
) -> Progress:
    """Run the chunks without a finished part and write one part for each; return the progress.

    Raises
    ------
    InputError
        If the folder cannot be used.
    Failure
        At the first run that fails, unless `keep_going`.
    """
    progress = Progress(plan.runs)
    with store.opened(force=force):
        store.write_json(STUDY, plan.study.model_dump(mode="json", exclude_none=True))
        store.write_table(DESIGN, plan.design_table())
        store.write_json(MANIFEST, manifest(plan, progress))
        waiting = _unfinished(plan, store, progress, keep_going=keep_going)
        run_all(plan, waiting, executor, store.write_part, progress, (workers, keep_going, watch))
        store.write_json(MANIFEST, manifest(plan, progress))
    return progress


def _unfinished(
    plan: Plan, store: Store, progress: Progress, *, keep_going: bool
) -> Iterator[tuple[str, Chunk]]:
    """Yield the chunks to run: those without a part, or with failed runs that are not kept."""
    for name, chunk in plan.chunks():
        failed = store.finished(name)
        if failed is None or (failed and not keep_going):
            yield name, chunk
            continue
        progress.done += len(chunk.runs)
        progress.skipped += len(chunk.runs)
        progress.failed += failed


def run_all(
    plan: Plan,
    waiting: Iterator[tuple[str, Chunk]],
    executor: Executor,
    sink: Sink,
    progress: Progress,
    how: tuple[int, bool, Watch | None] = (1, False, None),
) -> None:
    """Keep a few chunks submitted for each worker, and hand the finished parts to `sink`."""
    workers, keep_going, watch = how
    pending: dict[Future[Done], tuple[str, Chunk]] = {}
    try:
        while True:
            for name, chunk in islice(waiting, IN_FLIGHT * workers - len(pending)):
                pending[executor.submit(run_chunk, plan.recipe, chunk)] = (name, chunk)
            if not pending:
                break
            finished, _ = wait(pending, return_when=FIRST_COMPLETED)
            for future in finished:
                name, chunk = pending.pop(future)
                _take_in(name, chunk, future.result(), sink, progress, keep_going=keep_going)
                if watch is not None:
                    watch(progress)
    except BrokenExecutor:
        raise Failure(
            "a worker process died (killed, or out of memory). Run again: finished parts are kept."
        ) from None
    finally:
        for future in pending:
            future.cancel()


def _take_in(
    name: str, chunk: Chunk, done: Done, sink: Sink, progress: Progress, *, keep_going: bool
) -> None:
    if done.first_error is not None and not keep_going:
        raise _with_advice(done.first_error)
    sink(name, done.part)
    progress.done += len(chunk.runs)
    progress.failed += done.failed


def _with_advice(error: TruceError) -> TruceError:
    return Failure(f"{error} (--keep-going turns failed runs into rows.)", error.exit_code)


def manifest(plan: Plan, progress: Progress) -> dict[str, Any]:
    """Return what the folder says of itself."""
    bundle = load_bundle(plan.study.elasticities)
    return {
        "digest": plan.digest,
        "version": __version__,
        "baseline_digest": bundle.digest,
        "baseline_year": bundle.year,
        "title": plan.study.title,
        "question": plan.study.question,
        "scenarios": list(plan.places),
        "design": plan.study.design.model_dump(mode="json", exclude_none=True),
        "inputs": list(plan.study.vary),
        "rows": plan.rows,
        "runs": plan.runs,
        "done": progress.done,
        "failed": progress.failed,
        "complete": progress.done == plan.runs,
        "parts": plan.chunk_count(),
        "written": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
    }


def run_in_memory(
    plan: Plan, executor: Executor, *, workers: int = 1, keep_going: bool = False
) -> list[bytes]:
    """Run everything and return the parts, without a folder."""
    parts: list[bytes] = []
    progress = Progress(plan.runs)
    how = (workers, keep_going, None)
    run_all(plan, plan.chunks(), executor, lambda _, part: parts.append(part), progress, how)
    return parts
