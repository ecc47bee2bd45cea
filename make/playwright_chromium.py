"""Print where Playwright's own Chromium would be, whether or not it has been fetched."""

from playwright.sync_api import sync_playwright

with sync_playwright() as playwright:
    print(playwright.chromium.executable_path)
