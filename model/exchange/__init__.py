"""What leaves a batch for other tools: data pack with checksums, workbooks, and layers for a GIS."""

from model.exchange.datapack import check_datapack, write_datapack
from model.exchange.geopackage import write_geopackage
from model.exchange.layers import Layer, layers, to_geojson
from model.exchange.workbook import write_workbook

__all__ = [
    "Layer",
    "check_datapack",
    "layers",
    "to_geojson",
    "write_datapack",
    "write_geopackage",
    "write_workbook",
]
