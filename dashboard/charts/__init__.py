"""Rows to charts: pure functions, which know neither Streamlit nor the simulator."""
