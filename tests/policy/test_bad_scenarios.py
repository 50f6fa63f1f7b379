"""One broken file a mistake: each message says where, what was found and what to write."""

from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.policy.language.yamlio import SIZE_LIMIT
from sim.policy.library.loader import check_paths, load_scenario
from tests.strategies_policy import shipped_axes

FOLDER = Path(__file__).parent / "bad_scenarios"
AXES = shipped_axes()
REGION = "measures[0].exporters"
CASES = {
    # file: (line, field, words ...)
    "a-list": (1, None, "holds no keys", "title: ..."),
    "alias-bomb": (2, None, "alias *a", "Write the value out"),
    "boolean-number": (13, "measures[0].rate_pp", "found true", "such as 25"),
    "collapse-in-percent": (5, "collapse.hazard", "found 2", "2 percent is 0.02"),
    "collapse-into-nowhere": (5, "collapse.into", "'truce-laps'", "Did you mean 'truce-lapse'?"),
    "collapse-unsourced": (5, "collapse", "basis that disagree", "Give a source"),
    "commitment-two-sizes": (5, "measures[0]", "needs one size", "Write mmt or usd_bn"),
    "control-that-adds": (11, "measures[0].volume_change_pct", "found 15", "at most 0"),
    "coverage-in-percent": (12, "measures[0].coverage.default", "found 63.6", "percent is 0.636"),
    "cycle-one": (3, "extends", "cycle-one -> cycle-two -> cycle-one", "Break the circle"),
    "cycle-two": (3, "extends", "cycle-two -> cycle-one -> cycle-two", "Break the circle"),
    "date-in-quotes": (14, "measures[0].start", "found '2025-11-01'", "without quotes"),
    "deep-nesting": (5, None, "deeper than 10 levels", "Flatten"),
    "disable-absent": (5, "disable[0]", "'us-ieepa-fentanyl-2024'", "'us-ieepa-fentanyl-2025'?"),
    "double-suspension": (6, "measures[2].suspends", "twice at once", "Let one end"),
    "duplicate-key": (5, "title", "written twice, first on line 1", "Keep one"),
    "empty": (1, None, "holds no keys", "title: ..."),
    "end-before-start": (15, "measures[0].end", "2025-10-01", "2025-11-01", "a later day"),
    "estimate-upside-down": (5, "compare_with[0]", "low 3 is above high 1", "Swap"),
    "estimate-without-number": (
        5,
        "compare_with[0]",
        "has no number",
        "Write value, or low and high",
    ),
    "exclusion-of-nothing": (5, "measures[0]", "names no tariff", "Write excludes: [...]"),
    "exclusion-unknown-authority": (8, "measures[0].authorities[0]", "fentanil'", "fentanyl'?"),
    "leading-zero": (6, "stated_in_articles[0].seed", "found 001", 'write "001" in quotes'),
    "lever-absent-field": (19, "levers.us_rate.path", "no field 'rate_p'", "'rate_pp'?"),
    "lever-absent-measure": (6, "levers.us_rate.path", "is not in the scenario", "Known:"),
    "lever-default-outside": (5, "lever_defaults.us_rate", "151", "0 to 150", "within"),
    "lever-outside-range": (19, "levers.us_rate", "own 10", "20 to 100", "Widen"),
    "lever-upside-down": (19, "levers.us_rate", "min 100", "max 0", "Swap"),
    "measure-twice": (5, "measures[1]", "'truce-extension-us'", "in the set already", "disable"),
    "missing-title": (1, "title", "is missing", "title: ..."),
    "misspelt-key": (2, "qestion", "unknown key 'qestion'", "Did you mean 'question'?"),
    "negative-purchase": (12, "measures[0].mmt", "found -5", "at least 0"),
    "negative-rate": (13, "measures[0].rate_pp", "found -5", "tariff-suspension"),
    "no-date": (1, "date", "is missing", "date: 2025-12-01"),
    "no-source": (6, "measures[0]", "no source", "assumed: true"),
    "no-such-date": (14, "measures[0].start", "2025-02-31", "not a date that exists", "2025-02-28"),
    "norway": (11, f"{REGION}[0]", "unknown region 'NO'", "Did you mean 'NOR'?"),
    "not-yaml": (3, None, "not valid YAML", "Check quotes"),
    "octal-hs-code": (11, "measures[0].sectors[0]", "found 0712", 'write "0712" in quotes'),
    "outside-folder": (3, "extends", "'../../baseline-2025-10'", "not a valid id"),
    "overlapping-steps": (13, "measures[0].steps", "2025-11-01", "Steps overlap"),
    "pair-in-words": (5, "pair", "found 'Canada'", "two region codes"),
    "pair-of-one": (5, "pair", "not a list of two codes", "[USA, CHN]"),
    "pair-twice": (5, "pair", "CAN is listed twice", "two region codes"),
    "pair-unknown": (5, "pair[1]", "unknown region 'US'", "'USA'?"),
    "percent-sign": (13, "measures[0].rate_pp", "found '25%'", "without quotes or %"),
    "python-tag": (5, "note", "python/object/apply", "is not accepted"),
    "rate-25": (14, "measures[0].rate", "found rate: 25", "rate_pp: 25 or rate: 0.25"),
    "rests-on-unknown-fact": (5, "rests_on[0].fact", "no fact 'brasil'", "Did you mean 'brazil'?"),
    "rule-matches-no-tariff": (11, "rules[0].then.match[0].measure", "is not a tariff", "Known:"),
    "rule-named-like-a-measure": (6, "rules[0].id", "is a measure too", "Rename it"),
    "rule-no-commitment": (
        10,
        "rules[0].when.commitment",
        "is not a purchase-commitment",
        "Known:",
    ),
    "rule-nothing-follows": (11, "rules[0].then", "nothing follows", "Write start, stop"),
    "rule-starts-unknown": (11, "rules[0].then.start[0]", "us-aditional", "Did you mean"),
    "rule-stops-unknown": (11, "rules[0].then.stop[0]", "is not in the scenario", "extension-us'?"),
    "rule-twice": (12, "rules[1]", "rule 'odd' is in the set already", "Rename it"),
    "rule-unknown-comparison": (10, "rules[0].when.comparison", "'under'", "Known: above, below"),
    "rule-unknown-field": (11, "rules[0].then.alter[0].field", "not a number", "'suspended_pp'?"),
    "rule-unknown-kind": (10, "rules[0].when", "found kind 'outcom'", "Did you mean 'outcome'?"),
    "rule-unknown-place": (10, "rules[0].when.region", "unknown region 'US'", "'USA'?"),
    "rule-unknown-variable": (10, "rules[0].when.variable", "variable 'import'", "'imports'?"),
    "rule-unsourced": (6, "rules[0]", "no source", "assumed: true"),
    "rule-value-outside": (11, "rules[0].then.alter[0].value", "found -3", "at least 0"),
    "rule-wrong-unit": (10, "rules[0].when.unit", "found 'USD bn'", "unit: USD mn"),
    "self-tax": (11, REGION, "USA would tax itself", "Remove"),
    "suspends-absent": (9, "measures[0].suspends[0]", "does not hold", "reciprocal-china-2025'?"),
    "suspends-too-much": (9, "measures[0].suspends[0]", "35 points", "has 34", "at most 34"),
    "suspension-raises": (9, "measures[0].suspends[0]", "leaves 25", "has 20", "add a tariff"),
    "switch-two": (13, "measures[0].switch", "found 2", "at most 1"),
    "threat-probability": (9, "measures[0].probability", "found 1.2", "at most 1"),
    "two-documents": (5, None, "second document", "one per file"),
    "two-rates": (6, "measures[0]", "found rate_pp and rate", "Write one of"),
    "two-totals": (26, "measures[1].total_rate_pp", "'test-one' and 'test-two'", "Disable one"),
    "unknown-article": (6, "stated_in_articles[0].seed", "article '009'", "000, 001, 002, 003"),
    "unknown-authority": (9, "measures[0].authority", "'ieepa-fentanil'", "'ieepa-fentanyl'?"),
    "unknown-counterpart": (5, "counterpart", "'truce-laps'", "Did you mean 'truce-lapse'?"),
    "unknown-extends": (3, "extends", "'baseline-2025-11'", "Did you mean 'baseline-2025-10'?"),
    "unknown-fact": (6, "stated_in_articles[0].fact", "'tariff-thread'", "'tariff-threat'?"),
    "unknown-key": (14, "measures[0].rate_pct", "unknown key 'rate_pct'", "rate_pp: 25"),
    "unknown-kind": (7, "measures[0].kind", "found kind 'tarif'", "Did you mean 'tariff'?"),
    "unknown-lever-default": (4, "lever_defaults.us_rte", "no lever 'us_rte'", "'us_rate'?"),
    "unknown-levers-from": (4, "levers_from[0]", "'tariff-10'", "Did you mean 'tariff-100'?"),
    "unknown-list": (12, "measures[0].coverage.by_sector", "'reciprocall'", "'reciprocal'?"),
    "unknown-measure": (5, "measures[0]", "us-aditional", "Did you mean 'us-additional"),
    "unknown-region": (11, f"{REGION}[1]", "unknown region 'CHM'", "Did you mean 'CHN'?"),
    "unknown-schedule": (14, "measures[0].rate_schedule", "octobre", "'s232-october-2025'?"),
    "unknown-sector": (15, "measures[0].sectors[1]", "unknown sector 'C299'", "'C29'?"),
    "unknown-status": (15, "measures[0].status", "found 'in force'", "Did you mean 'in-force'?"),
    "wedge-without-flows": (5, "measures[0]", "without its flows", "Add threatened_pp"),
    "yes-number": (13, "measures[0].rate_pp", "found 'yes'", "which is not a number"),
}
WRITTEN_ELSEWHERE = {"cycle-one": "cycle-two", "cycle-two": "cycle-one"}


