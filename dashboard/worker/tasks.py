"""The long calculations, in a process of their own: paths, tornados, event trees, backtests.

`dashboard.worker.pool` starts ``python -m dashboard.worker.tasks``.  This file imports `sim` and no
Streamlit, so that a worker is small and starts quickly.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

import sim
from sim.outputs.headline import figure_keys, in_figure_units
from sim.outputs.pair_names import pair_names
from sim.outputs.pick import Quantity
from sim.outputs.table import GOODS, TOTAL
from sim.outputs.variables import CHANGE
from sim.pair import Pair
from sim.study.path_point import Followed, followed
from sim.study.point import Runner
from sim.study.sweeps.analysis import Tornado, tornados
from sim.study.sweeps.run_sweep import sweep

OUTPUT, INCOME = "gross_output", "real_factor_income"

TREE_FIGURES = (
    "home_real_income",
    "home_real_income_per_household",
    "partner_real_income",
    "home_imports_from_partner",
    "home_tariff_revenue",
)
"""Figures that an event tree reports, by roles of the pair."""

_LAST_TREE: dict[str, Any] = {}
"""The last tree by what was asked for, before its branches are weighed."""

Against = Literal["own", "baseline"]
"""What changes are against, as of `Runner`."""

Series = tuple[float, ...]
Report = Callable[[float], None]


@dataclass(frozen=True)
class PathSeries:
    """What a path shows: one number a month, against the path of the baseline or counterpart.

    Parameters
    ----------
    months
        First day of each month (ISO).
    turns
        Months after the first in which the law changes, such as 2026-11.
    figures
        Change of each headline figure by id, in the unit of its change; annual rates.
    apart
        Months whose law differs from the counterpart's; empty without one.
    against
        What changes are against, in words.
    output_pct, income_pct
        Change of a sector's output and real income by region and sector, percent of the baseline.
    """

    months: tuple[str, ...]
    turns: tuple[str, ...]
    apart: tuple[str, ...]
    against: str
    figures: Mapping[str, Series]
    output_pct: Mapping[str, Mapping[str, Series]]
    income_pct: Mapping[str, Mapping[str, Series]]


def main() -> None:
    """Answer requests, one line of JSON each, until there are no more."""
    for line in sys.stdin:
        _write(answered(json.loads(line), lambda part: _write({"part": part})))


def _write(message: Mapping[str, Any]) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def answered(request: Mapping[str, Any], report: Report) -> dict[str, Any]:
    """Return the ``answer`` to a request, as plain data, or the ``error``.

    Parameters
    ----------
    request
        ``do``: one of `TASKS`; the rest are its arguments.
    report
        Called with the part that is done, from 0 to 1.
    """
    arguments = {key: value for key, value in request.items() if key != "do"}
    try:
        return {"answer": TASKS[request["do"]](report, **arguments)}
    except sim.TruceError as failure:
        return {"error": str(failure)}


def warm(_: Report, elasticities: str, baseline: str | None = None) -> None:
    """Load what every path needs, before the first is asked for."""
    sim.run("baseline-2025-10", elasticities=elasticities, baseline=baseline)


def path(  # noqa: PLR0913  what a request says
    _: Report,
    scenario: str,
    levers: Mapping[str, float],
    months: int,
    elasticities: str,
    pair: Sequence[str] | None = None,
    baseline: str | None = None,
    against: Against = "own",
) -> dict[str, Any]:
    """Run the path of a scenario and keep what the pages show of it.

    Parameters
    ----------
    pair
        Codes of the two regions that the figures are about; the scenario's own if None.
    baseline
        Folder of own tables; the embedded ones if None.
    against
        As of `Runner`.
    """
    asked = None if pair is None else Pair(*pair)
    runner = _runner_of(scenario, baseline, asked, against)
    about = asked or runner.template.default.pair
    keys = _keys(runner, about)
    regions, sectors = runner.world.axes.regions, runner.world.axes.sectors
    kept = [code for code in about.codes if code in regions]
    wanted = [
        Quantity(variable + companion, region, TOTAL, sector)
        for variable in (OUTPUT, INCOME)
        for companion in ("", CHANGE)
        for region in kept
        for sector in sectors
    ]
    quantities = dict.fromkeys([*keys.values(), *wanted])
    followed_path = followed(runner, levers, quantities, months, elasticities=elasticities)
    figures = {name: _figure(followed_path, name, key, about) for name, key in keys.items()}
    days = tuple(day.replace(day=1).isoformat() for day in followed_path.days)
    series = PathSeries(
        months=days,
        turns=tuple(days[month][:7] for month in followed_path.turns),
        apart=followed_path.apart,
        against=followed_path.against,
        figures={name: values for name, values in figures.items() if values is not None},
        output_pct={code: _sectors(followed_path, OUTPUT, code, sectors) for code in kept},
        income_pct={code: _sectors(followed_path, INCOME, code, sectors) for code in kept},
    )
    return asdict(series)


def _figure(path: Followed, name: str, key: Quantity, pair: Pair) -> Series | None:
    """Return a headline figure by month in its own units, or None if a month lacks it."""
    values = path.values[key].tolist()
    if any(map(math.isnan, values)):
        return None
    return tuple(in_figure_units(name, value, pair) for value in values)


def _keys(runner: Runner, pair: Pair) -> dict[str, Quantity]:
    """Return the rows of a pair's headline figures; without those that the baseline lacks."""
    axes = runner.world.axes
    known = {*axes.regions, *axes.sectors, TOTAL, GOODS}
    keys = {name: Quantity(*key) for name, key in figure_keys(pair).items()}
    return {
        name: key for name, key in keys.items() if {key.region, key.partner, key.sector} <= known
    }


