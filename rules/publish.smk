# What people read, and what other tools open.


rule exports:
    input:
        tables=LISTS["tables"],
        projects=LISTS["projects"],
        effects=LISTS["effect_tables"],
        robust=LISTS["robust_tables"],
        data=input_files(ROOT, "regions", "grid", "sources.csv"),
        code=code_files("pmiek.workflow.exports"),
    output:
        directory(f"{OUT}/datapack"),
    threads: 1
    resources:
        mem_mb=lambda wildcards, attempt: 1500 * attempt,
        runtime=10,
    run:
        from pmiek.workflow.exports import make_exports

        make_exports(PLAN, tables_dir=f"{OUT}/tables", out=output[0])


rule manifest:
    input:
        tables=LISTS["tables"],
        projects=LISTS["projects"],
        effects=LISTS["effect_tables"],
        robust=LISTS["robust_tables"],
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
            *expand(f"{OUT}/logs/robust_best_{{storyline}}.json", storyline=PLAN.robust_storylines),
            *expand(f"{OUT}/logs/regret_{{storyline}}.json", storyline=PLAN.robust_storylines),
            *([f"{OUT}/logs/two_stage.json"] if PLAN.robust_storylines else []),
        ],
    output:
        f"{OUT}/manifest.json",
    threads: 1
    resources:
        mem_mb=lambda wildcards, attempt: 1000 * attempt,
        runtime=5,
    run:
        from pmiek.workflow.publish import make_manifest

        make_manifest(PLAN, logs=input.logs, out=output[0])


# The Word files are no declared outputs: Snakemake would delete what people wrote in them before a rerun.
rule documents:
    input:
        manifest=f"{OUT}/manifest.json",
        tables=LISTS["tables"],
        projects=LISTS["projects"],
        data=input_files(
            ROOT, "regions", "grid", "demand", "projects", "weighing", "areas", "templates", "profiles/sectors.csv"
        ),
        kept=kept_files(ROOT),
        code=code_files("pmiek.workflow.documents"),
        parts=report_files(),
    output:
        f"{OUT}/fiches/index.csv",
    threads: 1
    resources:
        mem_mb=lambda wildcards, attempt: 2000 * attempt,
        runtime=20,
    run:
        from pmiek.workflow.documents import make_documents

        make_documents(
            PLAN, tables_dir=f"{OUT}/tables", manifest=input.manifest, out=f"{OUT}/fiches"
        )


rule site:
    input:
        manifest=f"{OUT}/manifest.json",
        tables=LISTS["tables"],
        projects=LISTS["projects"],
        fiches=f"{OUT}/fiches/index.csv",
        data=input_files(ROOT, "."),
        code=code_files("pmiek.workflow.publish"),
        parts=report_files(),
    output:
        f"{OUT}/site/index.html",
    threads: 1
    resources:
        mem_mb=lambda wildcards, attempt: 2000 * attempt,
        runtime=15,
    run:
        from pmiek.workflow.publish import make_site

        make_site(PLAN, tables_dir=f"{OUT}/tables", manifest=input.manifest, out=f"{OUT}/site")
