"""Preparing an evaluation round: what it is about, what it asks, of whom, and opening it once."""

from datetime import date, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from kit.clock import today
from kit.dates import format_date
from meetings.actions.refusals import NotAllowed
from meetings.models import Committee, LeaderGroup, Leadership, Meeting, Municipality, OrgUnit, User
from pejlemaerker.actions import create_dialogue
from pejlemaerker.actions.surveys import (
    Addressee,
    CannotOpen,
    SurveyIsOpen,
    appearance,
    ask,
    extend_survey,
    open_survey,
    save_questions,
)
from pejlemaerker.documents.survey_check import checks
from pejlemaerker.models import (
    Adoption,
    AnswerSheet,
    EvaluationRound,
    GoalPeriod,
    GoalSet,
    GoalVersion,
    Invitee,
    PersonalLink,
    PolicyArea,
    QuestionTemplate,
    SetClosing,
    Survey,
    SurveyQuestion,
)
from pejlemaerker.models.answer import OPEN_AFTER_DUE
from tests.conftest import Login
from tests.pejlemaerker.surveys import a_survey, a_token, an_invitee

NEW = "/udvalg/boerne-og-uddannelsesudvalget/runder/ny/"
LIST = "/udvalg/boerne-og-uddannelsesudvalget/runder/"


@pytest.fixture
def coming(committee: Committee) -> Meeting:
    """A meeting so far ahead that the leaders can answer in time."""
    return Meeting.objects.create(committee=committee, date=today() + timedelta(days=90), starts_at=time(17, 0))


@pytest.fixture
def survey(goal_set: GoalSet, adoption: Adoption, coming: Meeting, consultant: User) -> Survey:
    """A round that could be opened."""
    return a_survey(goal_set, by=consultant, opened=False, meeting=coming)


@pytest.fixture
def leaders(goal_set: GoalSet) -> list[Leadership]:
    """Two who lead something today, and one who has stopped."""
    assert goal_set.leader_group
    found = []
    for name, unit, until in [
        ("Åse Ås", "Åkanden", None), ("Lone Linde", "Linden", None), ("Per Før", "Birken", date(2023, 1, 1)),
    ]:  # fmt: skip
        place = OrgUnit.objects.create(
            municipality=goal_set.leader_group.municipality, name=unit, kind=OrgUnit.Kind.INSTITUTION
        )
        found.append(
            Leadership.objects.create(
                leader_group=goal_set.leader_group, unit=place, name=name, email=f"{unit.lower()}@eksempel.dk",
                valid_from=date(2022, 1, 1), valid_to=until,
            )
        )  # fmt: skip
    return found


def about(survey: Survey, tail: str = "ret") -> str:
    return f"/runder/{survey.pk}/{tail}/"


def filled_in(goal_set: GoalSet, **changes: Any) -> dict[str, Any]:
    """The form as a browser sends it."""
    return {
        "goal_sets": [goal_set.pk], "kind": "midterm", "occasion": "", "held_on": today().isoformat(),
        "due_on": (today() + timedelta(days=30)).isoformat(), "subject": "Evaluering", "invitation": "Kære leder",
        "remind_days_before": "7", "nonce": str(uuid4()), **changes,
    }  # fmt: skip


def rows(*texts: str, **changes: Any) -> dict[str, Any]:
    """Questions as a browser sends them."""
    typed: dict[str, Any] = {"spm-TOTAL_FORMS": len(texts), "spm-INITIAL_FORMS": len(texts)}
    for n, text in enumerate(texts):
        typed |= {f"spm-{n}-text": text, f"spm-{n}-kind": "text", f"spm-{n}-is_per_goal": "on", f"spm-{n}-ORDER": n + 1}
    return typed | changes


def asked_of(survey: Survey) -> list[str]:
    return [str(one) for one in survey.invitees.order_by("pk")]


# --- Who may ----------------------------------------


@pytest.mark.parametrize("tail", ["ret", "spoergsmaal", "adspurgte", "vis"])
def test_preparing_is_for_those_who_follow_up(
    tail: str, survey: Survey, anonymous: Client, other_member: User, member: User, consultant: User, as_user: Login
) -> None:
    clients = [anonymous, as_user(other_member), as_user(member), as_user(consultant)]
    assert [client.get(about(survey, tail)).status_code for client in clients] == [302, 404, 404, 200]
    assert as_user(consultant).delete(about(survey, tail)).status_code == 405


