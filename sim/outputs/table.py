"""An equilibrium laid out as the long result table."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import ArrayLike, NDArray

from sim.outputs import metrics
from sim.outputs.outcome import Outcome, TargetOutcome
from sim.outputs.variables import CHANGE, VARIABLES
from sim.pair import DEFAULT_PAIR, Pair

Array = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

TOTAL = "TOTAL"
"""Partner or sector of a row that sums over all of them."""

GOODS = "GOODS"
"""Sector of a row that sums over what customs sees: all sectors but services."""

COLUMNS = ("scenario", "date", "variable", "region", "partner", "sector", "unit", "value")

_NONE = -1

_CONSUMER_PRICES = ("consumer_price_index_at_fixed_factor_income", "consumer_price_index")


class Rows:
    """Collects blocks of rows as integer codes; strings are attached once, at the end."""

    def __init__(
        self, regions: tuple[str, ...], sectors: tuple[str, ...], pair: Pair = DEFAULT_PAIR
    ) -> None:
        self.regions, self.sectors = regions, sectors
        self.rivals = [regions.index(code) for code in pair.codes if code in regions]
        self.all_partners, self.all_sectors = len(regions), len(sectors)
        self.all_goods = self.all_sectors + 1
        self.variables = list(VARIABLES)
        self.units = sorted({variable.unit for variable in VARIABLES.values()})
        self.blocks: list[tuple[NDArray[np.int32], Array]] = []

    def wants(self, *variables: str) -> bool:
        """Tell whether any of these variables, or of their companions, is to be added."""
        return True

    def wants_block(self, variable: str, axes: str, *codes: int) -> bool:
        """Tell whether anything in this block, or in its companion's, is to be added."""
        return True

    def add(
        self, variable: str, values: ArrayLike, axes: str, *codes: int, unit: str | None = None
    ) -> None:
        """Add a block.

        `axes` has one letter an axis of `values` (r region, p partner, s sector; a number has
        none); `codes` are the fixed codes of the columns that are no axis, in the order r, p, s.
        nan leaves a row out.
        """
        array = np.asarray(values, dtype=float)
        keep = np.isfinite(array)
        index = dict(zip(axes, np.nonzero(keep) if axes else (), strict=True))
        fixed = iter(codes)
        block = np.empty((5, int(keep.sum())), dtype=np.int32)
        block[0] = self.variables.index(variable)
        for row, letter in enumerate("rps", start=1):
            block[row] = index[letter] if letter in index else next(fixed)
        block[4] = self._unit_code(unit or VARIABLES[variable].unit)
        self.blocks.append((block, array[keep]))

    def _unit_code(self, unit: str) -> int:
        if unit not in self.units:
            self.units.append(unit)
        return self.units.index(unit)

    def add_with_change(
        self, variable: str, level: ArrayLike, change: ArrayLike, axes: str, *codes: int
    ) -> None:
        """Add a variable and its companion."""
        self.add(variable, level, axes, *codes)
        self.add(variable + CHANGE, change, axes, *codes)

    def table(self, scenario: str, date: dt.date) -> pa.Table:
        """Return all blocks as one dictionary-encoded table."""
        codes = np.concatenate([block for block, _ in self.blocks], axis=1)
        values = np.concatenate([value for _, value in self.blocks])
        rows = len(values)
        zeros = np.zeros(rows, dtype=np.int32)
        regions = [*self.regions, TOTAL]
        columns: list[pa.Array[Any]] = [
            _encoded(zeros, [scenario]),
            pa.array(np.full(rows, np.datetime64(date, "D")), pa.date32()),
            _encoded(codes[0], self.variables),
            _encoded(codes[1], regions),
            _encoded(codes[2], regions),
            _encoded(codes[3], [*self.sectors, TOTAL, GOODS]),
            _encoded(codes[4], self.units),
            pa.array(values),
        ]
        return pa.table(columns, names=list(COLUMNS))


def _encoded(codes: NDArray[np.int32], words: list[str]) -> pa.Array[Any]:
    return pa.DictionaryArray.from_arrays(
        pa.array(codes, pa.int32(), mask=codes < 0), pa.array(words)
    )


