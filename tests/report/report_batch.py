"""A made-up province with a small batch: four storylines, two plans, ten assets. No figure in it is real."""
# ruff: noqa: E501, PERF401 - one row of a made-up table per line reads better

from __future__ import annotations

import functools
import json
import math
from pathlib import Path

import pandas as pd
from pmiek.decide.projects.need import spread_base_year
from pmiek.decide.projects.need_words import need_texts
from pmiek.decide.projects.series import needs_series
from pmiek.decide.weighing.scoring import order, totals
from pmiek.files import write_csv, write_text

STORYLINES = ("koersvaste_middenweg", "eigen_vermogen", "gezamenlijke_balans", "horizon_aanvoer")
YEARS = (2025, 2030, 2035, 2040, 2045, 2050)
WEATHER_YEARS = (1997, 2019)
STATES = ("frozen", "nulalternatief", "netverzwaring")
MUNICIPALITIES = (
    ("GM9001", "Noordveld", "A", 0, 2),
    ("GM9002", "Esdorp", "A", 1, 2),
    ("GM9003", "Zandloo", "B", 2, 2),
    ("GM9004", "Veenrijk", "B", 2, 1),
    ("GM9005", "Turfstad", "C", 2, 0),
    ("GM9006", "Heidekamp", "C", 1, 1),
    ("GM9007", "Vaartwijk", "D", 0, 1),
    ("GM9008", "Ruinerbos", "D", 0, 0),
)
STATIONS = (
    ("NV110", "Noordveld Stad", "GM9001", "A", "hv_mv", 0.5, 2.6),
    ("ES110", "Esdorp", "GM9002", "A", "coupling", 1.5, 2.5),
    ("ZL110", "Zandloo", "GM9003", "B", "hv_mv", 2.5, 2.6),
    ("VR110", "Veenrijk", "GM9004", "B", "hv_mv", 2.6, 1.4),
    ("TS110", "Turfstad Zuid", "GM9005", "C", "hv_mv", 2.4, 0.5),
    ("HK110", "Heidekamp", "GM9006", "C", "hv_mv", 1.5, 1.4),
    ("VW110", "Vaartwijk", "GM9007", "D", "hv_mv", 0.4, 1.5),
)
CORRIDORS = (("NV110", "ES110"), ("ES110", "ZL110"), ("ZL110", "VR110"), ("VR110", "TS110"), ("TS110", "HK110"),
             ("HK110", "VW110"), ("VW110", "NV110"), ("ES110", "HK110"))  # fmt: skip
OUTSIDE = "HK110-VW110"
"""An asset whose bottlenecks are not about the province."""
SECTORS = {
    "homes": "woningen",
    "industry_other": "industrie",
    "solar_field": "zonneparken",
    "transport": "vervoer",
}


def _lonlat(x: float, y: float) -> tuple[float, float]:
    return 6.2 + 0.22 * x, 52.6 + 0.14 * y


def assets() -> pd.DataFrame:
    """Station groups, one coupling group and corridors, with a size that decides how full they get."""
    rows = []
    for i, (station, name, gm_code, cluster, _, _, _) in enumerate(STATIONS):
        rows.append((f"T-{station}", f"{name} 110/10 kV", "station_transformer", station, gm_code, cluster,
                     "Netwerk Oost", 60.0 + 22 * ((i * 5) % 7)))  # fmt: skip
    rows.append(
        ("K-ES", "Esdorp 220/110 kV", "coupling_transformer", "ES110", "GM9002", "A", "Landelijk Net", 420.0)
    )
    names = {s[0]: s for s in STATIONS}
    for i, (a, b) in enumerate(CORRIDORS):
        rows.append((f"{a}-{b}", f"{names[a][1]} – {names[b][1]}", "circuit", a, names[a][2], names[a][3],
                     "Landelijk Net", 90.0 + 25 * ((i * 3) % 5)))  # fmt: skip
    columns = [
        "asset_id",
        "asset_name",
        "asset_class",
        "station",
        "gm_code",
        "cluster",
        "operator",
        "limit_mw",
    ]
    return pd.DataFrame(rows, columns=columns)


def loading() -> pd.DataFrame:
    """Loading of every asset; the base year stands in one storyline only."""
    rows = []
    for a, asset in enumerate(assets().to_dict("records")):
        for g, state in enumerate(STATES):
            for s, storyline in enumerate(STORYLINES):
                for year in YEARS if s == 0 else YEARS[1:]:
                    for w, weather_year in enumerate(WEATHER_YEARS):
                        for d, direction in enumerate(("take-off", "feed-in")):
                            growth = 1 + (year - 2025) / 25 * (0.5 + 0.25 * ((s + a) % 4))
                            relief = 1.0 if g == 0 or year < 2035 else 1.25 if g == 1 else 2.2
                            start = 48 + 9 * ((a * 7 + d * 3) % 6) + 3 * w
                            pct = start * growth / relief
                            limit = asset["limit_mw"]
                            rows.append({
                                **asset, "grid_state": state, "storyline": storyline, "variant": "",
                                "year": year, "weather_year": weather_year, "direction": direction,
                                "contingency": "N-1" if direction == "take-off" else "N-0",
                                "binding_outage": f"T-{STATIONS[a % 7][0]}" if direction == "take-off" else "",
                                "peak_mw": limit * pct / 100, "loading_pct": pct,
                                "exceedance_mw": max(0.0, limit * (pct - 100) / 100),
                                "hours": max(0.0, (pct - 100) * 13), "energy_mwh": max(0.0, (pct - 100) * 140),
                                "peak_hour": 400, "lost_load_mw": 0.0, "redundancy": "n-1", "quality": "assumed",
                                "station_id": asset["station"],
                            })  # fmt: skip
    return pd.DataFrame(rows)


