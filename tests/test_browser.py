"""The dashboard in a real headless Chromium: sliders, links, downloads, no outside request."""

import os
import re
import statistics
import sys
import time
from urllib.parse import urlsplit

import pytest

pytest.importorskip("streamlit", reason="the dashboard extra is not installed")
pytest.importorskip("playwright", reason="playwright is not installed: no browser test was run")

from dashboard import screenshots
from sim.outputs.headline import headline
from sim.outputs.words import with_unit
from sim.run import run

LOCAL = {"localhost", "127.0.0.1"}
PHONE = {"width": 390, "height": 844}
IMPORTS = "us_imports_from_china"

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def chromium():
    path = screenshots.chromium()
    if path is None:
        words = "NO CHROMIUM: the browser tests were not run (apt-get install chromium)"
        if os.environ.get("CI"):
            pytest.fail(words)
        pytest.skip(words)
    with screenshots.browser(path) as browser:
        yield browser


@pytest.fixture(scope="module")
def address():
    with screenshots.server() as address:
        yield address


@pytest.fixture
def opened(chromium, address):
    """Open addresses; at the end, assert that nothing was asked of any other host."""
    pages, asked = [], []

    def record(url):
        if not url.startswith(("data:", "blob:")):
            asked.append(url)

    def opened(query="", **options):
        context = chromium.new_context(**options)
        page = context.new_page()
        page.set_default_timeout(screenshots.PAGE_MS)
        page.on("request", lambda request: record(request.url))
        page.on("websocket", lambda socket: record(socket.url))
        page.goto(address + query)
        screenshots.settle(page)
        pages.append(context)
        return page

    yield opened
    for context in pages:
        context.close()
    assert asked
    assert {urlsplit(url).hostname for url in asked} <= LOCAL


def card(page, figure=IMPORTS):
    return page.locator(f".st-key-card-{figure} [data-testid=stMetricValue]")


def wait_for(page, text, figure=IMPORTS):
    target = f".st-key-card-{figure} [data-testid=stMetricValue]"
    page.wait_for_function(
        "([target, text]) => document.querySelector(target)?.innerText.trim() === text",
        arg=[target, text],
    )


def imports(name="tariff-100", **levers):
    figure = headline(run(name, levers=levers)).figures[IMPORTS]
    return with_unit(figure.value, figure.unit)


def rate(page):
    return page.get_by_role("slider", name="US additional tariff on China")


def test_keyboard_moves_a_slider_and_the_number_changes(opened):
    page = opened("?scenario=tariff-100")
    assert card(page).inner_text().strip() == imports()
    rate(page).focus()
    page.keyboard.press("ArrowLeft")
    wait_for(page, imports(us_rate=95.0))
    assert re.search(r"us_rate=95", page.url)
    page.reload()
    screenshots.settle(page)
    wait_for(page, imports(us_rate=95.0))


def grab(page, slider, to):
    """Take the handle with the mouse and move it to a share of the track's width."""
    handle = slider.bounding_box()
    track = page.locator("[data-testid=stSlider]").filter(has=slider).bounding_box()
    middle = handle["y"] + handle["height"] / 2
    page.mouse.move(handle["x"] + handle["width"] / 2, middle)
    page.mouse.down()
    page.mouse.move(track["x"] + to * track["width"], middle, steps=5)


def test_mouse_drags_a_slider_and_the_number_changes(opened):
    page = opened("?scenario=tariff-100")
    grab(page, rate(page), to=0.2)
    page.mouse.up()
    page.wait_for_function("() => /us_rate=/.test(location.search)")
    value = float(re.search(r"us_rate=([\d.]+)", page.url)[1])
    assert value < 60
    wait_for(page, imports(us_rate=value))


def test_deep_link_and_scenario_switch(opened):
    page = opened("?scenario=tariff-100&us_rate=60")
    wait_for(page, imports(us_rate=60.0))
    screenshots.settle(page)
    page.get_by_role("combobox").first.click()
    page.get_by_role("option", name="China buys American soybeans").click()
    wait_for(page, imports("soybean-purchases"))
    assert "scenario=soybean-purchases" in page.url
    page.get_by_role("link", name="About the model").click()
    page.get_by_role("heading", name="What it leaves out").wait_for()


def test_downloads(opened, tmp_path):
    page = opened("?scenario=tariff-100&us_rate=60")
    with page.expect_download() as started:
        page.get_by_role("button", name="Result (CSV)").click()
    started.value.save_as(tmp_path / "result.csv")
    rows = (tmp_path / "result.csv").read_text(encoding="utf-8").splitlines()
    result = run("tariff-100", levers={"us_rate": 60.0})
    assert len(rows) == result.table.num_rows + 1
    with page.expect_download() as started:
        page.get_by_role("button", name="Scenario (YAML)").click()
    started.value.save_as(tmp_path / "mine.yaml")
    again = run(tmp_path / "mine.yaml")
    assert again.value("imports", "USA", "CHN") == pytest.approx(
        result.value("imports", "USA", "CHN"), rel=1e-9
    )


@pytest.mark.parametrize("query", ["?scenario=tariff-100&versus=truce-lapse", "about"])
def test_phone_has_no_sideways_scroll(opened, query):
    page = opened(query, viewport=PHONE)
    page.wait_for_timeout(500)
    width = page.evaluate(
        "Math.max(document.documentElement.scrollWidth,"
        " document.querySelector('[data-testid=stMain]').scrollWidth)"
    )
    assert width <= PHONE["width"]


def test_charts_are_drawn_and_named(opened):
    page = opened("?scenario=tariff-100")
    charts = page.locator("[data-testid=stVegaLiteChart]")
    page.locator("[data-testid=stVegaLiteChart] svg, [data-testid=stVegaLiteChart] canvas").nth(
        1
    ).wait_for()
    assert charts.count() == 2
    assert page.get_by_label(re.compile(r"^Bar chart\. US sectors")).count() >= 1


def test_screenshot(chromium, address, tmp_path):
    path = screenshots.take(chromium, address, screenshots.SHOTS[0], tmp_path)
    assert path.stat().st_size > 50_000


@pytest.mark.slow
def test_latency_of_a_slider(opened, capsys):
    """Median of ten: slider released to changed headline number, at values not solved before."""
    page = opened("?scenario=tariff-100")
    wait_for(page, imports())
    taken = []
    for step in range(10):
        before = card(page).inner_text()
        grab(page, rate(page), to=0.05 + 0.055 * step)
        start = time.perf_counter()
        page.mouse.up()
        page.wait_for_function(
            "([target, before]) => document.querySelector(target)?.innerText !== before",
            arg=[f".st-key-card-{IMPORTS} [data-testid=stMetricValue]", before],
            polling=5,
        )
        taken.append(time.perf_counter() - start)
        screenshots.settle(page)
        page.wait_for_timeout(200)
    median = statistics.median(taken)
    with capsys.disabled():
        words = ", ".join(f"{1000 * one:.0f}" for one in taken)
        sys.stdout.write(f"\nslider release to number: median {1000 * median:.0f} ms ({words})\n")
    assert median < 1.0
