"""Caches that all sessions share; the one module of `dashboard.data` that imports Streamlit.

They stand here, by the calls that they keep, since a call is kept by its arguments and is never
changed: what is kept is right for whoever asks.
"""

from __future__ import annotations

import streamlit as st

cached = st.cache_resource
