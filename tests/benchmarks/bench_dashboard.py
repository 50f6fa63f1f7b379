"""Latency of the dashboard in Chromium: ``python -m tests.benchmarks.bench_dashboard`` prints.

Medians on this machine; judges nothing.  Slider: mouse released to changed headline number, at
values not solved before.  Switch: click on the navigation to the page's own content, script idle.
Ten sessions: ten windows move a slider at the same moment; each one's time to its new number.
"""

import statistics
import sys
import time
from pathlib import Path

from dashboard import screenshots

NUMBER = ".st-key-card-us_imports_from_china [data-testid=stMetricValue]"
START = "?scenario=tariff-100"
PAGES = {
    "Compare": ".st-key-picture-multiple-us_tariff_revenue svg.marks",
    "Map and flows": ".st-key-picture-map svg.marks",
    "Sectors": "[data-testid=stDataFrame]",
    "Evidence": "[data-testid=stTable]",
    "Build": "[data-testid=stFileUploader]",
    "Scenario": NUMBER,
}
SESSIONS = 10


def say(name, times, goal):
    told = f"{1000 * statistics.median(times):8.0f} ms median{1000 * max(times):8.0f} ms worst"
    sys.stdout.write(f"{name:<34}{told}   (goal {goal})\n")


def changed(page, before):
    page.wait_for_function(
        "([target, before]) => document.querySelector(target)?.innerText !== before",
        arg=[NUMBER, before],
        polling=5,
    )


def slider(page):
    return page.get_by_role("slider", name="US additional tariff on China")


def released(page, to):
    """Seconds from the release of the mouse to another number."""
    before = page.locator(NUMBER).inner_text()
    handle = slider(page).bounding_box()
    track = page.locator("[data-testid=stSlider]").filter(has=slider(page)).bounding_box()
    middle = handle["y"] + handle["height"] / 2
    page.mouse.move(handle["x"] + handle["width"] / 2, middle)
    page.mouse.down()
    page.mouse.move(track["x"] + to * track["width"], middle, steps=4)
    start = time.perf_counter()
    page.mouse.up()
    changed(page, before)
    return time.perf_counter() - start


def load(browser, address):
    page = browser.new_context().new_page()
    start = time.perf_counter()
    page.goto(address + START)
    page.wait_for_selector(NUMBER)
    return page, time.perf_counter() - start


def switches(page):
    """Seconds of each change of page, by name; the second round counts, all is imported then."""
    times = {}
    for _ in range(2):
        for name, target in PAGES.items():
            start = time.perf_counter()
            page.get_by_role("link", name=name, exact=True).click()
            page.wait_for_selector(target)
            times[name] = time.perf_counter() - start
            screenshots.settle(page)
    return times


def memory_mb(port):
    """Resident memory of the server that listens on `port`, from /proc."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            line = (folder / "cmdline").read_bytes().decode()
            status = (folder / "status").read_text()
        except OSError:
            continue
        if f"\0{port}\0" in line + "\0" and "dashboard" in line:
            return int(status.partition("VmRSS:")[2].split()[0]) / 1024
    return float("nan")


def together(pages):
    """Seconds until each of the sessions has its new number; all keys are pressed at once."""
    before = [page.locator(NUMBER).inner_text() for page in pages]
    for page in pages:
        slider(page).focus()
    start = time.perf_counter()
    for page in pages:
        page.keyboard.press("ArrowLeft")
    times = []
    for page, old in zip(pages, before, strict=True):
        changed(page, old)
        times.append(time.perf_counter() - start)
    return times


def main():
    path = screenshots.chromium()
    if path is None:
        sys.exit("No Chromium found. Install one: apt-get install chromium.")
    with screenshots.server() as address, screenshots.browser(path) as browser:
        port = address.rstrip("/").rpartition(":")[2]
        page, first = load(browser, address)
        say("first load, fresh server", [first], "5 s")
        again = [load(browser, address) for _ in range(3)]
        say("first load, later session", [seconds for _, seconds in again], "5 s")
        screenshots.settle(page)
        page.wait_for_timeout(500)
        times = []
        for step in range(10):
            times.append(released(page, 0.05 + 0.055 * step))
            screenshots.settle(page)
            page.wait_for_timeout(300)
        say("slider released to number", times, "300 ms")
        for name, seconds in switches(page).items():
            say(f"switch to {name}", [seconds], "1 s")
        sessions = [load(browser, address)[0] for _ in range(SESSIONS)]
        for number, one in enumerate(sessions):
            screenshots.settle(one)
            released(one, 0.1 + 0.06 * number)
            screenshots.settle(one)
        say("ten sessions at once, a change", together(sessions), "2 s")
        sys.stdout.write(f"{'memory of the server':<34}{memory_mb(port):8.0f} MB\n")


if __name__ == "__main__":
    main()
