"""Notes under attack: editions that tell more than their readers may know, and what happens in the middle of an act."""

import threading
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connections, transaction
from django.test import Client

from kit.clock import today
from kit.paper.document import Paper
from meetings.actions import NotAllowed, withdraw
from meetings.models import Committee, Publication, Right, RoleGrant, User
from meetings.models.role import ROLES, Role
from pejlemaerker.actions.note_batches import order_batch
from pejlemaerker.actions.note_drafts import begin_note
from pejlemaerker.actions.note_template import TEXTS, save_note_template
from pejlemaerker.actions.notes import begin_correction, issue_note, publish_note
from pejlemaerker.documents.notes.again import MadeAgain
from pejlemaerker.documents.notes.batch import BatchDocument
from pejlemaerker.documents.notes.choices import Choices
from pejlemaerker.documents.notes.issuing import draft_paper
from pejlemaerker.documents.notes.subject import Subject
from pejlemaerker.models import (
    AsOf,
    GoalPeriod,
    GoalSet,
    Note,
    NoteBatch,
    NoteDraft,
    NoteTemplate,
    Placement,
    PolicyArea,
)
from pejlemaerker.papers import Made
from pejlemaerker.permissions import note_draft_for
from tests.conftest import Login, publish, run_tasks
from tests.pejlemaerker.notes import a_draft, an_issued_note, issue, make_cheaply
from tests.pejlemaerker.test_issued_notes import a_committed_world

NOT_PUBLIC = "ikke offentliggjort"


@pytest.fixture(autouse=True)
def _cheap_papers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pejlemaerker.papers.make", make_cheaply)
    monkeypatch.setattr("pejlemaerker.batches.make", make_cheaply)


@pytest.fixture
def other_set(other_committee: Committee) -> GoalSet:
    """A set of another committee, not public."""
    period = GoalPeriod.objects.create(
        committee=other_committee, starts_on=date(2026, 1, 1), ends_on=date(2029, 12, 31)
    )
    return GoalSet.objects.create(
        period=period, area=PolicyArea.objects.create(committee=other_committee, name="Kultur")
    )


def sent(draft: NoteDraft, client: Client) -> Any:
    """Udsted, as the page shows it."""
    address = f"/notatkladder/{draft.pk}/udsted/"
    shown = client.get(address).context["form"].initial
    return client.post(address, {**shown, "nonce": str(uuid4())})


# --- The public edition tells nothing that is not public


def test_public_edition_is_issued_once_the_set_is_public(goal_set: GoalSet, consultant: User, as_user: Login) -> None:
    draft = a_draft(goal_set, by=consultant, audience="public")
    refused = sent(draft, as_user(consultant))
    assert (refused.status_code, NOT_PUBLIC in refused.content.decode(), Note.objects.count()) == (422, True, 0)
    publish(goal_set)
    assert sent(draft, as_user(consultant)).status_code == 303


def test_public_edition_about_one_goal_or_two_sets_is_asked_of_each(
    published_goal_set: GoalSet, other_set: GoalSet, consultant: User
) -> None:
    goal = published_goal_set.goals.get(number=1)
    two, one = Subject.of_two(published_goal_set, other_set), Subject.of_goal(goal)
    two_draft, goal_draft = (
        begin_note(
            subject=subject, audience="public", as_of=today(), choices=Choices.usual(subject.kind), nonce=uuid4(),
            by=consultant,
        )
        for subject in (two, one)
    )  # fmt: skip
    with pytest.raises(NotAllowed, match=NOT_PUBLIC):
        issue(two_draft, by=consultant)
    withdraw(subject="goal_set", record=published_goal_set, by=None)
    with pytest.raises(NotAllowed, match=NOT_PUBLIC):
        issue(goal_draft, by=consultant)
    publish(published_goal_set)
    issue(goal_draft, by=consultant)
    publish(other_set)
    issue(two_draft, by=consultant)