def bottlenecks(rows: pd.DataFrame) -> pd.DataFrame:
    over = rows[rows["exceedance_mw"] > 0].copy()
    names = {m[0]: m[1] for m in MUNICIPALITIES}
    over["bottleneck_id"] = over["asset_id"].str.lower() + "-electricity-" + over["direction"]
    over["carrier"] = "electricity"
    over["municipality"] = over["gm_code"].map(names)
    over["season"] = over["direction"].map({"take-off": "winter", "feed-in": "summer"})
    over["capacity_sensitive"] = over["loading_pct"].lt(112).map({True: "vanishes", False: "no"})
    over["variant"] = over["grid_state"].where(over["grid_state"] != "frozen", "")
    return over


def days(rows: pd.DataFrame) -> pd.DataFrame:
    """Heaviest case per asset and direction; day 84 has no hour 2, and hour 18 of day 15 is the peak."""
    best = rows[rows["grid_state"] == "nulalternatief"].sort_values(
        "loading_pct", ascending=False, kind="stable"
    )
    best = best.drop_duplicates(["asset_id", "direction"])
    best = best[["asset_id", "direction", "grid_state", "storyline", "year", "weather_year", "loading_pct"]]
    best = best.rename(columns={"loading_pct": "max_loading_pct"})
    out = best.merge(pd.DataFrame({"hour_local": range(24)}), how="cross")
    out["loading_pct_by_day"] = [
        " ".join(
            "x" if (h, d) == (2, 84) else str(round(top)) if (h, d) == (18, 15) else "40"
            for d in range(1, 366)
        )
        for h, top in zip(out["hour_local"], out["max_loading_pct"], strict=True)
    ]
    return out


def _shares(over: pd.DataFrame) -> pd.DataFrame:
    key = ["bottleneck_id", "grid_state", "storyline", "year", "weather_year"]
    parts = []
    for i, sector in enumerate(SECTORS):
        parts.append(over[[*key, "gm_code"]].assign(sector=sector, share=(0.4, 0.3, 0.2, 0.1)[i]))
    return pd.concat(parts)


