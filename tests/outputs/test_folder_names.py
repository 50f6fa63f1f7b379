"""Folders of results that have the same id."""

import dataclasses

import sim
from sim.outputs.folder_names import folder_names, renamed


def named(*ids):
    result = sim.run("truce-lapse")
    return [dataclasses.replace(result, manifest={**result.manifest, "scenario": id}) for id in ids]


def test_every_result_has_a_folder_of_its_own_and_ids_keep_theirs():
    assert folder_names(named("a", "b")) == ("a", "b")
    assert folder_names(named("a", "a", "a-2", "a")) == ("a", "a-3", "a-2", "a-4")


def test_only_what_is_not_under_its_id_is_told():
    assert renamed(named("a", "b")) == []
    (sentence,) = renamed(named("a", "a"))
    assert sentence.startswith("another result is called a: ")
    assert sentence.endswith("is saved in a-2")
