"""A dialogue meeting that lies ahead: planned, called off, its programme, who came, and that it counts as held nowhere
before its day.
"""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from kit.clock import today
from kit.dates import format_date
from meetings.actions import NotAllowed
from meetings.models import AgendaItem, Decision, LeaderGroup, Meeting, User
from pejlemaerker.actions import create_dialogue
from pejlemaerker.actions.dialogue_people import Guest, add_participants, note_attendance
from pejlemaerker.actions.dialogues import cancel_dialogue, edit_dialogue, link_item
from pejlemaerker.actions.programme import PlannedPoint, ProgrammeChanged, propose_programme, save_programme
from pejlemaerker.actions.programme import programme_mark as mark_of
from pejlemaerker.documents.brief_story import brief_stories
from pejlemaerker.documents.course import courses
from pejlemaerker.documents.goal import GoalDocument
from pejlemaerker.documents.goal_set import GoalSetDocument
from pejlemaerker.documents.notes.choices import SectionKey
from pejlemaerker.documents.programme import ProgrammeDocument
from pejlemaerker.documents.wheel_events import events_for_calendar
from pejlemaerker.forms.goal import dialogues_of
from pejlemaerker.models import AsOf, Dialogue, DialogueTreatment, FollowUpPlan, FollowUpStep, GoalSet, Participant
from tests.conftest import CANARY, Login, publish
from tests.house.test_canary import everything_in
from tests.pejlemaerker.telling import told_in

AHEAD = timedelta(days=20)

type Plan = Callable[..., Dialogue]


@pytest.fixture
def step(goal_set: GoalSet) -> FollowUpStep:
    plan = FollowUpPlan.objects.create(goal_set=goal_set, number=1)
    return FollowUpStep.objects.create(plan=plan, position=1, kind="midterm_dialogue", when_text="efteråret 2023")


@pytest.fixture
def plan(goal_set: GoalSet, consultant: User) -> Plan:
    def make(**fields: Any) -> Dialogue:
        values = {
            "kind": "midterm", "held_on": today() + AHEAD, "step": None, "starts_at": time(16), "ends_at": time(18),
            "place": "Rådhuset", "invitation": "Kære alle. Kom.",
        } | fields  # fmt: skip
        return create_dialogue(
            goal_set=goal_set, leader_groups=LeaderGroup.objects.all(), goals=goal_set.goals.all(), nonce=uuid4(),
            by=consultant, **values,
        )  # fmt: skip

    return make


def standing_on(day: date) -> Any:
    return time_machine.travel(datetime.combine(day, time(12), timezone.get_current_timezone()), tick=False)


def text_of(client: Client, address: str) -> str:
    return client.get(address).content.decode()


# --- Planning it ----------------------------------------


def filled_in(goal_set: GoalSet, **changes: Any) -> dict[str, Any]:
    return {
        "kind": "leaders", "held_on": (today() + AHEAD).isoformat(), "starts_at": "16:00", "ends_at": "18:00",
        "place": "Rådhuset", "step": "", "nonce": str(uuid4()), "invitation": "Kom og fortæl.",
        "leader_groups": [group.pk for group in LeaderGroup.objects.all()],
        "goals": [goal.pk for goal in goal_set.goals.all()], **changes,
    }  # fmt: skip


def test_planning_is_for_those_who_follow_up(
    goal_set: GoalSet, anonymous: Client, other_member: User, member: User, consultant: User, as_user: Login
) -> None:
    clients = [anonymous, as_user(other_member), as_user(member), as_user(consultant)]
    address = f"/saet/{goal_set.pk}/dialogmoeder/planlaeg/"
    assert [client.get(address).status_code for client in clients] == [302, 404, 403, 200]
    assert clients[-1].put(address).status_code == 405


