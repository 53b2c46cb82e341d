"""From one project back to its bottlenecks, hours, sectors, municipalities and the input rows behind them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from pmiek.decide.projects.rules import DISTRIBUTION
from pmiek.decide.projects.tables import cell, split_ids, text

RESULT_TABLES = ("candidates", "bottlenecks", "bottleneck_shares", "heatmap", "alignment")
DISTRICT_ASSUMPTIONS = ("mv_lv_spare_share", "mv_lv_mismatch_factor")
CSV_TEXT = {"weather_year": "Int64", "year": "Int64"}


def read_result(results_dir: Path, name: str) -> pd.DataFrame:
    """Return one result table, from ``tables/`` if the folder has it; empty when the file is absent."""
    folder = results_dir / "tables" if (results_dir / "tables").is_dir() else results_dir
    private = folder.parent / "confidential" / f"{name}.csv"  # full figures, where operators keep theirs
    path = private if private.is_file() else folder / f"{name}.csv"
    return pd.read_csv(path, low_memory=False) if path.is_file() else pd.DataFrame()


def read_input(inputs_dir: Path, name: str) -> pd.DataFrame:
    """Return one input table as text with the line number of each row; empty when the file is absent."""
    path = inputs_dir / f"{name}.csv"
    if not path.is_file():
        return pd.DataFrame()
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    return frame.assign(line=range(2, len(frame) + 2))


def hardest_rows(bottlenecks: pd.DataFrame, ids: list[str]) -> pd.DataFrame:
    """Return per bottleneck and grid state the row with the largest exceedance, and its first year."""
    if bottlenecks.empty:
        return bottlenecks
    rows = bottlenecks[text(bottlenecks["bottleneck_id"]).isin(ids) & bottlenecks["exceedance_mw"].gt(0)]
    if rows.empty:
        return rows
    keys = ["bottleneck_id", "grid_state"]
    first = rows.groupby(keys)["year"].min().rename("first_year")
    several = rows.groupby(keys)["storyline"].nunique().rename("storylines")
    last = rows.sort_values(["exceedance_mw", "year"]).groupby(keys).tail(1)
    return last.join(first, on=keys).join(several, on=keys).sort_values(keys).reset_index(drop=True)


def peak_shares(shares: pd.DataFrame, row: pd.Series) -> pd.DataFrame:
    """Return sector and municipality shares of the peak of one bottleneck row, largest first."""
    if shares.empty:
        return pd.DataFrame(columns=["sector", "gm_code", "share"])
    keys = ["bottleneck_id", "grid_state", "storyline", "year", "weather_year"]
    mask = pd.Series(data=True, index=shares.index)
    for key in keys:
        mask &= shares[key].astype(str) == str(row[key])
    part = shares[mask]
    return part.sort_values("share", ascending=False)[["sector", "gm_code", "share"]].reset_index(drop=True)


def peak_months(heatmap: pd.DataFrame, row: pd.Series) -> tuple[list[int], list[int]]:
    """Return the months and local hours of the day in which a bottleneck's asset is above its limit."""
    if heatmap.empty:
        return [], []
    mask = text(heatmap["asset_id"]) == cell(row["asset_id"])
    for key in ("direction", "grid_state", "storyline", "year", "weather_year"):
        mask &= heatmap[key].astype(str) == str(row[key])
    over = heatmap[mask & heatmap["max_loading_pct"].gt(100)]
    return sorted({int(m) for m in over["month"]}), sorted({int(h) for h in over["hour_local"]})


def _row(file: str, key: str, frame: pd.DataFrame, mask: pd.Series, column: str) -> pd.DataFrame:
    found = frame[mask]
    return pd.DataFrame(
        {
            "file": f"inputs/{file}.csv",
            "row": found["line"].to_numpy() if len(found) else [],
            "key": [key] * len(found),
            "column": column,
            "value": found[column].to_numpy() if len(found) else [],
            "quality": found["quality"].to_numpy() if len(found) and "quality" in found else "",
        }
    )


