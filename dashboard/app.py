"""Navigation and the frame of all pages: look and browser title.  `truce dashboard` starts it."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType as Module

import streamlit as st

from dashboard.parts import navigation
from dashboard.views import (
    about,
    build,
    compare,
    evidence,
    map_and_flows,
    scenario,
    sectors,
    timeline,
    uncertainty,
)

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
    # Words alone: with icons the last pages would hide behind a menu beside the side panel.
    pages = {
        "scenario": st.Page(scenario.show_page, title="Scenario", default=True),
        "compare": _page(compare, "Compare"),
        "timeline": _page(timeline, "Timeline"),
        "map": _page(map_and_flows, "Map and flows", "map"),
        "sectors": _page(sectors, "Sectors"),
        "uncertainty": _page(uncertainty, "Uncertainty"),
        "evidence": _page(evidence, "Evidence"),
        "build": _page(build, "Build"),
        "about": _page(about, "About the model", "about"),
    }
    navigation.remember(pages)
    st.navigation(list(pages.values()), position="top").run()


def _page(module: Module, title: str, path: str = "") -> navigation.Page:
    return st.Page(module.show_page, title=title, url_path=path or title.lower())


main()
