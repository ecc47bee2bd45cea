"""The test house: strict templates, the cast (DESIGN § 9), and a standard meeting with something to leak."""

from collections.abc import Callable, Iterator
from datetime import date, time
from io import StringIO
from typing import Any
from unittest.mock import patch

import pytest
import time_machine
from django.conf import settings
from django.core.management import call_command
from django.test import Client, override_settings
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from meetings.actions import publish as publish_record
from meetings.models import (
    AGENDA,
    MINUTES,
    AgendaItem,
    Committee,
    Decision,
    DecisionDraft,
    ItemSection,
    LeaderGroup,
    Meeting,
    Membership,
    Municipality,
    Person,
    Recommendation,
    Role,
    RoleGrant,
    Routing,
    User,
)
from pejlemaerker.models import (
    Adoption,
    Dialogue,
    EvaluationRound,
    Goal,
    GoalPeriod,
    GoalSet,
    GoalVersion,
    PolicyArea,
    ReviewAct,
)
from tests.database import RUN, WORKER, copy_of, made_once
from tests.migrated import migrate

CANARY = "Kanariefugl"
BEGINNING = date(2022, 1, 1)

type Login = Callable[[User], Client]


class _UndefinedVariable(str):
    """Makes an undefined template variable fail the test instead of printing nothing."""

    __slots__ = ()

    def __contains__(self, part: object) -> bool:
        return part == "%s"

    def __mod__(self, name: object) -> str:
        raise AssertionError(f"undefined variable in a template: {name}")


def pytest_configure() -> None:
    """Make templates strict, passwords quick and static files unhashed."""
    options: dict[str, Any] = settings.TEMPLATES[0]["OPTIONS"]  # type: ignore[assignment]
    options["string_if_invalid"] = _UndefinedVariable("%s")
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # WhiteNoise warns where there is none
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session")
def migrated_database(pytestconfig: pytest.Config, django_db_blocker: Any) -> Iterator[str]:
    """The tables, made once for all workers; nobody works in it, everybody in a copy."""
    folder = pytestconfig.cache.mkdir("migrated")
    with django_db_blocker.unblock(), made_once("migrated", lambda: migrate(folder)) as name:
        yield name


@pytest.fixture(scope="session")
def django_db_setup(migrated_database: str, django_test_environment: None, django_db_blocker: Any) -> Iterator[None]:
    """Give this worker its test database."""
    with django_db_blocker.unblock(), copy_of(migrated_database, f"test_{WORKER}_{RUN}"):
        yield


@pytest.fixture(scope="session")
def demo_template(migrated_database: str, django_db_blocker: Any) -> Iterator[str]:
    """A database with the demo's data in it, made once for all workers and copied for whoever looks at the demo."""
    with django_db_blocker.unblock(), made_once("demo", _make_demo, on=migrated_database) as name:
        yield name


def _make_demo() -> None:
    with override_settings(DEMO=True):
        call_command("demo_data", stdout=StringIO())


