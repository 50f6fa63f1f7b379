"""The command line: parses, calls and prints; it knows no economics.

`sim.cli.app` registers the verbs, each in a file of its own: ``<verb>_command.py``.
"""

from sim.cli.app import main

__all__ = ["main"]