def test_a_round_is_begun_and_listed_by_the_administration(
    goal_set: GoalSet, anonymous: Client, other_member: User, member: User, consultant: User, as_user: Login
) -> None:
    for address in (NEW, LIST):
        clients = [anonymous, as_user(other_member), as_user(member), as_user(consultant)]
        assert [client.get(address).status_code for client in clients] == [302, 403, 403, 200]
        assert as_user(consultant).delete(address).status_code == 405


@pytest.mark.parametrize("who", ["anonymous", "member", "leader", "consultant"])
def test_opening_is_for_those_who_follow_up(
    who: str, survey: Survey, request: pytest.FixtureRequest, as_user: Login
) -> None:
    person = request.getfixturevalue(who)
    client = person if who == "anonymous" else as_user(person)
    expected = {"anonymous": 302, "member": 404, "leader": 404, "consultant": 303}[who]
    assert client.post(about(survey, "aabn"), {"set": appearance(survey)}).status_code == expected
    assert Survey.objects.filter(opened_at__isnull=False).exists() == (who == "consultant")


def test_opening_is_no_page(survey: Survey, consultant: User, as_user: Login) -> None:
    assert as_user(consultant).get(about(survey, "aabn")).status_code == 405


# --- What it is about ----------------------------------------


def test_round_is_begun_once_with_the_usual_questions(goal_set: GoalSet, consultant: User, as_user: Login) -> None:
    client, form = as_user(consultant), filled_in(goal_set)
    places = {client.post(NEW, form).headers["Location"] for _ in range(2)}
    survey = Survey.objects.get()
    assert places == {about(survey, "spoergsmaal")}
    assert list(survey.goal_sets.all()) == [goal_set]
    assert [one.text for one in survey.questions.all()][:3] == ["Hvad har I gjort?", "Hvad virker?", "Hvad er svært?"]


def test_new_round_begins_with_the_set_one_came_from_and_the_next_meeting(
    goal_set: GoalSet, coming: Meeting, consultant: User, as_user: Login
) -> None:
    other = GoalSet.objects.create(
        period=goal_set.period, area=PolicyArea.objects.create(committee=goal_set.period.committee, name="Dagtilbud")
    )
    form = as_user(consultant).get(f"{NEW}?saet={other.pk}").context["form"]
    assert (form["goal_sets"].value(), form["occasion"].value()) == ([str(other.pk)], f"m{coming.pk}")


def test_deadline_is_proposed_from_the_calendar_with_its_reason(
    goal_set: GoalSet, consultant: User, as_user: Login
) -> None:
    meeting = Meeting.objects.create(committee=goal_set.period.committee, date=date(today().year + 1, 10, 4))
    client = as_user(consultant)
    typed = filled_in(goal_set, foreslaa="1", occasion=f"m{meeting.pk}", due_on="", invitation="Min egen tekst")
    response = client.post(NEW, typed)
    form = response.context["form"]
    assert (response.status_code, Survey.objects.count()) == (200, 0)
    assert form["invitation"].value() == "Min egen tekst"
    (chosen,) = [one for one in form.occasions if one.value == f"m{meeting.pk}"]
    assert form["due_on"].value() == chosen.answers_by
    assert (
        f"For at nå mødet {format_date(meeting.date)} skal teksten være hos sekretariatet" in response.content.decode()
    )
    assert f"lederne svarer senest {format_date(chosen.answers_by)}" in response.content.decode()


def test_deadline_is_counted_back_from_a_dialogue_meeting_too(
    goal_set: GoalSet, consultant: User, as_user: Login
) -> None:
    dialogue = create_dialogue(
        goal_set=goal_set, leader_groups=[], goals=[], nonce=uuid4(), by=consultant, kind="midterm",
        held_on=today() + timedelta(days=60), step=None, public_summary="", internal_notes="",
    )  # fmt: skip
    client = as_user(consultant)
    assert f"d{dialogue.pk}" in [one.value for one in client.get(NEW).context["form"].occasions]
    client.post(NEW, filled_in(goal_set, occasion=f"d{dialogue.pk}"))
    survey = Survey.objects.get()
    assert (survey.dialogue, survey.meeting) == (dialogue, None)


