"""Zeros are shown as zero and never with a sign; all numbers are written in one place."""

import ast
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.outputs import words
from sim.outputs.headline import Figure
from sim.outputs.variables import PERCENT, USD, USD_BN
from sim.report import overview
from sim.report.figure_tables import figure_tables

ROOT = Path(__file__).parents[2]

FIXED = re.compile(r"\.([0-9]+|\{)[fe%]$")
"""A format with a fixed count of digits, which writes -0.00 for a small negative number."""

WRITERS = {"sim/outputs/words.py", "sim/model/repairs.py", "dashboard/charts/sparkline.py"}
"""Where such formats may stand: the two functions, cells of input tables, sizes in pixels."""


@given(st.floats(-1e7, 1e7), st.booleans())
def test_no_zero_has_a_sign(value, sign):
    texts = [words.number(value, sign=sign), words.decimals(value, 2, sign=sign)]
    texts += [words.with_unit(value, unit, sign=sign).split()[0] for unit in (USD_BN, USD)]
    for text in texts:
        if not text.strip("+-0.,"):
            assert text[0] == "0"
        else:
            assert text.startswith("-") == (value < 0)
            assert text.startswith("+") == (sign and value > 0)


@pytest.mark.parametrize("value", [0.0, -0.0, 1e-12, -1e-12, 0.00049, -0.00049])
def test_nothing_is_zero(value):
    assert words.number(value) == words.number(value, sign=True) == "0"
    assert words.with_unit(value, USD_BN, sign=True) == "0 bn USD"
    assert words.decimals(value, 1, sign=True) == "0.0"


def test_a_change_that_rounds_to_nothing_is_told_in_percent():
    figure = Figure("x", "X", USD_BN, 20.0, 0.0002, USD_BN, 0.001)
    assert words.change_text(figure) == "+0.001 %"
    (table,) = figure_tables("", [("one", {"x": figure})], 100, ["x"])
    assert list(table.columns[1].cells) == ["+0.001 %"]


def test_a_cell_of_a_figure_that_a_scenario_lacks_is_empty():
    column = overview.COLUMNS[-1]
    assert overview._cell(None, column) == ""
    assert overview._cell(Figure("x", "X", USD_BN, 1.0, 0.0, USD_BN, 0.0), column) == "0"
    small = Figure("x", "X", USD_BN, 80.0, -0.021, USD_BN, -0.026)
    assert overview._cell(small, column) == "-0.021 (-0.03)"
    assert list(next(iter(figure_tables("", [("one", {}), ("two", {"x": small})], 100, ["x"])))
                .columns[1].cells) == [""]  # fmt: skip


@pytest.mark.parametrize(
    ("probability", "text"),
    [(0, "0 %"), (1, "100 %"), (1e-9, "under 0.5 %"), (0.999, "over 99.5 %"), (0.3, "30 %")],
)
def test_only_what_is_certain_is_none_or_all(probability, text):
    assert words.chance(probability) == text


def formats_of(path):
    """Every format with a fixed count of digits in a file, with its line."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FormattedValue) and node.format_spec is not None:
            spec = "".join(
                part.value if isinstance(part, ast.Constant) else "{"
                for part in node.format_spec.values
            )
            if FIXED.search(spec):
                yield node.lineno, spec


def test_numbers_are_written_in_one_place():
    """A page, chart or table that formats a number by itself writes -0.00 some day."""
    shown = [*(ROOT / "sim" / "report").rglob("*.py"), *(ROOT / "sim" / "outputs").rglob("*.py"),
             *(ROOT / "dashboard").rglob("*.py"), *(ROOT / "sim" / "cli").rglob("*.py"),
             *(ROOT / "sim" / "policy").rglob("*.py")]  # fmt: skip
    assert len(shown) > 100
    found = {
        f"{path.relative_to(ROOT)}:{line} :{spec}"
        for path in shown
        if str(path.relative_to(ROOT)) not in WRITERS
        for line, spec in formats_of(path)
    }
    assert found == set()


def test_the_search_finds_such_formats(tmp_path):
    file = tmp_path / "page.py"
    file.write_text('f"{x:+.1f} {y:,.0f} {z:g} {w:.{n}f} {v:.0%}"\n', encoding="utf-8")
    assert sorted(spec for _, spec in formats_of(file)) == ["+.1f", ",.0f", ".0%", ".{f"]


def test_percent_is_a_unit_too():
    assert words.with_unit(np.float64(-0.0), PERCENT, sign=True) == "0 %"
