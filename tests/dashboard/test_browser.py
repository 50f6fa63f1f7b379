"""The dashboard in a real headless Chromium: sliders, links, downloads, no outside request."""

import ast
import importlib.resources
import importlib.util
import os
import re
import statistics
import sys
import time
from contextlib import suppress
from urllib.parse import urlsplit

import pytest

pytest.importorskip("streamlit", reason="the dashboard extra is not installed")
pytest.importorskip("playwright", reason="playwright is not installed: no browser test was run")

from playwright.sync_api import TimeoutError as TooLate

from sim.engine.runs import run
from sim.outputs.headline import headline
from sim.outputs.words import with_unit
from tests.dashboard import screenshots

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
    wait_for(page, imports())
    rate(page).focus()
    page.keyboard.press("ArrowLeft")
    wait_for(page, imports(us_rate=95.0))
    page.wait_for_function("() => /us_rate=95/.test(location.search)")
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
    value = float(re.search(r"us_rate=([\d.]+)", page.evaluate("location.search"))[1])
    assert value < 60
    wait_for(page, imports(us_rate=value))


def test_deep_link_and_scenario_switch(opened):
    page = opened("?scenario=tariff-100&us_rate=60")
    wait_for(page, imports(us_rate=60.0))
    screenshots.settle(page)
    page.get_by_role("combobox").first.click()
    page.get_by_role("option", name="China buys American soybeans").click()
    wait_for(page, imports("soybean-purchases"))
    page.wait_for_function("() => /scenario=soybean-purchases/.test(location.search)")
    page.get_by_role("link", name="About the model").click()
    page.get_by_role("heading", name="What it leaves out").wait_for()


def test_scenario_of_another_pair_is_picked_and_read(opened):
    page = opened("?scenario=tariff-100")
    wait_for(page, imports())
    picker = page.get_by_role("combobox").first
    picker.click()
    picker.fill("Canada answers")
    page.get_by_role("option", name="Canada answers on American metals and cars").click()
    figures = headline(run("canada-answer")).figures
    figure = figures["can_imports_from_usa"]
    wait_for(page, with_unit(figure.value, figure.unit), figure.id)
    page.wait_for_function("() => /scenario=canada-answer/.test(location.search)")
    label = page.locator(f".st-key-card-{figure.id}").get_by_text(figure.label).first
    label.wait_for()
    assert figure.label == "Canada's goods imports from the United States"
    page.locator(f".st-key-card-{IMPORTS}").wait_for(state="detached")


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


def addresses():
    """Addresses of all pages, the start page first: the keys of the table in dashboard/app.py."""
    tree = ast.parse((screenshots.REPO / "dashboard" / "app.py").read_text(encoding="utf-8"))
    tables = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "pages"
    ]
    return [ast.literal_eval(key) for key in tables[0].keys]


PAGES = ("?scenario=tariff-100&versus=truce-lapse", *addresses()[1:])


@pytest.fixture(scope="module")
def axe():
    """Path of axe-core's axe.min.js, which a wheel brings along: nothing is fetched."""
    if importlib.util.find_spec("axe_playwright_python") is None:
        words = "NO AXE: accessibility was not tested (pip install axe-playwright-python)"
        if os.environ.get("CI"):
            pytest.fail(words)
        pytest.skip(words)
    return importlib.resources.files("axe_playwright_python") / "axe.min.js"


OF_STREAMLIT: dict[str, str] = {}
"""Serious rules that Streamlit's own parts break and we cannot mend: rule, and why it is let be."""

SERIOUS = """
async () => {
  const found = (await axe.run()).violations;
  return found.filter((one) => ["serious", "critical"].includes(one.impact))
    .flatMap((one) => one.nodes.map((node) => [one.id, node.target.join(" "), node.html]));
}
"""


@pytest.mark.parametrize("query", PAGES)
def test_axe_finds_nothing_serious_and_a_phone_does_not_scroll_sideways(opened, axe, query):
    """One visit of each page: axe in light and in dark, then the window of a phone."""
    page = opened(query, color_scheme="light")
    page.add_script_tag(path=str(axe))
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_function(BACKGROUND, arg=scheme)
        screenshots.settle(page)
        found = [one for one in page.evaluate(SERIOUS) if one[0] not in OF_STREAMLIT]
        assert not found, (scheme, found)
    page.set_viewport_size(PHONE)
    page.wait_for_function(f"() => ({WIDTH}) <= {PHONE['width']}")


