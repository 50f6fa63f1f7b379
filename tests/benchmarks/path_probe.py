"""Solve times of monthly paths, and the elasticity of trade value by horizon.

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
from sim.model import Shock, solve, solve_path

MONTHS = 36
HORIZONS = {"1 month": 1, "1 year": 12, "2 years": 24, "5 years": 60, "10 years": 120}
LITERATURE = {
    "1 month": "-",
    "1 year": "-0.76",
    "2 years": "-",
    "5 years": "-",
    "10 years": "-1.75 to -2.25",
}
"""Boehm, Levchenko and Pandalai-Nayar (2023), tariff-exclusive trade value; facts.md section 6."""


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


def elasticities(bundle, points=0.01):
    """Fall of each sector's US imports from China after a small tariff on that sector alone."""
    economy = bundle.economy
    usa, china = economy.importers.index("USA"), economy.importers.index("CHN")
    goods = [j for j, code in enumerate(economy.sectors) if code != "SERV"]
    flow, by_month = economy.trade_flow[usa, china], []
    months = max(HORIZONS.values())
    responses = np.zeros((months, len(goods)))
    for column, j in enumerate(goods):
        tariff = np.array(economy.tariff_rate)
        tariff[usa, china, j] = (1 + tariff[usa, china, j]) * (1 + points) - 1
        path = solve_path(economy, [Shock(tariff_rate_cf=tariff)] * months)
        value = np.array([month.trade_flow_cf[usa, china, j] for month in path.months])
        responses[:, column] = np.log(value / flow[j]) / np.log(1 + points)
    weight = flow[goods] / flow[goods].sum()
    by_month = responses @ weight
    wall = np.array(economy.tariff_rate)
    wall[usa, china, goods] = (1 + wall[usa, china, goods]) * (1 + points) - 1
    static = solve(economy, Shock(tariff_rate_cf=wall)).trade_flow_cf[usa, china][goods].sum()
    print(f"\n{bundle.elasticity_set}: elasticity of US imports from China, value before duty")
    print("horizon     sector by sector   literature (Boehm et al. 2023)")
    for name, month in HORIZONS.items():
        print(f"{name:<12}{by_month[month - 1]:10.2f}         {LITERATURE[name]}")
    moved = np.log(static / flow[goods].sum()) / np.log(1 + points)
    print(f"all goods at once, static long run: {moved:.2f}")


def main():
    for name in ("fontagne2022", "uniform4"):
        bundle = load_bundle(name)
        print(f"\n{name}, {MONTHS} months")
        timings(bundle)
        elasticities(bundle)


if __name__ == "__main__":
    main()
