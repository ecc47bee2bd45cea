"""Writing a new wording: kept as a draft, sent to the committee, never lost, and never written over another's."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from meetings.models import AgendaItem, Committee, Event, Meeting, User
from pejlemaerker.actions import CannotPutBefore, put_before_committee
from pejlemaerker.models import AdditionRequest, Adoption, Goal, GoalSet, GoalVersion, Submission, WordingDraft
from tests.conftest import CANARY, Login

OLD = "Vi arbejder med systematisk inddragelse af barnet, den unge og familien."
NEW = "Vi arbejder med systematisk inddragelse af barnet, den unge, familien og netværket."
HTMX = {"HX-Request": "true", "HX-Target": "gemt"}


@pytest.fixture
def goal(goal_set: GoalSet, adoption: Adoption) -> Goal:
    return goal_set.goals.get(number=1)


def draft(text: str = NEW, *, expected: int = 1, revision: int = 0, **more: Any) -> dict[str, Any]:
    """The form as a browser sends it, saved as a draft."""
    return {
        "text": text, "change_kind": "addition", "reason": "Udvalget ønskede netværket nævnt.",
        "worded_on": "2023-01-09", "expected": expected, "revision": revision, **more,
    }  # fmt: skip


def sent(text: str = NEW, **more: Any) -> dict[str, Any]:
    """The form as a browser sends it to the committee."""
    return draft(text, **more) | {"send": "1"}


def address(goal: Goal) -> str:
    return f"/pejlemaerker/{goal.pk}/ordlyd/ny/"


def texts(goal: Goal) -> list[str]:
    return list(goal.versions.order_by("number").values_list("text", flat=True))


@pytest.mark.parametrize("method", ["get", "post"])
def test_writing_is_for_those_who_may(
    method: str, goal: Goal, anonymous: Client, other_member: User, member: User, consultant: User, as_user: Login
) -> None:
    clients = [anonymous, as_user(other_member), as_user(member)]
    assert [getattr(client, method)(address(goal)).status_code for client in clients] == [302, 404, 403]
    assert as_user(consultant).get(address(goal)).status_code == 200
    assert as_user(consultant).delete(address(goal)).status_code == 405


# --- Sent ----------------------------------------


def test_new_wording_waits_and_the_old_one_holds(goal: Goal, consultant: User, as_user: Login) -> None:
    client = as_user(consultant)
    assert client.post(address(goal), sent()).status_code == 303
    assert [v.text for v in GoalVersion.objects.awaiting_decision().filter(goal=goal)] == [NEW]
    page = client.get(goal.get_absolute_url()).content.decode()
    assert ("En ny ordlyd venter på beslutning" in page, NEW in page) == (True, True)
    assert Adoption.objects.filter(version__goal=goal).get().version.number == 1


def test_double_submit_sends_one_wording(goal: Goal, consultant: User, as_user: Login) -> None:
    client = as_user(consultant)
    client.post(address(goal), draft())
    assert [client.post(address(goal), sent(revision=1)).status_code for _ in range(2)] == [303, 303]
    assert (goal.versions.count(), WordingDraft.objects.count()) == (2, 0)
    assert Event.objects.filter(action="wording_written").count() == 1


def test_wording_is_put_before_the_committee_and_answers_a_request(
    goal: Goal, open_item: AgendaItem, consultant: User, as_user: Login
) -> None:
    wish = AdditionRequest.objects.create(
        goal_set=goal.goal_set, goal=goal, about="wording", requested_on=date(2022, 12, 1), text="Nævn netværket."
    )
    client = as_user(consultant)
    assert "Nævn netværket." in client.get(address(goal)).content.decode()
    client.post(address(goal), sent(item=open_item.pk, answers=wish.pk))
    version = goal.versions.get(number=2)
    assert (version.answers, version.reason) == (wish, "Udvalget ønskede netværket nævnt.")
    assert [one.item for one in version.submissions.all()] == [open_item]
    assert not AdditionRequest.objects.unanswered().exists()


def test_closed_item_is_offered_only_to_those_who_may_read_it(
    goal: Goal, closed_item: AgendaItem, consultant: User, secretary: User, as_user: Login
) -> None:
    assert [CANARY in as_user(user).get(address(goal)).content.decode() for user in (consultant, secretary)] == [
        False, True,
    ]  # fmt: skip
    assert as_user(consultant).post(address(goal), sent(item=closed_item.pk)).status_code == 422
    assert not Submission.objects.exists()


def test_item_of_another_committee_is_not_accepted(
    goal: Goal, other_committee: Committee, administrator: User, as_user: Login
) -> None:
    meeting = Meeting.objects.create(committee=other_committee, date=date(2023, 2, 1))
    item = AgendaItem.including_closed.create(meeting=meeting, number="1", position=1, title="x", is_closed=False)
    assert as_user(administrator).post(address(goal), sent(item=item.pk)).status_code == 422
    with pytest.raises(CannotPutBefore):
        put_before_committee(version=goal.versions.get(), item=item, by=administrator)
    assert (goal.versions.count(), Submission.objects.count()) == (1, 0)


def test_two_writers_see_each_others_text(goal: Goal, consultant: User, secretary: User, as_user: Login) -> None:
    as_user(secretary).post(address(goal), sent("Vi hører barnet."))
    answer = as_user(consultant).post(address(goal), sent())
    page = answer.content.decode()
    assert (answer.status_code, "Vi hører barnet." in page, NEW in page) == (409, True, True)
    assert goal.versions.count() == 2
    assert as_user(consultant).post(address(goal), sent(expected=2)).status_code == 303
    assert texts(goal)[1:] == ["Vi hører barnet.", NEW]


@pytest.mark.parametrize(
    ("form", "error"),
    [
        (sent(""), "Skriv ordlyden."),
        (sent("   \r\n "), "Skriv ordlyden."),
        (sent(OLD), "den samme som"),
        (sent(reason=""), "Skriv, hvorfor ordlyden ændres."),
        (sent(change_kind=""), "Vælg, hvad der er ændret."),
        (sent(worded_on="0226-01-01"), "Er året 226 rigtigt?"),
        (sent(change_kind="merged"), "merged"),
        (sent("Vi " + "a" * 5000), "Ordlyden er på 5003 tegn."),
        (sent("Vi\x00hører"), "Null"),
    ],
    ids=["empty", "blank", "unchanged", "no reason", "no kind", "year", "kind", "long", "null"],
)
def test_bad_input_is_told_and_kept(
    form: dict[str, Any], error: str, goal: Goal, consultant: User, as_user: Login
) -> None:
    answer = as_user(consultant).post(address(goal), form)
    page = answer.content.decode()
    assert (answer.status_code, error.lower() in page.lower(), form["text"][:3] in page) == (422, True, True)
    assert goal.versions.count() == 1


def test_first_wording_needs_no_reason(goal_set: GoalSet, consultant: User, as_user: Login) -> None:
    goal = Goal.objects.create(goal_set=goal_set, number=3)
    form = sent("Vi begynder.", expected=0, change_kind="new", reason="")
    assert as_user(consultant).post(address(goal), form).status_code == 303
    assert texts(goal) == ["Vi begynder."]


@pytest.mark.parametrize(
    "text",
    ["Vi \u202eredøh barnet.", "Vi hører\x01 barnet\u200b.", "<script>alert(1)</script>", "Vi " + "hører alle. " * 416],
    ids=["right to left", "invisible", "markup", "long"],
)
def test_strange_text_is_kept_to_the_letter_and_does_no_harm(
    text: str, goal: Goal, consultant: User, as_user: Login
) -> None:
    client = as_user(consultant)
    assert client.post(address(goal), sent(text)).status_code == 303
    assert texts(goal)[1] == text.strip()
    page = client.get(f"/pejlemaerker/{goal.pk}/ordlyd/").content.decode()
    assert "<script>alert" not in page
    assert ("tegn, der ikke kan ses" in page) == any(sign in text for sign in "\u202e\u200b\x01")


# --- Kept as a draft ----------------------------------------


def test_draft_is_kept_and_changes_nothing(goal: Goal, consultant: User, as_user: Login) -> None:
    client = as_user(consultant)
    assert client.post(address(goal), draft("", worded_on="", reason="")).status_code == 303
    assert client.post(address(goal), draft(revision=1)).status_code == 303
    page = client.get(address(goal)).content.decode()
    assert (NEW in page, "Kladden er gemt" in page) == (True, True)
    assert (texts(goal), WordingDraft.objects.get().revision) == ([OLD], 2)


def test_draft_is_kept_as_one_types(goal: Goal, consultant: User, as_user: Login) -> None:
    answer = as_user(consultant).post(address(goal), draft(), headers=HTMX)
    page = answer.content.decode()
    assert (answer.status_code, 'name="revision" value="1"' in page, "<html" in page) == (200, True, False)
    assert ("<del>" in page, "<ins>" in page) == (True, True)


def test_draft_is_seen_only_by_those_who_write(
    goal: Goal, published_goal_set: GoalSet, consultant: User, member: User, anonymous: Client, as_user: Login
) -> None:
    as_user(consultant).post(address(goal), draft())
    pages = [
        client.get(f"/pejlemaerker/{goal.pk}/ordlyd/").content.decode()
        for client in (as_user(consultant), as_user(member), anonymous)
    ]
    assert [NEW in page for page in pages] == [True, False, False]


def test_untouched_page_makes_no_draft(goal: Goal, consultant: User, as_user: Login) -> None:
    as_user(consultant).post(address(goal), draft(OLD, reason=""))
    assert not WordingDraft.objects.exists()


def test_two_drafts_at_once_are_both_shown(goal: Goal, consultant: User, secretary: User, as_user: Login) -> None:
    as_user(secretary).post(address(goal), draft("Vi hører barnet."))
    client = as_user(consultant)
    for headers in ({}, HTMX):
        answer = client.post(address(goal), draft(), headers=headers)
        page = answer.content.decode()
        assert (answer.status_code, "Vi hører barnet." in page, NEW in page) == (409, True, True)
    assert client.post(address(goal), sent()).status_code == 409
    assert (WordingDraft.objects.get().text, texts(goal)) == ("Vi hører barnet.", [OLD])
    assert client.post(address(goal), sent(replaces=1)).status_code == 303
    assert (WordingDraft.objects.count(), texts(goal)) == (0, [OLD, NEW])


def test_late_copy_of_a_draft_that_was_sent_changes_nothing(goal: Goal, consultant: User, as_user: Login) -> None:
    client = as_user(consultant)
    client.post(address(goal), draft())
    client.post(address(goal), sent(revision=1))
    assert client.post(address(goal), draft(revision=1), headers=HTMX).status_code == 200
    assert client.post(address(goal), draft("Vi skriver videre.", revision=1), headers=HTMX).status_code == 409
    assert not WordingDraft.objects.exists()


def test_what_cannot_be_sent_is_kept_as_a_draft(goal: Goal, consultant: User, as_user: Login) -> None:
    assert as_user(consultant).post(address(goal), sent(reason="")).status_code == 422
    assert WordingDraft.objects.get().text == NEW


# --- Put before the committee later ----------------------------------------


def test_wording_is_put_before_the_committee_later(
    goal: Goal,
    open_item: AgendaItem,
    anonymous: Client,
    published_goal_set: GoalSet,
    member: User,
    consultant: User,
    as_user: Login,
) -> None:
    as_user(consultant).post(address(goal), sent())
    page, form = f"/pejlemaerker/{goal.pk}/ordlyd/2/", {"item": open_item.pk}
    assert [client.post(page, form).status_code for client in (anonymous, as_user(member))] == [302, 403]
    client = as_user(consultant)
    assert client.post(page, {"item": ""}).status_code == 422
    assert [client.post(page, form).status_code for _ in range(2)] == [303, 303]
    assert (Submission.objects.count(), Event.objects.filter(action="wording_submitted").count()) == (1, 1)
    assert "3. oktober 2022, punkt 1" in client.get(page).content.decode()


def test_item_shows_the_wordings_that_wait_for_a_decision_on_it(
    goal: Goal, open_item: AgendaItem, consultant: User, member: User, as_user: Login
) -> None:
    as_user(consultant).post(address(goal), sent(item=open_item.pk))
    page = as_user(member).get(f"/pejlemaerker/?punkt={open_item.pk}").content.decode()
    assert ("Pejlemærke 1, ordlyd 2" in page, "netværket" in page) == (True, True)
    GoalVersion.objects.create(goal=goal, number=3, text="Vi hører alle.")
    assert "Pejlemærke 1, ordlyd 2" not in as_user(member).get(f"/pejlemaerker/?punkt={open_item.pk}").content.decode()


def test_those_who_wrote_a_wording_are_warned_when_they_put_it_in_force(
    goal: Goal, goal_set: GoalSet, secretary: User, administrator: User, as_user: Login
) -> None:
    as_user(secretary).post(address(goal), sent())
    page = f"/saet/{goal_set.pk}/ikraft/"
    told = ["Du har selv skrevet" in as_user(user).get(page).content.decode() for user in (secretary, administrator)]
    assert told == [True, False]
