"""What a study file may hold: scenarios, inputs, the design, and the numbers to report.

Records are strict: unknown keys are refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import Field, ValidationError, model_validator

from sim.baseline.defaults import ELASTICITIES
from sim.engine.model_levers import MODEL_LEVERS
from sim.errors import InputError
from sim.outputs.pick import Quantity
from sim.outputs.table import TOTAL
from sim.policy.language.fields import Id, Strict, Text, refuse
from sim.policy.language.reading import validated
from sim.policy.language.yamlio import Document, read_document

Finite = Annotated[float, Field(allow_inf_nan=False)]

SETS, DRAW = "elasticities", "elasticity_draw"
"""Names under `vary` that are not levers: the set of elasticities, and a random draw of them."""

MODEL_NAMES = frozenset({SETS, DRAW, *MODEL_LEVERS})
"""Inputs that change the economy itself, so that the baseline must be solved again."""

RUNS_LIMIT = 100_000_000

Report = Literal["mean", "end"]
"""What a study of paths reports of each: the mean of its months, or its last."""

Record = TypeVar("Record", bound=Strict)


class Vary(Strict):
    """How one lever or assumption varies; every form is a map from a number in [0, 1).

    ``{values: [..]}``, ``{min, max}`` (uniform; ``scale: log`` in logs; ``mode`` triangular),
    ``{mean, sd}`` (normal, cut at min and max), ``{sets: [..]}`` (names of elasticity sets),
    ``{draws: 500}`` (draws of elasticities).
    """

    values: Annotated[tuple[Finite, ...], Field(min_length=1)] | None = None
    min: Finite | None = None
    max: Finite | None = None
    mode: Finite | None = None
    mean: Finite | None = None
    sd: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None
    scale: Literal["linear", "log"] = "linear"
    points: Annotated[int, Field(ge=2, le=10_000)] = 5
    """Points of a grid between min and max."""
    sets: Annotated[tuple[str, ...], Field(min_length=1)] | None = None
    draws: Annotated[int, Field(ge=1, le=10_000_000)] | None = None

    @model_validator(mode="after")
    def _one_form(self) -> Vary:
        has_range = self.min is not None and self.max is not None
        forms = (self.values is not None, self.sets is not None, self.draws is not None)
        if sum(forms) + (has_range or self.mean is not None) != 1:
            refuse(
                "an input must vary in one form.",
                "Write values, min and max, mean and sd, or sets.",
            )
        if (self.mean is None) != (self.sd is None):
            refuse("a normal needs both mean and sd.", "Write {mean: 1.5, sd: 0.2}.")
        if self.min is not None and self.max is not None:
            self._check_range(self.min, self.max)
        return self

    def _check_range(self, low: float, high: float) -> None:
        if low >= high:
            refuse(f"min {low:g} is not below max {high:g}.", "Swap them.")
        if self.scale == "log" and low <= 0:
            refuse(f"min {low:g} has no logarithm.", "Write a min above 0.")
        for name, value in (("mode", self.mode), ("mean", self.mean)):
            if value is not None and not low <= value <= high:
                refuse(f"{name} {value:g} lies outside {low:g} to {high:g}.", "Widen the range.")


class Design(Strict):
    """How points are chosen.

    ``grid``: every combination; ``latin-hypercube`` and ``sobol``: space-filling samples;
    ``saltelli``: the pairs of samples that first-order and total Sobol indices need, `runs` times
    (2 + number of inputs); ``tornado``: the default, and each input alone at its low and high end.
    """

    kind: Literal["grid", "latin-hypercube", "sobol", "saltelli", "tornado"]
    runs: Annotated[int, Field(ge=1, le=RUNS_LIMIT)] | None = None
    seed: Annotated[int, Field(ge=0, le=2**32 - 1)] = 0

    @model_validator(mode="after")
    def _needs_runs(self) -> Design:
        sampled = self.kind in ("latin-hypercube", "sobol", "saltelli")
        if sampled and self.runs is None:
            refuse(f"a {self.kind} design needs a number of runs.", "Add runs: 1000.")
        if not sampled and self.runs is not None:
            refuse(f"a {self.kind} design counts its runs itself.", "Remove runs.")
        return self


Names = str | tuple[str, ...]


class Output(Strict):
    """Numbers to report: one, or one for each region, partner or sector listed."""

    variable: str
    region: Names = TOTAL
    partner: Names = TOTAL
    sector: Names = TOTAL

    def quantities(self) -> list[Quantity]:
        """Return the keys, in the order of the lists."""
        return [
            Quantity(self.variable, region, partner, sector)
            for region in _several(self.region)
            for partner in _several(self.partner)
            for sector in _several(self.sector)
        ]


def _several(names: Names) -> tuple[str, ...]:
    return (names,) if isinstance(names, str) else names


class Study(Strict):
    """One study: many runs of one or more scenarios."""

    title: Text
    question: Text
    note: str = ""
    scenarios: Annotated[tuple[str, ...], Field(min_length=1)]
    """Ids, or paths of files relative to the study."""
    elasticities: str = ELASTICITIES
    """Set that holds where none varies; draws are around it."""
    levers: dict[str, Finite] = Field(default_factory=dict)
    """Levers that are set and do not vary."""
    months: Annotated[int, Field(ge=1, le=240)] | None = None
    """Length of each run as a path, month by month; None is the static long run."""
    report: Report = "mean"
    """Of paths: the mean of the months, or the last."""
    vary: Annotated[dict[str, Vary], Field(min_length=1)]
    design: Design
    outputs: Annotated[tuple[Output, ...], Field(min_length=1)]
    chunk: Annotated[int, Field(ge=1, le=10_000)] = 50
    """Runs of one part: what is lost at most when a sweep is killed, for each worker."""

    @model_validator(mode="after")
    def _fits(self) -> Study:
        for name, variation in self.vary.items():
            if (name == SETS) != (variation.sets is not None):
                refuse(f"'{name}' and sets do not go together.", "Write elasticities: {sets: []}.")
            if (name == DRAW) != (variation.draws is not None):
                refuse(f"'{name}' and draws do not go together.", f"Write {DRAW}: {{draws: 500}}.")
            if name in self.levers:
                refuse(f"'{name}' is both set and varied.", "Keep one.")
        if SETS in self.vary and DRAW in self.vary:
            refuse("draws are around one set.", f"Vary either {SETS} or {DRAW}.")
        quantities = self.quantities()
        repeated = next(
            (quantity for quantity in quantities if quantities.count(quantity) > 1), None
        )
        if repeated is not None:
            refuse(f"{repeated.label} is reported twice.", "Keep one.")
        return self

    def quantities(self) -> list[Quantity]:
        """Return the keys of all reported numbers."""
        return [quantity for output in self.outputs for quantity in output.quantities()]


class Goal(Strict):
    """One term of an objective."""

    variable: str
    region: str = TOTAL
    partner: str = TOTAL
    sector: str = TOTAL
    weight: Finite = 1.0

    @property
    def quantity(self) -> Quantity:
        """The key of its number."""
        return Quantity(self.variable, self.region, self.partner, self.sector)


class PlayerSpec(Strict):
    """One side of a game: its actions as lever values, and its objective as a weighted sum."""

    actions: Annotated[dict[Id, dict[str, Finite]], Field(min_length=1)]
    objective: Annotated[tuple[Goal, ...], Field(min_length=1)]
    unit: str = ""


class GameStudy(Strict):
    """A game between two sides: what each can do, and what each wants."""

    title: Text
    question: Text
    note: str = ""
    scenario: str
    elasticities: str = ELASTICITIES
    levers: dict[str, Finite] = Field(default_factory=dict)
    players: dict[str, PlayerSpec]
    truce: tuple[str, str] | None = None
    """Pair of actions whose stability is asked: the discount factor from which it lasts."""

    @model_validator(mode="after")
    def _two(self) -> GameStudy:
        if len(self.players) != 2:
            refuse(f"the game has {len(self.players)} players.", "Write two.")
        for name, action in zip(self.players, self.truce or (), strict=False):
            if action not in self.players[name].actions:
                refuse(f"{name} has no action '{action}'.", "Name one of its actions.")
        return self


def read_study(path: Path) -> tuple[Study | GameStudy, Document]:
    """Read a study file: a game if it has players.

    Raises
    ------
    ScenarioError
        With file, line and field, and what to write.
    """
    document = read_document(path)
    model: type[Study] | type[GameStudy] = GameStudy if "players" in document.content else Study
    return validated(model, document), document


def study_from(
    study: str | Path | Mapping[str, Any] | Record, kind: type[Record], otherwise: tuple[str, str]
) -> tuple[Record, Path]:
    """Return a study of one kind and the folder that its paths are relative to.

    Parameters
    ----------
    study
        It itself, its content, or the path of its file.
    otherwise
        What to say of a file of the other kind: the problem and the advice.

    Raises
    ------
    InputError
        If it is not a study, or one of the other kind.
    """
    if isinstance(study, kind):
        return study, Path()
    if isinstance(study, Mapping):
        try:
            return kind.model_validate(_tuples(study)), Path()
        except ValidationError as failure:
            first = failure.errors(include_url=False)[0]
            place = ".".join(str(key) for key in first["loc"])
            raise InputError(f"{first['msg']}.", field=place or None) from None
    path = Path(str(study))
    chosen, document = read_study(path)
    if not isinstance(chosen, kind):
        field = "vary" if isinstance(chosen, Study) else "players"
        raise document.error(otherwise[0], (field,), otherwise[1])
    return chosen, path.parent


def _tuples(content: Any) -> Any:  # noqa: ANN401  plain data
    """Turn lists into the tuples that frozen records hold; whole numbers stay what they are."""
    if isinstance(content, Mapping):
        return {key: _tuples(value) for key, value in content.items()}
    return tuple(_tuples(value) for value in content) if isinstance(content, list) else content


def placed(study: Study, folder: Path) -> Mapping[str, str | Path]:
    """Return where each scenario of a study is: an id, or a path relative to `folder`."""
    return {name: scenario_at(name, folder) for name in study.scenarios}


def scenario_at(name: str, folder: Path) -> str | Path:
    """Return `name` as an id, or as a path relative to `folder`."""
    return folder / name if name.endswith((".yaml", ".yml")) else name
