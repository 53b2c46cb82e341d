"""What was not measured, and why: an empty effect is not an effect of nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from pmiek.decide.projects.tables import text

if TYPE_CHECKING:
    from collections.abc import Mapping

GAP_COLUMNS = ["project_id", "storyline", "what", "reason", "reason_nl", "reason_en"]
EFFECT, DELAY = "effect", "delay"
GAPS = {
    "builds_nothing": (
        "de oplossing bouwt niets: zij laat weg wat niet past",
        "the option builds nothing: it leaves out what does not fit",
    ),
    "no_size": (
        "er is geen omvang bekend, van de netbeheerder niet en uit een tekort niet",
        "no size is known, neither from the operator nor from a shortage",
    ),
    "not_in_model": (
        "wat het project verandert staat niet in het model, of er staat vandaag niets dat te klein kan zijn",
        "what the project changes is not in the model, or nothing stands today that could be too small",
    ),
    "too_many": (
        "het verlegt stromen en hoort niet bij de grootste tekorten; die zijn eerst doorgerekend",
        "it shifts flows and is not among the largest shortages; those were computed first",
    ),
    "no_grid": (
        "het net kan met alleen dit project niet bestaan",
        "the grid cannot stand with this project alone",
    ),
    "first_storylines": (
        "effecten zijn in de eerste verhaallijnen van de reeks doorgerekend, uitstel in alle",
        "effects were computed in the first storylines of the batch, delay in all",
    ),
    "no_start": (
        "uit de gegevens volgt geen jaar waarin het in gebruik moet zijn",
        "the data give no year in which it should be in service",
    ),
    "after_horizon": (
        "het hoort in gebruik te zijn na het laatste doorgerekende jaar",
        "it should be in service after the last computed year",
    ),
}


def effect_gaps(
    listed: pd.DataFrame,
    storyline: str,
    measured: Mapping[str, set[str]],
    known: Mapping[str, Mapping[str, str]],
) -> pd.DataFrame:
    """Name the projects without a measured effect or delay.

    Parameters
    ----------
    listed : DataFrame
        The long list.
    storyline : str
        Storyline that was measured.
    measured : mapping of str to set of str
        ``effect`` and ``delay``: ids of the projects that have one.
    known : mapping of str to mapping of str to str
        The same to the reason of projects of which it is known, a key of ``GAPS``; others are not in the model.

    Returns
    -------
    DataFrame
        Columns ``GAP_COLUMNS``.
    """
    rows = []
    for what in (EFFECT, DELAY):
        for project in text(listed["project_id"]):
            if project not in measured[what]:
                reason = known[what].get(project, "not_in_model")
                rows.append((project, storyline, what, reason, *GAPS[reason]))
    return pd.DataFrame(rows, columns=GAP_COLUMNS)
