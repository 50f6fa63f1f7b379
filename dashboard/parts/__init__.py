"""Streamlit widgets: pickers, levers, cards, panels and forms."""
