"""What a terminal shows of the model's assumptions; computes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text


def assumptions_report(found: Mapping[str, Any], width: int) -> RenderableType:
    """Return tables of the transition, of the elasticities and of the carved sectors."""
    chosen = {**found["transition"], "factor_mobility": found["factor_mobility"]}
    parts: list[RenderableType] = [_parameters(chosen, width), Text("")]
    for name, one in chosen.items():
        parts.append(Text(f"{name}: {_basis(one)} {one['note']}".rstrip()))
    parts.append(_season(found["soybean_season"]))
    mean = found["trade_elasticity_goods_mean"]
    head = f"Trade elasticities, {found['elasticity_set']} (mean of goods {mean:.1f})"
    parts += [Text(""), Text(head, style="bold"), _elasticities(found)]
    parts.append(Text(f"Other sets: {', '.join(found['elasticity_sets'])}"))
    parts += [Text(""), _carved(found)]
    parts.append(
        Text("All of paths: --set NAME=VALUE with --months. Mobility: --set factor_mobility=VALUE.")
    )
    return Group(*parts)


def _parameters(chosen: Mapping[str, Any], width: int) -> Table:
    table = _table("parameter", "value", "range", "unit", "grade")
    table.columns[0].max_width = max(24, width - 44)
    for name, one in chosen.items():
        top = "inf" if one["max"] is None else f"{one['max']:g}"
        shown = (f"{one['value']:g}", f"{one['min']:g} to {top}", one["unit"], _grade(one))
        table.add_row(f"{name}: {one['label']}", *shown)
    return table


def _grade(one: Mapping[str, Any]) -> str:
    return "assumed" if one["source"] is None else str(one["source"]["grade"])


def _basis(one: Mapping[str, Any]) -> str:
    source = one["source"]
    if source is None:
        return "assumption."
    note = f" {source['note']}" if source.get("note") else ""
    return f"{source['title']}, {source['address']}.{note}"


def _season(season: Mapping[str, Any]) -> Text:
    shares = ", ".join(f"{100 * share:g}" for share in season["shares"])
    grade = season["source"]["grade"]
    return Text(f"soybean_season: {season['label']}: {shares} % [{grade}]. {_basis(season)}")


def _elasticities(found: Mapping[str, Any]) -> Table:
    table = _table("sector", "theta")
    for row in found["trade_elasticity"]:
        table.add_row(f"{row['sector']} {row['label']}", f"{row['theta']:.1f}")
    return table


def _carved(found: Mapping[str, Any]) -> Table:
    table = _table("carved sector", "theta", "input elasticity", "grade")
    for row in found["carved_sectors"]:
        numbers = (f"{row['trade_elasticity']:g}", f"{row['input_elasticity']:g}", row["grade"])
        table.add_row(f"{row['sector']}: {row['source']}", *numbers)
    return table


def _table(first: str, *others: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, 1))
    table.add_column(first, overflow="fold")
    for name in others:
        table.add_column(name, justify="right", overflow="fold")
    return table
