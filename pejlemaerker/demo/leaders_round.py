"""An invented evaluation round under way: leaders who have answered, begun, not begun, and one whose mail came back;
and a dialogue meeting to come, with its programme.
"""

from datetime import time, timedelta
from typing import NamedTuple
from uuid import uuid4

from django.utils import timezone

from kit.clock import today
from meetings.models import LeaderGroup, Leadership, Letter, OrgUnit
from pejlemaerker.actions import create_dialogue
from pejlemaerker.actions.answers import AnswerText, hand_in_answers, save_answers
from pejlemaerker.actions.dialogue_people import Guest, add_participants
from pejlemaerker.actions.programme import propose_programme
from pejlemaerker.actions.surveys import OPENED, Addressee, appearance, ask, begin_survey, open_survey
from pejlemaerker.demo.logins import ANSWER_TOKEN
from pejlemaerker.demo.stage import Stage
from pejlemaerker.documents.participants import proposed_participants
from pejlemaerker.models import (
    Dialogue,
    EvaluationRound,
    Goal,
    GoalSet,
    Invitee,
    PersonalLink,
    Survey,
    SurveyQuestion,
    hash_of,
)

SUBJECT = "Evaluering af pejlemærkerne for dagtilbud"
INVITATION = (
    "Kære leder.\n\nUdvalget mødes snart med jer om pejlemærkerne. Vi beder jer fortælle kort, hvad I har gjort, og "
    "hvordan det går. Tre sætninger om hvert pejlemærke er nok. (Opdigtet til demo.)"
)


class _House(NamedTuple):
    unit: str
    leader: str
    answers: tuple[tuple[str, str, str], ...] = ()  # done, hard, assessment; one for each pejlemærke
    begun: str = ""
    came_back: bool = False


HOUSES = (
    _House("Børnehuset Birken", "Birgit Birk (demo)", (
        ("Alle nye har fået en fast vejleder fra første dag. De siger, at det betyder alt.",
         "Vejlederen mangler tid i ferierne.", "good_progress"),
        ("Vi har lavet en lille folder med tegninger, som forældrene får ved indskrivningen.",
         "Forældre, der ikke taler dansk, når vi ikke endnu.", "under_way"),
    )),
    _House("Børnehuset Egen", "Ejnar Eg (demo)", (
        ("Vi har skrevet en plan for de første tre måneder. To nye har fulgt den.", "", "under_way"),
        ("Samtalen ligger nu før barnet begynder. Det er blevet et bedre møde.",
         "Det tager en time mere for hvert barn.", "good_progress"),
    )),
    _House("Børnehuset Linden", "Lis Lind (demo)", (
        ("Vi har haft mange afløsere og er ikke kommet så langt, som vi ville.",
         "At finde folk. Tre stillinger har været slået op to gange.", "needs_attention"),
        ("Personalet har talt om, hvordan vi siger tingene venligt og tydeligt. Det kan mærkes.", "", "under_way"),
    )),
    _House("Dagplejen Syd", "Sonja Syd (demo)", (
        ("Nye dagplejere følger en erfaren i to uger.", "Det er svært at undvære en dagplejer så længe.", "under_way"),
        ("Vi er begyndt at ringe til forældrene efter den første uge.", "", ""),
    )),
    _House("Børnehuset Åkanden", "Åse Å (demo)", begun="Vi har lavet en tavle med navne og"),
    _House("Børnehuset Pilen", "Pia Pil (demo)"),
    _House("Børnehuset Rønnen", "Rune Røn (demo)"),
    _House("Vuggestuen Ælling", "Ærlig Æl (demo)", came_back=True),
)  # fmt: skip


