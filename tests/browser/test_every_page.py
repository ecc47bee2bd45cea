"""Every page of the app, as those who see most and least: accessible, narrow enough, valid HTML, light."""

import gzip
from typing import Any
from uuid import uuid4

import pytest
from django.db.models import QuerySet
from django.urls import reverse
from playwright.sync_api import Response

from meetings.models import (
    Attachment,
    Committee,
    CouncilTerm,
    HousePhrase,
    LeaderGroup,
    Leadership,
    Meeting,
    Membership,
    OrgUnit,
    Person,
    Promise,
    RoleGrant,
    SectionHeading,
    SourceDocument,
    User,
)
from pejlemaerker.actions.note_drafts import save_recipe
from pejlemaerker.letters import signed_for_stopping
from pejlemaerker.models import (
    AdditionRequest,
    Agreement,
    Dialogue,
    EvaluationRound,
    FollowUpStep,
    GoalSet,
    GoalVersion,
    Indicator,
    Invitee,
    Note,
    NoteBatch,
    NoteBatchPart,
    NoteDraft,
    NoteRecipe,
    PersonalLink,
    Survey,
    Target,
    Theme,
)
from tests.browser.conftest import OpenVisit
from tests.browser.looking import html_errors
from tests.house.world import Route, every_route
from tests.pejlemaerker.notes import a_draft, an_issued_note

# What looks otherwise when the meeting is over, or the set is another; all else is looked at once.
IN_TWO_STATES = {
    "meeting", "item", "recording", "minutes", "meeting_publish", "meeting_close", "goal_set", "goal", "figures",
    "wordings", "committee", "survey_edit", "survey_questions", "survey_invitees", "survey_preview",
}  # fmt: skip
NO_PAGES = {"health", "logout"}


def addresses() -> list[str]:
    """Return an address of every page, with things from the demo in it."""
    to_record = Meeting.objects.filter(items__decisions=None, committee__abbreviation="BUU").order_by("date").first()
    decided = Meeting.objects.filter(items__decisions__category="approved", is_demo=True).first()
    waiting = GoalVersion.objects.awaiting_decision().first()
    evaluation, dialogue = EvaluationRound.objects.first(), Dialogue.objects.first()
    document = SourceDocument.objects.first()
    assert to_record
    assert decided
    assert waiting
    assert evaluation
    assert dialogue
    assert document
    indicator = Indicator.objects.select_related("goal").first()
    assert indicator
    parts: list[dict[str, Any]] = [
        {
            "meeting_id": meeting.pk, "number": "2", "slug": meeting.committee.slug, "goal_id": goal.pk,
            "version_number": goal.versions.count(), "set_id": goal_set.pk, "step_id": _first(_steps(goal_set)),
            "indicator_id": indicator.pk, "target_id": _first(Target), "request_id": _first(AdditionRequest),
            "round_id": evaluation.pk, "dialogue_id": dialogue.pk, **_written_down(), **asked,
            "document_id": document.pk, "promise_id": _first(Promise), "signed": _stop_link(), "token": _token(),
            "attachment_id": _first(Attachment), "batch_id": _batch(), "note_id": _note(),
            **_note_draft(),
            **_organisation(meeting.committee),
        }
        for meeting, goal, goal_set, asked in [
            (to_record, waiting.goal, waiting.goal.goal_set, _survey()),
            (decided, indicator.goal, indicator.goal.goal_set, _survey() | _draft()),
        ]
    ]  # fmt: skip
    return sorted(
        {
            _address(route, values)
            for route in every_route()
            if not route.is_file and route.name not in NO_PAGES
            for values in (parts if route.name in IN_TWO_STATES else parts[:1])
        }
    )


def _batch() -> int:
    """A batch of notes under way."""
    batch = NoteBatch.objects.first()
    if batch is None:
        goal_set = GoalSet.objects.select_related("period__committee__municipality").earliest("pk")
        committee = goal_set.period.committee
        batch = NoteBatch.objects.create(
            municipality=committee.municipality, committee=committee, form="zip", audience="internal",
            as_of="2026-11-22", known="2026-11-22", ordered_by=User.objects.get(username="konsulent"),
        )  # fmt: skip
        NoteBatchPart.objects.create(batch=batch, position=1, goal_set=goal_set)
    return batch.pk


def _note_draft() -> dict[str, int]:
    """A draft of a note, and a recipe."""
    draft, consultant = NoteDraft.objects.first(), User.objects.get(username="konsulent")
    if draft is None:
        goal_set = GoalSet.objects.select_related("period__committee__municipality", "area").earliest("pk")
        draft = a_draft(goal_set, by=consultant)
    recipe = NoteRecipe.objects.first() or save_recipe(
        draft=draft, name="Status før budgettet", replaces=False, nonce=uuid4(), by=consultant
    )
    return {"draft_id": draft.pk, "recipe_id": recipe.pk}


