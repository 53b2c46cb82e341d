# One run per storyline and variant, and the other carriers as they stand.


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
            "projects/plan_statements.csv",
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
    threads: 1
    resources:
        mem_mb=lambda wildcards, attempt: 1500 * attempt,
        runtime=15,
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
            "projects/plan_statements.csv",
            "profiles/sectors.csv",
            "profiles/connection_levels.csv",
            "assumptions.csv",
        ),
        code=code_files("pmiek.workflow.pathway"),
    output:
        tables=directory(f"{OUT}/runs/{{storyline}}_{{variant}}"),
        network=f"{OUT}/networks/{{storyline}}_{{variant}}.nc",
        log=f"{OUT}/logs/run_{{storyline}}_{{variant}}.json",
    params:
        rows=lambda w: rows_of(ROOT, w.storyline, "demand", "supply"),
        settings=lambda w: PLAN.settings("pathway", w.storyline, w.variant),
    threads: 1
    resources:
        mem_mb=lambda wildcards, attempt: 4000 * attempt,
        runtime=60,
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
            network=output.network,
            log=output.log,
        )
