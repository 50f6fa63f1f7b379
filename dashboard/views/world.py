"""Where it happens: the map of gains and losses, and who replaces whom in trade."""

from __future__ import annotations

import streamlit as st

from dashboard import charts, choose, data, maps, pictures, places, sankey, show


def show_page() -> None:
    """Draw the page."""
    chosen = choose.scenario_and_levers()
    found = show.two_results(chosen)
    if found is None:
        return
    result, other, caption = found
    _map(result, other, caption)
    _flows(result, other, caption)


def _map(result: data.RunResult, other: data.RunResult | None, caption: charts.Caption) -> None:
    st.subheader("Who gains and who loses", anchor=False)
    layer = places.LAYERS[show.one_of("Show", places.LAYERS, "layer")]
    values = places.by_region(layer, result, other)
    texts = places.texts(values, layer.unit)
    note = "Members of the EU share one number; so do all countries of the rest of the world."
    caption = show.with_words(caption, layer.title, f"Change, {layer.unit}", note)
    pictures.vega(
        spec=maps.choropleth(values, texts, data.regions(), caption, show.scheme()),
        alt=maps.finding(values, texts, data.regions(), caption),
        key="map",
    )


def _flows(result: data.RunResult, other: data.RunResult | None, caption: charts.Caption) -> None:
    st.subheader("Who replaces whom", anchor=False)
    flow = places.FLOWS[show.one_of("Flow", places.FLOWS, "flow")]
    both = sankey.sides(places.by_partner(flow, result, other), flow.words)
    note = "Ribbons share the change out in proportion: no good is followed from seller to seller."
    caption = show.with_words(caption, flow.title, "Change, bn USD a year, customs value", note)
    if not both.total:
        st.markdown(f"{flow.title}: nothing moves {caption.scenario.partition(', ')[2]}.")
        return
    st.echarts_chart(
        sankey.spec(both, flow.words, caption, show.scheme()),
        height=sankey.height(both, caption),
        alt=sankey.finding(both, caption),
        renderer="svg",
        key="sankey",
    )
