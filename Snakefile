# The workflow. No logic here: each rule names its files and calls one function of model/pmiek/workflow.
# Modules are inputs (Snakemake does not see edits in imported code), settings are params, one leaf each, and so are
# the rows of a storyline: a change of another storyline's rows leaves a step alone.

from pathlib import Path

from pmiek.workflow.code import code_files
from pmiek.workflow.plan import input_files, kept_files, report_files
from pmiek.workflow.rows import rows_of, shared_files
from pmiek.workflow.support import plan_of

ROOT = Path(workflow.basedir)
PLAN = plan_of(workflow.basedir, config.get("batch", "standaard"))
OUT = PLAN.folder
WEATHER_YEARS = [str(year) for year in PLAN.weather_years]
DESIGN_YEARS = [str(year) for year in PLAN.design_years]  # with prices, plans and tables in full detail
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
        f"{OUT}/tables/bottlenecks.csv",
        f"{OUT}/tables/candidates.csv",
        f"{OUT}/tables/project_effects.csv",


rule reference:
    input:
        data=input_files(ROOT, "weather", "profiles", "regions/municipalities.csv", "assumptions.csv"),
        code=code_files("pmiek.workflow.weather"),
    output:
        f"{OUT}/shared/reference.parquet",
    params:
        settings=PLAN.settings("profiles", PLAN.storylines[0]),
    run:
        from pmiek.workflow.weather import make_reference

        make_reference(PLAN, out=output[0])


rule profiles:
    input:
        reference=f"{OUT}/shared/reference.parquet",
    output:
        f"{OUT}/shared/profiles/{{weather_year}}.parquet",
    run:
        from pmiek.workflow.weather import make_profiles

        make_profiles(PLAN, int(wildcards.weather_year), reference=input.reference, out=output[0])


rule national:
    input:
        profiles=f"{OUT}/shared/profiles/{{weather_year}}.parquet",
        data=shared_files(
            ROOT,
            "demand/national.csv",
            "supply/national.csv",
            "supply/fleet.csv",
            "supply/trade.csv",
            "costs/carriers.csv",
            "profiles/sectors.csv",
            "assumptions.csv",
        ),
        code=code_files("pmiek.workflow.market"),
    output:
        hours=f"{OUT}/shared/national/{{storyline}}_{{weather_year}}.parquet",
        log=f"{OUT}/logs/national_{{storyline}}_{{weather_year}}.json",
    params:
        rows=lambda w: rows_of(ROOT, w.storyline, "demand/national.csv", "supply/national.csv"),
        settings=lambda w: PLAN.settings("national", w.storyline),
        years=lambda w: PLAN.screening_years(w.storyline),
    run:
        from pmiek.workflow.market import make_national

        make_national(
            PLAN,
            wildcards.storyline,
            int(wildcards.weather_year),
            input.profiles,
            out=output.hours,
            log=output.log,
        )


rule screening:
    input:
        profiles=expand(f"{OUT}/shared/profiles/{{weather_year}}.parquet", weather_year=WEATHER_YEARS),
        national=[f"{OUT}/shared/national/{{storyline}}_{year}.parquet" for year in WEATHER_YEARS],
        reference=f"{OUT}/shared/reference.parquet",
        data=shared_files(
            ROOT, "regions", "demand", "supply", "grid", "projects/planned.csv", "profiles/sectors.csv", "assumptions.csv"
        ),
        code=code_files("pmiek.workflow.screening"),
    output:
        tables=directory(f"{OUT}/shared/screening/{{storyline}}"),
        log=f"{OUT}/logs/screening_{{storyline}}.json",
    params:
        rows=lambda w: rows_of(ROOT, w.storyline, "demand", "supply"),
        settings=lambda w: PLAN.settings("screening", w.storyline),
        years=lambda w: PLAN.screening_years(w.storyline),
    run:
        from pmiek.workflow.screening import make_screening

        make_screening(
            PLAN,
            wildcards.storyline,
            profiles=input.profiles,
            national=input.national,
            reference=input.reference,
            out=output.tables,
            log=output.log,
        )


