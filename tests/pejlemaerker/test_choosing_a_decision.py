"""Choosing a decision: the likeliest stand openly, the rest are folded away, and any approval stays valid."""

from datetime import date, timedelta
from typing import Any

import pytest

from meetings.models import AgendaItem, Committee, Decision, Meeting, User
from pejlemaerker.forms.annul import AnnulForm
from pejlemaerker.forms.decisions import OFFERED, SHOWN
from pejlemaerker.forms.endings import CloseForm
from pejlemaerker.forms.in_force import PutInForceForm
from pejlemaerker.forms.targets import TargetForm
from pejlemaerker.models import GoalSet, GoalVersion, Submission
from tests.conftest import Login, decide

FIRST = date(2021, 1, 4)


def approve(committee: Committee, n: int, title: str, by: User) -> Decision:
    """What the committee approved at its n-th meeting."""
    meeting = Meeting.objects.create(committee=committee, date=FIRST + timedelta(weeks=n))
    item = AgendaItem.including_closed.create(meeting=meeting, number="1", position=1, title=title, is_closed=False)
    return decide(item, "approved", "Godkendt.", by=by)


@pytest.fixture
def approvals(goal_set: GoalSet, secretary: User) -> list[Decision]:
    """More than are offered, newest first; every third is of the agenda."""
    titles = ["Godkendelse af dagsorden", "Sag", "Godkendelse af kvalitetsrapport"]
    committee = goal_set.period.committee
    return [approve(committee, n, titles[n % 3], secretary) for n in range(OFFERED + 5)][::-1]


def version_of(goal_set: GoalSet) -> GoalVersion:
    return GoalVersion.objects.filter(goal__goal_set=goal_set).order_by("goal__number")[0]


def openly(form: Any) -> list[Decision]:
    """The decisions that stand openly on the page."""
    field = form.fields["decision"]
    return list(field.offered[: field.common - (field.empty_label is not None)])


def test_newest_stand_openly_without_approvals_of_the_agenda(
    goal_set: GoalSet, approvals: list[Decision], secretary: User
) -> None:
    form = PutInForceForm(goal_set=goal_set, user=secretary)
    about_something = [one for one in approvals if "dagsorden" not in one.item.title]
    assert openly(form) == about_something[:SHOWN]
    assert set(form.fields["decision"].offered) == set(approvals[:OFFERED])  # type: ignore[attr-defined]


def test_decision_named_and_those_the_wording_was_put_before_stand_first(
    goal_set: GoalSet, approvals: list[Decision], secretary: User
) -> None:
    version, (put_before, named) = version_of(goal_set), approvals[-2:]  # both older than those offered
    Submission.objects.create(version=version, item=put_before.item)
    form = PutInForceForm(goal_set=goal_set, user=secretary, decision=str(named.pk))
    assert openly(form)[:2] == [named, put_before]
    assert len(openly(form)) == SHOWN + 2
    for other in (
        AnnulForm(version=version, user=secretary), TargetForm(goal=version.goal, user=secretary),
        CloseForm(goal=version.goal, ending=None, user=secretary),
    ):  # fmt: skip
        assert openly(other)[0] == put_before


@pytest.mark.parametrize("named", ["0", "²", "9" * 40, "x"])
def test_nonsense_in_the_address_names_nothing(
    named: str, goal_set: GoalSet, approvals: list[Decision], secretary: User, as_user: Login
) -> None:
    assert as_user(secretary).get(f"/saet/{goal_set.pk}/ikraft/", {"beslutning": named}).status_code == 200


def test_rest_is_folded_away_on_the_same_page(
    goal_set: GoalSet, approvals: list[Decision], secretary: User, as_user: Login
) -> None:
    shown = as_user(secretary).get(f"/saet/{goal_set.pk}/ikraft/").content.decode()
    before, _, folded = shown.partition(f"<summary>Vis alle {OFFERED} beslutninger</summary>")
    assert (before.count('name="decision"'), folded.count('name="decision"')) == (SHOWN, OFFERED - SHOWN)


def test_few_decisions_are_not_folded_away(goal_set: GoalSet, approval: Decision, secretary: User) -> None:
    assert PutInForceForm(goal_set=goal_set, user=secretary).fields["decision"].common == 0  # type: ignore[attr-defined]


def test_any_approval_stays_valid_and_the_one_chosen_is_shown_first(
    goal_set: GoalSet, approvals: list[Decision], secretary: User, as_user: Login
) -> None:
    oldest, address = approvals[-1], f"/saet/{goal_set.pk}/ikraft/"
    client = as_user(secretary)
    again = client.post(address, {"decision": oldest.pk, "versions": []})
    assert openly(again.context["form"])[0] == oldest
    assert f'value="{oldest.pk}"\n           checked' in again.content.decode()
    saved = client.post(address, {"decision": oldest.pk, "versions": [version_of(goal_set).pk]})
    assert saved.status_code == 303
