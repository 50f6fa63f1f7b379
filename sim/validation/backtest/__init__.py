"""Backtests: the path beside what happened in 2018-20 and 2025-26."""
