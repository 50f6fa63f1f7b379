"""Who gains and who loses on the map: changes by region, in percent."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.data.catalog import regions
from dashboard.records import MapValues
from sim.outputs.results import RunResult
from sim.outputs.variables import CHANGE
from sim.outputs.words import with_unit

COLOURED = 0.92
"""Part of the regions whose colours differ; beyond it a few extremes share the strongest one."""


@dataclass(frozen=True)
class MapLayer:
    """One thing the map can show, as percent changes by region."""

    label: str
    title: str
    variable: str
    unit: str


LAYERS: Mapping[str, MapLayer] = {
    "income": MapLayer(
        "Real income", "Who gains and who loses real income", "real_income", "percent"
    ),
    "exports": MapLayer("Exports", "Whose exports rise and fall", "exports", "percent"),
}


def shown(layer: MapLayer, result: RunResult, other: RunResult | None) -> MapValues:
    """Return what the map shows: changes against the baseline, or less those of `other`."""
    return with_texts(by_region(layer, result, other), layer.unit)


def with_texts(values: Mapping[str, float], unit: str) -> MapValues:
    """Return changes by region with texts, names and the limit of the colours."""
    texts = {code: with_unit(value, unit, sign=True) for code, value in values.items()}
    return MapValues(values, texts, regions(), _colour_limit(values))


def by_region(layer: MapLayer, result: RunResult, other: RunResult | None) -> dict[str, float]:
    """Percent change by region against the baseline, or less that of `other`."""
    mine = _percents(layer, result)
    if other is None:
        return mine
    theirs = _percents(layer, other)
    return {code: value - theirs[code] for code, value in mine.items()}


def _percents(layer: MapLayer, result: RunResult) -> dict[str, float]:
    if layer.variable == "real_income":
        return result.breakdown("real_income" + CHANGE, "region")
    codes = result.breakdown("real_income", "region")
    return {code: result.percent_change(layer.variable, code) for code in codes}


def _colour_limit(values: Mapping[str, float]) -> float:
    """Return where the colours end, in two digits, so that the legend is exact."""
    sizes = sorted(abs(value) for value in values.values())
    end = max(sizes[int(COLOURED * (len(sizes) - 1))], 1e-6)
    step = 10.0 ** (math.floor(math.log10(end)) - 1)
    return float(f"{math.ceil(end / step) * step:.2g}")


def beyond_colours(shown: MapValues) -> str:
    """Say whose change is larger than the strongest colour tells; empty if nobody's is."""
    names = [
        f"{shown.labels[code]} {shown.texts[code]}"
        for code in sorted(shown.values, key=lambda code: -abs(shown.values[code]))
        if abs(shown.values[code]) > shown.colour_limit
    ]
    if not names:
        return ""
    listed = ", ".join(names)
    return f"Colours end at {shown.colour_limit:g}; beyond, with a thick border: {listed}."
