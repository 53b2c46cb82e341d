"""Which source files a stage depends on, so that a change of code reruns what it touches and no more."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = Path(__file__).resolve().parents[1]


def code_files(*modules: str) -> list[str]:
    """List the files of the package that the given modules import, directly or through others.

    Snakemake does not see edits in imported modules; declaring them as inputs of a rule makes a change of
    content rerun the rule, while a touched file does not. Imports for type checking only do not count; tables
    of settings that lie beside a module (YAML) do.

    Parameters
    ----------
    *modules : str
        Dotted names inside the package, for example ``"pmiek.workflow.screening"``.

    Returns
    -------
    list of str
        Paths with forward slashes, sorted: relative to the project root in a clone, in full where the package is
        installed elsewhere.

    Raises
    ------
    ModuleNotFoundError
        If a named module does not exist.
    """
    found: set[Path] = set()
    for module in modules:
        path = _module_path(module)
        if path is None:
            message = f"there is no module {module}"
            raise ModuleNotFoundError(message)
        _collect(path, found)
    return sorted(map(told, found))


def told(path: Path) -> str:
    """Name a file of the package as a rule does: relative to the clone, or in full where it is installed."""
    root = PACKAGE.parents[1]
    in_clone = PACKAGE.parent.name == "model"
    return path.relative_to(root).as_posix() if in_clone else path.as_posix()


def _collect(path: Path, found: set[Path]) -> None:
    if path in found:
        return
    found.add(path)
    found.update(path.parent.glob("*.yaml"))
    for imported in _imports(path):
        _collect(imported, found)


def _module_path(dotted: str) -> Path | None:
    base = PACKAGE.parent.joinpath(*dotted.split("."))
    if base.with_suffix(".py").is_file():
        return base.with_suffix(".py")
    package = base / "__init__.py"
    return package if package.is_file() else None


@cache
def _imports(path: Path) -> frozenset[Path]:
    names: set[str] = set()
    for node in _executed(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    ours = {name for name in names if name.split(".")[0] == PACKAGE.name}
    paths = (_module_path(part) for name in ours for part in _with_parents(name))
    return frozenset(p for p in paths if p is not None and p != PACKAGE / "__init__.py")


def _with_parents(dotted: str) -> list[str]:
    """Add the packages around a module: importing a.b.c runs a and a.b first."""
    parts = dotted.split(".")
    return [".".join(parts[:length]) for length in range(1, len(parts) + 1)]


def _executed(node: ast.AST) -> Iterator[ast.AST]:
    """Walk a module without what is under ``if TYPE_CHECKING``."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING":
            continue
        yield child
        yield from _executed(child)
