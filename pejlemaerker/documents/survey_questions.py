"""Spørgeskabelonen: what leaders are usually asked, the house's own or, where there is none, the usual."""

from typing import Any

from meetings.models import Municipality
from pejlemaerker.models import AbstractQuestion, TemplateQuestion

QUESTION_FIELDS = ("text", "help_text", "kind", "choices", "unit", "is_per_goal", "is_required")

_USUAL: tuple[dict[str, Any], ...] = (
    {
        "text": "Hvad har I gjort?",
        "help_text": "Nævn det vigtigste, I har sat i gang. Et par sætninger er nok.",
        "is_required": True,
    },
    {"text": "Hvad virker?", "help_text": "Hvad kan I se, at det betyder for børn, familier eller borgere?"},
    {"text": "Hvad er svært?", "help_text": "Det må gerne siges, som det er."},
    {
        "text": "Giv et eksempel fra hverdagen",
        "help_text": "Uden navne, og så ingen kan kendes.",
    },
    {"text": "Hvad gør I som det næste?"},
    {
        "text": "Hvordan går arbejdet?",
        "help_text": "Jeres egen vurdering. Den regnes ikke sammen til et tal, og ingen sammenlignes.",
        "kind": AbstractQuestion.Kind.ASSESSMENT,
    },
    {
        "text": "Er der andet, udvalget skal vide?",
        "help_text": "Om arbejdet med pejlemærkerne som helhed.",
        "is_per_goal": False,
    },
)
_PLAIN: dict[str, Any] = {
    "help_text": "", "kind": AbstractQuestion.Kind.TEXT, "choices": "", "unit": "", "is_per_goal": True,
    "is_required": False,
}  # fmt: skip


def house_questions(municipality: Municipality) -> list[dict[str, Any]]:
    """The questions a new round begins with. One query."""
    own = TemplateQuestion.objects.filter(template__municipality=municipality).order_by("template", "position", "pk")
    if rows := list(own):
        first = rows[0].template_id
        return [{name: getattr(one, name) for name in QUESTION_FIELDS} for one in rows if one.template_id == first]
    return usual_questions()


def usual_questions() -> list[dict[str, Any]]:
    """What is asked where the house has no questions of its own."""
    return [{**_PLAIN, **question} for question in _USUAL]
