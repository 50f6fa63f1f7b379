"""Where it happens: the map of gains and losses, and who replaces whom in trade."""

from __future__ import annotations

import streamlit as st

from dashboard import data
from dashboard.charts import flow_diagram, world_map
from dashboard.data import alt_texts, captions, flow_rows, map_rows
from dashboard.parts import controls, last_answer, scenario_picker, vega_chart


def show_page() -> None:
    """Draw the page."""
    choice = scenario_picker.scenario_and_levers()
    answer = None if choice is None else last_answer.of_choice(choice)
    if choice is None or answer is None:
        return
    other = last_answer.of_second(choice, answer.levers, answer)
    _map(answer, other)
    _flows(answer, other)


def _results(
    answer: data.Answer, other: data.Answer | None
) -> tuple[data.RunResult, data.RunResult | None]:
    if other is None:
        return data.result_of(answer), None
    return data.result_of(answer, "baseline"), data.result_of(other, "baseline")


def _map(answer: data.Answer, other: data.Answer | None) -> None:
    st.subheader("Who gains and who loses", anchor=False)
    layer = map_rows.LAYERS[controls.one_of("Show", map_rows.LAYERS, "layer")]
    values = map_rows.shown(layer, *_results(answer, other))
    shared = "Members of the EU share one number; so do all countries of the rest of the world."
    note = f"{map_rows.beyond_colours(values)} {shared}".strip()
    caption = captions.comparison(answer, other, layer.title, f"Change, {layer.unit}", note)
    vega_chart.draw(
        world_map.choropleth(values, caption, controls.colour_scheme()),
        alt_texts.world_map(values, caption),
        "map",
    )


def _flows(answer: data.Answer, other: data.Answer | None) -> None:
    st.subheader("Who replaces whom", anchor=False)
    flows = flow_rows.flows(answer.names)
    flow = flows[controls.one_of("Flow", flows, f"flow{answer.widget_suffix}")]
    sides = flow_rows.sides(flow_rows.by_partner(flow, *_results(answer, other)), flow.names)
    note = "Ribbons share the change out in proportion: no good is followed from seller to seller."
    unit = "Change, bn USD a year, customs value"
    caption = captions.comparison(answer, other, flow.title, unit, note)
    if not sides.total:
        st.markdown(f"{flow.title}: nothing moves {captions.against(answer, other)}.")
        return
    st.echarts_chart(
        flow_diagram.sankey(sides, caption, controls.colour_scheme()),
        height=flow_diagram.height(sides, caption),
        alt=alt_texts.flows(sides, caption),
        renderer="svg",
        key="sankey",
    )
