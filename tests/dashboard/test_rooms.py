"""Who may import what in the dashboard, and that pages and charts compute nothing.

The direction of imports is a contract of import-linter (pyproject.toml).  Here is what it cannot
say: which libraries a folder may know, and what may stand in its code.
"""

import ast
from pathlib import Path

import pytest

DASHBOARD = Path(__file__).resolve().parents[2] / "dashboard"

CACHES = DASHBOARD / "data" / "cache.py"
"""The one module of data/ that imports Streamlit, for its caches."""

LAYOUT = DASHBOARD / "charts" / "chart_layout.py"
"""The one module of charts/ with arithmetic on what it is given: pixels and ends of axes."""

COMPUTING = {"abs", "max", "min", "pow", "round", "sorted", "sum"}
ARITHMETIC = (ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow, ast.MatMult)


def modules(folder):
    return sorted((DASHBOARD / folder).rglob("*.py"))


def tree_of(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(path):
    """Top names of all that a module imports, wherever the import stands."""
    names = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names


def computed(path):
    """Calls that work something out from what is shown."""
    return {
        node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call)
        and (
            (isinstance(node.func, ast.Name) and node.func.id in COMPUTING)
            or (isinstance(node.func, ast.Attribute) and node.func.attr == "sort")
        )
    }


def name_of(path):
    return f"{path.parent.name}-{path.stem}"


def of_folders(*folders):
    paths = [path for folder in folders for path in modules(folder)]
    return pytest.mark.parametrize(
        "path", paths, ids=lambda path: f"{path.parent.name}-{path.stem}"
    )


def test_only_data_and_worker_import_the_simulator():
    paths = [path for path in modules(".") if path.parent.name not in ("data", "worker")]
    assert paths
    assert [path.name for path in paths if "sim" in imported(path)] == []


@of_folders("views", "charts")
def test_pages_and_charts_know_no_arrays(path):
    assert not imported(path) & {"numpy", "pandas", "pyarrow", "scipy", "math", "statistics"}


@of_folders("charts", "data", "worker")
def test_charts_data_and_worker_know_no_page(path):
    """A chart can be drawn, and a number worked out, without a browser."""
    assert "streamlit" not in imported(path) or path == CACHES


@of_folders("views", "charts")
def test_pages_and_charts_compute_nothing(path):
    if path != LAYOUT:
        assert computed(path) == set()


@of_folders("views")
def test_pages_have_no_arithmetic(path):
    operations = [
        ast.unparse(node)
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.BinOp) and isinstance(node.op, ARITHMETIC)
    ]
    assert operations == []


@of_folders("views")
def test_pages_are_thin(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 80


@pytest.mark.parametrize("path", modules("."), ids=name_of)
def test_files_are_short(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) < 400


def test_nothing_is_imported_within_a_function_but_what_a_worker_may_not_need():
    """Start-up time is the one reason, and a comment says so."""
    files = {
        path.relative_to(DASHBOARD).as_posix()
        for path in modules(".")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef)
        for inner in ast.walk(node)
        if isinstance(inner, (ast.Import, ast.ImportFrom))
    }
    assert files == {"worker/pool.py", "worker/tasks.py"}
