"""Hvidovre 2022–2025: the real wordings of the note, carried to the period's end by invented decisions, evaluations and
dialogues.
"""

from datetime import date

from meetings.models import Committee, User
from pejlemaerker.demo.stage import Item, Stage
from pejlemaerker.models import GoalSet

AGENDA_APPROVED = Item("Godkendelse af dagsorden", "approved", "Godkendt.")
CHILDCARE_MIDTERM = [
    (
        "Alle områder har drøftet strategien på ledermøder og valgt to af dens seks pejlemærker at begynde med. "
        "Arbejdet med legemiljøer er nået længst.",
        "good_progress",
    ),
    (
        "Flere huse har faste vejledere for studerende og nyansatte. Det er stadig svært at få ansøgere til "
        "ydertimerne, og vikarforbruget er uændret.",
        "needs_attention",
    ),
    (
        "Forventningsbreve til nye forældre er prøvet i en tredjedel af husene. Forældrebestyrelserne har været med "
        "til at skrive dem.",
        "under_way",
    ),
]
FAMILY_MIDTERM = [
    (
        "Børn og unge er med til møderne om dem selv i de fleste forløb. Lederne ønsker en fælles måde at spørge på, "
        "så svarene kan bruges på tværs.",
        "good_progress",
    ),
    (
        "Henvendelser fra sundhedsplejen fører oftere til hjælp, før der bliver en sag. Overgangen fra dagtilbud til "
        "skole er det næste, der tages fat på.",
        "under_way",
    ),
    (
        "Samarbejdet er godt, hvor skole og rådgivning mødes fast. Det halter, når et forløb skifter hænder.",
        "needs_attention",
    ),
    ("Ungeindsatsen er samlet ét sted, og ventetiden til samtaler er blevet kortere.", ""),
]
CHILDCARE_FINAL = [
    ("Strategiens pejlemærker indgår nu i alle huses årsplaner.", "good_progress"),
    ("Vejlederordningen er udbredt til alle huse. Rekruttering til ydertimer er fortsat vanskelig.", "under_way"),
    ("Forventningsbreve bruges i alle huse og tages op på forældremøder hvert år.", "good_progress"),
]
FAMILY_FINAL = [
    ("Inddragelse er fast punkt i alle forløb. En fælles spørgeguide er taget i brug.", "good_progress"),
    ("Den tidlige indsats er udvidet til overgangen mellem dagtilbud og skole.", "good_progress"),
    ("Der er aftalt faste overdragelsesmøder, når et forløb skifter hænder. Det skal følges videre.", "under_way"),
    ("De unge kender tilbuddet, og flere kommer af sig selv.", "good_progress"),
]


def play(stage: Stage, committee: Committee, childcare: GoalSet, family: GoalSet) -> None:
    """Play the period from the decision in October 2022 to the learning in May 2025."""
    for goal_set in (childcare, family):
        stage.publish(goal_set)
        for dialogue in committee.dialogues.filter(goals__goal_set=goal_set).distinct():
            stage.publish(dialogue)
    _adopted(stage, committee, childcare, family)
    _midterm(stage, committee, childcare, family)
    _end(stage, committee, childcare, family)


def _adopted(stage: Stage, committee: Committee, childcare: GoalSet, family: GoalSet) -> None:
    recommended = (
        "at udvalget godkender pejlemærkerne for dagtilbud og børne- og familieområdet med tilføjelserne i notat af "
        "8. september 2022."
    )
    decisions = stage.meeting(
        committee,
        date(2022, 10, 3),
        [
            AGENDA_APPROVED,
            Item("Politiske pejlemærker 2022–2025", "approved", "Tiltrådt som indstillet.", (recommended,)),
            Item("Sag om en ansøgning (demo)", "approved", "Godkendt.", is_closed=True),
        ],
        is_public=True,
    )
    meeting = decisions[1].item.meeting
    stage.sign(meeting, *User.objects.filter(person__memberships__committee=committee).order_by("pk"))
    stage.adopt(childcare, decisions[1])
    stage.adopt(family, decisions[1])


def _midterm(stage: Stage, committee: Committee, childcare: GoalSet, family: GoalSet) -> None:
    childcare_evaluation = stage.evaluate(childcare, "midterm", date(2023, 10, 11), CHILDCARE_MIDTERM)
    family_evaluation = stage.evaluate(family, "midterm", date(2023, 10, 25), FAMILY_MIDTERM)
    dialogue = stage.dialogue(
        childcare,
        "midterm",
        date(2023, 11, 20),
        "Lederne viste, hvordan strategien bruges i hverdagen. Udvalget og lederne var enige om, at rekruttering er "
        "det sværeste, og at vejlederordningen skal bredes ud.",
        "Spørg centret om tal for vikarforbrug til næste møde. (Opdigtet til demo.)",
    )
    stage.present(childcare_evaluation, dialogue)
    dialogue = stage.dialogue(
        family,
        "midterm",
        date(2023, 11, 20),
        "Lederne fortalte om inddragelse af børn og unge og om overgange mellem tilbud. Udvalget bad om at følge, hvad "
        "der sker, når et forløb skifter hænder.",
        "Overdragelsesmøder foreslået som fælles spor. (Opdigtet til demo.)",
    )
    stage.present(family_evaluation, dialogue)
    stage.meeting(
        committee,
        date(2023, 12, 4),
        [
            AGENDA_APPROVED,
            Item(
                "Status på de politiske pejlemærker midtvejs i perioden",
                "noted",
                "Taget til efterretning. Udvalget ønsker overgange mellem tilbud belyst på de afsluttende dialogmøder.",
                ("at udvalget tager status til efterretning.",),
            ),
        ],
        is_public=True,
    )


def _end(stage: Stage, committee: Committee, childcare: GoalSet, family: GoalSet) -> None:
    childcare_evaluation = stage.evaluate(childcare, "final", date(2025, 5, 7), CHILDCARE_FINAL)
    family_evaluation = stage.evaluate(family, "final", date(2025, 5, 8), FAMILY_FINAL)
    dialogue = stage.dialogue(
        childcare,
        "final",
        date(2025, 5, 26),
        "Status på de tre pejlemærker blev drøftet. Læring: Det virkede at begynde med få ting og lade husene vælge. "
        "Det næste udvalg bør tage rekruttering op tidligt.",
        "Tak til lederkredsen. (Opdigtet til demo.)",
    )
    stage.present(childcare_evaluation, dialogue)
    dialogue = stage.dialogue(
        family,
        "final",
        date(2025, 5, 27),
        "Status på de fire pejlemærker blev drøftet. Læring: Børnenes egne ord gjorde størst indtryk. Overgange kræver "
        "faste aftaler og ikke kun god vilje.",
        "Bilag med citater skal gennemgås, før det deles. (Opdigtet til demo.)",
    )
    stage.present(family_evaluation, dialogue)
    stage.meeting(
        committee,
        date(2025, 6, 16),
        [
            AGENDA_APPROVED,
            Item(
                "Afslutning på arbejdet med de politiske pejlemærker 2022–2025",
                "noted",
                "Taget til efterretning.",
                ("at udvalget tager status og læring til efterretning og giver den videre til det kommende udvalg.",),
            ),
        ],
        is_public=True,
    )
