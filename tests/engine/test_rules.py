"""Rules: dated actions against a slow day-by-day oracle, order, guards, the shipped examples."""

import datetime as dt
import json
from calendar import monthrange as calendar_days
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

import sim
from sim.cli.app import app
from sim.engine.pace import read_pace
from sim.engine.path_with_rules import fired, solve_ruled
from sim.engine.rule_actions import points_in_force
from sim.engine.runs import path_result, world_of
from sim.engine.solved import outcome_of
from sim.errors import InputError, ScenarioError
from sim.policy.language.kinds.tariff import TariffMeasure
from sim.policy.law.action_log import Action, enacted, in_force
from sim.policy.library.loader import load_scenario
from sim.study import collapse_tree
from tests.alike import assert_same_table, near
from tests.strategies_policy import shipped_axes

AXES = shipped_axes()
DAY = dt.timedelta(1)
RATE = "effective_tariff_rate_before_substitution_change"
THREAT, MIRROR = "us-additional-tariff-threat-2025-10-10", "cn-mirror-tariff-assumed"


def duty(name, start=dt.date(2025, 1, 1), **others):
    content = {
        "id": name, "kind": "tariff", "title": name, "authority": "hypothetical",
        "importer": "USA", "exporters": ("CHN",), "coverage": {"default": 1.0}, "rate_pp": 10.0,
        "start": start, "status": "threatened", "assumed": True, "reason": "a test", **others,
    }  # fmt: skip
    return TariffMeasure.model_validate(content)


# --- actions -------------------------------------------------------------------------------------

LISTED = (duty("a"), duty("b", end=dt.date(2026, 2, 10)))
HELD = (duty("c", rate_pp=5.0), duty("d", rate_pp=5.0, duration_months=1))
FIRST, LAST = dt.date(2025, 12, 1), dt.date(2026, 3, 1)


@st.composite
def actions(draw):
    day = FIRST + draw(st.integers(1, 80)) * DAY
    verb = draw(st.sampled_from(["start", "stop", "set"]))
    name = draw(st.sampled_from("abcd"))
    if verb != "set":
        return Action(day, verb, name)
    value = draw(st.sampled_from([5.0, 20.0, 30.0]))
    return Action(day, verb, name, "rate_pp", value, raises=draw(st.booleans()))


@given(st.lists(actions(), max_size=7), st.randoms(use_true_random=False))
def test_the_order_of_deeds_and_of_measures_is_irrelevant(found, random):
    shuffled, listed, held = list(found), list(LISTED), list(HELD)
    for one in (shuffled, listed, held):
        random.shuffle(one)
    assert enacted(listed, held, shuffled) == enacted(LISTED, HELD, found)


@given(st.lists(actions(), max_size=7))
def test_deeds_amount_to_what_a_slow_calendar_says(found):
    measures = enacted(LISTED, HELD, found)
    wanted = {name: calendar(name, found) for name in "abcd"}
    for shift in range((LAST - FIRST).days):
        day = FIRST + shift * DAY
        for name in "abcd":
            at = [one for one in measures if one.id == name and one.in_force(day)]
            assert len(at) <= 1
            rate = at[0].rate_pp if at else None
            assert rate == wanted[name][day], (name, day, found)


def calendar(name, found):
    """Rate of a duty day by day, by hand: None where it is not in force."""
    text = next(one for one in (*LISTED, *HELD) if one.id == name)
    days = [FIRST + shift * DAY for shift in range(200)]
    listed = name in "ab"
    rates = {day: 10.0 if listed and (not text.end or day < text.end) else None for day in days}
    for action in sorted(set(found), key=lambda one: one.order):
        if action.measure == name:
            rates |= changed(text, action, {day: rates[day] for day in days if day >= action.day})
    return rates


def changed(text, action, later):
    """Rates of the days from a action on, after it."""
    if action.verb == "stop":
        return dict.fromkeys(later)
    if action.verb == "start":
        if later[action.day] is not None:
            return later
        return {day: text.rate_pp if _lasts(text, action.day, day) else None for day in later}
    return {
        day: rate if rate is None or (action.raises and rate > action.value) else action.value
        for day, rate in later.items()
    }


