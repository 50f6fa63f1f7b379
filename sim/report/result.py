"""What a terminal shows: tables and sentences made from results; nothing is computed here."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from rich import box
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from sim.outputs import words
from sim.outputs.comparison import Comparison, Worth
from sim.outputs.headline import Figure, Headline, Mover, figure_order, headline
from sim.outputs.path import path_sentence, shown_months
from sim.outputs.published import Published, published
from sim.outputs.results import RunResult
from sim.report.border import border_parts
from sim.report.overview import overview

MIN_WIDTH, MAX_WIDTH = 60, 140
LABEL_WIDTH, LEVEL_WIDTH, CELL_WIDTH = 29, 10, 17


RANGES = (
    "5 to 95 %: range of the change over draws of the trade elasticities and of factor mobility; "
    "errors of measures, data and model are not in it (docs/studies.md)."
)

HORIZON = (
    "All numbers are a static answer: what trade settles at in the long run, a year, in USD of the "
    "baseline; not the first months."
)


Ranges = Mapping[str, tuple[float, float]]


def run_report(result: RunResult, width: int, ranges: Ranges | None = None) -> RenderableType:
    """Return the report of one run: headline, sentences, rankings, what it rests on.

    `ranges` holds the low and the high end of the changes of headline figures, by figure id.
    """
    top = headline(result)
    parts: list[RenderableType] = [
        _title(top),
        _headline_table(top, width, ranges or {}),
        _bullets([*words.sentences(top), RANGES if ranges else ""]),
        *rules_report(result.manifest),
        *_rankings(top),
        *_beside(result),
        _basis(result),
        Text(HORIZON),
    ]
    return Group(*_spaced(parts))


def path_report(result: RunResult, width: int) -> RenderableType:
    """Return the report of a path: headline changes by month, its last month in words, its pace."""
    shown = shown_months(result)
    tops = {month: headline(result.at(month)) for month in shown}
    last = tops[shown[-1]]
    names = {month: f"{month} ({result.dates[month - 1]:%Y-%m})" for month in shown}
    columns = [(names[month], top.figures) for month, top in tops.items()]
    parts: list[RenderableType] = [
        _title(last),
        Text(path_sentence(result.manifest)),
        *rules_report(result.manifest),
        *_figure_tables("change, by month", columns, width, with_level=True),
        *border_parts(result.manifest, shown),
        Text(f"In month {shown[-1]}, {result.dates[-1]:%B %Y}:", style="bold"),
        _bullets(words.sentences(last)[:9]),
        _basis(result),
    ]
    return Group(*_spaced(parts))


def rules_report(manifest: Mapping[str, Any]) -> Iterator[RenderableType]:
    """What the rules of a path did, month by month; nothing if it has none."""
    rules = manifest.get("rules")
    if rules is None:
        return
    yield Text("Rules:", style="bold")
    acted = {firing["rule"] for firing in rules["firings"]}
    idle = [rule["title"] for rule in rules["known"] if rule["id"] not in acted]
    lines = [str(firing["words"]) for firing in rules["firings"]]
    if rules["static"]:
        lines = ["they act month by month (--months), and not in a static run."]
    elif idle:
        lines.append(f"Did not act: {'; '.join(idle)}.")
    yield _bullets(lines)


def comparison_report(
    comparison: Comparison, width: int, *, details: bool = False
) -> RenderableType:
    """Return the comparison: overview, what it says in words, on request all figures, its basis."""
    parts: list[RenderableType] = [overview(comparison, width)]
    for top in comparison.headlines:
        parts.append(Group(Text(top.title, style="bold"), _bullets(words.sentences(top)[:9])))
    if comparison.worths:
        parts.append(_bullets(_worth_words(worth) for worth in comparison.worths))
    if details:
        parts += [*_tables(comparison.headlines, width), *_worth_tables(comparison.worths, width)]
    parts.append(_bullets(_basis_words(result, title=True) for result in comparison.results))
    parts.append(Text(HORIZON))
    return Group(*_spaced(parts))


def width_of(console: Console) -> int:
    """Width to lay tables out for."""
    return max(MIN_WIDTH, min(MAX_WIDTH, console.width))


def _title(top: Headline) -> Text:
    text = Text(top.title, style="bold")
    text.append(f"\n{top.scenario}, changes against “{top.against_title}”", style="not bold")
    return text


def _bullets(texts: Iterable[str]) -> RenderableType:
    grid = Table.grid(padding=(0, 1))
    for text in texts:
        if text:
            grid.add_row("-", Text(text))
    return grid


def _spaced(parts: Sequence[RenderableType]) -> Iterator[RenderableType]:
    for position, part in enumerate(parts):
        if position:
            yield Text("")
        yield part


def _table(label_width: int | None, *headers: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, 1))
    table.add_column(headers[0], overflow="fold", max_width=label_width)
    for header in headers[1:]:
        table.add_column(header, justify="right", overflow="fold")
    return table


def _headline_table(top: Headline, width: int, ranges: Ranges) -> Table:
    heads = ("", "level", "change", *(("5 to 95 %",) if ranges else ()))
    table = _table(width - (57 if ranges else 45), *heads)
    for name, figure in top.figures.items():
        if not words.is_idle(figure):
            level = "" if figure.value is None else words.with_unit(figure.value, figure.unit)
            row = [figure.label, level, words.change_text(figure)]
            table.add_row(*row, *([_range_text(ranges.get(name))] if ranges else []))
    return table


def _range_text(ends: tuple[float, float] | None) -> str:
    return "" if ends is None else " to ".join(words.number(end) for end in ends)


def _tables(headlines: Sequence[Headline], width: int) -> Iterator[Table]:
    """One table, or several below each other where the columns do not fit."""
    columns = [(top.scenario, top.figures) for top in headlines]
    yield from _figure_tables("change against the baseline", columns, width, with_level=True)


def _worth_tables(worths: Sequence[Worth], width: int) -> Iterator[Table]:
    columns = [
        (f"{worth.result.id} against {worth.counterpart.id}", worth.figures) for worth in worths
    ]
    yield from _figure_tables("worth: difference to the counterpart", columns, width)


def _figure_tables(
    title: str,
    columns: Sequence[tuple[str, Mapping[str, Figure]]],
    width: int,
    *,
    with_level: bool = False,
) -> Iterator[Table]:
    used = LABEL_WIDTH + 2 + (LEVEL_WIDTH if with_level else 0)
    room = max(1, (width - used) // (CELL_WIDTH + 2))
    for start in range(0, len(columns), room):
        yield _figure_table(title, columns[start : start + room], with_level=with_level)


def _figure_table(
    title: str, columns: Sequence[tuple[str, Mapping[str, Figure]]], *, with_level: bool
) -> Table:
    names = ["\n".join(textwrap.wrap(name, CELL_WIDTH)) for name, _ in columns]
    table = _table(LABEL_WIDTH, title, *(["baseline"] if with_level else []), *names)
    for name, label, unit in _rows([figures for _, figures in columns]):
        row = [figures.get(name) for _, figures in columns]
        cells = [_cell(figure) for figure in row]
        if with_level:
            level = next((figure.baseline for figure in row if figure is not None), None)
            cells.insert(0, "" if level is None else words.number(level))
        table.add_row(f"{label}, {unit}", *cells)
    return table


def _rows(columns: Sequence[Mapping[str, Figure]]) -> list[tuple[str, str, str]]:
    """Rows in which at least one column has something to show."""
    seen: dict[str, tuple[str, str, str]] = {}
    for figures in columns:
        for name, figure in figures.items():
            if not words.is_idle(figure):
                unit = _UNITS.get(figure.change_unit, figure.change_unit)
                seen.setdefault(name, (name, figure.label, unit))
    return [seen[name] for name in figure_order() if name in seen]


_UNITS = {"percentage points": "points", "percent": "%", "million tonnes": "million t"}


def _cell(figure: Figure | None) -> str:
    if figure is None:
        return ""
    if words.is_still(figure):
        return "0"
    text = words.number(figure.change, sign=True)
    if figure.percent is not None:
        text += f" ({words.number(figure.percent, sign=True)} %)"
    return text


def _rankings(top: Headline) -> list[RenderableType]:
    titles = {
        "third_countries": "Third countries, real income",
        "us_imports_from_third_countries": "Third countries, sales to the US",
        "us_sectors": "US sectors, real factor income",
    }
    shown: list[RenderableType] = []
    for name, title in titles.items():
        gain, lose = top.rankings.get(f"{name}_gain", ()), top.rankings.get(f"{name}_lose", ())
        if gain or lose:
            shown.append(_ranking_table(title, [*gain, *reversed(lose)]))
    return shown


def _ranking_table(title: str, movers: Sequence[Mover]) -> Table:
    table = _table(None, title, "USD mn", "%")
    for mover in movers:
        percent = "" if mover.percent is None else words.number(mover.percent, sign=True)
        table.add_row(mover.label, words.number(mover.change, sign=True), percent)
    return table


def published_table(estimates: Sequence[Published]) -> Table:
    """Published numbers beside ours, with grades."""
    table = _table(None, "Published estimates", "published", "ours", "grade")
    for one in estimates:
        ours = "" if one.ours is None else words.number(one.ours, sign=True)
        table.add_row(f"{one.study}: {one.what}, {one.unit}", one.shown, ours, one.grade)
    return table


def _beside(result: RunResult) -> Iterator[RenderableType]:
    """The published numbers that the scenario names, and why ours need not agree."""
    found = published(result)
    if found:
        yield published_table(found)
        yield _bullets(f"{one.study}: {one.note}" for one in found if one.note)


def _worth_words(worth: Worth) -> str:
    return words.worth_sentence(
        worth.result.title, worth.counterpart.title, worth.reason, worth.figures
    )


def _basis(result: RunResult) -> RenderableType:
    return Text(_basis_words(result))


def _basis_words(result: RunResult, *, title: bool = False) -> str:
    """Say what an article states, what comes from elsewhere, and what is assumed."""
    manifest = result.manifest
    stated = [str(entry["number"]) for entry in manifest.get("stated", ())]
    switches = [lever for lever in manifest.get("levers", ()) if _is_switch(lever)]
    levers = [lever for lever in manifest.get("levers", ()) if not _is_switch(lever)]
    assumed = [_lever_text(lever) for lever in levers if lever["assumed"]]
    sourced = [
        f"{_lever_text(lever)} [{lever['grade']}]"
        for lever in levers
        if not lever["assumed"] and lever["basis"] != "article"
    ]
    facts = [f"{entry['seed']} {entry['fact']}" for entry in manifest.get("rests_on", ())]
    parts = (
        ("Rests on the articles", facts),
        ("Stated by the articles", stated),
        ("Stated by no article", [str(words_) for words_ in manifest.get("not_stated", ())]),
        ("From other sources", sourced),
    )
    lines = [f"{head}: {'; '.join(listed)}." for head, listed in parts if listed]
    if assumed:
        lines.append(f"Assumed here: {'; '.join(assumed)}.")
    lines += _switch_words(switches)
    lines += [f"Note: {warning}." for warning in manifest.get("warnings", ())]
    return " ".join([f"{result.title}.", *lines] if title else lines)


def _is_switch(lever: Mapping[str, Any]) -> bool:
    """Tell whether a lever only turns measures on and off."""
    return all(str(path).endswith(".switch") for path in lever["paths"])


def _switch_words(switches: Sequence[Mapping[str, Any]]) -> list[str]:
    """Say which switches are on; nobody has established what they stand for."""
    if not switches:
        return []
    on = "; ".join(str(lever["label"]) for lever in switches if lever["value"] >= 1) or "none"
    off = sum(lever["value"] < 1 for lever in switches)
    return [f"Switches (not established), on: {on}. Off: {off} others."]


def _lever_text(lever: Mapping[str, Any]) -> str:
    unit = str(lever.get("unit", ""))
    shown = "" if unit in ("", "share", "kappa") else f" {unit}"
    return f"{lever['label']} {lever['value']:g}{shown}"


def sources_report(found: Mapping[str, Any]) -> RenderableType:
    """Return who says what: measures, levers, elasticities, data; with grades."""
    parts: list[RenderableType] = [Text(f"{found['title']} ({found['scenario']})", style="bold")]
    owners = dict.fromkeys(entry["measure_id"] for entry in found["sources"])
    states = {measure["id"]: _state(measure) for measure in found["measures"]}
    for owner in owners:
        entries = [entry for entry in found["sources"] if entry["measure_id"] == owner]
        head = Text(f"{owner}{states.get(owner, '')}")
        parts.append(Group(head, _bullets(_source_text(entry) for entry in entries)))
    parts.append(Text(f"Trade elasticities: {found['elasticities']}"))
    data = _bullets(_data_text(entry) for entry in found["baseline_sources"])
    parts.append(Group(Text(f"Baseline ({found['baseline_year']})"), data))
    parts.append(Text(GRADES))
    return Group(*_spaced(parts))


def _state(measure: Mapping[str, Any]) -> str:
    """Legal status of a measure, and whether it is a switch because nobody knows."""
    as_of = f" as of {measure['as_of']}" if measure["as_of"] else ""
    switch = {None: "", 0: "; a switch, off: not established", 1: "; a switch, on: not established"}
    return f" ({measure['status']}{as_of}{switch[measure['switch']]})"


GRADES = (
    "Grades: A legal text or official data, B press or law firm, C weak page, X our computation, "
    "M from memory, unverified."
)


def _source_text(entry: Mapping[str, Any]) -> str:
    if entry["basis"] == "assumption":
        return f"assumption: {entry['note']}" if entry["note"] else "assumption"
    if entry["seed"] is not None:
        firmness = f" ({entry['firmness']})" if entry["firmness"] else ""
        return f"article {entry['seed']}, {entry['fact']}{firmness}: {entry['paraphrase'] or ''}"
    unverified = ", unverified" if entry["grade"] == "M" else ""
    grade = f"[{entry['grade']}{unverified}] " if entry["grade"] else ""
    place = ", ".join(str(entry[key]) for key in ("title", "address", "date") if entry[key])
    return f"{grade}{place}" + (f"; {entry['note']}" if entry["note"] else "")


def _data_text(entry: Mapping[str, Any]) -> str:
    words_of = [str(entry[key]) for key in ("title", "address", "licence") if entry.get(key)]
    grade = f"[{entry['grade']}] " if entry.get("grade") else ""
    return grade + ", ".join(words_of)
