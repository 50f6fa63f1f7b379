"""Sweeps: many runs of a scenario over a design, on any executor, resumable."""
