"""The site as files: both languages, links that resolve, nothing from outside, nothing unescaped."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pandas as pd
import pytest
import report_batch as batch
from pmiek.files import write_csv, write_text
from pmiek.publish.report import build_site
from pmiek.publish.report.pages import PAGES

VOID = {"meta", "link", "input", "br", "img", "hr"}


class Outline(HTMLParser):
    """Collects ids, links, labels and unclosed elements of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: list[str] = []
        self.stack: list[str] = []
        self.problems: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.tags.append(tag)
        if tag not in VOID:
            self.stack.append(tag)
        if named.get("id"):
            self.ids.append(str(named["id"]))
        self.links += [str(named[key]) for key in ("href", "src") if named.get(key)]
        if tag in ("select", "input") and "label" not in self.stack and not named.get("aria-label"):
            self.problems.append(f"<{tag} {named.get('name')}> has no label")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.stack.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self.stack or self.stack.pop() != tag:
            self.problems.append(f"</{tag}> closes nothing")


def outline(path: Path) -> Outline:
    parser = Outline()
    parser.feed(path.read_text(encoding="utf-8"))
    return parser


def html_files(site: Path) -> Iterator[Path]:
    yield from sorted(site.glob("*.html"))
    yield from sorted(site.glob("en/*.html"))


def test_each_page_stands_in_both_languages(site: Path) -> None:
    names = {f"{page.name}.html" for page in PAGES}
    dutch, english = ({p.name for p in (site / f).glob("*.html")} for f in ("", "en"))
    assert dutch == english
    assert names < dutch
    stories = {f"cluster-{name}.html" for name in "abcd"}
    assert stories < dutch
    assert len(dutch - names - stories) == len(batch.result_tables()["candidates"])
    assert '<html lang="en">' in (site / "en" / "index.html").read_text(encoding="utf-8")


def test_pages_are_well_formed_with_landmarks_labels_and_unique_ids(site: Path) -> None:
    for path in html_files(site):
        page = outline(path)
        assert page.problems == [], path.name
        assert page.stack == [], path.name
        assert sorted(set(page.ids)) == sorted(page.ids), path.name
        assert {"header", "nav", "main", "footer", "h1"} <= set(page.tags), path.name
        assert page.tags.count("h1") == page.tags.count("main") == 1


def test_links_and_scripts_resolve_inside_the_site(site: Path) -> None:
    ids = {path.resolve(): set(outline(path).ids) for path in html_files(site)}
    for path in html_files(site):
        for link in outline(path).links:
            if link.startswith("data:"):
                continue
            parts = urlsplit(link)
            assert parts.scheme == "", (path.name, link)
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path.resolve()
            assert target.is_file(), (path.name, link)
            if parts.fragment and "=" not in parts.fragment:
                assert parts.fragment in ids[target], (path.name, link)


def test_no_page_fetches_or_imports_and_the_figure_library_is_only_where_figures_are(site: Path) -> None:
    libraries = {"plotly.min.js", "maplibre-gl.js"}
    own = [p for p in (site / "assets").glob("*.js") if p.name not in libraries]
    assert len(own) >= 5
    for path in own:
        source = path.read_text(encoding="utf-8")
        assert (
            re.search(
                r"\bfetch\s*\(|XMLHttpRequest|^\s*(import|export)\b|innerHTML|\beval\(", source, re.MULTILINE
            )
            is None
        )
    pages = {path.name: path.read_text(encoding="utf-8") for path in site.glob("*.html")}
    assert {name for name, text in pages.items() if "assets/maplibre-gl.js" in text} == {"map.html"}
    with_library = {name for name, text in pages.items() if "assets/plotly.min.js" in text}
    assert with_library == {"compare.html", "flows.html", "assets.html", "municipalities.html"}


def test_no_page_loads_more_code_than_a_phone_takes(site: Path) -> None:
    """At most 1.5 MB of scripts that are code, libraries included."""
    for path in html_files(site):
        scripts = re.findall(r'<script src="([^"]*assets/[^"]+)"', path.read_text(encoding="utf-8"))
        assert sum((path.parent / name).stat().st_size for name in scripts) <= 1_500_000, path.name


def test_data_scripts_hold_valid_json_of_bounded_size(site: Path) -> None:
    scripts = list((site / "data").rglob("*.js"))
    for path in scripts:
        text = path.read_text(encoding="utf-8")
        assert "<" not in text
        json.loads(re.split(r"window\.pmiek\.\w+=", text)[-1].rstrip(";\n"))
        assert path.stat().st_size < 400_000, path.name
    assert len(scripts) > len(batch.assets())


