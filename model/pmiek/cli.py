"""The command line: reads arguments, calls one function, prints what it returns."""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from typing import Annotated

import typer

from pmiek.errors import InputError, PmiekError
from pmiek.workflow.interruptions import words as interruption
from pmiek.workflow.runner import looks_only, project_root, run_workflow

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="From energy demand to a list of infrastructure projects: run the model, check it, look inside.",
)
scenarios_app = typer.Typer(no_args_is_help=True, help="Look at storylines, variants and batches.")
app.add_typer(scenarios_app, name="scenarios")
weather_app = typer.Typer(no_args_is_help=True, help="Add measured weather years.")
app.add_typer(weather_app, name="weather")
import_app = typer.Typer(no_args_is_help=True, help="Take over what others publish.")
app.add_typer(import_app, name="import")

OperatorOption = Annotated[
    Path | None,
    typer.Option("--operator-dir", help="Folder with grid operators' own files, instead of operator/."),
]
BatchOption = Annotated[str, typer.Option("--batch", help="A file in scenarios/batches, without .yaml.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Progress for machines: one JSON object a line.")]
JobsOption = Annotated[int, typer.Option("--jobs", min=1, help="Steps at the same time.")]


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def run(
    context: typer.Context,
    batch: BatchOption = "standaard",
    jobs: JobsOption = 2,
    operator_dir: OperatorOption = None,
    json: JsonOption = False,
) -> None:
    """Run a batch, or go on with it; unknown options go to Snakemake (for example --dry-run)."""
    from pmiek.inputs.operator_files import use_folder
    from pmiek.workflow.preflight import preflight

    use_folder(operator_dir)
    root = project_root()
    extra = tuple(context.args)
    preflight(root, batch)
    site = f"results/{batch}/site/index.html"
    if json:
        run_workflow(root, batch, jobs, extra, as_json=True)
        typer.echo(f'{{"event": "done", "batch": "{batch}", "site": "{site}"}}')
        return
    typer.echo(f"pmiek: batch {batch} in results/{batch} with {jobs} steps at a time")
    run_workflow(root, batch, jobs, extra)
    done = f"Done. Open {site}" if (root / site).is_file() else "Done."
    typer.echo("Nothing was made." if looks_only(extra) else done)


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def resume(
    context: typer.Context,
    batch: BatchOption = "standaard",
    jobs: JobsOption = 2,
    operator_dir: OperatorOption = None,
    json: JsonOption = False,
) -> None:
    """Go on with an interrupted batch (the same as run)."""
    run(context, batch, jobs, operator_dir, json)


@app.command()
def check(
    disclosure: Annotated[
        bool,
        typer.Option("--disclosure", help="Search the public files of a batch for confidential figures."),
    ] = False,
    batch: BatchOption = "standaard",
    operator_dir: OperatorOption = None,
) -> None:
    """Validate all inputs and scenarios; every problem at once."""
    from pmiek.inputs.operator_files import use_folder
    from pmiek.workflow.unchanged import fingerprint, remember, remembered

    use_folder(operator_dir)
    root = project_root()
    if disclosure:
        from pmiek.workflow.operators import disclosure_text

        typer.echo(disclosure_text(root, batch))
        return
    contents = fingerprint(root)
    if told := remembered(root, contents):
        typer.echo(f"{told} Nothing changed since.")
        return
    from pmiek.workflow.preflight import check_all

    told = check_all(root)
    remember(root, contents, told)
    typer.echo(told)


@app.command()
def doctor(
    lang: Annotated[
        str, typer.Option("--lang", help="nl or en; default PMIEK_LANG or the language of the system.")
    ] = "",
    json: Annotated[bool, typer.Option("--json", help="Findings for machines.")] = False,
) -> None:
    """Look whether this machine has what the model and its tests need, with the remedy for what is missing."""
    from pmiek.workflow.doctor import examine, language_of_user

    report = examine(project_root(), lang if lang in {"nl", "en"} else language_of_user())
    typer.echo(report.json() if json else report.text())
    if not report.healthy:
        raise typer.Exit(1)


@app.command()
def verify(batch: BatchOption = "standaard") -> None:
    """Compare the tables of a batch with its manifest: tell whether they are still what was made."""
    from pmiek.workflow.verify import verify_text

    typer.echo(verify_text(project_root(), batch))


@app.command()
def reproduce(
    manifest: Annotated[Path, typer.Argument(help="manifest.json of an earlier result.")],
    jobs: JobsOption = 2,
) -> None:
    """Make a result again in a folder of its own and compare every table byte for byte."""
    from pmiek.workflow.verify import reproduce_text

    typer.echo(reproduce_text(project_root(), manifest, jobs))


