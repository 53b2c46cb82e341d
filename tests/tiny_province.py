# ruff: noqa: E501 - tables as text keep one row per line
"""A made-up province that is small enough to check by hand and complete enough for the whole model.

Three municipalities: Aadorp (GM0001, cluster A) and Beeveen (GM0002, cluster B) are studied, Ceemond (GM0003)
is a neighbour. The 110 kV ring KOP-AAD-BEE has three equal circuits of 10 km (1 ohm, 4 ohm, 100 MVA summer,
110 winter), so 2/3 of what AAD takes comes straight from KOP and 1/3 by BEE. CEE hangs on BEE by two circuits of
4 ohm. KOP is fed from 380 kV by two units of 200 MVA and takes the whole balance. AAD has 2 units of 40 MVA,
BEE one, CEE two. Project P-AAD brings a third unit at AAD by 2029; P-NWE a station NWE (two units of 90 MVA,
one circuit to BEE) by 2034 that takes half of BEE. The electricity of Aadorp grows from 10 MW on average in 2025
by 2 MW per five years in every storyline.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd

STORYLINES = ("koersvaste_middenweg", "eigen_vermogen", "gezamenlijke_balans", "horizon_aanvoer")
BASE_STORYLINE = STORYLINES[0]
BASE_YEAR = 2025
YEARS = (2030, 2035, 2040, 2045, 2050)
TOWNS = ("GM0001", "GM0002", "GM0003")
WEATHER_STATION = "tiny"
WEATHER_YEARS = (2012, 2022)
HOURS = 8760
SCENARIO_OVERRIDES = {
    "weather.station": WEATHER_STATION,
    "weather.design_years": [{"year": 2012, "character": "cold_calm"}, {"year": 2022, "character": "sunny"}],
    "weather.reference_years": list(WEATHER_YEARS),
    "grid.switching_state": "normal",
    "grid.station_simultaneity": 1,
}
"""What a scenario of the project must override to run on this province: ``merge_scenario(..., SCENARIO_OVERRIDES)``."""

ASSUMPTIONS = {
    "boundary_voltage_pu": 1.03,
    "aquathermal_performance": 3.6,
    "aquathermal_potential_mw": 10,
    "district_heat_direct_share": 0,
    "geothermal_electricity_share": 0.05,
    "heat_distribution_m_per_home": 7,
    "heat_network_loss_share": 0.2,
    "heat_network_supply_c": 65,
    "heat_pipe_least_share": 0.25,
    "heat_pipe_loss_share_per_km": 0.002,
    "heat_design_hours": 100,
    "heat_pit_hours": 200,
    "residual_heat_eur_per_mwh": 5,
    "heat_tank_hours": 6,
    "heat_unserved_eur_per_mwh": 2000,
    "hybrid_pump_share": 0.4,
    "hydrogen_price_2025_eur_per_mwh": 140,
    "hydrogen_price_2030_eur_per_mwh": 125,
    "hydrogen_price_2035_eur_per_mwh": 112,
    "hydrogen_price_2040_eur_per_mwh": 100,
    "hydrogen_price_2045_eur_per_mwh": 90,
    "hydrogen_price_2050_eur_per_mwh": 80,
    "individual_heating_oversize": 1.3,
    "insulation_good_kwh_per_m2": 65,
    "insulation_poor_kwh_per_m2": 95,
    "methane_price_2025_eur_per_mwh": 38,
    "methane_price_2030_eur_per_mwh": 30,
    "methane_price_2035_eur_per_mwh": 30,
    "methane_price_2040_eur_per_mwh": 32,
    "methane_price_2045_eur_per_mwh": 34,
    "methane_price_2050_eur_per_mwh": 36,
    "coupling_tap_boost_pu": 0.05,
    "park_support_mvar_per_mw": 0.33,
    "line_110kv_charging_mvar_per_km": 0.034,
    "line_220kv_charging_mvar_per_km": 0.152,
    "line_380kv_charging_mvar_per_km": 0.5,
    "mixed_circuit_cable_share": 0.5,
    "voltage_110kv_max_pu": 1.1,
    "voltage_110kv_min_pu": 0.9,
    "standard_transformer_mva": 90, "existing_transformer_units": 2, "transformer_short_circuit_pct": 18,
    "transformer_short_circuit_pct_40mva": 16.2, "transformer_short_term_factor_winter": 1.1,
    "transformer_short_term_factor_summer": 1, "existing_transformer_mva": 40, "new_station_gross_mva": 360,
    "new_station_firm_mva": 270, "north_capacity_check_mva": 1673, "north_capacity_check_tolerance": 0.15,
    "max_transformers_per_plot": 4, "limit_take_off_n1": 1, "maintenance_fault_max_mw": 100,
    "maintenance_fault_max_hours": 6, "limit_feed_in_reserve_110kv": 0.3, "limit_feed_in_gross": 1,
    "switchable_share_field": 1, "switchable_share_roof_buildings": 0.3, "switchable_share_roof_homes": 0,
    "line_110kv_rating_mva": 123, "line_110kv_light_rating_mva": 90, "line_110kv_x_ohm_per_km": 0.4,
    "line_110kv_r_ohm_per_km": 0.1, "winter_rating_factor": 1.1, "cable_110kv_rating_mva": 250,
    "cable_110kv_x_ohm_per_km": 0.12, "cable_110kv_r_ohm_per_km": 0.025, "cable_110kv_charging_mvar_per_km": 0.8,
    "line_220kv_rating_mva": 700, "line_220kv_x_ohm_per_km": 0.285, "coupling_transformer_220_110_mva": 200,
    "coupling_transformer_380_110_mva": 370, "switching_station_mw": 40, "switching_station_cost_meur": 3.9,
    "lead_time_switching_station_years": 3, "mv_cable_cost_meur_per_km": 0.18, "mv_lv_station_kva": 630,
    "mv_lv_homes_per_station": 200, "mv_lv_mismatch_factor": 1.4, "mv_lv_station_space_m2": 25,
    "mv_lv_station_cost_meur": 0.08, "mv_lv_spare_share": 0.25,
    "mv_lv_cable_km_per_station": 1.9, "mv_cable_km_per_switching_station": 24, "peak_household_kw": 0.5, "peak_heat_pump_kw": 2,
    "peak_hybrid_heat_pump_kw": 1.1, "peak_ev_kw": 1, "roof_solar_simultaneity": 0.68,
    "field_solar_contract_new": 0.5, "field_solar_contract_existing": 0.85, "new_field_solar_from_year": 2025,
    "station_simultaneity": 1, "firm_share_flexible_assets": 0, "lasting_flexibility_share": 0.5,
    "power_factor_take_off": 1, "power_factor_field_generation": 1, "lead_time_new_station_years": 10,
    "lead_time_transformer_years": 2.5, "lead_time_full_plot_years": 7, "lead_time_hv_connection_years": 10,
    "space_new_station_ha": 3, "space_coupling_station_ha": 15, "cost_new_station_meur": 80,
    "cost_coupling_station_meur": 150, "cost_cable_110kv_meur_per_km": 3.5, "cost_transformer_meur": 6,
    "green_gas_summer_low_share": 0.15, "gas_booster_million_m3_per_year": 20, "gas_booster_cost_meur": 4,
    "hydrogen_link_first_year": 2033, "hydrogen_link_first_year_late": 2036, "waste_power_left_2035_share": 0.2,
    "methane_kwh_per_m3": 10, "industry_gas_40_bar_share": 0.8, "gas_net_removable_factor": 0.5,
    "gas_booster_energy_share": 0.01, "gas_storage_efficiency": 0.99, "unserved_gas_eur_per_mwh": 5000,
    "unserved_hydrogen_eur_per_mwh": 400, "hydrogen_truck_cost_eur_per_mwh": 60, "hydrogen_truck_max_mw": 1,
    "hydrogen_transport_fee_eur_per_mwh": 5, "hydrogen_storage_fee_eur_per_mwh": 15,
    "cost_heat_pipe_meur_per_km": 1.8, "ev_home_share": 0.5, "ev_public_share": 0.25, "ev_work_share": 0.15,
    "ev_fast_share": 0.1, "electrolyser_efficiency": 0.7,
    "flexibility_share_hub": 0.15, "flexibility_hub_eur_per_mwh": 60, "cable_pooling_contract_share": 0.7,
    "chp_agriculture_first_hour": 6,
    "chp_agriculture_first_month": 10,
    "chp_agriculture_last_hour": 21,
    "chp_agriculture_last_month": 4,
    "export_weather_correlation": 0.6,
    "heat_inertia_hours_buildings": 24,
    "heat_inertia_hours_homes": 36,
    "heat_morning_boost": 0.35,
    "flexible_share_large_users": 0.2, "flexible_contract_eur_per_mwh": 150,
    "flexibility_share_battery_system": 0.5, "flexibility_share_battery_park": 0.7,
    "flexibility_share_battery_homes": 0.3, "flexibility_share_long_storage": 0,
    "flexibility_share_power_to_heat": 0.5, "flexibility_share_electrolyser": 0.8,
    "flexibility_share_charging_car": 0.5, "flexibility_share_charging_van": 0.4,
    "flexibility_share_charging_truck": 0.3, "flexibility_share_heat_pump": 0.3,
    "flexibility_heat_pump_hours": 3, "flexibility_battery_eur_per_mwh": 80,
    "flexibility_charging_eur_per_mwh": 20, "flexibility_heat_pump_eur_per_mwh": 40,
    "flexibility_power_to_heat_eur_per_mwh": 15, "flexibility_electrolyser_eur_per_mwh": 20,
    "heat_network_base_c": 8,
    "heat_pump_bivalent_c": -8,
    "heat_pump_cop_ceiling": 5.5,
    "heat_pump_cop_floor": 1.4,
    "heat_pump_field_factor": 0.85,
    "heat_pump_ground_c": 9,
    "heat_pump_ground_share_buildings": 0.6,
    "heat_pump_ground_share_homes": 0.2,
    "heat_pump_setback_share": 0.25,
    "heat_pump_sink_at_zero_c": 36,
    "heat_pump_sink_slope": 0.6,
    "heat_pump_water_sink_c": 52,
    "heat_solar_gain_k_per_w_per_m2": 0.008,
    "heat_threshold_buildings_c": 14,
    "hot_water_k_buildings": 1.5,
    "hot_water_k_homes": 2,
    "hybrid_bivalent_c": -1,
    "hybrid_switch_full_c": 0,
    "hybrid_switch_off_c": -8,
    "market_price_cap_eur_per_mwh": 4000,
    "reserve_price_eur_per_mwh": 400,
    "solar_ground_albedo": 0.2,
    "solar_spread_neighbour_hours": 0.3,
    "solar_temperature_coefficient_per_k": -0.0035,
    "wind_existing_hub_height_m": 52,
    "wind_offshore_window_hours": 21,
    "wind_park_spread_m_per_s": 1.2,
    "wind_spread_neighbour_hours": 0.5,
    "wind_unavailability": 0.04,
    "wind_wake_speed_deficit": 0.05,
    **{f"reserve_capacity_{year}_gw": 1 for year in (BASE_YEAR, *YEARS)},
    **{f"co2_price_{year}_eur_per_t": 75 + 5 * i for i, year in enumerate((BASE_YEAR, *YEARS))},
    "waiting_firm_mw": 0.5,
    "waiting_home_eur_per_year": 3000,
    "waiting_firm_eur_per_year": 250000,
    "waiting_home_kw": 1.5,
    "waste_plant_electric_efficiency": 0.22,
}  # fmt: skip

CSV = {
    "sources": """
