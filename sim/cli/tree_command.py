"""`truce tree`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.baseline.defaults import ELASTICITIES
from sim.cli.progress_bar import one_thread, watching
from sim.cli.terminal import (
    AsJson,
    BaselineFolder,
    Elasticities,
    Settings,
    console,
    levers_of,
    print_json,
    say_saved,
)
from sim.errors import InputError

if TYPE_CHECKING:
    from sim.study.trees.tree_results import CollapseTree


def tree(  # noqa: PLR0913  one parameter an option
    name: Annotated[str, typer.Argument(help="Scenario id, or path of a .yaml file.")],
    months: Annotated[int, typer.Option(help="Months of the path.")] = 36,
    settings: Settings = None,
    hazard: Annotated[float | None, typer.Option(help="Chance of a collapse in a month.")] = None,
    into: Annotated[str | None, typer.Option(help="Scenario that it breaks down into.")] = None,
    branches: Annotated[
        int | None, typer.Option(help="Months in which it may break down; all if left out.")
    ] = None,
    quantities: Annotated[
        list[str] | None,
        typer.Option("--quantity", help="Such as real_income|USA; repeat."),
    ] = None,
    elasticities: Elasticities = ELASTICITIES,
    baseline: BaselineFolder = None,
    jobs: Annotated[int | None, typer.Option("--jobs", "-j", help="Worker processes.")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Save tables in this folder.")] = None,
    as_json: AsJson = False,
) -> None:
    """Weigh a scenario that may break down in any month: expected path, bands, odds of worse."""
    one_thread()
    from sim.study.trees.collapse_tree import HEADLINE, collapse_tree

    if out is not None and out.is_file():
        raise InputError(f"{out} is a file.", advice="Name a folder.")
    count = (months if branches is None else min(branches, months)) + 1
    with watching(max(count, 1), "branches") as watch:
        weighed = collapse_tree(
            name,
            months=months,
            hazard=hazard,
            into=into,
            levers=levers_of(settings),
            elasticities=elasticities,
            baseline=baseline,
            quantities=quantities or HEADLINE,
            last=branches,
            jobs=jobs,
            watch=watch,
        )
    if out is not None:
        _save(weighed, out)
    _print(weighed, as_json=as_json)
    say_saved(out)


def _print(weighed: CollapseTree, *, as_json: bool) -> None:
    from sim.report.tree_table import tree_report

    if as_json:
        print_json(weighed.to_dict())
    else:
        console().print(tree_report(weighed))


def _save(weighed: CollapseTree, folder: Path) -> None:
    """Write every branch as Parquet and CSV, and the summary as JSON."""
    import pyarrow as pa
    import pyarrow.csv as csv
    import pyarrow.parquet as pq

    from sim.study.sweeps.store import write_whole

    folder.mkdir(parents=True, exist_ok=True)
    table = weighed.table()
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd")
    write_whole(folder / "branches.parquet", sink.getvalue().to_pybytes())
    sink = pa.BufferOutputStream()
    csv.write_csv(table, sink)
    write_whole(folder / "branches.csv", sink.getvalue().to_pybytes())
    text = json.dumps(weighed.to_dict(), indent=2, ensure_ascii=False)
    write_whole(folder / "tree.json", (text + "\n").encode())
