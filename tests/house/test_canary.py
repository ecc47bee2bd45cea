"""What stands behind closed doors is nowhere else: every route, as everyone who may not know, plain and htmx, bodies
and headers.
"""

import io
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pypdfium2
import pytest
import time_machine
from django.core import mail
from django.db.models import Value
from django.db.models.functions import Concat
from django.test import Client

from kit.clock import today
from kit.working_days import working_day_by
from meetings.models import AgendaItem, Promise, User
from pejlemaerker.tasks import daily
from tests.conftest import CANARY, Login, run_tasks
from tests.house.world import FEW, INTERNAL, Route, World, every_route

HTMX = {"HX-Request": "true", "HX-Target": "indhold"}


def everything_in(response: Any) -> str:
    """Return all that a viewer could read of an answer: body (also inside a PDF), headers, file names."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    if response.headers.get("Content-Type", "").startswith("application/pdf"):
        text = _text_of_pdf(body)
    elif response.headers.get("Content-Type", "").endswith(("/zip", "wordprocessingml.document")):
        text = _text_of_zip(body)
    else:
        text = body.decode("utf-8", errors="replace")
    return text + str(response.headers)


def _text_of_pdf(body: bytes) -> str:
    with pypdfium2.PdfDocument(io.BytesIO(body)) as document:
        pages = [page.get_textpage().get_text_bounded() for page in document]
        return "\n".join(pages) + str(document.get_metadata_dict())


def _text_of_zip(body: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return "\n".join(name + archive.read(name).decode(errors="replace") for name in archive.namelist())


# Everyone who may not read this committee's closed items; and those of them who work by its pejlemærker.
OUTSIDERS = ["anonymous", "citizen", "leader", "other_member", "other_secretary", "consultant"]
WORKING = {"leader", "consultant"}
EVERY_DAY = {"anonymous", "consultant"}  # who knows nothing, and who knows nearly everything


def _every_day(who: str, is_fragment: bool) -> bool:
    return who in EVERY_DAY and not is_fragment


@pytest.mark.asvs("V8.2.2")
@pytest.mark.parametrize(
    ("who", "is_fragment"),
    [
        pytest.param(who, is_fragment, marks=[] if _every_day(who, is_fragment) else pytest.mark.drill)
        for who in OUTSIDERS
        for is_fragment in (False, True)
    ],
)
def test_closed_item_is_nowhere_for_outsiders(
    who: str, is_fragment: bool, world: World, as_user: Login, request: pytest.FixtureRequest
) -> None:
    _hears_nothing(who, world.every_address, HTMX if is_fragment else {}, as_user, request)


@pytest.mark.parametrize("who", sorted(EVERY_DAY))
def test_closed_item_is_in_no_fragment(who: str, world: World, as_user: Login, request: pytest.FixtureRequest) -> None:
    """Every page is a fragment too; every day at one address each, in the drill at all of them, for everyone."""
    _hears_nothing(who, world.one_address, HTMX, as_user, request)


def _hears_nothing(
    who: str, addresses: Callable[[Route], list[str]], headers: dict[str, str], as_user: Login,
    request: pytest.FixtureRequest,
) -> None:  # fmt: skip
    outsider = Client() if who == "anonymous" else as_user(request.getfixturevalue(who))
    secrets = [CANARY.lower(), *([] if who in WORKING else [FEW.lower()])]
    internal = [] if who == "consultant" else [INTERNAL.lower()]  # but a leader's link opens that leader's own answer
    leaks = [
        address
        for route in every_route()
        if not (headers and route.is_file)
        for address in addresses(route)
        if _sings(
            everything_in(outsider.get(address, headers=headers)).lower(),
            secrets + ([] if "token" in route.parts else internal),
        )
    ]
    assert leaks == []


def test_letters_hold_nothing_of_what_is_closed(
    world: World, secretary: User, member: User, second_secretary: User, consultant: User, leader: User
) -> None:
    """The day's work, for those too who may read closed items in the app: mail is forwarded."""
    readers = [secretary, member, second_secretary, consultant, leader]
    User.objects.filter(pk__in=[one.pk for one in readers]).update(email=Concat("username", Value("@eksempel.dk")))
    closed = Promise.including_closed.get()
    assert closed.item
    Promise.including_closed.create(item=closed.item, text=f"{CANARY} igen", due_on=today(), recorded_by=secretary)
    in_the_open = AgendaItem.objects.filter(meeting=closed.item.meeting).first()
    Promise.including_closed.create(item=in_the_open, text="Et notat", due_on=today(), recorded_by=secretary)
    with time_machine.travel(working_day_by(today() + timedelta(days=7))):
        daily.enqueue(today().isoformat())
        run_tasks()
    letters = [message.message().as_string() + str(message.body) for message in mail.outbox]
    assert sum("Et notat" in letter for letter in letters) >= 3
    assert [
        letter for letter in letters if _sings(letter.lower(), [CANARY.lower(), FEW.lower(), INTERNAL.lower()])
    ] == []


def _sings(text: str, secrets: list[str]) -> bool:
    return any(one in text for one in secrets)


def test_canary_sings_for_those_who_may_hear_it(world: World, secretary: User, as_user: Login) -> None:
    """The proof that the test above could fail: what the secretary of the committee hears, and where."""
    client = as_user(secretary)
    heard = {
        route.name
        for route in every_route()
        if any(
            _sings(everything_in(client.get(address)), [CANARY, FEW, INTERNAL])
            for address in world.every_address(route)
        )
    }
    assert heard == {
        "agenda_arrange", "agenda_dispatch", "agenda_pdf", "agreement", "answer", "answer_pdf", "attachment",
        "attachment_create", "attachment_edit", "committee", "comparison_note_docx", "comparison_note_html",
        "comparison_note_pdf", "decision_correct", "departures", "dialogue", "dialogue_attendance", "dialogue_edit",
        "dialogue_notes", "dialogue_participants", "dialogue_treatments", "export_csv", "export_json", "figures",
        "goal", "goal_close", "goal_new", "goal_note_docx", "goal_note_html", "goal_note_pdf", "goal_set", "goals",
        "invitee", "issued_note", "issued_note_again", "issued_note_docx", "issued_note_html", "issued_note_pdf",
        "item", "item_continue", "item_delete", "item_split", "measurement_new", "meeting", "mine", "minutes_pdf",
        "note_batch", "note_batch_file", "note_batch_new", "note_batches", "note_docx", "note_draft",
        "note_draft_docx", "note_draft_html", "note_draft_pdf", "note_html", "note_issue", "note_item",
        "note_item_docx", "note_item_html", "note_item_pdf", "note_new", "note_pdf", "note_recipe",
        "note_recipe_save", "note_recipes", "notes", "proceedings", "promise_settle", "promises", "put_in_force",
        "recording", "request_new", "request_settle", "rollup", "rollup_goal", "search", "source", "stay_outcome",
        "target_edit", "target_new", "wording", "wording_annul", "wording_new", "wordings", "wordings_pdf",
    }  # fmt: skip
