"""Where it happens: the map of gains and losses, and who replaces whom in trade."""

from __future__ import annotations

import streamlit as st

from dashboard import data
from dashboard.charts import bar_chart, flow_diagram, world_map
from dashboard.data import map_rows
from dashboard.parts import answer_cards, scenario_picker, vega_chart


def show_page() -> None:
    """Draw the page."""
    chosen = scenario_picker.scenario_and_levers()
    found = answer_cards.two_results(chosen)
    if found is None:
        return
    result, other, caption = found
    _map(result, other, caption)
    _flows(result, other, caption)


def _map(result: data.RunResult, other: data.RunResult | None, caption: bar_chart.Caption) -> None:
    st.subheader("Who gains and who loses", anchor=False)
    layer = map_rows.LAYERS[answer_cards.one_of("Show", map_rows.LAYERS, "layer")]
    values = map_rows.by_region(layer, result, other)
    texts = map_rows.texts(values, layer.unit)
    note = "Members of the EU share one number; so do all countries of the rest of the world."
    caption = answer_cards.with_words(caption, layer.title, f"Change, {layer.unit}", note)
    vega_chart.vega(
        spec=world_map.choropleth(values, texts, data.regions(), caption, answer_cards.scheme()),
        alt=world_map.finding(values, texts, data.regions(), caption),
        key="map",
    )


def _flows(
    result: data.RunResult, other: data.RunResult | None, caption: bar_chart.Caption
) -> None:
    st.subheader("Who replaces whom", anchor=False)
    flow = map_rows.FLOWS[answer_cards.one_of("Flow", map_rows.FLOWS, "flow")]
    both = flow_diagram.sides(map_rows.by_partner(flow, result, other), flow.words)
    note = "Ribbons share the change out in proportion: no good is followed from seller to seller."
    caption = answer_cards.with_words(
        caption, flow.title, "Change, bn USD a year, customs value", note
    )
    if not both.total:
        st.markdown(f"{flow.title}: nothing moves {caption.scenario.partition(', ')[2]}.")
        return
    st.echarts_chart(
        flow_diagram.spec(both, flow.words, caption, answer_cards.scheme()),
        height=flow_diagram.height(both, caption),
        alt=flow_diagram.finding(both, caption),
        renderer="svg",
        key="sankey",
    )
