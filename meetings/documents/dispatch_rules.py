"""Husets frister, as their administrator sees them: whose they are, and what they come to for a meeting."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from kit.danish import sort_key
from kit.dates import format_date
from kit.working_days import working_day_by
from meetings.models import Committee, DispatchRule, Municipality


@dataclass(frozen=True, slots=True)
class RuleLine:
    """Et udvalg and the rule it follows."""

    committee: Committee
    days: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class DispatchRulesDocument:
    """All the rules of a municipality."""

    municipality: Municipality
    house: DispatchRule
    lines: tuple[RuleLine, ...]

    @classmethod
    def of(cls, municipality: Municipality, *, on: date) -> Self:
        """Ask for the rules, and for the committees that meet today or later."""
        rules = {rule.committee_id: rule for rule in DispatchRule.objects.filter(municipality=municipality)}
        house = rules.get(None) or DispatchRule(municipality=municipality)
        committees = Committee.objects.filter(municipality=municipality)
        sitting = [one for one in committees if one.valid_to is None or one.valid_to >= on or one.pk in rules]
        return cls(
            municipality,
            house,
            tuple(
                RuleLine(one, days_of(rules.get(one.pk, house)), one.pk in rules)
                for one in sorted(sitting, key=lambda one: sort_key(one.name))
            ),
        )


def days_of(rule: DispatchRule) -> str:
    """Teksten 22 dage før mødet, lederne 14 dage før det, dagsordenen 7 dage før mødet."""
    return (
        f"Teksten {_days(rule.secretariat_days)} før mødet, lederne {_days(rule.answer_days)} før det, "
        f"dagsordenen {_days(rule.sent_days)} før mødet."
    )


def _days(number: int) -> str:
    return f"{number} dag" if number == 1 else f"{number} dage"


def example_of(rule: DispatchRule, *, on: date) -> str:
    """What the rule comes to for a meeting on a Wednesday: "For at nå mødet 4. oktober …"."""
    meeting = on + timedelta(days=(2 - on.weekday()) % 7 + 7 * 9)
    text = working_day_by(meeting - timedelta(days=rule.secretariat_days))
    answers = working_day_by(text - timedelta(days=rule.answer_days))
    sent = working_day_by(meeting - timedelta(days=rule.sent_days))
    return (
        f"For at nå et møde {format_date(meeting)} skal teksten være hos sekretariatet senest {format_date(text)}, så "
        f"lederne svarer senest {format_date(answers)}. Dagsordenen udsendes {format_date(sent)}."
    )
