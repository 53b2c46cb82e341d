"""The functions that a script uses, on the batch that the other tests ran too."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
import tiny_project
from pmiek import api
from pmiek.errors import InputError, RequestError

BATCH = tiny_project.BATCH


def test_what_the_commands_made_comes_as_tables(finished: Path) -> None:
    province = api.load(finished)
    assert province.root == finished.resolve()
    stations = province.inputs["grid/stations"]
    grid = api.network(province, year=2025, state="frozen")
    assert len(grid.transformers) == (province.inputs["grid/transformers"]["status"] == "existing").sum()
    loading = api.screen(province, BATCH)
    assert set(loading["station_id"].dropna()) <= set(stations["station_id"])
    assert loading.groupby("direction")["peak_mw"].max().gt(0).all()
    built = api.plan(province, BATCH)
    assert built.equals(pd.read_csv(finished / "results" / BATCH / "tables" / "capacity.csv"))
    page = api.report(province, BATCH)
    assert page.read_text(encoding="utf-8").lower().startswith("<!doctype html>")


def test_other_weights_give_another_order_and_write_nothing(finished: Path) -> None:
    province = api.load(finished)
    before = sorted(path for path in (finished / "results").rglob("*") if path.is_file())
    as_is, tried = api.weigh(province, BATCH), api.weigh(province, BATCH, {"societal": 0.05})
    assert set(as_is["project_id"]) == set(tried["project_id"])
    assert not as_is["score"].equals(tried["score"])
    assert sorted(path for path in (finished / "results").rglob("*") if path.is_file()) == before


def test_what_is_not_there_is_told(project: Path) -> None:
    province = api.load(project)
    with pytest.raises(RequestError, match="no table candidates yet"):
        api.weigh(province, BATCH)
    with pytest.raises(RequestError, match="no result table 'loadings'"):
        province.table(BATCH, "loadings")
    with pytest.raises(RequestError, match="no state 'today'"):
        api.network(province, state="today")


def test_wrong_inputs_are_told_when_the_province_is_opened(project: Path) -> None:
    path = project / "inputs" / "grid" / "stations.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("GM", "XX"), encoding="utf-8")
    with pytest.raises(InputError, match=r"grid/stations\.csv"):
        api.load(project)
