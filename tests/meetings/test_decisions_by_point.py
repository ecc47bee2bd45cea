"""At-point by at-point ("Ad 1–2"): one row each, never beside a decision on the whole, and nothing doubled or lost."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from meetings.actions import AlreadyDecided, record_decision, record_points, save_decision_draft
from meetings.models import (
    AgendaItem,
    Attendance,
    Closing,
    Correction,
    Decision,
    DecisionDraft,
    Meeting,
    Person,
    Recommendation,
    User,
    Vote,
    VoteLine,
)
from tests.conftest import Login, decide
from tests.meetings.test_recording import HTMX, text_of, typed
from tests.meetings.test_recording_together import at_the_same_time


def add_points(item: AgendaItem, *numbers: int) -> None:
    Recommendation.including_closed.bulk_create(
        Recommendation(item=item, number=n, by="Direktøren for Børn", text=f"at punkt {n} godkendes.") for n in numbers
    )


def decided(item: AgendaItem) -> list[tuple[int | None, str, str]]:
    rows = Decision.including_closed.filter(item=item).order_by("recommendation__number")
    return list(rows.values_list("recommendation__number", "category", "text"))


def attending(meeting: Meeting) -> Person:
    """Somebody with a seat who is there."""
    person = Person.objects.create(name="Tove Tilstede", municipality=meeting.committee.municipality)
    person.memberships.create(committee=meeting.committee, valid_from=meeting.date)
    Attendance.objects.create(meeting=meeting, person=person, state="present")
    return person


def close(meeting: Meeting, user: User) -> None:
    """Close the meeting as the database demands it: somebody was there, and every item has its decision."""
    attending(meeting)
    Closing.objects.create(meeting=meeting, closed_by=user)


@pytest.fixture
def item(open_item: AgendaItem) -> AgendaItem:
    """An item with three at-points."""
    add_points(open_item, 2, 3)
    return open_item


@pytest.fixture
def client(secretary: User, as_user: Login) -> Client:
    return as_user(secretary)


@pytest.fixture
def kladde(item: AgendaItem) -> str:
    return f"{item.get_absolute_url()}kladde/"


@pytest.fixture
def protokol(item: AgendaItem) -> str:
    return f"{item.get_absolute_url()}beslutning/"


def row_of(client: Client, item: AgendaItem) -> Any:
    return client.get(f"/moeder/{item.meeting_id}/beslutninger/").context["rows"][0]


# --- One row for each at-point --------------------------------------------------------------------


def test_points_are_offered_only_where_there_are_several(
    open_item: AgendaItem, client: Client, closed_item: AgendaItem
) -> None:
    assert "points" not in row_of(client, open_item).form.fields
    add_points(open_item, 2)
    form = row_of(client, open_item).form
    assert [str(option.choice_label) for option in form["points"]] == ["Ad 1", "Ad 2"]
    assert form["points"].value() == []


def test_each_checked_point_gets_a_decision_and_the_form_stays_for_the_rest(
    protokol: str, item: AgendaItem, client: Client
) -> None:
    response = client.post(protokol, typed(points=[1, 2], conditions="Inden for rammen."), headers=HTMX)
    assert (response.status_code, decided(item)) == (
        200, [(1, "approved", "Godkendt."), (2, "approved", "Godkendt.")],
    )  # fmt: skip
    row = response.context["row"]
    assert [(one.label, one.text, one.conditions) for one in row.entry.treatment.outcomes] == [
        ("Ad 1–2", "Godkendt.", "Inden for rammen.")
    ]
    assert ([str(option.choice_label) for option in row.form["points"]], row.form["points"].value()) == (["Ad 3"], [3])
    text = " ".join(text_of(response).split())
    assert "Ad 1–2:</strong>" in text
    assert "Punkt 1, ad 1–2, er ført til protokollen." in text
    assert "<strong>2 af 2</strong> punkter mangler beslutning." in text
    assert row.entry.state == "Mangler beslutning ad 3"
    assert f'data-focus-on="punkt_{item.pk}_text"' in text


def test_item_is_decided_when_its_last_point_is(
    protokol: str, item: AgendaItem, closed_item: AgendaItem, client: Client
) -> None:
    for points, text, category in (([1, 3], "Godkendt.", "approved"), ([2], "Udsat.", "postponed")):
        response = client.post(protokol, typed(text, category, points=points), headers=HTMX)
    row = response.context["row"]
    assert row.form is None
    assert [(one.label, one.text) for one in row.entry.treatment.outcomes] == [
        ("Ad 1", "Godkendt."), ("Ad 2", "Udsat."), ("Ad 3", "Godkendt."),
    ]  # fmt: skip
    assert f'data-focus-on="punkt_{closed_item.pk}_text"' in text_of(response)
    assert response.context["document"].missing == 1


def test_without_a_check_the_whole_is_decided(protokol: str, item: AgendaItem, client: Client) -> None:
    client.post(protokol, typed())
    assert decided(item) == [(None, "approved", "Godkendt.")]
    assert row_of(client, item).form is None


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_points_sent_twice_are_recorded_once_each(
    headers: dict[str, str], protokol: str, item: AgendaItem, client: Client
) -> None:
    for same in (typed(points=[1, 2]), typed("Udsat.", "postponed", points=[3])):
        statuses = {client.post(protokol, same, headers=headers).status_code for _ in range(3)}
        assert statuses == ({200} if headers else {303})
    assert [number for number, *_ in decided(item)] == [1, 2, 3]


def test_whole_is_refused_in_danish_once_a_point_is_decided(protokol: str, item: AgendaItem, client: Client) -> None:
    client.post(protokol, typed(points=[1]))
    response = client.post(protokol, typed("Godkendt i øvrigt."), headers=HTMX)
    form = response.context["row"].form
    assert (response.status_code, form["text"].value(), decided(item)) == (
        422, "Godkendt i øvrigt.", [(1, "approved", "Godkendt.")],
    )  # fmt: skip
    assert "Sæt kryds ved de at-punkter, beslutningen gælder." in form.errors["points"][0]


@pytest.mark.parametrize("points", [["9"], ["x"], ["-1"], ["9" * 50]])
def test_point_that_is_not_there_is_refused_beside_the_field(
    points: list[str], protokol: str, item: AgendaItem, client: Client
) -> None:
    response = client.post(protokol, typed(points=points), headers=HTMX)
    assert (response.status_code, response.context["row"].form.errors, Decision.objects.count()) == (
        422, {"points": ["Indstillingen er ændret imens. Vælg at-punkterne igen."]}, 0,
    )  # fmt: skip


# --- Drafts ---------------------------------------------------------------------------------------


def test_draft_keeps_points_conditions_and_departure(
    kladde: str, item: AgendaItem, client: Client, closed_item: AgendaItem
) -> None:
    client.post(kladde, typed("God", "", points=[2, 3], conditions="Hvis pengene er der", departs="on"), headers=HTMX)
    form = row_of(client, item).form
    assert [form[name].value() for name in ("points", "text", "conditions", "departs")] == [
        [2, 3], "God", "Hvis pengene er der", True,
    ]  # fmt: skip
    assert '<details class="rare" data-shortcut="t" open>' in " ".join(
        text_of(client.get(f"/moeder/{item.meeting_id}/beslutninger/")).split()
    )


def test_recorded_points_leave_an_empty_draft_for_the_rest(
    kladde: str, protokol: str, item: AgendaItem, client: Client
) -> None:
    same = typed(points=[1])
    client.post(kladde, same, headers=HTMX)
    client.post(protokol, same | {"revision": 1}, headers=HTMX)
    draft = DecisionDraft.including_closed.get(item=item)
    assert (draft.text, draft.points, draft.category) == ("", [], "")


def test_late_autosave_of_the_points_that_were_recorded_is_quietly_dropped(
    kladde: str, protokol: str, item: AgendaItem, client: Client
) -> None:
    same = typed(points=[1])
    client.post(protokol, same)
    for late in (same, typed("Godk", "") | {"nonce": same["nonce"]}):
        assert client.post(kladde, late, headers=HTMX).status_code == 204
    assert DecisionDraft.including_closed.filter(item=item).first() is None


# --- Two at once ----------------------------------------------------------------------------------


def test_point_decided_by_another_shows_both_texts_and_what_is_left(
    protokol: str, item: AgendaItem, secretary: User, second_secretary: User, as_user: Login
) -> None:
    as_user(secretary).post(protokol, typed("Den førstes.", points=[1]))
    response = as_user(second_secretary).post(protokol, typed("Den andens.", points=[1, 2]), headers=HTMX)
    row = response.context["row"]
    assert (response.status_code, row.clash.mine, row.clash.theirs, row.clash.by) == (
        409, "Ad 1–2: Den andens.", "Ad 1: Den førstes.", "Signe Sekretær",
    )  # fmt: skip
    assert "Ad 1 er ført til protokollen imens" in text_of(response)
    assert (row.form["text"].value(), [option.data["value"] for option in row.form["points"]]) == (
        "Den andens.", [2, 3],
    )  # fmt: skip
    assert [option.data["selected"] for option in row.form["points"]] == [True, False]
    assert response.headers["HX-Retarget"] == "closest .record__decision"
    assert decided(item) == [(1, "approved", "Den førstes.")]


def test_same_point_decided_by_another_may_be_added_to(
    protokol: str, item: AgendaItem, secretary: User, second_secretary: User, as_user: Login
) -> None:
    as_user(secretary).post(protokol, typed("Den førstes.", points=[1]))
    client = as_user(second_secretary)
    response = client.post(protokol, typed("Den andens.", points=[1]), headers=HTMX)
    row = response.context["row"]
    assert (response.status_code, row.is_correction, row.form.initial["text"]) == (409, True, "Den andens.")
    assert f"{item.get_absolute_url()}rettelse/?ad=1" in text_of(response)
    addition = {"text": "Den andens.", "category": "", "nonce": str(uuid4())}
    client.post(f"{item.get_absolute_url()}rettelse/?ad=1", addition, headers=HTMX)
    assert Correction.objects.get().decision.recommendation == Recommendation.objects.get(item=item, number=1)


def test_points_after_another_decided_the_whole_show_both(
    protokol: str, item: AgendaItem, secretary: User, second_secretary: User, as_user: Login
) -> None:
    as_user(secretary).post(protokol, typed("Hele indstillingen."))
    response = as_user(second_secretary).post(protokol, typed("Kun den ene.", points=[1]), headers=HTMX)
    assert (response.status_code, response.context["row"].clash.theirs) == (409, "Hele indstillingen.")


def test_another_point_than_the_one_another_writes_on_is_no_conflict(
    kladde: str, protokol: str, item: AgendaItem, secretary: User, second_secretary: User, as_user: Login
) -> None:
    as_user(secretary).post(kladde, typed("Den førstes kladde.", points=[3]), headers=HTMX)
    assert as_user(second_secretary).post(protokol, typed("Den andens.", points=[1])).status_code == 303
    assert DecisionDraft.including_closed.get(item=item).text == "Den førstes kladde."


def test_draft_of_another_is_not_overtaken(
    kladde: str, protokol: str, item: AgendaItem, secretary: User, second_secretary: User, as_user: Login
) -> None:
    as_user(secretary).post(kladde, typed("Den førstes kladde.", points=[1, 2]), headers=HTMX)
    response = as_user(second_secretary).post(protokol, typed("Den andens.", points=[1]), headers=HTMX)
    assert (response.status_code, response.context["row"].clash.theirs) == (409, "Ad 1–2: Den førstes kladde.")


def test_parallel_double_submit_of_points_records_each_once(
    committed_db: str, item: AgendaItem, secretary: User
) -> None:
    nonce = uuid4()

    def click() -> list[Decision]:
        return record_points(
            item=item, points=[1, 2], category="approved", text="Godkendt.", expected=0, nonce=nonce, by=secretary
        )

    assert at_the_same_time(*[click] * 4) == ["done"] * 4
    assert decided(item) == [(1, "approved", "Godkendt."), (2, "approved", "Godkendt.")]


def test_whole_and_point_at_once_leave_one_and_tell_the_other(
    committed_db: str, item: AgendaItem, secretary: User, second_secretary: User
) -> None:
    acts: list[Callable[[], Any]] = [
        lambda: record_decision(
            item=item, category="approved", text="Hele.", expected=0, nonce=uuid4(), by=second_secretary
        ),
        lambda: record_points(
            item=item, points=[2], category="approved", text="Ad 2.", expected=0, nonce=uuid4(), by=secretary
        ),
    ]
    assert at_the_same_time(*acts) in (["AlreadyDecided", "done"], ["NotAllowed", "done"])
    assert Decision.objects.count() == 1


# --- Past the form --------------------------------------------------------------------------------


def test_database_refuses_whole_beside_point_and_point_beside_whole(item: AgendaItem, secretary: User) -> None:
    first, second, third = Recommendation.objects.filter(item=item)
    row = {"item": item, "category": "approved", "decided_on": item.meeting.date, "recorded_by": secretary}
    Decision.objects.create(recommendation=first, **row)
    with pytest.raises(IntegrityError, match="as a whole or by its points"), transaction.atomic():
        Decision.objects.create(**row)
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.create(recommendation=first, **row)
    Decision.objects.create(recommendation=second, **row)
    other = AgendaItem.including_closed.create(meeting=item.meeting, number="9", position=9, title="Sag")
    whole = row | {"item": other}
    Decision.including_closed.create(**whole)
    with pytest.raises(IntegrityError, match="as a whole or by its points"), transaction.atomic():
        Decision.including_closed.create(recommendation=third, **whole)


def test_database_refuses_the_point_of_another_item(item: AgendaItem, closed_item: AgendaItem, secretary: User) -> None:
    foreign = Recommendation.including_closed.get(item=closed_item)
    with pytest.raises(IntegrityError, match="is not of item"), transaction.atomic():
        Decision.objects.create(
            item=item, recommendation=foreign, category="approved", decided_on=item.meeting.date, recorded_by=secretary
        )


def test_database_refuses_a_decision_after_closing(
    meeting: Meeting, item: AgendaItem, closed_approval: Decision, secretary: User
) -> None:
    decide(item, "approved", "Godkendt.", by=secretary)
    close(meeting, secretary)
    with pytest.raises(IntegrityError, match="the meeting is closed"), transaction.atomic():
        Decision.objects.create(
            item=item, recommendation=Recommendation.objects.get(item=item, number=2), category="approved",
            decided_on=meeting.date, recorded_by=secretary,
        )  # fmt: skip


# --- After closing --------------------------------------------------------------------------------


@pytest.mark.parametrize("act", ["kladde", "beslutning"])
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_text_that_comes_after_closing_is_kept_and_told_why(
    act: str, headers: dict[str, str], item: AgendaItem, client: Client, closed_approval: Decision, secretary: User
) -> None:
    for point in Recommendation.objects.filter(item=item):
        Decision.objects.create(
            item=item, recommendation=point, category="approved", text=f"Ad {point.number} godkendt.",
            decided_on=item.meeting.date, recorded_by=secretary,
        )  # fmt: skip
    close(item.meeting, secretary)
    response = client.post(
        f"{item.get_absolute_url()}{act}/", typed("For sent.", "postponed", points=[2]), headers=headers
    )
    row = response.context["row"]
    assert (response.status_code, row.clash.heading, row.clash.theirs, row.form.initial["text"]) == (
        409, "Mødet er lukket", "Ad 2: Ad 2 godkendt.", "For sent.",
    )  # fmt: skip
    assert Decision.objects.filter(text="For sent.").count() == 0


def test_decision_sent_again_after_closing_is_told_as_done(
    protokol: str, item: AgendaItem, client: Client, closed_approval: Decision, secretary: User
) -> None:
    same = typed()
    client.post(protokol, same)
    close(item.meeting, secretary)
    assert client.post(protokol, same).status_code == 303
    assert Decision.objects.count() == 1


def test_closed_meeting_is_read_and_corrected_only(
    item: AgendaItem, client: Client, closed_approval: Decision, secretary: User
) -> None:
    decide(item, "approved", "Godkendt.", by=secretary)
    close(item.meeting, secretary)
    response = client.get(f"/moeder/{item.meeting_id}/beslutninger/")
    assert [row.form for row in response.context["rows"]] == [None, None]
    text = " ".join(text_of(response).split())
    assert "Mødet er lukket kl." in text
    assert f'href="{item.get_absolute_url()}rettelse/"' in text
    assert ("Luk mødet" in text, "Før til protokollen" in text) == (False, False)
    addition = {"text": "Rettet efter mødet.", "category": "", "nonce": str(uuid4())}
    assert client.post(f"{item.get_absolute_url()}rettelse/", addition).status_code == 303
    assert Correction.objects.get().text == "Rettet efter mødet."


# --- Corrections of one at-point ------------------------------------------------------------------


def test_correction_names_the_point_it_is_on(protokol: str, item: AgendaItem, client: Client) -> None:
    client.post(protokol, typed(points=[1, 2]))
    address = f"{item.get_absolute_url()}rettelse/"
    asked = [client.get(address + query).status_code for query in ("", "?ad=1", "?ad=3", "?ad=x", f"?ad={'9' * 30}")]
    assert asked == [200, 200, 404, 404, 404]
    choice = text_of(client.get(address))
    assert [f'href="{address}?ad={n}"' in choice for n in (1, 2, 3)] == [True, True, False]
    assert (client.post(address, {"text": "Rettes."}).status_code, Correction.objects.count()) == (422, 0)
    document = client.get(f"{address}?ad=2").context["document"]
    assert (document.title, document.outcome.label) == ("Ret ad 2 ved dateret tilføjelse", "Ad 2")
    client.post(f"{address}?ad=2", {"text": "Rettes.", "category": "postponed", "nonce": str(uuid4())})
    outcomes = row_of(client, item).entry.treatment.outcomes
    assert [(one.label, one.category) for one in outcomes] == [("Ad 1", "Godkendt"), ("Ad 2", "Udsat")]


def test_empty_addition_from_the_page_comes_back_in_its_place(
    item: AgendaItem, client: Client, secretary: User
) -> None:
    decide(item, "approved", "Godkendt.", by=secretary)
    response = client.post(f"{item.get_absolute_url()}rettelse/", {"text": " "}, headers=HTMX)
    assert (response.status_code, response.headers["HX-Retarget"]) == (422, "closest .record__decision")
    assert "<html" not in text_of(response)


# --- Queries --------------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 3, 15])
def test_page_asks_the_same_number_of_queries_however_much_there_is(
    rows: int, meeting: Meeting, client: Client, secretary: User, django_assert_num_queries: Any
) -> None:
    person = attending(meeting)
    for n in range(10, 10 + rows):
        item = AgendaItem.including_closed.create(meeting=meeting, number=str(n), position=n, title="Sag")
        add_points(item, 1, 2, 3)
        record_points(
            item=item, points=[1, 2], category="approved", text=f"Godkendt {n}.", expected=0, nonce=uuid4(),
            by=secretary,
        )  # fmt: skip
        save_decision_draft(item=item, category="", text="Udsat", points=[3], expected=0, by=secretary)
        vote = Vote.including_closed.create(item=item, recorded_by=secretary)
        VoteLine.including_closed.create(vote=vote, person=person, stance="for", party="A")
    client.get(f"/moeder/{meeting.pk}/beslutninger/")
    with django_assert_num_queries(23):
        client.get(f"/moeder/{meeting.pk}/beslutninger/")


def test_already_decided_names_the_point(item: AgendaItem, secretary: User) -> None:
    def record() -> list[Decision]:
        return record_points(
            item=item, points=[2], category="approved", text="Godkendt.", expected=0, nonce=uuid4(), by=secretary
        )

    [decision] = record()
    with pytest.raises(AlreadyDecided) as refused:
        record()
    assert refused.value.decision == decision
