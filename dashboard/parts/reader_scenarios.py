"""Readers' own scenarios: files that they bring, and those saved in this session."""

from __future__ import annotations

import streamlit as st

from dashboard import data
from dashboard.data import measure_rows, reader_files
from dashboard.parts import session_scenarios
from dashboard.parts.markdown import plain
from dashboard.parts.measure_editor import save_button, show_problems


def upload() -> None:
    """Take a scenario file; say with line numbers what is wrong with it."""
    file = st.file_uploader(
        "A scenario file (YAML)",
        type=["yaml", "yml"],
        max_upload_size=1,
        help="It may refer to shipped scenarios and measures; at most 256 kB are read.",
        key="upload",
    )
    if file is None:
        return
    text = reader_files.decoded(file.getvalue())
    if text is None:
        show_problems(["The file is not UTF-8 text."])
        return
    if problems := reader_files.problems(text):
        show_problems([str(problem) for problem in problems])
        return
    title = str(data.parsed(text)["title"])
    st.success(f"“{plain(title)}” can be run.", icon=":material/check:")
    save_button("Save and show it", title, text, "show-upload")


def saved() -> None:
    """List the reader's scenarios, with ways to drop them."""
    own = session_scenarios.current().own
    if not own:
        st.markdown("Nothing saved yet. What you save lives as long as this session.")
    for position, scenario in enumerate(own):
        with st.container(horizontal=True, key=f"own-{position}", vertical_alignment="center"):
            st.markdown(plain(scenario.title))
            st.download_button(
                "YAML",
                scenario.text,
                f"{measure_rows.slug(scenario.title)}.yaml",
                "application/yaml",
                icon=":material/download:",
                on_click="ignore",
                key=f"own-yaml-{position}",
            )
            st.button(
                "Forget",
                icon=":material/delete:",
                on_click=session_scenarios.forget,
                args=(position,),
                key=f"forget-{position}",
            )
