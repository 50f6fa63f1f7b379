"""Sweep throughput, scaling and memory: ``python -m tests.benchmarks.bench_sweep [--runs 10000]``.

Static runs of ``tariff-100`` on the default baseline, three levers, a Latin hypercube.  Prints, and
judges nothing; on a machine that does other things too, read CPU time beside wall time.
"""

# ruff: noqa: T201, E402  printing is all this file does; threads before numpy

import os

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

import argparse
import resource
import tempfile
import time
from pathlib import Path

from sim.study import sweep

TARGET = 100


def study(runs):
    return {
        "title": "Throughput",
        "question": "How fast?",
        "scenarios": ["tariff-100"],
        "vary": {
            "us_rate": {"min": 0.0, "max": 150.0},
            "coverage": {"min": 0.6, "max": 1.0},
            "china_retaliation": {"min": 0.0, "max": 100.0},
        },
        "design": {"kind": "latin-hypercube", "runs": runs, "seed": 1},
        "outputs": [
            {"variable": "real_income_change", "region": ("USA", "CHN")},
            {"variable": "tariff_revenue_change", "region": "USA"},
            {"variable": "imports_change", "region": "USA", "partner": "CHN"},
        ],
    }


def megabytes(who):
    return resource.getrusage(who).ru_maxrss / 1024


def cpu_seconds():
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in both)


def timed(runs, jobs):
    """Wall time, CPU time, and the parent's peak memory a tenth of the way and at the end."""
    marks = []

    def watch(now):
        if not marks and now.done >= now.total // 10:
            marks.append((time.perf_counter(), now.done, megabytes(resource.RUSAGE_SELF)))

    with tempfile.TemporaryDirectory() as folder:
        begin, used = time.perf_counter(), cpu_seconds()
        sweep(study(runs), out=Path(folder), jobs=jobs, watch=watch)
        end = time.perf_counter()
    first, done, early = marks[0]
    return {
        "wall": end - begin,
        "cpu": cpu_seconds() - used,
        "steady": (runs - done) / (end - first),
        "early": early,
        "late": megabytes(resource.RUSAGE_SELF),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=2000)
    parser.add_argument("--jobs", type=int, default=2)
    given = parser.parse_args()
    few = min(given.runs, 2000)
    alone = timed(few, 1)
    show(few, 1, alone)
    together = timed(given.runs, given.jobs)
    show(given.runs, given.jobs, together)
    print(f"scaling on {given.jobs}: {together['steady'] / alone['steady']:.2f} x")
    print(f"largest worker: {megabytes(resource.RUSAGE_CHILDREN):.0f} MB")
    print(
        f"100,000 runs at this pace: {100_000 / together['steady'] / 60:.1f} minutes (extrapolated)"
    )


def show(runs, jobs, found):
    print(
        f"{runs} runs, {jobs} jobs: {found['steady']:.0f} runs/s (target {TARGET * jobs}), "
        f"{1000 * found['cpu'] / runs:.1f} ms CPU a run, wall {found['wall']:.1f} s; parent "
        f"{found['early']:.0f} MB after a tenth, {found['late']:.0f} MB at the end"
    )


if __name__ == "__main__":
    main()
