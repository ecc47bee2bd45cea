"""One submit, one row; and another text from the same page, which the browser's "tilbage" brings back, is kept too."""

from datetime import date
from uuid import uuid4

import pytest

from kit.once import NonceField
from meetings.actions import correct_decision, publish, record_decision
from meetings.models import AGENDA, AgendaItem, Correction, Decision, Meeting, Publication, User
from tests.conftest import Login
from tests.meetings.test_recording_together import at_the_same_time


@pytest.mark.parametrize("garbled", ["", "x", "\0", "9" * 5000, None])
def test_garbled_nonce_is_a_fresh_one(garbled: str | None) -> None:
    assert NonceField().clean(garbled) != NonceField().clean(garbled)


def test_meeting_with_a_garbled_nonce_is_created(secretary: User, as_user: Login) -> None:
    committee = secretary.role_grants.get().committee
    assert committee is not None
    filled_in = {"committee": committee.pk, "date": "2026-12-01", "open_titles": "Budget", "nonce": "x"}
    assert as_user(secretary).post("/moeder/nyt/", filled_in).status_code == 303


def test_corrections_from_one_page_are_kept_once_each(approval: Decision, secretary: User) -> None:
    nonce = uuid4()
    for text in [
        "Mødet begyndte kl. 17.",
        "Mødet sluttede kl. 19.",
        "Mødet sluttede kl. 19.",
        "Mødet begyndte kl. 17.",
    ]:
        correct_decision(decision=approval, text=text, category="", nonce=nonce, by=secretary)
    assert [one.text for one in Correction.objects.all()] == ["Mødet begyndte kl. 17.", "Mødet sluttede kl. 19."]


def test_correction_with_the_nonce_of_another_is_kept(
    approval: Decision, closed_approval: Decision, secretary: User
) -> None:
    nonce = uuid4()
    for decision in (approval, closed_approval):
        correct_decision(decision=decision, text="Rettet.", category="", nonce=nonce, by=secretary)
    assert [one.decision for one in Correction.including_closed.all()] == [approval, closed_approval]


def test_decision_with_the_nonce_of_another_item_is_kept(
    open_item: AgendaItem, closed_item: AgendaItem, secretary: User
) -> None:
    nonce = uuid4()
    for item in (open_item, closed_item):
        record_decision(item=item, category="approved", text="Godkendt.", expected=0, nonce=nonce, by=secretary)
    assert Decision.including_closed.count() == 2


def test_decided_page_sent_again_with_another_text_shows_both(
    open_item: AgendaItem, secretary: User, as_user: Login
) -> None:
    address = f"/moeder/{open_item.meeting_id}/punkter/1/beslutning/"
    filled_in = {"text": "Godkendt.", "category": "approved", "revision": "0", "nonce": str(uuid4())}
    client = as_user(secretary)
    answers = [client.post(address, filled_in | {"text": text}) for text in ("Godkendt.", "Godkendt.", "Udsat.")]
    assert [answer.status_code for answer in answers] == [303, 303, 409]
    assert "Udsat." in answers[2].content.decode()
    assert Decision.objects.get().text == "Godkendt."


def test_next_item_from_the_page_of_the_last_is_added(meeting: Meeting, secretary: User, as_user: Login) -> None:
    client, nonce = as_user(secretary), str(uuid4())
    for number, title in [("3", "Budget"), ("3", "Budget"), ("4", "Regnskab")]:
        filled_in = {"number": number, "title": title, "openness": "aaben", "nonce": nonce}
        assert client.post(f"/moeder/{meeting.pk}/punkter/nyt/", filled_in).status_code == 303
    assert list(meeting.items.values_list("number", "title"))[1:] == [("3", "Budget"), ("4", "Regnskab")]


def test_item_changed_twice_by_a_double_click_is_no_conflict(
    open_item: AgendaItem, secretary: User, as_user: Login
) -> None:
    client = as_user(secretary)
    filled_in = {"number": "1", "title": "Pejlemærker", "openness": "aaben", "revision": "0"}
    answers = [client.post(f"{open_item.get_absolute_url()}ret/", filled_in).status_code for _ in range(2)]
    assert answers == [303, 303]
    assert AgendaItem.objects.get(pk=open_item.pk).revision == 1


def test_publishing_five_times_at_once_is_one_act(committed_db: str, meeting: Meeting, secretary: User) -> None:
    def click() -> Publication:
        return publish(subject=AGENDA, record=meeting, by=secretary, warnings_accepted=[])

    assert at_the_same_time(*[click] * 5) == ["done"] * 5
    assert Publication.objects.count() == 1


def test_one_nonce_at_once_on_two_decisions_is_two_corrections(
    committed_db: str, approval: Decision, closed_approval: Decision, secretary: User
) -> None:
    nonce = uuid4()

    def correct(decision: Decision) -> Correction:
        return correct_decision(decision=decision, text="Rettet.", category="", nonce=nonce, by=secretary)

    both = at_the_same_time(*[lambda: correct(approval), lambda: correct(closed_approval)] * 2)
    assert both == ["done"] * 4
    assert Correction.including_closed.count() == 2


def test_meeting_of_another_day_from_the_same_page_is_another(
    meeting: Meeting, secretary: User, as_user: Login
) -> None:
    client, nonce = as_user(secretary), str(uuid4())
    for day in ("2026-12-01", "2026-12-01", "2026-12-08"):
        filled_in = {"committee": meeting.committee_id, "date": day, "open_titles": "Budget", "nonce": nonce}
        assert client.post("/moeder/nyt/", filled_in).status_code == 303
    days = Meeting.objects.exclude(pk=meeting.pk).order_by("date").values_list("date", flat=True)
    assert list(days) == [date(2026, 12, 1), date(2026, 12, 8)]
