"""Word files as untrusted input: checked before they are opened, read by field, written in one go."""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from lxml import etree

from pmiek.errors import Problem
from pmiek.files import write_file

MOST_BYTES = 30_000_000
MOST_UNPACKED_BYTES = 150_000_000
MOST_PARTS = 2_000
LONGEST_TEXT = 20_000
"""Characters of one hand-written field; more is not a field but a document."""
FIELD_PREFIX = "hand:"
"""Start of the tag of a content control that people fill in; the rest is the field's name."""
EMPTY = "[nog in te vullen]"
"""What an empty field shows."""
EVEN = "gelijke kolommen"
"""Caption of a table whose columns share the width, for a list of columns whose length is not known."""
BODY = "word/document.xml"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W = f"{{{WORD}}}"
NOT_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML cannot hold."""


@dataclass(frozen=True)
class Field:
    """A hand-written field as found in a Word file.

    Attributes
    ----------
    text : str
        What it says now; empty when it still shows that it must be filled in.
    written : str
        Fingerprint of the text that the model wrote into it; empty when the tag does not tell.
    """

    text: str
    written: str


def plain(value: Any) -> str:
    """Give text without the characters that XML cannot hold and with Unix line ends."""
    text = str(value).replace("\r\n", "\n").replace("\r", "\n").replace("\v", "\n")
    return NOT_XML.sub("", text)


def fingerprint(text: str) -> str:
    """Give a short code for a text, to see later whether someone changed it."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:12]


def problems_of(path: Path, name: str) -> list[Problem]:
    """Say what makes a Word file unfit to be opened; nothing when it is fit.

    Parameters
    ----------
    path : Path
        The file.
    name : str
        How the reader knows it, for the report.
    """

    def problem(value: str, expected: str, remedy: str) -> Problem:
        return Problem(name, None, "", value, expected, remedy)

    if path.stat().st_size > MOST_BYTES:
        return [problem(f"{path.stat().st_size} bytes", "at most 30 MB", "Take large pictures out.")]
    try:
        with zipfile.ZipFile(path) as pack:
            return [problem(*found) for found in _pack_problems(pack)]
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError):
        return [problem("", "a Word file (.docx)", "Open it in Word and save it again as .docx.")]


def _pack_problems(pack: zipfile.ZipFile) -> Iterator[tuple[str, str, str]]:
    parts = pack.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED_BYTES:
        yield f"{len(parts)} parts", "at most 2,000 parts and 150 MB unpacked", "Use a smaller document."
        return
    names = [part.filename for part in parts]
    if BODY not in names:
        yield "", "a Word file with a main text", "Open it in Word and save it again as .docx."
        return
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        yield "macros", "a document without macros", "Save it as .docx, not .docm."
    for name in names:
        if not name.endswith((".xml", ".rels")):
            continue
        try:
            root = _parse(pack.read(name))
        except (etree.XMLSyntaxError, ValueError) as error:
            yield f"{name}: {error}", "XML without entities or a document type", "Save it again in Word."
            continue
        if name.endswith(".rels"):
            yield from _outside(root)


def _outside(root: Any) -> Iterator[tuple[str, str, str]]:
    for relation in root:
        kind = str(relation.get("Type", "")).rpartition("/")[2]
        if relation.get("TargetMode") == "External" and kind != "hyperlink":
            target = str(relation.get("Target", ""))[:80]
            yield (
                f"{kind}: {target}",
                "nothing that is fetched from elsewhere",
                "Put it in the document itself.",
            )


