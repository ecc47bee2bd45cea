"""What was changed after the agenda was sent out: shown to the committee's own people, word for word."""

from typing import Any
from uuid import uuid4

import pytest
from django.template.loader import render_to_string

from meetings.actions import dispatch_agenda
from meetings.documents.changes import changes_of
from meetings.documents.dispatch import DispatchDocument
from meetings.models import AgendaItem, Dispatch, ItemSection, Meeting, Recommendation, User
from tests.conftest import CANARY
from tests.meetings.test_attachments import attach


def send(meeting: Meeting, by: User) -> Dispatch:
    """Send out what there is."""
    return dispatch_agenda(meeting=meeting, seen=DispatchDocument.for_meeting(meeting).seen, nonce=uuid4(), by=by)


@pytest.fixture
def sent(meeting: Meeting, secretary: User) -> Meeting:
    send(meeting, secretary)
    return meeting


def change(item: AgendaItem, **fields: Any) -> None:
    AgendaItem.including_closed.filter(pk=item.pk).update(**fields)


def test_nothing_is_a_change_before_the_agenda_is_sent(meeting: Meeting, open_item: AgendaItem, member: User) -> None:
    change(open_item, title="Ny titel")
    assert changes_of(meeting, viewer=member) == {}


def test_what_is_as_it_was_sent_is_not_mentioned(sent: Meeting, member: User) -> None:
    assert changes_of(sent, viewer=member) == {}


def test_changes_are_told_field_by_field(sent: Meeting, open_item: AgendaItem, member: User) -> None:
    change(open_item, title="Ny titel", case_no="22/9628")
    Recommendation.objects.filter(item=open_item).update(text="at udvalget drøfter sagen.")
    ItemSection.objects.create(item=open_item, position=1, kind="summary", heading="Sagsresume", text="Nyt resume.")
    attach(open_item, "Budget")
    changes = changes_of(sent, viewer=member)[open_item.pk]
    assert changes.short == "Ændret efter udsendelsen"
    assert changes.notice.startswith("Ændret efter udsendelsen ")
    assert changes.notice.endswith(": titel, sagsnr., indstilling, sagsresume, bilag")
    assert [(field.label, field.before, field.now) for field in changes.fields] == [
        ("Titel", "Politiske pejlemærker 2022–2025", "Ny titel"),
        ("Sagsnr.", "", "22/9628"),
        ("Indstilling", "at udvalget godkender pejlemærkerne.", "at udvalget drøfter sagen."),
        ("Sagsresume", "", "Nyt resume."),
        ("Bilag", "", "Budget"),
    ]


def test_of_a_long_text_only_the_paragraphs_that_differ_are_shown(
    meeting: Meeting, open_item: AgendaItem, secretary: User, member: User
) -> None:
    section = ItemSection.objects.create(
        item=open_item, position=1, kind="summary", heading="Sagsresume", text="Først.\n\nGammelt.\n\nSidst."
    )
    send(meeting, secretary)
    section.text = "Først.\n\nNyt.\n\nOg mere.\n\nSidst."
    section.save()
    (field,) = changes_of(meeting, viewer=member)[open_item.pk].fields
    assert (field.before, field.now) == ("Gammelt.", "Nyt.\nOg mere.")


def test_item_added_after_the_sending_is_told_until_it_is_sent_too(
    sent: Meeting, secretary: User, member: User
) -> None:
    new = AgendaItem.including_closed.create(meeting=sent, number="3", position=3, title="Budget", is_closed=False)
    added = changes_of(sent, viewer=member)[new.pk]
    assert (added.short, added.notice[:31]) == ("Tilføjet efter udsendelsen", "Tilføjet efter udsendelsen den ")
    send(sent, secretary)
    extra = changes_of(sent, viewer=member)[new.pk]
    assert (extra.short, extra.notice[:31]) == ("Tillægsdagsorden", "Udsendt med tillægsdagsordenen ")


