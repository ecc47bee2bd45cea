"""Et udkast til en plan: the usual steps (DOMAIN § 4.2), at the times that the period gives, for a set without one."""

from typing import NamedTuple

from pejlemaerker.models import FollowUpStep, GoalPeriod


class ProposedStep(NamedTuple):
    """A step one may begin from."""

    kind: FollowUpStep.Kind
    when_text: str
    is_recurring: bool = False


def proposed_steps(period: GoalPeriod) -> tuple[ProposedStep, ...]:
    """Return the usual steps: formulated in the first year, evaluated midway, closed in the last spring."""
    first, last = period.starts_on.year, period.ends_on.year
    middle = first + (last - first) // 2
    kind = FollowUpStep.Kind
    return (
        ProposedStep(kind.BRIEFING, f"begyndelsen af {first}"),
        ProposedStep(kind.FORMULATING_DIALOGUE, f"foråret {first}"),
        ProposedStep(kind.COMMITTEE_DECISION, f"efteråret {first}"),
        ProposedStep(kind.LEADER_MEETINGS, "løbende", is_recurring=True),
        ProposedStep(kind.ANNUAL_EVENT, "årligt", is_recurring=True),
        ProposedStep(kind.MIDTERM_EVALUATION, f"efteråret {middle}"),
        ProposedStep(kind.MIDTERM_DIALOGUE, "i forlængelse heraf"),
        ProposedStep(kind.FINAL_DIALOGUE, f"slutningen af foråret {last}"),
        ProposedStep(kind.LEARNING, f"slutningen af foråret {last}"),
    )
