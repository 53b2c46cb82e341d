"""Rules that every module of the package keeps; each test names all offenders at once."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pandas as pd
from house import MODULES, PACKAGE, ROOT, executed, imported, name_of, tree_of

LONGEST_MODULE = 400
LONGEST_FUNCTION = 50
# What a package may import of the others while running; a line says what it builds on, no more.
BASE = {"arrays", "errors", "files", "ids"}
MAY_IMPORT = {
    "inputs": BASE,
    "scenarios": {*BASE, "inputs"},
    "profiles": {*BASE, "inputs", "scenarios"},
    "national": {*BASE, "inputs", "scenarios", "profiles"},
    "network": {*BASE, "inputs", "scenarios"},
    "supply": {*BASE, "inputs"},
    "demand": {*BASE, "inputs", "scenarios", "profiles", "network", "supply"},
    "carriers": {*BASE, "demand"},
    "pipes": {*BASE, "solve", "results"},
    "gas": {*BASE, "inputs", "scenarios", "network", "demand", "carriers", "solve", "pipes"},
    "hydrogen": {*BASE, "inputs", "scenarios", "network", "demand", "carriers", "solve", "pipes", "gas"},
    "screening": {*BASE, "inputs", "scenarios", "profiles", "network", "demand"},
    "acflow": {*BASE, "inputs", "scenarios", "profiles", "network", "screening"},
    "flexibility": {*BASE, "inputs", "scenarios", "profiles", "network", "demand", "screening"},
    "heat": {*BASE, "inputs", "scenarios", "profiles", "network", "demand", "carriers", "solve", "results"},
    "solve": {
        *BASE,
        *("inputs", "scenarios", "profiles", "network", "demand", "screening"),
        *("carriers", "flexibility"),
    },
    "mv_lv": {*BASE, "inputs", "scenarios", "profiles", "network", "demand", "screening"},
    "results": BASE,
    "variants": {
        *BASE,
        *("inputs", "scenarios", "network", "demand", "carriers", "heat", "gas", "hydrogen"),
        *("solve", "results", "mv_lv"),
    },
    "bottlenecks": {*BASE, "network"},
    "projects": {*BASE, "inputs", "bottlenecks"},
    "effects": {*BASE, "inputs", "scenarios", "network", "demand", "screening", "projects"},
    "monitoring": {*BASE, "inputs", "projects"},
    "weighing": {*BASE, "inputs", "projects"},
    "alignment": {*BASE, "inputs", "projects"},
    "operators": {*BASE, "inputs", "results", "bottlenecks"},
    "exchange": {*BASE, "inputs", "results", "bottlenecks"},
    "report": {*BASE, "inputs", "bottlenecks", "projects"},
    "documents": {*BASE, "inputs", "bottlenecks", "projects", "report", "exchange"},
}
FORBIDDEN_CALLS = {
    "eval",
    "exec",
    "pickle.load",
    "pickle.loads",
    "yaml.load",
    "pd.read_pickle",
    "os.system",
    "print",
}
FORBIDDEN_MODULES = {
    "pickle",
    "shelve",
    "dill",
    "requests",
    "urllib.request",
    "http.client",
    "socket",
    "fcntl",
    "pwd",
}


def test_modules_are_short() -> None:
    lengths = {name_of(p): len(p.read_text(encoding="utf-8").splitlines()) for p in MODULES}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_MODULE} == {}


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node


def code_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function without its docstring."""
    first = node.body[0]
    described = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    docstring = first.end_lineno - first.lineno + 1 if described else 0
    return node.end_lineno - node.lineno + 1 - docstring


def test_functions_are_short() -> None:
    lengths = {
        f"{name_of(path)}:{node.lineno} {node.name}": code_lines(node)
        for path in MODULES
        for node in functions(path)
    }
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FUNCTION} == {}


def public(path: Path) -> Iterator[tuple[str, ast.AST]]:
    tree = tree_of(path)
    yield "the module", tree
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
            yield node.name, node
            inner = node.body if isinstance(node, ast.ClassDef) else []
            yield from (
                (f"{node.name}.{member.name}", member)
                for member in inner
                if isinstance(member, ast.FunctionDef) and not member.name.startswith("_")
            )


def test_everything_public_has_a_docstring() -> None:
    missing = [
        f"{name_of(path)} {name}"
        for path in MODULES
        for name, node in public(path)
        if not ast.get_docstring(node)
    ]
    assert missing == []


def test_imports_are_absolute_and_nothing_dangerous_is_imported() -> None:
    wrong = [
        f"{name_of(path)}:{line} {name}"
        for path in MODULES
        for line, name in imported(path)
        if name.startswith(".") or name in FORBIDDEN_MODULES
    ]
    assert wrong == []


