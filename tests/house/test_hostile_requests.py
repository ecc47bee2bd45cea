"""Addresses and headers nobody in good faith would send: an answer of ours, never a fault, never shared."""

from collections.abc import Mapping

import pytest
from django.test import Client, override_settings

from meetings.models import Meeting, User
from tests.conftest import Login
from tests.house.world import World, every_route

PARTS = ["%00", "3%00", "x" * 5000, "%ED%A0%80", "9" * 5000]


@pytest.mark.asvs("V1.4.2")
@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("rest", ["", "ret/", "rettelse/"])
def test_item_number_that_cannot_be_is_not_found(
    part: str, rest: str, meeting: Meeting, secretary: User, as_user: Login
) -> None:
    assert as_user(secretary).get(f"/moeder/{meeting.pk}/punkter/{part}/{rest}").status_code == 404


@pytest.mark.asvs("V3.7.2")
def test_login_does_not_send_one_who_is_logged_in_to_itself(secretary: User, as_user: Login) -> None:
    response = as_user(secretary).get("/log-ind/?next=/log-ind/")
    assert (response.status_code, response.headers["Location"]) == (302, "/")


@pytest.mark.parametrize(
    ("page", "next_page"),
    [
        ("http://[", "/"),
        ("https://ond.example/x", "/"),
        ("http://testserver/moeder/?udvalg=a&x=b", "/moeder/%3Fudvalg%3Da%26x%3Db"),
    ],
)
def test_fragment_without_login_leads_back_to_the_whole_address(
    page: str, next_page: str, meeting: Meeting, anonymous: Client
) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": page}
    response = anonymous.get(f"/moeder/{meeting.pk}/beslutninger/", headers=headers)
    assert response.headers["HX-Redirect"] == f"/log-ind/?next={next_page}"


def is_private(headers: Mapping[str, str]) -> bool:
    """Say whether an answer may be kept for one reader alone."""
    return "private" in headers.get("Cache-Control", "") and "Cookie" in headers.get("Vary", "")


@pytest.mark.asvs("V14.2.2", "V14.3.2")
@pytest.mark.drill
def test_no_page_may_be_shared_between_readers(world: World, secretary: User, as_user: Login) -> None:
    """Every day `test_routes.py` sees to it, as another reader."""
    client = as_user(secretary)
    addresses = [address for route in every_route() for address in world.addresses(route)]
    answers = {address: client.get(address) for address in [*addresses, "/findes-ikke/"]}
    pages = {address: answer for address, answer in answers.items() if answer.status_code in (200, 403, 404)}
    pages.pop("/healthz")
    assert [address for address, answer in pages.items() if not is_private(answer.headers)] == []


@pytest.mark.asvs("V14.2.2")
def test_page_that_is_not_there_may_not_be_shared(secretary: User, as_user: Login) -> None:
    assert is_private(as_user(secretary).get("/findes-ikke/").headers)


@pytest.mark.asvs("V1.3.2", "V3.4.3", "V14.2.3")
def test_no_answer_goes_without_content_security_policy(anonymous: Client, secretary: User, as_user: Login) -> None:
    answers = [
        anonymous.get("/"),
        anonymous.get("/findes-ikke/"),
        anonymous.get("/", headers={"Host": "ond.example"}),
        anonymous.get("/pejlemaerker/?" + "&".join(f"a{n}=1" for n in range(6000))),
        as_user(secretary).get("/log-ud/"),
        Client(enforce_csrf_checks=True).post("/log-ud/"),
    ]
    assert [answer.status_code for answer in answers] == [200, 404, 400, 400, 405, 403]
    assert all("default-src 'none'" in answer.headers["Content-Security-Policy"] for answer in answers)


@pytest.mark.asvs("V3.4.3")
def test_not_even_the_redirect_to_https_goes_without_content_security_policy() -> None:
    with override_settings(SECURE_SSL_REDIRECT=True):
        answers = [Client().get("/", headers={"Host": host}) for host in ("testserver", "ond.example")]
    assert [answer.status_code for answer in answers] == [301, 400]
    assert all("Content-Security-Policy" in answer.headers for answer in answers)


@pytest.mark.asvs("V3.3.4")
def test_readers_get_no_cookie_and_writers_only_that_of_the_session(
    world: World, meeting: Meeting, anonymous: Client, secretary: User, as_user: Login
) -> None:
    for route in every_route():
        if route.name not in {"login", "login_break_glass", "login_forgotten"}:  # forms that ask who one is
            for address in world.addresses(route):
                anonymous.get(address)
    client = as_user(secretary)
    client.post(f"/moeder/{meeting.pk}/punkter/1/rettelse/", {"text": "Udvalget mødtes kl. 17."})
    assert (list(anonymous.cookies), list(client.cookies)) == ([], ["session"])


@pytest.mark.asvs("V3.5.1")
def test_form_from_an_old_page_says_that_the_page_is_old(secretary: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(secretary)
    response = client.post("/moeder/nyt/", {})
    assert response.status_code == 403
    assert "Siden er blevet for gammel" in response.content.decode()