def test_an_asset_carries_the_hours_of_its_heaviest_case_in_both_languages(site: Path) -> None:
    expected = batch.days(batch.loading()).query("asset_id == 'K-ES' and direction == 'feed-in'").iloc[0]
    texts = (path.read_text(encoding="utf-8") for path in (site / "data" / "assets").glob("*.js"))
    scripts = (json.loads(re.split(r"window\.pmiek\.\w+=", text)[-1].rstrip(";\n")) for text in texts)
    asset = next(value for value in scripts if value["id"] == "K-ES")
    case = next(value for value in asset["days"] if value["d"] == "feed-in")
    assert (case["g"], case["s"], case["y"]) == ("nulalternatief", expected["storyline"], expected["year"])
    assert [len(line) for line in case["z"]] == [365] * 24
    assert case["z"][2][83] is None
    assert case["z"][18][14] == round(expected["max_loading_pct"])
    assert case["z"][0][0] == 40
    for page, title in (("assets", "Elk uur van het jaar"), ("en/assets", "Every hour of the year")):
        assert title in (site / f"{page}.html").read_text(encoding="utf-8")


def test_the_sentences_of_a_year_say_what_the_tables_say(site: Path) -> None:
    over = batch.bottlenecks(batch.loading())
    over = over[over["asset_id"] != batch.OUTSIDE]
    worst = over.groupby(["year", "grid_state", "bottleneck_id"])["exceedance_mw"].max()
    served = batch.result_tables()["service"]
    text = html.unescape((site / "index.html").read_text(encoding="utf-8"))
    for year in batch.YEARS:
        block = re.search(rf'<ol class="sentences" data-year="{year}".*?</ol>', text, re.DOTALL)
        assert block is not None
        words = " ".join(re.sub(r"<[^>]+>", " ", block[0]).split())
        waits = served[(served["year"] == year) & (served["variant"] == "nulalternatief")]
        if len(waits):
            low, high = waits["waiting_mw"].min(), waits["waiting_mw"].max()
            assert low == high == 4.5
            assert f"van {year} past 4 MW aan vraag niet op het net" in words
            assert "450 woningen en 7 bedrijven" in words
        else:
            short = over[(over["year"] == year) & (over["grid_state"] == "frozen")]["bottleneck_id"].nunique()
            told = (
                f"komen op het huidige net {short} plekken te kort" if short else "komt geen netdeel te kort"
            )
            assert f"In {year} {told}" in words
        if year == min(batch.YEARS):
            assert "beginjaar" in words
            continue
        before, after = worst[year]["frozen"], worst[year]["nulalternatief"]
        gone = set(before.index) - set(after.index)
        less = sum(before[b] - after[b] >= 1 for b in before.index if b in after.index)
        assert (
            f"Van de {len(before)} knelpunten op het huidige net in {year} verdwijnen er {len(gone)} door wat "
            f"besloten is; {less} worden kleiner maar blijven; {len(before) - len(gone) - less} veranderen niet."
        ) in words
    assert [int(y) for y in re.findall(r'data-year="(\d+)">', text)] == [2035]  # the others are hidden


def test_the_doors_of_the_clusters_count_every_bottleneck_once(site: Path) -> None:
    over = batch.bottlenecks(batch.loading())
    over = over[(over["asset_id"] != batch.OUTSIDE) & (over["grid_state"] == "frozen")]
    text = html.unescape((site / "index.html").read_text(encoding="utf-8"))
    counted = re.findall(r"<p>(\d+) knelpunten op het huidige net, het eerste in", text)
    alone = text.count("<p>Eén knelpunt op het huidige net, vanaf")
    assert sum(map(int, counted)) + alone == over["bottleneck_id"].nunique()


def test_the_search_index_leads_to_pages_that_are_there(site: Path) -> None:
    text = (site / "data" / "search.js").read_text(encoding="utf-8")
    rows = json.loads(re.split(r"window\.pmiek\.\w+=", text)[-1].rstrip(";\n"))
    assert {row[0] for row in rows} == {"municipality", "station", "asset", "project"}
    assert all((site / row[3].partition("#")[0]).is_file() for row in rows)
    assert {row[1] for row in rows if row[0] == "municipality"} == {m[1] for m in batch.MUNICIPALITIES}


