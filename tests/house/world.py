"""A small world in which every route has something to show, and something closed to leak."""

import io
import zipfile
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import uuid4

from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from meetings.models import (
    Attachment,
    Attendance,
    Committee,
    Correction,
    CouncilTerm,
    Decision,
    Dispatch,
    DispatchedItem,
    FormerName,
    HousePhrase,
    ItemAbsence,
    LeaderGroup,
    Leadership,
    Meeting,
    Membership,
    OrgUnit,
    Person,
    Promise,
    ProtocolNote,
    Recusal,
    SectionHeading,
    SourceDocument,
    Stay,
    StayOutcome,
    StoredFile,
    User,
    Vote,
    VoteLine,
)
from pejlemaerker.actions import (
    Measured,
    StatusText,
    create_dialogue,
    create_indicator,
    hand_in_statuses,
    open_evaluation,
    put_in_force,
    record_measurements,
    write_target,
)
from pejlemaerker.actions.note_drafts import save_recipe
from pejlemaerker.letters import signed_for_stopping
from pejlemaerker.models import (
    AdditionRequest,
    Agreement,
    Answer,
    AnswerSheet,
    Dialogue,
    DialogueTreatment,
    FollowUpPlan,
    FollowUpStep,
    GoalSet,
    GoalVersion,
    NoteBatch,
    NoteBatchPart,
    Participant,
    ProgrammePoint,
    Reopening,
    RequestSettlement,
    ReviewAct,
    Submission,
    Theme,
)
from tests.conftest import BEGINNING, CANARY, publish
from tests.pejlemaerker.notes import a_draft, an_issued_note
from tests.pejlemaerker.surveys import a_survey, a_token

INTERNAL = "Natugle"  # in notes and single leaders' answers: for those who read what is internal
FEW = "Gråspurv"  # what only those who work by the pejlemærke may know: a small number, an agreement, a theme


class Route(NamedTuple):
    """One address of the app: its name, the names of its parts and its view."""

    name: str
    parts: tuple[str, ...]
    view: Any

    @property
    def is_file(self) -> bool:
        """Whether it gives a file (a paper, a calendar, data): nothing to look at, and htmx never asks for one."""
        return self.name in {"export_json", "export_csv", "atom", "note_batch_file"} or self.name.endswith(
            ("_pdf", "_docx", "_html", "_ics")
        )


def every_route() -> list[Route]:
    """Walk the URLconf to the last pattern."""
    return list(_walk(get_resolver().url_patterns))


def _walk(patterns: list[URLPattern | URLResolver]) -> Any:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns)
        else:
            yield Route(pattern.name or "", tuple(pattern.pattern.converters), pattern.callback)


class World(NamedTuple):
    """What the routes are tried on: for each part of an address the values to put there."""

    values: dict[str, list[Any]]
    queries: dict[str, list[str]]  # what a page may be asked on top of its address, by the name of its route

    def every_address(self, route: Route) -> list[str]:
        """Return the addresses of a route, plain and with everything one may ask on top of them."""
        return [
            f"{address}{query}"
            for address in self.addresses(route)
            for query in ["", *self.queries.get(route.name, [])]
        ]

    def one_address(self, route: Route) -> list[str]:
        """Return the last address of a route alone: the closed one, where open and closed differ."""
        return self.addresses(route)[-1:]

    def addresses(self, route: Route) -> list[str]:
        """Return the addresses of a route, with open and closed values; a part that the world does not know fails the
        test.
        """
        if not route.parts:
            return [reverse(route.name)]
        rows = zip(*(self.values[part] for part in route.parts), strict=True)
        found = [reverse(route.name, kwargs=dict(zip(route.parts, row, strict=True))) for row in rows]
        return list(dict.fromkeys(found))  # where the open and the closed stand on one page, it is read once