@pytest.fixture
def demo_db(demo_template: str, django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """A copy of the demo, in which transactions really commit."""
    with django_db_blocker.unblock(), copy_of(demo_template, f"test_{WORKER}_demo_{RUN}") as name:
        yield name


@pytest.fixture
def committed_db(migrated_database: str, django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """A copy of the migrated database in which transactions really commit, for tests with threads."""
    with django_db_blocker.unblock(), copy_of(migrated_database, f"test_{WORKER}_copy_{RUN}") as name:
        yield name


@pytest.fixture(autouse=True)
def _database(request: pytest.FixtureRequest) -> None:
    """Give every test a transaction that is rolled back, except those with a database of their own."""
    if not {"committed_db", "demo_db"} & set(request.fixturenames):
        request.getfixturevalue("db")


# --- The cast
# -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def municipality() -> Municipality:
    return Municipality.objects.create(name="Hvidovre Kommune", slug="hvidovre", code="167")


@pytest.fixture
def committee(municipality: Municipality) -> Committee:
    return Committee.objects.create(
        municipality=municipality,
        name="Børne- og Uddannelsesudvalget",
        slug="boerne-og-uddannelsesudvalget",
        abbreviation="BUU",
    )


@pytest.fixture
def other_committee(municipality: Municipality) -> Committee:
    return Committee.objects.create(
        municipality=municipality,
        name="Kultur- og Fritidsudvalget",
        slug="kultur-og-fritidsudvalget",
        abbreviation="KFU",
    )


def make_user(username: str, name: str) -> User:
    """A person with a login and no rights."""
    return User.objects.create_user(username, password="pejlemaerke-demo", display_name=name)


def make_member(committee: Committee, username: str, name: str) -> User:
    """A person with a login and a seat in a committee."""
    user = make_user(username, name)
    person = Person.objects.create(name=name, municipality=committee.municipality, user=user)
    Membership.objects.create(committee=committee, person=person, party="A", valid_from=BEGINNING)
    return user


def grant(user: User, role: Role, municipality: Municipality, committee: Committee | None = None) -> User:
    """Give somebody a role from the beginning of the term."""
    RoleGrant.objects.create(user=user, role=role, municipality=municipality, committee=committee, valid_from=BEGINNING)
    return user


@pytest.fixture
def secretary(committee: Committee) -> User:
    return grant(make_user("sekretaer", "Signe Sekretær"), Role.SECRETARY, committee.municipality, committee)


@pytest.fixture
def second_secretary(committee: Committee) -> User:
    return grant(make_user("sekretaer2", "Søren Sekretær"), Role.SECRETARY, committee.municipality, committee)


@pytest.fixture
def other_secretary(other_committee: Committee) -> User:
    return grant(
        make_user("andensekretaer", "Asta Anden"), Role.SECRETARY, other_committee.municipality, other_committee
    )


@pytest.fixture
def member(committee: Committee) -> User:
    return make_member(committee, "medlem", "Mette Medlem")


@pytest.fixture
def other_member(other_committee: Committee) -> User:
    return make_member(other_committee, "andetmedlem", "Anders Andetmedlem")


@pytest.fixture
def leader(committee: Committee) -> User:
    return grant(make_user("leder", "Lone Leder"), Role.LEADER, committee.municipality, committee)


@pytest.fixture
def consultant(committee: Committee) -> User:
    return grant(make_user("konsulent", "Karen Konsulent"), Role.CONSULTANT, committee.municipality)


@pytest.fixture
def head(committee: Committee) -> User:
    return grant(make_user("centerchef", "Camilla Centerchef"), Role.HEAD, committee.municipality)


@pytest.fixture
def administrator(municipality: Municipality) -> User:
    return grant(make_user("administrator", "Adam Administrator"), Role.ADMINISTRATOR, municipality)


@pytest.fixture
def citizen() -> User:
    return make_user("borger", "Bente Borger")


@pytest.fixture
def anonymous() -> Client:
    return Client()


@pytest.fixture
def early_in_the_hour() -> Iterator[None]:
    """The third minute of this hour: tries are counted in spans of minutes, and a test across the end of a span would
    be counted anew.
    """
    with time_machine.travel(timezone.now().replace(minute=3, second=0)):
        yield


@pytest.fixture
def as_user() -> Login:
    """Log somebody in: `as_user(secretary).get(…)`."""

    def login(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return login


# --- The standard meeting: one open item, one closed item full of canaries
# ------------------------------------------------


def publish(record: Meeting | GoalSet | EvaluationRound | Dialogue) -> None:
    """Make a record public; of a meeting both agenda and minutes."""
    subjects = [AGENDA, MINUTES] if isinstance(record, Meeting) else [type(record).objects.all().subject]
    for subject in subjects:
        publish_record(subject=subject, record=record, by=None, warnings_accepted=[])


def present(evaluation: EvaluationRound, *, by: User | None = None) -> ReviewAct:
    """Write down that an evaluation was presented, at a dialogue meeting on its own day: then it can be published."""
    dialogue = Dialogue.objects.create(
        committee=evaluation.goal_set.period.committee, kind="midterm", held_on=evaluation.held_on
    )
    act: ReviewAct = ReviewAct.objects.create(
        evaluation=evaluation, act="presented", dialogue=dialogue, presented_on=dialogue.held_on, acted_by=by
    )
    return act


@pytest.fixture
def meeting(committee: Committee) -> Meeting:
    meeting = Meeting.objects.create(
        committee=committee, date=date(2022, 10, 3), starts_at=time(17, 0), place="Rådhuset, lokale 1"
    )
    opened = AgendaItem.including_closed.create(
        meeting=meeting, number="1", position=1, title="Politiske pejlemærker 2022–2025", is_closed=False
    )
    Recommendation.including_closed.create(
        item=opened, number=1, by="Direktøren for Børn", text="at udvalget godkender pejlemærkerne."
    )
    closed = AgendaItem.including_closed.create(
        meeting=meeting,
        number="2",
        position=2,
        title=f"{CANARY} i titlen",
        case_no=f"{CANARY}-1",
        case_officers=[f"{CANARY} Sagsbehandler"],
        is_closed=True,
        closed_reason=f"{CANARY} er begrundelsen",
    )
    Recommendation.including_closed.create(item=closed, number=1, by=f"{CANARY}direktøren", text=f"at {CANARY} sælges.")
    ItemSection.including_closed.create(
        item=closed,
        position=1,
        kind="summary",
        heading=f"{CANARY}resume",
        text=f"{CANARY} er sagen.",
        blocks=[{"type": "paragraph", "text": f"{CANARY} er sagen."}],
    )
    DecisionDraft.including_closed.create(item=closed, text=f"{CANARY} i kladden")
    Routing.including_closed.create(item=closed, position=1, abbreviation=CANARY[:12], is_marked=True)
    return meeting


@pytest.fixture
def open_item(meeting: Meeting) -> AgendaItem:
    return AgendaItem.including_closed.get(meeting=meeting, number="1")


@pytest.fixture
def closed_item(meeting: Meeting) -> AgendaItem:
    return AgendaItem.including_closed.get(meeting=meeting, number="2")


def decide(item: AgendaItem, category: str, text: str, *, by: User) -> Decision:
    """Enter a decision as somebody would have done at the meeting."""
    decision: Decision = Decision.including_closed.create(
        item=item, category=category, text=text, decided_on=item.meeting.date, recorded_by=by
    )
    return decision


@pytest.fixture
def approval(open_item: AgendaItem, secretary: User) -> Decision:
    return decide(open_item, "approved", "Godkendt.", by=secretary)


@pytest.fixture
def closed_approval(closed_item: AgendaItem, secretary: User) -> Decision:
    return decide(closed_item, "approved", f"{CANARY} godkendt.", by=secretary)


@pytest.fixture
def published_meeting(meeting: Meeting, approval: Decision, closed_approval: Decision) -> Meeting:
    """The standard meeting with both items decided and agenda and minutes public: only the closed item must not be
    seen.
    """
    publish(meeting)
    return meeting


# --- The standard set: one pejlemærke in force, one waiting for a decision
# ------------------------------------------------


@pytest.fixture
def goal_set(committee: Committee) -> GoalSet:
    period = GoalPeriod.objects.create(committee=committee, starts_on=BEGINNING, ends_on=date(2025, 12, 31))
    area = PolicyArea.objects.create(committee=committee, name="Børne- og Familieområdet")
    group = LeaderGroup.objects.create(municipality=committee.municipality, name="Lederne på børne- og familieområdet")
    goal_set = GoalSet.objects.create(period=period, area=area, leader_group=group)
    for number, text in [
        (1, "Vi arbejder med systematisk inddragelse af barnet, den unge og familien."),
        (2, "Vi arbejder med forebyggelse og sætter ind med relevante indsatser så tidligt som muligt."),
    ]:
        goal = Goal.objects.create(goal_set=goal_set, number=number)
        GoalVersion.objects.create(goal=goal, number=1, text=text, worded_on=date(2022, 9, 8))
    return goal_set


@pytest.fixture
def adoption(goal_set: GoalSet, approval: Decision, secretary: User) -> Adoption:
    """Pejlemærke 1 in force by the open item's approval."""
    version = GoalVersion.objects.get(goal__goal_set=goal_set, goal__number=1)
    return Adoption.objects.create(
        version=version, decision=approval, in_force_from=approval.decided_on, recorded_by=secretary
    )


@pytest.fixture
def published_goal_set(goal_set: GoalSet, adoption: Adoption) -> GoalSet:
    publish(goal_set)
    return goal_set


# --- The queue
# -----------------------------------------------------------------------------------------------------------


def run_tasks() -> None:
    """Do all that waits in the queue, as the worker does, on the test's own connection; letters land in `mail.outbox`.
    What is put off stays, until the test's day has come so far. A task that fails, fails the test.
    """
    worker = Worker(
        queue_names=["default"], interval=0, batch=True, backend_name="default", startup_delay=False, max_tasks=None,
        worker_id="test", excluded_queue_names=[],
    )  # fmt: skip
    with patch("django_tasks_db.management.commands.db_worker.close_old_connections"):  # the test's own
        worker.run()
    failed = DBTaskResult.objects.failed().values_list("task_path", "traceback")
    assert not failed, "\n".join(f"{path}: {traceback}" for path, traceback in failed)