def test_meeting_that_is_cancelled_or_of_others_is_not_offered(
    goal_set: GoalSet, coming: Meeting, other_committee: Committee, consultant: User, as_user: Login
) -> None:
    day = today() + timedelta(days=80)
    Meeting.objects.create(committee=goal_set.period.committee, date=day, cancelled="Ingen sager")
    theirs = Meeting.objects.create(committee=other_committee, date=day)
    client = as_user(consultant)
    assert [one.value for one in client.get(NEW).context["form"].occasions] == [f"m{coming.pk}"]
    goal_set.partners.add(other_committee)
    assert [one.value for one in client.get(NEW).context["form"].occasions] == [f"m{theirs.pk}", f"m{coming.pk}"]


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"goal_sets": []}, "Vælg mindst ét sæt pejlemærker."),
        ({"due_on": "2020-01-01"}, "Svarfristen er gået."),
        ({"due_on": "vrøvl"}, "Skriv datoen som 3.10.2022."),
        ({"subject": ""}, "Skriv, hvad mailens emne skal være."),
        ({"occasion": "m999"}, "Mødet er ikke længere i kalenderen."),
    ],
    ids=["no set", "past", "nonsense", "no subject", "unknown meeting"],
)
def test_wrong_round_is_told_at_the_field_and_what_was_typed_is_kept(
    changes: dict[str, Any], error: str, goal_set: GoalSet, consultant: User, as_user: Login
) -> None:
    response = as_user(consultant).post(NEW, filled_in(goal_set, invitation="Min egen tekst") | changes)
    page = response.content.decode()
    assert (response.status_code, error in page, "Min egen tekst" in page) == (422, True, True)


def test_deadline_lies_before_the_meeting_that_uses_the_answers(
    goal_set: GoalSet, coming: Meeting, consultant: User, as_user: Login
) -> None:
    form = filled_in(goal_set, occasion=f"m{coming.pk}", due_on=coming.date.isoformat())
    response = as_user(consultant).post(NEW, form)
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["due_on"])


def test_closed_set_is_not_offered(goal_set: GoalSet, consultant: User, as_user: Login) -> None:
    SetClosing.objects.create(goal_set=goal_set, closed_on=date(2025, 12, 31), recorded_by=consultant)
    client = as_user(consultant)
    assert client.get(NEW).context["form"].fields["goal_sets"].choices == []
    assert client.post(NEW, filled_in(goal_set)).status_code == 422


def test_shared_set_is_asked_about_by_those_who_follow_it_up(
    goal_set: GoalSet, other_committee: Committee, other_secretary: User, consultant: User, as_user: Login
) -> None:
    goal_set.partners.add(other_committee)
    address = f"/udvalg/{other_committee.slug}/runder/ny/"
    theirs, hers = (as_user(user).get(address).context["form"] for user in (other_secretary, consultant))
    assert theirs.fields["goal_sets"].choices == []
    assert "hvis konsulent spørger lederne" in theirs.left_out
    assert [pk for pk, _ in hers.fields["goal_sets"].choices] == [goal_set.pk]


def test_two_who_change_a_round_at_once_see_both_texts(
    survey: Survey, goal_set: GoalSet, consultant: User, secretary: User, as_user: Login
) -> None:
    as_user(secretary).post(about(survey), filled_in(goal_set, revision=0, invitation="Sekretærens."))
    response = as_user(consultant).post(about(survey), filled_in(goal_set, revision=0, invitation="Konsulentens."))
    page = response.content.decode()
    assert (response.status_code, "Sekretærens." in page, "Konsulentens." in page) == (409, True, True)
    survey.refresh_from_db()
    assert survey.invitation == "Sekretærens."
    again = filled_in(goal_set, revision=1, invitation="Konsulentens.")
    assert as_user(consultant).post(about(survey), again).status_code == 303


# --- Questions ----------------------------------------


def test_questions_are_added_removed_and_put_in_order(survey: Survey, consultant: User, as_user: Login) -> None:
    client = as_user(consultant)
    shown = client.get(about(survey, "spoergsmaal")).context["form"]["shown"].value()
    typed = rows("Først", "Midt", "Sidst", shown=shown) | {
        "spm-0-ORDER": "3", "spm-2-ORDER": "1", "spm-1-DELETE": "on", "spm-2-kind": "number", "spm-2-unit": "børn",
        "spm-2-is_per_goal": "",
    }  # fmt: skip
    assert client.post(about(survey, "spoergsmaal"), typed).status_code == 303
    stored = survey.questions.values_list("position", "text", "kind", "unit", "is_per_goal")
    assert list(stored) == [(1, "Sidst", "number", "børn", False), (2, "Først", "text", "", True)]


