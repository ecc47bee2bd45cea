"""Handing a set over when its period ends: written as drafts, closed in one act, and read by who comes after."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import Error, transaction
from django.test import Client

from kit.drafts import EditConflict
from meetings.models import AgendaItem, Committee, CouncilTerm, Decision, Event, Meeting, Membership, User
from pejlemaerker.actions import (
    CannotClose,
    SetIsClosed,
    StatusText,
    close_set,
    hand_in_statuses,
    open_evaluation,
    put_in_force,
    save_goal_handover,
    save_handover,
)
from pejlemaerker.documents.handover import HandoverDocument
from pejlemaerker.documents.notes.choices import SectionKey
from pejlemaerker.documents.standing import standings
from pejlemaerker.models import (
    Adoption,
    AsOf,
    Derivation,
    EvaluationRound,
    Goal,
    GoalClosing,
    GoalHandoverDraft,
    GoalPeriod,
    GoalSet,
    GoalVersion,
    HandoverDraft,
    Learning,
    Placement,
    SetClosing,
)
from tests.conftest import CANARY, Login, decide, make_member, publish
from tests.pejlemaerker.telling import told_in

HTMX = {"HX-Request": "true"}
ENDS = date(2025, 12, 31)
NOT_YET = "Lederkredsen blev nedlagt."


def at_noon(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 12, tzinfo=ZoneInfo("Europe/Copenhagen"))


@pytest.fixture(autouse=True)
def _december() -> Iterator[None]:
    """The handover is written shortly before the period ends."""
    with time_machine.travel(at_noon(2025, 12, 15), tick=False):
        yield


@pytest.fixture
def address(goal_set: GoalSet) -> str:
    return f"/saet/{goal_set.pk}/overlevering/"


@pytest.fixture
def successor(committee: Committee) -> Committee:
    """The committee that comes after the election."""
    Committee.objects.filter(pk=committee.pk).update(valid_to=ENDS)
    committee.refresh_from_db()
    return Committee.objects.create(
        municipality=committee.municipality, name="Børneudvalget", slug="boerneudvalg", valid_from=date(2026, 1, 1),
        successor_of=committee,
    )  # fmt: skip


@pytest.fixture
def final(goal_set: GoalSet, adoption: Adoption, consultant: User) -> EvaluationRound:
    """A final evaluation with a status for each pejlemærke."""
    evaluation = open_evaluation(
        goal_set=goal_set, kind="final", held_on=date(2025, 5, 20), step=None, nonce=uuid4(), by=consultant
    )
    statuses = [StatusText(goal, f"Slutstatus {goal.number}.", "", 0) for goal in goal_set.goals.all()]
    hand_in_statuses(evaluation=evaluation, statuses=statuses, nonce=uuid4(), by=consultant)
    return evaluation


def draft_goal(goal_set: GoalSet, number: int, outcome: str, *, by: User, **more: Any) -> None:
    """Write what becomes of one pejlemærke."""
    goal = goal_set.goals.get(number=number)
    draft = GoalHandoverDraft.objects.filter(goal=goal).first()
    values = {"outcome": outcome, "reason": "", "into": None, "wordings": "", "learning": f"Læring {number}."} | more
    save_goal_handover(goal=goal, expected=draft.revision if draft else 0, by=by, **values)


@pytest.fixture
def drafted(goal_set: GoalSet, final: EvaluationRound, secretary: User) -> GoalSet:
    """Pejlemærke 1 is carried on with a new wording, pejlemærke 2 is dropped."""
    draft_goal(goal_set, 1, "continued", by=secretary, wordings="Vi inddrager barnet.", carry_on="Tal med forældrene.")
    draft_goal(goal_set, 2, "dropped", by=secretary, reason="Opgaven er overgået til regionen.")
    return goal_set


def close(goal_set: GoalSet, by: User, **more: Any) -> SetClosing:
    """Close a set as somebody would who has read what will happen."""
    asked: dict[str, Any] = {
        "seen": HandoverDocument.for_set(goal_set, viewer=by).seen, "closed_on": ENDS, "without_final": "",
        "nonce": uuid4(),
    }  # fmt: skip
    return close_set(goal_set=goal_set, by=by, **(asked | more))


def new_wordings() -> list[tuple[int | None, str, str]]:
    """The wordings of the newest set, by number."""
    closing = SetClosing.objects.get()
    versions = GoalVersion.objects.filter(goal__goal_set=closing.to_set).order_by("goal__number")
    return list(versions.values_list("goal__number", "text", "change_kind"))


# --- Who ------------------------------------------


@pytest.mark.parametrize("page", ["set", "goal"])
def test_handover_is_for_those_who_follow_up(
    page: str, goal_set: GoalSet, address: str, anonymous: Client, other_member: User, member: User, consultant: User,
    as_user: Login,
) -> None:  # fmt: skip
    goal = goal_set.goals.get(number=1)
    where = address if page == "set" else f"/pejlemaerker/{goal.pk}/overlevering/"
    clients = [anonymous, as_user(other_member), as_user(member), as_user(consultant)]
    assert [client.get(where).status_code for client in clients] == [302, 404, 403, 200]
    assert as_user(consultant).put(where).status_code == 405


def test_closing_is_for_those_who_put_in_force(
    drafted: GoalSet, address: str, anonymous: Client, other_member: User, consultant: User, secretary: User,
    as_user: Login,
) -> None:  # fmt: skip
    form = closing_form(drafted, secretary)
    clients = [anonymous, as_user(other_member), as_user(consultant), as_user(secretary)]
    assert [client.post(f"{address}afslut/", form).status_code for client in clients] == [302, 404, 403, 303]
    assert as_user(secretary).get(f"{address}afslut/").status_code == 405


def closing_form(goal_set: GoalSet, by: User, **more: Any) -> dict[str, Any]:
    """The confirmation as a browser sends it."""
    seen = HandoverDocument.for_set(goal_set, viewer=by).seen
    form = {"closed_on": ENDS.isoformat(), "seen": seen, "nonce": str(uuid4()), "confirmed": "on"}
    return form | more


# --- Drafts ---------------------------------------


def test_next_term_and_successor_are_proposed(
    goal_set: GoalSet, address: str, successor: Committee, secretary: User, as_user: Login
) -> None:
    for year in (2026, 2030):
        CouncilTerm.objects.create(
            municipality=successor.municipality, starts_on=date(year, 1, 1), ends_on=date(year + 3, 12, 31)
        )
    page = as_user(secretary).get(address).content.decode()
    assert f'<option value="{successor.pk}" selected>Børneudvalget</option>' in page
    assert ('value="2026-01-01"' in page, 'value="2029-12-31"' in page) == (True, True)
    assert "Børne- og Familieområdet" in page


def goal_form(**more: Any) -> dict[str, Any]:
    """One pejlemærke's page as a browser sends it."""
    form = {"outcome": "", "reason": "", "into": "", "wordings": "", "learning": "", "carry_on": "", "revision": 0}
    return form | more


