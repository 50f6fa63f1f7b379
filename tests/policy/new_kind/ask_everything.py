"""Use the kinds that are there in all ways, and print what came of it; run by `test_kinds`."""

import datetime as dt
import json
import sys
from pathlib import Path

import sim
from dashboard.data import acts, catalog, measure_rows
from sim.policy.language.describe import language_markdown
from sim.policy.language.schema import schema_json
from sim.policy.law.nontariff import iceberg_hat
from sim.policy.library.loader import check_paths, load_scenario

DAY = dt.date(2025, 12, 1)


def answers(good: Path, bad: Path) -> dict[str, object]:
    """What each part of the program makes of a scenario with a measure of the new kind."""
    axes = catalog.axes()
    scenario = load_scenario(good, axes)
    longer = load_scenario(good, axes, levers={"days": 20})
    (measure,) = (one for one in scenario.measures if one.kind == "inspection")
    table_row = measure_rows.row(measure, DAY)
    edited = measure_rows.content_of({**table_row, "Amount": 12.0}, measure, DAY)
    typed = {key: table_row[key] for key in ("Kind", "Measure", "By", "On", "Amount", "Sectors")}
    cost = iceberg_hat(scenario.measures, DAY, axes) - 1
    act = next(act for act in acts.acts(str(good)) if act.id == measure.id)
    imports = [
        sim.run(good, levers={"days": days}).value("imports", "USA", "CHN") for days in (0, 20)
    ]
    return {
        "check": [str(problem) for problem in check_paths([good], axes)],
        "bad": [str(problem) for problem in check_paths([bad], axes)],
        "digest_moves": scenario.digest != longer.digest,
        "flows_that_cost": int((cost > 0).sum()),
        "largest_cost_pct": 100 * float(cost.max()),
        "imports_fall": imports[1] < imports[0],
        "in_schema": '"inspection"' in json.dumps(schema_json()),
        "in_reference": "### `inspection`" in language_markdown(),
        "row": {key: table_row[key] for key in ("Kind", "By", "On", "Amount", "Unit")},
        "edited_days": edited["days"],
        "typed_in": measure_rows.content_of(typed, None, DAY)["importer"],
        "act": [act.by, act.heading, act.spells[0].size],
        "order": list(measure_rows.LABELS[-3:]),
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(answers(*map(Path, sys.argv[1:]))))