source_id,publisher,title,vintage,url,licence,remark
made_up,nobody,Made-up figures for tests,2025,,CC0,
""",
    "regions/municipalities": """
gm_code,name,province,cluster,role,population,dwellings,area_km2,agricultural_area_km2,services_floor_area_m2,lat,lon,mv_operator
GM0001,Aadorp,Tinyland,A,study,40000,20000,100,60,750000,53.0,6.4,Netco
GM0002,Beeveen,Tinyland,B,study,20000,10000,200,150,250000,52.9,6.6,Netco
GM0003,Ceemond,Otherland,,neighbour,10000,5000,50,30,100000,52.8,6.8,Netco
""",
    "regions/clusters": """
cluster,name_nl,name_en,members
A,Energiecluster A,Energy cluster A,GM0001
B,Energiecluster B,Energy cluster B,GM0002
""",
    "regions/places": """
place,lat,lon,population,gm_code
Aadorp,53.0,6.4,30000,GM0001
Beeveen,52.9,6.6,15000,GM0002
Ceemond,52.8,6.8,8000,GM0003
""",
    "demand/industry_sites": """
site_id,name,gm_code,station_id,sector,share,share_low,share_high,lat,lon
aad-food,Aadorp Food,GM0001,AAD,industry_food,0.6,0.5,0.7,53.0,6.41
""",
    "demand/overlays": """