def _proceed(meeting: Meeting, closed_approval: Decision, by: User) -> Attachment:
    """Send the agenda out and let on the closed item happen all that can happen on an item, a canary in every text."""
    closed = closed_approval.item
    there, away, disqualified, substitute = (
        Person.objects.create(municipality=meeting.committee.municipality, name=name)
        for name in ("Tove Tilstede", "Ulla Ude", "Inger Inhabil", f"{CANARY} Stedfortræder")
    )
    for person in (there, away, disqualified):
        Membership.objects.create(committee=meeting.committee, person=person, party="A", valid_from=BEGINNING)
        Attendance.objects.create(meeting=meeting, person=person, state="present")
    ItemAbsence.including_closed.create(item=closed, person=away, note=f"{CANARY} kl. 18")
    Recusal.including_closed.create(
        item=closed, person=disqualified, ground=f"{CANARY} er bror", raised_by=CANARY, is_disqualified=True,
        ruling=f"{CANARY} afgjort", substitute=substitute, recorded_by=by,
    )  # fmt: skip
    vote = Vote.including_closed.create(item=closed, about=f"{CANARY} stemt", recorded_by=by)
    for person in (there, substitute):
        VoteLine.including_closed.create(vote=vote, person=person, stance="for", party="A")
    ProtocolNote.including_closed.create(
        item=closed, kind="dissent", by=f"{CANARY} (A)", text=f"{CANARY} noteret", recorded_by=by
    )
    Promise.including_closed.create(
        item=closed, text=f"{CANARY} lovet", to_whom=CANARY, due_on=date(2022, 12, 5), recorded_by=by
    )
    stay = Stay.including_closed.create(decision=closed_approval, declared_by=there, reason=CANARY, recorded_by=by)
    StayOutcome.including_closed.create(
        stay=stay, verdict="confirmed", decided_on=meeting.date, note=f"{CANARY} stadfæstet", recorded_by=by
    )
    file = StoredFile.objects.create(sha256="2" * 64, content=f"{CANARY} i bilaget".encode(), size=21)
    dispatch = Dispatch.objects.create(meeting=meeting, sent_by=by)
    DispatchedItem.including_closed.create(
        dispatch=dispatch, item=closed, number="2", position=2,
        content={
            "title": f"{CANARY} før", "is_closed": True, "case_no": "", "case_type": "", "recommended_by": "",
            "points": [f"{CANARY} før"], "sections": [["Sagsfremstilling", CANARY]], "attachments": [CANARY],
        },
    )  # fmt: skip
    return Attachment.including_closed.create(
        item=closed, position=1, title=f"{CANARY} bilag", file=file, file_name=f"{CANARY}.txt", is_public=True,
        added_by=by,
    )  # fmt: skip


def _organise(committee: Committee) -> dict[str, list[Any]]:
    """Give the municipality two of everything its administrator edits."""
    municipality = committee.municipality
    terms = [
        CouncilTerm.objects.get_or_create(
            municipality=municipality, starts_on=date(year, 1, 1), defaults={"ends_on": date(year + 3, 12, 31)}
        )[0]
        for year in (2014, 2018)
    ]
    before = Committee.objects.create(
        municipality=municipality, name="Børneudvalget", slug="boerneudvalget", valid_to=date(2021, 12, 31)
    )
    FormerName.objects.create(committee=before, name="Skoleudvalget", until=date(2017, 12, 31))
    Committee.objects.filter(pk=committee.pk).update(successor_of=before)
    groups = [LeaderGroup.objects.create(municipality=municipality, name=f"Lederkreds {n}") for n in (1, 2)]
    centre = OrgUnit.objects.create(municipality=municipality, name="Center for Børn", kind="centre")
    school = OrgUnit.objects.create(municipality=municipality, name="Skolen", kind="institution", parent=centre)
    posts = [
        Leadership.objects.create(
            leader_group=group, unit=school, name="Lone Leder", email="lone@eksempel.dk", valid_from=BEGINNING
        )
        for group in groups
    ]
    headings = [
        SectionHeading.objects.create(municipality=municipality, kind="summary", heading=f"Rubrik {n}", position=n)
        for n in (1, 2)
    ]
    phrases = [
        HousePhrase.objects.create(municipality=municipality, category="noted", text=f"Ord {n}.", position=n)
        for n in (1, 2)
    ]
    grant = municipality.role_grants.earliest("pk")
    parts: dict[str, Any] = {
        "term_id": terms, "committee_id": [committee, before], "seat_id": committee.memberships.order_by("pk")[:2],
        "grant_id": [grant] * 2, "user_id": [grant.user] * 2,
        "person_id": municipality.people.order_by("pk")[:2], "leader_group_id": groups,
        "leadership_id": posts, "org_unit_id": [centre, school], "heading_id": headings, "phrase_id": phrases,
    }  # fmt: skip
    return {name: [part.pk for part in found] for name, found in parts.items()}


