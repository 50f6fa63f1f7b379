"""Where a scenario starts and what it does there: files and tables to an economy and a shock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.baseline import defaults
from sim.baseline.load import Baseline, load_bundle
from sim.errors import ScenarioError
from sim.model import Economy, Equilibrium, QuantityTarget, Shock, solve
from sim.model.solve.memory import Memory
from sim.outputs import metrics
from sim.outputs.table import TOTAL, TargetOutcome
from sim.outputs.variables import VARIABLES
from sim.policy.axes import Axes
from sim.policy.language.schema import Measure
from sim.policy.law.idle import idle_warnings
from sim.policy.law.law import Law
from sim.policy.law.nontariff import TargetSpec, iceberg_hat, targets
from sim.policy.library.cards import scenario_folder, seed_folder
from sim.policy.library.loader import ResolvedScenario, load_scenario
from sim.policy.library.resolve import BASELINES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

DEFAULT_ELASTICITIES = defaults.ELASTICITIES
DEFAULT_MOBILITY = defaults.FACTOR_MOBILITY
ECONOMY_2024 = "the economy of 2024"
UNITS = frozenset((variable.id, variable.unit) for variable in VARIABLES.values())
"""What results report, and in which unit."""


@lru_cache(maxsize=32)
def bundle_of(
    elasticities: str, mobility: float = DEFAULT_MOBILITY, substitution: float | None = None
) -> Baseline:
    """Return the embedded baseline with these elasticities and assumptions.

    Parameters
    ----------
    mobility
        Factor mobility kappa of every country.
    substitution
        Elasticity between critical inputs (rare earths) and the rest; the tables' own if None.
    """
    bundle = load_bundle(elasticities, DEFAULT_MOBILITY)
    economy = bundle.economy
    changed: dict[str, Any] = {}
    if mobility != DEFAULT_MOBILITY:
        changed["factor_mobility"] = np.full(len(economy.importers), mobility)
    if substitution is not None:
        is_critical = economy.input_elasticity != 1.0
        changed["input_elasticity"] = np.where(is_critical, substitution, 1.0)
    return replace(bundle, economy=replace(economy, **changed)) if changed else bundle


def assumed_bundle(elasticities: str, scenario: ResolvedScenario) -> Baseline:
    """Return the embedded baseline with what the scenario's levers assume of the model."""
    return bundle_of(
        elasticities,
        float(scenario.assumptions.get("factor_mobility", DEFAULT_MOBILITY)),
        scenario.assumptions.get("rare_earth_substitution"),
    )


def axes_of(bundle: Baseline) -> Axes:
    """Names that scenarios may use with this baseline."""
    return Axes(
        regions=bundle.economy.importers,
        sectors=bundle.economy.sectors,
        lists=frozenset(bundle.coverage),
        rates=frozenset(bundle.rates),
        variables=UNITS,
    )


def read_scenario(
    name: str | Path,
    axes: Axes,
    folder: Path | None,
    levers: Mapping[str, float] | None = None,
) -> ResolvedScenario:
    """Resolve a scenario; kept until a file changes, because reading takes longer than solving.

    Raises
    ------
    ScenarioError
        The first problem found, with file, line and field.
    """
    folders = {scenario_folder(folder), seed_folder(scenario_folder(folder))}
    if str(name).endswith((".yaml", ".yml")):
        folders.add(Path(name).parent)
    stamp = tuple(
        (str(path), path.stat().st_mtime_ns)
        for place in sorted(folders)
        for path in sorted([*place.glob("*.yaml"), *place.glob("measures/*.yaml")])
    )
    return _read(name, axes, folder, tuple(sorted((levers or {}).items())), stamp)


@lru_cache(maxsize=256)
def _read(
    name: str | Path,
    axes: Axes,
    folder: Path | None,
    levers: tuple[tuple[str, float], ...],
    stamp: tuple[tuple[str, int], ...],
) -> ResolvedScenario:
    return load_scenario(name, axes, levers=dict(levers), folder=folder)


def law_of(bundle: Baseline, scenario: ResolvedScenario) -> Law:
    """Return a scenario's measures with the tables of the baseline."""
    return Law(
        measures=scenario.measures,
        axes=axes_of(bundle),
        base_rate=bundle.economy.tariff_rate,
        coverage=bundle.coverage,
        rates=bundle.rates,
        weights=metrics.customs_value(bundle.economy.trade_flow, bundle.customs_factor),
        stacking=scenario.stacking,
    )