def input_rows(inputs_dir: Path, row: pd.Series, shares: pd.DataFrame, largest: int = 5) -> pd.DataFrame:
    """Return the input rows that make one bottleneck: capacities, service areas and the largest demands.

    Parameters
    ----------
    inputs_dir : Path
        The inputs folder.
    row : Series
        One bottleneck row.
    shares : DataFrame
        Its sector and municipality shares.
    largest : int
        How many sector rows to give.

    Returns
    -------
    DataFrame
        file, row (line in the file), key, column, value, quality.
    """
    asset = cell(row["asset_id"])
    parts = []
    units = read_input(inputs_dir, "grid/transformers")
    if len(units):
        mine = units[units["group_id"] == asset]
        parts += [
            _row("grid/transformers", unit, units, units["unit_id"] == unit, "rated_mva")
            for unit in mine["unit_id"]
        ]
        areas = read_input(inputs_dir, "grid/service_areas")
        for station in sorted(set(mine["station_id"])) if len(areas) else []:
            column = "load_share" if cell(row["direction"]) == "take-off" else "field_share"
            for gm_code in areas.loc[areas["station_id"] == station, "gm_code"]:
                mask = (areas["station_id"] == station) & (areas["gm_code"] == gm_code)
                parts.append(_row("grid/service_areas", f"{gm_code} {station}", areas, mask, column))
    if cell(row.get("asset_class")) in DISTRIBUTION:
        assumed = read_input(inputs_dir, "assumptions")
        for name in DISTRICT_ASSUMPTIONS if len(assumed) else ():
            parts.append(_row("assumptions", name, assumed, assumed["assumption_id"] == name, "value"))
    circuits = read_input(inputs_dir, "grid/circuits")
    if len(circuits):
        for circuit in circuits.loc[circuits["corridor_id"] == asset, "circuit_id"]:
            mask = circuits["circuit_id"] == circuit
            parts.append(_row("grid/circuits", circuit, circuits, mask, f"rating_{_season(row)}_mva"))
    parts += [_sector_row(inputs_dir, row, share) for _, share in shares.head(largest).iterrows()]
    parts = [part for part in parts if len(part)]
    columns = ["file", "row", "key", "column", "value", "quality"]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)


def _season(row: pd.Series) -> str:
    return "summer" if cell(row.get("season")).startswith("summer") else "winter"


def _sector_row(inputs_dir: Path, row: pd.Series, share: pd.Series) -> pd.DataFrame:
    sector, gm_code = cell(share["sector"]), cell(share["gm_code"])
    for file, column, value in (
        ("demand/municipal", "sector", "volume_mwh"),
        ("supply/municipal", "technology", "capacity_mw"),
        ("demand/industry", "sector", "volume_mwh"),
        ("supply/industry", "technology", "capacity_mw"),
    ):
        frame = read_input(inputs_dir, file)
        if frame.empty:
            continue
        mask = (
            (frame[column] == sector)
            & (frame["year"] == str(row["year"]))
            & (frame["carrier"] == "electricity")
        )
        own = frame["storyline"].eq(cell(row["storyline"]))
        mask = mask & own if bool((mask & own).any()) else mask  # the base year stands under one storyline
        if "gm_code" in frame:
            mask &= frame["gm_code"] == gm_code
        if mask.any():
            return _row(
                file,
                f"{cell(row['storyline'])} {row['year']} {gm_code} {sector}".replace("  ", " "),
                frame,
                mask,
                value,
            )
    return pd.DataFrame()


def plan_rows(inputs_dir: Path, project: pd.Series) -> pd.DataFrame:
    """Return the rows of ``projects/planned`` behind a project."""
    planned = read_input(inputs_dir, "projects/planned")
    if planned.empty:
        return pd.DataFrame()
    ids = {cell(project["project_id"]), *split_ids(project.get("predecessor"))}
    mask = planned["project_id"].isin(ids)
    return planned[mask]
