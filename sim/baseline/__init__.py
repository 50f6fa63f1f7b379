"""Public tables -> the economy that scenarios start from."""
