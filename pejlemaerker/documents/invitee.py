"""En adspurgt: what was handed in and earlier, the letters and links, and what the house has done. What is under way is
the leader's own and stands nowhere here.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Self

from django.utils import timezone

from kit.clock import moment
from kit.dates import format_date
from meetings.documents.parts import Fact
from meetings.models import Event, Letter
from pejlemaerker.documents.answer_sheet import AnswerSheetDocument
from pejlemaerker.documents.respondents import Respondent, about, respondents_in
from pejlemaerker.models import AnswerSheet, Invitee, PersonalLink


@dataclass(frozen=True, slots=True)
class Version:
    """En udgave of the answer: each that was handed in is kept."""

    sheet: AnswerSheet
    number: int
    is_newest: bool
    is_shown: bool

    @property
    def heading(self) -> str:
        """Afgivet 12. oktober 2026 kl. 14.32 af Lone Leder."""
        sheet, at = self.sheet, moment(self.sheet.handed_in_at)
        if sheet.reported_orally_on:
            day = format_date(sheet.reported_orally_on)
            return f"Fortalt mundtligt {day} af {sheet.answered_by}. Skrevet ned {at} af {sheet.recorded_by}."
        return f"Afgivet {at} af {sheet.answered_by}."

    @property
    def url_query(self) -> str:
        """Where it is read; the newest is what one comes to."""
        return "" if self.is_newest else f"?udgave={self.number}"


@dataclass(frozen=True, slots=True)
class SentLine:
    """Et brev or et link: what, when, and how it went."""

    text: str
    state: str
    kind: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class InviteeDocument:
    """En adspurgt, as those who follow the round see it."""

    respondent: Respondent
    versions: tuple[Version, ...]  # newest first
    sheet: AnswerSheetDocument | None  # the one that is shown
    letters: tuple[SentLine, ...]
    links: tuple[SentLine, ...]
    working_links: int
    log: tuple[str, ...]

    @classmethod
    def for_invitee(cls, invitee: Invitee, *, version: str = "") -> Self:
        """Gather it all, in a constant number of queries; `version` is the number of an earlier answer, as asked for in
        the address.
        """
        respondent = respondents_in(invitee.survey, invitee.pk)[0]
        versions = _versions(invitee, version)
        shown = next((one.sheet for one in versions if one.is_shown), None)
        links = list(PersonalLink.objects.filter(invitee=invitee).select_related("revoked_by").order_by("-pk"))
        return cls(
            respondent=respondent,
            versions=versions,
            sheet=AnswerSheetDocument.for_sheet(shown) if shown else None,
            letters=tuple(_letter(one) for one in Letter.objects.filter(about=about(invitee))),
            links=tuple(_link(one) for one in links),
            working_links=sum(1 for one in links if _works(one)),
            log=tuple(_log(invitee)),
        )

    @property
    def invitee(self) -> Invitee:
        """Who."""
        return self.respondent.invitee

    @property
    def shown(self) -> Version | None:
        """The version that is read."""
        return next((one for one in self.versions if one.is_shown), None)

    @property
    def is_open(self) -> bool:
        """Whether the round is open, so that something can be done."""
        return self.respondent.survey.is_open

    @property
    def why_still(self) -> str:
        """Why nothing can be done; nothing where it can."""
        survey = self.respondent.survey
        if survey.opened_at is None:
            return "Runden er ikke åbnet endnu. Lederen er ikke spurgt."
        return "Runden er lukket. Genåbn den for at gøre mere." if survey.closed_at else ""

    @property
    def empty_text(self) -> str:
        """What is said where nothing has been handed in."""
        if self.respondent.is_withdrawn:
            return "Der er ikke svaret, og lederen spørges ikke længere."
        if self.respondent.is_begun:
            return "Lederen er begyndt, men har ikke afgivet. Det, der er undervejs, er lederens eget."
        if self.respondent.is_returned:
            return (
                "Indbydelsen nåede ikke frem. Ret e-mailen, så sendes et nyt link; eller skriv et mundtligt svar ned."
            )
        return "Lederen er ikke begyndt at svare."

    @property
    def eyebrow(self) -> str:
        """Midtvejsevaluering · Børne- og Uddannelsesudvalget."""
        survey = self.respondent.survey
        return f"{survey.get_kind_display()} · {survey.committee.name}"

    @property
    def facts(self) -> tuple[Fact, ...]:
        """Where the leader is found."""
        facts = [Fact("E-mail", self.invitee.email or "Har ingen")]
        if self.invitee.leader_group:
            facts.append(Fact("Lederkreds", self.invitee.leader_group.name))
        if self.invitee.no_reminders_at:
            facts.append(Fact("Påmindelser", "Vil ikke mindes om det"))
        return tuple(facts)

    @property
    def can_be_told(self) -> bool:
        """Whether what is told orally can be written down: there is no answer, or it is open again."""
        is_free = not self.respondent.has_answered or self.respondent.is_open_again
        return self.is_open and is_free and not self.respondent.is_withdrawn

    @property
    def why_not_told(self) -> str:
        """Why nothing can be written down."""
        if self.why_still:
            return self.why_still
        if self.respondent.is_withdrawn:
            return "Lederen spørges ikke længere. Spørg igen først."
        return "Der er allerede svaret. Genåbn svaret, hvis det skal ændres."

    @property
    def can_be_written_to(self) -> bool:
        """Whether a new link can be sent."""
        return self.is_open and not self.respondent.is_withdrawn and bool(self.invitee.email)

    @property
    def can_come_back(self) -> bool:
        """Whether there is a letter that can have come back."""
        return self.is_open and bool(self.respondent.letter) and not self.respondent.is_returned


def _versions(invitee: Invitee, asked_for: str) -> tuple[Version, ...]:
    sheets = list(AnswerSheet.objects.filter(invitee=invitee).select_related("recorded_by").order_by("pk"))
    shown = asked_for if asked_for in {str(number) for number in range(1, len(sheets))} else str(len(sheets))
    return tuple(
        Version(sheet, number, number == len(sheets), str(number) == shown)
        for number, sheet in reversed(list(enumerate(sheets, start=1)))
    )


def _letter(letter: Letter) -> SentLine:
    if letter.returned_at:
        state, kind = f"Kom retur {_day(letter.returned_at)}", "error"
    elif letter.sent_at:
        state, kind = f"Sendt {moment(letter.sent_at)}", "success"
    elif letter.claimed_at:
        state, kind = "Uvist, om det nåede frem", "warning"
    else:
        state, kind = "Venter på at blive sendt", "plain"
    return SentLine(f"»{letter.subject}« til {letter.to}", state, kind, letter.returned_why)


def _works(link: PersonalLink) -> bool:
    return link.revoked_at is None and link.expires_at > timezone.now()


def _link(link: PersonalLink) -> SentLine:
    made = f"Lavet {moment(link.made_at)}"
    if link.revoked_at:
        by = f" af {link.revoked_by}" if link.revoked_by else ""
        return SentLine(made, f"Trukket tilbage {moment(link.revoked_at)}{by}", "warning")
    last_day = format_date(timezone.localdate(link.expires_at))
    if _works(link):
        return SentLine(made, f"Virker til og med {last_day}", "success")
    return SentLine(made, f"Udløb {last_day}", "plain")


def _day(at: datetime) -> str:
    return format_date(timezone.localdate(at))


def _log(invitee: Invitee) -> Iterator[str]:
    """What has been done, newest first; of an answer's coming and going the sheets themselves tell."""
    events = Event.objects.filter(target_type=Invitee._meta.label_lower, target_pk=invitee.pk, action__in=_TOLD)
    for event in events:
        by = f", af {event.actor}" if event.actor_pk else ", af lederen"
        yield f"{moment(event.at)}: {_TOLD[event.action](event.changes)}{by}."