def test_every_broken_file_has_its_message():
    assert {path.stem for path in FOLDER.glob("*.yaml")} == set(CASES)


@pytest.mark.parametrize("name", sorted(CASES))
def test_the_message_says_where_what_and_what_to_write(name):
    line, field, *words = CASES[name]
    with pytest.raises(ScenarioError) as caught:
        load_scenario(FOLDER / f"{name}.yaml", AXES)
    error, text = caught.value, str(caught.value)
    assert Path(error.file).name == f"{WRITTEN_ELSEWHERE.get(name, name)}.yaml"
    assert (error.line, error.field) == (line, field)
    assert f"{error.file}:{line}" in text
    assert error.advice
    assert "\n" not in text
    for word in words:
        assert word in text


@pytest.mark.parametrize("name", sorted(CASES))
def test_check_finds_it_too(name):
    line, field, *_ = CASES[name]
    found = check_paths([FOLDER / f"{name}.yaml"], AXES)
    assert (line, field) in {(error.line, error.field) for error in found}


def test_check_reports_all_problems_of_a_folder_at_once():
    files = {Path(error.file).stem for error in check_paths([FOLDER], AXES)}
    assert files == set(CASES)


def write(folder, content):
    path = folder / "mine.yaml"
    path.write_bytes(content)
    return path


