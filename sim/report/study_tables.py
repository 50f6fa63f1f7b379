"""A sweep in words, tables and bars for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from sim.outputs.pick import Quantity
from sim.outputs.variables import VARIABLES
from sim.outputs.words import decimals, number
from sim.study.sweeps.analysis import Band, Indices, Tornado, bands, indices_of, tornados
from sim.study.sweeps.sweep_results import SweepResult

BAR = 24
"""Characters of a full bar."""

SHOWN_ERRORS = 5

NOTHING = 1e-6
"""A number that never leaves this range around zero is not shown."""


def sweep_report(result: SweepResult) -> RenderableType:
    """Lay out bands and, where the design allows, Sobol indices or tornados; and the failures."""
    parts: list[RenderableType] = [Text(result.study.title, style="bold"), result.study.question]
    kind = result.study.design.kind
    if kind == "tornado":
        parts += [_tornado_table(tornado) for tornado in tornados(result)]
    else:
        parts += list(_band_tables(bands(result)))
    if kind == "saltelli":
        parts += [_index_table(indices) for indices in indices_of(result)]
    parts += list(_failures(result))
    return Group(*parts)


def sweep_summary(result: SweepResult) -> dict[str, Any]:
    """Return the same as plain data."""
    kind = result.study.design.kind
    content: dict[str, Any] = {
        "title": result.study.title,
        "bands": [_band_entry(band) for band in bands(result)],
        "errors": [{"run": run, "error": words} for run, words in result.errors()],
    }
    if kind == "saltelli":
        content["sobol"] = [_index_entry(indices) for indices in indices_of(result)]
    if kind == "tornado":
        content["tornados"] = [_tornado_entry(tornado) for tornado in tornados(result)]
    return content


def words_of(quantity: Quantity) -> str:
    """Name a number for readers: its label, and whose it is."""
    places = [code for code in quantity[1:] if code != "TOTAL"]
    label = VARIABLES[quantity.variable].label
    return f"{label}, {' '.join(places)}" if places else label


def _band_entry(band: Band) -> dict[str, Any]:
    return {
        "scenario": band.scenario,
        "number": band.quantity.label,
        "unit": VARIABLES[band.quantity.variable].unit,
        "mean": band.mean,
        "p05": band.low,
        "p50": band.quantiles[2],
        "p95": band.high,
        "runs": band.runs,
    }


def _index_entry(indices: Indices) -> dict[str, Any]:
    columns = zip(indices.names, indices.first.tolist(), indices.total.tolist(), strict=True)
    return {
        "scenario": indices.scenario,
        "number": indices.quantity.label,
        "inputs": [{"input": name, "first": a, "total": b} for name, a, b in columns],
    }


def _tornado_entry(tornado: Tornado) -> dict[str, Any]:
    return {
        "scenario": tornado.scenario,
        "number": tornado.quantity.label,
        "centre": tornado.centre,
        "swings": [vars(swing) for swing in tornado.swings],
    }


def _band_tables(spreads: list[Band]) -> Iterator[Table]:
    """One table a scenario; what no run moves is left out."""
    for scenario in dict.fromkeys(band.scenario for band in spreads):
        table = Table(title=f"{scenario}: spread over the runs", title_justify="left")
        table.add_column("number", overflow="fold")
        for name in ("5 %", "median", "95 %", "runs"):
            table.add_column(name, justify="right", no_wrap=True)
        for band in spreads:
            if band.scenario == scenario and max(abs(band.low), abs(band.high)) > NOTHING:
                ends = (number(value) for value in (band.low, band.quantiles[2], band.high))
                unit = VARIABLES[band.quantity.variable].unit
                table.add_row(f"{words_of(band.quantity)} ({unit})", *ends, str(band.runs))
        yield table


def _index_table(indices: Indices) -> Table:
    title = f"What “{words_of(indices.quantity)}” hangs on ({indices.scenario})"
    table = Table(title=title, title_justify="left")
    table.add_column("input")
    for name in ("alone", "±", "in all", "±"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("")
    for row in np.argsort(-indices.total).tolist():
        shares = (
            indices.first[row],
            indices.first_error[row],
            indices.total[row],
            indices.total_error[row],
        )
        bar = "█" * round(BAR * float(np.clip(indices.total[row], 0.0, 1.0)))
        table.add_row(indices.names[row], *(decimals(share, 2) for share in shares), bar)
    return table


def _tornado_table(tornado: Tornado) -> Table:
    unit = VARIABLES[tornado.quantity.variable].unit
    name, centre = words_of(tornado.quantity), number(tornado.centre)
    title = f"{name}, {unit} ({tornado.scenario}): {centre} as it is"
    table = Table(title=title, title_justify="left")
    table.add_column("input")
    for head in ("low", "high", "at low", "at high"):
        table.add_column(head, justify="right", no_wrap=True)
    table.add_column("")
    widest = max((swing.width for swing in tornado.swings if np.isfinite(swing.width)), default=0.0)
    for swing in tornado.swings:
        length = BAR * swing.width / widest if widest and np.isfinite(swing.width) else 0.0
        ends = (swing.low_value, swing.high_value, swing.at_low, swing.at_high)
        table.add_row(swing.name, *(_shown(value) for value in ends), "█" * round(length))
    return table


def _shown(value: float | str) -> str:
    if isinstance(value, str):
        return value
    return number(value) if np.isfinite(value) else "–"


def _failures(result: SweepResult) -> Iterator[RenderableType]:
    errors = result.errors()
    if errors:
        yield Text(f"{len(errors)} runs failed; the first:", style="bold")
        yield from (f"  run {run}: {words}" for run, words in errors[:SHOWN_ERRORS])
