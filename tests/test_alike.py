"""The comparisons of computed numbers tell apart what differs."""

import pyarrow as pa
import pytest

from tests.alike import assert_same_cells, assert_same_content, assert_same_table, assert_same_text


def test_long_tables():
    def same(*tables):
        assert_same_cells(*tables, "t", rtol=1e-6, atol=1e-12)

    shipped = pa.table({"list": ["a", "b"], "share": [0.5, 1e-16]})
    same(pa.table({"list": ["a"], "share": [0.5 + 1e-8]}), shipped)
    for other in (
        pa.table({"list": ["a"], "share": [0.5 + 1e-5]}),
        pa.table({"list": ["b"], "share": [0.5]}),
        pa.table({"list": ["a", "c"], "share": [0.5, 0.1]}),
        pa.table({"name": ["a"], "share": [0.5]}),
    ):
        with pytest.raises(AssertionError):
            same(other, shipped)


def test_tables_of_results():
    table = pa.table({"region": ["USA", "CHN"], "value": [1.0, None]})
    assert_same_table(table, pa.table({"region": ["USA", "CHN"], "value": [1.0 + 1e-12, None]}))
    for other in (
        pa.table({"region": ["USA", "CHN"], "value": [1.001, None]}),
        pa.table({"region": ["USA", "EU27"], "value": [1.0, None]}),
        pa.table({"region": ["USA"], "value": [1.0]}),
    ):
        with pytest.raises(AssertionError):
            assert_same_table(table, other)


def test_plain_data():
    content = {"a": [1.0, None, "x"], "b": 3}
    assert_same_content(content, {"a": [1.0 + 1e-12, None, "x"], "b": 3})
    for other in ({"a": [1.0, None, "y"], "b": 3}, {"a": [1.1, None, "x"], "b": 3}, {"a": []}):
        with pytest.raises(AssertionError):
            assert_same_content(content, other)


def test_text():
    assert_same_text("1,234.5 bn, +0.12 %", "1,234.6 bn, +0.13 %")
    for other in ("1,234.5 bn, -0.12 %", "1,234.7 bn, +0.12 %", "1,234.5 mn, +0.12 %", ""):
        with pytest.raises(AssertionError):
            assert_same_text("1,234.5 bn, +0.12 %", other)
