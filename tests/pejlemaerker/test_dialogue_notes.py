"""The notes of a dialogue meeting: taken point by point while it is held, kept as one types, and internal."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from meetings.models import LeaderGroup, Role, User
from pejlemaerker.actions import create_dialogue
from pejlemaerker.actions.dialogue_notes import save_notes
from pejlemaerker.models import Dialogue, GoalSet, ProgrammePoint, Theme
from tests.conftest import Login, grant, make_user, publish

HTMX = {"HX-Request": "true"}


@pytest.fixture
def dialogue(goal_set: GoalSet, consultant: User) -> Dialogue:
    return create_dialogue(
        goal_set=goal_set, leader_groups=LeaderGroup.objects.all(), goals=goal_set.goals.all(), nonce=uuid4(),
        by=consultant, kind="midterm", held_on=date(2023, 11, 14), step=None, public_summary="", internal_notes="",
    )  # fmt: skip


@pytest.fixture
def points(dialogue: Dialogue) -> list[ProgrammePoint]:
    goals = dialogue.goals.order_by("number")
    return [
        ProgrammePoint.objects.create(dialogue=dialogue, position=n, title=f"Pejlemærke {n}", goal=goal)
        for n, goal in enumerate(goals, start=1)
    ]


def address(dialogue: Dialogue) -> str:
    return reverse("dialogue_notes", args=[dialogue.pk])


def as_shown(client: Client, dialogue: Dialogue) -> dict[str, Any]:
    """What the page would send, if nothing were typed."""
    sent: dict[str, Any] = {}
    for point in client.get(address(dialogue)).context["page"].points:
        prefix = f"punkt-{point.key}"
        sent |= {
            f"{prefix}-notes": point.point.notes if point.point else "", f"{prefix}-revision": point.revision,
            f"{prefix}-seen": point.seen,
        }  # fmt: skip
    return sent


def kept(dialogue: Dialogue) -> list[str]:
    return list(dialogue.programme.values_list("notes", flat=True))


def test_notes_are_for_the_administration(
    dialogue: Dialogue,
    anonymous: Client,
    member: User,
    leader: User,
    other_member: User,
    consultant: User,
    as_user: Login,
) -> None:
    publish(dialogue)
    clients = [anonymous, *(as_user(one) for one in (member, leader, other_member, consultant))]
    assert [client.get(address(dialogue)).status_code for client in clients] == [302, 403, 403, 403, 200]
    assert [client.post(address(dialogue)).status_code for client in clients] == [302, 403, 403, 403, 303]
    assert as_user(consultant).put(address(dialogue)).status_code == 405


def test_who_may_only_read_notes_writes_none(dialogue: Dialogue, committee: Any, as_user: Login) -> None:
    head = grant(make_user("chef", "Cecilie Chef"), Role.HEAD, committee.municipality)
    client = as_user(head)
    assert [client.get(address(dialogue)).status_code, client.post(address(dialogue)).status_code] == [200, 403]
    assert "<textarea" not in client.get(address(dialogue)).text


def test_first_notes_make_the_point_of_a_meeting_without_a_programme(
    dialogue: Dialogue, consultant: User, as_user: Login
) -> None:
    client = as_user(consultant)
    assert client.post(address(dialogue), as_shown(client, dialogue)).status_code == 303
    assert kept(dialogue) == []
    for _ in range(2):
        client.post(address(dialogue), as_shown(client, dialogue) | {"punkt-0-notes": "Alle var glade."})
    assert list(dialogue.programme.values_list("title", "notes", "revision")) == [("Noter", "Alle var glade.", 1)]


def test_notes_are_kept_as_one_types(
    dialogue: Dialogue, points: list[ProgrammePoint], consultant: User, as_user: Login
) -> None:
    client = as_user(consultant)
    sent = as_shown(client, dialogue) | {f"punkt-{points[0].pk}-notes": "Først"}
    answer = client.post(address(dialogue), sent, headers=HTMX)
    assert (answer.status_code, "Gemt kl." in answer.text, "<html" in answer.text) == (200, True, False)
    client.post(address(dialogue), sent, headers=HTMX)  # the answer was lost, and it is sent again
    assert kept(dialogue)[0] == "Først"
    assert dialogue.programme.get(pk=points[0].pk).revision == 1


def test_two_note_takers_at_different_points_do_not_meet(
    dialogue: Dialogue, points: list[ProgrammePoint], consultant: User, secretary: User, as_user: Login
) -> None:
    one, other = as_user(consultant), as_user(secretary)
    mine, theirs = as_shown(one, dialogue), as_shown(other, dialogue)
    other.post(address(dialogue), theirs | {f"punkt-{points[1].pk}-notes": "Fra sekretæren"}, headers=HTMX)
    answer = one.post(address(dialogue), mine | {f"punkt-{points[0].pk}-notes": "Fra konsulenten"}, headers=HTMX)
    assert answer.status_code == 200
    assert kept(dialogue)[:2] == ["Fra konsulenten", "Fra sekretæren"]
    assert "har skrevet her" in answer.text


def test_two_note_takers_at_one_point_are_both_kept(
    dialogue: Dialogue, points: list[ProgrammePoint], consultant: User, secretary: User, as_user: Login
) -> None:
    one, other, name = as_user(consultant), as_user(secretary), f"punkt-{points[0].pk}"
    mine = as_shown(one, dialogue) | {f"{name}-notes": "Fra konsulenten"}
    other.post(address(dialogue), as_shown(other, dialogue) | {f"{name}-notes": "Fra sekretæren"})
    answer = one.post(address(dialogue), mine, headers=HTMX)
    assert answer.status_code == 409
    assert all(text in answer.text for text in ("Fra konsulenten", "Fra sekretæren"))
    assert kept(dialogue)[0] == "Fra sekretæren"
    assert one.post(address(dialogue), mine).status_code == 409  # and on the whole page
    assert one.post(address(dialogue), mine | {f"{name}-notes": "Begge", f"{name}-replaces": "1"}).status_code == 303
    assert kept(dialogue)[0] == "Begge"


def test_two_who_write_the_first_notes_at_once_are_both_kept(
    dialogue: Dialogue, consultant: User, secretary: User, as_user: Login
) -> None:
    sent = as_shown(as_user(consultant), dialogue)
    as_user(secretary).post(address(dialogue), sent | {"punkt-0-notes": "Fra sekretæren"})
    answer = as_user(consultant).post(address(dialogue), sent | {"punkt-0-notes": "Fra konsulenten"})
    assert (answer.status_code, kept(dialogue)) == (409, ["Fra sekretæren"])
    assert "Fra konsulenten" in answer.text


def test_notes_to_a_point_that_was_taken_out_are_not_lost(
    dialogue: Dialogue, points: list[ProgrammePoint], consultant: User, as_user: Login
) -> None:
    client = as_user(consultant)
    sent = as_shown(client, dialogue) | {f"punkt-{points[1].pk}-notes": "Skrevet imens"}
    points[1].delete()
    answer = client.post(address(dialogue), sent)
    assert answer.status_code == 409
    assert all(text in answer.text for text in ("Skrevet imens", "taget ud af programmet imens"))


def test_theme_is_added_beside_the_notes_and_nothing_typed_is_lost(
    dialogue: Dialogue, points: list[ProgrammePoint], consultant: User, as_user: Login
) -> None:
    client, key = as_user(consultant), points[0].pk
    sent = as_shown(client, dialogue) | {
        f"punkt-{key}-notes": "Noter", f"tema-{key}-text": "Overgange", f"tema-{key}-nonce": str(uuid4()),
    }  # fmt: skip
    answer = client.post(address(dialogue), sent | {"handling": f"tema-{key}"}, headers=HTMX)
    assert ("Overgange" in answer.text, "Temaet er skrevet ned." in answer.text) == (True, True)
    client.post(address(dialogue), sent)  # without JavaScript, all that is typed
    assert [(one.text, one.goal) for one in Theme.objects.all()] == [("Overgange", points[0].goal)]
    assert kept(dialogue)[0] == "Noter"


def test_empty_theme_says_what_is_missing_and_stays_open(
    dialogue: Dialogue, points: list[ProgrammePoint], consultant: User, as_user: Login
) -> None:
    client = as_user(consultant)
    act = f"tema-{points[0].pk}"
    sent = as_shown(client, dialogue) | {f"{act}-text": "", f"{act}-nonce": str(uuid4()), "handling": act}
    answer = client.post(address(dialogue), sent, headers={"HX-Request": "true"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Skriv temaet." in page
    assert f'data-focus-on="id_{act}-text"' in page
    assert client.post(address(dialogue), sent).status_code == 422


def test_theme_is_removed_by_those_who_write(
    dialogue: Dialogue, consultant: User, member: User, other_member: User, anonymous: Client, as_user: Login
) -> None:
    publish(dialogue)
    theme = Theme.objects.create(dialogue=dialogue, text="Overgange")
    where = reverse("theme_remove", args=[theme.pk])
    clients = [anonymous, as_user(other_member), as_user(member), as_user(consultant)]
    assert [client.post(where).status_code for client in clients] == [302, 404, 403, 303]
    assert as_user(consultant).get(where).status_code == 404
    assert not Theme.objects.exists()


def test_dialogue_shows_notes_to_the_administration_and_themes_to_the_committee(
    dialogue: Dialogue, points: list[ProgrammePoint], consultant: User, member: User, anonymous: Client, as_user: Login
) -> None:
    publish(dialogue)
    save_notes(dialogue=dialogue, point=points[0], notes="Formanden var i tvivl.", expected=0, by=consultant)
    Theme.objects.create(dialogue=dialogue, text="Overgange")
    pages = [
        client.get(dialogue.get_absolute_url()).text for client in (anonymous, as_user(member), as_user(consultant))
    ]
    assert [("i tvivl" in page, "Overgange" in page) for page in pages] == [(False, False), (False, True), (True, True)]


# --- Formulating


def test_wording_from_a_dialogue_carries_it(
    dialogue: Dialogue, points: list[ProgrammePoint], consultant: User, anonymous: Client, as_user: Login
) -> None:
    goal, client = points[0].goal, as_user(consultant)
    assert goal
    save_notes(dialogue=dialogue, point=points[0], notes="Skriv familien ind.", expected=0, by=consultant)
    where = reverse("wording_new", args=[goal.pk])
    page = client.get(f"{where}?dialog={dialogue.pk}")
    initial = page.context["form"].initial
    assert "Skriv familien ind." in page.text
    assert (initial["reason"], initial["worded_on"]) == (
        "Formuleret på dialogmødet 14. november 2023",
        date(2023, 11, 14),
    )
    sent = {
        **{name: initial[name] for name in ("reason", "worded_on", "expected", "revision", "dialogue")},
        "text": "Vi vil noget andet.", "change_kind": "change",
    }  # fmt: skip
    client.post(where, sent)
    assert goal.wording_draft.dialogue == dialogue
    client.post(where, sent | {"revision": goal.wording_draft.revision, "send": "1"})
    version = goal.versions.last()
    assert version
    assert version.dialogue == dialogue
    assert "dialogmødet" in client.get(reverse("wordings", args=[goal.pk])).text
    assert "Den blev formuleret på dialogmødet 14. november 2023." in client.get(goal.get_absolute_url()).text
    publish(goal.goal_set)
    public = anonymous.get(goal.get_absolute_url()).text
    assert ("formuleret på et dialogmøde" in public, dialogue.get_absolute_url() in public) == (True, False)


def test_new_goals_from_a_dialogue_carry_it(dialogue: Dialogue, consultant: User, as_user: Login) -> None:
    goal_set, client = GoalSet.objects.get(), as_user(consultant)
    where = reverse("goal_new", args=[goal_set.pk])
    assert client.get(f"{where}?dialog={dialogue.pk}").context["form"].initial["dialogue"] == dialogue
    client.post(where, {"text_1": "Vi lytter.", "dialogue": dialogue.pk, "nonce": str(uuid4()), "worded_on": ""})
    version = goal_set.goals.order_by("number").last().versions.get()  # type: ignore[union-attr]
    assert (version.dialogue, version.worded_on) == (dialogue, date(2023, 11, 14))


# --- A summary without names


def test_names_in_a_summary_are_pointed_out_before_it_is_public(
    dialogue: Dialogue, member: User, secretary: User, as_user: Login
) -> None:
    dialogue.participants.create(side="leaders", name="Lone Leder")
    Dialogue.objects.update(public_summary="Lone fortalte om Mettes spørgsmål. En leder var enig.")
    where = reverse("dialogue_publish", args=[dialogue.pk])
    page = as_user(secretary).get(where)
    assert list(page.context["part"].warnings) == ["Resumé: navnet L•••", "Resumé: navnet M••••"]
    assert as_user(secretary).post(where, {"handling": "", "seen": ""}).status_code == 422


def test_names_in_a_public_summary_stop_the_save(dialogue: Dialogue, consultant: User, as_user: Login) -> None:
    dialogue.participants.create(side="leaders", name="Lone Leder")
    publish(dialogue)
    where, client = reverse("dialogue_edit", args=[dialogue.pk]), as_user(consultant)
    sent = {
        "kind": "midterm", "held_on": "2023-11-14", "step": "", "revision": dialogue.revision, "internal_notes": "",
        "leader_groups": [one.pk for one in LeaderGroup.objects.all()], "public_summary": "Lone var enig.",
        "goals": [goal.pk for goal in dialogue.goals.all()],
    }  # fmt: skip
    refused = client.post(where, sent)
    assert (refused.status_code, "navnet L•••" in refused.text) == (422, True)
    accepted = {"seen": refused.context["form"].precheck["seen"].value(), "confirmed": "on"}
    assert client.post(where, sent | accepted).status_code == 303
