"""What takes long, in a process of its own (see `dashboard.worker.pool`): paths, tornados, trees.

This file imports no Streamlit, so that a worker is small and starts quickly.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from tempfile import TemporaryDirectory
from typing import Any

import sim
from sim.outputs.headline import figure_keys, in_figure_units
from sim.outputs.pick import Quantity
from sim.outputs.table import TOTAL
from sim.outputs.variables import CHANGE
from sim.study.path_point import Followed, followed
from sim.study.point import Runner
from sim.study.sweeps.analysis import Tornado, tornados
from sim.study.sweeps.run_sweep import sweep

OUTPUT, INCOME = "gross_output", "real_factor_income"

SECTORS_OF = ("USA", "CHN")
"""Regions whose sectors a path keeps."""

TREE_FIGURES = (
    "us_real_income",
    "us_real_income_per_household",
    "cn_real_income",
    "us_imports_from_china",
    "us_tariff_revenue",
)
"""Figures that an event tree reports."""

_TREES: dict[str, Any] = {}
"""The last tree, unweighed."""

Series = tuple[float, ...]
Say = Callable[[float], None]


@dataclass(frozen=True)
class Track:
    """What a path shows: one number a month, against the scenario's baseline.

    Parameters
    ----------
    months
        First day of each month (ISO).
    turns
        Months after the first in which the law changes, such as 2026-11.
    figures
        Change of each headline figure by id, in the unit of its change; annual rates.
    output_pct, income_pct
        Change of a sector's output and real income by region and sector, percent of the baseline.
    """

    months: tuple[str, ...]
    turns: tuple[str, ...]
    figures: Mapping[str, Series]
    output_pct: Mapping[str, Mapping[str, Series]]
    income_pct: Mapping[str, Mapping[str, Series]]


def main() -> None:
    """Answer requests, one line of JSON each, until there are no more."""
    for line in sys.stdin:
        _say(answered(json.loads(line), lambda part: _say({"part": part})))


def _say(words: Mapping[str, Any]) -> None:
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()


def answered(request: Mapping[str, Any], say: Say) -> dict[str, Any]:
    """Return the ``answer`` to a request, as plain data, or the ``error``.

    Parameters
    ----------
    request
        ``do``: one of `DOES`; the rest are its arguments.
    say
        Called with the part that is done, from 0 to 1.
    """
    arguments = {key: value for key, value in request.items() if key != "do"}
    try:
        return {"answer": DOES[request["do"]](say, **arguments)}
    except sim.TruceError as failure:
        return {"error": str(failure)}


def warm(_: Say, elasticities: str) -> None:
    """Load what every path needs, before the first is asked for."""
    sim.run("baseline-2025-10", elasticities=elasticities)


def track(
    _: Say, place: str, levers: Mapping[str, float], months: int, elasticities: str
) -> dict[str, Any]:
    """Run the path of a scenario and keep what the pages show of it."""
    keys = {name: Quantity(*key) for name, key in figure_keys().items()}
    runner = _runner(place) if _is_shipped(place) else Runner(place)
    sectors = runner.world.axes.sectors
    wanted = [
        Quantity(variable + companion, region, TOTAL, sector)
        for variable in (OUTPUT, INCOME)
        for companion in ("", CHANGE)
        for region in SECTORS_OF
        for sector in sectors
    ]
    quantities = dict.fromkeys([*keys.values(), *wanted])
    found = followed(runner, levers, quantities, months, elasticities=elasticities)
    output = {code: _sectors(found, OUTPUT, code, sectors) for code in SECTORS_OF}
    income = {code: _sectors(found, INCOME, code, sectors) for code in SECTORS_OF}
    figures = {
        name: tuple(in_figure_units(name, value) for value in found.values[key].tolist())
        for name, key in keys.items()
        if not any(map(math.isnan, found.values[key].tolist()))
    }
    days = tuple(day.replace(day=1).isoformat() for day in found.days)
    turns = tuple(days[at][:7] for at in found.turns)
    return asdict(Track(days, turns, figures, output, income))


def _is_shipped(place: str) -> bool:
    """Tell whether a place is the id of a shipped scenario, and no file of the reader's."""
    return not place.endswith((".yaml", ".yml"))


@lru_cache(maxsize=64)
def _runner(place: str) -> Runner:
    """Read a shipped scenario once; a reader's file may change."""
    return Runner(place)


