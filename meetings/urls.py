"""Addresses of meetings."""

from django.urls import URLPattern, URLResolver, path, register_converter
from django.urls.converters import StringConverter

from meetings import organisation_urls
from meetings.views import (
    arranging,
    attachments,
    attendance,
    continuing,
    departures,
    dispatch,
    feeds,
    minutes,
    papers,
    planning,
    proceedings,
    promises,
    publishing,
    reading,
    recording,
    stays,
)


class ItemNumber(StringConverter):
    """An item's number ("3", "3a", "(2)"), as long as it may be and without what PostgreSQL cannot keep."""

    regex = r"[^/\x00]{1,12}"


register_converter(ItemNumber, "number")

urlpatterns: list[URLPattern | URLResolver] = [
    path("moeder/", reading.meetings, name="meetings"),
    path("moeder/nyt/", planning.create_meeting, name="meeting_create"),
    path("moeder/afvigelser/", departures.departures, name="departures"),
    path("moeder/<int:meeting_id>/", reading.meeting, name="meeting"),
    path("moeder/<int:meeting_id>/ret/", planning.edit_meeting, name="meeting_edit"),
    path("moeder/<int:meeting_id>/dagsorden/", arranging.arrange, name="agenda_arrange"),
    path("moeder/<int:meeting_id>/dagsorden/flyt/", arranging.move, name="item_move"),
    path("moeder/<int:meeting_id>/dagsorden.pdf", papers.agenda_pdf, name="agenda_pdf"),
    path("moeder/<int:meeting_id>/referat.pdf", papers.minutes_pdf, name="minutes_pdf"),
    path("moeder/<int:meeting_id>/beslutninger/", recording.recording, name="recording"),
    path("moeder/<int:meeting_id>/fremmoede/", attendance.attendance, name="attendance"),
    path("moeder/<int:meeting_id>/offentliggoer/", publishing.publish_meeting, name="meeting_publish"),
    path("moeder/<int:meeting_id>/punkter/nyt/", planning.create_item, name="item_create"),
    path("moeder/<int:meeting_id>/punkter/<number:number>/", reading.item, name="item"),
    path("moeder/<int:meeting_id>/punkter/<number:number>/ret/", planning.edit_item, name="item_edit"),
    path("moeder/<int:meeting_id>/punkter/<number:number>/del/", continuing.split, name="item_split"),
    path("moeder/<int:meeting_id>/punkter/<number:number>/videre/", continuing.go_on, name="item_continue"),
    path("moeder/<int:meeting_id>/punkter/<number:number>/slet/", arranging.delete, name="item_delete"),
    path("moeder/<int:meeting_id>/punkter/<number:number>/kladde/", recording.save_draft, name="decision_draft"),
    path("moeder/<int:meeting_id>/punkter/<number:number>/beslutning/", recording.record, name="decision_record"),
    path("moeder/<int:meeting_id>/punkter/<number:number>/rettelse/", recording.correct, name="decision_correct"),
    path("moeder/<int:meeting_id>/punkter/<number:number>/forhandling/", proceedings.proceedings, name="proceedings"),
    path("mit/", reading.mine, name="mine"),
    path("kalender.ics", feeds.calendar_ics, name="calendar_ics"),
    path("nyt.atom", feeds.atom, name="atom"),
    path("moeder/<int:meeting_id>/luk/", minutes.close, name="meeting_close"),
    path("moeder/<int:meeting_id>/referat/", minutes.minutes, name="minutes"),
    path("moeder/<int:meeting_id>/referat/underskriv/", minutes.sign, name="minutes_sign"),
    path("moeder/<int:meeting_id>/referat/forsegl/", minutes.seal, name="minutes_seal"),
    path("moeder/<int:meeting_id>/referat/tilfoej/", minutes.add, name="minutes_add"),
    path(
        "moeder/<int:meeting_id>/punkter/<number:number>/ikke-behandlet/", minutes.not_treated, name="item_not_treated"
    ),
    path("moeder/<int:meeting_id>/punkter/<number:number>/standsning/", stays.stay_outcome, name="stay_outcome"),
    path("loefter/", promises.promises, name="promises"),
    path("loefter/<int:promise_id>/", promises.settle, name="promise_settle"),
    path("loefter/<int:promise_id>/dagsorden/", promises.to_agenda, name="promise_to_agenda"),
    path("moeder/<int:meeting_id>/udsend/", dispatch.dispatch, name="agenda_dispatch"),
    path("moeder/<int:meeting_id>/punkter/<number:number>/bilag/nyt/", attachments.create, name="attachment_create"),
    path(
        "moeder/<int:meeting_id>/punkter/<number:number>/bilag/<int:attachment_id>/",
        attachments.attachment,
        name="attachment",
    ),
    path(
        "moeder/<int:meeting_id>/punkter/<number:number>/bilag/<int:attachment_id>/ret/",
        attachments.edit,
        name="attachment_edit",
    ),
    path("kilder/<int:document_id>/", reading.source, name="source"),
    *organisation_urls.urlpatterns,
]
