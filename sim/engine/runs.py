"""The functions that people call: run a scenario, check files, list sources, average tariffs.

A run starts from the economy of 2024, solves the scenario's own baseline on it (once, then kept),
takes that as the new economy, and solves the scenario on it.  Every change is against it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, get_args

from sim.baseline.defaults import ELASTICITIES
from sim.baseline.entry import load_own_baseline
from sim.baseline.load import Baseline, load_bundle
from sim.engine.averages import TODAY, AverageRates
from sim.engine.baseline_estimate import baseline_estimate
from sim.engine.border.ledgers import path_ledger
from sim.engine.partner_averages import ALL, PartnerAverage
from sim.engine.path import SolvedPath
from sim.engine.path_with_rules import rule_entries
from sim.engine.solved import SolvedScenario, scenario_notice, scenario_warnings
from sim.engine.start import Start
from sim.engine.untraded_targets import untraded_targets
from sim.engine.world import World
from sim.errors import InputError, ScenarioError
from sim.outputs.manifest import plain, scenario_entries, solve_entries
from sim.outputs.path_table import path_entries, path_table
from sim.outputs.results import RunResult
from sim.outputs.table import result_table
from sim.pair import Pair
from sim.policy.library.cards import list_scenarios, scenario_files, scenario_folder, seed_folder
from sim.policy.library.loader import ResolvedScenario, check_paths
from sim.version import __version__

__all__ = [
    "Against",
    "article_scenarios",
    "average_rates",
    "check",
    "partner_averages",
    "run",
    "sources",
    "warnings",
    "world_of",
]

Against = Literal["own", "baseline", "2024"]
"""What changes are against: see `run`."""

ARTICLE_GROUPS = ("articles", "packages")


def world_of(
    elasticities: str = ELASTICITIES,
    folder: Path | None = None,
    baseline: Baseline | str | Path | None = None,
) -> World:
    """Return the world that runs share; solved baselines and files read are kept in it.

    Parameters
    ----------
    elasticities
        Name of a published set of trade elasticities.
    folder
        Folder of scenarios; the shipped one if None.
    baseline
        Folder that ``truce baseline build --out`` has written, or a baseline that is loaded
        already, which has its own elasticities; the embedded one if None.  A folder that lacks the
        default set of elasticities uses its first.

    Raises
    ------
    BaselineError
        If there is no such set, or a table is missing.
    """
    if isinstance(baseline, Baseline):
        return World(baseline, folder=folder)
    return _world(elasticities, folder, None if baseline is None else Path(baseline))


@lru_cache(maxsize=8)
def _world(elasticities: str, folder: Path | None, baseline: Path | None) -> World:
    if baseline is None:
        return World(load_bundle(elasticities), folder=folder)
    return World(load_own_baseline(baseline, elasticities), folder=folder)


def run(  # noqa: PLR0913  the options of a run; all but the name are named
    name: str | Path,
    *,
    levers: Mapping[str, float] | None = None,
    elasticities: str = ELASTICITIES,
    against: Against = "own",
    folder: Path | None = None,
    months: int | None = None,
    baseline: Baseline | str | Path | None = None,
) -> RunResult:
    """Run one scenario and report what it changes.

    Parameters
    ----------
    name
        Id of a scenario, or the path of a file.
    levers
        Values of the scenario's levers, by id.
    elasticities
        Name of a published set of trade elasticities.
    against
        ``"own"``: the counterpart of a scenario that means that something does not happen, the
        baseline of any other; ``"baseline"``: the baseline; ``"2024"``: the economy of 2024.
    folder
        Folder of scenarios; the shipped one if None.
    months
        Number of months of a path, by the dates of the law; None is the static long run.  A path
        also has the levers of `sim.engine.pace`: pace, stocks, licences, purchases.  Its changes
        are against the path of the baseline, or counterpart, in the same months.
    baseline
        Own tables in place of the embedded ones, as in `world_of`.

    Raises
    ------
    InputError
        If the scenario, a lever, the number of months, the elasticities or the tables are unfit.
    NotConverged
        If no equilibrium is found.
    """
    check_against(against, months)
    world = world_of(elasticities, folder, baseline)
    if months is not None:
        return path_result(world.path(name, months, levers), against)
    return static_result(world.solve(name, levers), against)


def check_against(against: str, months: int | None = None) -> None:
    """Refuse what a run cannot be reported against."""
    if against not in get_args(Against):
        raise InputError(f"against is {against!r}.", advice="Write 'own', 'baseline' or '2024'.")
    if months is not None and against == "2024":
        raise InputError(
            "a path has no changes against 2024.", advice="Leave --months or --against out."
        )


def static_result(solved: SolvedScenario, against: Against = "own") -> RunResult:
    """Lay a long-run answer out as a table and a manifest."""
    scenario, record = solved.scenario, plain(solved.scenario)
    targets = solved.target_outcomes
    shown = solved
    if against != "own":
        shown = solved.since_2024() if against == "2024" else solved.against_baseline
    manifest = {
        **scenario_entries(record),
        **_start_entries(shown.start, solved.pair),
        **_day_entries(shown),
        **_counterpart_entries(None if shown.counterpart is None else shown.counterpart.scenario),
        **solve_entries(shown.equilibrium, targets, solved.warnings, solved.notice),
        **rule_entries(scenario),
    }
    return RunResult(result_table(shown.outcome_with(targets)), manifest, record)


def path_result(solved: SolvedPath, against: Against = "own") -> RunResult:
    """Lay a path out as a table and a manifest."""
    shown = solved if against == "own" else solved.against_baseline
    scenario, months, reference = shown.scenario, shown.months, shown.reference
    ledger, record = path_ledger(months), plain(scenario)
    if reference is not None:
        ledger = ledger.measured_against(path_ledger(reference.months))
    laws = [month.shock for month in shown.legal]
    manifest = {
        **scenario_entries(record),
        **_start_entries(months.start, months.pair),
        **_counterpart_entries(None if shown.counterpart is None else shown.counterpart.scenario),
        **path_entries(
            shown.outcomes,
            shown.against_words,
            plain(months.pace),
            shown.warnings,
            laws,
            apart=() if shown.counterpart is None else shown.apart,
        ),
        **rule_entries(scenario, shown.firings),
        "border": ledger.entries,
    }
    table = ledger.with_table(path_table(shown.outcomes), shown.outcomes)
    return RunResult(table, manifest, record)


def _day_entries(solved: SolvedScenario) -> dict[str, Any]:
    """What the manifest says where the baseline's own law has changed by the scenario's day."""
    if solved.baseline is None:
        return {}
    day = solved.scenario.date
    title = f"{solved.start.title}, by its law of {day}"
    return {"against_day": day.isoformat(), "against_title": title, "baseline_title": title}


def _counterpart_entries(counterpart: ResolvedScenario | None) -> dict[str, Any]:
    """What the manifest says where changes are against a counterpart and not the baseline."""
    if counterpart is None:
        return {}
    return {
        "against": counterpart.id,
        "against_title": counterpart.title,
        "against_digest": counterpart.digest,
    }


def _start_entries(start: Start, pair: Pair) -> dict[str, Any]:
    """What the manifest says of the program and of where the scenario starts."""
    baseline, estimate = start.baseline, baseline_estimate(start, pair)
    return {
        "version": __version__,
        "created": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "against": start.name,
        "against_title": start.title,
        "baseline": start.name,
        "baseline_title": start.title,
        "baseline_digest": baseline.digest,
        "baseline_year": baseline.year,
        "baseline_sources": _plain_sources(baseline),
        "elasticities": baseline.elasticity_set,
        "factor_mobility": float(baseline.economy.factor_mobility[0]),
        "labels": {**baseline.region_labels, **baseline.sector_labels},
        **({} if estimate is None else {"baseline_estimate": estimate}),
        **({} if pair.is_default else {"pair": list(pair.codes)}),
    }


@lru_cache(maxsize=32)
def _plain_sources(baseline: Baseline) -> Any:  # noqa: ANN401  what JSON can hold
    """Sources of a baseline in plain form: the same in every manifest."""
    return plain(baseline.sources)


def average_rates(  # noqa: PLR0913  as the method of a world
    first: dt.date,
    end: dt.date,
    *,
    scenario: str | Path = TODAY,
    levers: Mapping[str, float] | None = None,
    partner: str | None = None,
    by_authority: bool = False,
    folder: Path | None = None,
) -> AverageRates:
    """Average the tariffs of a scenario over [`first`, `end`): `World.average_rates`."""
    return world_of(folder=folder).average_rates(
        first, end, scenario=scenario, levers=levers, partner=partner, by_authority=by_authority
    )


def partner_averages(
    day: dt.date,
    *,
    scenario: str | Path = TODAY,
    levers: Mapping[str, float] | None = None,
    partner: str = ALL,
    by_authority: bool = False,
    folder: Path | None = None,
) -> tuple[PartnerAverage, ...]:
    """Average the home country's tariff on each partner on a day: `World.partner_averages`."""
    return world_of(folder=folder).partner_averages(
        day, scenario=scenario, levers=levers, partner=partner, by_authority=by_authority
    )


