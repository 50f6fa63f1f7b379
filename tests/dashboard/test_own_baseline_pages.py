"""The dashboard on tables of the user's own: what runs there, and what is said of what cannot."""

import os
from pathlib import Path

import pytest

pytest.importorskip("streamlit", reason="the dashboard extra is not installed")

import streamlit as st
from typer.testing import CliRunner

import sim
from dashboard import data
from dashboard.data import own_baseline, reader_files, reproduction, stored_ranges, worker_requests
from dashboard.worker import tasks
from sim.baseline.build.aggregate import AGGREGATION_FILE
from sim.baseline.build.assemble import ICIO_ARCHIVE, build
from sim.baseline.entry import load_own_baseline
from sim.baseline.load import load_bundle
from sim.cli import dashboard_command
from sim.cli.app import app
from sim.outputs.headline import headline
from sim.outputs.words import with_unit
from sim.pair import Pair
from tests.dashboard.streamlit_pages import QUIET, checked, opened, texts
from tests.engine.test_own_baseline_runs import ANSWER, TWO
from tests.raw_data import DATA, needs
from tests.small_world import write_archive

PAGES = ("scenario", "map_and_flows", "sectors", "uncertainty", "timeline", "build")

pytestmark = QUIET


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """Tables of Canada and the rest of the world, with two sectors."""
    folder = tmp_path_factory.mktemp("small")
    aggregation = folder / "own.yaml"
    aggregation.write_text(TWO, encoding="utf-8")
    return build(None, folder / "tables", write_archive(folder), aggregation)


@pytest.fixture
def in_use(monkeypatch):
    """Put a folder of tables into use; what the server kept of other tables is forgotten."""

    def use(folder):
        monkeypatch.setenv(own_baseline.VARIABLE, str(folder))
        st.cache_resource.clear()

    yield use
    st.cache_resource.clear()


@pytest.fixture
def own(small, in_use):
    """A scenario of one's own on these tables."""
    in_use(small)
    name = reader_files.keep(ANSWER)
    yield name
    reader_files.READER_FILES.pop(name, None)


def opened_with_own(page, name, **params):
    """Open a page in a session that has saved this scenario."""
    at = opened("build")
    del at
    from dashboard.parts import session_scenarios

    kept = session_scenarios.SessionScenarios(
        own=(session_scenarios.ReaderScenario("A tariff of one's own", ANSWER),)
    )
    return opened(page, {session_scenarios.STATE: kept}, scenario=name, **params)


@pytest.mark.parametrize("page", PAGES)
def test_a_scenario_that_cannot_run_is_a_message_and_not_an_error(small, in_use, page):
    in_use(small)
    at = opened(page)
    assert not at.error
    (warning,) = at.warning
    assert "cannot run on your own tables" in warning.value
    assert "is not in this baseline" in warning.value
    assert "bring one on the page Build" in warning.value
    assert len(at.selectbox[0].options) == len(sim.list_scenarios())


def test_a_scenario_of_ones_own_runs_on_every_page(own):
    told = sim.run(data.READER_FILES[own], baseline=own_baseline.folder())
    figure = headline(told).figures["can_imports_from_row"]
    at = opened_with_own("scenario", own)
    assert {metric.label: metric.value for metric in at.metric}[figure.label] == with_unit(
        figure.value, figure.unit
    )
    assert data.answer(own).pair == Pair("CAN", "ROW")
    assert not at.warning
    for page in PAGES:
        shown = opened_with_own(page, own)
        if page != "timeline":
            assert not shown.warning, page
    assert own_baseline.tables().year in data.answer(own).source


def test_the_reader_can_pick_another_scenario(own):
    at = opened_with_own("scenario", "tariff-100")
    assert at.warning
    checked(at.selectbox(key="scenario").set_value(own).run())
    assert not at.warning
    assert at.metric


def test_long_calculations_take_the_tables(own):
    job = worker_requests.ask_path(own, (), Pair("CAN", "ROW"))
    assert job.wait(60)
    assert job.error == ""
    path = sim.run(data.READER_FILES[own], baseline=own_baseline.folder(), months=3)
    told = [path.at(month).value("imports_change", "CAN", "ROW", "GOODS") for month in (1, 2, 3)]
    assert job.answer["figures"]["can_imports_from_row"] == pytest.approx(
        [value / 1e3 for value in told], abs=1e-9
    )
    assert set(job.answer["output_pct"]) == {"CAN", "ROW"}
    request = {"do": "warm", "elasticities": "fontagne2022", "baseline": str(own_baseline.folder())}
    assert "is not in this baseline" in tasks.answered(request, lambda part: None)["error"]


