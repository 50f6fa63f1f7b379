"""The export tax that licences are worth, beside what users abroad pay: one follows from the other.

Chinese goods alone cost 1 + x times as much; the price over all origins is their CES mean with what
others ask, so that it lies below.
"""

import re
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.outputs import metrics, words
from sim.outputs.headline import headline
from tests.baseline.test_baseline import may_2025

DOCS = Path(__file__).parents[2] / "docs" / "model.md"
README = " ".join((DOCS.parents[1] / "README.md").read_text(encoding="utf-8").split())
MAY_2025 = {"licence_volume": -74, "us_volume": -93}
PLACES = ("EU27", "USA", "JPN")


@pytest.fixture(scope="module")
def world():
    return sim.World()


def rare(world, levers=None):
    """Equilibrium of the enforced licences, and the places of China and of rare earths."""
    answer = world.solve("rare-earth-enforced", levers or {}).equilibrium
    economy = answer.economy
    return answer, economy.importers.index("CHN"), economy.sectors.index("RARE")


def by_place(answer, china, sector):
    price = answer.price_index_hat[:, sector] / answer.price_index_hat[china, sector]
    return [float(price[answer.economy.importers.index(code)]) for code in PLACES]


def test_chinese_goods_cost_one_plus_the_tax(world):
    answer, china, sector = rare(world)
    (tax,) = answer.shadow_rate
    border = metrics.border_price_hat(answer.economy, answer)[:, china, sector]
    factory = metrics.factory_price_hat(answer)[china, sector]
    flows = answer.economy.trade_flow[:, china, sector] > 0
    flows[china] = False
    np.testing.assert_allclose(border[flows] / factory, 1 + tax, rtol=1e-7)


def test_the_price_over_all_origins_is_their_mean(world):
    """In a loop, from the tax and from what each origin asks; no duty on rare earths moves."""
    answer, china, sector = rare(world)
    economy = answer.economy
    theta = economy.trade_elasticity[sector]
    ask = metrics.factory_price_hat(answer)[:, sector]
    spent, paid = 0.0, 0.0
    for n in range(len(economy.importers)):
        if n == china:
            continue
        total = 0.0
        for i in range(len(economy.importers)):
            cost = ask[i] * (1 + answer.shadow_rate[0] if i == china else 1)
            total += economy.trade_share[n, i, sector] * cost**-theta
        spent += economy.expenditure[n, sector]
        paid += economy.expenditure[n, sector] * total ** (-1 / theta)
    told = sim.run("rare-earth-enforced").value("price_outside_over_inside", "CHN", sector="RARE")
    ours = 100 * paid / spent / answer.price_index_hat[china, sector]
    assert told == pytest.approx(ours, rel=1e-6)
    assert told < 100 * (1 + answer.shadow_rate[0])


@pytest.mark.parametrize("levers", [{}, MAY_2025, {"licence_volume": -38}])
def test_one_sentence_has_both_numbers(levers):
    top = headline(sim.run("rare-earth-enforced", levers=levers))
    tax = top.figure("licence_shadow_rate").value
    gap = top.figure("rare_earth_price_gap").value / 100
    (sentence,) = [text for text in words.sentences(top) if "export tax" in text]
    first = sentence.partition(" Those ")[0]
    for value in (tax, 1 + tax / 100, gap):
        assert words.number(value) in first
    assert "which rises less" in first
    assert first.count(". ") == 0  # one sentence


def test_no_sentence_has_one_of_the_two_alone():
    for card in sim.list_scenarios():
        for text in words.sentences(headline(sim.run(card.id))):
            assert ("export tax" in text) == ("at its factories" in text)


def test_the_documentation_has_these_numbers(world, economy):
    text = " ".join(DOCS.read_text(encoding="utf-8").split())
    answer, china, sector = rare(world)
    tax = float(answer.shadow_rate[0])
    gap = metrics.price_outside_over_inside(answer.economy, answer, china)[sector]
    assert f"`x` is {100 * tax:.0f} %: {1 + tax:.2f} times for Chinese goods" in text
    assert f"and {gap:.2f} times over all origins" in text
    told = re.search(r"EU ([\d.]+), United States ([\d.]+), Japan ([\d.]+)\)", text).groups()
    assert [f"{value:.1f}" for value in by_place(answer, china, sector)] == list(told)
    cut = rare(world, MAY_2025)
    told = re.search(r"gives ([\d.]+) in the EU, ([\d.]+) in the .*?, ([\d.]+) in Japan", text)
    assert [f"{value:.1f}" for value in by_place(*cut)] == list(told.groups())
    told = re.search(r"prices ([\d.]+) times China's in the EU .*? ([\d.]+) times in the United "
                     r"States and ([\d.]+) times in Japan", README)  # fmt: skip
    assert [f"{value:.1f}" for value in by_place(*cut)] == list(told.groups())
    ratio = may_2025(economy)
    told = re.search(r"\*\*([\d.]+)\*\* \(US ([\d.]+), Japan ([\d.]+)\)", text).groups()
    assert [f"{ratio[code]:.1f}" for code in PLACES] == list(told)


@pytest.fixture(scope="module")
def economy():
    return sim.load_baseline()
