"""The list of scenarios: reads only the top of each file, so that ``truce list`` is quick."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sim.policy.language.yamlio import Document, parse_document, shown

CARD_KEYS = frozenset({"title", "question", "summary", "headline", "group", "order"})
NOT_SCENARIOS = frozenset({"stacking"})
_TOP_LEVEL = re.compile(r"^(?=[A-Za-z_]+\s*:)", re.MULTILINE)


@dataclass(frozen=True)
class ScenarioCard:
    """What a list shows of a scenario."""

    id: str
    title: str
    question: str
    summary: str
    group: str
    order: int


def scenario_folder(folder: Path | None = None) -> Path:
    """Folder of the shipped scenarios, or `folder` if given."""
    if folder is not None:
        return Path(folder)
    return _shipped("scenarios")


def seed_folder(scenarios: Path) -> Path:
    """Folder of the evidence: beside the scenarios, else the shipped one."""
    beside = scenarios.parent / "seeds"
    return beside if beside.is_dir() else _shipped("seeds")


def _shipped(name: str) -> Path:
    package = Path(__file__).resolve().parents[2]
    packaged = package / "_data" / name
    return packaged if packaged.is_dir() else package.parent / name


def scenario_files(paths: Iterable[Path] = ()) -> list[Path]:
    """Scenario files among `paths` and in the folders among them; the shipped ones if none."""
    files: list[Path] = []
    for path in list(paths) or [scenario_folder()]:
        files += sorted(path.glob("*.yaml")) if path.is_dir() else [path]
    return [
        path
        for path in files
        if path.stem not in NOT_SCENARIOS and path.parent.name not in ("measures", "seeds")
    ]


def list_scenarios(folder: Path | None = None) -> list[ScenarioCard]:
    """Cards of all scenarios in `folder`, in their order.

    Raises
    ------
    ScenarioError
        If the top of a file cannot be read.
    """
    paths = sorted(scenario_folder(folder).glob("*.yaml"))
    cards = [_card(path) for path in paths if path.stem not in NOT_SCENARIOS]
    return sorted(cards, key=lambda card: (card.order, card.id))


def _card(path: Path) -> ScenarioCard:
    document = _top(path)
    content = document.content
    for key in ("title", "question"):
        if not isinstance(content.get(key), str):
            raise document.error("is missing or not text.", (key,), f"Add a line '{key}: ...'.")
    order = content.get("order", 100)
    return ScenarioCard(
        id=path.stem,
        title=content["title"],
        question=content["question"],
        summary=str(content.get("summary", "")),
        group=str(content.get("group", "yours")),
        order=order if isinstance(order, int) else 100,
    )


def _top(path: Path) -> Document:
    """Read the card's keys only; other lines are blanked so that line numbers stay right."""
    text = path.read_text(encoding="utf-8", errors="replace")
    blocks = []
    for block in _TOP_LEVEL.split(text):
        wanted = block.partition(":")[0].strip() in CARD_KEYS
        blocks.append(block if wanted else "\n" * block.count("\n"))
    return parse_document("".join(blocks), shown(path))