def _sectors(
    found: Followed, variable: str, region: str, sectors: tuple[str, ...]
) -> dict[str, Series]:
    """Change of a region's sectors, percent of the baseline; without those that it lacks."""
    series = {}
    for code in sectors:
        level = found.values[Quantity(variable, region, TOTAL, code)].tolist()
        change = found.values[Quantity(variable + CHANGE, region, TOTAL, code)].tolist()
        if not any(map(math.isnan, (*level, *change))):
            series[code] = tuple(map(_percent, change, level))
    return series


def _percent(change: float, level: float) -> float:
    base = level - change
    return 100.0 * change / base if base > 0 else 0.0


def tornado(
    say: Say,
    place: str,
    levers: Mapping[str, float],
    vary: Mapping[str, Mapping[str, Any]],
    elasticities: str,
) -> dict[str, Any]:
    """Move each input alone to its low and its high end; by figure, the widest swing first."""
    keys = {name: Quantity(*key) for name, key in figure_keys().items()}
    study = {
        "title": "Tornado",
        "question": "What do the numbers hang on?",
        "scenarios": [place],
        "elasticities": elasticities,
        "levers": dict(levers),
        "vary": dict(vary),
        "design": {"kind": "tornado"},
        "outputs": [key._asdict() for key in keys.values()],
        "chunk": 1,
    }
    with TemporaryDirectory() as folder:
        found = sweep(
            study,
            out=folder,
            force=True,
            jobs=1,
            keep_going=True,
            watch=lambda progress: say(progress.done / progress.total),
        )
        by_key = {one.quantity: one for one in tornados(found)}
    return {
        name: _told(name, by_key[key])
        for name, key in keys.items()
        if math.isfinite(by_key[key].centre)
    }


def _told(name: str, found: Tornado) -> dict[str, Any]:
    swings = [
        {
            "name": one.name,
            "low": one.low_value,
            "high": one.high_value,
            "at_low": in_figure_units(name, one.at_low),
            "at_high": in_figure_units(name, one.at_high),
        }
        for one in found.swings
        if math.isfinite(one.at_low) and math.isfinite(one.at_high)
    ]
    return {"centre": in_figure_units(name, found.centre), "swings": swings}


def tree(
    say: Say,
    place: str,
    levers: Mapping[str, float],
    months: int,
    hazard: float,
    elasticities: str,
) -> dict[str, Any]:
    """Weigh the branches of a scenario that may break down; another hazard solves nothing anew."""
    found = _branches(say, place, levers, months, elasticities).weighed(hazard)
    holds = next(one.probability for one in found.branches if one.month is None)
    keys = figure_keys()
    return {
        "hazard": hazard,
        "into": found.labels.get("into", found.into),
        "notes": list(found.notes),
        "months": list(found.months),
        "probability_holds": holds,
        "figures": {name: _weighed(found, name, Quantity(*keys[name])) for name in TREE_FIGURES},
    }


def _branches(
    say: Say, place: str, levers: Mapping[str, float], months: int, elasticities: str
) -> Any:  # noqa: ANN401  a CollapseTree
    from sim.study.trees.collapse_tree import collapse_tree

    key = json.dumps([place, dict(levers), months, elasticities])
    if key not in _TREES:
        made = collapse_tree(
            place,
            months=months,
            levers=levers,
            elasticities=elasticities,
            quantities=[Quantity(*figure_keys()[name]) for name in TREE_FIGURES],
            jobs=1,
            watch=lambda progress: say(progress.done / progress.total),
        )
        _TREES.clear()
        _TREES[key] = made
    return _TREES[key]


def _weighed(found: Any, name: str, key: Quantity) -> dict[str, Any]:  # noqa: ANN401
    low, middle, high = (
        [in_figure_units(name, float(value)) for value in values] for values in found.band(key)
    )
    return {
        "expected": [in_figure_units(name, float(value)) for value in found.expected(key)],
        "low": low,
        "middle": middle,
        "high": high,
        "holds": [in_figure_units(name, float(value)) for value in found.of(key)[-1]],
        "worse": found.overall_worse(key),
    }


def backtests(_: Say) -> list[dict[str, Any]]:
    """Return what the model says of months that are known, beside what happened."""
    from sim.validation.backtest.rows import rows

    return rows()


DOES: Mapping[str, Callable[..., Any]] = {
    "backtests": backtests,
    "track": track,
    "tornado": tornado,
    "tree": tree,
    "warm": warm,
}


if __name__ == "__main__":
    main()