def test_planned_dialogue_is_told_plainly(goal_set: GoalSet, consultant: User, as_user: Login) -> None:
    client = as_user(consultant)
    form = filled_in(goal_set, held_on="2026-10-04")
    with standing_on(date(2026, 9, 1)):
        client = as_user(consultant)
        response = client.post(f"/saet/{goal_set.pk}/dialogmoeder/planlaeg/", form)
        dialogue = Dialogue.objects.get()
        page = text_of(client, dialogue.get_absolute_url())
    assert response.headers["Location"] == f"/dialogmoeder/{dialogue.pk}/deltagere/"
    assert "Planlagt til 4. oktober 2026 kl. 16–18, Rådhuset" in page
    assert "Pejlemærker, der skal drøftes" in page
    assert "Der er ikke skrevet et resumé" not in page
    with standing_on(date(2026, 10, 5)):
        page = text_of(as_user(consultant), dialogue.get_absolute_url())
    assert "Holdt 4. oktober 2026 kl. 16–18, Rådhuset" in page


def test_plan_begins_with_an_invitation(goal_set: GoalSet, consultant: User, as_user: Login) -> None:
    page = text_of(as_user(consultant), f"/saet/{goal_set.pk}/dialogmoeder/planlaeg/")
    assert f"indbyder til dialogmøde om de politiske pejlemærker for {goal_set.area}" in page


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"ends_at": "15:00"}, "Dialogmødet skal slutte efter, at det begynder."),
        ({"starts_at": ""}, "Skriv også, hvornår det begynder."),
        ({"held_on": ""}, "Skriv datoen."),
        ({"held_on": "1822-01-01"}, "Er året 1822 rigtigt?"),
    ],
)
def test_plan_asks_for_hours_that_can_be(
    changes: dict[str, str], error: str, goal_set: GoalSet, consultant: User, as_user: Login
) -> None:
    address = f"/saet/{goal_set.pk}/dialogmoeder/planlaeg/"
    response = as_user(consultant).post(address, filled_in(goal_set, **changes))
    assert (response.status_code, error in response.content.decode()) == (422, True)
    assert not Dialogue.objects.exists()


def test_dialogue_ahead_is_not_written_down_as_held(goal_set: GoalSet, consultant: User, as_user: Login) -> None:
    response = as_user(consultant).post(f"/saet/{goal_set.pk}/dialogmoeder/nyt/", filled_in(goal_set))
    assert (response.status_code, "Dagen er ikke kommet endnu" in response.content.decode()) == (422, True)


def test_page_from_before_the_day_loses_no_text(
    plan: Plan, goal_set: GoalSet, consultant: User, as_user: Login
) -> None:
    dialogue = plan()
    Dialogue.objects.filter(pk=dialogue.pk).update(internal_notes="Skrevet på mødet.")
    form = filled_in(goal_set, revision=0)  # of a page that asks for no notes
    with standing_on(dialogue.held_on + timedelta(days=1)):
        form["held_on"] = today().isoformat()
        assert as_user(consultant).post(f"{dialogue.get_absolute_url()}ret/", form).status_code == 303
    dialogue.refresh_from_db()
    assert dialogue.internal_notes == "Skrevet på mødet."


# --- It counts as held nowhere ----------------------------------------


@pytest.fixture(params=["planned", "cancelled before", "cancelled after"])
def not_held(request: pytest.FixtureRequest, plan: Plan, step: FollowUpStep, consultant: User) -> Dialogue:
    if request.param == "planned":
        return plan(step=step)
    day = today() + AHEAD if request.param == "cancelled before" else today() - AHEAD
    return cancel_dialogue(dialogue=plan(step=step, held_on=day), reason="Sygdom", by=consultant)


def test_dialogue_that_was_not_held_is_told_as_held_nowhere(
    not_held: Dialogue, goal_set: GoalSet, consultant: User
) -> None:
    goal, at = goal_set.goals.first(), AsOf.now()
    assert goal
    url = not_held.get_absolute_url()
    status = GoalSetDocument.for_set(goal_set, viewer=consultant, at=at)
    story = GoalDocument.for_goal(goal, viewer=consultant, at=at).story
    events = events_for_calendar(consultant, committee=not_held.committee, at=at)
    course = courses([goal_set.pk], viewer=consultant, at=at)[goal_set.pk]
    assert [one for one in status.held if one.get_absolute_url() == url] == []
    assert url not in repr(story)
    assert brief_stories([goal], viewer=consultant, at=at).get(goal.pk, ()) == ()
    assert [one.is_done for one in events if one.url == url] in ([], [False])
    assert [step.state for step in course.steps] == ["next"]
    assert list(dialogues_of(goal_set, consultant)) == []


