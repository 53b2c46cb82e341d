"""Word files in the result folder: read back before they are replaced, kept when people changed them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection
from pathlib import Path

from pmiek.errors import Problem
from pmiek.files import write_json
from pmiek.publish.documents.hand import Kept, merge
from pmiek.publish.documents.word import problems_of, read_fields

WRITTEN = "written.json"
"""Which bytes the model wrote last, by file; anything else was changed by people."""
KEEP = "bewaard"
"""Folder for Word files that people changed, before they are written anew."""
GONE = "vervallen"
"""Folder for fiches of projects that are no longer in the list."""


class Store:
    """A folder of Word files that people edit and the model writes.

    Parameters
    ----------
    folder : Path
        Where the files are.
    today : str
        Date for texts that are replaced.
    """

    def __init__(self, folder: Path, today: str) -> None:
        self.folder, self.today = folder, today
        self.problems: list[Problem] = []
        path = folder / WRITTEN
        try:
            loaded = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
        except ValueError:
            loaded = {}
        self._written = {str(k): str(v) for k, v in loaded.items()} if isinstance(loaded, dict) else {}

    def touched(self, name: str) -> bool:
        """Tell whether a file is there and is not as the model wrote it."""
        path = self.folder / name
        if not path.is_file():
            return False
        return hashlib.sha256(path.read_bytes()).hexdigest() != self._written.get(name)

    def take_over(self, name: str, kept: Kept) -> Kept:
        """Give the kept texts with what people changed in a file; an unreadable file changes nothing."""
        return self.take_from(self.folder / name, name, kept) if self.touched(name) else kept

    def take_from(self, path: Path, name: str, kept: Kept) -> Kept:
        """Give the kept texts with what people changed in a file that lies anywhere."""
        unfit = problems_of(path, name)
        self.problems += unfit
        return kept if unfit else merge(kept, read_fields(path), name, self.today)

    def write(self, name: str, save: Callable[[Path], str]) -> None:
        """Write a file with ``save``, which returns its SHA-256.

        A version that people changed is put aside first. A file that is open elsewhere stays as it is and
        becomes a problem.
        """
        path = self.folder / name
        try:
            if self.touched(name):
                content = path.read_bytes()
                aside = (
                    self.folder / KEEP / f"{path.stem}-{hashlib.sha256(content).hexdigest()[:8]}{path.suffix}"
                )
                aside.parent.mkdir(parents=True, exist_ok=True)
                if not aside.is_file():
                    aside.write_bytes(content)
            self._written[name] = save(path)
        except PermissionError:
            remedy = "Close it in Word and run pmiek fiches again; what you wrote is safe."
            self.problems.append(Problem(name, None, "", "", "a file that may be replaced", remedy))

    def put_away(self, current: Collection[str]) -> list[str]:
        """Move Word files that are not among the current ones to the folder for dropped projects."""
        moved = []
        for path in sorted(self.folder.glob("*.docx")):
            if path.name in current or path.name.startswith("~$"):
                continue
            target = self.folder / GONE / path.name
            target.parent.mkdir(parents=True, exist_ok=True)
            path.replace(target)
            self._written.pop(path.name, None)
            moved.append(path.name)
        return moved

    def close(self) -> None:
        """Remember what was written."""
        write_json(self._written, self.folder / WRITTEN)
