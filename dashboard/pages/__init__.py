"""The pages: each chooses, asks `dashboard.data`, and draws."""
