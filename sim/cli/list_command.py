"""`truce list`."""

from __future__ import annotations

import typer

from sim.cli.terminal import AsJson, print_json


def list_scenarios(as_json: AsJson = False) -> None:
    """List the scenarios."""
    from sim.policy.library.cards import list_scenarios as scenario_cards

    cards = scenario_cards()
    if as_json:
        print_json([vars(card) for card in cards])
        return
    width = max((len(card.id) for card in cards), default=0)
    for card in cards:
        typer.echo(f"{card.id:<{width}}  {card.question}")