@app.command()
def accept(
    role: Annotated[str, typer.Option("--role", help="Role of who accepts, never a name.")],
    reason: Annotated[str, typer.Option("--reason", help="What changed, and why it is right.")],
) -> None:
    """Accept the inputs as they stand as the edition that later changes are compared with."""
    from pmiek.workflow.preflight import accept_text

    typer.echo(accept_text(project_root(), role, reason))


@weather_app.command("import")
def weather_import(
    file: Annotated[Path, typer.Argument(help="Hourly text file of the weather institute, as downloaded.")],
    name: Annotated[
        str, typer.Option("--name", help="Folder of the station; default the name in the file.")
    ] = "",
    source: Annotated[str, typer.Option("--source", help="Row of inputs/sources.csv.")] = "knmi",
    lat: Annotated[
        float | None, typer.Option("--lat", help="Latitude, if the file does not tell it.")
    ] = None,
    lon: Annotated[
        float | None, typer.Option("--lon", help="Longitude, if the file does not tell it.")
    ] = None,
) -> None:
    """Add the complete years of a downloaded file to the weather years."""
    from pmiek.inputs.weather_import import import_weather

    typer.echo(import_weather(file, project_root() / "inputs", name, source, lat, lon))


@app.command("new-province")
def new_province(
    folder: Annotated[Path, typer.Argument(help="Folder that does not exist yet.")],
    example: Annotated[
        bool, typer.Option("--example", help="With the tables of the example province.")
    ] = False,
) -> None:
    """Write the folder of another province: what holds for the country is filled in, the rest documented."""
    from pmiek.workflow.new_province import new_province_text

    typer.echo(new_province_text(folder, example=example))


@app.command()
def export(
    to: Annotated[str, typer.Argument(help="esdl, iamc or capacity-map.")],
    batch: BatchOption = "standaard",
) -> None:
    """Write a batch, or the published capacities, in the format of another tool, below results/BATCH/exports."""
    from pmiek.workflow.exports import export_text

    typer.echo(export_text(project_root(), to, batch))


@app.command()
def template(
    operator: Annotated[str, typer.Argument(help="Grid operator, municipality, or cluster6.")],
    batch: BatchOption = "standaard",
    csv: Annotated[bool, typer.Option("--csv", help="CSV files instead of a workbook.")] = False,
) -> None:
    """Write the fill-in template of a party, with the data requests of a batch."""
    from pmiek.workflow.operators import template_text

    typer.echo(template_text(project_root(), operator, batch, csv=csv))


@app.command()
def submit(
    file: Annotated[Path, typer.Argument(help="A filled template, XLSX or CSV.")],
    operator: Annotated[str, typer.Option("--operator", help="Name, if the file does not tell it.")] = "",
    operator_dir: OperatorOption = None,
) -> None:
    """Check a filled template, all problems at once, and store it where it is not published."""
    from pmiek.inputs.operator_files import use_folder
    from pmiek.workflow.operators import submit_text

    use_folder(operator_dir)
    typer.echo(submit_text(project_root(), file, operator))


@app.command()
def inbox(
    folder: Annotated[Path, typer.Argument(help="Shared folder, with one folder per sender.")],
    operator_dir: OperatorOption = None,
) -> None:
    """Take in the new files of a shared folder and put a receipt beside each; the files stay as they are."""
    from pmiek.inputs.operator_files import use_folder
    from pmiek.workflow.operators import inbox_text

    use_folder(operator_dir)
    typer.echo(inbox_text(project_root(), folder))


@app.command()
def network(
    cluster: Annotated[str, typer.Option("--cluster", help="Energy cluster, for example C.")] = "",
    year: Annotated[int, typer.Option("--year", help="Year of the grid.")] = 2025,
    state: Annotated[str, typer.Option("--state", help="frozen or nulalternatief.")] = "frozen",
    out: Annotated[Path | None, typer.Option("--out", help="Folder below results/ for the export.")] = None,
) -> None:
    """Show and export the grid, whole or one energy cluster's part."""
    from pmiek.workflow.inspection import network_text

    typer.echo(network_text(project_root(), cluster=cluster, year=year, state=state, out=out))


@app.command()
def weigh(
    batch: BatchOption = "standaard",
    previous: Annotated[bool, typer.Option("--previous", help="Only the previous list.")] = False,
    weight: Annotated[list[str] | None, typer.Option("--weight", help="criterion=number.")] = None,
    framework: Annotated[Path | None, typer.Option("--framework", help="Another framework file.")] = None,
) -> None:
    """Practise: rank the list of a batch with other weights; nothing of the batch changes."""
    from pmiek.workflow.practice import weigh_text

    typer.echo(
        weigh_text(project_root(), batch, previous=previous, weights=weight or [], framework=framework)
    )


