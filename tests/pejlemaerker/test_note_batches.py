"""Notes in bulk: ordered once, made part by part, called off, taken up again, and fetched by nobody else."""

import io
import time
import zipfile
from collections.abc import Callable
from datetime import date
from uuid import uuid4

import page
import pytest
from django.test import Client

from kit.pdf import PaperError
from meetings.actions import NotAllowed
from meetings.models import Committee, Municipality, Role, RoleGrant, User
from pejlemaerker import batches
from pejlemaerker.actions.note_batches import cancel_batch, order_batch
from pejlemaerker.documents.notes.batch import BatchDocument, sets_for
from pejlemaerker.documents.notes.choices import Choices
from pejlemaerker.models import AsOf, GoalPeriod, GoalSet, NoteBatch, NoteKind, PolicyArea
from pejlemaerker.papers import make as really_make
from tests.conftest import Login, grant, make_user, publish, run_tasks
from tests.kit.test_pdf import failures
from tests.mail_server import mail_server
from tests.pages import form_on
from tests.pejlemaerker.test_worker import a_worker

DAY = date(2024, 5, 1)


@pytest.fixture
def sets(goal_set: GoalSet) -> list[GoalSet]:
    """Three sets of the committee's period."""
    areas = [PolicyArea.objects.create(committee=goal_set.period.committee, name=name, position=2) for name in "BA"]
    others = [GoalSet.objects.create(period=goal_set.period, area=area) for area in areas]
    return [goal_set, others[1], others[0]]


def ordered(sets: list[GoalSet], by: User, form: str = "zip", **given: object) -> NoteBatch:
    """Order a batch of these sets."""
    committee = sets[0].period.committee
    values = {"audience": "internal", "choices": Choices.usual(NoteKind.SET), "recipe_name": "", "nonce": uuid4()}
    return order_batch(
        municipality=committee.municipality, committee=committee, goal_sets=sets, form=form, at=AsOf.day(DAY), by=by,
        **(values | given),  # type: ignore[arg-type]
    )  # fmt: skip


def the_file(batch: NoteBatch, client: Client) -> bytes:
    answer = client.get(f"/samlinger/{batch.pk}/fil")
    assert answer.status_code == 200
    return bytes(answer.content)


def test_sets_stand_in_order(sets: list[GoalSet], consultant: User) -> None:
    own = [sets[0].period.committee]
    found = sets_for(own, viewer=consultant, audience="internal", on=DAY, all_periods=False)
    assert found == sets
    assert sets_for(own, viewer=consultant, audience="internal", on=date(2030, 1, 1), all_periods=False) == []
    assert len(sets_for(own, viewer=consultant, audience="internal", on=date(2030, 1, 1), all_periods=True)) == 3


def test_public_batch_takes_only_what_is_public(sets: list[GoalSet], consultant: User) -> None:
    publish(sets[1])
    own = [sets[0].period.committee]
    assert sets_for(own, viewer=consultant, audience="public", on=DAY, all_periods=False) == [sets[1]]


def test_zip_has_a_note_for_each_set_and_a_list(sets: list[GoalSet], consultant: User, as_user: Login) -> None:
    batch = ordered(sets, consultant)
    run_tasks()
    with zipfile.ZipFile(io.BytesIO(the_file(batch, as_user(consultant)))) as archive:
        names = archive.namelist()
        notes = [archive.read(name) for name in names[1:]]
        listed = archive.read(names[0]).decode("utf-8-sig").splitlines()
    assert names == [
        "00-indhold.txt",
        "01-boerne-og-uddannelsesudvalget-boerne-og-familieomraadet-2022-2025.pdf",
        "02-boerne-og-uddannelsesudvalget-a-2022-2025.pdf",
        "03-boerne-og-uddannelsesudvalget-b-2022-2025.pdf",
    ]
    assert len(listed) == 4
    assert [failures(note, page.ValidationProfile.PDF_UA_1) for note in notes] == [[], [], []]


def test_merged_paper_is_valid(sets: list[GoalSet], consultant: User, as_user: Login) -> None:
    batch = ordered(sets, consultant, "pdf")
    run_tasks()
    paper = the_file(batch, as_user(consultant))
    assert failures(paper, page.ValidationProfile.PDF_UA_1) == failures(paper, page.ValidationProfile.PDF_A_3A) == []


def test_made_part_is_not_made_again(sets: list[GoalSet], consultant: User, monkeypatch: pytest.MonkeyPatch) -> None:
    batch, made = ordered(sets, consultant), []
    really = batches._made

    def counted(batch: NoteBatch, part: object) -> dict[str, object]:
        made.append(part)
        if len(made) == 2:
            raise KeyboardInterrupt  # as a worker that is cut off
        return really(batch, part)  # type: ignore[arg-type]

    monkeypatch.setattr(batches, "_made", counted)
    with pytest.raises(KeyboardInterrupt):
        batches.make_all(batch.pk)
    assert BatchDocument.of(batch).made == 1
    batches.make_all(batch.pk)
    assert [str(part) for part in made] == [str(part) for part in (made[0], made[1], made[1], made[3])]
    batch.refresh_from_db()
    assert BatchDocument.of(batch).is_done


