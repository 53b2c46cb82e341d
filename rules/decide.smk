# From what the runs say to projects, their effects and their weighing.


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
            ROOT,
            "regions",
            "grid",
            "demand/municipal.csv",
            "costs/infrastructure.csv",
            "projects/planned.csv",
            "projects/plan_statements.csv",
            "assumptions.csv",
        ),
        code=code_files("pmiek.workflow.lists"),
    output:
        LISTS["tables"],
        units=f"{OUT}/shared/capacity_sensitivity.parquet",
    params:
        settings=PLAN.settings("projects", PLAN.storylines[0]),
    threads: 1
    resources:
        mem_mb=lambda wildcards, attempt: 3000 * attempt,
        runtime=15,
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
            units=output.units,
            out=f"{OUT}/tables",
        )


rule long_list:
    input:
        tables=LISTS["tables"],
        data=input_files(ROOT, "regions", "grid", "costs", "projects", "areas", "assumptions.csv"),
        code=code_files("pmiek.workflow.lists"),
    output:
        directory(f"{OUT}/shared/long_list"),
    params:
        settings=PLAN.settings("projects", PLAN.storylines[0]),
    threads: 1
    resources:
        mem_mb=lambda wildcards, attempt: 2000 * attempt,
        runtime=15,
    run:
        from pmiek.workflow.lists import make_long_list

        make_long_list(PLAN, tables_dir=f"{OUT}/tables", out=output[0])


rule projects:
    input:
        long_list=f"{OUT}/shared/long_list",
        effects=LISTS["effect_tables"],
        units=f"{OUT}/shared/capacity_sensitivity.parquet",
        tables=LISTS["tables"],
        data=input_files(ROOT, "regions", "grid", "costs", "projects", "weighing", "areas", "assumptions.csv"),
        code=code_files("pmiek.workflow.lists"),
    output:
        LISTS["projects"],
    params:
        settings=PLAN.settings("projects", PLAN.storylines[0]),
    threads: 1
    resources:
        mem_mb=lambda wildcards, attempt: 2000 * attempt,
        runtime=15,
    run:
        from pmiek.workflow.lists import make_projects

        make_projects(PLAN, tables_dir=f"{OUT}/tables", long_list=input.long_list, units=input.units, out=f"{OUT}/tables")


rule effects:
    input:
        profiles=expand(f"{OUT}/shared/profiles/{{weather_year}}.parquet", weather_year=DESIGN_YEARS),
        reference=f"{OUT}/shared/reference.parquet",
        national=[f"{OUT}/shared/national/{{storyline}}_{year}.parquet" for year in DESIGN_YEARS],
        long_list=f"{OUT}/shared/long_list",
        data=shared_files(
            ROOT, "regions", "demand", "supply", "grid", "gas", "heat", "hydrogen", "costs", "projects",
            "profiles", "validation", "weather", "weighing", "assumptions.csv"
        ),
        code=code_files("pmiek.workflow.effects"),
    output:
        tables=directory(f"{OUT}/shared/effects/{{storyline}}"),
        log=f"{OUT}/logs/effects_{{storyline}}.json",
    params:
        rows=lambda w: rows_of(ROOT, w.storyline, "demand", "supply"),
        settings=lambda w: PLAN.settings("effects", w.storyline),
    threads: 1
    resources:
        mem_mb=lambda wildcards, attempt: 2500 * attempt,
        runtime=30,
    run:
        from pmiek.workflow.effects import make_effects

        make_effects(
            PLAN,
            wildcards.storyline,
            profiles=input.profiles,
            national=input.national,
            reference=input.reference,
            long_list=input.long_list,
            tables_dir=f"{OUT}/tables",
            out=output.tables,
            log=output.log,
        )


rule effect_tables:
    input:
        effects=expand(f"{OUT}/shared/effects/{{storyline}}", storyline=PLAN.effect_storylines),
        long_list=f"{OUT}/shared/long_list",
        data=input_files(ROOT, "regions", "grid", "projects"),
        code=code_files("pmiek.workflow.effects"),
    output:
        LISTS["effect_tables"],
    threads: 1
    resources:
        mem_mb=lambda wildcards, attempt: 1000 * attempt,
        runtime=5,
    run:
        from pmiek.workflow.effects import make_effect_tables

        make_effect_tables(PLAN, effects=input.effects, long_list=input.long_list, out=f"{OUT}/tables")