def test_buttons_of_the_question_list_save_nothing(survey: Survey, consultant: User, as_user: Login) -> None:
    client, before = as_user(consultant), list(survey.questions.values_list("text", flat=True))
    typed = rows("A", "B", laes="1") | {"spm-0-ORDER": "2", "spm-1-ORDER": "1"}
    sorted_page = client.post(about(survey, "spoergsmaal"), typed)
    longer = client.post(about(survey, "spoergsmaal"), rows("A", "B", tilfoej="1"))
    house = client.post(about(survey, "spoergsmaal"), rows("A", skabelon="1"))
    assert [row["text"].value() for row in sorted_page.context["form"].rows] == ["B", "A"]
    assert [row["text"].value() for row in longer.context["form"].rows] == ["A", "B", None]
    assert next(row["text"].value() for row in house.context["form"].rows) == "Hvad har I gjort?"
    assert list(survey.questions.values_list("text", flat=True)) == before


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        (rows("Hvad?") | {"spm-0-kind": "choice", "spm-0-choices": "Ja\nJa"}, "mindst to forskellige svarmuligheder"),
        (rows(""), "Skriv spørgsmålet, eller tag det ud."),
        (rows(), "Der skal være mindst ét spørgsmål."),
        (rows("Hvad?") | {"spm-0-DELETE": "on"}, "Der skal være mindst ét spørgsmål."),
    ],
    ids=["one choice", "no text", "none", "all taken out"],
)
def test_wrong_questions_are_told_where_they_stand(
    typed: dict[str, Any], error: str, survey: Survey, consultant: User, as_user: Login
) -> None:
    before = survey.questions.count()
    response = as_user(consultant).post(about(survey, "spoergsmaal"), typed)
    assert (response.status_code, error in response.content.decode()) == (422, True)
    assert survey.questions.count() == before


def test_two_who_change_the_questions_at_once_see_both_lists(
    survey: Survey, consultant: User, secretary: User, as_user: Login
) -> None:
    address = about(survey, "spoergsmaal")
    shown = as_user(consultant).get(address).context["form"]["shown"].value()
    as_user(secretary).post(address, rows("Sekretærens?", shown=shown))
    response = as_user(consultant).post(address, rows("Konsulentens?", shown=shown))
    page = response.content.decode()
    assert (response.status_code, "Sekretærens?" in page, "Konsulentens?" in page) == (409, True, True)
    assert [one.text for one in survey.questions.all()] == ["Sekretærens?"]
    seen = response.context["form"]["shown"].value()
    assert as_user(consultant).post(address, rows("Konsulentens?", shown=seen)).status_code == 303


def test_changing_questions_does_not_disturb_who_writes_the_invitation(
    survey: Survey, goal_set: GoalSet, consultant: User, secretary: User, as_user: Login
) -> None:
    shown = as_user(secretary).get(about(survey, "spoergsmaal")).context["form"]["shown"].value()
    as_user(secretary).post(about(survey, "spoergsmaal"), rows("Hvad nu?", shown=shown))
    assert as_user(consultant).post(about(survey), filled_in(goal_set, revision=0)).status_code == 303


# --- The house's questions ----------------------------------------


def test_house_questions_begin_each_new_round_and_leave_those_begun(
    survey: Survey, goal_set: GoalSet, municipality: Municipality, consultant: User, as_user: Login
) -> None:
    client, before = as_user(consultant), list(survey.questions.values_list("text", flat=True))
    address = f"/organisation/{municipality.slug}/spoergsmaal/"
    assert client.post(address, rows("Husets?", shown="0")).status_code == 303
    client.post(NEW, filled_in(goal_set))
    assert list(Survey.objects.latest("pk").questions.values_list("text", flat=True)) == ["Husets?"]
    assert list(survey.questions.values_list("text", flat=True)) == before


