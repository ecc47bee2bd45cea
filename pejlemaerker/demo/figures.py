"""Invented figures for the Hvidovre period: what a mål and two nøgletal look like, one of them of few people."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

from meetings.models import DispatchRule, OrgUnit
from pejlemaerker.actions import Measured, create_indicator, record_measurements, write_target
from pejlemaerker.demo.stage import Stage
from pejlemaerker.models import Adoption, Goal, GoalSet

INVENTED = "Opdigtet til demo"
TARGET = "Vikarforbruget i dagtilbud er højst seks procent ved udgangen af 2025."
SUBSTITUTES = ["8.1", "8.4", "7.9", "7.2", "7.6", "6.8", "6.5", "6.9"]  # percent, every half year from June 2022
TALKS = [7, 4, 9, 12]  # young people, every year from 2022


def play(stage: Stage, childcare: GoalSet, family: GoalSet) -> None:
    """Follow recruitment in dagtilbud by a mål and a figure, and the young people's talks by another."""
    municipality = childcare.period.committee.municipality
    centre = OrgUnit.objects.get(municipality=municipality, kind=OrgUnit.Kind.CENTRE)
    Goal.objects.filter(goal_set__in=(childcare, family)).update(responsible=centre)
    DispatchRule.objects.create(municipality=centre.municipality)
    recruiting, young = childcare.goals.get(number=2), family.goals.get(number=4)
    decision = Adoption.objects.filter(version__goal=recruiting).latest("pk").decision
    write_target(
        goal=recruiting, text=f"{TARGET} ({INVENTED}.)", set_on=date(2022, 10, 3), decision=decision, nonce=uuid4(),
        by=stage.by,
    )  # fmt: skip
    days = [date(year, month, 30 if month == 6 else 31) for year in range(2022, 2026) for month in (6, 12)]
    _follow(
        stage, recruiting, dict(zip(days, SUBSTITUTES, strict=True)), name="Vikarforbrug i dagtilbud", unit="%",
        frequency="half_yearly", direction="down", target_value=Decimal(6), target_by=date(2025, 12, 31),
        counts_people=False,
    )  # fmt: skip
    _follow(
        stage, young, {date(2022 + n, 12, 31): str(count) for n, count in enumerate(TALKS)},
        name="Unge i særlige forløb", unit="unge", frequency="yearly", direction="neither", target_value=None,
        target_by=None, counts_people=True,
    )  # fmt: skip


def _follow(stage: Stage, goal: Goal, values: dict[date, str], **definition: object) -> None:
    indicator = create_indicator(goal=goal, nonce=uuid4(), by=stage.by, source=INVENTED, **definition)
    measured = [Measured(day, Decimal(value), "", "", None) for day, value in values.items()]
    record_measurements(indicator=indicator, measured=measured, by=stage.by)
