"""An operator's own figure from its file to what is published: used everywhere, told nowhere."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
import tiny_project
from docx import Document
from pmiek.inputs.operator_files import VARIABLE
from pmiek.publish.operators.redaction import full_path
from pmiek.workflow.acflow import make_ac_check
from pmiek.workflow.carriers import make_carriers
from pmiek.workflow.documents import make_documents
from pmiek.workflow.effects import make_effect_tables, make_effects
from pmiek.workflow.exports import make_exports
from pmiek.workflow.flexibility import make_flexibility
from pmiek.workflow.lists import make_long_list, make_projects, make_tables
from pmiek.workflow.market import make_national
from pmiek.workflow.mv_lv import make_mv_lv
from pmiek.workflow.operators import DisclosureError, disclosure_text
from pmiek.workflow.pathway import make_run
from pmiek.workflow.plan import Plan, load_plan
from pmiek.workflow.publish import make_manifest, make_site
from pmiek.workflow.screening import make_screening, make_switching
from pmiek.workflow.support import FROZEN
from pmiek.workflow.weather import make_profiles, make_reference

STORYLINE, WEATHER = tiny_project.STORYLINE, tiny_project.WEATHER_YEAR
RATED_MVA = 31.7  # no third or quarter of anything: scores end on those


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    """All stages of the tiny batch in this process, with a confidential rating of both units of Aadorp."""
    patch = pytest.MonkeyPatch()
    patch.delenv(VARIABLE, raising=False)
    root = tiny_project.build_project(tmp_path_factory.mktemp("operator") / "project", with_code=False)
    own = root / "operator" / "netco" / "transformers.csv"
    own.parent.mkdir(parents=True)
    own.write_text(f"group_id,rated_mva\nAAD-mv,{RATED_MVA}\n", encoding="utf-8")
    plan = load_plan(root, tiny_project.BATCH)
    out, log = plan.folder, f"{plan.folder}/logs"
    reference, profiles = f"{out}/shared/reference.parquet", [f"{out}/shared/profiles/{WEATHER}.parquet"]
    national = [f"{out}/shared/national/{STORYLINE}_{WEATHER}.parquet"]
    make_reference(plan, out=reference)
    make_profiles(plan, WEATHER, reference=reference, out=profiles[0])
    make_national(plan, STORYLINE, WEATHER, profiles[0], out=national[0], log=f"{log}/national.json")
    common = {"profiles": profiles, "reference": reference}
    screening, switching = f"{out}/shared/screening/s", f"{out}/shared/switching/s"
    flexed, checked = f"{out}/shared/flexibility/s", f"{out}/shared/ac_check/s"
    make_screening(plan, STORYLINE, **common, national=national, out=screening, log=f"{log}/screening.json")
    make_switching(plan, STORYLINE, **common, out=switching, log=f"{log}/switching.json")
    make_flexibility(plan, STORYLINE, **common, out=flexed, log=f"{log}/flexibility.json")
    make_ac_check(plan, STORYLINE, profiles=profiles, screening=screening, out=checked, log=f"{log}/ac.json")
    districts, effects = f"{out}/shared/mv_lv/s", f"{out}/shared/effects/s"
    units, long_list = f"{out}/shared/units.parquet", f"{out}/shared/long_list"
    make_mv_lv(plan, STORYLINE, **common, out=districts, log=f"{log}/mv_lv.json")
    other = f"{out}/shared/carriers/s"
    make_carriers(
        plan, STORYLINE, profiles=profiles, national=national, out=other, log=f"{log}/carriers.json"
    )
    runs = []
    for variant in ("nulalternatief", "netverzwaring"):
        runs.append(f"{out}/runs/{variant}")
        make_run(
            plan,
            STORYLINE,
            variant,
            profiles=profiles,
            national=national,
            reference=reference,
            out=runs[-1],
            network=f"{out}/networks/{variant}.nc",
            log=f"{log}/{variant}.json",
        )
    make_tables(
        plan, screening=[screening], mv_lv=[districts], carriers=[other], ac_check=[checked],
        switching=[switching], flexibility=[flexed], runs=runs, profiles=profiles, units=units, out=f"{out}/tables",
    )  # fmt: skip
    make_long_list(plan, tables_dir=f"{out}/tables", out=long_list)
    make_effects(
        plan, STORYLINE, profiles=profiles, national=national, reference=reference, long_list=long_list,
        tables_dir=f"{out}/tables", out=effects, log=f"{log}/effects.json",
    )  # fmt: skip
    make_effect_tables(plan, effects=[effects], long_list=long_list, out=f"{out}/tables")
    make_projects(plan, tables_dir=f"{out}/tables", long_list=long_list, units=units, out=f"{out}/tables")
    make_exports(plan, tables_dir=f"{out}/tables", out=f"{out}/datapack")
    logs = [f"{log}/{name}.json" for name in ("national", "screening", "nulalternatief", "netverzwaring")]
    make_manifest(plan, logs=logs, out=f"{out}/manifest.json")
    make_documents(plan, tables_dir=f"{out}/tables", manifest=f"{out}/manifest.json", out=f"{out}/fiches")
    make_site(plan, tables_dir=f"{out}/tables", manifest=f"{out}/manifest.json", out=f"{out}/site")
    patch.undo()
    return plan


def rows_of(path: Path) -> pd.DataFrame:
    table = pd.read_csv(path)
    return table[table["asset_id"] == "AAD-mv"]


def test_the_model_uses_the_figure(made):
    limits = rows_of(full_path(made.root / made.folder / "tables", "loading"))
    limits = limits[limits["grid_state"] == FROZEN]
    firm = limits[(limits["contingency"] == "N-1") & (limits["direction"] == "feed-in")]["limit_mw"]
    assert firm.between(0.97 * RATED_MVA, RATED_MVA + 1e-9).all()  # the power factor and nothing else
    assert len(firm)


def test_what_is_published_shows_classes(made):
    shown = rows_of(made.root / made.folder / "tables" / "loading.csv")
    assert set(shown["limit_mw"]) == {"vertrouwelijk"}  # bands in many cases close in on the rating
    assert not shown["loading_pct"].str.contains(r"\d").any()
    told = " ".join(
        cell.text
        for table in Document(str(made.root / made.folder / "fiches" / "aad-electricity-station.docx")).tables
        for row in table.rows
        for cell in row.cells
    )
    assert "vertrouwelijk" in told
    assert str(RATED_MVA).replace(".", ",") not in told
    duration = pd.read_csv(made.root / made.folder / "tables" / "duration.csv")
    assert "AAD-mv" not in set(duration["asset_id"])
    assert len(duration)


def test_nothing_public_tells_the_figure_and_a_planted_one_is_found(made):
    told = disclosure_text(made.root, made.name)
    assert told.startswith("Nothing disclosed.")
    page = made.root / made.folder / "site" / "extra.html"
    page.write_text("<p>AAD-mv: 31,7 MVA, 100% van de grens</p>", encoding="utf-8")
    with pytest.raises(DisclosureError, match=r"extra\.html"):
        disclosure_text(made.root, made.name)
    page.unlink()
