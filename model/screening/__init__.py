"""Screening: which asset is loaded how far, in which hours, and by whom."""

from model.screening.hourly import Hourly
from model.screening.maintenance import maintenance_check
from model.screening.net_load import NetLoad
from model.screening.ready import Screened, hourly_loading, hourly_net_load, peaks, prepare
from model.screening.screen import RunKey, ScreeningResult, screen, screen_many
from model.screening.settings import Settings, settings_of
from model.screening.weather import market_loading, weather_loading, with_dispatch, worst_rows

__all__ = [
    "Hourly",
    "NetLoad",
    "RunKey",
    "Screened",
    "ScreeningResult",
    "Settings",
    "hourly_loading",
    "hourly_net_load",
    "maintenance_check",
    "market_loading",
    "peaks",
    "prepare",
    "screen",
    "screen_many",
    "settings_of",
    "weather_loading",
    "with_dispatch",
    "worst_rows",
]
