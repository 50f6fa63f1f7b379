"""Stocks in paths: mass is kept in the solved path, a stop bites when the stocks are gone."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

import sim
from sim.cli.app import app
from sim.engine.pace import read_pace
from sim.errors import EconomyError, InputError
from sim.model import QuantityTarget, Shock, solve_path
from sim.model.path.stocks import solve_on_stocks
from tests.strategies import SEEDS, build_economy

ENFORCED = "rare-earth-enforced"
STOP = {"licence_volume": -74, "us_volume": -93}


def small(seed):
    """An economy in which C1 sells a critical input S0 to C0 and C2."""
    return build_economy(seed=seed, countries=3, sectors=3, mobility=1.5, critical=1)


def cap(hat, importers=("C0", "C2")):
    return QuantityTarget(importers, ("C1",), ("S0",), "cap", float(hat))


def month_of(hats, tariff=None):
    """A shock with a cap on all buyers, and perhaps one on C0 alone."""
    everyone, alone = hats
    targets = [] if everyone is None else [cap(everyone)]
    targets += [] if alone is None else [cap(alone, ("C0",))]
    return Shock(tariff_rate_cf=tariff, targets=tuple(targets))


def duty(economy, rate):
    """C0 taxes what C1 sells it of S0: it then leaves its stock alone."""
    tariff = economy.tariff_rate.copy()
    tariff[0, 1, 0] += rate
    return tariff


HATS = st.one_of(st.none(), st.floats(0.3, 1.2))


@settings(max_examples=20)
@given(
    SEEDS,
    st.lists(st.tuples(HATS, HATS), min_size=1, max_size=6),
    st.floats(0, 3),
    st.floats(0, 1),
    st.sampled_from([0.0, 0.5, 4.0]),
)
def test_mass_is_kept_in_the_solved_path(seed, hats, stock_months, refill, rate):
    economy = small(seed)
    shocks = [month_of(one, duty(economy, rate)) for one in hats]
    supply = [tuple(range(len(shock.targets))) for shock in shocks]
    path = solve_on_stocks(economy, shocks, supply, stock_months=stock_months, refill=refill)
    books = path.ledger
    np.testing.assert_allclose(books.arrivals, books.use + books.change, rtol=0, atol=1e-9)
    assert books.stock.min(initial=0) >= 0
    assert books.stock.max(initial=0) <= stock_months + 1e-9
    assert books.arrivals.min(initial=0) >= 0
    base = economy.trade_flow / (1 + economy.export_tax_rate)
    for t, month in enumerate(path.months):
        for p, pool in enumerate(books.pools):
            used = (base * month.quantity_hat)[pool.flows].sum() / base[pool.flows].sum()
            assert books.use[t, p] == pytest.approx(used, abs=1e-12)
        for target in shocks[t].targets:
            inside = [
                p for p, pool in enumerate(books.pools) if pool.importers[0] in target.importers
            ]
            normal = np.array([books.pools[p].normal for p in inside])
            arrived = (books.arrivals[t, inside] * normal).sum() / normal.sum()
            assert arrived <= target.quantity_hat * (1 + 2e-7)


@settings(max_examples=10)
@given(SEEDS, st.floats(0.3, 0.9))
def test_without_a_stock_supply_is_the_cap(seed, hat):
    economy = small(seed)
    shock = Shock(targets=(cap(hat),))
    with_books = solve_on_stocks(economy, [shock] * 3, [(0,)] * 3, stock_months=0)
    plain = solve_path(economy, [shock] * 3)
    np.testing.assert_allclose(with_books.real_income_hat, plain.real_income_hat, atol=1e-8)
    np.testing.assert_allclose(with_books.ledger.arrivals, with_books.ledger.use, atol=1e-12)


def drawn_down(supply, stock_months):
    """Use and stock month by month if users go on as before while the stock lasts."""
    use, stock = [], [stock_months]
    for offered in supply:
        use.append(min(1.0, offered + stock[-1]))
        stock.append(max(stock[-1] + offered - use[-1], 0.0))
    return use, stock[1:]


def test_a_stop_is_lived_through_as_drawing_down_says():
    """While the stock lasts nothing moves; `drawn_down` says it without a model."""
    economy = small(2)
    hats = [0.6, 0.5, 0.4, 0.4, 0.4, 0.4]
    shocks = [Shock(targets=(cap(hat),)) for hat in hats]
    books = solve_on_stocks(economy, shocks, [(0,)] * 6, stock_months=1.5).ledger
    use, stock = drawn_down(hats, stock_months=1.5)
    np.testing.assert_allclose(books.use[:, 0], use, atol=1e-6)
    np.testing.assert_allclose(books.stock[:, 0], stock, atol=1e-6)
    np.testing.assert_allclose(books.arrivals[:, 0], hats, atol=1e-6)


@pytest.mark.parametrize("seed", range(3))
def test_nobody_uses_the_stock_of_others(seed):
    """C0 taxes the goods and leaves its stock alone; C2, which is short, cannot live on it."""
    economy = small(seed)
    shock = month_of((0.2, 0.9), duty(economy, 5.0))
    quick = {"resourcing": 1.0, "reallocation": 1.0}
    path = solve_on_stocks(economy, [shock] * 4, [(0, 1)] * 4, stock_months=1, **quick)
    books = path.ledger
    mine = [pool.importers for pool in books.pools].index(("C0",))
    assert books.stock[:, mine].min() > 0.9
    assert books.stock[-1, 1 - mine] < 1e-9
    normal = np.array([pool.normal for pool in books.pools])
    np.testing.assert_allclose((books.arrivals * normal).sum(axis=1) / normal.sum(), 0.2, rtol=1e-6)
    # The cap against it is there beside the two of the law.
    assert [len(month.shock.targets) for month in path.months[1:]] == [3, 3, 3]


def test_who_is_cut_off_more_runs_out_first():
    economy = small(3)
    shock = Shock(targets=(cap(0.5), cap(0.05, ("C0",))))
    path = solve_on_stocks(economy, [shock] * 6, [(0, 1)] * 6, stock_months=2)
    books = path.ledger
    mine = [pool.importers for pool in books.pools].index(("C0",))
    assert books.stock[-1].max() < 1e-9
    gone = [int(np.argmax(books.stock[:, p] < 1e-9)) for p in range(2)]
    assert gone[mine] < gone[1 - mine]
    assert books.use[-1, mine] == pytest.approx(0.05, abs=1e-6)


def test_stocks_come_back_after_a_stop():
    economy = small(1)
    stop, free = Shock(targets=(cap(0.3),)), Shock()
    shocks = [stop] * 4 + [free] * 8
    path = solve_on_stocks(economy, shocks, [(0,)] * 4 + [()] * 8, stock_months=2, refill=0.5)
    stock = path.ledger.stock[:, 0]
    assert stock[3] == pytest.approx(0, abs=1e-9)
    assert (np.diff(stock[3:]) > 0).all()
    assert stock[-1] == pytest.approx(2, abs=0.05)
    assert path.ledger.arrivals[4, 0] == pytest.approx(path.ledger.use[4, 0] + 1)


@pytest.mark.parametrize("cut", [1, 3, 5])
def test_a_path_that_goes_on_is_the_path_in_one_piece(cut):
    economy = small(1)
    stop = Shock(targets=(cap(0.4), cap(0.1, ("C0",))))
    shocks, places = [stop] * 5 + [Shock()] * 2, [(0, 1)] * 5 + [()] * 2
    options = {"stock_months": 1.5, "refill": 0.3}
    whole = solve_on_stocks(economy, shocks, places, **options)
    begun = solve_on_stocks(economy, shocks[:cut], places[:cut], **options)
    for stem in (begun, whole.until(cut)):
        path = solve_on_stocks(economy, shocks[cut:], places[cut:], start=stem, **options)
        assert len(path) == len(whole) == len(path.ledger.use)
        np.testing.assert_allclose(path.real_income_hat, whole.real_income_hat, atol=1e-8)
        np.testing.assert_allclose(path.ledger.stock, whole.ledger.stock, atol=1e-6)


def test_a_new_cap_parts_a_stock_that_was_one():
    economy = small(1)
    everyone = Shock(targets=(cap(0.5),))
    begun = solve_on_stocks(economy, [everyone], [(0,)], stock_months=2)
    both = Shock(targets=(cap(0.5), cap(0.1, ("C0",))))
    path = solve_on_stocks(economy, [both], [(0, 1)], stock_months=2, start=begun)
    books = path.ledger
    assert [pool.importers for pool in books.pools] == [("C0",), ("C2",)]
    np.testing.assert_allclose(books.stock[0], begun.ledger.stock[0, 0])
    np.testing.assert_allclose(books.arrivals, books.use + books.change, atol=1e-9)
    # A path without books goes on from full stocks.
    late = solve_on_stocks(
        economy, [everyone], [(0,)], stock_months=2, start=solve_path(economy, [Shock()])
    )
    assert late.ledger.stock[0, 0] == 2
    assert late.ledger.stock[1, 0] == pytest.approx(1.5, abs=1e-6)


@pytest.mark.parametrize(
    ("target", "options"),
    [
        (QuantityTarget(None, ("C1",), ("S0",), "cap", 0.5), {}),
        (QuantityTarget(("C0",), ("C1", "C2"), ("S0",), "cap", 0.5), {}),
        (QuantityTarget(("C0",), ("C1",), ("S0",), "floor", 1.5), {}),
        (cap(0.5), {"stock_months": -1}),
        (cap(0.5), {"refill": 2}),
    ],
)
def test_stocks_that_make_no_sense_are_refused(target, options):
    economy, shock = small(1), Shock(targets=(target,))
    with pytest.raises(EconomyError):
        solve_on_stocks(economy, [shock], [(0,)], **({"stock_months": 1} | options))


@pytest.fixture(scope="module")
def paths():
    return {
        months: sim.run(ENFORCED, months=12, levers={**STOP, "stock_months": months})
        for months in (0, 1, 3, 6)
    }


def series(result, variable, region, sector=None):
    months = range(1, len(result.dates) + 1)
    return np.array([result.at(at).value(variable, region, sector=sector) for at in months])


def first_bite(values, least):
    return int(np.argmax(np.abs(values) > least))


@pytest.mark.parametrize(
    ("variable", "sector", "least"),
    [
        ("real_income_change", None, 0.001),
        ("price_index_change", "RARE", 10.0),
        ("gross_output_change", "C27", 10.0),
    ],
)
def test_one_three_and_six_months_of_stock_give_three_paths(paths, variable, sector, least):
    """Downstream output, prices and real income move when the stocks are gone, not before."""
    bites = [
        first_bite(series(paths[months], variable, "USA", sector), least) for months in (0, 1, 3, 6)
    ]
    assert bites[0] == 0
    assert bites == sorted(set(bites)), bites
    for months, bite in zip((1, 3, 6), bites[1:], strict=True):
        calm = series(paths[months], variable, "USA", sector)[: bite - 1]
        assert np.abs(calm).max(initial=0) < 0.1 * least
    last = [series(paths[months], variable, "USA", sector) for months in (1, 3, 6)]
    for one, other in ((0, 1), (1, 2), (0, 2)):
        apart = np.abs(last[one] - last[other]).max()
        assert apart > 5 * least


def test_prices_soar_when_stocks_are_gone(paths):
    rare = series(paths[3], "price_index_change", "USA", "RARE")
    assert np.abs(rare[:3]).max() < 1
    assert rare.max() > 300


def test_the_stock_path_is_in_the_results(paths):
    result = paths[3]
    kept = result.manifest["border"]["stocks"]
    assert [entry["users"] for entry in kept] == ["USA", "OTHERS"]
    for entry in kept:
        stock = [3.0, *(month["stock"] for month in entry["months"])]
        for t, month in enumerate(entry["months"]):
            assert month["arrivals"] == pytest.approx(
                month["use"] + stock[t + 1] - stock[t], abs=1e-9
            )
            assert month["stock"] >= 0
    held = [month["stock"] for month in kept[0]["months"]]
    for at in (1, 4, 12):
        assert result.at(at).value("stock_held", "USA", "CHN", "RARE") == held[at - 1]
    assert kept[0]["gone_in"] == "2026-02"
    assert result.at(2).value("stock_use_change", "USA", "CHN", "RARE") == pytest.approx(0, abs=0.1)
    assert result.at(2).value("stock_arrivals", "USA", "CHN", "RARE") == pytest.approx(7, abs=1e-3)
    # The law changed once; that users live on stocks is no change of the law, and no warning.
    assert result.manifest["path"]["policy_changes"] == ["2025-11", "2026-01"]
    assert result.manifest["warnings"] == []


def test_no_stock_is_the_path_as_it_was(paths):
    assert "stocks" not in paths[0].manifest["border"]
    assert not paths[0].at(1).select("stock_held").num_rows
    assert series(paths[0], "real_income_change", "USA")[0] < -0.01


def test_other_scenarios_have_no_stocks():
    assert "stocks" not in sim.run("truce-lapse", months=2).manifest["border"]
    assert read_pace().stock_months.value == 3


@pytest.mark.parametrize("value", [-1, 13])
def test_stocks_are_at_most_a_year(value):
    with pytest.raises(InputError, match="stock_months"):
        sim.run(ENFORCED, months=1, levers={"stock_months": value})


@pytest.mark.parametrize("width", [80, 120])
def test_the_command_shows_the_stocks(width):
    runner = CliRunner()
    arguments = ["run", ENFORCED, "--months", "6", "--set", "stock_months=1"]
    result = runner.invoke(app, arguments, env={"COLUMNS": str(width), "TERM": "dumb"})
    assert result.exit_code == 0, result.stderr
    assert max(map(len, result.stdout.splitlines())) <= width
    words = " ".join(result.stdout.split())
    assert "all buyers, months of use" in words
    assert "begin with 1 months of use in stock (assumed); it is gone in 2025-12" in words


def test_a_near_total_ban_is_felt_as_in_the_long_run_not_a_hundredfold():
    """Rare earths are re-sourced at once: who cannot buy from China buys elsewhere, dearly."""
    ban = sim.run("tit-for-tat", months=2, levers={"stock_months": 0})
    long_run = sim.run("tit-for-tat").value("real_income_change", "USA")
    now = ban.at(1).value("real_income_change", "USA")
    assert 2 * long_run < now < 0
    slow = {"stock_months": 0, "resourcing_rare_earths": 0.08}
    stuck = sim.run("tit-for-tat", months=1, levers=slow)
    assert stuck.value("real_income_change", "USA") < 10 * long_run
