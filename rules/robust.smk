# What holds in every future: one file per storyline, so that an interrupted batch goes on where it stopped.

ROBUST = list(PLAN.robust_storylines)
ROBUST_INPUTS = dict(
    profiles=expand(f"{OUT}/shared/profiles/{{weather_year}}.parquet", weather_year=DESIGN_YEARS),
)
ROBUST_DATA = (
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
)


rule robust_best:
    input:
        **ROBUST_INPUTS,
        national=[f"{OUT}/shared/national/{{storyline}}_{year}.parquet" for year in DESIGN_YEARS],
        data=shared_files(ROOT, *ROBUST_DATA),
        code=code_files("pmiek.workflow.robust"),
    output:
        tables=directory(f"{OUT}/shared/robust_best/{{storyline}}"),
        log=f"{OUT}/logs/robust_best_{{storyline}}.json",
    params:
        rows=lambda w: rows_of(ROOT, w.storyline, "demand", "supply"),
        settings=lambda w: {v: PLAN.settings("robust", w.storyline, v) for v in PLAN.batch.variants},
    threads: 1
    resources:
        mem_mb=lambda wildcards, attempt: 4000 * attempt,
        runtime=60,
    run:
        from pmiek.workflow.robust import make_robust_best

        make_robust_best(
            PLAN,
            wildcards.storyline,
            profiles=input.profiles,
            national=input.national,
            out=output.tables,
            log=output.log,
        )


rule two_stage:
    input:
        **ROBUST_INPUTS,
        national=expand(
            f"{OUT}/shared/national/{{storyline}}_{{year}}.parquet", storyline=ROBUST, year=DESIGN_YEARS
        ),
        best=expand(f"{OUT}/shared/robust_best/{{storyline}}", storyline=ROBUST),
        data=input_files(ROOT, *ROBUST_DATA),
        code=code_files("pmiek.workflow.robust"),
    output:
        tables=directory(f"{OUT}/shared/two_stage"),
        log=f"{OUT}/logs/two_stage.json",
    params:
        settings={s: {v: PLAN.settings("robust", s, v) for v in PLAN.batch.variants} for s in ROBUST},
    threads: 1
    resources:
        mem_mb=lambda wildcards, attempt: 6000 * attempt,
        runtime=60,
    run:
        from pmiek.workflow.robust import make_two_stage

        make_two_stage(
            PLAN,
            profiles=input.profiles,
            national=input.national,
            best=input.best,
            out=output.tables,
            log=output.log,
        )


rule regret:
    input:
        **ROBUST_INPUTS,
        national=[f"{OUT}/shared/national/{{storyline}}_{year}.parquet" for year in DESIGN_YEARS],
        best=expand(f"{OUT}/shared/robust_best/{{other}}", other=ROBUST),
        two_stage=f"{OUT}/shared/two_stage",
        runs=[f"{OUT}/runs/{ROBUST[0]}_{variant}" for variant in PLAN.batch.variants] if ROBUST else [],
        data=shared_files(ROOT, *ROBUST_DATA),
        code=code_files("pmiek.workflow.robust"),
    output:
        tables=directory(f"{OUT}/shared/regret/{{storyline}}"),
        log=f"{OUT}/logs/regret_{{storyline}}.json",
    params:
        rows=lambda w: rows_of(ROOT, w.storyline, "demand", "supply"),
        settings=lambda w: {v: PLAN.settings("robust", w.storyline, v) for v in PLAN.batch.variants},
    threads: 1
    resources:
        mem_mb=lambda wildcards, attempt: 4000 * attempt,
        runtime=60,
    run:
        from pmiek.workflow.robust import make_regret

        make_regret(
            PLAN,
            wildcards.storyline,
            profiles=input.profiles,
            national=input.national,
            best=input.best,
            two_stage=input.two_stage,
            runs=input.runs,
            out=output.tables,
            log=output.log,
        )


rule robust_tables:
    input:
        tables=LISTS["tables"],
        projects=LISTS["projects"],
        regret=expand(f"{OUT}/shared/regret/{{storyline}}", storyline=ROBUST),
        best=expand(f"{OUT}/shared/robust_best/{{storyline}}", storyline=ROBUST),
        two_stage=[f"{OUT}/shared/two_stage"] if ROBUST else [],
        data=input_files(ROOT, "costs/infrastructure.csv"),
        code=code_files("pmiek.workflow.robust"),
    output:
        LISTS["robust_tables"],
    threads: 1
    resources:
        mem_mb=lambda wildcards, attempt: 1500 * attempt,
        runtime=10,
    run:
        from pmiek.workflow.robust import make_robust_tables

        make_robust_tables(
            PLAN,
            tables_dir=f"{OUT}/tables",
            regret=input.regret,
            best=input.best,
            two_stage=input.two_stage,
            out=f"{OUT}/tables",
        )