def idle_of(bundle: Baseline, scenario: ResolvedScenario) -> tuple[str, ...]:
    """Warnings on the scenario's own measures that change nothing on its date.

    A baseline is a calendar: most of its acts are over, or have yet to come.
    """
    if scenario.group == BASELINES:
        return ()
    moved = {path.partition(".")[0] for lever in scenario.levers for path in lever.paths}
    return idle_warnings(law_of(bundle, scenario), scenario.date, scenario.own, moved)


def beside(name: str | Path, other: str | None) -> str | Path | None:
    """Return the file of scenario `other` next to the file `name`, or `other` if there is none."""
    if other is None or not str(name).endswith((".yaml", ".yml")):
        return other
    path = Path(name).parent / f"{other}.yaml"
    return path if path.is_file() else other


@dataclass(frozen=True, eq=False)
class Start:
    """Where a scenario starts: the solved baseline on the economy of 2024.

    `scenario` and `equilibrium` are None where it starts from 2024 itself.
    """

    bundle: Baseline
    scenario: ResolvedScenario | None
    equilibrium: Equilibrium | None
    economy: Economy
    tariff_rate: Array
    """Duties that the law sets at the start."""
    day: dt.date | None = None
    """Day on which the baseline is read where it is not the baseline's own."""

    @property
    def name(self) -> str:
        """What the start is called."""
        if self.scenario is None:
            return ECONOMY_2024
        return self.scenario.id if self.day is None else f"{self.scenario.id} on {self.day}"

    @property
    def title(self) -> str:
        """What the start is called in a sentence."""
        if self.scenario is None:
            return ECONOMY_2024
        title = self.scenario.title
        return title if self.day is None else f"{title}, on {self.day}"


_STARTS: dict[tuple[str, str, str, tuple[float, ...]], Start] = {}
_MAX_STARTS = 32


def start_of(
    bundle: Baseline,
    axes: Axes,
    name: str | Path | None,
    folder: Path | None,
    day: dt.date | None = None,
    memory: Memory | None = None,
) -> Start:
    """Solve the baseline scenario `name` on the economy of 2024; solved ones are kept.

    Parameters
    ----------
    day
        Day to evaluate it on; its own date if None.
    """
    if name is None:
        return Start(bundle, None, None, bundle.economy, bundle.economy.tariff_rate)
    scenario = read_scenario(name, axes, folder)
    if day is not None:
        scenario = replace(scenario, date=day)
    assumed = (float(bundle.economy.factor_mobility[0]), *bundle.economy.input_elasticity)
    stamp = f"{scenario.digest} on {scenario.date}"
    key = (stamp, bundle.digest, bundle.elasticity_set, assumed)
    if key not in _STARTS:
        if scenario.baseline is not None:
            raise ScenarioError(
                f"baseline '{name}' is itself measured against '{scenario.baseline}'.",
                advice="A baseline starts from 2024: leave its own `baseline` out.",
            )
        origin = start_of(bundle, axes, None, folder)
        specs = targets(scenario.measures, scenario.date, axes)
        shock = shock_of(origin, axes, scenario, specs)
        equilibrium = solve(bundle.economy, shock, memory=memory)
        if len(_STARTS) >= _MAX_STARTS:
            _STARTS.pop(next(iter(_STARTS)))
        _STARTS[key] = Start(
            bundle,
            scenario,
            equilibrium,
            bundle.economy.rebased(equilibrium),
            metrics.law_tariff_rate(equilibrium),
        )
    # Two scenarios of the same law share a solve and keep their names.
    return replace(_STARTS[key], scenario=scenario, day=day)


class Pieces:
    """The tariffs of the last run, kept while no measure moves: most levers leave them alone."""

    def __init__(self) -> None:
        self._measures: tuple[Measure, ...] = ()
        self._rate: Array | None = None

    def rate(self, bundle: Baseline, scenario: ResolvedScenario) -> Array:
        """Return the tariff on the scenario's date, fraction of customs value, [n, i, j]."""
        same = len(self._measures) == len(scenario.measures) and all(
            one is other for one, other in zip(self._measures, scenario.measures, strict=True)
        )
        if self._rate is None or not same:
            self._rate = law_of(bundle, scenario).rate(scenario.date)
            self._measures = scenario.measures
        return self._rate


def shock_of(
    start: Start,
    axes: Axes,
    scenario: ResolvedScenario,
    specs: tuple[TargetSpec, ...],
    pieces: Pieces | None = None,
) -> Shock:
    """Everything that the scenario's measures do on its date; `pieces` as in `tariff_rate`."""
    bundle = start.bundle
    return Shock(
        tariff_rate_cf=(Pieces() if pieces is None else pieces).rate(bundle, scenario),
        iceberg_hat=iceberg_on(start, axes, scenario),
        # Rents of caps that bind in the baseline are no tax: the scenario's own caps say anew.
        export_tax_rate_cf=bundle.economy.export_tax_rate,
        targets=tuple(_on_start(start, spec) for spec in specs),
    )


