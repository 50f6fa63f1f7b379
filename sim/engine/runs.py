"""The only place where baseline, policy, model and outputs meet.

A run starts from the economy of 2024, solves the scenario's own baseline on it (once, then cached),
takes that as the new economy, and solves the scenario on it.  Every change is against it.
"""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import numpy as np

from sim import __version__
from sim.baseline.load import load_baseline
from sim.engine.border import Solved, kept_books, queued
from sim.engine.months import (
    Month,
    baseline_day,
    first_day,
    monthly_policy,
    solve_months,
    without_floors,
)
from sim.engine.pace import PACE_LEVERS, Pace, read_pace
from sim.engine.rules import Firing, Ruled, rule_entries, solve_ruled
from sim.engine.start import (
    DEFAULT_ELASTICITIES,
    Start,
    assumed_bundle,
    axes_of,
    beside,
    bundle_of,
    idle_of,
    read_scenario,
    shock_of,
    since_2024,
    start_of,
    target_outcomes,
)
from sim.errors import InputError, ScenarioError
from sim.model import Equilibrium, solve
from sim.outputs import metrics
from sim.outputs.comparison import Comparison, Worth
from sim.outputs.manifest import plain, scenario_entries, solve_entries
from sim.outputs.path_table import path_entries, path_table
from sim.outputs.results import RunResult
from sim.outputs.table import Outcome, TargetOutcome, result_table
from sim.policy.axes import Axes
from sim.policy.law.nontariff import targets
from sim.policy.library.cards import list_scenarios, scenario_files, scenario_folder, seed_folder
from sim.policy.library.loader import ResolvedScenario, check_paths

__all__ = [
    "Against",
    "article_scenarios",
    "axes_of",
    "check",
    "compare",
    "load_baseline",
    "run",
    "sources",
    "warnings",
]

Against = Literal["baseline", "2024"]

ARTICLE_GROUPS = ("articles", "packages")


def run(
    name: str | Path,
    *,
    levers: Mapping[str, float] | None = None,
    elasticities: str = DEFAULT_ELASTICITIES,
    against: Against = "baseline",
    folder: Path | None = None,
    months: int | None = None,
) -> RunResult:
    """Run one scenario and report it against its own baseline.

    Parameters
    ----------
    name
        Id of a scenario, or the path of a file.
    levers
        Values of the scenario's levers, by id.
    elasticities
        Name of a published set of trade elasticities.
    against
        ``"baseline"``: the baseline that the scenario names; ``"2024"``: the economy of 2024.
    folder
        Folder of scenarios; the shipped one if None.
    months
        Number of months of a path, by the dates of the law; None is the static long run.  A path
        also has the levers of `sim.engine.pace`: pace, stocks, licences, purchases.

    Raises
    ------
    InputError
        If the scenario, a lever, the number of months or the elasticity set cannot be used.
    NotConverged
        If no equilibrium is found.
    """
    if against not in ("baseline", "2024"):
        raise InputError(f"against is {against!r}.", advice="Write 'baseline' or '2024'.")
    if months is not None and against == "2024":
        raise InputError(
            "a path has no changes against 2024.", advice="Leave --months or --against out."
        )
    axes = axes_of(bundle_of(elasticities))
    moved = dict(levers or {})
    pace = {key: moved.pop(key) for key in PACE_LEVERS if key in moved and months is not None}
    scenario = read_scenario(name, axes, folder, moved)
    bundle = assumed_bundle(elasticities, scenario)
    origin = beside(name, scenario.baseline)
    start = start_of(bundle, axes, origin, folder, scenario.baseline_date)
    if months is not None:
        return _path(start, axes, scenario, months, read_pace().moved(pace))
    specs = targets(scenario.measures, scenario.date, axes)
    shock = shock_of(start, axes, scenario, specs)
    equilibrium = solve(start.economy, shock)
    outcomes = target_outcomes(start, equilibrium, specs)
    if against == "2024":
        start, equilibrium = since_2024(start, equilibrium)
    outcome = outcome_of(start, scenario, equilibrium, outcomes)
    record = plain(scenario)
    manifest = {
        **scenario_entries(record),
        **_start_entries(start),
        **solve_entries(equilibrium, outcomes, idle_of(bundle, scenario)),
        **rule_entries(scenario),
    }
    return RunResult(result_table(outcome), manifest, record)


