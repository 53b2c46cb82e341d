"""Rules that every module of the package keeps; each test names all offenders at once."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
from house import MODULES, PACKAGE, ROOT, executed, imported, name_of, tree_of

# Rooms in the order of the flow: a room imports only from the base, its own wing's earlier rooms and earlier wings.
BASE = ("arrays", "errors", "files", "ids")
WINGS = (
    "inputs",
    "config",
    "timeseries",
    "network",
    "connections",
    "security",
    "results",
    "optimise",
    "decide",
    "publish",
    "workflow",
)
# Rooms inside a wing that build on each other, in order; modules directly in the wing come first.
ROOMS = {
    "connections": ("supply", "demand"),
    "security": ("screening", "acflow", "mv_lv"),
    "results": ("bottlenecks", "account"),
    "optimise": (
        "carriers",
        "national",
        "flexibility",
        "solve",
        "robust",
        "expansion",
        "pipes",
        "heat",
        "gas",
        "hydrogen",
        "assembled",
    ),
    "decide": ("projects", "effects", "monitoring", "weighing", "alignment", "robust"),
    "publish": ("operators", "exchange", "report", "documents"),
}
# What still stands against the order, with the reason; a line goes when its reason goes.
EXCEPTIONS = {
    ("results.variants", "optimise"),  # runs a variant: goes into optimise with the one network
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


def room(dotted: str) -> str:
    """Wing, or wing and room, of a dotted module name; the package itself and its command line are ''."""
    parts = dotted.split(".")[1:]
    if not parts or parts[0] == "cli" or parts[0] not in {*WINGS, *BASE}:
        return ""
    inner = parts[1] if len(parts) > 1 else ""
    own = PACKAGE / parts[0] / inner
    return f"{parts[0]}.{inner}" if inner and own.is_dir() else parts[0]


def later(own: str, other: str) -> bool:
    """Whether ``other`` stands behind ``own`` in the order of the flow."""
    mine, theirs = own.partition("."), other.partition(".")
    if mine[0] != theirs[0]:
        return WINGS.index(theirs[0]) > WINGS.index(mine[0])
    order = ("", *ROOMS.get(mine[0], ()))
    known = mine[2] in order and theirs[2] in order
    return known and order.index(theirs[2]) > order.index(mine[2])


def test_data_flows_one_way() -> None:
    wrong = []
    for path in MODULES:
        own = room(".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts))
        for line, name in imported(path):
            other = room(name) if name.split(".")[0] == "pmiek" else ""
            if not own or not other or other in BASE or own == other:
                continue
            if own in BASE or (later(own, other) and (own, other.partition(".")[0]) not in EXCEPTIONS):
                wrong.append(f"{name_of(path)}:{line} imports {name}")
    assert wrong == []


def test_every_wing_has_its_place_in_the_order() -> None:
    assert {path.parent.name for path in PACKAGE.glob("*/__init__.py")} == set(WINGS)


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


def rules_text() -> str:
    """The Snakefile and the rules that it includes, one after the other."""
    files = [ROOT / "Snakefile", *sorted((ROOT / "rules").glob("*.smk"))]
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


def test_the_snakefile_holds_no_logic() -> None:
    text = rules_text()
    lines = [(n, line.strip()) for n, line in enumerate(text.splitlines(), 1)]
    statements = ("if ", "elif ", "else:", "for ", "while ", "try:", "with ", "def ", "class ")
    directives = ("shell:", "script:", "shadow:", "conda:", "container:", "notebook:")
    wrong = [
        (number, line)
        for number, line in lines
        if line.startswith((*statements, *directives)) or "os.path" in line or "\\" in line
    ]
    assert wrong == []


def test_every_rule_states_its_threads_memory_and_time() -> None:
    blocks = re.split(r"^rule (\w+):", rules_text(), flags=re.MULTILINE)[1:]
    silent = [
        name
        for name, text in zip(blocks[::2], blocks[1::2], strict=True)
        if name != "all" and not all(word in text for word in ("threads:", "mem_mb=", "runtime="))
    ]
    assert silent == []


def test_a_rule_imports_and_calls_one_function() -> None:
    text = rules_text()
    bodies = re.findall(r"^    run:\n((?:        .*\n|\n)+)", text, flags=re.MULTILINE)
    assert len(bodies) == text.count("    run:\n")
    for body in bodies:
        tree = ast.parse("\n".join(line[8:] for line in body.splitlines()))
        kinds = [type(node).__name__ for node in tree.body]
        assert kinds == ["ImportFrom", "Expr"], body
        assert tree.body[0].module.startswith("pmiek.workflow."), body


def test_package_data_is_only_what_the_package_reads() -> None:
    kinds = {path.suffix for path in PACKAGE.rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    assert kinds <= {".py", ".yaml", ".html", ".js", ".css", ".typed", ".svg", ""}
    assert all(executed(tree_of(path)) for path in MODULES)
