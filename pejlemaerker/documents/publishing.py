"""Offentliggørelse af et sæt, en evaluering, et dialogmøde: what would become public, and what to look at first."""

from collections.abc import Iterator

from kit.paper.document import Paper
from meetings.documents.public_texts import Passage
from meetings.documents.publishing import PublishingPart, publishing_part
from pejlemaerker.documents.names import warnings_of_names
from pejlemaerker.documents.notes.issuing import passages_of
from pejlemaerker.models import Dialogue, EvaluationRound, FollowUpStep, GoalSet, GoalVersion, Note, StatusEntry


def part_of_set(goal_set: GoalSet) -> PublishingPart:
    """A set: its wordings and its plan."""
    return publishing_part(
        goal_set, "saet", "goal_set", "Sættet",
        "Ordlyd, historie og opfølgningsplan. Evalueringer, dialogmøder og udstedte notater offentliggøres og trækkes "
        "tilbage hver for sig.",
        _set_passages(goal_set),
    )  # fmt: skip


def _set_passages(goal_set: GoalSet) -> Iterator[Passage]:
    for version in GoalVersion.objects.filter(goal__goal_set=goal_set).select_related("goal"):
        yield f"Pejlemærke {version.goal.number}, ordlyd {version.number}", version.text
    for request in goal_set.addition_requests.all():
        yield "Ønske om tilføjelse", request.text
    for step in FollowUpStep.objects.filter(plan__goal_set=goal_set):
        yield f"Opfølgningsplan, {step}", f"{step.title} {step.when_text}"


def part_of_evaluation(evaluation: EvaluationRound) -> PublishingPart:
    """An evaluation: every status that was handed in, and the quotations."""
    return publishing_part(
        evaluation, "evaluering", "evaluation_round", "Evalueringen",
        "Status og vurdering for hvert pejlemærke, citater med deres kilde, og hvordan lederne svarede. Kladder og de "
        "enkelte svar bliver ikke offentlige.",
        _evaluation_passages(evaluation),
    )  # fmt: skip


def _evaluation_passages(evaluation: EvaluationRound) -> Iterator[Passage]:
    for entry in StatusEntry.objects.filter(round=evaluation).select_related("goal"):
        yield f"Pejlemærke {entry.goal.number}", entry.text
    for quotation in evaluation.quotations.select_related("goal"):
        yield f"Pejlemærke {quotation.goal.number}, citat", f"{quotation.text}\n{quotation.source}"


def part_of_dialogue(dialogue: Dialogue) -> PublishingPart:
    """A dialogue meeting: its summary, never its notes."""
    return publishing_part(
        dialogue, "dialogmoede", "dialogue", "Dialogmødet",
        "Dato, lederkredse, pejlemærker og resumé. De interne noter bliver aldrig offentlige.",
        [("Resumé", dialogue.public_summary)], unread=warnings_of_names(dialogue, dialogue.public_summary),
    )  # fmt: skip


def part_of_note(note: Note) -> PublishingPart:
    """An issued note in its public edition: exactly its files, which never change."""
    corrections = [f"Notatet er rettet af notat {one.name}" for one in note.corrections.defer("paper")]
    return publishing_part(
        note, "notat", "note", "Notatet", "Notatet, som det blev udstedt, som PDF, Word og HTML.",
        passages_of(Paper.from_data(note.paper)), unread=corrections,
    )  # fmt: skip
