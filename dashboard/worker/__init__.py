"""Processes beside the server, for what takes long.

A worker starts quickly since it imports no Streamlit.  `dashboard.data` does, for its caches, and
so the calculations of a worker stand here and not there: `tasks` is the one module outside of
`dashboard.data` that imports `sim`.
"""