def _lasts(text, begun, day):
    """Tell whether a duty begun on one day is still in force on another."""
    if text.duration_months:
        return day < MONTH_AFTER[begun]
    length = None if text.end is None else text.end - text.start
    return length is None or day < begun + length


def month_after(day):
    """The same day of the next month, or its last."""
    year, month = (day.year + 1, 1) if day.month == 12 else (day.year, day.month + 1)
    return dt.date(year, month, min(day.day, calendar_days(year, month)[1]))


MONTH_AFTER = {FIRST + shift * DAY: month_after(FIRST + shift * DAY) for shift in range(200)}


def test_on_one_day_the_higher_number_holds_and_a_stop_prevails():
    day = dt.date(2026, 1, 5)
    two = [Action(day, "set", "a", "rate_pp", 20.0), Action(day, "set", "a", "rate_pp", 30.0)]
    for order in permutations(two):
        assert in_force(enacted(LISTED, (), order), "a", day).rate_pp == 30
    both = [Action(day, "start", "c"), Action(day, "stop", "c")]
    assert in_force(enacted(LISTED, HELD, both), "c", day) is None


def test_points_in_force_are_net_of_what_is_suspended():
    measures = world_of().scenario("truce-extension").measures
    day = dt.date(2026, 1, 1)
    assert points_in_force(measures, "us-ieepa-reciprocal-china-2025", day) == 10
    assert points_in_force(measures, "us-ieepa-reciprocal-china-2025", dt.date(2027, 1, 1)) == 34
    assert points_in_force(measures, "truce-extension-us", day) is None


# --- the shipped examples ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def trigger():
    return sim.run("purchase-trigger", months=9)


@pytest.fixture(scope="module")
def ladder():
    return sim.run("escalation-ladder", months=8)


def rates(result, pair):
    return [result.at(month).value(RATE, *pair) for month in range(1, len(result.dates) + 1)]


def firings(result):
    return result.manifest["rules"]["firings"]


def test_two_quarters_below_the_pledge_bring_the_points_back(trigger):
    us = rates(trigger, ("USA", "CHN"))
    assert us[:6] == pytest.approx([0] * 6, abs=1e-9)
    lapse = sim.run("truce-lapse", months=2)
    assert us[6] == pytest.approx(lapse.at(2).value(RATE, "USA", "CHN"), abs=1e-9)
    cn = rates(trigger, ("CHN", "USA"))
    assert cn[6] == pytest.approx(0, abs=1e-9)
    assert cn[7] > 20
    first, second = firings(trigger)
    assert (first["rule"], first["month"]) == ("purchases-fall-short", "2026-04")
    assert first["value"] == pytest.approx(57, abs=1e-6)
    assert {action["day"] for action in first["actions"]} == {"2026-05-01"}
    assert (second["rule"], second["month"]) == ("china-answers", "2026-05")
    soy = ("exports", "USA", "CHN", "SOY")
    assert trigger.at(8).value(*soy) < 0.8 * trigger.at(6).value(*soy)


def test_purchases_that_keep_the_promise_leave_the_truce_alone():
    kept = sim.run("purchase-trigger", levers={"fulfilment": 0.83}, months=8)
    assert firings(kept) == []
    assert rates(kept, ("USA", "CHN")) == pytest.approx([0] * 8, abs=1e-9)


def test_levers_move_thresholds_and_patience():
    hasty = sim.run("purchase-trigger", levers={"patience": 2}, months=3)
    assert firings(hasty)[0]["month"] == "2025-12"
    mild = sim.run("purchase-trigger", levers={"shortfall_pct": 55, "patience": 1}, months=2)
    assert firings(mild) == []
    with pytest.raises(ScenarioError, match="from 1 to 24"):
        sim.run("purchase-trigger", levers={"patience": 40}, months=1)


def test_dollars_promised_are_watched_like_tonnes(tmp_path):
    watch = "{kind: purchases, commitment: cn-phase-one-purchases-2020, threshold_pct: 99}"
    text = "title: Mine\nquestion: What if?\nextends: phase-one\n"
    path = written(tmp_path, rule("one", watch, f"{{start: [{THREAT}]}}"), head=text)
    (only,) = firings(sim.run(path, months=1))
    kept = {lever["id"]: lever["value"] for lever in sim.run("phase-one").manifest["levers"]}
    assert only["value"] == pytest.approx(100 * kept["all_fulfilment"], rel=1e-6)