def test_goal_is_saved_as_one_writes(goal_set: GoalSet, secretary: User, as_user: Login) -> None:
    goal = goal_set.goals.get(number=1)
    response = as_user(secretary).post(
        f"/pejlemaerker/{goal.pk}/overlevering/", goal_form(learning="Det virkede."), headers=HTMX
    )
    fragment = response.content.decode()
    assert (response.status_code, GoalHandoverDraft.objects.get().learning) == (200, "Det virkede.")
    assert ("Gemt kl. " in fragment, 'name="revision" value="1"' in fragment, "<textarea" in fragment) == (
        True, True, False,
    )  # fmt: skip


def test_goal_is_saved_without_javascript(goal_set: GoalSet, address: str, secretary: User, as_user: Login) -> None:
    goal = goal_set.goals.get(number=1)
    client = as_user(secretary)
    response = client.post(f"/pejlemaerker/{goal.pk}/overlevering/", goal_form(outcome="completed", learning="Nået."))
    assert (response.status_code, response.headers["Location"]) == (303, address)
    assert "1 af 2 er klar" in client.get(address).content.decode()


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "fragment"])
def test_two_who_write_at_once_see_both_texts(
    headers: dict[str, str], goal_set: GoalSet, secretary: User, consultant: User, as_user: Login
) -> None:
    goal = goal_set.goals.get(number=1)
    where = f"/pejlemaerker/{goal.pk}/overlevering/"
    as_user(secretary).post(where, goal_form(learning="Sekretærens."))
    response = as_user(consultant).post(where, goal_form(learning="Konsulentens."), headers=headers)
    page = response.content.decode()
    assert (response.status_code, "Sekretærens." in page, "Konsulentens." in page) == (409, True, True)
    assert 'name="revision" value="0"' in page  # so that saving as one writes does not overwrite
    assert GoalHandoverDraft.objects.get().learning == "Sekretærens."
    as_user(consultant).post(where, goal_form(learning="Konsulentens.", replaces=1))
    assert GoalHandoverDraft.objects.get().learning == "Konsulentens."


