"""The router: pages on top, one look, one browser title.  Started by `truce dashboard`."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from dashboard.pages import about, scenario

# A file of ours: Streamlit fetches Material icons of the browser tab from a font server.
ICON = Path(__file__).with_name("static") / "icon.png"


def main() -> None:
    """Set the look and run the page that the address names."""
    st.set_page_config(
        page_title="Truce: trade-policy scenarios",
        page_icon=ICON,
        layout="wide",
        menu_items={"About": "Truce, a simulator of trade-policy scenarios."},
    )
    pages = [
        st.Page(scenario.show_page, title="Scenario", icon=":material/tune:", default=True),
        st.Page(about.show, title="About the model", icon=":material/info:", url_path="about"),
    ]
    st.navigation(pages, position="top").run()


main()
