"""Demand systems: prices, shares and slopes of trade flows."""