def test_licences_are_answered_after_thirty_days():
    result = sim.run("licence-mirror", months=3)
    (only,) = firings(result)
    assert (only["month"], only["actions"][0]["day"]) == ("2025-11", "2025-12-08")
    us = rates(result, ("USA", "CHN"))
    assert us[0] == pytest.approx(0, abs=1e-9)
    assert us[1] == pytest.approx(63.6 * 24 / 31, abs=1e-6)
    assert us[2] == pytest.approx(63.6, abs=1e-6)
    at_once = sim.run("licence-mirror", levers={"answer_days": 0}, months=2)
    assert firings(at_once)[0]["actions"][0]["day"] == "2025-12-01"


def test_an_act_to_come_is_no_change_of_the_law_yet():
    path = sim.run("licence-mirror", levers={"answer_days": 90}, months=5).manifest["path"]
    assert path["policy_changes"] == ["2025-11", "2026-01", "2026-02", "2026-03"]


def test_a_ladder_climbs_to_its_caps_and_stays_there(ladder):
    steps = [firing["actions"][-1]["value"] for firing in firings(ladder)]
    assert steps == [20, 30, 40, 50, 50]
    cn = rates(ladder, ("CHN", "USA"))
    assert cn == pytest.approx([0, 20, 20, 40, 40, 50, 50, 50], abs=1e-9)
    us = rates(ladder, ("USA", "CHN"))
    assert us[:6] == pytest.approx([6.36, 6.36, 19.08, 19.08, 31.8, 31.8], abs=1e-6)
    capped = sim.run("escalation-ladder", levers={"cn_cap": 15, "us_cap": 10}, months=4)
    assert rates(capped, ("CHN", "USA"))[1:] == pytest.approx([15] * 3, abs=1e-9)
    assert len(firings(capped)) == 1


def test_a_month_depends_on_earlier_months_alone(ladder):
    """The first months of a path do not hang on how long it is."""
    short = sim.run("escalation-ladder", months=3)
    for month in (1, 2, 3):
        for region in ("USA", "CHN"):
            key = ("real_income_change", region)
            assert short.at(month).value(*key) == near(ladder.at(month).value(*key))


def test_a_static_run_knows_no_rules_and_says_so():
    static, plain = sim.run("licence-mirror"), sim.run("rare-earth-enforced")
    assert static.value("real_income", "USA") == near(plain.value("real_income", "USA"))
    assert static.manifest["rules"]["static"] is True
    done = truce("run", "licence-mirror")
    assert "they act month by month" in done.stdout


def test_a_scenario_without_rules_has_no_entry_and_takes_the_old_route(monkeypatch):
    def never(*_):
        raise AssertionError("the route with rules")

    monkeypatch.setattr("sim.engine.path.solve_ruled", never)
    assert "rules" not in sim.run("truce-lapse", months=1).manifest


def test_an_event_tree_does_not_follow_rules():
    with pytest.raises(ScenarioError, match="has rules, which event trees do not follow"):
        collapse_tree("licence-mirror", into="truce-lapse", hazard=0.1, jobs=1)


def truce(*arguments):
    return CliRunner().invoke(app, list(arguments), env={"COLUMNS": "100", "TERM": "dumb"})


def test_firings_are_printed_and_in_the_json():
    text = " ".join(truce("run", "licence-mirror", "--months", "2").stdout.split())
    assert "2025-11: The 100 % tariff starts" in text
    assert "on 2025-12-08" in text
    content = json.loads(truce("run", "purchase-trigger", "--months", "1", "--json").stdout)
    assert content["manifest"]["rules"]["firings"] == []
    text = " ".join(truce("run", "purchase-trigger", "--months", "1").stdout.split())
    assert "Did not act: China takes its 24 points back" in text


def test_the_manifest_and_the_sources_hold_the_rules(ladder):
    assert {rule["id"] for rule in ladder.manifest["rules"]["known"]} == {
        "china-tops-us",
        "us-tops-china",
    }
    owners = {entry["measure_id"] for entry in ladder.manifest["sources"]}
    assert "china-tops-us" in owners
    json.dumps(dict(ladder.manifest))