def test_day_makes_it_held(plan: Plan, step: FollowUpStep, goal_set: GoalSet, consultant: User) -> None:
    """The proof that the test above could fail."""
    dialogue, goal = plan(step=step), goal_set.goals.first()
    assert goal
    with standing_on(dialogue.held_on):
        at, url = AsOf.now(), dialogue.get_absolute_url()
        status = GoalSetDocument.for_set(goal_set, viewer=consultant, at=at)
        assert [one.get_absolute_url() for one in status.held] == [url]
        assert url in repr(GoalDocument.for_goal(goal, viewer=consultant, at=at).story)
        assert [one.state for one in status.course.steps] == ["done"]
        assert [one.text for one in brief_stories([goal], viewer=consultant, at=at)[goal.pk]] != []
        assert status.planned == ()


def test_planned_dialogue_is_told_as_coming(
    plan: Plan, step: FollowUpStep, goal_set: GoalSet, consultant: User, as_user: Login
) -> None:
    dialogue = plan(step=step)
    status = GoalSetDocument.for_set(goal_set, viewer=consultant, at=AsOf.now())
    events = events_for_calendar(consultant, committee=dialogue.committee, at=AsOf.now())
    assert [one.dialogue for one in status.planned] == [dialogue]
    assert [step.when for step in status.course.steps] == [f"planlagt til {format_date(dialogue.held_on)}"]
    told = [(one.earliest, one.is_done, one.note) for one in events if one.url == dialogue.get_absolute_url()]
    assert told == [(dialogue.held_on, False, "Planlagt")]
    client = as_user(consultant)
    for address in (goal_set.get_absolute_url(), dialogue.committee.get_absolute_url()):
        page = text_of(client, address)
        assert ("Planlagte dialogmøder" in page, "Kl. 16–18, Rådhuset" in page) == (True, True)


def test_pages_of_earlier_days_tell_what_was_planned_then(plan: Plan, goal_set: GoalSet, consultant: User) -> None:
    planned_on, seen_on, moved_on = date(2023, 1, 10), date(2023, 1, 11), date(2023, 1, 12)
    first, second = date(2023, 3, 1), date(2023, 4, 1)
    with standing_on(planned_on):
        dialogue = plan(held_on=first)
    with standing_on(moved_on):
        edit_dialogue(
            dialogue=dialogue, expected=0, leader_groups=LeaderGroup.objects.all(), goals=goal_set.goals.all(),
            by=consultant, held_on=second, place="Skolen",
        )  # fmt: skip

    def told(day: date) -> list[tuple[date, str]]:
        status = GoalSetDocument.for_set(goal_set, viewer=consultant, at=AsOf.day(day))
        return [(one.dialogue.held_on, one.where) for one in status.planned]

    assert told(date(2023, 1, 9)) == []
    assert told(seen_on) == [(first, "kl. 16–18, Rådhuset")]
    assert told(moved_on) == [(second, "kl. 16–18, Skolen")]
    assert told(date(2023, 4, 2)) == []


def test_cancelled_afterwards_was_held_on_the_pages_of_the_days_before(
    plan: Plan, goal_set: GoalSet, consultant: User
) -> None:
    with standing_on(date(2023, 1, 10)):
        dialogue = plan(held_on=date(2023, 1, 9))
    with standing_on(date(2023, 2, 1)):
        cancel_dialogue(dialogue=dialogue, reason="Det var en fejl", by=consultant)

    def held(day: date) -> int:
        return len(GoalSetDocument.for_set(goal_set, viewer=consultant, at=AsOf.day(day)).held)

    assert [held(date(2023, 1, 20)), held(date(2023, 2, 1))] == [1, 0]


def test_note_tells_nothing_of_a_planned_dialogue(plan: Plan, goal_set: GoalSet) -> None:
    dialogue = plan(public_summary="Der blev talt.")
    assert told_in(goal_set, SectionKey.DIALOGUES, AsOf.now()) == []
    with standing_on(dialogue.held_on):
        assert told_in(goal_set, SectionKey.DIALOGUES, AsOf.now()) == [str(dialogue), "Der blev talt."]


# --- Calling it off ----------------------------------------


