"""Heat and gas of the base year beside published figures, as the page about data shows them."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from pmiek.publish.report.validation import heat_check

ROWS = pd.DataFrame(
    {
        "gm_code": ["GM0001", "GM0002", "GM0001"],
        "quantity": ["gas_homes", "gas_homes", "network_heat_homes"],
        "published_year": 2023,
        "base_year": 2025,
        "published_mwh": [4000.0, 6000.0, 0.0],
        "model_mwh": [5000.0, 6000.0, 100.0],
    }
)


def material(checks: dict[str, pd.DataFrame]) -> Any:
    return SimpleNamespace(checks=checks)


def test_municipalities_are_added_up_per_quantity() -> None:
    homes, networks = heat_check(material({"heat_check": ROWS}))
    assert (homes["published_gwh"], homes["model_gwh"]) == pytest.approx((10, 11))
    assert homes["difference_pct"] == pytest.approx(10)
    assert pd.isna(networks["difference_pct"])  # nothing was published to compare with


def test_a_batch_without_the_check_shows_none() -> None:
    assert heat_check(material({})) == []
