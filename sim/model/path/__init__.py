"""Months: the transition, stocks, licence queues and purchases in time."""
