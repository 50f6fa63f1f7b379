"""Scenario files -> resolved scenarios: lookup, inheritance, levers, checks."""
