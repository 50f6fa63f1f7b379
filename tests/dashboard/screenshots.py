"""Serve the dashboard, drive a headless Chromium, take pictures.

Run it as ``python -m tests.dashboard.screenshots``; the pictures go to ``docs/images``.

The browser tests use the same server and the same browser.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

REPO = Path(__file__).resolve().parents[2]
IMAGES = REPO / "docs" / "images"
START_SECONDS, PAGE_MS = 120, 60_000
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""Chromium in a container, sending nothing on its own."""

READY = ", ".join(
    f'[data-testid="{part}"]'
    for part in ("stMetric", "stTable", "stVegaLiteChart", "stDataFrame", "stFileUploader")
)
"""What a page shows once it is there."""


@dataclass(frozen=True)
class Shot:
    """One picture: file, address, size of the window, colour scheme; `full` scrolls to the end."""

    file: str
    address: str
    width: int = 1280
    height: int = 860
    scheme: str = "light"
    full: bool = True


SHOTS = (
    Shot("scenario-tariff-100.png", "?scenario=tariff-100&versus=truce-lapse"),
    Shot("scenario-tariff-100-top.png", "?scenario=tariff-100", full=False),
    Shot("scenario-truce-extension-dark.png", "?scenario=truce-extension", scheme="dark"),
    Shot("scenario-rare-earth-delay.png", "?scenario=rare-earth-delay"),
    Shot("scenario-soybean-purchases.png", "?scenario=soybean-purchases"),
    Shot("scenario-phone.png", "?scenario=soybean-purchases", width=390, height=844),
    Shot(
        "compare.png",
        "compare?pins=tariff-100~tariff-100(us_rate=50)~truce-lapse~rare-earth-enforced",
    ),
    Shot("compare-phone.png", "compare", width=390, height=844),
    Shot("timeline.png", "timeline"),
    Shot("timeline-top.png", "timeline", full=False),
    Shot("timeline-phone.png", "timeline", width=390, height=844),
    Shot("uncertainty.png", "uncertainty?scenario=truce-extension"),
    Shot("uncertainty-top.png", "uncertainty?scenario=tariff-100", full=False),
    Shot("uncertainty-dark.png", "uncertainty?scenario=tariff-100", scheme="dark"),
    Shot("map.png", "map?scenario=tariff-100"),
    Shot("map-dark.png", "map?scenario=truce-extension", scheme="dark"),
    Shot("map-phone.png", "map?scenario=tariff-100", width=390, height=844),
    Shot("sectors.png", "sectors?scenario=tariff-100"),
    Shot("evidence.png", "evidence", full=False),
    Shot("build.png", "build?scenario=tariff-100"),
    Shot("about.png", "about"),
)


def chromium() -> str | None:
    """Path of a Chromium on this machine, or None."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((path for name in names if (path := shutil.which(name))), None)


@contextmanager
def server() -> Iterator[str]:
    """Run ``truce dashboard`` on a free port of localhost; yields its address."""
    port = _free_port()
    address = f"http://localhost:{port}/"
    command = [sys.executable, "-c", "from sim.cli import main; main()"]
    path = os.pathsep.join(filter(None, (str(REPO), os.environ.get("PYTHONPATH"))))
    process = subprocess.Popen(
        [*command, "dashboard", "--headless", "--port", str(port)],
        env={**os.environ, "PYTHONPATH": path},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(f"{address}_stcore/health", process)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=START_SECONDS)


@contextmanager
def browser(path: str) -> Iterator[Browser]:
    """Start the Chromium at `path`."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, headless=True, args=[*FLAGS])
        try:
            yield launched
        finally:
            launched.close()


CALM = """
() => {
  const app = document.querySelector("[data-testid=stApp]");
  const isIdle = app && app.dataset.testScriptState === "notRunning";
  const isBare = document.querySelector("[data-testid=stSkeleton]");
  window.calm = isIdle && !isBare ? (window.calm || 0) + 1 : 0;
  return window.calm > 5;
}
"""
"""The script is idle and nothing is on its way, six looks in a row."""


def settle(page: Page) -> None:
    """Wait until the page has what it shows: something is there, and no more is coming."""
    page.wait_for_selector(READY, timeout=PAGE_MS)
    page.evaluate("window.calm = 0")
    page.wait_for_function(CALM, polling=60, timeout=PAGE_MS)


def take(shown: Browser, address: str, shot: Shot, folder: Path) -> Path:
    """Take one picture."""
    size = {"width": shot.width, "height": shot.height}
    page = shown.new_page(viewport=size, color_scheme=shot.scheme, device_scale_factor=1)
    page.goto(address + shot.address)
    settle(page)
    if shot.full:
        height = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
        page.set_viewport_size({**size, "height": height})
        settle(page)
    path = folder / shot.file
    page.screenshot(path=path)
    page.close()
    return path


def main(folder: Path = IMAGES) -> int:
    """Write all pictures; returns the exit code."""
    path = chromium()
    if path is None:
        sys.stderr.write("No Chromium found. Install one: apt-get install chromium.\n")
        return 1
    folder.mkdir(parents=True, exist_ok=True)
    with server() as address, browser(path) as shown:
        for shot in SHOTS:
            sys.stdout.write(f"{take(shown, address, shot, folder).name}\n")
    return 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        return int(probe.getsockname()[1])


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with code {process.returncode}")
        try:
            with urllib.request.urlopen(address, timeout=1):
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"no answer from {address} in {START_SECONDS} s")


if __name__ == "__main__":
    sys.exit(main())
