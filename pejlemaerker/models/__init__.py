"""The nouns of the goals' side of the house. Import them from here."""

from pejlemaerker.models.dialogue import Dialogue
from pejlemaerker.models.evaluation import Assessment, EvaluationRound, StatusDraft, StatusEntry
from pejlemaerker.models.follow_up import FollowUpPlan, FollowUpStep, KnowledgeSource
from pejlemaerker.models.goal import AdditionRequest, Adoption, Goal, GoalVersion
from pejlemaerker.models.period import GoalPeriod, GoalSet, PolicyArea

__all__ = [
    "AdditionRequest",
    "Adoption",
    "Assessment",
    "Dialogue",
    "EvaluationRound",
    "FollowUpPlan",
    "FollowUpStep",
    "Goal",
    "GoalPeriod",
    "GoalSet",
    "GoalVersion",
    "KnowledgeSource",
    "PolicyArea",
    "StatusDraft",
    "StatusEntry",
]
