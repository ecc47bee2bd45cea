"""One person's data: all of it is told and nobody else's; what is erased is gone everywhere, and the log is whole."""

import json
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from kit.clock import today
from meetings.actions.sealing import seal_log
from meetings.documents.log_check import LogCheck
from meetings.models import Event, LeaderGroup, Leadership, Letter, Membership, Municipality, Person, User
from pejlemaerker.models import AnswerSheet, GoalSet, Invitee, PersonalLink
from tests.conftest import Login
from tests.pejlemaerker.surveys import a_survey, a_token

NAME, ADDRESS = "Gunhild Skovmose", "gunhild.skovmose@eksempel.dk"


def told(*arguments: str, command: str = "export_person") -> str:
    out = StringIO()
    call_command(command, *arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


def everywhere(*words: str) -> list[str]:
    """The tables in which a word stands in any column."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            for word in words:
                cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text ILIKE %s', [f"%{word}%"])  # noqa: S608
                found += [f"{table}: {word}"] * bool(cursor.fetchone()[0])
    return found


@pytest.fixture
def leader_asked(goal_set: GoalSet, municipality: Municipality, secretary: User) -> Invitee:
    """A leader without a login: in a post, asked in a round, written to, and answered."""
    group = LeaderGroup.objects.create(municipality=municipality, name="Dagtilbudslederne")
    post = Leadership.objects.create(leader_group=group, name=NAME, email=ADDRESS, valid_from=today())
    invitee = a_survey(goal_set, by=secretary).invitees.all()[0]
    invitee.name, invitee.email = NAME, ADDRESS
    invitee.save()
    a_token(invitee)
    AnswerSheet.objects.create(invitee=invitee, answered_by=NAME)
    Letter.objects.create(key="indbydelse:1", kind="indbydelse", to=ADDRESS, subject="Midtvejsevaluering")
    Event.objects.record("leadership_edited", post, by=secretary, email=["gammel@eksempel.dk", ADDRESS])
    return invitee


def test_all_that_is_kept_of_a_leader_is_told(leader_asked: Invitee) -> None:
    data = json.loads(told("--email", ADDRESS.upper()))
    kinds = {one["slags"]: one["antal"] for one in data["oplysninger"]}
    assert kinds == {
        "Adspurgte": 1, "Besvarelser": 1, "Breve": 1, "Lederposter": 1, "Personlige links": 1,
    }  # fmt: skip
    assert [one["action"] for one in data["handlinger"]] == ["leadership_edited"]


def test_nobody_elses_data_and_no_secret_is_told(leader_asked: Invitee, secretary: User) -> None:
    text = told("--email", ADDRESS)
    link = PersonalLink.objects.get()
    assert [word for word in ("Leder 2", str(secretary), link.token_hash) if word in text] == []
    assert "(gemmes, men vises ikke)" in text


def test_member_is_told_of_seat_and_login(member: User) -> None:
    data = json.loads(told(member.username))
    assert data["registreret"]["logins"] == [member.username]
    assert {"Brugere", "Medlemskaber", "Personer"} <= {one["slags"] for one in data["oplysninger"]}


def test_that_data_were_handed_over_is_an_event(member: User, tmp_path: Path) -> None:
    told(member.username, "--output", str(tmp_path / "indsigt.json"))
    assert json.loads((tmp_path / "indsigt.json").read_text())["registreret"]["logins"] == [member.username]
    assert Event.objects.filter(action="person_exported", target_pk=member.pk).count() == 1


@pytest.mark.parametrize("command", ["export_person", "erase_person"])
def test_nobody_is_said_to_be_nobody(command: str) -> None:
    with pytest.raises(CommandError, match="intet gemt om Ingen Kender"):
        told("--name", "Ingen Kender", command=command)


@pytest.mark.asvs("V14.2.4")
def test_erased_leader_is_gone_from_every_table_and_the_log_is_whole(leader_asked: Invitee) -> None:
    seal_log()
    told("--email", ADDRESS, "--yes", command="erase_person")
    seal_log()
    assert everywhere(NAME, ADDRESS) == []
    check = LogCheck.made()
    assert (check.breaks, check.erased) == ((), 1)
    sheet = AnswerSheet.objects.get()
    assert sheet.answered_by == "Slettet (GDPR artikel 17)"
    assert PersonalLink.objects.filter(revoked_at__isnull=True).count() == 0


def test_what_was_erased_and_what_stays_stands_in_the_log(leader_asked: Invitee) -> None:
    told("--email", ADDRESS, "--yes", command="erase_person")
    event = Event.objects.get(action="person_erased")
    assert any("Lederposter" in line for line in event.changes["erased"])
    assert any("arkivloven" in line for line in event.changes["kept"])


def test_event_changed_after_the_erasure_is_still_found(leader_asked: Invitee) -> None:
    seal_log()
    told("--email", ADDRESS, "--yes", command="erase_person")
    seal_log()
    erased = Event.objects.get(action="leadership_edited")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE meetings_event DISABLE TRIGGER USER")
        cursor.execute("UPDATE meetings_event SET actor = 'En anden' WHERE id = %s", [erased.pk])
        cursor.execute("ALTER TABLE meetings_event ENABLE TRIGGER USER")
    assert [one.row for one in LogCheck.made().breaks] == [erased.pk]


def test_dry_run_erases_nothing(leader_asked: Invitee) -> None:
    before = everywhere(NAME)
    assert "Intet er slettet." in told("--email", ADDRESS, "--dry-run", command="erase_person")
    assert everywhere(NAME) == before


def test_erasure_is_asked_about(leader_asked: Invitee, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("builtins.input", lambda _: "nej")
    with pytest.raises(CommandError, match="Intet er slettet"):
        told("--email", ADDRESS, command="erase_person")
    assert Leadership.objects.get(email=ADDRESS).name == NAME


def test_politician_loses_the_login_and_keeps_the_seat_in_the_protocol(member: User, as_user: Login) -> None:
    client, name = as_user(member), str(member)
    assert "styrelsesloven" in told(member.username, "--yes", command="erase_person")
    member.refresh_from_db()
    assert (member.is_active, member.email, str(member)) == (False, "", "Slettet (GDPR artikel 17)")
    assert Membership.objects.get().person.name == name
    assert Person.objects.get().user is None
    assert client.get("/mit/").status_code == 302
    assert Session.objects.count() == 0


@pytest.mark.asvs("V14.2.4")
def test_old_logins_and_letters_are_forgotten_and_new_ones_kept(member: User, secretary: User, settings: Any) -> None:
    settings.LOGIN_DATA_DAYS = 30
    for user, days in ((member, 31), (secretary, 29)):
        user.last_login = timezone.now() - timedelta(days=days)
        user.save(update_fields=["last_login"])
        asked = timezone.now() - timedelta(days=days)
        Letter.objects.create(key=f"overblik:{days}", kind="overblik", to="a@b.dk", subject="Overblik", asked_at=asked)
    assert told(command="forget_logins") == "Glemt: 0 sessioner, 1 tidspunkter for login, 1 breve.\n"
    member.refresh_from_db()
    secretary.refresh_from_db()
    assert (member.last_login, bool(secretary.last_login)) == (None, True)
    assert list(Letter.objects.values_list("key", flat=True)) == ["overblik:29"]
