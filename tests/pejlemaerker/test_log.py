"""The log page: for those who read the log, of their own municipality or committee, in plain sentences."""

import ast
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.test import Client

from meetings.actions.sealing import seal_log
from meetings.models import (
    ROLES,
    Committee,
    Event,
    HousePhrase,
    Meeting,
    Municipality,
    Right,
    Role,
    User,
)
from meetings.models.belonging import ways_to
from pejlemaerker.documents.log_words import kind_of_thing, what_was_done
from pejlemaerker.models import GoalSet
from tests.conftest import Login, grant, make_user
from tests.meetings.test_log_chain import past_the_triggers

LOG, CHECK, EXPORT = "/haendelser/", "/haendelser/kontrol/", "/haendelser/udtraek/"


@pytest.fixture
def reader(administrator: User, as_user: Login) -> Client:
    return as_user(administrator)


@pytest.fixture
def other_municipality() -> Municipality:
    return Municipality.objects.create(name="Herning Kommune", slug="herning")


def record(action: str, target: Any, *, by: User | None = None, **changes: Any) -> Event:
    return Event.objects.record(action, target, by=by, **changes)


def text_of(client: Client, query: str = "") -> str:
    return client.get(LOG + query).content.decode()


@pytest.mark.parametrize(("address", "method"), [(LOG, "get"), (CHECK, "post"), (EXPORT, "post")])
def test_log_is_for_those_who_read_it(
    address: str, method: str, anonymous: Client, secretary: User, administrator: User, as_user: Login
) -> None:
    wrong = "post" if method == "get" else "get"
    asked = [
        getattr(anonymous, method)(address), getattr(as_user(secretary), method)(address),
        getattr(as_user(administrator), method)(address), getattr(as_user(administrator), wrong)(address),
    ]  # fmt: skip
    assert [one.status_code for one in asked] == [302, 403, 303 if address == CHECK else 200, 405]


def test_log_tells_in_a_sentence(reader: Client, meeting: Meeting, secretary: User) -> None:
    record("meeting_closed", meeting, by=secretary)
    assert f"<strong>Signe Sekretær</strong> lukkede referatet af {meeting}" in text_of(reader)


def test_log_tells_who_read_what(reader: Client, closed_item: Any, member: User, as_user: Login) -> None:
    as_user(member).get(closed_item.get_absolute_url())
    told = text_of(reader, "?art=laesning")
    assert "<strong>Mette Medlem</strong> læste Lukket punkt 2" in told
    assert closed_item.get_absolute_url() in told


def test_other_municipality_is_not_there(
    reader: Client, municipality: Municipality, other_municipality: Municipality, citizen: User
) -> None:
    record("headings_begun", municipality)
    record("headings_begun", other_municipality)
    record("reminders_chosen", citizen)  # plays no part anywhere: the whole installation's
    seen = Event.objects.visible_to(User.objects.get(username="administrator"))
    assert list(seen.values_list("municipality_pk", flat=True)) == [municipality.pk]
    assert "Herning" not in text_of(reader)
    assert "Herning" not in reader.post(EXPORT, {"kommune": "herning"}).content.decode()


def test_what_belongs_to_nobody_is_read_by_who_reads_every_log(
    administrator: User, other_municipality: Municipality, citizen: User
) -> None:
    event = record("reminders_chosen", citizen)
    assert list(Event.objects.visible_to(administrator)) == []
    grant(administrator, Role.AUDITOR, other_municipality)
    assert list(Event.objects.visible_to(User.objects.get(pk=administrator.pk))) == [event]


def test_login_belongs_to_the_one_municipality_it_plays_its_parts_in(
    secretary: User, municipality: Municipality, other_municipality: Municipality
) -> None:
    assert record("password_given", secretary).municipality_pk == municipality.pk
    grant(secretary, Role.SECRETARY, other_municipality)
    assert record("password_given", secretary).municipality_pk is None


def test_auditor_of_one_committee_reads_that_ones(
    committee: Committee, other_committee: Committee, as_user: Login
) -> None:
    auditor = grant(make_user("revisor", "Rikke Revisor"), Role.AUDITOR, committee.municipality, committee)
    mine = record("committee_renamed", committee)
    record("committee_renamed", other_committee)
    record("headings_begun", committee.municipality)
    assert list(Event.objects.visible_to(auditor)) == [mine]
    as_user(auditor).post(CHECK)
    assert Event.objects.get(action="log_checked").committee_pk == committee.pk


def test_who_reads_the_log_may_read_what_it_tells_of() -> None:
    """A name in the log may come from a closed item or an internal note."""
    assert [
        role
        for role, means in ROLES.items()
        if Right.READ_LOG in means.rights and not {Right.READ_CLOSED, Right.READ_NOTES} <= means.rights
    ] == []


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("?hvem=signe", ["møde"]), ("?hvad=hvidovre", ["kommune"]), ("?art=protokol", ["møde"]),
        ("?art=organisation", ["kommune"]), ("?art=pejlemaerker", ["sæt"]), ("?fra=2026-03-03", ["sæt"]),
        ("?til=2026-03-01", ["kommune"]), ("?kommune=hvidovre&fra=2026-03-02&til=2026-03-02", ["møde"]),
        ("?art=ukendt&fra=i-dag", ["kommune", "møde", "sæt"]), ("?til=9999-12-31&hvem=%00", ["kommune", "møde", "sæt"]),
    ],
)  # fmt: skip
def test_log_is_narrowed(
    query: str, told: list[str], reader: Client, meeting: Meeting, goal_set: GoalSet, secretary: User
) -> None:
    things = {"kommune": (meeting.committee.municipality, None), "møde": (meeting, secretary), "sæt": (goal_set, None)}
    for day, (thing, by) in enumerate(things.values(), start=1):
        Event.objects.create(
            at=datetime(2026, 3, day, 12, tzinfo=UTC), actor=str(by or "Systemet"), action="x_changed",
            target_type=thing._meta.label_lower, target_pk=thing.pk, target=str(thing),
            municipality_pk=meeting.committee.municipality_id,
        )  # fmt: skip
    table = reader.post(EXPORT, dict(one.split("=") for one in query[1:].replace("%00", "\x00").split("&")))
    lines = [line for line in table.content.decode("utf-8-sig").splitlines()[1:] if "log_exported" not in line]
    kinds = {str(thing._meta.verbose_name): name for name, (thing, _) in things.items()}
    assert sorted(kinds[line.split(";")[6]] for line in lines) == sorted(told)
    days = {"kommune": "1. marts 2026", "møde": "2. marts 2026", "sæt": "3. marts 2026"}
    assert [name for name, day in days.items() if f">{day}<" in text_of(reader, query)] == told