def _path(
    start: Start, axes: Axes, scenario: ResolvedScenario, count: int, pace: Pace
) -> RunResult:
    """Run a scenario month by month; its baseline's own path stays where it starts."""
    solved, law, firings = solved_months(start, axes, scenario, count, pace)
    books = kept_books(solved)
    record = plain(scenario)
    idle = idle_of(start.bundle, scenario)
    laws = [month.shock for month in law]
    manifest = {
        **scenario_entries(record),
        **_start_entries(start),
        **path_entries(solved.outcomes, baseline_day(start), plain(pace), idle, laws),
        **rule_entries(scenario, firings),
        "border": books.entries,
    }
    table = books.with_table(path_table(solved.outcomes), solved.outcomes)
    return RunResult(table, manifest, record)


def solved_months(
    start: Start, axes: Axes, scenario: ResolvedScenario, count: int, pace: Pace
) -> tuple[Solved, tuple[Month, ...], tuple[Firing, ...]]:
    """Solve the months of a scenario.

    Returns
    -------
    The path with what it was solved from, the law before queues of licences, and what rules did.

    Raises
    ------
    InputError
        If `count` is no number of months, or a rule watches what no path reports.
    NotConverged
        If a month has no solution.
    """
    firings: tuple[Firing, ...] = ()
    if scenario.rules:
        ruled = _ruled(start, axes, scenario, count, pace)
        law, policy, licensed, path = ruled.law, ruled.policy, ruled.licensed, ruled.path
        firings = ruled.firings
    else:
        law = monthly_policy(start, axes, scenario, first_day(start, axes, scenario), count)
        policy, licensed = queued(start, scenario, law, pace)
        path = solve_months(start, policy, pace)
    floorless = without_floors(policy)
    is_bound = any(a.shock is not b.shock for a, b in zip(policy, floorless, strict=True))
    free = solve_months(start, floorless, pace) if is_bound else path
    outcomes = []
    for month, equilibrium, unbound in zip(policy, path.months, free.months, strict=True):
        found = target_outcomes(start, equilibrium, month.specs, unbound)
        outcomes.append(outcome_of(start, replace(scenario, date=month.first), equilibrium, found))
    return Solved(start, policy, licensed, path, free, outcomes, pace, scenario), law, firings


def _ruled(start: Start, axes: Axes, scenario: ResolvedScenario, count: int, pace: Pace) -> Ruled:
    """Run the months of a scenario whose rules make law on the way."""

    def observe(month: Month, equilibrium: Equilibrium) -> Outcome:
        # What became of floors hangs on a path without them, which is solved once all law is known.
        found = target_outcomes(start, equilibrium, month.specs, equilibrium)
        return outcome_of(start, replace(scenario, date=month.first), equilibrium, found)

    return solve_ruled(start, axes, scenario, count, pace, observe)


def compare(
    names: Iterable[str | Path] = (),
    *,
    levers: Mapping[str, float] | None = None,
    elasticities: str = DEFAULT_ELASTICITIES,
    against: Against = "baseline",
    folder: Path | None = None,
) -> Comparison:
    """Run several scenarios (those of the articles if none is named) and set them side by side.

    A lever applies to each scenario that has it.  A scenario that means that something does not
    happen is also set against its counterpart, in which it does.

    Raises
    ------
    InputError
        As `run`; also if no scenario has one of the levers.
    """
    chosen = list(dict.fromkeys(names)) or article_scenarios(folder)
    axes = axes_of(bundle_of(elasticities))
    known = {name: lever_ids(read_scenario(name, axes, folder)) for name in chosen}
    wanted = dict(levers or {})
    check_levers(wanted, known.values())

    def one(name: str | Path) -> RunResult:
        ids = known.get(name) or lever_ids(read_scenario(name, axes, folder))
        own = {lever: value for lever, value in wanted.items() if lever in ids}
        return run(name, levers=own, elasticities=elasticities, against=against, folder=folder)

    results = {name: one(name) for name in chosen}
    by_id = {result.id: result for result in results.values()}
    worths = []
    for name, result in results.items():
        other = beside(name, result.manifest["counterpart"])
        if other is not None:
            counterpart = by_id.get(str(result.manifest["counterpart"])) or one(other)
            worths.append(Worth(result, counterpart, str(result.manifest["counterpart_reason"])))
    return Comparison(tuple(results.values()), tuple(worths))


