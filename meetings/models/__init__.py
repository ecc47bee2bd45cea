"""The nouns of the council's side of the house. Import them from here."""

from meetings.models.agenda_item import AgendaItem, ItemSection, Recommendation, Routing
from meetings.models.agenda_order import (
    has_begun,
    is_sent_out,
    items_in_order,
    keeps_numbers,
    next_number,
    number_after,
    order_fingerprint,
)
from meetings.models.attachment import Attachment, StoredFile
from meetings.models.attendance import Attendance, ItemAbsence, Recusal
from meetings.models.committee import Committee, FormerName, Membership, Person, committee_name, free_address
from meetings.models.decision import (
    APPROVING,
    DEPARTING,
    PROCEDURAL,
    Category,
    Correction,
    Decision,
    DecisionDraft,
    lacks_decision,
)
from meetings.models.dispatch import Dispatch, DispatchedItem
from meetings.models.dispatch_rule import DispatchRule
from meetings.models.event import SYSTEM, Event
from meetings.models.house_style import HousePhrase, SectionHeading, SectionKind, section_headings
from meetings.models.leadership import Leadership
from meetings.models.letter import Letter, ReminderStop
from meetings.models.log_seal import LogSeal, UnsealedEvent
from meetings.models.meeting import AGENDA, MINUTES, Meeting
from meetings.models.minutes import Closing, MinutesAddition, Seal, Signature
from meetings.models.organisation import CouncilTerm, LeaderGroup, Municipality, OrgUnit
from meetings.models.promise import Promise
from meetings.models.protocol_note import ProtocolNote
from meetings.models.publication import Publication, PublishableQuerySet, latest_act
from meetings.models.readable_sources import readable_sources
from meetings.models.role import COMBINATIONS, ROLES, WRITING, Combination, GrantSource, Right, Role, RoleGrant
from meetings.models.roll import Roll, Voter, seat_rank, seats_on_the_day
from meetings.models.source_document import Finding, SourceDocument
from meetings.models.stay import Stay, StayOutcome
from meetings.models.usage import attended_in, usage_of
from meetings.models.user import Reader, User, Visitor, has_right
from meetings.models.vote import Vote, VoteLine

__all__ = [
    "AGENDA",
    "APPROVING",
    "COMBINATIONS",
    "DEPARTING",
    "MINUTES",
    "PROCEDURAL",
    "ROLES",
    "SYSTEM",
    "WRITING",
    "AgendaItem",
    "Attachment",
    "Attendance",
    "Category",
    "Closing",
    "Combination",
    "Committee",
    "Correction",
    "CouncilTerm",
    "Decision",
    "DecisionDraft",
    "Dispatch",
    "DispatchRule",
    "DispatchedItem",
    "Event",
    "Finding",
    "FormerName",
    "GrantSource",
    "HousePhrase",
    "ItemAbsence",
    "ItemSection",
    "LeaderGroup",
    "Leadership",
    "Letter",
    "LogSeal",
    "Meeting",
    "Membership",
    "MinutesAddition",
    "Municipality",
    "OrgUnit",
    "Person",
    "Promise",
    "ProtocolNote",
    "Publication",
    "PublishableQuerySet",
    "Reader",
    "Recommendation",
    "Recusal",
    "ReminderStop",
    "Right",
    "Role",
    "RoleGrant",
    "Roll",
    "Routing",
    "Seal",
    "SectionHeading",
    "SectionKind",
    "Signature",
    "SourceDocument",
    "Stay",
    "StayOutcome",
    "StoredFile",
    "UnsealedEvent",
    "User",
    "Visitor",
    "Vote",
    "VoteLine",
    "Voter",
    "attended_in",
    "committee_name",
    "free_address",
    "has_begun",
    "has_right",
    "is_sent_out",
    "items_in_order",
    "keeps_numbers",
    "lacks_decision",
    "latest_act",
    "next_number",
    "number_after",
    "order_fingerprint",
    "readable_sources",
    "seat_rank",
    "seats_on_the_day",
    "section_headings",
    "usage_of",
]