BACKGROUND = """
(scheme) => {
  const app = document.querySelector("[data-testid=stApp]");
  const light = getComputedStyle(app).backgroundColor.match(/\\d+/g).slice(0, 3).map(Number);
  return (light[0] > 128) === (scheme === "light");
}
"""
"""The theme follows the system's colour scheme."""

WIDTH = (
    "Math.max(document.documentElement.scrollWidth,"
    " document.querySelector('[data-testid=stMain]').scrollWidth)"
)


def test_charts_are_drawn_and_named(opened):
    page = opened("?scenario=tariff-100")
    page.wait_for_function(
        "() => document.querySelectorAll('[data-testid=stVegaLiteChart] :is(svg, canvas)').length"
        " === 3"
    )
    page.get_by_label(re.compile(r"^Bar chart\. US sectors")).first.wait_for(state="attached")


def test_lever_survives_a_change_of_page(opened):
    page = opened("?scenario=tariff-100&us_rate=60")
    wait_for(page, imports(us_rate=60.0))
    page.get_by_role("link", name="Sectors").click()
    page.get_by_text("additional tariff on China 60 pp: changes").wait_for()
    page.get_by_role("link", name="Evidence").click()
    page.get_by_role("heading", name="Article 000").wait_for()
    page.get_by_role("link", name="Scenario", exact=True).click()
    wait_for(page, imports(us_rate=60.0))
    page.wait_for_function("() => /us_rate=60/.test(location.search)")


def test_pinned_scenarios_are_a_link(opened):
    page = opened("?scenario=tariff-100")
    page.get_by_role("button", name="Pin to compare").click()
    page.get_by_role("button", name=re.compile("Pinned")).wait_for()
    page.get_by_role("link", name="Compare").click()
    page.get_by_text("1. The 100 % tariff takes effect").wait_for()
    page.wait_for_function(r"() => /compare\?.*pins=tariff-100/.test(location.href)")
    again = opened(page.evaluate("location.href").rpartition("/")[2])
    again.get_by_text("1. The 100 % tariff takes effect").wait_for()


def test_map_is_drawn_and_saved_as_svg_and_png(opened, tmp_path):
    page = opened("map?scenario=tariff-100", color_scheme="dark")
    page.wait_for_function(
        "() => document.querySelectorAll('.st-key-picture-map svg.marks path').length > 170"
    )
    with page.expect_download() as started:
        page.locator(".st-key-svg-map button").click()
    started.value.save_as(tmp_path / "map.svg")
    text = (tmp_path / "map.svg").read_text(encoding="utf-8")
    assert "Who gains and who loses real income" in text
    assert "Source: Truce" in text
    page.locator(".st-key-picture-map").hover()
    with page.expect_download() as started:
        page.locator(".st-key-picture-map").get_by_role("button", name="Download as PNG").click()
    started.value.save_as(tmp_path / "map.png")
    assert (tmp_path / "map.png").stat().st_size > 10_000
    page.get_by_label(re.compile("^Flow diagram. US imports")).first.wait_for(state="attached")


MINE = """\
title: Forty points
question: What if it were 40?
extends: tariff-100
levers:
  rate: {path: us-additional-tariff-threat-2025-10-10.rate_pp, label: Duty, min: 0, max: 50}
"""


def test_upload_says_the_line_and_then_runs(opened, tmp_path):
    page = opened("build?scenario=tariff-100")
    path = tmp_path / "forty.yaml"
    path.write_text(MINE, encoding="utf-8")
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_text("Line 5, levers.rate").first.wait_for()
    path = tmp_path / "fifty.yaml"
    path.write_text(MINE.replace("extends: tariff-100", "extends: baseline-2025-10\nmeasures: "
                                 "[us-additional-tariff-threat-2025-10-10]\ndate: 2025-12-01")
                    .replace("max: 50", "max: 200"), encoding="utf-8")  # fmt: skip
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_role("button", name="Save and show it").click()
    wait_for(page, with_unit(headline(run(path)).figures[IMPORTS].value, "USD bn"))


