"""The nouns of the council's side of the house. Import them from here."""

from meetings.models.agenda_item import AgendaItem, ItemSection, Recommendation, Routing
from meetings.models.committee import Committee, Membership, Person
from meetings.models.decision import APPROVING, Category, Correction, Decision, DecisionDraft, lacks_decision
from meetings.models.event import Event
from meetings.models.meeting import AGENDA, MINUTES, Meeting
from meetings.models.organisation import CouncilTerm, LeaderGroup, Municipality, OrgUnit
from meetings.models.publication import Publication, PublishableQuerySet, latest_act
from meetings.models.readable_sources import readable_sources
from meetings.models.role import ROLES, Right, Role, RoleGrant
from meetings.models.source_document import Finding, SourceDocument
from meetings.models.user import User

__all__ = [
    "AGENDA",
    "APPROVING",
    "MINUTES",
    "ROLES",
    "AgendaItem",
    "Category",
    "Committee",
    "Correction",
    "CouncilTerm",
    "Decision",
    "DecisionDraft",
    "Event",
    "Finding",
    "ItemSection",
    "LeaderGroup",
    "Meeting",
    "Membership",
    "Municipality",
    "OrgUnit",
    "Person",
    "Publication",
    "PublishableQuerySet",
    "Recommendation",
    "Right",
    "Role",
    "RoleGrant",
    "Routing",
    "SourceDocument",
    "User",
    "lacks_decision",
    "latest_act",
    "readable_sources",
]
