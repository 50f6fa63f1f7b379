"""Demand systems: what buyers pay, where they buy, and how a flow answers to its own cost.

A new demand system is a file here that implements `Demand`, and a line in `demand_system`.
"""

from sim.model.demand.ces import CesDemand
from sim.model.demand.interface import Demand, LaidOutDemand
from sim.model.demand.nested import NestedDemand
from sim.model.demand.staggered import StaggeredDemand
from sim.model.economy import Economy
from sim.model.inherited import Inherited

__all__ = ["Demand", "LaidOutDemand", "demand_system"]


def demand_system(economy: Economy, inherited: Inherited | None = None) -> Demand:
    """Return the demand system of an economy; that of a month where something is inherited."""
    static: Demand = NestedDemand(economy) if economy.is_nested else CesDemand(economy)
    return static if inherited is None else StaggeredDemand(static, inherited)
