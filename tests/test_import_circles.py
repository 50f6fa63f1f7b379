"""No modules import each other in a circle, type-checking imports included."""

import ast
from pathlib import Path

import sim

ROOT = Path(sim.__file__).parent


def module_name(file):
    parts = ("sim", *file.relative_to(ROOT).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(file, modules):
    """Modules of `sim` that a file names in import statements, wherever they stand."""
    imported = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file} has a relative import"
            for alias in node.names:
                submodule = f"{node.module}.{alias.name}"
                imported.add(submodule if submodule in modules else node.module)
    return imported & modules - {module_name(file)}


def import_graph():
    files = {module_name(file): file for file in ROOT.rglob("*.py")}
    return {name: imports_of(file, set(files)) for name, file in files.items()}


def reachable(graph, start):
    seen, waiting = set(), [start]
    while waiting:
        for name in graph[waiting.pop()] - seen:
            seen.add(name)
            waiting.append(name)
    return seen


def circles(graph):
    """Sets of modules that reach each other, the largest first."""
    reached = {name: reachable(graph, name) for name in graph}
    together = {
        frozenset(other for other in reached[name] if name in reached[other])
        for name in graph
        if name in reached[name]
    }
    return sorted(map(set, together), key=len, reverse=True)


def test_a_circle_is_found():
    graph = {"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": {"a"}}
    assert circles(graph) == [{"b", "c"}]


def test_no_modules_import_each_other_in_a_circle():
    assert circles(import_graph()) == []
