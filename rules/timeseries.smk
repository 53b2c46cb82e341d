# Weather, profiles and the national price: shared by everything.


rule reference:
    input:
        data=input_files(ROOT, "weather", "profiles", "regions/municipalities.csv", "assumptions.csv"),
        code=code_files("pmiek.workflow.weather"),
    output:
        f"{OUT}/shared/reference.parquet",
    params:
        settings=PLAN.settings("profiles", PLAN.storylines[0]),
    threads: 1
    resources:
        mem_mb=lambda wildcards, attempt: 1500 * attempt,
        runtime=5,
    run:
        from pmiek.workflow.weather import make_reference

        make_reference(PLAN, out=output[0])


rule profiles:
    input:
        reference=f"{OUT}/shared/reference.parquet",
    output:
        f"{OUT}/shared/profiles/{{weather_year}}.parquet",
    threads: 1
    resources:
        mem_mb=lambda wildcards, attempt: 1500 * attempt,
        runtime=5,
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
    threads: 1
    resources:
        mem_mb=lambda wildcards, attempt: 1500 * attempt,
        runtime=10,
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
