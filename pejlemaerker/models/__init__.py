"""The nouns of the goals' side of the house. Import them from here."""

from pejlemaerker.models.answer import (
    Answer,
    AnswerDraft,
    AnswerSheet,
    Invitee,
    KeptText,
    PersonalLink,
    Reopening,
    hash_of,
    new_token,
)
from pejlemaerker.models.dialogue import Dialogue, DialogueSummary
from pejlemaerker.models.dialogue_parts import Agreement, DialogueTreatment, Participant, ProgrammePoint, Theme
from pejlemaerker.models.evaluation import Assessment, EvaluationRound, StatusDraft, StatusEntry
from pejlemaerker.models.follow_up import FollowUpPlan, FollowUpStep, KnowledgeSource, StepOutcome
from pejlemaerker.models.goal import Goal, GoalClosing, Placement
from pejlemaerker.models.handover import GoalHandoverDraft, HandoverDraft, Learning, SetClosing
from pejlemaerker.models.indicator import Indicator, IndicatorDefinition, Measurement, Target
from pejlemaerker.models.knowledge import AsOf, end_of, known_by, was_known
from pejlemaerker.models.note import (
    Audience,
    Note,
    NoteBatch,
    NoteBatchPart,
    NoteDraft,
    NoteFile,
    NoteKind,
    NoteRecipe,
    NoteTemplate,
    PaperForm,
    newest_template,
)
from pejlemaerker.models.period import GoalPeriod, GoalSet, PolicyArea
from pejlemaerker.models.request import AdditionRequest, RequestSettlement
from pejlemaerker.models.rollup import Quotation, ReviewAct
from pejlemaerker.models.survey import AbstractQuestion, QuestionTemplate, Survey, SurveyQuestion, TemplateQuestion
from pejlemaerker.models.wording import (
    Adoption,
    Annulment,
    ChangeKind,
    Derivation,
    GoalVersion,
    Submission,
    WordingDraft,
)

__all__ = [
    "AbstractQuestion",
    "AdditionRequest",
    "Adoption",
    "Agreement",
    "Annulment",
    "Answer",
    "AnswerDraft",
    "AnswerSheet",
    "AsOf",
    "Assessment",
    "Audience",
    "ChangeKind",
    "Derivation",
    "Dialogue",
    "DialogueSummary",
    "DialogueTreatment",
    "EvaluationRound",
    "FollowUpPlan",
    "FollowUpStep",
    "Goal",
    "GoalClosing",
    "GoalHandoverDraft",
    "GoalPeriod",
    "GoalSet",
    "GoalVersion",
    "HandoverDraft",
    "Indicator",
    "IndicatorDefinition",
    "Invitee",
    "KeptText",
    "KnowledgeSource",
    "Learning",
    "Measurement",
    "Note",
    "NoteBatch",
    "NoteBatchPart",
    "NoteDraft",
    "NoteFile",
    "NoteKind",
    "NoteRecipe",
    "NoteTemplate",
    "PaperForm",
    "Participant",
    "PersonalLink",
    "Placement",
    "PolicyArea",
    "ProgrammePoint",
    "QuestionTemplate",
    "Quotation",
    "Reopening",
    "RequestSettlement",
    "ReviewAct",
    "SetClosing",
    "StatusDraft",
    "StatusEntry",
    "StepOutcome",
    "Submission",
    "Survey",
    "SurveyQuestion",
    "Target",
    "TemplateQuestion",
    "Theme",
    "WordingDraft",
    "end_of",
    "hash_of",
    "known_by",
    "new_token",
    "newest_template",
    "was_known",
]
