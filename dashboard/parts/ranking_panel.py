"""Who gains and who loses in a group: sectors or countries."""

from __future__ import annotations

import streamlit as st

from dashboard import data
from dashboard.charts import bar_chart
from dashboard.data import alt_texts, ranking
from dashboard.parts import controls, vega_chart


def draw(group: str, answer: data.Answer, other: data.Answer | None) -> None:
    """Draw who gains and loses in a group; the reader chooses by what."""
    st.subheader(f"{group.capitalize()} that gain and lose", anchor=False)
    views = answer.rankings[group]
    view = views[controls.one_of("Show", views, f"{group}{answer.widget_suffix}")]
    bars = ranking.bars(view, answer, other)
    caption = ranking.caption(view, answer, other)
    if not bars:
        st.markdown(f"{view.title}: {caption.note}")
        return
    vega_chart.draw(
        bar_chart.ranking(bars, caption, controls.colour_scheme()),
        alt_texts.ranking(bars, caption),
        f"chart-{view.id}",
    )