def _measure(goal_set: GoalSet, closed_approval: Decision, approval: Decision, by: User) -> dict[str, list[Any]]:
    """Give both pejlemærker a mål and a nøgletal; of so few people that the public may know nothing of them."""
    targets, indicators = [], []
    for goal, decision in zip(goal_set.goals.order_by("number"), (approval, closed_approval), strict=True):
        targets.append(
            write_target(
                goal=goal, text="Alle skoler taler med familien.", set_on=decision.decided_on, decision=decision,
                nonce=uuid4(), by=by,
            )
        )  # fmt: skip
        indicator = create_indicator(
            goal=goal, nonce=uuid4(), by=by, name="Børn i forløb", unit="børn", source="Fagsystemet",
            frequency="yearly", direction="neither", target_value=None, target_by=None, counts_people=True,
        )  # fmt: skip
        values = [(2021, 12, ""), (2022, 3, FEW), (2023, 9, "")]
        measured = [Measured(date(year, 12, 31), Decimal(value), note, note, None) for year, value, note in values]
        record_measurements(indicator=indicator, measured=measured, by=by)
        indicators.append(indicator)
    return {"target_id": [one.pk for one in targets], "indicator_id": [one.pk for one in indicators]}


def _take_notes(dialogue: Dialogue, by: User) -> dict[str, Any]:
    """What is internal of a dialogue meeting whose summary is public: notes, a theme, an agreement."""
    goal = dialogue.goals.first()
    dialogue.programme.create(position=9, title="Opsamling", notes=f"{INTERNAL} blev nævnt.")
    theme = Theme.objects.create(dialogue=dialogue, goal=goal, text=f"{FEW} som tema")
    agreement = Agreement.objects.create(
        dialogue=dialogue, goal=goal, text=f"{FEW} er aftalt", responsible=FEW, recorded_by=by
    )
    return {"theme_id": [theme.pk] * 2, "agreement_id": [agreement.pk] * 2}


