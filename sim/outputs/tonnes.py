"""Tonnes and dollars: the one place that turns a value into tonnes and tonnes into a value.

A promise in tonnes is set on a flow whose value the baseline knows and whose tonnes of 2024 the
measure states, counted by the same side.  Value over tonnes is the price; nothing else is.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PricedQuantity:
    """A year's trade in tonnes and in dollars, at the price that makes one into the other.

    Parameters
    ----------
    mmt
        Million tonnes.
    usd_t
        Unit value, USD a tonne: exports at customs value over their tonnes.
    usd_bn
        Value, bn USD: `mmt` times `usd_t`.
    """

    mmt: float
    usd_t: float
    usd_bn: float

    @classmethod
    def of_value(cls, mmt: float, usd_mn: float) -> PricedQuantity:
        """Return the trade of `mmt` million tonnes, above zero, worth `usd_mn` million USD."""
        return cls(mmt, usd_mn / mmt, usd_mn / 1e3)

    def at_price(self, usd_t: float) -> PricedQuantity:
        """Return the same tonnes at another price, USD a tonne."""
        return PricedQuantity(self.mmt, usd_t, value_bn(self.mmt, usd_t))


@dataclass(frozen=True)
class Purchases:
    """The flow that a promise in tonnes is about, a year, at the prices of each state."""

    in_2024: PricedQuantity
    """What was traded in 2024; its price is the one at which tonnes are stated in dollars."""
    baseline: PricedQuantity
    """The baseline of the run."""
    without: PricedQuantity
    """The scenario if nobody had to buy."""
    scenario: PricedQuantity
    """The scenario."""


def value_bn(mmt: float, usd_t: float) -> float:
    """Return what `mmt` million tonnes are worth at `usd_t` USD a tonne, bn USD."""
    return mmt * usd_t / 1e3