def test_cancelled_dialogue_says_why_only_to_those_it_is_for(
    plan: Plan, consultant: User, member: User, anonymous: Client, as_user: Login
) -> None:
    dialogue = plan()
    response = as_user(consultant).post(f"{dialogue.get_absolute_url()}aflys/", {"reason": "Formanden er syg"})
    publish(dialogue)
    pages = [text_of(client, dialogue.get_absolute_url()) for client in (anonymous, as_user(member))]
    assert response.status_code == 303
    assert [("Aflyst" in page, "Formanden er syg" in page) for page in pages] == [(True, False), (True, True)]
    as_user(consultant).post(f"{dialogue.get_absolute_url()}aflys/", {"handling": "alligevel"})
    assert "Planlagt til" in text_of(anonymous, dialogue.get_absolute_url())


def test_cancelling_needs_a_reason(plan: Plan, consultant: User, as_user: Login) -> None:
    response = as_user(consultant).post(f"{plan().get_absolute_url()}aflys/", {"reason": " "})
    assert (response.status_code, "Skriv, hvorfor det aflyses." in response.content.decode()) == (422, True)


PAGES = ["deltagere/", "fremmoede/", "program/", "behandling/", "aflys/"]


@pytest.mark.parametrize("page", PAGES)
def test_preparing_is_for_those_who_follow_up(
    page: str,
    plan: Plan,
    anonymous: Client,
    other_member: User,
    member: User,
    leader: User,
    secretary: User,
    as_user: Login,
) -> None:
    address = f"{plan().get_absolute_url()}{page}"
    clients = [anonymous, *(as_user(one) for one in (other_member, member, leader, secretary))]
    assert [client.get(address).status_code for client in clients] == [302, 404, 403, 403, 200]
    assert [client.post(address).status_code for client in clients[:4]] == [302, 404, 403, 403]
    assert clients[-1].put(address).status_code == 405


# --- The programme ----------------------------------------


def test_programme_is_proposed_in_one_click_and_once(
    plan: Plan, goal_set: GoalSet, consultant: User, as_user: Login
) -> None:
    dialogue, client = plan(), as_user(consultant)
    for _ in range(2):
        assert client.post(f"{dialogue.get_absolute_url()}program/", {"handling": "foreslaa"}).status_code == 303
    assert list(dialogue.programme.values_list("position", "title", "minutes")) == [
        (1, "Velkomst", 10), (2, "Pejlemærke 1", 50), (3, "Pejlemærke 2", 50), (4, "Opsamling og tak for i dag", 10),
    ]  # fmt: skip
    document = ProgrammeDocument.for_dialogue(dialogue, viewer=consultant)
    assert [point.begins for point in document.points] == ["16.00", "16.10", "17.00", "17.50"]
    assert document.room == "Punkterne tager 120 af de 120 minutter, der er."


def rows_of(dialogue: Dialogue, points: list[tuple[int | None, str, int | str, int]]) -> dict[str, Any]:
    """The programme's form as a browser sends it: number, title, minutes and place in the row."""
    form: dict[str, Any] = {
        "mark": mark_of(dialogue), "punkt-TOTAL_FORMS": len(points), "punkt-INITIAL_FORMS": dialogue.programme.count(),
    }  # fmt: skip
    for n, (pk, title, minutes, order) in enumerate(points):
        values = {"pk": pk or "", "title": title, "minutes": minutes, "ORDER": order}
        form |= {f"punkt-{n}-{name}": value for name, value in values.items()}
    return form


def test_programme_is_put_in_another_order_without_javascript(plan: Plan, consultant: User, as_user: Login) -> None:
    dialogue = plan()
    propose_programme(dialogue=dialogue, by=consultant)
    first, second, third, last = dialogue.programme.values_list("pk", flat=True)
    form = rows_of(dialogue, [
        (first, "Velkomst", 5, 1), (second, "Pejlemærke 1", 60, 3), (third, "Pejlemærke 2", 60, 2),
        (last, "Tak", "", 5), (None, "Pause", 15, 4),
    ])  # fmt: skip
    response = as_user(consultant).post(f"{dialogue.get_absolute_url()}program/", form)
    assert response.status_code == 303
    assert list(dialogue.programme.values_list("title", "minutes")) == [
        ("Velkomst", 5), ("Pejlemærke 2", 60), ("Pejlemærke 1", 60), ("Pause", 15), ("Tak", None),
    ]  # fmt: skip
    room = ProgrammeDocument.for_dialogue(dialogue, viewer=consultant).room
    assert room == "Punkterne tager 140 minutter, men der er 120. Det er 20 for meget. 1 punkt har ingen tid endnu."


