"""Referatet efter mødet: where it stands, who has signed and who has not, and what was added."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Self

from django.db.models import Q, QuerySet
from django.utils import timezone

from kit.danish import sort_key
from kit.dates import format_datetime
from meetings.documents.minutes_content import MinutesContent
from meetings.documents.parts import Addition, additions_to_minutes, meeting_name
from meetings.models import (
    MINUTES,
    AgendaItem,
    Attendance,
    Closing,
    Committee,
    Correction,
    Meeting,
    Person,
    Publication,
    Recusal,
    Right,
    Seal,
    Signature,
)


def minutes_may_be_public(meeting: Meeting) -> bool:
    """Whether the minutes are finished enough to be published: the meeting is closed, or they were read from a
    document that was finished elsewhere.
    """
    return meeting.source_document_id is not None or Closing.objects.filter(meeting=meeting).exists()


def signatories(meeting: Meeting, *, items: "QuerySet[AgendaItem] | None" = None) -> "QuerySet[Person]":
    """Return those who sign the protocol: who was there, and who sat in for the disqualified on an item (on these
    items); styrelsesloven § 13.
    """
    present = Attendance.objects.filter(meeting=meeting, state=Attendance.State.PRESENT)
    substitutes = Recusal.including_closed.filter(item__meeting=meeting, substitute__isnull=False)
    if items is not None:
        substitutes = substitutes.filter(item__in=items)
    return Person.objects.filter(Q(pk__in=present.values("person")) | Q(pk__in=substitutes.values("substitute")))


def minutes_to_sign(user: Any) -> "QuerySet[Meeting]":
    """Return the meetings whose minutes wait for this user's signature, oldest first: closed, not sealed, and the user
    took part and may read all of the protocol. One query.
    """
    if not user.is_authenticated:
        return Meeting.objects.none()
    me = Person.objects.filter(user=user)
    present = Attendance.objects.filter(person__in=me, state=Attendance.State.PRESENT)
    substitute = Recusal.including_closed.filter(substitute__in=me)
    return (
        Meeting.objects.filter(
            Q(pk__in=present.values("meeting")) | Q(pk__in=substitute.values("item__meeting")),
            committee__in=Committee.objects.where(user, Right.READ_CLOSED),
            closing__isnull=False,
            seal__isnull=True,
        )
        .exclude(pk__in=Signature.objects.filter(person__in=me).values("meeting"))
        .select_related("committee__municipality")
        .prefetch_related("committee__former_names")
        .order_by("date", "pk")
    )


@dataclass(frozen=True, slots=True)
class Signatory:
    """Somebody who signs, and whether it is done."""

    name: str
    signed: str  # "Underskrev 3. oktober 2022 kl. 19.30", or ""
    remark: str  # what came to the minutes after the signature


@dataclass(frozen=True, slots=True)
class Step:
    """How far the minutes have come; for the step guide."""

    title: str
    state: str
    when: str = ""


@dataclass(frozen=True, slots=True)
class CorrectedItem:
    """An item with a dated addition that came after the meeting was closed."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class MinutesDocument:
    """Referatet for the committee's own people: closed, signed, sealed, public."""

    meeting: Meeting
    steps: tuple[Step, ...]
    is_closed: bool
    is_sealed: bool
    is_public: bool
    signatories: tuple[Signatory, ...]
    fingerprint: str  # of the minutes as they read now; what a signature is put to
    sealed: str
    sealed_fingerprint: str
    is_intact: bool  # what was sealed still reads as it did
    additions: tuple[Addition, ...]
    corrected: tuple[CorrectedItem, ...]
    awaits_viewer: bool

    @classmethod
    def for_meeting(cls, meeting: Meeting, *, viewer: Any) -> Self:
        """Ask a constant number of queries; who sat in on an item that the viewer may not see is not named."""
        closing = Closing.objects.filter(meeting=meeting).first()
        seal = Seal.objects.filter(meeting=meeting).select_related("sealed_by").first()
        latest = Publication.objects.filter(subject=MINUTES, subject_pk=meeting.pk).order_by("-pk").first()
        public = latest if latest and latest.act == Publication.Act.PUBLISHED else None
        content = MinutesContent.of(meeting).fingerprint if closing else ""
        signed = _signatories(meeting, viewer, content) if closing else ()
        return cls(
            meeting=meeting,
            steps=tuple(_steps(closing, signed, seal, public)),
            is_closed=closing is not None,
            is_sealed=seal is not None,
            is_public=public is not None,
            signatories=signed,
            fingerprint=content,
            sealed=_sealed(seal) if seal else "",
            sealed_fingerprint=seal.fingerprint if seal else "",
            is_intact=seal is None or MinutesContent.of(meeting, until=seal.sealed_at).fingerprint == seal.fingerprint,
            additions=additions_to_minutes(meeting, names_officials=True),
            corrected=_corrected(meeting, closing, viewer) if closing else (),
            awaits_viewer=minutes_to_sign(viewer).filter(pk=meeting.pk).exists(),
        )

    @property
    def eyebrow(self) -> str:
        """Whose meeting, and when."""
        return meeting_name(self.meeting)

    @property
    def is_imported(self) -> bool:
        """Whether the minutes were finished elsewhere and read from a document."""
        return self.meeting.source_document_id is not None and not self.is_closed

    @property
    def missing(self) -> tuple[str, ...]:
        """Those who have not signed."""
        return tuple(one.name for one in self.signatories if not one.signed)


