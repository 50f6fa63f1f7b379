"""`truce assumptions`."""

from __future__ import annotations

from functools import partial

from sim.baseline.defaults import ELASTICITIES
from sim.cli.terminal import AsJson, Elasticities, print_json, show


def assumptions(elasticities: Elasticities = ELASTICITIES, as_json: AsJson = False) -> None:
    """Show the numbers of the model that somebody had to choose, with sources and grades."""
    from sim.engine.assumptions import model_assumptions
    from sim.report.assumptions_table import assumptions_report

    assumed = model_assumptions(elasticities)
    if as_json:
        print_json(assumed)
        return
    show(partial(assumptions_report, assumed))
