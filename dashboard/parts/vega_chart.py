"""Vega-Lite charts, each with a button that saves it as SVG; PNG is in Streamlit's own toolbar.

What is saved is what is seen: title, unit and source are written in the picture.
"""

from __future__ import annotations

import pyarrow as pa
import streamlit as st

from dashboard.charts.chart_layout import Spec

_BUTTON = """
<button type="button">SVG</button>
"""

_LOOK = """
:host { display: block; text-align: right; }
button {
  font: 0.8rem var(--st-font), sans-serif;
  color: var(--st-text-color);
  background: transparent;
  border: 1px solid var(--st-border-color);
  border-radius: 6px;
  padding: 0.1rem 0.6rem;
  min-height: 24px;
  cursor: pointer;
}
button:hover, button:focus-visible { border-color: var(--st-primary-color); }
button:focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: 1px; }
"""

_SAVE = """
const area = (svg) => svg.clientWidth * svg.clientHeight;
export default function ({ parentElement, data }) {
  const button = parentElement.querySelector("button");
  button.setAttribute("aria-label", "Download as SVG: " + data.title);
  button.onclick = () => {
    const all = [...document.querySelectorAll(".st-key-picture-" + data.chart + " svg")];
    if (!all.length) return;
    const seen = all.reduce((a, b) => (area(a) >= area(b) ? a : b));
    const copy = seen.cloneNode(true);
    copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
    copy.setAttribute("width", seen.clientWidth);
    copy.setAttribute("height", seen.clientHeight);
    const main = document.querySelector("[data-testid=stApp]") || document.body;
    copy.style.background = getComputedStyle(main).backgroundColor;
    copy.style.fontFamily = getComputedStyle(seen).fontFamily;
    const text = new XMLSerializer().serializeToString(copy);
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
    link.download = data.file + ".svg";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };
}
"""

_svg_button = st.components.v2.component("save_svg", html=_BUTTON, css=_LOOK, js=_SAVE)


def draw(spec: Spec, alt: str, key: str) -> None:
    """Draw a Vega-Lite chart and its SVG button; `alt` says what it shows."""
    # As an Arrow table: Streamlit would take a list of rows through pandas, ten times as long.
    rows = pa.Table.from_pylist(spec["data"]["values"]) if "data" in spec else None
    bare = {name: value for name, value in spec.items() if name != "data"}
    with st.container(gap="xxsmall", key=f"picture-{key}"):
        st.vega_lite_chart(rows, bare, alt=alt, key=key)
        _button(key, " ".join(spec["title"]["text"]))


def _button(chart: str, title: str) -> None:
    data = {"chart": chart, "title": title, "file": f"truce-{chart}"}
    _svg_button(key=f"svg-{chart}", data=data, height="content")