def result_table(outcome: Outcome) -> pa.Table:
    """Return the long table of `outcome`: columns `COLUMNS`, one row a number."""
    economy = outcome.economy
    rows = Rows(economy.importers, economy.sectors, outcome.pair)
    add_all(rows, outcome)
    return rows.table(outcome.scenario, outcome.date)


def add_all(rows: Rows, outcome: Outcome) -> None:
    """Add every variable that `rows` wants."""
    value = metrics.customs_value(outcome.economy.trade_flow, outcome.customs_factor)
    value_cf = metrics.customs_value(outcome.equilibrium.trade_flow_cf, outcome.customs_factor)
    if rows.wants("imports", "exports"):
        _add_trade(rows, value, value_cf, outcome.is_goods)
    _add_tariffs(rows, outcome, value, value_cf)
    if rows.wants("trade_diversion", "trade_diversion_share"):
        _add_diversion(rows, value * outcome.is_goods, value_cf * outcome.is_goods)
    if rows.wants("price_index", "price_outside_over_inside", *_CONSUMER_PRICES):
        _add_prices(rows, outcome)
    _add_at_the_border(rows, outcome)
    if rows.wants("real_income", "equivalent_variation", "equivalent_variation_per_household"):
        _add_incomes(rows, outcome)
    _add_production(rows, outcome)
    _add_welfare(rows, outcome)
    _add_targets(rows, outcome)


def _add_trade(rows: Rows, value: Array, value_cf: Array, is_goods: BoolArray) -> None:
    """Imports and exports: pairs in total, regions by sector, the rivals' pairs by sector."""
    for variable, base, cf in (
        ("imports", value, value_cf),
        ("exports", value.swapaxes(0, 1), value_cf.swapaxes(0, 1)),
    ):
        change = cf - base
        pair, pair_change = _off_diagonal(cf.sum(axis=2)), _off_diagonal(change.sum(axis=2))
        rows.add_with_change(variable, pair, pair_change, "rp", rows.all_sectors)
        level, moved = cf.sum(axis=1), change.sum(axis=1)
        rows.add_with_change(variable, level, moved, "rs", rows.all_partners)
        for chosen, code in ((slice(None), rows.all_sectors), (is_goods, rows.all_goods)):
            parts = (level[:, chosen].sum(axis=1), moved[:, chosen].sum(axis=1))
            rows.add_with_change(variable, *parts, "r", rows.all_partners, code)
        for region in rows.rivals:
            level, moved = cf[region].copy(), change[region].copy()
            level[region] = moved[region] = np.nan
            rows.add_with_change(variable, level, moved, "ps", region)
            parts = (level[:, is_goods].sum(axis=1), moved[:, is_goods].sum(axis=1))
            rows.add_with_change(variable, *parts, "p", region, rows.all_goods)


def _off_diagonal(pairs: Array) -> Array:
    pairs = pairs.copy()
    np.fill_diagonal(pairs, np.nan)
    return pairs


def _add_tariffs(rows: Rows, outcome: Outcome, value: Array, value_cf: Array) -> None:
    """Average tariffs before and after substitution, and revenue."""
    law, law_cf = outcome.tariff_rate, metrics.law_tariff_rate(outcome.equilibrium)
    goods = outcome.is_goods.astype(float)
    fixed = outcome.reference_value * goods
    for variable, weight, weight_cf in (
        ("effective_tariff_rate", value * goods, value_cf * goods),
        ("effective_tariff_rate_before_substitution", fixed, fixed),
    ):
        if rows.wants(variable):
            _add_rates(rows, variable, (law, weight), (law_cf, weight_cf))
    if not rows.wants("tariff_revenue"):
        return
    revenue = metrics.tariff_revenue(law, value)
    revenue_cf = metrics.tariff_revenue(law_cf, value_cf)
    rows.add_with_change(
        "tariff_revenue", revenue_cf, revenue_cf - revenue, "r", _NONE, rows.all_sectors
    )
    pairs = [
        region
        for region in rows.rivals
        if rows.wants_block("tariff_revenue", "p", region, rows.all_sectors)
    ]
    if not pairs:
        return
    by_pair, by_pair_cf = ((r * v).sum(axis=2) for r, v in ((law, value), (law_cf, value_cf)))
    for region in pairs:
        paid, moved = by_pair_cf[region].copy(), (by_pair_cf - by_pair)[region]
        paid[region] = moved[region] = np.nan
        rows.add_with_change("tariff_revenue", paid, moved, "p", region, rows.all_sectors)


