"""A case that goes on: divided, moved, repeated, sent on; and its way through the bodies, read as one."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from meetings.actions import MeetingClosed, NotAllowed, continue_item, split_item, withdraw
from meetings.documents.trail import Trail
from meetings.models import (
    MINUTES,
    AgendaItem,
    Attachment,
    Committee,
    Decision,
    Dispatch,
    Event,
    ItemSection,
    Meeting,
    Promise,
    Recommendation,
    Routing,
    StoredFile,
    User,
    items_in_order,
)
from tests.conftest import CANARY, Login, decide, publish
from tests.meetings.test_arranging import close
from tests.meetings.test_recording_together import at_the_same_time


@pytest.fixture
def finance(committee: Committee) -> Committee:
    return Committee.objects.create(
        municipality=committee.municipality, name="Økonomiudvalget", slug="oekonomiudvalget", abbreviation="ØU",
        kind="finance",
    )  # fmt: skip


@pytest.fixture
def council(committee: Committee) -> Committee:
    return Committee.objects.create(
        municipality=committee.municipality, name="Kommunalbestyrelsen", slug="kommunalbestyrelsen",
        abbreviation="KB", kind="council",
    )  # fmt: skip


@pytest.fixture
def later(meeting: Meeting) -> Meeting:
    return Meeting.objects.create(committee=meeting.committee, date=date(2022, 11, 7))


@pytest.fixture
def at_finance(finance: Committee) -> Meeting:
    return Meeting.objects.create(committee=finance, date=date(2022, 10, 17))


@pytest.fixture
def at_council(council: Committee) -> Meeting:
    return Meeting.objects.create(committee=council, date=date(2022, 10, 25))


@pytest.fixture
def case(open_item: AgendaItem, finance: Committee, council: Committee) -> AgendaItem:
    """The open item with all that belongs to a case, on its way udvalg → Økonomiudvalg → Kommunalbestyrelse."""
    Recommendation.objects.create(item=open_item, number=2, by="Direktøren for Børn", text="at det evalueres.")
    ItemSection.objects.create(item=open_item, position=1, kind="summary", heading="Sagsresume", text="Sagen.")
    bodies = [open_item.meeting.committee, finance, council]
    for position, body in enumerate(bodies, start=1):
        Routing.objects.create(
            item=open_item, position=position, abbreviation=body.abbreviation, committee=body, is_marked=True
        )
    file = StoredFile.objects.create(sha256="1" * 64, content=b"x", size=1)
    Attachment.objects.create(item=open_item, position=1, title="Bilag 1", file=file, file_name="b.txt", is_public=True)
    return open_item


def numbers(meeting: Meeting) -> list[tuple[str, str]]:
    return [(item.number, item.title) for item in items_in_order(meeting)]


def chosen(item: AgendaItem, how: str, target: Meeting, **changes: Any) -> dict[str, Any]:
    return {"item_pk": item.pk, "how": how, "target": target.pk, "nonce": str(uuid4())} | changes


# --- Split ----------------------------------------------------------------------------------------


def split_typed(item: AgendaItem, **changes: Any) -> dict[str, Any]:
    return {
        "item_pk": item.pk, "points": ["2"], "title": "Evaluering", "with_sections": "on", "revision": item.revision,
        "nonce": str(uuid4()),
    } | changes  # fmt: skip


def test_splitting_and_sending_on_are_for_those_who_plan(
    case: AgendaItem, later: Meeting, anonymous: Client, member: User, other_secretary: User, secretary: User,
    as_user: Login,
) -> None:  # fmt: skip
    clients = (anonymous, as_user(member), as_user(other_secretary), as_user(secretary))
    for verb, typed in (("del", split_typed(case)), ("videre", chosen(case, "repeated", later))):
        address = f"{case.get_absolute_url()}{verb}/"
        assert [client.get(address).status_code for client in clients] == [302, 403, 404, 200]
        assert [client.post(address, typed).status_code for client in clients] == [302, 403, 404, 303]
        assert clients[3].delete(address).status_code == 405


def test_split_item_gives_points_to_one_right_after_it(case: AgendaItem, secretary: User, as_user: Login) -> None:
    client, typed = as_user(secretary), split_typed(case)
    answers = [client.post(f"{case.get_absolute_url()}del/", typed) for _ in range(2)]
    assert [answer.headers["Location"] for answer in answers] == [f"/moeder/{case.meeting_id}/punkter/1a/"] * 2
    assert numbers(case.meeting) == [("1", case.title), ("1a", "Evaluering"), ("2", f"{CANARY} i titlen")]
    new = AgendaItem.objects.get(number="1a")
    assert (new.continues, new.continuation, new.trail, new.is_closed) == (case, "split", case.trail, False)
    points = {
        item: list(Recommendation.objects.filter(item=item).values_list("number", "text")) for item in (case, new)
    }
    assert points == {case: [(1, "at udvalget godkender pejlemærkerne.")], new: [(1, "at det evalueres.")]}
    assert [section.text for section in ItemSection.objects.filter(item=new)] == ["Sagen."]


def test_split_renumbers_an_agenda_that_nobody_goes_by(committee: Committee, secretary: User) -> None:
    meeting = Meeting.objects.create(committee=committee, date=date(2026, 3, 2))
    for n in (1, 2):
        AgendaItem.including_closed.create(meeting=meeting, number=str(n), position=n, title=f"{n}", is_closed=True)
    item = items_in_order(meeting)[0]
    for n in (1, 2):
        Recommendation.including_closed.create(item=item, number=n, text=f"at {n}")
    split_item(item=item, points=[1], title="Ny", with_sections=False, expected=0, nonce=uuid4(), by=secretary)
    assert numbers(meeting) == [("1", "1"), ("2", "Ny"), ("3", "2")]
    assert [one.is_closed for one in items_in_order(meeting)] == [True] * 3


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"points": []}, "points", "Vælg de at-punkter, det nye punkt skal have."),
        ({"points": ["1", "2"]}, "points", "Lad mindst ét at-punkt blive på punktet."),
        ({"title": " "}, "title", "Skriv det nye punkts titel."),
    ],
)
def test_split_chosen_wrong_is_explained(
    changes: dict[str, Any], field: str, sentence: str, case: AgendaItem, secretary: User, as_user: Login
) -> None:
    response = as_user(secretary).post(f"{case.get_absolute_url()}del/", split_typed(case, **changes))
    assert (response.status_code, response.context["form"].errors) == (422, {field: [sentence]})
    assert AgendaItem.objects.filter(meeting=case.meeting).count() == 1


def test_split_over_points_that_another_has_changed_is_asked_again(
    case: AgendaItem, secretary: User, second_secretary: User, as_user: Login
) -> None:
    typed = split_typed(case)
    case.save_if_unchanged(expected=0, by=second_secretary, title="En anden titel")
    response = as_user(secretary).post(f"{case.get_absolute_url()}del/", typed)
    assert (response.status_code, response.context["form"]["revision"].value()) == (409, "1")
    assert "Punktet er rettet imens." in response.text


def test_item_with_one_point_is_not_split(open_item: AgendaItem, secretary: User, as_user: Login) -> None:
    assert "Der er ikke noget at dele" in as_user(secretary).get(f"{open_item.get_absolute_url()}del/").text


@pytest.mark.parametrize("verb", ["del", "videre"])
def test_decided_item_is_neither_split_nor_moved(
    verb: str, case: AgendaItem, later: Meeting, secretary: User, as_user: Login
) -> None:
    decide(case, "approved", "Godkendt.", by=secretary)
    typed = split_typed(case) if verb == "del" else chosen(case, "moved", later)
    response = as_user(secretary).post(f"{case.get_absolute_url()}{verb}/", typed)
    assert (response.status_code, "kan hverken deles eller flyttes" in response.text) == (409, True)


# --- Moved ----------------------------------------------------------------------------------------


def test_item_moves_itself_off_an_agenda_that_nobody_has(committee: Committee, secretary: User, as_user: Login) -> None:
    first, second = (Meeting.objects.create(committee=committee, date=date(2026, month, 2)) for month in (3, 4))
    for meeting, titles in ((first, "AB"), (second, "C")):
        for n, title in enumerate(titles, start=1):
            AgendaItem.including_closed.create(meeting=meeting, number=str(n), position=n, title=title, is_closed=False)
    item = AgendaItem.objects.get(title="A")
    client, typed = as_user(secretary), chosen(item, "moved", second)
    answers = [client.post(f"/moeder/{first.pk}/punkter/1/videre/", typed) for _ in range(2)]
    assert [answer.headers["Location"] for answer in answers] == [f"/moeder/{second.pk}/punkter/2/"] * 2
    assert (numbers(first), numbers(second)) == ([("1", "B")], [("1", "C"), ("2", "A")])
    assert AgendaItem.objects.get(title="A").pk == item.pk


def test_item_moved_off_an_agenda_sent_out_leaves_a_line_in_the_protocol(
    case: AgendaItem, later: Meeting, secretary: User, as_user: Login
) -> None:
    Dispatch.objects.create(meeting=case.meeting, sent_by=secretary)
    promise = Promise.objects.create(item=case, text="Svar", due_on=date(2022, 12, 1), answer=case)
    client, typed = as_user(secretary), chosen(case, "moved", later)
    answers = [client.post(f"{case.get_absolute_url()}videre/", typed) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    decision = Decision.objects.get(item=case)
    assert (decision.category, decision.text) == ("withdrawn", "Punktet er flyttet til mødet den 7. november 2022.")
    new = AgendaItem.objects.get(meeting=later)
    assert (new.continues, new.continuation, new.trail) == (case, "moved", case.trail)
    promise.refresh_from_db()
    assert promise.answer == new
    other = Meeting.objects.create(committee=later.committee, date=date(2022, 12, 5))
    response = client.post(f"{case.get_absolute_url()}videre/", chosen(case, "repeated", other))
    assert response.context["form"].errors == {
        "target": ["Punktet er allerede flyttet til mødet den 7. november 2022."]
    }


def test_two_secretaries_move_one_item_once(
    committed_db: str, case: AgendaItem, later: Meeting, secretary: User, second_secretary: User
) -> None:
    Dispatch.objects.create(meeting=case.meeting, sent_by=secretary)

    def move(by: User) -> Any:
        return lambda: continue_item(item=case, how="moved", target=later, nonce=uuid4(), by=by)

    assert at_the_same_time(move(secretary), move(second_secretary)) == ["NotAllowed", "done"]
    assert (AgendaItem.objects.filter(meeting=later).count(), Decision.objects.count()) == (1, 1)


# --- Repeated and sent on -------------------------------------------------------------------------


def test_forwarded_case_takes_everything_along(
    case: AgendaItem, at_finance: Meeting, administrator: User, as_user: Login
) -> None:
    AgendaItem.objects.filter(pk=case.pk).update(case_no="22/9628", case_type="decision", case_officers=["Ole"])
    client, typed = as_user(administrator), chosen(case, "forwarded", at_finance)
    answers = [client.post(f"{case.get_absolute_url()}videre/", typed) for _ in range(2)]
    assert [answer.headers["Location"] for answer in answers] == [f"/moeder/{at_finance.pk}/punkter/1/"] * 2
    new = AgendaItem.objects.get(meeting=at_finance)
    assert (new.title, new.case_no, new.case_type, new.case_officers, new.is_closed, new.trail, new.continuation) == (
        case.title, "22/9628", "decision", ["Ole"], False, case.trail, "forwarded",
    )  # fmt: skip
    assert [(row.number, row.text) for row in Recommendation.objects.filter(item=new)] == [
        (1, "at udvalget godkender pejlemærkerne."), (2, "at det evalueres."),
    ]  # fmt: skip
    assert [row.text for row in ItemSection.objects.filter(item=new)] == ["Sagen."]
    assert [row.abbreviation for row in Routing.objects.filter(item=new)] == ["BUU", "ØU", "KB"]
    copy = Attachment.objects.get(item=new)
    assert (copy.title, copy.file, copy.is_public) == ("Bilag 1", Attachment.objects.get(item=case).file, True)


def test_closed_item_stays_closed_and_its_title_out_of_the_log(
    closed_item: AgendaItem, at_finance: Meeting, administrator: User
) -> None:
    new = continue_item(item=closed_item, how="forwarded", target=at_finance, nonce=uuid4(), by=administrator)
    back = Meeting.objects.create(committee=closed_item.meeting.committee, date=date(2022, 12, 5))
    home = continue_item(item=new, how="forwarded", target=back, nonce=uuid4(), by=administrator)
    assert [(one.is_closed, one.closed_reason) for one in (new, home)] == [(True, f"{CANARY} er begrundelsen")] * 2
    assert [event for event in Event.objects.all() if CANARY in f"{event.target}{event.changes}"] == []


def test_next_body_of_the_sagsgang_comes_first(
    case: AgendaItem, later: Meeting, at_finance: Meeting, at_council: Meeting, administrator: User, as_user: Login
) -> None:
    cancelled = Meeting.objects.create(committee=later.committee, date=date(2022, 12, 5), cancelled="Ingen sager")
    form = as_user(administrator).get(f"{case.get_absolute_url()}videre/").context["form"]
    groups = [(name, [int(pk) for pk, _ in meetings]) for name, meetings in form.fields["target"].choices[1:]]
    assert groups == [
        ("Næste i sagsgangen: Økonomiudvalget", [at_finance.pk]),
        ("Børne- og Uddannelsesudvalget", [later.pk]),
        ("Kommunalbestyrelsen", [at_council.pk]),
    ]
    assert cancelled.pk not in {pk for _, meetings in groups for pk in meetings}


def test_only_meetings_one_plans_for_can_be_chosen(
    case: AgendaItem, at_finance: Meeting, later: Meeting, secretary: User, as_user: Login
) -> None:
    response = as_user(secretary).post(f"{case.get_absolute_url()}videre/", chosen(case, "forwarded", at_finance))
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["target"])
    assert AgendaItem.objects.filter(meeting=at_finance).count() == 0


@pytest.mark.parametrize(
    ("how", "where", "sentence"),
    [
        ("moved", "at_finance", "Vælg et senere møde i samme udvalg, når punktet flyttes eller gentages."),
        ("repeated", "at_finance", "Vælg et senere møde i samme udvalg, når punktet flyttes eller gentages."),
        ("forwarded", "later", "Vælg et møde i et andet udvalg, når sagen sendes videre."),
    ],
)
def test_meeting_that_does_not_fit_is_refused_beside_it(
    how: str, where: str, sentence: str, case: AgendaItem, administrator: User, as_user: Login,
    request: pytest.FixtureRequest,
) -> None:  # fmt: skip
    typed = chosen(case, how, request.getfixturevalue(where))
    response = as_user(administrator).post(f"{case.get_absolute_url()}videre/", typed)
    assert (response.status_code, response.context["form"].errors) == (422, {"target": [sentence]})


def test_case_does_not_come_twice_to_one_meeting(case: AgendaItem, later: Meeting, secretary: User) -> None:
    continue_item(item=case, how="repeated", target=later, nonce=uuid4(), by=secretary)
    with pytest.raises(NotAllowed, match="står allerede på dagsordenen"):
        continue_item(item=case, how="repeated", target=later, nonce=uuid4(), by=secretary)


def test_case_goes_on_from_a_closed_meeting_but_not_into_one(
    case: AgendaItem, later: Meeting, at_finance: Meeting, member: User, administrator: User
) -> None:
    close(case.meeting, administrator)
    assert continue_item(item=case, how="forwarded", target=at_finance, nonce=uuid4(), by=administrator).number == "1"
    close(later, administrator)
    for how in ("repeated", "moved"):
        with pytest.raises(MeetingClosed):
            continue_item(item=case, how=how, target=later, nonce=uuid4(), by=administrator)


# --- The trail ------------------------------------------------------------------------------------


def told(trail: Trail) -> list[tuple[str, str, str, list[str]]]:
    return [
        (step.body, step.date_text, step.how, [outcome.category for outcome in step.outcomes]) for step in trail.steps
    ]


def test_case_in_three_bodies_reads_as_one(
    case: AgendaItem, at_finance: Meeting, at_council: Meeting, administrator: User
) -> None:
    decide(case, "recommended", "Anbefales.", by=administrator)
    second = continue_item(item=case, how="forwarded", target=at_finance, nonce=uuid4(), by=administrator)
    waiting = Trail.of(case, viewer=administrator)
    assert [(wait.body, wait.text) for wait in waiting.waiting] == [("Kommunalbestyrelsen", "endnu ikke behandlet")]
    decide(second, "recommended", "Anbefales.", by=administrator)
    third = continue_item(item=second, how="forwarded", target=at_council, nonce=uuid4(), by=administrator)
    decide(third, "approved", "Godkendt.", by=administrator)
    for item in (case, second, third):
        trail = Trail.of(item, viewer=administrator)
        assert told(trail) == [
            ("Børne- og Uddannelsesudvalget", "3. oktober 2022", "", ["Anbefalet"]),
            ("Økonomiudvalget", "17. oktober 2022", "Sendt videre hertil", ["Anbefalet"]),
            ("Kommunalbestyrelsen", "25. oktober 2022", "Sendt videre hertil", ["Godkendt"]),
        ]
        assert ([step.is_here for step in trail.steps], trail.waiting) == (
            [item == one for one in (case, second, third)],
            (),
        )


def test_trail_asks_as_much_for_three_treatments_as_for_one(
    case: AgendaItem, at_finance: Meeting, at_council: Meeting, administrator: User, django_assert_num_queries: Any
) -> None:
    item = case
    for meeting in (None, at_finance, at_council):
        if meeting:
            item = continue_item(item=item, how="forwarded", target=meeting, nonce=uuid4(), by=administrator)
        decide(item, "approved", "Godkendt.", by=administrator)
        viewer = User.objects.get(pk=administrator.pk)
        with django_assert_num_queries(6):
            Trail.of(case, viewer=viewer)


def test_open_item_that_continues_a_closed_one_tells_outsiders_nothing_of_it(
    closed_item: AgendaItem, at_finance: Meeting, administrator: User, citizen: User, other_member: User
) -> None:
    decide(closed_item, "recommended", f"{CANARY} anbefales.", by=administrator)
    new = continue_item(item=closed_item, how="forwarded", target=at_finance, nonce=uuid4(), by=administrator)
    AgendaItem.including_closed.filter(pk=new.pk).update(is_closed=False, title="Åben nu")
    new.refresh_from_db()
    for meeting in (closed_item.meeting, at_finance):
        publish(meeting)
    for outsider in (citizen, other_member):
        assert told(Trail.of(new, viewer=outsider)) == [("Økonomiudvalget", "17. oktober 2022", "", [])]
    Routing.including_closed.filter(item=new).delete()
    assert [Trail.of(new, viewer=outsider).is_story for outsider in (citizen, other_member)] == [False, False]
    assert len(Trail.of(new, viewer=administrator).steps) == 2


def test_outsider_is_not_told_that_a_body_has_not_treated_what_it_may_have_behind_closed_doors(
    case: AgendaItem, at_finance: Meeting, administrator: User, citizen: User
) -> None:
    publish(case.meeting)
    before = Trail.of(case, viewer=citizen)
    continue_item(item=case, how="forwarded", target=at_finance, nonce=uuid4(), by=administrator)
    assert Trail.of(case, viewer=citizen) == before
    assert [(wait.body, wait.text) for wait in before.waiting] == [
        ("Økonomiudvalget", "ingen offentliggjort behandling endnu"),
        ("Kommunalbestyrelsen", "ingen offentliggjort behandling endnu"),
    ]


def test_decision_in_minutes_that_are_not_public_is_not_told(case: AgendaItem, secretary: User, citizen: User) -> None:
    decide(case, "approved", "Godkendt.", by=secretary)
    publish(case.meeting)
    assert Trail.of(case, viewer=citizen).steps[0].is_decided
    withdraw(subject=MINUTES, record=case.meeting, by=secretary)
    step = Trail.of(case, viewer=citizen).steps[0]
    assert (step.is_decided, step.without_outcome) == (False, "Referatet er ikke offentliggjort.")


def test_item_alone_is_no_story(open_item: AgendaItem, secretary: User) -> None:
    assert not Trail.of(open_item, viewer=secretary).is_story
