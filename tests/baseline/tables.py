"""Tables that were built, compared with tables that were shipped."""

import numpy as np
import pyarrow as pa

RELATIVE, ABSOLUTE = 1e-6, 1e-12


def assert_same_table(built, shipped, name, rtol=RELATIVE, atol=ABSOLUTE):
    """Check that two long tables hold the same cells: text exactly, numbers within a tolerance.

    A cell that one table lacks counts as 0 there.
    """
    assert built.column_names == shipped.column_names, name
    first, second = _cells(built), _cells(shipped)
    cells = list(dict.fromkeys((*first, *second)))
    nothing = (0.0,) * len(_numeric(shipped))
    np.testing.assert_allclose(
        np.array([first.get(cell, nothing) for cell in cells]),
        np.array([second.get(cell, nothing) for cell in cells]),
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