rule switching:
    input:
        profiles=expand(f"{OUT}/shared/profiles/{{weather_year}}.parquet", weather_year=DESIGN_YEARS),
        reference=f"{OUT}/shared/reference.parquet",
        data=shared_files(
            ROOT, "regions", "demand", "supply", "grid", "projects/planned.csv", "profiles/sectors.csv", "assumptions.csv"
        ),
        code=code_files("pmiek.workflow.screening"),
    output:
        tables=directory(f"{OUT}/shared/switching/{{storyline}}"),
        log=f"{OUT}/logs/switching_{{storyline}}.json",
    params:
        rows=lambda w: rows_of(ROOT, w.storyline, "demand", "supply"),
        settings=lambda w: PLAN.settings("screening", w.storyline),
        years=lambda w: PLAN.screening_years(w.storyline),
    run:
        from pmiek.workflow.screening import make_switching

        make_switching(
            PLAN,
            wildcards.storyline,
            profiles=input.profiles,
            reference=input.reference,
            out=output.tables,
            log=output.log,
        )


rule run:
    input:
        profiles=expand(f"{OUT}/shared/profiles/{{weather_year}}.parquet", weather_year=DESIGN_YEARS),
        national=[f"{OUT}/shared/national/{{storyline}}_{year}.parquet" for year in DESIGN_YEARS],
        reference=f"{OUT}/shared/reference.parquet",
        data=shared_files(
            ROOT,
            "regions",
            "demand",
            "supply",
            "grid",
            "costs",
            "heat",
            "gas",
            "hydrogen",
            "projects/planned.csv",
            "profiles/sectors.csv",
            "profiles/connection_levels.csv",
            "assumptions.csv",
        ),
        code=code_files("pmiek.workflow.pathway"),
    output:
        tables=directory(f"{OUT}/runs/{{storyline}}_{{variant}}"),
        log=f"{OUT}/logs/run_{{storyline}}_{{variant}}.json",
    params:
        rows=lambda w: rows_of(ROOT, w.storyline, "demand", "supply"),
        settings=lambda w: PLAN.settings("pathway", w.storyline, w.variant),
    run:
        from pmiek.workflow.pathway import make_run

        make_run(
            PLAN,
            wildcards.storyline,
            wildcards.variant,
            profiles=input.profiles,
            national=input.national,
            reference=input.reference,
            out=output.tables,
            log=output.log,
        )


rule mv_lv:
    input:
        profiles=expand(f"{OUT}/shared/profiles/{{weather_year}}.parquet", weather_year=DESIGN_YEARS),
        reference=f"{OUT}/shared/reference.parquet",
        data=shared_files(
            ROOT,
            "regions",
            "demand",
            "supply",
            "grid",
            "costs/infrastructure.csv",
            "projects/planned.csv",
            "profiles/sectors.csv",
            "profiles/connection_levels.csv",
            "assumptions.csv",
        ),
        code=code_files("pmiek.workflow.mv_lv"),
    output:
        tables=directory(f"{OUT}/shared/mv_lv/{{storyline}}"),
        log=f"{OUT}/logs/mv_lv_{{storyline}}.json",
    params:
        rows=lambda w: rows_of(ROOT, w.storyline, "demand", "supply"),
        settings=lambda w: PLAN.settings("screening", w.storyline),
        years=lambda w: PLAN.screening_years(w.storyline),
    run:
        from pmiek.workflow.mv_lv import make_mv_lv

        make_mv_lv(
            PLAN,
            wildcards.storyline,
            profiles=input.profiles,
            reference=input.reference,
            out=output.tables,
            log=output.log,
        )


rule carriers:
    input:
        profiles=expand(f"{OUT}/shared/profiles/{{weather_year}}.parquet", weather_year=DESIGN_YEARS),
        national=[f"{OUT}/shared/national/{{storyline}}_{year}.parquet" for year in DESIGN_YEARS],
        data=shared_files(
            ROOT,
            "regions",
            "demand",
            "supply",
            "costs",
            "heat",
            "gas",
            "hydrogen",
            "validation",
            "weather",
            "profiles",
            "projects/planned.csv",
            "assumptions.csv",
        ),
        code=code_files("pmiek.workflow.carriers"),
    output:
        tables=directory(f"{OUT}/shared/carriers/{{storyline}}"),
        log=f"{OUT}/logs/carriers_{{storyline}}.json",
    params:
        rows=lambda w: rows_of(ROOT, w.storyline, "demand", "supply"),
        settings=lambda w: PLAN.settings("carriers", w.storyline),
        years=lambda w: PLAN.screening_years(w.storyline),
    run:
        from pmiek.workflow.carriers import make_carriers

        make_carriers(
            PLAN,
            wildcards.storyline,
            profiles=input.profiles,
            national=input.national,
            out=output.tables,
            log=output.log,
        )