def test_two_programmes_at_once_are_both_shown(plan: Plan, consultant: User, secretary: User, as_user: Login) -> None:
    dialogue = plan()
    form = rows_of(dialogue, [(None, "Mit punkt", 10, 1)])
    save_programme(dialogue=dialogue, points=[PlannedPoint(None, "Hendes", 5)], mark=mark_of(dialogue), by=secretary)
    response = as_user(consultant).post(f"{dialogue.get_absolute_url()}program/", form)
    page = response.content.decode()
    assert (response.status_code, "Mit punkt" in page, "Hendes" in page) == (409, True, True)
    assert f'name="mark" value="{mark_of(dialogue)}"' in page  # seen now: the next save holds


def test_point_with_notes_stays(plan: Plan, consultant: User) -> None:
    dialogue = plan()
    propose_programme(dialogue=dialogue, by=consultant)
    dialogue.programme.filter(position=1).update(notes="Formanden bød velkommen.")
    with pytest.raises(NotAllowed, match="Der er skrevet noter til »Velkomst«"):
        save_programme(dialogue=dialogue, points=[], mark=mark_of(dialogue), by=consultant)
    with pytest.raises(ProgrammeChanged):
        save_programme(dialogue=dialogue, points=[], mark="gammelt", by=consultant)
    assert dialogue.programme.count() == 4


def test_paper_for_the_table_has_the_wordings_and_no_notes(
    plan: Plan, leader: User, anonymous: Client, citizen: User, consultant: User, as_user: Login
) -> None:
    dialogue = plan(internal_notes="Hemmeligt om formanden")
    propose_programme(dialogue=dialogue, by=consultant)
    dialogue.programme.update(notes="Fortroligt sagt")
    address = f"{dialogue.get_absolute_url()}program.pdf"
    assert [client.get(address).status_code for client in (anonymous, as_user(citizen))] == [302, 404]
    text = everything_in(as_user(leader).get(address))
    assert "systematisk inddragelse" in " ".join(text.split())
    assert ("Hemmeligt" in text, "Fortroligt" in text) == (False, False)
    assert as_user(leader).post(address).status_code == 405


# --- Who came ----------------------------------------


@pytest.fixture
def held(plan: Plan, consultant: User) -> Dialogue:
    dialogue = plan(held_on=today() - AHEAD)
    guests = [
        Guest("committee", "Mette Medlem"), Guest("leaders", "Lone Leder"), Guest("leaders", "Åge Leder"),
        Guest("guests", "Gerda Gæst"),
    ]  # fmt: skip
    add_participants(dialogue=dialogue, guests=guests, by=consultant)
    return dialogue


def test_attendance_is_noted_on_one_page(held: Dialogue, consultant: User, as_user: Login) -> None:
    by_name = {one.name: one.pk for one in held.participants.all()}
    form = {f"kom-{pk}": "ja" for name, pk in by_name.items() if name != "Åge Leder"}
    response = as_user(consultant).post(f"{held.get_absolute_url()}fremmoede/", form | {"handling": "resten"})
    assert response.status_code == 303
    came = {one.name: one.came for one in held.participants.all()}
    assert came == {"Mette Medlem": True, "Lone Leder": True, "Åge Leder": False, "Gerda Gæst": True}


def test_two_who_note_at_once_undo_nothing(held: Dialogue, consultant: User, as_user: Login) -> None:
    mette, lone = (held.participants.get(name=name).pk for name in ("Mette Medlem", "Lone Leder"))
    note_attendance(dialogue=held, came={mette: True}, by=consultant)
    form = {f"kom-{mette}": "", f"initial-kom-{mette}": "", f"kom-{lone}": "ja", f"initial-kom-{lone}": ""}
    as_user(consultant).post(f"{held.get_absolute_url()}fremmoede/", form | {"handling": "gem"})
    assert list(held.participants.filter(pk__in=(mette, lone)).values_list("came", flat=True)) == [True, True]


