"""Computed numbers compared: alike within a tolerance, as processors differ in the last digits.

Text, dates, codes and the shape of what is compared must be the same.
"""

import re
from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
import pytest

RELATIVE = 1e-9
ABSOLUTE = 1e-6
"""In the units of results: a dollar where money is in USD mn, a millionth of a percent."""

NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")


def near(expected, rel=RELATIVE, abs=ABSOLUTE):
    return pytest.approx(expected, rel=rel, abs=abs, nan_ok=True)


def assert_same_table(first, second, name="", rtol=RELATIVE, atol=ABSOLUTE):
    """Check that two tables have the same rows in the same order."""
    assert first.column_names == second.column_names, name
    assert first.num_rows == second.num_rows, name
    for column in first.column_names:
        if pa.types.is_floating(first.schema.field(column).type):
            np.testing.assert_allclose(
                first[column].to_numpy(),
                second[column].to_numpy(),
                rtol=rtol,
                atol=atol,
                err_msg=f"{name} {column}",
            )
        else:
            assert first[column].to_pylist() == second[column].to_pylist(), (name, column)


def assert_same_cells(first, second, name, rtol, atol):
    """Check that two long tables hold the same cells; one that a table lacks counts as 0 there."""
    assert first.column_names == second.column_names, name
    mine, theirs = _cells(first), _cells(second)
    cells = list(dict.fromkeys((*mine, *theirs)))
    nothing = (0.0,) * len(_numeric(second))
    np.testing.assert_allclose(
        np.array([mine.get(cell, nothing) for cell in cells]),
        np.array([theirs.get(cell, nothing) for cell in cells]),
        rtol=rtol,
        atol=atol,
        err_msg=name,
    )


def _numeric(table):
    return [field.name for field in table.schema if pa.types.is_floating(field.type)]


def _cells(table):
    """All that is text or whole -> the numbers that stand with it."""
    numeric = _numeric(table)
    keys = [column for column in table.column_names if column not in numeric]
    rows = table.to_pylist()
    cells = {
        tuple(row[column] for column in keys): tuple(
            np.nan if row[column] is None else row[column] for column in numeric
        )
        for row in rows
    }
    assert len(cells) == len(rows), "a cell stands twice"
    return cells


def assert_same_content(first, second, place="content"):
    """Check plain data (as of JSON): the same keys, lengths and text, numbers near."""
    if isinstance(first, Mapping):
        assert isinstance(second, Mapping), place
        assert list(first) == list(second), place
        for key in first:
            assert_same_content(first[key], second[key], f"{place}.{key}")
    elif isinstance(first, Sequence) and not isinstance(first, str):
        assert len(first) == len(second), place
        for index, (mine, theirs) in enumerate(zip(first, second, strict=True)):
            assert_same_content(mine, theirs, f"{place}[{index}]")
    elif isinstance(first, float):
        assert first == near(second), place
    else:
        assert first == second, place


def assert_same_text(first, second):
    """Check printed results: the same words, each number within one unit of its last digit."""
    assert NUMBER.sub("#", first) == NUMBER.sub("#", second)
    for mine, theirs in zip(NUMBER.findall(first), NUMBER.findall(second), strict=True):
        digits = len(mine.partition(".")[2])
        value, other = (float(number.replace(",", "")) for number in (mine, theirs))
        assert value == pytest.approx(other, abs=1.01 * 10.0**-digits), (mine, theirs)
