"""Paths, workers and pictures: what the pages show is what `sim` says."""

import itertools
import json
import re
import subprocess
import sys

import pytest

pytest.importorskip("streamlit", reason="the dashboard extra is not installed")

import sim
from dashboard import data
from dashboard.charts import gantt_chart, line_chart, range_bars, sparkline
from dashboard.data import acts, alt_texts, calendar_rows, sector_rows
from dashboard.parts import path_panel
from dashboard.records import Caption, Line, RangeBar, ShadedBand
from dashboard.worker import pool, tasks
from sim.engine.runs import run
from sim.outputs.headline import headline
from tests.alike import assert_same_content
from tests.dashboard.streamlit_pages import (
    ELASTICITIES,
    QUIET,
    SECONDS,
    chart,
    checked,
    opened,
    path_answer,
    texts,
)

pytestmark = QUIET


# Paths


def test_path_of_the_page_is_that_of_the_simulator():
    found = path_answer()["answer"]
    told = run("tariff-100", months=3)
    assert list(found["months"]) == [day.isoformat() for day in told.dates]
    for month in (1, 3):
        figures = headline(told.at(month)).figures
        assert set(found["figures"]) == set(figures)
        for key, figure in figures.items():
            assert found["figures"][key][month - 1] == pytest.approx(figure.change, abs=1e-12)
    last = told.at(3)
    level, change = (last.value(name, "USA", sector="SOY")
                     for name in ("gross_output", "gross_output_change"))  # fmt: skip
    assert found["output_pct"]["USA"]["SOY"][2] == pytest.approx(100 * change / (level - change))


def test_scenario_page_draws_the_path_and_sparklines():
    at = opened("scenario", scenario="truce-extension")
    spec, words = chart(at, "US goods imports from China: month by month")
    found = path_answer("truce-extension")["answer"]["figures"]["us_imports_from_china"]
    rows = [row["value"] for row in spec["data"]["values"]]
    assert rows == pytest.approx(list(found))
    assert rows[1] > 10
    assert words.startswith("Line chart. US goods imports from China: month by month")
    shown = [element.proto.body for element in at.get("html")]
    assert sum('role="img"' in one for one in shown) == len(shown) > 5


def test_path_chart_changes_its_figure_alone():
    at = opened("scenario", scenario="tariff-100")
    checked(at.selectbox(key="path-figure").set_value("us_tariff_revenue").run())
    spec, _ = chart(at, "US tariff revenue: month by month")
    assert [row["value"] for row in spec["data"]["values"]] == pytest.approx(
        list(path_answer()["answer"]["figures"]["us_tariff_revenue"])
    )


def test_sector_table_has_months_for_the_two():
    at = opened("sectors", scenario="tariff-100")
    table = at.dataframe[0].value
    soy = table[table["Sector"] == data.sectors()["SOY"]].iloc[0]
    assert list(soy[sector_rows.MONTHS]) == pytest.approx(
        list(path_answer()["answer"]["output_pct"]["USA"]["SOY"])
    )
    other = opened("sectors", scenario="tariff-100", region="MEX").dataframe[0].value
    assert sector_rows.MONTHS not in other.columns


def test_path_that_has_no_answer_is_said(monkeypatch):
    monkeypatch.setattr(tasks, "TASKS", {"path": fails})
    at = opened("scenario", {}, scenario="tariff-100", us_rate="61")
    assert "No path over months" in texts(at)
    assert at.metric


def fails(say, **request):
    raise sim.InputError("no equilibrium.")


# Workers


@pytest.fixture
def workers(monkeypatch):
    monkeypatch.setattr(pool, "IN_PROCESS", False)
    made = pool.WorkerPool(1)
    yield made
    made.close()


def test_worker_answers_fails_and_is_replaced(workers):
    """A real process: an answer, an error in words, and another process after the first dies."""
    request = {"do": "path", "scenario": "tariff-100", "levers": {}, "months": 1,
               "elasticities": ELASTICITIES}  # fmt: skip
    job = workers.ask(request)
    assert workers.ask(dict(request)) is job
    assert job.wait(SECONDS)
    assert_same_content(job.answer, json.loads(json.dumps(path_answer(count=1)["answer"])))
    bad = workers.ask(request | {"scenario": "nonsense"})
    assert bad.wait(SECONDS)
    assert "nonsense" in bad.error
    dead = workers.ask({"do": "no such thing"})
    assert dead.wait(SECONDS)
    assert "ended" in dead.error
    again = workers.ask(request | {"months": 2})
    assert again.wait(SECONDS)
    assert len(again.answer["months"]) == 2


