"""Latency of the dashboard in Chromium: ``python -m tests.benchmarks.bench_dashboard`` prints.

Medians on this machine; judges nothing.  Slider: mouse released to changed headline number, at
values not solved before; path: to the new chart of 36 months.  Switch: click on the navigation to
the page's own content, script idle.  Ten sessions at once: over the server's own web socket, which
measures the server, and in ten windows of Chromium, which measures mostly Chromium on few cores.
"""

import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.benchmarks.sessions import Session
from tests.dashboard import screenshots

NUMBER = ".st-key-card-us_imports_from_china [data-testid=stMetricValue]"
START = "?scenario=tariff-100"
PAGES = {
    "Compare": ".st-key-picture-multiple-us_tariff_revenue svg.marks",
    "Timeline": ".st-key-picture-acts svg.marks",
    "Map and flows": ".st-key-picture-map svg.marks",
    "Sectors": "[data-testid=stDataFrame]",
    "Uncertainty": ".st-key-picture-ranges svg.marks",
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


SLIDER = "US additional tariff on China"
PATH = "Line chart. US goods imports from China: month by month"
LABEL = (
    "() => [...document.querySelectorAll('[aria-label]')].map((one) => one.ariaLabel)"
    f".find((one) => one.startsWith('{PATH}'))"
)


def slider(page):
    return page.get_by_role("slider", name=SLIDER)


def released(page, to):
    """Seconds from the release of the mouse to another number, and to another path."""
    before, path = page.locator(NUMBER).inner_text(), page.evaluate(LABEL)
    handle = slider(page).bounding_box()
    track = page.locator("[data-testid=stSlider]").filter(has=slider(page)).bounding_box()
    middle = handle["y"] + handle["height"] / 2
    page.mouse.move(handle["x"] + handle["width"] / 2, middle)
    page.mouse.down()
    page.mouse.move(track["x"] + to * track["width"], middle, steps=4)
    start = time.perf_counter()
    page.mouse.up()
    changed(page, before)
    number = time.perf_counter() - start
    page.wait_for_function(f"(path) => ![undefined, path].includes(({LABEL})())", arg=path,
                           polling=5)  # fmt: skip
    return number, time.perf_counter() - start


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
    """Resident memory of the server that listens on `port` and of its workers, from /proc."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            line = (folder / "cmdline").read_bytes().decode().split("\0")
            status = (folder / "status").read_text()
        except OSError:
            continue
        if "VmRSS:" in status:
            parent, size = (int(status.partition(key)[2].split()[0]) for key in ("PPid:", "VmRSS:"))
            found[int(folder.name)] = (line, parent, size / 1024)
    server = next(key for key, (line, _, _) in found.items() if str(port) in line)
    workers = sum(size for _, parent, size in found.values() if parent == server)
    return found[server][2], workers


def at_once(address):
    """Seconds to the new number and to the end, path and all, of ten sessions without a browser."""
    query = START.lstrip("?")
    sessions = [Session(address, query, "US goods imports from China") for _ in range(SESSIONS)]
    for one in sessions:
        one.finish()
    with ThreadPoolExecutor(SESSIONS) as pool:
        rates = [12.0 + 7 * number for number in range(SESSIONS)]
        found = list(pool.map(lambda one, to: one.move(SLIDER, to), sessions, rates))
    for one in sessions:
        one.close()
    return found


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
        taken = []
        for step in range(10):
            taken.append(released(page, 0.05 + 0.055 * step))
            screenshots.settle(page)
        say("slider released to number", [number for number, _ in taken], "300 ms")
        say("slider released to path", [path for _, path in taken], "1 s")
        for name, seconds in switches(page).items():
            say(f"switch to {name}", [seconds], "1 s")
        found = at_once(address)
        say("ten at once, server: number", [number for number, _ in found], "2 s")
        say("ten at once, server: path", [path for _, path in found], "none")
        sessions = [load(browser, address)[0] for _ in range(SESSIONS)]
        for number, one in enumerate(sessions):
            screenshots.settle(one)
            released(one, 0.1 + 0.06 * number)
            screenshots.settle(one)
        say("ten at once, Chromium: number", together(sessions), "2 s")
        server, workers = memory_mb(port)
        sys.stdout.write(f"memory: server {server:.0f} MB, workers {workers:.0f} MB\n")


if __name__ == "__main__":
    main()
