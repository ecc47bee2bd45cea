"""All addresses. Those of DESIGN § 7 stay as they are, because others link to them."""

from django.urls import URLPattern, URLResolver, include, path

from pejlemaerker.views import health

handler400 = "pejlemaerker.views.errors.bad_request"
handler403 = "pejlemaerker.views.errors.forbidden"
handler404 = "pejlemaerker.views.errors.not_found"

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.health, name="health"),
    path("", include("meetings.urls")),
]
