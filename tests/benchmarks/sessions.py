"""Sessions without a browser: what the server alone takes, over its own web socket."""

import time
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

PATH = "/_stcore/stream"
LIMIT = 64 * 2**20
SECONDS = 120


class Session:
    """One reader: asks for a page, moves a slider, reads a number."""

    def __init__(self, address, query, metric):
        self._wire = connect(f"ws://{urlsplit(address).netloc}{PATH}", max_size=LIMIT,
                             subprotocols=["streamlit"])  # fmt: skip
        self._query, self._metric = query, metric
        self._sliders, self.number = {}, None
        self._ask()

    def _ask(self, **widgets):
        message = BackMsg()
        message.rerun_script.query_string = self._query
        for identity, value in widgets.items():
            state = message.rerun_script.widget_states.widgets.add()
            state.id = identity
            state.double_array_value.data.append(value)
        self._wire.send(message.SerializeToString())

    def _read(self):
        message = ForwardMsg()
        message.ParseFromString(self._wire.recv(timeout=SECONDS))
        element = message.delta.new_element
        if element.WhichOneof("type") == "slider":
            self._sliders[element.slider.label] = element.slider.id
        if element.WhichOneof("type") == "metric" and element.metric.label == self._metric:
            self.number = element.metric.body
        return message

    def finish(self):
        """Read until the script has ended."""
        while self._read().WhichOneof("type") != "script_finished":
            pass

    def move(self, slider, value):
        """Move a slider; returns seconds to another number and to the end of the script."""
        before, start = self.number, time.perf_counter()
        self._ask(**{self._sliders[slider]: value})
        while self.number == before:
            self._read()
        changed = time.perf_counter() - start
        self.finish()
        return changed, time.perf_counter() - start

    def close(self):
        self._wire.close()
