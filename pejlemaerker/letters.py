"""Breve: what stands in them. Text only: it reads the same in every mail program and aloud, shows in full where a link
leads, and looks like nobody's advertisement.

A personal link is made while its letter is written (`send_once`), and stands in that letter alone.
"""

import textwrap
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import EmailMessage
from django.core.signing import BadSignature, Signer
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from kit.clock import today
from kit.dates import format_date, format_datetime
from meetings.models import Event, User
from pejlemaerker import papers
from pejlemaerker.documents.dialogue_ics import dialogue_ics
from pejlemaerker.documents.dialogue_when import Appointment
from pejlemaerker.documents.reminder_kinds import roles_by_kind
from pejlemaerker.documents.reminders import Digest
from pejlemaerker.models import AnswerSheet, Invitee, Participant, PersonalLink
from pejlemaerker.models.answer import OPEN_AFTER_DUE

_WIDTH = 72
_STOP = Signer(salt="paamindelser")


def absolute(path: str) -> str:
    """Return the whole address of a page, for one who reads it elsewhere."""
    return f"{settings.SITE_URL}{path}"


def invitation(invitee: Invitee) -> EmailMessage:
    """Ask a leader to answer, in the consultant's own words first."""
    return _to_leader("invitation", invitee, PersonalLink.objects.make(invitee))


def reminder(invitee: Invitee, *, has_begun: bool) -> EmailMessage:
    """Remind a leader who has not handed in."""
    is_late = today() > invitee.survey.due_on
    token = PersonalLink.objects.make(invitee)
    return _to_leader("reminder", invitee, token, is_late=is_late, has_begun=has_begun)


def receipt(sheet: AnswerSheet) -> EmailMessage:
    """Thank a leader for an answer, with its text; while it can be reopened by the leader, with a link to do so."""
    invitee = sheet.invitee
    can_reopen = invitee.survey.is_open and today() <= invitee.survey.due_on
    token = PersonalLink.objects.make(invitee) if can_reopen else ""
    handed_in = format_datetime(timezone.localtime(sheet.handed_in_at))
    message = _to_leader("receipt", invitee, token, handed_in=handed_in)
    message.attach("besvarelse.pdf", papers.answer_sheet_pdf(sheet), "application/pdf")
    return message


def _to_leader(name: str, invitee: Invitee, token: str, **more: Any) -> EmailMessage:
    survey = invitee.survey
    place = f"leder af {invitee.unit_name}" if invitee.unit_name else "en af lederne på området"
    why = f"Du står som {place} i {survey.committee.municipality}, og {survey.committee} har bedt lederne om at svare."
    may_stop = token and name != "receipt" and not invitee.no_reminders_at
    stop = absolute(reverse("answer_stop", args=[token])) if may_stop else ""
    context = {
        "invitee": invitee,
        "survey": survey,
        "own_text": survey.invitation.strip(),
        "sets": _and([str(one) for one in survey.goal_sets.all()]),
        "link": absolute(reverse("answer", args=[token])) if token else "",
        "stop": stop,
        "due": format_date(survey.due_on, weekday=True),
        "expires": format_date(survey.due_on + OPEN_AFTER_DUE),
        "why": why,
    }
    writer = survey.edited_by
    return _message(name, context | more, stop=stop, reply_to=[writer.email] if writer and writer.email else [])


def dialogue_invitation(participant: Participant, *, has_changed: bool) -> EmailMessage:
    """Invite to a dialogue meeting, with the appointment for one's own calendar; or say that it is called off."""
    dialogue = participant.dialogue
    appointment = Appointment.of(dialogue)
    context = {
        "participant": participant,
        "dialogue": dialogue,
        "has_changed": has_changed,
        "when": " ".join(filter(None, (format_date(appointment.day, weekday=True), appointment.hours))),
        "programme": [point.title for point in dialogue.programme.all()],
        "why": f"Du står som inviteret til dialogmødet i {dialogue.committee}, {dialogue.committee.municipality}.",
    }
    message = _message("dialogue", context, stop="", reply_to=[])
    host, url = urlsplit(settings.SITE_URL).netloc, absolute(dialogue.get_absolute_url())
    message.attach("dialogmoede.ics", dialogue_ics(dialogue, host=host, url=url), "text/calendar")
    return message


def digest(user: User, document: Digest) -> EmailMessage:
    """Tell somebody with a login what there is to know today."""
    stop = absolute(reverse("reminders_stop", args=[signed_for_stopping(user)]))
    held = dict.fromkeys(role.role.label.lower() for roles in roles_by_kind(user).values() for role in roles)
    context = {
        "user": user,
        "parts": [(part.heading, [(line.text, absolute(line.path)) for line in part.lines]) for part in document.parts],
        "why": f"Hvorfor får du dette brev? Du står som {_and(list(held))}. "
        "Der kommer højst ét om dagen, og kun når der er noget nyt.",
        "settings": absolute(reverse("my_reminders")),
        "stop": stop,
    }
    message = _message("digest", context, stop=stop, reply_to=[])
    message.extra_headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
    return message


_CHANGED = {
    "app_removed": "Appen til login er fjernet.",
    "email_changed": "Din e-mailadresse er skiftet.",
    "password_changed": "Din adgangskode er skiftet.",
    "password_reset": "Din adgangskode er skiftet med et link fra en mail.",
    "recovery_codes_renewed": "Der er lavet nye nødkoder.",
    "second_factor_removed": "Det andet trin ved login er fjernet.",
    "second_factor_set_up": "En app er sat op som andet trin ved login.",
    "security_key_added": "En nøgle er tilføjet som andet trin ved login.",
    "security_key_removed": "En nøgle til login er fjernet.",
}


def account_notice(user: User, event: Event) -> EmailMessage:
    """Tell somebody what was changed in their own login, in case they did not do it."""
    context = {
        "user": user,
        "changed": _CHANGED[event.action],
        "at": format_datetime(timezone.localtime(event.at)),
        "link": absolute(reverse("account_factor")),
    }
    return _message("account_notice", context, stop="", reply_to=[])


def password_link(user: User) -> EmailMessage:
    """Give one who forgot the password a link to a new one."""
    token = f"{user.pk}-{default_token_generator.make_token(user)}"
    context = {"user": user, "link": absolute(reverse("login_new_password", args=[token]))}
    return _message("password_link", context, stop="", reply_to=[])


def signed_for_stopping(user: User) -> str:
    """Return what lets one stop the reminders of a user without logging in, and nothing else."""
    return _STOP.sign(str(user.pk))


def user_of_signed(signed: str) -> User | None:
    """Find whose reminders a signed link stops; None where it has been altered."""
    try:
        return User.objects.filter(pk=int(_STOP.unsign(signed)), is_active=True).first()
    except (BadSignature, ValueError):
        return None


def _message(name: str, context: dict[str, Any], *, stop: str, reply_to: Sequence[str]) -> EmailMessage:
    text = wrapped(render_to_string(f"pejlemaerker/letters/{name}.txt", context))
    headers = {"List-Unsubscribe": f"<{stop}>"} if stop else {}
    return EmailMessage(body=text, headers=headers, reply_to=list(reply_to))


def wrapped(text: str) -> str:
    """Break lines where a screen does not; an address is never broken, and never more than one line stands empty."""
    lines: list[str] = []
    for line in text.strip().splitlines():
        indent = "  " if line.startswith(("- ", "  ")) else ""
        lines += textwrap.wrap(
            line, _WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
        ) or ([""] if lines[-1:] != [""] else [])  # fmt: skip
    return "\n".join(lines) + "\n"


def _and(names: list[str]) -> str:
    return " og ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
