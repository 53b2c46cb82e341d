"""The data pack of a batch: every public table with its description, layers, workbooks and checksums."""

from __future__ import annotations

import gzip
import hashlib
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from pmiek.files import write_json, write_text
from pmiek.publish.exchange.geopackage import write_geopackage
from pmiek.publish.exchange.layers import layers, to_geojson
from pmiek.publish.exchange.workbook import table_sets, write_workbook
from pmiek.results.registry import result_tables

if TYPE_CHECKING:
    from pmiek.inputs import Tables

COMPRESS_FROM_BYTES: Final = 20_000_000
DESCRIPTION: Final = "datapackage.json"
CHECKSUMS: Final = "SHA256SUMS"
MEDIA: Final = {
    ".csv": "text/csv",
    ".geojson": "application/geo+json",
    ".gpkg": "application/geopackage+sqlite3",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def write_datapack(tables_dir: Path, inputs: Tables, out: Path, batch: str) -> None:
    """Write the data pack; what stood in the folder before is removed.

    Parameters
    ----------
    tables_dir : Path
        Public result tables of the batch (CSV).
    inputs : Tables
        Checked public inputs: places for the layers, sources for the description.
    out : Path
        Folder of the pack: ``tables/`` (CSV; from 20 MB as ``.csv.gz``), ``gis/`` (GeoJSON per layer and one
        GeoPackage), ``xlsx/`` (a workbook per set of tables), ``datapackage.json`` and ``SHA256SUMS``.
    batch : str
        Name of the batch.
    """
    if out.exists():
        shutil.rmtree(out)
    out.mkdir(parents=True)
    names = [name for name in result_tables() if (tables_dir / f"{name}.csv").is_file()]
    read = {name: read_public(tables_dir / f"{name}.csv") for name in names}
    resources = [
        _table(out, _copied(tables_dir / f"{name}.csv", out), name, frame) for name, frame in read.items()
    ]
    _gis(read, inputs, out)
    for title, members in table_sets(names).items():
        write_workbook({name: read[name] for name in members}, out / "xlsx" / f"{title}.xlsx")
    rest = sorted(path for kind in ("gis", "xlsx") for path in (out / kind).glob("*") if path.is_file())
    resources += [_file(out, path) for path in rest]
    write_json(_package(batch, inputs, resources), out / DESCRIPTION)
    lines = [f"{sha256(path)}  {path.relative_to(out).as_posix()}" for path in _files(out)]
    write_text("\n".join(lines) + "\n", out / CHECKSUMS)


def read_public(path: Path) -> pd.DataFrame:
    """Read a public table as it was written: an empty cell is unknown, a class for a figure is text."""
    return pd.read_csv(path, encoding="utf-8", low_memory=False, keep_default_na=False, na_values=[""])


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def check_datapack(folder: Path) -> list[str]:
    """List the files of a pack that are missing or differ from their checksum; empty if all is well."""
    wrong = []
    for line in (folder / CHECKSUMS).read_text(encoding="utf-8").splitlines():
        digest, _, name = line.partition("  ")
        path = folder / name
        if not path.is_file() or sha256(path) != digest:
            wrong.append(name)
    return wrong


def _files(out: Path) -> list[Path]:
    return sorted(p for p in out.rglob("*") if p.is_file() and p.name != CHECKSUMS)


def _copied(source: Path, out: Path) -> Path:
    target = out / "tables" / source.name
    target.parent.mkdir(exist_ok=True)
    if source.stat().st_size < COMPRESS_FROM_BYTES:
        shutil.copyfile(source, target)
        return target
    packed = target.with_suffix(".csv.gz")
    with (
        source.open("rb") as raw,
        packed.open("wb") as sink,
        gzip.GzipFile("", "wb", fileobj=sink, mtime=0) as stream,  # no name or time: same bytes every run
    ):
        shutil.copyfileobj(raw, stream)
    return packed


def _gis(read: dict[str, pd.DataFrame], inputs: Tables, out: Path) -> None:
    if not {"loading", "candidates"} <= set(read):
        return
    made = layers(inputs, read["loading"], read["candidates"])
    for layer in made:
        write_json(to_geojson(layer), out / "gis" / f"{layer.name}.geojson")
    write_geopackage(made, out / "gis" / "pmiek.gpkg")


def _package(batch: str, inputs: Tables, resources: list[dict[str, Any]]) -> dict[str, Any]:
    sources = inputs["sources"].astype(object).where(inputs["sources"].notna(), "")
    return {
        "profile": "data-package",
        "name": f"pmiek-{batch}".lower().replace("_", "-"),
        "title": f"Results of batch {batch}",
        "description": "Public result tables, layers in WGS 84 and workbooks. Power is MW, energy MWh, "
        "money real EUR of 2025, hours UTC. An empty cell is unknown or does not apply. "
        "Where an operator's own figures stand behind a row, it holds classes instead of figures.",
        "sources": [
            {"title": f"{row.publisher}: {row.title}"} | ({"path": row.url} if row.url else {})
            for row in sources.itertuples()
        ],
        "resources": resources,
    }


def _table(out: Path, path: Path, name: str, frame: pd.DataFrame) -> dict[str, Any]:
    registered = result_tables()[name]
    schema: dict[str, Any] = {
        "fields": [
            {
                "name": column.name,
                "type": _type(frame[column.name]),
                "description": column.description,
                "unit": column.unit,
            }
            for column in registered.columns
        ],
        "missingValues": [""],
    }
    if len(frame) and not frame[list(registered.key)].isna().to_numpy().any():
        schema["primaryKey"] = list(registered.key)
    packed = {"compression": "gz"} if path.suffix == ".gz" else {}
    return {
        "name": name.replace("_", "-"),
        "title": registered.title,
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": MEDIA[".csv"],
        "encoding": "utf-8",
        "schema": schema,
        **packed,
        **_facts(out, path),
    }


def _file(out: Path, path: Path) -> dict[str, Any]:
    return {
        "name": f"{path.parent.name}-{path.stem}-{path.suffix[1:]}".replace("_", "-"),
        "profile": "data-resource",
        "format": path.suffix[1:],
        "mediatype": MEDIA[path.suffix],
        **_facts(out, path),
    }


def _facts(out: Path, path: Path) -> dict[str, Any]:
    return {
        "path": path.relative_to(out).as_posix(),
        "bytes": path.stat().st_size,
        "hash": f"sha256:{sha256(path)}",
    }


def _type(column: pd.Series) -> str:
    if column.isna().all():
        return "any"
    if pd.api.types.is_bool_dtype(column):
        return "boolean"
    if pd.api.types.is_integer_dtype(column):
        return "integer"
    return "number" if pd.api.types.is_float_dtype(column) else "string"
