"""The world map: one colour a country, shapes from our own server, title and source inside."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from dashboard.charts import chart_layout
from dashboard.charts.chart_layout import Spec
from dashboard.records import Caption, MapValues

SHAPES = "app/static/world.json"
"""Natural Earth by way of npm's world-atlas 2.0.2, countries at 1:110 million."""

REST = "ROW"
ANTARCTICA = "010"
COLOURS = {
    "light": ("#B34700", "#EEF0F3", "#005B8F"),
    "dark": ("#FF9B57", "#2B333C", "#7CC3EE"),
}
"""Loss, nothing, gain; apart for colour-blind readers."""

THICK = 1.3
"""Width in pixels of the border of what lies beyond the strongest colour."""

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


def choropleth(shown: MapValues, caption: Caption, scheme: str = "light") -> Spec:
    """Return the map: countries as shapes, small economies as points."""
    scheme = scheme if scheme in COLOURS else "light"
    ink = chart_layout.ink(scheme)
    colour = _colour(shown.colour_limit, caption, ink, scheme)
    return {
        "$schema": chart_layout.SCHEMA,
        "title": chart_layout.title_block(caption, ink),
        "height": 370 + chart_layout.LINE * len(chart_layout.subtitle_lines(caption)),
        "projection": {"type": "equalEarth"},
        "config": {"view": {"stroke": None}},
        "layer": [_shapes(shown, colour, scheme), _points(shown, colour, scheme)],
    }


TOOLTIP = [
    {"field": "shown", "type": "nominal", "title": "Country"},
    {"field": "region", "type": "nominal", "title": "In the model"},
    {"field": "text", "type": "nominal", "title": "Change"},
]


def _shapes(shown: MapValues, colour: Spec, scheme: str) -> Spec:
    return {
        "data": {"url": SHAPES, "format": {"type": "topojson", "feature": "countries"}},
        "transform": _joined(shown),
        "mark": {"type": "geoshape"},
        "encoding": {
            "color": colour,
            "tooltip": TOOLTIP,
            **_border(shown, BORDER[scheme], 0.5, scheme),
        },
    }


def _border(shown: MapValues, colour: str, width: float, scheme: str) -> Spec:
    """Return a border that marks what lies beyond the strongest colour."""
    test = f"abs(datum.value) > {shown.colour_limit!r}"
    return {
        "stroke": {"condition": {"test": test, "value": chart_layout.ink(scheme)}, "value": colour},
        "strokeWidth": {"condition": {"test": test, "value": THICK}, "value": width},
    }


def _points(shown: MapValues, colour: Spec, scheme: str) -> Spec:
    rows = [
        {"name": name, "longitude": east, "latitude": north, **_of_region(shown, code)}
        for name, code, east, north in POINTS
        if code in shown.values
    ]
    return {
        "data": {"values": rows},
        "transform": [{"calculate": "datum.name", "as": "shown"}],
        "mark": {"type": "circle", "size": 70, "opacity": 1},
        "encoding": {
            "longitude": {"field": "longitude", "type": "quantitative"},
            "latitude": {"field": "latitude", "type": "quantitative"},
            "color": colour,
            "tooltip": TOOLTIP,
            **_border(shown, chart_layout.ink(scheme), 0.75, scheme),
        },
    }


def _of_region(shown: MapValues, code: str) -> Spec:
    """Return name, number and text of a region."""
    return {"region": shown.labels[code], "value": shown.values[code], "text": shown.texts[code]}


def _joined(shown: MapValues) -> list[Spec]:
    """Join countries to their numbers; those without a region get the rest of the world's."""
    rows = [
        {"id": number, **_of_region(shown, code)}
        for number, code in COUNTRIES.items()
        if code in shown.values
    ]
    table = {"data": {"values": rows}, "key": "id", "fields": ["region", "value", "text"]}
    own = ["own_region", "own_value", "own_text"]
    return [
        {"filter": f"datum.id !== '{ANTARCTICA}'"},
        {"lookup": "id", "from": table, "as": own},
        {"calculate": "datum.properties.name", "as": "shown"},
        *(
            {
                "calculate": f"isValid(datum.own_{name}) ? datum.own_{name} : {_quoted(value)}",
                "as": name,
            }
            for name, value in _of_region(shown, REST).items()
        ),
    ]


def _quoted(value: object) -> str:
    return repr(value) if isinstance(value, float) else "'" + str(value).replace("'", "") + "'"


def _legend_label(limit: float) -> str:
    """Return the labels of the legend: the ends stand for all that lies beyond them."""
    low, high = f"datum.value <= -{limit!r}", f"datum.value >= {limit!r}"
    ends = f"{low} ? '≤ ' + datum.label : {high} ? '≥ ' + datum.label : datum.label"
    return f"datum.value === 0 ? '0' : {ends}"


def _colour(limit: float, caption: Caption, ink: str, scheme: str) -> Spec:
    """Return a scale with its neutral colour at zero; beyond `limit` the colour stays."""
    return {
        "field": "value",
        "type": "quantitative",
        "scale": {
            "domain": [-limit, 0, limit],
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
            # Without digits of its own the format would take those of the steps between values.
            "format": "+.3~g",
            "values": [-limit, -limit / 2, 0, limit / 2, limit],
            "labelExpr": _legend_label(limit),
        },
    }
