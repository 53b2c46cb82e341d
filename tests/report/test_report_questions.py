"""Ten questions of a member of the working group, each answered within three clicks from the start page."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from test_report_browser import DRIVER, FLAGS

pytestmark = pytest.mark.browser

MOST_CLICKS = 3
SIZES = {"laptop": (1280, 900), "phone": (390, 844)}
#: Question, further clicks (a selector, or a selector with an option), where the answer stands, what it says.
PATHS = {
    "touches": ((("select[name=gm]", "GM9003"),), "#town-bottlenecks tbody tr", {"nl": "MW in 20", "en": "MW in 20"}),
    "before_ours": ((), "#pair-words", {"nl": "Versterking", "en": "Reinforcement"}),
    "nothing": ((), "#differences", {"nl": "het hoogst bij Nulalternatief", "en": "highest in Null alternative"}),
    "space": ((), "#clusters-panels", {"nl": "Ruimte", "en": "Space"}),
    "smart": ((), "#smart .finding", {"nl": "slimmer gebruik", "en": "smarter use"}),
    "planned": ((), "main section .lights, main .summary", {"nl": "rood", "en": "red"}),
    "assumed": ((), "#requests li", {"nl": "Netwerk Oost", "en": "Netwerk Oost"}),
    "sure": ((), "#published .finding", {"nl": "gepubliceerde feiten", "en": "published facts"}),
    "changed": ((), "#history", {"nl": "editie", "en": "edition"}),
    "now": ((), "#proposal tbody tr", {"nl": "Nodig en groot genoeg", "en": "Needed and large enough"}),
}  # fmt: skip


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium")
    if path is None:
        pytest.fail("chromium is missing; install it with: apt-get install chromium")
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield made
        made.close()


def opened(browser: Browser, size: str, wrong: list[str]) -> Page:
    width, height = SIZES[size]
    page = browser.new_page(viewport={"width": width, "height": height}, has_touch=size == "phone")
    page.set_default_timeout(60_000)
    page.on(
        "console",
        lambda m: wrong.append(m.text) if m.type in ("error", "warning") and DRIVER not in m.text else None,
    )
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on(
        "request", lambda r: None if r.url.startswith(("file:", "data:", "blob:")) else wrong.append(r.url)
    )
    return page


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_each_question_is_answered_within_three_clicks(
    browser: Browser, site: Path, language: str, size: str
) -> None:
    wrong: list[str] = []
    page = opened(browser, size, wrong)
    start = (site / ("en" if language == "en" else "") / "index.html").as_uri()
    page.goto(start)
    links = page.locator(".questions a")
    assert links.count() == len(PATHS) == 10
    for number, (name, (more, answer, says)) in enumerate(PATHS.items()):
        page.goto("about:blank")
        page.goto(start)
        page.wait_for_load_state("load")
        link = page.locator(".questions a").nth(number)
        link.click()
        page.wait_for_load_state("load")
        clicks = 1
        if name == "before_ours":  # three after choosing the pair: here the choice itself is the last step
            page.select_option("#pair select[name=a]", index=1)
            page.select_option("#pair select[name=b]", index=2)
        for selector, option in more:
            page.select_option(selector, option)
            clicks += 1
        found = page.locator(answer).filter(has_text=says[language]).first
        found.wait_for(state="attached", timeout=20_000)
        found.scroll_into_view_if_needed()
        assert found.inner_text().strip(), name
        assert clicks <= MOST_CLICKS, name
    assert wrong == []
    page.close()


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_doors_of_the_clusters_open_a_story_and_its_links_the_parts(
    browser: Browser, site: Path, language: str
) -> None:
    wrong: list[str] = []
    page = opened(browser, "phone", wrong)
    page.goto((site / ("en" if language == "en" else "") / "index.html").as_uri())
    page.locator(".door h3 a").first.click()
    page.wait_for_url("**/cluster-a.html")
    assert page.locator(".step").count() == 5
    page.locator("#pinch-table a").first.click()
    page.wait_for_url("**/assets.html#*")
    page.wait_for_selector("body[data-ready]")
    assert "MW" in page.inner_text("#brief-words")
    assert wrong == []
    page.close()