def test_request_that_nobody_waits_for_is_dropped(workers, monkeypatch):
    monkeypatch.setattr(pool, "PATIENCE", -1.0)
    job = workers.ask({"do": "warm", "elasticities": ELASTICITIES})
    assert job.wait(SECONDS)
    assert job.error == pool.DROPPED


def test_page_that_was_too_slow_asks_again():
    """Its first request was dropped: the page took longer than the workers' patience."""
    path = path_panel.ask(data.answer("tariff-100"))
    path.job = pool.Job({})
    path.job.end(error=pool.DROPPED)
    assert_same_content(path_panel.wait_for(path, lambda: None), path_answer()["answer"])


def test_workers_load_no_streamlit():
    code = "import sys, dashboard.worker.tasks; sys.exit('streamlit' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_pool_keeps_only_so_many_answers(monkeypatch):
    monkeypatch.setattr(pool, "KEPT", 2)
    monkeypatch.setattr(tasks, "TASKS", {"echo": lambda say, value: value})
    workers = pool.WorkerPool()
    jobs = [workers.ask({"do": "echo", "value": value}) for value in range(3)]
    assert [job.answer for job in jobs] == [0, 1, 2]
    assert workers.ask({"do": "echo", "value": 2}) is jobs[2]
    assert workers.ask({"do": "echo", "value": 0}) is not jobs[0]


# Pictures


CAPTION = Caption("Title", "Scenario", "bn USD", "Source of it", "Note.")
LINES = [
    Line("A", (("2025-12-01", 1.0, "+1"), ("2026-01-01", -2.0, "-2"))),
    Line("B", (("2025-12-01", 0.0, "0"), ("2026-01-01", 0.0, "0"))),
]
RANGES = [RangeBar("A", -3.0, 1.0, "-3 USD", "+1 USD", -1.0, "-1 USD")]


def whole_calendar(name):
    pair, window = acts.sides(name), (acts.FIRST, acts.LAST)
    everyone = calendar_rows.everyone(pair)
    return calendar_rows.rows(acts.acts(name), pair, everyone, window, with_unchanged=True)


def test_new_charts_are_valid_vega_lite():
    altair = pytest.importorskip("altair")
    band = ShadedBand((("2025-12-01", 0.0, 1.0), ("2026-01-01", -3.0, 0.0)))
    window = ("2025-12-01", "2026-02-01")
    rows = whole_calendar("tariff-100")
    for spec in (
        line_chart.draw(LINES, CAPTION, window=window, band=band, is_stepped=True),
        range_bars.ranges(RANGES, CAPTION),
        range_bars.tornado(RANGES, CAPTION),
        gantt_chart.draw(rows, CAPTION, calendar_rows.iso_days((acts.FIRST, acts.LAST))),
    ):
        altair.LayerChart.from_dict(spec, validate=True)


def test_lines_say_where_they_go():
    text = alt_texts.lines(LINES, CAPTION)
    assert "A: +1 in 2025-12, -2 in 2026-01, highest +1 in 2025-12" in text
    assert "B: 0 throughout" in text


def test_bars_and_titles_do_not_overlap():
    rows = whole_calendar("baseline-today")
    places, heads, bottom = gantt_chart.row_positions(rows)
    taken = sorted([*places.values(), *(head["y"] for head in heads)])
    assert min(b - a for a, b in itertools.pairwise(taken)) >= gantt_chart.BAR + 4
    assert taken[-1] < bottom


def test_sparkline_is_scaled_and_says_what_it_shows():
    text = sparkline.columns([0.0, -2.0, 1.0], 'a "quoted" <b>')
    assert 'aria-label="a &quot;quoted&quot; &lt;b&gt;"' in text
    heights = [float(one) for one in re.findall(r"height:([\d.]+)px;b", text)]
    assert heights[1] == pytest.approx(2 * heights[2], rel=0.01)
