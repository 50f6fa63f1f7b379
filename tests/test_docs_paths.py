"""What README, CONTRIBUTING and the pages of docs name exists, and what they show is printed."""

import importlib
import os
import re
import subprocess
import sys

import pytest

from tests.strategies_policy import ROOT

PAGES = ["README.md", "CONTRIBUTING.md", "scenarios/README.md"]
PAGES += [path.relative_to(ROOT).as_posix() for path in sorted((ROOT / "docs").glob("*.md"))]

EXAMPLES = {
    "scenarios/my-scenario.yaml",
    "scenarios/eu-cars.yaml",
    "scenarios/measures/eu-cars-2026.yaml",
}
"""Files that a reader would write."""

PATH = re.compile(r"(?<![\w/.-])(?:sim|dashboard|tests|scenarios|seeds|docs)/[\w./*-]*[\w*]")
MODULE = re.compile(r"(?<![\w/.-])(?:sim|dashboard|tests)(?:\.[A-Za-z_]\w*)+(?![\w/])")
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)\)")
PLACEHOLDER = re.compile(r"\b[A-Z]{2,}(?=\.)")
"""A word that stands for any name, such as ID in ``scenarios/ID.yaml``."""


def text_of(page):
    return (ROOT / page).read_text(encoding="utf-8")


def exists(path):
    return any(ROOT.glob(path if path.endswith(".md") else PLACEHOLDER.sub("*", path)))


def is_importable(name):
    """Tell whether a dotted name is a module, or an attribute of one."""
    try:
        importlib.import_module(name)
    except ModuleNotFoundError:
        parent, _, attribute = name.rpartition(".")
        return hasattr(importlib.import_module(parent), attribute)
    return True


@pytest.mark.parametrize("page", PAGES)
def test_every_path_that_is_named_exists(page):
    named = set(PATH.findall(text_of(page))) - EXAMPLES
    assert [path for path in sorted(named) if not exists(path)] == []


@pytest.mark.parametrize("page", PAGES)
def test_every_module_that_is_named_exists(page):
    named = set(MODULE.findall(text_of(page)))
    assert [name for name in sorted(named) if not is_importable(name)] == []


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_to_a_file(page):
    folder = (ROOT / page).parent
    links = LINK.findall(text_of(page))
    assert [link for link in links if not (folder / link).exists()] == []


def test_the_table_of_folders_names_parts_that_exist():
    rows = re.findall(r"^\| (`.+?) \| (.+) \|$", text_of("README.md"), re.M)
    assert len(rows) > 10
    for first, about in rows:
        folders = [ROOT / name for name in re.findall(r"`([^`]+)`", first)]
        assert all(folder.is_dir() for folder in folders), first
        for part in re.findall(r"`([a-z][^`]*)`", about):
            assert any((folder / part).exists() for folder in folders), (first, part)


def test_every_folder_of_the_program_is_in_the_table_of_folders():
    table = text_of("README.md").partition("| folder | what |")[2].partition("\n\n")[0]
    rooms = {path.parent.name for path in (ROOT / "sim").glob("*/__init__.py")}
    assert [room for room in sorted(rooms) if f"`sim/{room}" not in table] == []


def test_the_python_of_the_readme_runs():
    (code,) = re.findall(r"```python\n(.*?)```", text_of("README.md"), re.S)
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_the_comparison_of_the_readme_is_what_is_printed():
    done = subprocess.run(
        [sys.executable, "-m", "sim", "compare"],
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "120", "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        check=True,
    )
    printed = [line.rstrip() for line in done.stdout.decode("utf-8").splitlines()]
    shown = re.findall(r"```\n( {20}.*?)```", text_of("README.md"), re.S)
    assert len(shown) == 1
    table = shown[0].splitlines()
    assert table == printed[: len(table)]
