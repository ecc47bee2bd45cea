"""Addresses of the organisation, below /organisation/."""

from django.urls import path

from meetings.views import dispatch_rules, leaderships, roles
from meetings.views import organisation as views
from meetings.views.organisation_kinds import ALL, OF_MUNICIPALITY

_OF = "organisation/<slug:municipality_slug>"

urlpatterns = [
    path("organisation/", views.organisation, name="organisation"),
    path(f"{_OF}/", views.organisation_of, name="organisation_of"),
    path(f"{_OF}/kommune/", views.edit_municipality, name="municipality_edit"),
    path(f"{_OF}/frister/", dispatch_rules.dispatch_rules, name="dispatch_rules"),
    path(f"{_OF}/rubrikker/egne/", views.own_headings, name="own_headings"),
    path(f"{_OF}/formuleringer/egne/", views.own_phrases, name="own_phrases"),
    path(f"{_OF}/ledere/", leaderships.leaderships, name="leaderships"),
    path(f"{_OF}/ledere/ny/", leaderships.create_leadership, name="leadership_create"),
    path(f"{_OF}/ledere/flere/", leaderships.paste_leaderships, name="leaderships_paste"),
    path(f"{_OF}/ledere/<int:leadership_id>/", leaderships.edit_leadership, name="leadership_edit"),
    path(f"{_OF}/ledere/<int:leadership_id>/slet/", leaderships.delete_leadership, name="leadership_delete"),
    path(f"{_OF}/roller/", roles.roles, name="roles"),
    path(f"{_OF}/roller/tildel/", roles.grant_role, name="role_grant"),
    path(f"{_OF}/roller/<int:grant_id>/afslut/", roles.end_grant, name="role_end"),
    path(f"{_OF}/brugere/ny/", roles.create_user, name="user_create"),
    path(f"{_OF}/brugere/<int:user_id>/", roles.edit_user, name="user_edit"),
    path(f"{_OF}/brugere/<int:user_id>/adgangskode/", roles.new_password, name="user_password"),
    path(f"{_OF}/udvalg/<int:committee_id>/navn/", views.rename_committee, name="committee_rename"),
    path(f"{_OF}/udvalg/<int:committee_id>/medlemmer/nyt/", views.create_seat, name="seat_create"),
    path(f"{_OF}/udvalg/<int:committee_id>/medlemmer/flere/", views.create_seats, name="seats_create"),
    path(f"{_OF}/medlemskaber/<int:seat_id>/udtraeder/", views.end_seat, name="seat_end"),
    *(path(f"{_OF}/{kind.address}/nyt/", views.creating(kind), name=f"{kind.key}_create") for kind in OF_MUNICIPALITY),
    *(
        path(f"{_OF}/{kind.address}/<int:{kind.part_id}>/", views.editing(kind), name=f"{kind.key}_edit")
        for kind in ALL
    ),
    *(
        path(f"{_OF}/{kind.address}/<int:{kind.part_id}>/slet/", views.deleting(kind), name=f"{kind.key}_delete")
        for kind in ALL
    ),
]
