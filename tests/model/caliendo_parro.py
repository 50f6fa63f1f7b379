"""Caliendo and Parro's (2015) world of 1993 from their public replication files."""

from functools import cache

import numpy as np

from sim.model import Economy, Shock, solve
from sim.outputs import metrics
from tests.raw_data import DATA

COUNTRIES = tuple(
    """ARG AUS AUT BRA CAN CHL CHN DNK FIN FRA DEU GRC HUN IND IDN IRL ITA JPN KOR MEX NLD NZL NOR
    PRT ZAF ESP SWE TUR GBR USA ROW""".split()  # noqa: SIM905  a list of 31 would fill the page
)
TRADABLES, SECTORS = 20, 40
SERVICE_ELASTICITY = 8.22
FOLDER = DATA / "caliendo_parro2015"
NAFTA = ("MEX", "CAN", "USA")
TIGHT = 1e-11


def _table(name):
    return np.loadtxt(FOLDER / f"{name}.txt")


def _flows(name):
    """One importer-by-exporter block a tradable sector -> [n, i, j] with services at zero."""
    size = len(COUNTRIES)
    full = np.zeros((size, size, SECTORS))
    full[:, :, :TRADABLES] = np.moveaxis(_table(name).reshape(TRADABLES, size, size), 0, 2)
    return full


@cache
def world_of_1993():
    """The economy as calibrated: negative final demand clipped, deficits as observed.

    Own sales are output minus exports, zero where the data export more than they make.  One of
    the 49600 material shares is negative (-0.0008, Canada); it is set to zero.
    """
    size = len(COUNTRIES)
    flow = 1000.0 * _flows("xbilat1993")
    own = np.maximum(_table("GO").T - flow.sum(axis=0), 0.0)
    flow[np.arange(size), np.arange(size)] = own
    material = np.maximum(_table("IO").reshape(size, SECTORS, SECTORS), 0.0)
    return Economy.calibrate(
        importers=COUNTRIES,
        sectors=[f"S{number:02d}" for number in range(1, SECTORS + 1)],
        trade_flow=flow,
        tariff_rate=_flows("tariffs1993") / 100,
        input_share=material * (1 - _table("B").T)[:, None, :],
        trade_elasticity=np.append(_table("T"), np.full(SECTORS - TRADABLES, SERVICE_ELASTICITY)),
        clip_negative_final_demand=True,
    )


@cache
def balanced_world():
    """The base year of their Table 2: the same world without deficits."""
    world = world_of_1993()
    balanced = solve(world, Shock(trade_deficit_cf="balanced"), tolerance=TIGHT)
    return world.rebased(balanced)


def nafta():
    """Tariffs of 2005 among the three members, those of 1993 everywhere else."""
    tariff, later = np.array(balanced_world().tariff_rate), _flows("tariffs2005") / 100
    members = np.ix_(*(2 * [[COUNTRIES.index(code) for code in NAFTA]]))
    tariff[members] = later[members]
    return Shock(tariff_rate_cf=tariff)


def published_measures(eq):
    """Their five numbers for every country, percent, [measure][n]."""
    terms = metrics.welfare_terms_of_trade(eq.economy, eq)
    volume = metrics.welfare_volume_of_trade(eq.economy, eq)
    return {
        "welfare": 100 * (terms + volume),
        "terms_of_trade": 100 * terms,
        "volume_of_trade": 100 * volume,
        "real_wage": 100 * (eq.wage_hat[:, 0] / eq.consumer_price_hat - 1),
        "exact_real_income": 100 * (eq.real_income_hat - 1),
    }