def _note() -> int:
    """A note that was issued."""
    note = Note.objects.first()
    if note is None:
        goal_set = GoalSet.objects.select_related("period__committee__municipality", "area").earliest("pk")
        note = an_issued_note(goal_set, by=User.objects.get(username="konsulent"))
    return note.pk


def _written_down() -> dict[str, int]:
    """A theme and an agreement of a dialogue meeting."""
    return {"theme_id": _first(Theme), "agreement_id": _first(Agreement)}


def _first(things: Any) -> int:
    """The number of something in the demo (a model, or some of its rows); 0, which is not there, if it has none."""
    rows = things if isinstance(things, QuerySet) else things.objects
    return rows.values_list("pk", flat=True).first() or 0


def _survey() -> dict[str, int]:
    """A round that is opened, and one who is asked in it."""
    invitee = Invitee.objects.filter(survey__opened_at__isnull=False).first()
    return {"survey_id": invitee.survey_id if invitee else 0, "invitee_id": invitee.pk if invitee else 0}


def _token() -> str:
    """A personal link of one who has not answered; one that opens nothing, where nobody is asked."""
    invitee = Invitee.objects.missing().filter(survey__opened_at__isnull=False).first()
    return PersonalLink.objects.make(invitee) if invitee else "ingen"


def _stop_link() -> str:
    """The link at the foot of somebody's overview."""
    return signed_for_stopping(User.objects.get(username="sekretaer"))


def _steps(goal_set: GoalSet) -> QuerySet[FollowUpStep]:
    return FollowUpStep.objects.filter(plan__goal_set=goal_set)


def _draft() -> dict[str, int]:
    """A round that is still prepared."""
    return {"survey_id": _first(Survey.objects.filter(opened_at__isnull=True))}


def _organisation(committee: Committee) -> dict[str, Any]:
    """One of everything the administrator edits."""
    models = {
        "term_id": CouncilTerm, "person_id": Person, "leader_group_id": LeaderGroup, "org_unit_id": OrgUnit,
        "leadership_id": Leadership, "heading_id": SectionHeading, "phrase_id": HousePhrase,
    }  # fmt: skip
    seat = Membership.objects.filter(committee=committee).order_by("pk").first()
    grant = RoleGrant.objects.filter(municipality=committee.municipality).earliest("pk")
    own: dict[str, Any] = {
        "municipality_slug": committee.municipality.slug, "committee_id": committee.pk, "grant_id": grant.pk,
        "user_id": grant.user_id,
    }  # fmt: skip
    return own | {name: _first(model) for name, model in models.items()} | {"seat_id": seat.pk if seat else 0}


def _address(route: Route, values: dict[str, Any]) -> str:
    return reverse(route.name, kwargs={part: values[part] for part in route.parts})


SHARES = 3  # so that all cores have something to look at


@pytest.mark.parametrize("share", range(SHARES))
@pytest.mark.parametrize(
    ("who", "part"),
    [pytest.param("", "/", marks=pytest.mark.drill), ("sekretaer", "/"), ("administrator", "/organisation/")],
    ids=["anonymous", "secretary", "administrator"],
)
def test_every_page_is_accessible(who: str, part: str, share: int, visit: OpenVisit, demo_server: str) -> None:
    person = visit(who)
    looked_at = 0
    for address in [address for address in addresses() if address.startswith(part)][share::SHARES]:
        if person.page.request.get(address, max_redirects=0).status != 200:
            continue  # to post to, or not for this person
        response = person.page.goto(address)
        assert response is not None
        person.look()
        assert html_errors(response.text()) == [], address
        looked_at += 1
    assert looked_at > 2


@pytest.mark.parametrize("address", ["/findes-ikke/", "/log-ind/?next=/organisation/"])
def test_page_that_turns_somebody_away_is_accessible(address: str, visit: OpenVisit) -> None:
    person = visit()
    response = person.page.goto(address)
    assert response is not None
    person.look()
    assert html_errors(response.text()) == []


def test_first_load_is_light(visit: OpenVisit) -> None:
    """WhiteNoise sends style sheets and scripts compressed; the test's server does not, so they are compressed here."""
    person = visit()
    answers: list[Response] = []
    person.page.on("response", lambda answer: answers.append(answer))
    person.goto("/")
    sizes = [len(gzip.compress(answer.body())) for answer in answers]
    assert len(sizes) > 5
    assert sum(sizes) < 300_000


def test_pages_ask_no_third_party(visit: OpenVisit, demo_server: str) -> None:
    person = visit("medlem")
    asked: list[str] = []
    person.page.on("request", lambda request: asked.append(request.url))
    for address in ("/", "/moeder/", "/pejlemaerker/", "/udvalg/"):
        person.goto(address)
    assert [url for url in asked if not url.startswith((demo_server, "data:"))] == []
