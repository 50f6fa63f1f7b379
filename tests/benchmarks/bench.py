"""Solve times: ``python tests/benchmarks/bench.py`` (``make bench``) prints, and judges nothing.

Medians of warm solves on one thread, after import and a first solve; every case is printed with
the passes it took and its residual.  Cases whose data are absent are skipped by name.
"""

# ruff: noqa: E402  the threads must be set before numpy is imported

import os

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

import argparse
import statistics
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import tests.model.caliendo_parro as caliendo_parro
from sim.model import Economy, Shock, solve
from tests.raw_data import DATA

TARGETS_MS = {"default baseline": 10, "81 x 28": 25}


def on_china(economy, points):
    """Tariffs with `points` more on all US goods imports from China."""
    tariff = np.array(economy.tariff_rate)
    usa, china = economy.importers.index("USA"), economy.importers.index("CHN")
    goods = economy.trade_flow[usa, china] > 0
    tariff[usa, china, goods] += points
    return Shock(tariff_rate_cf=tariff)


def default_baseline():
    from sim.baseline.entry import load_baseline

    economy = load_baseline()
    return economy, on_china(economy, 1.0)


def default_in_two_tiers():
    """The default baseline where home competes with foreign with an elasticity of 0.5."""
    economy, shock = default_baseline()
    macro = np.minimum(0.5, economy.trade_elasticity)
    return replace(economy, macro_elasticity=macro), shock


def icio_81x28():
    """The whole ICIO table: kappa 1.5 and published elasticities capped to [2, 12]."""
    from sim.baseline.build.assemble import ICIO_ARCHIVE

    raw = np.load(DATA / ICIO_ARCHIVE, allow_pickle=False)
    output = raw["gross_output"].T
    sectors = [str(code) for code in raw["sectors"]]
    use = raw["use"].transpose(2, 0, 1)
    shares = np.divide(
        use, output[:, None, :], out=np.zeros_like(use), where=output[:, None, :] > 0
    )
    shares /= np.maximum(shares.sum(axis=1, keepdims=True), 1.0)  # two sectors lose 0.01 USD mn
    economy = Economy.calibrate(
        importers=[str(code) for code in raw["countries"]],
        sectors=sectors,
        trade_flow=raw["X"].transpose(2, 1, 0),
        tariff_rate=0.0,
        input_share=shares,
        trade_elasticity=np.clip(raw["eps_FGO"], 2, 12),
        factor_mobility=1.5,
        clip_negative_final_demand=True,
    )
    return economy, on_china(economy, 1.0)


def caliendo_parro_case():
    return caliendo_parro.balanced_world(), caliendo_parro.nafta()


def measure(economy, shock, repeats, start=None):
    eq = solve(economy, shock, start=start)
    times = []
    for _ in range(repeats):
        begin = time.perf_counter()
        eq = solve(economy, shock, start=start)
        times.append(1000 * (time.perf_counter() - begin))
    return eq, statistics.median(times), min(times)


def report(name, size, eq, median, fastest):
    goal = f"  (target {TARGETS_MS[name]} ms)" if name in TARGETS_MS else ""
    print(  # noqa: T201  printing is all this file does
        f"{name:<24}{size:>9}{median:>9.2f} ms median{fastest:>9.2f} ms best"
        f"{eq.iterations:>6} passes   residual {eq.residual:.1e}{goal}"
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=30)
    repeats = parser.parse_args().repeats
    cases = {
        "default baseline": default_baseline,
        "default in two tiers": default_in_two_tiers,
        "81 x 28": icio_81x28,
        "Caliendo-Parro NAFTA": caliendo_parro_case,
    }
    for name, build in cases.items():
        try:
            economy, shock = build()
        except (ImportError, OSError, KeyError, ValueError) as problem:
            print(f"{name:<24}skipped: {problem}")  # noqa: T201
            continue
        size = f"{len(economy.importers)}x{len(economy.sectors)}"
        report(name, size, *measure(economy, shock, repeats))
        if name == "Caliendo-Parro NAFTA":
            continue
        near = solve(economy, on_china(economy, 0.95))
        report("  warm, 95 -> 100 %", size, *measure(economy, shock, repeats, start=near))


if __name__ == "__main__":
    main()
