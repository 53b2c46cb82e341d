# What today's grid and the decided projects can carry, in every hour; shared by the variants.


rule screening:
    input:
        profiles=expand(f"{OUT}/shared/profiles/{{weather_year}}.parquet", weather_year=WEATHER_YEARS),
        national=[f"{OUT}/shared/national/{{storyline}}_{year}.parquet" for year in WEATHER_YEARS],
        reference=f"{OUT}/shared/reference.parquet",
        data=shared_files(
            ROOT, "regions", "demand", "supply", "grid", "projects/planned.csv", "projects/plan_statements.csv", "profiles/sectors.csv", "assumptions.csv"
        ),
        code=code_files("pmiek.workflow.screening"),
    output:
        tables=directory(f"{OUT}/shared/screening/{{storyline}}"),
        log=f"{OUT}/logs/screening_{{storyline}}.json",
    params:
        rows=lambda w: rows_of(ROOT, w.storyline, "demand", "supply"),
        settings=lambda w: PLAN.settings("screening", w.storyline),
        years=lambda w: PLAN.screening_years(w.storyline),
    threads: 1
    resources:
        mem_mb=lambda wildcards, attempt: 2500 * attempt,
        runtime=30,
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
            ROOT, "regions", "demand", "supply", "grid", "projects/planned.csv", "projects/plan_statements.csv", "profiles/sectors.csv", "assumptions.csv"
        ),
        code=code_files("pmiek.workflow.screening"),
    output:
        tables=directory(f"{OUT}/shared/switching/{{storyline}}"),
        log=f"{OUT}/logs/switching_{{storyline}}.json",
    params:
        rows=lambda w: rows_of(ROOT, w.storyline, "demand", "supply"),
        settings=lambda w: PLAN.settings("screening", w.storyline),
        years=lambda w: PLAN.screening_years(w.storyline),
    threads: 1
    resources:
        mem_mb=lambda wildcards, attempt: 2500 * attempt,
        runtime=30,
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
            "projects/plan_statements.csv",
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
    threads: 1
    resources:
        mem_mb=lambda wildcards, attempt: 1500 * attempt,
        runtime=10,
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


rule ac_check:
    input:
        profiles=expand(f"{OUT}/shared/profiles/{{weather_year}}.parquet", weather_year=DESIGN_YEARS),
        screening=f"{OUT}/shared/screening/{{storyline}}",
        data=shared_files(
            ROOT, "regions", "demand", "supply", "grid", "projects/planned.csv", "projects/plan_statements.csv", "profiles/sectors.csv", "assumptions.csv"
        ),
        code=code_files("pmiek.workflow.acflow"),
    output:
        tables=directory(f"{OUT}/shared/ac_check/{{storyline}}"),
        log=f"{OUT}/logs/ac_check_{{storyline}}.json",
    params:
        rows=lambda w: rows_of(ROOT, w.storyline, "demand", "supply"),
        settings=lambda w: PLAN.settings("screening", w.storyline),
        years=lambda w: PLAN.screening_years(w.storyline),
    threads: 1
    resources:
        mem_mb=lambda wildcards, attempt: 2000 * attempt,
        runtime=20,
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
            ROOT, "regions", "demand", "supply", "grid", "projects/planned.csv", "projects/plan_statements.csv", "profiles/sectors.csv", "assumptions.csv"
        ),
        code=code_files("pmiek.workflow.flexibility"),
    output:
        tables=directory(f"{OUT}/shared/flexibility/{{storyline}}"),
        log=f"{OUT}/logs/flexibility_{{storyline}}.json",
    params:
        rows=lambda w: rows_of(ROOT, w.storyline, "demand", "supply"),
        settings=lambda w: PLAN.settings("flexibility", w.storyline),
        years=lambda w: PLAN.screening_years(w.storyline),
    threads: 1
    resources:
        mem_mb=lambda wildcards, attempt: 2500 * attempt,
        runtime=60,
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