def test_set_draft_in_conflict_shows_both(
    goal_set: GoalSet, address: str, secretary: User, consultant: User, as_user: Login
) -> None:
    form = {"area_name": "Området", "learning": "Sekretærens.", "carry_on": "", "revision": 0}
    assert as_user(secretary).post(address, form).status_code == 303
    response = as_user(consultant).post(address, form | {"learning": "Konsulentens."}, headers=HTMX)
    page = response.content.decode()
    assert (response.status_code, "Sekretærens." in page, "Konsulentens." in page) == (409, True, True)


def test_text_that_cannot_be_read_keeps_the_revision_it_was_written_over(
    goal_set: GoalSet, address: str, secretary: User, consultant: User, as_user: Login
) -> None:
    as_user(secretary).post(address, {"area_name": "A", "learning": "Sekretærens.", "revision": 0})
    page = as_user(consultant).post(address, {"area_name": "B", "starts_on": "i morgen", "revision": 0})
    assert (page.status_code, 'name="revision" value="0"' in page.content.decode()) == (422, True)


def test_autosave_tells_the_closing_what_was_seen(
    drafted: GoalSet, address: str, secretary: User, as_user: Login
) -> None:
    draft = HandoverDraft.objects.get()
    form = {
        "to_committee": draft.to_committee_id, "area_name": "Børn", "starts_on": "2026-01-01", "ends_on": "2029-12-31",
        "learning": "", "carry_on": "", "revision": draft.revision,
    }  # fmt: skip
    fragment = as_user(secretary).post(address, form, headers=HTMX).content.decode()
    seen = HandoverDocument.for_set(drafted, viewer=secretary).seen
    assert (f'value="{seen}"' in fragment, "Børn 2026–2029" in fragment) == (True, True)


@pytest.mark.parametrize(
    ("values", "missing"),
    [
        ({"outcome": "", "learning": "x"}, "Vælg, hvad der sker med det."),
        ({"outcome": "dropped"}, "Skriv, hvorfor det udgår."),
        ({"outcome": "continued", "wordings": " "}, "Skriv ordlyden i den nye periode."),
        ({"outcome": "split", "wordings": "Vi gør én ting.\n\n"}, "Skriv mindst to ordlyde, én på hver linje."),
        ({"outcome": "merged"}, "Vælg, hvilket det lægges sammen med."),
        ({"outcome": "completed", "learning": ""}, "Skriv, hvad I har lært."),
    ],
)
def test_what_is_missing_is_said_with_a_link(
    values: dict[str, Any], missing: str, drafted: GoalSet, address: str, secretary: User, as_user: Login
) -> None:
    draft_goal(drafted, 2, **({"by": secretary} | values))
    goal = drafted.goals.get(number=2)
    page = as_user(secretary).get(address).content.decode()
    assert f'<a href="/pejlemaerker/{goal.pk}/overlevering/">Pejlemærke 2: {missing}</a>' in page
    with pytest.raises(CannotClose) as refused:
        close(drafted, secretary)
    assert refused.value.reasons == [f"Pejlemærke 2: {missing}"]


def test_merging_into_one_that_ends_is_refused(drafted: GoalSet, secretary: User) -> None:
    draft_goal(drafted, 1, "merged", by=secretary, into=drafted.goals.get(number=2))
    with pytest.raises(CannotClose) as refused:
        close(drafted, secretary)
    assert refused.value.reasons == [
        "Pejlemærke 1: Det lægges sammen med pejlemærke 2, men det står ikke til at blive videreført."
    ]


