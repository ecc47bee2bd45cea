"""The secretary's minute: draft, protocol, count; nothing lost, nothing doubled, nothing silently overwritten."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from meetings.models import AgendaItem, Correction, Decision, DecisionDraft, Event, Meeting, User
from tests.conftest import CANARY, Login, decide

HTMX = {"HX-Request": "true"}


def typed(text: str = "Godkendt.", category: str = "approved", revision: int = 0, **more: Any) -> dict[str, Any]:
    return {"text": text, "category": category, "revision": revision, "nonce": str(uuid4())} | more


def draft_of(item: AgendaItem) -> tuple[str, str, int]:
    draft = DecisionDraft.including_closed.get(item=item)
    return draft.category, draft.text, draft.revision


def text_of(response: Any) -> str:
    return str(response.content.decode())


@pytest.fixture
def page(meeting: Meeting) -> str:
    return f"/moeder/{meeting.pk}/beslutninger/"


@pytest.fixture
def kladde(open_item: AgendaItem) -> str:
    return f"{open_item.get_absolute_url()}kladde/"


@pytest.fixture
def protokol(open_item: AgendaItem) -> str:
    return f"{open_item.get_absolute_url()}beslutning/"


# --- Who ------------------------------------------------------------------------------------------


def test_recording_page_is_for_those_who_keep_the_protocol(
    page: str, anonymous: Client, member: User, other_secretary: User, secretary: User, as_user: Login
) -> None:
    clients = (anonymous, as_user(member), as_user(other_secretary), as_user(secretary))
    assert [client.get(page).status_code for client in clients] == [302, 403, 404, 200]
    assert as_user(secretary).post(page).status_code == 405


@pytest.mark.parametrize("act", ["kladde", "beslutning"])
def test_writing_is_for_those_who_keep_the_protocol(
    act: str, published_meeting: Meeting, anonymous: Client, member: User, other_secretary: User, as_user: Login
) -> None:
    for number, statuses in (("1", [302, 403, 403]), ("2", [302, 403, 404])):
        address = f"/moeder/{published_meeting.pk}/punkter/{number}/{act}/"
        answers = [
            client.post(address, typed(CANARY)) for client in (anonymous, as_user(member), as_user(other_secretary))
        ]
        assert [answer.status_code for answer in answers] == statuses
    assert as_user(member).get(f"/moeder/{published_meeting.pk}/punkter/1/{act}/").status_code == 403
    assert sorted(Decision.including_closed.values_list("text", flat=True)) == ["Godkendt.", f"{CANARY} godkendt."]


# --- From nothing to the protocol -----------------------------------------------------------------


def test_page_shows_every_item_with_its_indstilling_and_what_is_missing(
    page: str, secretary: User, as_user: Login
) -> None:
    response = as_user(secretary).get(page)
    assert [row.entry.state for row in response.context["rows"]][:1] == ["Mangler beslutning"]
    text = text_of(response)
    assert "<strong>2 af 2</strong> punkter mangler beslutning." in " ".join(text.split())
    assert "at udvalget godkender pejlemærkerne." in text
    assert 'data-phrase="Tiltrådt som indstillet."' in text


def test_autosave_keeps_the_draft_and_answers_with_its_new_revision(
    kladde: str, open_item: AgendaItem, secretary: User, as_user: Login
) -> None:
    response = as_user(secretary).post(kladde, typed("Godk", ""), headers=HTMX)
    assert draft_of(open_item) == ("", "Godk", 1)
    text = text_of(response)
    assert text.strip().startswith("Kladde gemt kl. ")
    assert (f'id="punkt_{open_item.pk}_revision"' in text, 'value="1"' in text) == (True, True)


def test_autosave_sent_again_after_a_lost_answer_changes_nothing(
    kladde: str, open_item: AgendaItem, secretary: User, as_user: Login
) -> None:
    client = as_user(secretary)
    answers = [client.post(kladde, typed("Godkendt."), headers=HTMX).status_code for _ in range(2)]
    assert (answers, draft_of(open_item)) == ([200, 200], ("approved", "Godkendt.", 1))


def test_typing_on_after_a_lost_answer_is_no_conflict(
    kladde: str, open_item: AgendaItem, secretary: User, as_user: Login
) -> None:
    client = as_user(secretary)
    client.post(kladde, typed("Godkendt", ""), headers=HTMX)
    response = client.post(kladde, typed("Godkendt med en ændring."), headers=HTMX)
    assert (response.status_code, draft_of(open_item)) == (200, ("approved", "Godkendt med en ændring.", 2))


def test_recording_enters_the_decision_and_counts_down(
    protokol: str, open_item: AgendaItem, closed_item: AgendaItem, secretary: User, as_user: Login
) -> None:
    response = as_user(secretary).post(protokol, typed(), headers=HTMX)
    decision = Decision.objects.get()
    assert (response.status_code, decision.text, decision.category, decision.recorded_by) == (
        200, "Godkendt.", "approved", secretary,
    )  # fmt: skip
    text = " ".join(text_of(response).split())
    assert "af Signe Sekretær" in text
    assert "Punkt 1 er ført til protokollen. <strong>1 af 2</strong> punkter mangler beslutning." in text
    assert f'data-focus-on="punkt_{closed_item.pk}_text"' in text
    assert Event.objects.filter(action="decision_recorded").count() == 1


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_decision_sent_twice_is_recorded_once_and_both_times_told_as_done(
    headers: dict[str, str], protokol: str, secretary: User, as_user: Login
) -> None:
    client, same = as_user(secretary), typed()
    statuses = {client.post(protokol, same, headers=headers).status_code for _ in range(2)}
    assert (statuses, Decision.objects.count()) == ({200} if headers else {303}, 1)


@pytest.mark.parametrize(
    ("text", "category", "errors"),
    [
        ("Godkendt.", "", {"category": ["Vælg, hvad beslutningen betyder."]}),
        (" ", "approved", {"text": ["Skriv beslutningen, som den skal stå i referatet."]}),
        ("", "none", None),
    ],
)
def test_protocol_needs_a_kind_and_words_unless_nothing_was_decided(
    text: str, category: str, errors: dict[str, list[str]] | None, protokol: str, secretary: User, as_user: Login
) -> None:
    response = as_user(secretary).post(protokol, typed(text, category), headers=HTMX)
    assert response.status_code == (422 if errors else 200)
    if errors:
        form = response.context["row"].form
        assert (dict(form.errors), form["text"].value(), Decision.objects.count()) == (errors, text, 0)


def test_text_is_kept_word_for_word_however_the_browser_ends_its_lines(
    protokol: str, kladde: str, secretary: User, as_user: Login
) -> None:
    client = as_user(secretary)
    client.post(kladde, typed("Ad 1: Godkendt.\nAd 2: Udsat – “æøå”."), headers=HTMX)
    client.post(protokol, typed("Ad 1: Godkendt.\r\nAd 2: Udsat – “æøå”."))
    assert Decision.objects.get().text == "Ad 1: Godkendt.\nAd 2: Udsat – “æøå”."


# --- Without JavaScript ---------------------------------------------------------------------------


def test_ordinary_posts_lead_back_to_the_item(
    page: str, kladde: str, protokol: str, secretary: User, as_user: Login
) -> None:
    client = as_user(secretary)
    answers = [client.post(kladde, typed("Godk", "")), client.post(protokol, typed(revision=1))]
    assert [(answer.status_code, answer.headers["Location"]) for answer in answers] == [(303, f"{page}#punkt-1")] * 2


def test_ordinary_post_with_a_fault_gets_the_whole_page_with_what_was_typed(
    protokol: str, secretary: User, as_user: Login
) -> None:
    response = as_user(secretary).post(protokol, typed("Godkendt.", ""))
    assert response.status_code == 422
    assert [row.form["text"].value() for row in response.context["rows"]] == ["Godkendt.", f"{CANARY} i kladden"]


# --- Two at once ----------------------------------------------------------------------------------


@pytest.mark.parametrize("act", ["kladde", "beslutning"])
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_second_secretary_sees_both_texts_and_nothing_is_overwritten(
    headers: dict[str, str], act: str, open_item: AgendaItem, secretary: User, second_secretary: User, as_user: Login
) -> None:
    address = f"{open_item.get_absolute_url()}"
    as_user(secretary).post(f"{address}kladde/", typed("Den førstes tekst."), headers=HTMX)
    response = as_user(second_secretary).post(f"{address}{act}/", typed("Den andens tekst."), headers=headers)
    clash = response.context["row"].clash
    assert (response.status_code, clash.mine, clash.theirs, clash.by) == (
        409, "Den andens tekst.", "Den førstes tekst.", "Signe Sekretær",
    )  # fmt: skip
    assert draft_of(open_item) == ("approved", "Den førstes tekst.", 1)
    assert Decision.objects.count() == 0


def test_same_secretary_in_two_windows_is_asked_too(kladde: str, secretary: User, as_user: Login) -> None:
    client = as_user(secretary)
    client.post(kladde, typed("Det ene vindue."), headers=HTMX)
    response = client.post(kladde, typed("Det andet vindue."), headers=HTMX)
    assert (response.status_code, response.context["row"].clash.by) == (409, "Du")


def test_choice_after_a_clash_is_mine_or_theirs(
    kladde: str, open_item: AgendaItem, secretary: User, second_secretary: User, as_user: Login
) -> None:
    as_user(secretary).post(kladde, typed("Den førstes tekst."), headers=HTMX)
    client = as_user(second_secretary)
    seen = client.post(kladde, typed("Min."), headers=HTMX).context["row"].form["revision"].value()
    theirs = client.post(kladde, typed("Min.", revision=seen, deres="1"), headers=HTMX)
    assert (draft_of(open_item)[1], theirs.context["row"].form["text"].value()) == ("Den førstes tekst.",) * 2
    mine = client.post(kladde, typed("Min.", revision=seen, min="1"), headers=HTMX)
    assert (draft_of(open_item)[1], mine.context["row"].form["text"].value()) == ("Min.",) * 2


def test_late_autosave_of_the_form_that_recorded_is_quietly_dropped(
    kladde: str, protokol: str, secretary: User, as_user: Login
) -> None:
    client, same = as_user(secretary), typed()
    client.post(protokol, same)
    assert client.post(kladde, same | {"text": "Godkend"}, headers=HTMX).status_code == 204


def test_somebody_else_recorded_in_the_meantime_and_mine_may_become_an_addition(
    kladde: str, open_item: AgendaItem, secretary: User, second_secretary: User, as_user: Login
) -> None:
    decision = decide(open_item, "approved", "Godkendt.", by=secretary)
    client = as_user(second_secretary)
    response = client.post(kladde, typed("Godkendt med en ændring."), headers=HTMX)
    row = response.context["row"]
    assert (response.status_code, row.clash.is_decided, row.clash.theirs, row.form.initial["text"]) == (
        409, True, "Godkendt.", "Godkendt med en ændring.",
    )  # fmt: skip
    assert response.headers["HX-Retarget"] == "closest .record__decision"
    addition = {"text": "Godkendt med en ændring.", "category": "approved_amended", "nonce": str(uuid4())}
    client.post(f"{open_item.get_absolute_url()}rettelse/", addition, headers=HTMX)
    assert Correction.objects.get().decision == decision


def test_clash_on_a_closed_item_tells_outsiders_nothing(
    published_meeting: Meeting, other_secretary: User, as_user: Login
) -> None:
    for act in ("kladde", "beslutning", "rettelse"):
        response = as_user(other_secretary).post(
            f"/moeder/{published_meeting.pk}/punkter/2/{act}/", typed(), headers=HTMX
        )
        assert (response.status_code, CANARY in text_of(response)) == (404, False)


# --- Dated additions ------------------------------------------------------------------------------


def test_correcting_is_for_those_who_keep_the_protocol(
    published_meeting: Meeting, anonymous: Client, member: User, secretary: User, as_user: Login
) -> None:
    address = f"/moeder/{published_meeting.pk}/punkter/1/rettelse/"
    assert [c.get(address).status_code for c in (anonymous, as_user(member), as_user(secretary))] == [302, 403, 200]
    assert as_user(secretary).delete(address).status_code == 405


def test_undecided_item_has_nothing_to_correct(open_item: AgendaItem, secretary: User, as_user: Login) -> None:
    assert as_user(secretary).get(f"{open_item.get_absolute_url()}rettelse/").status_code == 404


def test_addition_stands_dated_below_the_original_and_is_made_once(
    approval: Decision, open_item: AgendaItem, secretary: User, as_user: Login
) -> None:
    client, address = as_user(secretary), open_item.get_absolute_url()
    addition = {"text": "Rettes til: Udsat.", "category": "postponed", "nonce": str(uuid4())}
    assert [client.post(f"{address}rettelse/", addition).status_code for _ in range(2)] == [303, 303]
    outcome = client.get(address).context["document"].outcome
    assert (outcome.text, outcome.category, outcome.is_approving) == ("Godkendt.", "Udsat", False)
    assert [(a.text, a.category) for a in outcome.additions] == [("Rettes til: Udsat.", "Udsat")]


def test_empty_addition_is_refused(approval: Decision, open_item: AgendaItem, secretary: User, as_user: Login) -> None:
    response = as_user(secretary).post(f"{open_item.get_absolute_url()}rettelse/", {"text": " "})
    assert (response.status_code, response.context["form"].errors) == (422, {"text": ["Skriv, hvad der rettes."]})