def _add_rates(
    rows: Rows, variable: str, base: tuple[Array, Array], cf: tuple[Array, Array]
) -> None:
    """Rates by region, by pair and sector of the rivals; `base` and `cf` are rates and weights."""
    all_regions, all_sectors = rows.all_partners, rows.all_sectors

    def add(axis: int | tuple[int, ...], axes: str, *codes: int, of: tuple[int, ...] = ()) -> None:
        if not rows.wants_block(variable, axes, *codes):
            return
        parts = [(rates[of], weights[of]) for rates, weights in (base, cf)]
        rate, rate_cf = (100.0 * metrics.effective_tariff_rate(*x, axis=axis) for x in parts)
        traded = parts[1][1].sum(axis=axis) > 0
        level = np.where(traded, rate_cf, np.nan)
        change = np.where(traded, rate_cf - rate, np.nan)
        rows.add_with_change(variable, level, change, axes, *codes)

    add((1, 2), "r", all_regions, all_sectors)
    for region in rows.rivals:
        add(1, "p", region, all_sectors, of=(region,))
        add(0, "s", region, all_regions, of=(region,))
    for region, partner in _rival_pairs(rows):
        add((), "s", region, partner, of=(region, partner))


def _rival_pairs(rows: Rows) -> list[tuple[int, int]]:
    return [(a, b) for a in rows.rivals for b in rows.rivals if a != b]


def _add_diversion(rows: Rows, value: Array, value_cf: Array) -> None:
    for region, rival in _rival_pairs(rows):
        moved = metrics.trade_diversion(value, value_cf, region, rival)
        share = metrics.trade_diversion_share(value, value_cf, region, rival) * 100.0
        for variable, level in (("trade_diversion", moved), ("trade_diversion_share", share)):
            rows.add_with_change(variable, level, level, "p", region, rows.all_sectors)


def _add_prices(rows: Rows, outcome: Outcome) -> None:
    economy, equilibrium = outcome.economy, outcome.equilibrium
    all_sectors = rows.all_sectors
    used = np.where(economy.expenditure > 0, equilibrium.price_index_hat, np.nan)
    _add_index(rows, "price_index", used, "rs", _NONE)
    for region in rows.rivals:
        gap = metrics.price_outside_over_inside(economy, equilibrium, region)
        _add_index(rows, "price_outside_over_inside", gap, "s", region, _NONE)
    at_fixed_income = metrics.consumer_price_at_fixed_factor_income_hat(equilibrium)
    indices = (at_fixed_income, equilibrium.consumer_price_hat)
    for variable, hat in zip(_CONSUMER_PRICES, indices, strict=True):
        _add_index(rows, variable, hat, "r", _NONE, all_sectors)


def _add_at_the_border(rows: Rows, outcome: Outcome) -> None:
    economy, equilibrium = outcome.economy, outcome.equilibrium
    if rows.wants("terms_of_trade"):
        terms = metrics.terms_of_trade(economy, equilibrium)
        _add_index(rows, "terms_of_trade", terms, "r", _NONE, rows.all_sectors)
    if not rows.wants("border_pass_through"):
        return
    passed = metrics.border_pass_through(
        economy, equilibrium, outcome.tariff_rate, metrics.law_tariff_rate(equilibrium)
    )
    for region in rows.rivals:
        rows.add("border_pass_through", passed[region], "p", region, rows.all_sectors)