def test_a_story_has_five_steps_with_the_figures_of_its_cluster(site: Path) -> None:
    over = batch.bottlenecks(batch.loading())
    here = over[
        (over["grid_state"] == "frozen") & (over["cluster"] == "C") & (over["asset_id"] != batch.OUTSIDE)
    ]
    for page, words in (
        ("cluster-c", "Op het huidige net zijn er {n} knelpunten"),
        ("en/cluster-c", "There are {n} bottlenecks on today's grid"),
    ):
        text = html.unescape((site / f"{page}.html").read_text(encoding="utf-8"))
        assert re.findall(r'class="step-number">(\d)', text) == ["1", "2", "3", "4", "5"]
        assert words.format(n=here["bottleneck_id"].nunique()) in text


def test_every_page_states_the_batch_commit_date_and_status(site: Path) -> None:
    for path in html_files(site):
        text = path.read_text(encoding="utf-8")
        for fact in ("proef", "0123456789ab", "2026-11-01", "optimal", "pypsa 1.4.0"):
            assert fact in text, (path.name, fact)
    assert "0" * 64 not in (site / "data.html").read_text(encoding="utf-8")


def test_numbers_follow_the_language(site: Path) -> None:
    assert "1.234.567,0" in (site / "data.html").read_text(encoding="utf-8")
    assert "1,234,567.0" in (site / "en" / "data.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def empty_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("empty")
    (folder / "tables").mkdir()
    (folder / "inputs").mkdir()
    build_site(
        folder / "tables", folder / "site", inputs_dir=folder / "inputs", manifest={}, batch_name="leeg"
    )
    return folder / "site"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("index", "In deze reeks zijn geen knelpunten gevonden"),
        ("bottlenecks", "Er zijn geen knelpunten gevonden"),
        ("projects", "Er zijn geen kandidaatprojecten"),
        ("alignment", "Er is niets te vergelijken"),
        ("assets", "Er zijn geen netdelen berekend"),
        ("map", "Er zijn nog geen belastingen berekend"),
        ("compare", "zijn geen varianten doorgerekend"),
        ("data", "Deze uitkomsttabellen ontbreken"),
    ],
)
def test_without_results_each_page_says_so(empty_site: Path, name: str, message: str) -> None:
    assert message in (empty_site / f"{name}.html").read_text(encoding="utf-8")


def main_text(path: Path) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", path.read_text(encoding="utf-8")).split())


def test_a_fiche_says_what_happens_without_the_project_and_how_it_stands(site: Path) -> None:
    text = main_text(site / "project-p01.html")
    assert "zonder dit project komt er 1.200–1.500 MWh per jaar meer boven de grenzen" in text
    assert "geen verschil in energie boven de grenzen; mogelijk werkt het pas samen" in text
    assert "met de vraag van 2035" in text
    assert "Verschillen tot 0,01 MWh per jaar zijn afronding" in text
    assert "aantal woningen: 1.200–1.500" in text
    assert "bedrijven (MW)" not in text  # nothing of it is made room for
    assert "samen 70 MWh per jaar minder effect dan elk apart" in text
    assert "1 jaar later (2031 tot en met 2031): 60 MWh meer boven de grenzen en 7 netdeeluren meer" in text
    assert "in 2026-Q4; aantal kwartalen op rij met dit stoplicht: 2. Slechter dan de vorige keer." in text
    second = main_text(site / "project-p02.html")
    assert "zonder dit project komt er 36 MWh per jaar minder boven de grenzen" in second
    assert "Er is nog geen status gemeld." in second
    assert "What happens without this project?" in main_text(site / "en" / "project-p01.html")
    assert "Niet doorgerekend, dus ook niet nul: er is geen omvang bekend." in main_text(
        site / "project-p03.html"
    )


def test_the_inputs_that_move_most_projects_come_first_and_what_is_raised_is_listed(site: Path) -> None:
    text = main_text(site / "data.html")
    assert text.index("unit size mva aanname") < text.index("Noordveld, woningen vraag of opwek")
    assert "Bestuur : " in (raised := main_text(site / "alignment.html"))
    assert "(2026-Q4): te weinig mensen" in raised


