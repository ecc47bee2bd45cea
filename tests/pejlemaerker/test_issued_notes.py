"""Issued notes: numbered, frozen, kept, listed for those who may see them, and put right only by a new note."""

import hashlib
import threading
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import DatabaseError, connection, connections, transaction
from django.test import Client

from kit.append_only import AppendOnlyError
from kit.clock import today
from kit.drafts import EditConflict
from meetings.actions import NotAllowed
from meetings.models import Committee, Event, Municipality, Role, User
from pejlemaerker.actions import StatusText, hand_in_statuses, open_evaluation
from pejlemaerker.actions.notes import AlreadyCorrected, begin_correction, issue_note
from pejlemaerker.documents.notes.again import MadeAgain
from pejlemaerker.documents.notes.issuing import draft_paper
from pejlemaerker.models import Audience, GoalPeriod, GoalSet, Note, NoteDraft, NoteFile, PolicyArea
from tests.conftest import BEGINNING, Login, grant, make_user, publish
from tests.pejlemaerker.notes import a_draft, an_issued_note, issue, make_cheaply


@pytest.fixture(autouse=True)
def _cheap_papers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pejlemaerker.papers.make", make_cheaply)


@pytest.fixture
def note(published_goal_set: GoalSet, consultant: User) -> Note:
    return an_issued_note(published_goal_set, by=consultant)


def body(note: Note, form: str = "pdf") -> str:
    """What a file of the note says, as the engines were asked to set it."""
    return bytes(NoteFile.objects.get(note=note, form=form).content).decode()


# --- Issuing


def test_issued_note_keeps_what_it_was_made_of(published_goal_set: GoalSet, consultant: User) -> None:
    draft = a_draft(published_goal_set, by=consultant, introduction="Kære udvalg.", doc_no="7/26")
    paper = draft_paper(draft, by=consultant)
    note = issue(draft, by=consultant)
    assert (note.name, note.title, note.kind) == (f"{today().year}-1", paper.title, "set")
    assert (note.as_of, note.known, note.issued_by) == (today(), today(), consultant)
    assert (note.paper, note.text_sha256, note.choices) == (paper.as_data(), paper.fingerprint, draft.choices)
    files = {file.form: file for file in note.files.all()}
    assert sorted(files) == ["docx", "html", "pdf"]
    assert all(
        (file.size, file.sha256) == (len(file.content), hashlib.sha256(file.content).hexdigest())
        for file in files.values()
    )
    assert not NoteDraft.objects.exists()
    event = Event.objects.get(action="note_issued")
    assert event.changes == {
        "text": note.text_sha256, "files": {form: file.sha256 for form, file in files.items()},
    }  # fmt: skip


def test_issued_note_carries_its_number_and_fingerprint(note: Note, consultant: User) -> None:
    said = body(note)
    assert f"Notat {note.name}\nsha256:{note.text_sha256}" in said
    assert f"Notat {note.name}. Udstedt" in said
    assert "Karen Konsulent, Hvidovre Kommune." in said
    assert note.text_sha256 in "".join(said.split())


def test_public_note_is_issued_by_the_house(published_goal_set: GoalSet, consultant: User) -> None:
    said = body(an_issued_note(published_goal_set, by=consultant, audience="public"))
    assert (" af Hvidovre Kommune." in said, "Karen" in said) == (True, False)


def test_numbers_follow_each_other_in_each_house_and_year(goal_set: GoalSet, consultant: User) -> None:
    with time_machine.travel(date(2024, 12, 31)):
        first, second = (an_issued_note(goal_set, by=consultant) for _ in range(2))
    with time_machine.travel(date(2025, 1, 2)):
        third = an_issued_note(goal_set, by=consultant)
    assert [one.name for one in (first, second, third)] == ["2024-1", "2024-2", "2025-1"]
    other = Municipality.objects.create(name="Herning Kommune", slug="herning")
    elsewhere = Note(**{
        field: getattr(third, field)
        for field in ("kind", "committee", "goal_set", "audience", "choices", "title", "as_of", "known", "paper")
    }, number_year=2025, number=1, municipality=other)  # fmt: skip
    elsewhere.save()  # the number is another house's own
    with pytest.raises(DatabaseError), transaction.atomic():
        Note.objects.create(**{
            field: getattr(third, field)
            for field in ("kind", "committee", "goal_set", "audience", "choices", "title", "as_of", "known", "paper",
                          "municipality", "number_year", "number")
        })  # fmt: skip


