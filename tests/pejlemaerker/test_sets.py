"""Sets of pejlemærker are made for an area and a period, and put right without anything being written over unseen."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from meetings.actions.refusals import NotAllowed
from meetings.models import Committee, CouncilTerm, Event, LeaderGroup, User
from pejlemaerker.actions import edit_set
from pejlemaerker.actions.sets import Days
from pejlemaerker.models import Adoption, GoalPeriod, GoalSet, PolicyArea, SetClosing
from tests.conftest import Login

NEXT = ("2026-01-01", "2029-12-31")


def new_address(committee: Committee) -> str:
    return f"{committee.get_absolute_url()}saet/nyt/"


def edit_address(goal_set: GoalSet) -> str:
    return f"{goal_set.get_absolute_url()}ret/"


def filled_in(**changes: Any) -> dict[str, Any]:
    """The form for a new set as a browser sends it."""
    return {
        "nonce": str(uuid4()), "period": "/".join(NEXT), "starts_on": "", "ends_on": "", "area": "ny",
        "area_name": "Dagtilbudsområdet", "leader_group": "", **changes,
    }  # fmt: skip


def own_period(start: str, end: str, **changes: Any) -> dict[str, Any]:
    return filled_in(period="ny", starts_on=start, ends_on=end, **changes)


def as_shown(client: Client, goal_set: GoalSet, **changes: Any) -> dict[str, Any]:
    """The form that changes a set, as the page shows it, with something typed."""
    form = client.get(edit_address(goal_set)).context["form"]
    return {name: form[name].value() or "" for name in form.fields if name != "confirmed"} | changes


# --- Who ----------------------------------------


@pytest.mark.parametrize("method", ["get", "post"])
def test_making_a_set_is_for_those_who_follow_up(
    method: str, committee: Committee, anonymous: Client, other_secretary: User, member: User, consultant: User,
    secretary: User, as_user: Login,
) -> None:  # fmt: skip
    clients = [anonymous, *(as_user(one) for one in (other_secretary, member, consultant, secretary))]
    answers = [getattr(client, method)(new_address(committee), {"x": "1"}).status_code for client in clients]
    assert answers == [302, 403, 403, *([200, 200] if method == "get" else [422, 422])]
    assert clients[3].delete(new_address(committee)).status_code == 405


@pytest.mark.parametrize("method", ["get", "post"])
def test_changing_a_set_is_for_those_who_follow_up(
    method: str, goal_set: GoalSet, anonymous: Client, other_member: User, member: User, consultant: User,
    as_user: Login,
) -> None:  # fmt: skip
    clients = [anonymous, *(as_user(one) for one in (other_member, member, consultant))]
    answers = [getattr(client, method)(edit_address(goal_set), {"x": "1"}).status_code for client in clients]
    assert answers == [302, 404, 403, 200 if method == "get" else 422]
    assert clients[3].delete(edit_address(goal_set)).status_code == 405


def test_committee_page_leads_to_a_new_set_for_those_who_make_them(
    committee: Committee, member: User, consultant: User, as_user: Login
) -> None:
    pages = [as_user(one).get(committee.get_absolute_url()).content.decode() for one in (member, consultant)]
    assert [new_address(committee) in page for page in pages] == [False, True]


# --- A new set ----------------------------------------


def test_new_set_is_made_once(committee: Committee, consultant: User, as_user: Login) -> None:
    term = CouncilTerm.objects.create(
        municipality=committee.municipality, starts_on=date(2026, 1, 1), ends_on=date(2029, 12, 31)
    )
    client, form = as_user(consultant), filled_in()
    places = {client.post(new_address(committee), form).headers["Location"] for _ in range(2)}
    goal_set = GoalSet.objects.get()
    assert places == {goal_set.get_absolute_url()}
    assert (goal_set.area.name, goal_set.period.council_term) == ("Dagtilbudsområdet", term)
    assert (goal_set.period.starts_on, goal_set.period.ends_on) == (date(2026, 1, 1), date(2029, 12, 31))


def test_new_set_is_proposed_for_the_running_and_the_coming_term(
    committee: Committee, consultant: User, as_user: Login
) -> None:
    """Nobody has written the terms in yet: they are every fourth year."""
    offered = [
        key for key, _ in as_user(consultant).get(new_address(committee)).context["form"]["period"].field.choices
    ]
    assert (len(offered), offered[-1], offered[0] > offered[1]) == (3, "ny", True)


def test_new_set_may_have_days_of_its_own(committee: Committee, consultant: User, as_user: Login) -> None:
    as_user(consultant).post(new_address(committee), own_period("2023-08-01", "2025-07-31"))
    period = GoalPeriod.objects.get()
    assert (period.starts_on, period.ends_on, period.council_term) == (date(2023, 8, 1), date(2025, 7, 31), None)


def test_new_set_takes_the_period_that_is_there(goal_set: GoalSet, consultant: User, as_user: Login) -> None:
    committee = goal_set.period.committee
    as_user(consultant).post(new_address(committee), own_period("2022-01-01", "2025-12-31"))
    assert [(one.period, one.area.position) for one in GoalSet.objects.order_by("pk")] == [
        (goal_set.period, 1), (goal_set.period, 2),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "spelled", ["børne- og familieområdet", " Børne-  og Familieområdet ", "Børne- og Familieomraadet"]
)
def test_area_in_another_spelling_is_the_same(
    spelled: str, goal_set: GoalSet, consultant: User, as_user: Login
) -> None:
    as_user(consultant).post(new_address(goal_set.period.committee), filled_in(area_name=spelled))
    assert [one.area for one in GoalSet.objects.all()] == [goal_set.area] * 2
    assert PolicyArea.objects.count() == 1


def test_area_that_has_a_set_in_the_period_is_refused_with_a_link(
    goal_set: GoalSet, consultant: User, as_user: Login
) -> None:
    form = filled_in(period="2022-01-01/2025-12-31", area=goal_set.area_id, area_name="")
    response = as_user(consultant).post(new_address(goal_set.period.committee), form)
    page = response.content.decode()
    assert (response.status_code, f'<a href="{goal_set.get_absolute_url()}"' in page) == (422, True)
    assert GoalSet.objects.count() == 1


def test_area_has_one_set_in_a_period_whatever_inserts_it(goal_set: GoalSet) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        GoalSet.objects.create(period=goal_set.period, area=goal_set.area)


def test_period_that_ends_before_it_begins_is_refused(committee: Committee, consultant: User, as_user: Login) -> None:
    response = as_user(consultant).post(new_address(committee), own_period("2026-01-01", "2025-12-31"))
    assert (response.status_code, response.context["form"].errors["ends_on"]) == (
        422, ["Perioden kan ikke slutte, før den begynder."],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("start", "end", "word"),
    [("2026-01-01", "2026-01-20", "kortere end en måned"), ("2026-01-01", "2034-01-01", "længere end 8 år")],
)
def test_unusual_length_is_asked_about(
    start: str, end: str, word: str, committee: Committee, consultant: User, as_user: Login
) -> None:
    client, form = as_user(consultant), own_period(start, end)
    unasked = client.post(new_address(committee), form | {"confirmed": "on"})  # an answer to no question
    asked = {"asked": unasked.context["form"]["asked"].value(), "confirmed": "on"}
    assert (unasked.status_code, word in unasked.content.decode()) == (422, True)
    assert client.post(new_address(committee), form | asked).status_code == 303


def test_eight_years_are_not_asked_about(committee: Committee, consultant: User, as_user: Login) -> None:
    assert as_user(consultant).post(new_address(committee), own_period("2026-01-01", "2033-12-31")).status_code == 303


def test_overlap_is_asked_about_only_where_an_area_gets_two_sets_at_once(
    goal_set: GoalSet, consultant: User, as_user: Login
) -> None:
    client, address = as_user(consultant), new_address(goal_set.period.committee)
    same_area = own_period("2025-06-01", "2027-12-31", area=goal_set.area_id, area_name="")
    other_area = own_period("2025-06-01", "2027-12-31", area="ny", area_name="Skoleområdet")
    asked = client.post(address, same_area)
    assert (asked.status_code, "to sæt på samme tid" in asked.content.decode()) == (422, True)
    assert client.post(address, other_area).status_code == 303


def test_second_period_of_a_committee_may_not_begin_on_the_same_day(
    goal_set: GoalSet, consultant: User, as_user: Login
) -> None:
    form = own_period("2022-01-01", "2023-12-31")
    response = as_user(consultant).post(new_address(goal_set.period.committee), form)
    assert (response.status_code, "starts_on" in response.context["form"].errors) == (422, True)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"period": ""}, "period"),
        ({"period": "ny", "ends_on": "2029-12-31"}, "starts_on"),
        ({"starts_on": "2024-01-01"}, "starts_on"),
        ({"period": "2001-01-01/2001-12-31"}, "period"),
        ({"area_name": "  "}, "area_name"),
        ({"leader_group": "999999"}, "leader_group"),
    ],
    ids=["no period", "no days", "two periods", "one not offered", "no area", "no such leaders"],
)
def test_what_cannot_be_saved_is_told_at_its_field(
    changes: dict[str, str], field: str, goal_set: GoalSet, consultant: User, as_user: Login
) -> None:
    response = as_user(consultant).post(new_address(goal_set.period.committee), filled_in(**changes))
    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    assert GoalSet.objects.count() == 1


# --- Changing one ----------------------------------------


def test_set_is_put_right(goal_set: GoalSet, other_committee: Committee, consultant: User, as_user: Login) -> None:
    client = as_user(consultant)
    group = LeaderGroup.objects.create(municipality=other_committee.municipality, name="Skolelederne")
    form = as_shown(
        client, goal_set, leader_group=group.pk, partners=[other_committee.pk], area_name="Skoleområdet",
        ends_on="2026-12-31",
    )  # fmt: skip
    assert client.post(edit_address(goal_set), form).status_code == 303
    goal_set = GoalSet.objects.get()
    assert (goal_set.leader_group, list(goal_set.partners.all())) == (group, [other_committee])
    assert (goal_set.area.name, goal_set.period.ends_on) == ("Skoleområdet", date(2026, 12, 31))


def test_area_keeps_the_name_its_wordings_were_in_force_under(
    goal_set: GoalSet, adoption: Adoption, consultant: User, as_user: Login
) -> None:
    client = as_user(consultant)
    page = client.get(edit_address(goal_set))
    assert ("area_name" in page.context["form"].fields, "Navnet kan ikke rettes" in page.content.decode()) == (
        False,
        True,
    )
    client.post(edit_address(goal_set), as_shown(client, goal_set, area_name="Noget andet"))
    assert GoalSet.objects.get().area.name == "Børne- og Familieområdet"


def test_area_may_not_take_the_name_of_another(goal_set: GoalSet, consultant: User, as_user: Login) -> None:
    PolicyArea.objects.create(committee=goal_set.period.committee, name="Dagtilbud")
    client = as_user(consultant)
    response = client.post(edit_address(goal_set), as_shown(client, goal_set, area_name="dagtilbud "))
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["area_name"])


def test_what_would_fall_outside_the_period_is_told(
    goal_set: GoalSet, adoption: Adoption, consultant: User, as_user: Login
) -> None:
    client = as_user(consultant)
    form = as_shown(client, goal_set, starts_on="2023-01-01")
    asked = client.post(edit_address(goal_set), form)
    assert (asked.status_code, "falder en ordlyd, der er sat i kraft: 3. oktober 2022" in asked.content.decode()) == (
        422,
        True,
    )
    answer = {"asked": asked.context["form"]["asked"].value(), "confirmed": "on"}
    assert client.post(edit_address(goal_set), form | answer).status_code == 303
    assert GoalPeriod.objects.get().starts_on == date(2023, 1, 1)


def test_two_who_change_a_set_at_once_see_both(
    goal_set: GoalSet, consultant: User, secretary: User, as_user: Login
) -> None:
    mine, theirs = as_user(consultant), as_user(secretary)
    form = as_shown(mine, goal_set, area_name="Mit navn")
    theirs.post(edit_address(goal_set), as_shown(theirs, goal_set, area_name="Deres navn"))
    response = mine.post(edit_address(goal_set), form)
    page = response.content.decode()
    assert (response.status_code, "Mit navn" in page, "Deres navn" in page) == (409, True, True)
    assert GoalSet.objects.get().area.name == "Deres navn"
    again = form | {"shown": response.context["form"]["shown"].value()}
    assert mine.post(edit_address(goal_set), again).status_code == 303
    assert GoalSet.objects.get().area.name == "Mit navn"


def test_double_click_changes_a_set_once(goal_set: GoalSet, consultant: User, as_user: Login) -> None:
    client = as_user(consultant)
    form = as_shown(client, goal_set, area_name="Skoleområdet")
    assert [client.post(edit_address(goal_set), form).status_code for _ in range(2)] == [303, 303]
    assert Event.objects.filter(action="policyarea_put_right").count() == 1


def test_closed_set_is_no_longer_changed(goal_set: GoalSet, consultant: User, as_user: Login) -> None:
    client = as_user(consultant)
    form = as_shown(client, goal_set, area_name="Skoleområdet")
    SetClosing.objects.create(goal_set=goal_set, closed_on=date(2025, 12, 31))
    assert client.post(edit_address(goal_set), form).status_code == 403
    with pytest.raises(NotAllowed):  # somebody closed it while the page was being sent
        edit_set(
            goal_set=goal_set, shown=form["shown"], days=Days(date(2022, 1, 1), date(2026, 12, 31)), area_name="Skoler",
            leader_group=None, partners=[], by=consultant,
        )  # fmt: skip
    assert GoalSet.objects.get().area.name == "Børne- og Familieområdet"


def test_page_of_an_earlier_day_says_what_it_said(
    goal_set: GoalSet, consultant: User, secretary: User, as_user: Login
) -> None:
    """What is put right today does not change what was told last year."""
    client = as_user(consultant)
    client.post(edit_address(goal_set), as_shown(client, goal_set, area_name="Skoleområdet", ends_on="2026-12-31"))
    pages = [client.get(goal_set.get_absolute_url() + day).content.decode() for day in ("?dato=2024-01-01", "")]
    assert [("<h1>Børne- og Familieområdet</h1>" in page, "2022–2025" in page) for page in pages] == [
        (True, True), (False, False),
    ]  # fmt: skip