def test_house_questions_are_kept_by_consultant_and_administrator(
    municipality: Municipality, anonymous: Client, member: User, consultant: User, administrator: User, as_user: Login
) -> None:
    address = f"/organisation/{municipality.slug}/spoergsmaal/"
    clients = [anonymous, as_user(member), as_user(consultant), as_user(administrator)]
    assert [client.get(address).status_code for client in clients] == [302, 403, 200, 200]
    assert as_user(consultant).delete(address).status_code == 405


def test_two_who_change_the_house_questions_at_once_see_both_lists(
    municipality: Municipality, consultant: User, administrator: User, as_user: Login
) -> None:
    address = f"/organisation/{municipality.slug}/spoergsmaal/"
    as_user(administrator).post(address, rows("Administratorens?", shown="0"))
    response = as_user(consultant).post(address, rows("Konsulentens?", shown="0"))
    page = response.content.decode()
    assert (response.status_code, "Administratorens?" in page, "Konsulentens?" in page) == (409, True, True)
    assert [one.text for one in QuestionTemplate.objects.get().questions.all()] == ["Administratorens?"]


# --- Who is asked ----------------------------------------


def test_a_lederkreds_is_asked_by_its_leaders_of_today(
    survey: Survey, leaders: list[Leadership], consultant: User, as_user: Login
) -> None:
    survey.invitees.all().delete()
    client, address = as_user(consultant), about(survey, "adspurgte")
    group = LeaderGroup.objects.get()
    assert client.get(address).context["forms"]["kredse"]["leader_groups"].value() == [group.pk]
    client.post(address, {"handling": "kredse", "leader_groups": [group.pk]})
    assert asked_of(survey) == ["Lone Linde, Linden", "Åse Ås, Åkanden"]
    first = survey.invitees.order_by("pk")[0]
    assert (first.email, first.unit, first.leader_group) == ("linden@eksempel.dk", leaders[1].unit, group)


def test_who_is_asked_already_is_named_and_not_asked_twice(
    survey: Survey, leaders: list[Leadership], consultant: User, as_user: Login
) -> None:
    client, address = as_user(consultant), about(survey, "adspurgte")
    client.post(address, {"handling": "ledere", "leaderships": [leaders[0].pk]})
    response = client.post(
        address, {"handling": "kredse", "leader_groups": [LeaderGroup.objects.get().pk]}, follow=True
    )
    assert "Stod der i forvejen og spørges kun én gang: Åse Ås, Åkanden." in response.content.decode()
    assert survey.invitees.filter(name="Åse Ås").count() == 1


def test_one_written_in_by_hand_may_have_no_email_and_it_is_told(
    survey: Survey, consultant: User, as_user: Login
) -> None:
    client, address = as_user(consultant), about(survey, "adspurgte")
    unit = OrgUnit.objects.get(name="Børnehus 1")
    client.post(address, {"handling": "selv", "name": "Ny Leder", "unit_name": "børnehus 1", "email": ""})
    assert survey.invitees.get(name="Ny Leder").unit == unit
    assert "Ingen e-mail: der sendes intet link." in client.get(address).content.decode()


def test_wrong_address_is_told_and_what_was_typed_is_kept(survey: Survey, consultant: User, as_user: Login) -> None:
    typed = {"handling": "selv", "name": "Ny Leder", "unit_name": "Et sted", "email": "ny@"}
    response = as_user(consultant).post(about(survey, "adspurgte"), typed)
    page = response.content.decode()
    assert (response.status_code, "navn@kommunen.dk" in page, 'value="Ny Leder"' in page) == (422, True, True)


def test_same_address_for_two_units_is_asked_for_both_and_told(
    survey: Survey, consultant: User, as_user: Login
) -> None:
    an_invitee(survey, 3, email="LEDER1@eksempel.dk")
    page = as_user(consultant).get(about(survey, "adspurgte")).content.decode()
    assert "Samme e-mail spørges også for Børnehus 3." in page


def test_lederkreds_without_leaders_is_told(survey: Survey, consultant: User, as_user: Login) -> None:
    response = as_user(consultant).post(
        about(survey, "adspurgte"), {"handling": "kredse", "leader_groups": [LeaderGroup.objects.get().pk]}
    )
    assert (response.status_code, "Der er ingen ledere skrevet ind" in response.content.decode()) == (422, True)


