"""How to get the same numbers elsewhere: command, Python lines, files."""

from __future__ import annotations

import streamlit as st

from dashboard import data
from dashboard.data import downloads, reader_files, reproduction
from dashboard.parts.controls import download_button


def draw(answer: data.Answer) -> None:
    """Show how to get the same numbers elsewhere, and offer them as files."""
    name, levers = answer.name, answer.levers
    st.subheader("Reproduce", anchor=False)
    with st.expander("Command and Python lines", icon=":material/terminal:"):
        file = reader_files.file_name(name)
        st.code(reproduction.commands(file, levers), language="shell", wrap_lines=True)
        st.code(reproduction.python_lines(file, levers), language="python", wrap_lines=True)
    with st.container(horizontal=True, key="downloads"):
        download_button(
            "Result (CSV)", lambda: downloads.csv(name, levers), f"{name}.csv", key="csv"
        )
        download_button(
            "Result (Parquet)",
            lambda: downloads.parquet(name, levers),
            f"{name}.parquet",
            "application/vnd.apache.parquet",
            key="parquet",
        )
        download_button(
            "Scenario (YAML)",
            lambda: downloads.scenario_yaml(name, levers),
            f"{name}.yaml",
            "application/yaml",
            key="yaml",
        )