def test_a_file_of_50_megabytes_is_refused_unread(tmp_path):
    path = tmp_path / "mine.yaml"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    with pytest.raises(ScenarioError, match=f"50000000 bytes. At most {SIZE_LIMIT}"):
        load_scenario(path, AXES)


def test_a_file_that_is_not_utf8_is_refused_with_its_line(tmp_path):
    path = write(tmp_path, "title: x\nquestion: für wen?\n".encode("latin-1"))
    with pytest.raises(ScenarioError, match=r"mine.yaml:2: byte 0xfc is not UTF-8"):
        load_scenario(path, AXES)


def test_control_characters_are_refused(tmp_path):
    with pytest.raises(ScenarioError, match="not valid YAML"):
        load_scenario(write(tmp_path, b"title: \x00\n"), AXES)


def test_a_million_brackets_do_not_exhaust_the_stack(tmp_path):
    with pytest.raises(ScenarioError, match="nested deeper"):
        load_scenario(write(tmp_path, b"title: " + b"[" * 200_000), AXES)


def test_an_absent_file_is_named(tmp_path):
    with pytest.raises(ScenarioError, match=r"absent.yaml: cannot be read"):
        load_scenario(tmp_path / "absent.yaml", AXES)


def test_a_link_out_of_the_folder_is_refused(tmp_path):
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "secret.yaml").write_text("title: x\n")
    (tmp_path / "scenarios" / "link.yaml").symlink_to(tmp_path / "secret.yaml")
    with pytest.raises(ScenarioError, match="link out of its folder"):
        load_scenario("link", AXES, folder=tmp_path / "scenarios")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("tarif-100", "scenario 'tarif-100' does not exist. Did you mean 'tariff-100'?"),
        ("stacking", "scenario 'stacking' does not exist."),
        ("../README", "scenario '../README' does not exist."),
        ("", "scenario '' does not exist."),
    ],
)
def test_an_unknown_scenario_is_named_with_the_nearest(name, words):
    with pytest.raises(ScenarioError) as caught:
        load_scenario(name, AXES)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("levers", "words"),
    [
        ({"us_rat": 10}, ("no lever 'us_rat'", "Did you mean 'us_rate'?")),
        ({"us_rate": 151}, ("tariff-100.yaml", "levers.us_rate", "is 151", "from 0 to 150 (pp)")),
        ({"us_rate": -1}, ("is -1", "from 0 to 150")),
        ({"us_rate": float("nan")}, ("is nan", "from 0 to 150")),
        ({"us_rate": True}, ("is true", "from 0 to 150")),
        ({"us_rate": "60"}, ("is '60'", "from 0 to 150")),
    ],
)
def test_a_lever_out_of_range_or_unknown_is_refused(levers, words):
    with pytest.raises(ScenarioError) as caught:
        load_scenario("tariff-100", AXES, levers=levers)
    for word in words:
        assert word in str(caught.value)


def test_a_fraction_of_a_month_is_refused():
    with pytest.raises(ScenarioError, match="Write a whole number"):
        load_scenario("truce-extension", AXES, levers={"months": 2.5})
