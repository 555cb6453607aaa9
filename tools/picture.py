"""Photograph a page in Chromium: ``picture.py graph.html docs/page.png [ADDRESS]``, the part after ``#``."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright


def main(page: str, picture: str, address: str = "") -> None:
    """Open the page with what its address picks, and write a PNG."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        view = browser.new_page(viewport={"width": 1280, "height": 760})
        view.goto(f"{Path(page).resolve().as_uri()}#{address}")
        view.wait_for_selector("html[data-ready=yes]")
        view.wait_for_timeout(1500)
        view.screenshot(path=picture)
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