def test_one_who_came_uninvited_is_added_as_having_come(held: Dialogue, consultant: User, as_user: Login) -> None:
    form = {"handling": "tilfoej", "side": "leaders", "name": "Ulla Uindbudt", "unit": ""}
    for _ in range(2):
        assert as_user(consultant).post(f"{held.get_absolute_url()}fremmoede/", form).status_code == 303
    assert list(held.participants.filter(name="Ulla Uindbudt").values_list("came", flat=True)) == [True]


def test_attendance_waits_for_the_day(plan: Plan, consultant: User, as_user: Login) -> None:
    dialogue = plan()
    (someone,) = add_participants(dialogue=dialogue, guests=[Guest("leaders", "Lone Leder")], by=consultant)
    with pytest.raises(NotAllowed):
        note_attendance(dialogue=dialogue, came={someone.pk: True}, by=consultant)
    response = as_user(consultant).post(f"{dialogue.get_absolute_url()}fremmoede/", {f"kom-{someone.pk}": "ja"})
    assert (response.status_code, Participant.objects.get().came) == (422, None)


def test_public_reads_how_many_came_and_no_names(
    held: Dialogue, anonymous: Client, leader: User, consultant: User, as_user: Login
) -> None:
    note_attendance(dialogue=held, came=dict.fromkeys(held.participants.values_list("pk", flat=True), True), by=None)
    publish(held)
    pages = [text_of(client, held.get_absolute_url()) for client in (anonymous, as_user(leader), as_user(consultant))]
    assert ["1 fra udvalget og 2 ledere" in page for page in pages] == [True, False, False]
    assert ["1 fra udvalget, 2 ledere og 1 gæst" in page for page in pages] == [False, True, True]
    assert ["Åge Leder" in page for page in pages] == [False, False, True]


# --- The committee's own treatment ----------------------------------------


def test_items_are_linked_and_taken_off(plan: Plan, open_item: AgendaItem, secretary: User, as_user: Login) -> None:
    dialogue, client = plan(), as_user(secretary)
    address = f"{dialogue.get_absolute_url()}behandling/"
    form = {"item": open_item.pk, "when": "before", "nonce": str(uuid4())}
    assert [client.post(address, form).status_code for _ in range(2)] == [303, 422]  # already linked, not offered again
    assert DialogueTreatment.objects.count() == 1
    assert "Politiske pejlemærker 2022–2025" in text_of(client, dialogue.get_absolute_url())
    assert client.post(address, {"fjern": open_item.pk}).status_code == 303
    assert not DialogueTreatment.objects.exists()


def test_closed_item_leaks_nowhere_not_even_as_a_count(
    plan: Plan,
    published_meeting: Meeting,
    closed_item: AgendaItem,
    anonymous: Client,
    leader: User,
    consultant: User,
    secretary: User,
    as_user: Login,
) -> None:
    dialogue = plan(held_on=today() - AHEAD)
    link_item(dialogue=dialogue, item=closed_item, when="before", nonce=uuid4(), by=secretary)
    publish(dialogue)
    pages = [text_of(one, dialogue.get_absolute_url()) for one in (anonymous, as_user(leader), as_user(consultant))]
    assert [("Udvalgets behandling</h2>" in page, CANARY in page) for page in pages] == [(False, False)] * 3
    assert CANARY in text_of(as_user(secretary), dialogue.get_absolute_url())
    offered = text_of(as_user(consultant), f"{dialogue.get_absolute_url()}behandling/")
    assert ("Politiske pejlemærker 2022–2025" in offered, CANARY in offered) == (True, False)
    response = as_user(consultant).post(f"{dialogue.get_absolute_url()}behandling/", {"fjern": closed_item.pk})
    assert (response.status_code, DialogueTreatment.objects.count()) == (404, 1)


def test_item_one_may_not_see_is_not_linked(
    plan: Plan, closed_item: AgendaItem, consultant: User, closed_approval: Decision, as_user: Login
) -> None:
    form = {"item": closed_item.pk, "when": "before", "nonce": str(uuid4())}
    response = as_user(consultant).post(f"{plan().get_absolute_url()}behandling/", form)
    assert (response.status_code, DialogueTreatment.objects.count()) == (422, 0)