def test_some_are_taken_out_again(survey: Survey, consultant: User, as_user: Login) -> None:
    client, address = as_user(consultant), about(survey, "adspurgte")
    first = survey.invitees.order_by("pk")[0]
    assert client.post(address, {"handling": "fjern", "invitees": [first.pk]}).status_code == 303
    assert asked_of(survey) == ["Leder 2, Børnehus 2"]
    assert client.post(address, {"handling": "fjern"}).status_code == 422


def test_nobody_of_another_round_is_taken_out(
    survey: Survey, goal_set: GoalSet, consultant: User, as_user: Login
) -> None:
    other = a_survey(goal_set, by=consultant, opened=False)
    theirs = [one.pk for one in other.invitees.all()]
    assert (
        as_user(consultant).post(about(survey, "adspurgte"), {"handling": "fjern", "invitees": theirs}).status_code
        == 422
    )
    assert other.invitees.count() == 2


# --- Looking it over ----------------------------------------


def told(survey: Survey, user: User, *, blocks: bool) -> str:
    return " ".join(check.text for check in checks(survey, viewer=user) if check.blocks == blocks)


def test_complete_round_has_nothing_in_the_way(survey: Survey, adoption: Adoption, consultant: User) -> None:
    second = GoalVersion.objects.get(goal__number=2)
    Adoption.objects.create(version=second, decision=adoption.decision, in_force_from=adoption.in_force_from)
    assert told(survey, consultant, blocks=True) == ""
    assert "ingen ordlyd i kraft" not in told(survey, consultant, blocks=False)


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda s: s.questions.all().delete(), "Der er ingen spørgsmål."),
        (lambda s: s.invitees.all().delete(), "Ingen er valgt til at blive spurgt."),
        (lambda s: s.goal_sets.clear(), "Der er ikke valgt noget sæt"),
        (lambda s: Survey.objects.update(due_on=today() - timedelta(days=1)), "er overskredet."),
        (lambda s: Survey.objects.update(due_on=s.meeting.date), "ligger ikke før mødet"),
        (lambda s: Survey.objects.update(held_on=date(2020, 1, 1)), "Ingen pejlemærker er i kraft"),
        (lambda s: SetClosing.objects.create(goal_set=s.goal_sets.get(), closed_on=today()), "er afsluttet og"),
    ],
    ids=["questions", "invitees", "sets", "past", "after the meeting", "no wording", "closed set"],
)  # fmt: skip
def test_what_stands_in_the_way_is_told_and_refused(
    spoil: Any, sentence: str, survey: Survey, consultant: User, as_user: Login
) -> None:
    spoil(survey)
    survey.refresh_from_db()
    client = as_user(consultant)
    assert sentence in told(survey, consultant, blocks=True)
    assert "Runden kan åbnes, når" in client.get(about(survey, "vis")).content.decode()
    assert client.post(about(survey, "aabn"), {"set": appearance(survey)}).status_code == 422
    with pytest.raises((CannotOpen, NotAllowed)):
        open_survey(survey=survey, seen=appearance(survey), by=consultant)
    assert not EvaluationRound.objects.exists()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda s: None, "pejlemærke 2 har ingen ordlyd i kraft"),
        (lambda s: Survey.objects.update(due_on=today() + timedelta(days=2)), "mindre end en uge"),
        (lambda s: Survey.objects.update(due_on=s.meeting.date - timedelta(days=1)), "For at nå mødet"),
        (lambda s: Survey.objects.update(meeting=None), "ikke knyttet til et møde"),
        (lambda s: Meeting.objects.update(cancelled="Ingen sager"), "som er aflyst"),
        (lambda s: an_invitee(s, 3, email=""), "Uden e-mail, så der sendes intet link: Leder 3, Børnehus 3."),
        (lambda s: an_invitee(s, 3, email="leder1@eksempel.dk"), "Samme e-mail flere gange"),
        (lambda s: Survey.objects.update(held_on=s.due_on + timedelta(days=1)), "ligger efter svarfristen"),
        (lambda s: Survey.objects.update(remind_days_before=20), "Dagen for påmindelsen er kommet allerede"),
    ],
    ids=["wording", "short", "late", "no meeting", "cancelled", "no email", "twice", "day", "reminder"],
)  # fmt: skip
def test_what_one_should_look_at_is_told_and_does_not_stop(
    change: Any, sentence: str, survey: Survey, consultant: User
) -> None:
    change(survey)
    survey = Survey.objects.select_related("meeting").get(pk=survey.pk)
    assert sentence in told(survey, consultant, blocks=False)
    assert told(survey, consultant, blocks=True) == ""


