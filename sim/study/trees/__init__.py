"""Event trees: a scenario that may break down in any month."""
