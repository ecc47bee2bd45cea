"""All addresses. Those of DESIGN § 7 stay as they are, because others link to them."""

from django.contrib.auth.views import LogoutView
from django.urls import URLPattern, URLResolver, include, path

from kit.guards import public
from pejlemaerker.views import (
    about,
    committees,
    dialogues,
    evaluations,
    goal_sets,
    goals,
    health,
    in_force,
    login,
    notes,
    overview,
    publishing,
    wordings,
)

handler400 = "pejlemaerker.views.errors.bad_request"
handler403 = "pejlemaerker.views.errors.forbidden"
handler404 = "pejlemaerker.views.errors.not_found"
handler500 = "pejlemaerker.views.errors.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.health, name="health"),
    path("log-ind/", public(login.Login.as_view()), name="login"),
    path("log-ud/", public(LogoutView.as_view()), name="logout"),
    path("", overview.overview, name="overview"),
    path("udvalg/", committees.committees, name="committees"),
    path("udvalg/<slug:slug>/", committees.committee, name="committee"),
    path("pejlemaerker/", goals.goals, name="goals"),
    path("pejlemaerker/ikraft/", in_force.choose_set, name="choose_set"),
    path("pejlemaerker/<int:goal_id>/", goals.goal, name="goal"),
    path("pejlemaerker/<int:goal_id>/ordlyd/ny/", wordings.new_wording, name="wording_new"),
    path("saet/<int:set_id>/", goal_sets.goal_set, name="goal_set"),
    path("saet/<int:set_id>/notat.pdf", notes.note_pdf, name="note_pdf"),
    path("saet/<int:set_id>/ikraft/", in_force.put_in_force, name="put_in_force"),
    path("saet/<int:set_id>/offentliggoer/", publishing.publish_set, name="goal_set_publish"),
    path("saet/<int:set_id>/evalueringer/ny/", evaluations.new_evaluation, name="evaluation_new"),
    path("saet/<int:set_id>/dialogmoeder/nyt/", dialogues.new_dialogue, name="dialogue_new"),
    path("evalueringsrunder/<int:round_id>/", evaluations.evaluation, name="evaluation"),
    path("evalueringsrunder/<int:round_id>/skriv/", evaluations.write_evaluation, name="evaluation_write"),
    path("evalueringsrunder/<int:round_id>/offentliggoer/", publishing.publish_evaluation, name="evaluation_publish"),
    path("dialogmoeder/<int:dialogue_id>/", dialogues.dialogue, name="dialogue"),
    path("dialogmoeder/<int:dialogue_id>/ret/", dialogues.edit_dialogue, name="dialogue_edit"),
    path("dialogmoeder/<int:dialogue_id>/offentliggoer/", publishing.publish_dialogue, name="dialogue_publish"),
    path("tilgaengelighed/", about.accessibility, name="accessibility"),
    path("privatliv/", about.privacy, name="privacy"),
    path("", include("meetings.urls")),
]
