"""The two countries of a scenario: stated, inherited, and the default that no file writes."""

import pytest

from sim.pair import Pair
from sim.policy.library.loader import list_scenarios, load_scenario
from tests.strategies_policy import shipped_axes

AXES = shipped_axes()
PARENT = """\
title: Canada answers
question: What if?
extends: baseline-2025-10
pair: [CAN, USA]
"""


def write(folder, **files):
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text)
    return folder / f"{name}.yaml"


@pytest.mark.parametrize("card", list_scenarios(), ids=lambda card: card.id)
def test_shipped_scenarios_have_the_default_pair_unless_they_state_one(card):
    scenario = load_scenario(card.id, AXES)
    assert set(scenario.pair.codes) <= set(AXES.regions)


def test_a_file_states_its_pair(tmp_path):
    scenario = load_scenario(write(tmp_path, mine=PARENT), AXES)
    assert scenario.pair == Pair("CAN", "USA")
    assert not scenario.pair.is_default


def test_a_pair_is_inherited_unless_stated(tmp_path):
    heir = "title: x\nquestion: y?\nextends: parent\n"
    assert load_scenario(write(tmp_path, parent=PARENT, heir=heir), AXES).pair.codes == (
        "CAN",
        "USA",
    )
    other = f"{heir}pair: [EUN, CHN]\n".replace("EUN", AXES.regions[0])
    pair = load_scenario(write(tmp_path, parent=PARENT, other=other), AXES).pair
    assert pair == Pair(AXES.regions[0], "CHN")


def test_the_default_pair_written_out_changes_no_digest_and_another_does(tmp_path):
    plain = PARENT.replace("pair: [CAN, USA]\n", "")
    texts = {"mine": plain, "same": f"{plain}pair: [USA, CHN]\n", "other": PARENT}
    digests = {
        name: load_scenario(write(tmp_path, **{name: text}), AXES).digest
        for name, text in texts.items()
    }
    assert digests["mine"] == digests["same"] != digests["other"]