def iceberg_on(start: Start, axes: Axes, scenario: ResolvedScenario) -> Array | None:
    """Trade costs relative to the start, where the baseline's own are in force already."""
    cost = iceberg_hat(scenario.measures, scenario.date, axes)
    if start.scenario is not None:
        cost = cost / iceberg_hat(start.scenario.measures, start.scenario.date, axes)
    return None if (cost == 1.0).all() else cost


def _on_start(start: Start, spec: TargetSpec) -> QuantityTarget:
    """Target with its quantity relative to the economy that the scenario starts from.

    Floors are stated against 2024; so are caps that the baseline itself holds.
    """
    if start.equilibrium is None or start.scenario is None:
        return spec.target
    inherited = {measure.id for measure in start.scenario.measures}
    if spec.reference != "2024" and spec.measure_id not in inherited:
        return spec.target
    moved = quantity_hat(start.equilibrium, spec.target)
    return replace(spec.target, quantity_hat=spec.target.quantity_hat / moved)


def quantity_hat(equilibrium: Equilibrium, target: QuantityTarget) -> float:
    """Summed quantity of the target's flows, counterfactual over baseline."""
    economy = equilibrium.economy
    mask = target.mask(economy)
    base = (economy.trade_flow / (1.0 + economy.export_tax_rate))[mask]
    if not base.sum() > 0:
        raise ScenarioError(
            f"a quantity target on {_codes(target.sectors)} covers no trade in the baseline.",
            advice="Choose regions and sectors that trade.",
        )
    return float((base * equilibrium.quantity_hat[mask]).sum() / base.sum())


def target_outcomes(
    start: Start,
    equilibrium: Equilibrium,
    specs: tuple[TargetSpec, ...],
    free: Equilibrium | None = None,
) -> tuple[TargetOutcome, ...]:
    """Tell what became of each quantity target; floors also against the same without floors.

    Parameters
    ----------
    free
        The same without floors; solved, as a static answer, if None.
    """
    if free is None:
        free = _without_floors(start, equilibrium)
    return tuple(
        _target_outcome(start, equilibrium, free, position, spec)
        for position, spec in enumerate(specs)
    )


def _without_floors(start: Start, equilibrium: Equilibrium) -> Equilibrium:
    """The same scenario if nobody had to buy anything."""
    kept = tuple(target for target in equilibrium.shock.targets if target.kind == "cap")
    if len(kept) == len(equilibrium.shock.targets):
        return equilibrium
    return solve(start.economy, replace(equilibrium.shock, targets=kept))


def _target_outcome(
    start: Start, equilibrium: Equilibrium, free: Equilibrium, position: int, spec: TargetSpec
) -> TargetOutcome:
    target = spec.target
    buyer, seller = _one(target.importers), _one(target.exporters)
    outcome = TargetOutcome(
        measure_id=spec.measure_id,
        kind=target.kind,
        region=seller if target.kind == "cap" else buyer,
        partner=buyer if target.kind == "cap" else seller,
        sector=_one(target.sectors),
        shadow_rate=float(equilibrium.shadow_rate[position]),
        quantity_hat=float(equilibrium.target_quantity_hat[position]),
        details=dict(spec.details),
    )
    if target.kind == "cap" or spec.unit != "mmt":
        return outcome
    moved = 1.0 if start.equilibrium is None else quantity_hat(start.equilibrium, target)
    in_2024 = float(spec.details["reference_mmt"])
    pledged, without = in_2024 * target.quantity_hat, in_2024 * moved * quantity_hat(free, target)
    return replace(outcome, pledged=pledged, without=without, shortfall=max(0.0, pledged - without))


def _one(codes: tuple[str, ...] | None) -> str:
    return codes[0] if codes is not None and len(codes) == 1 else TOTAL


def _codes(codes: tuple[str, ...] | None) -> str:
    return "all sectors" if codes is None else ", ".join(codes)


def since_2024(start: Start, equilibrium: Equilibrium) -> tuple[Start, Equilibrium]:
    """Put the step from 2024 to the baseline and the step from there to the scenario together."""
    first = start.equilibrium
    if first is None:
        return start, equilibrium
    hats = [field.name for field in fields(equilibrium) if field.name.endswith("_hat")]
    chained = {
        name: getattr(first, name) * getattr(equilibrium, name)
        for name in hats
        if name != "target_quantity_hat"
    }
    origin = replace(
        start,
        scenario=None,
        equilibrium=None,
        economy=start.bundle.economy,
        tariff_rate=start.bundle.economy.tariff_rate,
    )
    return origin, replace(equilibrium, economy=first.economy, **chained)