@pytest.mark.parametrize(
    ("values", "missing"),
    [
        ({"to_committee": None}, "Vælg, hvilket udvalg der tager over."),
        ({"area_name": ""}, "Skriv, hvad området hedder i den nye periode."),
        ({"ends_on": None}, "Skriv den nye periodes første og sidste dag."),
        ({"ends_on": date(2025, 1, 1)}, "Den nye periodes sidste dag skal ligge efter den første."),
        ({"starts_on": date(2022, 1, 1)}, "Den nye periode skal begynde efter den gamle."),
        ({"starts_on": date(2025, 12, 31)}, "Sættet skal være afsluttet, før den nye periode begynder."),
    ],
)
def test_new_set_must_be_told(values: dict[str, Any], missing: str, drafted: GoalSet, secretary: User) -> None:
    save_handover(goal_set=drafted, expected=0, by=secretary, **values)
    with pytest.raises(CannotClose) as refused:
        close(drafted, secretary)
    assert missing in refused.value.reasons


# --- Closing --------------------------------------


def test_closing_ends_the_old_and_begins_the_new(drafted: GoalSet, successor: Committee, secretary: User) -> None:
    HandoverDraft.objects.update(to_committee=successor)
    closing = close(drafted, secretary)
    assert closing.to_set is not None
    assert (closing.closed_on, closing.to_set.period.committee, str(closing.to_set)) == (
        ENDS, successor, "Børne- og Familieområdet 2026–2029",
    )  # fmt: skip
    assert new_wordings() == [(1, "Vi inddrager barnet.", "continued")]
    assert list(GoalClosing.objects.values_list("goal__number", "kind", "ended_on")) == [
        (1, "continued", ENDS), (2, "dropped", ENDS),
    ]  # fmt: skip
    assert list(Learning.objects.values_list("goal__number", "text", "carry_on", "addressed_to")) == [
        (1, "Læring 1.", "Tal med forældrene.", "Børneudvalget"), (2, "Læring 2.", "", "Børneudvalget"),
    ]  # fmt: skip
    assert Derivation.objects.get().source == drafted.goals.get(number=1)
    assert Event.objects.filter(action="set_closed").count() == 1
    new = closing.to_set.goals.get()
    with time_machine.travel(at_noon(2026, 1, 5), tick=False):
        standing = standings([new], viewer=secretary, at=AsOf.now())[new.pk]
    assert (standing.in_force, standing.tag) == (None, "Beslutning mangler")


def test_new_set_closed_back_in_time_tells_the_days_between(drafted: GoalSet, secretary: User) -> None:
    """It came into the app today: what happened on the days since the closing was known then."""
    closing = close(drafted, secretary, closed_on=date(2025, 12, 1))
    assert closing.to_set is not None
    new = closing.to_set.goals.get()
    meeting = Meeting.objects.create(committee=new.goal_set.period.committee, date=date(2025, 12, 5))
    item = AgendaItem.including_closed.create(meeting=meeting, number="1", position=1, title="Nyt", is_closed=False)
    decision = decide(item, "approved", "Godkendt.", by=secretary)
    version = GoalVersion.objects.get(goal=new)
    Adoption.objects.create(version=version, decision=decision, in_force_from=date(2025, 12, 5))
    assert (closing.to_set.kept_since, new.kept_since) == (date(2025, 12, 15), date(2025, 12, 15))
    on_the_days = {day: standings([new], viewer=secretary, at=AsOf.day(date(2025, 12, day)))[new.pk] for day in (4, 6)}
    assert {day: one.in_force for day, one in on_the_days.items()} == {4: None, 6: version}


def test_learning_of_the_whole_goes_along(drafted: GoalSet, secretary: User) -> None:
    save_handover(goal_set=drafted, expected=0, by=secretary, learning="Begynd før.", carry_on="Dialogen.")
    close(drafted, secretary)
    assert list(Learning.objects.filter(goal=None).values_list("text", "carry_on")) == [("Begynd før.", "Dialogen.")]


def test_merged_goals_get_one_wording(drafted: GoalSet, secretary: User) -> None:
    draft_goal(drafted, 2, "merged", by=secretary, into=drafted.goals.get(number=1))
    close(drafted, secretary)
    assert new_wordings() == [(1, "Vi inddrager barnet.", "merged")]
    assert list(Derivation.objects.order_by("source__number").values_list("source__number", "kind", "ends_source")) == [
        (1, "merged", False), (2, "merged", False),
    ]  # fmt: skip


