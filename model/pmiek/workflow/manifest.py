"""What made a result: versions, commit, hashes of the inputs, and what each step took."""

from __future__ import annotations

import hashlib
import json
import platform
import subprocess
import time
from contextlib import contextmanager
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import psutil

from pmiek.files import write_json

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PACKAGES = ("pypsa", "linopy", "highspy", "pandas", "numpy", "pvlib", "windpowerlib", "snakemake", "plotly")


def versions() -> dict[str, str]:
    """Give the versions of Python, pmiek and the libraries that decide a result."""
    return {
        "python": platform.python_version(),
        "pmiek": version("pmiek"),
        **{name: version(name) for name in PACKAGES},
    }


def commit(root: Path) -> dict[str, Any]:
    """Give the commit of the checkout, whether files differ from it, and the date of the inputs.

    Empty outside a checkout.
    """

    def git(*arguments: str) -> str:
        done = subprocess.run(  # noqa: S603 -- fixed arguments, no shell
            ["git", *arguments],  # noqa: S607 -- git is found on the user's path
            cwd=root,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=True,
        )
        return done.stdout.strip()

    try:
        return {
            "commit": git("rev-parse", "HEAD"),
            "modified": bool(git("status", "--porcelain")),
            "inputs_date": git("log", "-1", "--format=%cs", "--", "inputs"),
        }
    except (OSError, subprocess.CalledProcessError):
        return {"commit": "", "modified": None, "inputs_date": ""}


def file_hashes(folder: Path) -> dict[str, str]:
    """Give the SHA-256 of each file below a folder, by its path relative to the folder's parent."""
    return {
        path.relative_to(folder.parent).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    }


def text_hash(text: str) -> str:
    """Give the SHA-256 of a text, for example of a merged scenario."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


@contextmanager
def record(path: Path, **facts: Any) -> Iterator[dict[str, Any]]:
    """Measure a stage and write its record as JSON when it ends well.

    Parameters
    ----------
    path : Path
        Where the record goes.
    **facts
        What identifies the stage; the caller may add more to the yielded mapping.
    """
    entry: dict[str, Any] = dict(facts)
    start, used = time.perf_counter(), time.process_time()
    yield entry
    entry["wall_seconds"] = round(time.perf_counter() - start, 3)
    entry["cpu_seconds"] = round(time.process_time() - used, 3)
    entry["peak_memory_mb"] = round(_peak_memory_mb(), 1)
    write_json(entry, path)


def _peak_memory_mb() -> float:
    info = psutil.Process().memory_info()
    peak = getattr(info, "peak_wset", None)  # Windows keeps the peak in the process table
    if peak is not None:
        return float(peak) / 1e6
    import resource  # noqa: PLC0415 -- does not exist on Windows

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


def read_record(path: Path) -> dict[str, Any]:
    """Read a stage's record back."""
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded
