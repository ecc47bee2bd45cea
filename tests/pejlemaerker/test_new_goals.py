"""New pejlemærker are written as they came from the dialogue meeting, several at once, and numbered from 1 in a set."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from meetings.actions.refusals import NotAllowed
from meetings.models import LeaderGroup, OrgUnit, User
from pejlemaerker.actions import create_dialogue, create_goal
from pejlemaerker.models import Dialogue, Goal, GoalSet, GoalVersion, SetClosing
from tests.conftest import Login

DAY = date(2022, 5, 30)
STRATEGY = "For Fremtiden II (2022-2025) og dens seks pejlemærker"


@pytest.fixture
def dialogue(goal_set: GoalSet, consultant: User) -> Dialogue:
    return create_dialogue(
        goal_set=goal_set, leader_groups=LeaderGroup.objects.all(), goals=[], nonce=uuid4(), by=consultant,
        kind="formulating", held_on=DAY, step=None, public_summary="", internal_notes="",
    )  # fmt: skip


def address(goal_set: GoalSet) -> str:
    return f"{goal_set.get_absolute_url()}pejlemaerker/nyt/"


def edit_address(goal: Goal) -> str:
    return f"{goal.get_absolute_url()}ret/"


def written(*texts: str, **changes: Any) -> dict[str, Any]:
    """The form as a browser sends it, with these wordings."""
    fields = {f"text_{n}": text for n, text in enumerate(texts, start=1)}
    common = {"nonce": str(uuid4()), "count": "6", "dialogue": "", "worded_on": DAY.isoformat(), "responsible": ""}
    return common | fields | changes


def of(goal_set: GoalSet) -> list[tuple[int | None, str]]:
    versions = GoalVersion.objects.filter(goal__goal_set=goal_set).order_by("goal__number")
    return list(versions.values_list("goal__number", "text"))


# --- Who ----------------------------------------


@pytest.mark.parametrize("method", ["get", "post"])
def test_writing_pejlemaerker_is_for_those_who_follow_up(
    method: str, goal_set: GoalSet, anonymous: Client, other_member: User, member: User, consultant: User,
    secretary: User, as_user: Login,
) -> None:  # fmt: skip
    clients = [anonymous, *(as_user(one) for one in (other_member, member, consultant, secretary))]
    for place in (address(goal_set), edit_address(goal_set.goals.get(number=1))):
        answers = [getattr(client, method)(place, {"shown": "1"}).status_code for client in clients]
        assert answers[:3] == [302, 404, 403]
        assert set(answers[3:]) <= ({200} if method == "get" else {409, 422, 303})
        assert clients[3].delete(place).status_code == 405


def test_pages_lead_there_for_those_who_write(
    goal_set: GoalSet, member: User, consultant: User, as_user: Login
) -> None:
    goal = goal_set.goals.get(number=1)
    for user, leads in ((member, False), (consultant, True)):
        client = as_user(user)
        pages = [client.get(one.get_absolute_url()).content.decode() for one in (goal_set, goal)]
        assert [address(goal_set) in pages[0], edit_address(goal) in pages[1]] == [leads, leads]


def test_empty_set_says_what_to_do_first(goal_set: GoalSet, member: User, consultant: User, as_user: Login) -> None:
    goal_set = GoalSet.objects.create(
        period=goal_set.period, area=goal_set.period.committee.areas.create(name="Skoler"), leader_group=None
    )
    pages = [as_user(one).get(goal_set.get_absolute_url()).content.decode() for one in (member, consultant)]
    assert ["Skriv de første pejlemærker ind" in page for page in pages] == [False, True]


# --- Writing ----------------------------------------


def test_several_are_written_at_once_and_numbered_on(goal_set: GoalSet, consultant: User, as_user: Login) -> None:
    response = as_user(consultant).post(address(goal_set), written("Vi leger.", "", "Vi lytter.\r\nHver dag."))
    assert (response.status_code, response.headers["Location"]) == (303, goal_set.get_absolute_url())
    assert of(goal_set)[2:] == [(3, "Vi leger."), (4, "Vi lytter.\nHver dag.")]
    version = GoalVersion.objects.get(goal__number=4)
    assert (version.number, version.change_kind, version.worded_on, version.recorded_by) == (1, "new", DAY, consultant)


def test_numbers_begin_at_one_in_each_set(goal_set: GoalSet, consultant: User, as_user: Login) -> None:
    other = GoalSet.objects.create(
        period=goal_set.period, area=goal_set.period.committee.areas.create(name="Skoler"), leader_group=None
    )
    as_user(consultant).post(address(other), written("Vi leger."))
    assert of(other) == [(1, "Vi leger.")]


def test_number_stands_once_in_a_set_whatever_inserts_it(goal_set: GoalSet) -> None:
    @transaction.atomic
    def insert_twin() -> None:
        Goal.objects.create(goal_set=goal_set, number=1)
        connection.check_constraints()

    with pytest.raises(IntegrityError):
        insert_twin()


def test_double_click_writes_once(goal_set: GoalSet, consultant: User, as_user: Login) -> None:
    client, form = as_user(consultant), written("Vi leger.", "Vi lytter.")
    assert [client.post(address(goal_set), form).status_code for _ in range(2)] == [303, 303]
    assert [number for number, _ in of(goal_set)] == [1, 2, 3, 4]


def test_same_page_sent_with_another_wording_is_another_pejlemaerke(
    goal_set: GoalSet, consultant: User, as_user: Login
) -> None:
    client, form = as_user(consultant), written("Vi leger.")
    client.post(address(goal_set), form)
    client.post(address(goal_set), form | {"text_1": "Vi synger."})
    assert of(goal_set)[2:] == [(3, "Vi leger."), (4, "Vi synger.")]


def test_dialogue_meeting_gives_the_day_and_tells_of_them(
    goal_set: GoalSet, dialogue: Dialogue, consultant: User, as_user: Login
) -> None:
    as_user(consultant).post(address(goal_set), written("Vi leger.", dialogue=dialogue.pk, worded_on=""))
    goal = Goal.objects.get(number=3)
    assert (list(dialogue.goals.all()), goal.versions.get().worded_on) == ([goal], DAY)


def test_what_was_formulated_before_the_app_is_known_from_then(
    goal_set: GoalSet, consultant: User, as_user: Login
) -> None:
    client = as_user(consultant)
    client.post(address(goal_set), written("Vi leger."))
    pages = [
        client.get(f"{goal_set.get_absolute_url()}?dato={day}").content.decode() for day in ("2022-05-29", "2022-05-30")
    ]
    assert ["Vi leger." in page for page in pages] == [False, True]


def test_strategy_is_referred_to_and_not_owned(goal_set: GoalSet, consultant: User, as_user: Login) -> None:
    unit = OrgUnit.objects.create(
        municipality=goal_set.period.committee.municipality, name="Center for Børn", kind="centre"
    )
    as_user(consultant).post(address(goal_set), written("Vi leger.", refers_to_1=STRATEGY, responsible=unit.pk))
    goal = Goal.objects.get(number=3)
    assert (goal.refers_to, goal.responsible, goal_set.goals.count()) == (STRATEGY, unit, 3)


def test_unknown_wording_is_said_and_not_invented(goal_set: GoalSet, consultant: User, as_user: Login) -> None:
    as_user(consultant).post(address(goal_set), written("", unknown_1="on", worded_on=""))
    version = GoalVersion.objects.get(goal__number=3)
    assert (version.is_known, version.worded_on) == (False, None)


def test_more_fields_keep_what_is_typed_and_save_nothing(goal_set: GoalSet, consultant: User, as_user: Login) -> None:
    form = written("Vi leger.", "", refers_to_1=STRATEGY, worded_on="31. februar", flere="1")
    response = as_user(consultant).post(address(goal_set), form)
    page = response.content.decode()
    assert (response.status_code, page.count("<textarea"), "Vi leger." in page, STRATEGY in page) == (
        200,
        9,
        True,
        True,
    )
    assert ("form-error-message" in page, Goal.objects.count()) == (False, 2)


@pytest.mark.parametrize(
    ("texts", "changes", "field"),
    [
        ([], {}, "text_1"),
        (["Vi leger."], {"worded_on": ""}, "worded_on"),
        (["Vi leger."], {"worded_on": "2099-01-01"}, "worded_on"),
        (["Vi leger.", "Vi leger."], {}, "text_2"),
        (["Vi arbejder med systematisk inddragelse af barnet, den unge og familien."], {}, "text_1"),
        (["Vi leger."], {"unknown_1": "on"}, "unknown_1"),
        ([""], {"refers_to_1": STRATEGY}, "text_1"),
        (["Vi leger."], {"dialogue": "999999"}, "dialogue"),
    ],
    ids=["none", "no day", "a day to come", "twice", "there", "known and not", "no wording", "no dialogue"],
)  # fmt: skip
def test_what_cannot_be_saved_is_told_at_its_field(
    texts: list[str], changes: dict[str, str], field: str, goal_set: GoalSet, consultant: User, as_user: Login
) -> None:
    response = as_user(consultant).post(address(goal_set), written(*texts, **changes))
    assert (response.status_code, field in response.context["form"].errors) == (422, True)
    assert Goal.objects.count() == 2


def test_many_are_warned_of_and_not_refused(goal_set: GoalSet, member: User, consultant: User, as_user: Login) -> None:
    client = as_user(consultant)
    ten = [f"Vi gør {n} ting." for n in range(10)]
    client.post(address(goal_set), written(*ten, count="10"))
    asked = [client.get(place).content.decode() for place in (goal_set.get_absolute_url(), address(goal_set))]
    client.post(address(goal_set), written("Vi gør en til."))
    told = [client.get(place).content.decode() for place in (goal_set.get_absolute_url(), address(goal_set))]
    assert ["Mange pejlemærker" in page for page in (*asked, *told)] == [False, False, True, True]
    assert "Mange pejlemærker" not in as_user(member).get(goal_set.get_absolute_url()).content.decode()


def test_closed_set_takes_no_new_pejlemaerke(goal_set: GoalSet, consultant: User, as_user: Login) -> None:
    SetClosing.objects.create(goal_set=goal_set, closed_on=date(2025, 12, 31))
    client = as_user(consultant)
    assert address(goal_set) not in client.get(goal_set.get_absolute_url()).content.decode()
    assert client.post(address(goal_set), written("Vi leger.")).status_code == 403
    with pytest.raises(NotAllowed):
        create_goal(
            goal_set=goal_set, text="Vi leger.", worded_on=DAY, refers_to="", responsible=None, nonce=uuid4(),
            by=consultant,
        )  # fmt: skip
    assert Goal.objects.count() == 2


# --- Putting right ----------------------------------------


def typed(client: Client, goal: Goal, **changes: Any) -> dict[str, Any]:
    form = client.get(edit_address(goal)).context["form"]
    return {name: form[name].value() or "" for name in form.fields} | changes


def test_what_is_said_of_a_pejlemaerke_is_put_right(goal_set: GoalSet, consultant: User, as_user: Login) -> None:
    client, goal = as_user(consultant), goal_set.goals.get(number=1)
    unit = OrgUnit.objects.create(
        municipality=goal_set.period.committee.municipality, name="Center for Børn", kind="centre"
    )
    form = typed(client, goal, refers_to=STRATEGY, responsible=unit.pk)
    assert client.post(edit_address(goal), form).status_code == 303
    page = client.get(goal.get_absolute_url()).content.decode()
    assert (f"Henviser til {STRATEGY}" in page, "Ansvarlig: Center for Børn" in page) == (True, True)
    before = client.get(f"{goal.get_absolute_url()}?dato=2023-01-01").content.decode()
    assert (STRATEGY in before, "Ansvarlig:" in before) == (False, False)


def test_two_who_put_a_pejlemaerke_right_at_once_see_both(
    goal_set: GoalSet, consultant: User, secretary: User, as_user: Login
) -> None:
    goal, mine, theirs = goal_set.goals.get(number=1), as_user(consultant), as_user(secretary)
    form = typed(mine, goal, refers_to="Min strategi")
    theirs.post(edit_address(goal), typed(theirs, goal, refers_to="Deres strategi"))
    response = mine.post(edit_address(goal), form)
    page = response.content.decode()
    assert (response.status_code, "Min strategi" in page, "Deres strategi" in page) == (409, True, True)
    assert Goal.objects.get(pk=goal.pk).refers_to == "Deres strategi"
    assert mine.post(edit_address(goal), form | {"shown": response.context["form"]["shown"].value()}).status_code == 303
