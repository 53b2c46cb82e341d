"""Write the bill of materials of the lock file (CycloneDX 1.5, JSON), with the hashes that are installed.

Run from the project folder: ``python tools/bill_of_materials.py [requirements.lock] [bom.json]``. Nothing is
looked up: what stands in the lock is what is listed.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

NAMED = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;\\]+)\s*(?:;\s*([^\\]+?))?\s*\\?$")
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def components(text: str) -> list[dict[str, Any]]:
    """Take packages, versions, markers and hashes out of the text of a lock file."""
    found: list[dict[str, Any]] = []
    for line in text.splitlines():
        if match := NAMED.match(line.strip()):
            name, version, marker = match[1].lower().replace("_", "-"), match[2], match[3]
            package: dict[str, Any] = {
                "type": "library",
                "bom-ref": f"pkg:pypi/{name}@{version}",
                "name": name,
                "version": version,
                "purl": f"pkg:pypi/{name}@{version}",
                "hashes": [],
            }
            if marker:
                package["properties"] = [{"name": "python:marker", "value": marker}]
            found.append(package)
        if found:
            found[-1]["hashes"] += [{"alg": "SHA-256", "content": digest} for digest in HASH.findall(line)]
    return found


def bill(lock: Path, version: str) -> dict[str, Any]:
    """Make the bill of materials; the same lock gives the same bytes."""
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "pmiek", "version": version}},
        "components": components(lock.read_text(encoding="utf-8")),
    }


def main(lock: Path = Path("requirements.lock"), out: Path = Path("bom.json")) -> None:
    """Write the bill beside the lock file."""
    project = Path("pyproject.toml").read_text(encoding="utf-8")
    version = re.search(r'^version = "([^"]+)"', project, re.MULTILINE)
    found = bill(lock, version[1] if version else "0")
    out.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    sys.stdout.write(f"{len(found['components'])} packages in {out}\n")


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:3]))