def test_nothing_dangerous_is_called() -> None:
    wrong = [
        f"{name_of(path)}:{node.lineno} {ast.unparse(node.func)}"
        for path in MODULES
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in FORBIDDEN_CALLS
    ]
    assert wrong == []


def test_subprocesses_never_use_a_shell() -> None:
    wrong = [
        f"{name_of(path)}:{node.lineno}"
        for path in MODULES
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call) and any(word.arg == "shell" for word in node.keywords)
    ]
    assert wrong == []


def test_text_files_are_opened_with_their_encoding() -> None:
    opening = {"read_text", "write_text"}
    wrong = [
        f"{name_of(path)}:{node.lineno}"
        for path in MODULES
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in opening
        and not any(word.arg == "encoding" for word in node.keywords)
        and "utf-8" not in [a.value for a in node.args if isinstance(a, ast.Constant)]
    ]
    assert wrong == []


def test_data_flows_one_way() -> None:
    wrong = []
    for path in MODULES:
        own = path.relative_to(PACKAGE).parts[0]
        allowed = {own, *MAY_IMPORT.get(own, ("errors",))}  # a module of the base may raise our errors
        if own in {"workflow", "cli.py"}:
            continue
        for line, name in imported(path):
            parts = name.split(".")
            if parts[0] == "model" and len(parts) > 1 and parts[1] not in allowed:
                wrong.append(f"{name_of(path)}:{line} imports {name}")
    assert wrong == []


def rooms(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def test_no_room_imports_one_that_builds_on_it() -> None:
    """Circles between rooms, in what is imported and in what the table allows."""
    found: dict[str, set[str]] = {}
    for path in MODULES:
        names = [name.split(".") for _, name in imported(path)]
        ours = {parts[1] for parts in names if parts[0] == "model" and len(parts) > 1}
        found.setdefault(rooms(path), set()).update(ours - {rooms(path)})
    assert found["demand"] >= {"inputs", "supply"}
    for graph in (found, MAY_IMPORT):
        list(TopologicalSorter(graph).static_order())  # a circle raises an error that names its rooms


def test_every_package_has_its_line_in_the_table_of_imports() -> None:
    packages = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert packages - {"workflow"} == set(MAY_IMPORT)


def test_only_the_workflow_and_the_command_line_know_snakemake() -> None:
    names = [name_of(p) for p in MODULES for _, name in imported(p) if name.split(".")[0] == "snakemake"]
    assert names == []


def place_names() -> set[str]:
    inputs = ROOT / "inputs"
    towns = pd.read_csv(inputs / "regions" / "municipalities.csv")
    stations = pd.read_csv(inputs / "grid" / "stations.csv")
    places = pd.read_csv(inputs / "regions" / "places.csv")
    names = {*towns["name"], *towns["province"], *towns["gm_code"], *stations["name"], *places["place"]}
    return {str(name) for name in names if len(str(name)) > 3}


def test_no_place_is_named_in_the_package() -> None:
    names = sorted(place_names(), key=len, reverse=True)
    assert len(names) > 50
    pattern = re.compile(rf"\b({'|'.join(map(re.escape, names))})\b")
    kinds = {".py", ".yaml", ".html", ".js", ".css"}
    wrong = [
        f"{name_of(path)}:{number} {match.group(1)}"
        for path in sorted(PACKAGE.rglob("*"))
        if path.suffix in kinds
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if (match := pattern.search(line))
    ]
    assert wrong == []


def test_the_snakefile_holds_no_logic() -> None:
    text = (ROOT / "Snakefile").read_text(encoding="utf-8")
    lines = [(n, line.strip()) for n, line in enumerate(text.splitlines(), 1)]
    statements = ("if ", "elif ", "else:", "for ", "while ", "try:", "with ", "def ", "class ")
    directives = ("shell:", "script:", "shadow:", "conda:", "container:", "notebook:")
    wrong = [
        (number, line)
        for number, line in lines
        if line.startswith((*statements, *directives)) or "os.path" in line or "\\" in line
    ]
    assert wrong == []


def test_a_rule_imports_and_calls_one_function() -> None:
    text = (ROOT / "Snakefile").read_text(encoding="utf-8")
    bodies = re.findall(r"^    run:\n((?:        .*\n|\n)+)", text, flags=re.MULTILINE)
    assert len(bodies) == text.count("    run:\n")
    for body in bodies:
        tree = ast.parse("\n".join(line[8:] for line in body.splitlines()))
        kinds = [type(node).__name__ for node in tree.body]
        assert kinds == ["ImportFrom", "Expr"], body
        assert tree.body[0].module.startswith("model.workflow."), body


def test_package_data_is_only_what_the_package_reads() -> None:
    kinds = {path.suffix for path in PACKAGE.rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    assert kinds <= {".py", ".yaml", ".html", ".js", ".css", ".typed", ".svg", ""}
    assert all(executed(tree_of(path)) for path in MODULES)