def test_submit_twice_issues_once(goal_set: GoalSet, consultant: User, as_user: Login) -> None:
    draft = a_draft(goal_set, by=consultant)
    client, address = as_user(consultant), f"/notatkladder/{draft.pk}/udsted/"
    form = client.get(address).context["form"]
    sent = {**form.initial, "nonce": str(uuid4())}
    answers = [client.post(address, sent) for _ in range(2)]
    note = Note.objects.get()
    assert [(one.status_code, one.headers["Location"]) for one in answers] == [(303, f"/notater/{note.pk}/")] * 2


def test_what_was_not_seen_is_not_issued(goal_set: GoalSet, consultant: User, as_user: Login) -> None:
    draft = a_draft(goal_set, by=consultant)
    client, address = as_user(consultant), f"/notatkladder/{draft.pk}/udsted/"
    seen = client.get(address).context["form"].initial
    for changed in ({"text": "0" * 64}, {"revision": 7}):
        answer = client.post(address, {**seen, **changed, "nonce": str(uuid4())})
        assert (answer.status_code, "er ændret imens" in answer.content.decode()) == (409, True)
    with pytest.raises(EditConflict):
        issue_note(draft=draft, expected=0, seen="", nonce=uuid4(), by=consultant)
    assert not Note.objects.exists()


def test_personal_data_has_to_be_seen_before_it_is_issued(goal_set: GoalSet, consultant: User, as_user: Login) -> None:
    draft = a_draft(goal_set, by=consultant, introduction="Skriv til anna@eksempel.dk.")
    client, address = as_user(consultant), f"/notatkladder/{draft.pk}/udsted/"
    seen = client.get(address).context["form"].initial | {"nonce": str(uuid4())}
    refused = client.post(address, seen)
    assert (refused.status_code, "E-mailadresse an…@eksempel.dk" in refused.content.decode()) == (422, True)
    assert client.post(address, {**seen, "confirmed": "on"}).status_code == 303
    assert Event.objects.get(action="warnings_accepted").changes["warnings"] == [
        "Indledning: E-mailadresse an…@eksempel.dk"
    ]


def test_day_to_come_cannot_be_issued(goal_set: GoalSet, consultant: User) -> None:
    draft = a_draft(goal_set, by=consultant, as_of=date(today().year + 1, 12, 31))
    with pytest.raises(NotAllowed, match="ikke kommet"):
        issue(draft, by=consultant)


def test_issuing_is_for_those_who_write_notes(
    goal_set: GoalSet,
    secretary: User,
    consultant: User,
    member: User,
    other_secretary: User,
    anonymous: Client,
    as_user: Login,
) -> None:
    address = f"/notatkladder/{a_draft(goal_set, by=consultant).pk}/udsted/"
    clients = [anonymous, as_user(member), as_user(other_secretary), as_user(secretary)]
    assert [client.get(address).status_code for client in clients] == [302, 403, 404, 200]
    assert [client.post(address, {}).status_code for client in clients[:3]] == [302, 403, 404]
    assert clients[3].put(address).status_code == 405
    assert not Note.objects.exists()


def test_those_who_issue_at_once_get_numbers_in_a_row(committed_db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    goal_set, by = a_committed_world()
    drafts = [a_draft(goal_set, by=by) for _ in range(4)]
    numbers: list[str] = []

    def in_a_thread(draft: NoteDraft) -> None:
        try:
            numbers.append(issue(draft, by=by).name)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=in_a_thread, args=[draft]) for draft in drafts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(numbers) == [f"{today().year}-{number}" for number in (1, 2, 3, 4)]


def a_committed_world() -> tuple[GoalSet, User]:
    """The standard set, in the copy of the database."""
    house = Municipality.objects.create(name="Hvidovre Kommune", slug="hvidovre")
    committee = Committee.objects.create(municipality=house, name="Børneudvalget", slug="boerneudvalget")
    period = GoalPeriod.objects.create(committee=committee, starts_on=BEGINNING, ends_on=date(2025, 12, 31))
    area = PolicyArea.objects.create(committee=committee, name="Dagtilbud")
    by = grant(make_user("konsulent", "Karen Konsulent"), Role.CONSULTANT, house)
    return GoalSet.objects.create(period=period, area=area), by


# --- Kept


