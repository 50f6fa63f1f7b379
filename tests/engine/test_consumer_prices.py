"""Consumer prices at fixed wages and profits: what the README says of them, worked out again."""

import re
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.model.equations import consumer_price_hat, input_cost

README = " ".join((Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8").split())
FIXED = "consumer_price_index_at_fixed_factor_income_change"
WORLD = "consumer_price_index_change"


def price(name, variable=FIXED):
    return sim.run(name, against="2024").value(variable, "USA")


def with_wages_and_shares_kept(name):
    """Percent by which US prices rise if duties go through all chains and nothing else moves."""
    economy = sim.load_baseline()
    equilibrium = sim.World().solve(name).equilibrium
    duty = np.log((1 + equilibrium.shock.tariff_rate_cf) / (1 + economy.tariff_rate))
    log_price = np.zeros_like(economy.expenditure)
    wage = np.ones_like(log_price)
    for _ in range(200):
        cost, *_ = input_cost(economy, wage, np.exp(log_price))
        log_price = (economy.trade_share * (np.log(cost) + duty)).sum(axis=1)
    usa = economy.importers.index("USA")
    return 100 * (consumer_price_hat(economy, np.exp(log_price))[usa] - 1)


def test_the_readme_has_these_prices():
    october, april = price("baseline-2025-10"), price("april-2025")
    assert f"fixed wages and profits rise by {april:.1f} % (Yale: 3)" in README
    assert f"and by {october:.1f} % under the tariffs of October 2025 (Yale: 1.3)" in README
    kept = re.search(r"shares of suppliers kept it would be ([\d.]+),", README)[1]
    assert kept == f"{with_wages_and_shares_kept('baseline-2025-10'):.1f}"
    world = price("baseline-2025-10", WORLD)
    assert f"+{october:.1f} and +{world:.1f} % for the United States" in README


@pytest.mark.parametrize(
    ("name", "published"),
    [("april-2025", 2.97), ("baseline-2025-10", 1.34), ("baseline-today", 0.66)],
)
def test_sign_and_order_agree_with_the_budget_lab(name, published):
    """Below its numbers, which let neither buyers nor wages move, and above a sixth of them."""
    assert published / 6 < price(name) < published
