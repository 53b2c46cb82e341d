"""The site in a real browser, opened from disk as a reader does: no errors, no requests, everything works."""
# ruff: noqa: E501 - the page check is JavaScript

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import readers
import report_batch as batch
from openpyxl import load_workbook
from playwright.sync_api import Browser, Page, sync_playwright
from pmiek.publish.report.pages import PAGES

pytestmark = pytest.mark.browser

FLAGS = [
    "--no-sandbox",
    "--use-angle=swiftshader",  # the map draws in software, as on a laptop without a graphics driver
    "--enable-unsafe-swiftshader",
    "--disable-background-networking",
    "--disable-quic",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
]
DRIVER = (
    "GL Driver Message"  # the software renderer about itself when a picture is read back, not about the page
)
CHECKS = """() => {
  const problems = [];
  const visible = (n) => n.getClientRects().length > 0;
  const name = (n) => (n.getAttribute('aria-label') || n.textContent || n.title || '').trim();
  document.querySelectorAll('a[href], button').forEach((n) => { if (visible(n) && !name(n)) problems.push('no name: ' + n.outerHTML.slice(0, 90)); });
  document.querySelectorAll('input, select').forEach((n) => { if (!n.labels.length) problems.push('no label: ' + n.name); });
  document.querySelectorAll('img').forEach((n) => { if (!n.hasAttribute('alt')) problems.push('no alt'); });
  document.querySelectorAll('svg[role=img], [role=region]').forEach((n) => { if (!n.getAttribute('aria-label')) problems.push('no aria-label: ' + n.className); });
  const ids = Array.from(document.querySelectorAll('[id]')).map((n) => n.id);
  if (new Set(ids).size !== ids.length && !document.querySelector('.js-plotly-plot')) problems.push('double id');
  let level = 0;
  document.querySelectorAll('main :is(h1,h2,h3,h4)').forEach((n) => { const l = Number(n.tagName[1]); if (l > level + 1) problems.push('heading jumps: ' + n.textContent); level = l; });
  const luminance = (c) => { const v = c.map((x) => { x /= 255; return x <= 0.03928 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4; }); return 0.2126 * v[0] + 0.7152 * v[1] + 0.0722 * v[2]; };
  const rgb = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
  const ground = (n) => { for (let m = n; m; m = m.parentElement) { const c = rgb(getComputedStyle(m).backgroundColor); if (c.length === 3 || c[3] > 0.99) return c.slice(0, 3); } return [255, 255, 255]; };
  document.querySelectorAll('p, a, th, td, dt, dd, li, h1, h2, h3, label, button, summary, caption, .badge').forEach((n) => {
    if (!visible(n) || n.closest('svg') || !Array.from(n.childNodes).some((t) => t.nodeType === 3 && t.textContent.trim())) return;
    const [a, b] = [luminance(rgb(getComputedStyle(n).color).slice(0, 3)), luminance(ground(n))];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (contrast < 4.5) problems.push('contrast ' + contrast.toFixed(2) + ': ' + n.outerHTML.slice(0, 90));
  });
  if (document.documentElement.scrollWidth > innerWidth) problems.push('page scrolls sideways');
  return problems;
}"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium")
    if path is None:
        pytest.fail(
            "chromium is missing; install it with: apt-get install chromium (or run: playwright install chromium)"
        )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def tab(chromium: Browser) -> Iterator[Page]:
    """A page that fails the test on any error or on any request that is not a file."""
    page = chromium.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(120_000)  # a busy machine is no mistake of the site
    found: list[str] = []
    page.on(
        "console",
        lambda m: found.append(m.text) if m.type in ("error", "warning") and DRIVER not in m.text else None,
    )
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on(
        "request", lambda r: None if r.url.startswith(("file:", "data:", "blob:")) else found.append(r.url)
    )
    yield page
    page.close()
    assert found == []


def go(tab: Page, site: Path, name: str, **state: Any) -> None:
    """Open a page anew; a change of the hash alone would not load it again."""
    fragment = "&".join(f"{key}={value}" for key, value in state.items())
    tab.goto("about:blank")
    tab.goto(f"{site.as_uri()}/{name}.html" + (f"#{fragment}" if fragment else ""))


def ranks(tab: Page) -> list[str]:
    rows: list[str] = tab.eval_on_selector_all(
        "#project-table tbody tr", "rows => rows.map(r => r.dataset.id)"
    )
    return rows


@pytest.mark.parametrize("width", [1280, 390])
def test_every_page_opens_clean_accessible_and_within_the_screen(tab: Page, site: Path, width: int) -> None:
    tab.set_viewport_size({"width": width, "height": 900})
    problems = {}
    for name in [*(page.name for page in PAGES), "project-p01", "en/index", "en/map"]:
        go(tab, site, name)
        found = tab.evaluate(CHECKS)
        if found:
            problems[name] = found
    assert problems == {}


AXE = """() => axe.run({ exclude: [['.js-plotly-plot']] }, {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'], resultTypes: ['violations'], preload: false,
}).then((found) => found.violations.map((v) => v.id + ': ' + v.nodes.slice(0, 3).map((n) => n.html.slice(0, 120)).join(' | ')))"""


def test_axe_finds_no_barrier_on_any_page(tab: Page, site: Path) -> None:
    axe = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
    problems = {}
    for name in [*(page.name for page in PAGES), "project-p01", "en/projects"]:
        go(tab, site, name)
        tab.evaluate(axe)
        found = tab.evaluate(AXE)
        if found:
            problems[name] = found
    assert problems == {}


def test_a_municipality_shows_its_growth_stations_and_bottlenecks(tab: Page, site: Path) -> None:
    go(tab, site, "municipalities", gm="GM9001", s="eigen_vermogen")
    tab.wait_for_selector("body[data-ready='GM9001']")
    words = tab.inner_text("#town-words")
    # homes 10 -> 35 GWh and transport 20 -> 70 GWh; the base year stands in another storyline
    assert "van 30 GWh in 2025 naar 105 GWh in 2050" in words
    assert "vervoer (+50 GWh), woningen (+25 GWh)" in words
    assert tab.locator("#growth .trace").count() == 2
    assert "Noordveld Stad" in tab.inner_text("#stations")
    assert "buiten het doorgerekende net" in tab.inner_text("#stations")
    shares = batch.result_tables()["bottleneck_shares"]
    mine = shares[(shares["gm_code"] == "GM9001") & (shares["grid_state"] == "frozen")]
    rows = tab.locator("#town-bottlenecks tbody tr")
    assert rows.count() == mine["bottleneck_id"].nunique()
    over = batch.bottlenecks(batch.loading())
    worst = over[(over["grid_state"] == "frozen") & (over["storyline"] == "eigen_vermogen")]
    worst = worst.groupby(["bottleneck_id", "year"])["exceedance_mw"].max()
    worst = worst[worst >= 0.05]  # less reads as nothing
    for bottleneck, series in worst[worst.index.get_level_values(0).isin(mine["bottleneck_id"])].groupby(
        level=0
    ):
        name, first = str(bottleneck).split("-electricity")[0], series.index[0][1]
        mw = f"{series.iloc[0]:.{1 if series.iloc[0] < 10 else 0}f} MW in {first}".replace(".", ",")
        assert any(mw in text for text in rows.all_inner_texts()), (name, mw)
    tab.select_option("select[name=g]", "netverzwaring")
    mine = shares[(shares["gm_code"] == "GM9001") & (shares["grid_state"] == "netverzwaring")]
    assert rows.count() == mine["bottleneck_id"].nunique()
    # the capacity of the last day that states it, and the need of the only day that does
    facts = tab.locator("#facts tbody tr").first.inner_text()
    assert "50,0 (2026-07-30)" in facts
    assert "61,0 (2026-01-15)" in facts
    assert "12,5 (2026-07-30)" in facts
    with tab.expect_download() as saved:
        tab.click("[data-xlsx-page]")
    sheets = load_workbook(BytesIO(Path(saved.value.path()).read_bytes())).sheetnames
    assert len(sheets) >= 5
    tab.select_option("select[name=gm]", "GM9008")
    assert "Ruinerbos" in tab.inner_text("#town-name")
    assert "is er geen vraag" in tab.inner_text("#growth")


def test_an_asset_shows_the_further_checks_that_there_are(tab: Page, site: Path) -> None:
    go(tab, site, "assets", id="K-ES", d="feed-in", g="frozen", s="eigen_vermogen", y=2045)
    tab.wait_for_selector("body[data-ready='K-ES']")
    shown = tab.eval_on_selector_all("[data-check]", "nodes => nodes.map(n => n.dataset.check)")
    # how sure we are comes before what is for specialists
    assert shown == ["weather_distribution", "bottleneck_margin", "loading"]
    assert "131,4" in tab.inner_text("[data-check=weather_distribution]")
    assert "12,5" in tab.inner_text("[data-check=bottleneck_margin]")
    tab.select_option("select[name=s]", "horizon_aanvoer")
    assert tab.locator("[data-check=bottleneck_margin]").count() == 0


def test_the_data_page_ranks_unknown_capacities_and_compares_the_base_year(tab: Page, site: Path) -> None:
    go(tab, site, "data")
    row = tab.locator("#unknown-table tbody tr").first.inner_text().split("\t")
    assert row[:5] == ["Noordveld Stad 110/10 kV", "Netwerk Oost", "2", "1", "3"]
    assert "wijkt af" in tab.inner_text("#published-table")
    tab.locator("#requests details details summary").click()
    with tab.expect_download() as waiting:
        tab.click("[data-xlsx=request-table]")
    assert waiting.value.suggested_filename == "data-requests.xlsx"


def test_the_language_switch_opens_the_same_view(tab: Page, site: Path) -> None:
    go(tab, site, "bottlenecks", cluster="A")
    tab.click("[data-language]")
    tab.wait_for_url("**/en/bottlenecks.html#cluster=A")
    assert tab.get_attribute("html", "lang") == "en"
    assert tab.input_value("select[name=cluster]") == "A"
    assert "rows shown" in tab.inner_text("[data-count]")
    tab.click("[data-language]")
    assert tab.get_attribute("html", "lang") == "nl"


def test_filters_and_sorting_work_and_the_link_restores_them(tab: Page, site: Path) -> None:
    over = batch.bottlenecks(batch.loading())
    expected = over[(over["grid_state"] == "frozen") & (over["cluster"] == "B")]["bottleneck_id"].nunique()
    go(tab, site, "bottlenecks")
    tab.select_option("select[name=scope]", "")
    tab.select_option("select[name=cluster]", "B")
    assert tab.locator("#bottleneck-table tbody tr:visible").count() == expected
    tab.select_option("select[name=grid_state]", "")
    wider = tab.locator("#bottleneck-table tbody tr:visible").count()
    assert wider == over[over["cluster"] == "B"].groupby("grid_state")["bottleneck_id"].nunique().sum()
    tab.reload()
    assert tab.locator("#bottleneck-table tbody tr:visible").count() == wider
    tab.fill("input[name=q]", "niets heeft deze naam")
    assert tab.locator("#bottleneck-table tbody tr:visible").count() == 0
    tab.click("button[type=reset]")
    head = tab.locator("#bottleneck-table thead th", has_text="Tekort (MW)")
    head.locator("button").press("Enter")
    values = tab.eval_on_selector_all(
        "#bottleneck-table tbody tr:not([hidden])", "rows => rows.map(r => Number(r.cells[6].dataset.v))"
    )
    assert values == sorted(values)
    assert head.get_attribute("aria-sort") == "ascending"


def test_sliders_rank_anew_and_the_framework_returns(tab: Page, site: Path) -> None:
    go(tab, site, "projects")
    published = ranks(tab)
    for name in ("societal", "feasibility"):
        tab.locator(f"#weights input[name={name}]").press("Home")
    assert "100%" in tab.locator("#weights label", has_text="Urgentie").inner_text()
    scores = {
        r["project_id"]: r["score_urgency"] for r in batch.result_tables()["candidates"].to_dict("records")
    }
    order = [scores[i] for i in ranks(tab)]
    assert order == sorted(order, reverse=True)
    assert ranks(tab) != published
    moved = ranks(tab)
    tab.reload()
    assert ranks(tab) == moved
    tab.select_option("select[name=type]", "onderzoek")
    assert set(tab.locator("#project-table tbody tr:visible .badge").all_inner_texts()) == {"onderzoek"}
    tab.click("#weights button[type=reset]")
    tab.locator("#weights-state", has_text="die van het afwegingskader").wait_for()
    assert ranks(tab) == published


def test_an_unknown_under_the_only_weighed_criterion_counts_as_the_lower_quartile(
    tab: Page, site: Path
) -> None:
    """P06 is silent about societal value: it stands among its low answers, neither first nor last by rule."""
    go(tab, site, "projects", w="100-0-0")
    place = ranks(tab).index("P06")
    scores = batch.result_tables()["scores"]
    points = scores[(scores["criterion"] == "societal")].set_index("project_id")["points"]
    better = int((points > points["P06"] + batch.MARGIN).sum())
    assert better <= place < len(ranks(tab)) - 1


def test_the_view_is_saved_as_a_workbook_without_formulas(tab: Page, site: Path) -> None:
    go(tab, site, "projects", type="concreet")
    first = tab.locator("#project-table tbody tr:visible th a").first
    first.evaluate("node => { node.textContent = '=1+1 <naam & \u00e9>'; }")
    with tab.expect_download() as waiting:
        tab.click("[data-xlsx]")
    assert waiting.value.suggested_filename == "projects.xlsx"
    book = load_workbook(BytesIO(Path(waiting.value.path()).read_bytes()))
    rows = list(book.worksheets[0].values)
    assert len(rows) == 1 + tab.locator("#project-table tbody tr:visible").count()
    assert rows[0][:3] == ("Plaats op de lijst", "Project", "Type")
    assert rows[1][0] == int(tab.locator("#project-table tbody tr:visible td").first.inner_text())
    assert str(rows[1][1]).startswith("'=1+1 <naam & \u00e9>")
    assert "Waarom" not in str(rows)
    assert {cell.data_type for line in book.worksheets[0] for cell in line} <= {"s", "n"}
    about = dict(line for line in book.worksheets[1].values if line[0])
    assert about["Projecttype"] == "concreet"
    assert str(about["Link naar deze weergave"]).endswith("projects.html#type=concreet")


def test_own_weights_give_the_ranking_of_the_framework_at_those_weights(tab: Page, site: Path) -> None:
    tables = batch.result_tables()
    own = {"societal": 10 / 0.5, "urgency": 60 / 0.3, "feasibility": 30 / 0.2}
    scores = tables["scores"].assign(weight=lambda s: s["weight"] * s["criterion"].map(own))
    expected = batch.ranked(tables["candidates"], scores)["rank"].sort_values().index
    go(tab, site, "projects", w="10-60-30")
    assert ranks(tab) == list(expected)
    published = tables["candidates"].sort_values("rank")["project_id"]
    go(tab, site, "projects", w="50-30-21")
    tab.evaluate("document.querySelector('#weights [name=feasibility]').value = 20")
    assert tab.evaluate(
        "() => { const f = window.pmiek.order([1, 1, 1]); return Object.keys(f).sort((a, b) => f[a].rank - f[b].rank); }"
    ) == list(published)
    assert (
        "–" in tab.locator("#project-table tbody tr td[data-label='Plaats blijft tussen']").first.inner_text()
    )


def test_each_list_has_places_of_its_own(tab: Page, site: Path) -> None:
    go(tab, site, "projects")
    found = tab.evaluate(
        """() => {
          const ids = Object.keys(window.pmiek.ranking.projects);
          window.pmiek.ranking.projects[ids[0]].list = "decided";
          const f = window.pmiek.order([1, 1, 1]);
          return ids.map((id) => [f[id].list, f[id].rank]);
        }"""
    )
    assert found[0] == ["decided", 1]
    assert sorted(rank for name, rank in found if name == "to_decide") == list(range(1, len(found)))


def test_two_projects_are_compared_in_words(tab: Page, site: Path) -> None:
    table = batch.result_tables()["candidates"].set_index("project_id")
    go(tab, site, "projects")
    for name in ("P01", "P04"):
        tab.click(f"[data-pair={name}]")
    words = tab.inner_text("#pair-words")
    high, low = sorted(("P01", "P04"), key=lambda p: table.loc[p, "rank"])
    assert f"{table.loc[high, 'name']} staat op plaats {table.loc[high, 'rank']:.0f}" in words
    gap = f"{table.loc[high, 'score'] - table.loc[low, 'score']:.1f}".replace(".", ",")
    assert f"een verschil van {gap}" in words
    assert f"Wat moet er veranderen om {table.loc[low, 'name']} hoger te zetten?" in words
    assert "De volgorde staat vast" in words
    assert tab.locator("#pair-table thead a").count() == 2
    tab.reload()
    assert tab.inner_text("#pair-words") == words
    tab.locator("#weights input[name=societal]").press("Home")
    assert tab.inner_text("#pair-words") != words
    tab.locator("[data-pair=P01]").press("Enter")
    assert "Kies twee projecten" in tab.inner_text("#pair-words")


def test_a_change_that_the_comparison_names_does_turn_the_order(tab: Page, site: Path) -> None:
    go(tab, site, "projects", a="P01", b="P02")
    assert "houdt zij in 62% van de gevallen stand" in tab.inner_text("#pair-words")
    named = tab.locator("#pair-words li", has_text="gewicht van urgentie").inner_text()
    needed = re.search(r"naar (\d+)%", named)
    assert needed is not None
    before = ranks(tab)
    share = int(needed[1]) + (2 if "omhoog" in named else -2)
    urgency = round(70 * share / (100 - share))
    go(tab, site, "projects", w=f"50-{urgency}-20")
    after = ranks(tab)
    assert (before.index("P01") < before.index("P02")) != (after.index("P01") < after.index("P02"))


def test_map_selectors_change_the_map_the_table_and_the_link(tab: Page, site: Path) -> None:
    go(tab, site, "map", y=2050, g="frozen")
    tab.wait_for_selector("body[data-map=ready]")
    assert tab.inner_text("#map-year") == "2050"
    state = "document.body.dataset.shown"
    assert tab.evaluate(state).startswith("2050|frozen|")
    before = tab.inner_text("#map-summary")
    tab.select_option("select[name=g]", "netverzwaring")
    assert tab.evaluate(state).startswith("2050|netverzwaring|")
    assert tab.inner_text("#map-summary") != before
    tab.uncheck("#map-controls input[value=heat]")
    tab.reload()
    assert not tab.is_checked("#map-controls input[value=heat]")
    tab.locator("input[name=y]").press("Home")
    assert "Het basisjaar 2025" in tab.inner_text("#map-summary")
    tab.click("#map-list summary")
    assert tab.locator("#map-table tbody tr").count() == len(batch.assets())


def test_the_map_finds_a_station_and_shows_it_beside_the_map_year_by_year(tab: Page, site: Path) -> None:
    go(tab, site, "map", y=2050, g="frozen")
    tab.wait_for_selector("body[data-map=ready]")
    name = tab.evaluate(
        "pmiek.map.stations.features.find(f => f.properties.station === 'NV110').properties.name"
    )
    tab.fill("#map-search", name)
    tab.press("#map-search", "Enter")
    panel = tab.locator("#map-info")
    assert "Noordveld Stad 110/10 kV" in panel.inner_text()
    years = panel.locator("table").first.locator("tbody tr")
    assert years.count() == len(batch.YEARS)
    assert "p=station%3ANV110" in tab.url
    tab.reload()
    tab.wait_for_selector("body[data-map=ready]")
    assert "Noordveld Stad 110/10 kV" in panel.inner_text()
    rows = batch.result_tables()["loading"].query(
        "asset_id == 'T-NV110' and grid_state == 'frozen' and year == 2050 and direction == 'take-off'"
    )
    peak = rows.sort_values("loading_pct").iloc[-1]["loading_pct"]
    assert f"{round(float(peak))}%" in years.filter(has_text="2050").inner_text()
    tab.locator("#map-info a", has_text="Bekijk dit netdeel").first.click()
    tab.wait_for_selector("body[data-ready='T-NV110']")
    assert tab.inner_text("#asset-name") == "Noordveld Stad 110/10 kV"


def test_a_click_on_the_map_picks_and_two_maps_move_together(tab: Page, site: Path) -> None:
    go(tab, site, "map", y=2050, g="frozen", g2="netverzwaring")
    tab.wait_for_selector("body[data-map=ready]")
    tab.wait_for_selector("#map2 canvas")
    assert tab.locator("canvas.maplibregl-canvas").count() == 2
    place = tab.evaluate("pmiek.map.labels.features[0].geometry.coordinates")
    tab.evaluate("(at) => pmiek.maps[0].jumpTo({ center: at, zoom: 10 })", place)
    first, second = (tab.evaluate(f"pmiek.maps[{i}].getCenter().toArray()") for i in (0, 1))
    assert second == pytest.approx(first)
    assert "v=" in tab.url
    tab.wait_for_function("pmiek.maps[0].areTilesLoaded() && !pmiek.maps[0].isMoving()")
    tab.locator("#map canvas").click()
    tab.wait_for_selector("#map-info h3")


def test_an_asset_shows_its_curves_hours_causes_and_projects(tab: Page, site: Path) -> None:
    go(tab, site, "assets", id="K-ES", d="feed-in", g="frozen", s="eigen_vermogen", y=2045)
    tab.wait_for_selector("body[data-ready='K-ES']")
    assert tab.locator("#duration .scatterlayer .trace").count() == len(batch.STORYLINES)
    assert tab.locator("#heat tbody tr").count() == 12
    assert tab.locator("#days .heatmaplayer image").count() == 1
    figure = tab.inner_text("#days")
    assert all(
        word in figure for word in ("Dag van het jaar", "Uur van de dag (lokale tijd)", "Belasting (%)")
    )
    assert "zwaarste geval" in tab.inner_text("#days-case")
    brief = tab.inner_text("#brief-words")
    assert brief.startswith("In 2045 (Eigen Vermogen) is er")
    assert "komt de stroom vooral van woningen (40%)" in brief
    assert tab.locator("#brief tbody tr").count() == 2
    assert "aangenomen" in tab.inner_text("#sure-words")
    assert "reeks netanalyse" in tab.inner_text("#checks-flexibility")
    assert "woningen" in tab.inner_text("#shares")
    assert tab.locator("#solving a").count() >= 1
    tab.select_option("select[name=y]", "2025")
    assert "voor alle scenario's gelijk" in tab.inner_text("#asset-state")
    tab.select_option("select[name=g]", "netverzwaring")
    assert "geen belastingduurkromme" in tab.inner_text("#duration")
    tab.select_option("select[name=g]", "frozen")
    tab.select_option("select[name=id]", "T-NV110")
    tab.wait_for_selector("body[data-ready='T-NV110']")
    assert tab.locator("#duration .scatterlayer .trace").count() >= 1


def test_bars_share_their_axis_and_follow_the_choice(tab: Page, site: Path) -> None:
    go(tab, site, "compare")
    tab.locator("[data-compare=bottlenecks]").scroll_into_view_if_needed()
    tab.wait_for_selector("[data-compare=bottlenecks][data-drawn]")
    spans = tab.evaluate(
        "() => { const l = document.querySelector('[data-compare=bottlenecks]')._fullLayout; return [l.yaxis.range, l.yaxis2.range, l.yaxis4.range]; }"
    )
    assert spans[0] == spans[1] == spans[2]
    tab.uncheck("#choice input[value=horizon_aanvoer]")
    assert not tab.evaluate(
        "() => 'yaxis4' in document.querySelector('[data-compare=bottlenecks]')._fullLayout"
    )
    tab.select_option("#choice select[name=y]", "2035")
    tab.reload()
    assert tab.input_value("#choice select[name=y]") == "2035"
    assert not tab.is_checked("#choice input[value=horizon_aanvoer]")


def test_small_multiples_put_the_largest_difference_first_and_leave_out_what_is_the_same(
    tab: Page, site: Path
) -> None:
    tables = batch.result_tables()
    served = tables["service"].query("year == 2050").set_index("variant")["waiting_mw"]
    go(tab, site, "compare")
    titles = tab.locator("#differences figcaption").all_inner_texts()
    apart = []
    for title in titles:
        least, most = re.findall(r"\((?:[\d.,]+–)?([\d.,]+) [^()]*\)", title)[-2:]
        low, high = (float(n.replace(".", "").replace(",", ".")) for n in (least, most))
        apart.append((high - low) / high)
    assert titles
    assert apart[0] == max(apart)
    waits = next(title for title in titles if title.startswith("Wachtende aansluitingen"))
    low, high = served.groupby(level=0).max().loc[["netverzwaring", "nulalternatief"]]
    assert f"Netverzwaring ({low:.0f} MW), het hoogst bij Nulalternatief ({int(high + 0.5)} MW)" in waits
    assert "Waarde van wat niet geleverd wordt" in tab.inner_text("#same")


def test_cost_is_the_difference_with_the_first_variant_and_no_power_is_stacked(tab: Page, site: Path) -> None:
    costs = batch.result_tables()["costs"].query("cluster != 'outside'")
    total = costs.groupby(["storyline", "variant"])["cost_meur_npv"].sum().unstack()
    gap = total["netverzwaring"] - total["nulalternatief"]
    go(tab, site, "compare")
    assert f"{gap.min():.0f}–{gap.max():.0f} mln euro meer" in tab.inner_text("#payers figcaption")
    # the same MW of a station and of a circuit: two panels with their own axis, never one sum
    built = tab.locator("#built figcaption").all_inner_texts()
    assert len(built) == 2
    assert all("720 MW" in title for title in built)
    assert "1.440" not in tab.inner_text("main")


def test_a_figure_is_saved_as_picture_and_as_workbook(tab: Page, site: Path) -> None:
    go(tab, site, "compare")
    figure = tab.locator("#differences .panel-figure").first
    with tab.expect_download() as saved:
        figure.get_by_role("button", name="PNG").click()
    assert Path(saved.value.path()).read_bytes()[:4] == b"\x89PNG"
    with tab.expect_download() as saved:
        figure.get_by_role("button", name="Excel").click()
    sheet = load_workbook(BytesIO(Path(saved.value.path()).read_bytes())).worksheets[0]
    assert sheet.max_row == 3
    tab.locator("[data-compare=bottlenecks]").scroll_into_view_if_needed()
    tab.wait_for_selector("[data-compare=bottlenecks][data-drawn]")
    with tab.expect_download() as saved:
        tab.locator("#bottlenecks").get_by_role("button", name="PNG").click()
    assert Path(saved.value.path()).read_bytes()[:4] == b"\x89PNG"


def test_the_comparison_says_what_one_variant_solves_and_the_other_does_not(tab: Page, site: Path) -> None:
    over = batch.bottlenecks(batch.loading())
    over = over[(over["year"] == 2050) & (over["asset_id"] != batch.OUTSIDE)]
    ids = {state: set(part["bottleneck_id"]) for state, part in over.groupby("grid_state")}
    build = ids.get("netverzwaring", set())
    solved, new = ids["nulalternatief"] - build, build - ids["nulalternatief"]
    go(tab, site, "compare")
    words = tab.inner_text("#words")
    assert f"In 2050 heeft het huidige net {len(ids['frozen'])} knelpunten, de gekozen" in words
    assert "Netverzwaring tegenover nulalternatief" in words
    assert f"Lost {len(solved)} knelpunten op" in words
    assert ("Brengt geen nieuwe" in words) == (not new)
    assert "miljoen euro meer" in words
    assert tab.locator("#summary-table thead th").count() == 3
    tab.uncheck("#choice input[value=nulalternatief]")
    assert "Kies een tweede variant" in tab.inner_text("#words")
    tab.uncheck("#choice input[value=netverzwaring]")
    assert "Kies minstens" in tab.inner_text("#words")


def test_energy_flows_follow_the_choice_and_stand_in_a_table(tab: Page, site: Path) -> None:
    go(tab, site, "flows", s="eigen_vermogen", v="netverzwaring", c="province")
    tab.wait_for_selector("body[data-ready='eigen_vermogen|netverzwaring']")
    assert tab.locator("#flow .sankey-link").count() == 2
    assert "360 GWh" in tab.inner_text("#flow-words")
    tab.select_option("#flow-controls select[name=c]", "A")
    assert "20 GWh" in tab.inner_text("#flow-words")
    tab.click("#flow-table summary")
    assert tab.locator("#flow-list tbody tr").count() == 1
    assert "&c=A" in tab.evaluate("location.hash")


def test_a_variant_has_a_card_and_its_space_in_the_summary(tab: Page, site: Path) -> None:
    go(tab, site, "compare")
    tab.get_by_text("Toon de kaarten").click()
    card = tab.locator(".variant-card", has_text="Netverzwaring").last.inner_text()
    assert "Wie betaalt meer of minder dan in nulalternatief?" in card
    assert "55 mln euro" in card
    assert "cluster A; Noordveld Stad 110/10 kV" in card
    row = tab.locator("#summary-table tbody tr", has_text="Ruimte (ha)")
    assert row.locator("[data-label='Netverzwaring']").inner_text() == "1,5"


def test_a_fiche_says_what_variants_do_and_what_the_project_hangs_on(tab: Page, site: Path) -> None:
    go(tab, site, "project-p01")
    assert tab.locator("#variants-table tbody tr").first.inner_text().split("\t") == [
        "Netverzwaring", "90–93", "2035", "0–15", "0–30"]  # fmt: skip
    assert "eerst dat station" in tab.inner_text("main")
    assert "samen graven" in tab.inner_text("main")
    go(tab, site, "data")
    assert "was onderzoek, nu concreet" in tab.inner_text("#history")
    assert tab.locator("#municipal-table tbody tr").count() >= 1


READ = """() => {
  document.querySelectorAll('details').forEach((d) => { d.open = true; });
  const copy = document.querySelector('main').cloneNode(true);
  copy.querySelectorAll('code, script, style, .source, [lang=nl]').forEach((n) => n.remove());
  const walker = document.createTreeWalker(copy, NodeFilter.SHOW_TEXT), out = [];
  while (walker.nextNode()) { out.push(walker.currentNode.textContent); }
  copy.querySelectorAll('[aria-label]').forEach((n) => out.push(n.getAttribute('aria-label')));
  return out.join(' | ');
}"""


def test_what_scripts_write_is_english_on_english_pages_and_holds_no_id(tab: Page, site: Path) -> None:
    dutch, ids = {}, {}
    for name, state in (
        ("index", {}), ("compare", {}), ("flows", {}), ("map", {"p": "station:ES110"}), ("assets", {"id": "K-ES"}),
        ("municipalities", {"gm": "GM9001"}), ("projects", {"a": "P01", "b": "P02"}),
    ):  # fmt: skip
        for folder in ("", "en/"):
            go(tab, site, folder + name, **state)
            tab.wait_for_timeout(400)  # the data of an asset come with a script of their own
            text = readers.plain(tab.evaluate(READ))
            ids[folder + name] = readers.raw_ids(text)
            if folder:
                dutch[name] = readers.dutch_words(text)
    assert {name: found for name, found in dutch.items() if found} == {}
    assert {name: found for name, found in ids.items() if found} == {}


def test_the_keyboard_reaches_the_content_and_print_hides_the_controls(tab: Page, site: Path) -> None:
    go(tab, site, "projects")
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.className") == "skip"
    tab.keyboard.press("Enter")
    assert tab.evaluate("document.activeElement.id") == "main"
    tab.emulate_media(media="print")
    assert not tab.locator(".controls").first.is_visible()
    assert tab.locator("#project-table").is_visible()
    assert tab.locator("#project-table thead th", has_text="Score").inner_text() == "Score"


def test_the_year_bar_moves_the_sentences_and_both_maps(tab: Page, site: Path) -> None:
    go(tab, site, "index")
    assert tab.locator("ol.sentences:visible").get_attribute("data-year") == "2035"
    shortages = {}
    for year in ("2025", "2050"):
        tab.locator(".year-bar label", has_text=year).click()
        assert tab.locator("ol.sentences:visible").get_attribute("data-year") == year
        shortages[year] = [
            tab.locator(f"#map-{side} .class-shortage").count() for side in ("before", "after")
        ]
    assert shortages["2025"][0] < shortages["2050"][0]
    assert shortages["2050"][1] <= shortages["2050"][0]
    assert "y=2050" in tab.url
    tab.keyboard.press("ArrowLeft")
    assert tab.locator("ol.sentences:visible").get_attribute("data-year") == "2045"
    tab.locator("select[name=g]").select_option("netverzwaring")
    assert "g=netverzwaring" in tab.url
    tab.reload()
    assert tab.locator("ol.sentences:visible").get_attribute("data-year") == "2045"
    assert tab.locator("select[name=g]").input_value() == "netverzwaring"


def test_the_search_opens_a_place_by_keyboard_alone(tab: Page, site: Path) -> None:
    go(tab, site, "en/index")
    tab.keyboard.press("Tab")
    tab.locator("#search-start").focus()
    tab.keyboard.type("turf")
    options = tab.locator("#search-start-list [role=option]")
    assert options.first.inner_text().startswith("Turfstad")
    assert tab.locator("#search-start").get_attribute("aria-expanded") == "true"
    tab.keyboard.press("ArrowDown")
    assert options.first.get_attribute("aria-selected") == "true"
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/municipalities.html#gm=GM9005")
    tab.locator("#search-top").fill("zzz")
    assert tab.locator("#search-top-list").inner_text() == "Nothing found"
    tab.locator("#search-top").fill("zandloo 110")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/assets.html#id=*")
