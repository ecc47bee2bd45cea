"""The form was right when it was read, and then something was changed: the refusal stands in it, in Danish."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from meetings.actions import correct_decision
from meetings.models import AgendaItem, Committee, Decision, Meeting, User
from pejlemaerker.actions import annul_wording
from pejlemaerker.forms.annul import AnnulForm
from pejlemaerker.forms.in_force import PutInForceForm
from pejlemaerker.forms.targets import TargetForm
from pejlemaerker.forms.wording import PutBeforeForm
from pejlemaerker.models import Adoption, Annulment, Goal, GoalSet, Submission, Target
from tests.conftest import Login

type Meanwhile = Callable[[Any, Callable[[], object]], None]


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Meanwhile:
    """Let something happen between the reading of a form and its saving."""

    def arrange(form: Any, happens: Callable[[], object]) -> None:
        save = form.save

        def late(self: Any) -> Any:
            happens()
            return save(self)

        monkeypatch.setattr(form, "save", late)

    return arrange


@pytest.fixture
def goal(goal_set: GoalSet) -> Goal:
    return goal_set.goals.get(number=1)


@pytest.fixture
def writer(secretary: User, as_user: Login) -> Client:
    return as_user(secretary)


@pytest.fixture
def correction(approval: Decision, secretary: User) -> Callable[[], object]:
    """Somebody corrects the protocol: it was not an approval."""
    return lambda: correct_decision(decision=approval, text="Udsat.", category="postponed", nonce=uuid4(), by=secretary)


def posted(client: Client, address: str, form: dict[str, Any]) -> tuple[int, str]:
    """The status, and the page with its spaces evened out."""
    answer = client.post(address, form)
    return answer.status_code, " ".join(answer.content.decode().split())


def test_decision_corrected_meanwhile_puts_nothing_in_force(
    goal: Goal, approval: Decision, correction: Callable[[], object], meanwhile: Meanwhile, writer: Client
) -> None:
    meanwhile(PutInForceForm, correction)
    form = {"decision": approval.pk, "versions": [goal.versions.get().pk], "in_force_from": "2022-11-07"}
    status, page = posted(writer, f"/saet/{goal.goal_set_id}/ikraft/", form)
    assert (status, "Kun en godkendelse kan sætte en ordlyd i kraft." in page) == (422, True)
    assert ("7. november 2022" in page or "2022-11-07" in page, Adoption.objects.exists()) == (True, False)


def test_decision_corrected_meanwhile_approves_no_target(
    goal: Goal, approval: Decision, correction: Callable[[], object], meanwhile: Meanwhile, writer: Client
) -> None:
    meanwhile(TargetForm, correction)
    form = {"text": "Alle skoler holder samtaler.", "decision": approval.pk, "set_on": "2022-10-03"}
    status, page = posted(writer, f"/pejlemaerker/{goal.pk}/maal/nyt/", form)
    assert (status, "Kun en godkendelse kan godkende et mål." in page) == (422, True)
    assert ("Alle skoler holder samtaler." in page, Target.objects.exists()) == (True, False)


def test_target_is_not_replaced_by_a_decision_corrected_meanwhile(
    goal: Goal, approval: Decision, correction: Callable[[], object], meanwhile: Meanwhile, writer: Client
) -> None:
    target = Target.objects.create(goal=goal, text="Et mål.", set_on=date(2022, 9, 8))
    meanwhile(TargetForm, correction)
    form = {"text": "Et andet mål.", "decision": approval.pk, "set_on": "2022-10-03"}
    status, page = posted(writer, f"/maal/{target.pk}/", form)
    assert (status, "Kun en godkendelse kan godkende et mål." in page, "Et andet mål." in page) == (422, True, True)
    assert Target.objects.get() == target


def test_item_of_a_committee_that_left_the_set_meanwhile_takes_no_wording(
    goal: Goal, other_committee: Committee, administrator: User, meanwhile: Meanwhile, as_user: Login
) -> None:
    goal.goal_set.partners.add(other_committee)
    meeting = Meeting.objects.create(committee=other_committee, date=date(2022, 10, 4))
    item = AgendaItem.including_closed.create(meeting=meeting, number="1", position=1, title="x", is_closed=False)
    meanwhile(PutBeforeForm, goal.goal_set.partners.clear)
    status, page = posted(as_user(administrator), f"/pejlemaerker/{goal.pk}/ordlyd/1/", {"item": item.pk})
    assert (status, "Ordlyden forelægges det udvalg, pejlemærket hører til." in page) == (422, True)
    assert not Submission.objects.exists()


def test_wording_annulled_meanwhile_is_not_annulled_again(
    goal: Goal, adoption: Adoption, secretary: User, meanwhile: Meanwhile, writer: Client
) -> None:
    told = {"decision": None, "delegation_note": "Formanden.", "annulled_from": date(2023, 1, 9), "reason": "Først."}
    meanwhile(
        AnnulForm, lambda: annul_wording(version=adoption.version, nonce=uuid4(), by=secretary, **told)  # type: ignore[arg-type]
    )  # fmt: skip
    form = {"delegation_note": "Formanden.", "annulled_from": "2023-01-09", "reason": "Dernæst."}
    status, page = posted(writer, f"/pejlemaerker/{goal.pk}/ordlyd/1/ophaev/", form)
    assert (status, "der er intet at ophæve." in page, "Dernæst." in page) == (422, True, True)
    assert [one.reason for one in Annulment.objects.all()] == ["Først."]