def test_split_goal_becomes_several_after_one_another(drafted: GoalSet, secretary: User) -> None:
    draft_goal(drafted, 1, "split", by=secretary, wordings="Vi inddrager barnet.\n\nVi inddrager forældrene.\n")
    draft_goal(drafted, 2, "continued", by=secretary, wordings="Vi forebygger.")
    close(drafted, secretary)
    assert new_wordings() == [
        (1, "Vi inddrager barnet.", "split"), (2, "Vi inddrager forældrene.", "split"),
        (3, "Vi forebygger.", "continued"),
    ]  # fmt: skip


def test_dropping_everything_makes_no_new_set(drafted: GoalSet, secretary: User) -> None:
    draft_goal(drafted, 1, "dropped", by=secretary, reason="Ny retning.")
    assert (close(drafted, secretary).to_set, GoalSet.objects.count()) == (None, 1)


def test_two_sets_can_be_handed_over_to_one(drafted: GoalSet, secretary: User) -> None:
    first = close(drafted, secretary)
    other = GoalSet.objects.create(period=drafted.period, area=drafted.area.__class__.objects.create(
        committee=drafted.area.committee, name="Dagtilbud"))  # fmt: skip
    goal = Goal.objects.create(goal_set=other, number=1)
    GoalVersion.objects.create(goal=goal, number=1, text="Vi leger.", worded_on=date(2022, 9, 8))
    draft_goal(other, 1, "continued", by=secretary, wordings="Vi leger.")
    save_handover(goal_set=other, expected=0, by=secretary, area_name="Børne- og Familieområdet")
    assert close(other, secretary, without_final=NOT_YET).to_set == first.to_set
    assert first.to_set
    assert list(first.to_set.goals.values_list("number", flat=True)) == [1, 2]


def test_missing_final_status_needs_a_reason_that_is_kept(
    goal_set: GoalSet, adoption: Adoption, secretary: User, address: str, as_user: Login
) -> None:
    for number in (1, 2):
        draft_goal(goal_set, number, "completed", by=secretary)
    client = as_user(secretary)
    refused = client.post(f"{address}afslut/", closing_form(goal_set, secretary))
    assert (refused.status_code, SetClosing.objects.count()) == (422, 0)
    assert "Skriv, hvorfor sættet afsluttes uden." in refused.content.decode()
    assert client.post(f"{address}afslut/", closing_form(goal_set, secretary, without_final=NOT_YET)).status_code == 303
    reasons = set(GoalClosing.objects.values_list("reason", flat=True))
    assert reasons == {f"Afsluttet, da perioden sluttede.\n\nAfsluttet uden afsluttende evaluering: {NOT_YET}"}


def test_confirmation_names_what_will_happen(drafted: GoalSet, address: str, secretary: User, as_user: Login) -> None:
    page = as_user(secretary).get(address).content.decode()
    for sentence in (
        "Pejlemærke 1 videreføres som pejlemærke 1 i den nye periode.", "Pejlemærke 2 udgår.",
        "Børne- og Uddannelsesudvalget får Børne- og Familieområdet 2026–2029 med et pejlemærke.",
    ):  # fmt: skip
        assert sentence in page


def test_confirmation_tells_the_numbers_after_those_that_are_taken(drafted: GoalSet, secretary: User) -> None:
    period = GoalPeriod.objects.create(
        committee=drafted.period.committee, starts_on=date(2026, 1, 1), ends_on=date(2029, 12, 31)
    )
    new_set = GoalSet.objects.create(period=period, area=drafted.area)
    Goal.objects.create(goal_set=new_set, number=1)
    told = HandoverDocument.for_set(drafted, viewer=secretary).will_happen
    assert "Pejlemærke 1 videreføres som pejlemærke 2 i den nye periode." in told
    assert (
        "Børne- og Uddannelsesudvalget har allerede Børne- og Familieområdet 2026–2029 og får et pejlemærke mere."
        in told[-1]
    )


