"""An evaluation: opened, written as drafts, handed in about the wording of the day, read."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from meetings.models import Event, User
from pejlemaerker.actions import StatusText, open_evaluation, save_status_draft
from pejlemaerker.models import Adoption, EvaluationRound, Goal, GoalSet, StatusDraft, StatusEntry
from tests.conftest import Login, publish

HTMX = {"HX-Request": "true"}


@pytest.fixture
def evaluation(goal_set: GoalSet, adoption: Adoption, consultant: User) -> EvaluationRound:
    return open_evaluation(
        goal_set=goal_set, kind="midterm", held_on=date(2023, 11, 14), step=None, nonce=uuid4(), by=consultant
    )


@pytest.fixture
def address(evaluation: EvaluationRound) -> str:
    return f"/evalueringsrunder/{evaluation.pk}/skriv/"


def written(first: str = "", second: str = "", *, revisions: tuple[int, int] = (0, 0), **more: Any) -> dict[str, Any]:
    """The writing page as a browser sends it."""
    form: dict[str, Any] = {"nonce": str(uuid4())}
    for number, (text, revision) in enumerate(zip((first, second), revisions, strict=True), start=1):
        form |= {
            f"status-{number}-text": text, f"status-{number}-assessment": "under_way" if text else "",
            f"status-{number}-revision": revision,
        }  # fmt: skip
    return form | more


def hand_in(first: str = "", second: str = "", **more: Any) -> dict[str, Any]:
    """The same, with the button that hands in."""
    return written(first, second, hand_in="1", **more)


def drafts() -> list[tuple[int | None, str]]:
    """The drafts with a text."""
    return list(StatusDraft.objects.exclude(text="").order_by("goal__number").values_list("goal__number", "text"))


def entries() -> list[tuple[int | None, str]]:
    """What was handed in."""
    return list(StatusEntry.objects.order_by("pk").values_list("goal__number", "text"))


# --- Opening ----------------------------------------


def test_opening_is_for_those_who_follow_up(
    goal_set: GoalSet, anonymous: Client, other_member: User, member: User, consultant: User, as_user: Login
) -> None:
    address = f"/saet/{goal_set.pk}/evalueringer/ny/"
    clients = [anonymous, as_user(other_member), as_user(member), as_user(consultant)]
    assert [client.get(address).status_code for client in clients] == [302, 404, 403, 200]
    assert as_user(consultant).put(address).status_code == 405


def test_opening_twice_with_one_form_opens_one(goal_set: GoalSet, consultant: User, as_user: Login) -> None:
    form = {"kind": "midterm", "held_on": "2023-11-14", "step": "", "nonce": str(uuid4())}
    client = as_user(consultant)
    places = {client.post(f"/saet/{goal_set.pk}/evalueringer/ny/", form).headers["Location"] for _ in range(2)}
    opened = EvaluationRound.objects.get()
    assert places == {f"/evalueringsrunder/{opened.pk}/skriv/"}


def test_opening_without_a_day_is_refused_politely(goal_set: GoalSet, consultant: User, as_user: Login) -> None:
    response = as_user(consultant).post(f"/saet/{goal_set.pk}/evalueringer/ny/", {"kind": "midterm", "held_on": ""})
    assert (response.status_code, EvaluationRound.objects.count()) == (422, 0)


# --- Writing ----------------------------------------


@pytest.mark.parametrize("method", ["get", "post"])
def test_writing_is_for_those_who_follow_up(
    method: str, address: str, anonymous: Client, other_member: User, member: User, as_user: Login
) -> None:
    clients = [anonymous, as_user(other_member), as_user(member)]
    assert [getattr(client, method)(address).status_code for client in clients] == [302, 404, 403]


def test_writing_shows_the_wording_of_the_day(
    address: str, adoption: Adoption, consultant: User, as_user: Login
) -> None:
    page = as_user(consultant).get(address).content.decode()
    assert (adoption.version.text in page, "Ingen ordlyd var i kraft den dag" in page) == (True, True)


def test_draft_is_saved_as_one_writes(address: str, consultant: User, as_user: Login) -> None:
    response = as_user(consultant).post(address, written("Det går godt."), headers=HTMX)
    fragment = response.content.decode()
    assert (response.status_code, drafts(), entries()) == (200, [(1, "Det går godt.")], [])
    assert ('id="gemt"' in fragment, "Gemt kl. " in fragment, "<textarea" in fragment) == (True, True, False)
    assert 'name="status-1-revision" value="1"' in fragment


def test_draft_is_saved_without_javascript(address: str, consultant: User, as_user: Login) -> None:
    response = as_user(consultant).post(address, written("Det går godt.", "Også her."))
    assert (response.status_code, response.headers["Location"]) == (303, address)
    assert drafts() == [(1, "Det går godt."), (2, "Også her.")]


def test_draft_keeps_every_character(address: str, consultant: User, as_user: Login) -> None:
    text = "Æblegrød »til« 100 % – 😀\n\n" + "ø" * 10_000
    as_user(consultant).post(address, written(text.replace("\n", "\r\n")))
    assert drafts() == [(1, text)]


def test_saving_the_same_text_again_is_no_conflict(address: str, consultant: User, as_user: Login) -> None:
    client = as_user(consultant)
    assert [client.post(address, written("Det går."), headers=HTMX).status_code for _ in range(2)] == [200, 200]


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "fragment"])
def test_two_who_write_at_once_see_both_texts(
    headers: dict[str, str], address: str, consultant: User, secretary: User, as_user: Login
) -> None:
    as_user(secretary).post(address, written("Sekretærens tekst."))
    response = as_user(consultant).post(address, written("Konsulentens tekst.", "Uden strid."), headers=headers)
    page = response.content.decode()
    assert (response.status_code, "Sekretærens tekst." in page, "Konsulentens tekst." in page) == (409, True, True)
    assert 'name="status-1-revision" value="0"' in page  # so that saving as one writes does not overwrite
    assert drafts() == [(1, "Sekretærens tekst."), (2, "Uden strid.")]


def test_text_replaces_the_others_when_its_writer_has_seen_it(
    address: str, consultant: User, secretary: User, as_user: Login
) -> None:
    as_user(secretary).post(address, written("Sekretærens tekst."))
    seen = written("Konsulentens tekst.") | {"status-1-replaces": 1}
    assert as_user(consultant).post(address, seen, headers=HTMX).status_code == 200
    assert drafts() == [(1, "Konsulentens tekst.")]


# --- Handing in ----------------------------------------


def test_status_is_about_the_wording_in_force_that_day(
    address: str, evaluation: EvaluationRound, adoption: Adoption, consultant: User, as_user: Login
) -> None:
    response = as_user(consultant).post(address, hand_in("Det går godt.", "Det går."))
    assert (response.status_code, response.headers["Location"]) == (303, evaluation.get_absolute_url())
    assert [entry.version for entry in StatusEntry.objects.order_by("pk")] == [adoption.version, None]


def test_handing_in_twice_hands_in_once(address: str, consultant: User, as_user: Login) -> None:
    client, form = as_user(consultant), hand_in("Det går godt.")
    assert [client.post(address, form).status_code for _ in range(2)] == [303, 303]
    assert (entries(), Event.objects.filter(action="statuses_handed_in").count()) == ([(1, "Det går godt.")], 1)


def test_handing_in_again_with_another_text_is_a_correction(address: str, consultant: User, as_user: Login) -> None:
    client, nonce = as_user(consultant), str(uuid4())
    client.post(address, hand_in("Det går godt.", nonce=nonce))
    client.post(address, hand_in("Det går bedre.", nonce=nonce, revisions=(1, 0)))
    assert entries() == [(1, "Det går godt."), (1, "Det går bedre.")]


def test_handing_in_nothing_is_refused(address: str, consultant: User, as_user: Login) -> None:
    response = as_user(consultant).post(address, hand_in("", "  \n"))
    assert (response.status_code, "mindst ét pejlemærke" in response.content.decode(), entries()) == (422, True, [])


def test_cpr_number_is_not_handed_in_and_the_text_is_kept(address: str, consultant: User, as_user: Login) -> None:
    text = "Barnet 010190-1234 trives."
    response = as_user(consultant).post(address, hand_in(text, "Det går."))
    assert (response.status_code, "CPR-nummer (010190-••••)" in response.content.decode()) == (422, True)
    assert (entries(), drafts()) == ([], [(1, text), (2, "Det går.")])


def test_handing_in_over_anothers_text_is_stopped(
    address: str, evaluation: EvaluationRound, consultant: User, secretary: User, as_user: Login
) -> None:
    goal = evaluation.goal_set.goals.get(number=1)
    save_status_draft(evaluation=evaluation, status=StatusText(goal, "Sekretærens.", "", 0), by=secretary)
    assert as_user(consultant).post(address, hand_in("Konsulentens.")).status_code == 409
    assert (entries(), drafts()) == ([], [(1, "Sekretærens.")])


# --- Reading ----------------------------------------


def test_reading_is_for_the_committee_until_it_is_published(
    address: str, evaluation: EvaluationRound, consultant: User, member: User, anonymous: Client, as_user: Login
) -> None:
    as_user(consultant).post(address, hand_in("Familierne bliver hørt."))
    as_user(consultant).post(address, written("Kun en kladde.", revisions=(1, 0)))
    page = evaluation.get_absolute_url()
    before = [client.get(page).status_code for client in (anonymous, as_user(member))]
    publish(evaluation)
    unpublished_set = anonymous.get(page).status_code
    publish(evaluation.goal_set)
    text = anonymous.get(page).content.decode()
    assert (before, unpublished_set) == ([404, 200], 404)
    assert ("Familierne bliver hørt." in text, "Kun en kladde." in text) == (True, False)
    assert anonymous.post(page).status_code == 405


def test_status_is_visible_only_with_its_evaluation(
    address: str,
    evaluation: EvaluationRound,
    published_goal_set: GoalSet,
    consultant: User,
    anonymous: Client,
    as_user: Login,
) -> None:
    as_user(consultant).post(address, hand_in("Familierne bliver hørt."))
    goal: Goal = published_goal_set.goals.get(number=1)
    pages = ("/", goal.get_absolute_url(), published_goal_set.get_absolute_url())
    before = ["bliver hørt" in anonymous.get(page).content.decode() for page in pages]
    assert not StatusEntry.objects.visible_to(AnonymousUser()).exists()
    publish(evaluation)
    after = ["bliver hørt" in anonymous.get(page).content.decode() for page in pages]
    assert (before, after) == ([False, False, False], [False, True, True])


@pytest.mark.parametrize(
    ("second", "words"),
    [("Vi er i gang.", "Evalueringen er afgivet."), ("", "Status er afgivet for 1 af 2 pejlemærker.")],
    ids=["all", "some"],
)
def test_handing_in_tells_how_much_was_handed_in(
    second: str, words: str, address: str, consultant: User, as_user: Login
) -> None:
    answer = as_user(consultant).post(address, hand_in("Familierne bliver hørt.", second), follow=True)
    assert words in answer.content.decode()
