"""The world map: one colour a country, shapes from our own server, everything written in it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from dashboard.charts import bar_chart

SHAPES = "app/static/world.json"
"""Natural Earth by way of npm's world-atlas 2.0.2, countries at 1:110 million."""

REST = "ROW"
ANTARCTICA = "010"
COLOURS = {
    "light": ("#B34700", "#EEF0F3", "#005B8F"),
    "dark": ("#FF9B57", "#2B333C", "#7CC3EE"),
}
"""Loss, nothing, gain; apart for colour-blind readers."""

BORDER, SEA = {"light": "#AAB4BE", "dark": "#55616E"}, {"light": "#FFFFFF", "dark": "#12181F"}

_SINGLE = {
    "USA": "840", "CHN": "156", "JPN": "392", "KOR": "410", "TWN": "158", "CAN": "124",
    "MEX": "484", "BRA": "076", "ARG": "032", "GBR": "826", "IND": "356", "VNM": "704",
    "THA": "764", "MYS": "458", "IDN": "360", "PHL": "608", "KHM": "116", "AUS": "036",
    "RUS": "643", "SAU": "682", "TUR": "792", "ZAF": "710", "CHE": "756", "NOR": "578",
    "ISR": "376", "CHL": "152", "COL": "170", "PER": "604", "NZL": "554", "BGD": "050",
    "PAK": "586", "EGY": "818", "NGA": "566", "ARE": "784", "KAZ": "398", "UKR": "804",
    "MAR": "504",
}  # fmt: skip
_EU27 = (
    "040", "056", "100", "196", "203", "276", "208", "724", "233", "300", "191", "348", "372",
    "380", "440", "442", "428", "470", "528", "616", "620", "642", "703", "705", "752", "246",
    "250",
)  # fmt: skip
COUNTRIES: Mapping[str, str] = MappingProxyType(
    {number: code for code, number in _SINGLE.items()}
    | dict.fromkeys(_EU27, "EU27")
    | {"630": "USA"}
)
"""Region by ISO 3166-1 number; all others are the rest of the world."""

POINTS = (
    ("Singapore", "SGP", 103.8, 1.35),
    ("Hong Kong (with China)", "CHN", 114.2, 22.3),
)
"""Economies too small for the shapes: name, region, longitude, latitude."""


def choropleth(
    values: Mapping[str, float],
    texts: Mapping[str, str],
    labels: Mapping[str, str],
    caption: bar_chart.Caption,
    scheme: str = "light",
) -> bar_chart.Spec:
    """Return the map; `values`, `texts` and `labels` by region."""
    scheme = scheme if scheme in COLOURS else "light"
    ink = bar_chart.INK[scheme]
    rows = [
        {"id": number, "region": labels[code], "value": values[code], "text": texts[code]}
        for number, code in COUNTRIES.items()
        if code in values
    ]
    points = [
        {"name": name, "region": labels[code], "value": values[code], "text": texts[code],
         "longitude": east, "latitude": north}
        for name, code, east, north in POINTS
        if code in values
    ]  # fmt: skip
    title = bar_chart.title_block(caption, ink)
    colour = _colour(values, caption, ink, scheme)
    tooltip = [
        {"field": "shown", "type": "nominal", "title": "Country"},
        {"field": "region", "type": "nominal", "title": "In the model"},
        {"field": "text", "type": "nominal", "title": "Change"},
    ]
    return {
        "$schema": bar_chart.SCHEMA,
        "title": title,
        "height": 370 + 15 * len(title["subtitle"]),
        "projection": {"type": "equalEarth"},
        "config": {"view": {"stroke": None}},
        "layer": [
            {
                "data": {"url": SHAPES, "format": {"type": "topojson", "feature": "countries"}},
                "transform": _joined(rows, values, texts, labels),
                "mark": {"type": "geoshape", "stroke": BORDER[scheme], "strokeWidth": 0.5},
                "encoding": {"color": colour, "tooltip": tooltip},
            },
            {
                "data": {"values": points},
                "transform": [{"calculate": "datum.name", "as": "shown"}],
                "mark": {"type": "circle", "size": 70, "opacity": 1, "stroke": ink,
                         "strokeWidth": 1},
                "encoding": {
                    "longitude": {"field": "longitude", "type": "quantitative"},
                    "latitude": {"field": "latitude", "type": "quantitative"},
                    "color": colour,
                    "tooltip": tooltip,
                },
            },
        ],
    }  # fmt: skip


def _joined(
    rows: list[dict[str, object]],
    values: Mapping[str, float],
    texts: Mapping[str, str],
    labels: Mapping[str, str],
) -> list[bar_chart.Spec]:
    """Countries to their numbers; those in no region of their own get the rest of the world's."""
    rest = {"region": labels[REST], "value": values[REST], "text": texts[REST]}
    found = {"data": {"values": rows}, "key": "id", "fields": ["region", "value", "text"]}
    own = ["own_region", "own_value", "own_text"]
    return [
        {"filter": f"datum.id !== '{ANTARCTICA}'"},
        {"lookup": "id", "from": found, "as": own},
        {"calculate": "datum.properties.name", "as": "shown"},
        *(
            {
                "calculate": f"isValid(datum.own_{name}) ? datum.own_{name} : {_quoted(value)}",
                "as": name,
            }
            for name, value in rest.items()
        ),
    ]


def _quoted(value: object) -> str:
    return repr(value) if isinstance(value, float) else "'" + str(value).replace("'", "") + "'"


def _colour(
    values: Mapping[str, float], caption: bar_chart.Caption, ink: str, scheme: str
) -> bar_chart.Spec:
    """Scale with its neutral colour at zero; a few extremes do not wash out the others."""
    sizes = sorted(abs(value) for value in values.values())
    far = max(sizes[int(0.92 * (len(sizes) - 1))], 1e-6)
    return {
        "field": "value",
        "type": "quantitative",
        "scale": {
            "domain": [-far, 0, far],
            "range": list(COLOURS[scheme]),
            "interpolate": "rgb",
            "clamp": True,
        },
        "legend": {
            "title": caption.unit,
            "titleColor": ink,
            "labelColor": ink,
            "orient": "bottom",
            "gradientLength": 240,
            "titleLimit": 300,
            "format": "+~g",
            "tickCount": 4,
        },
    }


def finding(values: Mapping[str, float], texts: Mapping[str, str], labels: Mapping[str, str],
            caption: bar_chart.Caption) -> str:  # fmt: skip
    """Return what the map shows, in words."""
    order = sorted(values, key=lambda code: -values[code])
    up = [code for code in order if values[code] > 0][:3]
    down = [code for code in reversed(order) if values[code] < 0][:3]
    parts = [
        f"{word} {', '.join(f'{labels[code]} ({texts[code]})' for code in codes)}"
        for word, codes in (("gaining most:", up), ("losing most:", down))
        if codes
    ]
    return f"World map. {caption.title}, {caption.unit}: {'; '.join(parts) or 'no change'}."
