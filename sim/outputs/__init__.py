"""Numbers to meaning: the registry of variables, the metrics, the result table and the report."""