def test_closing_twice_closes_once(drafted: GoalSet, address: str, secretary: User, as_user: Login) -> None:
    form, client = closing_form(drafted, secretary), as_user(secretary)
    assert [client.post(f"{address}afslut/", form).status_code for _ in range(2)] == [303, 303]
    assert (SetClosing.objects.count(), GoalClosing.objects.count(), Learning.objects.count()) == (1, 2, 2)
    assert close(drafted, secretary, seen="").pk == SetClosing.objects.get().pk


def test_unconfirmed_closing_is_refused(drafted: GoalSet, address: str, secretary: User, as_user: Login) -> None:
    response = as_user(secretary).post(f"{address}afslut/", closing_form(drafted, secretary, confirmed=""))
    assert (response.status_code, SetClosing.objects.count()) == (422, 0)


def test_what_was_written_since_must_be_read_first(
    drafted: GoalSet, address: str, secretary: User, consultant: User, as_user: Login
) -> None:
    form = closing_form(drafted, secretary)
    draft_goal(drafted, 2, "completed", by=consultant)
    response = as_user(secretary).post(f"{address}afslut/", form)
    assert (response.status_code, SetClosing.objects.count()) == (409, 0)
    seen = HandoverDocument.for_set(drafted, viewer=secretary).seen
    assert f'value="{seen}"' in response.content.decode()
    with pytest.raises(EditConflict):
        close(drafted, secretary, seen=form["seen"])


