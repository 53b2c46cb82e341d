"""What people wrote in the fiches: kept in a plain file per project, merged with what Word says now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from pmiek.errors import InputError, Problem
from pmiek.files import write_text
from pmiek.inputs.guards import check_yaml
from pmiek.publish.documents.word import LONGEST_TEXT, Field, fingerprint, plain

HEADER = (
    "# Door mensen ingevulde velden van een projectfiche, bijgewerkt uit het Word-bestand.\n"
    "# Met de hand wijzigen mag ook; leg dit bestand vast in het versiebeheer. Zie docs/documents.md.\n"
)
MOST_BYTES = 2_000_000


@dataclass(frozen=True)
class Kept:
    """Hand-written texts of one fiche.

    Attributes
    ----------
    fields : dict
        Text by field name; empty fields are left out.
    earlier : tuple of dict
        Texts that were replaced or cleared: ``field``, ``text`` and ``until`` (date).
    conflicts : tuple of dict
        Texts that someone wrote while the kept text was changed elsewhere: ``field``, ``text``, ``file``,
        ``found`` (date). People choose by editing the field and deleting the entry.
    """

    fields: dict[str, str] = field(default_factory=dict)
    earlier: tuple[dict[str, str], ...] = ()
    conflicts: tuple[dict[str, str], ...] = ()


def read_kept(path: Path, allowed: Sequence[str]) -> Kept:
    """Read the kept texts of a fiche; nothing when there is no file.

    Parameters
    ----------
    path : Path
        File ``fiches/<project_id>.yaml``.
    allowed : sequence of str
        Names of the fields that exist.

    Raises
    ------
    InputError
        If the file is not what :func:`write_kept` writes; every problem at once.
    """
    if not path.is_file():
        return Kept()
    name = f"{path.parent.name}/{path.name}"
    if path.stat().st_size > MOST_BYTES:
        raise InputError([Problem(name, None, "", "", "at most 2 MB", "Take out what does not belong here.")])
    try:
        text = path.read_text(encoding="utf-8-sig")
        hostile = check_yaml(text, name)
        if hostile:
            raise InputError(hostile)
        raw = yaml.safe_load(text) or {}
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        found = str(error).split("\n", maxsplit=1)[0]
        raise InputError(
            [Problem(name, None, "", found, "YAML", "Mend the indentation or quotes.")]
        ) from None
    problems = _problems(raw, name, allowed)
    if problems:
        raise InputError(problems)
    return Kept(
        {key: plain(text).strip() for key, text in (raw.get("fields") or {}).items() if str(text).strip()},
        tuple(dict(entry) for entry in raw.get("earlier") or []),
        tuple(dict(entry) for entry in raw.get("conflicts") or []),
    )


def _problems(raw: Any, name: str, allowed: Sequence[str]) -> list[Problem]:
    if not isinstance(raw, Mapping) or not isinstance(raw.get("fields") or {}, Mapping):
        return [Problem(name, None, "fields", "", "a mapping of field to text", "See docs/documents.md.")]
    out = []
    known = ", ".join(allowed)
    for key, text in (raw.get("fields") or {}).items():
        if key not in allowed:
            out.append(Problem(name, None, str(key), str(key), f"one of {known}", "Mend the name."))
        elif not isinstance(text, str) or len(text) > LONGEST_TEXT:
            out.append(
                Problem(
                    name, None, str(key), str(text)[:40], "text of at most 20,000 characters", "Quote it."
                )
            )
    for group in ("earlier", "conflicts"):
        entries = raw.get(group) or []
        plainly = isinstance(entries, list) and all(
            isinstance(e, Mapping) and all(isinstance(v, str) for v in e.values()) for e in entries
        )
        if not plainly:
            out.append(
                Problem(name, None, group, "", "a list of entries with text", "See docs/documents.md.")
            )
    out += [
        Problem(name, None, str(key), str(key), "project_id, fields, earlier or conflicts", "Mend the name.")
        for key in raw
        if key not in ("project_id", "fields", "earlier", "conflicts")
    ]
    return out


def merge(kept: Kept, found: Mapping[str, Field], file: str, today: str) -> Kept:
    """Take over what people changed in a Word file, without losing anything.

    Parameters
    ----------
    kept : Kept
        Texts as they are kept.
    found : mapping of str to Field
        Fields of the Word file; a field that is not in it keeps its text.
    file : str
        Name of the Word file, for the conflicts.
    today : str
        Date for what is replaced.

    Returns
    -------
    Kept
        Per field: unchanged in Word, the kept text; changed in Word only, the text of Word, with the older
        one among ``earlier``; changed on both sides, the kept text, with that of Word among ``conflicts``.
    """
    fields, earlier, conflicts = dict(kept.fields), list(kept.earlier), list(kept.conflicts)
    for name, now in found.items():
        mine = fields.get(name, "")
        untouched = now.written == fingerprint(now.text)
        if now.text == mine or untouched:
            continue
        if not mine or now.written == fingerprint(mine):
            if mine:
                earlier.append({"field": name, "text": mine, "until": today})
            fields[name] = now.text
        elif now.text and not any(c.get("field") == name and c.get("text") == now.text for c in conflicts):
            conflicts.append({"field": name, "text": now.text, "file": file, "found": today})
    return Kept({k: v for k, v in fields.items() if v}, tuple(earlier), tuple(conflicts))


def write_kept(path: Path, project_id: str, kept: Kept) -> bool:
    """Write the kept texts when they differ from the file; say whether anything was written."""
    if kept == Kept() and not path.is_file():
        return False
    value: dict[str, Any] = {"project_id": project_id, "fields": kept.fields}
    if kept.earlier:
        value["earlier"] = list(kept.earlier)
    if kept.conflicts:
        value["conflicts"] = list(kept.conflicts)
    text = HEADER + yaml.dump(value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100)
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return False
    write_text(text, path)
    return True


class _Dumper(yaml.SafeDumper):
    """Writes text of more than one line as a block, so that people and version control can read it."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - signature of the library
        return True


def _represent(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _represent)
