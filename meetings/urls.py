"""Addresses of meetings, and of logging in and out."""

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import URLPattern, URLResolver, path

from kit.guards import public

urlpatterns: list[URLPattern | URLResolver] = [
    path(
        "log-ind/",
        public(LoginView.as_view(template_name="registration/login.html", redirect_authenticated_user=True)),
        name="login",
    ),
    path("log-ud/", public(LogoutView.as_view()), name="logout"),
]
