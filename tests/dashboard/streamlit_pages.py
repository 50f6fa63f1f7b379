"""One page of the dashboard run by Streamlit's own AppTest, and what it shows."""

import json

import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.worker import tasks

SECONDS = 60
ELASTICITIES = "fontagne2022"

QUIET = [
    # Streamlit turns our tables into data frames; what pandas deprecates inside it is not ours.
    pytest.mark.filterwarnings("ignore::DeprecationWarning:streamlit.*"),
    pytest.mark.filterwarnings("ignore::FutureWarning:streamlit.*"),
]


def opened(page, state=None, **params):
    """Run a page with this session state and this address."""
    at = AppTest.from_string(
        f"from dashboard.views import {page}\n{page}.show_page()", default_timeout=SECONDS
    )
    for name, value in params.items():
        at.query_params[name] = value
    for name, value in (state or {}).items():
        at.session_state[name] = value
    return checked(at.run())


def checked(at):
    """Return a page that has run without an exception."""
    assert not at.exception, at.exception
    return at


def texts(at):
    """All text of a page."""
    return "\n".join(element.value for element in [*at.markdown, *at.info, *at.warning, *at.error])


def specs(at):
    """Charts as drawn; Streamlit sends the rows of the top level beside the chart."""
    found = []
    for element in at.get("vega_lite_chart"):
        spec = json.loads(element.proto.spec)
        if raw := element.proto.data.data:
            spec["data"] = {"values": pa.ipc.open_stream(raw).read_all().to_pylist()}
        found.append(spec)
    return found


def chart(at, start):
    """Specification of the chart whose title starts so, with its rows, and its words."""
    for element in at.get("vega_lite_chart"):
        spec = json.loads(element.proto.spec)
        if " ".join(spec["title"]["text"]).startswith(start):
            if raw := element.proto.data.data:
                spec["data"] = {"values": pa.ipc.open_stream(raw).read_all().to_pylist()}
            return spec, element.proto.alt
    raise AssertionError(f"no chart {start}")


def path_answer(name="tariff-100", count=3, **levers):
    """The answer of a worker for a path of `count` months."""
    request = {"do": "path", "scenario": name, "levers": levers, "months": count,
               "elasticities": ELASTICITIES}  # fmt: skip
    return tasks.answered(request, lambda part: None)
