"""python -m tests.browser.guide_pictures: the pictures of the administrator's guide, taken by following it.

First in an empty installation, from `manage.py begin` on; then, what takes years to come to, in the demo.
"""

import base64
import hmac
import io
import re
import shutil
import time

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tests.browser.screenshots import PICTURES, PORT, demo, log_in, served

# By name: keys belong to one.
ADDRESS = f"http://localhost:{PORT}"
SIZE = {"width": 960, "height": 700}
BEGIN = ["begin", "hvidovre", "Hvidovre Kommune", "--administrator", "adam", "--display-name", "Adam A."]
HOUSE = "/organisation/hvidovre/"


def main() -> None:
    """Take every picture of the guide anew."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        with served(BEGIN, REQUIRE_SECOND_FACTOR="1") as said:
            page = browser.new_page(viewport=SIZE, base_url=ADDRESS)  # type: ignore[arg-type]
            begin(page, said.split()[-1])
            organise(page)
            give_roles(page)
        with demo():
            page = browser.new_page(viewport=SIZE, base_url=ADDRESS)  # type: ignore[arg-type]
            log_in(page, "administrator")
            run(page)
        browser.close()


def begin(page: Page, password: str) -> None:
    """Log in for the first time, with an app and then a key."""
    page.goto("/log-ind/")
    page.get_by_label("Brugernavn").fill("adam")
    page.get_by_label("Adgangskode").fill(password)
    page.get_by_role("button", name="Log ind").click()
    page.wait_for_url("**/opsaet/")
    keep(page, "vejl-to-trin", height=980)
    secret = re.sub(r"\s", "", page.locator("main strong").first.text_content() or "")
    page.get_by_label("Kode fra appen").fill(code_of(secret))
    page.get_by_role("button", name="Sæt op").click()
    page.wait_for_url("**/konto/totrin/**")
    keep(page, "vejl-noedkoder", height=760)
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "usb", "hasUserVerification": True, "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }  # fmt: skip
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page.goto("/konto/totrin/noegle/")
    page.get_by_label("Hvad vil du kalde nøglen?").fill("Min telefon")
    keep(page, "vejl-noegle", height=900)
    page.get_by_label("Din adgangskode").fill(password)
    page.get_by_role("button", name="Tilføj nøglen").click()
    page.wait_for_url("**/konto/totrin/")
    page.goto("/konto/totrin/")
    keep(page, "vejl-dit-login", height=1180)


def code_of(secret: str) -> str:
    """What an app shows for a secret now (RFC 6238)."""
    digest = hmac.digest(base64.b32decode(secret), int(time.time() // 30).to_bytes(8), "sha1")
    start = digest[-1] & 15
    return f"{(int.from_bytes(digest[start : start + 4]) & 0x7FFFFFFF) % 1_000_000:06}"


def organise(page: Page) -> None:
    """Write the municipality in: a term, two committees, a person with a seat."""
    page.goto(HOUSE)
    page.get_by_role("link", name="Ny valgperiode").click()
    page.get_by_label("Fra", exact=True).fill("2026-01-01")
    page.get_by_label("Til og med").fill("2029-12-31")
    save(page)
    for name, short, kind in (
        ("Kommunalbestyrelsen", "KB", "council"),
        ("Børne- og Uddannelsesudvalget", "BUU", "standing"),
    ):
        page.goto(HOUSE)
        page.get_by_role("link", name="Nyt udvalg").click()
        page.get_by_label("Navn", exact=True).fill(name)
        page.get_by_label("Forkortelse").fill(short)
        page.locator("[name=kind]").select_option(kind)
        save(page)
    page.goto(HOUSE)
    keep(page, "vejl-organisation")


def give_roles(page: Page) -> None:
    """Make a user, and see where a role is ended."""
    page.goto(f"{HOUSE}roller/")
    page.get_by_role("link", name="Ny bruger").click()
    page.get_by_label("Brugernavn").fill("signe")
    page.get_by_label("Navn", exact=True).fill("Signe Sekretær")
    page.get_by_label("E-mail").fill("signe@hvidovre.dk")
    page.locator("[name=role]").select_option("secretary")
    keep(page, "vejl-ny-bruger", height=1180)
    save(page)
    page.goto(f"{HOUSE}roller/")
    keep(page, "vejl-roller", height=980)
    page.get_by_role("link", name="Signe Sekretær", exact=True).click()
    keep(page, "vejl-bruger", height=1060)
    page.get_by_role("button", name="Lav en ny adgangskode").click()
    keep(page, "vejl-ny-adgangskode", height=520)
    page.goto(f"{HOUSE}roller/")
    page.get_by_role("link", name=re.compile("Afslut.*Signe")).click()
    keep(page, "vejl-afslut-rolle", height=560)


def run(page: Page) -> None:
    """What comes with the years: a set, what is made public, the log, the note's template, a round, the handover."""
    page.goto("/")
    address = page.get_by_role("link", name="Børne- og Familieområdet").first.get_attribute("href") or "/"
    for path, name in (
        ("/udvalg/boerne-og-uddannelsesudvalget/saet/nyt/", "vejl-nyt-saet"),
        (f"{address}offentliggoer/", "vejl-offentliggoer"),
        (f"{address}overlevering/", "vejl-overlevering"),
        ("/haendelser/", "vejl-haendelser"),
        ("/runder/", "vejl-runder"),
        (f"{HOUSE}notatskabelon/", "vejl-notatskabelon"),
    ):
        page.goto(path)
        keep(page, name)


def save(page: Page) -> None:
    """Press Gem, and see that it was taken."""
    before = page.url
    page.get_by_role("button", name="Gem").click()
    page.wait_for_url(lambda address: address != before)


def keep(page: Page, name: str, *, height: int = 700) -> None:
    """Keep a picture of the top of a page, with few colours: small, and as good to read."""
    page.wait_for_load_state("networkidle")
    page.set_viewport_size({"width": SIZE["width"], "height": height})
    page.evaluate("scrollTo({top: 0, behavior: 'instant'})")
    picture = Image.open(io.BytesIO(page.screenshot()))
    picture.quantize(64).save(PICTURES / f"{name}.png", optimize=True)
    page.set_viewport_size(SIZE)  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
