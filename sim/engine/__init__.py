"""A scenario solved: a baseline, a scenario and levers become an equilibrium or a path."""
