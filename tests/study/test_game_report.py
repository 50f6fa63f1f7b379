"""What a game says of its truce: one meaning a sentence, with the numbers that it rests on."""

import io

import numpy as np
import pytest
from rich.console import Console

from sim.report.game_report import game_report, game_summary, truce_sentences
from sim.study.games.game import BimatrixGame

ACTIONS = ("keep", "leave")


def played(row, truce=(0, 0), column=None):
    """A game of two actions a side; the same for both where no second matrix is given."""
    payoffs = np.array([row, np.transpose(row) if column is None else column], dtype=float)
    return BimatrixGame("T", ("USA", "CHN"), (ACTIONS, ACTIONS), ("percent", "points"), payoffs,
                        truce)  # fmt: skip


DILEMMA = [[3, 0], [5, 1]]
"""Leaving pays 5 once, then 1: the truce is kept if the next round counts half or more."""


def test_a_truce_that_hangs_on_later_rounds():
    us, china = truce_sentences(played(DILEMMA))
    assert us == (
        "USA keeps the truce only if each round counts at least 50 % of the one before for it. "
        "In percent: the truce gives it 3.00 in each round; “leave”, its best other action, 5.00 "
        "while the other side keeps the truce; and what follows for good (USA leave, CHN leave) "
        "1.00 in each round."
    )
    assert china.startswith("CHN keeps the truce only if")
    assert "In points:" in china


def test_a_truce_that_keeps_itself():
    for text in truce_sentences(played([[3, 0], [2, 1]])):
        assert "keeps the truce, whatever later rounds count for it." in text
        assert "“leave”, its best other action, 2.00" in text


@pytest.mark.parametrize("after", [3.0, 4.0, 6.0])
def test_a_truce_that_nothing_keeps(after):
    """What follows is as good as the truce, or better: a side that counts on later leaves too."""
    for name, text in zip(
        ("USA", "CHN"), truce_sentences(played([[3, 0], [5, after]])), strict=True
    ):
        assert text.startswith(f"{name} does not keep the truce, however much later rounds count")
        assert "3.00 in each round" in text
        assert f"{after:.2f} in each round." in text


def test_the_sentence_agrees_with_the_sum_over_rounds():
    """With any weight of later rounds, keeping beats leaving exactly where the sentence says."""
    rng = np.random.default_rng(3)
    told = set()
    for _ in range(200):
        game = played(rng.integers(0, 9, (2, 2)), column=rng.integers(0, 9, (2, 2)))
        for terms in game.truce_terms().values():
            told.add((terms.threshold > 0, terms.threshold < 1, terms.limit < 1))
            for weight in (0.05, 0.35, 0.65, 0.95):
                keeps = terms.kept / (1 - weight)
                leaves = terms.once + weight * terms.after / (1 - weight)
                if abs(keeps - leaves) > 1e-9:
                    assert (keeps > leaves) == (terms.threshold < weight < terms.limit)
    assert told == {(True, True, False), (True, False, False), (False, True, False),
                    (False, True, True)}  # fmt: skip


def test_a_side_that_would_rather_have_what_follows():
    """Leaving costs 1 at once and then brings 1 a round: a patient side leaves, no other does."""
    us, _ = truce_sentences(played([[4, 5], [3, 0]], column=[[4, 5], [3, 0]]))
    assert us.startswith("USA keeps the truce only if each round counts below 50 % of the one")


def test_no_pure_equilibrium_is_said():
    game = played([[1, -1], [-1, 1]], column=[[-1, 1], [1, -1]])
    (text,) = truce_sentences(game)
    assert text.startswith("Nothing is said of what keeps the truce")
    screen = io.StringIO()
    Console(file=screen, width=80).print(game_report(game))
    assert "USA takes keep with probability 50 %, leave with probability 50 %" in " ".join(
        screen.getvalue().split()
    )
    assert max(map(len, screen.getvalue().splitlines())) <= 80


def test_a_side_without_a_choice_decides_nothing():
    payoffs = np.array([[[3.0], [5.0]], [[1.0], [0.0]]])
    game = BimatrixGame("T", ("USA", "CHN"), (ACTIONS, ("wait",)), ("%", "%"), payoffs, (0, 0))
    assert list(game.truce_terms()) == ["USA"]
    (text,) = truce_sentences(game)
    assert text.startswith("USA does not keep the truce")


def test_the_numbers_are_in_the_summary_too():
    told = game_summary(played(DILEMMA))
    assert told["thresholds"] == {"USA": 0.5, "CHN": 0.5}
    assert told["truce_terms"]["USA"] == {
        "kept": 3.0, "action": "leave", "once": 5.0, "fallback": ("leave", "leave"), "after": 1.0,
        "threshold": 0.5,
    }  # fmt: skip