plan,storyline,year,gm_code,carrier,sector,mode,volume_mwh
""",
    "supply/sites": """
plant_id,name,technology,gm_code,station_id,share
bee-waste,Beeveen waste plant,waste_plant,GM0002,BEE,1
""",
    "supply/res_check": """
technology,year,value_mwh
solar_and_wind,2030,200000
""",
    "supply/trade": "direction,block,year,capacity_gw,price_eur_per_mwh\n"
    + "".join(
        f"{direction},{block},{year},5,{price}\n"
        for year in (BASE_YEAR, *YEARS)
        for direction, block, price in (
            ("import", "near", 60),
            ("import", "far", 120),
            ("export", "near", 20),
        )
    ),
    "supply/fleet": """
technology,year_from,role,fuel,efficiency,other_cost_eur_per_mwh,availability,duration_h,duration_low_h,duration_high_h,park
solar_field,2020,variable,,,0.1,,,,,
wind_onshore,2020,variable,,,0.2,,,,,
wind_offshore,2020,variable,,,0.3,,,,,
gas_plant,2020,plant,methane,0.5,2,0.9,,,,
battery_system,2020,storage,,0.85,0.1,,4,2,6,
electrolyser,2020,electrolyser,hydrogen,0.7,0,1,,,,
""",
    "profiles/offshore_fit": """