def article_scenarios(folder: Path | None = None) -> list[str | Path]:
    """Ids of the scenarios of the articles of October 2025, one by one and all together."""
    return [card.id for card in list_scenarios(folder) if card.group in ARTICLE_GROUPS]


def sources(
    name: str | Path,
    *,
    levers: Mapping[str, float] | None = None,
    elasticities: str = ELASTICITIES,
    folder: Path | None = None,
) -> dict[str, Any]:
    """Return what a run rests on: laws, articles, assumptions, data and elasticities."""
    world = world_of(elasticities, folder)
    bundle, scenario = world.baseline, world.scenario(name, levers)
    return {
        **scenario_entries(plain(scenario)),
        "elasticities": elasticities,
        "baseline_year": bundle.year,
        "baseline_digest": bundle.digest,
        "baseline_sources": plain(bundle.sources),
    }


def check(
    paths: Iterable[Path] = (), *, baseline: Baseline | str | Path | None = None
) -> list[ScenarioError]:
    """Return every problem of scenario and measure files; the shipped ones if none is named.

    What a run or a path would refuse of the economy is a problem too: a quantity target, such as a
    licence, on a flow that does not trade.

    Parameters
    ----------
    baseline
        Own tables in place of the embedded ones, as in `world_of`.

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
    world = world_of(baseline=baseline)
    problems = [*check_paths(chosen, world.axes), *untraded_targets(world, chosen)]
    return list({str(problem): problem for problem in problems}.values())


def warnings(
    paths: Iterable[Path] = (), *, baseline: Baseline | str | Path | None = None
) -> list[str]:
    """Return what is legal and yet odd: measures that change nothing where they are listed.

    Parameters
    ----------
    paths
        As `check`; files that have problems, and measures by themselves, have no warnings.
    baseline
        As `check`.
    """
    world, sentences = world_of(baseline=baseline), []
    for path in scenario_files(paths):
        try:
            scenario = world.scenario(path)
        except ScenarioError:
            continue
        notice, law = scenario_notice(scenario), world.law(scenario)
        first = () if notice is None else (notice,)
        warned = (*first, *scenario_warnings(law, scenario))
        sentences += [f"{path.name}: {words}" for words in warned]
    return sentences
