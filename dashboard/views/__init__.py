"""The pages, one file each: a page chooses, asks `dashboard.data`, and draws.

Not called `pages`: Streamlit takes a folder of that name for pages of its own, and shows those
where a link into the dashboard is the first thing that a fresh server gets.
"""