def _when(at: Any) -> str:
    return format_datetime(timezone.localtime(at))


def _signatories(meeting: Meeting, viewer: Any, fingerprint: str) -> tuple[Signatory, ...]:
    visible = AgendaItem.including_closed.visible_to(viewer).filter(meeting=meeting)
    signed = {one.person_id: one for one in Signature.objects.filter(meeting=meeting)}
    people = sorted(signatories(meeting, items=visible), key=lambda person: sort_key(person.name))
    return tuple(_signatory(person, signed.get(person.pk), fingerprint) for person in people)


def _signatory(person: Person, signature: Signature | None, fingerprint: str) -> Signatory:
    if signature is None:
        return Signatory(str(person), "", "")
    remark = "" if signature.fingerprint == fingerprint else "Referatet har fået tilføjelser siden."
    return Signatory(str(person), f"Underskrev {_when(signature.signed_at)}", remark)


def _steps(
    closing: Closing | None, signers: tuple[Signatory, ...], seal: Seal | None, public: Publication | None
) -> Iterator[Step]:
    signed = sum(bool(one.signed) for one in signers)
    missing = len(signers) - signed
    yield Step("Åbent", "done" if closing else "current", "" if closing else "Beslutningerne skrives")
    yield Step("Lukket", "done" if closing else "future", _when(closing.closed_at) if closing else "")
    title = f"Underskrevet af {signed} af {len(signers)}" if closing else "Underskrevet"
    if seal or not closing:
        yield Step(title, "done" if seal else "future")
    else:
        yield Step(title, "current", f"{missing} mangler")
    yield Step("Forseglet", "done" if seal else "future", _when(seal.sealed_at) if seal else "")
    yield Step("Offentliggjort", "done" if public else "future", _when(public.at) if public else "")


def _sealed(seal: Seal) -> str:
    told = f"Forseglet {_when(seal.sealed_at)}"
    if not seal.reason:
        return f"{told}, da alle havde underskrevet."
    by = f" af {seal.sealed_by}" if seal.sealed_by else ""
    return f"{told}{by}, før alle havde underskrevet: {seal.reason.rstrip('.')}."


def _corrected(meeting: Meeting, closing: Closing, viewer: Any) -> tuple[CorrectedItem, ...]:
    visible = AgendaItem.including_closed.visible_to(viewer).filter(meeting=meeting).in_bulk()
    later = Correction.including_closed.filter(decision__item__in=visible, recorded_at__gt=closing.closed_at)
    return tuple(
        CorrectedItem(f"Punkt {visible[item].number}, {_when(at)}", visible[item].get_absolute_url())
        for item, at in later.order_by("pk").values_list("decision__item", "recorded_at")
    )