def _add_index(rows: Rows, variable: str, hat: Array | float, axes: str, *codes: int) -> None:
    """Add a hat as an index (baseline 100) and its change in percent."""
    rows.add_with_change(variable, 100.0 * hat, 100.0 * (hat - 1.0), axes, *codes)


def _add_incomes(rows: Rows, outcome: Outcome) -> None:
    economy, equilibrium = outcome.economy, outcome.equilibrium
    all_sectors = rows.all_sectors
    _add_index(rows, "real_income", equilibrium.real_income_hat, "r", _NONE, all_sectors)
    gain = metrics.equivalent_variation(economy, equilibrium)
    per_household = metrics.equivalent_variation_per_household(
        economy, equilibrium, outcome.households_mn
    )
    rows.add_with_change("equivalent_variation", gain, gain, "r", _NONE, all_sectors)
    rows.add_with_change(
        "equivalent_variation_per_household", per_household, per_household, "r", _NONE, all_sectors
    )


def _add_production(rows: Rows, outcome: Outcome) -> None:
    economy, equilibrium = outcome.economy, outcome.equilibrium
    if not rows.wants("real_factor_income", "gross_output"):
        return
    for variable, base, cf in (
        ("real_factor_income", economy.factor_income, metrics.real_factor_income(equilibrium)),
        ("gross_output", economy.gross_output, metrics.gross_output(equilibrium)),
    ):
        rows.add_with_change(variable, cf, cf - base, "rs", _NONE)
        total, total_change = cf.sum(axis=1), (cf - base).sum(axis=1)
        rows.add_with_change(variable, total, total_change, "r", _NONE, rows.all_sectors)


def _add_welfare(rows: Rows, outcome: Outcome) -> None:
    for variable, function in (
        ("welfare_terms_of_trade", metrics.welfare_terms_of_trade),
        ("welfare_volume_of_trade", metrics.welfare_volume_of_trade),
    ):
        if not rows.wants(variable):
            continue
        effect = 100.0 * function(outcome.economy, outcome.equilibrium)
        rows.add_with_change(variable, effect, effect, "r", _NONE, rows.all_sectors)


def _add_targets(rows: Rows, outcome: Outcome) -> None:
    """Rents, subsidies and what became of each target; where there is no reference, from zero."""
    before = None if outcome.reference is None else outcome.reference.equilibrium
    for variable, name in (
        ("licence_rent", "licence_rent_cf"),
        ("purchase_subsidy", "purchase_subsidy_cf"),
    ):
        amount = getattr(outcome.equilibrium, name)
        change = amount if before is None else amount - getattr(before, name)
        rows.add_with_change(variable, amount, change, "r", _NONE, rows.all_sectors)
    for target in outcome.targets:
        _add_target(rows, target, outcome.target_of_reference(target))


def _add_target(rows: Rows, target: TargetOutcome, before: TargetOutcome | None) -> None:
    codes = _target_codes(rows, target)
    rate = 100.0 * target.shadow_rate
    rate_before = 0.0 if before is None else 100.0 * before.shadow_rate
    rows.add_with_change("shadow_rate", rate, rate - rate_before, "", *codes)
    if target.shortfall is not None:
        missed_before = 0.0 if before is None else before.shortfall or 0.0
        change = target.shortfall - missed_before
        rows.add("purchase_shortfall", target.shortfall, "", *codes, unit=target.unit)
        rows.add("purchase_shortfall_change", change, "", *codes, unit=target.unit)
    if target.purchases is not None:
        bought, bought_before = target.purchases.scenario, target.purchases.baseline
        for variable, level, change in (
            ("purchase_quantity", bought.mmt, bought.mmt - bought_before.mmt),
            ("purchase_price", bought.usd_t, bought.usd_t - bought_before.usd_t),
        ):
            rows.add_with_change(variable, level, change, "", *codes)


def _target_codes(rows: Rows, target: TargetOutcome) -> tuple[int, int, int]:
    regions, sectors = [*rows.regions, TOTAL], [*rows.sectors, TOTAL]
    return (
        regions.index(target.region),
        regions.index(target.partner),
        sectors.index(target.sector),
    )
