"""Addresses of meetings."""

from django.urls import URLPattern, URLResolver, path, register_converter
from django.urls.converters import StringConverter

from meetings.views import planning, publishing, reading, recording


class ItemNumber(StringConverter):
    """An item's number ("3", "3a", "(2)"), as long as it may be and without what PostgreSQL cannot keep."""

    regex = r"[^/\x00]{1,12}"


register_converter(ItemNumber, "number")

urlpatterns: list[URLPattern | URLResolver] = [
    path("moeder/", reading.meetings, name="meetings"),
    path("moeder/nyt/", planning.create_meeting, name="meeting_create"),
    path("moeder/<int:meeting_id>/", reading.meeting, name="meeting"),
    path("moeder/<int:meeting_id>/beslutninger/", recording.recording, name="recording"),
    path("moeder/<int:meeting_id>/offentliggoer/", publishing.publish_meeting, name="meeting_publish"),
    path("moeder/<int:meeting_id>/punkter/nyt/", planning.create_item, name="item_create"),
    path("moeder/<int:meeting_id>/punkter/<number:number>/", reading.item, name="item"),
    path("moeder/<int:meeting_id>/punkter/<number:number>/ret/", planning.edit_item, name="item_edit"),
    path("moeder/<int:meeting_id>/punkter/<number:number>/kladde/", recording.save_draft, name="decision_draft"),
    path("moeder/<int:meeting_id>/punkter/<number:number>/beslutning/", recording.record, name="decision_record"),
    path("moeder/<int:meeting_id>/punkter/<number:number>/rettelse/", recording.correct, name="decision_correct"),
    path("kilder/<int:document_id>/", reading.source, name="source"),
]
