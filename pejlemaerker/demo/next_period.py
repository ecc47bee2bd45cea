"""2026–2029: an invented set under way, so that something comes next, and a meeting to record today."""

from datetime import date

from kit.clock import today
from kit.dates import ImpreciseDate
from meetings.models import Committee, CouncilTerm, LeaderGroup
from pejlemaerker.demo import leaders_round
from pejlemaerker.demo.first_period import AGENDA_APPROVED
from pejlemaerker.demo.stage import Item, Stage
from pejlemaerker.models import (
    AdditionRequest,
    FollowUpPlan,
    FollowUpStep,
    Goal,
    GoalPeriod,
    GoalSet,
    GoalVersion,
    PolicyArea,
)

WORDINGS = (
    "Vi giver nye medarbejdere i dagtilbud en god begyndelse og en fast vejleder.",
    "Vi møder alle forældre med tydelige og venlige forventninger fra den første dag.",
    "Vi skaber sammenhæng for barnet, når det går fra dagtilbud til skole.",
)
ADDITION = "Vi skaber sammenhæng for barnet og familien, når barnet går fra dagtilbud til skole og fritidstilbud."
FORMULATED, DECIDED, REWORDED = date(2026, 3, 18), date(2026, 4, 13), date(2026, 5, 4)
STEPS = (
    ("formulating_dialogue", "18. marts 2026", False),
    ("committee_decision", "13. april 2026", False),
    ("amendment_note", "4. maj 2026", False),
    ("ongoing_leader_meetings", "løbende", True),
    ("midterm_evaluation", "efteråret 2027", False),
    ("midterm_dialogue", "november 2027", False),
    ("final_dialogue", "foråret 2029", False),
    ("learning", "foråret 2029", False),
)


def play(stage: Stage, committee: Committee, area: PolicyArea, leaders: LeaderGroup | None) -> None:
    """Play the new period's beginning: formulated, partly adopted, one addition waiting for its decision."""
    goal_set = _make_set(committee, area, leaders)
    stage.publish(goal_set)
    stage.dialogue(
        goal_set,
        "formulating",
        FORMULATED,
        "Udvalget og dagtilbudslederne formulerede tre pejlemærker ud fra læringen af perioden 2022–2025.",
        "Overgang til skole fyldte mest. (Opdigtet til demo.)",
    )
    decisions = stage.meeting(
        committee,
        DECIDED,
        [
            AGENDA_APPROVED,
            Item(
                "Politiske pejlemærker for dagtilbud 2026–2029",
                "approved_amended",
                "Pejlemærke 1 og 2 blev godkendt. Udvalget ønsker, at familien og fritidstilbuddet nævnes i "
                "pejlemærke 3, som forelægges igen.",
                ("at udvalget godkender de tre pejlemærker.",),
                promised=("En beskrivelse af overgangen fra dagtilbud til fritidstilbud", date(2026, 6, 8)),
            ),
        ],
        is_public=True,
    )
    stage.adopt(goal_set, decisions[1], 1, 2)
    _ask_for_addition(goal_set)
    _meeting_to_record(stage, committee)
    if leaders:
        leaders_round.play(stage, goal_set, leaders)


def _make_set(committee: Committee, area: PolicyArea, leaders: LeaderGroup | None) -> GoalSet:
    term = CouncilTerm.objects.create(
        municipality=committee.municipality, starts_on=date(2026, 1, 1), ends_on=date(2029, 12, 31)
    )
    period = GoalPeriod.objects.create(
        committee=committee, council_term=term, starts_on=term.starts_on, ends_on=term.ends_on
    )
    goal_set = GoalSet.objects.create(period=period, area=area, leader_group=leaders, is_demo=True)
    for number, text in enumerate(WORDINGS, start=1):
        goal = Goal.objects.create(goal_set=goal_set, number=number)
        GoalVersion.objects.create(goal=goal, number=1, text=text, worded_on=FORMULATED)
    plan = FollowUpPlan.objects.create(goal_set=goal_set, number=1, agreed_on=DECIDED)
    FollowUpStep.objects.bulk_create(_step(plan, n, *step) for n, step in enumerate(STEPS, start=1))
    return goal_set


def _step(plan: FollowUpPlan, position: int, kind: str, words: str, is_recurring: bool) -> FollowUpStep:
    when = ImpreciseDate.read(words)
    return FollowUpStep(
        plan=plan,
        position=position,
        kind=kind,
        when_text=when.label,
        earliest=when.earliest,
        latest=when.latest,
        precision=when.precision,
        is_recurring=is_recurring,
        occurred_on=when.earliest if when.is_firm else None,
    )


def _ask_for_addition(goal_set: GoalSet) -> None:
    goal = goal_set.goals.get(number=3)
    request = AdditionRequest.objects.create(
        goal_set=goal_set, goal=goal, about="wording", requested_on=DECIDED,
        text="Udvalget ønsker, at familien og fritidstilbuddet nævnes.",
    )  # fmt: skip
    GoalVersion.objects.create(
        goal=goal, number=2, text=ADDITION, worded_on=REWORDED, answers=request,
        change_kind=GoalVersion.ChangeKind.ADDITION, reason="Udvalget bad om en tilføjelse",
    )  # fmt: skip


def _meeting_to_record(stage: Stage, committee: Committee) -> None:
    """A meeting on the day the demo is made, with nothing decided yet: for trying the recording page."""
    stage.meeting(
        committee,
        today(),
        [
            Item("Godkendelse af dagsorden"),
            Item(
                "Pejlemærke 3 for dagtilbud: ny ordlyd",
                points=("at udvalget godkender den nye ordlyd af pejlemærke 3.",),
            ),
            Item(
                "Budgetopfølgning for dagtilbud",
                points=("at udvalget tager orienteringen til efterretning.", "at udvalget drøfter vikarforbruget."),
            ),
            Item("Henvendelse fra en forælder (demo)", is_closed=True, points=("at udvalget godkender svaret.",)),
            Item("Eventuelt"),
        ],
        is_public=False,
    )
