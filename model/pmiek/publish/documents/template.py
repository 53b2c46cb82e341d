"""The Word template that the working group edits: which tags it may hold, and in words what is wrong."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2.sandbox import SandboxedEnvironment

from pmiek.errors import InputError, Problem
from pmiek.publish.documents.word import controls, problems_of

REMEDY = "The tags and fields that exist are listed in docs/documents.md."
ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.For, nodes.If,
    nodes.Const, nodes.Not, nodes.And, nodes.Or, nodes.Compare, nodes.Operand,
)  # fmt: skip
"""What a template may do: show, repeat and choose; it may not calculate or call."""


def environment() -> SandboxedEnvironment:
    """Give the environment in which a template is filled: escaped, sealed off, an unknown tag is an error."""
    return SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)


def read_template(
    path: Path, name: str, tags: Mapping[str, Sequence[str]], fields: Sequence[str]
) -> DocxTemplate:
    """Open a template after checking it.

    Parameters
    ----------
    path : Path
        Word file.
    name : str
        How the reader knows it.
    tags : mapping of str to sequence of str
        Tags that may be used, each with the columns of its rows.
    fields : sequence of str
        Hand-written fields that must be there, as content controls.

    Raises
    ------
    InputError
        If the file is missing or unfit, a tag or field is unknown, or a field is missing; all at once.
    """
    if not path.is_file():
        remedy = "Make it again with python -m pmiek.publish.documents.maker."
        raise InputError([Problem(name, None, "", "", "a Word template", remedy)])
    unfit = problems_of(path, name)
    if unfit:
        raise InputError(unfit)
    template = DocxTemplate(path)
    template.init_docx()
    problems = [*_tag_problems(template, name, tags), *_field_problems(template, name, fields)]
    if problems:
        raise InputError(problems)
    return template


def sources(template: DocxTemplate) -> Iterator[str]:
    """Give the text of each part that is filled, with its tags."""
    yield template.patch_xml(template.get_xml())
    for uri in (template.HEADER_URI, template.FOOTER_URI):
        for _, part in template.get_headers_footers(uri):
            yield template.patch_xml(template.get_part_xml(part))
    properties = template.docx.core_properties
    for key in ("author", "category", "comments", "identifier", "keywords", "subject", "title", "version"):
        yield str(getattr(properties, key) or "")


def used_tags(template: DocxTemplate) -> set[str]:
    """Give the names of the tags in a template, rows of lists by their list."""
    found: set[str] = set()
    for text in sources(template):
        tree = environment().parse(text)
        loops = {_loop(node)[0] for node in tree.find_all(nodes.For)}
        found |= {node.name for node in tree.find_all(nodes.Name) if node.name not in loops}
    return found


def _tag_problems(template: DocxTemplate, name: str, tags: Mapping[str, Sequence[str]]) -> Iterator[Problem]:
    for text in sources(template):
        try:
            tree = environment().parse(text)
        except TemplateSyntaxError as error:
            lines = text.splitlines() or [""]
            near = re.sub(r"<[^>]*>", " ", lines[min(error.lineno, len(lines)) - 1])
            found = " ".join(re.findall(r"\{[{%].{0,60}", near)[:2])
            expected = "tags between {{ }}, and {% for %} or {% if %} with its end"
            yield Problem(name, None, "", f"{error.message}: {found}", expected, REMEDY)
            continue
        yield from _tree_problems(tree, name, tags)


def _tree_problems(
    node: Any, name: str, tags: Mapping[str, Sequence[str]], loops: Mapping[str, str] = MappingProxyType({})
) -> Iterator[Problem]:
    """Check a node and those under it; ``loops`` gives the list behind each loop variable in scope."""
    if isinstance(node, nodes.For):
        loops = {**loops, **dict([_loop(node)])}
    for child in node.iter_child_nodes():
        if not isinstance(child, ALLOWED):
            kind = type(child).__name__
            yield Problem(name, None, "", kind, "tags that show, repeat (for) or choose (if)", REMEDY)
            continue
        if isinstance(child, nodes.Name) and child.name not in {*tags, *loops, "loop"}:
            yield _unknown(name, child.name, [*tags, *loops])
        if isinstance(child, nodes.Getattr):
            yield from _column_problem(child, name, tags, loops)
        yield from _tree_problems(child, name, tags, loops)


def _column_problem(
    node: Any, name: str, tags: Mapping[str, Sequence[str]], loops: Mapping[str, str]
) -> Iterator[Problem]:
    holder = node.node.name if isinstance(node.node, nodes.Name) else ""
    columns = tags.get(loops.get(holder, ""), ())
    if holder != "loop" and node.attr not in columns:
        yield _unknown(name, f"{holder}.{node.attr}", [f"{holder}.{column}" for column in columns])


def _loop(node: Any) -> tuple[str, str]:
    """Give the variable of a loop and the list that it runs over; empty when it is something else."""
    target = node.target.name if isinstance(node.target, nodes.Name) else ""
    return target, node.iter.name if isinstance(node.iter, nodes.Name) else ""


def _unknown(name: str, found: str, known: Iterable[str]) -> Problem:
    near = difflib.get_close_matches(found, list(known), n=3, cutoff=0.5)
    expected = f"a known tag, perhaps {' or '.join(near)}" if near else "a known tag"
    return Problem(name, None, found, found, expected, REMEDY)


def _field_problems(template: DocxTemplate, name: str, fields: Sequence[str]) -> Iterator[Problem]:
    found = [field for _, field, _ in controls(template.docx.element)]
    for field in sorted(set(found) - set(fields)):
        yield _unknown(name, f"hand:{field}", [f"hand:{known}" for known in fields])
    for field in fields:
        if field not in found:
            remedy = "Put back the content control, or take the template from the previous version."
            yield Problem(name, None, f"hand:{field}", "", "a content control with this tag", remedy)
