"""A game in words and a table for a terminal: payoffs, equilibria, and what keeps a truce."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table

from sim.outputs.words import chance, number
from sim.study.games.game import BimatrixGame, TruceTerms
from sim.study.games.matrix import NashEquilibrium

BestAnswers = tuple[list[tuple[int, ...]], list[tuple[int, ...]]]


def game_report(game: BimatrixGame) -> RenderableType:
    """Lay out a payoff matrix, its equilibria, and what keeps the truce."""
    row, column = game.players
    table = Table(title=f"{game.title}: what {row} and {column} get", title_justify="left")
    table.add_column(f"{row} \\ {column}")
    for action in game.actions[1]:
        table.add_column(action, justify="right")
    best = game.best_responses
    for i, action in enumerate(game.actions[0]):
        cells = [_cell(game, i, j, best) for j in range(len(game.actions[1]))]
        table.add_row(action, *cells)
    lines = [
        f"First what {row} gets, in {game.units[0]}; then {column}, in {game.units[1]}. "
        "* its best action against what the other side does."
    ]
    lines += [equilibrium_words(game, equilibrium) for equilibrium in game.equilibria]
    if game.truce is not None:
        lines += truce_sentences(game)
    return Group(table, *lines)


def game_summary(game: BimatrixGame) -> dict[str, Any]:
    """Return the same as plain data."""
    return {
        "title": game.title,
        "players": game.players,
        "actions": game.actions,
        "units": game.units,
        "payoffs": game.payoffs.tolist(),
        "pure": game.pure,
        "equilibria": [[mixed.row.tolist(), mixed.column.tolist()] for mixed in game.equilibria],
        "thresholds": game.thresholds(),
        "truce_terms": {name: asdict(terms) for name, terms in game.truce_terms().items()},
    }


def _cell(game: BimatrixGame, i: int, j: int, best: BestAnswers) -> str:
    ours = f"{number(float(game.payoffs[0, i, j]))}{'*' if i in best[0][j] else ''}"
    theirs = f"{number(float(game.payoffs[1, i, j]))}{'*' if j in best[1][i] else ''}"
    return f"{ours}, {theirs}"


def equilibrium_words(game: BimatrixGame, equilibrium: NashEquilibrium) -> str:
    """Say what each side does in an equilibrium, and with which probabilities if it mixes."""
    mixtures = []
    parts = (equilibrium.row, equilibrium.column)
    for name, actions, mixture in zip(game.players, game.actions, parts, strict=True):
        taken = [
            action if share > 1 - 1e-9 else f"{action} with probability {chance(float(share))}"
            for action, share in zip(actions, mixture, strict=True)
            if share > 0
        ]
        mixtures.append(f"{name} takes {', '.join(taken)}")
    return f"Nash equilibrium: {'; '.join(mixtures)}."


def truce_sentences(game: BimatrixGame) -> list[str]:
    """Say for each side whether it keeps the truce, with the numbers that this rests on."""
    terms = game.truce_terms()
    if not terms:
        return [
            "Nothing is said of what keeps the truce: there is no pure equilibrium to fall back to."
        ]
    return [_truce_sentence(game, name, terms[name]) for name in game.players if name in terms]


def _truce_sentence(game: BimatrixGame, name: str, terms: TruceTerms) -> str:
    unit = game.units[game.players.index(name)]
    numbers = (
        f"In {unit}: the truce gives it {number(terms.kept)} in each round; “{terms.action}”, its "
        f"best other action, {number(terms.once)} while the other side keeps the truce"
    )
    if terms.threshold <= 0 and terms.limit >= 1:
        return f"{name} keeps the truce, whatever later rounds count for it. {numbers}."
    sides = zip(game.players, terms.fallback, strict=True)
    fallback = ", ".join(f"{player} {action}" for player, action in sides)
    then = f"{numbers}; and what follows for good ({fallback}) {number(terms.after)} in each round."
    if terms.threshold >= 1 or terms.limit <= 0:
        return f"{name} does not keep the truce, however much later rounds count for it. {then}"
    is_patient = terms.threshold > 0
    weight = f"at least {_share(terms.threshold)}" if is_patient else f"below {_share(terms.limit)}"
    return (
        f"{name} keeps the truce only if each round counts {weight} of the one before for it. "
        f"{then}"
    )


def _share(weight: float) -> str:
    """Return a weight in percent with the digits that tell it from none and from all."""
    return f"{100 * weight:.3g} %"