def play(stage: Stage, goal_set: GoalSet, leaders: LeaderGroup) -> None:
    """Open a round that is due in ten days, for a dialogue meeting in a month."""
    _make_houses(leaders)
    dialogue = _dialogue_to_come(stage, goal_set, leaders)
    survey = begin_survey(
        committee=goal_set.period.committee, goal_sets=[goal_set], nonce=uuid4(), by=stage.by,
        kind=EvaluationRound.Kind.EXTRA, held_on=today(), due_on=today() + timedelta(days=10), dialogue=dialogue,
        subject=SUBJECT, invitation=INVITATION, is_demo=True,
    )  # fmt: skip
    ask(
        survey=survey, by=stage.by,
        leaders=[
            Addressee(one.name, one.email, one.unit.name if one.unit else "", one.unit, leaders)
            for one in Leadership.objects.filter(leader_group=leaders).select_related("unit")
        ],
    )  # fmt: skip
    survey = open_survey(survey=survey, seen=appearance(survey), by=stage.by)
    for house in HOUSES:
        _answer(survey, survey.invitees.get(unit_name=house.unit), house)
    PersonalLink.objects.create(
        invitee=survey.invitees.get(unit_name="Børnehuset Pilen"), token_hash=hash_of(ANSWER_TOKEN),
        expires_at=timezone.now() + timedelta(days=40),
    )  # fmt: skip


def _make_houses(leaders: LeaderGroup) -> None:
    for number, house in enumerate(HOUSES, start=1):
        unit = OrgUnit.objects.create(municipality=leaders.municipality, name=house.unit, kind=OrgUnit.Kind.INSTITUTION)
        Leadership.objects.create(
            leader_group=leaders, unit=unit, name=house.leader, email=f"leder{number}@demo.invalid",
            valid_from=today().replace(month=1, day=1),
        )  # fmt: skip


def _answer(survey: Survey, invitee: Invitee, house: _House) -> None:
    _letter_sent(invitee, came_back=house.came_back)
    done, hard, assessment = _questions(survey)
    goals = list(Goal.objects.filter(goal_set__surveys=survey).order_by("number"))
    if house.begun:
        save_answers(invitee=invitee, answers=[AnswerText(done, goals[0], house.begun)])
    answers = [
        AnswerText(question, goal, text)
        for goal, texts in zip(goals, house.answers, strict=False)
        for question, text in zip((done, hard, assessment), texts, strict=True)
        if text
    ]
    if answers:
        sheet = hand_in_answers(invitee=invitee, answers=answers, answered_by=invitee.name, nonce=uuid4())
        now = timezone.now()
        Letter.objects.create(
            key=f"kvittering:{sheet.pk}", kind="kvittering", about=f"adspurgt:{invitee.pk}", to=invitee.email,
            subject=f"Kvittering: {SUBJECT}", claimed_at=now, sent_at=now,
        )  # fmt: skip


def _letter_sent(invitee: Invitee, *, came_back: bool) -> None:
    """The demo's invented leaders are written to in the books only."""
    now = timezone.now()
    Letter.objects.create(
        key=f"indbydelse:{invitee.pk}:{OPENED}", kind="indbydelse", about=f"adspurgt:{invitee.pk}", to=invitee.email,
        subject=SUBJECT, claimed_at=now, sent_at=now, returned_at=now if came_back else None,
        returned_why="Mailserveren afviste brevet: adressen findes ikke" if came_back else "",
    )  # fmt: skip


def _questions(survey: Survey) -> tuple[SurveyQuestion, SurveyQuestion, SurveyQuestion]:
    """What have you done, what is hard, and the assessment, of the house's own questions."""
    kinds = SurveyQuestion.Kind
    texts = list(survey.questions.filter(kind=kinds.TEXT, is_per_goal=True))
    return texts[0], texts[2], survey.questions.get(kind=kinds.ASSESSMENT)


def _dialogue_to_come(stage: Stage, goal_set: GoalSet, leaders: LeaderGroup) -> Dialogue:
    dialogue = create_dialogue(
        goal_set=goal_set, leader_groups=[leaders], goals=goal_set.goals.all(), nonce=uuid4(), by=stage.by,
        kind=Dialogue.Kind.MIDTERM, held_on=today() + timedelta(days=30), starts_at=time(16), ends_at=time(18),
        place="Rådhuset, mødesalen", step=None, public_summary="", internal_notes="", is_demo=True,
    )  # fmt: skip
    propose_programme(dialogue=dialogue, by=stage.by)
    guests = [
        Guest(one.side, one.name, one.email, one.person, one.leader_group, one.unit)
        for one in proposed_participants(dialogue)
    ]
    add_participants(dialogue=dialogue, guests=guests, by=stage.by)
    return dialogue
