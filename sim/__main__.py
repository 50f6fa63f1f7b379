"""``python -m sim`` is ``truce``."""

from sim.cli import main

main()
