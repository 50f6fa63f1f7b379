"""The router: pages on top, one look, one browser title.  Started by `truce dashboard`."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType as Module

import streamlit as st

from dashboard import routes
from dashboard.views import about, build, compare, evidence, scenario, sectors, world

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
    pages = {
        "scenario": st.Page(
            scenario.show_page, title="Scenario", icon=":material/tune:", default=True
        ),
        "compare": _page(compare, "Compare", "compare"),
        "map": _page(world, "Map and flows", "public", "map"),
        "sectors": _page(sectors, "Sectors", "factory"),
        "evidence": _page(evidence, "Evidence", "fact_check"),
        "build": _page(build, "Build", "construction"),
        "about": _page(about, "About the model", "info", "about"),
    }
    routes.remember(pages)
    st.navigation(list(pages.values()), position="top").run()


def _page(module: Module, title: str, icon: str, path: str = "") -> routes.Page:
    path = path or title.lower()
    return st.Page(module.show_page, title=title, icon=f":material/{icon}:", url_path=path)


main()