rule ac_check:
    input:
        profiles=expand(f"{OUT}/shared/profiles/{{weather_year}}.parquet", weather_year=DESIGN_YEARS),
        screening=f"{OUT}/shared/screening/{{storyline}}",
        data=shared_files(
            ROOT, "regions", "demand", "supply", "grid", "projects/planned.csv", "profiles/sectors.csv", "assumptions.csv"
        ),
        code=code_files("pmiek.workflow.acflow"),
    output:
        tables=directory(f"{OUT}/shared/ac_check/{{storyline}}"),
        log=f"{OUT}/logs/ac_check_{{storyline}}.json",
    params:
        rows=lambda w: rows_of(ROOT, w.storyline, "demand", "supply"),
        settings=lambda w: PLAN.settings("screening", w.storyline),
        years=lambda w: PLAN.screening_years(w.storyline),
    run:
        from pmiek.workflow.acflow import make_ac_check

        make_ac_check(
            PLAN,
            wildcards.storyline,
            profiles=input.profiles,
            screening=input.screening,
            out=output.tables,
            log=output.log,
        )


rule flexibility:
    input:
        profiles=expand(f"{OUT}/shared/profiles/{{weather_year}}.parquet", weather_year=DESIGN_YEARS),
        reference=f"{OUT}/shared/reference.parquet",
        data=shared_files(
            ROOT, "regions", "demand", "supply", "grid", "projects/planned.csv", "profiles/sectors.csv", "assumptions.csv"
        ),
        code=code_files("pmiek.workflow.flexibility"),
    output:
        tables=directory(f"{OUT}/shared/flexibility/{{storyline}}"),
        log=f"{OUT}/logs/flexibility_{{storyline}}.json",
    params:
        rows=lambda w: rows_of(ROOT, w.storyline, "demand", "supply"),
        settings=lambda w: PLAN.settings("flexibility", w.storyline),
        years=lambda w: PLAN.screening_years(w.storyline),
    run:
        from pmiek.workflow.flexibility import make_flexibility

        make_flexibility(
            PLAN,
            wildcards.storyline,
            profiles=input.profiles,
            reference=input.reference,
            out=output.tables,
            log=output.log,
        )


rule tables:
    input:
        flexibility=expand(f"{OUT}/shared/flexibility/{{storyline}}", storyline=PLAN.storylines_for("flexibility")),
        screening=expand(f"{OUT}/shared/screening/{{storyline}}", storyline=PLAN.storylines),
        mv_lv=expand(f"{OUT}/shared/mv_lv/{{storyline}}", storyline=PLAN.storylines),
        carriers=expand(f"{OUT}/shared/carriers/{{storyline}}", storyline=PLAN.storylines),
        ac_check=expand(f"{OUT}/shared/ac_check/{{storyline}}", storyline=PLAN.storylines_for("ac_check")),
        switching=expand(f"{OUT}/shared/switching/{{storyline}}", storyline=PLAN.storylines_for("switching")),
        runs=expand(f"{OUT}/runs/{{run}}", run=RUNS),
        profiles=expand(f"{OUT}/shared/profiles/{{weather_year}}.parquet", weather_year=DESIGN_YEARS),
        data=input_files(
            ROOT, "regions", "grid", "demand/municipal.csv", "costs/infrastructure.csv", "assumptions.csv"
        ),
        code=code_files("pmiek.workflow.lists"),
    output:
        f"{OUT}/tables/bottlenecks.csv",
    params:
        settings=PLAN.settings("projects", PLAN.storylines[0]),
    run:
        from pmiek.workflow.lists import make_tables

        make_tables(
            PLAN,
            screening=input.screening,
            mv_lv=input.mv_lv,
            carriers=input.carriers,
            ac_check=input.ac_check,
            switching=input.switching,
            flexibility=input.flexibility,
            runs=input.runs,
            profiles=input.profiles,
            out=f"{OUT}/tables",
        )


rule projects:
    input:
        tables=f"{OUT}/tables/bottlenecks.csv",
        data=input_files(ROOT, "regions", "grid", "costs", "projects", "weighing", "areas", "assumptions.csv"),
        code=code_files("pmiek.workflow.lists"),
    output:
        f"{OUT}/tables/candidates.csv",
    params:
        settings=PLAN.settings("projects", PLAN.storylines[0]),
    run:
        from pmiek.workflow.lists import make_projects

        make_projects(PLAN, tables_dir=f"{OUT}/tables", out=f"{OUT}/tables")


