"""The drawings of the backtests in docs: sound, readable, and those that would be drawn now."""

import re
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from docs import draw_backtests
from sim.validation.backtest.rows import rows
from tests.validation.test_backtest import numbers_of

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def table():
    return rows()


def assert_alike(new, old):
    """The same but for rounding: what is in docs is what is drawn or printed now."""
    assert re.sub(r"-?\d+\.?\d*", "#", new) == re.sub(r"-?\d+\.?\d*", "#", old), "run make docs"
    assert numbers_of(new) == pytest.approx(numbers_of(old), abs=1.01), "run make docs"


def lines_of(drawing):
    """The points of every line of data, in pixels of the plot."""
    return [
        [tuple(map(float, point.split(","))) for point in re.split("[ML]", path.get("d"))[1:]]
        for path in drawing.iter("{http://www.w3.org/2000/svg}path")
        if path.get("aria-roledescription") == "line mark"
    ]


def test_drawings_are_sound_and_linked(table):
    page = (ROOT / "docs" / "validation.md").read_text()
    charts = draw_backtests.charts(table)
    for name, chart in charts.items():
        content = draw_backtests.svg(chart)
        root = ElementTree.fromstring(content)
        assert root.find("{http://www.w3.org/2000/svg}title").text
        assert "What happened" in root.find("{http://www.w3.org/2000/svg}desc").text
        lines = lines_of(root)
        assert len(lines) >= len(draw_backtests.LINES)
        for x, y in (point for line in lines for point in line):
            assert 0 <= x <= draw_backtests.WIDTH
            assert 0 <= y <= draw_backtests.HEIGHT
        assert f"images/{name}.svg" in page
        assert_alike(content, (ROOT / "docs" / "images" / f"{name}.svg").read_text())


def test_no_line_joins_2020_and_2025(table):
    chart = draw_backtests.charts(table)[draw_backtests.SOYBEANS]
    lines = lines_of(ElementTree.fromstring(draw_backtests.svg(chart)))
    assert len(lines) == 2 * len(draw_backtests.LINES)


def test_names_at_the_ends_of_lines_do_not_cover_each_other():
    row = {"period": "2025-01", "month": "2025-01", "actual": 1.0, "model": 1.0, "static": 0.5}
    chart = draw_backtests.chart([{**row, "no_change": 0.0}], "T").to_dict()
    (names,) = (layer for layer in chart["layer"] if layer["mark"]["type"] == "text")
    values = sorted(label["value"] for label in chart["datasets"][names["data"]["name"]])
    assert min(np.diff(values)) * draw_backtests.HEIGHT / 10 >= draw_backtests.LABEL_GAP - 1e-9
