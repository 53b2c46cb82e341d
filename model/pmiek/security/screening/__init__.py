"""Screening: which asset is loaded how far, in which hours, and by whom."""

from pmiek.security.screening.hourly import Hourly
from pmiek.security.screening.maintenance import maintenance_check
from pmiek.security.screening.net_load import NetLoad
from pmiek.security.screening.ready import Screened, hourly_loading, hourly_net_load, peaks, prepare
from pmiek.security.screening.screen import RunKey, ScreeningResult, screen, screen_many
from pmiek.security.screening.settings import Settings, settings_of
from pmiek.security.screening.weather import market_loading, weather_loading, with_dispatch, worst_rows

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
