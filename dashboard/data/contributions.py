"""What drives a result: each measure's part in the change, as bars and in words."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.data import formatting
from dashboard.data.answers import Answer, decomposition
from dashboard.records import Bar, Caption
from sim.engine.decompose import Decomposition

PART, WHOLE, OTHERS = "A measure", "All together", "All other measures"

MOST = 12
"""Measures that are drawn; the rest is one bar."""


@dataclass(frozen=True)
class Contributions:
    """A decomposition, and what is written in its chart."""

    split: Decomposition
    scenario: str
    source: str

    def has(self, key: str) -> bool:
        """Tell whether some measure may change a figure."""
        return key in self.split.figures and bool(self.split.parts)

    @property
    def idle(self) -> tuple[str, ...]:
        """Titles of the measures that change nothing."""
        return self.split.idle

    def bars(self, key: str) -> list[Bar]:
        """Return the parts of a figure, largest first, and the whole."""
        figure = self.split.figures[key]
        amounts = self._amounts(key)
        whole = figure.change
        unit = figure.change_unit
        bars = [_bar(title, PART, amount, unit) for title, amount in amounts.items()]
        return bars + ([_bar(WHOLE, WHOLE, whole, unit)] if len(bars) > 1 else [])

    def _amounts(self, key: str) -> dict[str, float]:
        """Return each part's amount by title, largest first; the small ones summed up."""
        amounts = {part.title: part.contributions[key] for part in self.split.parts}
        # The largest gain and the largest loss are drawn, also where all others go the other way.
        ends = {pick(amounts, key=amounts.__getitem__) for pick in (max, min)} if amounts else set()
        order = sorted(amounts, key=lambda title: (title not in ends, -abs(amounts[title])))
        most = MOST if len(order) > MOST + 1 else len(order)
        kept = sorted(order[:most], key=lambda title: -abs(amounts[title]))
        rest = {OTHERS: sum(amounts[title] for title in order[most:])} if order[most:] else {}
        return {title: amounts[title] for title in kept} | rest

    def caption(self, key: str) -> Caption:
        """Return what is written in the chart of a figure."""
        figure = self.split.figures[key]
        unit = f"Change, {formatting.unit_a_year(figure.change_unit)}"
        title = f"What drives it: {figure.label}"
        return Caption(title, self.scenario, unit, self.source, "", (PART, WHOLE))

    def method(self) -> str:
        """Say how the parts were found."""
        if self.split.is_exact:
            return (
                "Parts sum to the whole: each is what the measure adds, averaged over all orders "
                "in which the measures can come into force (Shapley values)."
            )
        return (
            "Parts sum to the whole: each is the mean of what the measure adds first and last; "
            "the rest they do only together."
        )


def _bar(label: str, series: str, value: float, unit: str) -> Bar:
    text = formatting.change(value, unit)
    return Bar(label, series, 0.0 if text == formatting.NO_CHANGE else value, text)


def of(answer: Answer) -> Contributions:
    """Parts of the change, which is against the counterpart where something does not happen."""
    mine = decomposition(answer.name, answer.levers)
    scenario = f"{answer.title_with_levers}, against “{answer.against}”"
    return Contributions(mine, scenario, answer.source)