quantile,wind_speed_m_per_s,capacity_factor
0,0,0
0.5,4,0.4
0.9,8,0.9
1,12,0.95
""",
    "grid/stations": """
station_id,name,gm_code,cluster,province,hv_kv,mv_kv,kind,serves_public,status,project_id,hv_operator,mv_operator,lat,lon,coordinate_quality,year_built,extendable,max_units
KOP,Koppel,GM0001,A,Tinyland,380,,coupling,false,existing,,Hoogco,,53.0,6.3,exact,1970,yes,4
AAD,Aadorp,GM0001,A,Tinyland,110,10,hv_mv,true,existing,,Hoogco,Netco,53.0,6.4,exact,1970,yes,4
BEE,Beeveen,GM0002,B,Tinyland,110,10,hv_mv,true,existing,,Hoogco,Netco,52.9,6.6,exact,1980,unknown,2
CEE,Ceemond,GM0003,,Otherland,110,10,hv_mv,true,existing,,Hoogco,Netco,52.8,6.8,exact,1980,no,2
NWE,Nieuwe Weg,GM0002,B,Tinyland,110,20,hv_mv,true,planned,P-NWE,Hoogco,Netco,52.9,6.7,assumed,,yes,4
""",
    "grid/buses": """
bus_id,station_id,voltage_kv,slack_share
KOP380,KOP,380,1
KOP110,KOP,110,0
AAD110,AAD,110,0
AADmv,AAD,10,0
BEE110,BEE,110,0
BEEmv,BEE,10,0
CEE110,CEE,110,0
CEEmv,CEE,10,0
NWE110,NWE,110,0
NWEmv,NWE,20,0
""",
    "grid/circuits": """
circuit_id,corridor_id,name,bus0,bus1,voltage_kv,kind,length_km,r_ohm,x_ohm,rating_summer_mva,rating_winter_mva,rating_low_mva,rating_high_mva,tower_group,status,project_id,removed_by_project,operator,rating_quality
KOP-AAD-1,KOP-AAD,Koppel - Aadorp,KOP110,AAD110,110,overhead,10,1,4,100,110,90,120,,existing,,,Hoogco,assumed
AAD-BEE-1,AAD-BEE,Aadorp - Beeveen,AAD110,BEE110,110,overhead,10,1,4,100,110,90,120,,existing,,,Hoogco,assumed
KOP-BEE-1,KOP-BEE,Koppel - Beeveen,KOP110,BEE110,110,overhead,10,1,4,100,110,90,120,,existing,,,Hoogco,assumed
BEE-CEE-1,BEE-CEE,Beeveen - Ceemond,BEE110,CEE110,110,overhead,10,1,4,100,110,90,120,T1,existing,,,Hoogco,assumed
BEE-CEE-2,BEE-CEE,Beeveen - Ceemond,BEE110,CEE110,110,overhead,10,1,4,100,110,90,120,T1,existing,,,Hoogco,assumed
BEE-NWE-1,BEE-NWE,Beeveen - Nieuwe Weg,BEE110,NWE110,110,cable,5,0.125,0.6,250,250,150,300,,planned,P-NWE,,Hoogco,assumed
""",
    "grid/transformers": """