def test_note_that_cannot_be_made_is_told_and_the_rest_goes_on(
    sets: list[GoalSet], consultant: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch, make = ordered(sets, consultant), really_make

    def refuse(paper: object, *args: object, **named: object) -> object:
        if sets[1].area.name in str(paper.title).split():  # type: ignore[attr-defined]
            raise PaperError("logoet er ødelagt")
        return make(paper, *args, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(batches, "make", refuse)
    batches.make_all(batch.pk)
    document = BatchDocument.of(NoteBatch.objects.get())
    assert document.failed == ((str(sets[1]), "Notatet kunne ikke laves: logoet er ødelagt"),)
    assert document.outcome == "Samlingen er færdig. 2 af 3 notater er lavet. Et kunne ikke laves."


def test_batch_that_is_called_off_stops(sets: list[GoalSet], consultant: User) -> None:
    batch = ordered(sets, consultant)
    cancel_batch(batch=batch, by=consultant)
    run_tasks()
    document = BatchDocument.of(NoteBatch.objects.get())
    assert (document.state, document.made) == ("cancelled", 0)
    cancel_batch(batch=batch, by=consultant)  # pressed twice


def test_one_batch_at_a_time(sets: list[GoalSet], consultant: User) -> None:
    nonce = uuid4()
    batch = ordered(sets, consultant, nonce=nonce)
    assert ordered(sets, consultant, nonce=nonce) == batch  # a double click
    with pytest.raises(NotAllowed, match="ved at blive lavet"):
        ordered(sets, consultant)
    run_tasks()
    assert ordered(sets, consultant) != batch


def test_rights_are_asked_again_when_it_is_made(sets: list[GoalSet], consultant: User) -> None:
    ordered(sets, consultant)
    RoleGrant.objects.filter(user=consultant).delete()
    run_tasks()
    document = BatchDocument.of(NoteBatch.objects.get())
    assert (document.state, document.made, len(document.failed)) == ("failed", 0, 3)


def test_only_those_who_write_all_its_notes_fetch_it(
    sets: list[GoalSet], consultant: User, other_secretary: User, citizen: User, anonymous: Client, as_user: Login
) -> None:
    batch = ordered(sets, consultant)
    run_tasks()
    for path in (f"/samlinger/{batch.pk}/", f"/samlinger/{batch.pk}/fil"):
        statuses = [client.get(path).status_code for client in (anonymous, as_user(other_secretary), as_user(citizen))]
        assert statuses == [302, 404, 404]
        assert as_user(consultant).get(path).status_code == 200
        assert as_user(consultant).post(path).status_code == 405
    RoleGrant.objects.filter(user=consultant).delete()
    assert as_user(User.objects.get(pk=consultant.pk)).get(f"/samlinger/{batch.pk}/fil").status_code == 404


def test_batch_is_ordered_through_the_page(
    sets: list[GoalSet], other_committee: Committee, consultant: User, as_user: Login
) -> None:
    client = as_user(consultant)
    address = f"/samlinger/ny/?udvalg={sets[0].period.committee.slug}"
    form = form_on(client.get(address).content.decode(), having="scope")
    answer = client.post(address, form.sent(as_of="2024-05-01", form="pdf", audience="committee"))
    batch = NoteBatch.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/samlinger/{batch.pk}/")
    assert (batch.committee, batch.parts.count(), batch.audience) == (sets[0].period.committee, 3, "committee")
    page_under_way = client.get(f"/samlinger/{batch.pk}/").content.decode()
    assert "0 af 3 notater er lavet" in page_under_way
    assert "Afbryd" in page_under_way
    run_tasks()
    fragment = client.get(f"/samlinger/{batch.pk}/", headers={"HX-Request": "true"}).content.decode()
    assert "Samlingen er færdig. 3 af 3 notater er lavet." in fragment
    assert "hx-trigger" not in fragment
    assert "Færdig" in client.get("/samlinger/").content.decode()


def test_batch_of_nothing_is_refused_beside_the_field(goal_set: GoalSet, consultant: User, as_user: Login) -> None:
    client = as_user(consultant)
    address = f"/samlinger/ny/?udvalg={goal_set.period.committee.slug}"
    form = form_on(client.get(address).content.decode(), having="scope")
    answer = client.post(address, form.sent(as_of="2020-05-01"))
    assert answer.status_code == 422
    assert "Der er ingen sæt pejlemærker at lave notater for den dag." in answer.content.decode()


def test_page_asks_the_same_of_one_and_of_three(
    sets: list[GoalSet], consultant: User, as_user: Login, django_assert_num_queries: object
) -> None:
    GoalPeriod.objects.count()
    for some in (sets[:1], sets):
        batch = ordered(some, consultant)
        client = as_user(consultant)
        with django_assert_num_queries(9):  # type: ignore[operator]
            client.get(f"/samlinger/{batch.pk}/")
        cancel_batch(batch=batch, by=consultant)


def test_batch_survives_a_worker_that_is_killed(committed_db: str) -> None:
    house = Municipality.objects.create(name="Hvidovre Kommune", slug="hvidovre", code="167")
    committee = Committee.objects.create(municipality=house, name="Børneudvalget", slug="boern")
    writer = grant(make_user("konsulent", "Karen Konsulent"), Role.CONSULTANT, house)
    period = GoalPeriod.objects.create(committee=committee, starts_on=date(2022, 1, 1), ends_on=date(2025, 12, 31))
    sets = [
        GoalSet.objects.create(
            period=period, area=PolicyArea.objects.create(committee=committee, name=f"Område {number}")
        )
        for number in range(12)
    ]
    batch = ordered(sets, writer)

    def made() -> dict[int, object]:
        return dict(batch.parts.exclude(made_at=None).values_list("position", "made_at"))

    def until(reached: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 120
        while not reached():
            assert time.monotonic() < deadline
            time.sleep(0.02)

    with mail_server() as server:
        with a_worker(server):
            until(lambda: len(made()) >= 2)  # … and killed
        before = made()
        assert 2 <= len(before) < 12
        with a_worker(server):
            until(lambda: NoteBatch.objects.exclude(finished_at=None).exists())
    assert len(made()) == 12
    assert {position: made()[position] for position in before} == before
