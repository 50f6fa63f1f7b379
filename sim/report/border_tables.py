"""What a terminal shows of a path between the border and use; computes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from sim.outputs.words import chance, number
from sim.report.console_layout import plain_table

Entry = Mapping[str, Any]

LABEL_WIDTH = 29

_NOTHING = 1e-6


def border_parts(manifest: Mapping[str, Any], shown: Sequence[int]) -> Iterator[RenderableType]:
    """Tables and sentences of stocks, licences and purchases.

    Parameters
    ----------
    shown
        Months to show, counted from 1.
    """
    border = manifest.get("border", {})
    labels = manifest.get("labels", {})
    for entry in border.get("stocks", ()):
        yield _table(_stock_title(entry, labels), entry, shown, _STOCK_ROWS)
        yield Text(_stock_words(entry))
    for entry in border.get("licences", ()):
        yield _table(f"{entry['title']}, queue, months of trade", entry, shown, _QUEUE_ROWS)
        yield Text(_queue_words(entry))
    for entry in border.get("purchases", ()):
        yield _table(_purchase_title(entry, labels), entry, shown, _PURCHASE_ROWS)
        yield Text(_purchase_words(entry))
    ahead = border.get("bought_ahead", ())
    # All partners are in the table and in the manifest; the rival alone is what moves them mostly.
    rivals = [entry for entry in ahead if entry["partner"] != "TOTAL"] or ahead
    for entry in rivals:
        yield _table(_ahead_title(entry, labels), _in_bn(entry), shown, _AHEAD_ROWS)
    if ahead:
        yield Text(" ".join([*(_ahead_words(entry, labels) for entry in rivals), AHEAD]))


AHEAD = (
    "Buying ahead of rises that are known beforehand is an account around the path (by month of "
    "arrival, annual rates); prices and incomes above do not move with it."
)


def _ahead_words(entry: Entry, labels: Mapping[str, str]) -> str:
    top = max(entry["months"], key=lambda month: float(month["stock"]))
    part = 100.0 * 12.0 * top["stock"] / top["use"] if top["use"] else 0.0
    return (
        f"{_name(entry['region'], labels)}: stocks of these goods are highest in {top['month']}, "
        f"{number(top['stock'] / 1000)} bn USD or {number(part)} % of a month's use."
    )


_AHEAD_ROWS = (
    ("imports for use", "use"),
    ("imports with stocks", "arrivals"),
    ("bought ahead, in stock", "stock"),
)


def _ahead_title(entry: Entry, labels: Mapping[str, str]) -> str:
    seller = "all" if entry["partner"] == "TOTAL" else _name(entry["partner"], labels)
    return f"{_name(entry['region'], labels)}, goods from {seller}, bn USD"


def _in_bn(entry: Entry) -> Entry:
    scaled = [
        {key: value if key == "month" else value / 1000 for key, value in month.items()}
        for month in entry["months"]
    ]
    return {**entry, "months": scaled}


_STOCK_ROWS = (("used", "use"), ("arrived", "arrivals"), ("in stock at its end", "stock"))
_QUEUE_ROWS = (
    ("filed", "filed"),
    ("approved", "approved"),
    ("refused", "refused"),
    ("pending at its end", "pending"),
    ("may be shipped, part of normal", "supply_hat"),
)
_PURCHASE_ROWS = (
    ("promised", "promised"),
    ("bought", "bought"),
    ("shipped", "shipped"),
    ("arrived", "arrived"),
    ("shipped without the promise", "without"),
    ("fulfilment so far, %", "fulfilment_pct"),
)


def _table(
    title: str, entry: Entry, shown: Sequence[int], rows: Sequence[tuple[str, str]]
) -> Table:
    table = plain_table()
    table.add_column(title, overflow="fold", max_width=LABEL_WIDTH)
    months = [entry["months"][month - 1] for month in shown]
    for month in months:
        table.add_column(month["month"], justify="right")
    for label, key in rows:
        values = (month[key] for month in months)
        table.add_row(label, *("" if value is None else number(value) for value in values))
    return table


def _name(code: str, labels: Mapping[str, str]) -> str:
    return labels.get(code, code)


def _stock_title(entry: Entry, labels: Mapping[str, str]) -> str:
    users = {"TOTAL": "all buyers", "OTHERS": "all other buyers"}.get(
        entry["users"], _name(entry["users"], labels)
    )
    goods, seller = _name(entry["sector"], labels), _name(entry["exporter"], labels)
    return f"{goods} from {seller}: {users}, months of use"


def _stock_words(entry: Entry) -> str:
    start = f"Users begin with {entry['stock_months']:g} months of use in stock (assumed)"
    if entry["gone_in"] is None:
        return f"{start} and have some left at the end."
    return f"{start}; it is gone in {entry['gone_in']}, and from then on they live on what arrives."


def _queue_words(entry: Entry) -> str:
    used, total = entry["parameters"], entry["totals"]
    return (
        f"A decision takes {used['lag_months']:g} months; {chance(used['approval_first'])} are "
        f"approved at first, {chance(used['approval'])} after {used['ramp_months']:g} months; "
        f"licences last {used['validity_months']:g} months. Of {number(total['filed'])} months of "
        f"trade applied for, {number(total['approved'])} were approved, "
        f"{number(total['refused'])} refused, the rest is pending; {number(total['expired'])} ran "
        "out unused."
    )


def _purchase_title(entry: Entry, labels: Mapping[str, str]) -> str:
    goods = ", ".join(_name(code, labels) for code in entry["sectors"])
    goods = goods if len(entry["sectors"]) <= 2 else f"{len(entry['sectors'])} sectors"
    buyer, seller = (
        ", ".join(_name(code, labels) for code in entry[k]) for k in ("buyer", "seller")
    )
    return f"{goods}, {seller} to {buyer}, {entry['unit']} in the month"


def _purchase_words(entry: Entry) -> str:
    """Say how far the promise is kept, and what closes the gap of its last month."""
    last = entry["months"][-1]
    sums, closing = last["cumulative"], entry["closing"]
    text = (
        f"Until {last['month']} {number(sums['promised'])} {entry['unit']} were promised, "
        f"{number(sums['bought'])} bought, {number(sums['shipped'])} shipped, "
        f"{number(sums['arrived'])} have arrived; {number(sums['without'])} would have been "
        "shipped without the promise."
    )
    if closing is None or closing.get("subsidy_pct", 1.0) < _NOTHING:
        return text
    gap = (
        f" In {closing['month']}, at annual rates, the market alone is "
        f"{number(closing['shortfall'])} short of {number(closing['promised'])} {entry['unit']}. "
    )
    if "subsidy_pct" not in closing:
        return f"{text}{gap}No subsidy was found that closes it in that month."
    buying = (
        f"state buying at an implicit subsidy of {number(closing['subsidy_pct'])} % "
        f"({number(closing['subsidy_usd_mn'] / 1000)} bn USD a year)"
    )
    duty = f"a duty {number(closing['duty_cut_pp'])} points below {number(closing['duty_pp'])} %"
    if closing["is_closed_by_duty"]:
        return f"{text}{gap}{_capital(duty)} closes the gap, and so does {buying}."
    whole = f"Even no duty at all ({number(closing['duty_pp'])} % now) does not close the gap"
    return f"{text}{gap}{whole}; {buying} does."


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