def test_leaders_page_is_shown_as_it_will_be_and_writes_nothing(
    survey: Survey, consultant: User, as_user: Login
) -> None:
    page = as_user(consultant).get(f"{about(survey, 'vis')}?som=leder").content.decode()
    wording = "Vi arbejder med systematisk inddragelse af barnet, den unge og familien."
    assert (wording in page, "Hvad har I gjort?" in page, "Leder 1" in page) == (True, True, True)
    assert "forebyggelse" not in page  # pejlemærke 2 has no wording in force
    assert not PersonalLink.objects.exists()


# --- Opening ----------------------------------------


def test_round_is_opened_once_and_each_is_written_to_once(
    survey: Survey, goal_set: GoalSet, consultant: User, as_user: Login
) -> None:
    an_invitee(survey, 3, email="")
    client, seen = as_user(consultant), appearance(survey)
    for _ in range(2):
        assert client.post(about(survey, "aabn"), {"set": seen}).headers["Location"] == f"/runder/{survey.pk}/"
    (evaluation,) = EvaluationRound.objects.filter(survey=survey)
    assert (evaluation.goal_set, evaluation.kind, evaluation.held_on) == (goal_set, "midterm", survey.held_on)
    asked = list(survey.invitees.exclude(email="").order_by("pk"))
    queued = DBTaskResult.objects.filter(task_path="pejlemaerker.tasks.send_invitation").order_by("enqueued_at")
    assert [row.args_kwargs["args"] for row in queued] == [[one.pk] for one in asked]
    assert {row.args_kwargs["kwargs"]["occasion"] for row in queued} == {"aabnet"}


def test_each_set_gets_its_own_evaluation(survey: Survey, goal_set: GoalSet, consultant: User) -> None:
    area = PolicyArea.objects.create(committee=goal_set.period.committee, name="Dagtilbud")
    other = GoalSet.objects.create(period=goal_set.period, area=area)
    survey.goal_sets.add(other)
    open_survey(survey=survey, seen=appearance(survey), by=consultant)
    assert {one.goal_set for one in survey.evaluations.all()} == {goal_set, other}


def test_round_that_was_changed_since_it_was_seen_is_not_opened(
    survey: Survey, consultant: User, as_user: Login
) -> None:
    seen = appearance(survey)
    ask(survey=survey, leaders=[Addressee("Ny", "ny@eksempel.dk")], by=consultant)
    response = as_user(consultant).post(about(survey, "aabn"), {"set": seen})
    assert (response.status_code, "har ændret runden imens" in response.content.decode()) == (409, True)
    survey.refresh_from_db()
    assert survey.opened_at is None


def test_opened_round_stands_as_it_was_asked(survey: Survey, consultant: User, as_user: Login) -> None:
    open_survey(survey=survey, seen=appearance(survey), by=consultant)
    with pytest.raises(SurveyIsOpen):
        save_questions(survey=survey, questions=[], shown="", by=consultant)
    with pytest.raises(SurveyIsOpen):
        ask(survey=survey, leaders=[], by=consultant)
    with pytest.raises(IntegrityError), transaction.atomic():
        SurveyQuestion.objects.filter(survey=survey).delete()
    client = as_user(consultant)
    for tail in ("spoergsmaal", "adspurgte", "vis"):
        assert client.get(about(survey, tail)).headers["Location"] == f"/runder/{survey.pk}/"


# --- More time ----------------------------------------


def test_more_time_lets_the_links_open_as_much_longer(
    goal_set: GoalSet, adoption: Adoption, consultant: User, as_user: Login
) -> None:
    survey = a_survey(goal_set, by=consultant)
    for one in survey.invitees.all():
        a_token(one)
    revoked = PersonalLink.objects.latest("pk")
    PersonalLink.objects.filter(pk=revoked.pk).update(revoked_at=timezone.now())
    later = survey.due_on + timedelta(days=10)
    form = {"due_on": later.isoformat(), "revision": 0, "invitation": "En anden tekst"}
    assert as_user(consultant).post(about(survey), form).status_code == 303
    survey.refresh_from_db()
    assert (survey.due_on, survey.invitation.startswith("Kære leder")) == (later, True)
    kept = PersonalLink.objects.get(revoked_at__isnull=True)
    assert timezone.localdate(kept.expires_at) == later + OPEN_AFTER_DUE
    assert PersonalLink.objects.get(pk=revoked.pk).expires_at == revoked.expires_at


