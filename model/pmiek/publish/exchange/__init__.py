"""What leaves a batch for other tools: data pack with checksums, workbooks, and layers for a GIS."""

from pmiek.publish.exchange.datapack import check_datapack, write_datapack
from pmiek.publish.exchange.geopackage import write_geopackage
from pmiek.publish.exchange.layers import Layer, layers, to_geojson
from pmiek.publish.exchange.workbook import write_workbook

__all__ = [
    "Layer",
    "check_datapack",
    "layers",
    "to_geojson",
    "write_datapack",
    "write_geopackage",
    "write_workbook",
]
