"""What changes where: numbers for the map and for the flows between partners."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard import data
from dashboard.charts import flow_diagram

Result = data.RunResult

USD_BN = "USD bn"


@dataclass(frozen=True)
class Layer:
    """One thing the map can show, as percent changes by region."""

    label: str
    title: str
    variable: str
    unit: str


LAYERS: Mapping[str, Layer] = {
    "income": Layer("Real income", "Who gains and who loses real income", "real_income", "percent"),
    "exports": Layer("Exports", "Whose exports rise and fall", "exports", "percent"),
}


@dataclass(frozen=True)
class Flow:
    """One set of flows: a country's goods imports or exports, by partner."""

    label: str
    title: str
    variable: str
    region: str
    words: flow_diagram.Words


FLOWS: Mapping[str, Flow] = {
    "us-imports": Flow(
        "US imports",
        "US imports of goods: who sells less, who sells more",
        "imports",
        "USA",
        flow_diagram.Words(
            "Others sell less", "Others sell more", "Not imported any more", "More imports in all"
        ),
    ),
    "us-exports": Flow(
        "US exports",
        "US exports of goods: who buys less, who buys more",
        "exports",
        "USA",
        flow_diagram.Words(
            "Others buy less", "Others buy more", "Not exported any more", "More exports in all"
        ),
    ),
    "cn-exports": Flow(
        "China's exports",
        "China's exports of goods: who buys less, who buys more",
        "exports",
        "CHN",
        flow_diagram.Words(
            "Others buy less", "Others buy more", "Not exported any more", "More exports in all"
        ),
    ),
}


def by_region(layer: Layer, result: Result, other: Result | None) -> dict[str, float]:
    """Percent change by region against the baseline, or less that of `other`."""
    mine = _percents(layer, result)
    if other is None:
        return mine
    theirs = _percents(layer, other)
    return {code: value - theirs[code] for code, value in mine.items()}


def _percents(layer: Layer, result: Result) -> dict[str, float]:
    if layer.variable == "real_income":
        return result.breakdown("real_income" + data.CHANGE, "region")
    regions = result.breakdown("real_income", "region")
    return {code: result.percent_change(layer.variable, code) for code in regions}


def texts(values: Mapping[str, float], unit: str) -> dict[str, str]:
    """Return the numbers as readers see them, by region."""
    return {code: data.with_unit(value, unit, sign=True) for code, value in values.items()}


def by_partner(flow: Flow, result: Result, other: Result | None) -> dict[str, float]:
    """Change of goods trade by partner, bn USD, against the baseline or less that of `other`."""
    mine = _traded(flow, result)
    theirs = {} if other is None else _traded(flow, other)
    return {
        result.label(code): 1e-3 * (value - theirs.get(code, 0.0)) for code, value in mine.items()
    }


def _traded(flow: Flow, result: Result) -> dict[str, float]:
    variable = flow.variable + data.CHANGE
    return result.breakdown(variable, "partner", region=flow.region, sector=data.GOODS)
