from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
from pmiek.inputs.operator_files import VARIABLE
from tiny_grid import table


@pytest.fixture(autouse=True)
def _no_folder_from_outside(monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)


@pytest.fixture
def project(tiny_inputs, tmp_path) -> SimpleNamespace:
    """A project of which the public inputs are shared and the operator's folder is its own."""
    folder = tmp_path / "operator"

    def write(name: str, text: str, operator: str = "netco") -> Path:
        path = folder / operator / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.strip() + "\n", encoding="utf-8")
        return path

    return SimpleNamespace(inputs=tiny_inputs, folder=folder, write=write, root=tmp_path)


LOADING = """
asset_id asset_name station_id year weather_year contingency limit_mw peak_mw loading_pct exceedance_mw hours energy_mwh
AAD-mv   Aadorp-T   AAD        2030 2012         N-1         37.5     30.0    80.0        0.0           0     0.0
AAD-mv   Aadorp-T   AAD        2030 2022         N-1         37.5     36.0    96.0        0.0           0     0.0
AAD-mv   Aadorp-T   AAD        2040 2012         N-1         37.5     45.0    120.0       7.5           600   900.0
BEE-mv   Beeveen-T  BEE        2030 2012         N-1         40.0     30.0    75.0        0.0           0     0.0
"""


@pytest.fixture
def loading() -> pd.DataFrame:
    """Four rows with round answers: 37.5 MW is the confidential limit of AAD-mv."""
    constant = {
        "asset_class": "station_transformer", "station": "S", "gm_code": "GM0001", "cluster": "A",
        "operator": "Netco", "grid_state": "frozen", "storyline": "s", "variant": "nulalternatief",
        "direction": "take-off", "binding_outage": "", "peak_hour": 400, "lost_load_mw": 0.0, "redundancy": "",
        "quality": "measured",
    }  # fmt: skip
    return table(LOADING).assign(**constant)
