"""The stage that writes the Word documents of a batch, and what the command line says about them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from pmiek.errors import InputError, Problem, report
from pmiek.files import inside
from pmiek.ids import slug
from pmiek.publish.documents.differences import write_differences
from pmiek.publish.documents.document import NAME, write_document
from pmiek.publish.documents.editions import read_edition
from pmiek.publish.documents.fiches import Folders, Outcome, make_fiches
from pmiek.publish.documents.maker import FICHE, make_templates
from pmiek.publish.documents.store import Store
from pmiek.publish.report.material import Material, gather
from pmiek.workflow.manifest import read_record
from pmiek.workflow.plan import KEPT, Plan, load_plan
from pmiek.workflow.support import stage


@stage
def make_documents(plan: Plan, *, tables_dir: str, manifest: str, out: str) -> None:
    """Write the draft programme and the fiches from the public tables; edited fiches are read back first."""
    material = _material(plan, plan.root / tables_dir, plan.root / manifest)
    make_fiches(material, _folders(plan, plan.root / tables_dir, plan.root / out), _today())
    _draft(material, plan.root / plan.folder, plan.root / tables_dir)


def _draft(material: Material, folder: Path, tables: Path) -> tuple[Problem, ...]:
    store = Store(folder, _today())
    write_document(material, store, tables)
    store.close()
    return tuple(store.problems)


def document_text(root: Path, batch: str) -> str:
    """Make the draft programme of a batch; say where.

    Parameters
    ----------
    root : Path
        Project folder.
    batch : str
        A batch that was run.

    Raises
    ------
    InputError
        If the batch has no results, or the document is open in Word.
    """
    plan = load_plan(root, batch)
    results = root / plan.folder
    material = _material(plan, results / "tables", results / "manifest.json")
    problems = _draft(material, results, results / "tables")
    if problems:
        raise InputError(problems)
    return f"{plan.folder}/{NAME}; an edited version is kept in {plan.folder}/bewaard"


def fiches_text(root: Path, batch: str, edited: Path | None = None) -> str:
    """Make the fiches of a batch anew, after reading back what people wrote; say what happened.

    Parameters
    ----------
    root : Path
        Project folder.
    batch : str
        A batch that was run.
    edited : Path, optional
        Another folder with edited fiches, for example as they came back by mail.

    Raises
    ------
    InputError
        If the batch has no results, or the template or a kept text is wrong.
    """
    plan = load_plan(root, batch)
    results = root / plan.folder
    material = _material(plan, results / "tables", results / "manifest.json")
    outcome = make_fiches(material, _folders(plan, results / "tables", results / "fiches"), _today(), edited)
    return _said(outcome, f"{plan.folder}/fiches")


def compare_text(root: Path, old: Path, new: Path, out: Path | None = None) -> str:
    """Write what changed between two editions; say where.

    Parameters
    ----------
    root : Path
        Project folder.
    old, new : Path
        Folders of the editions.
    out : Path, optional
        Folder for the outcome, below ``results/``.

    Raises
    ------
    InputError
        If a folder holds no edition.
    ValueError
        If ``out`` lies elsewhere.
    """
    editions = read_edition(old), read_edition(new)
    default = root / "results" / "vergelijking" / f"{slug(editions[0].name)}--{slug(editions[1].name)}"
    folder = inside(root / "results", out if out is not None else default)
    found = write_differences(*editions, folder)
    shown = folder.relative_to(root.resolve()).as_posix()
    return f"{found.lead}\nSee {shown}/verschillen.html and verschillen.xlsx"


def _today() -> str:
    return datetime.now(tz=UTC).strftime("%Y-%m-%d")


def _folders(plan: Plan, tables: Path, out: Path) -> Folders:
    template = plan.root / "inputs" / "templates" / FICHE
    if not template.is_file():  # another province may start without one
        template = plan.root / plan.folder / "templates" / FICHE
        make_templates(template.parent)
    return Folders(tables, template, plan.root / KEPT, out)


def _material(plan: Plan, tables: Path, manifest: Path) -> Material:
    if not (tables / "candidates.csv").is_file():
        name = f"{plan.folder}/tables/candidates.csv"
        remedy = f"Run pmiek run --batch {plan.name} first."
        raise InputError([Problem(name, None, "", "", "the results of the batch", remedy)])
    made = read_record(manifest) if manifest.is_file() else {}
    return gather(tables, plan.root / "inputs", made, plan.name)


def _said(outcome: Outcome, folder: str) -> str:
    lines = [f"{outcome.written} fiches in {folder}"]
    if outcome.taken:
        lines.append(f"Texts taken over from Word into {KEPT}/: {', '.join(outcome.taken)}")
    if outcome.conflicts:
        lines.append(
            f"Changed in two places, choose in {KEPT}/<project>.yaml: {', '.join(outcome.conflicts)}"
        )
    if outcome.gone:
        lines.append(f"No longer in the list, moved to {folder}/vervallen: {', '.join(outcome.gone)}")
    if outcome.problems:
        lines.append(report(outcome.problems).replace("in the inputs", "with Word files"))
    return "\n".join(lines)
