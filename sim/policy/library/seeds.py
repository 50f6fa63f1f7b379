"""The evidence: one file an article, its facts in our own words, and their contradictions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from sim.policy.language.fields import Id, Strict, Text
from sim.policy.language.reading import read_model, validated
from sim.policy.language.yamlio import read_document

Firmness = Literal[
    "confirmed", "agreed", "pledged", "reported", "implied", "hinted", "discussed", "claimed"
]
SeedId = Annotated[str, Field(pattern=r"^[0-9]{3}$")]


class Fact(Strict):
    """One statement of an article, paraphrased."""

    id: Id
    paraphrase: Text
    firmness: Firmness
    """How firmly the article itself states it."""
    parameter: str = ""
    """Number of a scenario that it suggests."""


class Seed(Strict):
    """An article and its facts."""

    id: SeedId
    file: Text
    publisher: Text
    date: dt.date
    note: str = ""
    facts: tuple[Fact, ...] = Field(min_length=1)


class ArticleReading(Strict):
    """What one article says about a contradicted point; no fact id where it is silent."""

    seed: SeedId
    says: Text


class Contradiction(Strict):
    """A point on which the articles disagree, or are silent."""

    id: Id
    about: Text
    readings: tuple[ArticleReading, ...]
    resolution: Text


class Contradictions(Strict):
    """All contradictions."""

    contradictions: tuple[Contradiction, ...]


def read_seed(path: Path) -> Seed:
    """Read one article's file; `ScenarioError` if it is broken."""
    document = read_document(path)
    seed = validated(Seed, document)
    names = [fact.id for fact in seed.facts]
    for position, name in enumerate(names):
        if name in names[:position]:
            raise document.error(f"fact '{name}' twice.", ("facts", position), "Rename one.")
    if seed.id != path.stem:
        raise document.error(f"found '{seed.id}'.", ("id",), f'Write id: "{path.stem}".')
    return seed


def read_contradictions(folder: Path) -> tuple[Contradiction, ...]:
    """Read ``contradictions.yaml`` of the evidence folder."""
    return read_model(folder / "contradictions.yaml", Contradictions).contradictions


def read_seeds(folder: Path) -> tuple[Seed, ...]:
    """Read all articles of the evidence folder; each once per version of its file."""
    paths = sorted(folder.glob("[0-9][0-9][0-9].yaml"))
    return tuple(_cached(path, path.stat().st_mtime_ns, path.stat().st_size) for path in paths)


@lru_cache(maxsize=64)
def _cached(path: Path, modified: int, size: int) -> Seed:
    """Read one article: `modified` and `size` are part of the key."""
    return read_seed(path)


def read_facts(folder: Path) -> Mapping[tuple[str, str], Fact]:
    """Facts by seed and fact id."""
    return {(seed.id, fact.id): fact for seed in read_seeds(folder) for fact in seed.facts}
