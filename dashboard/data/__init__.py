"""What the pages show: the cached calls of `sim`, and all that is worked out from their answers.

The pages and the charts compute nothing; what they show is prepared here, by functions that can
be tested without a page.  Scenarios and answers are kept by (scenario, levers off their default),
shared by all sessions, and never changed.  `dashboard.data.cache` is the one module here that
imports Streamlit.
"""

from dashboard.data.answers import (
    Answer,
    NoContributions,
    against_baseline,
    answer,
    answer_about,
    decomposition,
    differences,
    result,
    result_of,
    shared_figures,
    shared_levers,
)
from dashboard.data.catalog import (
    READER_FILES,
    CitedSource,
    LeverValues,
    NoAnswer,
    NotOnBaseline,
    ScenarioDescription,
    cards,
    comparable,
    describe,
    inherited,
    parsed,
    regions,
    resolved,
    runnable,
    sectors,
    why_it_cannot_run,
)
from dashboard.data.ranking_views import RankingView
from sim.outputs.headline import Figure
from sim.outputs.results import RunResult
from sim.outputs.words import change_text, is_still, with_unit
from sim.policy.library.levers import LeverState
from sim.policy.library.seeds import Seed

__all__ = [
    "READER_FILES",
    "Answer",
    "CitedSource",
    "Figure",
    "LeverState",
    "LeverValues",
    "NoAnswer",
    "NoContributions",
    "NotOnBaseline",
    "RankingView",
    "RunResult",
    "ScenarioDescription",
    "Seed",
    "against_baseline",
    "answer",
    "answer_about",
    "cards",
    "change_text",
    "comparable",
    "decomposition",
    "describe",
    "differences",
    "inherited",
    "is_still",
    "parsed",
    "regions",
    "resolved",
    "result",
    "result_of",
    "runnable",
    "sectors",
    "shared_figures",
    "shared_levers",
    "why_it_cannot_run",
    "with_unit",
]