# --- files ---------------------------------------------------------------------------------------

HEAD = "title: Mine\nquestion: What if?\nextends: truce-extension\ndate: 2025-12-01\n"
RULE = """\
  - id: {name}
    title: A rule
    assumed: true
    reason: a test
    when: {when}
    then: {then}
    repeat: {repeat}
"""
INFORCE = "{kind: act, measure: truce-extension-us}"
BELOW = (
    "{kind: outcome, variable: imports_change, region: USA, partner: CHN, sector: GOODS, "
    "comparison: %s, threshold: %s, unit: USD mn, months: %s}"
)


def written(tmp_path, *rules, head=HEAD, name="mine"):
    path = tmp_path / f"{name}.yaml"
    path.write_text(head + "rules:\n" + "".join(rules))
    return path


def rule(
    name, when=INFORCE, then="{start: [us-additional-tariff-threat-2025-10-10]}", repeat="false"
):
    return RULE.format(name=name, when=when, then=then, repeat=repeat)


def test_what_only_a_rule_starts_is_not_in_force_and_levers_move_it(tmp_path):
    text = "levers:\n  rate: {path: us-additional-tariff-threat-2025-10-10.rate_pp, label: Rate, "
    text += "min: 0, max: 150, assumed: true, note: a test}\n"
    scenario = load_scenario(
        written(tmp_path, rule("one"), head=HEAD + text), AXES, levers={"rate": 60}
    )
    assert THREAT not in {measure.id for measure in scenario.measures}
    (held,) = scenario.held
    assert (held.id, held.rate_pp) == (THREAT, 60)


def test_rules_are_inherited_and_can_be_disabled(tmp_path):
    written(tmp_path, rule("one"), name="parent")
    child = tmp_path / "child.yaml"
    child.write_text("title: C\nquestion: What if?\nextends: parent\n")
    assert [one.id for one in load_scenario(child, AXES).rules] == ["one"]
    child.write_text("title: C\nquestion: What if?\nextends: parent\ndisable: [one]\n")
    assert load_scenario(child, AXES).rules == ()


def test_rules_change_the_digest_and_their_order_does_not(tmp_path):
    def digest(*rules):
        return load_scenario(written(tmp_path, *rules), AXES).digest

    one, two = rule("one"), rule("two", then="{stop: [truce-extension-cn]}")
    assert digest(one, two) == digest(two, one)
    plain = tmp_path / "plain.yaml"
    plain.write_text(HEAD)
    shipped = load_scenario("truce-extension", AXES)
    assert load_scenario(plain, AXES).digest == shipped.digest
    assert len({digest(one), digest(two), digest(one, two), shipped.digest}) == 4


def test_an_outcome_in_a_row_and_only_once(tmp_path):
    """Imports fall after the stop; the rule waits for two months of it, and acts once."""
    stop = rule("stop", then="{stop: [truce-extension-us]}")
    less = "{alter: [{measure: truce-extension-cn, field: suspended_pp, value: 20}]}"
    watch = rule("watch", BELOW % ("below", "-2000", "2"), less)
    result = sim.run(written(tmp_path, stop, watch), months=5)
    by_rule = {firing["rule"]: firing for firing in firings(result)}
    assert len(firings(result)) == 2
    assert by_rule["stop"]["month"] == "2025-12"
    assert by_rule["watch"]["month"] == "2026-02"
    seen = result.at(3).value("imports_change", "USA", "CHN", "GOODS")
    assert by_rule["watch"]["value"] == pytest.approx(seen, rel=1e-9)
    cn = rates(result, ("CHN", "USA"))
    assert cn[:3] == pytest.approx([0, 0, 0], abs=1e-9)
    assert cn[3:] == pytest.approx([4, 4], abs=1e-9)


