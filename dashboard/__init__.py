"""The dashboard: pages over `sim`.

`app` holds navigation and the page frame, `views` one file a page, `parts` the widgets of
Streamlit, `charts` the figures, `data` the cached calls of `sim` and all that is worked out, and
`worker` the processes beside the server.  `records` are the rows that data prepares and charts
draw.  Imports run in that order; pages and charts compute nothing.
"""
