"""Medium and low voltage: what hangs below the HV/MV stations, what falls short, and what it takes."""

from pmiek.security.mv_lv.check import mv_lv_check
from pmiek.security.mv_lv.run import MvLv, mv_lv
from pmiek.security.mv_lv.settings import MV_LV, MV_STATION, capacity_range

__all__ = ["MV_LV", "MV_STATION", "MvLv", "capacity_range", "mv_lv", "mv_lv_check"]
