"""The nouns of the goals' side of the house. Import them from here."""

from pejlemaerker.models.dialogue import Dialogue, DialogueSummary
from pejlemaerker.models.evaluation import Assessment, EvaluationRound, StatusDraft, StatusEntry
from pejlemaerker.models.follow_up import FollowUpPlan, FollowUpStep, KnowledgeSource, StepOutcome
from pejlemaerker.models.goal import Goal, GoalClosing, Placement
from pejlemaerker.models.handover import GoalHandoverDraft, HandoverDraft, Learning, SetClosing
from pejlemaerker.models.indicator import Indicator, IndicatorDefinition, Measurement, Target
from pejlemaerker.models.knowledge import AsOf, end_of, known_by, was_known
from pejlemaerker.models.period import GoalPeriod, GoalSet, PolicyArea
from pejlemaerker.models.request import AdditionRequest, RequestSettlement
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
    "AdditionRequest",
    "Adoption",
    "Annulment",
    "AsOf",
    "Assessment",
    "ChangeKind",
    "Derivation",
    "Dialogue",
    "DialogueSummary",
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
    "KnowledgeSource",
    "Learning",
    "Measurement",
    "Placement",
    "PolicyArea",
    "RequestSettlement",
    "SetClosing",
    "StatusDraft",
    "StatusEntry",
    "StepOutcome",
    "Submission",
    "Target",
    "WordingDraft",
    "end_of",
    "known_by",
    "was_known",
]