def article_scenarios(folder: Path | None = None) -> list[str | Path]:
    """Ids of the scenarios of the articles of October 2025, one by one and all together."""
    return [card.id for card in list_scenarios(folder) if card.group in ARTICLE_GROUPS]


def sources(
    name: str | Path,
    *,
    levers: Mapping[str, float] | None = None,
    elasticities: str = DEFAULT_ELASTICITIES,
    folder: Path | None = None,
) -> dict[str, Any]:
    """Return what a run rests on: laws, articles, assumptions, data and elasticities."""
    bundle = bundle_of(elasticities)
    scenario = read_scenario(name, axes_of(bundle), folder, levers)
    return {
        **scenario_entries(plain(scenario)),
        "elasticities": elasticities,
        "baseline_year": bundle.year,
        "baseline_digest": bundle.digest,
        "baseline_sources": plain(bundle.sources),
    }


def check(paths: Iterable[Path] = ()) -> list[ScenarioError]:
    """Return every problem of scenario and measure files; the shipped ones if none is named.

    Raises
    ------
    InputError
        If a path does not exist.
    """
    chosen = list(paths)
    for path in chosen:
        if not path.exists():
            raise InputError("no such file or folder.", file=path)
    if not chosen:
        scenarios = scenario_folder()
        chosen = [scenarios, seed_folder(scenarios)]
    return check_paths(chosen, axes_of(bundle_of(DEFAULT_ELASTICITIES)))


def warnings(paths: Iterable[Path] = ()) -> list[str]:
    """Return what is legal and yet odd: measures that change nothing where they are listed.

    Parameters
    ----------
    paths
        As `check`; files that have problems, and measures by themselves, have no warnings.
    """
    bundle = bundle_of(DEFAULT_ELASTICITIES)
    axes = axes_of(bundle)
    found = []
    for path in scenario_files(paths):
        try:
            scenario = read_scenario(path, axes, None)
        except ScenarioError:
            continue
        found += [f"{path.name}: {words}" for words in idle_of(bundle, scenario)]
    return found


def outcome_of(
    start: Start,
    scenario: ResolvedScenario,
    equilibrium: Equilibrium,
    outcomes: tuple[TargetOutcome, ...],
) -> Outcome:
    """Put a solved scenario and what is needed to report it together."""
    bundle = start.bundle
    usa = bundle.economy.importers.index("USA")
    return Outcome(
        scenario=scenario.id,
        date=scenario.date,
        economy=start.economy,
        equilibrium=equilibrium,
        tariff_rate=start.tariff_rate,
        reference_value=metrics.customs_value(bundle.economy.trade_flow, bundle.customs_factor),
        customs_factor=bundle.customs_factor,
        is_goods=np.any(bundle.coverage["all"][usa] > 0, axis=0),
        households_mn=bundle.households_mn,
        targets=outcomes,
    )


def _start_entries(start: Start) -> dict[str, Any]:
    """What the manifest says of the program and of where the scenario starts."""
    bundle = start.bundle
    return {
        "version": __version__,
        "created": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "against": start.name,
        "against_title": start.title,
        "baseline_digest": bundle.digest,
        "baseline_year": bundle.year,
        "baseline_sources": plain(bundle.sources),
        "elasticities": bundle.elasticity_set,
        "factor_mobility": float(bundle.economy.factor_mobility[0]),
        "labels": {**bundle.region_labels, **bundle.sector_labels},
    }


def lever_ids(scenario: ResolvedScenario) -> frozenset[str]:
    """Ids of the levers that a scenario has."""
    return frozenset(lever.id for lever in scenario.levers)


def check_levers(wanted: Mapping[str, float], known: Iterable[frozenset[str]]) -> None:
    """Refuse a lever that none of the compared scenarios has.

    Parameters
    ----------
    known
        Lever ids of each scenario.

    Raises
    ------
    ScenarioError
        With the nearest lever that one of them has.
    """
    everywhere = sorted(frozenset().union(*known))
    for lever in wanted:
        if lever not in everywhere:
            near = difflib.get_close_matches(lever, everywhere, n=1)
            hint = f"Did you mean '{near[0]}'? " if near else ""
            raise ScenarioError(
                f"no scenario compared has a lever '{lever}'.",
                advice=f"{hint}Known levers: {', '.join(everywhere)}.",
            )
