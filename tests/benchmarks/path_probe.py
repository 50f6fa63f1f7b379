"""Solve times of monthly paths; elasticities by horizon are in ``truce validate elasticities``.

``python tests/benchmarks/path_probe.py`` prints, and judges nothing.
"""

# ruff: noqa: E402, T201  threads are set before numpy is imported; printing is all this file does

import os

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

import statistics
import time

import numpy as np

from sim.baseline.load import load_bundle
from sim.model import Shock, solve_path

MONTHS = 36


def shock_on_china(bundle, points):
    """`points` more on what the reciprocal tariff reaches of US imports from China."""
    economy = bundle.economy
    usa, china = economy.importers.index("USA"), economy.importers.index("CHN")
    tariff = np.array(economy.tariff_rate)
    tariff[usa, china] += points * bundle.coverage["reciprocal"][usa, china]
    return Shock(tariff_rate_cf=tariff)


def timed(job, repeats=9):
    job()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        answer = job()
        times.append(time.perf_counter() - start)
    return statistics.median(times), answer


def timings(bundle):
    economy, shock = bundle.economy, shock_on_china(bundle, 1.0)
    back = [Shock()] * 3 + [shock] * 12 + [Shock()] * (MONTHS - 15)
    gradual = [shock_on_china(bundle, (t + 1) / MONTHS) for t in range(MONTHS)]
    cases = {
        "+100 points, for good": [shock] * MONTHS,
        "+100 points for a year": back,
        "a new tariff every month": gradual,
        "no policy": [Shock()] * MONTHS,
    }
    for name, shocks in cases.items():
        took, path = timed(lambda shocks=shocks: solve_path(economy, shocks))
        passes = sum(month.iterations for month in path.months)
        print(f"{name:<26}{took:6.3f} s  {passes:4d} passes  residual {path.residual:.0e}")


def main():
    for name in ("fontagne2022", "uniform4"):
        bundle = load_bundle(name)
        print(f"\n{name}, {MONTHS} months")
        timings(bundle)


if __name__ == "__main__":
    main()