rule effects:
    input:
        profiles=expand(f"{OUT}/shared/profiles/{{weather_year}}.parquet", weather_year=DESIGN_YEARS),
        reference=f"{OUT}/shared/reference.parquet",
        projects=f"{OUT}/tables/candidates.csv",
        data=shared_files(
            ROOT, "regions", "demand", "supply", "grid", "costs", "projects", "profiles/sectors.csv", "weighing", "assumptions.csv"
        ),
        code=code_files("pmiek.workflow.effects"),
    output:
        tables=directory(f"{OUT}/shared/effects/{{storyline}}"),
        log=f"{OUT}/logs/effects_{{storyline}}.json",
    params:
        rows=lambda w: rows_of(ROOT, w.storyline, "demand", "supply"),
        settings=lambda w: PLAN.settings("effects", w.storyline),
    run:
        from pmiek.workflow.effects import make_effects

        make_effects(
            PLAN,
            wildcards.storyline,
            profiles=input.profiles,
            reference=input.reference,
            tables_dir=f"{OUT}/tables",
            out=output.tables,
            log=output.log,
        )


rule effect_tables:
    input:
        effects=expand(f"{OUT}/shared/effects/{{storyline}}", storyline=PLAN.effect_storylines),
        projects=f"{OUT}/tables/candidates.csv",
        data=input_files(ROOT, "regions", "grid", "projects"),
        code=code_files("pmiek.workflow.effects"),
    output:
        f"{OUT}/tables/project_effects.csv",
    run:
        from pmiek.workflow.effects import make_effect_tables

        make_effect_tables(PLAN, effects=input.effects, out=f"{OUT}/tables")


rule exports:
    input:
        projects=f"{OUT}/tables/candidates.csv",
        effects=f"{OUT}/tables/project_effects.csv",
        data=input_files(ROOT, "regions", "grid", "sources.csv"),
        code=code_files("pmiek.workflow.exports"),
    output:
        directory(f"{OUT}/datapack"),
    run:
        from pmiek.workflow.exports import make_exports

        make_exports(PLAN, tables_dir=f"{OUT}/tables", out=output[0])


rule manifest:
    input:
        projects=f"{OUT}/tables/candidates.csv",
        effects=f"{OUT}/tables/project_effects.csv",
        logs=[
            *expand(f"{OUT}/logs/screening_{{storyline}}.json", storyline=PLAN.storylines),
            *expand(f"{OUT}/logs/mv_lv_{{storyline}}.json", storyline=PLAN.storylines),
            *expand(f"{OUT}/logs/carriers_{{storyline}}.json", storyline=PLAN.storylines),
            *expand(f"{OUT}/logs/ac_check_{{storyline}}.json", storyline=PLAN.storylines_for("ac_check")),
            *expand(f"{OUT}/logs/flexibility_{{storyline}}.json", storyline=PLAN.storylines_for("flexibility")),
            *expand(f"{OUT}/logs/switching_{{storyline}}.json", storyline=PLAN.storylines_for("switching")),
            *expand(
                f"{OUT}/logs/national_{{storyline}}_{{weather_year}}.json",
                storyline=PLAN.storylines,
                weather_year=WEATHER_YEARS,
            ),
            *expand(f"{OUT}/logs/run_{{run}}.json", run=RUNS),
            *expand(f"{OUT}/logs/effects_{{storyline}}.json", storyline=PLAN.effect_storylines),
        ],
    output:
        f"{OUT}/manifest.json",
    run:
        from pmiek.workflow.publish import make_manifest

        make_manifest(PLAN, logs=input.logs, out=output[0])


# The Word files are no declared outputs: Snakemake would delete what people wrote in them before a rerun.
rule documents:
    input:
        manifest=f"{OUT}/manifest.json",
        projects=f"{OUT}/tables/candidates.csv",
        data=input_files(
            ROOT, "regions", "grid", "demand", "projects", "weighing", "areas", "templates", "profiles/sectors.csv"
        ),
        kept=kept_files(ROOT),
        code=code_files("pmiek.workflow.documents"),
        parts=report_files(ROOT),
    output:
        f"{OUT}/fiches/index.csv",
    run:
        from pmiek.workflow.documents import make_documents

        make_documents(
            PLAN, tables_dir=f"{OUT}/tables", manifest=input.manifest, out=f"{OUT}/fiches"
        )


rule site:
    input:
        manifest=f"{OUT}/manifest.json",
        projects=f"{OUT}/tables/candidates.csv",
        fiches=f"{OUT}/fiches/index.csv",
        data=input_files(ROOT, "."),
        code=code_files("pmiek.workflow.publish"),
        parts=report_files(ROOT),
    output:
        f"{OUT}/site/index.html",
    run:
        from pmiek.workflow.publish import make_site

        make_site(PLAN, tables_dir=f"{OUT}/tables", manifest=input.manifest, out=f"{OUT}/site")