@pytest.mark.parametrize("kind", ["set", "goal", "comparison"])
def test_public_note_of_what_is_not_public_is_kept_out_past_the_action(
    kind: str, published_goal_set: GoalSet, other_set: GoalSet, consultant: User
) -> None:
    known = an_issued_note(published_goal_set, by=consultant)
    values: dict[str, Any] = {
        field: getattr(known, field)
        for field in ("committee", "choices", "title", "as_of", "known", "paper", "municipality", "number_year")
    }
    abouts: dict[str, dict[str, Any]] = {
        "set": {"goal_set": published_goal_set}, "goal": {"goal": published_goal_set.goals.get(number=1)},
        "comparison": {"goal_set": published_goal_set, "other_set": other_set},
    }  # fmt: skip
    about = abouts[kind]
    if kind != "comparison":
        withdraw(subject="goal_set", record=published_goal_set, by=None)
    with pytest.raises(DatabaseError, match="not public"), transaction.atomic():
        Note.objects.create(**values, kind=kind, number=50, audience="public", **about)
    Note.objects.create(**values, kind=kind, number=50, audience="committee", **about)
    publish(other_set if kind == "comparison" else published_goal_set)
    Note.objects.create(**values, kind=kind, number=51, audience="public", **about)


def test_note_is_not_published_when_its_set_has_been_withdrawn(
    published_goal_set: GoalSet, consultant: User, secretary: User, anonymous: Client, as_user: Login
) -> None:
    note = an_issued_note(published_goal_set, by=consultant, audience="public")
    withdraw(subject="goal_set", record=published_goal_set, by=None)
    address = f"/notater/{note.pk}/offentliggoer/"
    client = as_user(secretary)
    assert NOT_PUBLIC in client.get(address).content.decode()
    refused = client.post(address, {"confirmed": "on", "seen": client.get(address).context["part"].seen})
    assert (refused.status_code, NOT_PUBLIC in refused.content.decode()) == (422, True)
    with pytest.raises(NotAllowed, match=NOT_PUBLIC):
        publish_note(note=note, by=secretary, warnings_accepted=[])
    assert not Publication.objects.filter(subject="note").exists()
    assert anonymous.get(note.get_absolute_url()).status_code == 404
    publish(published_goal_set)
    assert client.post(address, {"confirmed": "on", "seen": refused.context["part"].seen}).status_code == 303


def test_set_that_is_withdrawn_meanwhile_is_left_out_of_a_public_batch(
    published_goal_set: GoalSet, consultant: User
) -> None:
    committee = published_goal_set.period.committee
    order_batch(
        municipality=committee.municipality, committee=committee, goal_sets=[published_goal_set], form="zip",
        audience="public", at=AsOf.now(), choices=Choices.usual("set"), recipe_name="", nonce=uuid4(), by=consultant,
    )  # fmt: skip
    withdraw(subject="goal_set", record=published_goal_set, by=None)
    run_tasks()
    document = BatchDocument.of(NoteBatch.objects.get())
    assert (document.made, len(document.failed)) == (0, 1)


def test_print_of_what_is_not_public_does_not_say_that_it_is(
    goal_set: GoalSet, member: User, as_user: Login, anonymous: Client
) -> None:
    client, words = as_user(member), "hvad der var offentligt"
    for query in ("", "?udgave=offentlig"):
        assert words not in client.get(f"/saet/{goal_set.pk}/notat.html{query}").content.decode()
    publish(goal_set)
    assert words not in client.get(f"/saet/{goal_set.pk}/notat.html").content.decode()
    assert words in client.get(f"/saet/{goal_set.pk}/notat.html?udgave=offentlig").content.decode()
    assert words in anonymous.get(f"/saet/{goal_set.pk}/notat.html").content.decode()


def test_colleagues_draft_does_not_show_a_set_one_may_not_see(
    published_goal_set: GoalSet, other_set: GoalSet, consultant: User, secretary: User, as_user: Login
) -> None:
    draft = begin_note(
        subject=Subject.of_two(published_goal_set, other_set), audience="public", as_of=today(),
        choices=Choices.usual("comparison"), nonce=uuid4(), by=consultant,
    )  # fmt: skip
    client = as_user(secretary)
    addresses = [f"/notatkladder/{draft.pk}/{path}" for path in ("", "notat.html", "udsted/", "opskrift/", "slet/")]
    assert [client.get(address).status_code for address in addresses] == [404] * 5
    assert str(other_set) not in client.get("/notater/nyt/").content.decode()
    publish(other_set)
    assert [client.get(address).status_code for address in addresses] == [200] * 5


