"""Descriptions of the input tables, one module per theme."""
