"""No headline figure of a shipped scenario moves unseen."""

import pytest

from sim.policy.library.cards import list_scenarios
from tests.golden import differences, path_of, text_of

NAMES = [card.id for card in list_scenarios()]


@pytest.mark.parametrize("name", NAMES)
def test_the_headline_is_the_golden_one(name):
    found = text_of(name)
    moved = differences(path_of(name).read_text(encoding="utf-8"), found)
    advice = f"\nIf that is meant: python -m tests.golden {name}, and say why in CHANGELOG.md."
    assert not moved, f"{name}:\n  " + "\n  ".join(moved) + advice


def test_no_golden_file_is_left_over():
    assert {path.stem for path in path_of("x").parent.glob("*.csv")} == set(NAMES)


def test_differences_are_said_in_words():
    old = "# a\nfigure,unit,value,change\nx,%,1.5,0.2\ny,%,2,0\ngone,%,1,1\n"
    new = "# b\nfigure,unit,value,change\nx,%,1.6,0.2\ny,%,2.0000001,0\nfresh,%,1,1\n"
    assert differences(old, old) == []
    assert differences(old, new) == [
        "header: was '# a', is '# b'",
        "x, value: was 1.5, is 1.6",
        "gone: gone",
        "fresh: new",
    ]
