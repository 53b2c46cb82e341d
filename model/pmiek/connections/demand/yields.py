"""Raw yields of the cohorts of field solar and wind, from the measured weather."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmiek.connections.supply.generation import FIELD_EXISTING, FIELD_NEW, WIND, WIND_EXISTING
from pmiek.timeseries import reference_sums

if TYPE_CHECKING:
    import pandas as pd

    from pmiek.config import Scenario
    from pmiek.inputs import Tables


def field_yields(
    tables: Tables, scenario: Scenario, reference: pd.DataFrame | None = None
) -> dict[str, float]:
    """Mean yield of existing and new field solar and wind over the reference years.

    Parameters
    ----------
    tables, scenario
        As :func:`pmiek.timeseries.reference_sums`.
    reference : DataFrame, optional
        Result of :func:`pmiek.timeseries.reference_sums`, to save time in a batch.

    Returns
    -------
    dict
        MWh per MW installed and year for ``solar_field_existing``, ``solar_field_new``, ``wind_onshore`` and
        ``wind_onshore_existing``.
    """
    sums = reference_sums(tables, scenario) if reference is None else reference
    mean = sums.set_index("profile")["mean_raw_sum"]
    return {name: float(mean[name]) for name in (FIELD_EXISTING, FIELD_NEW, WIND, WIND_EXISTING)}
