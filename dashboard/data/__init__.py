"""What the pages show: with `dashboard.worker.tasks`, all of the dashboard that imports `sim`.

It asks, selects, sorts and cuts; the numbers are the simulator's.  Scenarios and answers are kept
by (scenario, levers off their default, elasticities), shared by all sessions, and never changed.
"""

from dashboard.data.answers import (
    VIEWS,
    Answer,
    NoAnswer,
    NoParts,
    View,
    answer,
    differences,
    drivers,
    figure_labels,
    result,
    shared,
    worth,
)
from dashboard.data.articles import articles, baseline_sources, contradictions
from dashboard.data.catalog import (
    PLACES,
    Evidence,
    LeverValues,
    Plan,
    cards,
    check,
    comparable,
    inherited,
    parsed,
    plan,
    regions,
    resolved,
    sectors,
)
from dashboard.data.long_tasks import MONTHS, ask_track, has_workers
from sim import InputError
from sim.engine.decompose import Decomposition
from sim.outputs.headline import Figure
from sim.outputs.results import RunResult
from sim.outputs.table import GOODS
from sim.outputs.variables import CHANGE, VARIABLES
from sim.outputs.words import change_text, is_still, with_unit
from sim.policy.language.kinds import KINDS, Measure
from sim.policy.language.yamlio import SIZE_LIMIT
from sim.policy.library.cards import ScenarioCard as Card
from sim.policy.library.levers import LeverState
from sim.policy.library.seeds import Contradiction, Seed

__all__ = [
    "CHANGE",
    "GOODS",
    "KINDS",
    "MONTHS",
    "PLACES",
    "SIZE_LIMIT",
    "VARIABLES",
    "VIEWS",
    "Answer",
    "Card",
    "Contradiction",
    "Decomposition",
    "Evidence",
    "Figure",
    "InputError",
    "LeverState",
    "LeverValues",
    "Measure",
    "NoAnswer",
    "NoParts",
    "Plan",
    "RunResult",
    "Seed",
    "View",
    "answer",
    "articles",
    "ask_track",
    "baseline_sources",
    "cards",
    "change_text",
    "check",
    "comparable",
    "contradictions",
    "differences",
    "drivers",
    "figure_labels",
    "has_workers",
    "inherited",
    "is_still",
    "parsed",
    "plan",
    "regions",
    "resolved",
    "result",
    "sectors",
    "shared",
    "with_unit",
    "worth",
]