def zip_of(name: str, text: str) -> bytes:
    """A ZIP with one text in it."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(name, text)
    return target.getvalue()


def _bind(goal_set: GoalSet, by: User) -> list[int]:
    """A batch of notes that is finished, and one under way."""
    house = goal_set.period.committee.municipality
    day, pks = date(2023, 12, 31), []
    for number, result in enumerate([zip_of("notat.txt", f"{INTERNAL} i samlingen"), None]):
        batch = NoteBatch.objects.create(
            municipality=house, form="zip", audience="internal", as_of=day, known=day, ordered_by=by, result=result,
            finished_at=None if result is None else timezone.now(),
            recipe_name=f"{INTERNAL} {number}",
        )  # fmt: skip
        NoteBatchPart.objects.create(batch=batch, position=1, goal_set=goal_set)
        pks.append(batch.pk)
    return pks


def _issue(goal_set: GoalSet, by: User, *, is_public: bool) -> list[int]:
    """Two notes that are issued: one stays in the administration, one may be published and is not yet (while the set
    is not public itself, it is the committee's).
    """
    return [
        an_issued_note(goal_set, by=by, audience=audience, title=f"{secret} i titlen", introduction=f"{secret} her.").pk
        for audience, secret in (("internal", INTERNAL), ("public" if is_public else "committee", FEW))
    ]


def _write_notes(goal_set: GoalSet, by: User) -> dict[str, list[int]]:
    """Two drafts of notes under way, and the recipes kept of them."""
    drafts = [
        a_draft(goal_set, by=by, audience=audience, title=f"{INTERNAL} i titlen", introduction=f"{INTERNAL} skriver.")
        for audience in ("internal", "committee")
    ]
    recipes = [
        save_recipe(draft=draft, name=f"{INTERNAL} {draft.pk}", replaces=False, nonce=uuid4(), by=by)
        for draft in drafts
    ]
    return {"draft_id": [one.pk for one in drafts], "recipe_id": [one.pk for one in recipes]}


def build(
    meeting: Meeting, goal_set: GoalSet, closed_approval: Decision, approval: Decision, by: User,
    *, is_public: bool = True,
) -> World:  # fmt: skip
    """Decide, adopt, evaluate and publish; the closed item's decision puts pejlemærke 2 in force, so that it could leak
    there too.
    """
    attachment = _proceed(meeting, closed_approval, by)
    Correction.including_closed.create(  # a departure from what was proposed, and still an approval
        decision=closed_approval, text=f"{CANARY} rettet.", category="approved_amended", recorded_by=by
    )
    versions = GoalVersion.objects.filter(goal__goal_set=goal_set)
    for number, decision in [(1, approval), (2, closed_approval)]:
        put_in_force(
            versions=versions.filter(goal__number=number), decision=decision, in_force_from=decision.decided_on, by=by
        )
    GoalVersion.objects.create(goal=goal_set.goals.get(number=1), number=2, text="Vi venter på en beslutning.")
    wish = AdditionRequest.objects.create(
        goal_set=goal_set, goal=goal_set.goals.get(number=2), about="wording", requested_on=meeting.date,
        requested_by=f"{CANARY} Spørger", item=closed_approval.item, text=f"{CANARY} skal nævnes.",
    )  # fmt: skip
    RequestSettlement.objects.create(request=wish, kind="declined", settled_on=meeting.date, note=f"{CANARY} er nævnt.")
    open_wish = AdditionRequest.objects.create(
        goal_set=goal_set, goal=goal_set.goals.get(number=2), about="wording", requested_on=meeting.date,
        item=closed_approval.item, text=f"{CANARY} igen.",
    )  # fmt: skip
    for item in (approval.item, closed_approval.item):
        Submission.objects.create(version=GoalVersion.objects.get(goal__goal_set=goal_set, number=2), item=item)
    plan = FollowUpPlan.objects.create(goal_set=goal_set, number=1)
    step = FollowUpStep.objects.create(
        plan=plan, position=1, kind="midterm_evaluation", when_text="efteråret 2023",
        earliest=date(2023, 9, 1), latest=date(2023, 11, 30), precision="season",
    )  # fmt: skip
    figure_parts = _measure(goal_set, closed_approval, approval, by)
    evaluation = open_evaluation(
        goal_set=goal_set, kind="midterm", held_on=date(2023, 10, 25), step=step, nonce=uuid4(), by=by
    )
    statuses = [StatusText(goal, "Vi er godt i gang.", "under_way", 0) for goal in goal_set.goals.all()]
    hand_in_statuses(evaluation=evaluation, statuses=statuses, nonce=uuid4(), by=by)
    ReviewAct.objects.create(evaluation=evaluation, act="presented", meeting=meeting, presented_on=date(2023, 12, 4))
    dialogue = create_dialogue(
        goal_set=goal_set, leader_groups=[goal_set.leader_group] if goal_set.leader_group else [],
        goals=goal_set.goals.all(), nonce=uuid4(), by=by, kind="midterm", held_on=date(2023, 11, 20), step=None,
        public_summary="Lederne fortalte om arbejdet.", internal_notes=f"{INTERNAL} i noterne.",
    )  # fmt: skip
    for item, when in ((approval.item, "before"), (closed_approval.item, "after")):
        DialogueTreatment.objects.create(dialogue=dialogue, item=item, when=when)
    Participant.objects.create(
        dialogue=dialogue, side="leaders", name=f"Lone {INTERNAL}", email="lone@eksempel.dk", came=True
    )
    ProgrammePoint.objects.create(
        dialogue=dialogue, position=1, title="Pejlemærke 2", goal=goal_set.goals.get(number=2), minutes=20
    )
    opened, draft = a_survey(goal_set, by=by), a_survey(goal_set, by=by, opened=False, kind="final")
    asked = [opened.invitees.earliest("pk"), draft.invitees.earliest("pk")]
    sheet = AnswerSheet.objects.create(invitee=asked[0], answered_by="Leder 1")
    Answer.objects.create(sheet=sheet, question=opened.questions.get(position=5), text=f"{INTERNAL} er glad for det.")
    writing = opened.invitees.latest("pk")  # has handed in too, and writes again
    AnswerSheet.objects.create(invitee=writing, answered_by="Leder 2")
    Reopening.objects.create(invitee=writing)
    head = {"municipality": meeting.committee.municipality, "committee": meeting.committee}
    document = SourceDocument.objects.create(
        **head, kind="notat", file_name="notat.txt", sha256="0" * 64, text="Et notat uden lukkede punkter."
    )
    minutes = SourceDocument.objects.create(
        **head, kind="referat", file_name="referat.txt", sha256="1" * 64, text=f"{CANARY} i kilden."
    )
    Meeting.objects.filter(pk=meeting.pk).update(source_document=minutes)
    for record in (meeting, goal_set, evaluation, dialogue) if is_public else ():
        publish(record)
    goals = list(goal_set.goals.all())
    return World(
        {
            "meeting_id": [meeting.pk, meeting.pk],
            "number": ["1", "2"],
            "slug": [meeting.committee.slug] * 2,
            "goal_id": [goal.pk for goal in goals],
            "set_id": [goal_set.pk] * 2,
            "step_id": [step.pk] * 2,
            **figure_parts,
            "version_number": [2, 1],
            "request_id": [wish.pk, open_wish.pk],
            "round_id": [evaluation.pk, opened.evaluations.get().pk],
            "dialogue_id": [dialogue.pk] * 2,
            **_take_notes(dialogue, by),
            "signed": [signed_for_stopping(by)] * 2,
            "survey_id": [opened.pk, draft.pk],
            "invitee_id": [one.pk for one in asked],
            "token": [a_token(asked[0]), a_token(writing)],
            "document_id": [document.pk, minutes.pk],
            "batch_id": _bind(goal_set, by),
            **_write_notes(goal_set, by),
            "note_id": _issue(goal_set, by, is_public=is_public),
            "attachment_id": [attachment.pk] * 2,
            "promise_id": [Promise.including_closed.get().pk] * 2,
            "municipality_slug": [meeting.committee.municipality.slug] * 2,
            **_organise(meeting.committee),
        },
        {
            "goals": [
                f"?punkt={closed_approval.item_id}",
                f"?udvalg={meeting.committee.slug}",
                "?periode=2022-2025",
                "?dato=2023-01-01&status=paa-vej&omraade=x",
            ],
            **{
                f"{paper}_{form}": [query]
                for paper, query in (
                    ("comparison_note", f"?med={goal_set.pk}"),
                    ("year_note", "?aar=2022"),
                    ("goal_note", "?dato=2023-01-01&udgave=offentlig"),
                )
                for form in ("pdf", "docx", "html")
            },
            "overview": ["?dato=2023-01-01"],
            "log": ["?art=laesning&hvem=signe&fra=2022-01-01", "?foer=1"],
            "survey": ["?vis=mangler"],
            "invitee": ["?udgave=1"],
            "export_json": ["?dato=2023-01-01", f"?udvalg={meeting.committee.slug}"],
            "export_csv": ["?dato=2023-01-01", f"?udvalg={meeting.committee.slug}"],
            "goal": ["?dato=2023-01-01"],
            "goal_set": ["?dato=2023-01-01"],
            "wordings": ["?dato=2023-01-01", "?vis=side", "?fra=1&til=1&vis=side"],
            "wording": ["?vis=side", "?dato=2023-01-01"],
            "wordings_pdf": ["?dato=2023-01-01"],
            "goal_new": [f"?dialog={dialogue.pk}"],
            "learnings": ["?dato=2023-01-01"],
            "learning_new": [f"?dialog={dialogue.pk}&evaluering={evaluation.pk}&pejlemaerke={goals[0].pk}"],
            "wording_new": [f"?punkt={closed_approval.item_id}&oenske={open_wish.pk}"],
            "request_new": [f"?punkt={closed_approval.item_id}"],
            "compare": [
                f"?foer={goal_set.pk}&efter={goal_set.pk}",
                f"?foer={goal_set.pk}@2022-12-01&efter={goal_set.pk}",
            ],
            "plan": ["?version=1", "?dato=2023-01-01"],
            "dispatch_rules": [f"?udvalg={meeting.committee.pk}"],
            "committee": ["?dato=2023-01-01"],
            "year_wheel": ["?aar=2022", "?aar=2023", "?aar=2023&dato=2023-01-01"],
            "year_wheel_of": [f"?aar=2022&kommune={meeting.committee.municipality.slug}", "?aar=2023"],
            "year_wheel_pdf": ["?aar=2022", "?aar=2023"],
            "steps_ics": [f"?udvalg={meeting.committee.slug}"],
            "note_pdf": ["?dato=2023-01-01"],
            "note_item": ["?udgave=offentlig", "?dato=2023-01-01"],
            "note_new": [
                f"?saet={goal_set.pk}",
                f"?pejlemaerke={goals[0].pk}",
                f"?udvalg={meeting.committee.slug}&aar=2022",
            ],
            "notes": [f"?udvalg={meeting.committee.slug}&art=saet"],
            "rollup": ["?sum=1"],
            "rollup_goal": ["?spoergsmaal=1&lederkreds=1&sum=1"],
            "figures": ["?dato=2023-01-01", "?dato=2023-01-01&viden=nu"],
            "measurement_new": ["?dag=2022-12-31"],
            "search": [
                f"?q={CANARY[:-1]}",
                f"?q={CANARY[2:-1]}&art=punkt",
                f"?q={FEW[:-1]}",
                f"?q={INTERNAL[:-1]}&udvalg={meeting.committee.slug}",
                "?q=3.+oktober+2022&valgperiode=2022-2025",
            ],
            "meetings": [
                f"?udvalg={meeting.committee.slug}",
                "?aar=2022&tid=tidligere",
                "?vis=kalender&maaned=2022-10",
            ],
            "meeting": ["?som=borger"],
            "calendar_ics": [f"?udvalg={meeting.committee.slug}"],
            "atom": [f"?udvalg={meeting.committee.slug}"],
            "departures": [f"?udvalg={meeting.committee.slug}&aar=2022", "?aar=1999&side=2"],
            "decision_correct": ["?ad=1"],
            "promises": ["?vis=alle", f"?udvalg={meeting.committee.slug}&vis=alle"],
            "choose_set": [f"?beslutning={closed_approval.pk}"],
            "put_in_force": [f"?beslutning={closed_approval.pk}"],
        },
    )
