"""Everything the pages draw from, read once: result tables, labels and facts of the manifest."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from pmiek.decide.projects.options import LABELS as OPTION_LABELS
from pmiek.ids import slug
from pmiek.publish.report import select
from pmiek.publish.report.map_data import map_data
from pmiek.publish.report.names import Names
from pmiek.publish.report.tables import read_input, read_optional, read_results
from pmiek.publish.report.texts import LANGUAGES, Texts, read_texts

INPUTS: Mapping[str, str] = {
    "regions/clusters": "cluster name_nl name_en members",
    "regions/municipalities": "gm_code name cluster role",
    "grid/stations": "station_id name gm_code cluster kind status lat lon",
    "grid/buses": "bus_id station_id",
    "grid/circuits": "corridor_id name bus0 bus1 voltage_kv operator rating_quality quality",
    "grid/transformers": "group_id kind station_id capacity_quality quality",
    "grid/service_areas": "gm_code station_id load_share field_share",
    "grid/feeding_areas": "feeding_area_id name direction snapshot_date operator existing_capacity_mw "
    "needed_capacity_mw queue_mw queue_requests year_solved_regional year_solved_transmission source",
    "grid/area_stations": "feeding_area_id station_id",
    "grid/published_loading": "fact_id asset_id direction year kind value_mw statement_nl statement_en "
    "source quality",
    "regions/places": "place lat lon population gm_code",
    "heat/networks": "network_id name gm_code status earliest_year",
    "heat/pipes": "pipe_id name network0 network1 status earliest_year capacity_mw",
    "heat/sources": "source_id name",
    "gas/areas": "area_id name tier_bar",
    "gas/area_shares": "gm_code area_id",
    "gas/links": "link_id name area0 area1 status first_year capacity_mw",
    "hydrogen/nodes": "node_id name gm_code",
    "hydrogen/pipes": "pipe_id name node0 node1 status first_year capacity_mw",
    "demand/municipal": "storyline year gm_code carrier sector volume_mwh",
    "supply/municipal": "storyline year gm_code carrier technology capacity_mw",
    "weather/years": "station weather_year mean_temperature_c coldest_week_c ghi_kwh_per_m2 "
    "mean_wind_m_per_s character",
    "profiles/sectors": "sector label_nl label_en",
    "assumptions": "assumption_id topic parameter value low high unit basis source quality disclosure",
    "sources": "source_id publisher title vintage url licence remark",
    "projects/planned": "investment_plan_id project_id name operator phase decision_status",
}
"""Input tables that give labels and the map, with the columns the report reads."""

NUMBERS = (
    "lat lon load_share field_share year value_mw volume_mwh capacity_mw weather_year mean_temperature_c "
    "coldest_week_c ghi_kwh_per_m2 mean_wind_m_per_s population earliest_year first_year existing_capacity_mw "
    "needed_capacity_mw queue_mw queue_requests year_solved_regional year_solved_transmission"
)
"""Columns of the input tables that hold numbers."""

HIDDEN = frozenset({"operator"})
"""Disclosure values that stay out of the site."""


@dataclass(frozen=True)
class Material:
    """What the pages are made of.

    Attributes
    ----------
    tables : dict
        Result tables by name; missing ones are empty.
    missing : tuple of str
        Names of result tables that were not there.
    inputs : dict
        Input tables by name, text columns.
    framework : Any
        Parsed weighing framework, or an empty mapping.
    inputs_dir : Path
        Folder of the inputs, for boundaries and the count of qualities.
    manifest : mapping
        What made the results.
    batch : str
        Name of the batch.
    storylines, states : list of str
        Codes in the order of the selectors.
    years : list of int
        Years in the results.
    bottlenecks, projects : list of dict
        Records of :func:`pmiek.publish.report.select.bottleneck_list` and ``candidate_list``.
    causes : dict
        Outcome of :func:`pmiek.publish.report.select.causes`.
    checks : dict
        The optional tables that are there, by name.
    word : dict
        File name of the Word fiche by project id, as listed in ``fiches/index.csv`` beside the tables.
    editions : tuple of str
        Folders of ``pmiek compare`` that compare an earlier edition with this batch.
    """

    tables: dict[str, pd.DataFrame]
    missing: tuple[str, ...]
    inputs: dict[str, pd.DataFrame]
    framework: Any
    inputs_dir: Path
    manifest: Mapping[str, Any]
    batch: str
    storylines: list[str]
    states: list[str]
    years: list[int]
    bottlenecks: list[dict[str, Any]]
    projects: list[dict[str, Any]]
    causes: dict[tuple[str, str], dict[str, Any]]
    checks: dict[str, pd.DataFrame]
    word: dict[str, str]
    editions: tuple[str, ...]

    @cached_property
    def map(self) -> dict[str, Any]:
        """Layers of the map, see :func:`pmiek.publish.report.map_data.map_data`."""
        return map_data(
            self.inputs_dir,
            self.inputs,
            self.tables["loading"],
            projects=self.projects,
            causes=self.causes,
            bottlenecks=self.bottlenecks,
        )

    def clusters(self) -> pd.DataFrame:
        """Give the energy clusters; those named in the results when the input has none."""
        table = self.inputs["regions/clusters"]
        if len(table):
            return table.sort_values("cluster")
        names = sorted({c for r in self.bottlenecks for c in str(r["cluster"]).split(";") if c})
        return pd.DataFrame({"cluster": names, "name_nl": names, "name_en": names, "members": ""})

    def codes(self) -> dict[str, list[Any]]:
        """Give the codes whose positions the data scripts use."""
        return {"storylines": self.storylines, "states": self.states, "years": self.years}


def gather(tables_dir: Path, inputs_dir: Path, manifest: Mapping[str, Any], batch: str) -> Material:
    """Read the result tables and the input tables that give labels and the map."""
    tables, missing = read_results(tables_dir)
    inputs = {name: read_input(inputs_dir, name, columns, NUMBERS) for name, columns in INPUTS.items()}
    scenario_rows = pd.concat([tables[name][["storyline", "year"]] for name in ("loading", "bottlenecks")])
    states = pd.concat([tables[name]["grid_state"] for name in ("loading", "bottlenecks")])
    storylines = select.ordered(scenario_rows["storyline"], Texts("nl").keys("label.storyline"))
    projects = select.candidate_list(tables)
    for project in projects:
        project["page"] = f"project-{slug(project['project_id'])}.html"
    bottlenecks = select.bottleneck_list(tables)
    framework_file = inputs_dir / "weighing" / "framework.yaml"
    return Material(
        tables=tables,
        missing=missing,
        inputs=inputs,
        framework=yaml.safe_load(framework_file.read_text(encoding="utf-8"))
        if framework_file.is_file()
        else {},
        inputs_dir=inputs_dir,
        manifest=manifest,
        batch=batch,
        storylines=storylines,
        states=select.ordered(states, [select.FROZEN, select.NULL_STATE]),
        years=sorted({int(year) for year in scenario_rows["year"].unique()}),
        bottlenecks=bottlenecks,
        projects=projects,
        causes=select.causes(tables, bottlenecks),
        checks=read_optional(tables_dir),
        word=_word_fiches(tables_dir.parent / "fiches"),
        editions=_editions(tables_dir.parent.parent / "vergelijking", batch),
    )


def _word_fiches(folder: Path) -> dict[str, str]:
    """Give the Word fiches that are there; the site only links to them."""
    index = read_input(folder, "index", "project_id file")
    pairs = zip(index["project_id"], index["file"], strict=True)
    return {str(key): str(name) for key, name in pairs if (folder / str(name)).is_file()}


def _editions(folder: Path, batch: str) -> tuple[str, ...]:
    """Give the comparisons with an earlier edition that end in this batch; the site only links to them."""
    found = folder.glob(f"*--{batch}/verschillen.html") if folder.is_dir() else []
    return tuple(sorted(path.parent.name for path in found))


def texts(material: Material) -> dict[str, Texts]:
    """Give the texts of each language with the labels that the input tables add."""
    plans = material.inputs["projects/planned"]
    assets = material.tables["loading"].drop_duplicates("asset_id")["asset_name"]
    named = [material.tables["candidates"]["name"], plans["name"], plans["phase"], assets]
    named += [material.inputs[table]["name"] for table in NAMED]
    names = Names(name for column in named for name in column.unique())
    return {language: Texts(language, _labels(material, language, names), names) for language in LANGUAGES}


NAMED = (
    "heat/networks",
    "heat/pipes",
    "heat/sources",
    "gas/areas",
    "gas/links",
    "hydrogen/nodes",
    "hydrogen/pipes",
)
"""Input tables whose names the map shows."""


def _labels(material: Material, language: str, names: Names) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    inputs = material.inputs
    columns = (
        ("sector", inputs["profiles/sectors"], "sector", f"label_{language}"),
        ("cluster", inputs["regions/clusters"], "cluster", f"name_{language}"),
        ("municipality", inputs["regions/municipalities"], "gm_code", "name"),
        ("station", inputs["grid/stations"], "station_id", "name"),
        ("asset", inputs["grid/circuits"], "corridor_id", "name"),
        ("asset", inputs["heat/sources"], "source_id", "name"),
        ("asset", inputs["gas/links"], "link_id", "name"),
        ("asset", inputs["hydrogen/pipes"], "pipe_id", "name"),
        ("asset", material.tables["loading"], "asset_id", "asset_name"),
    )
    for source in inputs["sources"].to_dict("records"):
        found["source", str(source["source_id"])] = ", ".join(
            part for part in (source["publisher"], source["vintage"]) if part
        )
    for group, table, code, label in columns:
        for key, text in zip(table[code], table[label], strict=True):
            if key and text:
                found[(group, str(key))] = names.name(str(text)) if language == "en" else str(text)
    stations = inputs["grid/stations"].set_index("station_id")["name"].to_dict()
    for group, station in zip(
        inputs["grid/transformers"]["group_id"], inputs["grid/transformers"]["station_id"], strict=True
    ):
        if group and stations.get(station):  # a planned station has no loading that names its transformers
            found.setdefault(("asset", str(group)), str(stations[station]))
    found.update(_kinds(material, found, read_texts(language)))
    found.update({("option", code): pair[language == "en"] for code, pair in OPTION_LABELS.items()})
    framework = material.framework if isinstance(material.framework, Mapping) else {}
    for group, entries in (
        ("criterion", "criteria"),
        ("indicator", "indicators"),
        ("priority_class", "priority_classes"),
    ):
        for entry in framework.get(entries) or []:
            if isinstance(entry, Mapping) and entry.get(f"label_{language}"):
                found[(group, str(entry["id"]))] = str(entry[f"label_{language}"])
    return found


def _kinds(
    material: Material, labels: Mapping[tuple[str, str], str], words: Mapping[str, Any]
) -> dict[tuple[str, str], str]:
    """Give the name with its kind of assets that share a name, such as all nets of one municipality."""
    assets = material.tables["loading"].drop_duplicates("asset_id")
    shared = assets[assets["asset_name"].duplicated(keep=False)]
    out = {}
    for key, kind in zip(shared["asset_id"], shared["asset_class"], strict=True):
        word = words.get(f"label.asset_class.{kind}", str(kind).replace("_", " "))
        out[("asset", str(key))] = f"{labels.get(('asset', str(key)), key)} ({word})"
    return out


def assumptions(material: Material) -> pd.DataFrame:
    """Give the assumptions that may be shown."""
    table = material.inputs["assumptions"]
    return table[~table["disclosure"].isin(HIDDEN)]


def quality_counts(material: Material) -> list[dict[str, Any]]:
    """Count the rows of each input table by quality (measured, published, derived, assumed)."""
    out = []
    for path in sorted(material.inputs_dir.rglob("*.csv")):
        table = read_input(
            material.inputs_dir, path.relative_to(material.inputs_dir).as_posix()[:-4], "quality"
        )
        counts = table.loc[table["quality"] != "", "quality"].value_counts()
        if len(counts):
            name = path.relative_to(material.inputs_dir).as_posix()
            out.append({"table": name, "rows": len(table), **{str(k): int(v) for k, v in counts.items()}})
    return out


def manifest_facts(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Pick what the footer says: commit, date of the inputs, versions and solver status.

    Returns
    -------
    dict
        ``commit``, ``modified``, ``date``, ``versions`` (text), ``status`` (text) and ``rows``
        (all entries as key and text, hashes left out).
    """
    rows = [(key, value) for key, value in _entries(manifest, "") if not _is_hash(value)]
    named = dict(rows)

    def first(*endings: str) -> str:
        keys = (key for ending in endings for key in named if key.lower().endswith(ending))
        return next((str(named[key]) for key in keys if named[key] not in ("", "None")), "")

    versions = {key.split(".", 1)[1]: value for key, value in rows if key.startswith("versions.")}
    status = sorted({value for key, value in rows if key.lower().endswith("status") and value})
    commit = first("commit.commit", "commit")
    return {
        "commit": commit[:12],
        "modified": first("modified") == "True",
        "date": first("inputs_date", "date_of_inputs", "inputs.date", "created", "date"),
        "versions": ", ".join(f"{name} {versions[name]}" for name in sorted(versions)),
        "status": ", ".join(status),
        "rows": rows,
    }


def _entries(value: Any, key: str) -> list[tuple[str, str]]:
    if isinstance(value, Mapping):
        return [
            e for name, child in value.items() for e in _entries(child, f"{key}.{name}" if key else str(name))
        ]
    if isinstance(value, (list, tuple)):
        return [e for i, child in enumerate(value) for e in _entries(child, f"{key}.{i}")]
    return [(key, str(value))]


def _is_hash(value: str) -> bool:
    return re.fullmatch(r"[0-9a-f]{64}", value) is not None