def test_draft_about_a_goal_that_has_moved_away_is_seen_by_those_who_see_the_goal(
    published_goal_set: GoalSet, other_set: GoalSet, consultant: User, secretary: User, as_user: Login
) -> None:
    goal = published_goal_set.goals.get(number=1)
    draft = begin_note(
        subject=Subject.of_goal(goal), audience="internal", as_of=today(), choices=Choices.usual("goal"), nonce=uuid4(),
        by=consultant,
    )  # fmt: skip
    address = draft.get_absolute_url()
    assert [as_user(one).get(address).status_code for one in (consultant, secretary)] == [200, 200]
    Placement.objects.create(goal=goal, goal_set=other_set, number=1, placed_from=today(), reason="x")
    assert [as_user(one).get(address).status_code for one in (consultant, secretary)] == [200, 404]


def test_public_note_names_no_person(published_goal_set: GoalSet, consultant: User) -> None:
    note = an_issued_note(published_goal_set, by=consultant, audience="public")
    said = "".join(bytes(file.content).decode() for file in note.files.all())
    assert str(consultant) not in said + str(note.paper)


# --- In the middle of an act


def test_note_without_a_letterhead_is_made_again_without_one(
    published_goal_set: GoalSet, consultant: User, administrator: User
) -> None:
    """The house gets its first template later the same day."""
    note = an_issued_note(published_goal_set, by=consultant)
    assert note.template is None
    texts = dict.fromkeys(TEXTS, "") | {"note_word": "STATUS", "signature": "Camilla Chef", "accent": "#1f4e79"}
    save_note_template(
        municipality=note.municipality, shown=0, logo=None, drops_logo=False, nonce=uuid4(), by=administrator, **texts
    )
    assert MadeAgain.of(note).is_same