unit_id,group_id,kind,station_id,bus0,bus1,rated_mva,x_pct,status,project_id,removed_by_project,operator,capacity_quality,units_low,units_high
KOP-T1,KOP-380-110,coupling,KOP,KOP380,KOP110,200,15,existing,,,Hoogco,assumed,2,2
KOP-T2,KOP-380-110,coupling,KOP,KOP380,KOP110,200,15,existing,,,Hoogco,assumed,2,2
AAD-T1,AAD-mv,station,AAD,AAD110,AADmv,40,16.2,existing,,,Netco,assumed,1,3
AAD-T2,AAD-mv,station,AAD,AAD110,AADmv,40,16.2,existing,,,Netco,assumed,1,3
AAD-T3,AAD-mv,station,AAD,AAD110,AADmv,40,16.2,planned,P-AAD,,Netco,published,1,3
BEE-T1,BEE-mv,station,BEE,BEE110,BEEmv,40,16.2,existing,,,Netco,assumed,1,2
CEE-T1,CEE-mv,station,CEE,CEE110,CEEmv,40,16.2,existing,,,Netco,assumed,1,3
CEE-T2,CEE-mv,station,CEE,CEE110,CEEmv,40,16.2,existing,,,Netco,assumed,1,3
NWE-T1,NWE-mv,station,NWE,NWE110,NWEmv,90,18,planned,P-NWE,,Netco,published,2,4
NWE-T2,NWE-mv,station,NWE,NWE110,NWEmv,90,18,planned,P-NWE,,Netco,published,2,4
""",
    "grid/switching_states": """
state,circuit_id,is_open,project_id,reason
normal,AAD-BEE-1,false,,the ring is closed
open_ring,AAD-BEE-1,true,,the ring is opened between the two stations
""",
    "grid/service_areas": """
gm_code,station_id,load_share,field_share
GM0001,AAD,1,0.5
GM0001,BEE,0,0.5
GM0002,BEE,1,1
GM0003,CEE,0.5,0.5
GM0003,outside,0.5,0.5
""",
    "grid/resplits": """
project_id,new_station_id,from_station_id,share
P-NWE,NWE,BEE,0.5
""",
    "grid/limits": """
asset_class,voltage_min_kv,voltage_max_kv,direction,contingency,season,limit_factor,test,counts,exemption,legal_basis
coupling_transformer,50,400,take-off,N-0,all,1,total,true,,
coupling_transformer,50,400,feed-in,N-0,all,1,total,true,,
coupling_transformer,50,400,take-off,N-1,winter,1.1,total,true,,
coupling_transformer,50,400,take-off,N-1,summer,1,total,true,,
coupling_transformer,50,400,feed-in,N-1,all,1,after_trip,true,,
circuit,50,400,take-off,N-0,all,1,total,true,,
circuit,50,400,feed-in,N-0,all,1,total,true,,
circuit,50,400,take-off,N-1,all,1,total,true,,
circuit,50,400,feed-in,N-1,all,1,after_trip,true,,
station_transformer,50,400,take-off,N-0,all,1,total,true,,
station_transformer,50,400,feed-in,N-0,all,1,total,true,,
station_transformer,50,400,take-off,N-1,winter,1.1,total,true,,
station_transformer,50,400,take-off,N-1,summer,1,total,true,,
station_transformer,50,400,feed-in,N-1,all,1,after_trip,true,,
""",
    "projects/planned": """
investment_plan_id,project_id,name,operator,carrier,kind,asset_ids,station_id,gm_code,cluster,capacity_mw,capacity_quality,planned_year_earliest,planned_year_latest,phase,decision_status,timing_known,lead_party
IP-1,P-AAD,Third transformer Aadorp,Netco,electricity,transformer,AAD-mv,AAD,GM0001,A,40,published,2028,2029,realisation,under_construction,true,Netco
IP-2,P-NWE,New station Nieuwe Weg,Netco,electricity,new_station,NWE-mv;BEE-NWE,NWE,GM0002,B,180,published,2032,2034,study,in_investment_plan,true,Netco
,P-H2,Hydrogen pipe,Gasco,hydrogen,pipe,,,GM0001,A,,,,,idea,exploration,false,Gasco
""",
    "projects/plan_statements": """
project_id,published_name,operator,direction,date_text,year_earliest,year_latest,phase,basis,stated_on
""",
    "projects/status": """
project_id,quarter,phase,light,reason,next_milestone,milestone_date,people_capacity,author_role
""",
    "projects/waiting_list": """
station_id,direction,requests,requested_mw,expected_end_year,reference_date
""",
    "projects/escalation_rules": """
rule_id,test,threshold,level,text_nl,text_en
""",
    "projects/register": """
project_id,name,carrier,asset_id,option,first_edition,status,predecessor
""",
    "projects/previous_pmiek": """
