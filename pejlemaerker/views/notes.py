"""Papers about pejlemærker as files, made when they are asked for: `/saet/3/notat.pdf` and its relatives."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from kit.danish import address_of
from kit.dates import format_date
from kit.guards import public
from kit.paper.document import Stamp
from pejlemaerker.documents.notes.choices import Choices
from pejlemaerker.documents.notes.making import DRAFT, paper_of, template_of
from pejlemaerker.documents.notes.subject import Subject, editions_for
from pejlemaerker.models import AsOf, Audience, NoteKind, NoteRecipe, PaperForm
from pejlemaerker.permissions import can_write_notes, committee_for, goal_for, goal_set_for
from pejlemaerker.views.as_of import as_of_asked_for

# How an edition is asked for: `?udgave=offentlig`.
EDITIONS = {"intern": Audience.INTERNAL, "udvalg": Audience.COMMITTEE, "offentlig": Audience.PUBLIC}


@public
@require_safe
def note(request: HttpRequest, set_id: int, form: str) -> HttpResponse:
    """Statusnotatet for et sæt (`?dato=`, `?udgave=`, `?opskrift=`): what the reader may see, and no more."""
    return file_answer(request, Subject.of_set(goal_set_for(request.user, set_id=set_id)), form)


@public
@require_safe
def goal_note(request: HttpRequest, goal_id: int, form: str) -> HttpResponse:
    """Statusnotatet for ét pejlemærke."""
    return file_answer(request, Subject.of_goal(goal_for(request.user, goal_id=goal_id)), form)


@public
@require_safe
def year_note(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    """Udvalgets årsstatus (`?aar=`; else this year)."""
    committee, at = committee_for(request.user, slug=slug), as_of_asked_for(request)
    return file_answer(request, Subject.of_year(committee, _year(request, at)), form)


@public
@require_safe
def comparison_note(request: HttpRequest, set_id: int, form: str) -> HttpResponse:
    """Sammenligning af to perioder (`?med=` the other set)."""
    other = request.GET.get("med", "")
    if not other.isdecimal() or len(other) > 18:
        raise Http404
    sets = [goal_set_for(request.user, set_id=pk) for pk in (set_id, int(other))]
    older, newer = sorted(sets, key=lambda one: one.period.starts_on)
    return file_answer(request, Subject.of_two(older, newer), form)


def file_answer(request: HttpRequest, subject: Subject, form: str) -> HttpResponse:
    """Make the paper and answer with the file, in the edition asked for among those the user may have."""
    at = as_of_asked_for(request)
    audience = _edition(request, subject)
    writes = can_write_notes(request.user, subject.committee)
    paper = paper_of(
        subject,
        audience=audience,
        at=at,
        choices=_choices(request, subject, writes=writes),
        author=request.user if writes else None,
    )
    paper = paper.stamped(DRAFT if writes else Stamp(colophon=(_not_issued(at),)))
    from pejlemaerker.papers import make  # noqa: PLC0415  (slow import: only where a paper is made)

    made = make(paper, form, house=template_of(subject, at))
    response = HttpResponse(made.content, content_type=made.mime)
    how = "attachment" if form == PaperForm.DOCX else "inline"
    response.headers["Content-Disposition"] = f'{how}; filename="{file_name(subject, at, form)}"'
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def file_name(subject: Subject, at: AsOf, form: str) -> str:
    """notat-dagtilbudsomraadet-2026-11-22.pdf."""
    word = {NoteKind.YEAR: "aarsstatus", NoteKind.COMPARISON: "sammenligning", NoteKind.ITEM: "dagsordenspunkt"}
    about = subject.goal_set.area.name if subject.goal_set else subject.committee.name
    number = f"-pejlemaerke-{subject.goal.number}" if subject.goal else ""
    return f"{word.get(subject.kind, 'notat')}-{address_of(about)}{number}-{at.on.isoformat()}.{form}"


def _edition(request: HttpRequest, subject: Subject) -> Audience:
    """The edition asked for, if the user may have it; else the fullest."""
    allowed = editions_for(request.user, subject)
    asked = EDITIONS.get(request.GET.get("udgave", ""))
    return asked if asked in allowed else allowed[0]


def _choices(request: HttpRequest, subject: Subject, *, writes: bool) -> Choices:
    recipe = request.GET.get("opskrift", "")
    usual = Choices.usual(subject.kind)
    if not (writes and recipe.isdecimal() and len(recipe) < 19):
        return usual
    found = NoteRecipe.objects.filter(pk=int(recipe), committee=subject.committee, kind=subject.kind).first()
    if found is None:
        raise Http404
    return Choices.from_data(found.choices, found.kind)


def _year(request: HttpRequest, at: AsOf) -> int:
    raw = request.GET.get("aar", "")
    if raw and not (raw.isdecimal() and 1900 <= int(raw[:5]) <= 2200):
        raise Http404
    return int(raw) if raw else at.on.year


def _not_issued(at: AsOf) -> str:
    return f"Udskrift af, hvad der var offentligt og kendt {format_date(at.known)}. Ikke et udstedt notat."