def test_no_range_is_taken_from_the_embedded_tables(own):
    answer = data.answer(own)
    assert "tables of your own" in stored_ranges.why_none(answer)
    assert stored_ranges.range_bars(answer, "can_real_income", is_whole_library=True) == []


def test_compare_names_what_cannot_run(own):
    at = opened_with_own("compare", own, pins=f"tariff-100~{own}")
    shown = texts(at)
    assert "pins “tariff-100”, which cannot be had here" in shown
    assert at.get("vega_lite_chart")
    suggested = opened("compare")
    assert "cannot run on your own tables" in texts(suggested)


def test_pages_name_the_baseline(small, in_use):
    in_use(small)
    used = load_own_baseline(small)
    shown = texts(opened("about"))
    assert used.year in shown
    assert used.digest in shown
    assert f"folder “{Path(small).name}”" in shown


@pytest.mark.parametrize("tab", ["Against published numbers", "Sources", "Assumptions", "Data"])
def test_evidence_opens_where_no_shipped_scenario_runs(small, in_use, tab):
    in_use(small)
    opened("evidence", {"evidence": tab})


def test_lines_to_reproduce_name_the_tables(own):
    folder = str(own_baseline.folder())
    assert f"--baseline {folder}" in reproduction.command("own-answer", ())
    lines = reproduction.python_lines("own-answer", ())
    assert f'sim.run("own-answer", baseline="{folder}")' in lines
    assert f'baseline="{folder}", months=3' in lines.replace(
        f"months={reproduction.MONTHS}", "months=3"
    )


def test_without_the_variable_the_embedded_tables_are_used(monkeypatch):
    monkeypatch.delenv(own_baseline.VARIABLE, raising=False)
    assert own_baseline.folder() is None
    assert not own_baseline.is_in_use()
    assert own_baseline.tables().digest == load_bundle().digest
    assert load_bundle().digest in texts(opened("about"))
    assert "--baseline" not in reproduction.command("tariff-100", ())
    assert data.runnable() == list(data.cards())


@pytest.fixture
def served(monkeypatch):
    """The command up to the point where the server would start; returns the environment then."""
    monkeypatch.delenv(own_baseline.VARIABLE, raising=False)
    monkeypatch.setattr(dashboard_command, "_warm_up", lambda baseline: None)
    seen = []

    class Server:
        def main(self):
            seen.append(os.environ.get(own_baseline.VARIABLE))
            return 0

    monkeypatch.setattr(dashboard_command, "import_module", lambda name: Server())
    yield seen
    os.environ.pop(own_baseline.VARIABLE, None)


def test_the_command_hands_the_tables_on(small, served):
    assert dashboard_command.BASELINE_VARIABLE == own_baseline.VARIABLE
    done = CliRunner().invoke(app, ["dashboard", "--baseline", str(small)])
    assert done.exit_code == 0, done.output
    assert served == [str(Path(small).resolve())]
    done = CliRunner().invoke(app, ["dashboard"])
    assert done.exit_code == 0, done.output


def test_the_command_refuses_what_is_no_baseline(tmp_path, served):
    for folder in (tmp_path, tmp_path / "nowhere"):
        refused = CliRunner().invoke(app, ["dashboard", "--baseline", str(folder)])
        assert refused.exit_code == 1
        assert len(refused.stderr.strip().splitlines()) == 1, refused.stderr
        assert "Traceback" not in refused.output
    assert served == []


def test_warming_up_does_not_fail_on_such_tables(small):
    dashboard_command._warm_up(Path(small))


@needs(ICIO_ARCHIVE)
def test_tables_like_the_embedded_ones_run_what_they_can(in_use, tmp_path):
    """Without soybeans and rare earths the tariff runs, and the purchases say what is missing."""
    lines = AGGREGATION_FILE.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.strip().startswith(("SOY:", "RARE:"))]
    aggregation = tmp_path / "kept.yaml"
    aggregation.write_text("\n".join(kept), encoding="utf-8")
    folder = build(DATA, tmp_path / "tables", None, aggregation)
    in_use(folder)
    at = opened("scenario", {"questions": True, "contributions-open": True}, scenario="tariff-100")
    assert not at.warning
    told = headline(sim.run("tariff-100", baseline=folder)).figures["us_imports_from_china"]
    shown = {metric.label: metric.value for metric in at.metric}
    assert shown[told.label] == with_unit(told.value, told.unit)
    assert "US soybean farmers' real income" not in shown
    missing = opened("scenario", scenario="soybean-purchases")
    assert "sector 'SOY' is not in this baseline" in texts(missing)
    assert data.cards()["tariff-100"].title in texts(missing)
    assert opened("compare", pins="tariff-100~truce-lapse").get("vega_lite_chart")
    assert opened("evidence", {"evidence": "Against published numbers"})
    for page in PAGES:
        opened(page, scenario="tariff-100")