def _runner_of(
    scenario: str, baseline: str | None, pair: Pair | None = None, against: Against = "own"
) -> Runner:
    """Return what runs a scenario; a shipped one is read once, a reader's file may change."""
    return (_kept_runner if _is_shipped(scenario) else _runner)(scenario, baseline, pair, against)


def _runner(scenario: str, baseline: str | None, pair: Pair | None, against: Against) -> Runner:
    folder = None if baseline is None else Path(baseline)
    return Runner(scenario, None, folder, pair, against=against)


_kept_runner = lru_cache(maxsize=64)(_runner)


def _is_shipped(scenario: str) -> bool:
    """Tell whether a scenario is named by the id of a shipped one, and not by a reader's file."""
    return not scenario.endswith((".yaml", ".yml"))


def _sectors(
    path: Followed, variable: str, region: str, sectors: tuple[str, ...]
) -> dict[str, Series]:
    """Change of a region's sectors, percent of the baseline; without those that it lacks."""
    series = {}
    for code in sectors:
        level = path.values[Quantity(variable, region, TOTAL, code)].tolist()
        change = path.values[Quantity(variable + CHANGE, region, TOTAL, code)].tolist()
        if not any(map(math.isnan, (*level, *change))):
            series[code] = tuple(map(_percent, change, level))
    return series


def _percent(change: float, level: float) -> float:
    base = level - change
    return 100.0 * change / base if base > 0 else 0.0


def tornado(
    report: Report,
    scenario: str,
    levers: Mapping[str, float],
    vary: Mapping[str, Mapping[str, Any]],
    elasticities: str,
    baseline: str | None = None,
) -> dict[str, Any]:
    """Move each input alone to its low and its high end; by figure, the widest swing first."""
    runner = _runner_of(scenario, baseline)
    pair = runner.template.default.pair
    keys = _keys(runner, pair)
    study = {
        "title": "Tornado",
        "question": "What do the numbers depend on?",
        "scenarios": [scenario],
        "elasticities": elasticities,
        "levers": dict(levers),
        "vary": dict(vary),
        "design": {"kind": "tornado"},
        "outputs": [key._asdict() for key in keys.values()],
        "chunk": 1,
    }
    with TemporaryDirectory() as folder:
        results = sweep(
            study,
            out=folder,
            force=True,
            jobs=1,
            keep_going=True,
            baseline=baseline,
            watch=lambda progress: report(progress.done / progress.total),
        )
        by_key = {swings.quantity: swings for swings in tornados(results)}
    return {
        name: _swings(name, by_key[key], pair)
        for name, key in keys.items()
        if math.isfinite(by_key[key].centre)
    }


