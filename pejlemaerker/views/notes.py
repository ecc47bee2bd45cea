"""Papers about pejlemærker as files, made when they are asked for: `/saet/3/notat.pdf` and its relatives."""

import json
from dataclasses import asdict, replace
from hashlib import sha256

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.csp import CSP
from django.views.decorators.http import require_safe

from kit.clock import today
from kit.danish import address_of
from kit.dates import format_date
from kit.guards import public
from kit.paper.document import Paper, Stamp
from kit.paper.html import policy_of
from pejlemaerker.documents.notes.choices import Choices
from pejlemaerker.documents.notes.making import DRAFT, paper_of, template_of
from pejlemaerker.documents.notes.subject import Subject, editions_for
from pejlemaerker.models import AsOf, Audience, NoteKind, NoteRecipe, NoteTemplate, PaperForm
from pejlemaerker.permissions import can_write_notes, committee_for, goal_for, goal_set_for
from pejlemaerker.views.as_of import as_of_asked_for

# How an edition is asked for: `?udgave=offentlig`.
EDITIONS = {"intern": Audience.INTERNAL, "udvalg": Audience.COMMITTEE, "offentlig": Audience.PUBLIC}


@public
@require_safe
def note(request: HttpRequest, set_id: int, form: str) -> HttpResponse:
    """Statusnotatet for et sæt (`?dato=`, `?udgave=`, `?opskrift=`, `?doknr=`): what the reader may see."""
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
    audience = edition_of(request, subject)
    writes = can_write_notes(request.user, subject.committee)
    paper = paper_of(
        subject,
        audience=audience,
        at=at,
        choices=choices_of(request, subject, writes=writes),
        author=request.user if writes else None,
    )
    paper = paper.stamped(DRAFT if writes else Stamp(colophon=(_not_issued(subject, audience, at),)))
    house = template_of(subject, at)
    tag = _tag(paper, form, house)
    unchanged = get_conditional_response(request, etag=tag)
    if unchanged is not None:
        return unchanged
    from pejlemaerker.papers import make  # noqa: PLC0415  (slow import: only where a paper is made)

    response = served(make(paper, form, house=house).content, form, name=file_name(subject, at, form))
    response.headers["ETag"] = tag
    return response


def served(content: bytes, form: str, *, name: str) -> HttpResponse:
    """Answer with a paper's file, newly made or issued long ago; an HTML file is shown under its own strict policy."""
    response = HttpResponse(content, content_type=_MIMES[PaperForm(form)])
    how = "attachment" if form == PaperForm.DOCX else "inline"
    response.headers["Content-Disposition"] = f'{how}; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-cache"
    if form == PaperForm.HTML:
        response.headers[str(CSP.HEADER_ENFORCE)] = f"{policy_of(content)}; frame-ancestors 'none'; sandbox"
    return response


_MIMES = {
    PaperForm.PDF: "application/pdf",
    PaperForm.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    PaperForm.HTML: "text/html; charset=utf-8",
}


def _tag(paper: Paper, form: str, house: NoteTemplate | None) -> str:
    """Tell whether a copy is still the same, before it is set anew: all that its bytes depend on, and the day."""
    depends = [paper.as_data(), asdict(paper.stamp), house and house.pk, form, today().isoformat()]
    return f'W/"{sha256(json.dumps(depends).encode()).hexdigest()[:32]}"'


def file_name(subject: Subject, at: AsOf, form: str) -> str:
    """notat-dagtilbudsomraadet-2026-11-22.pdf."""
    word = {NoteKind.YEAR: "aarsstatus", NoteKind.COMPARISON: "sammenligning", NoteKind.ITEM: "dagsordenspunkt"}
    about = subject.goal_set.area.name if subject.goal_set else subject.committee.name
    number = f"-pejlemaerke-{subject.goal.number}" if subject.goal else ""
    return f"{word.get(subject.kind, 'notat')}-{address_of(about)}{number}-{at.on.isoformat()}.{form}"


def edition_of(request: HttpRequest, subject: Subject) -> Audience:
    """The edition asked for, if the user may have it; else the fullest, and of an agenda item the committee's."""
    allowed = editions_for(request.user, subject)
    usual = Audience.COMMITTEE if subject.kind == NoteKind.ITEM else allowed[0]
    asked = EDITIONS.get(request.GET.get("udgave", ""), usual)
    return asked if asked in allowed else allowed[0]


def choices_of(request: HttpRequest, subject: Subject, *, writes: bool) -> Choices:
    """What the paper holds: for those who write, as a recipe says, and with the document number they give."""
    chosen = Choices.usual(subject.kind)
    if not writes:
        return chosen
    recipe = request.GET.get("opskrift", "")
    if recipe.isdecimal() and len(recipe) < 19:
        found = NoteRecipe.objects.filter(pk=int(recipe), committee=subject.committee, kind=subject.kind).first()
        if found is None:
            raise Http404
        chosen = Choices.from_data(found.choices, found.kind)
    return replace(chosen, doc_no=request.GET.get("doknr", "").strip()[:40])


def _year(request: HttpRequest, at: AsOf) -> int:
    raw = request.GET.get("aar", "")
    if raw and not (raw.isdecimal() and 1900 <= int(raw[:5]) <= 2200):
        raise Http404
    return int(raw) if raw else at.on.year


def _not_issued(subject: Subject, audience: Audience, at: AsOf) -> str:
    what = "offentligt og kendt" if audience == Audience.PUBLIC and subject.is_public else "kendt"
    return f"Udskrift af, hvad der var {what} {format_date(at.known)}. Ikke et udstedt notat."
