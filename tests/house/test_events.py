"""Every write has its Event: each action records one itself, or by another action that does."""

import ast
from pathlib import Path
from typing import NamedTuple

import pytest

WRITES = {"create", "save", "update", "delete", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}

# What writes without an event of its own, and why.
DRAFTS = {  # typed before the act, kept as they are typed; the act that makes a fact of them has its event
    "save_answers", "choose_texts", "save_decision_draft", "save_goal_handover", "save_handover",
    "save_status_draft", "save_wording_draft",
}  # fmt: skip
PARTS = {  # done within an action that records: numbers and places are handed out
    "give_up_number", "take_up_number", "hand_over_numbers", "hand_out_places", "person_called",
}  # fmt: skip
LETTERS = {
    "send_once",
    "mark_returned",
    "record_returned_mail",
}  # the letter's own row tells when, to whom and what came
THE_LOG = {"seal_log"}
FORGETTING = {"forget_logins"}  # an event a day about what is no longer known would be kept for ever


class Action(NamedTuple):
    """A public function of an actions module."""

    calls: frozenset[str]
    records: bool
    writes: bool


def actions_in(*folders: str) -> dict[str, Action]:
    """Read every function of the modules, private ones too; another name in an import is followed back."""
    found = {}
    for folder in folders:
        for file in Path(folder).glob("*.py"):
            found.update(actions_of(file.read_text(encoding="utf-8")))
    return found


def actions_of(source: str) -> dict[str, Action]:
    tree = ast.parse(source)
    known_as = {
        name.asname: name.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for name in node.names
        if name.asname
    }
    found = {}
    for function in [node for node in tree.body if isinstance(node, ast.FunctionDef)]:
        called = [node.func for node in ast.walk(function) if isinstance(node, ast.Call)]
        methods = {one.attr for one in called if isinstance(one, ast.Attribute)}
        names = {known_as.get(one.id, one.id) for one in called if isinstance(one, ast.Name)}
        given = {known_as.get(one.id, one.id) for one in ast.walk(function) if isinstance(one, ast.Name)}
        found[function.name] = Action(
            frozenset(names | given), "Event.objects.record" in ast.unparse(function), bool(methods & WRITES)
        )
    return found


def unrecorded(actions: dict[str, Action]) -> set[str]:
    """Return the public ones that write, themselves or by another, and record nowhere."""
    recording, writing = reaching(actions, "records"), reaching(actions, "writes")
    return {name for name in writing - recording if not name.startswith("_")}


def reaching(actions: dict[str, Action], what: str) -> set[str]:
    found = {name for name, one in actions.items() if getattr(one, what)}
    while more := {name for name, one in actions.items() if name not in found and one.calls & found}:
        found |= more
    return found


@pytest.mark.asvs("V2.3.3")
def test_every_write_has_its_event() -> None:
    actions = actions_in("meetings/actions", "pejlemaerker/actions")
    assert len(reaching(actions, "records")) > 150
    assert unrecorded(actions) == DRAFTS | PARTS | LETTERS | THE_LOG | FORGETTING


@pytest.mark.parametrize(
    ("body", "missed"),
    [
        ("Thing.objects.create()", {"act"}),
        ("Thing.objects.create(); Event.objects.record('x', thing, by=by)", set()),
        ("_write()", {"act"}),
        ("_write(); _note()", set()),
        ("return Thing.objects.all()", set()),
    ],
)
def test_write_without_an_event_is_found(body: str, missed: set[str]) -> None:
    helpers = "def _write(): Thing.objects.create()\ndef _note(): Event.objects.record('x', thing, by=None)\n"
    assert unrecorded(actions_of(f"{helpers}def act(): {body}\n")) == missed
