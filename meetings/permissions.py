"""Who may do what with meetings: plain questions with yes or no, and the fetchers that ask "may they see it?" first."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q
from django.shortcuts import get_list_or_404, get_object_or_404

from meetings.documents.minutes import signatories
from meetings.models import (
    AgendaItem,
    Attachment,
    Decision,
    Leadership,
    Meeting,
    Membership,
    Municipality,
    Promise,
    Right,
    RoleGrant,
    SourceDocument,
    User,
    has_right,
    readable_sources,
)


def is_logged_in(user: Any) -> bool:
    """Whether it is known who this is; what the person's own page shows, the rules for each thing decide."""
    return bool(user.is_authenticated)


def can_plan_some_meeting(user: Any) -> bool:
    """Whether the user calls meetings in any committee."""
    return user.is_authenticated and bool(user.holds(Right.PLAN_MEETINGS))


def can_plan_meeting(user: Any, meeting: Meeting) -> bool:
    """Whether the user writes this meeting's agenda."""
    return has_right(user, Right.PLAN_MEETINGS, meeting.committee)


def can_edit_item(user: Any, item: AgendaItem) -> bool:
    """Whether the user writes this agenda item."""
    return can_plan_meeting(user, item.meeting)


def can_record_decisions(user: Any, meeting: Meeting) -> bool:
    """Whether the user keeps this meeting's protocol."""
    return has_right(user, Right.RECORD_DECISIONS, meeting.committee)


def can_record_decision(user: Any, item: AgendaItem) -> bool:
    """Whether the user enters the decision on this item."""
    return can_record_decisions(user, item.meeting)


def can_edit_organisation(user: Any, municipality: Municipality) -> bool:
    """Whether the user edits this municipality's committees, members and words."""
    return user.is_authenticated and any(
        held.municipality == municipality.pk and held.committee is None for held in user.holds(Right.EDIT_ORGANISATION)
    )


def can_edit_some_organisation(user: Any) -> bool:
    """Whether the user edits any municipality's organisation."""
    return user.is_authenticated and any(held.committee is None for held in user.holds(Right.EDIT_ORGANISATION))


class UserOf(NamedTuple):
    """En bruger as seen from a municipality in which the user has, had or will have a role or a seat."""

    user: User
    municipality: Municipality


def user_for(_user: Any, /, *, municipality_slug: str, user_id: int) -> UserOf:
    """Find a login that belongs to a municipality, by its number."""
    municipality = get_object_or_404(Municipality, slug=municipality_slug)
    belongs = Q(role_grants__municipality=municipality) | Q(person__memberships__committee__municipality=municipality)
    return UserOf(get_object_or_404(User.objects.filter(belongs).distinct(), pk=user_id), municipality)


def can_edit_user(user: Any, found: UserOf) -> bool:
    """Whether the user keeps this login: only who keeps every municipality it plays a part in. Otherwise the
    administrator of one municipality could give themselves what another has given.
    """
    grants = Municipality.objects.filter(role_grants__user=found.user)
    seats = Municipality.objects.filter(committees__memberships__person__user=found.user)
    return all(can_edit_organisation(user, one) for one in {found.municipality, *grants, *seats})


def grant_for(_user: Any, /, *, municipality_slug: str, grant_id: int) -> RoleGrant:
    """Find a granted role by its municipality's short name and its number."""
    rows = RoleGrant.objects.select_related("user", "committee", "municipality")
    return get_object_or_404(rows, municipality__slug=municipality_slug, pk=grant_id)


def can_end_grant(user: Any, grant: RoleGrant) -> bool:
    """Whether the user ends this role."""
    return can_edit_organisation(user, grant.municipality)


def can_keep_leaders(user: Any, municipality: Municipality) -> bool:
    """Whether the user writes who leads what, and what leaders are usually asked: the administrator, who keeps the
    organisation, and those who follow up in any of its committees (the consultant): they are the ones who write to the
    leaders, and hear first that one has stopped.
    """
    return can_edit_organisation(user, municipality) or (
        user.is_authenticated and any(held.municipality == municipality.pk for held in user.holds(Right.FOLLOW_UP))
    )


def can_keep_leadership(user: Any, leadership: Leadership) -> bool:
    """Whether the user writes this lederpost."""
    return can_keep_leaders(user, leadership.municipality)


def leadership_for(_user: Any, /, *, municipality_slug: str, leadership_id: int) -> Leadership:
    """Find a lederpost by its municipality's short name and its number."""
    rows = Leadership.objects.select_related("leader_group__municipality", "unit")
    return get_object_or_404(rows, leader_group__municipality__slug=municipality_slug, pk=leadership_id)


def municipality_for(_user: Any, /, *, municipality_slug: str) -> Municipality:
    """Find a municipality by its short name."""
    return get_object_or_404(Municipality, slug=municipality_slug)


def can_edit_part(user: Any, part: Any) -> bool:
    """Whether the user edits the organisation this is a part of: a committee, a seat, a person, a heading."""
    return can_edit_organisation(user, part.municipality)


def part_for[M: Model](model: type[M], part_id: str) -> Callable[..., M]:
    """Return the fetcher of a kind of part: by its municipality's short name and its number (`part_id`)."""
    owner = "committee__municipality" if model is Membership else "municipality"

    def fetch(_user: Any, /, *, municipality_slug: str, **parts: int) -> M:
        rows = model._default_manager.select_related(owner)
        return get_object_or_404(rows, **{f"{owner}__slug": municipality_slug}, pk=parts[part_id])

    return fetch