def test_deadline_is_not_made_shorter(goal_set: GoalSet, consultant: User, as_user: Login) -> None:
    survey = a_survey(goal_set, by=consultant)
    form = {"due_on": (survey.due_on - timedelta(days=1)).isoformat(), "revision": 0}
    response = as_user(consultant).post(about(survey), form)
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["due_on"])


def test_two_who_give_more_time_at_once_see_both_days(
    goal_set: GoalSet, consultant: User, secretary: User, as_user: Login
) -> None:
    survey = a_survey(goal_set, by=consultant)
    days = [survey.due_on + timedelta(days=n) for n in (5, 9)]
    as_user(secretary).post(about(survey), {"due_on": days[0].isoformat(), "revision": 0})
    response = as_user(consultant).post(about(survey), {"due_on": days[1].isoformat(), "revision": 0})
    page = response.content.decode()
    assert (response.status_code, format_date(days[0]) in page, format_date(days[1]) in page) == (409, True, True)


def test_closed_round_gets_no_more_time(goal_set: GoalSet, consultant: User) -> None:
    survey = a_survey(goal_set, by=consultant, closed_at=None)
    Survey.objects.update(closed_at=timezone.now())
    with pytest.raises(NotAllowed, match="Runden er lukket"):
        extend_survey(survey=survey, due_on=survey.due_on + timedelta(days=5), expected=0, by=consultant)


# --- The list ----------------------------------------


def test_list_tells_what_is_prepared_open_and_closed(goal_set: GoalSet, consultant: User, as_user: Login) -> None:
    a_survey(goal_set, by=consultant, opened=False)
    running = a_survey(goal_set, by=consultant, leaders=3)
    over = a_survey(goal_set, by=consultant)
    Survey.objects.filter(pk=over.pk).update(closed_at=timezone.now())
    first, second, _ = running.invitees.order_by("pk")
    AnswerSheet.objects.create(invitee=first, answered_by="Leder 1")
    Invitee.objects.filter(pk=second.pk).update(withdrawn_at=timezone.now())
    document = as_user(consultant).get(LIST).context["document"]
    lines = [*document.drafts, *document.open, *document.closed]
    assert [(line.state, line.answered) for line in lines] == [
        ("Under forberedelse", "2 valgt til at blive spurgt"),
        ("Åben", "1 af 2 har svaret"),
        ("Lukket", "0 af 2 har svaret"),
    ]  # fmt: skip


@pytest.mark.parametrize("rounds", [1, 3])
def test_list_asks_the_same_of_the_database_however_long(
    rounds: int, goal_set: GoalSet, consultant: User, as_user: Login
) -> None:
    for _ in range(rounds):
        a_survey(goal_set, by=consultant)
    client = as_user(consultant)
    with CaptureQueriesContext(connection) as asked:
        client.get(LIST)
    assert len(asked) == 13


def test_rounds_are_reached_from_the_committee_and_the_set(
    goal_set: GoalSet, consultant: User, member: User, as_user: Login
) -> None:
    committee = goal_set.period.committee
    pages = [as_user(user).get(committee.get_absolute_url()).content.decode() for user in (consultant, member)]
    assert [f'href="{LIST}"' in page for page in pages] == [True, False]
    pages = [as_user(user).get(goal_set.get_absolute_url()).content.decode() for user in (consultant, member)]
    assert [f"{NEW}?saet={goal_set.pk}" in page for page in pages] == [True, False]


def test_period_after_this_has_its_own_round(goal_set: GoalSet, consultant: User, as_user: Login) -> None:
    later = GoalPeriod.objects.create(
        committee=goal_set.period.committee, starts_on=date(2026, 1, 1), ends_on=date(2029, 12, 31)
    )
    newer = GoalSet.objects.create(period=later, area=goal_set.area)
    choices = as_user(consultant).get(NEW).context["form"].fields["goal_sets"].choices
    assert [pk for pk, _ in choices] == [newer.pk, goal_set.pk]
