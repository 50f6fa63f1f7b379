"""The strict YAML reader: what it reads, what it refuses, and that nothing else comes out."""

import datetime as dt
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import ScenarioError
from sim.policy.language.yamlio import parse_document

# --- YAML ----------------------------------------------------------------------------------------

WORDS = st.text("abcXYZ ,:#-_'\"éß中[]{}", max_size=12)
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**12), 10**12), WORDS, st.floats(allow_nan=False)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(WORDS, inner, max_size=4)),
    max_leaves=12,
)


def as_tuples(value):
    if isinstance(value, list):
        return tuple(as_tuples(item) for item in value)
    if isinstance(value, dict):
        return {key: as_tuples(item) for key, item in value.items()}
    return value


@given(st.dictionaries(WORDS, VALUES, max_size=4))
def test_json_is_read_as_it_was_written(content):
    text = json.dumps(content, ensure_ascii=False).replace("-Infinity", "-1")
    text = text.replace("Infinity", ".inf")
    expected = json.loads(text.replace(".inf", "Infinity"))
    assert parse_document(text, "x.yaml").content == as_tuples(expected)


@settings(max_examples=200)
@given(st.text(st.sampled_from("ab: -\n[]{},\"'#&*!|>%@`0.1\t?~"), max_size=60))
def test_whatever_the_text_only_a_scenario_error_comes_out(text):
    try:
        parse_document(text, "x.yaml")
    except ScenarioError as error:
        raised = error
    else:
        return
    assert "x.yaml" in str(raised)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("NO", "NO"),
        ("off", "off"),
        ("12:30", "12:30"),
        ("1_000", "1_000"),
        ("1e-3", 0.001),
        ("-5", -5),
        ("0", 0),
        ("2025-02-28", dt.date(2025, 2, 28)),
        ('"2025-02-28"', "2025-02-28"),
        ("~", None),
        ("true", True),
    ],
)
def test_scalars_are_those_of_yaml_1_2(text, value):
    found = parse_document(f"key: {text}", "x.yaml").content["key"]
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize("text", ["0102", "0x1F", "0o17", "010121"])
def test_codes_without_quotes_are_refused(text):
    with pytest.raises(ScenarioError, match=f'write "{text}" in quotes'):
        parse_document(f"key: {text}", "x.yaml")


def test_lines_count_from_1_and_point_to_keys():
    document = parse_document("a: 1\nb:\n  c:\n    - x\n    - {d: 2}\n", "x.yaml")
    lines = {path: document.line(path) for path in [("a",), ("b",), ("b", "c"), ("b", "c", 1, "d")]}
    assert lines == {("a",): 1, ("b",): 2, ("b", "c"): 3, ("b", "c", 1, "d"): 5}
    assert document.line(("b", "c", 7, "nowhere")) == 3
