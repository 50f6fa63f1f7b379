"""Event tree: ``python -m tests.benchmarks.bench_tree``: 12 branches of 36 months, two processes.

Prints, and judges nothing; on a machine that does other things too, read CPU time beside wall time.
"""

# ruff: noqa: T201, E402  printing is all this file does; threads before numpy

import os

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

import resource
import sys
import time

from sim.study import collapse_tree

TARGET = 4.0
ROUNDS = 3
CASES = (
    ("truce-extension", None, {"months": 36.0}),
    ("truce-extension", "snapback", {"months": 36.0}),
    ("kuala-lumpur-package", None, {"months": 36.0}),
)


def cpu_seconds():
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in both)


def main(jobs=2):
    for name, into, levers in CASES:
        best = (float("inf"), float("inf"))
        for _ in range(ROUNDS):
            wall, cpu = time.perf_counter(), cpu_seconds()
            found = collapse_tree(name, into=into, levers=levers, last=12, months=36, jobs=jobs)
            best = min(best, (time.perf_counter() - wall, cpu_seconds() - cpu))
        print(
            f"{name} into {found.into}: {best[0]:.2f} s, CPU {best[1]:.2f} s, {jobs} processes "
            f"(target for the first: {TARGET:.0f} s)"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2)