def test_long_log_is_read_page_by_page(reader: Client, municipality: Municipality) -> None:
    for number in range(120):
        record("headings_begun", municipality, tal=number)
    pages, query = [], ""
    while True:
        document = reader.get(LOG + query).context["document"]
        pages.append([line.pk for _, lines in document.days for line in lines])
        if not document.older:
            break
        query = document.older
    every = [pk for page in pages for pk in page]
    assert [len(page) for page in pages] == [50, 50, 20]
    assert every == sorted(every, reverse=True)


@pytest.mark.parametrize("rows", [1, 3])
def test_log_asks_the_same_of_the_database(
    rows: int, reader: Client, municipality: Municipality, django_assert_num_queries: Any
) -> None:
    for _ in range(rows):
        record("headings_begun", municipality)
    with django_assert_num_queries(13):
        reader.get(LOG)


def test_check_is_an_event_and_says_that_all_is_well(reader: Client, municipality: Municipality) -> None:
    record("headings_begun", municipality)
    told = reader.post(CHECK, follow=True).content.decode()
    assert "Loggen er hel: 1 hændelser passer til deres segl." in told
    assert Event.objects.get(action="log_checked").changes["whole"] is True


def test_check_says_where_the_log_is_broken(reader: Client, municipality: Municipality) -> None:
    event = record("headings_begun", municipality)
    seal_log()
    with past_the_triggers("event") as cursor:
        cursor.execute("UPDATE meetings_event SET actor = 'x' WHERE id = %s", [event.pk])
        cursor.execute("ALTER TABLE meetings_event ENABLE TRIGGER USER")
        told = reader.post(CHECK, follow=True).content.decode()
    assert f"Loggen er brudt 1 steder. Det første: Hændelse {event.pk} er ændret." in told


def test_export_is_an_event_and_no_formula(reader: Client, municipality: Municipality) -> None:
    phrase = HousePhrase.objects.create(municipality=municipality, category="noted", text="=1+1", position=1)
    record("housephrase_added", phrase)
    answer = reader.post(EXPORT, {"art": "organisation"})
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert ";'=1+1;" in answer.content.decode("utf-8-sig")
    assert Event.objects.get(action="log_exported").changes == {"art": "organisation"}


def test_link_to_the_log_is_for_those_who_read_it(reader: Client, secretary: User, as_user: Login) -> None:
    told = [LOG in client.get("/udvalg/").content.decode() for client in (reader, as_user(secretary))]
    assert told == [True, False]


# --- The whole repository -------------------------------------------------------------------------------------------


def recorded() -> dict[str, set[str]]:
    """Every action the code records, spelled out in it, with the files."""
    found: dict[str, set[str]] = {}
    for file in [*Path("meetings").rglob("*.py"), *Path("pejlemaerker").rglob("*.py")]:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "record":
                for part in ast.walk(node.args[0]) if node.args else []:
                    if isinstance(part, ast.Constant) and isinstance(part.value, str):
                        found.setdefault(part.value, set()).add(str(file))
    return found


def test_every_action_has_words() -> None:
    assert len(recorded()) > 90
    assert [action for action in recorded() if "_" in action.strip("_") and not what_was_done(action)] == []


@pytest.mark.parametrize(
    "action",
    ["meeting.agenda_published", "goal_set_withdrawn", "evaluation_sent_back", "evaluation_requested", "goal_put_right",
     "evaluation_approved", "evaluation_presented", "orgunit_changed", "target_written", "target_withdrawn",
     "dialogue_invited", "dialogue_participants_changed", "survey_reminded", "closed_read"],
)  # fmt: skip
def test_action_put_together_has_words(action: str) -> None:
    assert what_was_done(action)


def test_thing_has_its_danish_name() -> None:
    assert [kind_of_thing("meetings.meeting"), kind_of_thing("x.y"), kind_of_thing("nul")] == ["møde", "x.y", "nul"]


def test_everything_people_write_belongs_to_a_municipality() -> None:
    """What the log cannot place is read by nobody but those who read every log."""
    nowhere = {
        model.__name__
        for model in apps.get_models()
        if model._meta.app_label in ("meetings", "pejlemaerker") and not ways_to(model, "meetings.municipality")
    }
    assert nowhere == {
        "Event",
        "Letter",
        "LogSeal",
        "Publication",
        "ReminderStop",
        "StoredFile",
        "UnsealedEvent",
        "User",
    }


def test_log_of_another_day_is_told_in_copenhagen(reader: Client, municipality: Municipality) -> None:
    with time_machine.travel("2026-07-01 22:30 +0000", tick=False):
        record("headings_begun", municipality)
    assert date(2026, 7, 2).strftime("%-d. juli %Y") in text_of(reader).replace("&nbsp;", " ")