@pytest.mark.parametrize("model", [Note, NoteFile])
def test_issued_note_cannot_be_changed(note: Note, model: Any) -> None:
    row = model.objects.first()
    for attempt in (row.save, row.delete, model.objects.all().delete, lambda: model.objects.update(pk=1)):
        with pytest.raises(AppendOnlyError):
            attempt()
    table = model._meta.db_table
    for sql in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"):  # noqa: S608
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


def test_file_is_served_as_it_was_issued(note: Note, consultant: User, as_user: Login) -> None:
    client = as_user(consultant)
    for form in ("pdf", "docx", "html"):
        address = f"/notater/{note.pk}/notat.{form}"
        answer = client.get(address)
        assert answer.content.decode() == body(note, form)
        assert f'filename="notat-{note.name}.{form}"' in answer.headers["Content-Disposition"]
        assert client.get(address, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
        assert client.post(address).status_code == 405
    assert "default-src 'none'" in client.get(f"/notater/{note.pk}/notat.html").headers["Content-Security-Policy"]


# --- Who sees which


@pytest.mark.parametrize(
    ("audience", "seen_by"),
    [
        ("internal", {"secretary", "consultant", "head"}),
        ("committee", {"secretary", "consultant", "head", "member", "leader"}),
        ("public", {"secretary", "consultant", "head", "member", "leader"}),
        ("published", {"secretary", "consultant", "head", "member", "leader", "other_member", "citizen", "anonymous"}),
    ],
)
def test_each_edition_is_seen_by_its_readers(
    audience: str,
    seen_by: set[str],
    published_goal_set: GoalSet,
    consultant: User,
    as_user: Login,
    request: pytest.FixtureRequest,
) -> None:
    edition = "public" if audience == "published" else audience
    note = an_issued_note(published_goal_set, by=consultant, audience=edition, title="Uglens notat")
    if audience == "published":
        publish(note)  # type: ignore[arg-type]
    everyone = ["secretary", "consultant", "head", "member", "leader", "other_member", "citizen"]
    clients = {who: as_user(request.getfixturevalue(who)) for who in everyone} | {"anonymous": Client()}
    addresses = [note.get_absolute_url(), *(f"/notater/{note.pk}/notat.{form}" for form in ("pdf", "docx", "html"))]
    for address in addresses:
        assert {who for who, client in clients.items() if client.get(address).status_code == 200} == seen_by, address
    listed = {who for who, client in clients.items() if "Uglens notat" in client.get("/notater/").content.decode()}
    assert listed == seen_by


@pytest.mark.parametrize(("audience", "seen_by_its_own"), [("internal", False), ("committee", False), ("public", True)])
def test_comparison_is_seen_by_readers_of_both_committees(
    audience: str, seen_by_its_own: bool, note: Note, other_committee: Committee, secretary: User, consultant: User
) -> None:
    period = GoalPeriod.objects.create(committee=other_committee, starts_on=BEGINNING, ends_on=date(2025, 12, 31))
    area = PolicyArea.objects.create(committee=other_committee, name="Kultur")
    other = GoalSet.objects.create(period=period, area=area)
    if audience == "public":
        publish(other)
    comparison = Note.objects.create(
        kind="comparison", committee=note.committee, goal_set=note.goal_set, audience=audience, title="To perioder",
        other_set=other, municipality=note.municipality,
        number_year=note.number_year, number=99, as_of=note.as_of, known=note.known, paper=note.paper,
    )  # fmt: skip
    seen = [comparison in Note.objects.visible_to(user) for user in (consultant, secretary)]
    assert seen == [True, seen_by_its_own]


def test_outsiders_do_not_learn_who_issued_a_note(
    published_goal_set: GoalSet, consultant: User, anonymous: Client
) -> None:
    note = an_issued_note(published_goal_set, by=consultant, audience="public")
    publish(note)  # type: ignore[arg-type]
    for address in ("/notater/", note.get_absolute_url(), f"/notater/{note.pk}/notat.pdf"):
        assert "Karen" not in anonymous.get(address).content.decode()


def test_list_asks_the_same_however_long_it_is(
    published_goal_set: GoalSet, consultant: User, as_user: Login, django_assert_num_queries: Any
) -> None:
    client = as_user(consultant)
    client.get("/notater/")  # the first visit keeps the session
    for notes in (1, 2):
        for _ in range(notes):
            a_draft(published_goal_set, by=consultant)
            an_issued_note(published_goal_set, by=consultant)
        with django_assert_num_queries(9):
            client.get("/notater/")


def test_who_writes_notes_finds_the_way_to_them(
    published_goal_set: GoalSet, consultant: User, as_user: Login, anonymous: Client
) -> None:
    an_issued_note(published_goal_set, by=consultant)
    committee = published_goal_set.period.committee
    menu, ways = '<a href="/notater/"', ["/notater/nyt/", "/samlinger/", "/notater/kontrol/"]
    writer = as_user(consultant)
    for client, expected in [(writer, ways), (anonymous, ["/notater/kontrol/"])]:
        listed = client.get("/notater/").content.decode()
        assert [way for way in ways if f'href="{way}"' in listed] == expected
        assert menu in client.get("/").content.decode()
    order = f"/samlinger/ny/?udvalg={committee.slug}"
    assert f'href="{order}"' in writer.get(committee.get_absolute_url()).content.decode()
    assert writer.get(order).context["form"]["scope"].value() == f"udvalg-{committee.pk}"


def test_list_is_narrowed(published_goal_set: GoalSet, consultant: User, as_user: Login) -> None:
    with time_machine.travel(date(2024, 5, 1)):
        an_issued_note(published_goal_set, by=consultant, title="Det gamle")
    an_issued_note(published_goal_set, by=consultant, title="Det nye")
    client = as_user(consultant)
    for query, expected in [
        ("", ["Det nye", "Det gamle"]),
        ("?aar=2024", ["Det gamle"]),
        ("?art=saet&udvalg=boerne-og-uddannelsesudvalget", ["Det nye", "Det gamle"]),
        ("?art=aarsstatus&aar=99999", ["Det nye", "Det gamle"]),  # none of those there are
    ]:
        lines = client.get(f"/notater/{query}").context["document"].lines
        assert [line.title for line in lines] == expected, query


# --- Publishing


def test_public_note_is_published_by_an_act(
    published_goal_set: GoalSet, consultant: User, secretary: User, anonymous: Client, as_user: Login
) -> None:
    note = an_issued_note(published_goal_set, by=consultant, audience="public", introduction="Ring 22 33 44 55.")
    address = f"/notater/{note.pk}/offentliggoer/"
    client = as_user(secretary)
    refused = client.post(address, {})
    assert (refused.status_code, "Indledning: Telefonnummer" in refused.content.decode()) == (422, True)
    seen = refused.context["part"].seen
    statuses = []
    for sent in ({"confirmed": "on", "seen": seen}, {"handling": "traek-tilbage"}):
        assert client.post(address, sent).status_code == 303
        statuses.append(anonymous.get(note.get_absolute_url()).status_code)
    assert statuses == [200, 404]


def test_publishing_a_note_is_for_those_who_may(
    published_goal_set: GoalSet,
    consultant: User,
    secretary: User,
    member: User,
    other_member: User,
    anonymous: Client,
    as_user: Login,
) -> None:
    note = an_issued_note(published_goal_set, by=consultant, audience="public")
    address = f"/notater/{note.pk}/offentliggoer/"
    clients = [anonymous, as_user(other_member), as_user(member), as_user(consultant), as_user(secretary)]
    assert [client.get(address).status_code for client in clients] == [302, 404, 403, 403, 200]
    assert clients[-1].put(address).status_code == 405
    internal = an_issued_note(published_goal_set, by=consultant)
    assert clients[-1].get(f"/notater/{internal.pk}/offentliggoer/").status_code == 404


# --- Correcting


def test_correction_names_the_old_and_the_old_names_it(note: Note, consultant: User, as_user: Login) -> None:
    client = as_user(consultant)
    answer = client.post(f"/notater/{note.pk}/ret/", {"as_of": note.as_of.isoformat(), "nonce": str(uuid4())})
    draft = NoteDraft.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (303, draft.get_absolute_url())
    correction = issue(draft, by=consultant, reason="Andelen i afsnittet Status var forkert.")
    assert (correction.corrects, correction.number) == (note, note.number + 1)
    assert f"Dette notat retter notat {note.name} af" in body(correction)
    assert "Andelen i afsnittet Status var forkert." in body(correction)
    old, new = (client.get(one.get_absolute_url()).content.decode() for one in (note, correction))
    assert ("Notatet er rettet" in old, f"Notat {correction.name}" in old, "Ret ved et nyt notat" in old) == (
        True, True, False,
    )  # fmt: skip
    assert f"notat {note.name}</a>" in new
    listed = client.get("/notater/").content.decode()
    assert ("Rettet af" in listed, "Retter" in listed) == (True, True)


def test_correction_says_why(note: Note, consultant: User, as_user: Login) -> None:
    draft = begin_correction(note=note, as_of=note.as_of, nonce=uuid4(), by=consultant)
    client, address = as_user(consultant), f"/notatkladder/{draft.pk}/udsted/"
    seen = client.get(address).context["form"].initial
    refused = client.post(address, {**seen, "reason": " ", "nonce": str(uuid4())})
    assert (refused.status_code, "Skriv, hvorfor notatet rettes." in refused.content.decode()) == (422, True)
    with pytest.raises(DatabaseError), transaction.atomic():
        issue(draft, by=consultant)  # past the form


def test_note_is_put_right_once(note: Note, consultant: User, as_user: Login) -> None:
    first = begin_correction(note=note, as_of=note.as_of, nonce=uuid4(), by=consultant)
    assert begin_correction(note=note, as_of=note.as_of, nonce=uuid4(), by=consultant) == first
    twin = NoteDraft.objects.create(
        kind=first.kind, committee=first.committee, goal_set=first.goal_set, audience=first.audience,
        choices=first.choices, as_of=first.as_of, corrects=note,
    )  # fmt: skip
    issue(first, by=consultant, reason="Forkert tal.")
    with pytest.raises(AlreadyCorrected):
        issue(twin, by=consultant, reason="Forkert tal.")
    refused = as_user(consultant).post(f"/notater/{note.pk}/ret/", {"as_of": note.as_of.isoformat()})
    assert (refused.status_code, "allerede rettet" in refused.content.decode()) == (422, True)


def test_note_is_put_right_in_its_own_edition(note: Note, consultant: User) -> None:
    draft = begin_correction(note=note, as_of=note.as_of, nonce=uuid4(), by=consultant)
    NoteDraft.objects.filter(pk=draft.pk).update(audience=Audience.PUBLIC)
    draft.refresh_from_db()
    with pytest.raises(NotAllowed, match="i den udgave"):
        issue(draft, by=consultant, reason="Forkert tal.")


def test_correcting_is_for_those_who_write_notes(
    published_goal_set: GoalSet, consultant: User, member: User, other_member: User, anonymous: Client, as_user: Login
) -> None:
    note = an_issued_note(published_goal_set, by=consultant, audience="committee")
    address = f"/notater/{note.pk}/ret/"
    clients = [anonymous, as_user(other_member), as_user(member), as_user(consultant)]
    assert [client.get(address).status_code for client in clients] == [302, 404, 403, 200]
    assert [client.post(address).status_code for client in clients] == [302, 404, 403, 422]
    assert clients[3].put(address).status_code == 405
    assert not NoteDraft.objects.exists()


# --- Made again


def test_note_made_again_says_the_same(note: Note, consultant: User, as_user: Login) -> None:
    with time_machine.travel(date(2030, 1, 1)):
        page = as_user(consultant).get(f"/notater/{note.pk}/igen/").content.decode()
    assert "Teksten er den samme" in page


def test_note_made_again_tells_what_differs(note: Note, goal_set: GoalSet, consultant: User, as_user: Login) -> None:
    """What is written in later on the note's own day."""
    evaluation = open_evaluation(
        goal_set=goal_set, kind="midterm", held_on=today(), step=None, nonce=uuid4(), by=consultant
    )
    statuses = [StatusText(goal_set.goals.get(number=1), "Vi er godt i gang.", "under_way", 0)]
    hand_in_statuses(evaluation=evaluation, statuses=statuses, nonce=uuid4(), by=consultant)
    page = as_user(consultant).get(f"/notater/{note.pk}/igen/", headers={"HX-Request": "true"}).content.decode()
    assert ("ikke helt den samme" in page, "Vi er godt i gang." in page, "<h1" in page) == (True, True, False)


def test_correction_made_again_says_the_same(note: Note, consultant: User) -> None:
    draft = begin_correction(note=note, as_of=note.as_of, nonce=uuid4(), by=consultant)
    assert MadeAgain.of(issue(draft, by=consultant, reason="Forkert tal.")).is_same


def test_making_again_is_for_the_administration(
    published_goal_set: GoalSet, consultant: User, member: User, other_member: User, anonymous: Client, as_user: Login
) -> None:
    note = an_issued_note(published_goal_set, by=consultant, audience="committee")
    address = f"/notater/{note.pk}/igen/"
    clients = [anonymous, as_user(other_member), as_user(member), as_user(consultant)]
    assert [client.get(address).status_code for client in clients] == [302, 404, 403, 200]
    assert clients[3].post(address).status_code == 405