def test_second_submit_in_the_very_moment_of_the_first_finds_the_note(
    goal_set: GoalSet, consultant: User, as_user: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first is committed after the second has asked whether there is a note, and before it asks for the draft."""
    draft = a_draft(goal_set, by=consultant)
    client, address = as_user(consultant), f"/notatkladder/{draft.pk}/udsted/"
    shown = {**client.get(address).context["form"].initial, "nonce": str(uuid4())}
    first = list[Any]()

    def overtaken(user: User, /, *, draft_id: int) -> NoteDraft:
        monkeypatch.setattr(asked, note_draft_for)
        first.append(as_user(consultant).post(address, shown))
        return note_draft_for(user, draft_id=draft_id)

    asked = "pejlemaerker.views.issued_notes.note_draft_for"
    monkeypatch.setattr(asked, overtaken)
    second = client.post(address, shown)
    note = Note.objects.get()
    assert [(one.status_code, one.headers.get("Location")) for one in (*first, second)] == [
        (303, note.get_absolute_url())
    ] * 2


@pytest.mark.asvs("V2.3.1")
def test_rights_that_ended_stop_every_step(published_goal_set: GoalSet, consultant: User, as_user: Login) -> None:
    draft = a_draft(published_goal_set, by=consultant)
    note = an_issued_note(published_goal_set, by=consultant)
    client = as_user(consultant)
    shown = client.get(f"/notatkladder/{draft.pk}/udsted/").context["form"].initial
    RoleGrant.objects.filter(user=consultant).delete()
    client = as_user(User.objects.get(pk=consultant.pk))
    paths = [f"/notatkladder/{draft.pk}/{step}" for step in ("", "udsted/", "slet/", "opskrift/")]
    statuses = [client.post(path, {**shown, "nonce": str(uuid4())}).status_code for path in paths]
    assert set(statuses) <= {403, 404}
    assert client.post(f"/notater/{note.pk}/ret/", {"as_of": today().isoformat()}).status_code in {403, 404}
    assert (NoteDraft.objects.count(), Note.objects.count()) == (1, 1)


def test_whoever_writes_notes_also_reads_the_internal_ones() -> None:
    """A draft, a recipe or a batch of an internal edition is shown to those who write: the roles must agree."""
    writers = {role for role in Role if Right.FOLLOW_UP in ROLES[role].rights}
    assert writers
    assert all({Right.READ_NOTES, Right.READ_GOALS, Right.READ_MEETINGS} <= ROLES[role].rights for role in writers)


# --- From outside


def test_notes_cannot_be_counted_from_outside(published_goal_set: GoalSet, consultant: User, anonymous: Client) -> None:
    note = an_issued_note(published_goal_set, by=consultant, audience="public")
    paths = ("", "notat.pdf", "notat.docx", "notat.html", "igen/", "ret/", "offentliggoer/")
    for path in paths:
        there, not_there = (anonymous.get(f"/notater/{pk}/{path}") for pk in (note.pk, note.pk + 1000))
        assert there.status_code == not_there.status_code, path
        assert there.headers.get("Location", "").replace(str(note.pk), "") == not_there.headers.get(
            "Location", ""
        ).replace(str(note.pk + 1000), ""), path
    assert note.name not in anonymous.get("/notater/").content.decode()


# --- At once


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Do several things in threads of their own; what came of each, or what it was refused with."""
    came: list[Any] = [None] * len(acts)

    def in_a_thread(place: int, act: Callable[[], Any]) -> None:
        try:
            came[place] = act()
        except NotAllowed as refused:
            came[place] = refused
        finally:
            connections.close_all()

    threads = [threading.Thread(target=in_a_thread, args=one) for one in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return came


def test_set_is_not_withdrawn_while_its_public_note_is_issued(
    committed_db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    goal_set, by = a_committed_world()
    publish(goal_set)
    draft = a_draft(goal_set, by=by, audience="public")
    is_asked, is_withdrawn = threading.Event(), threading.Event()

    def slowly(paper: Paper, form: str, *, house: NoteTemplate | None = None) -> Made:
        is_asked.set()  # it has been found public; the withdrawal comes now, and has to wait
        assert not is_withdrawn.wait(0.3)
        return make_cheaply(paper, form, house=house)

    def withdrawn() -> Publication:
        is_asked.wait(20)
        act = withdraw(subject="goal_set", record=goal_set, by=by)
        is_withdrawn.set()
        return act

    monkeypatch.setattr("pejlemaerker.papers.make", slowly)
    note, act = at_once(lambda: issue(draft, by=by), withdrawn)
    assert (note.audience, act.act) == ("public", "withdrawn")
    with pytest.raises(NotAllowed, match=NOT_PUBLIC):
        publish_note(note=note, by=by, warnings_accepted=[])


def test_same_submit_at_once_gives_one_note_and_two_corrections_one_draft(committed_db: str) -> None:
    goal_set, by = a_committed_world()
    draft, nonce = a_draft(goal_set, by=by), uuid4()
    seen = draft_paper(draft, by=by).fingerprint
    notes = at_once(*[lambda: issue_note(draft=draft, expected=0, seen=seen, nonce=nonce, by=by)] * 4)
    assert {one.pk for one in notes} == {Note.objects.get().pk}
    drafts = at_once(*[lambda: begin_correction(note=notes[0], as_of=today(), nonce=uuid4(), by=by)] * 4)
    assert {one.pk for one in drafts} == {NoteDraft.objects.get().pk}


def test_draft_that_two_issue_at_once_becomes_one_note(committed_db: str) -> None:
    goal_set, by = a_committed_world()
    draft = a_draft(goal_set, by=by)
    came = at_once(*[lambda: issue(draft, by=by)] * 3)
    assert sorted(type(one).__name__ for one in came) == ["NotAllowed", "NotAllowed", "Note"]
    assert Note.objects.count() == 1
