"""Hvad der er ændret i ordlydene: put in force, repealed, written, stayed and corrected away."""

from collections.abc import Iterator
from datetime import date

from django.utils import timezone

from kit.dates import format_date
from meetings.models import Correction, StayOutcome
from pejlemaerker.documents.citation import Ground
from pejlemaerker.documents.notes.changed.change import UNDECIDED, Change, told
from pejlemaerker.documents.notes.material import Material
from pejlemaerker.documents.notes.since import Since
from pejlemaerker.documents.standing import Standing
from pejlemaerker.documents.wording_state import Life
from pejlemaerker.models import Adoption, GoalVersion, end_of

_VERDICTS = {
    StayOutcome.Verdict.CONFIRMED: "",
    StayOutcome.Verdict.CHANGED: "Beslutningen om ordlyd {number} var standset, og kommunalbestyrelsen ændrede den.",
    StayOutcome.Verdict.ANNULLED: "Beslutningen om ordlyd {number} var standset, og udvalget ophævede den selv.",
}


def changed_wordings(material: Material, since: Since) -> Iterator[Change]:
    """What was done to the wordings of each pejlemærke, and which decisions lost their effect."""
    for one in material.concerned:
        yield from _wordings(one, material, since)
    yield from _corrected(material, since)


def _wordings(one: Standing, material: Material, since: Since) -> Iterator[Change]:
    life, kept_since = material.lives[one.goal.pk], one.goal.kept_since
    numbers = {version.pk: version.number for version in one.versions}
    for version in one.versions:
        for adoption in life.adoptions.get(version.pk, []):
            ground = life.grounds[adoption.pk]
            on, what = _adopted(version, adoption, ground, life, numbers)
            if what and since.is_new(on, adoption.recorded_at, kept_since=kept_since):
                yield Change(on, one.goal.pk, what, told(ground))
        for repeal in life.repeals.get(version.pk, []):
            on = repeal.on if repeal.on <= life.at.on else repeal.ground.decided_on
            if since.is_new(on, repeal.recorded_at, kept_since=kept_since):
                what = f"{_repealed(version, repeal.on, life, numbers)} Begrundelse: {repeal.reason}"
                yield Change(on, one.goal.pk, what, told(repeal.ground))
    yield from _written(one, since)


def _adopted(
    version: GoalVersion, adoption: Adoption, ground: Ground, life: Life, numbers: dict[int, int]
) -> tuple[date, str]:
    """When and how a decision changed the wording; one that was corrected away is told by its correction."""
    number, verdict = version.number, adoption.verdict  # type: ignore[attr-defined]
    if adoption.pk not in life.holding:
        if adoption.is_stayed:  # type: ignore[attr-defined]
            return ground.decided_on, f"Beslutningen om ordlyd {number} blev standset og har ingen virkning endnu."
        if verdict and _VERDICTS[StayOutcome.Verdict(verdict)]:
            return adoption.settled_on, _VERDICTS[StayOutcome.Verdict(verdict)].format(number=number)  # type: ignore[attr-defined]
        return ground.decided_on, ""
    if ground.since > life.at.on:
        return ground.decided_on, f"Ordlyd {number} er besluttet og gælder fra {format_date(ground.since)}."
    stayed = " Beslutningen havde været standset." if verdict else ""
    return ground.since, f"{_began(version, ground.since, life, numbers)}{stayed}"


def _began(version: GoalVersion, day: date, life: Life, numbers: dict[int, int]) -> str:
    if not any(span.since == day for span in life.spans.get(version.pk, [])):
        return f"Ordlyd {version.number} blev godkendt."  # by one more committee, or another began the same day
    before = next((pk for pk, spans in life.spans.items() if any(span.until == day for span in spans)), None)
    replaced = numbers.get(before or 0)
    return (
        f"Ordlyd {version.number} afløste ordlyd {replaced}."
        if replaced
        else f"Ordlyd {version.number} trådte i kraft."
    )


def _repealed(version: GoalVersion, day: date, life: Life, numbers: dict[int, int]) -> str:
    if day > life.at.on:
        return f"Ordlyd {version.number} ophæves fra {format_date(day)}."
    again = next((pk for pk, spans in life.spans.items() if any(span.since == day for span in spans)), None)
    return (
        f"Ordlyd {version.number} blev ophævet, og ordlyd {numbers[again]} gælder igen."
        if again in numbers
        else f"Ordlyd {version.number} blev ophævet."
    )


def _written(one: Standing, since: Since) -> Iterator[Change]:
    """A wording that waits for its decision."""
    version = one.awaiting
    if version is None or one.is_stayed:
        return
    on = version.worded_on or timezone.localdate(version.recorded_at)
    if since.is_new(on, version.recorded_at, kept_since=one.goal.kept_since):
        what = "En ny ordlyd blev skrevet" if version.number > 1 else "Ordlyden blev skrevet"
        yield Change(on, one.goal.pk, f"{what} og venter på beslutning.", UNDECIDED)


def _corrected(material: Material, since: Since) -> Iterator[Change]:
    """Decisions that an addition to the protocol has taken the effect from; what the addition says stays there."""
    without_effect = [
        (goal, adoption)
        for goal, life in material.lives.items()
        for own in life.adoptions.values()
        for adoption in own
        if adoption.pk not in life.holding and not adoption.is_stayed and not adoption.verdict  # type: ignore[attr-defined]
    ]
    decisions = [adoption.decision_id for _, adoption in without_effect if adoption.decision_id]
    known = Correction.including_closed.filter(decision__in=decisions, recorded_at__lt=end_of(material.at.known))
    days = dict(known.exclude(category="").order_by("pk").values_list("decision", "recorded_at")) if decisions else {}
    for goal, adoption in without_effect:
        day = days.get(adoption.decision_id or 0)
        if day and timezone.localdate(day) > since.before.on:
            what = f"Beslutningen om ordlyd {adoption.version.number} blev rettet, så ordlyden ikke gælder."
            yield Change(timezone.localdate(day), goal, what, told(material.lives[goal].grounds[adoption.pk]))
