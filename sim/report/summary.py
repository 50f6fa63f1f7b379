"""Headlines as plain data: what ``--json`` prints."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.outputs import words
from sim.outputs.comparison import Comparison
from sim.outputs.headline import Figure, headline
from sim.outputs.manifest import plain
from sim.outputs.published import published, published_summary
from sim.outputs.results import RunResult
from sim.report.path_report import path_sentence, shown_months


def run_summary(result: RunResult) -> dict[str, Any]:
    """Return headline, rankings, sentences and manifest of a run."""
    top = headline(result)
    return {
        "scenario": top.scenario,
        "title": top.title,
        "against": top.against,
        "figures": _figures(top.figures),
        "rankings": plain(top.rankings),
        "sentences": words.sentences(top),
        "published": [published_summary(estimate) for estimate in published(result)],
        "manifest": plain(result.manifest),
    }


def path_summary(result: RunResult) -> dict[str, Any]:
    """Return the headline figures of the months that are shown, and the manifest of a path."""
    shown = shown_months(result)
    tops = {month: headline(result.at(month)) for month in shown}
    last = tops[shown[-1]]
    return {
        "scenario": last.scenario,
        "title": last.title,
        "against": last.against,
        "months": [
            {
                "month": month,
                "date": result.dates[month - 1].isoformat(),
                "figures": _figures(top.figures),
            }
            for month, top in tops.items()
        ],
        "sentences": [path_sentence(result.manifest), *words.sentences(last)],
        "manifest": plain(result.manifest),
    }


def comparison_summary(comparison: Comparison) -> dict[str, Any]:
    """Return the summaries of all runs, and what those with a counterpart are worth."""
    return {
        "runs": [run_summary(result) for result in comparison.results],
        "worths": [
            {
                "scenario": top.scenario,
                "counterpart": top.against,
                "reason": top.prevented,
                "figures": _figures(top.figures),
                "sentence": words.worth_of(top),
            }
            for top in comparison.worths
        ],
    }


def _figures(figures: Mapping[str, Figure]) -> dict[str, Any]:
    return {
        name: {**plain(figure), "baseline": figure.baseline} for name, figure in figures.items()
    }