project_id,name,carrier,type,gm_code,cluster,progress
OLD-1,Reinforce Aadorp,electricity,concreet,GM0001,A,under way
""",
    "costs/technologies": """
technology,parameter,value,unit,year,currency_year_original
battery_system,investment,300000,EUR/MW,2035,2020
battery_system,energy_investment,150000,EUR/MWh,2035,2020
battery_system,fixed_om,2,percent/year,2035,2020
battery_system,lifetime,20,years,2035,
battery_system,efficiency_round_trip,0.85,per unit,2035,
""",
    "costs/infrastructure": """
asset_class,option,parameter,value,low,high,unit
station_transformer,extra_unit,investment,6,4,10,MEUR
station_transformer,extra_unit,lifetime,40,30,50,years
station_transformer,extra_unit,fixed_om,1,0.5,2,percent/year
station_transformer,new_station,investment,80,55,130,MEUR
coupling_transformer,extra_unit,investment,15,10,25,MEUR
circuit,new_cable,investment,3.5,2,6,MEUR/km
mv_station,switching_station,investment,4.88,3,10,MEUR
mv_station,switching_station,size,40,15,60,MW
mv_station,switching_station,space,0.1,0.05,0.25,ha
mv_station,switching_station,lead_time_years,3,2,5,years
mv_station,switching_station,fixed_om,0.01,0.005,0.02,share
mv_station,switching_station,lifetime,40,35,50,years
mv_lv_station,new_station,investment,0.08,0.04,0.13,MEUR
mv_lv_station,new_station,size,0.63,0.4,1,MVA
mv_lv_station,new_station,space,0.0025,0.0015,0.004,ha
mv_lv_station,new_station,lead_time_years,2,1,4,years
mv_lv_station,new_station,fixed_om,0.01,0.005,0.02,share
mv_lv_station,new_station,lifetime,40,35,50,years
mv_cable,cable_mv,investment,0.18,0.1,0.35,MEUR/km
""",
    "costs/carriers": """
carrier,price_eur_per_mwh,co2_t_per_mwh
methane,35,0.2
biomass,30,0
waste,0,0.1
coal,15,0.34
uranium,8,0
hydrogen,90,0
""",
    "costs/price_index": """
year,index
2020,100
2025,125
""",
    "weather/years": "station,weather_year,mean_temperature_c,coldest_week_c,ghi_kwh_per_m2,mean_wind_m_per_s,character\n"
    "tiny,2012,8,-0.99,1067.4,4.51,cold_calm\ntiny,2022,10,1.01,1067.4,4.51,sunny\n",
    "profiles/sectors": """
carrier,kind,sector,profile,connection,switchable_share,direction,label_nl,label_en,colour
electricity,demand,households,day_shape,load,0,take-off,Woningen,Homes,#1f77b4
electricity,demand,buildings,day_shape,load,0,take-off,Gebouwen,Buildings,#ff7f0e
electricity,demand,transport_car,flat,load,0,take-off,Auto's,Cars,#2ca02c
electricity,demand,industry_food,flat,site,0,take-off,Voeding,Food,#d62728
electricity,supply,solar_field,solar_field_existing,field,1,feed-in,Zonneweiden,Solar fields,#ffdd00
electricity,supply,solar_roof_homes,solar_roof,load,0,feed-in,Zon op woningen,Roofs of homes,#ffe680
electricity,supply,wind_onshore,wind_onshore,field,1,feed-in,Wind op land,Onshore wind,#17becf
electricity,supply,wind_offshore,wind_offshore,,1,feed-in,Wind op zee,Offshore wind,#003366
electricity,supply,gas_plant,,,0,feed-in,Gascentrale,Gas plant,#555555
electricity,supply,waste_plant,flat,site,0,feed-in,Afvalcentrale,Waste plant,#7f7f7f
electricity,flexibility,battery_system,,field,0,both,Batterij,Battery,#9467bd
electricity,flexibility,electrolyser,,field,0,take-off,Elektrolyser,Electrolyser,#e377c2
methane,demand,households,flat,,,take-off,Woningen,Homes,#1f77b4
methane,supply,green_gas,flat,,,feed-in,Groen gas,Green gas,#8c564b
hydrogen,demand,industry_food,flat,,,take-off,Voeding,Food,#d62728
""",
    "profiles/connection_levels": """