def _reopened(changes: dict[str, Any]) -> str:
    reason = f" ({changes['reason']})" if changes.get("reason") else ""
    if not changes.get("until"):
        return "svaret blev genåbnet"
    return f"svaret blev genåbnet til og med {format_date(date.fromisoformat(changes['until']))}{reason}"


def _corrected(changes: dict[str, Any]) -> str:
    (_, name), (old, new) = changes["name"], changes["email"]
    return f"rettet til {name}" if old == new else f"e-mail rettet fra {old or 'ingen'} til {new or 'ingen'}"


_TOLD: dict[str, Callable[[dict[str, Any]], str]] = {
    "invitee_added": lambda _: "føjet til, efter at runden var åbnet",
    "invitee_corrected": _corrected,
    "invitee_reopened": _reopened,
    "answer_reopened": _reopened,
    "invitee_written_to": lambda _: "et nyt link blev bestilt",
    "invitee_links_revoked": lambda _: "alle links blev trukket tilbage",
    "invitee_mail_returned": lambda _: "det blev noteret, at mailen kom retur",
    "invitee_withdrawn": lambda _: "spørges ikke længere",
    "invitee_asked_again": lambda _: "spørges igen",
    "reminders_stopped": lambda _: "bad om ikke at blive mindet om det",
}