def _curves(rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    few = rows[(rows["grid_state"] != "netverzwaring") & rows["year"].isin((2025, 2035, 2045, 2050))]
    key = ["asset_id", "direction", "grid_state", "storyline", "year", "weather_year"]
    quantiles = [i / 80 for i in range(81)]
    base = few[[*key, "loading_pct"]].rename(columns={"loading_pct": "top"})
    duration = base.merge(pd.DataFrame({"quantile": quantiles}), how="cross")
    duration["loading_pct"] = duration["top"] * (0.25 + 0.75 * duration["quantile"] ** 3)
    worst = base[(base["weather_year"] == WEATHER_YEARS[1]) & (base["grid_state"] == "frozen")]
    grid = pd.DataFrame([(m, h) for m in range(1, 13) for h in range(24)], columns=["month", "hour_local"])
    grid["shape"] = [
        0.55 + 0.25 * math.cos((m - 1) / 12 * 6.283) + 0.2 * math.cos((h - 18) / 24 * 6.283)
        for m, h in zip(grid["month"], grid["hour_local"], strict=True)
    ]
    heat = worst.merge(grid, how="cross")
    heat["max_loading_pct"] = heat["top"] * heat["shape"]
    return duration.drop(columns="top"), heat.drop(columns=["top", "shape"])


def _candidates(over: pd.DataFrame) -> pd.DataFrame:
    worst = over[over["grid_state"] == "frozen"].sort_values("exceedance_mw", ascending=False)
    rows = []
    for i, row in enumerate(worst.drop_duplicates("asset_id").to_dict("records")):
        kind = ("concreet", "verkenning", "onderzoek")[i % 3]
        known = i != 5
        rows.append({
            "project_id": f"P{i + 1:02d}", "name": f"Versterking {row['asset_name']}", "type": kind,
            "type_reason": "Staat in het investeringsplan." if kind == "concreet" else "Besluit volgt na studie.",
            "type_reason_en": "It is in an investment plan." if kind == "concreet" else "A decision follows a study.",
            "carrier": "electricity", "option": "grid", "station": row["station"],
            "municipality": row["gm_code"], "cluster": row["cluster"], "operator": row["operator"],
            "asset_ids": row["asset_id"], "size_mw": 90, "size_mw_low": 66, "size_mw_high": 180,
            "need_year_earliest": row["year"], "need_year_median": row["year"] + 5,
            "storylines_with_need": ";".join(STORYLINES[: 1 + i % 4]), "certainty": ("high", "medium", "low")[i % 3],
            "start_by_year": row["year"] - 7, "interim_measures": "flexibele contracten; mobiele batterij" * (i % 2),
            "cost_meur_low": 12.5 + i, "cost_meur_high": 40.0 + 3 * i, "space_ha": 1.5,
            "score_societal": float(90 - 9 * i) if known else None, "score_urgency": float((i * 40) % 100),
            "score_feasibility": float((i * 7) % 10), "priority_class": ("homes", "feed_in")[i % 2],
            "list": "to_decide", "rank_p10": max(1, i - 1), "rank_p90": i + 3, "rank_stability": f"{max(1, i - 1)}-{i + 3}",
            "bottleneck_ids": ";".join(sorted({b for b in over["bottleneck_id"] if b.startswith(row["asset_id"].lower() + "-elec")})),
            "investment_plan_ids": "IP-1" if kind == "concreet" else "",
            "why_nl": "Het station raakt vol door groei.", "why_en": "Growth fills the station.",
        })  # fmt: skip
    made = pd.DataFrame(rows)
    told = need_texts(needs(made, over), pd.Series("frozen", index=made["project_id"])).reset_index(drop=True)
    return made.assign(
        need_nl=told["need_nl"], need_en=told["need_en"],
        why_nl=made["why_nl"] + " Op het huidige net: " + told["need_hours_nl"] + ".",
        why_en=made["why_en"] + " On today's grid: " + told["need_hours_en"] + ".",
    )  # fmt: skip


def needs(candidates: pd.DataFrame, over: pd.DataFrame) -> pd.DataFrame:
    """The need series of the projects, from their bottlenecks; the base year stands in one storyline."""
    ids = candidates[["project_id", "bottleneck_ids"]].assign(
        bottleneck_id=candidates["bottleneck_ids"].str.split(";")
    )
    ids = ids.explode("bottleneck_id")[["project_id", "bottleneck_id"]]
    rows = over[over["grid_state"].isin(["frozen", "nulalternatief"])].merge(ids, on="bottleneck_id")
    return needs_series(
        spread_base_year(rows.assign(counts=True), loading()), spread_base_year(loading(), loading())
    )


def present(over: pd.DataFrame) -> pd.DataFrame:
    """One early shortage that ends, with its sentence."""
    rows = over[over["grid_state"].eq("frozen")].sort_values(
        ["year", "exceedance_mw"], ascending=[True, False]
    )
    row = rows.iloc[0].to_dict()
    year, hours, mw = row["year"], f"{row['hours']:.0f}", f"{row['exceedance_mw']:.1f}"
    return pd.DataFrame([{
        **row, "ends_year": 2035, "ends_by": "decided projects", "returns_year": "", "project_ids": "",
        "interim_measures": "congestiemanagement", "interim_measures_en": "congestion management",
        "text_nl": f"{row['asset_name']}: nu te weinig, {mw.replace('.', ',')} MW in {year} ({hours} uur per jaar).",
        "text_en": f"{row['asset_name']}: too little now, {mw} MW in {year} ({hours} hours a year).",
    }])  # fmt: skip


def _scores(candidates: pd.DataFrame) -> pd.DataFrame:
    """One known indicator per criterion, and one that nobody knows."""
    known = (("societal", "homes_affected", 0.5, "woningen"), ("urgency", "need_year", 0.3, "jaar"),
             ("feasibility", "space_ha", 0.1, "ha"))  # fmt: skip
    rows = [(p["project_id"], c, name, p["need_year_earliest"] if name == "need_year" else 12, unit,
             p[f"score_{c}"], weight, "model", "model")
            for p in candidates.to_dict("records") for c, name, weight, unit in known]  # fmt: skip
    rows += [
        (p, "feasibility", "public_support", "", "", None, 0.1, "unknown", "")
        for p in candidates["project_id"]
    ]
    columns = ["project_id", "criterion", "indicator", "value", "unit", "score", "weight", "kind", "source"]
    found = pd.DataFrame(rows, columns=columns).astype({"score": float})
    # nobody answered: the low end of the scale
    return found.assign(points=found["score"].fillna(0.0), open=found["kind"].eq("unknown"))


CLASSES = ("homes", "feed_in")
MARGIN = 3.0


def ranked(candidates: pd.DataFrame, scores: pd.DataFrame) -> pd.DataFrame:
    """Rank by the rules of the framework: the same as ``pmiek.decide.weighing`` does."""
    found = totals(scores)
    priority = candidates.set_index("project_id")["priority_class"].map(CLASSES.index).reindex(found.index)
    return found.assign(rank=order(found["score"], priority, MARGIN))


def _weighed(candidates: pd.DataFrame, scores: pd.DataFrame) -> pd.DataFrame:
    found = ranked(candidates, scores)[["score", "coverage", "rank"]]
    return candidates.merge(found, left_on="project_id", right_index=True)


def _alignment(candidates: pd.DataFrame, series: pd.DataFrame) -> pd.DataFrame:
    classes = [("covered", "green"), ("late", "red"), ("undersized", "orange"), ("not planned", "red"),
               ("timing unknown", "grey")]  # fmt: skip
    rows = []
    for i, project in enumerate(candidates.to_dict("records")):
        name, light = classes[i % 5]
        mine = series[
            series["project_id"].eq(project["project_id"])
            & series["grid_state"].eq("frozen")
            & series["exceedance_mw"].gt(0)
        ]
        first = mine[mine["year"].eq(mine["year"].min())].sort_values("exceedance_mw").iloc[-1]
        last = mine.sort_values("exceedance_mw").iloc[-1]
        planned = name not in ("not planned", "timing unknown")
        rows.append({
            "operator": project["operator"], "project_id": project["project_id"],
            "investment_plan_id": "IP-1" if planned else "", "class": name,
            "need_year": first["year"],
            "planned_year": first["year"] + (4 if name == "late" else -1) if planned else None,
            "need_mw": first["exceedance_mw"], "hardest_year": last["year"], "hardest_mw": last["exceedance_mw"], "planned_mw": (40 if name == "undersized" else 120) if planned else None,
            "light": light, "confidence": "high", "evidence": "Vergeleken op station, vermogen en jaar.",
            "evidence_en": "Compared by station, capacity and year.",
        })  # fmt: skip
    return pd.DataFrame(rows)


def _runs() -> dict[str, pd.DataFrame]:
    runs = [(s, v, y) for s in STORYLINES for v in STATES[1:] for y in YEARS[2:]]
    costs, capacity, emissions, energy, served = [], [], [], [], []
    for i, (s, v, y) in enumerate(runs):
        size = 1 + STATES.index(v)
        for payer in ("Netwerk Oost", "Landelijk Net"):
            for category in ("capex", "fixed_om"):
                costs.append(
                    (
                        s,
                        v,
                        y,
                        category,
                        "station_transformer",
                        payer,
                        "A",
                        3.0 * size + i % 3,
                        40.0 * size + i % 7,
                    )
                )
        for asset_class in ("station_transformer", "circuit"):
            capacity.append(
                (
                    s,
                    v,
                    y,
                    "T-NV110",
                    asset_class,
                    "electricity",
                    "A",
                    80,
                    90.0 * (size - 1) * (y - 2030) / 5,
                    70.0,
                    1.0,
                )
            )
        costs.append((s, v, y, "capex", "circuit", "Landelijk Net", "outside", 7.0, 70.0))
        emissions.append(
            (s, v, y, "territorial", "methane", "homes", "A", max(0.0, 900.0 - 40 * (y - 2030) - 3 * i))
        )
        emissions.append(
            (s, v, y, "credit for exported green gas", "methane", "green_gas", "A", -10.0 * size)
        )
        emissions.append((s, v, y, "not counted", "motor_fuels", "", "", None))
        served.append(
            (
                s,
                v,
                y,
                "electricity",
                "take-off",
                "province",
                900.0,
                21.0 / size,
                9.0 / size,
                900.0 / size,
                14.0 / size,
                1.0,
                4.0,
                20.0,
                97.0,
            )
        )
        for category in ("curtailed", "unserved"):
            energy.append((s, v, y, 2019, "GM9001", "electricity", category, "solar_field", 21000.0 / size))
    head = ["storyline", "variant", "year"]
    return {
        "costs": pd.DataFrame(costs, columns=[*head, "category", "asset_class", "payer", "cluster", "cost_meur_per_year", "cost_meur_npv"]),
        "capacity": pd.DataFrame(capacity, columns=[*head, "asset_id", "asset_class", "carrier", "cluster", "existing_mw", "built_mw", "built_continuous_mw", "province_share"]),
        "emissions": pd.DataFrame(emissions, columns=[*head, "account", "carrier", "sector", "cluster", "co2_kt"]),
        "service": pd.DataFrame(served, columns=[*head, "carrier", "direction", "cluster", "asked_gwh", "not_served_gwh", "waiting_mw", "waiting_homes", "waiting_firms", "price_meur_low", "price_meur", "price_meur_high", "served_pct"]),
        "energy_balance": pd.DataFrame(energy, columns=[*head, "weather_year", "gm_code", "carrier", "category", "sector", "energy_mwh"]),
    }  # fmt: skip


def _checks(over: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Links, payments, and further checks of one asset."""
    first = {"asset_id": "K-ES", "grid_state": "frozen", "storyline": STORYLINES[1]}
    where = over.drop_duplicates("bottleneck_id")
    relation = where["asset_id"].eq(OUTSIDE).map({True: "outside", False: "project"})
    links = where[["bottleneck_id"]].assign(
        project_id="", relation=relation, reason_nl="elders", reason_en="elsewhere"
    )
    spread = {**first, "direction": "feed-in", "year": 2045, "weather_years": 30, "occurrence": "in every year",
              "worst_weather_year": 1997, "loading_pct_median": 120.0, "loading_pct_worst": 131.4}  # fmt: skip
    case = over[(over["bottleneck_id"] == "k-es-electricity-feed-in") & (over["grid_state"] == "frozen")
                & (over["storyline"] == STORYLINES[1]) & (over["year"] == 2045)]  # fmt: skip
    heaviest = int(case.loc[case["exceedance_mw"].idxmax(), "weather_year"])
    margin = {"bottleneck_id": "k-es-electricity-feed-in", "grid_state": "frozen", "storyline": STORYLINES[1],
              "year": 2045, "weather_year": heaviest, "sector": "homes", "gm_code": "GM9001", "share": 0.4, "change_needed_mw": 12.5}  # fmt: skip
    changes = [("1 unit more", 2, 0, "P01;P02"), ("1 unit fewer", 0, 1, "P03")]
    sensitivity = [{"asset_id": "T-NV110", "asset_name": "Noordveld Stad 110/10 kV", "operator": "Netwerk Oost",
                    "grid_state": "frozen", "change": c, "vanish": v, "appear": a, "projects": p}
                   for c, v, a, p in changes]  # fmt: skip
    transfers = [(s, "nulalternatief", 2050, "Netwerk Oost", "generator", "compensation for curtailed generation", 1.5)
                 for s in STORYLINES]  # fmt: skip
    return {
        "project_links": links,
        "transfers": pd.DataFrame(transfers, columns=["storyline", "variant", "year", "from_party", "to_party", "reason", "transfer_meur_per_year"]),
        "weather_distribution": pd.DataFrame([spread]),
        "bottleneck_margin": pd.DataFrame([margin]),
        "capacity_sensitivity": pd.DataFrame(sensitivity),
    }  # fmt: skip


@functools.cache
def result_tables() -> dict[str, pd.DataFrame]:
    """Every result table that the report reads."""
    rows = loading()
    over = bottlenecks(rows)
    duration, heat = _curves(rows)
    candidates = _candidates(over)
    options = [(p, o, 90, 10.0, 30.0, 1.6, t, 1.0, s) for p in candidates["project_id"]
               for o, t, s in (("grid", 4, 100), ("storage", 2, 45), ("flexible_contract", 1, 30))]  # fmt: skip
    scores = _scores(candidates)
    candidates = _weighed(candidates, scores)
    return {
        "loading": rows,
        "bottlenecks": over,
        "bottleneck_shares": _shares(over),
        "duration": duration,
        "heatmap": heat,
        "day_heatmap": days(rows),
        "candidates": candidates,
        "project_needs": needs(candidates, over),
        "present_shortages": present(over),
        "project_options": pd.DataFrame(options, columns=["project_id", "option", "size_mw", "cost_meur_low", "cost_meur_high", "annual_cost_meur", "lead_time_years", "space_ha", "solves_pct"]),
        "scores": scores,
        "swaps": pd.DataFrame([("P02", "P01", 0.62)], columns=["project_id", "other_id", "probability"]),
        "data_requests": pd.DataFrame([("D1", "Netwerk Oost", "T-NV110", "Nominaal vermogen per transformator", "Het tekort hangt ervan af", "CSV", "2026-12-01", "P01;P02", "Rated capacity per transformer", "The shortage depends on it")], columns=["request_id", "operator", "asset_id", "what", "why", "format", "by_when", "affects_projects", "what_en", "why_en"]),
        "alignment": _alignment(candidates, needs(candidates, over)),
        "profile_check": pd.DataFrame([(STORYLINES[0], 2030, "homes", "GM9001", 20.0, 22.5, 12.5)], columns=["storyline", "year", "sector", "gm_code", "published_mw", "modelled_peak_mw", "deviation_pct"]),
        "energy_check": pd.DataFrame([(STORYLINES[0], 2030, "GM9001", "electricity", 1234567.0, 1234567.0, 0.0)], columns=["storyline", "year", "gm_code", "carrier", "input_mwh", "model_mwh", "difference_pct"]),
        **_runs(),
        **_checks(over),
        **run_tables(),
        **project_tables(),
        **impact_tables(),
    }  # fmt: skip


def write_inputs(folder: Path) -> None:
    """Write the input tables that give labels and the map."""

    def table(name: str, columns: str, rows: list[tuple[object, ...]]) -> None:
        write_csv(pd.DataFrame(rows, columns=columns.split()), folder / f"{name}.csv")

    members = {c: ", ".join(m[1] for m in MUNICIPALITIES if m[2] == c) for c in "ABCD"}
    table("regions/clusters", "cluster name_nl name_en members",
          [(c, f"Cluster {c}", f"Cluster {c}", members[c]) for c in "ABCD"])  # fmt: skip
    table("regions/municipalities", "gm_code name cluster role source quality",
          [(m[0], m[1], m[2], "study", "made-up", "published") for m in MUNICIPALITIES])  # fmt: skip
    table("grid/stations", "station_id name gm_code cluster kind status lat lon source quality",
          [(s[0], s[1], s[2], s[3], s[4], "existing", *reversed(_lonlat(s[5], s[6])), "made-up", "derived") for s in STATIONS])  # fmt: skip
    areas = [("NV", "Noordveld", d, day, "Netwerk Oost", have, need, queue, None)
             for d, day, have, need, queue in (("take-off", "2026-01-15", 55.0, 61.0, None), ("take-off", "2026-07-30", 50.0, None, 12.5),
                                               ("feed-in", "2026-07-30", 70.0, 40.0, None))]  # fmt: skip
    table(
        "grid/feeding_areas",
        "feeding_area_id name direction snapshot_date operator existing_capacity_mw needed_capacity_mw queue_mw year_solved_regional",
        areas,
    )
    table("grid/area_stations", "feeding_area_id station_id", [("NV", "NV110")])
    table("grid/service_areas", "gm_code station_id load_share field_share",
          [("GM9001", "NV110", 0.75, 0.25), ("GM9001", "outside", 0.25, 0.75)])  # fmt: skip
    table("regions/places", "place lat lon population gm_code",
          [(m[1], *reversed(_lonlat(m[3] + 0.5, m[4] + 0.5)), 5000, m[0]) for m in MUNICIPALITIES])  # fmt: skip
    table("heat/networks", "network_id name gm_code status earliest_year",
          [("turfstad", "Warmtenet Turfstad", "GM9005", "existing", ""), ("heidekamp", "Warmtenet Heidekamp", "GM9006", "possible", 2035)])  # fmt: skip
    table("heat/pipes", "pipe_id name network0 network1 status earliest_year capacity_mw",
          [("heat-1", "Warmteleiding Turfstad - Heidekamp", "turfstad", "heidekamp", "planned", 2035, 40)])  # fmt: skip
    table("gas/areas", "area_id name tier_bar", [("gas-a", "Gasgebied A", 8), ("gas-hoog", "Regionaal", 40)])
    table("gas/area_shares", "gm_code area_id", [("GM9001", "gas-a"), ("GM9002", "gas-a")])
    table("gas/links", "link_id name area0 area1 status first_year capacity_mw",
          [("booster-a", "Booster A", "gas-a", "gas-hoog", "existing", "", 12)])  # fmt: skip
    table(
        "hydrogen/nodes",
        "node_id name gm_code",
        [("h2-turfstad", "Turfstad", "GM9005"), ("h2-land", "Landelijk net", "")],
    )
    table("hydrogen/pipes", "pipe_id name node0 node1 status first_year capacity_mw",
          [("h2-1", "Aftakking", "h2-land", "h2-turfstad", "planned", 2032, 100)])  # fmt: skip
    table("grid/published_loading", "fact_id asset_id direction year kind value_mw statement_nl statement_en source quality",
          [("f1", "T-NV110", "take-off", 2022, "scarcity", "", "Schaarste gemeld", "Scarcity reported", "made-up", "published")])  # fmt: skip
    table("weather/years", "station weather_year mean_temperature_c coldest_week_c ghi_kwh_per_m2 mean_wind_m_per_s character",
          [("verzonnen", y, 9.5, -3.0, 1000, 4.2, "cold and calm") for y in WEATHER_YEARS])  # fmt: skip
    table("demand/municipal", "storyline year gm_code carrier sector volume_mwh",
          [(s, y, "GM9001", "electricity", sector, 1000.0 * (y - 2015) * (1 + i))
           for s in STORYLINES for y in YEARS for i, sector in enumerate(("homes", "transport"))
           if y > 2025 or s == STORYLINES[0]])  # fmt: skip
    table("supply/municipal", "storyline year gm_code carrier technology capacity_mw",
          [(s, y, "GM9001", "electricity", "solar_field", y - 2000.0) for s in STORYLINES for y in YEARS])  # fmt: skip
    table("grid/buses", "bus_id station_id", [(s[0], s[0]) for s in STATIONS])
    table("grid/circuits", "corridor_id name bus0 bus1 voltage_kv operator rating_quality",
          [(f"{a}-{b}", f"{a} - {b}", a, b, 110, "Landelijk Net", "assumed") for a, b in CORRIDORS])  # fmt: skip
    table("grid/transformers", "group_id kind station_id capacity_quality",
          [*((f"T-{s[0]}", "station", s[0], "assumed") for s in STATIONS), ("K-ES", "coupling", "ES110", "assumed")])  # fmt: skip
    table(
        "profiles/sectors",
        "sector label_nl label_en",
        [(k, v, k.replace("_", " ")) for k, v in SECTORS.items()],
    )
    table("assumptions", "assumption_id topic parameter value low high unit basis source quality",
          [("power_factor_take_off", "power_factor", "cos phi", 0.97, 0.95, 1.0, "-", "gebruikelijk", "made-up", "assumed"),
           ("unit_size_mva", "transformer", "unit_size", 40, 25, 66, "MVA", "ontwerpkeuze", "made-up", "assumed")])  # fmt: skip
    table("sources", "source_id publisher title vintage url licence remark",
          [("made-up", "Niemand", "Verzonnen cijfers", "2026", "https://example.org/verzonnen", "CC0", "")])  # fmt: skip
    table("projects/planned", "investment_plan_id project_id name operator phase decision_status",
          [("IP-1", "", "Uitbreiding oost", "Netwerk Oost", "realisatie", "in_investment_plan")])  # fmt: skip
    features = []
    for gm_code, name, cluster, x, y in MUNICIPALITIES:
        ring = [
            _lonlat(x + dx, y + dy)
            for dx, dy in (
                (0, 0),
                (0.5, 0.04),
                (1, 0),
                (0.95, 0.5),
                (1, 1),
                (0.5, 0.96),
                (0, 1),
                (0.05, 0.5),
                (0, 0),
            )
        ]
        features.append({"type": "Feature", "properties": {"gm_code": gm_code, "name": name, "cluster": cluster},
                         "geometry": {"type": "Polygon", "coordinates": [ring]}})  # fmt: skip
    write_text(
        json.dumps({"type": "FeatureCollection", "features": features}),
        folder / "regions" / "boundaries.geojson",
    )
    write_text("criteria:\n  societal: {weight: 0.5}\n  urgency: {weight: 0.3}\n  feasibility: {weight: 0.2}\n"
               f"tie_margin_points: {MARGIN}\npriority_classes:\n"
               "  - {id: homes, label_nl: Woningen, label_en: Homes}\n"
               "  - {id: feed_in, label_nl: Invoeding, label_en: Feed-in}\n",
               folder / "weighing" / "framework.yaml")  # fmt: skip


MANIFEST = {
    "commit": {"commit": "0123456789abcdef0123456789abcdef01234567", "modified": False},
    "inputs_date": "2026-11-01",
    "versions": {"pmiek": "0.1.0", "pypsa": "1.4.0", "highspy": "1.15.1"},
    "runs": [{"storyline": STORYLINES[0], "status": "optimal", "wall_seconds": 12.5}],
    "inputs": {"grid/stations.csv": "0" * 64},
}


def write_tables(folder: Path, tables: dict[str, pd.DataFrame]) -> None:
    for name, table in tables.items():
        write_csv(table, folder / f"{name}.csv")


def run_tables() -> dict[str, pd.DataFrame]:
    """Flows and cards of the runs, as far as a batch has them."""
    flows, cards = [], []
    for s, v, y in [(s, v, 2050) for s in STORYLINES for v in STATES[1:]]:
        size = 1 + STATES.index(v)
        flows += [
            (s, v, y, "province", "supply:solar_field", "carrier:electricity", "electricity", 120.0 * size),
            (s, v, y, "province", "carrier:electricity", "demand:homes", "electricity", 120.0 * size),
            (s, v, y, "A", "supply:solar_field", "carrier:electricity", "electricity", 20.0),
        ]
        cards += [
            (s, v, y, "build", "station_transformer", "electricity", "A", 90.0 * (size - 2), "MW", "T-NV110"),
            (
                s,
                v,
                y,
                "build",
                "station_transformer",
                "electricity",
                "province",
                90.0 * (size - 2),
                "MW",
                "T-NV110",
            ),
            (s, v, y, "build", "station_transformer", "electricity", "outside", 45.0, "MW", "T-XX110"),
            (s, v, y, "cost", "operator", "", "province", 55.0 * (size - 2), "MEUR2025", ""),
            (s, v, y, "space", "station_transformer", "electricity", "province", 1.5 * (size - 2), "ha", ""),
            (s, v, y, "space", "station_transformer", "electricity", "outside", 9.0, "ha", ""),
            (s, v, y, "co2", "territorial", "methane", "province", 100.0, "kt/year", ""),
            (s, v, y, "co2", "not counted", "motor_fuels", "province", None, "kt/year", ""),
            (s, v, y, "service", "waiting", "electricity", "province", 9.0 / size, "MW", ""),
        ]
    return {
        "energy_flows": pd.DataFrame(flows, columns=["storyline", "variant", "year", "cluster", "source", "target", "carrier", "energy_gwh"]),
        "variant_cards": pd.DataFrame(cards, columns=["storyline", "variant", "year", "topic", "item", "carrier", "cluster", "value", "unit", "detail"]),
    }  # fmt: skip


def project_tables() -> dict[str, pd.DataFrame]:
    """What else is said of a project: variants, what it hangs on, tasks around it, the previous edition."""
    variants = [
        ("P01", "netverzwaring", s, 90.0 + i, 2035, 5.0 * i, 10.0 * i) for i, s in enumerate(STORYLINES)
    ]
    names = "project_id name list list_rank rank line_id line_nl line_en model_proposal reason_nl reason_en argument_nl argument_en decision decision_role decision_date decision_reason"
    why = ("Nodig en groot genoeg.", "Needed and large enough.", "", "")
    proposed = [
        (p, p, "to_decide", i, i, p, p, p, "proposed" if i < 3 else "not_now", *why, "", "", "", "")
        for i, p in enumerate(("P05", "P06", "P07"), 1)
    ]
    return {
        "project_proposal": pd.DataFrame(proposed, columns=names.split()),
        "project_variants": pd.DataFrame(variants, columns=["project_id", "variant", "storyline", "built_mw", "built_first_year", "left_mw", "left_hours"]),
        "project_dependencies": pd.DataFrame([("P01", "P02", "upstream", "eerst dat station", "that station first")], columns=["project_id", "depends_on", "kind", "reason_nl", "reason_en"]),
        "project_area_tasks": pd.DataFrame([("P01", "GM9001", "Noordveld", "Meadow homes", "samen graven", "dig together")], columns=["project_id", "gm_code", "municipality", "task", "combination_nl", "combination_en"]),
        "previous_projects": pd.DataFrame([("P01", "Versterking", "policy", True, "was onderzoek, nu concreet", "was research, now concrete")], columns=["project_id", "name", "aspect", "changed", "text_nl", "text_en"]),
    }  # fmt: skip


def impact_tables() -> dict[str, pd.DataFrame]:
    """What projects do, which inputs move them and how they stand, in made-up figures."""
    s1, s2 = STORYLINES[:2]
    effects = [
        ("P01", "leave_out", s1, 2035, "room", 5, 3, "a;b", "", 12.0, 1000.0, 200.0),
        ("P01", "leave_out", s2, 2035, "room", 6, 3, "a;b;c", "", 40.0, 1500.0, 0.0),
        ("P01", "put_in", s1, 2035, "room", 9, 9, "", "", 0.0, 0.0, 0.0),
        ("P02", "leave_out", s1, 2035, "room", 5, 5, "", "", -3.0, -36.0, 0.0),
    ]
    ranges = [
        ("P01", "leave_out", 0.01, 1, 1),
        ("P02", "leave_out", 0.01, 2, 2),
        ("P01", "put_in", 0.01, 1, 1),
    ]
    stand = [
        (
            "P01",
            "Versterking",
            "2026-Q4",
            "plan",
            "red",
            "permit later",
            "permit",
            "2027-03-01",
            "short",
            "worse",
            2,
        ),
        ("P02", "Tweede", "", "", "", "", "", "", "", "", 0),
    ]
    moves = [("unit_size_mva", "assumption", p, "changes", "volgt", "follows") for p in ("P01", "P02")]
    moves.append(("GM9001 homes", "demand", "P01", "falls", "vervalt", "falls away"))

    def table(columns: str, rows: list[tuple[object, ...]]) -> pd.DataFrame:
        return pd.DataFrame(rows, columns=columns.split())

    return {
        "project_effects": table("project_id mode storyline year method bottlenecks_without bottlenecks_with solved_ids created_ids hours_avoided take_off_mwh_avoided feed_in_mwh_avoided", effects),
        "project_effect_ranges": table("project_id mode noise_mwh place_low place_high", ranges),
        "project_pairs": table("project_id other_id storyline interaction_mwh verdict", [("P02", "P01", s1, -70.0, "overlap")]),
        "project_unlocks": table("project_id storyline take_off_mw homes floor_area_m2 business_mw renewable_mwh co2_kt", [("P01", s1, 8.0, 1200.0, 0.0, 0.0, 0.0, 0.0), ("P01", s2, 9.0, 1500.0, 0.0, 0.0, 0.0, 0.0)]),
        "plan_delays": table("project_id storyline delay_years first_year last_year extra_hours extra_take_off_mwh extra_feed_in_mwh appearing_ids worst_asset_id worst_loading_pct", [("P01", s1, 1, 2031, 2031, 7.0, 55.0, 5.0, "a", "T-NV110", 118.0)]),
        "project_effect_gaps": table("project_id storyline what reason reason_nl reason_en", [("P03", s1, w, "no_size", "er is geen omvang bekend", "no size is known") for w in ("effect", "delay")]),
        "monitoring": table("project_id name quarter phase light reason next_milestone milestone_date people_capacity trend quarters_in_light", stand),
        "escalations": table("project_id rule_id level quarter name text_nl text_en", [("P01", "people_short", "board", "2026-Q4", "Versterking", "te weinig mensen", "too few people")]),
        "input_effects": table("input_id kind project_id effect text_nl text_en", moves),
    }  # fmt: skip
