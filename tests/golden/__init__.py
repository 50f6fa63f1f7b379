"""The headline figures of every shipped scenario, kept as text that a reviewer can diff.

``python -m tests.golden`` writes them anew; the test compares and says what moved.
"""

import csv
import io
from pathlib import Path

import sim
from sim.outputs.headline import headline

FOLDER = Path(__file__).parent
RELATIVE, ABSOLUTE = 1e-4, 1e-5
"""How far a figure may move before a test says so: solver tolerance and rounding of the file."""


def path_of(name):
    return FOLDER / f"{name}.csv"


def text_of(name):
    """Header line, then one line a figure: level in the scenario and change against baseline."""
    result = sim.run(name)
    manifest = result.manifest
    lines = io.StringIO()
    lines.write(
        f"# {name} on {manifest['date']} against {manifest['against']}; "
        f"{manifest['elasticities']}; baseline {manifest['baseline_digest'][:12]}\n"
    )
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(["figure", "unit", "value", "change"])
    for figure in headline(result).figures.values():
        value = "" if figure.value is None else f"{figure.value:.6g}"
        writer.writerow([figure.id, figure.unit, value, _text(figure.change)])
    return lines.getvalue()


def _text(change):
    return "0" if abs(change) < 1e-7 else f"{change:.6g}"


def differences(golden, found):
    """Sentences on what differs between two such texts."""
    (old_head, old), (new_head, new) = _parsed(golden), _parsed(found)
    words = [] if old_head == new_head else [f"header: was '{old_head}', is '{new_head}'"]
    for name in dict.fromkeys((*old, *new)):
        if name not in old or name not in new:
            words.append(f"{name}: {'gone' if name in old else 'new'}")
            continue
        for column, before, after in zip(("value", "change"), old[name], new[name], strict=True):
            if not _is_close(before, after):
                words.append(f"{name}, {column}: was {before}, is {after}")
    return words


def _is_close(before, after):
    if "" in (before, after):
        return before == after
    first, second = float(before), float(after)
    return abs(first - second) <= ABSOLUTE + RELATIVE * max(abs(first), abs(second))


def _parsed(text):
    head, _, body = text.partition("\n")
    rows = csv.DictReader(io.StringIO(body))
    return head, {row["figure"]: (row["value"], row["change"]) for row in rows}