def test_nothing_is_half_closed(drafted: GoalSet, secretary: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: Any, **_fields: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(SetClosing.objects.__class__, "create", fail)
    with pytest.raises(RuntimeError), transaction.atomic():
        close(drafted, secretary)
    assert (GoalClosing.objects.count(), Learning.objects.count(), GoalSet.objects.count()) == (0, 0, 1)


def test_cpr_number_stops_the_closing(drafted: GoalSet, address: str, secretary: User, as_user: Login) -> None:
    draft_goal(drafted, 2, "dropped", by=secretary, reason="Se 010190-1234.")
    response = as_user(secretary).post(f"{address}afslut/", closing_form(drafted, secretary))
    assert (response.status_code, SetClosing.objects.count()) == (422, 0)
    assert "CPR-nummer" in response.content.decode()


def test_set_is_closed_once_also_past_the_forms(drafted: GoalSet, secretary: User) -> None:
    close(drafted, secretary)
    with pytest.raises(Error), transaction.atomic():
        SetClosing.objects.create(goal_set=drafted, closed_on=ENDS)


def test_handover_costs_the_same_however_many_goals(
    drafted: GoalSet, secretary: User, django_assert_num_queries: Any
) -> None:
    assert secretary.held_roles  # asked once in a request
    with django_assert_num_queries(13):
        HandoverDocument.for_set(drafted, viewer=secretary)
    for number in (3, 4):
        goal = Goal.objects.create(goal_set=drafted, number=number)
        GoalVersion.objects.create(goal=goal, number=1, text="Vi vil.", worded_on=date(2022, 9, 8))
        draft_goal(drafted, number, "completed", by=secretary)
    with django_assert_num_queries(13):
        HandoverDocument.for_set(drafted, viewer=secretary)


# --- After ----------------------------------------


@pytest.fixture
def closed(drafted: GoalSet, successor: Committee, secretary: User) -> GoalSet:
    """The set, published, closed and handed over to the successor."""
    publish(drafted)
    HandoverDraft.objects.update(to_committee=successor)
    close(drafted, secretary)
    return drafted


def test_closed_set_takes_no_more_writing(closed: GoalSet, secretary: User, as_user: Login) -> None:
    goal, client = closed.goals.get(number=1), as_user(secretary)
    refused = [
        f"/pejlemaerker/{goal.pk}/ordlyd/ny/", f"/pejlemaerker/{goal.pk}/ret/", f"/pejlemaerker/{goal.pk}/flyt/",
        f"/pejlemaerker/{goal.pk}/noegletal/nyt/", f"/saet/{closed.pk}/raekkefoelge/", f"/saet/{closed.pk}/plan/ret/",
        f"/saet/{closed.pk}/ret/", f"/saet/{closed.pk}/pejlemaerker/nyt/",
    ]  # fmt: skip
    assert {path: client.get(path).status_code for path in refused} == dict.fromkeys(refused, 403)
    assert client.get(f"/saet/{closed.pk}/evalueringer/ny/").status_code == 200


def test_handover_of_a_closed_set_leads_to_the_set(closed: GoalSet, secretary: User, as_user: Login) -> None:
    goal, client = closed.goals.get(number=1), as_user(secretary)
    places = [client.get(f"/saet/{closed.pk}/overlevering/"), client.get(f"/pejlemaerker/{goal.pk}/overlevering/")]
    assert [place.headers["Location"] for place in places] == [f"/saet/{closed.pk}/", f"/pejlemaerker/{goal.pk}/"]
    with pytest.raises(SetIsClosed):
        save_handover(goal_set=closed, expected=0, by=secretary, learning="For sent.")


def test_old_links_still_work_for_all(closed: GoalSet, anonymous: Client) -> None:
    goal = closed.goals.get(number=1)
    paths = [f"/saet/{closed.pk}/", f"/pejlemaerker/{goal.pk}/", f"/saet/{closed.pk}/?dato=2023-01-01"]
    with time_machine.travel(at_noon(2026, 2, 1), tick=False):
        assert [anonymous.get(path).status_code for path in paths] == [200, 200, 200]
        page = anonymous.get(f"/saet/{closed.pk}/").content.decode()
    assert "31. december 2025" in page


def test_learning_is_told_on_the_pages_and_in_the_note(closed: GoalSet, anonymous: Client) -> None:
    goal = closed.goals.get(number=1)
    page = anonymous.get(f"/pejlemaerker/{goal.pk}/").content.decode()
    assert ("Læring 1." in page, "Tal med forældrene." in page) == (True, True)
    told = told_in(closed, SectionKey.LEARNING, AsOf.now(), audience="public")
    assert [line for line in told if line.startswith("Læring")] == ["Læring 1.", "Læring 2."]


def test_note_of_an_earlier_day_knows_no_learning(closed: GoalSet) -> None:
    assert told_in(closed, SectionKey.LEARNING, AsOf.day(date(2024, 1, 1)), audience="public") == []


def test_old_member_keeps_what_is_public_and_loses_the_rest(
    drafted: GoalSet, closed_approval: Decision, member: User, committee: Committee, as_user: Login
) -> None:
    Membership.objects.update(valid_to=ENDS)
    item = closed_approval.item.get_absolute_url()
    with time_machine.travel(at_noon(2025, 12, 31), tick=False):
        client = as_user(member)
        assert [client.get(path).status_code for path in (f"/saet/{drafted.pk}/", item)] == [200, 200]
    with time_machine.travel(at_noon(2026, 1, 1), tick=False):
        client = as_user(member)
        assert [client.get(path).status_code for path in (f"/saet/{drafted.pk}/", item)] == [404, 404]
        publish(drafted)
        assert client.get(f"/saet/{drafted.pk}/").status_code == 200


def test_new_member_reads_what_was_handed_over_and_nothing_closed(
    drafted: GoalSet, successor: Committee, final: EvaluationRound, closed_approval: Decision, secretary: User,
    as_user: Login,
) -> None:  # fmt: skip
    """Unpublished, so that only the handover opens it; pejlemærke 2 rests on a closed item's decision."""
    version = GoalVersion.objects.get(goal__goal_set=drafted, goal__number=2)
    put_in_force(versions=[version], decision=closed_approval, in_force_from=closed_approval.decided_on, by=secretary)
    newcomer = make_member(successor, "nyt", "Nanna Ny")
    paths = [f"/saet/{drafted.pk}/", f"/pejlemaerker/{version.goal_id}/", final.get_absolute_url()]
    assert [as_user(newcomer).get(path).status_code for path in paths] == [404, 404, 404]
    HandoverDraft.objects.update(to_committee=successor)
    close(drafted, secretary)
    with time_machine.travel(at_noon(2026, 1, 5), tick=False):
        answers = [as_user(newcomer).get(path) for path in paths]
        hidden = as_user(newcomer).get(closed_approval.item.get_absolute_url())
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert (hidden.status_code, any(CANARY in answer.content.decode() for answer in answers)) == (404, False)


def test_numbers_of_the_old_set_stay(closed: GoalSet) -> None:
    assert list(closed.goals.values_list("number", flat=True)) == [1, 2]
    assert Placement.objects.filter(goal__goal_set=closed).count() == 2