def test_changed_item_that_is_sent_again_is_held_against_the_last_copy(
    sent: Meeting, open_item: AgendaItem, secretary: User, member: User
) -> None:
    change(open_item, title="Anden titel")
    send(sent, secretary)
    again = changes_of(sent, viewer=member)[open_item.pk]
    assert (again.short, again.fields) == ("Tillægsdagsorden", ())
    change(open_item, title="Tredje titel")
    (field,) = changes_of(sent, viewer=member)[open_item.pk].fields
    assert (field.before, field.now) == ("Anden titel", "Tredje titel")


def test_new_number_is_told_and_is_no_reason_to_send_again(sent: Meeting, open_item: AgendaItem, member: User) -> None:
    change(open_item, number="5", position=5)
    changes = changes_of(sent, viewer=member)[open_item.pk]
    assert (changes.short, changes.moved) == ("", "Var punkt 1 på den udsendte dagsorden.")
    assert DispatchDocument.for_meeting(sent).lines == ()


def test_outsiders_never_read_what_stood_there_before(
    sent: Meeting, open_item: AgendaItem, published_meeting: Meeting, citizen: User, other_member: User
) -> None:
    change(open_item, title="Ny titel")
    assert [changes_of(sent, viewer=user) for user in (citizen, other_member)] == [{}, {}]


def test_change_of_a_closed_item_is_for_those_who_read_it(
    sent: Meeting, closed_item: AgendaItem, member: User, consultant: User
) -> None:
    change(closed_item, title=f"{CANARY} igen")
    assert list(changes_of(sent, viewer=member)) == [closed_item.pk]
    assert changes_of(sent, viewer=consultant) == {}


def test_opened_item_does_not_tell_the_consultant_what_it_was_called_while_it_was_closed(
    sent: Meeting, closed_item: AgendaItem, member: User, consultant: User
) -> None:
    change(closed_item, is_closed=False, title="Salg af ejendom", case_no="")
    told = changes_of(sent, viewer=consultant)[closed_item.pk]
    assert CANARY not in str(told)
    assert [(field.label, field.before, field.now) for field in told.fields] == [
        ("Åbenhed", "Lukket punkt", "Åbent punkt")
    ]
    assert CANARY in str(changes_of(sent, viewer=member)[closed_item.pk])


def test_changes_are_found_in_as_many_queries_for_three_items_as_for_one(
    sent: Meeting, member: User, django_assert_num_queries: Any
) -> None:
    changes_of(sent, viewer=member)  # the member's own roles are asked for once
    for count in (1, 3):
        for number in range(3, 3 + count):
            AgendaItem.including_closed.get_or_create(
                meeting=sent, number=str(number), defaults={"position": number, "title": "Nyt", "is_closed": False}
            )
        with django_assert_num_queries(6):
            assert len(changes_of(sent, viewer=member)) == count


def test_one_item_is_told_alone(sent: Meeting, open_item: AgendaItem, closed_item: AgendaItem, member: User) -> None:
    for item in (open_item, closed_item):
        change(item, title="Ny titel")
    assert list(changes_of(sent, viewer=member, item=open_item)) == [open_item.pk]


def test_before_and_now_are_told_in_words_and_marks(sent: Meeting, open_item: AgendaItem, member: User) -> None:
    change(open_item, title="<b>Ny</b>")
    changes = changes_of(sent, viewer=member)[open_item.pk]
    shown = " ".join(render_to_string("meetings/_changes.html", {"changes": changes}).split())
    assert "<dt>Før</dt>" in shown
    assert "<dt>Nu</dt>" in shown
    assert '<del class="verbatim">Politiske pejlemærker 2022–2025</del>' in shown
    assert '<ins class="verbatim">&lt;b&gt;Ny&lt;/b&gt;</ins>' in shown
    assert render_to_string("meetings/_changes.html", {"changes": None}).strip() == ""
