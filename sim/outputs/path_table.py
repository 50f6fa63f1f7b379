"""A path as one long table with a date a month, and its record."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sim.outputs.manifest import solve_entries
from sim.outputs.outcome import Outcome
from sim.outputs.table import GOODS, TOTAL, result_table
from sim.outputs.variables import CHANGE
from sim.pair import Pair

BoolArray = NDArray[np.bool_]

OF_ALL_REGIONS = frozenset(
    name + change
    for name in ("imports", "exports", "real_income", "equivalent_variation", "tariff_revenue")
    for change in ("", CHANGE)
)
"""Variables that a path lists for every region, in total."""

OF_THE_PAIR = frozenset({"trade_diversion", "imports", "imports" + CHANGE})
"""Variables that a path lists for the two of its pair by partner, in total."""


def path_table(outcomes: Sequence[Outcome]) -> pa.Table:
    """Return the rows of all months that a path keeps, in the columns of a static run."""
    tables = [result_table(outcome) for outcome in outcomes]
    pair = outcomes[0].pair
    return _kept(pa.concat_tables(tables).unify_dictionaries().combine_chunks(), pair)


def _kept(table: pa.Table, pair: Pair) -> pa.Table:
    """Totals of all regions; the two also by sector, by total partner, and with each other."""
    is_total = _among(table, "sector", (None, TOTAL, GOODS))
    no_partner = _among(table, "partner", (None, TOTAL))
    with_rival = no_partner | _among(table, "partner", pair.codes)
    by_partner = _among(table, "variable", OF_THE_PAIR) & is_total
    own = with_rival | by_partner | _among(table, "sector", ("SOY",))
    everywhere = _among(table, "variable", OF_ALL_REGIONS) & is_total & no_partner
    return table.filter(pa.array((_among(table, "region", pair.codes) & own) | everywhere))


def _among(table: pa.Table, name: str, words: Collection[str | None]) -> BoolArray:
    """Tell which rows hold one of `words` in column `name`; None stands for null."""
    column: Any = table[name].combine_chunks()
    known = [word in words for word in column.dictionary.to_pylist()]
    codes = column.indices.fill_null(len(known)).to_numpy(zero_copy_only=False)
    return np.asarray(np.array([*known, None in words])[codes])


def path_entries(
    outcomes: Sequence[Outcome],
    against: str,
    pace: Mapping[str, Any],
    idle: Iterable[str],
    laws: Sequence[object] | None = None,
    apart: Sequence[str] = (),
) -> dict[str, Any]:
    """Return what the manifest says of a path: its months, its pace, and how the solves went.

    Parameters
    ----------
    against
        What changes are against, in words.
    pace
        Parameters of the transition by name, in plain form.
    laws
        For each month an object that months under one law share; the shocks solved if None.
    apart
        Months whose law differs from that of the counterpart.
    """
    months = []
    for outcome in outcomes:
        entry = solve_entries(outcome.equilibrium, outcome.targets)
        months.append({"month": f"{outcome.date:%Y-%m}", **entry})
    same = laws or [outcome.equilibrium.shock for outcome in outcomes]
    changes = [
        month["month"] for t, month in enumerate(months) if t == 0 or same[t] is not same[t - 1]
    ]
    last = months[-1]
    return {
        "residual": max(month["residual"] for month in months),
        "iterations": sum(month["iterations"] for month in months),
        "method": last["method"],
        "targets": last["targets"],
        "warnings": [*dict.fromkeys(w for month in months for w in month["warnings"]), *idle],
        "path": {
            "first": months[0]["month"],
            "last": last["month"],
            "baseline": against,
            "timing": "annual rates, by month of loading",
            "policy_changes": changes,
            "apart": list(apart),
            "pace": dict(pace),
            "months": months,
        },
    }