carrier,kind,sector,lv_share,lv_share_low,lv_share_high,mv_share,mv_share_low,mv_share_high
electricity,demand,households,1,1,1,1,1,1
electricity,demand,buildings,0.5,0.4,0.6,1,1,1
electricity,demand,transport_car,1,1,1,1,1,1
electricity,demand,industry_food,0,0,0,0.5,0.3,0.7
electricity,supply,solar_field,0,0,0,0.5,0.3,0.7
electricity,supply,solar_roof_homes,1,1,1,1,1,1
electricity,supply,wind_onshore,0,0,0,0,0,0
electricity,supply,wind_offshore,0,0,0,0,0,0
electricity,supply,gas_plant,0,0,0,0,0,0
electricity,supply,waste_plant,0,0,0,0,0,0
electricity,flexibility,battery_system,0,0,0,0,0,0
electricity,flexibility,electrolyser,0,0,0,0,0,0
""",
    "grid/published_mv_lv": """
fact_id,scope,gm_code,year_from,year_to,new_stations,homes
tinyland,province,,2025,2050,100,30000
aadorp,municipality,GM0001,2025,2030,20,20000
""",
    "weighing/judgments": """
project_id,indicator,score,author_role,date,reason
""",
    "areas/area_tasks": """
gm_code,task,task_nl,kind,stage,space_ha
""",
}


def _growth() -> list[tuple[str, int, int]]:
    """Return (storyline, year, steps since the base year)."""
    later = [(story, year, (year - BASE_YEAR) // 5) for story in STORYLINES for year in YEARS]
    return [(BASE_STORYLINE, BASE_YEAR, 0), *later]


def _per_year(rows: list[tuple]) -> pd.DataFrame:
    """Repeat rows (keys..., base value, step per five years, hours) for all storylines and years."""
    out = []
    for story, year, steps in _growth():
        out += [(story, year, *keys, (base + step * steps), hours) for *keys, base, step, hours in rows]
    return pd.DataFrame(out)


def _demand(rows: list[tuple], keys: list[str]) -> pd.DataFrame:
    frame = _per_year([(*row, HOURS) for row in rows])
    frame.columns = ["storyline", "year", *keys, "mean_mw", "hours"]
    volume = frame["mean_mw"] * frame["hours"]
    return frame.drop(columns=["mean_mw", "hours"]).assign(volume_mwh=volume, peak_mw=frame["mean_mw"] * 2)


def _supply(rows: list[tuple], keys: list[str]) -> pd.DataFrame:
    frame = _per_year(rows)
    frame.columns = ["storyline", "year", *keys, "capacity_mw", "hours"]
    volume = frame["capacity_mw"] * frame["hours"]
    return frame[["storyline", "year", *keys]].assign(volume_mwh=volume, capacity_mw=frame["capacity_mw"])


def _generated() -> dict[str, pd.DataFrame]:
    """Make the tables that repeat per storyline and year; mean MW in the base year and growth per five years."""
    place = ["gm_code", "carrier"]
    flexible = _supply(
        [
            ("GM0001", "electricity", "battery_system", 0, 5, 0),
            ("GM0001", "electricity", "electrolyser", 0, 10, 0),
            ("", "electricity", "electrolyser", 0, 2, 0),
        ],
        [*place, "technology"],
    )
    return {
        "demand/municipal": _demand(
            [
                ("GM0001", "electricity", "households", 6, 1), ("GM0001", "electricity", "buildings", 4, 0.5),
                ("GM0001", "electricity", "transport_car", 0, 0.5), ("GM0002", "electricity", "households", 3, 1),
                ("GM0003", "electricity", "households", 4, 0), ("GM0001", "methane", "households", 30, -4),
                ("GM0002", "methane", "households", 15, -2),
            ],
            [*place, "sector"],
        ),
        "demand/industry": _demand(
            [("electricity", "industry_food", 5, 1), ("hydrogen", "industry_food", 0, 2)], ["carrier", "sector"]
        ),
        "demand/national": _demand(
            [("electricity", "municipality", "households", 8000, 1000),
             ("electricity", "industry", "industry_food", 4000, 500),
             ("hydrogen", "industry", "industry_food", 0, 500)],
            ["carrier", "level", "sector"],
        ),
        "supply/municipal": _supply(
            [
                ("GM0001", "electricity", "solar_field", 20, 10, 900),
                ("GM0001", "electricity", "solar_roof_homes", 10, 5, 850),
                ("GM0002", "electricity", "wind_onshore", 15, 0, 2500),
                ("GM0002", "electricity", "waste_plant", 5, 0, 8000), ("GM0002", "methane", "green_gas", 4, 1, 8000),
            ],
            [*place, "technology"],
        ),
        "supply/industry": _supply([("electricity", "waste_plant", 0, 0, 0)], ["carrier", "technology"]),
        "supply/flexibility": flexible.drop(columns="volume_mwh"),
        "supply/national": _supply(
            [
                ("electricity", "solar_field", 8000, 4000, 900), ("electricity", "wind_onshore", 6000, 500, 2500),
                ("electricity", "wind_offshore", 5000, 4000, 4300), ("electricity", "gas_plant", 12000, -1000, 0),
                ("electricity", "battery_system", 1000, 2000, 0), ("electricity", "electrolyser", 0, 1500, 0),
            ],
            ["carrier", "technology"],
        ),
    }  # fmt: skip


def _typical_days() -> pd.DataFrame:
    """Return one shape: 2 from 08:00 to 20:00 local time, 1 otherwise, the same every day."""
    months, days, hours = range(1, 13), ("weekday", "saturday", "sunday"), range(24)
    index = pd.MultiIndex.from_product([["day_shape"], months, days, hours])
    frame = index.to_frame(index=False, name=["profile", "month", "day_type", "hour_local"])
    return frame.assign(value=np.where(frame["hour_local"].between(8, 19), 2, 1))


def weather(year: int) -> pd.DataFrame:
    """Return 8,760 hours of sine weather; 2012 is 2 degrees colder than 2022."""
    hour = np.arange(HOURS)
    season = -np.cos(2 * np.pi * (hour / 24 - 15) / 365)
    sun = np.clip(np.sin(2 * np.pi * (hour % 24 - 6) / 24), 0, None) * (0.55 + 0.45 * season)
    values = {
        "temperature_c": 10 + 9 * season + 3 * np.sin(2 * np.pi * (hour % 24 - 9) / 24) - 2 * (year == 2012),
        "ghi_w_per_m2": 700 * sun,
        "dni_w_per_m2": 500 * sun,
        "dhi_w_per_m2": 250 * sun,
        "wind_speed_10m_m_per_s": 4.5 - season + 2 * np.sin(2 * np.pi * hour / 100),
    }
    return pd.DataFrame({"hour": hour.astype("int16"), **{k: v.astype("float32") for k, v in values.items()}})


def _boundaries() -> dict:
    towns = {"GM0001": ("Aadorp", "A", 6.3), "GM0002": ("Beeveen", "B", 6.5)}
    features = [
        {"type": "Feature", "properties": {"gm_code": code, "name": name, "cluster": cluster},
         "geometry": {"type": "Polygon", "coordinates": [
             [[west, 52.9], [west + 0.2, 52.9], [west + 0.2, 53.1], [west, 53.1], [west, 52.9]]]}}
        for code, (name, cluster, west) in towns.items()
    ]  # fmt: skip
    return {"type": "FeatureCollection", "features": features}


def write_table(inputs: Path, name: str, frame: pd.DataFrame) -> Path:
    """Write one table; source and quality are filled in where they are missing."""
    if name not in {"sources", "weighing/judgments"}:
        for column, value in (("source", "made_up"), ("quality", "assumed")):
            if column not in frame:
                frame = frame.assign(**{column: value})
    path = inputs / f"{name}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    frame.to_csv(path, index=False, lineterminator="\n")
    return path


def build(root: Path) -> Path:
    """Write the province below ``root`` and return its inputs folder.

    Change a table afterwards by reading its CSV, editing and :func:`write_table`.
    """
    inputs = root / "inputs"
    for name, text in CSV.items():
        header, *lines = text.strip().splitlines()
        frame = pd.DataFrame([line.split(",") for line in lines], columns=header.split(","))
        write_table(inputs, name, frame)
    for name, frame in {**_generated(), "profiles/typical_days": _typical_days()}.items():
        write_table(inputs, name, frame)
    assumptions = pd.DataFrame({"assumption_id": list(ASSUMPTIONS), "value": list(ASSUMPTIONS.values())})
    more = {
        "topic": "tiny",
        "parameter": assumptions["assumption_id"],
        "low": "",
        "high": "",
        "unit": "-",
        "basis": "",
    }
    write_table(inputs, "assumptions", assumptions.assign(**more))
    for year in WEATHER_YEARS:
        path = inputs / "weather" / WEATHER_STATION / f"{year}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        weather(year).to_parquet(path, index=False)
    (inputs / "regions" / "boundaries.geojson").write_text(json.dumps(_boundaries()), encoding="utf-8")
    return inputs
