"""Hvor en evalueringsrunde står: what it is, who has answered, and what has been done about it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Self

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils import timezone

from kit.clock import moment, today
from kit.danish import join_words
from kit.dates import format_date
from meetings.documents.parts import Fact
from meetings.models import Event
from pejlemaerker.documents.respondents import REMINDED, Reminding, Respondent, reminded_on, reminding, respondents_in
from pejlemaerker.models import EvaluationRound, Invitee, ReviewAct, Survey

_ACT = ReviewAct.Act
_TEXT_STATE = {
    _ACT.REQUESTED: "Ligger til godkendelse",
    _ACT.SENT_BACK: "Sendt tilbage med en bemærkning",
    _ACT.APPROVED: "Godkendt",
    _ACT.PRESENTED: "Fremlagt",
}


@dataclass(frozen=True, slots=True)
class WayStep:
    """Et skridt on the way of a round, for the step guide."""

    title: str
    state: str  # done · current · next · future
    when: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class RoundOfSet:
    """Samlingen of one set: where its answers become one text, and how far that is."""

    evaluation: EvaluationRound
    act: str  # the newest of its review, or nothing

    @property
    def name(self) -> str:
        """Børne- og Familieområdet."""
        return str(self.evaluation.goal_set.area)

    @property
    def url(self) -> str:
        """Its roll-up."""
        return reverse("rollup", args=[self.evaluation.pk])

    @property
    def state(self) -> str:
        """How far the common text is."""
        return _TEXT_STATE.get(_ACT(self.act), "Under skrivning") if self.act else "Under skrivning"

    @property
    def is_approved(self) -> bool:
        """Whether the text is done."""
        return self.act in (_ACT.APPROVED, _ACT.PRESENTED)

    @property
    def is_presented(self) -> bool:
        """Whether the text has been presented."""
        return self.act == _ACT.PRESENTED


@dataclass(frozen=True, slots=True)
class LogLine:
    """Hvad der er gjort, when and by whom."""

    date_text: str
    text: str


@dataclass(frozen=True, slots=True)
class FollowingDocument:
    """En evalueringsrunde, as those who follow it see it."""

    survey: Survey
    facts: tuple[Fact, ...]
    respondents: tuple[Respondent, ...]
    only_missing: bool
    reminding: Reminding
    sets: tuple[RoundOfSet, ...]
    log: tuple[LogLine, ...]

    @classmethod
    def for_survey(cls, survey: Survey, *, only_missing: bool = False) -> Self:
        """Gather it all, in a constant number of queries."""
        respondents = respondents_in(survey)
        reminded = reminded_on(survey, today())
        newest = ReviewAct.objects.filter(evaluation=OuterRef("pk")).order_by("-pk").values("act")[:1]
        evaluations = EvaluationRound.objects.filter(survey=survey).select_related("goal_set__area")
        evaluations = evaluations.annotate(newest_act=Subquery(newest)).order_by("goal_set__area__position", "pk")
        sets = [RoundOfSet(one, one.newest_act or "") for one in evaluations]  # type: ignore[attr-defined]  # annotated
        return cls(
            survey, _facts(survey), tuple(respondents), only_missing, reminding(respondents, reminded=reminded),
            tuple(sets), _log(survey),
        )  # fmt: skip

    @property
    def title(self) -> str:
        """Midtvejsevaluering."""
        return self.survey.get_kind_display()

    @property
    def eyebrow(self) -> str:
        """Evalueringsrunde · Dagtilbudsområdet; while nobody is asked, the committee."""
        return f"Evalueringsrunde · {self.sets_text or self.survey.committee.name}"

    @property
    def is_draft(self) -> bool:
        """Whether it is still being prepared."""
        return self.survey.opened_at is None

    @property
    def lead(self) -> str:
        """Where the round stands, in one sentence."""
        if self.survey.opened_at is None:
            return "Runden er ved at blive forberedt. Ingen er spurgt endnu."
        if self.survey.closed_at:
            return f"Runden blev lukket {format_date(timezone.localdate(self.survey.closed_at))}."
        left = (self.survey.due_on - today()).days
        due = format_date(self.survey.due_on)
        if left < 0:
            return f"Fristen var {due}. Der kan svares, til runden lukkes."
        if left == 0:
            return "Fristen er i dag."
        return f"Fristen er {due}, om {left} dage." if left > 1 else f"Fristen er i morgen, {due}."

    @property
    def shown(self) -> list[Respondent]:
        """The rows of the table."""
        return self.missing if self.only_missing else list(self.respondents)

    @property
    def asked(self) -> list[Respondent]:
        """Those an answer is or was waited for."""
        return [one for one in self.respondents if not one.is_withdrawn]

    @property
    def missing(self) -> list[Respondent]:
        """Those who have not answered."""
        return [one for one in self.respondents if one.is_missing]

    @property
    def answered(self) -> int:
        """How many have."""
        return sum(1 for one in self.asked if one.has_answered)

    @property
    def progress_text(self) -> str:
        """12 af 40 har svaret."""
        if not self.missing and self.asked:
            return f"Alle {len(self.asked)} har svaret" if len(self.asked) > 1 else "Den adspurgte har svaret"
        return f"{self.answered} af {len(self.asked)} har svaret"

    @property
    def rest_text(self) -> str:
        """What the others do: 3 er begyndt, 4 er ikke begyndt."""
        begun = sum(1 for one in self.missing if one.is_begun)
        returned = sum(1 for one in self.missing if not one.is_begun and one.is_returned)
        parts = [
            (begun, "er begyndt"), (len(self.missing) - begun - returned, "er ikke begyndt"),
            (returned, "fik mailen retur"),
            (len(self.respondents) - len(self.asked), "spørges ikke længere"),
        ]  # fmt: skip
        return " · ".join(f"{count} {words}" for count, words in parts if count)

    @property
    def missing_names(self) -> str:
        """Those who miss, by name."""
        return join_words([_named(one.invitee) for one in self.missing])

    @property
    def remind_text(self) -> str:
        """What a press on the button does."""
        to = len(self.reminding.to)
        return f"Mind {to} om det" if to > 1 else f"Mind {self.reminding.to[0].invitee.name} om det"

    @property
    def is_reminded(self) -> bool:
        """Whether all who can be reminded have been so today."""
        return bool(self.reminding.reminded) and not self.reminding.to

    @property
    def was_asked_today(self) -> bool:
        """Whether the invitations are so new that reminding is not what comes next."""
        opened = self.survey.opened_at
        return opened is not None and timezone.localdate(opened) == today()

    @property
    def to_gather(self) -> list[RoundOfSet]:
        """The sets whose common text is what comes next: all have answered, or nobody can any more."""
        is_collected = self.survey.closed_at is not None or bool(self.answered and not self.missing)
        return [one for one in self.sets if not one.is_presented] if is_collected else []

    @property
    def sets_text(self) -> str:
        """Dagtilbudsområdet og Børne- og Familieområdet: what it is about."""
        return join_words([one.name for one in self.sets])

    @property
    def reopened(self) -> list[Respondent]:
        """Those whose answer may be changed now."""
        return [one for one in self.respondents if one.is_open_again]

    @property
    def _presented_text(self) -> str:
        """Where the common text is to be presented, as far as the round says it."""
        if self.survey.meeting:
            return f"på mødet {format_date(self.survey.meeting.date)}"
        return f"på dialogmødet {format_date(self.survey.dialogue.held_on)}" if self.survey.dialogue else "på et møde"

    @property
    def steps(self) -> list[WayStep]:
        """From being prepared to being presented."""
        opened, closed = self.survey.opened_at, self.survey.closed_at
        on = {name: format_date(timezone.localdate(at)) if at else "" for name, at in [("o", opened), ("c", closed)]}
        approved, presented = (
            bool(self.sets) and all(getattr(one, name) for one in self.sets) for name in ("is_approved", "is_presented")
        )
        done = [opened is not None, opened is not None, closed is not None, approved, presented]
        now = done.index(False) if False in done else len(done)
        answers = on["c"] or (self.progress_text if opened else f"senest {format_date(self.survey.due_on)}")
        when = [on["o"], on["o"], answers, "skrevet af svarene", self._presented_text]
        titles = ["Forberedelse", "Lederne spørges", "Svarene samles ind", "Fælles tekst", "Fremlæggelse"]
        return [
            WayStep(title, _state(number, now, is_done=is_done), told)
            for number, (title, is_done, told) in enumerate(zip(titles, done, when, strict=True))
        ]


def _named(invitee: Invitee) -> str:
    """Lone Leder (Lindehaven): in a row of names a comma would not tell who belongs where."""
    return f"{invitee.name} ({invitee.unit_name})" if invitee.unit_name else invitee.name


def _state(number: int, now: int, *, is_done: bool) -> str:
    if is_done:
        return "done"
    return "current" if number == now else "next" if number == now + 1 else "future"


def _facts(survey: Survey) -> tuple[Fact, ...]:
    facts = [Fact("Udvalg", survey.committee.name, survey.committee.get_absolute_url())]
    if survey.meeting:
        facts.append(Fact("Til mødet", format_date(survey.meeting.date), survey.meeting.get_absolute_url()))
    elif survey.dialogue:
        facts.append(Fact("Til dialogmødet", format_date(survey.dialogue.held_on), survey.dialogue.get_absolute_url()))
    facts.append(Fact("Svarfrist", format_date(survey.due_on, weekday=True)))
    facts.append(Fact("Evalueringsdag", format_date(survey.held_on)))
    return tuple(facts)


def _log(survey: Survey) -> tuple[LogLine, ...]:
    events = Event.objects.filter(target_type=Survey._meta.label_lower, target_pk=survey.pk, action__in=_TOLD)
    return tuple(
        LogLine(moment(event.at), f"{_TOLD[event.action](event.changes)}, af {event.actor}.") for event in events
    )


def _reminded(changes: dict[str, Any]) -> str:
    count = len(changes["invitees"])
    return f"{count} blev mindet om at svare" if count > 1 else "En blev mindet om at svare"


def _closed(changes: dict[str, Any]) -> str:
    missing: Sequence[str] = changes["missing"]
    return f"Runden blev lukket. Uden svar fra {'; '.join(missing)}" if missing else "Runden blev lukket"


_TOLD: dict[str, Callable[[dict[str, Any]], str]] = {
    "survey_opened": lambda _: "Runden blev åbnet, og lederne spurgt",
    "survey_extended": lambda changes: "Fristen blev forlænget",
    REMINDED: _reminded,
    "survey_closed": _closed,
    "survey_reopened": lambda _: "Runden blev genåbnet",
}
