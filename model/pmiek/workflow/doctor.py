"""Whether this machine can run the model and its tests: one line per thing that is needed, with its remedy."""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Any, Final, Literal

import highspy
import psutil
from packaging.requirements import Requirement

Verdict = Literal["ok", "note", "wrong"]

#: Disk for batch ``volledig``: ``snel`` leaves 50 MB for two runs of two years, so 24 runs of four years, rounded up.
DISK_GB: Final = 2.0
#: Memory of one step of the heaviest run, rounded up (measured: 2.06 GB).
STEP_GB: Final = 2.5
BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge", "firefox")
OFFICES: Final = ("soffice", "libreoffice")

WORDS: Final = {
    "nl": {"ok": "goed", "note": "let op", "wrong": "fout"},
    "en": {"ok": "ok", "note": "note", "wrong": "wrong"},
}


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Attributes
    ----------
    subject : str
        What was looked at, in the reader's language.
    verdict : {"ok", "note", "wrong"}
        ``wrong`` stops the model; ``note`` stops only what the text names.
    text : str
        What was seen.
    remedy : str
        What the reader can do; empty if all is well.
    """

    subject: str
    verdict: Verdict
    text: str
    remedy: str = ""


@dataclass(frozen=True)
class Report:
    """What was found on this machine.

    Attributes
    ----------
    findings : tuple of Finding
        In the order in which a newcomer would mend them.
    lang : {"nl", "en"}
        Language of the texts.
    """

    findings: tuple[Finding, ...]
    lang: str

    @property
    def healthy(self) -> bool:
        """Say whether nothing is missing that the model cannot do without."""
        return all(finding.verdict != "wrong" for finding in self.findings)

    def text(self) -> str:
        """Give one line per finding, with its remedy below it."""
        return "\n".join(_line(finding, WORDS[self.lang]) for finding in self.findings)

    def json(self) -> str:
        """Give the findings as a JSON list, for machines."""
        return json.dumps([asdict(finding) for finding in self.findings], ensure_ascii=False, indent=2)


def examine(root: Path, lang: str = "nl") -> Report:
    """Look at interpreter, libraries, solver, browser, office, memory, disk and the right to write.

    Parameters
    ----------
    root : Path
        Project folder, where results are written.
    lang : {"nl", "en"}
        Language of the report.
    """
    looks: tuple[Callable[[str], Finding], ...] = (_python, _libraries, _solver, _browser, _office, _memory)
    return Report((*(look(lang) for look in looks), _disk(root, lang), _writable(root, lang)), lang)


def _line(finding: Finding, words: dict[str, str]) -> str:
    remedy = f"\n           {finding.remedy}" if finding.remedy else ""
    return f"{words[finding.verdict]:>8}  {finding.subject}: {finding.text}{remedy}"


def _say(lang: str, dutch: str, english: str) -> str:
    return dutch if lang == "nl" else english


def _python(_lang: str) -> Finding:
    """Say which Python runs: an older one than the package asks for cannot install it."""
    text = f"{sys.version_info.major}.{sys.version_info.minor}.{sys.version_info.micro}"
    return Finding("Python", "ok", text)


def _libraries(lang: str) -> Finding:
    subject = _say(lang, "bibliotheken", "libraries")
    wrong = []
    asked = [Requirement(text) for text in requires("pmiek") or []]
    needed = [r for r in asked if r.marker is None or r.marker.evaluate({"extra": ""})]
    for requirement in needed:
        try:
            there = version(requirement.name)
        except PackageNotFoundError:
            wrong.append(f"{requirement.name} -")
            continue
        if not requirement.specifier.contains(there, prereleases=True):
            wrong.append(f"{requirement.name} {there} ({requirement.specifier})")
    if not wrong:
        return Finding(subject, "ok", _say(lang, f"{len(needed)} nagekeken", f"{len(needed)} looked at"))
    remedy = _say(
        lang,
        "Installeer opnieuw: uv sync of pip install pmiek.",
        "Install again: uv sync, or pip install pmiek.",
    )
    return Finding(subject, "wrong", "; ".join(wrong), remedy)


def _solver(lang: str) -> Finding:
    """Solve a problem that is known by hand, by simplex and by HiPO: minimise x + y, x + 2 y >= 4, gives 2."""
    subject = _say(lang, "oplosser HiGHS", "solver HiGHS")
    outcome = []
    for method in ("simplex", "hipo"):
        solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        solver.setOptionValue("output_flag", False)
        if solver.setOptionValue("solver", method) != highspy.HighsStatus.kOk:
            outcome.append(f"{method} -")
            continue
        x, y = solver.addVariable(lb=0.0), solver.addVariable(lb=0.0)
        solver.addConstr(x + 2 * y >= 4)
        solver.minimize(x + y)
        optimal = solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
        value = solver.getObjectiveValue()
        outcome.append(f"{method} {'optimal' if optimal and abs(value - 2.0) < 1e-6 else value}")
    text = f"{version('highspy')}, {', '.join(outcome)}"
    if all(part.endswith("optimal") for part in outcome):
        return Finding(subject, "ok", text)
    remedy = _say(
        lang,
        "Installeer highspy[extras] in de vastgelegde versie.",
        "Install highspy[extras] in the locked version.",
    )
    return Finding(subject, "wrong", text, remedy)


def _browser(lang: str) -> Finding:
    there = next((name for name in BROWSERS if shutil.which(name)), None)
    if there is not None or sys.platform == "win32":  # Windows always has Edge, though seldom on the path
        return Finding("browser", "ok", there or "Edge")
    return Finding(
        "browser",
        "note",
        _say(lang, "niet gevonden", "not there"),
        _say(
            lang,
            "De site opent in elke browser; de browsertests vragen Chromium (apt-get install chromium).",
            "The site opens in any browser; the browser tests need Chromium (apt-get install chromium).",
        ),
    )


def _office(lang: str) -> Finding:
    there = next((name for name in OFFICES if shutil.which(name)), None)
    if there is not None:
        return Finding("LibreOffice", "ok", there)
    return Finding(
        "LibreOffice",
        "note",
        _say(lang, "niet gevonden", "not there"),
        _say(
            lang,
            "Alleen de tests van werkboeken vragen het (apt-get install libreoffice-calc).",
            "Only the tests of workbooks need it (apt-get install libreoffice-calc).",
        ),
    )


def _memory(lang: str) -> Finding:
    subject = _say(lang, "geheugen", "memory")
    free = psutil.virtual_memory().available / 1e9
    steps = int(free // STEP_GB)
    text = _say(
        lang,
        f"{free:.1f} GB vrij, genoeg voor {steps} stappen tegelijk (--jobs)",
        f"{free:.1f} GB free, enough for {steps} steps at a time (--jobs)",
    )
    if steps >= 1:
        return Finding(subject, "ok", text)
    remedy = _say(
        lang,
        f"Een zware stap vraagt {STEP_GB} GB: sluit andere programma's.",
        f"A heavy step needs {STEP_GB} GB.",
    )
    return Finding(subject, "note", text, remedy)


def _disk(root: Path, lang: str) -> Finding:
    subject = _say(lang, "schijf", "disk")
    free = shutil.disk_usage(root).free / 1e9
    text = _say(lang, f"{free:.0f} GB vrij", f"{free:.0f} GB free")
    if free >= DISK_GB:
        return Finding(subject, "ok", text)
    remedy = _say(
        lang, f"Een volledige batch vraagt {DISK_GB} GB.", f"A full batch needs {DISK_GB} GB; make space."
    )
    return Finding(subject, "note", text, remedy)


def _writable(root: Path, lang: str) -> Finding:
    subject = _say(lang, "schrijven", "writing")
    try:
        (root / "results").mkdir(exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=root / "results", prefix=".doctor."):
            pass
    except OSError as error:
        remedy = _say(
            lang, "Zet het project in een map waarin u mag schrijven.", "Put the project where you may write."
        )
        return Finding(subject, "wrong", f"results/: {error.strerror or error}", remedy)
    return Finding(subject, "ok", "results/")


def language_of_user() -> str:
    """Give ``nl`` unless the environment clearly asks for another language than Dutch.

    ``PMIEK_LANG`` goes before the settings of the system; the working group reads Dutch, so that is the default.
    """
    for name in ("PMIEK_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "").lower()
        if value and not value.startswith(("c", "posix")):
            return "nl" if value.startswith("nl") else "en"
    return "nl"
