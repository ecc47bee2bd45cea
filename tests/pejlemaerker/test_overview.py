"""The first page: what each committee works by."""

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from meetings.models import Committee, Municipality, User
from pejlemaerker.documents.overview import OverviewDocument
from pejlemaerker.models import Adoption, AsOf, Goal, GoalPeriod, GoalSet, GoalVersion, PolicyArea
from tests.conftest import Login, publish

TODAY = date(2024, 1, 1)
WORDINGS = [
    "Vi arbejder med systematisk inddragelse af barnet, den unge og familien.",
    "Vi arbejder med forebyggelse og sætter ind med relevante indsatser så tidligt som muligt.",
]


def wordings(document: OverviewDocument) -> list[str]:
    """All wordings of an overview, in order."""
    return [
        goal.wording
        for municipality in document.municipalities
        for committee in municipality.committees
        for one in committee.sets
        for goal in one.goals
    ]


def add_set(committee: Committee, area: str, starts_on: date = date(2022, 1, 1)) -> GoalSet:
    """A set with one wording that awaits a decision."""
    period, _ = GoalPeriod.objects.get_or_create(
        committee=committee, starts_on=starts_on, defaults={"ends_on": starts_on.replace(year=starts_on.year + 3)}
    )
    policy_area, _ = PolicyArea.objects.get_or_create(committee=committee, name=area)
    goal_set = GoalSet.objects.create(period=period, area=policy_area)
    GoalVersion.objects.create(goal=Goal.objects.create(goal_set=goal_set, number=1), number=1, text=f"Vi vil {area}.")
    return goal_set


def test_overview_shows_a_published_set_to_everyone(published_goal_set: GoalSet, anonymous: Client) -> None:
    page = anonymous.get("/").content.decode()
    assert [wording in page for wording in WORDINGS] == [True, True]
    assert page.count("Beslutning mangler") == 1


def test_overview_hides_an_unpublished_set(goal_set: GoalSet, anonymous: Client, citizen: User, as_user: Login) -> None:
    for client in (anonymous, as_user(citizen)):
        page = client.get("/").content.decode()
        assert [wording in page for wording in WORDINGS] == [False, False]
        assert "ingen pejlemærker at vise" in page


def test_overview_hides_an_unpublished_set_from_another_committee(
    goal_set: GoalSet, other_member: User, as_user: Login
) -> None:
    assert WORDINGS[0] not in as_user(other_member).get("/").content.decode()


def test_overview_shows_an_unpublished_set_to_the_committee(goal_set: GoalSet, member: User) -> None:
    assert wordings(OverviewDocument.for_viewer(member, at=AsOf.hindsight(TODAY))) == WORDINGS


def test_overview_leads_with_the_current_period(goal_set: GoalSet, committee: Committee, member: User) -> None:
    old = add_set(committee, "Skoleområdet", date(2018, 1, 1))
    later = add_set(committee, "Kulturområdet", date(2026, 1, 1))
    document = OverviewDocument.for_viewer(member, at=AsOf.hindsight(TODAY))
    brief = document.municipalities[0].committees[0]
    assert [one.goal_set for one in brief.sets] == [goal_set]
    assert set(brief.other_sets) == {old, later}


def test_overview_sorts_committees_in_danish(municipality: Municipality, anonymous: Client) -> None:
    for name in ("Ældreudvalget", "Aa-udvalget", "Ørestadsudvalget", "Økonomiudvalget", "Børneudvalget"):
        committee = Committee.objects.create(municipality=municipality, name=name, slug=name.encode().hex())
        publish(add_set(committee, "Området"))
    document = OverviewDocument.for_viewer(AnonymousUser(), at=AsOf.hindsight(TODAY))
    assert [one.committee.name for one in document.municipalities[0].committees] == [
        "Børneudvalget", "Ældreudvalget", "Økonomiudvalget", "Ørestadsudvalget", "Aa-udvalget",
    ]  # fmt: skip


@pytest.mark.parametrize("count", [1, 3])
def test_overview_asks_the_same_number_of_questions(
    count: int,
    adoption: Adoption,
    committee: Committee,
    member: User,
    as_user: Login,
    django_assert_num_queries: object,
) -> None:
    for number in range(count - 1):
        add_set(committee, f"Område {number}")
    client = as_user(member)
    client.get("/")  # the first look of a session also writes its token
    with django_assert_num_queries(13):  # type: ignore[operator]
        client.get("/")


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_overview_is_only_read(method: str, anonymous: Client) -> None:
    assert getattr(anonymous, method)("/").status_code == 405


@pytest.mark.parametrize("is_demo", [True, False])
def test_demo_tells_a_visitor_that_it_is_one(is_demo: bool, member: User, as_user: Login, settings: object) -> None:
    settings.DEMO = is_demo  # type: ignore[attr-defined]
    told = "Dette er en demo"
    assert (told in Client().get("/").content.decode()) == is_demo
    assert told not in as_user(member).get("/").content.decode()
