# The workflow. No logic here: each rule, in rules/, names its files and calls one function of model/pmiek/workflow.
# Modules are inputs (Snakemake does not see edits in imported code), settings are params, one leaf each, and so are
# the rows of a storyline: a change of another storyline's rows leaves a step alone. What is not made here is told by
# its contents too: a file that was put back with an older time makes its steps again.

from pathlib import Path

from pmiek.results.registry import tables_of
from pmiek.workflow.code import code_files
from pmiek.workflow.contents import declare_contents
from pmiek.workflow.plan import input_files, kept_files, report_files
from pmiek.workflow.rows import rows_of, shared_files
from pmiek.workflow.support import plan_of

ROOT = Path(workflow.basedir)
PLAN = plan_of(workflow.basedir, config.get("batch", "standaard"))
OUT = PLAN.folder
WEATHER_YEARS = [str(year) for year in PLAN.weather_years]
DESIGN_YEARS = [str(year) for year in PLAN.design_years]  # with prices, plans and tables in full detail
LISTS = {rule: [f"{OUT}/tables/{name}.csv" for name in tables_of(rule)] for rule in ("tables", "effect_tables", "projects", "robust_tables")}
RUNS = [run.name for run in PLAN.runs]


wildcard_constraints:
    storyline="|".join(PLAN.storylines),
    variant="|".join(PLAN.batch.variants),
    weather_year="|".join(WEATHER_YEARS),


localrules:
    all,


rule all:
    input:
        f"{OUT}/manifest.json",
        f"{OUT}/site/index.html",
        f"{OUT}/datapack",
        f"{OUT}/fiches/index.csv",
        *LISTS["tables"],
        *LISTS["effect_tables"],
        *LISTS["projects"],
        *LISTS["robust_tables"],


include: "rules/timeseries.smk"
include: "rules/security.smk"
include: "rules/optimise.smk"
include: "rules/decide.smk"
include: "rules/robust.smk"
include: "rules/publish.smk"

# A plain value per rule: Snakemake does not compare params that it derives from the input files.
declare_contents(ROOT, workflow.rules)
