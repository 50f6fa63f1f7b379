"""Regions and sectors: the aggregation file, and summing a table over it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import MarkedYAMLError

from sim.baseline.build.io_table import Array, WorldTable, summed
from sim.errors import BaselineError

AGGREGATION_FILE = Path(__file__).with_name("aggregation.yaml")

REST = "rest"
"""Member list of the group that takes every code no other group names."""


@dataclass(frozen=True)
class AggregationGroup:
    """One region or sector of the target; ``members`` is None for the rest."""

    code: str
    label: str
    members: tuple[str, ...] | None
    carved_from: tuple[str, ...] = ()
    line: int | None = None
    """Line of the aggregation file."""


@dataclass(frozen=True)
class Aggregation:
    """Target regions and sectors in array order."""

    regions: tuple[AggregationGroup, ...]
    sectors: tuple[AggregationGroup, ...]
    file: Path | None = None

    @property
    def region_codes(self) -> tuple[str, ...]:
        """Codes of the regions."""
        return tuple(group.code for group in self.regions)

    @property
    def sector_codes(self) -> tuple[str, ...]:
        """Codes of all sectors, carved ones included."""
        return tuple(group.code for group in self.sectors)

    @property
    def parent_groups(self) -> tuple[AggregationGroup, ...]:
        """Return the sectors that a table can be summed to: all but the carved."""
        return tuple(group for group in self.sectors if not group.carved_from)


def read_aggregation(path: Path = AGGREGATION_FILE) -> Aggregation:
    """Read an aggregation file.

    Raises
    ------
    BaselineError
        If the file is absent, is not YAML, or a group lacks its members.
    """
    if not path.is_file():
        raise BaselineError(
            "there is no such aggregation file.", advice="Give a YAML file.", file=path
        )
    try:
        raw = YAML(typ="rt").load(path.read_text(encoding="utf-8"))
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise BaselineError(f"not YAML: {error.problem}.", file=path, line=line) from None
    parts = []
    for name in ("regions", "sectors"):
        if not isinstance(raw, dict) or not isinstance(raw.get(name), dict) or not raw[name]:
            raise BaselineError(
                f"no mapping {name!r}.",
                advice="Write `regions:` and `sectors:`, each code with `members: [..]`.",
                file=path,
            )
        parts.append(tuple(_group(path, name, code, raw[name]) for code in raw[name]))
    return Aggregation(regions=parts[0], sectors=parts[1], file=path)


def _group(path: Path, part: str, code: str, groups: CommentedMap) -> AggregationGroup:
    body = groups[code]
    line = int(groups.lc.key(code)[0]) + 1
    place: dict[str, Any] = {"file": path, "line": line, "field": f"{part}.{code}"}
    if not isinstance(body, dict):
        raise BaselineError("a group must be a mapping.", advice="Write {members: [..]}.", **place)
    members, carved = body.get("members"), body.get("carved_from")
    if members is None and not carved:
        raise BaselineError(
            "a group without members.", advice="Write `members: [CODE, ..]` or `rest`.", **place
        )
    if members is not None and members != REST and not isinstance(members, list):
        raise BaselineError(
            f"members is {members!r}.", advice="Write a list of codes or `rest`.", **place
        )
    listed = None if members in (None, REST) else tuple(str(member) for member in members)
    return AggregationGroup(
        str(code), str(body.get("label", code)), listed, tuple(carved or ()), line
    )


def membership(
    groups: Sequence[AggregationGroup], codes: Sequence[str], file: Path | None = None
) -> Array:
    """Return the 0/1 matrix [group, code]: every code in exactly one group.

    Raises
    ------
    BaselineError
        If a group names an unknown code, two groups share one, or a code has no group.
    """
    matrix = np.zeros((len(groups), len(codes)))
    position = {code: column for column, code in enumerate(codes)}
    for row, group in enumerate(groups):
        for member in group.members or ():
            if member not in position:
                raise BaselineError(
                    f"{member!r} is not a code of the table.",
                    advice=f"Known: {', '.join(codes)}.",
                    file=file,
                    line=group.line,
                    field=group.code,
                )
            matrix[row, position[member]] += 1
    left = matrix.sum(axis=0) == 0
    for row, group in enumerate(groups):
        if group.members is None:
            matrix[row, left] = 1
            left = np.zeros_like(left)
    wrong = np.flatnonzero(matrix.sum(axis=0) != 1)
    if wrong.size:
        raise BaselineError(
            f"{codes[wrong[0]]!r} is in {int(matrix[:, wrong[0]].sum())} groups.",
            advice="Every code belongs to exactly one group.",
            file=file,
        )
    return matrix


def aggregate(table: WorldTable, aggregation: Aggregation) -> WorldTable:
    """Sum a table over the groups; trade inside a region becomes its own sales."""
    groups = aggregation.parent_groups
    region = membership(aggregation.regions, table.regions, aggregation.file).argmax(axis=0)
    sector = membership(groups, table.sectors, aggregation.file).argmax(axis=0)
    return WorldTable(
        regions=aggregation.region_codes,
        sectors=tuple(group.code for group in groups),
        flow=summed(table.flow, (region, region, sector)),
        use=summed(table.use, (region, sector, sector)),
    )