def test_without_effects_and_statuses_a_site_says_nothing_of_them(
    report_inputs: Path, tmp_path: Path
) -> None:
    made = set(batch.impact_tables())
    small = {n: t.head(20) for n, t in batch.result_tables().items() if n not in made}
    empty = batch.impact_tables()["monitoring"].assign(quarter="", light="")
    for name, tables in (("none", small), ("unfilled", {**small, "monitoring": empty})):
        batch.write_tables(tmp_path / name, tables)
        build_site(
            tmp_path / name, tmp_path / f"{name}-site", inputs_dir=report_inputs, manifest={}, batch_name=name
        )
    text = main_text(tmp_path / "none-site" / "project-p01.html")
    assert "Wat gebeurt er zonder dit project?" not in text
    assert "Hoe staat het project ervoor?" not in text
    assert "Wat moet worden besproken?" not in main_text(tmp_path / "none-site" / "alignment.html")
    unfilled = main_text(tmp_path / "unfilled-site" / "alignment.html")
    assert "Er zijn nog geen statussen ingevuld." in unfilled


HOSTILE = '"><script>alert(1)</script>{{7*7}}'


def test_hostile_names_stay_text_in_pages_and_scripts(report_inputs: Path, tmp_path: Path) -> None:
    tables = batch.result_tables()
    small = {n: t.head(40) for n, t in tables.items() if n not in ("duration", "heatmap")}
    small["loading"] = small["loading"].assign(asset_name=HOSTILE)
    small["bottlenecks"] = small["bottlenecks"].assign(asset_name=HOSTILE, operator=HOSTILE)
    small["candidates"] = small["candidates"].head(2).assign(name=HOSTILE, why_nl=HOSTILE)
    small["monitoring"] = small["monitoring"].assign(reason=HOSTILE)
    small["escalations"] = small["escalations"].assign(name=HOSTILE, text_nl=HOSTILE)
    small["input_effects"] = small["input_effects"].assign(input_id=HOSTILE, text_nl=HOSTILE)
    small["alignment"] = small["alignment"].assign(operator=HOSTILE, evidence=HOSTILE)
    batch.write_tables(tmp_path / "tables", small)
    build_site(
        tmp_path / "tables",
        tmp_path / "site",
        inputs_dir=report_inputs,
        manifest={"x": HOSTILE},
        batch_name=HOSTILE,
    )
    for path in html_files(tmp_path / "site"):
        text = path.read_text(encoding="utf-8")
        assert "<script>alert" not in text, path.name
        assert "{{7*7}}" in text
    for path in (tmp_path / "site" / "data").rglob("*.js"):
        assert "<script" not in path.read_text(encoding="utf-8")


def test_a_rebuilt_site_is_the_same_and_leaves_no_old_page(report_inputs: Path, tmp_path: Path) -> None:
    tables = {n: t.head(30) for n, t in batch.result_tables().items() if n not in ("duration", "heatmap")}
    batch.write_tables(tmp_path / "tables", tables)

    def build() -> dict[str, bytes]:
        build_site(
            tmp_path / "tables", tmp_path / "site", inputs_dir=report_inputs, manifest={}, batch_name="b"
        )
        return {
            str(p.relative_to(tmp_path)): p.read_bytes()
            for p in (tmp_path / "site").rglob("*")
            if p.is_file()
        }

    first = build()
    (tmp_path / "site" / "project-gone.html").write_text("old", encoding="utf-8")
    assert build() == first


def test_the_site_links_to_fiches_and_comparisons_that_are_there(report_inputs: Path, tmp_path: Path) -> None:
    results = tmp_path / "results"
    few = {name: batch.result_tables()[name] for name in ("candidates", "previous_projects")}
    batch.write_tables(results / "proef" / "tables", few)
    index = pd.DataFrame({"project_id": ["P01", "P02"], "file": ["p01.docx", "p02.docx"]})
    write_csv(index, results / "proef" / "fiches" / "index.csv")
    write_text("", results / "proef" / "fiches" / "p01.docx")
    write_text("", results / "vergelijking" / "2025--proef" / "verschillen.html")
    site = results / "proef" / "site"
    build_site(results / "proef" / "tables", site, inputs_dir=report_inputs, manifest={}, batch_name="proef")
    for folder, root in (("", ""), ("en", "../")):
        first, second = ((site / folder / f"project-p0{n}.html").read_text(encoding="utf-8") for n in (1, 2))
        assert f'href="{root}../fiches/p01.docx"' in first
        assert "docx" not in second
        data = (site / folder / "data.html").read_text(encoding="utf-8")
        assert f'href="{root}../../vergelijking/2025--proef/verschillen.html"' in data
    assert (site / "../fiches/p01.docx").is_file()
    assert (site / "../../vergelijking/2025--proef/verschillen.html").is_file()