def _parse(content: bytes) -> Any:
    """Parse XML that may be hostile: no entities, no network, no document type.

    Raises
    ------
    ValueError
        If the XML declares a document type.
    XMLSyntaxError
        If it is not well-formed.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    root = etree.fromstring(content, parser)
    if root.getroottree().docinfo.doctype:
        message = "a document type is not allowed"
        raise ValueError(message)
    return root


def read_fields(path: Path) -> dict[str, Field]:
    """Read the hand-written fields of a Word file that :func:`problems_of` found fit.

    Returns
    -------
    dict
        By field name; of a field that occurs more than once the first that was filled in.
    """
    with zipfile.ZipFile(path) as pack:
        root = _parse(pack.read(BODY))
    found: dict[str, Field] = {}
    for control, name, written in controls(root):
        text = _text(control)
        field = Field("" if text == EMPTY else text, written)
        if name not in found or (found[name].text == "" and field.text):
            found[name] = field
    return found


def controls(root: Any) -> list[tuple[Any, str, str]]:
    """Give the content controls that people fill in: element, field name and fingerprint."""
    found = []
    for control in root.iter(f"{W}sdt"):
        tag = control.find(f"{W}sdtPr/{W}tag")
        value = "" if tag is None else str(tag.get(f"{W}val", ""))
        if value.startswith(FIELD_PREFIX):
            name, _, written = value.removeprefix(FIELD_PREFIX).partition("#")
            found.append((control, name.strip(), written))
    return found


def _text(control: Any) -> str:
    content = control.find(f"{W}sdtContent")
    lines: list[str] = []
    paragraphs = [] if content is None else list(content.iter(f"{W}p")) or [content]
    for paragraph in paragraphs:
        line = ""
        for part in paragraph.iter(f"{W}t", f"{W}br", f"{W}cr", f"{W}tab"):
            if any(above.tag == f"{W}del" for above in part.iterancestors()):
                continue
            line += (part.text or "") if part.tag == f"{W}t" else "\t" if part.tag == f"{W}tab" else "\n"
        lines.append(line)
    text = plain("\n".join(lines)).replace("\N{NO-BREAK SPACE}", " ")
    return "\n".join(line.rstrip() for line in text.split("\n")).strip()[:LONGEST_TEXT]


def fill(root: Any, texts: Mapping[str, str]) -> None:
    """Put texts into the content controls below an element; an empty text shows :data:`EMPTY`.

    The tag of each control gets the fingerprint of what was written, and the control is marked as showing a
    prompt while it is empty, so that Word replaces the prompt at the first key.
    """
    for control, name, _ in controls(root):
        text = plain(texts.get(name, ""))
        properties = control.find(f"{W}sdtPr")
        properties.find(f"{W}tag").set(f"{W}val", f"{FIELD_PREFIX}{name}#{fingerprint(text)}")
        for old in properties.findall(f"{W}showingPlcHdr"):
            properties.remove(old)
        if not text:
            kinds = [properties.find(f"{W}{kind}") for kind in ("text", "richText")]
            place = next((kind for kind in kinds if kind is not None), None)
            mark = etree.Element(f"{W}showingPlcHdr")
            properties.append(mark) if place is None else place.addprevious(mark)
        _write(control.find(f"{W}sdtContent"), text or EMPTY)


def _write(content: Any, text: str) -> None:
    """Replace what a control shows: the first run keeps its looks, a line becomes a line break."""
    run = next(content.iter(f"{W}r"), None)
    if run is None:
        holder = next(content.iter(f"{W}p"), content)
        run = etree.SubElement(holder, f"{W}r")
    parent = run.getparent()
    keep = {run, *run.iterancestors()}
    for other in [e for e in content.iter(f"{W}r", f"{W}p", f"{W}ins", f"{W}del") if e not in keep]:
        if other.getparent() is not None:
            other.getparent().remove(other)
    for child in [child for child in run if child.tag != f"{W}rPr"]:
        run.remove(child)
    if parent.tag == f"{W}del":
        parent.tag = f"{W}ins"
    for number, line in enumerate(text.split("\n")):
        if number:
            etree.SubElement(run, f"{W}br")
        part = etree.SubElement(run, f"{W}t")
        part.text = line
        part.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


def save(document: Any, path: Path) -> str:
    """Write a document of python-docx atomically, the same bytes for the same content.

    Returns
    -------
    str
        SHA-256 of the file.
    """
    raw = BytesIO()
    document.save(raw)
    out = BytesIO()
    with zipfile.ZipFile(raw) as made, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as pack:
        for part in made.infolist():
            same = zipfile.ZipInfo(part.filename, date_time=(1980, 1, 1, 0, 0, 0))
            same.compress_type = zipfile.ZIP_DEFLATED
            pack.writestr(same, made.read(part.filename))
    content = out.getvalue()
    write_file(path, lambda temporary: _bytes(temporary, content))
    return hashlib.sha256(content).hexdigest()


def _bytes(path: Path, content: bytes) -> None:
    path.write_bytes(content)