@app.command()
def status(
    file: Annotated[Path | None, typer.Argument(help="A filled form; none writes it.")] = None,
    batch: BatchOption = "standaard",
    quarter: Annotated[str, typer.Option("--quarter", help="Quarter to ask, for example 2026-Q4.")] = "",
) -> None:
    """Write the quarterly status form, or add a filled one to the history."""
    from pmiek.workflow.practice import status_text

    typer.echo(status_text(project_root(), batch, file, quarter))


@app.command()
def explain(
    project_id: Annotated[str, typer.Argument(help="Candidate project.")] = "",
    input_id: Annotated[str, typer.Option("--input", help="Or an assumption, asset, plan or demand.")] = "",
    batch: BatchOption = "standaard",
    lang: Annotated[str, typer.Option("--lang", help="nl or en.")] = "nl",
) -> None:
    """Print the chain from a project to its input rows, or from an input to the projects that it moves."""
    from pmiek.workflow.inspection import explain_text

    typer.echo(explain_text(project_root(), batch, project_id, lang, input_id))


@app.command()
def fiches(
    batch: BatchOption = "standaard",
    edited: Annotated[
        Path | None, typer.Option("--from", help="Another folder with fiches that people edited.")
    ] = None,
) -> None:
    """Read back what people wrote in the Word fiches, keep it, and make every fiche anew."""
    from pmiek.workflow.documents import fiches_text

    typer.echo(fiches_text(project_root(), batch, edited))


@app.command()
def document(batch: BatchOption = "standaard") -> None:
    """Make the draft programme (concept-pMIEK) in Word from the results of a batch."""
    from pmiek.workflow.documents import document_text

    typer.echo(document_text(project_root(), batch))


@app.command()
def compare(
    old: Annotated[Path, typer.Argument(help="Result folder or data pack of the earlier edition.")],
    new: Annotated[Path, typer.Argument(help="The same of the later edition.")],
    out: Annotated[Path | None, typer.Option("--out", help="Folder below results/ for the outcome.")] = None,
) -> None:
    """Write what changed between two editions: projects, bottlenecks, and what may have caused it."""
    from pmiek.workflow.documents import compare_text

    typer.echo(compare_text(project_root(), old, new, out))


@import_app.command("capacity-map")
def import_capacity_map(
    files: Annotated[list[Path], typer.Argument(help="CSV files of the capacity map, or JSON of its model.")],
    apply: Annotated[bool, typer.Option("--apply", help="Write the changes into inputs/.")] = False,
    day: Annotated[str, typer.Option("--date", help="Day of the statement, for example 2026-07-30.")] = "",
    confirm: Annotated[
        list[str] | None,
        typer.Option("--confirm", help='question="role: why"; the rows of that question are written too.'),
    ] = None,
) -> None:
    """Say what the operators' capacity map changes in the inputs, row by row; write it with --apply."""
    from pmiek.workflow.capacity_map import import_text

    typer.echo(import_text(project_root(), files, day=day, apply=apply, confirm=confirm or []))


@scenarios_app.command("list")
def scenarios_list() -> None:
    """List storylines, variants and batches."""
    from pmiek.workflow.inspection import list_text

    typer.echo(list_text(project_root()))


@scenarios_app.command("show")
def scenarios_show(storyline: str, variant: str) -> None:
    """Print a merged scenario, each value with the file that set it."""
    from pmiek.workflow.inspection import show_text

    typer.echo(show_text(project_root(), storyline, variant))


@scenarios_app.command("diff")
def scenarios_diff(
    first: Annotated[str, typer.Argument(help="storyline/variant")],
    second: Annotated[str, typer.Argument(help="storyline/variant")],
) -> None:
    """Print what differs between two merged scenarios."""
    from pmiek.workflow.inspection import diff_text

    typer.echo(diff_text(project_root(), first, second))


def main() -> None:
    """Run the command line; a known error ends with its message and exit code instead of a traceback."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8")
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # being stopped ends the steps too
    try:
        app()
    except InputError as error:
        typer.echo(str(error), err=True)
        raise SystemExit(error.exit_code) from None
    except PmiekError as error:
        typer.echo(f"pmiek: {error}", err=True)
        raise SystemExit(error.exit_code) from None
    except (OSError, MemoryError) as error:
        message = interruption(error)
        if not message:
            raise
        typer.echo(f"pmiek: {message}", err=True)
        raise SystemExit(PmiekError.exit_code) from None