def test_a_rule_may_act_again_if_it_says_so(tmp_path):
    """One starts what the other stops, for ever; without `repeat` each acts once."""

    def path(repeat):
        start = rule("on", f"{{kind: act, measure: {MIRROR}, state: ended}}",
                     f"{{start: [{MIRROR}]}}", repeat)  # fmt: skip
        stop = rule("off", f"{{kind: act, measure: {MIRROR}}}", f"{{stop: [{MIRROR}]}}", repeat)
        head = HEAD + f"measures: [{MIRROR}]\n"
        return firings(sim.run(written(tmp_path, start, stop, head=head), months=6))

    assert [one["rule"] for one in path("true")] == ["off", "on", "off", "on", "off", "on"]
    assert [one["rule"] for one in path("false")] == ["off", "on"]


def test_a_number_that_no_path_reports_is_an_error(tmp_path):
    when = "{kind: outcome, variable: real_income, region: USA, partner: CHN, comparison: below, "
    path = written(tmp_path, rule("one", when + "threshold: 1, unit: 'index, baseline = 100'}"))
    with pytest.raises(InputError, match="which no path reports"):
        sim.run(path, months=1)


POOL = (
    rule("a", then="{stop: [truce-extension-us]}"),
    rule("b", then="{alter: [{measure: truce-extension-us, field: suspended_pp, value: 10}]}"),
    rule("c", then="{alter: [{measure: truce-extension-us, field: suspended_pp, value: 20}]}"),
    rule("d", "{kind: act, measure: truce-extension-us, state: ended}"),
    rule("e", BELOW % ("above", "-1e9", "1"), f"{{match: [{{measure: {MIRROR}, other: "
         "us-ieepa-fentanyl-2025, plus_pp: 5, cap_pp: 50}]}", "true"),
)  # fmt: skip


@settings(max_examples=12)
@given(order=st.permutations(range(len(POOL))))
def test_the_order_of_rules_changes_nothing_that_they_do(tmp_path_factory, order):
    """What every rule finds at the end of a month, whatever the order in the file."""
    folder = tmp_path_factory.mktemp("order")
    head = HEAD + f"measures: [{MIRROR}]\n"
    path = written(folder, *(POOL[place] for place in order), head=head)
    scenario = world_of().scenario(path)
    assert fired(scenario, SEEN["at"], ()) == SEEN["found"]


SEEN = {}


@pytest.fixture(scope="module", autouse=True)
def _one_solved_month(tmp_path_factory):
    """The same rules in the order of their ids, solved for three months."""
    head = HEAD + f"measures: [{MIRROR}]\n"
    path = written(tmp_path_factory.mktemp("rules"), *POOL, head=head)
    scenario = world_of().scenario(path)
    start = world_of().start_from(world_of().baseline, "baseline-2025-10")
    from sim.engine.rule_conditions import Seen

    def observe(position, month, equilibrium):
        return outcome_of(start, scenario, month.first, equilibrium, (), scenario.pair)

    law = world_of().law(scenario)
    first = world_of().first_month(start, scenario)
    ruled = solve_ruled(start, scenario, law, first, 1, read_pace(), observe)
    outcomes = tuple(
        observe(0, month, one) for month, one in zip(ruled.policy, ruled.path.months, strict=True)
    )
    measures = enacted(scenario.measures, scenario.held, ())
    SEEN["at"] = Seen(start, law.axes, ruled.policy, outcomes, measures)
    SEEN["found"] = list(ruled.firings)
    assert {one.rule for one in ruled.firings} == {"a", "b", "c", "e"}


def test_whole_paths_do_not_depend_on_the_order_of_rules(tmp_path):
    head = HEAD + f"measures: [{MIRROR}]\n"
    results = [
        sim.run(written(tmp_path, *rules, head=head), months=3) for rules in (POOL, POOL[::-1])
    ]
    one, other = results
    assert firings(one) == firings(other)
    assert_same_table(one.table, other.table)


def test_a_path_on_which_nothing_fires_is_that_without_rules(tmp_path):
    quiet = rule("quiet", BELOW % ("below", "-1e9", "1"))
    ruled = sim.run(written(tmp_path, quiet), months=3)
    world, name = world_of(), "truce-extension"
    scenario = world.scenario(name)
    plain = path_result(world.path_on(world.start(scenario), scenario, 3, read_pace()))
    for month in (1, 2, 3):
        for variable in ("imports", "real_income"):
            mine = ruled.at(month).value(variable, "USA")
            assert mine == near(plain.at(month).value(variable, "USA"))
