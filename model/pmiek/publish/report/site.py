"""Build the static site: data scripts, shared files, and every page in every language."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pmiek.files import write_text
from pmiek.publish.report import compare, facts, flows, municipalities, payload, ranking, select, start
from pmiek.publish.report.material import Material, gather, manifest_facts, texts
from pmiek.publish.report.pages import PAGES, Page, cluster_page, project_page
from pmiek.publish.report.scripts import write_script
from pmiek.publish.report.texts import Texts
from pmiek.results.bottlenecks.status import Thresholds

HERE = Path(__file__).parent
FIGURE_LIBRARY = "assets/plotly.min.js"
MAP_LIBRARY = "assets/maplibre-gl.js"
CLASSES = Thresholds()
"""Where the categories of the capacity map start; shown in the legend."""
FOLDERS = {"nl": "", "en": "en/"}


def build_site(
    tables_dir: Path, site_dir: Path, *, inputs_dir: Path, manifest: Mapping[str, Any], batch_name: str
) -> None:
    """Write the site of a batch; it opens from disk, without a server and without a network.

    Parameters
    ----------
    tables_dir : Path
        Result tables as CSV (columns in :data:`pmiek.publish.report.tables.COLUMNS`); a missing table is shown as
        missing, an empty one as empty.
    site_dir : Path
        Target folder; a site that stands there is replaced.
    inputs_dir : Path
        Input tables that give labels, the map, assumptions and sources.
    manifest : mapping
        What made the results: commit, versions, dates, solver status.
    batch_name : str
        Name of the batch, shown on every page.
    """
    material = gather(tables_dir, inputs_dir, manifest, batch_name)
    by_language = texts(material)
    _clear(site_dir)
    _write_data(material, by_language, site_dir)
    for path in sorted(p for p in (HERE / "static").rglob("*") if p.is_file()):
        write_text(path.read_text(encoding="utf-8"), site_dir / "assets" / path.name)
    stories = [cluster_page(str(name)) for name in material.clusters()["cluster"]]
    pages = [*PAGES, *stories, *(project_page(project) for project in material.projects)]
    environment = _environment()
    for page in pages:
        context = page.context(material)
        for language, t in by_language.items():
            html = _render(environment, page, context, material, t)
            write_text(html, site_dir / FOLDERS[language] / f"{page.name}.html")


def _clear(site_dir: Path) -> None:
    """Take away the files of an earlier site, and nothing that is not one."""
    if (site_dir / "data" / "meta.js").is_file():
        shutil.rmtree(site_dir)


def _write_data(material: Material, by_language: Mapping[str, Texts], site_dir: Path) -> None:
    data = site_dir / "data"
    stations = material.inputs["grid/stations"]
    ids = dict(zip(stations["name"], stations["station_id"], strict=True))
    about = {**facts.beside(material), "stated": facts.stated(material)}
    files = payload.write_assets(
        material.tables, material.projects, material.checks, site_dir, station_ids=ids, facts=about
    )
    base = select.base_year(material.tables)
    meta = {
        **material.codes(),
        "directions": payload.DIRECTIONS,
        "base": {"year": base[0], "storyline": base[1]} if base else None,
        "classes": [CLASSES.limited_from_pct, 100.0, CLASSES.shortage_from_pct],
        "files": files,
        "flows": flows.write_flows(material.checks, site_dir),
        "has_flexibility": "flexibility" in material.checks,
        "first": _first_choice(material),
        "batch": material.batch,
        "names": {p["project_id"]: p["name"] for p in material.projects},
    }
    write_script("meta", meta, data / "meta.js")
    write_script("loading", payload.loading_payload(material.tables, material.codes()), data / "loading.js")
    write_script("map", material.map, data / "map.js")
    write_script("municipalities", municipalities.payload(material), data / "municipalities.js")
    write_script("ranking", ranking.payload(material), data / "ranking.js")
    found = compare.payload(
        material.tables,
        material.bottlenecks,
        flows.space(material.checks),
        flows.cluster_space(material.checks),
    )
    write_script("compare", found, data / "compare.js")
    write_script("search", start.search_index(material), data / "search.js")
    write_script("start", start.payload_of(material, start.overview_map(material)), data / "start.js")
    write_script("cards", flows.cards(material.checks), data / "cards.js")
    for language, t in by_language.items():
        labels = {k.removeprefix("label."): v for k, v in t.with_prefix("label.").items()}
        words = {
            "language": language,
            "texts": t.with_prefix("js."),
            "labels": {**labels, **t.input_labels()},
            "names": t.names(),
        }
        write_script("words", words, data / f"words.{language}.js")


def _first_choice(material: Material) -> dict[str, Any]:
    """Give the asset, direction, grid state, storyline and year with which the page of an asset opens."""
    ours = select.ours(material.bottlenecks, select.FROZEN)
    if not ours:
        return {}
    worst = max(ours, key=lambda r: r["exceedance_mw"] if r["exceedance_mw"] == r["exceedance_mw"] else 0.0)
    return {
        "id": worst["asset_id"],
        "d": worst["direction"],
        "g": worst["grid_state"],
        "s": worst["storyline"],
        "y": worst["year"],
    }


def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _render(
    environment: Environment, page: Page, context: Mapping[str, Any], material: Material, t: Texts
) -> str:
    root = "../" if FOLDERS[t.language] else ""
    file = f"{page.name}.html"
    template = environment.get_template(f"{page.template or page.name}.html")
    if page.template == "project":
        title = t.name(context["p"]["name"])
    elif page.template == "cluster":
        title = t("story.title", cluster=context["cluster"])
    else:
        title = t(f"page.{page.name}.title")
    return (
        template.render(
            **context,
            t=t,
            page=page,
            current=page.menu or page.name,
            title=title,
            menu=[p.name for p in PAGES],
            root=root,
            other_language="en" if t.language == "nl" else "nl",
            other_href=f"en/{file}" if t.language == "nl" else f"../{file}",
            library=FIGURE_LIBRARY if page.figures else "",
            map_library=MAP_LIBRARY if page.map else "",
            batch=material.batch,
            material=material,
            storylines=material.storylines,
            years=material.years,
            states=material.states,
            classes=CLASSES,
            footer=manifest_facts(material.manifest),
            json=lambda value: json.dumps(value, ensure_ascii=False),
        )
        + "\n"
    )
