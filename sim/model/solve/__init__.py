"""The fixed point of one equilibrium: layout, steps, acceleration, solver."""
