"""What holds on to a part of the organisation, so that it cannot be deleted: in numbers, and in Danish words."""

from django.db import models
from django.db.models import Q

from meetings.models.agenda_item import Routing
from meetings.models.attendance import Attendance
from meetings.models.committee import Membership

# Where the name of the row says little to the one who is told of it.
_IN_WORDS: dict[type[models.Model], tuple[str, str]] = {
    Routing: ("punkt, der skal gennem det", "punkter, der skal gennem det"),
    Attendance: ("fremmøde ved et møde", "fremmøder ved møder"),
}


def usage_of(part: models.Model) -> list[str]:
    """Count what hangs on a part: ["4 møder", "1 pejlemærkeperiode"]. Empty means that it may go.

    Counts what the database protects, and also the links of many to many, which it would let go without a word.
    """
    counts = [_count(relation, part) for relation in _relations_to(part)]
    if isinstance(part, Membership):
        counts.append((attended_in(part).count(), "møde med fremmøde", "møder med fremmøde"))
    return [f"{count} {one if count == 1 else many}" for count, one, many in counts if count]


def attended_in(seat: Membership) -> models.QuerySet[Attendance]:
    """Return the attendance, own or by a substitute, that the protocol has because of a seat."""
    during = Q(meeting__date__gte=seat.valid_from)
    if seat.valid_to:
        during &= Q(meeting__date__lte=seat.valid_to)
    whose = Q(person=seat.person_id) | Q(substitute_for=seat.person_id)
    return Attendance.objects.filter(during & whose, meeting__committee=seat.committee_id)


def _relations_to(part: models.Model) -> list[models.ForeignObjectRel]:
    return [
        field
        for field in part._meta.get_fields(include_hidden=True)
        if isinstance(field, models.ForeignObjectRel) and not field.related_model._meta.auto_created
    ]


def _count(relation: models.ForeignObjectRel, part: models.Model) -> tuple[int, str, str]:
    model = relation.related_model
    rows = model._base_manager.filter(**{relation.field.name: part})
    meta = model._meta
    one, many = _IN_WORDS.get(model, (str(meta.verbose_name), str(meta.verbose_name_plural)))
    return rows.count(), one, many
