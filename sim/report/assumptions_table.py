"""What a terminal shows of the model's assumptions; computes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from sim.outputs.words import decimals
from sim.report.console_layout import number_table

_OF_THE_MODEL = ("factor_mobility", "rare_earth_substitution", "macro_elasticity")
"""Assumptions that runs of the long run have too."""


def assumptions_report(assumed: Mapping[str, Any], width: int) -> RenderableType:
    """Return tables of the transition, the elasticities, the tiers and the carved sectors."""
    of_the_model = {name: assumed[name] for name in _OF_THE_MODEL}
    chosen = {**assumed["transition"], **of_the_model}
    parts: list[RenderableType] = [_parameters(chosen, width), Text("")]
    for name, entry in chosen.items():
        parts.append(Text(f"{name}: {_basis(entry)} {entry['note']}".rstrip()))
    parts.append(_season(assumed["soybean_season"]))
    mean = assumed["trade_elasticity_goods_mean"]
    head = f"Trade elasticities, {assumed['elasticity_set']} (mean of goods {decimals(mean, 1)})"
    parts += [Text(""), Text(head, style="bold"), _elasticities(assumed)]
    parts.append(Text(f"Other sets: {', '.join(assumed['elasticity_sets'])}"))
    parts += [Text(""), _home_and_foreign(assumed)]
    parts += [Text(""), _carved(assumed)]
    parts.append(
        Text(
            f"Each is a lever of every scenario: --set NAME=VALUE; with --months, except for "
            f"{', '.join(_OF_THE_MODEL[:-1])} and {_OF_THE_MODEL[-1]}, which the long run has too."
        )
    )
    return Group(*parts)


def _parameters(chosen: Mapping[str, Any], width: int) -> Table:
    table = number_table("parameter", "value", "range", "unit", "grade")
    table.columns[0].max_width = max(24, width - 44)
    for name, entry in chosen.items():
        top = "inf" if entry["max"] is None else f"{entry['max']:g}"
        shown = (f"{entry['value']:g}", f"{entry['min']:g} to {top}", entry["unit"], _grade(entry))
        table.add_row(f"{name}: {entry['label']}", *shown)
    return table


def _grade(entry: Mapping[str, Any]) -> str:
    return "assumed" if entry["source"] is None else str(entry["source"]["grade"])


def _basis(entry: Mapping[str, Any]) -> str:
    source = entry["source"]
    if source is None:
        return "assumption."
    note = f" {source['note']}" if source.get("note") else ""
    return f"{source['title']}, {source['address']}.{note}"


def _season(season: Mapping[str, Any]) -> Text:
    shares = ", ".join(f"{100 * share:g}" for share in season["shares"])
    grade = season["source"]["grade"]
    return Text(f"soybean_season: {season['label']}: {shares} % [{grade}]. {_basis(season)}")


def _elasticities(assumed: Mapping[str, Any]) -> Table:
    table = number_table("sector", "theta", "M")
    for row in assumed["trade_elasticity"]:
        numbers = (decimals(row["theta"], 1), decimals(row["macro"], 1))
        table.add_row(f"{row['sector']} {row['label']}", *numbers)
    return table


def _home_and_foreign(assumed: Mapping[str, Any]) -> Table:
    table = number_table("home against foreign", "M", "grade")
    for row in assumed["macro_elasticities"]:
        value = "theta" if row["value"] is None else f"{row['value']:g}"
        table.add_row(f"{row['sector']}: {row['source']}", value, row["grade"])
    return table


def _carved(assumed: Mapping[str, Any]) -> Table:
    table = number_table("carved sector", "theta", "input elasticity", "grade")
    for row in assumed["carved_sectors"]:
        numbers = (f"{row['trade_elasticity']:g}", f"{row['input_elasticity']:g}", row["grade"])
        table.add_row(f"{row['sector']}: {row['source']}", *numbers)
    return table