def _swings(name: str, tornado: Tornado, pair: Pair) -> dict[str, Any]:
    """Return the swings of one figure, in its own units."""
    swings = [
        {
            "name": swing.name,
            "low": swing.low_value,
            "high": swing.high_value,
            "at_low": in_figure_units(name, swing.at_low, pair),
            "at_high": in_figure_units(name, swing.at_high, pair),
        }
        for swing in tornado.swings
        if math.isfinite(swing.at_low) and math.isfinite(swing.at_high)
    ]
    return {"centre": in_figure_units(name, tornado.centre, pair), "swings": swings}


def tree(  # noqa: PLR0913  what a request says
    report: Report,
    scenario: str,
    levers: Mapping[str, float],
    months: int,
    hazard: float,
    elasticities: str,
    baseline: str | None = None,
) -> dict[str, Any]:
    """Weigh the branches of a scenario that may break down; another hazard solves nothing anew."""
    runner = _runner_of(scenario, baseline)
    pair = runner.template.default.pair
    known = _keys(runner, pair)
    names = map(pair_names(pair, runner.world.baseline.region_labels).id_of, TREE_FIGURES)
    keys = {name: known[name] for name in names if name in known}
    unweighed = _branches(report, scenario, levers, months, elasticities, baseline, keys)
    weighed = unweighed.weighed(hazard)
    holds = next(branch.probability for branch in weighed.branches if branch.month is None)
    return {
        "hazard": hazard,
        "into": weighed.labels.get("into", weighed.into),
        "notes": list(weighed.notes),
        "months": list(weighed.months),
        "probability_holds": holds,
        "figures": {name: _bands(weighed, name, key, pair) for name, key in keys.items()},
    }


def _branches(  # noqa: PLR0913  what a request says
    report: Report,
    scenario: str,
    levers: Mapping[str, float],
    months: int,
    elasticities: str,
    baseline: str | None,
    keys: Mapping[str, Quantity],
) -> Any:  # noqa: ANN401  a CollapseTree
    # Imported here since a worker that draws no tree starts without it.
    from sim.study.trees.collapse_tree import collapse_tree

    key = json.dumps([scenario, dict(levers), months, elasticities, baseline])
    if key not in _LAST_TREE:
        unweighed = collapse_tree(
            scenario,
            months=months,
            levers=levers,
            elasticities=elasticities,
            quantities=list(keys.values()),
            jobs=1,
            baseline=None if baseline is None else Path(baseline),
            watch=lambda progress: report(progress.done / progress.total),
        )
        _LAST_TREE.clear()
        _LAST_TREE[key] = unweighed
    return _LAST_TREE[key]


def _bands(tree: Any, name: str, key: Quantity, pair: Pair) -> dict[str, Any]:  # noqa: ANN401
    low, middle, high = (
        [in_figure_units(name, float(value), pair) for value in values] for values in tree.band(key)
    )
    return {
        "expected": [in_figure_units(name, float(value), pair) for value in tree.expected(key)],
        "low": low,
        "middle": middle,
        "high": high,
        "holds": [in_figure_units(name, float(value), pair) for value in tree.of(key)[-1]],
        "worse": tree.overall_worse(key),
    }


def backtests(_: Report) -> list[dict[str, Any]]:
    """Return what the model says of months that are known, beside what happened."""
    # Imported here since a worker that runs no backtest starts without it.
    from sim.validation.backtest.rows import rows

    return rows()


TASKS: Mapping[str, Callable[..., Any]] = {
    "backtests": backtests,
    "path": path,
    "tornado": tornado,
    "tree": tree,
    "warm": warm,
}


if __name__ == "__main__":
    main()
