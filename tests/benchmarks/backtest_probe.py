"""First backtests of the path model: ``python tests/benchmarks/backtest_probe.py``.

Feeds dated US tariffs on China by sector to the path and compares the yearly change of monthly US
imports from China with the census.  Prints and judges nothing; takes a few seconds.  Approximate:

- 2025: fentanyl on everything, reciprocal on the list ``reciprocal`` (electronics out from 5 April,
  as the memo of 11 April has it), Section 232 as the increments of October 2025 phased in by date;
  other partners 10 % on the same list from 5 April, the schedule of October 2025 from 7 August.
  facts.md 2.2; grade A but for the phases (X).
- 2018-19: lists 1, 2, 3, 4A by HS8 line on imports of 2024, each list blown up to its value when it
  was written (34, 16, 200, 120 bn), on an economy from which Section 301 is taken out.  China's
  retaliation from ``war2018`` with assumed phases.  facts.md 2.2; weights X.

No trend, season, front-loading, parcels or other shocks: a yearly change is the effect of tariffs.
"""

# ruff: noqa: E402, T201  threads are set before numpy is imported; printing is all this file does

import os

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

import csv
import sys
import time
from datetime import date, timedelta
from pathlib import Path

import numpy as np

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY / "tests"))

from sim.baseline.aggregate import read_aggregation
from sim.baseline.lines import cell_sums, group_members, us_lines
from sim.baseline.load import load_bundle
from sim.model import Shock, solve, solve_path

DATA = Path(os.environ.get("TRUCE_DATA", REPOSITORY.parent / "shared" / "data"))

FENTANYL = [(date(2025, 2, 4), 0.10), (date(2025, 3, 4), 0.20), (date(2025, 11, 10), 0.10)]
RECIPROCAL = [
    (date(2025, 4, 5), 0.10),
    (date(2025, 4, 9), 0.84),
    (date(2025, 4, 10), 1.25),
    (date(2025, 5, 14), 0.10),
]
METALS = [(date(2025, 3, 12), 0.5), (date(2025, 6, 4), 1.0)]
CARS = [(date(2025, 4, 3), 0.6), (date(2025, 5, 3), 1.0)]
WOOD = [(date(2025, 10, 14), 1.0)]
WORLD = [(date(2025, 4, 5), 0.10), (date(2025, 8, 7), 0.0)]
WORLD_SCHEDULE = [(date(2025, 8, 7), 1.0)]
NORTH_AMERICA = [(date(2025, 3, 4), 1.0)]
CHINA_ON_US = [
    (date(2025, 4, 10), 0.84),
    (date(2025, 4, 12), 1.25),
    (date(2025, 5, 14), 0.10),
]
CHINA_FARM = [(date(2025, 3, 10), 1.0), (date(2025, 11, 10), 0.0)]

LISTS = {  # list: value when written (USD bn), rate by date
    "1": (34, [(date(2018, 7, 6), 0.25)]),
    "2": (16, [(date(2018, 8, 23), 0.25)]),
    "3": (200, [(date(2018, 9, 24), 0.10), (date(2019, 5, 10), 0.25)]),
    "4A": (120, [(date(2019, 9, 1), 0.15), (date(2020, 2, 14), 0.075)]),
}
UNLISTED_BN = 135
"""What is left of the imports of 2017: list 4B was announced at 160 bn, all add up to 505."""
RATES_2024 = {"1": 0.25, "2": 0.25, "3": 0.25, "4A": 0.075}
RETALIATION_PHASES = [
    (date(2018, 7, 6), 0.25),
    (date(2018, 8, 23), 0.4),
    (date(2018, 9, 24), 0.8),
    (date(2019, 6, 1), 0.9),
    (date(2019, 9, 1), 1.0),
]

