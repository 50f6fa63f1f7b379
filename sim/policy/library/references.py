"""Who says so: the sources of a scenario's measures and levers in one flat list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sim.policy.language.fields import Basis, Grade, Source
from sim.policy.language.kinds import Measure
from sim.policy.language.rules import Rule
from sim.policy.library.levers import LeverState
from sim.policy.library.seeds import Fact


@dataclass(frozen=True)
class Reference:
    """One source of one measure or lever.

    ``basis``: article, law, data, report, model or assumption.  Articles carry ``seed``, ``fact``,
    the fact in our words and how firmly the article states it; the others a title, an address, a
    date (``date_shown`` as far as it is known) and a grade (A to C, X computed, M memory:
    unverified).
    """

    measure_id: str
    basis: Basis
    grade: Grade | None = None
    seed: str | None = None
    fact: str | None = None
    paraphrase: str | None = None
    firmness: str | None = None
    title: str | None = None
    address: str | None = None
    date: dt.date | None = None
    date_shown: str = ""
    note: str = ""


def references(
    measures: Iterable[Measure | Rule],
    levers: Iterable[LeverState],
    facts: Mapping[tuple[str, str], Fact],
) -> tuple[Reference, ...]:
    """Sources of all `measures` and rules, then of all `levers` (as ``lever:<id>``)."""
    cited: list[Reference] = []
    for measure in measures:
        cited += [_reference(measure.id, source, facts) for source in measure.sources]
        if measure.assumed:
            cited.append(Reference(measure.id, "assumption", note=measure.reason))
    for lever in levers:
        owner = f"lever:{lever.id}"
        if lever.source is not None:
            cited.append(_reference(owner, lever.source, facts))
        if lever.basis == "assumption":
            cited.append(Reference(owner, "assumption", note=lever.note))
    return tuple(cited)


def _reference(owner: str, source: Source, facts: Mapping[tuple[str, str], Fact]) -> Reference:
    fact = facts.get((source.seed or "", source.fact or ""))
    return Reference(
        measure_id=owner,
        basis=source.kind,
        grade=source.grade,
        seed=source.seed,
        fact=source.fact,
        paraphrase=None if fact is None else fact.paraphrase,
        firmness=None if fact is None else fact.firmness,
        title=source.title,
        address=source.address,
        date=source.date,
        date_shown=source.date_shown,
        note=source.note,
    )
