"""What the tests do with Word files: read them as a reader does, and write in them as a person does."""

from __future__ import annotations

import re
import shutil
import zipfile
from pathlib import Path

from docx import Document
from pmiek.publish.documents.word import W, controls


def text_of(path: Path) -> str:
    """All text of a Word file, tables included."""
    return "\n".join(
        "".join(t.text or "" for t in p.iter(f"{W}t")) for p in Document(path).element.iter(f"{W}p")
    )


def write_in(path: Path, **texts: str) -> None:
    """Fill in fields as Word saves them: the tag stays, the runs are split, a new line is a break."""
    document = Document(path)
    for control, name, _ in controls(document.element):
        if name in texts:
            run = next(control.iter(f"{W}r"))
            parts = texts[name].split("\n")
            run.find(f"{W}t").text = parts[0]
            for part in parts[1:]:
                run.append(run.makeelement(f"{W}br"))
                more = run.makeelement(f"{W}t")
                more.text = part
                run.append(more)
    document.save(path)


def rewrite(path: Path, target: Path, old: str, new: str, part: str = "word/document.xml") -> Path:
    """Copy a Word file with a change in the XML of one part."""
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w") as pack:
        for entry in source.infolist():
            content = source.read(entry.filename)
            if entry.filename == part:
                text = content.decode("utf-8")
                assert old in text
                content = text.replace(old, new).encode("utf-8")
            pack.writestr(entry.filename, content)
    return target


def add_part(path: Path, target: Path, name: str, content: bytes) -> Path:
    """Copy a Word file with one more part."""
    shutil.copy(path, target)
    with zipfile.ZipFile(target, "a") as pack:
        pack.writestr(name, content)
    return target


def numbers_in(text: str) -> list[str]:
    return re.findall(r"\d[\d.,]*", text)
