"""Measures and a day -> tariffs, trade costs and quantity targets."""