WAR_SECTOR = {  # row of war2018: ICIO goods sectors 1-22
    code: row
    for row, codes in enumerate(
        [
            "A01 SOY", "A02_03", "B05_06", "B07_09", "", "C10T12", "C13T15", "C16", "C17_18", "C19",
            "C20", "C21", "C22", "C23", "C24A C24B", "C25", "C26 SEMI", "C27 RARE", "C28", "C29",
            "C301 C302T309", "C31T33",
        ],
        start=1,
    )
    for code in codes.split()
}  # fmt: skip


def in_force(steps, day):
    """Value of the last step on or before a day; 0 before the first."""
    return next((value for start, value in reversed(steps) if start <= day), 0.0)


def monthly(steps, months):
    """Day-weighted average of dated steps over each month."""
    averages = []
    for year, month in months:
        day, values = date(year, month, 1), []
        while day.month == month:
            values.append(in_force(steps, day))
            day += timedelta(1)
        averages.append(float(np.mean(values)))
    return averages


def span(first, last):
    """Months from (year, month) to (year, month), both in."""
    start, end = first[0] * 12 + first[1] - 1, last[0] * 12 + last[1] - 1
    return [(t // 12, t % 12 + 1) for t in range(start, end + 1)]


def shocks_2025(bundle, months, *, uniform=False):
    """One shock for each month of 2025, and January 2026."""
    economy, lists, rates = bundle.economy, bundle.coverage, bundle.rates
    usa, china = economy.importers.index("USA"), economy.importers.index("CHN")
    cars = economy.sectors.index("C29")
    world = np.arange(len(economy.importers))
    others = ~np.isin(world, [usa, china])
    neighbours = np.isin(np.array(economy.importers), ["CAN", "MEX"])
    phase = np.zeros((len(months), len(economy.sectors)))
    phase[:] = np.array(monthly(METALS, months))[:, None]
    phase[:, cars] = monthly(CARS, months)
    for code in ("C16", "C31T33"):
        phase[:, economy.sectors.index(code)] = monthly(WOOD, months)
    dated = {
        name: monthly(steps, months)
        for name, steps in {
            "fentanyl": FENTANYL,
            "reciprocal": RECIPROCAL,
            "world": WORLD,
            "schedule": WORLD_SCHEDULE,
            "neighbours": NORTH_AMERICA,
            "china": CHINA_ON_US,
            "farm": CHINA_FARM,
        }.items()
    }
    section_232 = rates["s232-october-2025"][usa]
    schedule = rates["us-ieepa-world-2025-10"][usa]
    made = []
    for t in range(len(months)):
        tariff = np.array(economy.tariff_rate)
        extra = np.zeros_like(tariff[usa])
        extra += section_232 * phase[t]
        extra[china] += dated["fentanyl"][t] * lists["all"][usa, china]
        extra[china] += dated["reciprocal"][t] * lists["reciprocal"][usa, china]
        far = others & ~neighbours
        extra[far] += dated["world"][t] * lists["reciprocal"][usa, far]
        extra[far] += dated["schedule"][t] * schedule[far]
        extra[neighbours] += dated["neighbours"][t] * schedule[neighbours]
        if uniform:
            weight = economy.trade_flow[usa, china] * (lists["all"][usa, china] > 0)
            extra[china] = (extra[china] * weight).sum() / weight.sum() * (weight > 0)
        tariff[usa] += extra
        tariff[china, usa] += dated["china"][t] * lists["cn-all"][china, usa]
        for name, rate in (("cn-farm-15", 0.15), ("cn-farm-10", 0.10)):
            tariff[china, usa] += dated["farm"][t] * rate * lists[name][china, usa]
        made.append(Shock(tariff_rate_cf=tariff))
    return made


def list_shares(economy):
    """Share of each list in US imports from China, [list, j], at values of 2024 and of 2017."""
    axes = read_aggregation()
    lines = us_lines(DATA, group_members(axes.regions), group_members(axes.sectors))
    with (DATA / "lines/lists_budgetlab/s301_product_lists.csv").open(encoding="utf-8") as file:
        list_of = {row["hts8"]: row["list"] for row in csv.DictReader(file) if row["list"] in LISTS}
    chinese = lines.region.among({"CHN"})
    now, before = {}, {}
    left = chinese.copy()
    written = np.zeros(len(lines))
    for name, (value_bn, _) in LISTS.items():
        codes = {code for code in lines.hs10.names if list_of.get(code[:8]) == name}
        mine = chinese & lines.hs10.among(codes)
        left &= ~mine
        now[name] = np.where(mine, lines.imports_usd, 0.0)
        before[name] = now[name] * value_bn * 1e9 / now[name].sum()
        written += before[name]
    rest = np.where(left, lines.imports_usd, 0.0)
    written += rest * UNLISTED_BN * 1e9 / rest.sum()
    value_2024 = np.where(chinese, lines.imports_usd, 0.0)
    return tuple(
        np.array([by_sector(economy, lines, part[name]) for name in LISTS])
        / np.maximum(by_sector(economy, lines, total), 1.0)
        for part, total in ((now, value_2024), (before, written))
    )


def by_sector(economy, lines, values):
    return cell_sums(lines, values, ["CHN"], list(economy.sectors))[0]


def economy_before_2018(economy, share_2024):
    """The economy without Section 301: solved, and taken as a new baseline."""
    usa, china = economy.importers.index("USA"), economy.importers.index("CHN")
    tariff = np.array(economy.tariff_rate)
    collected = np.array(list(RATES_2024.values())) @ share_2024
    tariff[usa, china] = np.maximum(tariff[usa, china] - collected, 0.0)
    return economy.rebased(solve(economy, Shock(tariff_rate_cf=tariff), tolerance=1e-10))


def shocks_2018(economy, months, share):
    """One shock for each month of 2018-19."""
    usa, china = economy.importers.index("USA"), economy.importers.index("CHN")
    dated = {name: monthly(steps, months) for name, (_, steps) in LISTS.items()}
    phase = monthly(RETALIATION_PHASES, months)
    with (DATA / "war2018/tariff_China.csv").open(encoding="utf-8") as file:
        wave = [float(row["China_tariff_wave5"]) for row in csv.DictReader(file)]
    retaliation = np.array([wave[WAR_SECTOR.get(code, 0) - 1] for code in economy.sectors])
    retaliation[[code not in WAR_SECTOR for code in economy.sectors]] = 0.0
    made = []
    for t in range(len(months)):
        tariff = np.array(economy.tariff_rate)
        tariff[usa, china] += sum(
            dated[name][t] * row for name, row in zip(LISTS, share, strict=True)
        )
        tariff[china, usa] += phase[t] * retaliation
        made.append(Shock(tariff_rate_cf=tariff))
    return made


def imports(flows, bundle, exporters):
    """US goods imports at customs value by month, from [t, n, i, j]."""
    usa = bundle.economy.importers.index("USA")
    goods = [code != "SERV" for code in bundle.economy.sectors]
    value = flows[:, usa] * bundle.customs_factor[usa]
    return value[:, exporters][:, :, goods].sum(axis=(1, 2))


def actual():
    """Monthly US imports by partner, USD bn: {(year, month): (China, all others)}."""
    with (DATA / "monthly/us_imports_by_partner_2002_2026.csv").open(encoding="utf-8") as file:
        return {
            (int(row["date"][:4]), int(row["date"][5:7])): (
                float(row["m_china"]) / 1e3,
                (float(row["m_world"]) - float(row["m_china"])) / 1e3,
            )
            for row in csv.DictReader(file)
        }


def paths(economy, shocks, pace):
    """Flows by month of arrival: the path, and the static model with and without transit."""
    static = [solve(economy, shock).trade_flow_cf for shock in shocks]
    start = time.perf_counter()
    path = solve_path(economy, shocks, **pace)
    took = time.perf_counter() - start
    lagged = [economy.trade_flow, *static[:-1]]
    return {
        "path": path.arrival_flow,
        "static, lagged": np.array(lagged),
        "static": np.array(static),
    }, took


def yearly(levels, months, base):
    """Change over the same month a year before, percent; before the first month is the baseline."""
    at = dict(zip(months, levels, strict=True))
    return np.array([100 * (at[y, m] / at.get((y - 1, m), base) - 1) for y, m in months])


def report(title, months, judged, found, wanted):
    """Print the months, then mean absolute error and correlation of each model."""
    print(f"\n{title}\n" + "month".ljust(16) + "".join(f"{m:>7d}" for _, m in months))
    print("actual yoy %".ljust(16) + "".join(f"{value:7.1f}" for value in wanted))
    for name, value in found.items():
        print(name.ljust(16) + "".join(f"{x:7.1f}" for x in value))
    for name, value in ({"no change": np.zeros(len(wanted))} | found).items():
        text = name.ljust(16)
        for label, chosen in judged.items():
            error = np.abs(value - wanted)[chosen].mean()
            text += f"  {label}: {error:5.1f}"
        moves = value.std() > 0
        text += f"  correlation {np.corrcoef(value, wanted)[0, 1]:5.2f}" if moves else ""
        print(text)


def backtest_2025(elasticities, pace, *, uniform=False):
    bundle = load_bundle(elasticities)
    economy, months, data = bundle.economy, span((2025, 1), (2026, 1)), actual()
    flows, took = paths(economy, shocks_2025(bundle, months, uniform=uniform), pace)
    china = [code == "CHN" for code in economy.importers]
    others = [code not in ("CHN", "USA") for code in economy.importers]
    t = np.arange(len(months))
    judged = {"Jan-Dec": t < 12, "Apr-Dec": (t >= 3) & (t < 12)}
    for title, column, who in (("China", 0, china), ("all others", 1, others)):
        base = imports(economy.trade_flow[None], bundle, who)[0]
        found = {
            name: yearly(imports(flow, bundle, who), months, base) for name, flow in flows.items()
        }
        wanted = [100 * (data[y, m][column] / data[y - 1, m][column] - 1) for y, m in months]
        label = f"2025, US imports from {title} ({elasticities}, {took:.2f} s)"
        report(
            label + (", uniform tariff" if uniform else ""), months, judged, found, np.array(wanted)
        )


def backtest_2018(elasticities, pace):
    bundle = load_bundle(elasticities)
    share_2024, share = list_shares(bundle.economy)
    economy = economy_before_2018(bundle.economy, share_2024)
    months, data = span((2018, 1), (2019, 12)), actual()
    flows, took = paths(economy, shocks_2018(economy, months, share), pace)
    china = [code == "CHN" for code in economy.importers]
    base = imports(economy.trade_flow[None], bundle, china)[0]
    found = {
        name: yearly(imports(flow, bundle, china), months, base)[12:]
        for name, flow in flows.items()
    }
    wanted = [100 * (data[y, m][0] / data[y - 1, m][0] - 1) for y, m in months[12:]]
    report(
        f"2019, US imports from China ({elasticities}, {took:.2f} s)",
        months[12:],
        {"Jan-Dec": np.ones(12, bool)},
        found,
        np.array(wanted),
    )
    quarters = {name: value.reshape(4, 3).mean(axis=1) for name, value in found.items()}
    print("quarters, actual", np.array(wanted).reshape(4, 3).mean(axis=1).round(1))
    for name, value in quarters.items():
        print("quarters,", name, value.round(1))


def main():
    for elasticities in ("fontagne2022", "uniform4"):
        for pace in ({"resourcing": 0.10}, {"resourcing": 0.05}):
            print(f"\n===== {elasticities}, {pace}")
            backtest_2025(elasticities, pace)
            backtest_2018(elasticities, pace)
    backtest_2025("uniform4", {"resourcing": 0.10}, uniform=True)


if __name__ == "__main__":
    main()