def type_into(page, row, text):
    """Change an amount in the canvas table; a page still settling may swallow a click or a key."""
    cell = page.get_by_test_id(f"glide-cell-3-{row}")
    for _ in range(10):
        box = page.get_by_test_id("data-grid-canvas").first.bounding_box()
        page.mouse.click(box["x"] + 345, box["y"] + 36 + 35 * row + 18)
        page.keyboard.press("Enter")
        editor = page.locator("#portal input, #portal textarea").first
        with suppress(TooLate):
            editor.wait_for(timeout=3000)
            editor.fill(text, timeout=3000)
            page.keyboard.press("Enter")
            editor.wait_for(state="detached", timeout=3000)
        if cell.text_content() == text:
            return
        page.keyboard.press("Escape")
        page.wait_for_timeout(500)
    pytest.fail(f"the table still shows {cell.text_content()}")


def test_table_of_measures_is_typed_into(opened):
    page = opened("build?scenario=tariff-100")
    page.get_by_test_id("glide-cell-2-0").wait_for(state="attached")
    row = next(
        position
        for position in range(4)
        if "threatened" in page.get_by_test_id(f"glide-cell-2-{position}").text_content()
    )
    assert page.get_by_test_id(f"glide-cell-3-{row}").text_content() == "100"
    type_into(page, row, "60")
    page.wait_for_function(
        "() => document.querySelector('.st-key-step-back button')?.disabled === false"
    )
    page.get_by_role("button", name="Save and show").click()
    wait_for(page, imports(us_rate=60.0))


def picture(page, key):
    return page.locator(f".st-key-picture-{key} svg.marks")


def test_path_and_sparklines_follow_the_lever(opened):
    """The path is worked out by a process beside the server; it comes after the number."""
    page = opened("?scenario=tariff-100&us_rate=60")
    before = page.get_by_label(PATH).first.get_attribute("aria-label")
    assert page.locator(".st-key-figures [role=img]").count() >= 6
    rate(page).focus()
    page.keyboard.press("ArrowLeft")
    wait_for(page, imports(us_rate=55.0))
    page.wait_for_function(
        "([start, before]) => [...document.querySelectorAll('[aria-label]')].some((one) =>"
        " one.ariaLabel.startsWith(start) && one.ariaLabel !== before)",
        arg=["Line chart. US goods imports from China", before],
    )
    first = headline(run("tariff-100", levers={"us_rate": 55.0}, months=1).at(1)).figures[IMPORTS]
    label = page.get_by_label(PATH).first.get_attribute("aria-label")
    assert with_unit(first.change, first.change_unit, sign=True) in label


PATH = re.compile("^Line chart. US goods imports from China: month by month")


def test_timeline_is_drawn_and_downloaded(opened, tmp_path):
    page = opened("timeline")
    picture(page, "acts").first.wait_for()
    picture(page, "averages").first.wait_for()
    with page.expect_download() as started:
        page.get_by_role("button", name="Acts (CSV)").click()
    started.value.save_as(tmp_path / "acts.csv")
    text = (tmp_path / "acts.csv").read_text(encoding="utf-8-sig")
    assert "US fentanyl tariff on all Chinese goods" in text
    with page.expect_download() as started:
        page.locator(".st-key-svg-acts button").click()
    started.value.save_as(tmp_path / "acts.svg")
    assert "fentanyl" in (tmp_path / "acts.svg").read_text(encoding="utf-8")


def test_tornado_is_drawn_on_demand(opened):
    page = opened("uncertainty?scenario=soybean-purchases")
    page.get_by_role("button", name=re.compile("^Work it out")).click()
    picture(page, "tornado").first.wait_for()


def test_question_leads_to_its_page(opened):
    page = opened("?scenario=soybean-purchases")
    page.get_by_text("Questions people ask").click()
    page.get_by_text("What is the truce worth a month?").wait_for()
    page.locator(".st-key-show-gain button").click()
    picture(page, "map").first.wait_for()
    page.get_by_text("The 100 % tariff takes effect").first.wait_for()


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