def can_publish_meeting(user: Any, meeting: Meeting) -> bool:
    """Whether the user makes this meeting's agenda and minutes public."""
    return has_right(user, Right.PUBLISH, meeting.committee)


def can_read_sources(user: Any, document: SourceDocument) -> bool:
    """Whether the user may read original documents at all; which ones, `readable_sources` tells."""
    return bool(user.holds(Right.READ_NOTES))


def meeting_for(user: Any, /, *, meeting_id: int) -> Meeting:
    """Find a meeting among those the user may see."""
    return get_object_or_404(Meeting.objects.visible_to(user).select_related("committee__municipality"), pk=meeting_id)


def item_for(user: Any, /, *, meeting_id: int, number: str) -> AgendaItem:
    """Find an agenda item among those the user may see; a closed one is simply not there for others."""
    items = AgendaItem.including_closed.visible_to(user).select_related("meeting__committee__municipality")
    return get_object_or_404(items, meeting=meeting_id, number=number)


class AgendaPlace(NamedTuple):
    """A place on an agenda, by its number: another item may stand there since the person saw the page."""

    meeting: Meeting
    number: str


def place_for(user: Any, /, *, meeting_id: int, number: str) -> AgendaPlace:
    """Find a place on the agenda of a meeting the user may see; what stands there is fetched by `item_at`."""
    return AgendaPlace(meeting_for(user, meeting_id=meeting_id), number)


def can_plan_place(user: Any, place: AgendaPlace) -> bool:
    """Whether the user writes the agenda the place is on."""
    return can_plan_meeting(user, place.meeting)


def item_at(user: Any, place: AgendaPlace, pk: str = "") -> AgendaItem:
    """Find the item a form was about (pk), wherever it stands by now, or else the one at the place."""
    if not is_pk(pk):
        return item_for(user, meeting_id=place.meeting.pk, number=place.number)
    items = AgendaItem.including_closed.visible_to(user).select_related("meeting__committee__municipality")
    item = get_object_or_404(items, pk=pk)
    if not can_edit_item(user, item):
        raise PermissionDenied
    return item


def item_meant(user: Any, item: AgendaItem, pk: str) -> AgendaItem:
    """Find the item of the same meeting that a form of the protocol was about (pk): numbers may be handed out anew, and
    a decision on one item is never entered on another.
    """
    if not is_pk(pk) or int(pk) == item.pk:
        return item
    items = AgendaItem.including_closed.visible_to(user).select_related("meeting__committee__municipality")
    return get_object_or_404(items, meeting=item.meeting_id, pk=pk)


def is_pk(text: str) -> bool:
    """Whether a text that came with a form can be the number of a row."""
    return text.isdecimal() and len(text) < 19  # more is no bigint of PostgreSQL's


def decisions_for(user: Any, /, *, item: AgendaItem, point: str = "") -> list[Decision]:
    """Find the decision on an item among those the user may see, or those on its at-points; or that on the point of
    this number.
    """
    decisions = Decision.including_closed.visible_to(user).filter(item=item).select_related("recommendation", "item")
    if point:
        decisions = decisions.filter(recommendation__number=int(point) if point.isdecimal() and len(point) < 5 else 0)
    return get_list_or_404(decisions.order_by("recommendation__number"))


def can_put_in_force_by_decision_on(user: Any, item: AgendaItem) -> bool:
    """Whether the user may point the decision on this item at wordings."""
    return has_right(user, Right.PUT_IN_FORCE, item.meeting.committee)


def source_for(user: Any, /, *, document_id: int) -> SourceDocument:
    """Find an original document among those the user may read."""
    return get_object_or_404(readable_sources(user), pk=document_id)


def can_read_minutes(user: Any, meeting: Meeting) -> bool:
    """Whether the user is one of the committee's own people, who may see how far the minutes have come."""
    return has_right(user, Right.READ_MEETINGS, meeting.committee)


def can_sign_minutes(user: Any, meeting: Meeting) -> bool:
    """Whether the user took part in the meeting and may read all of what is signed."""
    return has_right(user, Right.READ_CLOSED, meeting.committee) and signatories(meeting).filter(user=user).exists()


def promise_for(user: Any, /, *, promise_id: int) -> Promise:
    """Find a promise among those the user may read."""
    promises = Promise.including_closed.visible_to(user).select_related(
        "item__meeting__committee__municipality", "committee__municipality"
    )
    return get_object_or_404(promises, pk=promise_id)


def can_settle_promise(user: Any, promise: Promise) -> bool:
    """Whether the user notes what became of this promise."""
    return has_right(user, Right.RECORD_DECISIONS, promise.given_in)


def can_put_promise_on_agenda(user: Any, promise: Promise) -> bool:
    """Whether the user writes the agenda of the committee that got this promise."""
    return has_right(user, Right.PLAN_MEETINGS, promise.given_in)


def attachment_for(user: Any, /, *, meeting_id: int, number: str, attachment_id: int) -> Attachment:
    """Find an attachment among those the user may see; its content is fetched only where it is served."""
    visible = Attachment.including_closed.visible_to(user).select_related(
        "file", "item__meeting__committee__municipality"
    )
    return get_object_or_404(
        visible.defer("file__content"), pk=attachment_id, item__meeting=meeting_id, item__number=number
    )


def can_edit_attachment(user: Any, attachment: Attachment) -> bool:
    """Whether the user writes the item this attachment is on."""
    return can_edit_item(user, attachment.item)
